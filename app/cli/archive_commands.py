"""The verbs that move all data at once: ``backup``, ``restore``, ``import``. They hold the data folder themselves."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path

from app import __version__
from app.cli.output import Output
from app.core.events import Bus
from app.paths import DataFolder
from app.providers import default_configs, key_variables
from app.store import Imported, Store
from app.store.database.backup import back_up
from app.store.database.restore import exclusive, is_copy, network_changes, open_restored
from app.store.database.restore import restore as restore_backup
from app.store.history.report_text import counted


async def backup(folder: DataFolder, args: Namespace) -> Output:
    made = await asyncio.to_thread(back_up, folder, Path(args.file), __version__)
    lines = (f"Wrote {args.file}: the database and {counted(made.pictures, 'picture')}, without keys.",)
    return Output(lines, {"file": args.file, **asdict(made)})


async def restore(folder: DataFolder, args: Namespace) -> Output:
    source = _named(args.file, folder)
    with exclusive(folder):
        changes = await asyncio.to_thread(network_changes, folder, source)
        taken = {change.name for change in changes if args.with_network}
        made = await asyncio.to_thread(restore_backup, folder, source, taken=taken)
        async with await open_restored(folder, partial(_open, folder)) as store:
            lost = store.profiles.needing_new_key()
    lines = [f"Restored the backup of {made.created_at}: {counted(made.pictures, 'picture')}."]
    if is_copy(source):
        lines = [f"Restored the database of {made.created_at}; the pictures stay as they are."]
    verb = "Taken over" if taken else "Kept as it is here"
    lines += [f"{verb}: {one.name} (here {one.here or '-'}, in the backup {one.there or '-'})." for one in changes]
    if changes and not taken:
        lines.append("With --with-network these come from the backup as well.")
    if lost:
        lines.append(f"On this computer these profiles need new auth keys: {', '.join(lost)}.")
    network = {"network": [asdict(one) for one in changes], "network_taken": bool(taken)}
    return Output(tuple(lines), {**asdict(made), "needing_new_key": list(lost), **network})


def _named(file: str, folder: DataFolder) -> Path:
    """The file, or the copy of that name in the data folder's ``backups``."""
    path = Path(file)
    copy = folder.backups / path.name
    return copy if path.name == file and not path.exists() and copy.exists() else path


async def import_(folder: DataFolder, args: Namespace) -> Output:
    with exclusive(folder):
        async with await _open(folder) as store:
            await store.secrets.load()
            imported = await store.import_predecessor(Path(args.dir), _tell)
    return Output(tuple(_sentences(imported, args.dir)), asdict(imported))


def _tell(done: int, total: int) -> None:
    print(f"\r{done} of {total} frames", end="" if done < total else "\n", file=sys.stderr, flush=True)


def _sentences(imported: Imported, source: str) -> list[str]:
    lines = [
        f"Imported {counted(len(imported.profiles), 'profile')}, {counted(imported.frames, 'frame')} with "
        f"{counted(imported.pictures, 'picture')}, {counted(imported.blacklisted, 'blacklist entry')}, "
        f"{counted(imported.keys, 'API key')}.",
        *(f"There already: {name}." for name in imported.known),
        *(f"New auth key of {name}: {key}" for name, key in imported.new_keys),
        *(f"Left out: {sentence}" for sentence in imported.left_out),
    ]
    if imported.profiles or imported.known:
        lines.append(f"Now delete {Path(source) / 'ai_server.db'}: it holds auth keys and API keys in clear.")
    return lines


async def _open(folder: DataFolder) -> Store:
    return await Store.open(folder, Bus(), default_providers=default_configs(), key_variables=key_variables)


VERBS: Mapping[str, Callable[[DataFolder, Namespace], Awaitable[Output]]] = {
    "backup": backup,
    "restore": restore,
    "import": import_,
}
