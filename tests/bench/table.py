"""What a bench found, as a table for the README: each row with the limit it must hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, the limit it must hold, what was found, and what that is to the same
    figure of whatever it was compared with in the same run. ``figure``: what was found, where it is a number."""

    what: str
    limit: str
    found: str
    holds: bool
    ratio: str = ""
    figure: float = 0.0

    def beside(self, ratio: float, *, most: float | None = None, least: float | None = None) -> Row:
        """With its ratio, and the limit of that."""
        holds = (most is None or ratio <= most) and (least is None or ratio >= least)
        limit = f" (<= {most:g})" if most is not None else f" (>= {least:g})" if least is not None else ""
        return replace(self, ratio=f"x{ratio:.2f}{limit}", holds=self.holds and holds)


def at_most(what: str, found: float, limit: float, unit: str) -> Row:
    return Row(what, f"<= {limit:g} {unit}".strip(), f"{found:.3g} {unit}".strip(), found <= limit, "", found)


def at_least(what: str, found: float, limit: float, unit: str) -> Row:
    return Row(what, f">= {limit:g} {unit}".strip(), f"{found:.3g} {unit}".strip(), found >= limit, "", found)


def grown(rows: Sequence[Row], first: Sequence[Row]) -> list[Row]:
    """``rows`` beside the same ones of less."""
    return [row.beside(row.figure / less.figure) if less.figure else row for row, less in zip(rows, first, strict=True)]


def print_table(rows: Sequence[Row], ratio: str = "") -> int:
    """Print ``rows``, with a column of that name where one has a ratio; the exit status: 0 when all limits hold."""
    lines = [("measured", "limit", "found", ratio)]
    lines += [(row.what, row.limit, row.found + ("" if row.holds else ", NO"), row.ratio) for row in rows]
    print_cells(lines if any(row.ratio for row in rows) else [line[:3] for line in lines])
    return 0 if all(row.holds for row in rows) else 1


def print_cells(lines: Sequence[Sequence[str]]) -> None:
    """Print a table as Markdown has it; its first line is the head."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    told = [" | ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)) for line in lines]
    told.insert(1, "-|-".join("-" * width for width in widths))
    for number, line in enumerate(told):
        print(f"|-{line}-|" if number == 1 else f"| {line} |")
