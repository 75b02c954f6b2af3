"""The API's description is valid, whole and true, and its page loads nothing.

That the replies are as described is checked of every reply in this folder: ``Phone.send`` asks ``described.check``.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import jsonschema
import openapi_spec_validator
import pytest

from app.core.errors import HungUp
from app.server.handlers import ENDPOINTS
from app.server.wire.api_errors import REFUSALS
from app.server.wire.openapi import STATUS, describe
from app.server.wire.schemas import profile_body
from tests.server import described
from tests.server.described import DOCUMENT, KEY_VENDORS
from tests.server.devices import ALICE, Phone


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, by_method in DOCUMENT["paths"].items():
        for method, operation in by_method.items():
            yield method.upper(), path, operation


def test_document_is_valid() -> None:
    openapi_spec_validator.validate(DOCUMENT)
    broken = copy.deepcopy(DOCUMENT)
    del broken["paths"]["/health"]["get"]["responses"]["200"]["description"]
    with pytest.raises(Exception, match="description"):
        openapi_spec_validator.validate(broken)


LIMITS = {(one.method, one.template): one.limit for one in ENDPOINTS}


def test_every_endpoint_is_in_it_and_nothing_else() -> None:
    assert {(method, path) for method, path, _ in operations()} == set(LIMITS)


def test_every_code_is_in_it_under_its_own_status() -> None:
    """All that the program can refuse or fail with, but for what is never sent."""
    found: dict[str, set[str]] = {}
    announced = [one for _, _, operation in operations() for one in operation["responses"].items()]
    announced += [(str(STATUS[code]), one) for code, one in DOCUMENT["components"]["responses"].items()]
    for status, response in announced:
        for code in response["description"].split(", "):
            found.setdefault(code, set()).add(status)
    assert found.pop("done") == {"200", "202"}
    never_sent = {HungUp.code}
    assert set(found) == set(STATUS) - never_sent
    assert set(REFUSALS) <= set(found)
    assert all(statuses == {str(STATUS[code])} for code, statuses in found.items())


def test_what_every_endpoint_may_answer_is_said_of_each() -> None:
    for method, path, operation in operations():
        codes = ", ".join(one["description"] for one in operation["responses"].values()).split(", ")
        assert {"bad_request", "blocked", "wrong_host", "error"} <= set(codes), (method, path)
        assert ("rate_limited" in codes) == (LIMITS[method, path] is not None), (method, path)
        assert ("upload_timeout" in codes) == ("requestBody" in operation), (method, path)


async def test_document_is_served_as_made_and_needs_no_pairing(phone: Phone) -> None:
    reply = await phone.send("GET", "/openapi.json")
    assert reply.json == DOCUMENT == describe(ENDPOINTS, profile_body(KEY_VENDORS))
    assert (await phone.send("HEAD", "/openapi.json")).status == 200


async def test_a_reply_that_is_not_as_described_is_noticed(paired: Phone) -> None:
    """The judge of all other tests here: what it is given must be able to fail."""
    reply = await paired.process()
    whole = reply.body
    described.check("POST", "/process", 200, reply.headers, whole)
    with pytest.raises(jsonschema.ValidationError, match="debug_messages"):
        described.check("POST", "/process", 200, reply.headers, whole.replace(b'"debug_messages"', b'"debug"'))
    with pytest.raises(AssertionError, match="not described"):
        described.check("POST", "/process", 418, reply.headers, whole)
    refused = await paired.process("nobody")
    with pytest.raises(AssertionError, match="new_code"):
        described.check("POST", "/process", 401, refused.headers, refused.body.replace(b"not_paired", b"new_code"))


async def test_no_name_and_no_key_stands_in_the_document(paired: Phone) -> None:
    body = (await paired.send("GET", "/openapi.json")).body
    assert ALICE.encode() not in body
    assert not re.search(rb"/home/|/root/|/tmp/|127\.0\.0", body)


class Links(HTMLParser):
    """What a browser would fetch or follow, and what it would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "action", "data", "srcset")]
        assert not [name for name, _ in attrs if name.startswith("on")]


async def test_page_runs_nothing_and_loads_nothing_from_elsewhere(phone: Phone) -> None:
    reply = await phone.send("GET", "/docs")
    page = reply.body.decode()
    links = Links()
    links.feed(page)
    assert links.found == ["/openapi.json"]
    assert not links.tags & {"script", "iframe", "img", "link", "object", "embed", "base", "form", "meta http-equiv"}
    assert not re.search(r"@import|url\(|https?:", page)
    policy = dict(part.split(" ", 1) for part in reply.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert not {"script-src", "img-src", "connect-src", "frame-src", "font-src"} & set(policy)
    assert all(path in page for _, path, _ in operations())
