"""Every endpoint as every kind of caller: each cell of the table is asked for real, and none is missing."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import aiohttp
import pytest

from app.core.settings import BY_KEY
from app.server import FrameServer, doors, handlers
from app.server.endpoint import Door, Endpoint
from app.server.handlers import ENDPOINTS
from app.store import Store
from app.store.keys.door_secrets import OUT_DOORS
from tests.server.devices import ALICE, BOB, Phone, Reply
from tests.store.samples import ANSWER, frame

DEVICE = "192.168.0.77"
CHAT = {"model": "frame-backend", "messages": [{"role": "user", "content": "What is this?"}]}
GENERATE = {"model": "frame-backend", "prompt": "What is this?"}
LOOK = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "look"}}

Ask = Callable[[Phone], Awaitable[Reply]]
Become = Callable[[Phone, Store], Awaitable[None]]

ASK: dict[str, Ask] = {
    "POST /auth-": lambda phone: phone.auth(),
    "POST /profile": lambda phone: phone.post_keys({"gemini_api_key": ""}),
    "POST /prompt-": lambda phone: phone.set_prompt("What is this?"),
    "GET /prompt-": lambda phone: phone.get_prompt(),
    "POST /process": lambda phone: phone.process(),
    "POST /": lambda phone: phone.photo(),
    "GET /health": lambda phone: phone.send("GET", "/health"),
    "GET /openapi.json": lambda phone: phone.send("GET", "/openapi.json"),
    "GET /docs": lambda phone: phone.send("GET", "/docs"),
    "GET /v1/models": lambda phone: phone.send("GET", "/v1/models"),
    "GET /v1/models/": lambda phone: phone.send("GET", "/v1/models/frame-backend"),
    "POST /v1/chat/completions": lambda phone: phone.send("POST", "/v1/chat/completions", json=CHAT),
    "POST /mcp": lambda phone: phone.send("POST", "/mcp", json=LOOK),
    "GET / ollama": lambda phone: phone.send("GET", "/", headers={"User-Agent": "ollama/0.12.0"}),
    "GET /api/version": lambda phone: phone.send("GET", "/api/version"),
    "GET /api/tags": lambda phone: phone.send("GET", "/api/tags"),
    "GET /api/ps": lambda phone: phone.send("GET", "/api/ps"),
    "POST /api/show": lambda phone: phone.send("POST", "/api/show", json={"model": "frame-backend"}),
    "POST /api/chat": lambda phone: phone.send("POST", "/api/chat", json=CHAT),
    "POST /api/generate": lambda phone: phone.send("POST", "/api/generate", json=GENERATE),
    "GET /events": lambda phone: phone.send("GET", "/events", is_endless=True),
    "GET /": lambda phone: phone.send("GET", "/"),
    "GET /glass": lambda phone: phone.send("GET", "/glass"),
    "POST /pair-": lambda phone: phone.send("POST", f"/pair-{phone.server.invite(ALICE)}"),
    "GET /metrics": lambda phone: phone.send("GET", "/metrics"),
}


# --- who calls -----------------------------------------------------------------------------------------------------


async def unpaired(phone: Phone, store: Store) -> None: ...


async def another(phone: Phone, store: Store) -> None:
    await store.pairings.pair(DEVICE, BOB)


async def paired(phone: Phone, store: Store) -> None:
    await store.pairings.pair(DEVICE, ALICE)


async def let_in(phone: Phone, store: Store) -> None:
    """By the owner's click: it never sent the key."""
    await store.pairings.pair(DEVICE, ALICE, until_revoked=True, by_auth=False)


async def token(phone: Phone, store: Store) -> None:
    phone.token = await store.pairings.issue_token(ALICE)


async def anothers_token(phone: Phone, store: Store) -> None:
    phone.token = await store.pairings.issue_token(BOB)


async def wrong_token(phone: Phone, store: Store) -> None:
    await paired(phone, store)
    phone.token = "no-such-token"


async def expired_token(phone: Phone, store: Store) -> None:
    await token(phone, store)
    past = (datetime.now(UTC) - timedelta(seconds=1)).timestamp()
    await store._database.change(
        lambda session: session.sql("UPDATE token SET expires_at = ?", (past,)), store.pairings
    )


async def revoked(phone: Phone, store: Store) -> None:
    await paired(phone, store)
    await store.pairings.revoke(ALICE)


