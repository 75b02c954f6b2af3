"""A profile's prompt: what stands in it, how long it is, and the way back."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.core.frame import Profile
from app.core.settings import DEFAULT_PROMPT, PROMPT_MAX_CHARS
from app.ui.support import formatting as fmt
from app.ui.support.theme import Tone
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, add, hbox, wide
from app.ui.widgets.state_label import Notice, StateLabel
from app.ui.widgets.text import Heading, Quiet, Text

LONGEST_CHARS = 2 * PROMPT_MAX_CHARS
"""Laying out one unbroken line takes Qt the square of its length: 3 ms for this one, 37 s for a million letters."""


class PromptEditor(Card):
    """Emits ``saved`` with the profile's name and the text, "" for the default; ``drafted`` when a text becomes a
    draft (differs from what is saved) or stops to be one; ``sendable`` whether the text is short enough to be sent.
    Drafts live here until they are saved or taken back.
    """

    saved = Signal(str, str)
    drafted = Signal()
    sendable = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profile: Profile | None = None
        self._drafts: dict[int, tuple[str, str]] = {}  # what is written, and what was saved when that began
        self.heading = Heading("", self, steps=1)
        self.state = StateLabel("", "idle", self, wrap=True)
        self.text = PromptText(self)
        self.text.setPlaceholderText(DEFAULT_PROMPT)
        self.refusal = Notice(self)
        self.counter = Text("", self)
        self.action_row = QWidget(self)
        self.save = Button(self.tr("Save"), "good", self.action_row)
        self.save.setToolTip(self.tr("Ctrl+S"))
        self.revert = Button(self.tr("Revert"), "", self.action_row)
        self.revert.setToolTip(self.tr("To what is saved"))
        self.default = Button(self.tr("Back to default"), "", self.action_row)
        self._lay_out()
        self._connect()

    @property
    def username(self) -> str:
        """Whose prompt is shown, empty before the first."""
        return self._profile.username if self._profile is not None else ""

    def is_sendable(self) -> bool:
        return len(self.text.toPlainText()) <= PROMPT_MAX_CHARS

    def is_draft(self, profile: Profile) -> bool:
        """Whether something is written for ``profile`` that is not saved."""
        return profile.profile_id in self._drafts

    def show_profile(self, profile: Profile) -> None:
        """Show its prompt, or what is written for it and not saved."""
        is_another = self._profile is None or self._profile.profile_id != profile.profile_id
        self._profile = profile
        self.heading.setText(self.tr("Prompt of {name}").format(name=profile.username))
        self.text.setAccessibleName(self.heading.text())
        draft = self._drafts.get(profile.profile_id)
        wanted = draft[0] if draft else as_written(profile.prompt)
        if is_another:
            self.text.setPlainText(wanted)
            self.refusal.hide()
        elif wanted != as_written(self.text.toPlainText()):
            self.text.replace(wanted)  # it was changed elsewhere
        self._note()

    def settle(self, profiles: tuple[Profile, ...]) -> None:
        """Drop what is no draft any more: it is what is saved by now, or its profile is gone."""
        saved = {profile.profile_id: as_written(profile.prompt) for profile in profiles}
        self._drafts = {
            one: draft for one, draft in self._drafts.items() if one in saved and as_written(draft[0]) != saved[one]
        }
        if self._profile is not None and self._profile.profile_id not in saved:
            self._profile = None

    def was_saved(self, profile: Profile) -> None:
        """What is written for it from now on counts from what is saved now."""
        draft = self._drafts.get(profile.profile_id)
        if draft is not None:
            self._drafts[profile.profile_id] = (draft[0], as_written(profile.prompt))

    def put(self, text: str) -> None:
        """Write ``text`` in place of all there is."""
        self.text.replace(text)
        self.text.setFocus()

    def insert(self, text: str) -> None:
        """Write ``text`` where the cursor stands, apart from the letters around it."""
        cursor, letter_at = self.text.textCursor(), self.text.document().characterAt
        before, behind = letter_at(cursor.selectionStart() - 1), letter_at(cursor.selectionEnd())
        cursor.insertText((" " if _is_ink(before) else "") + text + (" " if _is_ink(behind) else ""))
        self.text.setTextCursor(cursor)
        self.text.setFocus()

    # --- within --------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.text.textChanged.connect(self._written)
        self.text.too_much.connect(self._refuse_paste)
        self.save.clicked.connect(self._save)
        self.revert.clicked.connect(lambda: self.put(as_written(self._profile.prompt) if self._profile else ""))
        self.default.clicked.connect(self._back_to_default)
        keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self.save.click)

    def _written(self) -> None:
        self.refusal.hide()
        self._note()

    def _note(self) -> None:
        """Keep what is written as a draft if it is one, and say how things stand."""
        profile = self._profile
        if profile is None:
            return
        written, saved = self.text.toPlainText(), as_written(profile.prompt)
        was_draft = self.is_draft(profile)
        if as_written(written) == saved:
            self._drafts.pop(profile.profile_id, None)
        else:
            began = self._drafts.get(profile.profile_id, ("", saved))[1]
            self._drafts[profile.profile_id] = (written, began)
        self._show_state(profile, written)
        if self.is_draft(profile) != was_draft:
            self.drafted.emit()

    def _show_state(self, profile: Profile, written: str) -> None:
        draft, over = self.is_draft(profile), len(written) - PROMPT_MAX_CHARS
        self.state.show_state(*self._state(profile))
        self.counter.setText(
            self.tr("{number} of {most} characters").format(
                number=fmt.count(len(written)), most=fmt.count(PROMPT_MAX_CHARS)
            )
        )
        if over > 0:
            self.refusal.tell(
                self.tr("A prompt has at most {most} characters. Shorten it by {number} to save it.").format(
                    most=fmt.count(PROMPT_MAX_CHARS), number=fmt.count(over)
                )
            )
        self.save.setEnabled(draft and over <= 0)
        self.sendable.emit(over <= 0)
        self.revert.setEnabled(draft)
        self.default.setEnabled(bool(profile.prompt))

    def _state(self, profile: Profile) -> tuple[str, Tone]:
        if self.is_draft(profile):
            if self._drafts[profile.profile_id][1] != as_written(profile.prompt):
                return self.tr("Not saved yet. Meanwhile another prompt was saved: Revert shows it."), "warn"
            return self.tr("Not saved yet."), "warn"
        if profile.prompt:
            return self.tr("A prompt of its own is in force."), "good"
        return self.tr("The default is in force: {prompt}").format(prompt=DEFAULT_PROMPT), "good"

    def _save(self) -> None:
        if self._profile is not None:
            self.saved.emit(self._profile.username, self.text.toPlainText())

    def _back_to_default(self) -> None:
        """What was written stays within reach of Ctrl+Z."""
        if self._profile is not None:
            self.put("")
            self.saved.emit(self._profile.username, "")

    def _refuse_paste(self, length: int) -> None:
        self.refusal.tell(
            self.tr("A prompt has at most {most} characters. What you pasted has {number}: it was not put in.").format(
                most=fmt.count(PROMPT_MAX_CHARS), number=fmt.count(length)
            )
        )

    def _lay_out(self) -> None:
        self.body.addWidget(self.heading)
        told = self.tr("The AIs are asked this about every frame, unless the phone sends a question of its own.")
        add(self.body, Quiet(told, self, wrap=True), self.state, wide(self.text), self.refusal)
        hbox(self.save, self.revert, self.default, on=self.action_row)
        self.body.addLayout(hbox(self.action_row, STRETCH, self.counter))


def _is_ink(letter: str) -> bool:
    """Whether it is neither a space nor a line's end, nor what Qt gives outside of the text."""
    return bool(letter.strip("\0 ").strip())


class PromptText(QPlainTextEdit):
    """The field a prompt is written in; Tab leaves it. ``too_much``: the length of a paste left on the clipboard."""

    too_much = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)

    def replace(self, text: str) -> None:
        """Put ``text`` in place of all there is; Ctrl+Z brings that back."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.setTextCursor(cursor)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        room = LONGEST_CHARS - len(self.toPlainText()) + len(self.textCursor().selectedText())
        if len(source.text()) > room:
            self.too_much.emit(len(source.text()))
        else:
            super().insertFromMimeData(source)


def as_written(prompt: str) -> str:
    """``prompt`` as the field gives it back: line ends are one character, a blank one is none."""
    text = QTextDocument(prompt).toPlainText()
    return text if text.strip() else ""
