"""ServerControl: lets the window start and stop the server without importing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from app.core.errors import ServerError
from app.core.events import ServerState
from app.core.sentence import Sentence

AdapterKind = Literal["lan", "vpn", "container", "virtual", "loopback"]


@dataclass(frozen=True, slots=True)
class LanAddress:
    """One address under which this computer may be reached.

    ``url``: with the port, empty while no port is known. ``adapter``: as its system calls it. ``network``: whom it
    reaches without a router, as ``192.168.0.0/24``; empty when that is not known.
    """

    ip: str
    url: str
    adapter: str
    kind: AdapterKind
    network: str = ""


class ServerControl(Protocol):
    """The listener as the window sees it. Every change is also published as ``ServerStateChanged``."""

    @property
    def state(self) -> ServerState: ...

    @property
    def url(self) -> str:
        """Where a phone reaches it, empty unless running."""
        ...

    @property
    def sentence(self) -> Sentence:
        """Why it is in ``error``, else empty."""
        ...

    @property
    def failure(self) -> ServerError | None:
        """What ``sentence`` says, with the port that is free instead; None unless in ``error``."""
        ...

    async def start(self) -> None:
        """Bind and listen. A failure is kept as state ``error`` and raised as a ``ServerError``."""
        ...

    async def stop(self) -> None:
        """Finish the frames in flight (10 s), then close the listener."""
        ...

    def follow(self, *keys: str) -> None:
        """From the next start on, go by these settings (``network.host``, ``network.port``), whatever the program was
        started with."""
        ...

    async def addresses(self) -> tuple[LanAddress, ...]:
        """Every address of this computer on which it is (or would be) reached, the likeliest first."""
        ...

    def last_heard(self) -> Mapping[str, datetime]:
        """When each device last sent a request (aware, UTC), by its address, since the program started."""
        ...

    def invite(self, username: str) -> str:
        """The code that lets one device in as ``username``, once, within ten minutes; the same until it is used or
        nearly over."""
        ...

    def end_invitations(self) -> None:
        """No code that was given lets anybody in any more."""
        ...

    async def trouble_ahead(self) -> Sentence:
        """Why a start would fail now; empty when it would not. Asked while it is stopped."""
        ...

    async def next_free_port(self) -> int:
        """The next port after the wanted one that could be bound now, else one near the usual one; 0: none is found."""
        ...
