"""From a phone to the lens in Live, with a provider that speaks at a pace: the words come before the rest."""

from __future__ import annotations

from pathlib import Path

import aiohttp

from app.application import Application
from app.core.events import Event, FrameAnswered, FrameCompleted
from app.login_start import login_start
from app.paths import DataFolder
from app.ui.live.tab import LiveTab
from app.ui.services import Services
from app.ui.shell.main_window import MainWindow
from app.ui.support.theme import Theme
from app.ui.tabs import TABS
from tests.fakes import FakeProviders, ok
from tests.ui.conftest import Play
from tests.ui.stage import PHOTO, until

LONG = ("A red mug with a white handle stands on a wooden table, left of a plate. " * 4).strip()


async def set_up(application: Application, fake: FakeProviders) -> None:
    """One profile and one provider, which needs a second for its long form."""
    fake["gemini"].ttft_s, fake["gemini"].tokens_per_s = 0.1, 100
    fake["gemini"].always(ok("A red mug.", 0.95, full_answer=LONG))
    store = application.store
    await store.profiles.add("alice", "alices-key")
    await store.providers.set("gemini", base_url=fake.base_url("gemini"), model=fake["gemini"].models[0])
    await store.secrets.set(None, "gemini", "any-key", session_only=True)
    await application.server.start()


async def post_frame(url: str) -> str:
    """As the phone does; the answer in the reply."""
    form = aiohttp.FormData({"username": "alice"})
    form.add_field("image", PHOTO, filename="frame_image.jpg", content_type="image/jpeg")
    async with aiohttp.ClientSession(url) as phone:
        async with phone.post("/auth-alices-key") as paired:
            assert paired.status == 200
        async with phone.post("/process", data=form) as answered:
            return str((await answered.json())["answer"])


def test_the_lens_shows_the_words_before_the_long_form_is_there(play: Play, theme: Theme, tmp_path: Path) -> None:
    async def scene() -> None:
        folder = DataFolder(tmp_path / "data")
        folder.prepare()
        application = Application(folder, host="127.0.0.1", port=0)
        await application.open()
        window, told = MainWindow(theme), list[type[Event]]()
        for kind in (FrameAnswered, FrameCompleted):
            application.bus.subscribe(kind, lambda event: told.append(type(event)))
        services = Services(
            bus=application.bus, store=application.store, control=application.server, providers=application.providers,
            settings_path=folder.root / "window.ini", try_out=application.try_out, spending=application.spending,
            login_start=login_start(folder.root), folder=folder, trust=application.trust, learning=application.learning,
            webhook=application.webhook, mqtt=application.mqtt, releases=application.releases,
        )  # fmt: skip
        try:
            async with FakeProviders() as fake:
                await set_up(application, fake)
                window.show()
                window.open(services, TABS)
                live = next(tab for tab in window.tabs if isinstance(tab, LiveTab))
                await until(lambda: "alice" in live.cards)
                assert await post_frame(application.server.url) == "A red mug."
                card, feed = live.cards["alice"], live._feeds["alice"]
                await until(lambda: card.glasses.rows() == ["A red mug."])
                assert (told, feed.frames[0].full_text) == ([FrameAnswered], "A red mug.")
                words = card.facts.text()
                await until(lambda: card.facts.text() != words)
                assert (told, feed.frames[0].full_text) == ([FrameAnswered, FrameCompleted], LONG)
                assert card.glasses.rows() == ["A red mug."]
        finally:
            window.hide()
            window.shut()
            await application.close()
            window.deleteLater()

    play(scene())
