"""No release holds code that is under the GPL alone, or under who knows what; and it says whose work it holds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.delivery.tools import script

licences = script("licences")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that Python finds packages in."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def make(folder: Path, *fields: str, text: str = "Terms.") -> str:
    info = folder / "madeup-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("\n".join(("Metadata-Version: 2.4", "Name: madeup", "Version: 1.0", *fields)) + "\n")
    record = "madeup-1.0.dist-info/METADATA,,\n"
    if text:
        (info / "LICENSE").write_text(text)
        record += "madeup-1.0.dist-info/LICENSE,,\n"
    (info / "RECORD").write_text(record)
    fault: str = licences.package("madeup").fault
    return fault


def test_everything_that_is_frozen_today_may_be() -> None:
    found = list(licences.packages())
    assert {"pyside6-essentials", "zeroconf", "opencv-python-headless", "aiohttp"} <= {part.name for part in found}
    assert [part.fault for part in found if part.fault] == []


@pytest.mark.parametrize(
    "fields",
    [
        ("License-Expression: GPL-3.0-or-later",),
        ("License-Expression: MIT AND GPL-2.0-only",),
        ("License: AGPL-3.0",),
        ("Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)",),
        (
            "Classifier: License :: OSI Approved :: MIT License",
            "Classifier: License :: OSI Approved :: GNU General Public License v2 (GPLv2)",
        ),
        ("License: GPL-3.0-only", "Classifier: License :: OSI Approved :: MIT License"),
    ],
)
def test_a_package_under_the_gpl_alone_is_a_fault(installed: Path, fields: tuple[str, ...]) -> None:
    fault = make(installed, *fields)
    assert fault.startswith("madeup is under ")
    assert "GPL" in fault


@pytest.mark.parametrize(
    "fields",
    [
        (),
        ("License: see the web page",),
        ("Classifier: License :: Other/Proprietary License",),
        ("Classifier: License :: OSI Approved",),
    ],
)
def test_a_package_that_does_not_say_its_licence_is_a_fault(installed: Path, fields: tuple[str, ...]) -> None:
    assert make(installed, *fields) == "madeup does not say its licence"


@pytest.mark.parametrize(
    "fields",
    [
        ("License-Expression: LGPL-3.0-only OR GPL-2.0-only",),
        ("License-Expression: MIT AND (GPL-3.0-only OR Apache-2.0)",),
        ("License: Apache 2.0",),
        ("Classifier: License :: OSI Approved :: BSD License",),
    ],
)
def test_a_package_that_leaves_a_fine_choice_may_stay(installed: Path, fields: tuple[str, ...]) -> None:
    assert make(installed, *fields) == ""


def test_a_package_without_the_text_of_its_licence_is_a_fault(installed: Path) -> None:
    assert "brings no text" in make(installed, "License-Expression: MIT", text="")


@pytest.mark.parametrize("expression", ["", "MIT)", "MIT OR", "(MIT", "AND MIT"])
def test_what_is_no_expression_is_never_fine(expression: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        licences.is_fine(expression)


def test_a_gpl_library_of_the_system_is_a_fault_and_a_fine_one_is_not() -> None:
    paths = [Path("/usr/lib/x/libreadline.so.8"), Path("/usr/lib/x/libxcb-cursor.so.0"), Path("/usr/lib/x/libwho.so.1")]
    judged = {part.name: part.licence for part in licences.libraries(paths)}
    assert judged == {"libreadline.so.8": "GPL-3.0-or-later", "libxcb-cursor.so.0": "MIT", "libwho.so.1": ""}
    assert not licences.is_fine("GPL-3.0-or-later")


@pytest.mark.parametrize("name", ["libQt6VirtualKeyboard.so.6", "Qt6VirtualKeyboard.dll", "libQt6Quick3D.so.6"])
def test_a_module_of_qt_that_is_gpl_is_a_fault_wherever_it_lies(name: str) -> None:
    (part,) = licences.libraries([Path(sys.prefix, "lib", name)])
    assert part.fault


def test_the_window_s_modules_of_qt_and_what_packages_bring_are_no_fault() -> None:
    names = ("libQt6Core.so.6", "Qt6Widgets.dll", "libQt6XcbQpa.so.6", "libavcodec-abc.so.61", "cv2.abi3.so")
    assert list(licences.libraries(Path(sys.prefix, "lib", name) for name in names)) == []


def test_the_text_names_everything_and_holds_every_licence(tmp_path: Path) -> None:
    text = licences.write(tmp_path / "all.txt").read_text(encoding="utf-8")
    for part in licences.packages():
        assert f"\n{part.name} {part.version}" in text
    for wanted in (
        "GNU LESSER GENERAL PUBLIC LICENSE", "Version 3, 29 June 2007", "PYTHON SOFTWARE FOUNDATION LICENSE",
        "PaddleOCR", "FFmpeg", "Rachel Michetti", "Apache License",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_the_models_come_with_their_credits_and_the_text_of_their_licence() -> None:
    (models,) = [part for part in licences.parts() if part.name == "The models that look at pictures"]
    credited, licence = models.texts
    assert "efficientnet_lite3_int8.onnx" in credited
    assert "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION" in licence


def test_nothing_is_written_over_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"libreadline\.so\.8 is under GPL"):
        licences.write(tmp_path / "all.txt", [Path("/usr/lib/x/libreadline.so.8")])
    assert not (tmp_path / "all.txt").exists()
