"""The window's texts and their translations: ``python3 packaging/translations.py update | compile | check``.

    update    take over every text of ``app`` into resources/translations/*.ts; what is translated stays
    compile   make the .qm files that a built program brings; from source the program compiles them itself
    check     fail on a text that is missing, unfinished, or whose {fields}, & or end differ from the original

Qt's ``lupdate`` reads the sources. What it cannot see is given to it in a file made for the moment: the settings'
labels and helps and the columns' titles (``core`` and ``store`` know no Qt), texts that go through a module's own
``_tr``, a ``tr`` within an f-string, and the templates of errors and of every ``Sentence``, which the rooms below the
window write out where they say them.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.core.settings import SETTINGS  # noqa: E402
from app.store.history.columns import SHOWN  # noqa: E402

APP, FOLDER = ROOT / "app", ROOT / "resources" / "translations"
SETTINGS_CONTEXT, COLUMNS_CONTEXT, ERRORS_CONTEXT = "settings", "columns", "errors"
_IN_ENGLISH = APP / "cli"
"""What it says goes to a terminal."""
_TO_PHONES = "Refused"
"""The error whose first argument is a code of the HTTP contract."""
_FIELD = re.compile(r"\{\w*\}|%n|%\d")
_ENDS = ("…", "...", ":", ".", "?", "!")


@dataclass(frozen=True, slots=True)
class Message:
    """One text in a ``.ts`` file. ``forms`` has one translation, or one for each number where ``%n`` stands in it."""

    context: str
    text: str
    forms: tuple[str, ...]
    is_finished: bool


# --- what is to be translated ------------------------------------------------------------------------------------


def update(files: tuple[Path, ...]) -> None:
    """Take the sources' texts over into ``files``; a text that is used no more goes."""
    with tempfile.TemporaryDirectory() as folder:
        unseen = Path(folder, "unseen.py")
        # all of them: it merges what it has seen already. A plural it does see, and this would make another text of it.
        found = sorted(pair for pair in wanted() if "%n" not in pair[1])
        marks = "".join(f"QT_TRANSLATE_NOOP({_quoted(context)}, {_quoted(text)})\n" for context, text in found)
        unseen.write_text(marks, encoding="utf-8")
        sources = [*sorted(APP.rglob("*.py")), unseen]
        _run("lupdate", *sources, "-locations", "none", "-no-obsolete", "-ts", *files)


def wanted() -> set[tuple[str, str]]:
    """Every text of the sources with its context, found without lupdate: what ``check`` holds its work against."""
    return {pair for tree in _trees().values() for pair in _marked(tree)} | set(_unseen())


def _unseen() -> Iterator[tuple[str, str]]:
    for setting in SETTINGS:
        yield SETTINGS_CONTEXT, setting.label
        yield SETTINGS_CONTEXT, setting.help
        yield from ((SETTINGS_CONTEXT, title) for _, title in setting.choices)
    for column in SHOWN:
        yield from ((COLUMNS_CONTEXT, column.title), (COLUMNS_CONTEXT, column.printed))
    for file, tree in _trees().items():
        if not file.is_relative_to(_IN_ENGLISH):
            yield from ((ERRORS_CONTEXT, template) for template in _templates(tree))
        if (context := _context_of_wrapper(tree)) is not None:
            yield from ((context, text) for call in _calls(tree, "_tr") if (text := _literal(call, 0)) is not None)


@cache
def _trees() -> dict[Path, ast.Module]:
    return {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(APP.rglob("*.py"))}


def _context_of_wrapper(tree: ast.Module) -> str | None:
    """The context of a module's own ``_tr(text)``: ``_tr = partial(QCoreApplication.translate, "the context")``."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="_tr")], value=ast.Call() as made):
                return _literal(made, 1)
    return None


def _marked(tree: ast.AST, context: str = "") -> Iterator[tuple[str, str]]:
    """``tr`` in the class it stands in; ``translate`` and QT_TRANSLATE_NOOP in the context they name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            name = _name(node)
            if name == "tr" and (text := _literal(node, 0)) is not None:
                yield context, text
            elif name in ("translate", "QT_TRANSLATE_NOOP") and (text := _literal(node, 1)) is not None:
                yield _literal(node, 0) or "", text
        yield from _marked(node, node.name if isinstance(node, ast.ClassDef) else context)


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) == name)


def _name(call: ast.Call) -> str:
    called = call.func
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _literal(call: ast.Call, place: int) -> str | None:
    if len(call.args) <= place:
        return None
    return _text(call.args[place])


