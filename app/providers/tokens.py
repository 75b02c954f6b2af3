"""Marks of chat templates that servers forget to take out of a model's words, and the thoughts between them.

Sources: the templates of Qwen (``<|im_end|>``), Llama (``<|eot_id|>``), Gemma (``<end_of_turn>``), Mistral
(``[INST]``, ``[THINK]``), GLM (``<|begin_of_box|>``), DeepSeek, and OpenAI's harmony format (channels).
"""

from __future__ import annotations

import re

_THINK = r"(?:think|thinking|thought|thoughts|reasoning|reflection)"
_OPEN = re.compile(rf"\s*+(?:[<\u25c1]{_THINK}[>\u25b7]|\[{_THINK}\])", re.IGNORECASE)
_CLOSE = re.compile(rf"[<\u25c1]/{_THINK}[>\u25b7]|\[/{_THINK}\]", re.IGNORECASE)
_CHANNEL = re.compile(r"<\|channel\|>([\w ]{0,40})<\|message\|>")
_THOUGHTS = ("analysis", "commentary")
_TURN_ENDS = re.compile(
    r"<\|(?:im_end|end|return|eot_id|eom_id|endoftext|end_of_text|end_of_turn|end_of_sentence)\|>"
    r"|<\uff5cend\u2581of\u2581sentence\uff5c>|</s>|<end_of_turn>|<eos>"
)
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


def spoken(words: str) -> str:
    """What a model said aloud: without thoughts, template marks and what it makes another speaker say."""
    words = _without_thoughts(_last_channel(words))
    return without_marks(_answer(_first_turn(_SPEAKER.sub("", words))))


def without_marks(text: str) -> str:
    """``text`` without template marks, wherever they stand; ``<answer>`` is one only around the whole."""
    if "<" not in text and "[" not in text:
        return text
    wrapped = _WRAPPED.fullmatch(text)
    return _MARKS.sub("", wrapped[2] if wrapped else text)


def _last_channel(words: str) -> str:
    channels = list(_CHANNEL.finditer(words))
    if not channels:
        return words
    return "" if channels[-1][1].strip() in _THOUGHTS else words[channels[-1].end() :]


def _first_turn(words: str) -> str:
    """``words`` up to where the model's turn ends; within a JSON string such a mark ends nothing."""
    is_json = words.lstrip().startswith(("{", "[", "`"))
    for end in _TURN_ENDS.finditer(words):
        before = words[: end.start()].rstrip()
        if before and (not is_json or before.endswith(("}", "]", "`"))):
            return before
    return words


def _without_thoughts(words: str) -> str:
    """``words`` without a leading block of thoughts; one that never closes leaves nothing."""
    closings = list(_CLOSE.finditer(words))
    if _OPEN.match(words):
        return words[closings[0].end() :] if closings else ""
    # Some chat templates open the block in the prompt, so that only its end is in the reply.
    if closings and not words.lstrip().startswith(("{", "`")):
        return words[closings[-1].end() :]
    return words


def _answer(words: str) -> str:
    """What stands between answer marks, where a model uses them."""
    opened = list(_ANSWER.finditer(words))
    if not opened or words.lstrip().startswith(("{", "`")):
        return words
    start = opened[-1]
    end = words.lower().find(f"</{start[1].lower()}>", start.end())
    return words[start.end() : end if end >= 0 else None]
