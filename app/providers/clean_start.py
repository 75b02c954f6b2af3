"""The environment of the reader's process: whoever may look into that one finds no key and no other secret.

``multiprocessing`` hands on its parent's environment, and takes no other; what a process was started with stays to be
read (``/proc/<pid>/environ``), whatever it deletes itself.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import util
from typing import Any

_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH|COOKIE|PRIVATE|SIGNATURE|DSN", re.IGNORECASE)
_SECRET_VALUE = re.compile(
    r"://[^/\s]*@|\b(?:sk|gsk|xai|hf|ghp|github_pat|pk|rk|AIza)[-_\w]{16,}|\bBearer\s", re.IGNORECASE
)

_SPARING = {"MALLOC_MMAP_THRESHOLD_": str(8 * 2**20), "MALLOC_TRIM_THRESHOLD_": str(32 * 2**20)}
"""glibc gives large pieces back to the system then: a peak of 350 instead of 420 MB in the reader's process."""

_one_at_a_time = threading.Lock()


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Of ``environ`` what neither its name nor its value gives away as a secret."""
    return {
        name: value for name, value in environ.items() if not (_SECRET_NAME.search(name) or _SECRET_VALUE.search(value))
    }


@contextmanager
def clean_environment() -> Iterator[None]:
    """What ``multiprocessing`` starts meanwhile, its own helper process too, is started without secrets.

    One thread at a time: what it changes is everybody's, and who puts it back must find what was there at first.
    """
    with _one_at_a_time:
        if sys.platform == "win32":  # there it can be set and read by several threads at once
            before = dict(os.environ)
            for name in before.keys() - without_secrets(before).keys():
                del os.environ[name]
            try:
                yield
            finally:
                os.environ.update(before)
        else:
            usual, util.spawnv_passfds = util.spawnv_passfds, _spawn
            try:
                yield
            finally:
                util.spawnv_passfds = usual


def _spawn(path: bytes, args: Sequence[Any], passfds: Sequence[int]) -> int:
    """As ``multiprocessing.util.spawnv_passfds``, with an environment of its own; the process's id."""
    started = subprocess.Popen(args, executable=path, env=without_secrets(os.environ) | _SPARING, pass_fds=passfds)
    started.returncode = 0  # multiprocessing itself waits for it
    return started.pid
