"""A test that needs what Windows has not says so, with its reason: ``posix(why)``, or ``skipif``."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
POSIX = re.compile(
    r"\b(st_mode|st_blocks|mkfifo|symlink_to|killpg|SIGKILL|SIGSTOP|SIGCONT|SIGHUP|SIGUSR\d|SIGTERM|AF_UNIX|getuid|geteuid"
    r"|os\.fork|os\.nice|import fcntl|import resource)\b|\bchmod\(|\"/proc/|\"/dev/"
)
SAYS_SO = re.compile(
    r"\bskipif\(|\bmark\.posix\(|\bmark\.keyring\b|^@posix\b|\bos\.name\b|\bsys\.platform\b|importorskip"
)


@pytest.mark.parametrize("path", sorted(TESTS.rglob("test_*.py")), ids=lambda path: path.relative_to(TESTS).as_posix())
def test_it_says_what_it_needs(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    if path.name == Path(__file__).name or any(_says_so(source, node) for node in tree.body if _is_mark(node)):
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            needed = POSIX.search(ast.get_source_segment(source, node) or "")
            assert needed is None or _says_so(source, node), f"{node.name}: {needed[0]}"


def _is_mark(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"


def _says_so(source: str, node: ast.AST) -> bool:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else []
    told = "\n".join(f"@{ast.unparse(decorator)}" for decorator in decorators)
    return bool(re.search(SAYS_SO, f"{told}\n{ast.get_source_segment(source, node)}"))
