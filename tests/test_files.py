"""Files are moved and deleted although a scanner looks into them for a moment, which on Windows holds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import files


def hold(monkeypatch: pytest.MonkeyPatch, what: str, *, times: int) -> list[Path]:
    """Let nobody do that to a file so many ``times``; to which it was refused."""
    act, held = getattr(Path, what), list[Path]()

    def refuse(path: Path, *words: object) -> object:
        if len(held) < times:
            held.append(path)
            raise PermissionError(13, "The process cannot access the file because it is being used by another process")
        return act(path, *words)

    monkeypatch.setattr(Path, what, refuse)
    return held


def test_a_file_that_is_held_for_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_SCANNERS_HOLD", True)
    for name in ("replace", "unlink"):
        hold(monkeypatch, name, times=1)
    draft, kept = tmp_path / "draft", tmp_path / "kept"
    kept.write_text("old", encoding="utf-8")
    draft.write_text("new", encoding="utf-8")
    files.move(draft, kept)
    assert (kept.read_text(encoding="utf-8"), draft.exists()) == ("new", False)
    files.delete(kept)
    assert not kept.exists()


@pytest.mark.parametrize(("on_windows", "times"), [(True, 2), (False, 1)])
def test_a_file_that_may_not_be_moved(
    on_windows: bool, times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_SCANNERS_HOLD", on_windows)
    held = hold(monkeypatch, "replace", times=9)
    (tmp_path / "draft").touch()
    with pytest.raises(PermissionError):
        files.move(tmp_path / "draft", tmp_path / "kept")
    assert len(held) == times


def test_what_is_not_there_is_said_unless_that_is_as_good(tmp_path: Path) -> None:
    files.delete(tmp_path / "nothing", missing_ok=True)
    with pytest.raises(FileNotFoundError):
        files.delete(tmp_path / "nothing")
    with pytest.raises(FileNotFoundError):
        files.move(tmp_path / "nothing", tmp_path / "there")
