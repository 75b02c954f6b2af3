"""The Model Context Protocol, judged by its official client, unmodified, and by what no client sends."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult

from app.core.errors import NoAnswer
from app.core.events import Bus, FrameAnswered, FrameReceived
from app.server import FrameServer
from app.server.doors.asking import NOTHING_SEEN
from app.server.doors.mcp import HEADER_MISMATCH, INVALID_PARAMS, METHOD_NOT_FOUND, STATELESS, UNSUPPORTED_VERSION
from app.store import Store
from tests.core.actors import picture
from tests.server.devices import ALICE, ANSWER, BOB, Phone, Reply, StubPipeline
from tests.server.doors.test_openai import sees
from tests.store.samples import ANSWER as KEPT
from tests.store.samples import frame

MODES = ("auto", "legacy")
"""As a client of today connects, and as those before 2026-07-28 did."""
PARSE_ERROR, INVALID_REQUEST, OUR_OWN = -32700, -32600, -32000
META = {
    "io.modelcontextprotocol/protocolVersion": STATELESS,
    "io.modelcontextprotocol/clientCapabilities": {},
}


@pytest.fixture(autouse=True)
async def door(store: Store) -> None:
    await store.set_setting("doors.mcp", True)


@pytest.fixture
async def token(store: Store) -> str:
    return await store.pairings.issue_token(ALICE)


@asynccontextmanager
async def connected(server: FrameServer, token: str, mode: str = "auto") -> AsyncIterator[Client]:
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http_client:
        transport = streamable_http_client(f"http://127.0.0.1:{server.port}/mcp", http_client=http_client)
        async with Client(transport, mode=mode) as client:
            yield client


@dataclass(frozen=True)
class Agent:
    """Connects for each call: the client is left by the task that entered it, which a fixture's is not."""

    server: FrameServer
    token: str
    mode: str

    async def call(self, tool: str, **arguments: Any) -> CallToolResult:
        async with connected(self.server, self.token, self.mode) as client:
            return await client.call_tool(tool, arguments)

    async def text(self, tool: str, **arguments: Any) -> str:
        result = await self.call(tool, **arguments)
        assert not result.is_error, result
        return str(result.content[0].text)


@pytest.fixture(params=MODES)
def agent(request: pytest.FixtureRequest, server: FrameServer, token: str) -> Agent:
    return Agent(server, token, request.param)


# --- what agents do --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "version"), [("auto", STATELESS), (STATELESS, STATELESS), ("legacy", "2025-11-25")])
async def test_every_revision_is_spoken(mode: str, version: str, server: FrameServer, token: str) -> None:
    async with connected(server, token, mode) as client:
        assert client.protocol_version == version
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == ["look", "ask", "read_text", "history"]
        assert tools[1].input_schema["required"] == ["question"]
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)


async def test_nothing_was_seen_yet(agent: Agent, pipeline: StubPipeline) -> None:
    for tool, arguments in (("look", {}), ("ask", {"question": "What?"}), ("read_text", {})):
        assert await agent.text(tool, **arguments) == NOTHING_SEEN
    assert not pipeline.frames


async def test_look_gives_the_picture_and_its_answer_and_asks_nobody(
    agent: Agent, store: Store, bus: Bus, pipeline: StubPipeline
) -> None:
    await sees(store, bus)
    result = await agent.call("look")
    assert [part.type for part in result.content] == ["text", "image"]
    assert base64.b64decode(result.content[1].data) == picture().jpeg
    assert (result.content[0].text, result.content[1].mime_type) == (
        "There is no answer to this picture yet.",
        "image/jpeg",
    )
    seen = frame(store.profiles.get(ALICE), frame_id="f1")
    bus.publish(FrameAnswered(seen, ANSWER))
    assert await agent.text("look") == ANSWER.full_text
    assert not pipeline.frames


async def test_look_shows_no_face_that_was_seen_before_they_were_to_be_blurred(
    agent: Agent, store: Store, bus: Bus
) -> None:
    await sees(store, bus)
    await store.profiles.set_value(ALICE, "blur_faces", True)
    assert await agent.text("look") == NOTHING_SEEN
    bus.publish(FrameReceived(frame(store.profiles.get(ALICE), frame_id="f2"), replace(picture(), blurred_faces=0)))
    assert [part.type for part in (await agent.call("look")).content] == ["text", "image"]


async def test_a_question_is_put_to_the_cascade_about_what_was_seen(
    agent: Agent, store: Store, bus: Bus, pipeline: StubPipeline
) -> None:
    await sees(store, bus)
    assert await agent.text("ask", question="Which colour?") == ANSWER.full_text
    assert await agent.text("read_text") == ANSWER.full_text
    asked, read = pipeline.frames
    assert (asked.prompt, asked.door, asked.profile.username) == ("Which colour?", "mcp", ALICE)
    assert read.prompt.startswith("Read all the text")


