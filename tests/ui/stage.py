"""What the window's tests play on: the window, a real store, a server that only says it listens, and frames to show."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget

from app.core.control import LanAddress
from app.core.cost.budget import Spending
from app.core.cost.pricing import Price, PriceOf, find_price
from app.core.errors import FrameBackendError, FrameError, NoAnswer, ServerError
from app.core.events import (
    Bus,
    FrameAnswered,
    FrameFailed,
    FrameReceived,
    MqttChanged,
    ProviderLightChanged,
    ReleaseChecked,
    ServerState,
    ServerStateChanged,
)
from app.core.frame import Answer, Attempt, Frame, Measures, Picture, Profile
from app.core.provider import ProviderConfig
from app.core.provider_check import ProviderCheck
from app.core.routing.health import Standing
from app.core.routing.replay import Forecast
from app.core.routing.trust import Trust
from app.core.sentence import Sentence
from app.core.tasks import cancel_all
from app.core.vendor_info import LocalModel, PresetInfo, VendorInfo
from app.paths import DataFolder
from app.store import Store
from app.ui.services import Services
from app.ui.shell.main_window import MainWindow
from app.ui.support.theme import Theme
from app.ui.tab import Tab
from app.ui.tabs import BEHIND_THE_SCENES, HOME, TABS
from tests.ui import presses

PHOTO = (Path(__file__).parents[1] / "data/images/frame_pink_lines.jpg").read_bytes()
URL = "http://192.168.0.10:7175"
PROVIDERS = (
    ProviderConfig("gemini", "gemini", "https://g.test/v1beta", "g-1"),
    ProviderConfig("qwen", "qwen", "https://q.test/v1", "q-1"),
    ProviderConfig("on_device", "on_device"),
)
PRICES = (Price("g-1", 0.3, 2.5, "2026-10-07"), Price("q-1", 0.15, 0.47, "2026-11-25"))
PRICE_LIST: PriceOf = partial(find_price, prices={price.model: price for price in PRICES})
G4F_NOTE = Sentence("Passes your pictures to third parties nobody here knows. Slow, and often down.")
VENDORS = (
    VendorInfo(
        "gemini",
        "Google Gemini",
        "GEMINI_API_KEY",
        "https://g.test/keys",
        free_pace=(12, 450),
        good_at=Sentence("Quick, and good at most things."),
    ),
    VendorInfo(
        "qwen",
        "Alibaba Qwen",
        "DASHSCOPE_API_KEY",
        "https://q.test/keys",
        good_at=Sentence("Good at translating, and at reading Chinese."),
    ),
    VendorInfo(
        "custom",
        "Custom",
        presets=(
            PresetInfo("lm_studio", "LM Studio", "http://localhost:1234/v1"),
            PresetInfo("g4f", "g4f", "http://localhost:1337/v1", G4F_NOTE),
            PresetInfo("other", "Other"),
        ),
    ),
    VendorInfo("on_device", "On this computer"),
)
VARIABLES = {"qwen": ("DASHSCOPE_API_KEY",)}
_numbers = itertools.count(1)
W = TypeVar("W", bound=QWidget)


@contextmanager
def case(*what: object) -> Iterator[None]:
    """One of several that a scene goes through, a window for each being dear: a failure names it."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"in the case of {', '.join(repr(one)[:80] for one in what)}")
        raise


