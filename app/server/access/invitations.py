"""The codes that the window shows to be scanned: each lets one device in, once, while it is shown."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from app.core.passed import passed_s

VALID_S = 600.0
RENEWED_BEFORE_S = 60.0
"""So long before its end another code is shown: there is time to scan it and to tap."""
_CODE_BYTES = 9


@dataclass(frozen=True, slots=True)
class _Invitation:
    username: str
    ends_at: float


class Invitations:
    """What is shown now, and what was shown in the last ten minutes for as long as the panel is open."""

    def __init__(self, *, monotonic: Callable[[], float] = passed_s) -> None:
        self._monotonic = monotonic
        self._by_code: dict[str, _Invitation] = {}

    def code_for(self, username: str) -> str:
        """The code to show: the same one until it is used or nearly over."""
        now = self._monotonic()
        self._by_code = {code: one for code, one in self._by_code.items() if one.ends_at > now}
        for code, one in self._by_code.items():
            if one.username == username and one.ends_at - now > RENEWED_BEFORE_S:
                return code
        code = secrets.token_urlsafe(_CODE_BYTES)
        self._by_code[code] = _Invitation(username, now + VALID_S)
        return code

    def username_of(self, code: str) -> str | None:
        """Whose device ``code`` lets in; None when it was used, is over, or never was."""
        found = self._by_code.get(code)
        return found.username if found is not None and found.ends_at > self._monotonic() else None

    def take(self, code: str) -> str | None:
        """As ``username_of``, and from now on nobody's."""
        username = self.username_of(code)
        self._by_code.pop(code, None)
        return username

    def withdraw(self) -> None:
        """The panel is closed: nothing that it showed lets anybody in."""
        self._by_code.clear()
