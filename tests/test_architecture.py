"""What the walls of the house promise and no linter checks: tuples list every file, headless mode is free of Qt."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import errors, events
from app.core.settings import SETTINGS

ROOT = Path(__file__).parents[1]
APP = ROOT / "app"


def test_headless_server_and_verbs_import_no_qt() -> None:
    code = "import app.start, app.application, app.cli.commands, app.demo, sys\n"
    code += "print([name for name in sys.modules if 'PySide' in name or 'qasync' in name])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reader_its_big_libraries_prices_and_the_brokers_client_are_not_imported_by_the_server() -> None:
    big = ("numpy", "cv2", "onnxruntime", "rapidocr", "zxingcpp", "genai_prices", "paho")
    code = f"import app.application, sys; print([name for name in {big} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_arguments_and_bootstrap_need_the_standard_library_alone() -> None:
    for name in ("cli/__init__", "cli/arguments", "bootstrap", "streams", "__main__"):
        for node in ast.walk(ast.parse((APP / f"{name}.py").read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert all(found.split(".")[0] in {*sys.stdlib_module_names, "app"} for found in names), name


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=lambda path: str(path.relative_to(APP)))
def test_every_module_says_why_it_exists(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_files_are_moved_and_deleted_in_one_place() -> None:
    """It has patience with what looks into new files on Windows."""
    here = {str(path.relative_to(APP)) for path in APP.rglob("*.py") if any(map(_is_move, _nodes(path)))}
    assert here == {"files.py", "bootstrap.py"}, "the latter comes before all others"


def test_nobody_waits_with_wait_for() -> None:
    """Python 3.11's forgets that it was cancelled when what it waits for comes in that moment; ``asyncio.timeout`` does
    not.
    """
    assert [path for path in APP.rglob("*.py") if "asyncio.wait_for(" in path.read_text(encoding="utf-8")] == []


def _nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def _is_move(node: ast.AST) -> bool:
    """A text's ``replace`` has two arguments."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    whose, what, is_short = ast.unparse(node.func.value), node.func.attr, len(node.args) == 1 and not node.keywords
    if whose in ("os", "shutil"):
        return what in ("replace", "rename", "remove", "unlink", "move")
    return what == "unlink" or (what in ("rename", "replace") and is_short and not whose.startswith("self"))


def test_every_event_is_a_documented_frozen_dataclass() -> None:
    own = [kind for kind in vars(events).values() if isinstance(kind, type) and kind.__module__ == events.__name__]
    kinds = set(own) - {events.Event, events.Bus}
    assert kinds
    for kind in kinds:
        assert issubclass(kind, events.Event), kind
        assert kind.__doc__, kind
        assert kind.__dataclass_params__.frozen, kind  # type: ignore[attr-defined]
        assert kind.__dictoffset__ == 0, kind


def test_every_word_of_the_error_tree_stands_in_its_drawing() -> None:
    drawn = errors.__doc__ or ""
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.FrameBackendError):
            assert kind.__name__ in drawn


def test_every_error_fits_the_glasses() -> None:
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.FrameError):
            assert len(kind.template) < 60
            assert kind.template.isascii()


def test_every_setting_has_a_label_a_help_and_a_default_within_its_bounds() -> None:
    assert len({setting.key for setting in SETTINGS}) == len(SETTINGS)
    for setting in SETTINGS:
        assert setting.label, setting.key
        assert setting.help, setting.key
        assert setting.check(setting.default) == setting.default


def test_resources_hold_no_python() -> None:
    assert not list((ROOT / "resources").rglob("*.py"))
