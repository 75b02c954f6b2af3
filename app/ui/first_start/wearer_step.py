"""Step 2: who wears the glasses: a new profile with a key made or typed, or one that there is already."""

from __future__ import annotations

import getpass
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app.core.errors import InvalidValue, NameTaken
from app.store.profiles.identifiers import NAME_MAX_CHARS, checked_auth_key, checked_name
from app.store.profiles.profile_rows import KeyTaken
from app.ui.first_start.step import Field, Refused, Step
from app.ui.services import Services
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.support.sentences import said
from app.ui.widgets.choices import Choices

_NOBODY = frozenset({"root", "user", "admin", "administrator", "ubuntu", "debian", "pi"})
"""Names of accounts that say nothing about who sits there."""


class WearerStep(Step):
    """``username`` and ``auth_key`` are what the phone is given; the key is empty for one that cannot be read again."""

    name = QT_TRANSLATE_NOOP("WearerStep", "Wearer")
    title = QT_TRANSLATE_NOOP("WearerStep", "Who wears the glasses?")
    told = QT_TRANSLATE_NOOP("WearerStep", "A name, and a key by which the phone proves that it is theirs.")

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(services, parent)
        self._keys: dict[str, str] = {}
        self.username = ""
        self.who = Choices("", self)
        self.name_line = QLineEdit(self)
        self.name_line.setText(suggested_name())
        self.key = QLineEdit(self)
        self.key.setPlaceholderText(self.tr("Leave empty: one is made for you"))
        self.new_key = QCheckBox(self.tr("Give it a new key: the old one stops working at once"), self)
        self.who_field = Field(self.tr("&Who"), self.who, self)
        self.name_field = Field(self.tr("N&ame"), self.name_line, self)
        self.key_field = Field(
            self.tr("Auth &key"), self.key, self, hint=self.tr("Like a password, for the phone app alone.")
        )
        for part in (self.who_field, self.name_field, self.new_key, self.key_field):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.who.currentIndexChanged.connect(self._show)
        self.new_key.toggled.connect(self._show)
        for line, field in ((self.name_line, self.name_field), (self.key, self.key_field)):
            line.textEdited.connect(field.clear)

    @property
    def auth_key(self) -> str:
        return self._keys.get(self.username, "")

    def first_field(self) -> QWidget:
        return self.who if self.who_field.isVisibleTo(self) else self.name_line

    def begin(self) -> None:
        """Offer who there is; the choice stays."""
        names = [profile.username for profile in self.services.store.profiles.all()]
        chosen = self.username or (names[0] if names else "")
        self.who.offer([*((name, name) for name in names), (self.tr("Somebody new"), "")])
        self.who.choose(chosen)
        self._show()

    async def submit(self) -> None:
        for field in (self.who_field, self.name_field, self.key_field):
            field.clear()
        chosen = str(self.who.currentData() or "")
        if not chosen:
            await self._add()
        elif self.new_key.isChecked():
            await self._give_key(chosen)
        else:
            self.username = chosen

    def _show(self) -> None:
        is_new = not self.who.currentData()
        is_known = self.who.currentData() in self._keys
        self.who_field.setVisible(self.who.count() > 1)
        self.name_field.setVisible(is_new)
        self.new_key.setVisible(not is_new)
        self.key_field.setVisible(is_new or self.new_key.isChecked())
        self.who_field.hint.setText(
            self.tr("Its key is shown in the last step.") if is_known else self.tr("Its key cannot be shown again.")
        )
        self.who_field.hint.setVisible(not is_new)

    async def _add(self) -> None:
        name, key = self.name_line.text().strip(), self._typed_key
        try:
            checked_name(name)
        except InvalidValue as error:
            self.name_field.refuse(said(error) if name else self.tr("Type a name: the wearer's first name will do."))
            raise Refused from error
        if self.services.store.profiles.find(name) is not None:
            self.name_field.refuse(self.tr("There is a profile of this name already: choose it above."))
            raise Refused
        with self._taken():
            made = await self.services.store.profiles.add(name, key)
        self.username = checked_name(name)
        self._keys[self.username] = made
        self.key.clear()

    async def _give_key(self, username: str) -> None:
        key = self._typed_key
        with self._taken():
            self._keys[username] = await self.services.store.profiles.new_key(username, key)
        self.username = username
        self.new_key.setChecked(False)
        self.key.clear()

    @contextmanager
    def _taken(self) -> Iterator[None]:
        """Tells a name or a key that is in use beside its own field."""
        try:
            yield
        except NameTaken as error:
            (self.key_field if isinstance(error, KeyTaken) else self.name_field).refuse(said(error))
            raise Refused from error

    @property
    def _typed_key(self) -> str | None:
        """None: one is to be made."""
        key = self.key.text().strip()
        if not key:
            return None
        try:
            return checked_auth_key(key)
        except InvalidValue as error:
            self.key_field.refuse(said(error))
            raise Refused from error


def suggested_name() -> str:
    """The name of the account that runs this, as a profile may be called; empty when it names nobody."""
    try:
        account = getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such account, or no way to ask
        return ""
    kept = "".join(char for char in account if char in " ._-" or unicodedata.category(char)[0] in "LN")
    name = kept.strip(" ._-")[:NAME_MAX_CHARS]
    try:
        return "" if name.lower() in _NOBODY else checked_name(name)
    except InvalidValue:
        return ""
