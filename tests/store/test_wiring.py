"""The store's parts: each whole from its constructor on, and none that holds one above it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from app.core.events import Bus
from app.paths import DataFolder
from app.store import Store
from app.store.profiles.pepper import Pepper
from tests.store.conftest import PROVIDERS, Clock, OpenStore, variables

STATE = {"_snapshot", "_hourly", "_task", "_reading"}
"""None until the database was read or a task was started: nothing that somebody else has to bring."""


def parts_of(store: Store) -> dict[str, object]:
    return dict(vars(store))


def just_made(folder: DataFolder) -> Store:
    return Store(folder, Bus(), PROVIDERS, variables, {}, Clock(), (), Pepper(b"p" * 32, "p"))


def held(value: object) -> Iterator[object]:
    """What ``value`` itself keeps hold of: its attributes, a container's content, what a function closed over."""
    if inspect.ismethod(value):
        yield value.__self__
    elif inspect.isfunction(value):
        yield from (cell.cell_contents for cell in value.__closure__ or ())
    elif isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list | tuple | set | frozenset):
        yield from value
    elif type(value).__module__.startswith("app.store"):
        names = [*getattr(value, "__dict__", ()), *getattr(type(value), "__slots__", ())]
        yield from (getattr(value, name) for name in names)


def reached(part: object) -> set[int]:
    """The ids of all that ``part`` holds, however far down; its own when there is a way back."""
    found: set[int] = set()
    waiting = list(held(part))
    while waiting:
        value = waiting.pop()
        if id(value) not in found:
            found.add(id(value))
            waiting += held(value)
    return found


async def test_every_part_has_all_it_declares_once_it_is_made(folder: DataFolder) -> None:
    for name, part in parts_of(just_made(folder)).items():
        declared = {key for kind in type(part).__mro__ for key in getattr(kind, "__annotations__", {})}
        assert [key for key in sorted(declared) if not hasattr(part, key)] == [], name
        assert [key for key, value in vars(part).items() if value is None and key not in STATE] == [], name


async def test_no_part_can_be_made_without_what_it_needs(folder: DataFolder) -> None:
    """What is left out mypy refuses, as long as no constructor has a default for it."""
    for name, part in parts_of(just_made(folder)).items():
        parameters = inspect.signature(type(part)).parameters.values()
        assert [each.name for each in parameters if each.default is not inspect.Parameter.empty] == [], name


async def test_opening_adds_nothing_to_a_part(open_store: OpenStore, folder: DataFolder) -> None:
    made = {name: set(vars(part)) for name, part in parts_of(just_made(folder)).items()}
    async with open_store() as store:
        assert {name: set(vars(part)) for name, part in parts_of(store).items()} == made


async def test_no_part_holds_one_above_it(folder: DataFolder) -> None:
    parts = parts_of(just_made(folder))
    below = {name: {other for other in parts if id(parts[other]) in reached(part)} for name, part in parts.items()}
    assert {"profiles", "secrets", "pairings", "retention", "_database"} <= below["trash"]  # it does find what is held
    # The database's own writer reports to it: a circle of the two alone.
    assert below.pop("_database") == {"_database"}
    assert [name for name, others in below.items() if name in others] == []
