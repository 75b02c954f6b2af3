from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import InvalidValue, UnknownName
from app.core.events import PairingsChanged
from app.store import Store
from app.store.profiles.pairings import TOKENS_KEPT
from tests.store.conftest import Clock, OpenStore, count

HOUR = 3_600.0
DAY = 24 * HOUR


@pytest.fixture
async def store(open_store: OpenStore) -> Any:
    async with open_store() as store:
        for name in ("alice", "bob"):
            await store.profiles.add(name)
        yield store


async def test_a_pairing_ends_after_24_hours(store: Store, clock: Clock) -> None:
    await store.pairings.pair("10.0.0.1", "alice")
    clock.now += DAY - 1
    assert store.pairings.is_paired("10.0.0.1", "alice")
    clock.now += 2
    assert not store.pairings.is_paired("10.0.0.1", "alice")
    assert store.pairings.names_for("10.0.0.1") == ()
    assert store.pairings.all() == ()


async def test_each_touch_slides_it(store: Store, clock: Clock) -> None:
    await store.pairings.pair("10.0.0.1", "alice")
    for _ in range(10):
        clock.now += DAY - HOUR
        assert store.pairings.is_paired("10.0.0.1", "alice")
        store.pairings.touch("10.0.0.1", "alice")
    clock.now += DAY + 1
    store.pairings.touch("10.0.0.1", "alice")  # too late
    assert not store.pairings.is_paired("10.0.0.1", "alice")


