"""Every page in the repository names what is there, and no text in it names a page that is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FOLDERS = ("app", "packaging", "resources", "tests", ".ci", ".github")
TEXTS = frozenset(
    (".py", ".md", ".toml", ".yml", ".yaml", ".sh", ".spec", ".iss", ".qss", ".svg", ".desktop", ".xml", "")
)

PATH = re.compile(r"`(?:python3? )?((?:app|packaging|resources|tests|\.ci|\.github)/[\w./-]+)")
MODULE = re.compile(r"(?<![\w/*.-])((?:[a-z_]+/)*[a-z_]+\.py)\b")
PAGE = re.compile(r"(?<![\w:/.-])((?:[\w.-]+/)*[\w-]+\.md)\b(?:`?, ([A-Z][\w ]+)(?=[.:;()`*\n]| \())?")
URL = re.compile(r"\w+://\S+")


def texts() -> Iterator[Path]:
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.suffix in {".md", ".toml", ".yaml"})
    for folder in FOLDERS:
        found = ROOT.joinpath(folder).rglob("*")
        yield from (path for path in found if path.is_file() and path.suffix in TEXTS)


PAGES = sorted(path for path in texts() if path.suffix == ".md")


def names(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def words_of(path: Path) -> str:
    """Its text without addresses of the web; a line of a comment goes on in the next one."""
    return re.sub(r"\n\s*#? *", " ", URL.sub("", path.read_text(encoding="utf-8")))


def headings(page: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_every_path_on_a_page_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [name for name in PATH.findall(text) if not (ROOT / name).exists()] == []


def test_every_module_on_the_page_about_the_code_exists() -> None:
    text = (ROOT / "app" / "README.md").read_text(encoding="utf-8")
    there = [names(path) for path in ROOT.joinpath("app").rglob("*.py")]
    found = set(MODULE.findall(text))
    assert len(found) > 20
    assert [name for name in found if not any(f"/{path}".endswith(f"/{name}") for path in there)] == []


def test_no_text_names_a_page_that_is_not_in_the_repository() -> None:
    """Nor a heading that is not on it."""
    anywhere = {page.name: page for page in PAGES}
    for path in texts():
        for name, named in PAGE.findall(words_of(path)):
            page = next((found for found in (ROOT / name, path.parent / name) if found.is_file()), anywhere.get(name))
            assert page is not None, f"{names(path)} names {name}"
            there = {"", *headings(page)}
            assert {heading.strip() for heading in named.split(" and ")} <= there, f"{names(path)}: {name}, {named}"


def test_no_text_speaks_of_sections_of_something_else() -> None:
    for path in texts():
        if path != Path(__file__):
            found = re.findall(r"\b[A-Z]{4,}(?:\.md)? sections? \d|\.\./shared", path.read_text(encoding="utf-8"))
            assert found == [], names(path)


def test_a_commit_is_held_to_what_ci_runs_and_to_nothing_else() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    [local] = hooks["repos"]
    assert local["repo"] == "local", "a hook from elsewhere would be another version of the same tool"
    assert [hook["entry"] for hook in local["hooks"]] == ["python3 -m tests --checks"]
