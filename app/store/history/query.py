"""What is searched in the history, in one line of words: `b:relay outcome:failed finding:A22 "these words"`.

Words apart all have to be found, each anywhere in the texts, the names, the models, the note; words in quotation marks
together. A minus before a word or a field means: not that. Fields:

    endpoint:TEXT, model:TEXT, outcome:completed, verdict:breaks, finding:A22    on any side
    a:TEXT, b:TEXT                                                               the endpoint of that side
    a.model:TEXT, b.outcome:failed, ...                                          the same fields of one side
    kind:run|check|study|load, request:tools                                     what was run
    on:DATE, since:DATE, before:DATE                                             2026-11-30, today, yesterday, or 7d: days ago
    is:pinned, is:named, is:deleted                                              deleted ones are found by this alone
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

import msgspec

from app.store.history.entry import Kind
from app.store.history.texts import TRIPLE, candidates, folded, phrase
from app.text.sentences import tr

_TOKEN = re.compile(r'(-?)(?:([A-Za-z]+(?:\.[A-Za-z]+)?):)?(?:"([^"]*)"?|([^\s"]+))')
_OF_SIDE = {"endpoint": "endpoint", "model": "model", "outcome": "outcome", "verdict": "verdict"}
_CONTAINED = ("endpoint", "model")
_IS = {"pinned": "pinned = 1", "named": "name != ''", "deleted": "deleted_utc != ''"}
_DAYS_AGO = re.compile(r"(\d{1,5})d")
_MOST_TERMS = 400
_INDEXED = "id IN (SELECT rowid FROM texts WHERE texts MATCH ?)"
_HELD = "coalesce((SELECT holds(data, ?) FROM searched WHERE run = runs.id), 0)"


class QueryError(Exception):
    """A field with a value that it can't have; a sentence."""


class Condition(msgspec.Struct, frozen=True):
    """A part of a WHERE over `runs`, with its parameters."""

    sql: str
    parameters: tuple[object, ...] = ()

    def negated(self) -> Condition:
        return Condition(f"NOT ({self.sql})", self.parameters)


def runs_of(*names: str) -> str:
    """The words that find the runs in which each of these endpoints was asked; "" is none."""
    return " ".join(("kind:run", *(f'endpoint:"{one.replace(chr(34), " ")}"' for one in names if one)))


def conditions_of(text: str, terms: Callable[[str, int], list[str]], now: datetime | None = None) -> list[Condition]:
    """What a run must meet to be found. `now`: local time, with its zone. Raises QueryError."""
    found, wants_deleted = [], False
    for match in _TOKEN.finditer(text):
        minus, field, quoted, plain = match.groups()
        value = quoted if quoted is not None else plain
        field = (field or "").lower()
        one = _of_field(field, value, now or datetime.now().astimezone()) if field else None
        if field and one is None:  # no field of ours, such as https://...
            value = match.group().removeprefix("-").replace('"', "")
        if not value:
            continue
        wants_deleted = wants_deleted or (field == "is" and value == "deleted")
        one = one or _of_words(value, terms)
        found.append(one.negated() if minus else one)
    return found if wants_deleted else [Condition("deleted_utc = ''"), *found]


def _of_field(field: str, value: str, now: datetime) -> Condition | None:
    """None for a field that there is not."""
    side, _, name = field.rpartition(".")
    if field in ("a", "b"):
        side, name = field, "endpoint"
    if side not in ("", "a", "b"):
        return None
    if name in _OF_SIDE:
        return _of_side(side, name, value)
    if name == "finding":
        sql = "SELECT run FROM findings WHERE finding = ?" + (" AND side = ?" if side else "")
        return Condition(f"id IN ({sql})", (value.upper(), *((side,) if side else ())))
    if side:
        return None
    if name == "kind":
        if value.lower() not in set(Kind):
            raise QueryError(tr("kind: is one of {kinds:commas}, not “{value}”.", kinds=Kind, value=value))
        return Condition("kind = ?", (value.lower(),))
    if name == "request":
        return Condition("scenario = ?", (value.lower(),))
    if name == "is":
        if value.lower() not in _IS:
            raise QueryError(tr("is: is one of {known:commas}, not “{value}”.", known=_IS, value=value))
        return Condition(_IS[value.lower()])
    return _of_time(name, value, now) if name in ("on", "since", "before") else None


def _of_side(side: str, name: str, value: str) -> Condition:
    meets = f"{name} LIKE ? ESCAPE '\\'" if name in _CONTAINED else f"{name} = ?"
    wanted = f"%{like(value)}%" if name in _CONTAINED else value.lower()
    if side:
        return Condition(f"id IN (SELECT run FROM sides WHERE {meets} AND side = ?)", (wanted, side))
    return Condition(f"id IN (SELECT run FROM sides WHERE {meets})", (wanted,))


def _of_time(name: str, value: str, now: datetime) -> Condition:
    day = _day(value, now)
    begin, end = _utc(day), _utc(_next_day(day))
    if name == "on":
        return Condition("started_utc >= ? AND started_utc < ?", (begin, end))
    return Condition("started_utc >= ?" if name == "since" else "started_utc < ?", (begin,))


def _day(value: str, now: datetime) -> datetime:
    """Where that day begins, in the time of the place."""
    today = datetime.combine(now.date(), time(), now.tzinfo)
    if value.lower() in ("today", "yesterday"):
        return today - timedelta(days=value.lower() == "yesterday")
    try:
        if ago := _DAYS_AGO.fullmatch(value.lower()):
            return today - timedelta(days=int(ago[1]))
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=now.tzinfo)
    except (ValueError, OverflowError):
        raise QueryError(tr("“{value}” is no day: 2026-11-30, today, yesterday, or 7d (days ago).", value=value)) from None


def _next_day(day: datetime) -> datetime:
    try:
        return day + timedelta(days=1)
    except OverflowError:
        return day


def _utc(moment: datetime) -> str:
    """As records say it, without the second's parts: `started_utc` sorts as text."""
    from datetime import UTC

    try:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    except OverflowError:
        return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _of_words(value: str, terms: Callable[[str, int], list[str]]) -> Condition:
    wanted = folded(value).replace("\0", " ")
    if len(wanted) == TRIPLE:
        return Condition(_INDEXED, (phrase(wanted),))
    if len(wanted) > TRIPLE:  # CASE: what the index leaves out is not unpacked
        return Condition(f"CASE WHEN {_INDEXED} THEN {_HELD} ELSE 0 END", (candidates(wanted), wanted))
    known = terms(wanted, _MOST_TERMS)
    if len(known) == _MOST_TERMS:
        return Condition(_HELD, (wanted,))
    return Condition(_INDEXED, (" OR ".join(map(phrase, known)),)) if known else Condition("0")


def like(text: str) -> str:
    """A text as LIKE takes it literally, with a backslash as its escape."""
    return re.sub(r"([\\%_])", r"\\\1", text)