def _text(value: ast.expr) -> str | None:
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _quoted(text: str) -> str:
    """As lupdate reads a literal: in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


# --- sentences ---------------------------------------------------------------------------------------------------


def unwritten(name: str, tree: ast.Module) -> Iterator[str]:
    """What in the module ``name`` cannot be translated: a sentence that is not written out, or lacks its fields.

    A sentence is the first argument of an error of the tree or of ``Sentence``: a literal, or one that was made before.
    The window's own errors hold what ``tr`` gave.
    """
    is_window = name.startswith("ui/")
    plain = _plain_texts(tree)
    for call in _sentence_calls(tree):
        where, given = f"{name}:{call.lineno}", {keyword.arg or "" for keyword in call.keywords}
        fields = set[str]()
        for choice in _choices(call.args[0]):
            if (template := _text(choice)) is not None:
                fields |= {field.strip("{}") for field in re.findall(r"\{\w+\}", template)}
            elif not is_window and not _is_made(choice, plain):
                yield f"{where}: not written out: {ast.unparse(choice)}"
        if "" not in given and (wrong := fields - given | given - fields - _extras()):
            yield f"{where}: other fields than were given: {', '.join(sorted(wrong))}"


def _templates(tree: ast.Module) -> Iterator[str]:
    for call in _sentence_calls(tree):
        yield from (text for choice in _choices(call.args[0]) if (text := _text(choice)))
    for kind in ast.walk(tree):
        if isinstance(kind, ast.ClassDef) and kind.name in _kinds():
            yield from (text for node in kind.body if (text := _class_template(node)))


def _class_template(node: ast.stmt) -> str | None:
    """What an error says when it is given nothing."""
    match node:
        case (
            ast.Assign(targets=[ast.Name(id="template")], value=ast.Constant(value=str(text)))
            | ast.AnnAssign(target=ast.Name(id="template"), value=ast.Constant(value=str(text)))
        ):
            return text
    return None


def _sentence_calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _name(node) in _kinds():
            yield node


def _choices(value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(value, ast.IfExp):
        yield from (*_choices(value.body), *_choices(value.orelse))
    elif isinstance(value, ast.BoolOp):
        yield from (choice for part in value.values for choice in _choices(part))
    else:
        yield value


def _is_made(value: ast.expr, plain: set[str]) -> bool:
    """Whether it is a ``Sentence``, as far as the source tells, or what the error tree hands on to itself."""
    match value:
        case ast.Call():
            return _name(value) == "Sentence"
        case ast.Name(id=name):
            return name == "template" or name not in plain
        case ast.Attribute(attr=name):
            return name == "sentence"
    return False


def _plain_texts(tree: ast.Module) -> set[str]:
    """Names that hold a text which is none, by what they are given or declared as."""
    found = set[str]()
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str()) | ast.JoinedStr()):
                found.add(name)
            case ast.arg(arg=name, annotation=ast.Name(id="str")):
                found.add(name)
    return found


@cache
def _classes() -> tuple[ast.ClassDef, ...]:
    return tuple(node for tree in _trees().values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


@cache
def _kinds() -> frozenset[str]:
    """``Sentence`` and the errors of the tree."""
    found = {"Sentence", "FrameBackendError"}
    while more := {kind.name for kind in _classes() for base in kind.bases if ast.unparse(base) in found} - {
        *found,
        _TO_PHONES,
    }:
        found |= more
    return frozenset(found)


@cache
def _extras() -> frozenset[str]:
    """What errors take beside their fields."""
    makers = (node for kind in _classes() if kind.name in _kinds() for node in kind.body)
    return frozenset(
        extra.arg for maker in makers if isinstance(maker, ast.FunctionDef) for extra in maker.args.kwonlyargs
    )


# --- what is translated ------------------------------------------------------------------------------------------


def messages(file: Path) -> list[Message]:
    """What ``file`` holds, in its order."""
    found: list[Message] = []
    for context in ElementTree.parse(file).getroot().iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None:
                continue
            plural = [form.text or "" for form in translation.iter("numerusform")]
            forms = tuple(plural or [translation.text or ""])
            found.append(Message(name, message.findtext("source", ""), forms, translation.get("type") is None))
    return found


def faults(file: Path) -> list[str]:
    """What is wrong with a translation, a sentence each."""
    held = messages(file)
    missing = wanted() - {(message.context, message.text) for message in held}
    found = [f"not in the file (run update): {context}: {text!r}" for context, text in sorted(missing)]
    for message in held:
        found += [f"{fault}: {message.context}: {message.text!r}" for fault in _faults(message)]
    return found


def _faults(message: Message) -> Iterator[str]:
    if not message.is_finished or not all(message.forms):
        yield "not translated"
        return
    for form in message.forms:
        if sorted(_FIELD.findall(form)) != sorted(_FIELD.findall(message.text)):
            yield f"other fields in {form!r}"
        if _keys(form) != _keys(message.text):
            yield f"another number of & in {form!r}"
        if _end(form) != _end(message.text):
            yield f"ends otherwise: {form!r}"


def _keys(text: str) -> int:
    """How many accelerators: ``&&`` is an ampersand, and so is one before a space."""
    return len(re.findall(r"&\w", text.replace("&&", "")))


def _end(text: str) -> str:
    return next((end for end in _ENDS if text.rstrip().endswith(end)), "")


# --- the command -------------------------------------------------------------------------------------------------


def compile_all(files: tuple[Path, ...]) -> None:
    """Make the ``.qm`` beside each file."""
    for file in files:
        _run("lrelease", "-silent", file, "-qm", file.with_suffix(".qm"))


def translations() -> tuple[Path, ...]:
    return tuple(sorted(FOLDER.glob("*.ts")))


def _run(tool: str, *arguments: str | Path) -> None:
    found = find_spec("PySide6")
    if found is None or found.origin is None:
        sys.exit("PySide6 is not installed here: run this with the Python of the program's environment.")
    program = Path(found.origin).with_name(f"{tool}.exe" if sys.platform == "win32" else tool)
    subprocess.run([program, *arguments], check=True, cwd=ROOT)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("update", "compile", "check"))
    what = parser.parse_args().what
    if what == "update":
        update(translations())
    elif what == "compile":
        compile_all(translations())
    found = []
    if what == "check":
        found += [
            fault for file, tree in _trees().items() for fault in unwritten(file.relative_to(APP).as_posix(), tree)
        ]
        found += [f"{file.name}: {fault}" for file in translations() for fault in faults(file)]
    print("\n".join(found) or "done", file=sys.stderr if found else sys.stdout)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
