"""Why the answer of a frame is the one that it is, as a sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication

from app.core.provider import ON_DEVICE
from app.core.routing.calibration import JUDGE
from app.core.routing.trace import USABLE_OUTCOMES
from app.ui.frames.frame_view import AttemptView, FrameView
from app.ui.support import formatting as fmt

_tr = partial(QCoreApplication.translate, "reasons")


def reason(frame: FrameView, label: Callable[[str], str]) -> str:
    """The judge's, or why it needed none."""
    if frame.is_judged:
        return _of_judge(frame, label)
    if frame.failed:
        return _tr("Nobody gave an answer.") if frame.attempts else ""
    if frame.reused:
        return _tr("The picture was the same as a moment before, and so is the answer.")
    if not frame.answered_by:
        return _tr("The picture itself told that nothing can be made out: no AI had to be asked.")
    return _of_cascade(frame, label(frame.answered_by))


def _of_judge(frame: FrameView, label: Callable[[str], str]) -> str:
    why = frame.judge_why or _tr("it gave no reason")
    if not frame.answered_by:
        return _tr("A judge was asked: {why}").format(why=why)
    if frame.answered_by == JUDGE:
        return _tr("The judge made one answer of several: {why}").format(why=why)
    return _tr("The judge chose {provider}: {why}").format(provider=label(frame.answered_by), why=why)


def _of_cascade(frame: FrameView, name: str) -> str:
    answers = [one for one in frame.attempts if one.outcome in USABLE_OUTCOMES]
    if frame.answered_by == ON_DEVICE:
        return _tr("No AI gave an answer: this is what this computer saw by itself.")
    if any(one.outcome == "sure" for one in answers):
        return _tr("{name} was sure enough, so nobody else had to be asked.").format(name=name)
    if frame.code == "ok":
        return _tr("Nobody was sure alone, but two gave the same answer.")
    if len(answers) > 1:
        return _tr("Nobody was sure, and no judge decided: the likeliest answer was taken.")
    return _tr("{name} alone gave an answer, and was not sure of it.").format(name=name)


def early(frame: FrameView) -> str:
    """By how much the words were there before all of the reply; "" where they came together."""
    if frame.failed or frame.whole_ms is None or frame.latency_ms is None or frame.whole_ms <= frame.latency_ms:
        return ""
    text = _tr("The words stood on the glasses {time} before all of the reply had come.")
    return text.format(time=fmt.latency(frame.whole_ms - frame.latency_ms))


def chosen(frame: FrameView) -> int:
    """Which attempt gave what stood on the glasses; -1 where none did."""
    outcomes = {"judged"} if frame.answered_by == JUDGE else USABLE_OUTCOMES
    mine = [
        place
        for place, one in enumerate(frame.attempts)
        if one.outcome in outcomes and frame.answered_by in (one.provider, JUDGE)
    ]
    return mine[-1] if mine and not frame.failed else -1


def spans(attempts: tuple[AttemptView, ...]) -> list[tuple[int, int]]:
    """When each was asked and had answered, in ms after the first: one behind the other, but for those beside one.

    What is stored tells how long each took; one that ran beside another is taken to have ended with it.
    """
    made: dict[int, tuple[int, int]] = {}
    begin_ms = 0
    for place, one in enumerate(attempts):
        slow = _beside(attempts, place)
        if slow is None:
            if place not in made:
                made[place] = (begin_ms, begin_ms + (one.latency_ms or 0))
        else:
            begun_ms = made.setdefault(slow, (begin_ms, begin_ms + (attempts[slow].latency_ms or 0)))
            end_ms = max(begun_ms[1], begun_ms[0] + (one.latency_ms or 0))
            made[place] = (end_ms - (one.latency_ms or 0), end_ms)
        begin_ms = max(begin_ms, made[place][1])
    return [made[place] for place in range(len(attempts))]


def _beside(attempts: tuple[AttemptView, ...], place: int) -> int | None:
    """Who was slow, so that the one at ``place`` was asked too."""
    if not (name := fmt.beside(attempts[place].why)):
        return None
    return next((at for at, one in enumerate(attempts) if at != place and one.provider == name), None)
