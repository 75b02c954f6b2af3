"""What is said to a person, in English, together with what it takes to say it in another language."""

from __future__ import annotations

from typing import Self


class Sentence(str):
    """The English sentence that ``template`` makes of its ``fields``, which it keeps.

    A template is written out where it is used: ``packaging/translations.py`` finds it there. A field that is itself a
    ``Sentence`` is translated with it; any other is said as it is, braces and all.
    """

    __slots__ = ("fields", "template")

    template: str
    fields: dict[str, str]

    def __new__(cls, template: str = "", /, **fields: object) -> Self:
        if isinstance(template, cls) and not fields:
            return template  # one that is handed on
        # As text: an error that is kept would keep its traceback.
        said = {name: value if isinstance(value, Sentence) else str(value) for name, value in fields.items()}
        sentence = super().__new__(cls, template.format(**said) if said else template)
        sentence.template, sentence.fields = str(template), said
        return sentence

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, str]]:
        return (self.template,), self.fields
