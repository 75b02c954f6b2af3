"""Who plays in the tests of the cascade: providers by script, a journal and a memory of lists, and virtual time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Any

from app.core import errors, events
from app.core.cost.budget import Spending
from app.core.cost.pricing import Price
from app.core.errors import FrameError, ProviderError
from app.core.frame import Answer, Frame, Measures, Picture, Profile, Usage
from app.core.ports import Lesson, SavedCooldown
from app.core.provider import Capabilities, Learned, Meter, ProviderConfig, Question, Reply, Seat
from app.core.routing.audits import Audits
from app.core.routing.calibration import Calibration
from app.core.routing.gate import Gate
from app.core.routing.health import Health
from app.core.routing.labels import Label, Signs
from app.core.routing.learned_order import Habits
from app.core.routing.pipeline import Pipeline
from app.core.routing.provider_calls import ProviderCalls
from app.core.routing.router import Router
from app.core.routing.witness import Witness
from app.core.settings import Settings
from app.core.tasks import spawn

START_S = 1_000.0
"""Where every virtual clock starts."""

PROVIDER_ERRORS: tuple[type[ProviderError], ...] = (
    errors.AuthError, errors.RegionError, errors.BillingError, errors.RateError, errors.QuotaError,
    errors.OverloadError,
    errors.CallTimeoutError, errors.BadReplyError, errors.ModelGoneError, errors.NoVisionError, errors.BadRequestError,
    errors.BlockedError, errors.TruncatedError, errors.EmptyReplyError, errors.ImageRejectedError,
)  # fmt: skip
"""One for each word."""


# --- time -------------------------------------------------------------------------------------------------------------


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop that never waits: with nothing to do its time jumps to the next timer. Threads run in line."""

    def __init__(self) -> None:
        super().__init__()
        self._now = START_S

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        loop: Any = self
        if not loop._ready and not loop._stopping:
            due = [timer.when() for timer in loop._scheduled if not timer.cancelled()]
            if not due:
                raise RuntimeError("nothing on this loop will ever happen again")
            self._now = max(self._now, min(due))
        loop_class: Any = super()
        loop_class._run_once()

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future


@dataclass(slots=True)
class Clock:
    """The running loop's virtual time, or a hand-moved one; ``advance`` moves either between two frames."""

    moved_s: float = 0.0
    epoch: float = 1_780_000_000.0

    def __call__(self) -> float:
        try:
            return asyncio.get_running_loop().time() + self.moved_s
        except RuntimeError:
            return START_S + self.moved_s

    def wall(self) -> float:
        return self.epoch + self() - START_S

    def advance(self, seconds: float) -> None:
        self.moved_s += seconds


async def settle() -> None:
    """Let every task that can run now run as far as it can, without time passing."""
    for _ in range(20):
        await asyncio.sleep(0)


