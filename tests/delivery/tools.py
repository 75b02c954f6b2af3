"""The scripts of ``packaging/``, imported as they are: they stand in no package."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from app.bootstrap import ROOT

PACKAGING = Path(ROOT, "packaging")


def script(name: str) -> ModuleType:
    """``packaging/NAME.py``, read anew."""
    path = PACKAGING / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"delivery_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    sys.modules[spec.name] = module  # a dataclass looks its module up
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = before  # they find their neighbours by it
    return module
