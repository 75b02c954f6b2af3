"""The blacklist as a text file: one address or range a line, behind it the reason; ``#`` begins a remark."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from app.store import BlacklistEntry

MOST_BYTES = 1_000_000
MOST_LINES = 1_000
FILE_NAME = "blacklist.txt"


def parse(text: str) -> list[tuple[int, str, str]]:
    """Each line's number, address and reason. Whether the address is one is for the store to say."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line and not line.startswith("#"):
            address, reason = (*re.split(r"[\s,;]+", line, maxsplit=1), "")[:2]
            found.append((number, address, reason.removeprefix("#").strip()))
    return found


def spell(entries: Iterable[BlacklistEntry]) -> str:
    """What ``parse`` reads. What ends by itself is a remark: read in again, it would stay for good."""
    lines = []
    for entry in entries:
        line = f"{entry.address}\t{' '.join(entry.reason.split())}".rstrip()
        until = "" if entry.expires_at is None else f"# until {entry.expires_at:%Y-%m-%d %H:%M} UTC: "
        lines.append(until + line)
    return "".join(f"{line}\n" for line in lines)


def read(path: Path) -> str | None:
    """The file's text; None when it is far too large to be such a list. Raises ``OSError``."""
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    return None if len(raw) > MOST_BYTES else raw.decode("utf-8-sig", "replace")
