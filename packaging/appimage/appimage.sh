#!/usr/bin/env bash
# NOT TRIED. The AppImage, behind `python packaging/build.py --deb`, whose build/deb has all that is put in here. appimagetool is a
# download of its own (AppImage's releases): a package of Debian, PyPI or npm that has it, or its runtime, was not found.
#   bash packaging/appimage/appimage.sh VERSION
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=build/AppDir
rm -rf "$dir"
mkdir -p "$dir"
cp -a build/deb/usr "$dir/usr"
ln -s usr/bin/diptych "$dir/AppRun"
cp "$dir/usr/share/applications/diptych.desktop" "$dir/usr/share/icons/hicolor/256x256/apps/diptych.png" "$dir/"
ln -s diptych.png "$dir/.DirIcon"
"$dir/AppRun" --self-test
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) ARCH=$(uname -m) appimagetool --comp zstd "$dir" "build/diptych-$1-$(uname -m).AppImage"
"build/diptych-$1-$(uname -m).AppImage" --appimage-extract-and-run --self-test
