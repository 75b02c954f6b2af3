"""The program while its keyring is locked under it: ``python -m tests.system.locked_keyring FOLDER``.

Run in a D-Bus session with an unlocked gnome-keyring; prints what was found as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import secretstorage

from app import application
from app.core.errors import KeyringUnavailable
from app.core.events import KeyringChecked
from tests import rig
from tests.fakes import FakeProviders
from tests.system.house import House, counted, opened, settled, steady

KEY = "kept-in-the-keyring"


def lock() -> None:
    with closing(secretstorage.dbus_init()) as connection:
        for collection in secretstorage.get_all_collections(connection):
            collection.lock()


async def worst_gap(stop: asyncio.Event) -> float:
    """The longest that the loop was held, in seconds."""
    worst = 0.0
    while not stop.is_set():
        before = time.monotonic()
        await asyncio.sleep(0.01)
        worst = max(worst, time.monotonic() - before)
    return worst


async def live(house: House, fake: FakeProviders, found: dict[str, Any]) -> None:
    store, states = house.application.store, found["states"]
    house.application.bus.subscribe(KeyringChecked, lambda checked: states.append(checked.usable))
    await store.secrets.set("alice", "gemini", KEY)
    await frames(house, found)
    before, stop = await steady(), asyncio.Event()
    watch = asyncio.create_task(worst_gap(stop))
    await asyncio.to_thread(lock)
    await frames(house, found)
    try:
        await asyncio.wait_for(store.secrets.set("alice", "gemini", "another-key"), 40)
    except KeyringUnavailable as error:
        found["refused"] = str(error)
    await frames(house, found)
    await store.secrets.set("alice", "gemini", KEY, session_only=True)
    found["for_this_session"] = "ok"
    stop.set()
    found["worst_gap_s"] = await watch
    await settled(before)
    found |= {"before": asdict(before), "after": asdict(counted())}
    found["keys"] = sorted({call.headers["x-goog-api-key"] for call in fake["gemini"].calls})


async def frames(house: House, found: dict[str, Any]) -> None:
    for _ in range(2):
        _, body = await house.post()
        found["answers"].append(body["answered_by"])


async def main() -> None:
    found: dict[str, Any] = {"answers": [], "states": [], "refused": ""}
    application.on_device.available = lambda: False  # type: ignore[attr-defined]
    photo = rig.PHOTO.read_bytes()
    async with FakeProviders() as fake, opened(Path(sys.argv[1]), fake.base_url, photo) as house:
        await live(house, fake, found)
    print(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())
