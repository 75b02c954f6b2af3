"""500 generated multipart bodies, thrown at the whole program: no 5xx, no hang, little memory, and nothing left behind.

``FRAME_BACKEND_FUZZ=N`` tries N times as many.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.images.mutants import MALFORMED, png_claiming, progressive_claiming, webp_claiming
from tests.server import described
from tests.server.devices import ALICE, BOB, JPEG, form
from tests.server.whole import ENOUGH_MB, Whole

EXAMPLES = 500 * int(os.environ.get("FRAME_BACKEND_FUZZ", "1"))
WITHIN_S = 5.0
KEPT = {
    "frame-backend.db", "frame-backend.db-wal", "frame-backend.db-shm", "frame-backend.log", "pepper", "server.lock",
    "search.db", "search.db-wal", "search.db-shm",
}  # fmt: skip
"""All that the program keeps beside pictures."""
Draw = Callable[[st.SearchStrategy[Any]], Any]

BOUNDARIES = ("bnd", "dart-http-boundary-x", "a", "-" * 70, "x" * 71, "b n d", "b'(n)d", "--", "ü", 'q"q', "")
CONTENT_TYPES = (
    "multipart/form-data; boundary={}", 'multipart/form-data; boundary="{}"', "multipart/form-data;boundary={};x=y",
    "Multipart/Form-Data; BOUNDARY={}", "multipart/form-data", "multipart/mixed; boundary={}",
    "multipart/form-data; {}", "image/jpeg", "application/x-www-form-urlencoded; boundary={}",
    "multipart/form-data; boundary={}; boundary=other",
    "", ";;;=;",
    'multipart/form-data; boundary="{}', "multipart/form-data; charset=utf-16; boundary={}",
    "multipart/form-data; " * 99,
)  # fmt: skip
NAMES = (
    "image", "username", "prompt", "photo", "_charset_", "", "x" * 5_000, "imagé", 'im"age', "image\0",
    "../../image", "IMAGE",
)  # fmt: skip
DISPOSITIONS = (
    'content-disposition: form-data; name="{}"', "Content-Disposition: form-data; name={}",
    'content-disposition: form-data; name="{}"; filename="../../../etc/passwd"', "content-disposition: form-data",
    'content-disposition: attachment; name="{}"', "content-disposition: form-data; name*=utf-8''{}", "no header {}",
    'content-disposition: form-data; name="{}"; filename="' + "f" * 9_000 + '"', "", ": form-data; name={}",
    'content-disposition: form-data; name="{}"\r\ncontent-disposition: form-data; name="prompt"',
    'content-disposition:\r\n form-data;\r\n name="{}"', 'content-disposition: form-data; name="{}"; filename="\0"',
)  # fmt: skip
EXTRA = (
    "", "content-type: text/plain; charset=utf-16", "content-type: text/plain; charset=no-such", "x: " + "y" * 70_000,
    "content-transfer-encoding: base64", "content-transfer-encoding: quoted-printable", "content-length: 99999999999",
    "content-transfer-encoding: gzip", "content-type: multipart/mixed; boundary=inner", "content-encoding: gzip",
    "\r\n".join(f"x-{number}: y" for number in range(900)), "transfer-encoding: chunked",
)  # fmt: skip
LINE_ENDS = st.sampled_from((b"\r\n",) * 6 + (b"\n", b"\r", b""))
TEXTS = st.one_of(
    st.sampled_from((b"alice", b"bob", b"", b"\xff\xfe", b"a\0b", b"x" * 5_000, b"\xed\xa0\x80", b"../..", b"A" * 300)),
    st.binary(max_size=50),
)
IMAGES = st.one_of(st.just(JPEG), MALFORMED, st.just(b""), st.just(b"\0" * 1_000_000))


@st.composite
def part(draw: Draw, boundary: bytes) -> bytes:
    name = draw(st.sampled_from(NAMES[:3] * 3 + NAMES))
    head = draw(st.sampled_from(DISPOSITIONS[:1] * 12 + DISPOSITIONS)).replace("{}", name)
    extra = draw(st.sampled_from(("",) * 10 + EXTRA))
    head = "\r\n".join(line for line in (head, extra) if line).encode("utf-8", "surrogatepass")
    content = draw(IMAGES if name == "image" else TEXTS)
    if draw(st.sampled_from((False,) * 12 + (True,))):  # a form in the form
        content = draw(body(b"inner"))
    blank = draw(LINE_ENDS) + draw(LINE_ENDS)
    return b"--" + boundary + draw(LINE_ENDS) + head + blank + content + draw(LINE_ENDS)


@st.composite
def body(draw: Draw, boundary: bytes) -> bytes:
    if boundary != b"inner" and draw(st.sampled_from((False,) * 9 + (True,))):  # far too many
        whole = draw(part(boundary)) * draw(st.sampled_from((19, 21, 5_000)))
        whole = whole[:3_000_000]
    else:
        count = draw(st.sampled_from((0, 1, 2, 2, 3, 3, 3, 4)) if boundary != b"inner" else st.just(1))
        whole = b"".join(draw(part(boundary)) for _ in range(count))
    mark = b"--" + boundary
    whole += draw(st.sampled_from((mark + b"--\r\n",) * 6 + (b"", mark, mark + b"-")))
    whole = draw(st.sampled_from((b"",) * 8 + (b"preamble\r\n", b"\0", b"\r\n" * 9_000))) + whole
    if draw(st.sampled_from((False,) * 7 + (True,))):
        whole = whole[: draw(st.integers(0, len(whole)))]
    return whole


@st.composite
def uploads(draw: Draw) -> tuple[str, bytes]:
    """A Content-Type and a body; half of them are in order but for what they hold."""
    if draw(st.booleans()):
        return "multipart/form-data; boundary=bnd", form({"username": ALICE}, draw(IMAGES))
    boundary = draw(st.sampled_from(BOUNDARIES[:2] * 8 + BOUNDARIES))
    content_type = draw(st.sampled_from(CONTENT_TYPES[:2] * 10 + CONTENT_TYPES))
    said = boundary if draw(st.sampled_from((True,) * 9 + (False,))) else draw(st.sampled_from(BOUNDARIES))
    return content_type.replace("{}", said), draw(body(boundary.encode()))


class Thrower:
    """Posts uploads one by one and keeps how each ended, and the last reply."""

    def __init__(self, server: Whole) -> None:
        self.server = server
        self.ended: Counter[tuple[int, str]] = Counter()
        self.slowest_s = 0.0
        self.reply = b""

    def post(self, path: str, content_type: str, upload: bytes, *, with_token: bool = True) -> int:
        parts = urlsplit(self.server.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=WITHIN_S)
        headers = {"Content-Type": content_type.encode("utf-8")}
        if with_token:
            headers["Authorization"] = f"Bearer {self.server.token}".encode()
        began = time.monotonic()
        try:
            connection.request("POST", path, upload, headers)
            reply = connection.getresponse()
            self.reply = reply.read()
        finally:
            connection.close()
        self.slowest_s = max(self.slowest_s, time.monotonic() - began)
        described.check("POST", path, reply.status, dict(reply.getheaders()), self.reply)
        self.ended[reply.status, path] += 1
        return reply.status


def others_than_pictures(data: Path) -> set[str]:
    return {
        path.name
        for path in data.rglob("*")
        if path.is_file() and not {"frames", "backups"} & {*path.relative_to(data).parts}
    }


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(200):
        if condition():
            return
        time.sleep(0.02)


@pytest.mark.timeout(120 * EXAMPLES // 500 + 60)
def test_malformed_forms_cost_nothing_and_leave_nothing(running: Whole) -> None:
    thrower = Thrower(running)
    assert thrower.post("/process", "multipart/form-data; boundary=bnd", form({"username": ALICE})) == 200
    newest = f"{json.loads(thrower.reply)['frame_id']}.jpg"  # pictures are written in their order
    wait_until(lambda: newest in {picture.name for picture in running.pictures()})
    before = len(running.pictures())

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(uploads(), st.sampled_from(("/process", "/process", "/")), st.sampled_from((True,) * 9 + (False,)))
    def throw(upload: tuple[str, bytes], path: str, with_token: bool) -> None:
        assert thrower.post(path, *upload, with_token=with_token) < 500

    throw()
    assert thrower.slowest_s < WITHIN_S
    assert sum(thrower.ended.values()) > EXAMPLES
    print(sum(thrower.ended.values()), "inputs tried")  # tests.endurance reads it
    statuses = {status for status, _ in thrower.ended}
    assert statuses >= {200, 400, 401, 413, 415, 422}, f"too tame: {thrower.ended}"
    answered = sum(count for (status, _), count in thrower.ended.items() if status == 200) - 1
    wait_until(lambda: len(running.pictures()) >= before + answered)
    assert len(running.pictures()) == before + answered
    assert all(picture.suffix == ".jpg" for picture in running.pictures())
    assert others_than_pictures(running.data) <= KEPT


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the peak of memory")
def test_the_dearest_pictures_leave_the_server_within_its_memory(running: Whole) -> None:
    """Runs last: what all of the others cost is in it."""
    thrower = Thrower(running)
    for upload, status in (
        (webp_claiming(7_000, 7_000), 413), (webp_claiming(2_500, 2_500), 200),
        (progressive_claiming(7_000, 7_000, sampling=0x22), 413),
        (png_claiming(7_000, 7_000, bit_depth=8, colour=6), 413),
        (png_claiming(5_000, 5_000, bit_depth=8, colour=6), 200), (bytes(11_000_000), 415),
    ):  # fmt: skip
        assert (
            thrower.post("/process", "multipart/form-data; boundary=bnd", form({"username": ALICE}, upload)) == status
        )
    assert thrower.slowest_s < WITHIN_S
    assert running.peak_mb() < ENOUGH_MB


def test_another_profiles_name_is_not_taken_from_any_place_in_the_form(running: Whole) -> None:
    thrower, content_type = Thrower(running), "multipart/form-data; boundary=bnd"
    assert thrower.post("/process", content_type, form({"username": BOB})) == 401
    assert thrower.post("/process", content_type, form({"username": ALICE}), with_token=False) == 401
    first_alice = form({"username": ALICE}, None).removesuffix(b"--bnd--\r\n") + form({"username": BOB})
    assert thrower.post("/process", content_type, first_alice) == 200  # the first one counts, and it is hers
    first_bob = form({"username": BOB}, None).removesuffix(b"--bnd--\r\n") + form({"username": ALICE})
    assert thrower.post("/process", content_type, first_bob) == 401
