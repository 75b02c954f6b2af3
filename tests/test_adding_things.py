"""What the README promises of adding things: a copy of the program is given one of each, has it, and tells its price.

A provider, a tab or an endpoint is one file and its line, a setting or an event one declaration, a column one field and
its migration.
"""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COPIED = (
    "app",
    "tests",
    "resources/icons",
    "resources/translations",
    "resources/style",
    "resources/page",
    "pyproject.toml",
)

PROVIDER = '''"""A vendor of the test."""

from app.providers.dialect_openai import OpenAIProvider
from app.providers.vendor import ProviderVendor

VENDOR = ProviderVendor(
    name="parrot", label="Parrot", dialect=OpenAIProvider, base_url="https://parrot.example/v1", model="parrot-1",
    key_variable="PARROT_API_KEY",
)
'''
TAB = '''"""A tab of the test."""

from PySide6.QtWidgets import QLabel, QVBoxLayout

from app.core.events import SunRisen
from app.ui.tab import Tab


class WeatherTab(Tab):
    name = "weather"
    title = "Weather"

    def __init__(self, services, bridge):
        super().__init__(services, bridge)
        self.said = QLabel(self)
        QVBoxLayout(self).addWidget(self.said)
        bridge.on(SunRisen, lambda event: self.said.setText(event.where), self)
'''
ENDPOINT = '''"""An endpoint of the test."""

from app.server import context_keys
from app.server.endpoint import Endpoint
from app.server.wire.responses import text_reply


async def weather(request):
    return text_reply(str(request.app[context_keys.STORE].settings.integer("weather.most_clouds")))


ENDPOINTS = (Endpoint("GET", "/weather", weather, "How is it?", who="anyone", limit=None, media="text/plain"),)
'''
EVENT = '''@dataclass(frozen=True, slots=True)
class SunRisen(Event):
    """An event of the test."""

    where: str


'''
SETTING = """    Setting("weather.most_clouds", 3, "Clouds", "How many clouds at most.", 0, 8),
"""
FIELD = """    loudness: float | None = column(lambda end: len(end.frame.upload) / 4, title="Loudness", report=ALL)
"""
MIGRATION = '    lambda session: session.sql("ALTER TABLE frame ADD COLUMN loudness REAL") and None,\n'

ADDED: dict[str, tuple[dict[str, str], dict[str, list[tuple[str, str]]]]] = {
    "provider": (
        {"app/providers/parrot.py": PROVIDER},
        {"app/providers/__init__.py": [(r"import chatgpt, custom, deepseek, gemini(), qwen", ", parrot"),
                                       (r"    chatgpt\.VENDOR,\n()", "    parrot.VENDOR,\n")]},
    ),
    "tab": (
        {"app/ui/weather/__init__.py": '"""A room of the test."""\n', "app/ui/weather/tab.py": TAB},
        {"app/ui/tabs.py": [(r"from app\.ui\.tab import Tab\n()", "from app.ui.weather.tab import WeatherTab\n"),
                            (r"    LogTab,\n()", "    WeatherTab,\n")]},
    ),
    "endpoint": (
        {"app/server/handlers/weather.py": ENDPOINT},
        {"app/server/handlers/__init__.py": [(r"import auth, docs, frames, health, profiles, prompts()", ", weather"),
                                             (r"    \*docs\.ENDPOINTS,\n()", "    *weather.ENDPOINTS,\n")]},
    ),
    "setting": ({}, {"app/core/settings.py": [(r'\n()    Setting\("network\.port"', SETTING)]}),
    "event": ({}, {"app/core/events.py": [(r"\n()Published = TypeVar", EVENT)]}),
    "column": (
        {},
        {"app/store/history/columns.py": [(r"()    client_ip: str", FIELD)],
         "app/store/database/migrations.py": [(r"(?ms)^MIGRATIONS: .*?^()\)$", MIGRATION)]},
    ),
}  # fmt: skip
"""For each kind of thing the files it brings, and in others the places (an empty group) where its line goes."""

