"""Who guesses keys is shut out of /auth for a while, and nothing else changes for anybody."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest

from app.core.tasks import cancel_all
from app.server import FrameServer
from app.server.access import lockout
from app.server.access.lockout import ADDRESSES_REMEMBERED, MOST_WRONG_KEYS, Lockout
from app.server.wire.api_errors import Refused
from app.store import Store
from app.store.profiles import profiles
from tests.server.devices import ALICE, KEYS, Phone
from tests.store.conftest import Clock, eventually

STRANGER = "192.168.0.66"


@pytest.fixture
async def stranger(server: FrameServer, store: Store) -> Phone:
    await store.set_setting("network.trusted_proxies", "127.0.0.0/8")
    return Phone(server, headers={"X-Forwarded-For": STRANGER})


async def guess(phone: Phone, times: int) -> None:
    for number in range(times):
        assert (await phone.send("POST", f"/auth-wrong-key-{number}")).status == 401


async def test_twenty_wrong_keys_close_auth_and_nothing_else(stranger: Phone, store: Store) -> None:
    await store.pairings.pair(STRANGER, ALICE)
    await guess(stranger, MOST_WRONG_KEYS - 1)
    assert store.blacklist.all() == ()
    await guess(stranger, 1)
    await eventually(store.blacklist.all)
    [entry] = store.blacklist.all()
    assert (entry.address, entry.automatic) == (STRANGER, True)
    assert entry.expires_at is not None
    assert timedelta(minutes=59) < entry.expires_at - datetime.now(UTC) <= timedelta(hours=1)
    assert (await stranger.auth()).code == "blocked"  # the right key, too
    assert (await stranger.process()).status == 200
    [entry] = store.blacklist.all()
    assert entry.hits == 1


async def test_one_click_lets_it_in_and_it_begins_anew(stranger: Phone, store: Store) -> None:
    await guess(stranger, MOST_WRONG_KEYS)
    await eventually(store.blacklist.all)
    await store.blacklist.remove(STRANGER)
    await guess(stranger, MOST_WRONG_KEYS - 1)
    assert (await stranger.auth()).status == 200
    assert store.blacklist.all() == ()


async def test_this_computer_is_never_shut_out(phone: Phone, store: Store) -> None:
    await guess(phone, 2 * MOST_WRONG_KEYS)
    await cancel_all()
    assert store.blacklist.all() == ()
    assert (await phone.auth()).status == 200


async def test_what_this_computer_guesses_is_not_even_counted(store: Store) -> None:
    """The blacklist would refuse its address as well: that refusal is no reason to try."""
    counted = Lockout(store)
    with mock.patch.object(lockout, "spawn") as spawn:
        for ip in ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "no address"):
            for _ in range(MOST_WRONG_KEYS - 1):
                counted.note(ip)
    assert (counted._wrong, spawn.call_count) == ({}, 0)


async def test_wrong_keys_are_forgotten_after_an_hour(store: Store) -> None:
    clock = Clock()
    counted = Lockout(store, monotonic=clock)
    with mock.patch.object(lockout, "spawn") as spawn:
        for _ in range(3 * MOST_WRONG_KEYS):
            clock.now += lockout.WITHIN_S / (MOST_WRONG_KEYS - 1) + 1
            counted.note(STRANGER)
        assert spawn.call_count == 0
        for _ in range(MOST_WRONG_KEYS):
            clock.now += 1
            counted.note(STRANGER)
        assert spawn.call_count == 1
        spawn.call_args.args[0].close()


async def test_what_is_remembered_is_bounded(store: Store) -> None:
    counted = Lockout(store)
    for number in range(ADDRESSES_REMEMBERED + 50):
        counted.note(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(counted._wrong) == ADDRESSES_REMEMBERED


async def test_a_hosts_whole_ipv6_network_guesses_as_one(store: Store) -> None:
    counted = Lockout(store)
    for number in range(MOST_WRONG_KEYS):
        counted.note(f"2001:db8::{number:x}")
    await eventually(store.blacklist.all)
    [entry] = store.blacklist.all()
    assert (entry.address, entry.automatic) == ("2001:db8::/64", True)
    assert store.blacklist.match("2001:db8::ffff:1") == entry
    assert store.blacklist.match("2001:db8:0:1::1") is None


async def guess_from_many(server: FrameServer, times: int) -> None:
    for number in range(times):
        reply = await Phone(server, headers={"X-Forwarded-For": f"10.9.{number}.1"}).send("POST", "/auth-wrong-key")
        assert reply.status == 401


async def test_many_who_guess_together_let_strangers_wait_and_nobody_else(
    server: FrameServer, store: Store, stranger: Phone
) -> None:
    await store.pairings.pair("10.8.0.1", ALICE)
    await store.pairings.pair("2001:db8::1", ALICE)
    await guess_from_many(server, lockout.MOST_TOGETHER)
    refused = await stranger.auth()
    assert (refused.status, refused.code) == (429, "rate_limited")
    assert 50 < int(refused.headers["Retry-After"]) <= 60
    for known in ("10.8.0.1", "2001:db8::1", "2001:db8::77"):
        assert (await Phone(server, headers={"X-Forwarded-For": known}).auth()).status == 200
    assert (await Phone(server, headers={"X-Forwarded-For": "10.8.0.1"}).process()).status == 200


async def test_the_ceiling_slides(store: Store) -> None:
    clock = Clock()
    counted = Lockout(store, monotonic=clock)
    for number in range(lockout.MOST_TOGETHER):
        clock.now += 0.5
        counted.check(STRANGER)
        counted.note(f"10.9.{number}.1")
    with pytest.raises(Refused) as refused:
        counted.check(STRANGER)
    assert refused.value.retry_after_s == 31  # the first of them was 29.5 s ago
    clock.now += 31
    counted.check(STRANGER)


async def test_who_was_paired_is_known_for_four_weeks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await store.pairings.pair("10.8.0.1", ALICE)
    now = store.pairings._clock()
    monkeypatch.setattr(store.retention, "_clock", lambda: now + 28 * 86_400)
    monkeypatch.setattr(store.pairings, "_clock", lambda: now + 28 * 86_400)
    await store.retention._delete_expired()
    assert (store.pairings.knows("10.8.0.1"), store.pairings.all()) == (True, ())
    assert not store.pairings.knows("10.8.0.2")


@pytest.mark.parametrize("key", [KEYS[ALICE], "alice-key-123", "x", "wrong", "ä" * 40, "\udcff", "k" * 5_000])
async def test_every_key_is_the_same_work_whoever_it_is_for(key: str, store: Store) -> None:
    """One hash, and one comparison with each profile: also when the first one matches, or none ever could."""
    for number in range(5):
        await store.profiles.add(f"more {number}")
    with (
        mock.patch.object(profiles, "hash_auth_key", wraps=profiles.hash_auth_key) as hashed,
        mock.patch.object(profiles.hmac, "compare_digest", wraps=profiles.hmac.compare_digest) as compared,
    ):
        store.profiles.match_key(key)
    assert hashed.call_count == 1
    assert compared.call_count == len(store.profiles.all())
    assert {len(one.args[1]) for one in compared.call_args_list} == {hashlib.sha256().digest_size}
