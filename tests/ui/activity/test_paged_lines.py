"""The list's lines: days between the frames, the same scene folded, page after page and brought up to date."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from app.store.history.columns import Listed
from app.store.history.filters import Page
from app.ui.activity.lines import Day, Fold, Line, lines_of
from app.ui.activity.model import ActivityModel
from app.ui.activity.paged_lines import MOST_MERGED
from tests.ui.conftest import OpenStage, Play

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def line(number: int, **more: object) -> Listed:
    """The ``number``-th newest is the one with the lowest."""
    made = Listed(
        f"f{number:05d}", NOON - timedelta(seconds=number), "alice", 200, "ok", "A mug.",
        "", "gemini", 0.9, 0.7, "scene", 800, 1, 0.0003, False, False, 0, "", "", None, "192.168.0.12", False,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def told(lines: Sequence[Line]) -> list[str]:
    """A day by its number, a fold by how many are in it."""
    return [
        f"day {one.day.day}" if isinstance(one, Day) else f"{len(one.frames)} more" if isinstance(one, Fold)
        else one.frame_id.lstrip("f0") for one in lines
    ]  # fmt: skip


def lines_in(model: ActivityModel) -> list[Line]:
    return [model.line(row) for row in range(model.rowCount())]


@contextmanager
def mirrored(model: ActivityModel) -> Iterator[None]:
    """A view that only hears what changes has in the end what the model has."""
    heard = lines_in(model)

    def reset() -> None:
        heard[:] = lines_in(model)

    def inserted(_: QModelIndex, first: int, last: int) -> None:
        heard[first:first] = [model.line(row) for row in range(first, last + 1)]

    def removed(_: QModelIndex, first: int, last: int) -> None:
        del heard[first : last + 1]

    def changed(first: QModelIndex, last: QModelIndex) -> None:
        for row in range(first.row(), last.row() + 1):
            heard[row] = model.line(row)

    model.modelReset.connect(reset)
    model.rowsInserted.connect(inserted)
    model.rowsRemoved.connect(removed)
    model.dataChanged.connect(changed)
    yield
    assert heard == lines_in(model)


def test_days_are_headings_and_the_same_scene_is_folded_within_one() -> None:
    day = timedelta(days=1)
    frames = [
        line(1), line(2, reused=True), line(3, reused=True), line(4, reused=True, username="bob"), line(5),
        line(6, reused=True), line(7, reused=True, received_at=NOON - day), line(8, received_at=NOON - day),
        line(9, received_at=NOON - 9 * day),
    ]  # fmt: skip
    assert told(list(lines_of(frames, (), folds=True))) == [
        "day 2", "1", "2 more", "1 more", "5", "1 more", "day 1", "1 more", "8", "day 24", "9",
    ]  # fmt: skip
    opened = list(lines_of(frames, {"f00003"}, folds=True))
    assert told(opened)[:6] == ["day 2", "1", "2 more", "2", "3", "1 more"]
    assert told(list(lines_of(frames, (), folds=False)))[:5] == ["day 2", "1", "2", "3", "4"]
    assert told(list(lines_of(frames[5:], (), folds=True, after=frames[4])))[:2] == ["1 more", "day 1"]


def test_what_comes_in_gives_what_beginning_anew_would(play: Play, stage: OpenStage) -> None:
    """Pages, newer frames, deleted ones and folds that are opened, in any order."""

    async def scene() -> None:
        parent, dice = QWidget(), random.Random(7)
        for _ in range(60):
            kept = sorted(dice.sample(range(400, 460), dice.randint(1, 40)))
            model, size = ActivityModel(str, lambda _: QPixmap(), parent), dice.randint(1, 12)
            made = {
                number: line(number, reused=dice.random() < 0.6, received_at=NOON - timedelta(minutes=40 * number))
                for number in range(460)
            }

            def page(first: int, size: int, kept: list[int] = kept, made: dict[int, Listed] = made) -> Page:
                behind = [number for number in kept if number >= first]
                return Page(tuple(made[number] for number in behind[:size]), "more" if behind[size:] else "")

            model.show_page(page(0, size))
            with mirrored(model):
                for _ in range(12):
                    match dice.randrange(3):
                        case 0 if model.after:
                            model.add_page(page(int(model.frames[-1].frame_id[1:]) + 1, size))
                        case 1:
                            row = dice.randrange(model.rowCount())
                            model.toggle(row)
                        case 2:
                            kept[:] = [number for number in kept if dice.random() < 0.95] or kept
                            kept[:0] = sorted(dice.sample(range(kept[0]), min(kept[0], dice.randint(0, 3))))
                            made[kept[0]] = replace(made[kept[0]], thumb=1)
                            model.merge_page(page(0, size), dice.choice([None, *model.frames]))
                    anew = list(lines_of(model.frames, model._opened, folds=True))
                    assert lines_in(model) == anew
                    assert all(model.row_of(frame.frame_id) >= 0 for frame in model.frames)
            await asyncio.sleep(0)
        parent.deleteLater()

    play(scene())


def test_merging_gives_what_beginning_anew_would(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        parent, dice = QWidget(), random.Random(7)
        for _ in range(300):
            before = sorted(dice.sample(range(40), dice.randint(0, 30)))
            now = sorted({*(one for one in before if dice.random() < 0.8), *dice.sample(range(40), 5)})
            loaded, limit = dice.randint(0, len(before)), dice.randint(1, 40)
            model = ActivityModel(str, lambda _: QPixmap(), parent)
            model.show_page(Page(tuple(map(line, before[:loaded])), "old" if loaded < len(before) else ""))
            page = Page(tuple(line(one, thumb=1) for one in now[:limit]), "new" if limit < len(now) else "")
            model.merge_page(page)
            shown = [frame.frame_id for frame in model.frames]
            assert shown[: len(page.frames)] == [frame.frame_id for frame in page.frames]
            assert shown == sorted(set(shown))
            assert lines_in(model)[1:] == model.frames
            assert all(frame.thumb == 1 for frame in model.frames[: len(page.frames)])
            if not page.after:
                assert len(shown) == len(page.frames)
                assert model.after == ""
            await asyncio.sleep(0)
        parent.deleteLater()

    play(scene())


def test_a_page_is_asked_for_once_and_again_when_it_failed(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        parent = QWidget()
        model, asked = ActivityModel(str, lambda _: QPixmap(), parent), list[None]()
        model.more_wanted.connect(lambda: asked.append(None))
        model.show_page(Page(tuple(map(line, range(3))), "more"))
        model.fetchMore(QModelIndex())
        model.fetchMore(QModelIndex())
        assert len(asked) == 1
        model.not_loaded()
        model.fetchMore(QModelIndex())
        assert len(asked) == 2
        model.add_page(Page((line(3),), ""))
        assert not model.canFetchMore(QModelIndex())
        model.merge_page(Page(tuple(map(line, range(500, 500 + MOST_MERGED + 1))), ""))
        assert len(model.frames) == MOST_MERGED + 1
        parent.deleteLater()

    play(scene())
