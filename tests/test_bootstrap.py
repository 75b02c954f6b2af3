"""The way from a fresh checkout to a running program, with real environments and the real pip, but tiny wheels.

Each test has a checkout of its own with a stand-in `app/__main__.py` and a lock of four one-file packages; the only
index is a folder of wheels made here.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from app import bootstrap

PACKAGES = {"core": "tinycore", "window": "tinywindow", "reader": "tinyreader", "test": "tinytest"}
DROPPED = ("PIP_", "FRAME_BACKEND_", "PYTHONDONTWRITEBYTECODE")  # the last adds a second of compiling to each install
PIP = next(Path(bootstrap.ROOT, "packaging").glob("pip-*.whl"))
MAIN = """\
from app import bootstrap
import json, os, sys
bootstrap.ensure(tuple(os.environ["GROUPS"].split()))
from importlib.util import find_spec
print(json.dumps({
    "prefix": sys.prefix,
    "arguments": sys.argv[1:],
    "modules": [name for name in sorted(os.environ["MODULES"].split()) if find_spec(name)],
    "window": bootstrap.available("window"),
    "sentence": bootstrap.missing_sentence("window"),
    "entering": bootstrap.ENTERING in os.environ,
}))
"""


class Checkout:
    """A tree of files that is started as `python -m app`; what it printed is read back."""

    def __init__(self, root: Path, pip: Path) -> None:
        self.root, self.wheels = root / "tree", root / "wheels"
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(DROPPED)},
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_FIND_LINKS": str(self.wheels),
            "PIP_NO_INDEX": "1",
            "PIP_NO_CACHE_DIR": "1",
            "GROUPS": "core window",
            "MODULES": " ".join(PACKAGES.values()),
        }
        for folder in (self.root / "app", self.root / "packaging", self.wheels):
            folder.mkdir(parents=True)
        for name in ("__init__.py", "bootstrap.py"):
            shutil.copy(Path(bootstrap.ROOT, "app", name), self.root / "app")
        (self.root / "app" / "__main__.py").write_text(MAIN)
        if pip.is_dir():
            (self.root / "packaging" / pip.name).symlink_to(pip)
        else:
            shutil.copy(pip, self.root / "packaging")
        self.lock({group: make_wheel(self.wheels, name) for group, name in PACKAGES.items()})

    def lock(self, wheels: dict[str, Path]) -> None:
        lines = []
        for group, wheel in wheels.items():
            name, version = wheel.name.split("-")[:2]
            digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
            lines.append(f"\n# group: {group}\n{name}=={version} \\\n    --hash=sha256:{digest}\n")
        (self.root / "packaging" / "requirements.lock").write_text("".join(lines))

    def begin(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        # The Python that made the tests' own environment, as a person would start it.
        python = getattr(sys, "_base_executable", sys.executable)
        return subprocess.Popen(
            [python, "-m", "app", *arguments],
            cwd=self.root,
            env={**self.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self, *arguments: str, **environ: str) -> tuple[dict[str, object], str]:
        """What the program printed, and what bootstrap said on standard error."""
        process = self.begin(*arguments, **environ)
        output, said = process.communicate(timeout=100)
        assert process.returncode == 0, said
        return json.loads(output), said

    def fail(self, **environ: str) -> str:
        process = self.begin(**environ)
        output, said = process.communicate(timeout=100)
        assert (process.returncode, output) == (1, "")
        return said

    @property
    def folder(self) -> Path:
        (folder,) = (path for path in (self.root / ".venv").iterdir() if path.is_dir())
        return folder

    def stamp(self) -> list[list[str]]:
        return [line.split("\t") for line in (self.folder / "stamp").read_text().splitlines()[1:]]

    def change_stamp(self, *groups: list[str]) -> None:
        path = self.folder / "stamp"
        lock = path.read_text().splitlines()[0]
        path.write_text("\n".join([lock, *("\t".join(group) for group in groups)]))


def make_wheel(folder: Path, name: str, version: str = "1.0", platform: str = "any") -> Path:
    path = folder / f"{name}-{version}-py3-none-{platform}.whl"
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-{platform}\n",
    }
    record = [f"{file},sha256={_digest(text)},{len(text)}" for file, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return path


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def pip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real pip, unpacked: out of its wheel Python compiles it at every start, which takes a second."""
    folder = tmp_path_factory.mktemp("pip") / PIP.name
    with zipfile.ZipFile(PIP) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def checkout(tmp_path: Path, pip: Path) -> Checkout:
    return Checkout(tmp_path, pip if sys.platform != "win32" else PIP)


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} never came"
        time.sleep(0.01)


# ---- a start --------------------------------------------------------------------------------------------------------


