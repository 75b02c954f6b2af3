"""The man page of the command line, from its parser: ``python3 packaging/manpage.py frame-backend.1``.

What the parser does not know (exit status, environment, files) stands here. With ``SOURCE_DATE_EPOCH`` the page is the
same whenever it is made. Standard library only.
"""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app import __version__  # noqa: E402  needs the path above
from app.cli import arguments  # noqa: E402  needs the path above

NAME = "answers what smart glasses see"
DESCRIPTION = """\
A window with a server in it, for the phone app that posts what a pair of smart glasses looks at. It asks AI providers
one after the other until one is sure, and sends a few words back. With no key and no network it still names things,
and reads text and codes, on this computer.

Without a verb the window opens; where there is no display, the server runs without one. A verb does one thing and
ends; a running server sees what it changed within a second."""
EXIT_STATUS = (
    ("0", "Done."),
    ("1", "Failed, with one sentence on standard error."),
    ("2", "Wrong usage."),
)
ENVIRONMENT = (
    ("FRAME_BACKEND_DATA_DIR", "As --data-dir, which comes before it."),
    (
        "GEMINI_API_KEY, DEEPSEEK_API_KEY, DASHSCOPE_API_KEY, OPENAI_API_KEY",
        "Keys for a machine with no keyring; they serve every profile that has none of its own.",
    ),
    ("FRAME_BACKEND_KEY_NAME", "The same for the server that was added as NAME."),
)
FILES = (
    (
        "~/.local/share/frame-backend",
        "What the program keeps, the keys apart: those are in the system's keyring. Its log is in "
        "~/.local/state/frame-backend/log.",
    ),
)
EXAMPLES = (
    ("frame-backend profile add alice", "Make a profile; its auth key is printed once."),
    ("frame-backend key set --shared gemini", "Store the household's key; it is asked for."),
    (
        "frame-backend feedback - < checked.txt",
        "Say of many frames whether their answers were right; what cannot be taken is told line by line.",
    ),
    ("frame-backend --headless --port 7175", "Serve without a window."),
    ("frame-backend --demo --headless --frames 4", "See it at work with throw-away data."),
)


def page(parser: argparse.ArgumentParser, day: datetime) -> str:
    """The page in the man macros of roff."""
    return "\n".join((*_head(parser, day), *_options(parser), *_verbs(parser), *_tail())) + "\n"


def _head(parser: argparse.ArgumentParser, day: datetime) -> Iterator[str]:
    yield f'.TH {parser.prog.upper()} 1 "{day:%Y-%m-%d}" "{parser.prog} {__version__}" "User Commands"'
    yield from (".SH NAME", rf"{escaped(parser.prog)} \- {NAME}", ".SH SYNOPSIS")
    for request, form in (("", "[OPTION]..."), (".br", "[OPTION]... VERB [ARGUMENT]...")):
        yield from filter(None, (request, rf"\fB{escaped(parser.prog)}\fR {form}"))
    yield ".SH DESCRIPTION"
    for number, paragraph in enumerate(DESCRIPTION.split("\n\n")):
        yield from (".PP",) if number else ()
        yield from _filled(paragraph)


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield ".SH OPTIONS"
    for action in parser._actions:
        if action.option_strings:
            yield from _option(action)


def _option(action: argparse.Action) -> Iterator[str]:
    names = ", ".join(rf"\fB{escaped(name)}\fR" for name in action.option_strings)
    yield from (".TP", f"{names}{_value(action)}".strip())
    told = [action.help or "", f"One of: {', '.join(action.choices)}." if action.choices else ""]
    shown = action.default not in (None, "", False, argparse.SUPPRESS) and action.nargs != 0
    told.append(f"Default: {action.default}." if shown else "")
    yield from _filled(" ".join(_sentence(part) for part in told if part))


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    name = action.metavar or (action.dest.upper() if action.option_strings else action.dest)
    return rf" \fI{escaped(str(name))}\fR"


def _filled(text: str) -> list[str]:
    """``text`` in lines of less than 80; roff fills them anew."""
    return [escaped(line) for line in textwrap.wrap(text, 70, break_on_hyphens=False)] or [r"\&"]


def _sentence(said: str) -> str:
    return said[:1].upper() + said[1:] + ("" if said.endswith(".") else ".")


def _verbs(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield from (".SH VERBS", "The common options may stand before or behind a verb.")
    common = {name for action in parser._actions for name in action.option_strings}
    for noun, help_text, under in _under(parser):
        yield f".SS {escaped(noun)}"
        verbs = _under(under)
        if verbs:
            yield from _filled(_sentence(help_text))
        for name, said, verb in verbs or [("", help_text, under)]:
            own = [action for action in verb._actions if not common & set(action.option_strings)]
            yield from (".TP", f"{_bold(noun, name)}{''.join(_usage(action) for action in own)}")
            yield from _filled(_sentence(said))
            described = [action for action in own if action.help or (action.option_strings and action.choices)]
            yield from (".RS",) if described else ()
            for action in described:
                yield from _option(action)
            yield from (".RE",) if described else ()


def _bold(*words: str) -> str:
    return rf"\fB{escaped(' '.join(word for word in words if word))}\fR"


def _usage(action: argparse.Action) -> str:
    if action.option_strings:
        given = rf"\fB{escaped(action.option_strings[0])}\fR{_value(action)}"
        return f" {given}" if action.required else f" [{given}]"
    many = {"*": (" [", r"\~...]"), "?": (" [", "]")}.get(str(action.nargs), (" ", ""))
    if action.dest == "target":  # a profile's or the household's: --shared stands for NAME
        many = (" ", "")
    return f"{many[0]}{_value(action).strip()}{many[1]}"


def _under(parser: argparse.ArgumentParser) -> list[tuple[str, str, argparse.ArgumentParser]]:
    """Name, help and parser of what may follow."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            return [(name, helps.get(name, ""), under) for name, under in action.choices.items()]
    return []


def _tail() -> Iterator[str]:
    for title, listed in (("EXIT STATUS", EXIT_STATUS), ("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES)):
        yield f".SH {title}"
        for term, said in listed:
            yield from (".TP", rf"\fB{escaped(term)}\fR", *_filled(said))
    yield ".SH EXAMPLES"
    for command, said in EXAMPLES:
        yield from (".TP", rf"\fB{escaped(command)}\fR", *_filled(said))


def escaped(text: str) -> str:
    """``text`` as roff prints it: a hyphen that can be copied, and no line that looks like a request."""
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("~", r"\(ti").replace("^", r"\(ha")
    return rf"\&{text}" if text[:1] in (".", "'") else text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    day = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page(arguments._parser(), day), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
