"""What the rooms below say, in the window's language. They speak English alone, and tell what it was made of."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.core.errors import FrameBackendError
from app.core.sentence import Sentence


def said(thing: FrameBackendError | str) -> str:
    """An expected error, or a ``Sentence``, in the window's language; any other text as it is.

    ``packaging/translations.py`` finds the templates in the sources.
    """
    sentence = thing.sentence if isinstance(thing, FrameBackendError) else thing
    if not isinstance(sentence, Sentence) or not sentence:
        return sentence
    template = QCoreApplication.translate("errors", sentence.template)
    fields = {name: said(value) if isinstance(value, Sentence) else value for name, value in sentence.fields.items()}
    return template.format(**fields) if fields else template
