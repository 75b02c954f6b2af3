"""What was unpacked is opened as the program opens its own, and all of it read, before anything gives way to it."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from app.core.errors import ArchiveUnusable, StoreError
from app.core.events import Bus
from app.paths import DataFolder
from app.store import Store
from app.store.database.backup import let_nobody_in
from app.store.database.corruption import acts_by_itself, sound_schema
from app.store.database.migrations import open_database
from app.store.history.search_index import forget_search
from app.store.history.sums import forget_sums
from app.store.row_checks import check_rows

_UNREADABLE = (sqlite3.Error, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What SQLite and Python do with bytes that were never written by this program."""


def prove(folder: DataFolder, schema: int) -> None:
    """Bring the database of ``folder``, of format ``schema``, up to date, check each row, and let nobody in by it.

    For a thread. Raises ``ArchiveUnusable``.
    """
    try:
        if sound_schema(folder.database) != schema:
            raise ValueError
        with closing(sqlite3.connect(folder.database)) as connection:
            if acts_by_itself(connection):
                raise ValueError
            let_nobody_in(connection)
        with closing(open_database(folder)) as session:
            check_rows(session)
            forget_sums(session)
            forget_search(session)
            for sums in ("frame_sum", "frame_size"):
                session.sql(f"DELETE FROM {sums}")  # noqa: S608  our own
        with ThreadPoolExecutor(1) as thread:  # for a loop of its own
            thread.submit(asyncio.run, _open_and_close(folder)).result()
    except StoreError as error:
        raise ArchiveUnusable("The backup's database cannot be used: {why}", why=error.sentence) from None
    except _UNREADABLE:
        raise ArchiveUnusable("The backup's database is damaged.") from None


async def _open_and_close(folder: DataFolder) -> None:
    async with await Store.open(
        folder, Bus(), default_providers=(), key_variables=lambda _: (), environ={}, is_trial=True
    ):
        pass
