"""The languages in which Diptych says what it says: a catalogue of gettext's each, `resources/translations/LANGUAGE.mo`.

English needs none: its sentences are the keys of the others.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from app.text.translation import translate_with, translating_with

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "zh_CN": "简体中文"}
"""Each by its code, as those who speak it call it."""

_now = ENGLISH


def language() -> str:
    """The code of the language that is spoken now."""
    return _now


def use_language(code: str) -> bool:
    """From now on sentences are made in this language (`zh_CN`); "" or "en": as they are written. False: it is not there."""
    global _now
    try:
        translate_with(_catalogue(code or ENGLISH))
    except OSError:  # there is none, or the name is no language's
        return False
    _now = code or ENGLISH
    return True


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Within, and there alone, sentences are made in that language. Raises OSError for one that is not there."""
    with translating_with(_catalogue(code)):
        yield


@cache
def _catalogue(code: str) -> Callable[[str], str] | None:
    """None: English. Raises OSError."""
    if code == ENGLISH:
        return None
    import gettext
    from importlib.resources import files

    with files("resources").joinpath("translations", f"{code}.mo").open("rb") as file:
        return gettext.GNUTranslations(file).gettext


def known(name: str) -> str:
    """The code of a language that Diptych speaks, however its name is spelled: `zh`, `zh-CN`, `zh_CN.UTF-8`, `zh-Hans-CN`.

    "" where it speaks none of that name. Traditional Chinese is none of them: who reads it has named what comes next.
    """
    parts = [part.lower() for part in re.split(r"[-_]", re.split(r"[.@]", name.strip())[0])]
    if parts[0] in ("c", "posix", "en"):
        return ENGLISH
    if parts[0] == "zh" and ("hans" in parts or not {"hant", "tw", "hk", "mo"}.intersection(parts)):
        return "zh_CN"
    return next((code for code in LANGUAGES if code.lower() == "_".join(parts)), "")


def best_of(names: Iterable[str]) -> str:
    """The first that Diptych speaks of what somebody reads, in the order of their liking; English where it is none of these."""
    return next((code for name in names if (code := known(name))), ENGLISH)


def of_system() -> str:
    """The language of this session, without Qt: what the environment names, on Windows what the desktop speaks."""
    if sys.platform == "win32":  # as documented, not tried
        import ctypes
        import locale

        names = [locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")]
    else:
        said = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
        # gettext's rule: a list of likings, which counts only where the session speaks a language at all.
        names = [*(os.environ.get("LANGUAGE", "").split(":") if said not in ("", "C", "POSIX") else ()), said]
    return best_of(name for name in names if name)
