"""The one thread that talks to the operating system's keyring, which may be missing, locked, or waiting for a person.

Every call has a time-out; one that comes back after it is told to ``late``. The thread is a daemon: a keyring that
never comes back keeps neither the loop nor the process.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import traceback
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from app.core.errors import FrameBackendError
from app.core.sentence import Sentence

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = logging.getLogger(__name__)

T = TypeVar("T")

SERVICE = "frame-backend"
UNLOCK_LIMIT_S = 60.0
"""How long the system's own dialog may stand; it then goes, and the thread is free again."""


class KeyringTrouble(FrameBackendError):
    """The keyring did not do it; its sentence has no full stop, and never holds a key."""


class LockedKeyring(KeyringTrouble):
    """It is there, and somebody has to unlock it."""


class Keyring(Protocol):
    """What is used of ``keyring.backend.KeyringBackend``."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


@dataclass(slots=True, eq=False)
class _Call:
    work: Callable[[Keyring], Any]
    future: asyncio.Future[Any]
    late: Callable[[Any], None] | None
    may_unlock: bool
    timed_out: bool = False


class KeyringWorker:
    """Runs calls one after the other on its thread, which starts with the first one."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def call(
        self,
        work: Callable[[Keyring], T],
        *,
        timeout_s: float | None = None,
        late: Callable[[T], None] | None = None,
        may_unlock: bool = False,
    ) -> T:
        """``work``'s result. Raises ``KeyringTrouble``.

        ``may_unlock``: the system may show its dialog for it; else a locked keyring is a ``LockedKeyring`` at once.
        After a time-out ``work`` may still succeed (a person unlocks the keyring); ``late`` is then called on the loop.
        """
        call = _Call(work, self._loop.create_future(), late, may_unlock)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="store-keyring", daemon=True)
            self._thread.start()
        self._queue.put(call)
        try:
            async with asyncio.timeout(timeout_s):
                result: T = await call.future
        except TimeoutError:
            call.timed_out = True
            raise KeyringTrouble(
                "it did not answer within {timeout_s} seconds; it may be locked", timeout_s=f"{timeout_s:g}"
            ) from None
        except asyncio.CancelledError:
            call.timed_out = True
            raise
        return result

    def close(self) -> None:
        """End the thread once it is free; a call that hangs is left behind."""
        self._queue.put(None)

    # --- the thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while (call := self._queue.get()) is not None:
            if call.timed_out and call.late is None:
                continue  # nobody waits for it any more
            try:
                result, error = call.work(_opened(_backend(), may_unlock=call.may_unlock)), None
            except Exception as raised:
                _close_connection(raised)
                result, error = None, _trouble(raised)
            try:
                self._loop.call_soon_threadsafe(_finish, call, result, error)
            except RuntimeError:
                return  # the loop has ended


def _finish(call: _Call, result: Any, error: KeyringTrouble | None) -> None:
    if not call.future.done():
        if error is None:
            call.future.set_result(result)
        else:
            call.future.set_exception(error)
    elif call.timed_out and call.late is not None and error is None:
        call.late(result)


def _backend() -> Keyring:
    """This system's keyring. Raises ``KeyringTrouble`` for none, and for one that would write keys in plain text."""
    import keyring

    backend = keyring.get_keyring()
    if type(backend).__module__ == "keyring.backends.fail":
        backend = _found_by_now() or backend
    parts = [backend, *getattr(backend, "backends", ())]
    for part in parts:
        module = type(part).__module__
        if module.startswith("keyrings.alt"):
            raise KeyringTrouble("it would write keys in plain text")
        if module in ("keyring.backends.fail", "keyring.backends.null"):
            raise KeyringTrouble("this system has none")
    return backend


def _found_by_now() -> KeyringBackend | None:
    """Looked for once more: the keyring's own library looks once, and a service may start after this program."""
    import keyring
    from keyring.backend import KeyringBackend, by_priority

    if keyring.core.load_env() or keyring.core.load_config():
        return None  # its owner wants none
    found = [kind for kind in KeyringBackend.get_viable_backends() if by_priority(kind) >= 1]
    if found:
        keyring.set_keyring(max(found, key=by_priority)())
    return keyring.get_keyring() if found else None


def _opened(keyring: Keyring, *, may_unlock: bool) -> Keyring:
    """``keyring``, if need be once its owner has unlocked it in the system's dialog. Raises ``LockedKeyring``.

    Only Linux's service can be asked without one; its library would show it at every call, and wait for ever.
    """
    parts = [keyring, *getattr(keyring, "backends", ())]
    if not any(type(part).__module__ == "keyring.backends.SecretService" for part in parts):
        return keyring
    import secretstorage

    with closing(secretstorage.dbus_init()) as connection:
        try:
            collection = secretstorage.Collection(connection)
        except secretstorage.ItemNotFoundException:
            if may_unlock:
                return keyring  # its first use makes one
            raise LockedKeyring("it was never set up") from None
        if collection.is_locked():
            if may_unlock:
                with suppress(TimeoutError):
                    collection.unlock(timeout=UNLOCK_LIMIT_S)
            if collection.is_locked():
                raise LockedKeyring("it is locked")
    return keyring


def _close_connection(error: Exception) -> None:
    """keyring 25 leaves its connection to the session's bus open when the collection is locked or cannot be made.

    Garbage collection would close it, but until then each try leaves two descriptors behind.
    """
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_name == "get_preferred_collection" and "bus" in frame.f_locals:
            with suppress(Exception):
                frame.f_locals["bus"].close()


def _trouble(error: Exception) -> KeyringTrouble:
    """What went wrong by its kind alone: a backend's own text may hold anything."""
    if isinstance(error, KeyringTrouble):
        return error
    kind = type(error).__name__
    log.info("the keyring failed: %s", kind)
    sentence = {
        "NoKeyringError": Sentence("this system has none"),
        "InitError": Sentence("it is locked or not running"),
        "SecretServiceNotAvailableException": Sentence("it is locked or not running"),
        "KeyringLocked": Sentence("it is locked"),
        "PasswordSetError": Sentence("it refused to keep the key"),
        "PasswordDeleteError": Sentence("it refused to remove the key"),
    }.get(kind)
    trouble = LockedKeyring if kind == "KeyringLocked" else KeyringTrouble
    return trouble(sentence or Sentence("it failed ({kind})", kind=kind))