class Control:
    """A ``ServerControl`` that binds nothing. ``fails``: the sentence of the error that the next start ends in."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.fails = ""
        self.state: ServerState = "stopped"
        self.url = self.sentence = ""
        self.heard: dict[str, datetime] = {}
        self.free_port, self.free_host = 7176, ""
        self.failure: ServerError | None = None
        self.followed: list[str] = []
        self.invited: set[str] = set()
        self.used = 0
        self.port: Callable[[], int] = lambda: 7175
        self.known_addresses = (
            LanAddress("192.168.0.10", URL, "Wi-Fi", "lan"),
            LanAddress("10.8.0.2", "http://10.8.0.2:7175", "tun0", "vpn"),
            LanAddress("172.17.0.1", "http://172.17.0.1:7175", "docker0", "container"),
        )

    def follow(self, *keys: str) -> None:
        self.followed += keys

    async def addresses(self) -> tuple[LanAddress, ...]:
        return self.known_addresses

    def last_heard(self) -> dict[str, datetime]:
        return self.heard

    def invite(self, username: str) -> str:
        self.invited.add(username)
        return f"code-of-{username}-{self.used}" if self.used else f"code-of-{username}"

    def end_invitations(self) -> None:
        self.invited.clear()

    async def trouble_ahead(self) -> Sentence:
        return Sentence(self.fails)

    async def next_free_port(self) -> int:
        return self.free_port

    async def start(self) -> None:
        self._become("starting")
        await asyncio.sleep(0)
        if self.fails:
            self.failure = ServerError(self.fails, free_port=self.free_port, free_host=self.free_host)
            self._become("error", sentence=self.fails)
            raise self.failure
        self._become("running", URL.replace("7175", str(self.port())))

    async def stop(self) -> None:
        if self.state == "running":
            self._become("stopping")
            await asyncio.sleep(0)
        self._become("stopped")

    def _become(self, state: ServerState, url: str = "", sentence: str = "") -> None:
        self.state, self.url, self.sentence = state, url, sentence
        self.failure = self.failure if state == "error" else None
        self._bus.publish(ServerStateChanged(state, url, sentence))


@dataclass
class Providers:
    """What is told of each is what a test puts here."""

    vendors: tuple[VendorInfo, ...] = VENDORS
    calls: dict[str, int] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    checked: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    local: tuple[LocalModel, ...] = ()
    adopted: list[LocalModel] = field(default_factory=list)
    adopting: Callable[[LocalModel], Awaitable[ProviderCheck]] | None = None

    async def check(self, name: str, username: str | None = None, key: str | None = None) -> ProviderCheck:
        self.checked.append((name, username, key))
        await asyncio.sleep(0.02)
        return ProviderCheck(name, True, f"{name} works.", ("g-2", "g-3"), True, 12)

    async def local_models(self) -> tuple[LocalModel, ...]:
        await asyncio.sleep(0)
        return tuple(model for model in self.local if model not in self.adopted)

    async def adopt(self, model: LocalModel) -> ProviderCheck:
        assert self.adopting is not None
        found = await self.adopting(model)
        self.adopted.append(model)
        return found

    def lights(self) -> dict[str, ProviderLightChanged]:
        return {}

    def calls_today(self, name: str) -> int:
        return self.calls.get(name, 0)

    def standing(self, name: str) -> Standing:
        needs_key = any(vendor.name == name and vendor.needs_key for vendor in self.vendors)
        return self.standings.get(name, Standing(needs_key=needs_key))


@dataclass
class Learning:
    """Has learned what a test puts here; notes whose order it was asked for."""

    told: Forecast | None = None
    asked: list[list[str]] = field(default_factory=list)

    async def forecast(self, names: Sequence[str]) -> Forecast | None:
        self.asked.append(list(names))
        await asyncio.sleep(0)
        return self.told


class Webhook:
    """What posts each answer; its tests are kept. ``fails``: the sentence of the error that the next one ends in."""

    def __init__(self) -> None:
        self.fails, self.tested = "", list[str]()

    async def test(self, username: str) -> Sentence:
        self.tested.append(username)
        if self.fails:
            raise FrameBackendError(self.fails)
        return Sentence("{host} took the test, which was signed.", host="hook.test")


class Releases:
    """``state`` as the test has it."""

    def __init__(self) -> None:
        self.state = ReleaseChecked(Sentence("Nothing is looked up."))


class Mqtt:
    """As ``Webhook``; ``state`` as the test has it."""

    def __init__(self) -> None:
        self.fails, self.tested = "", 0
        self.state = MqttChanged(Sentence("MQTT is switched off."), is_well=None)

    async def test(self) -> Sentence:
        self.tested += 1
        if self.fails:
            raise FrameBackendError(self.fails)
        return Sentence("{host} took the test.", host="broker.test")


class LoginStart:
    """The system's entry, kept in memory."""

    def __init__(self) -> None:
        self.on = False

    def is_on(self) -> bool:
        return self.on

    def set_on(self, on: bool) -> None:
        self.on = on


