"""What nobody expected is told; what only looks like it is not."""

from __future__ import annotations

import asyncio
import logging

import pytest

from app import application
from app.ui.shell.crash_handler import CrashHandler

HUNG_UP = {
    "message": "Exception in callback _ProactorBasePipeTransport._call_connection_lost(None)",
    "exception": ConnectionResetError(10054, "An existing connection was forcibly closed by the remote host"),
}
OURS = {"message": "Exception in callback Pipeline.end()", "exception": ConnectionResetError(10054, "the same")}


@pytest.mark.parametrize(("context", "is_told"), [(HUNG_UP, False), (OURS, True)])
async def test_a_phone_that_hangs_up_is_no_mishap_on_windows(
    context: dict[str, object], is_told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    told, handler = list[str](), CrashHandler()
    handler.tell = told.append
    caplog.set_level(logging.ERROR)
    handler.from_loop(asyncio.get_running_loop(), context)
    application._log_bug(asyncio.get_running_loop(), context)
    assert (len(told), len(caplog.records)) == ((1, 2) if is_told else (0, 0))
