"""What a sign, a formula, a path or a mark means is on the glasses too: nothing of it is lost without a word."""

from __future__ import annotations

import json

import pytest

from tests.hostile.provider.test_certainty import FORM, claim_of, is_sure

SAID = {
    "10<sup>6</sup> units": "10^6 units",
    "the 5<sup>th</sup> of May": "the 5th of May",
    "<tr><td>Adult</td><td>5 \u20ac</td></tr>": "Adult 5 \u20ac",
    '<a href="x.org">Tickets</a>': "Tickets",
    "&frac12; cup": "\u00bd cup",
    "It costs $5 \\times 3": "It costs $5 \u00d7 3",
    "$5 and $6, $\\frac{1}{2}$ off": "$5 and $6, 1/2 off",
    "20\\,^{\\circ}\\mathrm{C}": "20\u00b0C",
    "\\frac12 \\cdot \\sqrt2": "1/2 \u00b7 \u221a2",
    "\\sqrt[3]{27} = 3": "\u00b3\u221a27 = 3",
    "\\begin{cases} 1 & x \\geqslant 0 \\\\ 2 & x < 0 \\end{cases}": "1 x \u2265 0; 2 x < 0",
    "\\textcolor{red}{STOP} \\times 2": "STOP \u00d7 2",
    "50\\% off": "50% off",
    "C:\\Program Files\\App\\new.exe": "C:\\Program Files\\App\\new.exe",
    "\\\\server\\share\\new": "\\\\server\\share\\new",
    "^\\d+(\\.\\d+)?$": "^\\d+(\\.\\d+)?$",
    "See https://x.org/a_b_c?q=*a*&b=_c_": "See https://x.org/a_b_c?q=*a*&b=_c_",
    "**https://x.org/a**": "https://x.org/a",
    "Gate 12\u301012\u2020source\u3011": "Gate 12",
    "| a | b |\n|---|:-:|\n| 1 | 2 |": "| a | b | | 1 | 2 |",
    "Title\n=====\nText": "Title Text",
    "Caf\\xc3\\xa9 M\\xfcller": "Caf\u00e9 M\u00fcller",
    "Caf\u00c3\u00a9 5\u00e2\u201a\u00ac": "Caf\u00e9 5\u20ac",
    "Exit \u2b95, \U0001f852, \u27f6, \u2798": "Exit \u2192, \u2192, \u2192, \u2198",
    "Exit \u2b60 or \U0001f809": "Exit \u2190 or \u2191",
    "\U0001f0a1 \U0001f0ce": "ace of spades king of diamonds",
    "Mate by \u2655, not \u265b": "Mate by white chess queen, not black chess queen",
    "Press \u23f8, then \u23cf": "Press pause, then eject",
    "Zone: \U0001f6b7": "Zone: no pedestrians",
    "\u2653 and \u2638": "pisces and wheel of dharma",
    "\U0001d406\U0001d41a\U0001d42d\U0001d41e \U0001d7cf\U0001d7d0": "Gate 12",
    "\u3251 \u3299": "21 \u79d8",
    "\U0001f415": "dog",
}  # fmt: skip


@pytest.mark.parametrize(("said", "shown"), SAID.items())
def test_meaning_is_kept(said: str, shown: str) -> None:
    claim = claim_of(json.dumps(FORM | {"answer": said, "full_answer": said}))
    assert (claim.answer, is_sure(claim)) == (shown, True)
