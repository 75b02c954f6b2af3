"""What tests of the server play with: phones at addresses of their own, raw sockets, and a pipeline that is a stub."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import aiohttp
from yarl import URL

from app.core.errors import FrameError
from app.core.frame import Answer, Attempt, Frame
from app.server import FrameServer
from tests.server import described

IMAGES = Path(__file__).parents[1] / "data" / "images"
JPEG = (IMAGES / "jpeg_octet_stream.jpg").read_bytes()

ALICE, BOB = "alice", "bob"
KEYS = {ALICE: "alice-key-1234", BOB: "bob-key-1234"}

SEVEN: dict[str, type | tuple[type, ...]] = {
    "answer": str,
    "ai_responses": dict,
    "processing_time": float,
    "prompt_used": str,
    "debug_messages": list,
    "success": bool,
    "error": (str, type(None)),
}

SURE = Attempt(
    "gemini", "gemini-x", "sure", 812, 0.93, answer="A red bicycle", full_answer="A red bicycle by a wall.", trust=0.71
)
BUSY = Attempt("qwen", "qwen-x", "overload", 90)
SKIPPED = Attempt("deepseek", "", "skipped", why="no key")
ANSWER = Answer(
    "A red bicycle",
    "A red bicycle by a wall.",
    "ok",
    "gemini",
    0.93,
    attempts=(SKIPPED, BUSY, SURE),
    latency_ms=902,
    trust=0.71,
)


class StubPipeline:
    """Answers at once, or when ``gate`` is opened; remembers what it was asked."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.cancelled: list[Frame] = []
        self.whole: list[bool] = []
        self.grows: tuple[str, ...] = ()
        """What its long form has become each time that it is told of, before the gate."""
        self.outcome: Answer | FrameError | Exception = ANSWER
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered = asyncio.Event()

    async def process(self, frame: Frame, *, whole: bool = False, hears: Callable[[str], None] | None = None) -> Answer:
        self.frames.append(frame)
        self.whole.append(whole)
        self.entered.set()
        for grown in self.grows if hears else ():
            hears(grown)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled.append(frame)
            raise
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        assert self.headers["Content-Type"] == "application/json; charset=utf-8"
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found

    @property
    def text(self) -> str:
        assert self.headers["Content-Type"] == "text/plain; charset=utf-8"
        return self.body.decode()

    @property
    def code(self) -> str:
        return str(self.json["code"])


@dataclass
class Phone:
    """A device at ``ip`` (any of 127/8) that opens a new connection per request, as the app does.

    Every reply it gets must be as the API's description announces it.
    """

    server: FrameServer
    ip: str = "127.0.0.2"
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = self.server.port  # a server that is stopping tells it no more

    async def send(self, method: str, path: str | URL, *, is_endless: bool = False, **how: Any) -> Reply:
        """``is_endless``: of a reply that never ends its first piece is enough."""
        headers = {**self.headers, **how.pop("headers", {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connector = aiohttp.TCPConnector(local_addr=(self.ip, 0), force_close=True)
        async with aiohttp.ClientSession(connector=connector) as session:
            url = URL(f"http://127.0.0.1:{self.port}{path}", encoded=True)
            async with session.request(method, url, headers=headers, allow_redirects=False, **how) as response:
                body = await (response.content.readany() if is_endless else response.read())
                reply = Reply(response.status, response.headers, body)
        if reply.status != 204:  # a browser's question before the request
            described.check(method, str(path), reply.status, reply.headers, reply.body)
        return reply

    async def auth(self, username: str = ALICE) -> Reply:
        return await self.send("POST", f"/auth-{KEYS[username]}")

    async def process(self, username: str | None = ALICE, prompt: str | None = None, image: bytes = JPEG) -> Reply:
        fields = {"username": username, "prompt": prompt}
        body = form({name: text for name, text in fields.items() if text is not None}, image)
        return await self.upload("/process", body)

    async def photo(self, image: bytes = JPEG) -> Reply:
        return await self.upload("/", form({}, image))

    async def upload(self, path: str, body: bytes, content_type: str = "multipart/form-data; boundary=bnd") -> Reply:
        return await self.send("POST", path, data=io.BytesIO(body), headers={"Content-Type": content_type})

    async def set_prompt(self, prompt: object, username: str = ALICE) -> Reply:
        return await self.send("POST", f"/prompt-{username}", json={"prompt": prompt})

    async def get_prompt(self, username: str = ALICE) -> Reply:
        return await self.send("GET", f"/prompt-{username}")

    async def post_keys(self, keys: Mapping[str, object], username: str | None = ALICE) -> Reply:
        return await self.send("POST", "/profile", json={"username": username, "api_keys": keys})


def form(fields: Mapping[str, str], image: bytes | None = JPEG, boundary: str = "bnd") -> bytes:
    parts = [(f'content-disposition: form-data; name="{name}"', text.encode()) for name, text in fields.items()]
    if image is not None:
        parts.append(('content-disposition: form-data; name="image"; filename="frame_image.jpg"', image))
    body = b"".join(f"--{boundary}\r\n{head}\r\n\r\n".encode() + content + b"\r\n" for head, content in parts)
    return body + f"--{boundary}--\r\n".encode()


class RawConnection:
    """A connection by hand: what is sent is exactly what is given. Closed after the test (conftest) if not before."""

    opened: ClassVar[list[RawConnection]] = []

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.opened.append(self)

    @classmethod
    async def open(cls, server: FrameServer, ip: str = "127.0.0.2") -> RawConnection:
        return cls(*await asyncio.open_connection("127.0.0.1", server.port, local_addr=(ip, 0)))

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def reply(self) -> Reply:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = dict(line.split(": ", 1) for line in head[1:] if line)
        body = await self.reader.readexactly(int(fields.get("Content-Length", 0)))
        return Reply(int(head[0].split(" ")[1]), fields, body)

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


def head(server: FrameServer, method: str, path: str, fields: Mapping[str, str] = {}) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"host: 127.0.0.1:{server.port}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in fields.items()), "", ""]).encode()


async def eventually(condition: Callable[[], object], within_s: float = 2.0) -> None:
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.005)
