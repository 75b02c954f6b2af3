"""What a model meant and its JSON made of it: TeX and paths read as control characters, text escaped once too often.

``{"answer": "12 \\times 3"}`` is valid JSON for a tab and "imes": where a control character can only be the head of a
command or of a folder's name, the backslash comes back. Sources: the cases named in tests/data/replies_2.jsonl.
"""

from __future__ import annotations

import html
import re

from app.core.text.tex import PATH

_LETTERS = {"\x07": "a", "\b": "b", "\t": "t", "\n": "n", "\x0b": "v", "\f": "f", "\r": "r"}

_PATH = re.compile(
    r"(?<![A-Za-z])([A-Za-z]:)((?:[\x07-\r\\]{1,2}[\w.()~$&+-]{1,80}(?: [\w()~$&+-]{1,40}(?=[\x07-\r\\]))?){1,24})"
)
_MAYBE_PATH = re.compile(r":[\x07-\r\\]")
_NEVER_PROSE = re.compile(
    r"[\x07-\r](?:(?<=[\x07\b\x0b\f])(?=[A-Za-z])|(?<=\r)(?=[a-z])"
    r"|(?<=\t)(?=imes|heta|ext\b|extbf|extit|au\b|an[\s(\\{^]|ilde|riangle|frac|herefore|o\b)"
    r"|(?<=\n)(?=eq\b|abla\b|otin\b|earrow|ewline\b|u\b\s*[=+\-*/<>,)]))"
)
_UNICODE = re.compile(r"(?:\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[0-9a-fA-F]{4}")
_NEWLINE = re.compile(r"(?:\\r)?\\n(?!eq\b|e\b|abla\b|ot\b|otin\b|u\b|earrow|ewline\b|mid\b|i\b|sub|sup)")
_QUOTE = re.compile(r"\\([\"'])")
_BYTES = re.compile(r"(?:\\x[89a-fA-F][0-9a-fA-F])+")
_BREAK = re.compile(r"<br\s{0,4}/?>|</(?:p|li|div|tr|h[1-6])>", re.IGNORECASE)
_CELL = re.compile(r"</t[dh]>", re.IGNORECASE)
_RAISED = re.compile(r"(?<=[\w)])<sup>(?=[\d+\u2212-])", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|i|u|p|em|strong|small|sub|sup|code|pre|span|font|mark|img|div|ul|ol|li|h[1-6]|table|thead|tbody|tr|td|th)"
    r"(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,7}|#\d{1,6}|#[xX][0-9a-fA-F]{1,5});")


def restored(text: str) -> str:
    """A field of a reply as it was meant."""
    if text.isprintable() and "\\" not in text and "&" not in text and "<" not in text:
        return text
    if _MAYBE_PATH.search(text):
        text = _PATH.sub(_as_path, text)
    text = _NEVER_PROSE.sub(_backslash, text)
    if "\\" in text:
        text = "".join(part if at % 2 else _unescaped(part) for at, part in enumerate(PATH.split(text)))
    return without_html(text)


def without_html(text: str) -> str:
    """``text`` without entities and the tags that format it; "x < 3 > y" stays."""
    if "<" in text:
        text = _TAG.sub("", _RAISED.sub("^", _CELL.sub(" ", _BREAK.sub("\n", text))))
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


def _unescaped(text: str) -> str:
    text = _BYTES.sub(_as_text, text)
    text = _UNICODE.sub(lambda found: found[0].encode("ascii").decode("unicode_escape"), text)
    return _QUOTE.sub(r"\1", _NEWLINE.sub("\n", text))


def _as_text(found: re.Match[str]) -> str:
    data = bytes.fromhex(found[0].replace("\\x", ""))
    try:
        return data.decode()
    except ValueError:
        return data.decode("latin-1")


def _as_path(found: re.Match[str]) -> str:
    """A drive and folders; one line break alone may be one: "A:", then a new line."""
    folders = found[2]
    marks = [char for char in folders if char in _LETTERS]
    if not marks or (set(marks) == {"\n"} and "\\" not in folders and not re.search(r"\.\w{1,4}$", folders)):
        return found[0]
    return found[1] + "".join(f"\\{_LETTERS[char]}" if char in _LETTERS else char for char in folders)


def _backslash(found: re.Match[str]) -> str:
    return f"\\{_LETTERS[found[0]]}"
