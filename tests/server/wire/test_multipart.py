"""Uploads as programs really send them: the case rows, the parser's bounds, and the app's own request to the byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.server import FrameServer
from app.server.wire import multipart
from app.server.wire.api_errors import Refused
from app.store import Store
from tests.server.devices import ALICE, IMAGES, JPEG, KEYS, Phone, RawConnection, Reply, StubPipeline, form

ROWS = (Path(__file__).parents[2] / "data/multipart_cases.jsonl").read_text(encoding="utf-8")
CASES = [json.loads(line) for line in ROWS.splitlines()]
WEARER = "wearer1"


def _body(case: dict[str, Any]) -> bytes:
    """The case's bytes; its boundary is always ``bnd``, whatever its header says."""
    body = b""
    for part in case["parts"]:
        one = part.get("repeat", part)
        lines = "".join(f"{line}\r\n" for line in one["headers"])
        body += (b"--bnd\r\n" + lines.encode() + b"\r\n" + _content(one) + b"\r\n") * part.get("count", 1)
    return body + str(case["end"]).encode()


def _content(part: dict[str, Any]) -> bytes:
    if "image" in part:
        (file,) = IMAGES.glob(part["image"] + ".*")
        return file.read_bytes().ljust(part.get("image_padded_to", 0), b"\0")
    return bytes.fromhex(part["body_hex"]) if "body_hex" in part else str(part["body"]).encode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
async def test_case(case: dict[str, Any], phone: Phone, store: Store, pipeline: StubPipeline) -> None:
    await store.profiles.add(WEARER, "wearer-key-1234")
    await store.pairings.pair(phone.ip, WEARER)
    reply = await phone.upload("/process", _body(case), case["content_type"])
    assert (reply.status, reply.code) == (case["expect"]["status"], case["expect"]["code"])
    assert len(pipeline.frames) == (reply.status == 200)  # never a second bill
    if pipeline.frames:
        image = next(part["image"] for part in case["parts"] if "image" in part)
        assert pipeline.frames[0].upload.startswith(next(IMAGES.glob(image + ".*")).read_bytes())


async def test_prompt_of_the_form_wins_over_the_profiles_over_the_default(
    paired: Phone, pipeline: StubPipeline, store: Store
) -> None:
    await paired.process()
    await store.profiles.set_prompt(ALICE, "What is this?")
    await paired.process()
    await paired.process(prompt=" \n")
    reply = await paired.process(prompt="Это что?")
    used = [frame.prompt for frame in pipeline.frames]
    assert used == ["Describe this image in detail", "What is this?", "What is this?", "Это что?"]
    assert reply.json["prompt_used"] == "Это что?"


async def test_frame_says_all_that_is_known_of_it(paired: Phone, pipeline: StubPipeline) -> None:
    await paired.process()
    await paired.process()
    first, second = pipeline.frames
    assert (first.upload, first.client_ip, first.profile.username) == (JPEG, paired.ip, ALICE)
    assert first.received_at.utcoffset() is not None
    assert len(first.frame_id) == 32
    assert int(first.frame_id, 16) < int(second.frame_id, 16) or first.frame_id[:12] == second.frame_id[:12]


@pytest.mark.parametrize(
    ("fields", "image", "status", "code"),
    [
        ({"username": ALICE}, None, 400, "image_missing"),
        ({"username": ALICE}, b"", 400, "image_empty"),
        ({"username": ALICE, "prompt": "x" * 4_000}, JPEG, 200, "ok"),
        ({"username": ALICE, "prompt": "x" * 4_001}, JPEG, 422, "invalid_field"),
        ({"username": "x" * 65}, JPEG, 422, "invalid_field"),
        ({"username": ALICE, **{f"x{number}": "1" for number in range(18)}}, JPEG, 200, "ok"),
        ({"username": ALICE, **{f"x{number}": "1" for number in range(19)}}, JPEG, 400, "bad_request"),
    ],
)
async def test_bounds(paired: Phone, fields: dict[str, str], image: bytes | None, status: int, code: str) -> None:
    reply = await paired.upload("/process", form(fields, image))
    assert (reply.status, reply.code) == (status, code)


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data", "multipart/mixed; boundary=bnd"])
@pytest.mark.parametrize("path", ["/process", "/"])
async def test_other_content_types_are_refused(paired: Phone, content_type: str, path: str) -> None:
    assert (await paired.upload(path, form({"username": ALICE}), content_type)).status == 400


