"""The verb ``feedback``: what was right and what was not, of one frame or of many on standard input."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from app.cli.output import DONE, CommandFailed, Output
from app.core.errors import FrameBackendError, InvalidValue
from app.core.text.plain_text import printable
from app.store import Feedback, Store
from app.store.history.activity import FEEDBACK_AT_ONCE

THUMBS: Mapping[str, int] = {"up": 1, "down": -1, "clear": 0}
_Numbered = tuple[int, Feedback | FrameBackendError]


async def feedback(store: Store, args: Namespace) -> Output:
    if args.frame_id == "-":
        return await _from_lines(store, sys.stdin)
    (refused,) = await store.activity.take_feedback((_said(args.frame_id, args.thumb, args.correct),))
    if refused is not None:
        raise refused
    return DONE


async def _from_lines(store: Store, lines: Iterable[str]) -> Output:
    read, told, refused = _each(lines), 0, 0
    while some := list(islice(read, FEEDBACK_AT_ONCE)):
        good = {number: one for number, one in some if isinstance(one, Feedback)}
        answers = dict(zip(good, await store.activity.take_feedback(tuple(good.values())), strict=True))
        for number, one in some:
            if error := answers[number] if isinstance(one, Feedback) else one:
                refused += 1
                print(printable(f"line {number}: {error}"), file=sys.stderr)
        told += len(some)
    if refused:
        raise CommandFailed("{refused} of {told} lines were not taken.", refused=refused, told=told)
    return Output(data={"done": True, "taken": told})


def _each(lines: Iterable[str]) -> Iterator[_Numbered]:
    for number, line in enumerate(lines, 1):
        if line := line.strip():
            try:
                yield number, _read(line)
            except FrameBackendError as error:
                yield number, error


def _read(line: str) -> Feedback:
    """``FRAME_ID up|down|clear [TEXT]``, or the same as a JSON object. Raises ``InvalidValue``."""
    if not line.startswith("{"):
        frame_id, thumb, text = (*line.split(maxsplit=2), "", "")[:3]
        return _said(frame_id, thumb, text or None)
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        raise InvalidValue("It is no JSON object.") from None
    frame_id, thumb, text = (told.get(name) for name in ("frame_id", "thumb", "correct"))
    if not (isinstance(frame_id, str) and isinstance(thumb, str) and (text is None or isinstance(text, str))):
        raise InvalidValue("It needs frame_id and thumb, and may have correct, each a text.")
    return _said(frame_id, thumb, text)


def _said(frame_id: str, thumb: str, text: str | None) -> Feedback:
    """To clear takes the correction back too, unless there is a new one."""
    if thumb not in THUMBS:
        raise InvalidValue("Say up, down or clear behind the frame's id.")
    return Feedback(frame_id, THUMBS[thumb], "" if text is None and thumb == "clear" else text)
