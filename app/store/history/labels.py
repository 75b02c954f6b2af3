"""What is known of answers being right: the owner's thumbs and corrections, and what others found out.

A label outlives its frame, for it holds no words. Of each source the newest ``MOST_KEPT`` count.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from app.core.errors import InvalidValue, StoreError, UnknownName
from app.core.events import Bus, LabelsChanged
from app.core.frame import Kind
from app.core.provider import ON_DEVICE
from app.core.routing.calibration import JUDGE
from app.core.routing.confidence import agree
from app.core.routing.labels import SOURCES, WEIGHTS, Label, Signs, Source
from app.core.routing.trace import USABLE_OUTCOMES
from app.store.database.cached_table import CachedTable
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.history.ended import to_json
from app.store.history.frame_rows import SLICE_ROWS, mark_frame

MOST_KEPT = 5_000
CORRECTION_MAX_CHARS = 4_000
_REUSED_WITHIN_MS = 3_600_000
_TICK_S = 0.001

_SELECT = (
    "SELECT frame_id, provider, model, kind, confidence, signs, source, is_right, weight, at FROM"
    " (SELECT *, row_number() OVER (PARTITION BY source ORDER BY at DESC) AS place FROM label) WHERE place <= ?"
    " ORDER BY at"
)
# A clock that is set back must not make a new label an old one: none is before those that are there.
_INSERT = (
    "INSERT OR REPLACE INTO label (frame_id, provider, model, kind, confidence, signs, source, is_right, weight, at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, max(?, coalesce((SELECT max(at) + ? FROM label), 0)))"
)
_BEYOND = (
    "DELETE FROM label WHERE (frame_id, provider, source) IN"
    " (SELECT frame_id, provider, source FROM label WHERE source = ? ORDER BY at DESC LIMIT ? OFFSET ?)"
)
_OTHERS = "DELETE FROM label WHERE frame_id = ? AND source = ? AND provider NOT IN (SELECT value FROM json_each(?))"
_FRAME = (
    "SELECT frame_id, profile_id, received_ms, answered_by, answer, full_answer, kind, reused, attempts,"
    " ai_responses, signs FROM frame WHERE"
)
_Stamp = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the owner says of a frame's answer. ``thumb``: 1 right, -1 wrong. ``correction``: what would be right.

    0 and empty take back what was said before; None leaves it.
    """

    frame_id: str
    thumb: int | None = None
    correction: str | None = None


class Labels(CachedTable[_Stamp]):
    """Fills ``core``'s ``LabelMemory``. Kept in memory is only whether there are others; ``LabelsChanged`` says so."""

    def __init__(self, database: Database, bus: Bus, clock: Callable[[], float]) -> None:
        super().__init__(bus)
        self._database = database
        self._clock = clock

    async def labels(self) -> Sequence[Label]:
        return await self._database.read(_select)

    def save_label(self, label: Label) -> None:
        self._database.enqueue_later(lambda session: _insert(session, label), self)

    # --- what the owner says ---------------------------------------------------------------------------------------

    def note(self, session: Session, told: Feedback) -> None:
        """Mark the frame, and label whose answer it showed. Raises ``UnknownName``, ``InvalidValue``."""
        if not told.frame_id.isascii():  # an argument may hold bytes that are no text, and SQLite takes none
            raise UnknownName("This frame is not in the history any more.")
        thumb, text = _checked_thumb(told.thumb), _checked_correction(told.correction)
        if thumb is not None:
            mark_frame(session, told.frame_id, "thumb", thumb)
            self._label(session, told.frame_id, "thumb", lambda shown: _labels(shown, thumb > 0) if thumb else ())
        if text is not None:
            mark_frame(session, told.frame_id, "correction", text)
            self._label(session, told.frame_id, "correction", lambda shown: _corrected(shown, text) if text else ())

    def note_each(self, session: Session, told: Iterable[Feedback]) -> list[StoreError | None]:
        """As ``note``; for each why it was not, None where it was."""
        refused: list[StoreError | None] = []
        for one in told:
            try:
                self.note(session, one)
                refused.append(None)
            except StoreError as error:
                refused.append(error)
        return refused

    def _label(
        self, session: Session, frame_id: str, source: Source, labels_of: Callable[[_Shown], Iterable[_Found]]
    ) -> None:
        shown = _shown(session, frame_id)
        found = tuple(labels_of(shown))
        for claim, is_right in found:
            _insert(session, Label(
                shown.frame_id, claim.provider, claim.model, claim.confidence, claim.signs, source, is_right,
                WEIGHTS[source], self._clock(),
            ))  # fmt: skip
        session.sql(_OTHERS, (shown.frame_id, source, to_json([claim.provider for claim, _ in found])))

    # --- the cached table ------------------------------------------------------------------------------------------

    def load(self, session: Session) -> _Stamp:
        """Every change is seen in it: whatever is written is newer than all before."""
        ((count, newest),) = session.sql("SELECT count(*), coalesce(max(at), 0) FROM label")
        return count, newest

    def _index(self, snapshot: _Stamp) -> None:
        """The labels themselves are read when they are wanted."""

    def _announce(self, before: _Stamp, now: _Stamp) -> None:
        if now != before:
            self._bus.publish(LabelsChanged())


