"""Outcomes of the table in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from app.clients.table import HUNG, NOT_TRIED, SAME, Client
from app.text.sentences import render
from app.text.translation import translator

# By field and how it was wrong; "" is any other way. `side`: whose answer it is, "" where that needs no word.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "text": {
        "none": "has no text{side:if  of {side}'s answer}",
        "cut": "has only the beginning of {side:if {side}'s|the} text, and takes it for all",
        "twice": "has {side:if {side}'s|the} text twice",
        "more": "has more text than {side:if {side}'s|the} answer",
        "": "has another text{side:if  than {side}'s}",
    },
    "reasoning": {
        "none": "has no reasoning{side:if  of {side}'s answer}",
        "cut": "has only the beginning of {side:if {side}'s|the} reasoning",
        "": "has another reasoning{side:if  than {side}'s}",
    },
    "calls": {
        "none": "loses {side:if {side}'s|the} tool calls",
        "fewer": "loses {side:if one of {side}'s tool calls|a tool call}",
        "more": "makes more tool calls than {side:if {side}'s|the} answer has",
        "name": "calls {side:if {side}'s|a} tool by a wrong name",
        "invalid": "hands on {side:if {side}'s arguments, which|arguments that} are not JSON",
        "emptied": "calls {side:if {side}'s|the} tool with no arguments",
        "": "calls {side:if {side}'s|the} tool with other arguments",
    },
    "ids": {"": "has another id for {side:if {side}'s|a} tool call, or none"},
    "stop": {
        "none": "has no stop reason{side:if  of {side}'s answer}",
        "": "says {how} for {side:if {side}'s|the} stop reason",
    },
    "input": {
        "none": "has no count of {side:if {side}'s|the} input tokens",
        "zero": "counts {side:if none of {side}'s|no} input tokens",
        "twice": "counts {side:if {side}'s|the} input tokens twice",
        "more": "counts too many input tokens{side:if  of {side}'s}",
        "less": "counts too few input tokens{side:if  of {side}'s}",
        "": "counts input tokens that {side:or nobody} {side:if did not send|sent}",
    },
    "output": {
        "none": "has no count of {side:if {side}'s|the} output tokens",
        "zero": "counts {side:if none of {side}'s|no} output tokens",
        "twice": "counts {side:if {side}'s|the} output tokens twice",
        "more": "counts too many output tokens{side:if  of {side}'s}",
        "less": "counts too few output tokens{side:if  of {side}'s}",
        "": "counts output tokens that {side:or nobody} {side:if did not send|sent}",
    },
    "error": {"": "raises {how}{side:if  at {side}'s answer}"},
    "tries": {"": "asks {side:if {side} }{how} times"},
}
_ONCE = "{client} {did:list}."
_SOMETIMES = "{client} {did:list} (in {worst} of {tried} runs)."
_SAME = "{client} reads it as it was meant."
_NOT_TRIED = "{client}: not tried."
_HUNG = "{client} crashes, or does not end."


def told(client: Client, outcome: str, worst: int, tried: int) -> str:
    """A sentence on what a client did; `worst` of `tried` runs went that way."""
    return _told(translator(), client.title, outcome, worst, tried)


@lru_cache(maxsize=1024)  # a report has the same of each finding, for a dozen of clients
def _told(_: Callable[[str], str], client: str, outcome: str, worst: int, tried: int) -> str:
    """In the language of now, which is the first argument."""
    fields: dict[str, object] = {
        "client": client,
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


def did(word: str, side: str = "") -> str:
    """One word as a phrase behind the client's name; `side` ("A"): whose answer it did that with."""
    field, _, how = word.partition(":")
    known = _WORDS[field]
    return render(known.get(how) or known[""], {"how": how, "side": side})
