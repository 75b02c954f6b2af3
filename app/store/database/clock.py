"""Moments as people and neighbours get them: aware and UTC. The database and the clock count Unix seconds."""

from __future__ import annotations

from datetime import UTC, datetime


def utc(unix_s: float) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)


def utc_or_none(unix_s: float | None) -> datetime | None:
    return None if unix_s is None else utc(unix_s)


def unix(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
