"""Try it: one picture is shown to every AI of a profile at once, outside the history."""

from __future__ import annotations

import asyncio

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.settings import PROMPT_MAX_CHARS
from app.ui.frames import thumbnails
from app.ui.frames.picture_view import PictureView
from app.ui.live import picture_input
from app.ui.live.picture_input import Picked
from app.ui.services import Services
from app.ui.widgets.buttons import Button
from app.ui.widgets.choices import Choices
from app.ui.widgets.choose_file import choose_to_read
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.layouts import STRETCH, add, at_top, grid, hbox, vbox, wide
from app.ui.widgets.text import Quiet, Text
from app.ui.widgets.try_results import TryResults

PICTURE_PX = 200
SIZE_PX = (1_000, 640)


class TryDialog(Dialog):
    """``use`` takes a picture; nobody is asked before the button is pressed, for it may cost."""

    def __init__(self, services: Services, username: str, parent: QWidget, *, blurred: bool = False) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setWindowTitle(self.tr("Try a picture"))
        self.resize(*SIZE_PX)
        self._services, self._blurred = services, blurred
        self._upload = b""
        self.picture = PictureView(PICTURE_PX, self.tr("The picture to try"), self)
        self.hint = Quiet(self.tr("Drop a picture here, paste one, or choose a file."), self, wrap=True)
        self.choose = Button(self.tr("Choose a file…"), "picture", self)
        self.paste = Button(self.tr("Paste"), "paste", self)
        names = [profile.username for profile in services.store.profiles.all()]
        self.profile, self.question = Choices(self.tr("Profile"), self), QLineEdit(self)
        self.profile.offer((name, name) for name in names)
        self.profile.choose(username)
        self.ask = Button(self.tr("Ask every AI"), "", self, primary=True)
        self.stop = Button(self.tr("Stop"), "stop", self)
        self.results = TryResults(services.provider_label, self)
        self.question.setPlaceholderText(self.tr("Leave empty: the profile's own prompt"))
        self.question.setMaxLength(PROMPT_MAX_CHARS)
        self._lay_out()
        self._connect()
        self._show_asking(asking=False)

    def use(self, source: Picked) -> None:
        """Read and show that picture; what was said of the one before goes."""
        self._upload = b""
        self.results.clear()
        self.refusal.hide()
        self.picture.show_image(None)
        self.work(self._use(source), "read a picture to try", self.choose, self.paste, self.ask)

    # --- the picture ---------------------------------------------------------------------------------------------

    async def _use(self, source: Picked) -> None:
        upload = await picture_input.read(source, self._services.store.settings.integer("limits.upload_mb"))
        image = await asyncio.to_thread(_preview, upload, round(PICTURE_PX * self.devicePixelRatioF()), self._blurred)
        self._upload = upload
        self.picture.show_image(image)
        self.hint.hide()

    def _choose(self) -> None:
        pictures = self.tr("Pictures (*.jpg *.jpeg *.png *.webp *.gif *.bmp)")
        choose_to_read(self, self.tr("Choose a picture"), (pictures,), self.use)

    def _paste(self) -> None:
        source = picture_input.picked(QGuiApplication.clipboard().mimeData())
        if source is None:
            self.refuse(self.tr("There is no picture on the clipboard."))
        elif not self.results.is_asking:
            self.use(source)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self.results.is_asking and picture_input.may_be_picture(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        source = picture_input.picked(event.mimeData())
        if source is not None:
            event.acceptProposedAction()
            self.use(source)

    # --- asking --------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        if not self._upload:
            self.refuse(self.tr("Choose a picture first."))
            return
        self.refusal.hide()
        prompt = self.question.text().strip() or None
        self.results.ask(self._services.try_out(self._upload, self.profile.currentText(), prompt))
        self._show_asking(asking=True)

    def _show_asking(self, *, asking: bool) -> None:
        for widget in (self.choose, self.paste, self.profile, self.question, self.ask):
            widget.setEnabled(not asking)
        self.stop.setVisible(asking)
        self.ask.setVisible(not asking)
        if asking:
            self.stop.setFocus()
        else:
            self.ask.setDefault(True)
            self.ask.setFocus()

    # --- within --------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        for button, act in (
            (self.choose, self._choose), (self.paste, self._paste), (self.ask, self._ask),
            (self.stop, self.results.stop),
        ):  # fmt: skip
            button.clicked.connect(act)
        self.picture.clicked.connect(self.choose.click)
        # a text on the clipboard is for the question: the line edit takes the key first
        QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self).activated.connect(self._paste)
        self.results.ended.connect(lambda: self._show_asking(asking=False))
        self.finished.connect(self.results.stop)

    def _lay_out(self) -> None:
        profile, question = Text(self.tr("&Profile"), self), Text(self.tr("&Question"), self)
        profile.setBuddy(self.profile)
        question.setBuddy(self.question)
        fields = grid((profile, self.profile), (question, self.question), gaps=(14, 10))
        side = vbox(fields, hbox(self.choose, self.paste, STRETCH), self.hint, self.refusal, STRETCH, gap=12)
        note = Quiet(self.tr("Not kept in the history. Calls count, and cost, as always."), self)
        add(self.column, hbox(at_top(self.picture), wide(side), gap=16), wide(self.results))
        self.column.addLayout(hbox(note, self.button_box(self.stop, self.ask)))


def _preview(upload: bytes, side_px: int, blurred: bool) -> QImage:
    """In a thread. Raises a ``PictureError`` when it is no picture that an AI could be shown."""
    from app.images import normalise

    image = thumbnails.small(normalise(upload).jpeg, side_px)
    return thumbnails.blurred(image) if blurred else image
