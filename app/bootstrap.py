"""From a fresh checkout to a running program, with nothing but Python: a private environment, made once.

`ensure()` is the first call of `python3 -m app` and `python3 -m tests`. It makes `.venv/<hash>/` in the checkout,
installs `packaging/requirements.lock` into it with pip's own wheel (Debian's Python has no `ensurepip`), checks every
hash, and runs the same command again inside. Progress goes to standard error; standard output belongs to the program.

- `<hash>` is made of the lock, the Python and the platform: an upgrade gets a new folder and never pulls packages from
  under a running instance. Python's micro version is left out: 3.11.7 runs what 3.11.2 installed.
- `stamp` in it says which groups are complete and is written after each. No stamp: an install was cut short, the
  folder is cleared and made again. A group missing from the stamp is laid over whatever part of it is there.
- One lock file per folder, whose descriptor pip inherits: when a start is killed, pip runs on, and the next start
  waits for it.
- `core` and `test` must install, else the program ends with one sentence. `window` and `reader` may fail: the program
  runs without them, the stamp remembers why, and they are tried again after a day, or at once when `.venv` is removed.
- pip's configuration (index, certificates, proxy, constraints) is the user's; what would move the packages out of the
  environment is overridden.

`FRAME_BACKEND_NO_BOOTSTRAP=1` switches all of this off, for packagers and for an environment of one's own.

Standard library only, and at the top only what every Python has loaded already (hence os.path, not pathlib): a second
start pays for this file before it pays for anything else.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing itself costs 4 ms
    import subprocess
    from collections.abc import Sequence
    from typing import Any, BinaryIO, NoReturn

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENVS = os.path.join(ROOT, ".venv")
LOCK = os.path.join(ROOT, "packaging", "requirements.lock")

REQUIRED = ("core", "test")
RETRY_AFTER_S = 24 * 3600
OFF = "FRAME_BACKEND_NO_BOOTSTRAP"
# Set across one re-execution only, so that a broken environment cannot make us re-execute for ever.
ENTERING = "FRAME_BACKEND_ENTERING"

PROBES = {"window": ("PySide6", "qasync"), "reader": ("rapidocr", "onnxruntime", "zxingcpp")}
WITHOUT = {
    "window": "The window's packages could not be installed: {why}. Running without a window.",
    "reader": "The on-device reader could not be installed: {why}. Text and codes are read by the AI providers alone.",
}

# What Qt's libraries and its xcb plugin link to outside their wheel (objdump -p), and who brings it on Debian and
# Ubuntu. What these packages depend on is not listed. Xinerama is loaded at run time by some distributions' Xlib.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}


# ---- what the program calls -----------------------------------------------------------------------------------------


def ensure(groups: Sequence[str] = ("core", "window", "reader")) -> None:
    """Returns only inside an environment that holds `groups`; otherwise installs them and starts the command again.

    Exits with status 1 and one sentence when a required group cannot be installed, 130 on Ctrl-C.
    """
    if getattr(sys, "frozen", False) or os.environ.get(OFF) == "1":
        return
    if sys.version_info < (3, 11):
        _stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    folder = environment()
    inside = _inside(folder)
    if not _settled(_stamp(folder), groups):
        _install(folder, groups)
    elif inside:
        os.environ.pop(ENTERING, None)
        return
    if not inside and os.environ.get(ENTERING) == folder:
        _stop(f"The environment {folder} does not work: remove it and start again.")
    _enter(folder)


def available(group: str) -> bool:
    """Whether `window` or `reader` can be used here; outside an environment of ours, whether its packages are found."""
    if getattr(sys, "frozen", False):
        return True
    if _ours():
        return _error(group) == ""
    from importlib.util import find_spec

    return all(find_spec(module) for module in PROBES[group])


def missing_sentence(group: str) -> str:
    """One sentence for people: why `window` or `reader` is not there, and what that means."""
    why = _error(group) if _ours() else "not found by this Python"
    return WITHOUT[group].format(why=why)


def _error(group: str) -> str:
    return _stamp(sys.prefix).get(group, (0.0, "it was not asked for"))[1]


def missing_qt_libraries() -> list[str]:
    """Debian packages whose libraries Qt needs and this Linux lacks; empty elsewhere."""
    import ctypes

    missing = []
    needed = QT_LIBRARIES if sys.platform == "linux" else {}
    for library, package in needed.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def apt_line(packages: Sequence[str]) -> str:
    """The command that installs `packages` on Debian and Ubuntu, to be copied as it is."""
    sudo = "" if is_root() else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {' '.join(packages)}"


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


# ---- which environment ----------------------------------------------------------------------------------------------


def environment() -> str:
    """The folder of this checkout's environment for this lock, Python and platform; it need not exist yet."""
    # Inside, the folder is known; there Python may spell its base prefix differently than outside.
    if _ours() and os.path.basename(sys.prefix).startswith(_lock_hash()[:8]):
        return sys.prefix
    machine = os.uname().machine if hasattr(os, "uname") else os.environ.get("PROCESSOR_ARCHITECTURE", "")
    abi = f"{sys.implementation.cache_tag}{getattr(sys, 'abiflags', '')}"
    key = "\n".join((sys.platform, machine, abi, os.path.realpath(sys.base_prefix)))
    return os.path.join(VENVS, f"{_lock_hash()[:8]}{_sha256(key.encode())[:8]}")


