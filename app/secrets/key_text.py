"""The text of a key: how it may be shown, cleaning up a pasted one, and which header holds one."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from app.secrets.names import is_secret_header, look_places, text_secrets
from app.text.patterns import late
from app.text.sentences import message, text_in_a_row, tr

MASKED = "••••"  # in place of what is not shown


class CleanKey(msgspec.Struct, frozen=True):
    """A pasted key, cleaned up; `warning` is a sentence on what was removed or is suspicious, "" for nothing."""

    key: str
    warning: str = ""


def holds_key(name: str, value: str) -> bool:
    """Whether a header carries a key, by its name or by the look of its value."""
    return bool(value.strip()) and (is_secret_header(name) or bool(look_places(name, value)))


def mask_key(key: str) -> str:
    """A key as it may be shown: `sk-y7xU••••0h`. Shorter ones show less, and none under 12 characters shows anything."""
    if len(key) < 12:
        return MASKED
    head = 7 if len(key) >= 20 else 3
    return f"{key[:head]}{MASKED}{key[-2:]}"


def mask_keys(text: str) -> str:
    """A text of any kind with the keys in it masked (`text_secrets`)."""
    for key in sorted(text_secrets(text), key=len, reverse=True):  # one may begin with another
        if MASKED not in key:  # else it is masked already
            text = text.replace(key, mask_key(key))
    return text


_ASSIGNMENT = late(r"(?:export\s+|set\s+|\$env:)?[A-Za-z_][A-Za-z0-9_]*\s*=\s*(?=\S)", re.IGNORECASE)
_SCHEME = late(r"(?:authorization\s*:\s*|x-api-key\s*:\s*)?bearer\s+|(?:authorization|x-api-key)\s*:\s*", re.IGNORECASE)
_QUOTES = "\"'`“”„‟‘’‚‛«»‹›＂＇"


def clean_key(text: str) -> CleanKey:
    """A pasted key without spaces, line breaks, quotes, invisible and full-width characters, `NAME=` or `Bearer ` before it."""
    removed: list[str] = []
    key = text.strip()
    for what, pattern in ((message("a variable's name"), _ASSIGNMENT()), (message("a header's name or “Bearer”"), _SCHEME())):
        unquoted = key.lstrip(_QUOTES)
        if match := pattern.match(unquoted):
            key = unquoted[match.end() :]
            removed.append(what)
    for what, step in _STEPS:
        cleaned = step(key)
        if cleaned != key:
            removed.append(what)
            key = cleaned
    said = [tr("Taken out of the key: {parts:commas}.", parts=[tr(one) for one in removed])] if removed else []
    if not key.isascii():
        said.append(tr("The key holds characters that no key has (letters outside ASCII): was it copied whole?"))
    return CleanKey(key, text_in_a_row(said))


def _without(wanted: Callable[[str], bool]) -> Callable[[str], str]:
    return lambda text: "".join(character for character in text if not wanted(character))


def _is_invisible(character: str) -> bool:
    """A control or a format character."""
    import unicodedata  # the first picture needs none of it

    return unicodedata.category(character) in ("Cc", "Cf")


_STEPS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (message("full-width characters (replaced)"), lambda text: "".join(_narrow(character) for character in text)),
    (message("spaces or line breaks"), _without(str.isspace)),
    (message("invisible characters"), _without(_is_invisible)),
    (message("quotes"), lambda text: text.strip(_QUOTES)),
)


def _narrow(character: str) -> str:
    """Full-width forms (U+FF01 to U+FF5E) and the ideographic space as ASCII; other characters as they are."""
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    return " " if character == "\u3000" else character