def start(work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    return spawn(work, name="test")


# --- pictures and frames ----------------------------------------------------------------------------------------------


def measures(**changed: Any) -> Measures:
    """Of a good photo: mid grey, sharp."""
    good = Measures(grid=bytes([128]) * 3072, brightness=128.0, dark_share=0.0, bright_share=0.0, sharpness=500.0)
    return replace(good, **changed)


def picture(**changed: Any) -> Picture:
    return Picture(b"\xff\xd8jpeg\xff\xd9", "/9hqcGVn/9k=", 720, 720, measures(**changed))


DARK = {"brightness": 3.0, "dark_share": 1.0, "sharpness": 0.5}


def profile(**changed: Any) -> Profile:
    return replace(Profile(1, "alice"), **changed)


def frame(prompt: str = "What is this?", frame_id: str = "f1", **of_profile: Any) -> Frame:
    return Frame(frame_id, profile(**of_profile), prompt, b"upload")


# --- providers --------------------------------------------------------------------------------------------------------


def says(answer: str, confidence: float | None = 0.5, **fields: Any) -> Reply:
    """A structured reply; a confidence of None leaves the field out."""
    full = f"{answer} (long)" if answer else ""
    told: dict[str, Any] = {"answer": answer, "full_answer": full, "kind": "scene", "image_ok": True}
    if confidence is not None:
        told |= {"confidence": confidence, "needs_help": False}
    return Reply(str(told | fields), told | fields)


def verdict(best: str, why: str = "it fits", merged: str = "") -> Reply:
    return Reply("", {"best": best, "why": why, "merged": merged})


@dataclass
class Coming:
    """What a scripted provider says after its words: ``outcome``, ``after_s`` later; None never comes."""

    after_s: float
    outcome: Reply | ProviderError | None
    closed: bool = False
    grows: Mapping[float, str] = field(default_factory=dict)
    """By seconds from when somebody listens: what its long form is then."""

    def listen(self, hears: Callable[[str], None]) -> None:
        for after_s, grown in self.grows.items():
            asyncio.get_running_loop().call_later(after_s, hears, grown)

    async def whole(self) -> Reply:
        await asyncio.sleep(1e6 if self.outcome is None else self.after_s)
        if isinstance(self.outcome, Reply):
            return self.outcome
        assert self.outcome is not None
        raise self.outcome

    def close(self) -> None:
        self.closed = True


def early(reply: Reply, after_s: float, full_answer: str | ProviderError | None) -> Reply:
    """``reply`` without its long form, which comes ``after_s`` later; None: never."""
    assert reply.fields is not None
    fields = {name: value for name, value in reply.fields.items() if name != "full_answer"}
    outcome: Reply | ProviderError | None
    if isinstance(full_answer, str):
        outcome = replace(reply, fields=fields | {"full_answer": full_answer}, usage=Usage(600, 230))
    else:
        outcome = full_answer
    return replace(reply, fields=fields, usage=Usage(), rest=Coming(after_s, outcome))


@dataclass(frozen=True, slots=True)
class Late:
    """A step that takes ``after_s``; the outcome None never comes."""

    after_s: float
    outcome: Reply | BaseException | None = None


HANG = Late(1e6)
Step = Reply | BaseException | Late | Callable[[Question], Reply]


@dataclass(frozen=True, slots=True)
class Call:
    question: Question
    key: str
    learned: Learned
    at: float

    @property
    def as_judge(self) -> bool:
        return self.question.schema_name == "verdict"


@dataclass
class ScriptedProvider:
    """Plays its steps one call after the other, the last one for ever; ``judge`` is its script for verdicts."""

    name: str
    steps: tuple[Step, ...] = ()
    judge: tuple[Step, ...] = ()
    needs_key: bool = True
    is_local: bool = False
    can_judge: bool = True
    reset_zone: str = "UTC"
    models: tuple[str, ...] | ProviderError = ()
    overrides: Mapping[str, Any] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    cancelled: int = 0
    listed: int = 0
    said_chars: int = 0

    @property
    def config(self) -> ProviderConfig:
        basic = ProviderConfig(self.name, self.name, f"https://{self.name}.test/v1", f"{self.name}-1")
        return replace(basic, **self.overrides)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(self.needs_key, self.is_local, self.can_judge, self.reset_zone)

    async def ask(self, question: Question, key: str, learned: Learned, meter: Meter | None = None) -> Reply:
        call = Call(question, key, learned, asyncio.get_running_loop().time())
        self.calls.append(call)
        if meter is not None:
            meter.output_chars = self.said_chars
        script = self.judge if call.as_judge else self.steps
        assert script, f"{self.name} was not to be asked{' to judge' if call.as_judge else ''}"
        nth = sum(1 for made in self.calls if made.as_judge == call.as_judge)
        return await self._play(script[min(nth, len(script)) - 1], question)

    async def _play(self, step: Step, question: Question) -> Reply:
        if isinstance(step, Late):
            try:
                await asyncio.sleep(step.after_s)
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
            assert step.outcome is not None
            step = step.outcome
        if isinstance(step, BaseException):
            raise step
        return step if isinstance(step, Reply) else step(question)

    async def list_models(self, key: str) -> tuple[str, ...]:
        self.listed += 1
        if isinstance(self.models, ProviderError):
            raise self.models
        return self.models

    def pick_model(self, models: tuple[str, ...]) -> str:
        return models[0] if models else ""


def provider(name: str, *steps: Step, **how: Any) -> ScriptedProvider:
    return ScriptedProvider(name, steps, **how)


def reader(*steps: Step, **how: Any) -> ScriptedProvider:
    """The on-device reader's stand-in."""
    return ScriptedProvider("on_device", steps, needs_key=False, can_judge=False, **how)


def seat(of: ScriptedProvider, key: str | None = None) -> Seat:
    return Seat(of, key if key is not None else f"key-{of.name}" if of.needs_key else "")


def seats(*providers: ScriptedProvider) -> tuple[Seat, ...]:
    return tuple(seat(one) for one in providers)


# --- the store's stand-ins --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    frame: Frame
    picture: Picture | None
    ending: Answer | FrameError
    latency_ms: int


@dataclass
class MemoryJournal:
    rows: list[Row] = field(default_factory=list)
    completed: list[Answer | FrameError] = field(default_factory=list)
    takes_s: float = 0.0
    told: list[str] | None = None

    async def record(self, frame: Frame, picture: Picture | None, ending: Answer | FrameError, latency_ms: int) -> None:
        if self.takes_s:
            await asyncio.sleep(self.takes_s)
        self.rows.append(Row(frame, picture, ending, latency_ms))
        if self.told is not None:
            self.told.append("recorded")

    def complete(self, frame: Frame, ending: Answer | FrameError) -> None:
        self.completed.append(ending)

    @property
    def endings(self) -> list[str]:
        return [row.ending.code for row in self.rows]


@dataclass
class MemoryHealth:
    kept: dict[tuple[str, str], SavedCooldown] = field(default_factory=dict)
    taught: dict[str, Lesson] = field(default_factory=dict)
    counts: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def cooldowns(self) -> Iterable[SavedCooldown]:
        return list(self.kept.values())

    def save_cooldown(self, cooldown: SavedCooldown) -> None:
        self.kept[cooldown.provider, cooldown.key_id] = cooldown

    def forget_cooldown(self, provider: str, key_id: str) -> None:
        self.kept.pop((provider, key_id), None)

    def lessons(self) -> Iterable[Lesson]:
        return list(self.taught.values())

    def save_lesson(self, lesson: Lesson) -> None:
        self.taught[lesson.provider] = lesson

    def day_counts(self) -> Mapping[tuple[str, str, str], int]:
        return dict(self.counts)

    def save_day_count(self, provider: str, key_id: str, day: str, calls: int) -> None:
        self.counts[provider, key_id, day] = calls

    @property
    def words(self) -> set[str]:
        return {cooldown.word for cooldown in self.kept.values()}


@dataclass
class MemoryLabels:
    kept: list[Label] = field(default_factory=list)

    async def labels(self) -> Sequence[Label]:
        return self.kept

    def save_label(self, label: Label) -> None:
        self.kept.append(label)


# --- all of it together -----------------------------------------------------------------------------------------------


class House:
    """The whole core on virtual time, and everything it published."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.settings = Settings()
        self.memory = MemoryHealth()
        self.journal = MemoryJournal()
        self.labels = MemoryLabels()
        self.jitter = 0.0
        self.prices: dict[str, Price] = {}
        self.trusts: dict[str, float] = {}
        self.calibration = Calibration()
        self.habits = Habits()
        self.chain: tuple[Seat, ...] = ()
        self.unlocked: tuple[Seat, ...] = ()
        self.waited_s = 0.0
        self.is_reader_idle = True
        self.photo: Picture | FrameError = picture()
        self.wake()

    def wake(self) -> None:
        """Start the core; a second call is a restart with the same store."""
        self.bus, self.heard = events.Bus(), list[Any]()
        for kind in vars(events).values():
            if isinstance(kind, type) and kind.__module__ == events.__name__ and kind is not events.Bus:
                self.bus.subscribe(kind, self.heard.append)
        self.health = Health(
            self.memory, self.bus, monotonic=self.clock, wall=self.clock.wall, jitter=lambda: self.jitter
        )
        self.spending = Spending(self.bus, wall=self.clock.wall)
        self.calls = calls = ProviderCalls(
            self.health, self.settings, self.bus,
            spending=self.spending, price_of=self.prices.get, trust_of=self._trust_of, monotonic=self.clock,
        )  # fmt: skip
        self.router = Router(calls, self.settings, habits=lambda: self.habits, shuffle=random.Random(7))
        self.gate = Gate(self.settings, monotonic=self.clock)
        self.pipeline = Pipeline(
            picture_for=self._picture_for,
            seats_for=lambda _: self.chain,
            fetch_keys=self._fetch_keys,
            gate=self.gate,
            audits=Audits(calls, self.settings, self.labels, monotonic=self.clock, wall=self.clock.wall),
            witness=Witness(calls, self.settings, lambda: self.is_reader_idle),
            router=self.router,
            journal=self.journal,
            bus=self.bus,
            monotonic=self.clock,
        )

    def _trust_of(self, provider: str, model: str, confidence: float | None, signs: Signs) -> float | None:
        return self.trusts.get(provider) or self.calibration.trust(provider, model, confidence, signs)

    def set(self, **values: Any) -> None:
        """``gate_hints=2`` sets ``gate.hints``: the first underscore stands for the dot."""
        self.settings.replace({key.replace("_", ".", 1): value for key, value in values.items()})

    async def ask(self, *providers: ScriptedProvider, frame: Frame = frame(), picture: Picture = picture()) -> Answer:  # noqa: B008
        """Route one frame down ``providers``."""
        chain = seats(*providers)
        return await self.route(frame, picture, chain, self.clock() + self.router.deadline_s(chain))

    async def route(self, frame: Frame, picture: Picture, chain: tuple[Seat, ...], deadline: float) -> Answer:
        return await self.router.run(self.router.begin(frame, picture, chain, deadline))

    async def _fetch_keys(self, limit_s: float) -> None:
        self.waited_s = limit_s
        self.chain = self.unlocked or self.chain

    async def _picture_for(self, upload: bytes, profile: Profile) -> Picture:
        if isinstance(self.photo, FrameError):
            raise self.photo
        return self.photo

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.heard if isinstance(event, kind)]

    def light(self, name: str) -> str:
        return self.health.lights()[name].light


def outcomes(of: Answer | FrameError) -> list[tuple[str, str]]:
    """(provider, outcome) of every attempt."""
    return [(attempt.provider, attempt.outcome) for attempt in of.attempts]


def tokens(spent: int) -> Usage:
    return Usage(spent, spent)