def test_a_fresh_checkout_installs_once_and_passes_its_arguments_on(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path, PIP)
    told, said = checkout.start("--headless", "two words", "", GROUPS="core window reader")
    assert told["modules"] == ["tinycore", "tinyreader", "tinywindow"]
    assert told["arguments"] == ["--headless", "two words", ""]
    assert told["prefix"] == str(checkout.folder)
    assert told["entering"] is False
    assert "Installing core" in said
    again, silence = checkout.start(GROUPS="core window reader")
    assert (again["prefix"], silence) == (told["prefix"], "")


def test_foreign_packages_stay_outside(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "tinytest.py").touch()
    told, _ = checkout.start(PYTHONPATH=str(tmp_path / "foreign"), PIP_USER="1", PIP_TARGET=str(tmp_path / "target"))
    assert told["modules"] == ["tinycore", "tinywindow"]


def test_switched_off_it_does_nothing(checkout: Checkout) -> None:
    told, said = checkout.start(FRAME_BACKEND_NO_BOOTSTRAP="1")
    assert (told["modules"], said) == ([], "")
    assert not (checkout.root / ".venv").exists()


def test_another_lock_gets_another_folder_and_the_old_one_stays(checkout: Checkout) -> None:
    checkout.start()
    old = checkout.folder
    checkout.lock({"core": make_wheel(checkout.wheels, "tinycore", "2.0")})
    told, _ = checkout.start(GROUPS="core")
    assert told["prefix"] != str(old)
    assert (old / "stamp").exists()


def test_an_environment_that_does_not_work_is_not_entered_for_ever(checkout: Checkout) -> None:
    checkout.start(GROUPS="core")
    (checkout.folder / "pyvenv.cfg").unlink()  # its Python no longer knows that it is one
    assert "does not work: remove it" in checkout.fail(GROUPS="core")


# ---- cut short ------------------------------------------------------------------------------------------------------


def test_without_a_stamp_the_folder_is_made_anew(checkout: Checkout) -> None:
    checkout.start()
    (checkout.folder / "stamp").unlink()
    (checkout.folder / "rubbish").touch()
    told, said = checkout.start()
    assert told["modules"] == ["tinycore", "tinywindow"]
    assert "cut short" in said
    assert not (checkout.folder / "rubbish").exists()


@pytest.mark.parametrize("stamp", ["", "\n", "another lock\ncore\t1\t", "LOCK", "LOCK\nwindow\t1\t", "LOCK\ncore"])
def test_a_stamp_that_says_nothing_or_something_else_counts_as_none(tmp_path: Path, stamp: str) -> None:
    (tmp_path / "stamp").write_text(stamp.replace("LOCK", bootstrap._lock_hash()))
    assert bootstrap._stamp(str(tmp_path)) == {}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("moment", ["core.txt", "stamp", "window.txt"])
def test_killed_at_any_moment_the_next_start_mends_it(checkout: Checkout, moment: str) -> None:
    process = checkout.begin()
    venvs = checkout.root / ".venv"
    deadline = time.monotonic() + 30
    while not any(venvs.glob(f"*/{moment}")) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    told, _ = checkout.start()
    assert told["modules"] == ["tinycore", "tinywindow"]
    assert [(group, error) for group, _, error in checkout.stamp()] == [("core", ""), ("window", "")]


def test_a_group_comes_later_and_over_its_own_remains(checkout: Checkout) -> None:
    checkout.start()
    site = next(checkout.folder.rglob("tinycore.py")).parent
    (site / "tinytest.py").write_text("cut sho")
    (site / "tinytest-1.0.dist-info").mkdir()
    (site / "tinytest-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: tinytest\nVersion: 1.0\n")
    _, said = checkout.start(GROUPS="core window test")
    assert "Installing test" in said
    assert "Installing core" not in said
    assert (site / "tinytest.py").read_text() == "VERSION = '1.0'\n"


def test_unfinished_environments_of_others_are_swept_away(checkout: Checkout) -> None:
    (checkout.root / ".venv" / "0123456789abcdef").mkdir(parents=True)
    checkout.start(GROUPS="core")
    assert checkout.folder.name != "0123456789abcdef"


# ---- two at once ----------------------------------------------------------------------------------------------------