async def revoked_token(phone: Phone, store: Store) -> None:
    await token(phone, store)
    await store.pairings.revoke(ALICE)


async def blacklisted(phone: Phone, store: Store) -> None:
    await paired(phone, store)
    await store.blacklist.add("192.168.0.0/24")


async def guessed(phone: Phone, store: Store) -> None:
    """Twenty wrong keys came from it."""
    await paired(phone, store)
    await store.blacklist.add(DEVICE, automatic=True, expires_at=datetime.now(UTC) + timedelta(hours=1))


async def over_limit(phone: Phone, store: Store) -> None:
    await paired(phone, store)
    for limit in ("auth_per_minute", "profile_per_minute", "process_per_hour"):
        await store.set_setting(f"limits.{limit}", 1)
    await phone.auth()
    await phone.get_prompt()
    await phone.process()


async def strict_paired(phone: Phone, store: Store) -> None:
    await paired(phone, store)
    await store.set_setting("network.tokens_only", True)


async def strict_token(phone: Phone, store: Store) -> None:
    await token(phone, store)
    await store.set_setting("network.tokens_only", True)


async def foreign_host(phone: Phone, store: Store) -> None:
    await paired(phone, store)
    phone.headers["Host"] = "evil.example"


async def foreign_page(phone: Phone, store: Store) -> None:
    await paired(phone, store)
    phone.headers["Origin"] = "http://evil.example"


async def app_key(phone: Phone, store: Store) -> None:
    phone.token = await store.app_keys.add(ALICE, "llm")


async def revoked_app_key(phone: Phone, store: Store) -> None:
    """Also from an address that is paired."""
    await paired(phone, store)
    await app_key(phone, store)
    await store.app_keys.revoke(ALICE, "llm")


async def strict_app_key(phone: Phone, store: Store) -> None:
    await app_key(phone, store)
    await store.set_setting("network.tokens_only", True)


async def foreign_page_with_key(phone: Phone, store: Store) -> None:
    await app_key(phone, store)
    phone.headers |= {"Origin": "https://app.example", "Sec-Fetch-Site": "cross-site"}


async def foreign_page_with_wrong_key(phone: Phone, store: Store) -> None:
    await foreign_page(phone, store)
    phone.token = "no-such-key"


def column(endpoint: Endpoint) -> str:
    """What decides, beside the declaration's ``who``: photo mode and the doors need no profile's name, the newest
    pairing is meant."""
    if endpoint.who == "stranger" and endpoint.door is not None:
        return "visitor"
    is_nameless = endpoint.who == "paired" and (endpoint.path == "/" or endpoint.door is not None)
    return "nameless" if is_nameless else endpoint.who


COLUMNS = ("anyone", "key sender", "stranger", "paired", "nameless", "visitor", "scraper")
EXPECTED: dict[Become, tuple[int, ...]] = {
    unpaired:       (200, 401, 200, 401, 401, 200, 401),
    another:        (200, 401, 200, 401, 200, 200, 401),
    paired:         (200, 200, 200, 200, 200, 200, 401),
    let_in:         (200, 401, 200, 200, 200, 200, 401),
    token:          (200, 200, 200, 200, 200, 200, 401),
    anothers_token: (200, 401, 401, 401, 200, 200, 401),
    wrong_token:    (200, 401, 401, 401, 401, 401, 401),
    expired_token:  (200, 401, 401, 401, 401, 401, 401),
    revoked:        (200, 401, 200, 401, 401, 200, 401),
    revoked_token:  (200, 401, 401, 401, 401, 401, 401),
    blacklisted:    (403, 403, 403, 403, 403, 403, 403),
    guessed:        (200, 200, 200, 200, 200, 200, 401),
    over_limit:     (429, 429, 429, 429, 429, 429, 429),
    strict_paired:  (200, 401, 200, 401, 401, 200, 401),
    strict_token:   (200, 200, 200, 200, 200, 200, 401),
    foreign_host:   (421, 421, 421, 421, 421, 421, 421),
    foreign_page:   (403, 403, 403, 403, 403, 403, 403),
    app_key:        (200, 401, 200, 200, 200, 200, 200),
    revoked_app_key: (200, 401, 401, 401, 401, 401, 401),
    strict_app_key: (200, 401, 200, 200, 200, 200, 200),
    foreign_page_with_key: (403, 401, 200, 200, 200, 200, 200),
    foreign_page_with_wrong_key: (403, 401, 401, 401, 401, 401, 401),
}  # fmt: skip


