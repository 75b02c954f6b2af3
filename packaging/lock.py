"""Remakes `packaging/requirements.lock` from `pyproject.toml`.

    python3 packaging/lock.py             adds and removes what pyproject.toml says, keeps the other versions
    python3 packaging/lock.py --upgrade   takes the newest versions pyproject.toml allows

It needs `uv` (`pip install uv`) and a package index; which one is the user's own configuration and never gets into the
lock. One lock serves Linux and Windows, Python 3.11 to 3.13: markers pick the lines. Its `# group:` headings split it
for `app/bootstrap.py`; each package stands under the first group that needs it.

pip's own wheel lies beside the lock, so that no `ensurepip` is needed. A newer one:
`pip download --no-deps --dest packaging pip`, and remove the old file.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "requirements.lock"
HEAD = """\
# Made by `python3 packaging/lock.py` from pyproject.toml: do not edit.
# Installed group by group by app/bootstrap.py; all at once:
#   pip install --require-hashes --no-deps --only-binary :all: -r packaging/requirements.lock
"""
# What each group adds to the ones before it, as options of `uv pip compile`.
GROUPS = {
    "core": [],
    "window": ["--extra", "window"],
    "reader": ["--extra", "reader"],
    "test": ["--group", "test"],
}
# window and reader must each be installable without the other.
SIBLINGS = ("window", "reader")


def compile_lock(options: list[str], output: Path, *more: str) -> dict[str, list[str]]:
    """Package name -> its entries (a requirement line and its hash lines), as uv resolves them."""
    uv = [shutil.which("uv")] if shutil.which("uv") else [sys.executable, "-m", "uv"]
    command = [*uv, "pip", "compile", "pyproject.toml", *options, "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-header", "--no-annotate", "--quiet", "--output-file", str(output), *more]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return entries(output.read_text(encoding="utf-8"))


def entries(text: str) -> dict[str, list[str]]:
    """Package name -> its entries; one package may have several, for different markers."""
    found: dict[str, list[str]] = {}
    for entry in re.findall(r"^[a-z0-9][^\n]*==(?:[^\n]*\\\n)*[^\n]*\n", text, re.MULTILINE):
        found.setdefault(entry.split("==")[0].strip(), []).append(entry)
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder, "whole.lock")
        if LOCK.exists():
            shutil.copyfile(LOCK, whole)  # uv keeps the versions it finds in its output file
        everything = [option for options in GROUPS.values() for option in options]
        locked = compile_lock(everything, whole, *sys.argv[1:])
        pins = ["--constraint", str(whole)]
        needs = {
            group: set(compile_lock(options, Path(folder, f"{group}.lock"), *pins)) for group, options in GROUPS.items()
        }
    text = HEAD
    placed: set[str] = set()
    for group in GROUPS:
        text += f"\n# group: {group}\n"
        names = [name for name in locked if name in needs[group] - placed]
        text += "".join(entry for name in names for entry in locked[name])
        placed.update(names)
    check(text, locked, needs, placed)
    # Replaced in one step: a start that reads the lock meanwhile sees the old one or the new one.
    draft = LOCK.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(LOCK)
    print(f"{LOCK.relative_to(ROOT)}: {len(placed)} packages")


def check(text: str, locked: dict[str, list[str]], needs: dict[str, set[str]], placed: set[str]) -> None:
    """Stops before a lock is written that would not install, or that says where it was made."""
    shared = set.intersection(*(needs[group] for group in SIBLINGS)) - needs["core"]
    if shared:
        sys.exit(f"{' and '.join(SIBLINGS)} share {sorted(shared)}: name them among the core dependencies")
    if placed != set(locked):
        sys.exit(f"in no group: {sorted(set(locked) - placed)}")
    if "opencv-python" in locked:
        sys.exit("opencv-python needs X libraries and clashes with opencv-python-headless: find out who asks for it")
    if "://" in text:
        sys.exit("an index host got into the lock: remove it from the options")


if __name__ == "__main__":
    main()
