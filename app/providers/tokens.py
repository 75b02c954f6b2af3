"""Marks of chat templates that servers forget to take out of a model's words, and the thoughts between them.

Sources: the templates of Qwen (``<|im_end|>``), Llama (``<|eot_id|>``), Gemma (``<end_of_turn>``), Mistral
(``[INST]``, ``[THINK]``), GLM (``<|begin_of_box|>``), DeepSeek, and OpenAI's harmony format (channels).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_THINK = r"(?:seed:)?(?:think|thinking|thought|thoughts|reasoning|reflection|scratchpad|\u601d\u8003)"
_THOUGHTS = re.compile(
    rf"(?P<open>[<\u25c1]{_THINK}(?:\s[^<>]{{0,40}})?[>\u25b7]|\[{_THINK}\]|<\|(?:START_THINKING|inner_prefix)\|>"
    r"|<\|channel>thought\b|<unused94>|<SPECIAL_12>)"
    rf"|[<\u25c1]/{_THINK}[>\u25b7]|\[/{_THINK}\]|<\|(?:END_THINKING|inner_suffix)\|>|<channel\|>|<unused95>|<SPECIAL_13>",
    re.IGNORECASE,
)
_THOUGHTS_BEGIN = re.compile("[<\u25c1\\[]")
_FORM = re.compile(r"\s*+[{`]")
_CHANNEL = re.compile(r"<\|channel\|>([^<]{0,80})(?:<\|constrain\|>[^<]{0,40})?<\|message\|>")
_TURN_ENDS = re.compile(
    r"<\|(?:im_end|end|return|eot_id|eom_id|endoftext|end_of_text|end_of_turn|end_of_sentence)\|>"
    r"|<\uff5cend\u2581of\u2581sentence\uff5c>|</s>|<end_of_turn>|<eos>"
)
_TURN_BEGINS = re.compile(r"\s*+(?:<|$)")
_SPEAKER = re.compile(
    r"<\|(?:im_start|start|start_header_id)\|>\s{0,4}(?:assistant|model)\b\s{0,4}|<start_of_turn>\s{0,4}model\b\s{0,4}"
)
_MARKS = re.compile(
    r"<\|[A-Za-z_/][\w/ -]{0,40}\|>|<\uff5c[^\uff5c<>]{1,40}\uff5c>|</?(?:s|bos|eos|pad|unk)>|<(?:start|end)_of_turn>"
    r"|\[/?(?:INST|SYSTEM_PROMPT)\]|<</?SYS>>",
    re.IGNORECASE,
)
_NAMES = "answer|final_answer|final|response|output|result"
_ANSWER = re.compile(rf"<({_NAMES})>", re.IGNORECASE)
_WRAPPED = re.compile(rf"\s*+<({_NAMES})>(.*)</\1>\s*+", re.IGNORECASE | re.DOTALL)


def spoken(words: str) -> tuple[str, bool]:
    """What a model said aloud, without thoughts, template marks and what it makes another speaker say; and whether that
    is all it said.

    What stands behind other words, or behind the end of thoughts that never began, may have been read off a sign.
    """
    heard, is_last = _last_channel(_SPEAKER.sub("", words))
    heard, is_aloud = _without_thoughts(heard)
    heard, is_alone = _answer(_first_turn(heard))
    return without_marks(heard), is_last and is_aloud and is_alone


def without_marks(text: str) -> str:
    """``text`` without template marks, wherever they stand; ``<answer>`` is one only around the whole."""
    if "<" not in text and "[" not in text:
        return text
    wrapped = _WRAPPED.fullmatch(text)
    return _MARKS.sub("", wrapped[2] if wrapped else text)


def _last_channel(words: str) -> tuple[str, bool]:
    """The last channel that is no thought; one of commentary holds the form where a server made a tool of it."""
    if words.startswith("analysis") and "assistantfinal" in words:
        return words.rpartition("assistantfinal")[2], False  # a server took the marks themselves out
    channels = list(_CHANNEL.finditer(words))
    if not channels:
        return words, True
    before = words[: channels[0].start()].strip()
    end = len(words)
    for channel in reversed(channels):
        name, said = channel[1].strip(), words[channel.end() : end]
        if not name.startswith(("analysis", "commentary")) or (name[0] == "c" and _FORM.match(said)):
            return said, not before or before.startswith("to=functions.")
        end = channel.start()
    return "", True


def _first_turn(words: str) -> str:
    """``words`` up to where the model's turn ends; within a JSON string such a mark ends nothing, nor before more."""
    is_json = words.lstrip().startswith(("{", "[", "`"))
    for end in _TURN_ENDS.finditer(words):
        before = words[: end.start()].rstrip()
        if before and (not is_json or (before.endswith(("}", "]", "`")) and _TURN_BEGINS.match(words, end.end()))):
            return before
    return words


def _without_thoughts(words: str) -> tuple[str, bool]:
    """``words`` without blocks of thoughts, and whether all of those began.

    One that never closes takes the rest; one that the prompt opened takes all before. Within a form such marks are
    words.
    """
    kept, at, depth, is_whole = list[str](), 0, 0, True
    is_form = _FORM.match(words) is not None
    for mark in _marks_of_thoughts(words):
        if mark["open"]:
            if is_form and not depth and not words[at : mark.start()].rstrip().endswith(("}", "`")):
                continue
            if not depth:
                kept.append(words[at : mark.start()])
            depth += 1
        elif depth or not is_form:
            if not depth:
                kept, is_whole = [], False
            depth = max(0, depth - 1)
            at = mark.end()
            is_form = _FORM.match(words, at) is not None
    return "".join(kept) + ("" if depth else words[at:]), is_whole


def _marks_of_thoughts(words: str) -> Iterator[re.Match[str]]:
    """Each is looked for where it may begin: at every character it took most of a reply's reading."""
    at = 0
    for begin in _THOUGHTS_BEGIN.finditer(words):
        if begin.start() >= at and (mark := _THOUGHTS.match(words, begin.start())):
            yield mark
            at = mark.end()


def _answer(words: str) -> tuple[str, bool]:
    """What stands between answer marks, where a model uses them; and whether nothing else does."""
    opened = list(_ANSWER.finditer(words))
    if not opened or _FORM.match(words):
        return words, True
    start = opened[-1]
    close = re.compile(f"</{start[1]}>", re.IGNORECASE).search(words, start.end())
    rest = words[: start.start()] + (words[close.end() :] if close else "")
    return words[start.end() : close.start() if close else None], not rest.strip()
