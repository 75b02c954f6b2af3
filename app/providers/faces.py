"""Faces blurred before anybody sees the picture: in the copy that leaves this computer, and in the one that is kept.

It fails closed: where faces cannot be looked for, since the reader is not installed, crashes, hangs, is too late or its
model is not the one that was shipped, the photo is refused. To answer from it on this computer alone would keep it
from AIs, but not from the history, other programs and whoever follows along.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

from app import images
from app.core.errors import FacesNotBlurred, OverloadError
from app.core.frame import Picture
from app.core.sentence import Sentence
from app.providers.child_process import ChildProcess, Target

IDLE_S = 300.0
"""The child holds 100 MB: it goes when nobody asks."""
HANG_S = 4.0
"""A hundred times what a look takes: then the child is killed."""
WITHIN_S = 8.0
"""For the child to start, and for those that came before: a wearer waits."""
MOST_WAITING = 64
"""Photos of as many wearers at once: the last of them waits for two seconds."""

TOO_LATE = Sentence("The reader on this computer took too long.")


class FaceBlur:
    """Finds faces in a process of its own, and blurs them in ``threads``.

    ``target``: what the process runs (``face_worker``). ``tell`` hears why it cannot be done, once until it can again.
    """

    def __init__(
        self,
        threads: Executor,
        tell: Callable[[Sentence], object],
        target: Target,
        *,
        hang_s: float = HANG_S,
        within_s: float = WITHIN_S,
    ) -> None:
        self._threads, self._tell, self._within_s = threads, tell, within_s
        self._told: Sentence | None = None
        self._child = ChildProcess(target, "face-finder", idle_s=IDLE_S, hang_s=hang_s, most_waiting=MOST_WAITING)

    @property
    def pid(self) -> int | None:
        """The child's process id while there is one."""
        return self._child.pid

    async def blurred(self, picture: Picture) -> Picture:
        """``picture`` as others may see it: with every face blurred that was found. It can miss some.

        Raises ``FacesNotBlurred``: nobody may see it; and PictureError.
        """
        faces = await self._found_in(picture)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, images.blurred, picture, faces)

    async def close(self) -> None:
        """As ``ChildProcess.close``."""
        await self._child.close()

    async def _found_in(self, picture: Picture) -> tuple[images.Face, ...]:
        try:
            async with asyncio.timeout(self._within_s):
                found: tuple[images.Face, ...] | str = await self._child.ask(picture.jpeg)
        except TimeoutError:
            raise self._refused(TOO_LATE) from None
        except OverloadError as error:
            raise self._refused(error.sentence) from None
        if isinstance(found, str):
            raise self._refused(Sentence("Its file {file} is not the one that was installed.", file=found))
        self._told = None
        return found

    def _refused(self, reason: Sentence) -> FacesNotBlurred:
        if reason != self._told:
            self._told = reason
            self._tell(Sentence("Photos are not sent: faces in them cannot be blurred. {reason}", reason=reason))
        return FacesNotBlurred()
