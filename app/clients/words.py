"""Outcomes of the table in words."""

from __future__ import annotations

from collections.abc import Mapping

from app.clients.table import HUNG, NOT_TRIED, SAME, Client
from app.text.sentences import render

# By field and how it was wrong; "" is any other way.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "text": {
        "none": "has no text",
        "cut": "has only the beginning of the text, and takes it for all",
        "twice": "has the text twice",
        "more": "has more text than the answer",
        "": "has another text",
    },
    "reasoning": {"none": "has no reasoning", "cut": "has only the beginning of the reasoning", "": "has another reasoning"},
    "calls": {
        "none": "loses the tool calls",
        "fewer": "loses a tool call",
        "more": "makes more tool calls than the answer has",
        "name": "calls a tool by a wrong name",
        "invalid": "hands on arguments that are not JSON",
        "emptied": "calls the tool with no arguments",
        "": "calls the tool with other arguments",
    },
    "ids": {"": "has another id for a tool call, or none"},
    "stop": {"none": "has no stop reason", "": "says {how} for the stop reason"},
    "input": {
        "none": "has no count of the input tokens",
        "zero": "counts no input tokens",
        "twice": "counts the input tokens twice",
        "more": "counts too many input tokens",
        "less": "counts too few input tokens",
        "": "counts input tokens that nobody sent",
    },
    "output": {
        "none": "has no count of the output tokens",
        "zero": "counts no output tokens",
        "twice": "counts the output tokens twice",
        "more": "counts too many output tokens",
        "less": "counts too few output tokens",
        "": "counts output tokens that nobody sent",
    },
    "error": {"": "raises {how}"},
    "tries": {"": "asks {how} times"},
}
_ONCE = "{client} {did:list}."
_SOMETIMES = "{client} {did:list} (in {worst} of {tried} runs)."
_SAME = "{client} reads it as it was meant."
_NOT_TRIED = "{client}: not tried."
_HUNG = "{client} crashes, or does not end."


def told(client: Client, outcome: str, worst: int, tried: int) -> str:
    """A sentence on what a client did; `worst` of `tried` runs went that way."""
    fields: dict[str, object] = {
        "client": client.title,
        "worst": worst,
        "tried": tried,
        "did": [did(one) for one in words_of(outcome)],
    }
    plain = {SAME: _SAME, NOT_TRIED: _NOT_TRIED, HUNG: _HUNG}.get(outcome)
    return render(plain or (_ONCE if worst == tried else _SOMETIMES), fields)


def words_of(outcome: str) -> list[str]:
    """The outcome's words that say something; the error first."""
    words = [one for one in outcome.split() if ":" in one]
    return sorted(words, key=lambda one: not one.startswith("error:"))


def did(word: str) -> str:
    """One word as a phrase behind the client's name."""
    field, _, how = word.partition(":")
    known = _WORDS[field]
    return render(known.get(how) or known[""], {"how": how})
