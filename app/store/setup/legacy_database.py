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

DATABASE = "ai_server.db"
VENDORS = ("gemini", "deepseek", "qwen", "chatgpt")


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
            return OldDatabase(
                tuple(_profile(row) for row in _rows(connection, "profiles")),
                tuple(
                    (_text(row.get("ip_address")), _text(row.get("reason")))
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
    api_keys = _texts(row.get("api_keys"))
    found = {vendor: api_keys.get(f"{vendor}_api_key") or api_keys.get(vendor) or "" for vendor in VENDORS}
    keys = {vendor: key for vendor, key in found.items() if key.strip()}
    return OldProfile(_text(row.get("username")), _text(row.get("auth_key")), keys)


def _frames(connection: sqlite3.Connection) -> Iterator[OldFrame]:
    for row in _rows(connection, "activity_logs"):
        received_at = _moment(row.get("timestamp"))
        if received_at is not None:
            yield OldFrame(
                number=int(row["number"]),
                username=_text(row.get("profile_name")),
                client_ip=_text(row.get("ip_address"))[:45],
                image_path=_text(row.get("image_path")),
                said=_texts(row.get("ai_responses")),
                answer=_text(row.get("final_answer")),
                received_at=received_at,
                latency_ms=_milliseconds(row.get("processing_time_seconds")),
            )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> dict[str, str]:
    """A JSON object of texts; what is anything else is left out."""
    try:
        found = json.loads(value) if isinstance(value, str) else {}
    except ValueError:
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {str(name): text for name, text in pairs if isinstance(text, str) and text}


def _milliseconds(value: object) -> int:
    seconds = float(value) if isinstance(value, int | float) else 0.0
    return round(seconds * 1_000) if 0 <= seconds < 86_400 else 0  # a NaN fails this too


def _moment(value: object) -> datetime | None:
    """Unix seconds or ISO text; the predecessor's naive times are this computer's own."""
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        return datetime.fromisoformat(_text(value)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
