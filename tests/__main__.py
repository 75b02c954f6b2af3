"""Sets up whatever is missing, then judges the program: style, types, walls, tests.

    python3 -m tests                     all of it
    python3 -m tests tests/core -k gate  pytest alone, with these arguments
    python3 -m tests --checks            all but pytest: what .pre-commit-config.yaml runs before a commit

Works on a fresh machine with nothing but Python. As root on Debian or Ubuntu it installs the system packages the tests
need, elsewhere it prints the line that does; tests that cannot run without them are skipped. With `CI=true` nothing is
skipped: what is missing is an error.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app import bootstrap

ROOT = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI", "").lower() in ("1", "true")
LINUX = sys.platform.startswith("linux")
CHECKS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
    "mypy for Windows": ["-m", "mypy", "--platform", "win32", "--cache-dir", ".mypy_cache/win32"],
    "lint-imports": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "translations": ["packaging/translations.py", "check"],
}
PROGRAMS = {  # and the Debian package each is in
    "Xvfb": "xvfb",
    "chromium": "chromium",
    "trayer": "trayer",
    "xdotool": "xdotool",
    "zbarimg": "zbar-tools",
    "gnome-keyring-daemon": "gnome-keyring",
    "dbus-run-session": "dbus",
    "mosquitto": "mosquitto",
    "ip": "iproute2",
    "man": "man-db",
}
PARTS = {
    "the whole program": ["tests/system"],
    "the window": ["tests/ui"],
    "the server": ["tests/server"],
    "all else": ["tests"],
    "core and store": ["tests/core", "tests/store"],
    "windows of other processes": [
        "tests/ui/test_run.py", "tests/ui/shell/test_damage_box.py", "tests/ui/shell/test_restore.py",
        "tests/ui/shell/test_single_instance.py",
    ],
    "kills, soak and load": ["tests/system/test_endurance.py"],
    "hostile input": ["tests/hostile"],
}  # fmt: skip
"""Whichever of them ends makes room for the next: the longest first. Each leaves out what another one names."""
AT_ONCE = 3
"""On two cores: some of them mostly wait."""
TELLING = threading.Lock()
Passes = Callable[[str, list[str], Mapping[str, str]], bool]
"""Runs the command of that name in that environment."""
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")  # without any font Qt draws boxes


def main() -> int:
    arguments = sys.argv[1:]
    if {"-h", "--help"} & {*arguments}:
        print(__doc__)
        return 0
    bootstrap.ensure(("core", "window", "reader", "test"))
    if arguments == ["--checks"]:
        return told(failing_checks(passes))
    if not is_whole() and CI:
        return 1
    if arguments:
        with screen() as environ:
            failed = [] if passes("pytest", ["-m", "pytest", *arguments], environ) else ["pytest"]
    else:
        failed = failing()
    return told(failed)


def is_whole(programs: Iterable[str] = tuple(PROGRAMS)) -> bool:
    """Installs what can be; says what is missing all the same."""
    lacking = [bootstrap.missing_sentence(group) for group in ("window", "reader") if not bootstrap.available(group)]
    if packages := install(missing_packages(programs)):
        lacking.append(f"System packages are missing. {bootstrap.apt_line(packages)}")
    if lacking:
        print("\n".join(lacking), file=sys.stderr)
    return not lacking


def told(failed: list[str]) -> int:
    """The exit status, after a word on what failed."""
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def failing_checks(run: Passes) -> list[str]:
    return [name for name, command in CHECKS.items() if not run(name, command, os.environ)]


def passes(name: str, command: list[str], environ: Mapping[str, str]) -> bool:
    print(f"== {name}", flush=True)
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=environ, check=False).returncode == 0


def passes_beside_others(name: str, command: list[str], environ: Mapping[str, str]) -> bool:
    """What it says is told at its end, in one piece."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environ, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    with TELLING:
        print(f"== {name}", flush=True)
        sys.stdout.buffer.write(done.stdout)
        sys.stdout.flush()
    return done.returncode == 0


def failing() -> list[str]:
    """Run the checks and all parts of the tests, some at a time, each on a screen of its own; which ones failed."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        parts = {f"pytest: {name}": pool.submit(part, f"pytest: {name}", words) for name, words in PARTS.items()}
        checks = pool.submit(failing_checks, passes_beside_others)
        return checks.result() + [name for name, passed in parts.items() if not passed.result()]


def part(name: str, words: list[str]) -> bool:
    others = {path for paths in PARTS.values() for path in paths} - {*words}
    left_out = [f"--ignore={path}" for path in sorted(others) if path.startswith(tuple(f"{word}/" for word in words))]
    with screen() as environ:
        return passes_beside_others(name, ["-m", "pytest", *words, *left_out], environ)


def missing_packages(programs: Iterable[str] = tuple(PROGRAMS)) -> list[str]:
    """Debian's names of what the window and ``programs`` need and this Linux lacks; empty elsewhere."""
    if not LINUX:
        return []
    missing = bootstrap.missing_qt_libraries()
    missing += [PROGRAMS[program] for program in programs if shutil.which(program) is None]
    return missing if FONT.exists() else [*missing, "fonts-dejavu-core"]


def install(packages: list[str]) -> list[str]:
    """Installs them where that is possible; gives those still missing."""
    if not packages or shutil.which("apt-get") is None or not bootstrap.is_root():
        return packages
    print(f"Installing {' '.join(packages)} ...", file=sys.stderr, flush=True)
    log = ROOT / ".venv" / "apt.log"
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with log.open("w+", encoding="utf-8", errors="replace") as output:
        # A source that cannot be reached fails the update but not, as a rule, what is wanted from the others.
        for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", *command], stdout=output, stderr=output, env=environ, check=False)
        missing = [package for package in missing_packages() if package in packages]
        if missing:
            output.seek(0)
            print(output.read(), file=sys.stderr)
    return missing


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """The environment for pytest: with an X server of its own where Linux has no display, offscreen without Xvfb."""
    environ = dict(os.environ)
    # An image for containers often says so; then every part and every program it starts would compile all over again.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with ExitStack() as stack:
        if LINUX:
            # Qt warns when one of these is missing, and a warning fails a test.
            environ.setdefault("XDG_RUNTIME_DIR", stack.enter_context(tempfile.TemporaryDirectory()))
            environ.setdefault("LC_ALL", "C.UTF-8")
            if not environ.get("DISPLAY") and shutil.which("Xvfb"):
                environ.update(DISPLAY=stack.enter_context(x_server()), QT_QPA_PLATFORM="xcb")
            elif not environ.get("DISPLAY"):
                environ["QT_QPA_PLATFORM"] = "offscreen"
        yield environ


@contextmanager
def own_screen(programs: Iterable[str] = ("Xvfb",)) -> Iterator[None]:
    """A screen for this process and those that it starts, which need ``programs``; on a bare machine too."""
    is_whole(programs)
    with screen() as environ:
        os.environ.update(environ)
        yield


@contextmanager
def x_server() -> Iterator[str]:
    """An Xvfb on a display number that it finds free by itself."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1600x1200x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:
            number = answer.readline().strip()
        if not number:
            sys.exit("Xvfb did not start.")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