async def test_what_was_touched_is_stored_at_most_once_a_minute(
    open_store: OpenStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_store() as store:
        await store.profiles.add("alice")
        await store.pairings.pair("10.0.0.1", "alice")
        later: list[Any] = []
        monkeypatch.setattr(store._database, "enqueue_later", later.append)
        for _ in range(150):
            clock.now += 1
            store.pairings.touch("10.0.0.1", "alice")
        assert 2 <= len(later) <= 3
        monkeypatch.undo()
    clock.now += DAY - 2
    async with open_store() as store:  # the end stored the last one
        assert store.pairings.is_paired("10.0.0.1", "alice")


async def test_until_revoked(open_store: OpenStore, clock: Clock) -> None:
    async with open_store() as store:
        await store.profiles.add("alice")
        await store.pairings.pair("10.0.0.1", "alice", until_revoked=True, by_auth=False)
        await store.pairings.pair("10.0.0.1", "alice")  # a later authentication does not shorten it
    clock.now += 400 * DAY
    async with open_store() as store:
        (pairing,) = store.pairings.all()
        assert (pairing.expires_at, pairing.until_revoked) == (None, True)
        assert await store.pairings.revoke("alice", "10.0.0.1") == 1
        assert not store.pairings.is_paired("10.0.0.1", "alice")
        with pytest.raises(UnknownName):
            await store.pairings.revoke("alice", "10.0.0.1")


async def test_newest_comes_first(store: Store, clock: Clock) -> None:
    for name in ("alice", "bob", "alice"):
        await store.pairings.pair("10.0.0.1", name)
        clock.now += 1
    assert store.pairings.names_for("10.0.0.1") == ("alice", "bob")
    assert [pairing.username for pairing in store.pairings.all()] == ["alice", "bob"]


@pytest.mark.parametrize(
    ("spelt", "also"),
    [("::ffff:192.168.0.5", "192.168.0.5"), ("192.168.0.5", "::ffff:c0a8:5"), ("FE80::1%eth0", "fe80::1"),
     ("2001:DB8:0::1", "2001:db8::1")],
)  # fmt: skip
async def test_one_address_in_two_spellings(spelt: str, also: str, store: Store) -> None:
    await store.pairings.pair(spelt, "alice")
    assert store.pairings.is_paired(also, "alice")
    assert store.pairings.names_for(also) == ("alice",)
    assert await store.pairings.revoke("alice", also) == 1


@pytest.mark.parametrize("text", ["", "phone", "10.0.0", "10.0.0.1/24", "10.0.0.256"])
async def test_no_address_is_never_paired(text: str, store: Store) -> None:
    assert not store.pairings.is_paired(text, "alice")
    assert store.pairings.names_for(text) == ()
    store.pairings.touch(text, "alice")
    with pytest.raises(InvalidValue):
        await store.pairings.pair(text, "alice")


async def test_authenticated_within(store: Store, clock: Clock) -> None:
    await store.pairings.pair("10.0.0.1", "alice")
    await store.pairings.pair("10.0.0.2", "alice", by_auth=False)
    clock.now += 599
    assert store.pairings.authenticated_within("10.0.0.1", "alice", 600)
    assert not store.pairings.authenticated_within("10.0.0.2", "alice", 600)
    clock.now += 2
    assert not store.pairings.authenticated_within("10.0.0.1", "alice", 600)
    await store.pairings.pair("10.0.0.1", "alice", by_auth=False)
    assert not store.pairings.authenticated_within("10.0.0.1", "alice", 600)


async def test_tokens_last_30_days_and_restarts(open_store: OpenStore, clock: Clock) -> None:
    async with open_store() as store:
        await store.profiles.add("alice")
        token = await store.pairings.issue_token("alice")
        assert store.pairings.profile_for_token(token) == "alice"
        assert store.pairings.profile_for_token(token + "x") is None
        assert store.pairings.profile_for_token("") is None
    clock.now += 30 * DAY - 1
    async with open_store() as store:
        assert store.pairings.profile_for_token(token) == "alice"
        clock.now += 2
        assert store.pairings.profile_for_token(token) is None


async def test_the_newest_tokens_are_kept(store: Store, clock: Clock) -> None:
    tokens = []
    for _ in range(TOKENS_KEPT + 3):
        clock.now += 1
        tokens.append(await store.pairings.issue_token("alice"))
    valid = [token for token in tokens if store.pairings.profile_for_token(token)]
    assert valid == tokens[3:]


async def test_revoking_all_takes_the_tokens_of_that_profile_alone(store: Store, heard: list[Any]) -> None:
    mine, others = await store.pairings.issue_token("alice"), await store.pairings.issue_token("bob")
    await store.pairings.pair("10.0.0.1", "alice")
    await store.pairings.pair("10.0.0.2", "alice")
    await store.pairings.pair("10.0.0.1", "bob")
    heard.clear()
    assert await store.pairings.revoke("alice") == 2
    assert heard == [PairingsChanged()]
    assert store.pairings.profile_for_token(mine) is None
    assert store.pairings.profile_for_token(others) == "bob"
    assert store.pairings.names_for("10.0.0.1") == ("bob",)


async def test_what_is_over_is_deleted(store: Store, clock: Clock) -> None:
    await store.pairings.pair("10.0.0.1", "alice")
    await store.pairings.issue_token("alice")
    await store.blacklist.add("10.0.0.9", expires_at=store.pairings.all()[0].expires_at)
    clock.now += 31 * DAY
    await store.retention._delete_expired()
    for table in ("pairing", "token", "blacklist"):
        assert await count(store, table) == 0


async def test_a_token_slides_with_its_use_and_over_restarts(open_store: OpenStore, clock: Clock) -> None:
    async with open_store() as store:
        await store.profiles.add("alice")
        token = await store.pairings.issue_token("alice", "10.0.0.1")
        for _ in range(3):
            clock.now += 29 * DAY
            store.pairings.touch_token(token)
            store.pairings.touch_token("no such token")
    clock.now += 29 * DAY
    async with open_store() as store:
        assert store.pairings.profile_for_token(token) == "alice"
        clock.now += 2 * DAY
        store.pairings.touch_token(token)  # too late
        assert store.pairings.profile_for_token(token) is None


async def test_a_tokens_use_is_stored_at_most_once_an_hour(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await store.pairings.issue_token("alice")
    later: list[Any] = []
    monkeypatch.setattr(store._database, "enqueue_later", later.append)
    for _ in range(130):
        clock.now += 60
        store.pairings.touch_token(token)
    assert len(later) == 2
    await store.pairings.pair("10.0.0.1", "alice")  # read anew: what was not stored yet still counts
    clock.now += 30 * DAY - 1
    assert store.pairings.profile_for_token(token) == "alice"


async def test_revoking_a_device_ends_its_tokens_and_nobody_elses(store: Store, clock: Clock) -> None:
    for ip in ("10.0.0.1", "10.0.0.2"):
        await store.pairings.pair(ip, "alice")
    gone = [await store.pairings.issue_token("alice", ip) for ip in ("10.0.0.1", "::ffff:10.0.0.1")]
    kept = [await store.pairings.issue_token("alice", "10.0.0.2"), await store.pairings.issue_token("alice")]
    other = await store.pairings.issue_token("bob", "10.0.0.1")
    assert await store.pairings.revoke("alice", "10.0.0.1") == 1
    assert [store.pairings.profile_for_token(token) for token in gone] == [None, None]
    assert [store.pairings.profile_for_token(token) for token in (*kept, other)] == ["alice", "alice", "bob"]
    clock.now += 25 * HOUR  # a pairing that lapses ends no token
    assert store.pairings.profile_for_token(kept[0]) == "alice"
    await store.pairings.revoke("alice", "10.0.0.2")  # but its device can still be revoked
    assert store.pairings.profile_for_token(kept[0]) is None
    with pytest.raises(UnknownName):
        await store.pairings.revoke("alice", "10.0.0.2")


@pytest.mark.parametrize("blocked", ["10.0.0.1", "10.0.0.0/24"])
@pytest.mark.parametrize("is_imported", [False, True])
async def test_blocking_an_address_ends_the_tokens_of_its_device(blocked: str, is_imported: bool, store: Store) -> None:
    mine = await store.pairings.issue_token("alice", "10.0.0.1")
    others = await store.pairings.issue_token("alice", "10.0.1.1")
    await store.blacklist.add(blocked, automatic=True)  # for wrong keys: no word of the owner's
    assert store.pairings.profile_for_token(mine) == "alice"
    if is_imported:
        await store.blacklist.add_all([(1, blocked, "")])
    else:
        await store.blacklist.add(blocked)
    assert store.pairings.profile_for_token(mine) is None
    assert store.pairings.profile_for_token(others) == "alice"
