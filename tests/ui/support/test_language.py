"""The window's language: who chooses it, that German is whole, and that a fresh checkout shows it."""

from __future__ import annotations

import ast
import functools
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from app.core.settings import SETTINGS
from app.paths import resource
from app.ui.support import language
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP

ROOT = Path(__file__).parents[3]
GERMAN = resource("translations/frame_backend_de.ts")


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """``packaging/translations.py``."""
    spec = importlib.util.spec_from_file_location("packaging_translations", ROOT / "packaging" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    module.wanted = functools.cache(module.wanted)  # parses all of app/, and the check asks at each turn
    return module


@pytest.fixture
def restored(qapp: QApplication) -> Iterator[None]:
    """Takes an installed language away again."""
    before = QLocale()
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.setParent(None)
    QLocale.setDefault(before)


# --- the translation itself ------------------------------------------------------------------------------------------


def test_german_is_whole_and_says_the_same(tool: ModuleType) -> None:
    assert tool.faults(GERMAN) == []


OF_ENGINEERS = re.compile(
    r"\b(chains?|escalat\w*|households?|cooling|cooldown|p50|p95|unpriced|audits?|caps?|in a row|bad_reply|endpoint"
    r"|cascade|payload|records?|Kette|Haushalt\w*|Eskal\w*)\b",
    re.IGNORECASE,
)


def test_what_a_person_reads_has_no_words_of_engineers() -> None:
    for pair in ElementTree.parse(GERMAN).iter("message"):
        for text in (pair.findtext("source", ""), pair.findtext("translation", "")):
            assert OF_ENGINEERS.search(re.sub(r"\{\w+\}", "", text)) is None, text


def test_every_sentence_is_written_out_where_it_is_raised(tool: ModuleType) -> None:
    for file in sorted((ROOT / "app").rglob("*.py")):
        name = file.relative_to(ROOT / "app").as_posix()
        assert [*tool.unwritten(name, ast.parse(file.read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize(
    "code",
    [
        "raise InvalidValue(f'{name} is taken.')",
        "raise InvalidValue('{} is taken.'.format(name))",
        "raise InvalidValue(name + ' is taken.')",
        "raise InvalidValue('It is taken.' if taken else str(error))",
        "raise InvalidValue('{name} is taken.')",
        "raise InvalidValue('{name} is taken.', nmae=name)",
        "raise RateError('It is taken.', retry_after=5)",
        "sentence = f'{name} is taken.'\nraise InvalidValue(sentence)",
        "def refuse(text: str): raise InvalidValue(text)",
        "told = Sentence(f'{name} is taken.')",
    ],
)
def test_a_sentence_that_cannot_be_translated_is_found(tool: ModuleType, code: str) -> None:
    assert [*tool.unwritten("store/made_up.py", ast.parse(code))]


@pytest.mark.parametrize(
    "code",
    [
        "raise InvalidValue('{name} is taken.', name=name)",
        "raise RateError('{label} is busy.' if busy else 'It is.', label=label, retry_after_s=5)",
        "raise InvalidValue(error.sentence)",
        "raise InvalidValue(sentence or Sentence('{name} is taken.', name=name))",
        "raise NoAnswer()",
        "TAKEN = Sentence('It is taken.')\nraise InvalidValue(TAKEN)",
    ],
)
def test_a_sentence_that_can_be_translated_is_let_pass(tool: ModuleType, code: str) -> None:
    assert [*tool.unwritten("store/made_up.py", ast.parse(code))] == []


def test_every_text_of_the_sources_is_known_to_the_check(tool: ModuleType) -> None:
    wanted = tool.wanted()
    assert ("settings", SETTINGS[0].help) in wanted
    assert ("words", "never") in wanted, "what goes through a module's own _tr"
    assert ("FirstStart", "&Next") in wanted
    assert ("errors", "'{host}' is not an address of this computer.") in wanted
    assert ("errors", "No AI is set up for this profile.") in wanted, "what an error says when it is given nothing"
    assert ("errors", "The request could not be read.") not in wanted, "what goes to the phone"


FAULTY = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE TS><TS version="2.1" language="de"><context><name>X</name>
<message><source>{}</source><translation{}>{}</translation></message></context></TS>"""


@pytest.mark.parametrize(
    ("text", "kind", "translation", "fault"),
    [
        ("Next", "", "", "not translated"),
        ("Next", ' type="unfinished"', "Weiter", "not translated"),
        ("Use {port}", "", "Nimm {hafen}", "other fields"),
        ("Use {port}", "", "Nimm ihn", "other fields"),
        ("&amp;Next", "", "Weiter", "another number of &"),
        ("More…", "", "Mehr", "ends otherwise"),
        ("It is.", "", "Es ist", "ends otherwise"),
    ],
)
def test_the_check_finds_a_fault(
    tool: ModuleType, tmp_path: Path, text: str, kind: str, translation: str, fault: str
) -> None:
    file = tmp_path / "x.ts"
    file.write_text(FAULTY.format(text, kind, translation), encoding="utf-8")
    found = [line for line in tool.faults(file) if "not in the file" not in line]
    assert len(found) == 1
    assert fault in found[0]


def test_a_sound_translation_has_no_fault(tool: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "x.ts"
    file.write_text(FAULTY.format("&amp;Use {port} &amp; go…", "", "{port} &amp;nehmen &amp; los…"), encoding="utf-8")
    assert [line for line in tool.faults(file) if "not in the file" not in line] == []


def test_update_keeps_what_is_translated(tool: ModuleType, tmp_path: Path) -> None:
    copy = tmp_path / "frame_backend_de.ts"
    copy.write_bytes(GERMAN.read_bytes())
    tool.update((copy,))
    held = {(message.context, message.text) for message in tool.messages(copy)}
    assert tool.wanted() <= held
    kept = {message for message in tool.messages(GERMAN) if (message.context, message.text) in held}
    assert kept <= set(tool.messages(copy))


def test_compile_makes_what_a_built_program_loads(tool: ModuleType, tmp_path: Path) -> None:
    copy = tmp_path / "frame_backend_de.ts"
    copy.write_bytes(GERMAN.read_bytes())
    tool.compile_all((copy,))
    translator = QTranslator()
    assert translator.load(str(copy.with_suffix(".qm")))
    assert translator.translate("FirstStart", "&Next") == "&Weiter"


# --- which language --------------------------------------------------------------------------------------------------


def test_the_choice_is_kept_and_nonsense_is_the_systems(tmp_path: Path) -> None:
    path = tmp_path / "window.ini"
    assert language.chosen(None) == "system"
    assert language.chosen(path) == "system"
    language.keep(path, "de")
    assert language.chosen(path) == "de"
    language.keep(path, "tlh")
    assert language.chosen(path) == "system"


def test_each_choice_has_a_name_of_its_own() -> None:
    assert len({language.label(code) for code in language.LANGUAGES}) == len(language.LANGUAGES)


def test_a_chosen_language_is_its_locale() -> None:
    assert language.locale_of("de").language() == QLocale.Language.German
    assert language.locale_of("en").language() == QLocale.Language.English


def test_texts_settings_qts_own_and_numbers_become_german(qapp: QApplication, tmp_path: Path, restored: None) -> None:
    path = tmp_path / "window.ini"
    language.keep(path, "de")
    assert language.install(qapp, path).language() == QLocale.Language.German
    assert QCoreApplication.translate("FirstStart", "&Next") == "&Weiter"
    assert QCoreApplication.translate("settings", "Keep pictures") == "Bilder behalten"
    assert QCoreApplication.translate("words", "never") == "nie"
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text().replace("&", "") == "Abbrechen"
    box.deleteLater()
    assert QLocale().toString(1.5, "f", 1) == "1,5"
    assert language.shown() == "de"


def test_english_is_what_stands_in_the_sources(qapp: QApplication, tmp_path: Path, restored: None) -> None:
    path = tmp_path / "window.ini"
    language.keep(path, "en")
    language.install(qapp, path)
    assert QCoreApplication.translate("FirstStart", "&Next") == QT_TRANSLATE_NOOP("FirstStart", "&Next")
    assert qapp.findChildren(QTranslator) == []
    assert language.shown() == "en"


def test_a_machine_that_cannot_compile_shows_english_and_says_so(
    qapp: QApplication,
    tmp_path: Path,
    restored: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = tmp_path / "window.ini"
    language.keep(path, "de")
    monkeypatch.setattr(language.PySide6, "__file__", str(tmp_path / "__init__.py"))
    language.install(qapp, path)
    assert QCoreApplication.translate("FirstStart", "&Next") == "&Next"
    assert "could not be compiled" in caplog.text


def test_a_built_program_shows_what_it_brings(
    qapp: QApplication, tool: ModuleType, tmp_path: Path, restored: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "translations").mkdir()
    copy = tmp_path / "translations" / GERMAN.name
    copy.write_bytes(GERMAN.read_bytes())
    tool.compile_all((copy,))
    copy.write_text("no source that could be compiled")
    monkeypatch.setattr(language, "resource", lambda name: tmp_path / name)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    language.keep(tmp_path / "window.ini", "de")
    language.install(qapp, tmp_path / "window.ini")
    assert QCoreApplication.translate("FirstStart", "&Next") == "&Weiter"


PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from app.ui.support import language
application = QApplication([])
language.install(application, Path(sys.argv[1]) if len(sys.argv) > 1 else None)
print(application.translate("FirstStart", "&Next"))
"""


@pytest.mark.parametrize("how", ["chosen", "system"])
def test_a_checkout_with_nothing_compiled_starts_in_german(tmp_path: Path, how: str) -> None:
    path = tmp_path / "window.ini"
    arguments = [str(path)] if how == "chosen" else []
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8", "LANGUAGE": ""}
    if how == "chosen":
        language.keep(path, "de")
    else:
        environ |= {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "&Weiter", told.stderr
