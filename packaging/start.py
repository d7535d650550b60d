"""Where the built program begins."""

import os
import sys

# WORKAROUND: PyInstaller 6 has the system's programs that we start (a browser, by xdg-open) load the libraries of the bundle.
# Ours were looked up when this process began, and a child of ours begins as this did.
for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
    if (before := os.environ.pop(f"{name}_ORIG", None)) is not None:
        os.environ[name] = before
    else:
        os.environ.pop(name, None)

from app.__main__ import main  # noqa: E402

sys.exit(main())
