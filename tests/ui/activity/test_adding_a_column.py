"""A column is one field of the table and one migration: a copy of the program is given one, and has it everywhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
FIELD = """    loudness: float | None = column(lambda end: len(end.frame.upload) / 4, title="Loudness", report=ALL)
"""
MIGRATION = 'lambda session: session.sql("ALTER TABLE frame ADD COLUMN loudness REAL") and None'
LOOK = """
import asyncio, json, sys, threading
from argparse import Namespace
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from app.cli.report_commands import report
from app.core.events import Bus
from app.core.frame import Answer, Frame
from app.store import Filter, Store
from app.ui.activity.exports import Job, export
from app.ui.activity.frame_list import FrameList
from app.ui.activity.model import ActivityModel

folder = Path(sys.argv[1])

async def look():
    async with await Store.open(folder, Bus(), default_providers=(), key_variables=lambda _: (), environ={}) as store:
        await store.profiles.add("alice")
        frame = Frame("f1", store.profiles.get("alice"), "What?", b"upload")
        await store.activity.record(frame, None, Answer("A mug.", "A mug.", "ok", "gemini"), 800)
        page = await store.activity.listed(Filter())
        told = {"row": (await store.activity.frame("f1")).loudness, "listed": page.frames[0].loudness}
        for form in ("csv", "html", "pdf"):
            job = Job(form, folder / f"frames.{form}", Filter(), "Frames", "", str, threading.Event())
            await export(store.activity, job, lambda _: None)
        for form in ("json", "csv", "html"):
            told[form] = (await report(store, Namespace(name="alice", limit=0, format=form))).lines
    window = QWidget()
    model = ActivityModel(str, window)
    model.show_page(page)
    FrameList(model, window)
    titles = [model.headerData(at, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) for at in range(11)]
    told["window"] = model.index(0, titles.index("Loudness")).data()
    print(json.dumps(told))

application = QApplication([])
asyncio.run(look())
"""


def test_a_new_column_is_one_field_and_one_migration(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "resources/icons", tmp_path / "resources/icons")
    change(tmp_path / "app/store/history/columns.py", r"()    client_ip: str", FIELD)
    change(tmp_path / "app/store/database/migrations.py", r"(?m)^(MIGRATIONS: .*)\)$", f", {MIGRATION}")
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path / "data")], cwd=tmp_path, env=environ, capture_output=True, text=True
    )
    assert not done.returncode, done.stderr
    assert '"row": 1.5, "listed": 1.5' in done.stdout
    assert '"window": "1.5"' in done.stdout
    for told in (r"\"loudness\": 1.5", "loudness,attempts", "<th>loudness</th>"):
        assert told in done.stdout, done.stdout
    sheet = (tmp_path / "data/frames.csv").read_text(encoding="utf-8").splitlines()
    assert (",loudness," in sheet[0], ",1.5," in sheet[1]) == (True, True)
    page = (tmp_path / "data/frames.html").read_text(encoding="utf-8")
    assert ("<th>Loudness</th>" in page, "<td>1.5</td>" in page) == (True, True)
    assert (tmp_path / "data/frames.pdf").stat().st_size > 1_000


def change(file: Path, place: str, text: str) -> None:
    """Put ``text`` behind the first group of ``place``."""
    before = file.read_text(encoding="utf-8")
    found = re.search(place, before)
    assert found, place
    at = found.end(1)
    file.write_text(before[:at] + text + before[at:], encoding="utf-8")
