"""No test reaches the keyring of whoever runs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keyring
import pytest
from keyring.backends import fail


@contextmanager
def no_keyring() -> Iterator[None]:
    """This process has none, and looks for none."""
    before = keyring.get_keyring()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
        yield
        keyring.set_keyring(before)