async def test_history_finds_words_and_moments(agent: Agent, store: Store) -> None:
    for username in (ALICE, BOB):
        sent = frame(store.profiles.get(username))
        await store.activity.record(sent, None, KEPT, 5)
    (line,) = json.loads(await agent.text("history"))
    assert (line["answer"], set(line)) == (KEPT.text, {"at", "answer", "trust", "frame_id"})
    assert json.loads(await agent.text("history", query=KEPT.text[:5].upper())) == [line]
    assert json.loads(await agent.text("history", query="no such word")) == []
    later = datetime.fromisoformat(line["at"]) + timedelta(seconds=2)
    for since in (later.isoformat(), later.astimezone().replace(tzinfo=None).isoformat()):
        assert json.loads(await agent.text("history", since=since)) == []
    assert json.loads(await agent.text("history", since=(later - timedelta(days=1)).date().isoformat())) == [line]


async def test_a_failure_of_the_cascade_is_told_to_the_agent(
    agent: Agent, store: Store, bus: Bus, pipeline: StubPipeline
) -> None:
    await sees(store, bus)
    pipeline.outcome = NoAnswer()
    result = await agent.call("ask", question="What?")
    assert (result.is_error, result.content[0].text) == (True, str(NoAnswer()))


@pytest.mark.parametrize(
    ("tool", "arguments", "named"),
    [
        ("ask", {}, "question"), ("ask", {"question": ""}, "question"), ("ask", {"question": ["What?"]}, "question"),
        ("history", {"since": "yesterday"}, "since"), ("history", {"since": "0001-01-01T00:00:00"}, "since"),
        ("history", {"query": 7}, "query"),
    ],
)  # fmt: skip
async def test_an_agent_reads_what_is_wrong_with_its_arguments(
    tool: str, arguments: dict[str, Any], named: str, agent: Agent
) -> None:
    result = await agent.call(tool, **arguments)
    assert result.is_error
    assert result.content[0].text.startswith(f"The argument {named} is not valid")


async def test_what_there_is_not_is_refused_by_the_protocol(agent: Agent) -> None:
    async with connected(agent.server, agent.token, agent.mode) as client:
        with pytest.raises(MCPError, match="Unknown tool: fly") as unknown:
            await client.call_tool("fly")
        assert unknown.value.code == INVALID_PARAMS
        with pytest.raises(MCPError) as nothing:
            await client.list_resources()
        assert nothing.value.code == METHOD_NOT_FOUND


@pytest.mark.parametrize("mode", MODES)
async def test_who_has_no_key_is_told_how_to_get_one(mode: str, server: FrameServer) -> None:
    with pytest.raises(BaseExceptionGroup) as caught:
        await Agent(server, "no-such-token", mode).call("look")
    error: BaseException = caught.value
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, MCPError)
    assert (error.code, "app-key add" in str(error)) == (OUR_OWN, True)


# --- what comes by hand ----------------------------------------------------------------------------------------


@pytest.fixture
async def paired(store: Store, phone: Phone, token: str) -> Phone:
    phone.token = token
    return phone


async def post(phone: Phone, message: Any, **headers: str) -> Reply:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return await phone.send("POST", "/mcp", data=body, headers={"Content-Type": "application/json", **headers})


def asks(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}


