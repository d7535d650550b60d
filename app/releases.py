"""Versions of Diptych: what each brought, and what a package index says of the newest."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

import msgspec

from app.text.sentences import message

PUBLISHED_AT = ""
"""Where the newest version is told: the JSON that a package index gives of a package (`https://HOST/pypi/diptych/json`).

Empty: Diptych is published nowhere yet, and the window says so instead of asking. Whoever publishes it sets this alone.
"""

_PACKAGE = "diptych"
_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(.*)", re.DOTALL)


class Release(NamedTuple):
    """A version, and in a few lines (messages) what it brought. All of it is in CHANGELOG.md, in English."""

    version: str
    lines: tuple[str, ...]


NEWS = (
    Release(
        "0.1.0",
        (
            message(
                "The window, the terminal, findings and reports speak English and 简体中文. The settings change it at once."
            ),
            message("The findings of both sides stand in one table, with what each client makes of them."),
            message("History keeps runs, checks and studies. They are found by their words and compared with each other."),
            message("Relay shows what a relay does to a request on its way, and to the answer."),
            message("Study repeats a comparison and says what is more than chance. Load asks for more and more at once."),
            message("The presentation (F11) shows a run to people who don't write code."),
            message("Captures and settings of other programs are read; reports are written as HTML, Markdown, JUnit and CSV."),
        ),
    ),
)
"""The newest first."""


def since(seen: str, now: str) -> tuple[Release, ...]:
    """What came after the version `seen`, up to `now`; that of `now` alone where nothing is later."""
    later = tuple(one for one in NEWS if is_newer(one.version, seen) and not is_newer(one.version, now))
    return later or tuple(one for one in NEWS if not is_newer(one.version, now))[:1]


def is_newer(one: str, other: str) -> bool:
    """Whether the version `one` came after `other`; False where either is none."""
    mine, theirs = _order(one), _order(other)
    return mine is not None and theirs is not None and mine > theirs


def _order(version: str) -> tuple[tuple[int, ...], bool, str] | None:
    """What versions are ordered by: numbers, then what is released after what is tried out before it."""
    found = _VERSION.fullmatch(version.strip())
    if found is None:
        return None
    numbers = [int(part[:9]) for part in found[1].split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    is_final = re.match(r"[.-]?(a|b|rc|dev|alpha|beta|pre)", found[2]) is None
    return tuple(numbers), is_final, found[2] if not is_final else ""


class Found(StrEnum):
    """What an index says of a package of our name."""

    NEWER = "newer"
    SAME = "same"
    OLDER = "older"
    NONE = "none"
    STRANGER = "stranger"
    UNREADABLE = "unreadable"


class Published(NamedTuple):
    """What was found, and the version there. `summary`: what a `STRANGER` says it is; `status`: of what is `UNREADABLE`."""

    found: Found
    version: str = ""
    summary: str = ""
    status: int = 0


class _Info(msgspec.Struct):
    name: str
    version: str
    summary: str | None = None


class _Index(msgspec.Struct):
    info: _Info


def read_published(status: int, body: bytes, own: str, summary: str) -> Published:
    """What the answer of a package index means to the version `own` of Diptych, which says `summary` of itself.

    A package of the same name that says something else of itself is another program: its versions mean nothing here.
    """
    if status == 404:
        return Published(Found.NONE)
    try:
        info = msgspec.json.decode(body, type=_Index).info
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Published(Found.UNREADABLE, status=status)
    if status != 200 or _order(info.version) is None:
        return Published(Found.UNREADABLE, status=status)
    if re.sub(r"[-_.]+", "-", info.name).lower() != _PACKAGE or (info.summary or "").strip() != summary.strip():
        return Published(Found.STRANGER, info.version, info.summary or "")
    if is_newer(info.version, own):
        return Published(Found.NEWER, info.version)
    return Published(Found.OLDER if is_newer(own, info.version) else Found.SAME, info.version)
