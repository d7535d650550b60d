"""Tells an error of a relay that was sent as ordinary answer text (PROTOCOLS 9.2 C12) from a model's words."""

from __future__ import annotations

import re

from app.text.json_text import decode_json

_MAX_CHARACTERS = 1000
_PHRASE = (
    r"(?:bad\ gateway|bad\ request|unauthorized|forbidden|not\ found|too\ many\ requests|internal\ server\ error"
    r"|service\ unavailable|gateway\ time-?out)"
)
# What follows where a model speaks of errors: "502 Bad Gateway means that", "API error handling is".
_NO_TALK = (
    r"(?!\W*(?:\([^)]*\)\W*|status\ code\W*)?(?:means?|is\ (?:an?|the|one|what|returned|used|sent)|are|handling|handlers?"
    r"|occurs?|happens?|indicates?|refers|tells?|says|usually|typically|generally|can\ be|types?)\b)"
)
# The first words of a short answer.
_ERROR_TEXT = re.compile(
    rf"""\W*(?:
        (?:upstream|api|relay|proxy|gateway|channel|provider|stream(?:ing)?|request|internal\ server|server|network)\ error\b
        {_NO_TALK}
      | (?:http\ )?error(?:\ code)?\s*[:\-(]?\s*[45]\d\d\b(?=\W*(?:\Z|{_PHRASE})|\s*[:{{)\-]\s*\S)
      | error\s*:[^\n]{{0,80}}\b[45]\d\d\ {_PHRASE}
      | [45]\d\d\ {_PHRASE}{_NO_TALK}
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# A page that says in its title or heading that it is one of an error; a page that was asked for says other things there.
_ERROR_PAGE = re.compile(
    rf"\s*(?:<!doctype\s+html|<html).{{0,600}}?<(?:title|h1)[^>]*>[^<]{{0,80}}"
    rf"(?:\b[45]\d\d\b|{_PHRASE}|error|denied|just\ a\ moment|attention\ required)".replace("\\ ", " "),
    re.IGNORECASE | re.DOTALL,
)
_ERROR_KEYS = {"error", "detail", "message", "msg", "code", "status", "type", "param", "request_id", "success", "title"}


def looks_like_error(text: str) -> bool:
    """Whether a whole answer's text is more likely an error message than an answer."""
    if len(text) > _MAX_CHARACTERS:
        return False
    return _ERROR_TEXT.match(text) is not None or _ERROR_PAGE.match(text) is not None or _is_error_object(text)


def _is_error_object(text: str) -> bool:
    """An object of nothing but an error: under `error` another object with words, or a text beside the words' usual names."""
    if not text.lstrip().startswith("{"):
        return False
    try:
        value = decode_json(text)
    except ValueError:
        return False
    if not isinstance(value, dict) or not value or value.keys() - _ERROR_KEYS:
        return False
    error = value.get("error") or value.get("detail")
    return bool(error) and isinstance(error, str | dict | list)
