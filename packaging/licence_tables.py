"""What `licences.py` knows by itself: which licences the bundle may hold, and those of parts that do not say theirs."""

PERMITTED = frozenset({
    "0BSD", "AFL-2.1", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC-BY-4.0", "CC0-1.0", "FTL", "HPND",
    "ICU", "ISC", "LicenseRef-BSD", "LicenseRef-Public-Domain", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0",
    "Python-2.0.1", "Unicode-3.0", "Unlicense", "Zlib", "blessing", "bzip2-1.0.6", "curl", "libpng-2.0",
})  # fmt: skip
LINKED = frozenset({"LGPL-2.0-or-later", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"})
"""Fine as long as a part can be replaced: one-dir keeps libraries as files of their own, and our source is open."""
EXCEPTIONS = frozenset({
    "GPL-2.0-or-later WITH Bootloader-exception", "GPL-3.0-or-later WITH GCC-exception-3.1",
    "GPL-2.0-or-later WITH GCC-exception-2.0", "Apache-2.0 WITH LLVM-exception",
})  # fmt: skip
"""Licences that would spread, with the exception that keeps them from it."""

SPELLINGS = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "mit license": "MIT",
}
"""Of the old field `License`, which is free text."""
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "LicenseRef-BSD",  # 2 or 3 clauses, it does not say
    "GNU Affero General Public License v3": "AGPL-3.0-only",
    "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
    "GNU General Public License (GPL)": "GPL-1.0-or-later",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}

SILENT = {
    "peewee": ("MIT", "Permission is hereby granted, free of charge"),
    "pyinstaller": ("GPL-2.0-or-later WITH Bootloader-exception", "Bootloader Exception"),
}
"""Packages whose metadata do not say it, or not exactly: the licence, and a sentence of their text that proves it."""
TEXTS = {
    "flatbuffers": ("Apache-2.0",),
    "pyside6-essentials": ("LGPL-3.0", "GPL-3.0"),  # the LGPL 3 is written as additions to the GPL 3
    "shiboken6": ("LGPL-3.0", "GPL-3.0"),
}
"""Packages that bring no text: which files of `packaging/licence_texts/` hold it."""
INSIDE = {
    "opencv-python-headless": "holds FFmpeg (LGPL-2.1-or-later) as libraries of their own, and others: below",
    "numpy": "holds OpenBLAS (BSD-3-Clause) and GCC's Fortran run time (GPL-3.0-or-later WITH GCC-exception-3.1)",
    "onnxruntime": "holds what ThirdPartyNotices names: below",
    "pillow": "holds libraries for pictures and letters, permissive all of them: below",
    "pyside6-essentials": "Qt 6 (LGPL-3.0-only; its sources: https://download.qt.io/official_releases/qt/)",
    "rapidocr": "holds PaddleOCR's models (Apache-2.0)",
    "shapely": "holds GEOS (LGPL-2.1-or-later) as libraries of their own",
}
"""Native parts within a package, in a word."""

QT_MODULES = frozenset({
    "Core", "DBus", "EglFSDeviceIntegration", "EglFsKmsSupport", "EglFsKmsGbmSupport", "Gui", "Network", "OpenGL",
    "OpenGLWidgets", "PrintSupport", "Svg", "SvgWidgets", "WaylandClient", "WaylandEglClientHwIntegration", "Widgets",
    "WlShellIntegration", "XcbQpa", "Xml",
})  # fmt: skip
"""Those under the LGPL that our window may bring. VirtualKeyboard, Quick3D, Charts and Graphs are under the GPL."""

LIBRARIES = {
    "libX11*": "MIT", "libXau": "MIT", "libXdmcp": "MIT", "libXext": "MIT", "libXrender": "MIT", "libXi": "MIT",
    "libICE": "MIT", "libSM": "MIT", "libxcb*": "MIT", "libxkbcommon*": "MIT", "libwayland-*": "MIT",
    "libEGL": "MIT", "libGL": "MIT", "libGLX": "MIT", "libGLdispatch": "MIT", "libOpenGL": "MIT", "libdrm": "MIT",
    "libexpat": "MIT", "libffi": "MIT", "libfontconfig": "HPND", "libfreetype": "FTL OR GPL-2.0-or-later",
    "libharfbuzz": "MIT", "libgraphite2": "LGPL-2.1-or-later OR MPL-2.0", "libpng16": "libpng-2.0",
    "libjpeg": "BSD-3-Clause", "libbrotli*": "MIT", "libicu*": "Unicode-3.0", "libpcre2-*": "BSD-3-Clause",
    "libglib-2.0": "LGPL-2.1-or-later", "libgthread-2.0": "LGPL-2.1-or-later", "libgobject-2.0": "LGPL-2.1-or-later",
    "libgio-2.0": "LGPL-2.1-or-later", "libgmodule-2.0": "LGPL-2.1-or-later",
    "libdbus-1": "AFL-2.1 OR GPL-2.0-or-later", "libsystemd": "LGPL-2.1-or-later", "libcap": "BSD-3-Clause",
    "libgcrypt": "LGPL-2.1-or-later", "libgpg-error": "LGPL-2.1-or-later", "liblz4": "BSD-2-Clause",
    "libzstd": "BSD-3-Clause OR GPL-2.0-only", "liblzma": "LicenseRef-Public-Domain", "libbz2": "bzip2-1.0.6",
    "libz": "Zlib", "libuuid": "BSD-3-Clause", "libblkid": "LGPL-2.1-or-later", "libmount": "LGPL-2.1-or-later",
    "libselinux": "LicenseRef-Public-Domain", "libbsd": "BSD-3-Clause", "libmd": "BSD-3-Clause",
    "libgssapi_krb5": "MIT", "libkrb5": "MIT", "libkrb5support": "MIT", "libk5crypto": "MIT", "libcom_err": "MIT",
    "libkeyutils": "LGPL-2.1-or-later", "libcrypto": "Apache-2.0", "libssl": "Apache-2.0", "libsqlite3": "blessing",
    "libncurses*": "MIT", "libtinfo": "MIT", "libpython3*": "PSF-2.0", "libnsl": "LGPL-2.1-or-later",
    "libtirpc": "BSD-3-Clause", "libmpdec": "BSD-2-Clause",
    "libstdc++": "GPL-3.0-or-later WITH GCC-exception-3.1", "libgcc_s": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libgomp": "GPL-3.0-or-later WITH GCC-exception-3.1", "libgfortran": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libquadmath": "LGPL-2.1-or-later",
    # Never to be let in, and named here so that the fault says why.
    "libreadline": "GPL-3.0-or-later", "libhistory": "GPL-3.0-or-later", "libgdbm*": "GPL-3.0-or-later",
    "libdb-*": "Sleepycat",
}  # fmt: skip
"""Libraries of the system that a frozen program may bring: the name before `.so` and the licence."""
