"""The variables of OpenSSL that say which authorities are trusted, where they name something that can't be used."""

from __future__ import annotations

import os
import ssl
import sys
from pathlib import Path
from typing import NamedTuple

from app.recording.records import TrustState

_FILE, _DIR = "SSL_CERT_FILE", "SSL_CERT_DIR"


class Variable(NamedTuple):
    """A variable, what it names, and what is the matter with that."""

    name: str
    path: str
    state: TrustState


def broken_variable() -> Variable | None:
    """The first of the two that names what can't be used; None where none does, or the system looks at neither."""
    if sys.platform in ("darwin", "win32"):
        return None
    for name, state_of in ((_FILE, _state_of_file), (_DIR, _state_of_folders)):
        path = os.environ.get(name)
        if path is not None and (state := state_of(path)):
            return Variable(name, path, state)
    return None


def _state_of_file(path: str) -> TrustState | None:
    if not os.path.isfile(path):
        return TrustState.FOLDER if os.path.isdir(path) else TrustState.MISSING
    if not os.access(path, os.R_OK):
        return TrustState.UNREADABLE
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=path)
    except (OSError, ssl.SSLError):
        return TrustState.EMPTY
    return None


def _state_of_folders(path: str) -> TrustState | None:
    folders = [Path(one) for one in path.split(os.pathsep) if one]
    if not any(one.is_dir() for one in folders):
        return TrustState.MISSING
    return None if any(os.access(one, os.R_OK | os.X_OK) for one in folders) else TrustState.UNREADABLE
