"""What one side's answer holds that is neither in the request nor in the other side's answer, and that no model adds unasked.

Kept few and quiet, since two answers to one prompt lawfully differ: a command line that loads something and runs it, where the
other answer has no code at all; and characters that nobody sees, where the other answer and the request have none.
"""

from __future__ import annotations

import re
import unicodedata

import msgspec

from app.run.side import Side
from app.text.json_text import decode_json

MAX_SHOWN = 80
MAX_SEARCHED = 200_000  # characters of an answer: it is done again at each look
# Loads something and gives it to a shell, in one line.
_SHELL = re.compile(
    r"\b(?:curl|wget)\b[^\n|]{0,300}\|\s*(?:sudo\s+)?(?:ba|z|da|k)?sh\b"
    r"|\b(?:ba|z)?sh\s+(?:-c\s+)?[\"']?(?:<\(|\$\()\s*(?:curl|wget)\b"
    r"|\b(?:iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b[^\n|]{0,300}\|\s*(?:iex|Invoke-Expression)\b",
    re.IGNORECASE,
)
_LOADING = ("curl", "wget", "iwr", "irm", "invoke-")  # one of these is in whatever that finds
_CODE = re.compile(
    r"```|^(?: {4}|\t)\S|\b(?:curl|wget|npm|pip|brew|apt|apt-get|bash|sudo|iex|iwr)\b", re.IGNORECASE | re.MULTILINE
)
# Joiners (U+200C, U+200D) and variation selectors belong to scripts and emoji, a soft hyphen to typesetting: those are lawful.
_INVISIBLE = re.compile("[\u200b\u2060-\u2064\u180e\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


class Addition(msgspec.Struct, frozen=True):
    """`kind` is "shell" or "invisible"; `text` the line, or the names of the characters, as it is shown."""

    kind: str
    text: str


def additions(side: Side, other: Side) -> list[Addition]:
    """What this side's answers hold beyond the request and the other side's answers."""
    ours, theirs, asked = _text(side), _text(other), _asked(side)
    found: list[Addition] = []
    if not theirs:
        return found
    command = _SHELL.search(ours) if _may_load(ours) else None
    if command is not None and not _CODE.search(theirs) and not _CODE.search(asked):
        found.append(Addition("shell", command[0][:MAX_SHOWN]))
    unseen = [] if ours.isascii() else sorted(set(_INVISIBLE.findall(ours)))
    if unseen and not _INVISIBLE.search(theirs) and not _INVISIBLE.search(asked):
        found.append(Addition("invisible", ", ".join(_named(one) for one in unseen[:3])))
    return found


def _may_load(text: str) -> bool:
    """Whether anything that loads stands in it: the pattern takes a hundred times as long to find that out."""
    lowered = text.lower()
    return not text.isascii() or any(word in lowered for word in _LOADING)


def _named(char: str) -> str:
    return f"U+{ord(char):04X} {unicodedata.name(char, '').lower()}".strip()


def _text(side: Side) -> str:
    return "\n".join(one.reading.text[:MAX_SEARCHED] for one in side.rounds)


def _asked(side: Side) -> str:
    """All that the requests say, with their escapes undone as far as they are JSON."""
    words: list[str] = []
    for one in side.rounds:
        try:
            _collect(decode_json(one.recording.request.body), words)
        except ValueError:
            words.append(one.recording.request.body.decode("utf-8", "replace"))
    return "\n".join(words)


def _collect(value: object, words: list[str]) -> None:
    if isinstance(value, str):
        words.append(value)
    elif isinstance(value, dict):
        for one in value.values():
            _collect(one, words)
    elif isinstance(value, list):
        for one in value:
            _collect(one, words)


def same_body(a: Side, b: Side) -> bool:
    """Whether the first requests of both sides, in one protocol, have the same body but for the model's name and the limit."""
    if a.first is None or b.first is None or a.first.protocol.id != b.first.protocol.id:
        return False
    ours, theirs = (_body(one.first.recording.request.body) for one in (a, b) if one.first is not None)
    return ours is not None and ours == theirs


_VARIES = frozenset({"model", "max_tokens", "max_completion_tokens", "max_output_tokens"})


def _body(raw: bytes) -> dict[str, object] | None:
    """What counts as input; None where it is not known."""
    try:
        value = decode_json(raw)
    except ValueError:
        return None
    body = {name: one for name, one in value.items() if name not in _VARIES} if isinstance(value, dict) else {}
    return body or None
