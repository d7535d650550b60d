"""The language in which Diptych speaks: one function that every template goes through before its fields are filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

CONTEXT_END = "\x04"
"""What stands between a context and its template, as in gettext's catalogues."""


def _as_it_is(template: str) -> str:
    return template


_translate: Callable[[str], str] = _as_it_is
_here: ContextVar[Callable[[str], str] | None] = ContextVar("_here", default=None)


def translate_with(translate: Callable[[str], str] | None) -> None:
    """From now on every template goes through `translate`, which gives another with the same fields; None: English."""
    global _translate
    _translate = translate or _as_it_is


def translator() -> Callable[[str], str]:
    """What templates go through here and now: who keeps what was said keeps it by this, since another says it otherwise."""
    return _here.get() or _translate


@contextmanager
def translating_with(translate: Callable[[str], str] | None) -> Iterator[None]:
    """The same for what is said here, within: other threads and tasks speak as before."""
    token = _here.set(translate or _as_it_is)
    try:
        yield
    finally:
        _here.reset(token)


def translated(template: str) -> str:
    """The template in the language of now, its fields still in it."""
    said = translator()(template) if template else ""  # "" is the head of a catalogue of gettext's
    return said.partition(CONTEXT_END)[2] if CONTEXT_END in said else said
