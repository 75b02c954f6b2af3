"""ServerControl: lets the window start and stop the server without importing it."""

from __future__ import annotations

from typing import Protocol

from app.core.events import ServerState


class ServerControl(Protocol):
    """The listener as the window sees it. Every change is also published as ``ServerStateChanged``."""

    @property
    def state(self) -> ServerState: ...

    @property
    def url(self) -> str:
        """Where a phone reaches it, empty unless running."""
        ...

    @property
    def sentence(self) -> str:
        """Why it is in ``error``, else empty."""
        ...

    async def start(self) -> None:
        """Bind and listen. A failure is kept as state ``error`` and raised as a ``ServerError``."""
        ...

    async def stop(self) -> None:
        """Finish the frames in flight (10 s), then close the listener."""
        ...
