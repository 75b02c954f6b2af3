"""Add a profile, give it a new auth key: also where a phone is connected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.errors import InvalidValue, NameTaken
from app.store.profiles.identifiers import checked_auth_key, checked_name
from app.store.profiles.profile_rows import KeyTaken
from app.ui.services import Services
from app.ui.support.sentences import said
from app.ui.widgets.form import FormDialog
from app.ui.widgets.state_label import StateLabel
from app.ui.widgets.validated_field import ValidatedField


class NameOrKeyForm(FormDialog):
    """Asks for a name or an auth key, or both; what is wrong with either stands under it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.name, self.key = QLineEdit(self), QLineEdit(self)
        self.name.setPlaceholderText(self.tr("Who wears the glasses?"))
        self.key.setPlaceholderText(self.tr("Leave empty: one is made for you"))
        self.name_field, self.key_field = ValidatedField(self.name, self), ValidatedField(self.key, self)
        self.fields = (self.name_field, self.key_field)

    def _typed_name(self) -> str:
        return self.name.text().strip()

    def _typed_key(self) -> str | None:
        """None when one is to be made."""
        return self.key.text().strip() or None

    def _check(self, *fields: bool) -> None:
        """Raises ``InvalidValue`` unless all are fit."""
        if not all(fields):
            raise InvalidValue(self.tr("Please mend what is told beside the fields."))

    def _is_name_fit(self) -> bool:
        return self.name_field.is_fit(checked_name, self._typed_name())

    def _is_key_fit(self) -> bool:
        key = self._typed_key()
        return key is None or self.key_field.is_fit(checked_auth_key, key)

    @contextmanager
    def _taken_is_told(self) -> Iterator[None]:
        try:
            yield
        except KeyTaken as error:
            self.key_field.tell(said(error))
            raise
        except NameTaken as error:
            self.name_field.tell(said(error))
            raise


class AddProfile(NameOrKeyForm):
    """Emits ``made`` with the name and its auth key."""

    made = Signal(str, str)

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self.ask(self.tr("Add a profile"), self.tr("Add"))
        self.form.addRow(self.tr("&Name"), self.name_field)
        self.form.addRow(self.tr("Auth &key"), self.key_field)

    async def submit(self) -> None:
        name, key = self._typed_name(), self._typed_key()
        self._check(self._is_name_fit(), self._is_key_fit())
        with self._taken_is_told():
            made = await self._services.store.profiles.add(name, key)
        self.made.emit(name, made)


class NewKey(NameOrKeyForm):
    """Emits ``made`` with the name and its new auth key; the old one and every pairing are void then."""

    made = Signal(str, str)

    def __init__(self, services: Services, username: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self._username = services, username
        self.ask(self.tr("New key for {name}").format(name=username), self.tr("Make the new key"))
        self.name_field.hide()
        told = self.tr("The old key stops working at once, and every paired device must send the new one.")
        self.form.addRow(StateLabel(told, "warn", self, wrap=True))
        self.form.addRow(self.tr("Auth &key"), self.key_field)

    async def submit(self) -> None:
        key = self._typed_key()
        self._check(self._is_key_fit())
        with self._taken_is_told():
            made = await self._services.store.profiles.new_key(self._username, key)
        self.made.emit(self._username, made)
