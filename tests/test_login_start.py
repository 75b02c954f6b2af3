"""Starting at login: the system's own entry, quoted as the system reads it, off until somebody switches it on."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from app import login_start
from app.bootstrap import ROOT
from app.cli.arguments import parse
from app.login_start import AutostartFile, Command, LoginStartRefused, Nowhere, RunValue, desktop_quoted, run_line

NASTY = ["plain", "with space", 'quo"te', "dollar$HOME", "back\\slash", "tick`id`", "100%", "ümlaut", "semi;colon", ""]


def exec_words(entry: str) -> list[str]:
    """As the Desktop Entry Specification has it: the value unescaped, split by its quotes, then its field codes."""
    (line,) = [line.removeprefix("Exec=") for line in entry.splitlines() if line.startswith("Exec=")]
    value = re.sub(r"\\(.)", lambda match: {"s": " ", "n": "\n", "t": "\t", "r": "\r"}.get(match[1], match[1]), line)
    words = re.findall(r'"((?:[^"\\`$]|\\["`$\\])*)"|([^\s"]+)', value)
    assert re.sub(r'"(?:[^"\\`$]|\\["`$\\])*"|[^\s"]+', "", value).strip() == "", "something is not quoted"
    return [(re.sub(r"\\(.)", r"\1", quoted) or plain).replace("%%", "%") for quoted, plain in words]


@pytest.fixture
def entry(tmp_path: Path) -> AutostartFile:
    return AutostartFile(tmp_path / "config/autostart/frame-backend.desktop", Command(("/bin/true", *NASTY)))


def test_it_is_off_and_looking_makes_nothing(entry: AutostartFile, tmp_path: Path) -> None:
    assert not entry.is_on()
    assert list(tmp_path.iterdir()) == []


def test_on_and_off_again(entry: AutostartFile, tmp_path: Path) -> None:
    entry.set_on(True)
    assert entry.is_on()
    assert [path.name for path in (tmp_path / "config/autostart").iterdir()] == ["frame-backend.desktop"]
    entry.set_on(False)
    entry.set_on(False)
    assert not entry.is_on()
    assert list((tmp_path / "config/autostart").iterdir()) == []


def test_every_word_arrives_as_it_is(entry: AutostartFile, tmp_path: Path) -> None:
    entry.set_on(True)
    text = (tmp_path / "config/autostart/frame-backend.desktop").read_text(encoding="utf-8")
    assert exec_words(text) == ["/bin/true", *NASTY]
    assert desktop_quoted("/opt/frame-backend") == "/opt/frame-backend"
    assert desktop_quoted("a$b") == '"a\\\\$b"'


def test_the_file_is_one_that_desktops_take(entry: AutostartFile, tmp_path: Path) -> None:
    AutostartFile(tmp_path / "a.desktop", Command(("/bin/true",), tmp_path / "with space")).set_on(True)
    lines = (tmp_path / "a.desktop").read_text(encoding="utf-8").splitlines()
    assert lines[:4] == ["[Desktop Entry]", "Type=Application", "Name=Frame Backend", "Exec=/bin/true"]
    assert f"Path={tmp_path}/with space" in lines


@pytest.mark.parametrize("line", ["Hidden=true", "Hidden = True", "X-GNOME-Autostart-enabled=false"])
def test_what_the_desktops_own_switch_turned_off_is_off(entry: AutostartFile, tmp_path: Path, line: str) -> None:
    entry.set_on(True)
    path = tmp_path / "config/autostart/frame-backend.desktop"
    path.write_text(path.read_text(encoding="utf-8").replace("X-GNOME-Autostart-enabled=true", line), encoding="utf-8")
    assert not entry.is_on()
    entry.set_on(True)
    assert entry.is_on()


def test_what_the_system_refuses_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where a folder must be", encoding="utf-8")
    entry = AutostartFile(tmp_path / "config/autostart/frame-backend.desktop", Command(("/bin/true",)))
    with pytest.raises(LoginStartRefused, match=r"^The system's list .* cannot be changed: .*\.$"):
        entry.set_on(True)
    assert not entry.is_on()


def test_an_appimage_starts_itself_and_not_what_it_unpacked() -> None:
    command = Command.of_this_program(None, {"APPIMAGE": "/home/ann/My Apps/Frame.AppImage"})
    assert command == Command(("/home/ann/My Apps/Frame.AppImage", "--hidden"))


def test_a_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert Command.of_this_program(None, {}) == Command((sys.executable, "--hidden"))


def test_a_checkout_starts_where_it_lies_and_with_its_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", "/an/environment/of/ones/own")  # the tests may run in ours
    command = Command.of_this_program(Path("/data/ann"), {})
    assert command.words == (sys.executable, "-m", "app", "--data-dir", "/data/ann", "--hidden")
    assert command.folder == Path(ROOT)
    args = parse(list(command.words[3:]))
    assert (args.hidden, args.data_dir) == (True, Path("/data/ann"))


def test_from_our_own_environment_the_python_that_makes_it_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", f"{ROOT}/.venv/0123456789abcdef")
    monkeypatch.setattr(sys, "_base_executable", "/usr/bin/python3.11")
    assert Command.of_this_program(None, {}).words[0] == "/usr/bin/python3.11"


@pytest.mark.parametrize("given", ["", "relative/folder"])
def test_the_folder_is_where_the_specification_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    login_start.login_start(None, {"XDG_CONFIG_HOME": given}).set_on(True)
    assert (tmp_path / ".config/autostart/frame-backend.desktop").exists()
    login_start.login_start(None, {"XDG_CONFIG_HOME": f"{tmp_path}/xdg"}).set_on(True)
    assert (tmp_path / "xdg/autostart/frame-backend.desktop").exists()


# --- Windows ---------------------------------------------------------------------------------------------------------


class Registry(SimpleNamespace):
    """As much of ``winreg`` as is used, over a dictionary."""

    HKEY_CURRENT_USER, REG_SZ = "HKCU", 1

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.opened: list[tuple[str, str]] = []
        self.refuses = False

    def OpenKey(self, root: str, path: str) -> Registry:  # noqa: N802
        self.opened.append((root, path))
        return self

    CreateKey = OpenKey

    def __enter__(self) -> Registry:
        if self.refuses:
            raise PermissionError(13, "Access is denied")
        return self

    def __exit__(self, *_: object) -> None: ...

    def QueryValueEx(self, key: object, name: str) -> tuple[str, int]:  # noqa: N802
        if name not in self.values:
            raise FileNotFoundError(2, name)
        return self.values[name], self.REG_SZ

    def SetValueEx(self, key: object, name: str, _: int, kind: int, value: str) -> None:  # noqa: N802
        self.values[name] = value

    def DeleteValue(self, key: object, name: str) -> None:  # noqa: N802
        if self.values.pop(name, None) is None:
            raise FileNotFoundError(2, name)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    made = Registry()
    monkeypatch.setitem(sys.modules, "winreg", made)  # type: ignore[arg-type]
    return made


def test_windows_has_it_in_the_users_own_part_of_the_registry(registry: Registry) -> None:
    value = RunValue(Command(("C:\\Program Files\\Frame\\frame.exe", "--hidden")))
    assert not value.is_on()
    value.set_on(True)
    assert value.is_on()
    assert registry.values == {"Frame Backend": '"C:\\Program Files\\Frame\\frame.exe" --hidden'}
    assert set(registry.opened) == {("HKCU", r"Software\Microsoft\Windows\CurrentVersion\Run")}
    value.set_on(False)
    value.set_on(False)
    assert not value.is_on()


def test_what_windows_refuses_is_one_sentence(registry: Registry) -> None:
    registry.refuses = True
    value = RunValue(Command(("frame.exe",)))
    assert not value.is_on()
    with pytest.raises(LoginStartRefused, match="Access is denied"):
        value.set_on(True)


def test_the_line_of_a_checkout_runs_from_any_folder(tmp_path: Path) -> None:
    folder = tmp_path / "with space and 'quotes'"
    (folder / "thing").mkdir(parents=True)
    (folder / "thing/__main__.py").write_text("import sys; print(__name__, *sys.argv[1:])", encoding="utf-8")
    line = run_line(Command((sys.executable, "-m", "thing", "--data-dir", "a b"), folder))
    words = shlex.split(line.replace("\\", "\\\\").replace('\\\\"', '\\"'))
    assert words[3:] == ["--data-dir", "a b"]
    ran = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["__main__", "--data-dir", "a", "b"]


def test_elsewhere_it_is_off_and_says_so_when_switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "sunos5")
    start = login_start.login_start()
    assert isinstance(start, Nowhere)
    assert not start.is_on()
    start.set_on(False)
    with pytest.raises(LoginStartRefused, match="not known"):
        start.set_on(True)