def _checked_thumb(thumb: int | None) -> int | None:
    if thumb not in (None, -1, 0, 1):
        raise InvalidValue("A thumb is 1, 0 or -1.")
    return thumb


def _checked_correction(text: str | None) -> str | None:
    if text is None:
        return None
    if len(text) > CORRECTION_MAX_CHARS:
        raise InvalidValue("A correction has at most {most} characters.", most=f"{CORRECTION_MAX_CHARS:,}")
    return text.encode(errors="replace").decode().strip()


def delete_beyond(session: Session) -> int:
    """Delete a slice of the oldest that are too many; how many went."""
    return sum(
        session.raw.execute(_BEYOND, (source, SLICE_ROWS, MOST_KEPT)).rowcount for source in SOURCES
    )  # fmt: skip


# --- rows -------------------------------------------------------------------------------------------------------------


def _select(session: Session) -> tuple[Label, ...]:
    known: dict[tuple[str, str], Signs] = {}
    found = []
    for frame_id, provider, model, kind, confidence, signs, *rest in session.raw.execute(_SELECT, (MOST_KEPT,)):
        if (signs, kind) not in known:
            known[signs, kind] = Signs.from_json(json.loads(signs) | {"kind": kind})
        found.append(Label(frame_id, provider, model, confidence, known[signs, kind], *rest))
    return tuple(found)


def _insert(session: Session, label: Label) -> None:
    signs = to_json(label.signs.to_json())
    session.raw.execute(_INSERT, (
        label.frame_id, label.provider, label.model, label.signs.kind, label.confidence, signs, label.source,
        label.is_right, label.weight, label.at, _TICK_S,
    ))  # fmt: skip


# --- whose answer a frame showed --------------------------------------------------------------------------------------


class _Claim(NamedTuple):
    provider: str
    model: str
    confidence: float | None
    signs: Signs
    said: str


class _Found(NamedTuple):
    claim: _Claim
    is_right: float


class _Shown(NamedTuple):
    """What a frame showed, whose it was, and who else said what. ``judge``: who decided, where somebody had to."""

    frame_id: str
    answered_by: str
    answers: tuple[str, str]
    claims: tuple[_Claim, ...]
    judge: _Claim | None


def _shown(session: Session, frame_id: str) -> _Shown:
    """``frame_id``'s, or that of the frame whose answer it repeats: an answer is labelled once."""
    row = _row(session, f"{_FRAME} frame_id = ?", (frame_id,))
    if row["reused"]:
        same = (row["profile_id"], row["received_ms"] - _REUSED_WITHIN_MS, row["received_ms"])
        where = "profile_id = ? AND received_ms BETWEEN ? AND ? AND reused = 0 AND answered_by = ? AND answer = ?"
        values = (*same, row["answered_by"], row["answer"])
        row = _row(session, f"{_FRAME} {where} ORDER BY received_ms DESC LIMIT 1", values) or row
    attempts = json.loads(row["attempts"])
    said, signs = json.loads(row["ai_responses"]), json.loads(row["signs"])
    kind = cast(Kind, row["kind"])
    unknown = {} if signs else {"kind": kind}  # of frames from before there were signs
    claims = {
        one["provider"]: _Claim(
            one["provider"], one["model"], one["confidence"],
            Signs.from_json(signs.get(one["provider"], unknown)), said.get(one["provider"], ""),
        )
        for one in attempts if one["outcome"] in USABLE_OUTCOMES and one["provider"] != ON_DEVICE
    }  # fmt: skip
    judged = next((one for one in attempts if one["outcome"] == "judged"), None)
    judge = _Claim(JUDGE, judged["model"], None, Signs(kind), "") if judged else None
    return _Shown(
        row["frame_id"], row["answered_by"], (row["answer"], row["full_answer"]), tuple(claims.values()), judge
    )


def _row(session: Session, statement: str, values: tuple[Any, ...]) -> Mapping[str, Any]:
    cursor = session.raw.execute(statement, values)
    names = [column[0] for column in cursor.description]
    row = cursor.fetchone()
    return dict(zip(names, row, strict=True)) if row else {}


def _labels(shown: _Shown, is_right: bool) -> Iterable[_Found]:
    """Of whoever gave the answer that was shown, or the same; a hint is nobody's."""
    for claim in shown.claims:
        if claim.provider == shown.answered_by or _is_same(claim.said, shown.answers):
            yield _Found(claim, float(is_right))
    if shown.judge:
        yield _Found(shown.judge, float(is_right))


def _corrected(shown: _Shown, text: str) -> Iterable[_Found]:
    """Others that said what is right are right; those that said something else may have meant it."""
    is_right = _is_same(text, shown.answers)
    yield from _labels(shown, is_right)
    for claim in shown.claims if not is_right else ():
        if claim.provider != shown.answered_by and agree(claim.said, text):
            yield _Found(claim, 1.0)


def _is_same(text: str, answers: Iterable[str]) -> bool:
    return any(agree(text, answer) for answer in answers)
