"""How often a device may ask, and what it is told about it."""

from __future__ import annotations

import re
import time

import pytest

from app.core.passed import passed_s
from app.core.settings import Settings
from app.server import FrameServer, context_keys
from app.server.access.limits import _MAX_ADDRESSES, Bucket, Limits, Standing, Window
from app.store import Store
from tests.server.devices import Phone

FIELD = re.compile(r'"(auth|profile|process)";r=(\d+);t=(\d+)')


async def test_every_reply_of_a_limited_endpoint_says_how_the_device_stands(paired: Phone, store: Store) -> None:
    for limit in ("limits.auth_per_minute", "limits.profile_per_minute", "limits.process_per_hour"):
        await store.set_setting(limit, 3)
    for ask, group, window_s in (
        (paired.auth, "auth", 60),
        (paired.get_prompt, "profile", 60),
        (paired.process, "process", 3_600),
    ):
        for number in range(5):
            reply = await ask()
            assert reply.headers["RateLimit-Policy"] == f'"{group}";q=3;w={window_s}'
            found = FIELD.fullmatch(reply.headers["RateLimit"])
            assert found
            assert (found[1], int(found[2])) == (group, max(0, 2 - number))
            assert 1 <= int(found[3]) <= window_s
            assert reply.status == (200 if number < 3 else 429)
            assert reply.headers.get("Retry-After") == (None if number < 3 else found[3])


async def test_groups_and_devices_are_counted_apart(paired: Phone, store: Store) -> None:
    await store.set_setting("limits.profile_per_minute", 2)
    await store.set_setting("limits.process_per_hour", 2)
    assert (await paired.set_prompt("x")).status == 200
    assert (await paired.post_keys({})).status == 200
    assert (await paired.get_prompt()).status == 429  # /prompt-* counts as profile
    assert (await paired.process()).status == 200
    assert (await paired.photo()).status == 200  # and the photo mode as process
    refused = await paired.photo()
    assert (refused.status, refused.text) == (429, "Too many requests. Please wait a little.")
    other = Phone(paired.server, ip="127.0.0.3")
    assert (await other.set_prompt("x")).status == 200


async def test_changed_setting_applies_at_once(paired: Phone, store: Store) -> None:
    for key, ask in (("limits.profile_per_minute", paired.get_prompt), ("limits.process_per_hour", paired.process)):
        await store.set_setting(key, 1)
        assert [(await ask()).status for _ in range(2)] == [200, 429]
        await store.set_setting(key, 2)
        assert [(await ask()).status for _ in range(2)] == [200, 429]
        await store.set_setting(key, 1)
        assert (await ask()).status == 429
        await store.set_setting(key, 0)
        reply = await ask()
        assert reply.status == 200
        assert "RateLimit" not in reply.headers


async def test_what_is_unlimited(phone: Phone, store: Store) -> None:
    for limit in ("limits.auth_per_minute", "limits.profile_per_minute", "limits.process_per_hour"):
        await store.set_setting(limit, 1)
    for _ in range(4):
        reply = await phone.send("GET", "/health")
        assert reply.status == 200
        assert "RateLimit" not in reply.headers
        assert (await phone.send("GET", "/nothing")).status == 404
        assert (await phone.send("PUT", "/process")).status == 405


async def test_ipv6_is_counted_by_its_network_unless_it_is_paired(server: FrameServer, store: Store) -> None:
    await store.set_setting("network.trusted_proxies", "127.0.0.0/8")
    for limit in ("limits.auth_per_minute", "limits.profile_per_minute"):
        await store.set_setting(limit, 2)

    def phone(ip: str) -> Phone:
        return Phone(server, headers={"X-Forwarded-For": ip})

    wrong = [(await phone(f"2001:db8::{number}").send("POST", "/auth-wrong-key")).status for number in range(1, 4)]
    assert wrong == [401, 401, 429]
    assert (await phone("2001:db8:0:1::1").send("POST", "/auth-wrong-key")).status == 401  # another network
    kept = [(await phone(f"2001:db8::{number}").set_prompt("x")).status for number in range(1, 4)]
    assert kept == [200, 200, 429]
    for ip in ("2001:db8::8", "2001:db8::9"):  # two phones of one household
        await store.pairings.pair(ip, "alice")
        assert [(await phone(ip).get_prompt()).status for _ in range(3)] == [200, 200, 429]


