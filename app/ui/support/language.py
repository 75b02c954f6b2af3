"""The window's language: which one is chosen, and its texts laid over the English ones before the window is made.

A built program brings compiled texts (``packaging/translations.py compile``). From source they are compiled at each
start, into memory: it takes some ten milliseconds, needs neither a network nor a folder that can be written, and never
shows the texts of an older checkout.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import PySide6
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QSettings, QTranslator

from app.paths import resource
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP

log = logging.getLogger(__name__)

KEY = "window/language"
"""In the window's INI file."""
SYSTEM, SOURCE = "system", "en"
LANGUAGES: Mapping[str, str] = {
    SYSTEM: QT_TRANSLATE_NOOP("language", "As the system"),
    SOURCE: "English",
    "de": "Deutsch",
}
"""What may be chosen, each called by its own name; a new one is a line here and its file in resources/translations."""
_COMPILE_LIMIT_S = 20.0
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows alone would flash a console."""


def label(code: str) -> str:
    """How a choice is called in the list of them."""
    return QCoreApplication.translate("language", LANGUAGES[code])


def chosen(settings_path: Path | None) -> str:
    """What the owner chose, ``system`` unless it is one of ``LANGUAGES``."""
    if settings_path is None or not settings_path.is_file():
        return SYSTEM
    kept = QSettings(str(settings_path), QSettings.Format.IniFormat).value(KEY, SYSTEM)
    return kept if isinstance(kept, str) and kept in LANGUAGES else SYSTEM


def keep(settings_path: Path, code: str) -> None:
    """Remember the choice; it counts from the next start on."""
    QSettings(str(settings_path), QSettings.Format.IniFormat).setValue(KEY, code)


def locale_of(choice: str) -> QLocale:
    """The locale for a choice: for ``system`` the system's own, in the first of its languages that we speak."""
    system = QLocale.system()
    if choice == SYSTEM:
        return _spoken(system)
    wanted = QLocale(choice)
    return system if system.language() == wanted.language() else wanted


def install(application: QCoreApplication, settings_path: Path | None = None) -> QLocale:
    """Make the chosen language the application's: texts, Qt's own dialogs, numbers and dates. Before any widget."""
    locale = locale_of(chosen(settings_path))
    QLocale.setDefault(locale)
    code = shown()
    if code == SOURCE:
        return locale
    for name, translator in (("Qt's own texts", _of_qt(code)), ("texts", _of_ours(code))):
        if translator.isEmpty():
            log.warning("no %s for the language '%s': English is shown", name, code)
        else:
            translator.setParent(application)
            application.installTranslator(translator)
    return locale


def shown() -> str:
    """The code of the language that texts are in."""
    code = _code(QLocale())
    return code if code in LANGUAGES else SOURCE


def _spoken(system: QLocale) -> QLocale:
    for name in system.uiLanguages():
        locale = QLocale(name)
        if _code(locale) in LANGUAGES:
            return system if locale.language() == system.language() else locale
    return system


def _code(locale: QLocale) -> str:
    return QLocale.languageToCode(locale.language())


def _of_qt(code: str) -> QTranslator:
    """The texts of Qt's own dialogs and menus."""
    translator = QTranslator()
    translator.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    return translator


def _of_ours(code: str) -> QTranslator:
    compiled = resource(f"translations/frame_backend_{code}.qm")
    source = compiled.with_suffix(".ts")
    is_built = getattr(sys, "frozen", False) or not source.is_file()
    # in a checkout a compiled file may be an older one's
    return _loaded(compiled) if is_built else from_source(source)


def from_source(source: Path) -> QTranslator:
    """A ``.ts`` file's texts; empty, with a line in the log, when this machine cannot compile it."""
    compiler = Path(PySide6.__file__).with_name("lrelease.exe" if sys.platform == "win32" else "lrelease")
    try:
        with tempfile.TemporaryDirectory(prefix="frame-backend-") as folder:
            compiled = Path(folder, "texts.qm")
            subprocess.run(
                [compiler, "-silent", source, "-qm", compiled],
                check=True, capture_output=True, timeout=_COMPILE_LIMIT_S, creationflags=_NO_WINDOW,
            )  # fmt: skip
            return _loaded(compiled)  # read, or held open, when the folder goes
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("the translation could not be compiled: %s", error)
        return QTranslator()


def _loaded(compiled: Path) -> QTranslator:
    translator = QTranslator()
    translator.load(str(compiled))
    return translator
