"""Where log lines go: standard error, and a rotating file under the data folder. Nothing secret gets into either."""

from __future__ import annotations

import logging
import re
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.core.text.plain_text import printable
from app.paths import make_private_folder

log = logging.getLogger(__name__)

FOR_THE_FILE = {"is_for_the_file": True}
"""``extra`` of records that a terminal need not show where there is a file: the program's diary."""
FILE_BYTES, FILES_KEPT = 2_000_000, 3
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"

_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    # the auth key stands in the path of /auth-{key}
    (re.compile(r"(/auth-)[^\s/?#\"']+", re.I), r"\1***"),
    (re.compile(r"\b(Bearer\s+)[^\s\"',]+", re.I), r"\1***"),
    (re.compile(r"\b(Basic\s+)[A-Za-z0-9+/=]{12,}"), r"\1***"),
    (re.compile(r"((?:api[_-]?key|auth[_-]?key|token)[\"']?\s*[:=]\s*[\"']?)[^\s\"',&}]+", re.I), r"\1***"),
    (re.compile(r"([?&]key=)[^\s&\"']+", re.I), r"\1***"),
    (re.compile(r"\b(?:sk-|AIza|fb-(?=[\w-]{40}))[\w-]{6,}"), "***"),
)  # fmt: skip


def redact(text: str) -> str:
    """``text`` with everything that looks like a key or a token replaced by ``***``."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Redacts the finished line, so that tracebacks and other libraries' records are covered too."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(printable(super().format(record)))


class LogFile(RotatingFileHandler):
    """The file. Lines that a full or broken disk does not take are lost: what is kept there is told of by its store."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


def leave_no_core() -> None:
    """A crash must not write the memory to a file: API keys stand in it. Windows keeps no such files of itself."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def set_up(level: str, folder: Path | None) -> None:
    """Log ``level`` and above to standard error and, with ``folder``, to a rotating file there, if one can be made."""
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    reason: object = ""
    if folder is not None:
        try:
            make_private_folder(folder)
            path = folder / "frame-backend.log"
            handlers.append(LogFile(path, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"))
            handlers[0].addFilter(lambda record: not hasattr(record, *FOR_THE_FILE))
        except OSError as error:
            reason = error.strerror or error
    formatter = RedactingFormatter(_FORMAT)
    for handler in handlers:
        handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = handlers
    root.setLevel(level.upper())
    # a line per request and per packet would drown ours
    for noisy in ("httpx", "httpcore", "peewee", "PIL", "asyncio", "qasync", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLogger().level))
    if reason:
        log.warning("The log file cannot be written: %s. Its lines go to standard error alone.", reason)


def log_crash(error: BaseException) -> None:
    """Log what ends the program, whole; into the file alone where there is one: on standard error it is a sentence."""
    found = (type(error), error, error.__traceback__)
    record = logging.LogRecord(__name__, logging.CRITICAL, __file__, 0, "the program ends", (), found)
    handlers = logging.getLogger().handlers
    for handler in [one for one in handlers if isinstance(one, LogFile)] or handlers:
        handler.handle(record)
