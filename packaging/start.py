"""Where the built program begins."""

import marshal
import os
import sys
import zlib

# WORKAROUND: PyInstaller 6 has the system's programs that we start (a browser, by xdg-open) load the libraries of the bundle.
# Ours were looked up when this process began, and a child of ours begins as this did.
for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
    if (before := os.environ.pop(f"{name}_ORIG", None)) is not None:
        os.environ[name] = before
    else:
        os.environ.pop(name, None)


def keep_open(archive):
    """Let the archive of modules be read by one open file. PyInstaller opens it for each module, asks whether it is a terminal,
    reads and closes it: in an AppImage each of these is a request that FUSE answers, a third of all that a start makes.
    """
    file = os.open(archive._filename, os.O_RDONLY)

    def extract(name, raw=False):
        kind, offset, length = archive.toc[name]
        if kind == PYZ_ITEM_NSPKG:
            return None
        data = zlib.decompress(os.pread(file, length, archive._start_offset + offset))
        return data if raw else marshal.loads(data)

    archive.extract = extract


if hasattr(os, "pread"):
    from pyimod01_archive import PYZ_ITEM_NSPKG
    from pyimod02_importers import pyz_archive

    keep_open(pyz_archive)

from app.__main__ import main  # noqa: E402

sys.exit(main())
