from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import InvalidValue, NameTaken, UnknownName
from app.core.events import BlacklistChanged
from app.store import Store
from app.store.database.clock import utc
from tests.store.conftest import Clock, OpenStore

MATCHES = [
    ("10.0.0.5", "10.0.0.5", True),
    ("10.0.0.5", "10.0.0.6", False),
    ("10.0.0.5", "::ffff:10.0.0.5", True),
    ("::ffff:10.0.0.5", "10.0.0.5", True),
    ("10.1.0.0/16", "10.1.255.255", True),
    ("10.1.0.0/16", "10.2.0.0", False),
    ("::ffff:10.1.0.0/112", "10.1.2.3", True),
    ("10.0.0.5/32", "10.0.0.5", True),
    ("2001:db8::/32", "2001:db8:1::1", True),
    ("2001:db8::/32", "2001:db9::1", False),
    ("2001:db8::1", "2001:DB8:0:0::1", True),
    ("fe80::1%eth0", "fe80::1%wlan0", True),
    ("128.0.0.0/1", "200.1.1.1", True),
    ("10.0.0.0/8", "no address", False),
    ("10.0.0.0/8", "", False),
]
REFUSED = [
    "127.0.0.1", "127.8.8.8", "::1", "127.0.0.0/8", "0.0.0.0/0", "::/0", "126.0.0.0/7", "::ffff:127.0.0.1",
    "::ffff:0:0/96", "::ffff:127.0.0.0/104", "::/64", "10.0.0.5/24", "10.0.0", "phone", "", "10.0.0.0/33",
    "2001:db8::1/32",
]  # fmt: skip


@pytest.mark.parametrize(("entry", "ip", "matches"), MATCHES)
async def test_matches(entry: str, ip: str, matches: bool, store: Store) -> None:
    await store.blacklist.add(entry)
    assert bool(store.blacklist.match(ip)) is matches
    assert store.blacklist.match("127.0.0.1") is None
    await store.blacklist.remove(entry)
    assert store.blacklist.match(ip) is None


@pytest.mark.parametrize("entry", REFUSED)
async def test_refused(entry: str, store: Store, heard: list[Any]) -> None:
    with pytest.raises(InvalidValue):
        await store.blacklist.add(entry)
    assert heard == []


async def test_a_range_with_host_bits_is_told_its_right_form(store: Store) -> None:
    with pytest.raises(InvalidValue, match=r"192\.168\.1\.0/24"):
        await store.blacklist.add("192.168.1.5/24")


async def test_duplicates_and_strangers(store: Store, heard: list[Any]) -> None:
    await store.blacklist.add("10.0.0.5", "noisy")
    with pytest.raises(NameTaken):
        await store.blacklist.add("::ffff:10.0.0.5/128")
    with pytest.raises(UnknownName):
        await store.blacklist.remove("10.0.0.6")
    assert heard == [BlacklistChanged()]


async def test_automatic_entries_expire_and_give_way(store: Store, clock: Clock) -> None:
    soon = utc(clock.now) + timedelta(hours=1)
    await store.blacklist.add("10.0.0.5", "20 wrong keys", automatic=True, expires_at=soon)
    await store.blacklist.add("10.0.0.5", "again", automatic=True, expires_at=soon + timedelta(hours=1))
    found = store.blacklist.match("10.0.0.5")
    assert found is not None
    assert (found.automatic, found.reason, found.expires_at) == (True, "again", soon + timedelta(hours=1))
    clock.now += 2 * 3_600 + 1
    assert store.blacklist.match("10.0.0.5") is None
    assert store.blacklist.all() == ()
    await store.blacklist.add("10.0.0.5", "by hand")
    kept = await store.blacklist.add("10.0.0.5", "20 wrong keys", automatic=True, expires_at=soon + timedelta(days=1))
    assert (kept.reason, kept.expires_at) == ("by hand", None)


async def test_entries_survive_a_restart_newest_first(open_store: OpenStore, clock: Clock) -> None:
    async with open_store() as store:
        for number in range(3):
            clock.now += 1
            await store.blacklist.add(f"10.{number}.0.0/16", f"reason {number}")
        before = store.blacklist.all()
    async with open_store() as store:
        assert store.blacklist.all() == before
    assert [entry.address for entry in before] == ["10.2.0.0/16", "10.1.0.0/16", "10.0.0.0/16"]


