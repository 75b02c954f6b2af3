"""What a process of the program's own is started with; which names and values go is told by ``test_on_device``."""

from __future__ import annotations

import threading
from multiprocessing import util

from app.providers.clean_start import clean_environment


def test_two_that_start_at_once_leave_everything_as_it_was() -> None:
    usual, is_in, may_leave = util.spawnv_passfds, threading.Event(), threading.Event()

    def start_another() -> None:
        with clean_environment():
            is_in.set()
            may_leave.wait(5)

    another = threading.Thread(target=start_another)
    with clean_environment():
        another.start()
        was_in_too = is_in.wait(0.2)
    may_leave.set()
    another.join(5)
    assert not was_in_too
    assert util.spawnv_passfds is usual
