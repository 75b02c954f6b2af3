"""What a bench found, as a table: each row with the limit it must hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, the limit it must hold, and what was found."""

    what: str
    limit: str
    found: str
    holds: bool


def at_most(what: str, found: float, limit: float, unit: str) -> Row:
    return Row(what, f"<= {limit:g} {unit}".strip(), f"{found:.3g} {unit}".strip(), found <= limit)


def at_least(what: str, found: float, limit: float, unit: str) -> Row:
    return Row(what, f">= {limit:g} {unit}".strip(), f"{found:.3g} {unit}".strip(), found >= limit)


def print_table(rows: Sequence[Row]) -> int:
    """Print ``rows``; the exit status: 0 when all limits hold, else 1."""
    what, limit, found = (
        max(map(len, (title, *(getattr(row, name) for row in rows))))
        for name, title in (("what", "measured"), ("limit", "limit    "), ("found", "found    "))
    )
    print(f"| {'measured':<{what}} | {'limit':<{limit}} | {'found':<{found}} | holds |")
    print(f"|-{'-' * what}-|-{'-' * limit}-|-{'-' * found}-|-------|")
    for row in rows:
        print(
            f"| {row.what:<{what}} | {row.limit:<{limit}} | {row.found:<{found}} | {'yes' if row.holds else 'NO':<5} |"
        )
    return 0 if all(row.holds for row in rows) else 1
