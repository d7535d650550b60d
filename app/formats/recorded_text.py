"""The bytes of an answer whose text a program kept: some take UTF-8 for Latin-1 or windows-1252 where no charset is named.

Which do so: FORMATS F1, F2.
"""

from __future__ import annotations

import codecs
import re
from base64 import b64decode
from contextlib import suppress

from app.formats.capture import CaptureError
from app.text.sentences import message, tr

_REPAIRED = message(
    "{recorder:or The program that wrote the file} took the answer's UTF-8 for {charset}, as its content type names no "
    "charset; this was put right. It is not the endpoint's doing."
)
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([\w:.-]+)", re.IGNORECASE)
# The bytes that windows-1252 leaves out are the control characters of the same number, as browsers read it.
_CP1252_REST = {chr(code): bytes([code]) for code in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_READS_JSON_RIGHT = ("mitmproxy", "WebInspector", "Playwright")
_READS_ALL_RIGHT = ("Firefox",)


def bytes_of(text: str, mime: str, size: float, recorder: str, notes: list[str]) -> bytes:
    """The bytes that came; what was put right goes into `notes`. `size`: how many the recorder says, 0 for none."""
    as_it_is = text.encode("utf-8", "replace")
    if text.isascii():
        return as_it_is
    if (named := _CHARSET.search(mime)) is not None:
        with suppress(LookupError, UnicodeError):
            if codecs.lookup(named[1]).name != "utf-8":
                return _encoded(text, named[1]) or as_it_is  # the recorder did as it was told: these bytes came
        return as_it_is
    if recorder in _READS_ALL_RIGHT or (recorder in _READS_JSON_RIGHT and "json" in mime.lower()):
        return as_it_is
    knows = recorder in _READS_JSON_RIGHT
    if not knows and size == len(as_it_is):  # the length of what came: the text is right
        return as_it_is
    came = _encoded(text, "latin-1")
    if came is None or not _is_utf8(came):
        return as_it_is
    charset = "Latin-1" if max(text) < "\u0100" else "windows-1252"
    notes.append(tr(_REPAIRED, recorder=recorder, charset=charset))
    return came


def bytes_of_base64(text: str) -> bytes:
    """What it is of; spaces and line breaks do no harm. Raises CaptureError."""
    try:
        return b64decode("".join(text.split()), validate=True)
    except ValueError as error:
        raise CaptureError(tr("the text of its answer is no base64")) from error


def _encoded(text: str, charset: str) -> bytes | None:
    """The text's bytes in a charset; None where it can't have been read from it. Browsers read windows-1252 for Latin-1."""
    with suppress(UnicodeError):
        return text.encode(charset)
    if codecs.lookup(charset).name not in ("iso8859-1", "cp1252"):
        return None
    with suppress(UnicodeError):
        return b"".join(_CP1252_REST.get(one) or one.encode("cp1252") for one in text)
    return None


def _is_utf8(data: bytes) -> bool:
    """Whether it is UTF-8, perhaps cut off at the end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True
