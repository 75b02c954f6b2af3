"""The window's dialogs by name, each opened as its tab opens it: for whoever looks at all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QDialog

from app.store import Imported, Usage
from app.store.database.backup import Manifest
from app.ui.connect.app_dialog import AppDialog
from app.ui.connect.block_address import BlockAddress
from app.ui.connect.dialog import ConnectDialog
from app.ui.connect.leave_keys import LeaveKeys
from app.ui.connect.profile_dialogs import AddProfile, NewKey
from app.ui.connect.reach_dialog import ReachDialog
from app.ui.live.try_dialog import TryDialog
from app.ui.profiles.dialogs import DeleteProfile, RenameProfile
from app.ui.providers.price_dialog import PriceDialog
from app.ui.providers.provider_dialogs import AddCustom, ChooseAi, SetKey
from app.ui.settings.about_card import Libraries
from app.ui.settings.backup_dialogs import Found, RestoreBackup
from app.ui.settings.import_dialog import ImportedOld, ImportOld
from app.ui.shell.restore_run import Restoring
from app.ui.shell.shortcuts_dialog import ShortcutsDialog
from app.ui.support.bridge import Bridge
from app.ui.widgets.choose_file import ReplaceFile
from tests.ui.stage import Stage


def _delete_profile(on: Stage) -> QDialog:
    return DeleteProfile(on.services, Usage("alice", 1_204, 48_000_000, datetime.now(UTC)), 2, 1, on.window)


def _restore(on: Stage) -> QDialog:
    made = Manifest(1, 2, "1.2.3", "2026-11-20T10:30:05+00:00", 1_204)
    return RestoreBackup(Found(Path("frame-backend-2026-11-20.zip"), 48_000_000, False, made, ()), on.window)


def _imported(on: Stage) -> QDialog:
    left_out = ("Profile '../../x': A name has 1 to 64 letters.", "3 pictures that are missing were left out.")
    keys = (("bob", "abcd-efgh-jkmn-pqrs"), ("carol", "tuvw-xyza-bcde-fghj"))
    imported = Imported(("alice", "bob", "carol"), ("dora",), keys, 1_204, 1_190, 3, 4, left_out)
    return ImportedOld(imported, Path("/home/alice/ai-server"), on.window)


def _show_key(on: Stage) -> QDialog:
    dialog = ConnectDialog(on.services, Bridge(on.bus, on.window), on.window)
    dialog.panel.show_key("alice", "abcd-efgh-jkmn-pqrs")
    return dialog


DIALOGS: Mapping[str, Callable[[Stage], QDialog]] = {
    "add-profile": lambda on: AddProfile(on.services, on.window),
    "rename-profile": lambda on: RenameProfile(on.services, "alice", on.window),
    "new-key": lambda on: NewKey(on.services, "alice", on.window),
    "delete-profile": _delete_profile,
    "show-key": _show_key,
    "choose-ai": lambda on: ChooseAi(on.services, on.window),
    "set-key": lambda on: SetKey(on.services, "gemini", "https://g.test/keys", on.window),
    "add-custom": lambda on: AddCustom(on.services, on.window),
    "prices": lambda on: PriceDialog(on.services, Bridge(on.bus, on.window), on.window),
    "leave-keys": lambda on: LeaveKeys(["alice"], on.window),
    "connect": lambda on: ConnectDialog(on.services, Bridge(on.bus, on.window), on.window),
    "app": lambda on: AppDialog(on.services, Bridge(on.bus, on.window), on.window),
    "reach": lambda on: ReachDialog(on.services, Bridge(on.bus, on.window), on.window),
    "block": lambda on: BlockAddress(on.services, on.window, address="192.168.0.12"),
    "restore": _restore,
    "restoring": lambda on: Restoring(on.window),
    "import": lambda on: ImportOld(on.services, Path("/home/alice/ai-server"), on.window),
    "imported": _imported,
    "replace-file": lambda on: ReplaceFile(Path("blacklist.csv"), lambda: None, on.window),
    "try": lambda on: TryDialog(on.services, "alice", on.window),
    "keys": lambda on: ShortcutsDialog(on.window),
    "libraries": lambda on: Libraries(
        {"aiohttp": ("3.14", "Apache-2.0", "Terms and conditions."), "Pillow": ("13", "MIT-CMU", "As is.")}, on.window
    ),
}
"""On a stage with a profile alice."""