def test_two_starts_at_once_install_once(checkout: Checkout) -> None:
    processes = [checkout.begin() for _ in range(2)]
    said = [process.communicate(timeout=100)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    assert sum("Installing core" in text for text in said) == 1
    assert sum("waiting for it" in text for text in said) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and SIGSTOP")
def test_a_killed_start_leaves_the_lock_to_its_pip(checkout: Checkout) -> None:
    first = checkout.begin()
    wait_for(checkout.root / ".venv")
    while not (children := _children(first.pid)):
        assert first.poll() is None
    pip = children[0]
    os.kill(pip, signal.SIGSTOP)
    first.kill()
    first.communicate()
    second = checkout.begin()
    assert second.stderr is not None
    assert "waiting for it" in second.stderr.readline()
    os.kill(pip, signal.SIGCONT)
    output, _ = second.communicate(timeout=100)
    assert json.loads(output)["modules"] == ["tinycore", "tinywindow"]


def _children(pid: int) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(pid).children()]


# ---- a group that cannot be installed -------------------------------------------------------------------------------


def without(checkout: Checkout, group: str) -> None:
    next(checkout.wheels.glob(f"{PACKAGES[group]}-*")).unlink()


def test_without_a_window_the_program_runs_and_says_so_once(checkout: Checkout) -> None:
    without(checkout, "window")
    told, said = checkout.start(GROUPS="core window reader")
    assert told["modules"] == ["tinycore", "tinyreader"]
    assert told["window"] is False
    assert "there is no tinywindow for this Python and platform" in str(told["sentence"])
    assert str(told["sentence"]) in said
    assert checkout.start(GROUPS="core window reader")[1] == ""


def test_after_a_day_it_is_tried_again(checkout: Checkout) -> None:
    without(checkout, "window")
    checkout.start()
    make_wheel(checkout.wheels, PACKAGES["window"])
    core, (group, at, error) = checkout.stamp()
    checkout.change_stamp(core, [group, str(float(at) - bootstrap.RETRY_AFTER_S - 1), error])
    # The archive's time stamps differ, so its hash may: what counts is that it was tried.
    assert "Installing window" in checkout.start()[1]


def test_without_core_it_ends_with_one_sentence_that_names_the_log(checkout: Checkout) -> None:
    without(checkout, "core")
    last = checkout.fail().splitlines()[-1]
    log = re.search(r"pip's own words: (.+)$", last)
    assert "there is no tinycore for this Python and platform" in last
    assert log
    assert "No matching distribution" in Path(log[1]).read_text()


def test_a_file_that_is_not_the_locked_one_is_refused(checkout: Checkout) -> None:
    wheel = next(checkout.wheels.glob("tinycore-*"))
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("extra.py", "")
    assert "not the file the lock names" in checkout.fail()


def test_an_index_that_cannot_be_reached_is_named_as_such(checkout: Checkout) -> None:
    for wheel in checkout.wheels.iterdir():
        wheel.unlink()
    said = checkout.fail(PIP_NO_INDEX="", PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="1")
    assert "the package index cannot be reached" in said


# ---- the real lock --------------------------------------------------------------------------------------------------


def test_the_lock_is_complete_and_says_nothing_of_where_it_was_made() -> None:
    text = Path(bootstrap.LOCK).read_text(encoding="utf-8")
    groups = bootstrap.lock_groups()
    assert list(groups) == ["core", "window", "reader", "test"]
    assert "://" not in text
    assert "opencv-python==" not in text
    for entry in (entry for entries in groups.values() for entry in entries):
        assert re.match(r"[a-z0-9-]+==[^ ;\\]+", entry), entry
        assert "--hash=sha256:" in entry


def test_each_package_stands_in_one_group_and_qt_below_the_release_that_aborts() -> None:
    names = {group: {entry.split("==")[0] for entry in entries} for group, entries in bootstrap.lock_groups().items()}
    assert sum(map(len, names.values())) == len(set.union(*names.values()))
    assert names["window"] >= {"pyside6-essentials", "qasync"}
    assert names["reader"] >= {"rapidocr", "onnxruntime", "zxing-cpp", "opencv-python-headless"}
    (qt,) = (entry for entry in bootstrap.lock_groups()["window"] if entry.startswith("pyside6-essentials=="))
    version = tuple(int(part) for part in qt.split("==")[1].split()[0].split(".")[:2])
    assert (6, 10) <= version < (6, 12)


# ---- what the application asks --------------------------------------------------------------------------------------


def test_the_apt_line_can_be_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "is_root", lambda: False)
    line = bootstrap.apt_line(["libegl1", "libgl1"])
    assert line == "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 libgl1"


@pytest.mark.skipif(sys.platform != "linux", reason="system libraries")
def test_a_missing_library_is_told_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "QT_LIBRARIES", {"libc.so.6": "libc6", "libnowhere.so.9": "libnowhere9"})
    assert bootstrap.missing_qt_libraries() == ["libnowhere9"]


def test_frozen_nothing_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(bootstrap, "environment", lambda: pytest.fail("looked for an environment"))
    bootstrap.ensure()
    assert bootstrap.available("window")
