"""The locks install what `pyproject.toml` names, all of it, by hash, and say nothing of where they were made."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from app import __version__
from app.bootstrap import ROOT, lock_groups

PACKAGING = Path(ROOT, "packaging")
LOCKS = ("requirements.lock", "build.lock", "audit.lock", "models.lock")
# Of others' public face: PySide6 is bound by shiboken6, aiohttp gives and takes URLs of yarl and dicts of multidict.
PARTS = {"multidict", "shiboken6", "yarl"}
PROJECT = tomllib.loads(Path(ROOT, "pyproject.toml").read_text(encoding="utf-8"))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def entries(lock: str) -> list[str]:
    text = (PACKAGING / lock).read_text(encoding="utf-8")
    return re.findall(r"^[a-z0-9](?:[^\n]*\\\n)*[^\n]*\n", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_version_and_hashes_and_no_address(lock: str) -> None:
    assert len(entries(lock)) > 5
    for entry in entries(lock):
        requirement, *hashes = [part.strip() for part in entry.split("\\\n")]
        assert re.match(r"[a-z0-9-]+==[\w.]+", requirement), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes), requirement
    assert "://" not in (PACKAGING / lock).read_text(encoding="utf-8")


def test_the_groups_are_those_that_bootstrap_installs() -> None:
    assert list(lock_groups()) == ["core", "window", "reader", "test"]


def test_what_freezes_the_program_agrees_with_it() -> None:
    def pins(lock: str) -> set[str]:
        return {entry.split("\\")[0].split(";")[0].strip() for entry in entries(lock)}

    program, tools = pins("requirements.lock"), pins("build.lock")
    shared = {pin.split("==")[0] for pin in program} & {pin.split("==")[0] for pin in tools}
    assert "packaging" in shared
    assert {pin for pin in tools if pin.split("==")[0] in shared} <= program


@pytest.mark.parametrize(
    ("wanted", "lock"),
    [
        (PROJECT["project"]["dependencies"], "requirements.lock"),
        (PROJECT["project"]["optional-dependencies"]["window"], "requirements.lock"),
        (PROJECT["project"]["optional-dependencies"]["reader"], "requirements.lock"),
        (PROJECT["dependency-groups"]["test"], "requirements.lock"),
        (PROJECT["dependency-groups"]["build"], "build.lock"),
        (PROJECT["dependency-groups"]["audit"], "audit.lock"),
        (PROJECT["dependency-groups"]["models"], "models.lock"),
    ],
    ids=["core", "window", "reader", "test", "build", "audit", "models"],
)
def test_what_pyproject_asks_for_is_locked_within_its_bounds(wanted: list[str], lock: str) -> None:
    locked = [Requirement(entry.split("\\")[0].strip()) for entry in entries(lock)]
    for requirement in map(Requirement, wanted):
        pins = [pin for pin in locked if normal(pin.name) == normal(requirement.name)]
        assert pins, requirement.name
        for pin in pins:
            (version,) = [clause.version for clause in pin.specifier]
            assert requirement.specifier.contains(version, prereleases=True), (requirement, version)


def test_every_library_that_app_imports_is_a_dependency_of_its_own() -> None:
    """One that came along with another goes when that one drops it."""
    named = [*PROJECT["project"]["dependencies"]]
    for more in PROJECT["project"]["optional-dependencies"].values():
        named += more
    known = {normal(Requirement(line).name) for line in named} | PARTS
    whose = metadata.packages_distributions()
    unnamed = [
        f"{file.name} imports {module}"
        for file in Path(ROOT, "app").rglob("*.py")
        for module in imported(file) - {"app", *sys.stdlib_module_names}
        if module in whose and not {normal(name) for name in whose[module]} & known
    ]
    assert unnamed == []


def imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_there_is_one_version() -> None:
    assert PROJECT["project"]["version"] == __version__
