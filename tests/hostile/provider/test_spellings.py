"""What models write when they mean JSON: other signs, comments, labels, escapes. Its marks are not shown."""

from __future__ import annotations

import html

import pytest

from app.core.errors import ProviderError
from tests.hostile.provider.test_certainty import F, claim_of, is_sure

SURE = {
    "full-width signs": "\uff5b\u201canswer\u201d\uff1a\u201cGate 12\u201d\uff0c\u201cconfidence\u201d\uff1a0.95\uff5d",
    "full-width colons": '{"answer"\uff1a"Gate 12"\uff0c"confidence"\uff1a0.95\uff0c"needs_help"\uff1afalse}',
    "corner quotes": "{\u300canswer\u300d\uff1a\u300cGate 12\u300d\uff0c\u300cconfidence\u300d\uff1a0.95}",
    "a listing comma": '{"answer": "Gate 12"\u3001"confidence": 0.95}',
    "line comments": '{\n// the answer\n"answer": "Gate 12", // http://x\n"confidence": 0.95\n}',
    "block comments": '{/* a, "b": */"answer": "Gate 12", "confidence": 0.95}',
    "Python's comments": '{\n"answer": "Gate 12", # sure\n"confidence": 0.95 # yes\n}',
    "semicolons": '{"answer": "Gate 12"; "confidence": 0.95}',
    "ticks": "{`answer`: `Gate 12`, `confidence`: 0.95}",
    "no quotes": "{answer: Gate 12, confidence: 0.95}",
    "signs of no width": '{\u200b"answer":\ufeff "Gate 12", "confidence": 0.95}',
}


@pytest.mark.parametrize("words", SURE.values(), ids=SURE.keys())
def test_a_form_in_other_signs_is_sure(words: str) -> None:
    claim = claim_of(words)
    assert (claim.answer, is_sure(claim)) == ("Gate 12", True)


UNSURE = {
    "YAML": "seen: a sign, blue\nkind: scene\nanswer: Gate 12\nfull_answer: Gate 12\nmissing: none\n"
    "confidence: 0.95\nneeds_help: false",
    "YAML in a fence": "```yaml\nanswer: Gate 12\nconfidence: 0.95\n```",
    "bold labels": "**Answer:** Gate 12\n**Confidence:** 95%",
    "no braces": '"answer": "Gate 12", "confidence": 0.95, "needs_help": false',
    "no first brace": '"answer": "Gate 12", "confidence": 0.95}',
    "braces twice": "{{" + F[1:-1] + "}}",
    "escaped quotes": F.replace('"', '\\"'),
    "escaped lines": '{\\n \\"answer\\": \\"Gate 12\\",\\n \\"confidence\\": 0.95\\n}',
    "entities": html.escape(F),
}


@pytest.mark.parametrize("words", UNSURE.values(), ids=UNSURE.keys())
def test_what_is_nearly_a_form_is_read_and_unsure(words: str) -> None:
    claim = claim_of(words)
    assert (claim.answer, is_sure(claim)) == ("Gate 12", False)


@pytest.mark.parametrize(
    "words",
    ['{"answer" -> "Gate 12", "confidence" -> 0.95}', '{"answer": "Gate', "{answer: Gate 12",
     '{"seen": <x>, "answer": <Gate 12>', '{"confidence": 0,95, "answer" "Gate 12"}'],
)  # fmt: skip
def test_marks_that_nobody_can_read_are_not_shown(words: str) -> None:
    with pytest.raises(ProviderError):
        claim_of(words)


@pytest.mark.parametrize(
    ("words", "said"),
    [("<think>a<think>b</think>c</think>Gate 12", "Gate 12"), ("Gate 12<think>was it?</think>", "Gate 12"),
     ("Gate 12 <think>was it", "Gate 12"), ('<think time="3">Hm.</think>Gate 12', "Gate 12"),
     ("<think>a</think>\n<think>b</think>Gate 12", "Gate 12"), ("<seed:think>Hm.</seed:think>Gate 12", "Gate 12"),
     ("<|START_THINKING|>Hm.<|END_THINKING|><|START_RESPONSE|>Gate 12<|END_RESPONSE|>", "Gate 12"),
     ("<|channel>thought\nHm.<channel|>Gate 12", "Gate 12"), ("<unused94>thought\nHm.<unused95>Gate 12", "Gate 12"),
     ("<|inner_prefix|>Hm.<|inner_suffix|>Gate 12", "Gate 12"), ("<\u601d\u8003>Hm.</\u601d\u8003>Gate 12", "Gate 12"),
     ("analysisHm, it says 12.assistantfinalGate 12", "Gate 12"),
     ("<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>Gate 12",
      "Gate 12"),
     ("<|channel|>commentary<|message|>I look.<|end|><|start|>assistant<|channel|>final<|message|>Gate 12<|return|>",
      "Gate 12")],
)  # fmt: skip
def test_thoughts_are_not_shown(words: str, said: str) -> None:
    assert claim_of(words).answer == said
    claim = claim_of(words.replace("Gate 12", F))
    assert (claim.answer, is_sure(claim)) == (said, not words.startswith("analysis"))


def test_the_form_as_a_tools_arguments_is_sure() -> None:
    head = "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary to=functions.frame_answer "
    assert is_sure(claim_of(f"{head}<|constrain|>json<|message|>{F}<|call|>"))
