"""What the first paint waits for: nothing that it does not show."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_store_pictures_and_tabs_are_imported_after_it() -> None:
    code = "import sys, app.start, app.window; print(*sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    late = ("app.store", "app.images", "app.server", "app.providers", "app.ui.tabs", "peewee", "PIL", "keyring")
    late += (
        "pyqtgraph",
        "zeroconf",
        "onnxruntime",
        "rapidocr",
        "cv2",
        "numpy",
        "aiohttp",
        "httpx",
        "pydantic",
    )
    assert [name for name in done.stdout.split() if name.startswith(late)] == []
