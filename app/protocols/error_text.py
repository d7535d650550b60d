"""Tells an error of a relay that was sent as ordinary answer text (PROTOCOLS 9.2 C12) from a model's words."""

from __future__ import annotations

import re

_MAX_CHARACTERS = 1000
_PHRASE = (
    r"(?:bad\ gateway|bad\ request|unauthorized|forbidden|not\ found|too\ many\ requests|internal\ server\ error"
    r"|service\ unavailable|gateway\ time-?out)"
)
# The first words of a short answer.
_ERROR_TEXT = re.compile(
    rf"""\W*(?:
        \{{\s*"(?:error|detail)"\s*: | <!doctype\s+html | <html
      | (?:upstream|api|relay|proxy|gateway|channel|provider|stream(?:ing)?|request|internal\ server|server|network)\ error\b
      | (?:http\ )?error(?:\ code)?\s*[:\-(]?\s*[45]\d\d\b
      | error\s*:[^\n]{{0,80}}\b[45]\d\d\ {_PHRASE}
      | [45]\d\d\ {_PHRASE}
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def looks_like_error(text: str) -> bool:
    """Whether a whole answer's text is more likely an error message than an answer."""
    return len(text) <= _MAX_CHARACTERS and _ERROR_TEXT.match(text) is not None
