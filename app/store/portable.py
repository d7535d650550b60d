"""`--portable`: profiles, settings and runs in a folder beside the program, so that they travel with it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.store.files import CONFIG_VARIABLE, private_folder

OPTION = "--portable"
FOLDER = "diptych-portable"


def portable_folder() -> Path:
    """Where it lies: beside a built program (its AppImage, its `.app`), else in the environment of the Python that runs."""
    if not getattr(sys, "frozen", False):
        return Path(sys.prefix, FOLDER)
    program = Path(os.environ.get("APPIMAGE") or sys.executable)
    bundle = next((one for one in program.parents if one.suffix == ".app"), None)
    return (bundle or program).parent / FOLDER


def is_portable() -> bool:
    """Whether Diptych's files are there."""
    return os.environ.get(CONFIG_VARIABLE) == str(portable_folder())


def use_portable(arguments: list[str]) -> OSError | None:
    """Have all of Diptych's files there: where the option, which is taken out of `arguments`, asks for it, and where a built
    program finds the folder that an earlier call made.

    Returns why it can't be; None where it can, or nobody asks. Keys stay in this machine's keyring.
    """
    asked = OPTION in arguments
    if asked:
        arguments[:] = [one for one in arguments if one != OPTION]
    elif CONFIG_VARIABLE in os.environ or not getattr(sys, "frozen", False) or not portable_folder().is_dir():
        return None
    folder = portable_folder()
    try:
        private_folder(folder)
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, os.strerror(13))
    except OSError as error:
        return error
    os.environ[CONFIG_VARIABLE] = str(folder)
    return None
