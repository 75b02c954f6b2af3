"""The sentences that the rooms below the window say to people: they speak English alone.

They are found in the sources: a literal, or an f-string, that is a sentence. What stands between its braces becomes a
named field, so that ``app/ui/support/sentences.py`` finds the sentence again and says it in the window's language.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

LIST = "sentences.txt"
"""Beside the translations: a line each. The window reads it; a compiled translation cannot be asked what it holds."""
CONTEXT = "errors"
APP = Path(__file__).resolve().parent.parent / "app"
_SPEAKERS = (
    "core/**/*.py",
    "store/**/*.py",
    "providers/*.py",
    "images/*.py",
    "server/network/bind_errors.py",
    "server/network/server.py",
)
_TO_MODELS = ("core/routing/question.py", "core/routing/judge.py")
"""What they say is for an AI."""
_SENTENCE = re.compile(r"['A-Z{](?=.*[a-z])\S* .*[.?!]", re.DOTALL)
_SQL = re.compile(r"\?|\b(SELECT|UPDATE|WHERE)\b")
_UNSEEN = {"Refused", "Setting"}
"""Calls whose texts go to the phone, or are translated by themselves."""
FRAGMENTS = (
    "On this computer", "on or off", "a whole number", "a number", "a text",
    "{kind} of at least {minimum}", "{kind} from {minimum} to {maximum}",
    "{kind} from {minimum} to {maximum} characters",
    "write it as 192.168.0.5 or 192.168.0.0/24", "write it as http://192.168.0.5:8123",
    "this system has none", "it does not give back what it was given", "it would write keys in plain text",
    "it did not answer within {timeout_s} seconds; it may be locked",
    "give it for this session only", "set the environment variable {variables} instead",
    "on this computer alone", "on all its addresses", "{name}: {error}",
)  # fmt: skip
"""Parts that are put into fields of sentences."""


def templates() -> list[str]:
    """All of them, each once, with fields in braces. Raises ``LookupError`` for a fragment that is gone."""
    said, fragments = set[str](), set[str]()
    for pattern in _SPEAKERS:
        for file in APP.glob(pattern):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            found = {*_literals(tree)}
            fragments |= found
            if file.relative_to(APP).as_posix() not in _TO_MODELS:
                said |= {text for text in found if _SENTENCE.fullmatch(text) and not _SQL.search(text)}
    if gone := set(FRAGMENTS) - fragments:
        raise LookupError(f"said by nobody any more: {sorted(gone)}")
    return sorted(said | set(FRAGMENTS))


def _literals(tree: ast.AST) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        if isinstance(node, ast.Call) and (_called(node) in _UNSEEN or _is_logging(node)):
            continue
        if isinstance(node, ast.JoinedStr):
            yield _template(node)
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        yield from _literals(node)


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_logging(call: ast.Call) -> bool:
    called = call.func
    return isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "log"


def _template(text: ast.JoinedStr) -> str:
    parts, names = list[str](), list[str]()
    for part in text.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        elif isinstance(part, ast.FormattedValue):
            name = _field(part.value)
            names.append(name)
            number = names.count(name)
            parts.append(f"{{{name}{number if number > 1 else ''}}}")
    return "".join(parts)


def _field(value: ast.expr) -> str:
    """A name for what stands in a field."""
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Subscript(value=inner) | ast.BoolOp(values=[inner, *_]) | ast.BinOp(left=inner):
            return _field(inner)
        case ast.Call(args=[inner, *_]) | ast.Call(func=inner):
            return _field(inner)
    return "value"
