"""The page at ``/``: what a stranger, an invited device and a paired one see, and who is paired by what."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app.core.events import Bus, FrameAnswered, FrameCompleted
from app.core.frame import Answer
from app.server import FrameServer
from app.server.access.invitations import VALID_S, Invitations
from app.store import Store
from tests.server.devices import ALICE, ANSWER, BOB, Phone, Reply
from tests.store.samples import frame

BUTTON = re.compile(r"<form method='post' action='(/pair-[\w-]+)'>")
NASTY = "<script>alert('x')</script> & \"more\""


def shown(reply: Reply) -> str:
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    policy = reply.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    found = re.search("<main.*</main>", reply.body.decode(), re.DOTALL)
    assert found is not None
    return found.group()


def answered(bus: Bus, store: Store, answer: Answer = ANSWER, username: str = ALICE, door: str = "") -> None:
    bus.publish(FrameAnswered(replace(frame(store.profiles.get(username)), door=door), answer))


async def test_a_stranger_is_told_how_to_connect_and_no_names(phone: Phone, store: Store, bus: Bus) -> None:
    answered(bus, store)
    told = shown(await phone.send("GET", "/"))
    assert f"http://127.0.0.1:{phone.port}" in told
    assert "Auth key" in told
    for secret in (ALICE, BOB, ANSWER.text, "<form"):
        assert secret not in told
        assert secret not in (await phone.send("GET", "/glass")).body.decode()


async def test_one_tap_pairs_and_looking_does_not(phone: Phone, server: FrameServer, store: Store) -> None:
    path = f"/?pair={server.invite(ALICE)}"
    for method in ("HEAD", "GET", "GET"):
        reply = await phone.send(method, path)
    found = BUTTON.search(shown(reply))
    assert found is not None
    assert ALICE not in shown(reply)
    assert not store.pairings.names_for(phone.ip)
    assert (await phone.send("GET", found[1])).status == 405
    assert not store.pairings.names_for(phone.ip)
    assert "Connected as alice" in shown(await phone.send("POST", found[1]))
    assert store.pairings.names_for(phone.ip) == (ALICE,)
    assert not store.pairings.authenticated_within(phone.ip, ALICE, 60)  # the key was not shown: it writes no API keys
    assert "Connected as alice" in shown(await phone.send("GET", path))
    other = Phone(server, ip="127.0.0.3")
    assert "used already" in shown(await other.send("GET", path))
    assert "used already" in shown(await other.send("POST", found[1]))
    assert not store.pairings.names_for(other.ip)


async def test_a_paired_device_may_be_let_in_as_another_too(paired: Phone, server: FrameServer, store: Store) -> None:
    found = BUTTON.search(shown(await paired.send("GET", f"/?pair={server.invite(BOB)}")))
    assert found is not None
    await paired.send("POST", found[1])
    assert set(store.pairings.names_for(paired.ip)) == {ALICE, BOB}


async def test_no_page_of_another_site_taps(phone: Phone, server: FrameServer, store: Store) -> None:
    path = f"/pair-{server.invite(ALICE)}"
    for fields in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert (await phone.send("POST", path, headers=fields)).status == 403
    assert not store.pairings.names_for(phone.ip)


@pytest.mark.parametrize("code", ["", "nonsense", "%00", "%3Cscript%3E", "a" * 4000, "%F0%9F%98%80"])
async def test_a_code_that_is_none(code: str, phone: Phone, server: FrameServer, store: Store) -> None:
    server.invite(ALICE)
    told = shown(await phone.send("GET", f"/?pair={code}"))
    assert ("used already" in told) == bool(code)
    assert "<script" not in told
    if code:
        assert "used already" in shown(await phone.send("POST", f"/pair-{code}"))
    assert not store.pairings.names_for(phone.ip)


async def test_a_closed_panel_and_a_profile_that_is_gone_let_nobody_in(
    phone: Phone, server: FrameServer, store: Store
) -> None:
    code = server.invite(ALICE)
    server.end_invitations()
    assert "used already" in shown(await phone.send("POST", f"/pair-{code}"))
    code = server.invite(ALICE)
    await store.profiles.rename(ALICE, "carol")
    assert (await phone.send("POST", f"/pair-{code}")).status == 401
    assert not store.pairings.names_for(phone.ip)


def test_a_code_is_over_after_ten_minutes_and_renewed_before() -> None:
    now = [0.0]
    invitations = Invitations(monotonic=lambda: now[0])
    first = invitations.code_for(ALICE)
    assert invitations.code_for(ALICE) == first != invitations.code_for(BOB)
    now[0] = VALID_S - 30
    second = invitations.code_for(ALICE)
    assert second != first
    assert invitations.username_of(first) == ALICE
    now[0] = VALID_S
    assert invitations.take(first) is None
    assert invitations.take(second) == ALICE
    assert invitations.take(second) is None


async def test_the_live_answer(paired: Phone, store: Store, bus: Bus) -> None:
    assert "The glasses have sent nothing yet." in shown(await paired.send("GET", "/"))
    sent = frame(store.profiles.get(ALICE))
    bus.publish(FrameAnswered(sent, replace(ANSWER, text=NASTY, full_text="")))
    told = shown(await paired.send("GET", "/"))
    assert "&lt;script&gt;alert(&#x27;x&#x27;)" in told
    assert "<script" not in told
    bus.publish(FrameCompleted(sent, ANSWER))
    answered(bus, store, replace(ANSWER, text="asked by a chat"), door="openai")
    answered(bus, store, replace(ANSWER, text="what bob sees"), username=BOB)
    told = shown(await paired.send("GET", "/"))
    assert ANSWER.text in told
    assert ANSWER.full_text in told
    assert f"{sent.received_at.astimezone():%H:%M:%S}" in told
    small = shown(await paired.send("GET", "/glass"))
    assert ANSWER.text in small
    assert ANSWER.full_text not in small
    assert ALICE not in small


async def test_glass_by_token_from_anywhere(phone: Phone, store: Store, bus: Bus) -> None:
    answered(bus, store)
    phone.token = await store.pairings.issue_token(ALICE)
    assert ANSWER.text in shown(await phone.send("GET", "/glass"))
    phone.token = "wrong"
    assert (await phone.send("GET", "/glass")).status == 401


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("de-AT,de;q=0.9,en;q=0.8", "de"), ("en-GB,de", "en"), ("fr, de;q=0.5", "de"), ("", "en"), ("*;q=x,,", "en")],
)
async def test_the_visitors_language(wanted: str, language: str, phone: Phone) -> None:
    reply = await phone.send("GET", "/", headers={"Accept-Language": wanted})
    assert f"<html lang='{language}'" in reply.body.decode()
    assert ("Adresse" in shown(reply)) == (language == "de")


async def test_a_closed_door(paired: Phone, store: Store) -> None:
    await store.set_setting("doors.page", False)
    for path in ("/", "/glass"):
        assert (await paired.send("GET", path)).code == "door_closed"
    assert (await paired.photo()).status == 200
