"""A small database with rows of every table, as a release leaves it behind.

Before a migration is added run ``python -m tests.store.saved_database tests/data/databases`` with the released code,
and keep what it writes, ``schema-N.db``, for good. ``test_saved_databases.py`` opens each and looks for all of it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import keyring
from keyring.backend import KeyringBackend

from app.core.errors import NoAnswer, Repair
from app.core.events import Bus
from app.core.frame import Answer, Attempt, Frame, Measures, Picture, Profile, Usage
from app.core.ports import Lesson, SavedCooldown
from app.core.provider import Learned, ProviderConfig
from app.store import Store

NOW = 1_790_000_000.0
PEPPER = bytes(range(32))
AUTH_KEY = "alice-key-0123456789"
PROVIDERS = (
    ProviderConfig("gemini", "gemini", "https://g.test/v1beta", "g-1"),
    ProviderConfig("qwen", "qwen", "https://q.test/v1", "q-1"),
)
ANSWER = Answer(
    "A red mug.", "A red mug on a desk.", "ok", "judge", 0.91, "scene",
    attempts=(
        Attempt("gemini", "g-1", "unsure", 812, 0.6, answer="A mug.", full_answer="Perhaps a mug.",
                usage=Usage(400, 30)),
        Attempt("qwen", "q-1", "unsure", 90, 0.5, answer="A red cup.", full_answer="A red cup.", usage=Usage(380, 21)),
        Attempt("gemini", "g-1", "judged", 500, usage=Usage(700, 20)),
    ),
    judge_why="It is more specific.",
)  # fmt: skip
FAILED = NoAnswer(attempts=(Attempt("gemini", "g-1", "overload", 40), Attempt("qwen", "q-1", "skipped", why="no key")))
PICTURE = Picture(b"\xff\xd8 a photo", "", 640, 480, Measures(b"", 128.0, 0.0, 0.0, 300.0))
COOLDOWN = SavedCooldown("gemini", "0123456789ab", "quota", NOW + 3_600, 2)
LEARNED = Learned(blind=False, repairs=(Repair("temperature"), Repair("max_tokens", instead="max_completion_tokens")))


def _in_memory() -> KeyringBackend:
    """A keyring that needs no session. Made here alone: a class of this kind is a choice for the whole process."""

    class InMemory(KeyringBackend):
        """A keyring that needs no session; what is kept of a key in the database is its place alone."""

        priority = 1
        viable = False  # for whoever looks for one: it is set by name
        kept: dict[tuple[str, str], str] = {}  # noqa: RUF012  one for all

        def get_password(self, service: str, username: str) -> str | None:
            return self.kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del self.kept[service, username]

    return InMemory()


def frame(frame_id: str, profile: Profile, seconds: float) -> Frame:
    return Frame(frame_id, profile, "What is this?", b"", "192.168.0.12", datetime.fromtimestamp(NOW + seconds, UTC))


async def fill(root: Path) -> str:
    """The token that was issued."""
    keyring.set_keyring(_in_memory())
    async with await Store.open(
        root, Bus(), default_providers=PROVIDERS, key_variables=lambda _: (), environ={}, clock=lambda: NOW
    ) as store:
        await store.profiles.add("alice", AUTH_KEY)
        await store.profiles.add("José Müller")
        await store.profiles.set_prompt("alice", "Lies die Schilder")
        await store.profiles.set_chain("alice", ("qwen", "gemini"))
        await store.profiles.set_value("alice", "answer_chars", 60)
        await store.set_setting("gate.hints", 7)
        await store.pairings.pair("192.168.0.12", "alice")
        token = await store.pairings.issue_token("alice")
        await store.app_keys.add("alice", "llm")
        await store.blacklist.add("10.1.0.0/16", "guests")
        await store.providers.set("gemini", model="g-2", requests_per_minute=9)
        await store.providers.add(ProviderConfig("my-box", "custom", "http://192.168.0.2:1234/v1", "m"))
        await store.secrets.set("alice", "gemini", "kept-in-the-keyring")
        await store.prices.set("g-1", 0.3, 2.5)
        store.health.save_cooldown(COOLDOWN)
        store.health.save_lesson(Lesson("qwen", "https://q.test/v1", "q-1", 0, LEARNED, NOW))
        store.health.save_day_count("gemini", "0123456789ab", "2026-09-21", 41)
        alice = store.profiles.get("alice")
        await store.activity.record(frame("answered", alice, 1), PICTURE, ANSWER, 1_402)
        await store.activity.record(frame("failed", alice, 2), None, FAILED, 40)
        await store.activity.record(frame("bobs", store.profiles.get("José Müller"), 3), None, ANSWER, 900)
        await store.sums.catch_up(NOW + 7_200)
        await store.search.catch_up()
        store.activity.complete(frame("answered", alice, 1), ANSWER)  # to be taken into the search index again
        await store.activity.set_thumb("answered", 1)  # its hour is to be summed again
    return token


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "pepper").write_bytes(PEPPER)
        token = asyncio.run(fill(root))
        with closing(sqlite3.connect(root / "frame-backend.db", isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = DELETE")
            database.execute("VACUUM")
            schema = database.execute("PRAGMA user_version").fetchone()[0]
        saved = Path(sys.argv[1]) / f"schema-{schema}.db"
        saved.write_bytes((root / "frame-backend.db").read_bytes())
        print(f"{saved.name}: {saved.stat().st_size} bytes, token {token}")


if __name__ == "__main__":
    main()
