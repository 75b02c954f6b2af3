"""What a large picture takes of memory is given back."""

from __future__ import annotations

import platform
import time
from pathlib import Path

import pytest

from tests import rig
from tests.images.painter import large_jpeg

KEPT_MB = 20


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library gives back what it likes, untold")
def test_memory_is_back_after_the_largest_pictures(tmp_path: Path, photo: bytes) -> None:
    with rig.fake_providers() as providers:
        rig.set_up(tmp_path, providers, 1)
        with rig.headless(tmp_path) as server:
            rig.pair(server.url, 0)
            rig.post_frames(server.url, 0, frames=40, photo=photo)
            before_mb, large = server.rss_mb(), large_jpeg()
            rig.post_frames(server.url, 0, frames=3, photo=large)
            limit_s = time.monotonic() + 10
            while server.rss_mb() > before_mb + KEPT_MB and time.monotonic() < limit_s:
                time.sleep(0.2)
            assert server.rss_mb() <= before_mb + KEPT_MB