async def test_many_entries_cost_no_more(store: Store) -> None:
    def fill(session: Any) -> None:
        rows = [(f"10.{number // 256}.{number % 256}.7", "", 0, 0.0, None) for number in range(20_000)]
        columns = "address, reason, automatic, created_at, expires_at"
        session.raw.executemany(f"INSERT INTO blacklist ({columns}) VALUES (?, ?, ?, ?, ?)", rows)

    await store._database.change(fill, store.blacklist)
    begun = time.perf_counter()
    for _ in range(1_000):
        assert store.blacklist.match("10.9.9.9") is None
    assert time.perf_counter() - begun < 0.1
    assert store.blacklist.match("10.9.9.7") is not None


def hits(store: Store) -> dict[str, int]:
    return {entry.address: entry.hits for entry in store.blacklist.all()}


def hit(store: Store, ip: str, times: int = 1) -> None:
    for _ in range(times):
        entry = store.blacklist.match(ip)
        assert entry is not None
        store.blacklist.hit(entry)


async def test_hits_are_counted_at_once_and_survive_a_restart(open_store: OpenStore, heard: list[Any]) -> None:
    async with open_store() as store:
        await store.blacklist.add("10.0.0.0/24")
        await store.blacklist.add("10.1.0.5")
        heard.clear()
        hit(store, "10.0.0.7", 3)
        hit(store, "10.0.0.8")
        assert hits(store) == {"10.0.0.0/24": 4, "10.1.0.5": 0}
        await store.blacklist.add("10.2.0.5")  # reading the table anew loses none that are not stored yet
        assert hits(store)["10.0.0.0/24"] == 4
        assert heard == [BlacklistChanged()], "being hit is no change"
    async with open_store() as store:
        assert hits(store) == {"10.0.0.0/24": 4, "10.1.0.5": 0, "10.2.0.5": 0}
        hit(store, "10.0.0.7")
        assert hits(store)["10.0.0.0/24"] == 5


async def test_hits_are_stored_at_most_once_a_minute(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.blacklist.add("10.0.0.5")
    later: list[Any] = []
    monkeypatch.setattr(store._database, "enqueue_later", later.append)
    for _ in range(150):
        clock.now += 1
        hit(store, "10.0.0.5")
    assert 2 <= len(later) <= 3
    assert hits(store) == {"10.0.0.5": 150}


async def test_an_address_blocked_anew_begins_at_no_hits(store: Store, clock: Clock) -> None:
    await store.blacklist.add("10.0.0.5")
    hit(store, "10.0.0.5", 2)
    await store.blacklist.remove("10.0.0.5")
    clock.now += 1
    await store.blacklist.add("10.0.0.5")
    assert hits(store) == {"10.0.0.5": 0}


async def test_hits_of_another_entry_are_not_stored_with_a_later_one(open_store: OpenStore, clock: Clock) -> None:
    async with open_store() as store:
        await store.blacklist.add("10.0.0.5")
        hit(store, "10.0.0.5")
        hit(store, "10.0.0.5", 5)  # not stored yet when the entry goes
        await store.blacklist.remove("10.0.0.5")
        clock.now += 1
        await store.blacklist.add("10.0.0.5")
    async with open_store() as store:
        assert hits(store) == {"10.0.0.5": 0}


async def test_a_removed_entry_comes_back_as_it_was(store: Store, clock: Clock) -> None:
    until = utc(clock.now) + timedelta(hours=1)
    await store.blacklist.add("10.0.0.5", "20 wrong keys", automatic=True, expires_at=until)
    hit(store, "10.0.0.5", 3)
    (before,) = store.blacklist.all()
    await store.blacklist.remove("10.0.0.5")
    clock.now += 30
    await store.blacklist.restore(before)
    assert store.blacklist.all() == (before,)
    assert hits(store) == {"10.0.0.5": 3}


async def test_what_was_blocked_again_meanwhile_is_left_alone(store: Store) -> None:
    old = await store.blacklist.add("10.0.0.5", "old")
    await store.blacklist.remove("10.0.0.5")
    await store.blacklist.add("10.0.0.5", "new")
    await store.blacklist.restore(old)
    assert [entry.reason for entry in store.blacklist.all()] == ["new"]
