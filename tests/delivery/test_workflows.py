"""The workflows: what GitHub takes, every action pinned, least rights, no secret where it is not needed.

They cannot run here. GitHub's own schema and these rules are what is known of them before they do.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.bootstrap import ROOT
from tests.delivery.tools import script

FOLDER = Path(ROOT, ".github", "workflows")
FILES = sorted(FOLDER.glob("*.yml"))
WRITERS = {
    ("release.yml", "gather"): {"contents": "read", "id-token": "write", "attestations": "write"},
    ("release.yml", "draft"): {"contents": "write"},
}
"""Jobs with more than reading rights."""


def loaded(file: Path) -> dict[str, Any]:
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def steps(file: Path) -> list[tuple[str, dict[str, Any]]]:
    return [(name, step) for name, job in loaded(file)["jobs"].items() for step in job.get("steps", [])]


each = pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)


def test_there_are_the_two() -> None:
    assert [file.name for file in FILES] == ["ci.yml", "release.yml"]


@each
def test_github_s_schema_takes_it(file: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_action_is_pinned_by_commit_and_says_its_version() -> None:
    pins: dict[str, set[str]] = {}
    for file in FILES:
        for line in re.findall(r"^.*\buses: (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE):
            if line.startswith("./"):
                assert Path(ROOT, line).is_file()
                continue
            pinned = re.fullmatch(r"([\w-]+/[\w-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)", line)
            assert pinned, line
            pins.setdefault(pinned[1], set()).add(f"{pinned[2]} {pinned[3]}")
    assert set(pins) == {
        "actions/attest-build-provenance", "actions/checkout", "actions/download-artifact", "actions/setup-python",
        "actions/upload-artifact",
    }  # fmt: skip
    assert all(len(versions) == 1 for versions in pins.values()), pins


@each
def test_a_job_may_read_and_no_more_unless_it_is_named_here(file: Path) -> None:
    workflow = loaded(file)
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert job.get("permissions") == WRITERS.get((file.name, name)), name


@each
def test_no_step_keeps_the_token_or_runs_for_ever(file: Path) -> None:
    for name, job in loaded(file)["jobs"].items():
        assert ("uses" in job) or 0 < job["timeout-minutes"] <= 60, name
    for name, step in steps(file):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False, name


@each
def test_a_secret_reaches_only_a_step_that_runs_where_it_exists(file: Path) -> None:
    for name, step in steps(file):
        if "secrets." in str(step):
            assert re.fullmatch(r"env\.HAS_\w+ == 'true'", step["if"]), (name, step["name"])
            assert "secrets." not in step["run"]


@each
def test_nothing_from_outside_is_pasted_into_a_shell(file: Path) -> None:
    """An expression in a script is code: what it stands for reaches it by the environment."""
    assert "pull_request_target" not in file.read_text(encoding="utf-8")
    for name, step in steps(file):
        assert "${{" not in step.get("run", ""), (name, step.get("name"))


@each
def test_what_a_step_runs_is_there(file: Path) -> None:
    for name, step in steps(file):
        for path in re.findall(r"(?<![\w/])packaging/[\w./*-]+", step.get("run", "")):
            assert list(Path(ROOT).glob(path.removesuffix("/pip"))), (name, path)


def test_every_system_and_python_is_tested() -> None:
    matrix = loaded(FOLDER / "ci.yml")["jobs"]["tests"]["strategy"]["matrix"]
    assert matrix == {"os": ["ubuntu-22.04", "windows-latest"], "python": ["3.11", "3.12", "3.13"]}
    assert any(step.get("run") == "python -m tests" for _, step in steps(FOLDER / "ci.yml"))


def test_windows_is_asked_for_what_wine_has_shown() -> None:
    script("wine_check")
    shown = " ".join(f"tests/{folder}" for folder in sys.modules["suites"].FOLDERS)
    runs = [step["run"] for _, step in steps(FOLDER / "ci.yml") if step.get("if") == "runner.os == 'Windows'"]
    assert [run.splitlines()[-1] for run in runs] == [f"python -m tests {shown}"]


def test_a_release_is_a_draft_of_what_ci_built_and_tested() -> None:
    jobs = loaded(FOLDER / "release.yml")["jobs"]
    assert jobs["ci"]["uses"] == "./.github/workflows/ci.yml"
    assert jobs["gather"]["needs"] == "ci"
    assert jobs["draft"]["needs"] == "gather"
    assert "gh release create" in jobs["draft"]["steps"][-1]["run"]
    assert "--draft" in jobs["draft"]["steps"][-1]["run"]


def test_a_called_workflow_does_not_wait_for_its_caller() -> None:
    """In it ``github.workflow`` is the caller's name, and GitHub compares groups without regard to case."""
    groups = [loaded(file)["concurrency"]["group"].split("-")[0].lower() for file in FILES]
    assert groups == ["ci", "release"]
