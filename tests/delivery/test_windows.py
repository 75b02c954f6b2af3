"""The Windows packages, as far as Linux can tell: every path and text of the installer's script is there, the version
is the program's, and the portable zip is whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app import __version__, login_start, paths
from app.bootstrap import ROOT
from tests.delivery.inno import STANDARD_MESSAGES, read
from tests.delivery.tools import PACKAGING, script

ISS = PACKAGING / "windows" / "frame-backend.iss"
APP_ID = "{{6A2E0C0B-5E0B-4C39-9D0D-6B5F3C1B7A52}"
FRAME_BACKEND_WINDOW = re.compile(r'self\.setWindowTitle\(self\.tr\("([^"]+)"\)\)')
installer = read(ISS)


def body(name: str) -> str:
    """Of a procedure or a function of the script."""
    found = re.search(rf"^(?:procedure|function) {name}\b.*?^end;", installer.code, re.MULTILINE | re.DOTALL)
    assert found is not None, name
    return found[0]


# --- the installer's script --------------------------------------------------------------------------------------


def test_it_installs_for_one_user_and_upgrades_in_place() -> None:
    setup = installer.setup
    assert setup["AppId"] == APP_ID, "an upgrade would not find what is installed"
    assert setup["PrivilegesRequired"] == "lowest"
    assert setup["DefaultDirName"] == r"{autopf}\Frame Backend"
    assert setup["CloseApplications"] == "force", "closing the window may only hide it in the tray"
    assert setup["AppVersion"] == "{#Version}"
    assert setup["VersionInfoVersion"] == "{#Numbers}"


def test_what_it_takes_is_what_the_build_leaves() -> None:
    folder = (ISS.parent / installer.setup["SourceDir"].replace("\\", "/")).resolve()
    assert folder == Path(ROOT)
    (files,) = installer.entries["Files"]
    assert files["Source"] == r"dist\frame-backend\*"
    assert folder / "dist" == script("build").DIST
    assert {"recursesubdirs", "ignoreversion"} <= set(files["Flags"].split())
    assert installer.setup["OutputDir"] == "dist"


def test_whatever_it_starts_or_shows_is_the_program() -> None:
    program = r"{app}\frame-backend.exe"
    assert installer.setup["UninstallDisplayIcon"] == program
    for section in ("Icons", "Run"):
        assert {entry["Filename"] for entry in installer.entries[section]} == {program}
    assert {entry["Name"] for entry in installer.entries["InstallDelete"]} == {r"{app}\_internal"}


def test_what_asks_for_more_is_unticked_and_every_task_is_known() -> None:
    tasks = {entry["Name"]: entry["Flags"] for entry in installer.entries["Tasks"]}
    assert tasks == {"desktopicon": "unchecked", "firewall": "unchecked"}
    used = {entry["Tasks"] for entries in installer.entries.values() for entry in entries if "Tasks" in entry}
    used |= set(re.findall(r"WizardIsTaskSelected\('(\w+)'\)", installer.code))
    assert used == set(tasks)


def test_every_text_is_there_in_both_languages() -> None:
    languages = {entry["Name"] for entry in installer.entries["Languages"]}
    assert languages == set(installer.messages) == {"en", "de"}
    text = ISS.read_text(encoding="utf-8-sig")
    used = set(re.findall(r"\{cm:(\w+)", text)) | set(re.findall(r"CustomMessage\('(\w+)'\)", text))
    for language, messages in installer.messages.items():
        assert set(messages) == used - STANDARD_MESSAGES, language
        assert all(messages.values()), language
    for name, said in installer.messages["en"].items():
        assert said.count("&") == installer.messages["de"][name].count("&"), name


def test_umlauts_survive_the_compiler() -> None:
    assert ISS.read_bytes().startswith(b"\xef\xbb\xbf"), "without the mark the compiler may take it for ANSI"


def test_the_firewall_is_opened_on_private_networks_for_the_program_alone_and_closed_again() -> None:
    assert "-Profile Private -RemoteAddress LocalSubnet -Program $program" in installer.code
    assert "Get-NetFirewallRule -Group ''Frame Backend''" in installer.code
    assert "-Profile Any" not in installer.code
    assert "'runas'" in installer.code
    uninstalling = installer.code.split("procedure CurUninstallStepChanged")[1]
    assert "CloseFirewall" in uninstalling


def test_data_go_only_when_the_box_was_ticked_and_are_those_of_the_program() -> None:
    assert rf"DataFolder = '{{localappdata}}\{paths.APP_NAME}';" in installer.code
    assert installer.code.count("DelTree(") == 1
    assert "if (CurUninstallStep = usPostUninstall) and DeleteData then\n    DelTree(" in installer.code
    asked = body("AskAboutData")
    assert "MB_YESNO or MB_DEFBUTTON2) = IDYES" in asked, "it is No for whoever only presses Enter"
    assert "if not UninstallSilent then\n      AskAboutData;" in body("CurUninstallStepChanged")
    assert "UninstallDelete" not in installer.entries


def test_an_upgrade_changes_nothing_before_the_program_has_ended() -> None:
    """[InstallDelete] comes after PrepareToInstall, which ends Setup by what it returns."""
    assert "EndRunning;\n  if IsRunning then\n    Result := CustomMessage('StillRunning')" in body("PrepareToInstall")


def test_the_program_is_asked_before_it_is_ended_and_there_are_two_ways_to_end_it() -> None:
    steps = ["AskToEnd;", "Exit;", "if not TerminateAll then", r"{sys}\taskkill.exe", "WaitForEnd("]
    places = [body("EndRunning").index(step) for step in steps]
    assert places == sorted(places)
    assert "/F /T /IM frame-backend.exe /IM frame-backend-cli.exe" in body("EndRunning")
    assert "Result := False" in body("TerminateAll").split("except")[1]
    window = FRAME_BACKEND_WINDOW.search((Path(ROOT) / "app/ui/shell/main_window.py").read_text(encoding="utf-8"))
    assert window is not None
    assert f"FindWindowByWindowName('{window[1]}')" in body("AskToEnd")
    assert "PostMessage(Window, WmEndSession, 1," in body("AskToEnd"), "one that hangs must not hold Setup"


def test_uninstall_asks_once_whether_to() -> None:
    """It does so by itself, after InitializeUninstall."""
    assert "InitializeUninstall" not in installer.code
    assert "CreateCustomForm" not in installer.code
    assert installer.code.count(" MsgBox(") == 1


def test_starting_at_login_is_left_alone_and_taken_back() -> None:
    (value,) = installer.entries["Registry"]
    assert value["Root"] == "HKCU"
    assert value["Subkey"] == login_start._RUN_KEY
    assert value["ValueName"] == login_start.NAME
    assert value["ValueType"] == "none"
    assert set(value["Flags"].split()) == {"dontcreatekey", "uninsdeletevalue"}


def test_the_code_s_blocks_are_closed() -> None:
    code = re.sub(r"'(?:[^'\n]|'')*'|\{[^}]*\}", "", installer.code)  # without strings and comments
    opened = re.findall(r"\b(?:begin|try|case)\b", code)
    assert len(opened) == len(re.findall(r"\bend\b", code)) > 10
    assert code.count("(") == code.count(")")


# --- its call, the version resource ------------------------------------------------------------------------------


def test_the_compiler_gets_the_program_s_version() -> None:
    words = script("windows/installer").command("ISCC.exe")
    assert f"/DVersion={__version__}" in words
    assert any(re.fullmatch(r"/DNumbers=\d+\.\d+\.\d+\.\d+", word) for word in words)
    assert words[-1] == str(ISS)
    assert not any("sign" in word.lower() for word in words)
    signed = script("windows/installer").command("ISCC.exe", "ABCD")
    assert "/DSign" in signed
    assert any("/sha1 ABCD" in word for word in signed)


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("1.2.3", (1, 2, 3, 0)), ("0.1.0rc2", (0, 1, 0, 0)), ("2.0", (2, 0, 0, 0)), ("1.2.3.4.5", (1, 2, 3, 4))],
)
def test_a_version_becomes_four_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert script("windows/version_info").numbers(version) == numbers


def test_the_version_resource_is_in_pyinstaller_s_notation(tmp_path: Path) -> None:
    """PyInstaller evaluates it with these names and takes it apart as it is called here."""

    def keep(*words: Any, **named: Any) -> tuple[Any, ...]:
        return (*words, named) if named else words

    kinds = ("VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct", "VarFileInfo")
    file = script("windows/version_info").write(tmp_path / "build" / "version_info.txt")
    (whole,) = eval(file.read_text(encoding="utf-8"), dict.fromkeys((*kinds, "VarStruct"), keep))
    strings = dict(whole["kids"][0][0][0][1])
    assert strings["ProductVersion"] == strings["FileVersion"] == __version__
    assert strings["OriginalFilename"] == "frame-backend.exe"
    assert strings["FileDescription"] == "Frame Backend"
    assert whole["ffi"][0]["filevers"] == script("windows/version_info").numbers(__version__)


# --- the portable zip --------------------------------------------------------------------------------------------


def test_every_text_lies_in_the_repository_with_one_kind_of_line_ends() -> None:
    """Whatever .gitattributes says of the checkout: else every clone would begin with changes."""
    if not (Path(ROOT) / ".git").exists():
        pytest.skip("no clone")
    command = ["git", "ls-files", "--eol"]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [line for line in lines if line.startswith(("i/crlf", "i/mixed")) and "attr/-text" not in line] == []


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "frame-backend"
    (folder / "_internal" / "PySide6").mkdir(parents=True)
    (folder / "frame-backend.exe").write_bytes(b"MZ")
    (folder / "_internal" / "PySide6" / "Qt6Core.dll").write_bytes(b"MZ" * 1000)
    return folder


def test_the_portable_zip_is_one_folder_with_a_starter_that_keeps_the_data_in_it(built: Path, tmp_path: Path) -> None:
    file = script("windows/portable").make(built, tmp_path / "dist")
    assert file.name == f"frame-backend-{__version__}-windows-x86_64-portable.zip"
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {
            "Frame Backend/frame-backend.exe", "Frame Backend/_internal/PySide6/Qt6Core.dll",
            "Frame Backend/Frame Backend (portable).cmd",
        }  # fmt: skip
        starter = archive.read("Frame Backend/Frame Backend (portable).cmd").decode("ascii")
    assert '"%~dp0frame-backend.exe" --data-dir "%~dp0data"' in starter
    assert starter.endswith("\r\n")


def test_the_same_folder_gives_the_same_zip(built: Path, tmp_path: Path) -> None:
    portable = script("windows/portable")
    one = portable.make(built, tmp_path / "one").read_bytes()
    os.utime(built / "frame-backend.exe", (1, 1))
    assert portable.make(built, tmp_path / "two").read_bytes() == one


def test_a_folder_that_is_no_build_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"holds no frame-backend\.exe"):
        script("windows/portable").make(tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_scripts_leave_the_search_path_alone() -> None:
    """They are imported by the tests above; `packaging` must stay the library of that name."""
    import packaging.requirements

    assert "site-packages" in str(packaging.requirements.__file__)
    assert str(PACKAGING) not in sys.path
