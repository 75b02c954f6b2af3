"""Remakes the locks of `packaging/` from `pyproject.toml`: `requirements.lock` and one for each tool.

    python3 packaging/lock.py             adds and removes what pyproject.toml says, keeps the other versions
    python3 packaging/lock.py --upgrade   takes the newest versions pyproject.toml allows

It needs `uv` (`pip install uv`) and a package index; which one is the user's own configuration and never gets into the
lock. One lock serves Linux and Windows, Python 3.11 to 3.13: markers pick the lines.

- `requirements.lock` is the program and its tests. `# group:` headings split it for `app/bootstrap.py`; each package
  stands under the first group that needs it.
- `build.lock` is what freezes it, laid over the former and agreeing with it.
- `audit.lock` is what looks a release over, in an environment of its own.
- `models.lock` is what `make_models.py` converts models with, in one too, less what `models-overrides.txt` names.

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
TOOLS_HEAD = """\
# Made by `python3 packaging/lock.py` from pyproject.toml's group `{group}`: do not edit.
#   pip install --require-hashes --no-deps --only-binary :all: -r packaging/{group}.lock
"""
# What each group adds to the ones before it, as options of `uv pip compile`.
GROUPS = {
    "core": [],
    "window": ["--extra", "window"],
    "reader": ["--extra", "reader"],
    "test": ["--group", "test"],
}
# Locks of their own, and the options that tie them to the program's.
TOOLS = {
    "build": ["--constraint", str(LOCK)],
    "audit": [],
    "models": ["--overrides", str(LOCK.with_name("models-overrides.txt"))],
}
# window and reader must each be installable without the other.
SIBLINGS = ("window", "reader")


def compile_lock(options: list[str], output: Path, *more: str) -> dict[str, list[str]]:
    """Package name -> its entries (a requirement line and its hash lines), as uv resolves them."""
    found = shutil.which("uv")
    uv = [found] if found else [sys.executable, "-m", "uv"]
    command = [*uv, "pip", "compile", *options, "--universal", "--python-version", "3.11"]
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
    lock_program()
    for group, options in TOOLS.items():
        lock_tools(group, options)


def lock_program() -> None:
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder, "whole.lock")
        if LOCK.exists():
            shutil.copyfile(LOCK, whole)  # uv keeps the versions it finds in its output file
        everything = [option for options in GROUPS.values() for option in options]
        locked = compile_lock(["pyproject.toml", *everything], whole, *sys.argv[1:])
        pins = ["--constraint", str(whole)]
        needs = {
            group: set(compile_lock(["pyproject.toml", *options], Path(folder, f"{group}.lock"), *pins))
            for group, options in GROUPS.items()
        }
    text = HEAD
    placed: set[str] = set()
    for group in GROUPS:
        text += f"\n# group: {group}\n"
        names = [name for name in locked if name in needs[group] - placed]
        text += "".join(entry for name in names for entry in locked[name])
        placed.update(names)
    check(locked, needs, placed)
    replace(LOCK, text, len(placed))


def lock_tools(group: str, options: list[str]) -> None:
    lock = LOCK.with_name(f"{group}.lock")
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder, lock.name)
        if lock.exists():
            shutil.copyfile(lock, draft)
        locked = compile_lock(["--group", group], draft, *options, *sys.argv[1:])
    text = "".join(entry for found in locked.values() for entry in found)
    replace(lock, f"{TOOLS_HEAD.format(group=group)}\n{text}", len(locked))


def check(locked: dict[str, list[str]], needs: dict[str, set[str]], placed: set[str]) -> None:
    """Stops before a lock is written that would not install."""
    shared = set.intersection(*(needs[group] for group in SIBLINGS)) - needs["core"]
    if shared:
        sys.exit(f"{' and '.join(SIBLINGS)} share {sorted(shared)}: name them among the core dependencies")
    if placed != set(locked):
        sys.exit(f"in no group: {sorted(set(locked) - placed)}")
    if "opencv-python" in locked:
        sys.exit("opencv-python needs X libraries and clashes with opencv-python-headless: find out who asks for it")


def replace(lock: Path, text: str, packages: int) -> None:
    """In one step: a start that reads the lock meanwhile sees the old one or the new one."""
    if "://" in text:
        sys.exit("an index host got into the lock: remove it from the options")
    draft = lock.with_suffix(".draft")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(lock)
    print(f"{lock.relative_to(ROOT)}: {packages} packages")


if __name__ == "__main__":
    main()
