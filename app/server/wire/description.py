"""The API's description as it is sent: made once, as JSON and as a page without a script or a file from elsewhere."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
h2{margin-top:2.5rem;font-size:1.1rem}code,.m{font-family:ui-monospace,monospace}.m{font-weight:700}
table{border-collapse:collapse;width:100%}td{border-top:1px solid #8886;padding:.3rem .6rem;vertical-align:top}
"""


class Description:
    """Both, made once."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        self.document = orjson.dumps(described, option=orjson.OPT_INDENT_2)
        self.page = "".join(_page(described)).encode()


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
