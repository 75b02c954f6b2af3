"""One provider with one key, as a small state machine: may it be asked, and whose call says how it goes on?

    ready ---a failure---> cooling ---its end, then a call---> probing, by that call's ticket alone
      ^                     ^   ^                                 |  |  |
      |                     |   +--------------it fails-----------+  |  |
      |                     +--it is given up: cooled enough already-+  |
      +---------------------------it succeeds---------------------------+

A call that began before the provider was last found ready again says nothing any more, however late it ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from app.core.provider import Seat


@dataclass(frozen=True, slots=True)
class Moment:
    """One look at both clocks, in seconds: ``monotonic`` stands still in sleep, ``wall`` (Unix time) may be set."""

    monotonic: float
    wall: float

    def after(self, seconds: float, *, by_date: bool) -> End:
        return End(self.monotonic + seconds, self.wall + seconds if by_date else math.inf)


@dataclass(frozen=True, slots=True)
class End:
    """When something ends: by the monotonic clock, and what ends by a date by the wall clock too, whichever is first.

    So a date passes while the machine sleeps, and a clock that is set back keeps nothing shut for longer.
    """

    monotonic: float
    wall: float = math.inf

    def left_s(self, now: Moment) -> float:
        return max(0.0, min(self.monotonic - now.monotonic, self.wall - now.wall))


@dataclass(frozen=True, slots=True)
class Pause:
    """What a failure costs. ``steps_s``: seconds after the first of a row, the second, ..., the last for all others.

    ``by_date``: it outlives a restart, and ends by the wall clock too.
    """

    word: str
    steps_s: tuple[float, ...]
    by_date: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """Leave to make one call; given back to ``succeeded``, ``failed`` or ``abandoned``, whichever comes."""

    seat: Seat
    turn: int
    is_probe: bool


@dataclass(frozen=True, slots=True)
class Ready:
    pass


@dataclass(frozen=True, slots=True)
class Cooling:
    """``step``: which failure of its row this is, from 1."""

    pause: Pause
    end: End
    step: int = 1


@dataclass(frozen=True, slots=True)
class Probing:
    """``after``: the cooldown that has ended."""

    after: Cooling
    ticket: Ticket


@dataclass(slots=True)
class Cooldown:
    """``turn`` grows whenever it becomes ready; ``rows`` counts failures in a row by the steps of their pauses."""

    state: Ready | Cooling | Probing = field(default_factory=Ready)
    turn: int = 0
    rows: dict[tuple[float, ...], int] = field(default_factory=dict)

    def why_not(self, now: Moment) -> str:
        match self.state:
            case Cooling(pause, end) if end.left_s(now) > 0:
                return f"cooling down after {pause.word}"
            case Probing(after):
                return f"being tried again after {after.pause.word}"
        return ""

    def begin(self, seat: Seat, now: Moment) -> Ticket:
        """Leave for one call; when a cooldown has ended it is the probe."""
        ended = self.state if isinstance(self.state, Cooling) and not self.why_not(now) else None
        ticket = Ticket(seat, self.turn, is_probe=ended is not None)
        if ended is not None:
            self.state = Probing(ended, ticket)
        return ticket

    def succeeded(self, ticket: Ticket) -> bool:
        """Whether that made it ready again."""
        is_back = self._is_probed_by(ticket)
        if is_back:
            self.renew()
        return is_back

    def failed(self, ticket: Ticket, pause: Pause, now: Moment) -> Cooling | None:
        """How it cools from now on; None when that changes nothing."""
        if self._is_probed_by(ticket) or (ticket.turn == self.turn and not isinstance(self.state, Probing)):
            return self.cool(pause, now)
        return None

    def abandoned(self, ticket: Ticket) -> None:
        if isinstance(self.state, Probing) and self._is_probed_by(ticket):
            self.state = self.state.after

    def cool(self, pause: Pause, now: Moment) -> Cooling | None:
        """Calls that were under way together fail as one, and a shorter trouble does not hide the longer one."""
        known = self.state if isinstance(self.state, Cooling) else None
        is_same = known is not None and known.pause.steps_s == pause.steps_s
        step = self.rows.get(pause.steps_s, 0) + (0 if is_same else 1)
        end = now.after(pause.steps_s[min(step, len(pause.steps_s)) - 1], by_date=pause.by_date)
        if known is not None and end.left_s(now) < known.end.left_s(now):
            return None
        self.rows[pause.steps_s] = step
        self.state = Cooling(pause, end, step)
        return self.state

    def renew(self) -> None:
        """Ready, as if nothing had happened."""
        self.state = Ready()
        self.turn += 1
        self.rows.clear()

    def _is_probed_by(self, ticket: Ticket) -> bool:
        return isinstance(self.state, Probing) and self.state.ticket is ticket
