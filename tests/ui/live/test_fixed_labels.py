"""Texts in a place of fixed size: a sign takes none of theirs."""

from __future__ import annotations

from app.ui.live.fixed_labels import FixedLabel, FixedStateLabel
from app.ui.support.theme import Theme


def test_a_sign_takes_no_room_from_its_words(qtbot: object, theme: Theme) -> None:
    assert FixedStateLabel(17).sizeHint().width() > FixedLabel(17).sizeHint().width() + 16