# --- the app's own request, to the byte ------------------------------------------------------------------------

BOUNDARY = "dart-http-boundary-kX1.0oTPEM5zSrD2kqTzq_YYrvlvxKVaGJDXjGl4P7tPTTXUkk0"


def _dart_upload(prompt: str) -> bytes:
    is_plain = prompt.isascii()
    typed = "" if is_plain else "content-type: text/plain; charset=utf-8\r\ncontent-transfer-encoding: binary\r\n"
    return (
        f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="username"\r\n\r\n{ALICE}\r\n'
        f'--{BOUNDARY}\r\n{typed}content-disposition: form-data; name="prompt"\r\n\r\n{prompt}\r\n'
        f"--{BOUNDARY}\r\ncontent-type: application/octet-stream\r\n"
        'content-disposition: form-data; name="image"; filename="frame_image.jpg"\r\n\r\n'
    ).encode() + JPEG + f"\r\n--{BOUNDARY}--\r\n".encode()  # fmt: skip


async def _dart(server: FrameServer, path: str, body: bytes, fields: str = "") -> Reply:
    connection = await RawConnection.open(server)
    request = (
        f"POST {path} HTTP/1.1\r\nuser-agent: Dart/3.5 (dart:io)\r\n{fields}accept-encoding: gzip\r\n"
        f"content-length: {len(body)}\r\nhost: 127.0.0.1:{server.port}\r\n\r\n"
    )
    await connection.send(request.encode() + body[:300])
    await connection.send(body[300:])
    return await connection.reply()


@pytest.mark.parametrize("prompt", ["Describe it. Translated Text: ... Problem: ...", "这是什么 Ça?"])
@pytest.mark.parametrize("slashes", ["/", "//"])
async def test_request_of_the_app(server: FrameServer, pipeline: StubPipeline, prompt: str, slashes: str) -> None:
    assert (await _dart(server, f"{slashes}auth-{KEYS[ALICE]}", b"")).status == 200
    multipart_type = f"content-type: multipart/form-data; boundary={BOUNDARY}\r\n"
    reply = await _dart(server, f"{slashes}process", _dart_upload(prompt), multipart_type)
    assert (reply.status, reply.json["success"]) == (200, True)
    (frame,) = pipeline.frames
    assert (frame.prompt, frame.upload) == (prompt, JPEG)
    text = b'{"prompt":"x"}'
    reply = await _dart(server, f"{slashes}prompt-{ALICE}", text, "content-type: application/json; charset=utf-8\r\n")
    assert reply.json["is_custom"] is True


# --- the parser alone ------------------------------------------------------------------------------------------


def _parts(body: bytes) -> list[tuple[str, bytes]]:
    return [(part.name, part.body) for part in multipart.parts_of(body, b"bnd")]


NAMED = 'Content-Disposition: form-data; name="a"'


def _part(body: bytes, *headers: str) -> bytes:
    lines = "".join(f"{line}\r\n" for line in headers or (NAMED,))
    return b"--bnd\r\n" + lines.encode() + b"\r\n" + body + b"\r\n"


END = b"--bnd--"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (END, []),
        (_part(b"1") + END, [("a", b"1")]),
        (_part(b"") + END, [("a", b"")]),
        (b"preamble\r\n" + _part(b"1") + END + b"\r\nepilogue", [("a", b"1")]),
        (_part(b"1").replace(b"--bnd\r\n", b"--bnd \t\r\n") + END, [("a", b"1")]),
        (_part(b"\r\n--bn\r\n--bndx\r\n--bnd x\r\n") + END, [("a", b"\r\n--bn\r\n--bndx\r\n--bnd x\r\n")]),
        (_part(b"\xff\x00\r\n\r\n") + END, [("a", b"\xff\x00\r\n\r\n")]),
        (_part(b"MQ==", NAMED, "Content-Transfer-Encoding: BASE64") + END, [("a", b"1")]),
        (_part(b"=31", NAMED, "content-transfer-encoding: quoted-printable") + END, [("a", b"1")]),
        (_part(b"1", "CONTENT-DISPOSITION:form-data;name=a") + END, [("a", b"1")]),
        (_part(b"1", r'content-disposition: form-data; filename="x\"; name=\"b"; name="a\"b"') + END, [('a"b', b"1")]),
        (_part(b"1", 'content-disposition: form-data; name="a"; filename="C:\\x.jpg"') + END, [("a", b"1")]),
        (_part(b"1", 'content-disposition: form-data; name="ü"') + END, [("ü", b"1")]),
        (_part(b"1", 'content-disposition : form-data; name="a"', "content-type\t: text/plain") + END, [("a", b"1")]),
        (_part(b"1", 'content-disposition: form-data;\r\n name="a";\r\n\tfilename="b"') + END, [("a", b"1")]),
        (_part(b"1", 'content-disposition: form-data; filename="C:\\x\\"; name="a"') + END, [("a", b"1")]),
        (_part(b"1", 'content-disposition: form-data; filename="caf@.jpg"; name=a').replace(b"@", b"\xe9") + END,
         [("a", b"1")]),
    ],
)  # fmt: skip
def test_parser_reads(body: bytes, expected: list[tuple[str, bytes]]) -> None:
    assert _parts(body) == expected


