"""``backup``, ``restore`` and ``import`` as a script calls them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import aiohttp

from tests import fakes
from tests.fakes import FakeProviders
from tests.store.setup.test_legacy_import import Old
from tests.system.conftest import AUTH_KEY
from tests.system.program import Program


async def test_a_backup_made_while_the_server_runs_comes_back_elsewhere(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes, tmp_path: Path
) -> None:
    fake["gemini"].always(fakes.ok("A red mug.", 0.95))
    archive, elsewhere = str(tmp_path / "all.zip"), Program(tmp_path / "elsewhere")
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        for _ in range(3):
            assert (await server.process_frame(session, "alice", photo))[0] == 200
        made = (await program.verb("backup", archive, "--json")).data
        assert made["pictures"] == 3
        refused = await program.verb("restore", archive)
        assert (refused.status, refused.out) == (1, "")
        assert "runs on this data folder" in refused.err
        refused = await program.verb("import", str(tmp_path))
        assert (refused.status, refused.out) == (1, "")
        assert "runs on this data folder" in refused.err
    again = await program.verb("backup", archive)
    assert (again.status, again.err) == (1, "all.zip is there already: choose another name.")
    restored = (await elsewhere.verb("restore", archive, "--json")).data
    assert restored["needing_new_key"] == ["alice"]
    assert (await elsewhere.report("alice"))["frames"] == (await program.report("alice"))["frames"]
    assert len(list((elsewhere.data / "frames").rglob("*.jpg"))) == 3


async def test_network_settings_and_addresses_come_over_only_when_asked_for(program: Program, tmp_path: Path) -> None:
    archive, elsewhere = str(tmp_path / "all.zip"), Program(tmp_path / "elsewhere")
    await program.do("setting", "set", "network.host_names", "theirs")
    await program.do("provider", "add", "box", "--base-url", "http://192.168.0.2:1/v1", "--model", "m")
    await program.do("backup", archive)
    await elsewhere.do("provider", "list")
    said = await elsewhere.do("restore", archive)
    assert "Kept as it is here: network.host_names (here -, in the backup theirs)." in said
    assert "Kept as it is here: box.base_url (here -, in the backup http://192.168.0.2:1/v1)." in said
    assert "theirs" not in await elsewhere.do("setting", "get", "network.host_names")
    assert "box" not in await elsewhere.do("provider", "list")
    taken = (await elsewhere.verb("restore", archive, "--with-network", "--json")).data
    assert taken["network_taken"] is True
    assert "theirs" in await elsewhere.do("setting", "get", "network.host_names")
    assert "http://192.168.0.2:1/v1" in (await elsewhere.verb("provider", "list", "--json")).out


async def test_a_file_cut_in_half_changes_nothing(program: Program, tmp_path: Path) -> None:
    archive = tmp_path / "all.zip"
    await program.do("backup", str(archive))
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    before = (program.data / "frame-backend.db").read_bytes()
    failed = await program.verb("restore", str(archive))
    assert (failed.status, failed.err) == (1, "all.zip is no backup of this program, or it is damaged.")
    assert (program.data / "frame-backend.db").read_bytes() == before


async def test_the_predecessor_comes_over_and_its_file_is_to_be_deleted(program: Program, tmp_path: Path) -> None:
    old_folder = tmp_path / "old"
    old_folder.mkdir()
    old = Old(old_folder)
    old.log(profile_name="bob")
    done = await program.verb("import", str(old_folder))
    assert done.status == 0, done
    assert "There already: alice." in done.out
    assert f"Now delete {old_folder / 'ai_server.db'}" in done.out
    assert "AIza-canary-1" not in done.out + done.err
    assert [row["answer"] for row in (await program.report("bob"))["frames"]] == ["A mug."]
    imported = json.loads((await program.verb("import", str(old_folder), "--json")).out)
    assert (imported["profiles"], imported["frames"]) == ([], 0)
    with closing(sqlite3.connect(program.data / "frame-backend.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_what_cannot_be_read_says_so(program: Program, tmp_path: Path) -> None:
    assert (await program.verb("restore", str(tmp_path / "none.zip"))).status == 1
    failed = await program.verb("import", str(tmp_path / "nowhere"))
    assert (failed.status, failed.err) == (1, "There is no ai_server.db in that folder.")
    assert (await program.verb("backup")).status == 2