class TryOut:
    """Answers with ``attempts``, one after the other; notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[bytes, str, str | None]] = []
        self.attempts: tuple[Attempt, ...] = ()

    async def __call__(self, upload: bytes, username: str, prompt: str | None) -> AsyncIterator[Attempt]:
        self.asked.append((upload, username, prompt))
        for attempt in self.attempts:
            await asyncio.sleep(0.01)
            yield attempt


@dataclass
class Stage:
    """``click`` presses as a mouse does; ``until`` waits for what a press or an event brings about."""

    bus: Bus
    store: Store
    control: Control
    services: Services
    window: MainWindow
    login_start: LoginStart
    try_out: TryOut
    providers: Providers
    learning: Learning
    webhook: Webhook
    mqtt: Mqtt

    @classmethod
    @asynccontextmanager
    async def open(
        cls, folder: Path, theme: Theme, profiles: Sequence[str], tab: str, tabs: tuple[type[Tab], ...] = TABS
    ) -> AsyncIterator[Stage]:
        bus = Bus()
        async with await Store.open(
            folder / "data",
            bus,
            default_providers=PROVIDERS,
            key_variables=lambda name: VARIABLES.get(name, ()),
            environ={},
            read_prices=lambda: PRICE_LIST,
        ) as store:
            await store.prices.ready()
            for name in profiles:
                await store.profiles.add(name)
            control, window = Control(bus), MainWindow(theme)
            control.port = partial(store.settings.integer, "network.port")
            providers, login_start, try_out, learning = Providers(), LoginStart(), TryOut(), Learning()
            services = Services(
                bus, store, control, providers, folder / "window.ini", try_out, Spending(bus), login_start,
                DataFolder(folder / "data"), Trust(store.labels, bus), learning,
                webhook := Webhook(), mqtt := Mqtt(), Releases(),
            )  # fmt: skip
            window.show()
            home, behind = (tuple(kind for kind in tabs if kind in room) for room in (HOME, BEHIND_THE_SCENES))
            window.open(services, home, behind)
            window.go_to(tab)
            presses.watch(window)
            on = cls(bus, store, control, services, window, login_start, try_out, providers, learning, webhook, mqtt)
            try:
                yield on
            finally:
                await on._close()

    async def _close(self) -> None:
        self.window.hide()
        self.window.shut()
        await cancel_all()
        self.window.deleteLater()

    def tab(self, kind: type[W]) -> W:
        return next(tab for tab in self.window.tabs if isinstance(tab, kind))

    def shown_tab(self) -> Tab:
        return self.window.tabs[self.window.pages.currentIndex()]

    def click(self, button: QAbstractButton) -> None:
        assert button.isEnabled(), f"{button.text() or button.accessibleName()} is disabled"
        assert button.isVisible(), f"{button.text() or button.accessibleName()} is not visible"
        presses.note(button)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    async def press(self, button: QAbstractButton) -> None:
        """As ``click``, once it can be pressed: a person waits for it too."""
        with suppress(TimeoutError):
            await self.until(lambda: button.isVisible() and button.isEnabled())
        self.click(button)  # says what it lacks

    async def until(self, holds: Callable[[], object]) -> None:
        await until(holds)

    async def dialog(self, kind: type[W]) -> W:
        """The open dialog of that kind, awaited."""

        def found() -> list[W]:
            tops = [top for top in QApplication.topLevelWidgets() if isinstance(top, kind) and top.isVisible()]
            assert all(isinstance(top, QDialog) for top in tops)
            return tops

        await self.until(found)
        presses.watch(found()[0])
        return found()[0]

    async def closed(self, dialog: QDialog) -> None:
        await self.until(lambda: dialog not in QApplication.topLevelWidgets() or not dialog.isVisible())

    # --- frames --------------------------------------------------------------------------------------------------

    def profile(self, username: str) -> Profile:
        return self.store.profiles.get(username)

    def receive(self, username: str, jpeg: bytes = PHOTO) -> Frame:
        """A frame has come in and is being asked about."""
        frame = new_frame(self.profile(username))
        self.bus.publish(FrameReceived(frame, picture(jpeg)))
        return frame

    def answer(self, username: str, text: str = "A red mug.", jpeg: bytes = PHOTO, **more: object) -> Frame:
        """A frame came in and was answered."""
        frame = self.receive(username, jpeg)
        self.bus.publish(FrameAnswered(frame, new_answer(text, **more)))
        return frame

    def fail(self, username: str, error: FrameError | None = None) -> Frame:
        frame = self.receive(username)
        self.bus.publish(FrameFailed(frame, error or NoAnswer(attempts=(Attempt("gemini", "g-1", "overload", 90),))))
        return frame


async def until(holds: Callable[[], object], limit_s: float = 15.0) -> None:
    """Wait for what can only be looked at: a widget has no event for everything."""
    async with asyncio.timeout(limit_s):
        while not holds():
            await asyncio.sleep(0.005)


def new_frame(profile: Profile) -> Frame:
    return Frame(f"frame-{next(_numbers):06d}", profile, "What is this?", b"upload", "192.168.0.12")


def picture(jpeg: bytes = PHOTO) -> Picture:
    return Picture(jpeg, "", 720, 720, Measures(b"", 128.0, 0.0, 0.0, 300.0))


def new_answer(text: str, **more: object) -> Answer:
    attempts = (
        Attempt("gemini", "g-1", "unsure", 812, 0.6, answer="A mug.", full_answer="A mug, perhaps."),
        Attempt("qwen", "q-1", "skipped", why="no key"),
    )
    given: dict[str, object] = {
        "full_text": f"{text} In full.", "code": "ok", "answered_by": "gemini", "confidence": 0.92, "latency_ms": 1_240,
        "attempts": attempts,
    }  # fmt: skip
    return Answer(text, **(given | more))  # type: ignore[arg-type]