def _inside(folder: str) -> bool:
    return os.path.realpath(sys.prefix) == os.path.realpath(folder)


def _ours() -> bool:
    return os.path.realpath(os.path.dirname(sys.prefix)) == os.path.realpath(VENVS)


def _lock_hash() -> str:
    with open(LOCK, "rb") as file:
        # A checkout on Windows may have turned the line ends.
        return _sha256(file.read().replace(b"\r\n", b"\n"))


def _sha256(data: bytes) -> str:
    # The module inside, under its name of before and after 3.12: hashlib loads OpenSSL around it, 6 ms of every start.
    for name in ("_sha2", "_sha256", "hashlib"):
        try:
            return str(__import__(name).sha256(data).hexdigest())
        except ImportError:
            continue
    raise AssertionError("hashlib is always there")


def _python(folder: str) -> str:
    if os.name != "nt":
        return os.path.join(folder, "bin", "python")
    windowless = os.path.basename(sys.executable).lower() == "pythonw.exe"
    return os.path.join(folder, "Scripts", "pythonw.exe" if windowless else "python.exe")


# ---- the stamp ------------------------------------------------------------------------------------------------------


def _stamp(folder: str) -> dict[str, tuple[float, str]]:
    """Group -> (when, in seconds since 1970; "" or why it failed); empty when nothing is complete.

    Lines with tabs, since importing json would cost every start 10 ms.
    """
    try:
        with open(os.path.join(folder, "stamp"), encoding="utf-8") as file:
            lock, *lines = file.read().splitlines()
        groups = {group: (float(at), error) for group, at, error in (line.split("\t") for line in lines)}
    except (OSError, ValueError):
        return {}
    return groups if lock == _lock_hash() and "core" in groups else {}


def _write_stamp(folder: str, groups: dict[str, tuple[float, str]]) -> None:
    draft = os.path.join(folder, "stamp.draft")
    with open(draft, "w", encoding="utf-8") as file:
        file.write(f"{_lock_hash()}\n")
        file.writelines(f"{group}\t{at:.0f}\t{error}\n" for group, (at, error) in groups.items())
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, os.path.join(folder, "stamp"))


def _settled(stamp: dict[str, tuple[float, str]], groups: Sequence[str]) -> bool:
    """Whether there is nothing to do for `groups`: each is installed, or failed less than a day ago."""
    import time

    for group in groups:
        at, error = stamp.get(group, (0.0, "never tried"))
        if error and abs(time.time() - at) > RETRY_AFTER_S:
            return False
    return True


# ---- installing -----------------------------------------------------------------------------------------------------


def _install(folder: str, groups: Sequence[str]) -> None:
    try:
        os.makedirs(VENVS, exist_ok=True)
        with _Locked(f"{folder}.lock") as lock:
            _complete(folder, groups, lock)
    except KeyboardInterrupt:
        _say("Interrupted; the next start goes on from here.")
        sys.exit(130)
    except OSError as error:
        _stop(f"The environment {folder} could not be made: {error.strerror or error} ({error.filename or VENVS}).")


def _complete(folder: str, groups: Sequence[str], lock: int) -> None:
    import time

    stamp = _stamp(folder)  # read under the lock: another start may have done the work meanwhile
    if not stamp:
        _make(folder)
    for group in groups:
        if _settled(stamp, (group,)):
            continue
        error = _install_group(folder, group, lock)
        if error and group in REQUIRED:
            _stop(f"The {group} packages could not be installed: {error}. pip's own words: {_log(folder, group)}")
        if error:
            _say(f"{WITHOUT[group].format(why=error)} pip's own words: {_log(folder, group)}")
        stamp[group] = (time.time(), " ".join(error.split()))
        _write_stamp(folder, stamp)


