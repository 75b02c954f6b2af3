"""The two ends of the smoke test's frames: a provider that answers, and the glasses that post."""

from __future__ import annotations

import contextlib
import http.client
import json
import secrets
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from smoke_machine import Failed

SIGN = Path(__file__).resolve().parent.parent / "resources" / "demo" / "sign.jpg"
SAID = "A sign, says the fake provider"


class FakeGemini(BaseHTTPRequestHandler):
    """Sure of its answer, and keeps the keys it was called with."""

    keys: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.keys.append(self.headers.get("x-goog-api-key", ""))
        told = {"seen": "a sign", "kind": "scene", "image_ok": True, "answer": SAID, "full_answer": SAID}
        text = json.dumps({**told, "missing": "", "confidence": 0.97, "needs_help": False})
        reply = {"candidates": [{"content": {"parts": [{"text": text}]}, "finishReason": "STOP"}]}
        body = json.dumps(reply).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def fake_provider() -> Iterator[tuple[str, list[str]]]:
    """Its address, and the keys it has seen."""
    keys: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Fake", (FakeGemini,), {"keys": keys}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1beta", keys
    server.shutdown()
    server.server_close()


def call(port: int, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, {"content-type": kind} if kind else {})
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())
    finally:
        connection.close()


def post(port: int, username: str) -> dict[str, object]:
    """One photograph, as the phone app sends it."""
    edge = secrets.token_hex(12)
    parts = f'--{edge}\r\ncontent-disposition: form-data; name="username"\r\n\r\n{username}\r\n'
    parts += f'--{edge}\r\ncontent-disposition: form-data; name="image"; filename="frame_image.jpg"\r\n\r\n'
    body = parts.encode() + SIGN.read_bytes() + f"\r\n--{edge}--\r\n".encode()
    status, reply = call(port, "POST", "/process", body, f"multipart/form-data; boundary={edge}")
    if status != 200:
        raise Failed(f"a frame was answered with {status}: {reply}")
    return reply


def is_healthy(port: int) -> bool:
    try:
        return call(port, "GET", "/health")[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