IN_THE_WINDOW = """
import asyncio, threading
from argparse import Namespace

from app.cli.report_commands import report
from app.core.events import SunRisen
from app.core.frame import Answer, Frame
from app.store import Filter
from app.ui.activity.exports import Job, export
from app.ui.activity.tab import ActivityTab
from app.ui.settings.tab import SettingsTab
from app.ui.weather.tab import WeatherTab
from PySide6.QtCore import Qt


def test_all_of_it_is_there(play, stage, tmp_path):
    async def scene():
        async with stage("alice", tab="weather") as on:
            store = on.services.store
            on.bus.publish(SunRisen("in the east"))
            await asyncio.sleep(0.3)
            assert on.tab(WeatherTab).said.text() == "in the east"
            assert "weather.most_clouds" in on.tab(SettingsTab).rows
            frame = Frame("f1", store.profiles.get("alice"), "What?", b"upload")
            await store.activity.record(frame, None, Answer("A mug.", "A mug.", "ok", "gemini"), 800)
            page = await store.activity.listed(Filter())
            assert ((await store.activity.frame("f1")).loudness, page.frames[0].loudness) == (1.5, 1.5)
            model = on.tab(ActivityTab).lines
            model.show_page(page)
            head = Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole
            titles = [model.headerData(at, *head) for at in range(model.columnCount())]
            assert model.index(1, titles.index("Loudness")).data() == "1.5"
            for form, told in (("csv", b",1.5,"), ("html", b"<td>1.5</td>"), ("pdf", b"%PDF")):
                path = tmp_path / f"frames.{form}"
                await export(store.activity, Job(form, path, Filter(), "", "", str, threading.Event()), lambda _: None)
                assert told in path.read_bytes()
            for form in ("json", "csv", "html"):
                told = await report(store, Namespace(name="alice", limit=0, format=form))
                assert "loudness" in "".join(told.lines)

    play(scene())
"""
IN_THE_SERVER = """
import asyncio, json, sys
from pathlib import Path

import aiohttp

from app.application import Application
from app.paths import DataFolder


async def look():
    application = Application(DataFolder(Path(sys.argv[1])), host="127.0.0.1", port=0)
    await application.open()
    try:
        await application.server.start()
        await application.store.profiles.add("alice", "a-key-of-alice")
        async with aiohttp.ClientSession(application.server.bound_url) as session:
            await session.post("/auth-a-key-of-alice")
            async with session.get("/weather") as reply:
                assert (reply.status, await reply.text()) == (200, "3")
            async with session.get("/openapi.json") as reply:
                described = await reply.json()
            assert "/weather" in described["paths"]
            assert "parrot_api_key" in json.dumps(described)
            keys = {"username": "alice", "api_keys": {"parrot_api_key": "a-key-of-parrot"}}
            async with session.post("/profile", json=keys) as reply:
                assert "parrot" in (await reply.json())["providers"], await reply.text()
        names = [config.name for config in application.store.providers.all()]
        assert names.index("parrot") == names.index("chatgpt") + 1
        assert application.providers.get("parrot").config.model == "parrot-1"
    finally:
        await application.close()


asyncio.run(look())
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program with one more of each."""
    folder = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.jsonl", "databases")
            )
        else:
            shutil.copy(ROOT / name, folder / name)
    for files, changes in ADDED.values():
        for name, text in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        for name, lines in changes.items():
            for place, text in lines:
                _insert(folder / name, place, text)
    (folder / "tests/ui/test_added.py").write_text(IN_THE_WINDOW, encoding="utf-8")
    return folder


def test_one_of_each_is_there_in_the_window(copy: Path) -> None:
    _run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/ui/test_added.py")


def test_one_of_each_is_there_in_the_server(copy: Path, tmp_path: Path) -> None:
    _run(copy, "-c", IN_THE_SERVER, str(tmp_path / "data"))


@pytest.mark.parametrize(
    ("thing", "new", "changed"),
    [("provider", 1, 1), ("tab", 1, 1), ("endpoint", 1, 1), ("setting", 0, 1), ("event", 0, 1), ("column", 0, 2)],
)
def test_nothing_else_was_touched(copy: Path, thing: str, new: int, changed: int) -> None:
    """A tab's folder counts as one: beside it stands the line that makes it a package."""
    files, changes = ADDED[thing]
    assert (len({name for name in files if not name.endswith("__init__.py")}), len(changes)) == (new, changed)
    told = {name for brought, lines in ADDED.values() for name in (*brought, *lines)}
    assert {str(path.relative_to(copy)) for path in _different(copy / "app", ROOT / "app")} == told


def _different(folder: Path, original: Path) -> Iterator[Path]:
    for path in folder.rglob("*.py"):
        other = original / path.relative_to(folder)
        if not other.is_file() or not filecmp.cmp(path, other, shallow=False):
            yield path


def _insert(file: Path, place: str, text: str) -> None:
    before = file.read_text(encoding="utf-8")
    found = re.search(place, before)
    assert found, place
    at = found.start(1)
    file.write_text(before[:at] + text + before[at:], encoding="utf-8")


def _run(folder: Path, *words: str) -> None:
    environ = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stdout + done.stderr