def expected(become: Become, endpoint: Endpoint) -> int:
    if become is guessed and endpoint.limit == "auth":
        return 403
    if become is over_limit and endpoint.limit is None:
        return 200
    return EXPECTED[become][COLUMNS.index(column(endpoint))]


def name_of(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.stems[0]} {endpoint.agent}".rstrip()


CELLS = [
    pytest.param(become, name_of(endpoint), expected(become, endpoint), id=f"{become.__name__}-{name_of(endpoint)}")
    for become in EXPECTED
    for endpoint in ENDPOINTS
]


def test_every_handler_file_is_listed() -> None:
    """A tuple, not discovery: a file that nobody lists would be dead code that looks alive."""
    rooms = {room.__name__: Path(room.__file__ or "").parent for room in (handlers, doors)}
    files = {f"{name}.{path.stem}" for name, room in rooms.items() for path in room.glob("*.py") if _has_some(path)}
    listed = {endpoint.handler.__module__ for endpoint in ENDPOINTS}
    assert listed == files
    for module in listed:
        assert set(sys.modules[module].ENDPOINTS) <= set(ENDPOINTS)


def _has_some(path: Path) -> bool:
    return path.stem != "__init__" and "\nENDPOINTS = " in path.read_text(encoding="utf-8")


def test_every_door_has_its_switch_and_every_switch_its_door() -> None:
    switches = {
        key for key, setting in BY_KEY.items() if key.startswith("doors.") and isinstance(setting.default, bool)
    }
    outward = {f"doors.{door}" for door in OUT_DOORS}
    assert switches - {"doors.keep"} - outward == {f"doors.{door}" for door in get_args(Door)}


def test_doors_that_are_open_from_the_start() -> None:
    opened = {key.removeprefix("doors.") for key, one in BY_KEY.items() if key[:6] == "doors." and one.default is True}
    assert opened - {"keep"} == {"openai", "events", "page", "uploads"}


def test_no_endpoint_is_missing_in_the_table() -> None:
    assert [name_of(endpoint) for endpoint in ENDPOINTS] == list(ASK)


@pytest.fixture
async def device(server: FrameServer, store: Store) -> Phone:
    """A device of the home network: this computer's own address could be neither blacklisted nor shut out."""
    await store.set_setting("network.trusted_proxies", "127.0.0.0/8")
    for door in get_args(Door):
        await store.set_setting(f"doors.{door}", True)
    return Phone(server, headers={"X-Forwarded-For": DEVICE})


@pytest.mark.parametrize(("become", "ask", "status"), CELLS)
async def test_cell(become: Become, ask: str, status: int, device: Phone, store: Store) -> None:
    await become(device, store)
    reply = await ASK[ask](device)
    assert reply.status == status, reply.body


@pytest.mark.parametrize("become", [unpaired, another, revoked, strict_paired])
async def test_a_prompt_from_a_stranger_is_kept_and_tells_nothing(become: Become, device: Phone, store: Store) -> None:
    await become(device, store)
    reply = await device.set_prompt("Say yes.")
    assert reply.json == {"message": "kept until paired"}
    assert store.profiles.get(ALICE).prompt == ""


async def test_no_endpoint_takes_a_label(device: Phone, store: Store) -> None:
    """Whether an answer was right is for the owner to say, in the window or on the command line."""
    sent = frame(store.profiles.get(ALICE))
    await store.activity.record(sent, None, ANSWER, 5)
    await token(device, store)
    forged = {"frame_id": sent.frame_id, "thumb": "up", "correct": "All is right.", "username": ALICE, "is_right": 1}
    for endpoint in ENDPOINTS:
        await ASK[name_of(endpoint)](device)
        for path in (endpoint.stems[0], f"{endpoint.stems[0]}/feedback", f"/frames/{sent.frame_id}"):
            url = f"http://127.0.0.1:{device.port}{path}"
            async with aiohttp.ClientSession(headers=device.headers) as session:
                for how in ({"json": forged}, {"data": forged}, {"params": forged}):
                    async with session.request("POST", url, **how) as reply:
                        await reply.read()
    assert await store.labels.labels() == ()
    row = await store.activity.frame(sent.frame_id)
    assert row is not None
    assert (row.thumb, row.correction) == (0, "")