@pytest.mark.parametrize(
    ("charset", "body", "text"),
    [
        ("utf-8", b"caf\xc3\xa9", "café"), ('"ISO-8859-1"', b"caf\xe9", "café"), ("windows-1252", b"\x80 5", "€ 5"),
        ("utf-16", "café".encode("utf-16"), "café"), ("us-ascii", b"caf\xc3\xa9", "café"),
        ("klingon", b"caf\xc3\xa9", "café"), ("zlib", b"x", "x"), ("punycode", b"x", "x"), ("", b"x", "x"),
        ("gb2312", b"caf\xc3\xa9", "caf茅"), ("iso-8859-99", b"x", "x"),
    ],
)  # fmt: skip
def test_text_is_read_as_it_says_and_else_as_utf_8(charset: str, body: bytes, text: str) -> None:
    typed = _part(body, NAMED, f"content-type: text/plain; charset={charset}") + END
    (part,) = multipart.parts_of(typed, b"bnd")
    assert part.text() == text


@pytest.mark.parametrize("charset", ["klingon", "utf-8", "us-ascii", ""])
def test_text_that_fits_nothing_is_refused(charset: str) -> None:
    (part,) = multipart.parts_of(_part(b"caf\xe9", NAMED, f"content-type: text/plain; charset={charset}") + END, b"bnd")
    with pytest.raises(Refused, match="UTF-8"):
        part.text()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--bnd",
        b"--bnd\r\n",
        b"--bnd\r\n--bnd--",
        _part(b"1"),
        _part(b"1") + b"--bnd\r\n",
        _part(b"1") + b"--bnd-",
        _part(b"1", "content-disposition") + END,
        _part(b"1", "content disposition: form-data; name=a") + END,
        _part(b"1", "content-type: text/plain") + END,
        _part(b"1", "content-disposition: form-data") + END,
        _part(b"1", "content-disposition: attachment; name=a") + END,
        _part(b"1", "content-disposition: form-data; name=a", "content-transfer-encoding: x-foo") + END,
        _part(b"M", "content-disposition: form-data; name=a", "content-transfer-encoding: base64") + END,
        _part(b"1", "content-disposition: form-data; name=a", "x: " + "y" * 5_000) + END,
        _part(b"1") * 21 + END,
        b"--bnd\r\ncontent-disposition: form-data; name=\xff\r\n\r\n1\r\n" + END,
        b"--bnd\ncontent-disposition: form-data; name=a\n\n1\n" + END,
    ],
)
def test_parser_refuses(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        _parts(body)
    assert caught.value.code == "bad_request"


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/form-data; boundary=bnd", b"bnd"),
        ('Multipart/Form-Data; charset=utf-8; BOUNDARY="b n:d"', b"b n:d"),
        (f"multipart/form-data;boundary={BOUNDARY}", BOUNDARY.encode()),
    ],
)
def test_boundary(content_type: str, boundary: bytes) -> None:
    assert multipart.boundary_of(content_type) == boundary


@pytest.mark.parametrize("boundary", ["", '""', "x" * 71, "ü"])
def test_boundary_that_is_none(boundary: str) -> None:
    with pytest.raises(Refused):
        multipart.boundary_of(f"multipart/form-data; boundary={boundary}")


def test_every_cut_of_an_upload_is_noticed() -> None:
    whole = form({"username": ALICE}, b"\xff\xd8picture\xff\xd9")
    for length in range(len(whole) - len("\r\n")):
        with pytest.raises(Refused):
            multipart.form_of(whole[:length], b"bnd")
