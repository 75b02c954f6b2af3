"""Runs the program, its build and its installer on a Windows in Wine, and tells what held.

    python3 packaging/wine_check.py                     all of it: 20 minutes the first time
    python3 packaging/wine_check.py source installer    these parts alone
    python3 packaging/wine_check.py --pictures FOLDER   with pictures of the screen

Parts: source, tests, build, smoke, installer; the last two take the build that is there, and make it where there is
none of this checkout. As root on Debian. It downloads by apt, pip and npm alone, by version and hash, keeps 5 GB in
`~/.cache/frame-backend-tests/wine`, and leaves nothing running. What it builds is for nobody: it stays there.

Wine is no Windows: what it cannot tell is listed at the end. Standard library only.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "packaging"), str(ROOT / "packaging" / "wine")]

import debian  # noqa: E402  needs the path above
import frozen  # noqa: E402
import installed  # noqa: E402
import making  # noqa: E402
import source  # noqa: E402
import suites  # noqa: E402
from smoke_machine import Failed  # noqa: E402
from windows import Windows, session  # noqa: E402

from app.bootstrap import is_root  # noqa: E402

Check = Callable[[Windows], str]
"""What it finds, in a few words; raises ``Failed``. Its docstring is what it checks."""
PARTS: dict[str, tuple[Check, ...]] = {
    "source": source.CHECKS,
    "tests": suites.CHECKS,
    "build": frozen.BUILD_CHECKS,
    "smoke": frozen.SMOKE_CHECKS,
    "installer": installed.CHECKS,
}
TESTS_AT_ONCE = 2
NEEDS_BUILD = ("smoke", "installer")
NOT_TOLD = (
    "an administrator's question and the firewall rule behind it",
    "the Restart Manager, WMI, SmartScreen, access lists, antivirus scanners that hold files",
    "high DPI, a dark title bar, the tray's real look",
    "real times and memory",
    "the installer by Inno Setup 6.7, as it is released (here 6.4), and Windows' own name for a user's programs",
)
"""By Wine."""


@dataclass(frozen=True, slots=True)
class Row:
    """One check's outcome."""

    part: str
    what: str
    held: bool
    took_s: float
    note: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER")
    args = parser.parse_args()
    if unknown := {*args.parts} - {*PARTS}:
        parser.error(f"the parts are {', '.join(PARTS)}, not {', '.join(sorted(unknown))}")
    if why := why_not_here():
        sys.exit(why)
    debian.enter()
    pictures = args.pictures.resolve() if args.pictures else None
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    root = making.place()
    with alone(root):
        rows = list(run(root, with_build(args.parts or PARTS), pictures))
    print(f"\n{table(rows)}\n\nNot told by Wine:")
    print("\n".join(f"- {what}" for what in NOT_TOLD))
    return 0 if all(row.held for row in rows) else 1


def why_not_here() -> str:
    """A sentence; "" where it can run."""
    if sys.platform != "linux" or shutil.which("apt-get") is None:
        return "This check needs Debian or Ubuntu: it takes Wine from Debian's archive, by apt."
    return "" if is_root() else "This check needs root: it makes a Debian in a folder, and mounts into it."


def with_build(names: Iterable[str]) -> list[str]:
    """These parts in their order, with the build where one of them takes it."""
    wanted = {*names}
    if wanted & {*NEEDS_BUILD}:
        wanted.add("build")
    return [name for name in PARTS if name in wanted]


def run(root: Path, names: list[str], pictures: Path | None) -> Iterator[Row]:
    """Each row as soon as it is known, told at once."""
    yield (made := tell(tried("made", lambda: made_outside(root), "Debian with Wine, in a folder")))
    if not made.held:
        return
    debian.mount(root)
    with session(root, pictures) as windows:
        made = tell(tried("made", lambda: made_inside(windows), "Windows 10 with Python and the packages of the lock"))
        yield made
        if made.held:
            yield from tried_parts(windows, names)


def tried_parts(windows: Windows, names: list[str]) -> Iterator[Row]:
    """The tests mostly wait, so they run beside what is before the installer; that one changes which Windows it is."""
    with ThreadPoolExecutor(TESTS_AT_ONCE) as beside:
        tests = [beside.submit(told, "tests", check, windows) for check in PARTS["tests"] if "tests" in names]
        for part in names:
            if part not in ("tests", "installer"):
                yield from (told(part, check, windows) for check in PARTS[part])
        yield from (row.result() for row in tests)
    if "installer" in names:
        yield from (told("installer", check, windows) for check in PARTS["installer"])


def told(part: str, check: Check, windows: Windows) -> Row:
    return tell(tried(part, lambda: check(windows), str(check.__doc__)))


def tell(row: Row) -> Row:
    outcome = "held" if row.held else "DID NOT HOLD"
    print(f"- {row.part}: {row.what}: {outcome} ({row.took_s:.0f} s) {row.note}", flush=True)
    return row


def alone(root: Path) -> IO[str]:
    """Hold this as long as it is at work. Exits when another one is."""
    import fcntl  # Windows' tests read this file

    root.parent.mkdir(parents=True, exist_ok=True)
    lock = root.with_name("wine.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"Another check is at work in {root}.")
    return lock


def made_outside(root: Path) -> str:
    debian.install_outside()
    making.make_debian(root)
    return ""


def made_inside(windows: Windows) -> str:
    making.make_windows(windows)
    making.copy_project(checkout(), windows)
    source.forget(windows)
    installed.forget(windows)
    return ""


def checkout() -> list[str]:
    """What git knows of or would, relative to the checkout."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def tried(part: str, check: Callable[[], str], what: str) -> Row:
    """The outcome of a check; one that fails ends nothing."""
    began = time.monotonic()
    try:
        note, held = check(), True
    except Failed as failed:
        note, held = str(failed), False
    except Exception as error:  # what nobody thought of, and the other checks go on
        note, held = f"{type(error).__name__}: {error}", False
    return Row(part, what, held, time.monotonic() - began, note)


def table(rows: Iterable[Row]) -> str:
    """Part, what, whether it held, seconds."""
    lines = [("part", "what", "held", "took")]
    for row in rows:
        what = f"{row.what} ({row.note})" if row.held and row.note else row.what
        lines.append((row.part, what, "yes" if row.held else "NO", f"{row.took_s:.0f} s"))
    part, what, held = (max(len(line[column]) for line in lines) for column in range(3))
    return "\n".join(f"{a:<{part}} | {b:<{what}} | {c:<{held}} | {d:>6}" for a, b, c, d in lines)


if __name__ == "__main__":
    sys.exit(main())
