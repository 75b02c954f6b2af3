"""No test reaches the keyring of whoever runs it: on Windows it always has one, which takes what is written to it."""

from __future__ import annotations

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
