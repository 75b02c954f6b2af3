"""The window's half of the composition root: hands the running program to the user interface."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.core.tasks import spawn
from app.paths import DataFolder
from app.ui import run as ui
from app.ui.services import Services, Vendor

if TYPE_CHECKING:
    from app.application import Application


class Companion(Protocol):
    """Something that rides along with the window and may end it: the demo's glasses, a bench's watch."""

    finished: asyncio.Event

    async def run(self, application: Application) -> None: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """The opened program as ``app.ui`` takes it."""

    services: Services
    application: Application

    async def close(self) -> None:
        await self.application.close()


def run(folder: DataFolder, *, host: str | None, port: int | None, companion: Companion | None = None) -> int:
    """Show the window until it is closed; the exit status."""
    settings_path = folder.root / "window.ini"

    async def open_application() -> Opened:
        # after the first paint: it brings aiohttp, httpx, peewee and Pillow
        from app.application import Application

        application = Application(folder, host=host, port=port)
        try:
            await application.open()
        except BaseException:
            await application.close()
            raise
        if companion is not None:
            spawn(companion.run(application), name="the window's companion")
        services = Services(
            bus=application.bus,
            store=application.store,
            control=application.server,
            examine=application.examine,
            vendors=_vendors(),
            lights=application.health.lights,
            settings_path=settings_path,
        )
        return Opened(services, application)

    quit_after = companion.finished if companion is not None else None
    return ui.run(open_application, settings_path=settings_path, quit_after=quit_after)


def _vendors() -> tuple[Vendor, ...]:
    from app.providers import PRESETS, PROVIDERS

    presets = {preset.label: preset.base_url for preset in PRESETS}
    return tuple(
        Vendor(
            name=vendor.name,
            label=vendor.label,
            key_url=vendor.key_page,
            default_model=vendor.model,
            needs_key=bool(vendor.key_variable),
            presets=presets if vendor.name == "custom" else {},
        )
        for vendor in PROVIDERS
    )
