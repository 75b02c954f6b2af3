"""A database from elsewhere, row by row: each goes through the checks it would have met on its way in here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, get_args

from app.core.cost.pricing import checked_amount, checked_model
from app.core.frame import KINDS
from app.core.ports import LastingWord
from app.core.routing.labels import SOURCES
from app.core.settings import BY_KEY, PROMPT_MAX_CHARS
from app.store.database.connection import Session
from app.store.database.migrations import MIGRATIONS
from app.store.history.ended import SEVERAL
from app.store.history.labels import CORRECTION_MAX_CHARS
from app.store.profiles.app_keys import checked_app
from app.store.profiles.identifiers import checked_name
from app.store.setup.addresses import checked_network, spelled
from app.store.setup.blacklist import REASON_MAX_CHARS
from app.store.setup.provider_settings import CHANGEABLE, checked_change, checked_provider_name

MOST = 253_000_000_000
"""Of any number but a moment in milliseconds: Unix seconds of the last year that a date may have."""
MOST_MS = MOST * 1_000
MOST_BYTES = 2**32
_STORED_AS = {"TEXT": "text", "INTEGER": "integer", "REAL": "real", "BLOB": "blob"}
_FRAME_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DOOR = re.compile(r"[a-z_]{1,32}")
_INSTALLATION_ID = re.compile(r"[0-9a-f]{16}")
_NO_JSON = "SELECT 1 FROM frame WHERE NOT (json_valid(attempts) AND json_valid(ai_responses) AND json_valid(usage))"
_NO_NEXT_ID = f"SELECT 1 FROM sqlite_sequence WHERE typeof(seq) != 'integer' OR seq NOT BETWEEN 0 AND {MOST}"  # noqa: S608  our own
"""SQLite counts on from it: behind the largest number there is no profile any more."""
Row = Mapping[str, Any]


def check_rows(session: Session) -> None:
    """Raises ``StoreError``, ``sqlite3.Error``, or what Python does with a value that is none of its kind."""
    _holds(_shape(session) == _our_shape())
    _holds(session.sql("PRAGMA integrity_check(1)") == [("ok",)] and not session.sql("PRAGMA foreign_key_check"))
    _holds(not session.sql(_NO_JSON) and not session.sql(_NO_NEXT_ID))
    for (table,) in session.sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"):
        _check_types(session, table)
        # Closed at an error too: it would keep the file open, which Windows then lets nobody remove.
        with closing(session.raw.execute(f"SELECT * FROM {table}")) as cursor:  # noqa: S608  the shape is ours
            names, check = [column[0] for column in cursor.description], _CHECKS.get(table)
            for row in cursor:  # what is no UTF-8 is met here
                if check is not None:
                    check(dict(zip(names, row, strict=True)))


def _holds(fact: object) -> None:
    if not fact:
        raise ValueError


def _shape(session: Session) -> set[tuple[str, ...]]:
    made = session.sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {(kind, name, *sql.split()) for kind, name, sql in made if not name.startswith("sqlite_")}


def _our_shape() -> set[tuple[str, ...]]:
    session = Session(Path(":memory:"), busy_ms=0)
    try:
        for migration in MIGRATIONS:
            migration(session)
        return _shape(session)
    finally:
        session.close()


def _check_types(session: Session, table: str) -> None:
    """SQLite keeps any value in any column, and null where a file that was written past it has one."""
    wrong = []
    for _, name, kind, not_null, _, _, hidden in session.sql(f"PRAGMA table_xinfo({table})"):
        if not hidden:
            right = (_STORED_AS[kind], _STORED_AS[kind] if not_null else "null")
            kinds = f"typeof({name}) NOT IN {right}"
            most = MOST_MS if name.endswith("_ms") else MOST
            wrong += [kinds] if kind in ("TEXT", "BLOB") else [kinds, f"abs({name}) > {most}"]
    _holds(not session.sql(f"SELECT 1 FROM {table} WHERE {' OR '.join(wrong)} LIMIT 1"))  # noqa: S608  see above


# --- each table's -----------------------------------------------------------------------------------------------------


def _meta(row: Row) -> None:
    _holds(row["key"] != "installation_id" or _INSTALLATION_ID.fullmatch(row["value"]))


def _setting(row: Row) -> None:
    if row["key"] in BY_KEY:  # else of another version: kept, not used
        BY_KEY[row["key"]].parse(row["value"])


def _profile(row: Row) -> None:
    _holds(checked_name(row["username"]) == row["username"])
    _holds(len(row["prompt"]) <= PROMPT_MAX_CHARS and len(row["key_hash"]) == 32 and row["id"] > 0)
    chain = None if row["chain"] is None else json.loads(row["chain"])
    _holds(chain is None or (type(chain) is list and all(type(name) is str for name in chain)))


def _app_key(row: Row) -> None:
    _holds(checked_app(row["app"]) == row["app"] and len(row["key_hash"]) == 32 and row["id"] > 0)


def _blacklist(row: Row) -> None:
    _holds(spelled(checked_network(row["address"])) == row["address"])
    _holds(len(row["reason"]) <= REASON_MAX_CHARS and row["automatic"] in (0, 1) and row["hits"] >= 0)


def _provider(row: Row) -> None:
    for field in CHANGEABLE:
        value = row[field]
        if value is not None:
            _holds(field != "enabled" or value in (0, 1))
            checked_change(field, bool(value) if field == "enabled" else value)
    if row["position"] is not None:
        checked_provider_name(row["name"])
        _holds(row["base_url"])
    _holds(row["revision"] >= 0)


def _price(row: Row) -> None:
    _holds(checked_model(row["model"]) == row["model"])
    checked_amount(row["input_usd"])
    checked_amount(row["output_usd"])
    date.fromisoformat(row["as_of"])


def _cooldown(row: Row) -> None:
    _holds(row["word"] in get_args(LastingWord) and row["until"] is not None and row["step"] >= 1)


def _lesson(row: Row) -> None:
    for parameter, instead, value in json.loads(row["repairs"]):
        _holds(type(parameter) is str and (instead is None or type(instead) is str))
        _holds(value is None or type(value) in (str, int, float, bool))


def _day_count(row: Row) -> None:
    date.fromisoformat(row["day"])
    _holds(row["calls"] >= 0)


def _frame(row: Row) -> None:
    _holds(_FRAME_ID.fullmatch(row["frame_id"]) and row["received_ms"] >= 0)
    _holds(row["code"] in ("ok", "degraded", "bad_frame") if row["status"] == 200 else 400 <= row["status"] <= 599)
    _holds(all(row[name] is None or 0 <= row[name] <= 1 for name in ("confidence", "trust")))
    _holds(row["thumb"] in (-1, 0, 1) and row["favourite"] in (0, 1) and row["reused"] in (0, 1))
    _holds(0 <= row["image_bytes"] <= MOST_BYTES and 0 <= row["row_bytes"] <= MOST_BYTES)
    _holds(row["latency_ms"] >= 0 and row["calls"] >= 0 and (row["whole_ms"] is None or row["whole_ms"] >= 0))
    _holds(row["paid_by"] in ("", SEVERAL) if row["cost_usd"] is None else row["cost_usd"] >= 0)
    for entry in json.loads(row["attempts"]):
        _holds(type(entry["provider"]) is str and type(entry["outcome"]) is str)
        _holds(type(entry["model"]) is str and type(entry.get("why", "")) is str)
        _holds(_is_number(entry["latency_ms"]) and type(entry.get("is_estimate", True)) is bool)
        _holds(all(entry.get(name) is None or _is_number(entry[name]) for name in ("confidence", "trust", "whole_ms")))
    _holds(all(type(said) is str for said in json.loads(row["ai_responses"]).values()))
    _holds(all(type(known) is dict for known in json.loads(row["signs"]).values()))
    _holds(row["blurred_faces"] is None or 0 <= row["blurred_faces"] <= MOST_BYTES)
    _holds(row["door"] == "" or _DOOR.fullmatch(row["door"]))
    _holds(len(row["correction"]) <= CORRECTION_MAX_CHARS)
    for provider, model, *numbers in json.loads(row["usage"]):
        _holds(type(provider) is str and type(model) is str and len(numbers) in (2, 3))
        _holds(all(map(_is_number, numbers[:2])) and all(one is None or _is_number(one) for one in numbers[2:]))


def _label(row: Row) -> None:
    _holds(_FRAME_ID.fullmatch(row["frame_id"]) and row["source"] in SOURCES and row["kind"] in KINDS)
    _holds(0 <= row["is_right"] <= 1 and 0 < row["weight"] <= 1 and row["at"] >= 0)
    _holds(row["confidence"] is None or 0 <= row["confidence"] <= 1)
    _holds(type(json.loads(row["signs"])) is dict)


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and abs(value) <= MOST  # type: ignore[arg-type]


_CHECKS: Mapping[str, Callable[[Row], None]] = {
    "meta": _meta, "setting": _setting, "profile_setting": _setting, "profile": _profile, "app_key": _app_key,
    "blacklist": _blacklist,
    "provider": _provider, "price": _price, "cooldown": _cooldown, "lesson": _lesson, "day_count": _day_count,
    "frame": _frame, "label": _label,
}  # fmt: skip