def stateless(method: str, **params: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """A request of 2026-07-28, and its headers."""
    headers = {"MCP-Protocol-Version": STATELESS, "Mcp-Method": method}
    if "name" in params:
        headers["Mcp-Name"] = params["name"]
    return asks(method, _meta=META, **params), headers


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", PARSE_ERROR), (b"{", PARSE_ERROR), (b"\xff\xfe", PARSE_ERROR), (b"[" * 30_000, PARSE_ERROR),
        (b"[]", INVALID_REQUEST), (b"null", INVALID_REQUEST), (b'"initialize"', INVALID_REQUEST),
        (b"{}", INVALID_REQUEST), ([asks("ping"), asks("ping")], INVALID_REQUEST),
        ({**asks("ping"), "jsonrpc": "1.0"}, INVALID_REQUEST), ({**asks("ping"), "id": None}, INVALID_REQUEST),
        ({**asks("ping"), "id": 1.5}, INVALID_REQUEST), ({**asks("ping"), "id": True}, INVALID_REQUEST),
        ({**asks("ping"), "params": [1]}, INVALID_REQUEST), ({**asks("ping"), "method": 1}, INVALID_REQUEST),
        ({"jsonrpc": "2.0", "id": 1, "result": {}}, INVALID_REQUEST),
    ],
)  # fmt: skip
async def test_what_is_no_single_message_is_refused(body: Any, code: int, paired: Phone) -> None:
    reply = await post(paired, body)
    assert (reply.status, reply.json["id"], reply.json["error"]["code"]) == (400, None, code)


@pytest.mark.parametrize("method", ["notifications/initialized", "notifications/cancelled", "no/such"])
async def test_a_notification_is_taken_in_silence(method: str, paired: Phone) -> None:
    reply = await post(paired, {"jsonrpc": "2.0", "method": method, "params": {"requestId": 7}})
    assert (reply.status, reply.body) == (202, b"")


async def test_there_is_no_stream_to_get_and_no_session_to_end(paired: Phone) -> None:
    for method in ("GET", "DELETE"):
        reply = await paired.send(method, "/mcp")
        assert (reply.status, reply.headers["Allow"], reply.json["error"]["code"]) == (405, "POST", OUR_OWN)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [("2025-11-25", "2025-11-25"), ("2024-11-05", "2024-11-05"), ("1999-01-01", "2025-11-25"), ("", "2025-11-25")],
)
async def test_a_handshake_ends_at_a_revision_of_ours(wanted: str, given: str, paired: Phone) -> None:
    reply = await post(paired, asks("initialize", protocolVersion=wanted, capabilities={}, clientInfo={}))
    assert reply.json["result"]["protocolVersion"] == given
    assert reply.json["result"]["serverInfo"]["name"] == "frame-backend"
    assert "Mcp-Session-Id" not in reply.headers


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (asks("initialize"), INVALID_PARAMS), (asks("initialize", protocolVersion=7), INVALID_PARAMS),
        (asks("tools/call"), INVALID_PARAMS), (asks("tools/call", name=["look"]), INVALID_PARAMS),
        (asks("tools/call", name="look", arguments=["now"]), INVALID_PARAMS),
        (asks("resources/list"), METHOD_NOT_FOUND), (asks(""), METHOD_NOT_FOUND),
    ],
)  # fmt: skip
async def test_wrong_parameters_and_methods_are_errors_of_the_protocol(
    message: dict[str, Any], code: int, paired: Phone
) -> None:
    reply = await post(paired, message)
    assert (reply.status, reply.json["id"], reply.json["error"]["code"]) == (200, 7, code)


async def test_a_stateless_request_needs_its_version_and_its_headers(paired: Phone) -> None:
    message, headers = stateless("tools/call", name="look", arguments={})
    assert (await post(paired, message, **headers)).json["result"]["resultType"] == "complete"
    for gone in headers:
        reply = await post(paired, message, **{name: value for name, value in headers.items() if name != gone})
        assert (reply.status, reply.json["error"]["code"]) == (400, HEADER_MISMATCH), gone
        reply = await post(paired, message, **{**headers, gone: "2025-12-31"})
        assert (reply.status, reply.json["error"]["code"]) == (400, HEADER_MISMATCH), gone
    for key in META:
        lacking = asks("server/discover", _meta={name: value for name, value in META.items() if name != key})
        reply = await post(paired, lacking, **stateless("server/discover")[1])
        assert (reply.status, reply.json["error"]["code"]) == (400, INVALID_PARAMS), key


@pytest.mark.parametrize("version", ["1900-01-01", "2027-07-28", "not-a-version"])
async def test_another_revision_is_refused_with_those_that_are_spoken(version: str, paired: Phone) -> None:
    by_meta, headers = stateless("tools/list")
    by_meta["params"]["_meta"] = {**META, "io.modelcontextprotocol/protocolVersion": version}
    headers["MCP-Protocol-Version"] = version
    for message in (by_meta, asks("tools/list")):
        reply = await post(paired, message, **headers)
        error = reply.json["error"]
        assert (reply.status, error["code"], error["data"]["requested"]) == (400, UNSUPPORTED_VERSION, version)
        assert error["data"]["supported"][:2] == [STATELESS, "2025-11-25"]


async def test_a_method_that_is_no_longer_there_is_not_found(paired: Phone) -> None:
    for method in ("initialize", "ping", "logging/setLevel"):
        message, headers = stateless(method)
        reply = await post(paired, message, **headers)
        assert (reply.status, reply.json["error"]["code"]) == (404, METHOD_NOT_FOUND)


async def test_failures_of_http_are_told_in_json_rpc_too(paired: Phone, store: Store) -> None:
    token, paired.token = paired.token, ""  # a page that has one may ask from anywhere
    foreign = await post(paired, asks("ping"), Origin="http://evil.example")
    assert (foreign.status, foreign.json["error"]["data"]) == (403, {"code": "blocked"})
    paired.token = token
    form = await post(paired, b"{}", **{"Content-Type": "text/plain"})
    assert (form.status, form.json["error"]["data"]) == (415, {"code": "wrong_media_type"})
    paired.token = "wrong"
    unknown = await post(paired, asks("ping"))
    assert (unknown.status, unknown.headers["WWW-Authenticate"]) == (401, "Bearer")
    await store.set_setting("doors.mcp", False)
    closed = await post(paired, asks("ping"))
    assert (closed.status, closed.json["error"]["data"]) == (404, {"code": "door_closed"})
    assert "switch on doors.mcp in Settings" in closed.json["error"]["message"]