def test_bucket_refills_evenly() -> None:
    now = 1_000.0
    bucket = Bucket(lambda: now)
    for _ in range(3_600):
        assert bucket.hit("a", 3_600).allowed
    assert bucket.hit("a", 3_600) == Standing("process", 3_600, 3_600, 0, 1, allowed=False)
    now += 1
    assert bucket.hit("a", 3_600).allowed
    assert not bucket.hit("a", 3_600).allowed
    now += 1_800
    standing = bucket.hit("a", 3_600)
    assert (standing.allowed, standing.remaining) == (True, 1_799)
    now += 10_000
    assert bucket.hit("a", 3_600).remaining == 3_599


def test_small_bucket_says_how_long_to_wait() -> None:
    now = 0.0
    bucket = Bucket(lambda: now)
    assert bucket.hit("a", 1).allowed
    assert bucket.hit("a", 1).next_s == 3_600
    now = 3_599.0
    assert bucket.hit("a", 1).next_s == 1
    now = 3_600.0
    assert bucket.hit("a", 1).allowed


def test_window_slides() -> None:
    now = 1_000.0
    window = Window("auth", lambda: now)
    for second in range(3):
        now = 1_000.0 + 10 * second
        assert window.hit("a", 3).remaining == 2 - second
    assert window.hit("a", 3) == Standing("auth", 3, 60, 0, 40, allowed=False)
    assert window.hit("a", 1).next_s == 60  # lowered meanwhile: all three must go first
    now = 1_059.9
    assert window.hit("a", 3).next_s == 1
    now = 1_060.0
    assert window.hit("a", 3) == Standing("auth", 3, 60, 0, 10, allowed=True)
    now = 2_000.0
    assert window.hit("a", 3).remaining == 2


def test_a_clock_set_back_by_a_day_shuts_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    limits = Limits(Settings(), monotonic=lambda: now)
    for group, quota in (("auth", 5), ("profile", 10), ("process", 3_600)):
        for _ in range(quota):
            assert limits.hit(group, "10.0.0.1").allowed  # type: ignore[arg-type, union-attr]
        assert not limits.hit(group, "10.0.0.1").allowed  # type: ignore[arg-type, union-attr]
    a_day_before = time.time() - 86_400
    monkeypatch.setattr(time, "time", lambda: a_day_before)
    now += 61
    for group in ("auth", "profile", "process"):
        assert limits.hit(group, "10.0.0.1").allowed  # type: ignore[arg-type, union-attr]


async def test_the_running_server_counts_by_a_clock_that_nobody_sets_and_that_goes_on_in_sleep(
    server: FrameServer,
) -> None:
    """The tests above bring clocks of their own; these are the ones that it has without."""
    assert server._runner is not None
    app = server._runner.app
    limits = app[context_keys.LIMITS]
    counters = (limits._bucket, *limits._windows.values(), app[context_keys.LOCKOUT])
    assert {one._monotonic for one in counters} == {passed_s}
    tables = (
        app[context_keys.PAIRING_REQUESTS]._rung,
        app[context_keys.LAST_SEEN]._told,
        app[context_keys.PENDING_PROMPTS]._kept,
    )
    assert {table.timer.__name__ for table in tables} == {passed_s.__name__}


def test_memory_is_bounded() -> None:
    limits = Limits(Settings())
    for number in range(_MAX_ADDRESSES + 10):
        for group in ("auth", "profile", "process"):
            limits.hit(group, f"fd00::{number:x}")  # type: ignore[arg-type]
    assert len(limits._bucket._spent) == _MAX_ADDRESSES
    assert [len(window._times) for window in limits._windows.values()] == [_MAX_ADDRESSES] * 2


@pytest.mark.parametrize("key", ["limits.auth_per_minute", "limits.profile_per_minute", "limits.process_per_hour"])
def test_defaults(key: str) -> None:
    expected = {"limits.auth_per_minute": 5, "limits.profile_per_minute": 10, "limits.process_per_hour": 3_600}[key]
    limits = Limits(Settings())
    standing = limits.hit(key.split(".")[1].split("_")[0], "10.0.0.1")  # type: ignore[arg-type]
    assert standing is not None
    assert (standing.quota, standing.remaining) == (expected, expected - 1)
