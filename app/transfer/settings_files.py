"""Endpoints in files of other programs' settings, several at once: for the window's list and for `diptych import`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.formats.endpoint_files import Found, endpoints_in, is_settings
from app.store.files import read_regular
from app.text.sentences import message, tr
from app.text.system_words import system_words
from app.text.visible import one_line

MAX_FILE_BYTES = 1 << 20
_NONE = message("no endpoint is in it, neither variables as ANTHROPIC_BASE_URL nor settings that are read")
_LONG = message("it is longer than {most:bytes}, as no settings are")


@dataclass(frozen=True)
class SettingsRead:
    """What files say of endpoints. `unread`: those that say nothing, or can't be read, each with why, as a clause."""

    found: tuple[Found, ...]
    unread: tuple[tuple[str, str], ...] = ()


def read_settings(paths: Iterable[Path]) -> SettingsRead:
    """The endpoints of all of them, in their order, each with its file's name; no file stops another."""
    found: list[Found] = []
    unread: list[tuple[str, str]] = []
    for path in paths:
        try:
            here, why = endpoints_of(read_regular(path, MAX_FILE_BYTES))
        except OSError as error:
            here, why = [], str(system_words(error))
        found += [replace(one, file=path.name) for one in here]
        unread += [(path.name, why)] if why else []
    return SettingsRead(tuple(found), tuple(unread))


def endpoints_of(data: bytes) -> tuple[list[Found], str]:
    """The endpoints in a file's bytes; where there is none, why, as a clause."""
    if len(data) > MAX_FILE_BYTES:
        return [], tr(_LONG, most=MAX_FILE_BYTES)
    here = endpoints_in(data.decode("utf-8-sig", "replace"))
    return here, "" if here else tr(_NONE)


def only_settings(paths: Sequence[Path]) -> SettingsRead | None:
    """The same where each of them says of endpoints, else None; no file that holds a captured answer, or a request, does."""
    found: list[Found] = []
    for path in paths:
        try:
            text = read_regular(path, MAX_FILE_BYTES).decode("utf-8-sig", "replace")
        except OSError:
            return None  # which is said when it is read
        if not is_settings(text):
            return None
        found += [replace(one, file=path.name) for one in endpoints_in(text)]
    return SettingsRead(tuple(found)) if found else None


def why_unread(name: str, why: str) -> str:
    """A sentence on one of `SettingsRead.unread`."""
    return tr("{file}: {why}.", file=one_line(name, 60), why=why)
