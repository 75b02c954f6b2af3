"""Whether a newer release is out: where the owner wants it, one GET a day that says nothing of this household.

Where releases are told is known to a copy that was built for one (``resources/releases.txt``, GitHub's API:
https://docs.github.com/rest/releases/releases#get-the-latest-release); one run from source knows nothing of it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.core.errors import FrameBackendError, ProviderError
from app.core.events import Bus, ReleaseChecked, SettingsChanged
from app.core.sentence import Sentence
from app.core.settings import is_web
from app.core.tasks import Background
from app.files import move
from app.log import FOR_THE_FILE
from app.paths import resource
from app.providers.http_client import Client
from app.providers.json_reader import NotReadableError, whole_value
from app.providers.transport import call
from app.store import Store

log = logging.getLogger(__name__)

SWITCH = "updates.look"
DAY_S = 24 * 3_600.0
WAKE_EVERY_S = 3_600.0
"""A laptop sleeps through a day's wait; its clock on the wall does not. What came to nothing is tried again then."""
LIMIT_S = 20.0
_MOST_BYTES = 2**20
"""GitHub tells of every file of a release."""
_VERSION = re.compile(r"v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})")
_OFF = ReleaseChecked(Sentence("Nothing is looked up."))
_UNKNOWN = ReleaseChecked(Sentence("This copy does not know where its releases are."))


class NoReleaseFound(FrameBackendError):
    """What came back tells of no release."""


@dataclass(frozen=True, slots=True)
class Release:
    """``version``: three numbers with dots between. ``page``: where a browser finds it, https."""

    version: str
    page: str


@dataclass(frozen=True, slots=True)
class _Look:
    """The last one that came to something. ``at``: Unix time in seconds."""

    at: float
    release: Release


class Releases(Background):
    """``address``: where the newest release is told, empty where nobody knows. ``memory``: the file of the last look.

    ``state``: what is known, as last told.
    """

    name = "look for a newer release"

    def __init__(self, client: Client, store: Store, bus: Bus, *, address: str, memory: Path, version: str) -> None:
        self._client, self._settings, self._bus = client, store.settings, bus
        self._address, self._memory, self._version = address, memory, version
        self.state = _OFF if address else _UNKNOWN
        self._wake = asyncio.Event()
        bus.subscribe(SettingsChanged, self._settings_changed)

    def _settings_changed(self, event: SettingsChanged) -> None:
        if event.key in ("", SWITCH):
            self._wake.set()

    async def _run(self) -> None:
        if not self._address:
            return
        look = await asyncio.to_thread(_read, self._memory)
        while True:
            self._wake.clear()
            if not self._settings.flag(SWITCH):
                self._tell(_OFF)
            elif look is not None and 0 <= time.time() - look.at < DAY_S:
                self._tell(self._known(look.release))
            else:
                look = await self._look() or look
            with suppress(TimeoutError):
                async with asyncio.timeout(WAKE_EVERY_S):
                    await self._wake.wait()

    async def _look(self) -> _Look | None:
        try:
            release = await self._newest()
        except (ProviderError, NoReleaseFound) as error:
            self._tell(ReleaseChecked(Sentence("It could not be looked up: {reason}", reason=error.sentence)))
            return None
        look = _Look(time.time(), release)
        self._tell(self._known(release))
        await asyncio.to_thread(_write, self._memory, look)
        return look

    async def _newest(self) -> Release:
        label = "The list of releases"
        try:
            async with asyncio.timeout(LIMIT_S):
                headers = {"Accept": "application/vnd.github+json"}
                reply = await call(self._client, label, self._address, headers, most_bytes=_MOST_BYTES)
        except TimeoutError:
            raise NoReleaseFound("Nobody answered within {limit} seconds.", limit=f"{LIMIT_S:g}") from None
        if reply.status != 200:
            raise NoReleaseFound("It was answered with status {status}.", status=reply.status)
        try:
            found = whole_value(reply.body.decode("utf-8", "replace"))
        except NotReadableError:
            found = None
        release = _release(found)
        if release is None:
            raise NoReleaseFound("What came back tells of no release.")
        return release

    def _known(self, release: Release) -> ReleaseChecked:
        if _numbers(release.version) > _numbers(self._version):
            return ReleaseChecked(Sentence("Version {version} is out.", version=release.version), release.page)
        return ReleaseChecked(Sentence("This is the newest version."))

    def _tell(self, state: ReleaseChecked) -> None:
        if state != self.state:
            self.state = state
            self._bus.publish(state)


def releases_address() -> str:
    """From the file that a build for a release holds; empty elsewhere. It is in nobody's hands but the builder's."""
    told = resource("releases.txt")
    return told.read_text(encoding="ascii").strip() if told.is_file() else ""


def _release(told: object) -> Release | None:
    """From GitHub's JSON; None for anything else."""
    if not isinstance(told, dict):
        return None
    tag, page = told.get("tag_name"), told.get("html_url")
    if not isinstance(tag, str) or not isinstance(page, str) or not page.isprintable():
        return None
    try:
        url = urlsplit(page)
        is_page = is_web(url) and url.scheme == "https"
    except ValueError:
        return None
    return Release(".".join(map(str, _numbers(tag))), page) if is_page and _VERSION.fullmatch(tag) else None


def _numbers(version: str) -> tuple[int, ...]:
    """Of ``v1.2.3``; nothing of another form: a trial version is nobody's next one."""
    found = _VERSION.fullmatch(version)
    return tuple(map(int, found.groups())) if found else ()


def _read(memory: Path) -> _Look | None:
    """None without a file, and for one that says nothing."""
    try:
        told = json.loads(memory.read_text(encoding="utf-8"))
        release = _release({"tag_name": told["version"], "html_url": told["page"]})
        return _Look(float(told["at"]), release) if release else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _write(memory: Path, look: _Look) -> None:
    """A disk that takes it not costs a further look after the next start, and is told of elsewhere."""
    new = memory.with_suffix(".new")
    told = {"at": look.at, "version": look.release.version, "page": look.release.page}
    try:
        new.write_text(json.dumps(told), encoding="utf-8")
        move(new, memory)
    except OSError as error:
        log.info(
            Sentence("What was found of releases could not be kept: {reason}.", reason=error.strerror or error),
            extra=FOR_THE_FILE,
        )
