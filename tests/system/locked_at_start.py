"""The program started on a locked keyring: ``python -m tests.system.locked_at_start FOLDER``.

Run in a D-Bus session with an unlocked gnome-keyring; prints what was found as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import secretstorage
from secretstorage.util import DBusAddressWrapper, format_secret, open_session

from app import application
from app.application import Application
from app.core.events import KeyringChecked
from app.paths import DataFolder
from tests import rig
from tests.fakes import FakeProviders
from tests.system.house import House, opened
from tests.system.locked_keyring import KEY, lock, worst_gap

PASSWORD = b"pw\n"


def unlock() -> None:
    """As the system's dialog does once its owner has typed the password."""
    with closing(secretstorage.dbus_init()) as connection:
        secret = format_secret(open_session(connection), PASSWORD, "text/plain")
        interface = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
        service = DBusAddressWrapper("/org/freedesktop/secrets", interface, connection)
        service.call("UnlockWithMasterPassword", "o(oayays)", "/org/freedesktop/secrets/collection/login", secret)


async def start_again(folder: Path, photo: bytes, found: dict[str, Any]) -> None:
    program = Application(DataFolder(folder), host="127.0.0.1", port=0)
    program.bus.subscribe(KeyringChecked, lambda checked: found["states"].append([checked.usable, checked.is_locked]))
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
    house, stop = House(program, session, photo), asyncio.Event()
    watch = asyncio.create_task(worst_gap(stop))
    begun = time.monotonic()
    try:
        await program.open()
        await program.server.start()
        found["listens_after_s"] = time.monotonic() - begun
        while not program.store.secrets.state.is_locked:
            await asyncio.sleep(0.02)
        await asyncio.sleep(1.0)  # the dialog has no display to be shown on
        for _ in range(5):
            found["locked"].append(await asked(house))
        await asyncio.to_thread(unlock)
        found["unlocked"] = await asked(house)
    finally:
        stop.set()
        found["worst_gap_s"] = await watch
        await program.close()
        await session.close()


async def asked(house: House) -> list[Any]:
    status, body = await house.post()
    return [status, body["code"], body["answered_by"] if status == 200 else body["error"]]


async def main() -> None:
    found: dict[str, Any] = {"states": [], "locked": []}
    application.on_device.available = lambda: False  # type: ignore[attr-defined]
    photo, folder = rig.PHOTO.read_bytes(), Path(sys.argv[1])
    async with FakeProviders() as fake:
        async with opened(folder, fake.base_url, photo) as house:
            await house.application.store.secrets.set("alice", "gemini", KEY)
        await asyncio.to_thread(lock)
        await start_again(folder, photo, found)
    print(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())
