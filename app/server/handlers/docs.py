"""``GET /openapi.json`` and ``GET /docs``: the description of all this, and a page to read it on."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import orjson
from aiohttp import web

from app.server import context_keys
from app.server.endpoint import Endpoint
from app.server.wire.openapi import describe
from app.server.wire.responses import raw_reply
from app.server.wire.schemas import ProfileBody

_NO_SCRIPTS = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
h2{margin-top:2.5rem;font-size:1.1rem}code,.m{font-family:ui-monospace,monospace}.m{font-weight:700}
table{border-collapse:collapse;width:100%}td{border-top:1px solid #8886;padding:.3rem .6rem;vertical-align:top}
"""


async def document(request: web.Request) -> web.Response:
    return raw_reply((await _described(request))[0], "application/json; charset=utf-8")


async def page(request: web.Request) -> web.Response:
    """No script, and no file from another host."""
    reply = raw_reply((await _described(request))[1], "text/html; charset=utf-8")
    reply.headers["Content-Security-Policy"] = _NO_SCRIPTS
    return reply


async def _described(request: web.Request) -> tuple[bytes, bytes]:
    endpoints = tuple(dict.fromkeys(request.app[context_keys.ENDPOINTS].values()))
    return await asyncio.to_thread(_as_sent, endpoints, request.app[context_keys.PROFILE_BODY])  # 15 ms, the first time


@cache
def _as_sent(endpoints: tuple[Endpoint, ...], profile_body: type[ProfileBody]) -> tuple[bytes, bytes]:
    """As JSON and as a page."""
    described = describe(endpoints, profile_body)
    return orjson.dumps(described, option=orjson.OPT_INDENT_2), "".join(_page(described)).encode()


def _page(described: Mapping[str, Any]) -> Iterator[str]:
    info = described["info"]
    title = html.escape(f"{info['title']} {info['version']}")
    yield f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title}</title><style>{_STYLE}</style>"
    yield f"</head><body><h1>{title}</h1><p>{html.escape(info['description'])}</p>"
    yield "<p>For programs: <a href='/openapi.json'>openapi.json</a> (OpenAPI 3.1).</p>"
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            yield from _operation(method, path, operation)
    yield "</body></html>"


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2><span class='m'>{method.upper()}</span> <code>{html.escape(path)}</code></h2>"
    yield f"<p>{html.escape(operation['summary'])}</p><table>"
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        fields = content["schema"].get("properties", {})
        told = ", ".join(fields) or content["schema"].get("$ref", "").rpartition("/")[2]
        yield f"<tr><td>takes</td><td><code>{html.escape(kind)}</code>: {html.escape(told)}</td></tr>"
    for status, response in operation["responses"].items():
        yield f"<tr><td>{status}</td><td>{html.escape(response['description'])}</td></tr>"
    yield "</table>"


ENDPOINTS = (
    Endpoint("GET", "/openapi.json", document, "This description.", who="anyone", limit=None),
    Endpoint("GET", "/docs", page, "This description as a page.", who="anyone", limit=None, media="text/html"),
)