def _make(folder: str) -> None:
    import shutil
    import venv

    if os.path.lexists(folder):
        _say("The last install was cut short; starting it anew.")
        shutil.rmtree(folder)
    _sweep(folder)
    venv.EnvBuilder(symlinks=sys.platform != "win32", with_pip=False).create(folder)


def _sweep(folder: str) -> None:
    """Removes other unfinished environments, unless somebody is at work in them. Finished ones may be running: stay."""
    import shutil

    for name in os.listdir(VENVS):
        other = os.path.join(VENVS, name)
        finished = os.path.exists(os.path.join(other, "stamp"))
        if other == folder or finished or not os.path.isdir(other):
            continue
        held = _try_lock(f"{other}.lock")
        if held is not None:
            shutil.rmtree(other, ignore_errors=True)
            os.close(held)


def _install_group(folder: str, group: str, lock: int) -> str:
    """Installs one group; gives "" or why it failed. pip's output goes to a log file."""
    requirements = lock_groups()[group]
    listing = os.path.join(folder, f"{group}.txt")
    with open(listing, "w", encoding="utf-8") as file:
        file.write("".join(requirements))
    command = [_python(folder), _pip(), "install", "--requirement", listing, "--require-hashes", "--no-deps"]
    command += ["--only-binary", ":all:", "--progress-bar", "off", "--no-input", "--disable-pip-version-check"]
    # --ignore-installed lays the files over those a killed install left; the folder's hash says they are the same
    # ones. --no-compile: compiling everything takes pip 17 s (of 40), and Python compiles what is imported anyway.
    command += ["--ignore-installed", "--no-compile", "--no-warn-script-location"]
    _say(f"Installing {group} (up to {len(requirements)} packages) ...")
    with open(_log(folder, group), "w+b") as log:
        failed = _run(command, log, lock, group, len(requirements))
        if sys.dont_write_bytecode and not failed:
            # Nothing is compiled at import then, and every start would pay half a second.
            compiling = [_python(folder), "-m", "compileall", "-q", "-j", "0", "-x", r"[\\/]tests?[\\/]"]
            _run([*compiling, os.path.join(folder, "Lib" if os.name == "nt" else "lib")], log, lock, group, 0)
        log.seek(0)
        return _reason(log.read().decode(errors="replace")) if failed else ""


def lock_groups(path: str = LOCK) -> dict[str, list[str]]:
    """Group -> its entries in the lock, each a requirement with its hash lines."""
    groups: dict[str, list[str]] = {}
    entries: list[str] = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("# group: "):
                entries = groups.setdefault(line[9:].strip(), [])
            elif line[:1].isspace() and line.strip():
                entries[-1] += line
            elif line.strip() and not line.startswith("#"):
                entries.append(line)
    return groups


def _pip() -> str:
    folder = os.path.dirname(LOCK)
    wheel = next(name for name in sorted(os.listdir(folder)) if name.startswith("pip-") and name.endswith(".whl"))
    return os.path.join(folder, wheel, "pip")


def _log(folder: str, group: str) -> str:
    """Beside the environment, not in it: it outlives a failed one that is cleared."""
    return f"{folder}-{group}.log"


def _run(command: list[str], log: BinaryIO, lock: int, group: str, total: int) -> int:
    """Runs pip, or the compiler after it, to its exit status; it does not outlive a start that is interrupted."""
    process = _start(command, log.fileno(), lock)
    try:
        _watch(process, log.name, group, total)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
    return process.returncode


def _start(command: list[str], stream: int, lock: int) -> subprocess.Popen[bytes]:
    import subprocess

    environ = _clean_environ()
    for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_DRY_RUN", "PIP_QUIET"):
        environ.pop(name, None)
    environ.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PYTHONNOUSERSITE="1", PYTHONUTF8="1")
    special: dict[str, Any] = {}
    if sys.platform == "win32":
        import msvcrt

        handle = msvcrt.get_osfhandle(lock)
        os.set_handle_inheritable(handle, True)
        startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle]})
        special.update(startupinfo=startup, creationflags=subprocess.CREATE_NO_WINDOW)
    else:
        special["pass_fds"] = (lock,)
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, env=environ, **special)


