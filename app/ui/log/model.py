"""The log as the window has it: what was logged, in the lines of the log file, and which of them are shown."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPixmap
from PySide6.QtWidgets import QWidget

from app.core.sentence import Sentence
from app.core.text.plain_text import printable
from app.log import RedactingFormatter, redact
from app.ui.support import formatting as fmt
from app.ui.support import icons
from app.ui.support.sentences import said
from app.ui.support.theme import Tone
from app.ui.widgets.text import tooltip

MOST_KEPT = 5_000
"""Records; beyond, the oldest is forgotten. The file has them still."""
LONGEST_SHOWN = 2_000
"""Characters of a line; copying takes the whole."""
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


@dataclass(frozen=True, slots=True)
class Entry:
    """A record, redacted. ``text``: in as many lines as it has in the file; ``shown``: as people read it, its time
    before it and no word of where in the program it was said."""

    level: int
    text: str
    shown: str
    folded: str

    @property
    def tone(self) -> Tone:
        return "bad" if self.level >= logging.ERROR else "warn" if self.level >= logging.WARNING else "idle"


class LogQueue(logging.Handler):
    """Takes records from any thread; ``take`` hands them over. Touches no widget."""

    def __init__(self) -> None:
        super().__init__()
        self.errors_waiting = 0
        self._waiting: deque[Entry] = deque(maxlen=MOST_KEPT)
        file = _file_handler()
        own = file.formatter if file is not None else None
        self.setFormatter(own if isinstance(own, RedactingFormatter) else RedactingFormatter(_FORMAT))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = self.format(record)
        except Exception:  # as every handler: a record that cannot be written must not end whoever logged it
            self.handleError(record)
            return
        self.errors_waiting += record.levelno >= logging.ERROR
        shown = _shown(record)
        self._waiting.append(Entry(record.levelno, text, shown, f"{shown}\n{text}".casefold()))

    def take(self) -> list[Entry]:
        """Everything that came since the last time."""
        taken = list[Entry]()
        self.errors_waiting = 0
        while True:
            try:
                taken.append(self._waiting.popleft())
            except IndexError:  # a thread may add and push out while this goes on
                return taken

    def waiting(self) -> list[Entry]:
        """What ``take`` would give, left where it is."""
        return list(self._waiting.copy())

    def __len__(self) -> int:
        return len(self._waiting)


def _shown(record: logging.LogRecord) -> str:
    """Once it is formatted: what it was raised by is kept with the record then."""
    told = _said(record.msg) if isinstance(record.msg, Sentence) else record.getMessage()
    parts = (f"{fmt.clock(record.created, seconds=True)}  {told}", record.exc_text, record.stack_info)
    return redact(printable("\n".join(part for part in parts if part)))


def _said(sentence: Sentence) -> str:
    """A setting's label is translated where the settings are."""
    label = sentence.fields.get("setting")
    if label is None:
        return said(sentence)
    fields = {**sentence.fields, "setting": QCoreApplication.translate("settings", label)}
    return said(Sentence(sentence.template, **fields))


def log_folder() -> Path | None:
    """Where the log file lies, None when nothing is written to a file."""
    file = _file_handler()
    return Path(file.baseFilename).parent if file is not None else None


def _file_handler() -> RotatingFileHandler | None:
    handlers = logging.getLogger().handlers
    return next((handler for handler in handlers if isinstance(handler, RotatingFileHandler)), None)


@lru_cache(maxsize=1)
def _no_icon() -> QIcon:
    drawn = QPixmap(16, 16)
    drawn.fill(Qt.GlobalColor.transparent)
    return QIcon(drawn)


class LogModel(QAbstractListModel):
    """A row is a line; a record of several lines is shown or not as a whole."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._kept: deque[Entry] = deque(maxlen=MOST_KEPT)
        self._rows: list[tuple[str, Entry, bool]] = []
        self._level, self._needle = logging.NOTSET, ""
        self.longest = ""

    @property
    def kept(self) -> int:
        return len(self._kept)

    def add(self, entries: Iterable[Entry]) -> None:
        """Append ``entries``; as many old ones go as are too many."""
        added = list(entries)[-MOST_KEPT:]
        too_many = max(0, len(self._kept) + len(added) - MOST_KEPT)
        self._drop_rows([self._kept[number] for number in range(min(too_many, len(self._kept)))])
        self._kept.extend(added)
        rows = self._lines(added)
        if rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def show_only(self, level: int, needle: str) -> None:
        """Show the records of ``level`` and worse that contain ``needle``, in whatever case."""
        self._level, self._needle = level, needle.strip().casefold()
        self.beginResetModel()
        self.longest = ""
        self._rows = self._lines(self._kept)
        self.endResetModel()

    def line(self, row: int) -> str:
        return self._rows[row][0]

    def lines(self) -> list[str]:
        """Everything shown."""
        return [line for line, _entry, _first in self._rows]

    def newest(self, number: int) -> list[str]:
        """The last lines of what is kept, shown or not."""
        lines = list[str]()
        for entry in reversed(self._kept):
            lines[:0] = entry.text.splitlines()
            if len(lines) >= number:
                break
        return lines[-number:]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, entry, is_first = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line[:LONGEST_SHOWN]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(line[:LONGEST_SHOWN])
        if role == Qt.ItemDataRole.DecorationRole:
            # every row has one, so that the lines of a record stand under each other
            return icons.tone_icon(entry.tone, QGuiApplication.palette()) if is_first else _no_icon()
        return None

    def _lines(self, entries: Iterable[Entry]) -> list[tuple[str, Entry, bool]]:
        rows = list[tuple[str, Entry, bool]]()
        for entry in entries:
            if entry.level >= self._level and self._needle in entry.folded:
                for number, line in enumerate(entry.shown.splitlines() or [""]):
                    rows.append((line, entry, number == 0))
                    if len(line) > len(self.longest):
                        self.longest = line[:LONGEST_SHOWN]
        return rows

    def _drop_rows(self, gone: list[Entry]) -> None:
        """Take the oldest rows away, those of ``gone``."""
        row_count, left = 0, {id(entry) for entry in gone}
        while row_count < len(self._rows) and id(self._rows[row_count][1]) in left:
            row_count += 1
        if row_count:
            self.beginRemoveRows(QModelIndex(), 0, row_count - 1)
            del self._rows[:row_count]
            self.endRemoveRows()
