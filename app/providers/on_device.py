"""The embedded default: sees and reads on this computer, with no key, no network and no question understood.

``OnDeviceProvider`` is the provider; ``OnDeviceReader`` owns the process that reads.
"""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Callable

from app.core.errors import EmptyReplyError
from app.core.provider import Capabilities, Learned, Meter, ProviderConfig, Question, Reply
from app.core.routing.gate import BLURRED, TOO_BRIGHT, TOO_DARK, hint_for
from app.core.sentence import Sentence
from app.providers import reader_worker
from app.providers.child_process import ChildProcess, Target
from app.providers.reader_worker import WARM_UP, Reading, Task
from app.providers.sight.looking import Sight
from app.providers.sight.phrases import Findings, answer, described, language_of, phrase
from app.providers.sight.statements import statements

log = logging.getLogger(__name__)

PACKAGES = ("onnxruntime", "rapidocr", "zxingcpp")

IDLE_S = 300.0
"""The child holds 300 MB: it goes when nobody asks."""
HANG_S = 20.0
"""Ten times what a reading takes: then the child is killed."""
MAX_WAITING = 8


class OnDeviceProvider:
    """The reader as one of the cascade's providers. Its replies never assess themselves, so they are never sure."""

    def __init__(self, config: ProviderConfig, reader: OnDeviceReader) -> None:
        self.config = config
        self.capabilities = Capabilities(needs_key=False, is_local=False, can_judge=False)
        self._reader = reader

    async def ask(self, question: Question, key: str, learned: Learned, meter: Meter | None = None) -> Reply:
        """What the picture shows and what is legible in it; of the question, only what kind of answer it wants.

        Raises ``EmptyReplyError`` when nothing is certain, ``OverloadError`` when the reader cannot read just now.
        """
        hint, language = hint_for(question.picture.measures), language_of(question.prompt)
        if hint == TOO_DARK:  # no need to look
            raise EmptyReplyError(Sentence("{said}", said=phrase("dark", language)))
        # what counts as blurred or white may hold a large sign, so it is read all the same
        reading = await self._reader.read(question.picture.jpeg, looks=not hint)
        findings = findings_of(reading)
        if not (findings.said or findings.text or findings.codes):
            told = answer(findings, question.prompt) or phrase(_NOTHING.get(hint, "not sure"), language)
            raise EmptyReplyError(Sentence("{said}", said=told))
        return reply_from(reading, question.prompt, self.config.model)

    async def list_models(self, key: str) -> tuple[str, ...]:
        """None: what reads is part of the program."""
        return ()

    def pick_model(self, models: tuple[str, ...]) -> str:
        return ""


_NOTHING = {TOO_BRIGHT: "bright", BLURRED: "blurred"}


def findings_of(reading: Reading) -> Findings:
    """What of a reading is certain enough to be told."""
    sight = reading.sight or Sight()
    codes = [f"{code.label}: {' '.join(code.text.split())}" for code in reading.codes]
    return Findings(statements(sight), " ".join(reading.lines), codes, sight.colours, reading.sight is not None)


def reply_from(reading: Reading, prompt: str = "", model: str = "") -> Reply:
    """A reading as a reply to the wearer's own words. ``seen`` is what was read alone: a witness tells of no things."""
    findings, language = findings_of(reading), language_of(prompt)
    told = answer(findings, prompt)
    rest = [phrase("more", language)] if reading.cut_short else []
    codes = [f"{code.label}: {code.text}" for code in reading.codes]
    is_read = bool(reading.lines or reading.codes)
    long_form = [described(findings.said, prompt), *codes, *reading.lines, *rest]
    fields = {
        "kind": "text" if is_read else "scene",
        "answer": told,
        "full_answer": "\n".join(filter(None, long_form)) if is_read else told,
        "seen": " ".join([*(code.text for code in reading.codes), *reading.lines]),
        "missing": " ".join(rest),
    }
    return Reply(told, fields, model)


def available() -> bool:
    """Whether the reader's packages are there; none of them is imported."""
    return all(importlib.util.find_spec(name) is not None for name in PACKAGES)


class OnDeviceReader(ChildProcess):
    """The process that reads (``reader_worker``)."""

    def __init__(
        self,
        tell: Callable[[Sentence], object] = log.warning,
        *,
        idle_s: float = IDLE_S,
        hang_s: float = HANG_S,
        target: Target = reader_worker.main,
    ) -> None:
        super().__init__(target, "on-device-reader", idle_s=idle_s, hang_s=hang_s, most_waiting=MAX_WAITING)
        self._tell = tell
        self._is_change_told = False

    async def read(self, jpeg: bytes, *, looks: bool = True) -> Reading:
        """What is legible in a picture and, with ``looks``, what it shows.

        Raises ``OverloadError``: busy, crashed, hung, stopped or not installed.
        """
        reading: Reading = await self.ask(Task(jpeg, looks))
        if reading.look_failed:
            log.warning("the on-device reader read a picture, but could not look at it: %s", reading.look_failed)
        if reading.changed_model and not self._is_change_told:
            self._is_change_told = True
            self._tell(Sentence(
                "This computer reads, but describes nothing: its file {file} is not the one that was installed.",
                file=reading.changed_model,
            ))  # fmt: skip
        return reading

    async def warm_up(self) -> None:
        """Start the child and have it read a word, so that the first photo waits for nothing. Raises as ``read``."""
        await self.ask(WARM_UP)