def _watch(process: subprocess.Popen[bytes], log: str, group: str, total: int) -> None:
    """Waits for it and tells how far it is: in place on a terminal, else a line every ten seconds."""
    import contextlib
    import subprocess
    import time

    begun = said = time.monotonic()
    terminal = sys.stderr is not None and sys.stderr.isatty()
    while process.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
        now = time.monotonic()
        if now - said < (0.5 if terminal else 10):
            continue
        said = now
        with open(log, encoding="utf-8", errors="replace") as file:
            text = file.read()
        unpacking = "\nInstalling collected packages" in text
        state = "unpacking" if unpacking else f"fetching {text.count('Collecting ')} of {total}"
        _say(f"  {group}: {state}, {now - begun:.0f} s", replace=terminal)
    if terminal:
        _say(f"  {group}: {time.monotonic() - begun:.0f} s", replace=True)
        _say("")


def _reason(log: str) -> str:
    """pip's many lines, as half a sentence."""
    import re

    if "No space left on device" in log or "not enough space on the disk" in log:
        return "the disk is full"
    if "DO NOT MATCH THE HASHES" in log:
        return "a download is not the file the lock names"
    if re.search(r"SSLError|CERTIFICATE_VERIFY_FAILED", log):
        return "the package index's certificate is not trusted"
    if re.search(r"NewConnectionError|NameResolution|Failed to establish|ConnectTimeout|ReadTimeout|ProxyError", log):
        return "the package index cannot be reached"
    missing = re.search(r"No matching distribution found for ([\w.-]+)", log)
    if missing:
        return f"there is no {missing[1]} for this Python and platform"
    errors = re.findall(r"^ERROR: (.+)", log, re.MULTILINE)
    return errors[-1].strip().rstrip(".") if errors else "pip failed"


# ---- the lock file --------------------------------------------------------------------------------------------------


class _Locked:
    """Holds a lock file; says so when it has to wait. Its descriptor is what pip inherits."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> int:
        import time

        held = _try_lock(self.path)
        if held is None:
            _say("Another start is installing; waiting for it ...")
        while held is None:
            time.sleep(0.2)
            held = _try_lock(self.path)
        self.held = held
        return held

    def __exit__(self, *_: object) -> None:
        os.close(self.held)


if sys.platform == "win32":

    def _try_lock(path: str) -> int | None:
        """As below. msvcrt.locking belongs to one process and would end with a killed start; a file opened with no
        sharing stays closed to others for as long as any process, pip too, has the handle."""
        import _winapi
        import msvcrt

        open_always, sharing_violation = 4, 32
        access = _winapi.GENERIC_READ | _winapi.GENERIC_WRITE
        try:
            handle = _winapi.CreateFile(path, access, 0, _winapi.NULL, open_always, 0, _winapi.NULL)
        except OSError as error:
            if error.winerror == sharing_violation:
                return None
            raise
        return msvcrt.open_osfhandle(handle, os.O_RDWR)

else:

    def _try_lock(path: str) -> int | None:
        """A descriptor that holds `path`, or None when somebody else does. Held until its last copy is closed."""
        import fcntl

        held = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(held)
            return None
        return held


# ---- starting again inside ------------------------------------------------------------------------------------------


def _enter(folder: str) -> NoReturn:
    """The same command (`-X dev -m app --headless`), run by the environment's Python."""
    command = [_python(folder), *sys.orig_argv[1:]]
    environ = _clean_environ()
    environ[ENTERING] = folder
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    if os.name == "nt":
        _run_through(command, environ)
    os.execve(command[0], command, environ)  # noqa: S606 -- no shell is the point


def _run_through(command: list[str], environ: dict[str, str]) -> NoReturn:
    """Windows has no exec that keeps the console waiting: a child, whose exit status becomes ours."""
    import subprocess

    child = subprocess.Popen(command, env=environ)
    while True:
        try:
            sys.exit(child.wait())
        except KeyboardInterrupt:
            continue  # the child got the same Ctrl-C and stops in its own time


def _clean_environ() -> dict[str, str]:
    """Without what would let other packages in. The user's site folder is shut out by the environment itself."""
    environ = dict(os.environ)
    for name in ("PYTHONPATH", "PYTHONHOME", "__PYVENV_LAUNCHER__", ENTERING):
        environ.pop(name, None)
    return environ


def _say(sentence: str, replace: bool = False) -> None:
    if sys.stderr is None:  # pythonw.exe
        return
    print(f"\r{sentence:<60}" if replace else sentence, end="" if replace else "\n", file=sys.stderr, flush=True)


def _stop(sentence: str) -> NoReturn:
    _say(sentence)
    sys.exit(1)
