"""What the smoke test measures, and its table."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a build may be and take. ``memory_mb`` None: nobody has measured it on a real machine."""

    size_mb: float
    paint_s: float
    health_s: float
    memory_mb: float | None


APPIMAGE = Limits(size_mb=198, paint_s=2.2, health_s=3, memory_mb=260)
FOLDER = Limits(size_mb=466, paint_s=1.1, health_s=1.5, memory_mb=260)
WINDOWS_FOLDER = Limits(size_mb=330, paint_s=1.1, health_s=1.5, memory_mb=None)
"""It has no libraries of the system's in it; its working set counts what all programs share."""


@dataclass
class Figures:
    """What was measured, in the order of the table: name, value, unit, the most it may be."""

    rows: list[tuple[str, float, str, float | None]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str, most: float | None = None) -> None:
        self.rows.append((name, value, unit, most))

    def over(self, *, strict: bool) -> list[str]:
        return [name for name, value, unit, most in self.rows if most and value > most and (strict or unit == "MB")]

    def show(self, title: str) -> None:
        print(f"\n{title}")
        for name, value, unit, most in self.rows:
            limit = f"<= {most:g} {unit}" if most else ""
            over = "   OVER" if most and value > most else ""
            print(f"| {name:<42} | {limit:<10} | {value:>7.{0 if unit == 'MB' else 2}f} {unit:<2} |{over}")
        for note in self.notes:
            print(f"  {note}")
        sys.stdout.flush()
