"""Where everything lies: the data folder and what is in it, the logs, and the resources shipped with the program.

Every room but ``core`` may import this; it knows core, the standard library and platformdirs alone.
"""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import DatabaseUnusable

APP_NAME = "frame-backend"
DATA_DIR_VARIABLE = "FRAME_BACKEND_DATA_DIR"
PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


@dataclass(frozen=True, slots=True)
class DataFolder:
    """What the program keeps, keyring apart. ``log_root`` is set only where the system has its own place for logs."""

    root: Path
    log_root: Path | None = None

    @classmethod
    def find(
        cls, data_dir: str | os.PathLike[str] | None = None, environ: Mapping[str, str] = os.environ
    ) -> DataFolder:
        """``--data-dir``, else FRAME_BACKEND_DATA_DIR (everything lies under it), else the system's places.

        Raises ``DatabaseUnusable`` for a folder of somebody who is not known here.
        """
        given = data_dir or environ.get(DATA_DIR_VARIABLE)
        if given:
            try:
                return cls(Path(given).expanduser().absolute())
            except (RuntimeError, OSError):  # no such home; no working folder any more
                raise DatabaseUnusable("The data folder {folder} cannot be found.", folder=given) from None
        import platformdirs

        return cls(
            Path(platformdirs.user_data_dir(APP_NAME, appauthor=False)),
            Path(platformdirs.user_log_dir(APP_NAME, appauthor=False)),
        )

    @property
    def database(self) -> Path:
        return self.root / "frame-backend.db"

    @property
    def search(self) -> Path:
        """The index of what was said: made of the database, and anew when it is gone."""
        return self.root / "search.db"

    @property
    def pepper(self) -> Path:
        """The secret of the auth keys' hashes: a file of its own, so that no backup of the database holds it."""
        return self.root / "pepper"

    @property
    def lock(self) -> Path:
        """Locked by the one server that runs on this folder."""
        return self.root / "server.lock"

    @property
    def newest_release(self) -> Path:
        """What was last found of newer releases."""
        return self.root / "newest-release.json"

    @property
    def frames(self) -> Path:
        return self.root / "frames"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def logs(self) -> Path:
        return self.log_root or self.root / "logs"

    def prepare(self) -> None:
        """Make the folder itself, for its owner alone. One that exists keeps its mode: it may be the owner's own.

        Raises ``OSError`` where it cannot be made or written to; a disk that is only full may be cleaned.
        """
        make_private_folder(self.root)
        try:
            tempfile.TemporaryFile(dir=self.root).close()
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise


def make_private_folder(folder: Path) -> None:
    """Make ``folder`` and its parents, the new ones 0700. Raises ``OSError``.

    On Windows that mode gives an access list of the owner, the administrators and the system from Python 3.11.10 and
    3.12.4 on (CVE-2024-4030), which what lies inside inherits; so it does from the user's profile, where data lies
    unless another folder is named.
    """
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    # Another process or thread may have been quicker.
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def make_private_file(path: Path) -> None:
    """Make an empty file 0600, or take an existing one out of others' reach. Raises ``OSError``."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE))
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(PRIVATE_FILE)


def resource(name: str) -> Path:
    """A file or folder of ``resources/``, from the source tree or from inside the frozen program."""
    frozen_root = getattr(sys, "_MEIPASS", None)
    root = Path(frozen_root) if frozen_root else Path(__file__).resolve().parent.parent
    return root / "resources" / name
