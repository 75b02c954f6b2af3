"""The models are made from the packages they are credited to, and from no others of the same name."""

from __future__ import annotations

import hashlib
import io
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from app.paths import resource
from app.providers.sight.models import SHA256
from tests.delivery.tools import PACKAGING, script

recipe = script("make_models")
PACKAGES = (recipe.DETECTOR, recipe.CLASSIFIER, recipe.FACES)
NEVER = [sys.executable, "-c", "raise SystemExit('fetched')"]


def test_each_package_is_credited_by_its_version_and_its_hash() -> None:
    told = (resource("models") / "CREDITS.md").read_text(encoding="utf-8")
    for package in PACKAGES:
        name, version = package.name.replace("@", "==").split("==")
        assert f"`{name}` {version}, " in told
        assert f"| `{package.file}` | `{package.sha256}` |" in told


def test_each_model_that_is_shipped_is_made() -> None:
    text = (PACKAGING / "convert_models.py").read_text(encoding="utf-8")
    assert [name for name in SHA256 if f'"{name}": ' not in text] == []


def test_another_file_than_the_known_one_is_refused_and_not_unpacked(tmp_path: Path) -> None:
    (tmp_path / recipe.FACES.file).write_bytes(b"another")
    with pytest.raises(SystemExit, match="SHA-256 is another"):
        recipe.unpack(recipe.FACES, tmp_path, NEVER)
    assert [path.name for path in tmp_path.iterdir()] == [recipe.FACES.file]


@pytest.mark.parametrize("file", ["some-1.0.tgz", "some-1.0-py3-none-any.whl"])
def test_what_was_fetched_before_is_unpacked_and_not_fetched_again(tmp_path: Path, file: str) -> None:
    if file.endswith(".tgz"):
        with tarfile.open(tmp_path / file, "w:gz") as archive:
            member = tarfile.TarInfo("some/model")
            member.size = 5
            archive.addfile(member, io.BytesIO(b"model"))
    else:
        with zipfile.ZipFile(tmp_path / file, "w") as wheel:
            wheel.writestr("some/model", "model")
    sha256 = hashlib.sha256((tmp_path / file).read_bytes()).hexdigest()
    recipe.unpack(recipe.Package("some", file, sha256), tmp_path, NEVER)
    assert (tmp_path / "packages" / "some" / "model").read_bytes() == b"model"


def test_a_folder_in_the_checkout_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["make_models.py", str(PACKAGING / "made")])
    with pytest.raises(SystemExit, match="in the checkout"):
        recipe.main()
