"""How the program ends, whatever still runs then."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
UNDER_WAY = """
import sys, threading, time
from app import __main__

def hang():
    try:
        entered.set()
        time.sleep(60)
    finally:
        print("taken apart")

entered = threading.Event()
threading.Thread(target=hang, daemon=True).start()
entered.wait()
import atexit
atexit.register(lambda: print("the interpreter's own end"))
print("answered")
print("told", file=sys.stderr)
__main__.leave({status})
"""


def test_a_thread_in_a_call_that_hangs_neither_delays_nor_breaks_the_end() -> None:
    for status in (0, 1):
        command = [sys.executable, "-c", UNDER_WAY.replace("{status}", str(status))]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (status, "answered\n", "told\n")
