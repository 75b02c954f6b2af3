"""The predecessor's ``ai_server.db``, read and never written.

Its tables: ``profiles(username, auth_key, api_keys JSON, created_at, last_activity, ...)``, ``activity_logs(
profile_name, ip_address, request_type, image_path, ai_responses JSON, final_answer, timestamp,
processing_time_seconds)``, ``blacklisted_ips(ip_address, blacklisted_at, reason)``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.core.errors import ArchiveUnusable
from app.core.text.plain_text import MOST_CHARS, printable

DATABASE = "ai_server.db"
VENDORS = ("gemini", "deepseek", "qwen", "chatgpt")
MOST_ANSWERS, MOST_NAME_CHARS = 20, 64
FIRST_YEAR, LAST_YEAR = 1971, 2100


@dataclass(frozen=True, slots=True)
class OldProfile:
    """``api_keys``: by vendor."""

    username: str
    auth_key: str
    api_keys: dict[str, str]


@dataclass(frozen=True, slots=True)
class OldFrame:
    """One row of ``activity_logs``; ``number`` is its rowid."""

    number: int
    username: str
    client_ip: str
    image_path: str
    said: dict[str, str]
    answer: str
    received_at: datetime
    latency_ms: int


@dataclass(frozen=True, slots=True)
class OldDatabase:
    """``blacklist``: (address, reason)."""

    profiles: tuple[OldProfile, ...]
    blacklist: tuple[tuple[str, str], ...]
    frames: tuple[OldFrame, ...]


def read_legacy_database(source: Path) -> OldDatabase:
    """What ``source`` (the folder with ``ai_server.db``) holds. Raises ``ArchiveUnusable``."""
    path = source / DATABASE
    if not path.is_file():
        raise ArchiveUnusable("There is no {database} in that folder.", database=DATABASE)
    try:
        # read only: nothing is written to a file that is not ours, nor its log copied into it
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            connection.text_factory = lambda text: text.decode("utf-8", "replace")
            return OldDatabase(
                tuple(_profile(row) for row in _rows(connection, "profiles")),
                tuple(
                    (_raw(row.get("ip_address")), _text(row.get("reason")))
                    for row in _rows(connection, "blacklisted_ips")
                ),
                tuple(_frames(connection)),
            )
    except (sqlite3.Error, OverflowError) as error:
        raise ArchiveUnusable("{database} cannot be read: {error}.", database=DATABASE, error=error) from None


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    """A table's rows; none when an older predecessor had no such table."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone():
        for row in connection.execute(f"SELECT rowid AS number, * FROM {table}"):  # noqa: S608  our own constants
            yield dict(row)


def _profile(row: dict[str, Any]) -> OldProfile:
    api_keys = _object(row.get("api_keys"))
    found = {vendor: _raw(api_keys.get(f"{vendor}_api_key") or api_keys.get(vendor)) for vendor in VENDORS}
    keys = {vendor: key for vendor, key in found.items() if key.strip()}
    return OldProfile(_raw(row.get("username")), _raw(row.get("auth_key")), keys)


def _frames(connection: sqlite3.Connection) -> Iterator[OldFrame]:
    for row in _rows(connection, "activity_logs"):
        received_at = _moment(row.get("timestamp"))
        number = row["number"]
        if received_at is not None and isinstance(number, int):  # a column may have taken the rowid's name
            yield OldFrame(
                number=number,
                username=_raw(row.get("profile_name")),
                client_ip=_text(row.get("ip_address"))[:45],
                image_path=_raw(row.get("image_path")),
                said=_said(row.get("ai_responses")),
                answer=_text(row.get("final_answer")),
                received_at=received_at,
                latency_ms=_milliseconds(row.get("processing_time_seconds")),
            )


def _raw(value: object) -> str:
    """A name, a key or a path: to be checked as it is, or it would become another's."""
    return value if isinstance(value, str) else ""


def _text(value: object) -> str:
    """What a person reads: nothing that a terminal obeys, and bounded as what came here by itself."""
    return printable(_raw(value)[:MOST_CHARS])


def _object(value: object) -> dict[str, Any]:
    """A JSON object; empty for anything else."""
    try:
        found = json.loads(_raw(value) or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _said(value: object) -> dict[str, str]:
    """The texts of a JSON object, by who said them; what is anything else is left out."""
    pairs = list(_object(value).items())[:MOST_ANSWERS]
    said = {_text(name)[:MOST_NAME_CHARS]: _text(answer) for name, answer in pairs}
    return {name: answer for name, answer in said.items() if answer}


def _milliseconds(value: object) -> int:
    seconds = float(value) if isinstance(value, int | float) else 0.0
    return round(seconds * 1_000) if 0 <= seconds < 86_400 else 0  # a NaN fails this too


def _moment(value: object) -> datetime | None:
    """Unix seconds or ISO text; the predecessor's naive times are this computer's own. None for what is no such day."""
    try:
        if isinstance(value, int | float):
            moment = datetime.fromtimestamp(value, UTC)
        else:
            moment = datetime.fromisoformat(_raw(value)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None
