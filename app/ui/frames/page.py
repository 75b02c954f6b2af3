"""One frame and how it was decided: its picture, what the wearer read, and everybody who was asked or passed over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.provider import ON_DEVICE
from app.ui.frames.ai_offer import AiOffer
from app.ui.frames.frame_view import FrameView
from app.ui.frames.hero import LOWEST_PX, TALLEST_PX, Hero
from app.ui.frames.reasons import early, reason
from app.ui.frames.steps import Steps
from app.ui.frames.zoom_view import ZoomView
from app.ui.support import formatting as fmt
from app.ui.widgets.layouts import STRETCH, vbox
from app.ui.widgets.state_label import StateLabel
from app.ui.widgets.text import Heading, Quiet, Text

_PICTURE_SHARE = 0.62
"""Of the height in sight: how it was decided is to be seen below."""


class FramePage(QWidget):
    """Shows one frame after the other; ``show_frame`` keeps what ``picture`` shows. ``offer`` stands in it."""

    def __init__(self, label: Callable[[str], str], offer: AiOffer, parent: QWidget) -> None:
        super().__init__(parent)
        self._label, self.offer = label, offer
        self._frame: FrameView | None = None
        self._sent: tuple[QSize, int] | None = None
        self.picture = ZoomView(self.tr("The picture"), self)
        self.hero = Hero(self.picture, self)
        self.glasses = self.hero.glasses
        self.summary = StateLabel("", "idle", self, wrap=True)
        self.reason, self.steps = self._selectable(), Steps(label, self)
        self.whole_title, self.whole = Quiet(self.tr("The whole answer"), self), self._selectable()
        self.corrected_title, self.corrected = Quiet(self.tr("Corrected by hand"), self), self._selectable()
        self.prompt, self.facts, self.sent = self._selectable(), Quiet("", self, wrap=True), Quiet("", self, wrap=True)
        self.asked_title = Heading(self.tr("Who was asked"), self, steps=1)
        vbox(
            self.hero, self.summary, self.corrected_title, self.corrected, self.reason, self.offer,
            self.asked_title, self.steps, self.whole_title, self.whole,
            Quiet(self.tr("The question"), self), self.prompt, self.sent, self.facts, STRETCH,
            gap=10, on=self, margins=(0, 0, 10, 0),
        )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room_px = round((self.parentWidget() or self).height() * _PICTURE_SHARE)
        self.hero.fit_to(self.hero.width(), min(max(room_px, LOWEST_PX), TALLEST_PX))

    def show_frame(self, frame: FrameView) -> None:
        if self._frame is None or self._frame.frame_id != frame.frame_id:
            self._sent = None
        if self._frame is None or self._frame.attempts != frame.attempts or frame.frame_id != self._frame.frame_id:
            self.steps.show_frame(frame)
            self.asked_title.setVisible(bool(frame.attempts))
        self._frame = frame
        self.hero.show_text(frame.text, dim=frame.failed)
        self.summary.show_state(self._summary(frame), frame.tone)
        self.reason.setText(" ".join(part for part in (reason(frame, self._label), early(frame)) if part))
        self.reason.setVisible(bool(self.reason.text()))
        self._show_optional(self.whole_title, self.whole, frame.full_text if frame.full_text != frame.text else "")
        self._show_optional(self.corrected_title, self.corrected, frame.correction)
        self.offer.show_for(frame)
        self.prompt.setText(frame.prompt)
        self.facts.setText(self._facts(frame))
        self._show_sent()

    def show_sent(self, size: QSize, bytes_: int) -> None:
        """The picture is that large, in pixels and bytes."""
        self._sent = (size, bytes_)
        self._show_sent()

    # --- in words ------------------------------------------------------------------------------------------------

    def _summary(self, frame: FrameView) -> str:
        how = frame.ending[0]
        if frame.failed:
            return self.tr("No answer ({how}): {sentence}").format(how=how, sentence=frame.text)
        is_here = frame.answered_by in ("", ON_DEVICE)
        by = self.tr("this computer") if is_here else self._label(frame.answered_by)
        text = self.tr("Answered by {provider} ({how}), {percent}, in {time}")
        if frame.confidence is None:  # a hint's, and this computer's
            text = self.tr("Answered by {provider} ({how}), in {time}")
        sureness, time = fmt.sureness(frame.confidence, frame.trust), fmt.latency(frame.latency_ms)
        text = text.format(provider=by, how=how, percent=sureness, time=time)
        return self.tr("{text}; reused from a moment before").format(text=text) if frame.reused else text

    def _facts(self, frame: FrameView) -> str:
        cost = fmt.usd(frame.cost_usd) if frame.cost_usd is not None else self.tr("not known")
        device = frame.client_ip or self.tr("not known")
        facts = self.tr("Device: {device}   Cost: {cost}").format(device=device, cost=cost)
        return self.tr("{facts}   Door: {door}").format(facts=facts, door=frame.door) if frame.door else facts

    def _show_sent(self) -> None:
        """To whom the picture went, how large it was, and which faces could not be made out in it."""
        frame = self._frame
        called = (one.provider for one in frame.attempts if one.outcome != "skipped") if frame else ()
        names = list(dict.fromkeys(self._label(name) for name in called if name != ON_DEVICE))
        if not names:
            self.sent.setText(self.tr("The picture was sent to no AI."))
            return
        text = self.tr("The picture was sent to {names}").format(names=", ".join(names))
        if self._sent is not None:
            size, bytes_ = self._sent
            text = self.tr("{text}: {width} × {height} pixels, {size}").format(
                text=text, width=fmt.count(size.width()), height=fmt.count(size.height()), size=fmt.size(bytes_)
            )
        if frame is not None and frame.blurred_faces is not None:
            text = self.tr("{text}, {faces}").format(text=text, faces=fmt.blurred_faces(frame.blurred_faces))
        self.sent.setText(text)

    # --- parts ---------------------------------------------------------------------------------------------------

    def _show_optional(self, title: Quiet, shown: Text, text: str) -> None:
        shown.setText(text)
        for widget in (title, shown):
            widget.setVisible(bool(text))

    def _selectable(self) -> Text:
        shown = Text("", self, wrap=True)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return shown
