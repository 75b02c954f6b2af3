"""What a profile has of its own where the household has a common value: how answers are, how dear, where they go."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app.core.frame import Profile
from app.core.setting import Setting, Value
from app.core.settings import SETTINGS
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support import run_task
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import hbox, vbox, wide
from app.ui.widgets.number_field import NumberField
from app.ui.widgets.state_label import Notice
from app.ui.widgets.text import Quiet, Text

PAUSE_MS = 300
"""After the last step of a number, before it is saved."""
FIELD_PX, LABEL_PX = 86, 120
CAUTIONED = ("blur_faces",)
"""Their help is there to be read, not in the tip alone: who switches it on must know what it cannot do."""


class LimitRow(QWidget):
    """One of them. Emits ``wanted`` with the text to save, None to have the household's; what is refused stays."""

    wanted = Signal(object)

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = QCoreApplication.translate("settings", setting.label)
        self.field = self._make_field(setting)
        self.field.setAccessibleName(label)
        self.field.setToolTip(QCoreApplication.translate("settings", setting.help))
        self.reset = IconButton("refresh", self.tr("As for everybody: {label}").format(label=label), self)
        self.whose = Quiet("", self, wrap=True)
        self.refusal = Notice(self)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._want)
        self.reset.clicked.connect(self._want_the_households)
        self.label = Text(label, self, wrap=True)
        self.label.keep_whole()
        self.label.setBuddy(self.field)
        if isinstance(self.field, QLineEdit):  # a text is long: below its label
            rows = vbox(self.label, hbox(wide(self.field), self.reset, gap=6), gap=0)
        else:
            self.field.setFixedWidth(FIELD_PX)
            self.label.setMinimumWidth(LABEL_PX)
            rows = vbox(hbox(wide(self.label), self.field, self.reset, gap=6), gap=0)
        self.caution = Quiet(self.field.toolTip(), self, wrap=True)
        self.caution.keep_whole()
        self.caution.setVisible(setting.key in CAUTIONED)
        vbox(rows, self.caution, self.whose, self.refusal, gap=0, on=self)

    def show_value(self, own: Value | None, household: Value, *, anew: bool) -> None:
        """``anew``: it is another profile's, or was just saved. Else what is not saved yet, or was refused, stays."""
        self.reset.setEnabled(own is not None or self.refusal.isVisibleTo(self))
        self.whose.setText(
            self.tr("as for everybody")
            if own is None
            else self.tr("its own; for everybody: {value}").format(value=self._said(household))
        )
        if anew or not (self._pause.isActive() or self.field.hasFocus() or self.refusal.isVisibleTo(self)):
            self._fill(household if own is None else own)

    def refuse(self, sentence: str) -> None:
        self.refusal.tell(sentence)
        self.reset.setEnabled(True)

    def text(self) -> str:
        """As the store reads it."""
        if isinstance(self.field, QCheckBox):
            return "on" if self.field.isChecked() else "off"
        return self.field.number_text() if isinstance(self.field, NumberField) else self.field.text()

    def _said(self, value: Value) -> str:
        if isinstance(value, bool):
            return self.tr("on") if value else self.tr("off")
        if isinstance(value, str):
            return value or self.tr("none")
        return fmt.count(value) if isinstance(value, int) else fmt.number(value)

    def _fill(self, value: Value) -> None:
        self._pause.stop()
        self.refusal.hide()
        before = self.field.blockSignals(True)
        if isinstance(self.field, QCheckBox):
            self.field.setChecked(bool(value))
        elif isinstance(self.field, NumberField):
            self.field.setValue(float(value))
        else:
            self.field.setText(str(value))
        self.field.blockSignals(before)

    def flush(self) -> None:
        if self._pause.isActive() or (isinstance(self.field, QLineEdit) and self.field.isModified()):
            self._want()

    def _want_typed(self) -> None:
        if isinstance(self.field, QLineEdit) and self.field.isModified():
            self.field.setModified(False)
            self._want()

    def _want(self) -> None:
        self._pause.stop()
        self.wanted.emit(self.text())

    def _want_the_households(self) -> None:
        self._pause.stop()
        self.wanted.emit(None)

    def _make_field(self, setting: Setting) -> QCheckBox | NumberField | QLineEdit:
        if isinstance(setting.default, bool):
            box = QCheckBox(self)
            box.toggled.connect(self._want)
            return box
        if isinstance(setting.default, str):
            line = QLineEdit(self)
            line.editingFinished.connect(self._want_typed)
            return line
        whole = isinstance(setting.default, int)
        number = NumberField(setting.minimum, setting.maximum, whole=whole, parent=self)
        number.valueChanged.connect(lambda: self._pause.start())
        return number


class ProfileLimits(Card):
    """Saves what is changed. Emits ``refused`` with why not, when another profile is shown by then."""

    refused = Signal(str)

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent, title=self.tr("Limits"))
        self._services, self.username = services, ""
        self.spent = Quiet("", self, wrap=True)
        self.rows: dict[str, LimitRow] = {}
        self.body.addWidget(self.spent)
        for setting in sorted(SETTINGS, key=lambda one: isinstance(one.default, str)):  # what is long stands last
            if setting.per_profile:
                row = self.rows[setting.key] = LimitRow(setting, self)
                row.wanted.connect(lambda text, key=setting.key: self._save(self.username, key, text))
                self.body.addWidget(row)
        self.body.addStretch(1)

    def show_limits(self, profile: Profile) -> None:
        anew = profile.username != self.username
        if anew:
            self.flush()
        self.username = profile.username
        for key in self.rows:
            self._show(key, anew=anew)
        self._show_spent(self._services.spending.profile_today_usd(profile.username), profile.daily_cap_usd)

    def flush(self) -> None:
        """Save at once what would be in a moment."""
        for row in self.rows.values():
            row.flush()

    def _show(self, key: str, *, anew: bool) -> None:
        store = self._services.store
        own, household = store.profiles.own_value(self.username, key), store.settings.value(key)
        self.rows[key].show_value(own, household, anew=anew)

    def _save(self, username: str, key: str, text: str | None) -> None:
        run_task.start(
            self._saved(username, key, text),
            name="save a limit",
            owner=self,
            refused=lambda sentence: self._refuse(username, key, sentence),
        )

    async def _saved(self, username: str, key: str, text: str | None) -> None:
        await self._services.store.profiles.set_value(username, key, text)
        if self.username == username:
            self._show(key, anew=True)

    def _refuse(self, username: str, key: str, sentence: str) -> None:
        if self.username == username:
            self.rows[key].refuse(sentence)
        else:
            self.refused.emit(sentence)

    def _show_spent(self, spent_usd: float, cap_usd: float) -> None:
        """``cap_usd``: 0 = none."""
        spent = fmt.usd(spent_usd)
        if not cap_usd:
            self.spent.setText(self.tr("Spent today: {spent}.").format(spent=spent))
        elif spent_usd < cap_usd:
            self.spent.setText(self.tr("Spent today: {spent} of {cap}.").format(spent=spent, cap=fmt.usd(cap_usd)))
        else:
            self.spent.setText(
                self.tr("Spent today: {spent}. The limit of {cap} is reached: only what is free is asked.").format(
                    spent=spent, cap=fmt.usd(cap_usd)
                )
            )
