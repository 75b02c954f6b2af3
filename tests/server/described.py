"""The API's description as a judge: what the server answers must stand in it, with that status, code and shape."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote

import jsonschema

from app.providers import PROVIDERS
from app.server.handlers import ENDPOINTS
from app.server.network.connection import AUTH_PATH
from app.server.wire.openapi import STATUS, describe
from app.server.wire.schemas import profile_body

KEY_VENDORS = tuple(vendor.name for vendor in PROVIDERS if vendor.needs_key)
DOCUMENT = describe(ENDPOINTS, profile_body(KEY_VENDORS))
EVERYWHERE = DOCUMENT["components"]["responses"]
"""What any address may answer, be it described or not."""


def operation_of(method: str, path: str) -> Mapping[str, Any] | None:
    """The description of ``method`` at ``path``, None where it describes none."""
    if method == "HEAD":
        method = "GET"
    for template, operations in DOCUMENT["paths"].items():
        if _pattern(template).fullmatch(path) and method.lower() in operations:
            found: Mapping[str, Any] = operations[method.lower()]
            return found
    return None


def check(method: str, path: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Fails for a reply that the description does not announce, or announces otherwise."""
    path = unquote(re.sub("/+", "/", path.partition("?")[0]))
    operation = operation_of(method, path)
    if operation is None:
        told = next((one for code, one in EVERYWHERE.items() if STATUS[code] == status), None)
    else:
        told = operation["responses"].get(str(status))
    assert told is not None, f"{method} {path} answered {status}, which is not described"
    if "content" not in told:
        assert not body, f"{method} {path} answered {status} with a body"
        return
    media = headers["Content-Type"].partition(";")[0]
    assert media in told["content"], f"{method} {path} answered {status} as {media}"
    if media != "application/json" or method == "HEAD":
        return
    found = json.loads(body)
    _validator(json.dumps(told["content"][media]["schema"])).validate(found)
    if not found.get("success", True):
        codes = told["description"].split(", ")
        assert found["code"] in codes, f"{method} {path} answered {found['code']}, which is not described"


@cache
def _pattern(template: str) -> re.Pattern[str]:
    some = ".*" if template.startswith(AUTH_PATH) else ".+"  # no key at all is a wrong key
    return re.compile(some.join(map(re.escape, re.split(r"\{\w+\}", template))), re.DOTALL)


@cache
def _validator(schema: str) -> jsonschema.Draft202012Validator:
    whole = json.loads(schema) | {"components": DOCUMENT["components"]}
    return jsonschema.Draft202012Validator(whole)
