"""What the program is built on: each library's version and licence, as the library itself says."""

from __future__ import annotations

from importlib import metadata

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import words
from app.ui.widgets.buttons import Button
from app.ui.widgets.table import Cell, Table

LIBRARIES = (
    "aiohttp", "colorama", "filelock", "httpx", "ifaddr", "keyring", "numpy", "orjson", "peewee", "Pillow",
    "platformdirs", "pydantic", "typing-extensions", "tzdata", "zeroconf", "PySide6-Essentials", "pyqtgraph", "qasync",
    "segno", "omegaconf", "onnxruntime", "opencv-python-headless", "rapidocr", "zxing-cpp",
)  # fmt: skip
"""Those of pyproject.toml; one that is not installed is not shown."""
_SIZE_PX = (560, 520)


def library_facts() -> dict[str, tuple[str, str]]:
    """Version and licence by name. Reads files: not on the loop."""
    facts = {}
    for name in LIBRARIES:
        try:
            told = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        facts[name] = (told["Version"], _licence(told))
    return facts


def _licence(told: metadata.PackageMetadata) -> str:
    for field in ("License-Expression", "License"):
        said = told[field].strip() if field in told else ""
        if said and "\n" not in said:  # some put the whole text there
            return said
    classifiers = told.get_all("Classifier") or []
    named = [text.rsplit(" :: ", 1)[-1] for text in classifiers if text.startswith("License ::")]
    return ", ".join(named)


class Libraries(QDialog):
    """A table to be read, and Close."""

    def __init__(self, facts: dict[str, tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Libraries and licences"))
        self.resize(*_SIZE_PX)
        titles = (self.tr("Library"), self.tr("Version"), self.tr("Licence"))
        self.table = Table(titles, 2, self.tr("Libraries and licences"), self)
        unsaid = self.tr("in its package")
        self.table.show_rows(
            {
                name: (Cell(name), Cell(version or words.DASH), Cell(licence or unsaid))
                for name, (version, licence) in facts.items()
            }
        )
        self.close_button = Button(self.tr("Close"), "", self, primary=True)
        self.close_button.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(14)
        column.addWidget(self.table, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        column.addLayout(buttons)
