"""What the frozen program leaves out of all that PyInstaller finds: what our window and reader never load.

`excludes=` keeps Python modules out, but not the libraries and plugins that a package's hook brings. The spec passes
everything through `trimmed()`; names are those within the bundle, with slashes, on Linux and Windows alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import PurePath

Entry = tuple[str, str, str]
"""The name within the bundle, the file it comes from, its kind."""

LANGUAGES = ("de",)
"""Besides English; Qt's own texts come in forty."""

MODULES = (
    # Python's own that nobody here imports, or that would bring libraries under the GPL alone.
    "_dbm", "_gdbm", "curses", "dbm.gnu", "dbm.ndbm", "idlelib", "lib2to3", "readline", "rlcompleter", "test",
    "tkinter", "turtle", "_tkinter", "ensurepip", "venv",
    # What libraries bring for their own developers, or for uses that are not ours.
    "IPython", "matplotlib", "pandas", "pytest", "scipy", "setuptools", "pkg_resources", "_distutils_hack", "trio",
    "numpy.f2py", "numpy.distutils", "numpy.random", "numpy.tests", "numpy._pyinstaller", "shapely.tests",
    "pygments", "rich", "click",
    "onnxruntime.backend", "onnxruntime.datasets", "onnxruntime.quantization", "onnxruntime.tools",
    "onnxruntime.transformers", "pyqtgraph.examples", "pyqtgraph.opengl", "pyqtgraph.jupyter", "pyqtgraph.console",
    "pyqtgraph.flowchart", "pyqtgraph.canvas", "pyqtgraph.dockarea",
    "PIL._avif", "PIL._imagingtk", "PIL.ImageTk", "PIL.AvifImagePlugin",
    "cv2.load_config_py2", "cv2.gapi",
    "PySide6.QtTest", "PySide6.QtQml", "PySide6.QtQuick",
)  # fmt: skip

PLUGINS = {
    # The compositor and X; offscreen for a machine that has neither and is told so.
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qwindows"),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "wayland-shell-integration": ("xdg-shell",),
    "wayland-decoration-client": ("adwaita", "bradient"),
    # The style sheet's drawings, and what the images room makes of every photograph.
    "imageformats": ("qsvg", "qjpeg"),
    "iconengines": ("qsvgicon",),
}
"""Of Qt, by folder; what draws by OpenGL is not among them, so no driver of the machine is ever loaded."""
_PLUGIN = re.compile(r"PySide6/(?:Qt/)?plugins/([^/]+)/(?:lib)?([^/.]+)\.(?:so|dll)")
_TEXTS = re.compile(r"PySide6/(?:Qt/)?translations/([^/]+)\.qm")

HOSTS = re.compile(r"lib(?:X11|X11-xcb|xcb|fontconfig|freetype|expat|z|stdc\+\+|gcc_s|uuid|com_err|gpg-error)\.so\.\d+")
"""Every Linux desktop has these, and newer than ours they must be its own: what it loads itself is linked to them, and
an older fontconfig would look through all fonts at every start, since it cannot read the newer one's cache.
https://github.com/AppImageCommunity/pkg2appimage/blob/master/excludelist
"""

UNUSED = re.compile(
    "|".join((
        # A copy of the library for C programs; Python's module holds it all.
        r"onnxruntime/capi/(?:lib)?onnxruntime(?:\.so.*|\.dll|\.lib)",
        r"cv2/(?:qt|data)/.*",
        r"(?:cv2/)?opencv_videoio_ffmpeg.*\.dll",
        r"PySide6/(?:opengl32sw|d3dcompiler.*|Qt6VirtualKeyboard)\.dll",
        r"PySide6/(?:Qt/)?(?:qml|resources|metatypes|typesystems)/.*",
        r"(?:.*/)?(?:lib)?Qt6(?:VirtualKeyboard|Quick3D|Charts|Graphs|ShaderTools)\w*\.(?:so.*|dll)",
        r".*\.(?:pyi|pxd|pyx|h|lib|a)",
        r"(?:.*/)?tests?/.*",
    ))
)  # fmt: skip


def is_used(name: str) -> bool:
    """Whether the bundle needs the file that it would call ``name``."""
    name = str(PurePath(name)).replace("\\", "/")
    if plugin := _PLUGIN.fullmatch(name):
        return plugin[2] in PLUGINS.get(plugin[1], ())
    if text := _TEXTS.fullmatch(name):
        return text[1] in {f"qtbase_{language}" for language in LANGUAGES}
    return UNUSED.fullmatch(name) is None and HOSTS.fullmatch(name) is None


def trimmed(
    binaries: Iterable[Entry], datas: Iterable[Entry], needs: Callable[[str], Iterable[str]]
) -> tuple[list[Entry], list[Entry]]:
    """``binaries`` and ``datas`` without what is not used, nor the libraries that only that needed.

    ``needs``: the names of the libraries that a file is linked to, with or without those they are linked to in turn.
    """
    kept, gone = _parted(binaries)
    wanted_by_kept = {entry: _needed(entry, needs) for entry in kept}
    orphans = {name for entry in gone for name in _needed(entry, needs)}
    while lost := [entry for entry in kept if _file(entry) in orphans and not _is_wanted(entry, wanted_by_kept)]:
        for entry in lost:
            kept.remove(entry)
            orphans |= wanted_by_kept.pop(entry)
        gone += lost
    names = {entry[0] for entry in gone}
    left = [entry for entry in datas if is_used(entry[0]) and not (_is_link(entry) and _target(entry) in names)]
    return [entry for entry in kept if not (_is_link(entry) and _target(entry) in names)], left


def _parted(entries: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    kept: list[Entry] = []
    gone: list[Entry] = []
    for entry in entries:
        (kept if is_used(entry[0]) else gone).append(entry)
    return kept, gone


def _is_wanted(entry: Entry, wanted: dict[Entry, set[str]]) -> bool:
    return any(_file(entry) in names for other, names in wanted.items() if _file(other) != _file(entry))


def _needed(entry: Entry, needs: Callable[[str], Iterable[str]]) -> set[str]:
    return set() if _is_link(entry) else {name.lower() for name in needs(entry[1])}


def _file(entry: Entry) -> str:
    return PurePath(entry[0]).name.lower()  # Windows knows no difference


def _is_link(entry: Entry) -> bool:
    return entry[2] == "SYMLINK"


def _target(entry: Entry) -> str:
    """A link is told by where it leads, from the folder it lies in."""
    return str(PurePath(entry[0]).parent / entry[1])
