"""What holds for every test: it reaches nobody's keyring, and says what it needs of the system.

Windows always has a keyring, which takes what is written to it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import keyring
import pytest
from keyring.backends import fail


@pytest.fixture(scope="session", autouse=True)
def _no_keyring() -> Iterator[None]:
    """This process has none, nor have those that it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
        yield


@pytest.fixture(autouse=True)
def _none_is_left(_no_keyring: None) -> Iterator[None]:
    """A test may have one of its own, in memory."""
    yield
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if sys.platform == "win32" and (marker := item.get_closest_marker("posix")) is not None:
            item.add_marker(pytest.mark.skip(reason=marker.args[0]))
