"""What the program is built on: each library's version and licence, as the library itself says.

A built program holds more than those, down to the system's libraries, and brings the licences of all of it in a text
(``packaging/licences.py``): then that is what is listed, and the text of whichever is selected stands below.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

from app.paths import resource

LIBRARIES = (
    "aiohttp", "cachetools", "certifi", "colorama", "filelock", "genai-prices", "httpx", "ifaddr", "keyring", "numpy",
    "orjson", "paho-mqtt", "peewee", "Pillow", "platformdirs", "pydantic", "secretstorage", "truststore",
    "typing-extensions", "tzdata", "zeroconf", "PySide6-Essentials", "pyqtgraph", "qasync", "segno", "omegaconf",
    "onnxruntime", "opencv-python-headless", "rapidocr", "zxing-cpp",
)  # fmt: skip
"""Those of pyproject.toml; one that is not installed is not shown."""
BUNDLE = "THIRD_PARTY_LICENCES.txt"
"""Among the resources of a built program."""
_RULE = "=" * 100
_HEAD = re.compile(rf"^{_RULE}\n(.+)\n(.+)\n(?:(.+)\n)?{_RULE}\n", re.MULTILINE)
_LAST_WORD_WITH_DIGIT = re.compile(r"(.+) (\S*\d\S*)")

Facts = dict[str, tuple[str, str, str]]
"""Version, licence and its text ("": not here) by name."""


def all_facts() -> Facts:
    """Of all that is inside; from source, of the project's libraries. Reads files: not on the loop."""
    bundle = resource(BUNDLE)
    if bundle.is_file():
        return bundle_facts(bundle)
    return {name: (*told, "") for name, told in library_facts().items()}


def bundle_facts(file: Path) -> Facts:
    """What a built program holds, as its text of the licences tells."""
    facts = {}
    _, *parts = _HEAD.split(file.read_text(encoding="utf-8"))
    for title, licence, note, text in zip(*[iter(parts)] * 4, strict=True):
        named = _LAST_WORD_WITH_DIGIT.fullmatch(title)
        name, version = named.groups() if named else (title, "")
        facts[name] = (version, licence, f"{note}\n\n{text.strip()}" if note else text.strip())
    return facts


def library_facts() -> dict[str, tuple[str, str]]:
    """Version and licence of the project's libraries by name. Reads files: not on the loop."""
    facts = {}
    for name in LIBRARIES:
        try:
            told = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        facts[name] = (told["Version"], _licence(told))
    return facts


def _licence(told: metadata.PackageMetadata) -> str:
    for field in ("License-Expression", "License"):
        said = told[field].strip() if field in told else ""
        if said and "\n" not in said:  # some put the whole text there
            return said
    classifiers = told.get_all("Classifier") or []
    named = [text.rsplit(" :: ", 1)[-1] for text in classifiers if text.startswith("License ::")]
    return ", ".join(named)
