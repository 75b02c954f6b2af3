"""TeX in an answer, written as a display can show it: ``\\frac{1}{2} \\times \\pi`` becomes ``1/2 × π``.

Models write formulas so whatever they are asked for. A backslash in the path of a file is left alone.
"""

from __future__ import annotations

import re

_GREEK = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho final sigma tau upsilon phi chi
psi omega
"""
_OTHERS = """
varepsilon:\u03b5 vartheta:\u03b8 varphi:\u03c6 varrho:\u03c1 varsigma:\u03c2
times:× cdot:· div:÷ pm:± mp:∓ ast:* star:* circ:° degree:° neq:≠ ne:≠ leq:≤ le:≤ geq:≥ ge:≥ ll:≪ gg:≫ approx:≈ sim:~
equiv:≡ cong:≅ propto:∝ infty:∞ sum:∑ prod:∏ int:∫ oint:∮ partial:∂ nabla:∇ in:∈ notin:∉ ni:∋ subset:⊂ subseteq:⊆
supset:⊃ cup:\u222a cap:∩ emptyset:∅ varnothing:∅ forall:∀ exists:∃ neg:¬ lnot:¬ land:∧ wedge:∧ lor:\u2228 vee:\u2228
to:→ rightarrow:→ Rightarrow:⇒ implies:⇒ longrightarrow:→ leftarrow:← gets:← Leftarrow:⇐ leftrightarrow:↔
Leftrightarrow:⇔ iff:⇔ mapsto:→ uparrow:↑ downarrow:↓ nearrow:↗ searrow:↘ angle:∠ perp:⊥ parallel:∥ triangle:△
therefore:∴ because:∵ ldots:... cdots:... dots:... vdots:... prime:' mid:| vert:| colon:: hbar:ħ ell:l
leqslant:≤ geqslant:≥ bullet:• euro:€ pounds:£ micro:µ checkmark:yes
"""
_SIGNS = {name: chr(0x3B1 + at) for at, name in enumerate(_GREEK.split())}
_SIGNS |= {name.capitalize(): sign.upper() for name, sign in _SIGNS.items() if name != "final"}
_SIGNS |= {name: sign for name, _, sign in (pair.partition(":") for pair in _OTHERS.split())}
_OTHER_COMMANDS = """
sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln lg exp lim max min sup inf det dim gcd mod deg Re Im
"""
_NO_SIGNS = "left right big Big bigg Bigg displaystyle textstyle limits nolimits bigl bigr Bigl Bigr"
_SPACING = "quad qquad space newline"
_SIGNS |= {name: name for name in _OTHER_COMMANDS.split()}
_SIGNS |= dict.fromkeys(_NO_SIGNS.split(), "") | dict.fromkeys(_SPACING.split(), " ")
_WITH_BRACES = (
    "text|mathrm|mathbf|mathit|mathsf|mathcal|mathbb|textbf|textit|textrm|operatorname|boxed|overline|underline|vec|hat|bar"
    "|ce|underbrace|overrightarrow"
)

PATH = re.compile(r"((?<![A-Za-z])[A-Za-z]:\\[^\n]*|(?<!\S)\\\\\w[^\n]*)")
"""A file's, to the end of its line: its folders may have blanks in their names."""
_COMMAND = re.compile(r"\\([A-Za-z]{1,24})")
_HAS_COMMAND = re.compile(rf"\\(?:{'|'.join(_SIGNS)}|[dtc]?frac|sqrt|begin|{_WITH_BRACES})(?![A-Za-z])")
_FRACTION = re.compile(r"\\[dtc]?frac\s?\{([^{}]{0,400})\}\s?\{([^{}]{0,400})\}")
_ROOT = re.compile(r"\\sqrt\s?(?:\[([^\[\]{}]{0,40})\])?\s?\{([^{}]{0,400})\}")
_WRAPPED = re.compile(rf"\\(?:{_WITH_BRACES})\s?\{{([^{{}}]{{0,400}})\}}")
_RAISED = re.compile(r"([\^_])\{([^{}]{0,40})\}")
_DELIMITER = re.compile(r"\\[()\[\]]|(\${1,2})(?=\S)([^$]{1,400})(?<=\S)\1(?!\d)")
_SHORT = re.compile(r"\\(?:([dtc]?frac)\s?(\d)\s?(\d)|(sqrt)\s?(\d))")
_UNSEEN = re.compile(
    r"\\(?:begin|end|(?:text)?color|[hv]space|label|tag)\*?\s?\{[^{}]{0,40}\}(?:\{[lcr|]{1,20}\}|\{([^{}]{0,400})\})?"
)
_SPACES = re.compile(r"\\[,;:! ]")
_DEGREES = re.compile(r"\s?\^\s?°")
_MOST_NESTED = 4
_SUPERSCRIPTS = str.maketrans("0123456789n", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ")


def plain(text: str) -> str:
    """``text`` with its formulas in plain signs; without a TeX command it is left as it is."""
    if "\\" not in text:
        return text
    return "".join(part if at % 2 else _plain(part) for at, part in enumerate(PATH.split(text)))


def _plain(text: str) -> str:
    if not _HAS_COMMAND.search(text):
        return text
    if "\\begin" in text:  # rows and columns
        text = text.replace("\\\\", ";").replace("&", " ")
    text = _UNSEEN.sub(r"\1", _SHORT.sub(r"\\\1\4{\2\5}{\3}", text).replace("}{}", "}"))
    text = _COMMAND.sub(_sign, _SPACES.sub(" ", _DELIMITER.sub(r"\2", text)))
    for _ in range(_MOST_NESTED):  # from the innermost
        before = text
        text = _WRAPPED.sub(r"\1", _RAISED.sub(_raised, text))
        text = _ROOT.sub(lambda root: f"{(root[1] or '').translate(_SUPERSCRIPTS)}√{_grouped(root[2])}", text)
        text = _FRACTION.sub(lambda fraction: f"{_grouped(fraction[1])}/{_grouped(fraction[2])}", text)
        if text == before:
            break
    return _DEGREES.sub("°", text)


def _sign(command: re.Match[str]) -> str:
    return _SIGNS.get(command[1], command[0])


def _raised(part: re.Match[str]) -> str:
    sign, inner = part[1], part[2].strip()
    return sign + (inner if len(inner) < 2 or inner.isalnum() or inner.startswith("\\") else f"({inner})")


def _grouped(part: str) -> str:
    part = part.strip()
    return part if part.replace(".", "").replace("\\", "").isalnum() else f"({part})"
