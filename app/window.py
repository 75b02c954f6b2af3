"""The window's half of the composition root: hands the running program to the user interface."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import FrameBackendError
from app.core.tasks import crash_of, spawn
from app.paths import DataFolder
from app.ui import run as ui
from app.ui.services import Services

if TYPE_CHECKING:
    from app.application import Application, Companion


@dataclass(frozen=True, slots=True)
class Opened:
    """The opened program as ``app.ui`` takes it."""

    services: Services
    application: Application

    async def close(self) -> None:
        await self.application.close()


def say_why_not(error: FrameBackendError) -> int:
    """Show a window with nothing behind it that says why, until it is closed; the exit status."""

    async def refuse() -> Opened:
        raise error

    return ui.run(refuse)


def run(
    folder: DataFolder,
    *,
    host: str | None,
    port: int | None,
    companion: Companion | None = None,
    hidden: bool = False,
) -> int:
    """Show the window until the program is quit; the exit status. ``hidden``: begin in the tray."""
    settings_path = folder.root / "window.ini"
    # where the system has its own places it finds them again; a companion's folder is thrown away
    told_folder = None if folder.log_root is not None or companion is not None else folder.root

    work: list[asyncio.Task[None]] = []

    async def open_application() -> Opened:
        # after the first paint: it brings aiohttp, peewee and Pillow
        from app.application import Application
        from app.login_start import login_start

        application = Application(folder, host=host, port=port)
        try:
            await application.open()
        except BaseException:
            await application.close()
            raise
        if companion is not None:
            rides = spawn(companion.run(application), name="the window's companion")
            rides.add_done_callback(lambda ended: companion.finished.set() if crash_of(ended) else None)
            work.append(rides)
        services = Services(
            bus=application.bus,
            store=application.store,
            control=application.server,
            providers=application.providers,
            settings_path=settings_path,
            try_out=application.try_out,
            spending=application.spending,
            login_start=login_start(told_folder),
            folder=folder,
            trust=application.trust,
            learning=application.learning,
            webhook=application.webhook,
            mqtt=application.mqtt,
            releases=application.releases,
        )
        return Opened(services, application)

    quit_after = companion.finished if companion is not None else None
    status = ui.run(
        open_application,
        settings_path=settings_path,
        quit_after=quit_after,
        data_folder=folder.root,
        hidden=hidden,
        greet=companion is None,
    )
    return 1 if any(crash_of(one) for one in work) else status
