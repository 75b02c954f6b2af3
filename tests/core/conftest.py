"""Every async test here runs on a loop whose time is virtual: a hang of 20 s takes no time, and is exactly 20 s."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from tests.core.actors import Clock, House, VirtualLoop


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> Mapping[str, Callable[[], VirtualLoop]]:
    return {"virtual": VirtualLoop}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(clock: Clock) -> House:
    return House(clock)
