"""A stream as steps: events of one sense that follow each other are one, whatever their number and time.

Told by what an event holds and not by its protocol, so that one of a protocol that is not known has its steps too. What
carries content was told by the reader before (`Meaning`), so that of a million events only those are looked into that carry
none, or that carry a stop reason or counts besides."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

import msgspec

from app.exchange.event_log import EventLog
from app.exchange.exchange import Exchange
from app.protocols.reading import Meaning
from app.run.diff.facts import Sense, Step
from app.text.json_text import decode_json, objects_in
from app.text.visible import one_line

MOST_LOOKED_INTO = 3000
_MAX_EVENT_BYTES = 1 << 20
_MAX_NAME = 60
# Of these one event goes on with what the one before began; of the others each is one of its own.
_PIECES = frozenset({Sense.TEXT, Sense.REASONING, Sense.TOOL_CALL, Sense.EMPTY})
_CONTENT = {Meaning.TEXT: Sense.TEXT, Meaning.REASONING: Sense.REASONING, Meaning.TOOL_ARGUMENTS: Sense.TOOL_CALL}
# What an event that carries content may carry besides. Each begins with what is rare: so a search takes a moment for 100 MB.
_BESIDES = (re.compile(rb'_reason"\s*:\s*"'), re.compile(rb'"usage"\s*:\s*\{'))
_NO_CONTENT = re.compile(rb"\0")


class Steps(msgspec.Struct, frozen=True):
    """A stream's steps in order; `pings`: its keep-alives, which are no steps; `cut`: behind `MOST_LOOKED_INTO` events without
    content, or with a stop reason or counts, nothing was looked at."""

    steps: tuple[Step, ...]
    pings: int = 0
    cut: bool = False


def steps_of(exchange: Exchange) -> Steps:
    """The steps of a finished stream."""
    events = exchange.events
    special = _special(exchange)
    cut = len(special) > MOST_LOOKED_INTO
    last = special[MOST_LOOKED_INTO] if cut else len(events)
    steps: list[Step] = []
    pings, at = 0, 0
    for index in [*special[:MOST_LOOKED_INTO], last]:
        _add_content(steps, events, at, index)
        if index < last:
            for sense, name in _senses(events, index):
                if sense is Sense.PING:
                    pings += 1
                else:
                    _add(steps, sense, name, index + 1, index + 1, 1)
        at = index + 1
    return Steps(tuple(steps), pings, cut)


def _special(exchange: Exchange) -> list[int]:
    """The events that have to be looked into: the first, those without content, those that carry more than content. The first
    ones of them, one more than are looked into.
    """
    events, body = exchange.events, exchange.decoded.data
    most = MOST_LOOKED_INTO + 1
    found = {one.start() for one in islice(_NO_CONTENT.finditer(bytes(events.meanings)), most)}
    for besides in _BESIDES:
        found.update(bisect_right(events.ends, one.start()) for one in islice(besides.finditer(body), most))
    if len(events):
        found.add(0)
    return sorted(one for one in found if one < len(events))[:most]


def _add_content(steps: list[Step], events: EventLog, start: int, end: int) -> None:
    """The events of content from `start` to before `end`, each change of what they carry a step."""
    for run in re.finditer(rb"(.)\1*", bytes(events.meanings[start:end]), re.DOTALL):
        first, last = start + run.start() + 1, start + run.end()
        _add(steps, _CONTENT[Meaning(run[1][0])], "", first, last, last - first + 1)


def _add(steps: list[Step], sense: Sense, name: str, first: int, last: int, count: int) -> None:
    """Add events to the step before where that is more of the same; counts that come with each piece are one step behind it."""
    before, earlier = steps[-1] if steps else None, steps[-2] if len(steps) > 1 else None
    if before is not None and (before.sense, before.name) == (sense, name) and (sense in _PIECES or "delta" in name):
        steps[-1] = _longer(before, last, count)
    elif before is None or earlier is None or before.sense is not Sense.USAGE or earlier.sense not in _PIECES:
        steps.append(Step(sense, name, first, last, count))
    elif (earlier.sense, earlier.name) == (sense, name):
        steps[-2] = _longer(earlier, last, count)
    elif sense is Sense.USAGE and earlier.last == last:
        steps[-1] = _longer(before, last, count)
    else:
        steps.append(Step(sense, name, first, last, count))


def _longer(step: Step, last: int, count: int) -> Step:
    return Step(step.sense, step.name, step.first, last, step.count + count)


def _senses(events: EventLog, index: int) -> Iterator[tuple[Sense, str]]:
    """What an event is for, in order; an event of content with that first."""
    event = events.event(index)
    content = _CONTENT.get(Meaning(events.meanings[index]))
    data = event.data.strip()
    if data == b"[DONE]":
        yield Sense.DONE, ""
        return
    try:
        value = decode_json(data) if len(data) <= _MAX_EVENT_BYTES else None
    except ValueError:
        value = None
    if not isinstance(value, dict):
        yield (content, "") if content else (Sense.PING, "") if not data or data.startswith(b":") else \
            (Sense.NO_JSON, one_line(event.type, _MAX_NAME))  # fmt: skip
        return
    kind = value.get("type") if isinstance(value.get("type"), str) else ""
    if "choices" in value and not kind:
        yield from _of_chunk(value, content, first=index == 0)
    else:
        yield from _of_typed(kind or event.type, value, content)


def _of_chunk(chunk: dict[str, object], content: Sense | None, *, first: bool) -> Iterator[tuple[Sense, str]]:
    """A chunk of Chat Completions. Some servers write the role into each chunk: with content it counts in the first alone."""
    senses: list[Sense] = []
    choices = objects_in(chunk.get("choices"))
    deltas = [delta for one in choices if isinstance(delta := one.get("delta") or one.get("message"), dict)]
    if chunk.get("error") or any(one.get("error") for one in choices):
        senses.append(Sense.ERROR)
    if (first or content is None) and any(isinstance(one.get("role"), str) for one in deltas):
        senses.append(Sense.ROLE)
    if content is not None:
        senses.append(content)
    if any(one.get("finish_reason") for one in choices):
        senses.append(Sense.STOP)
    if _counts(chunk.get("usage")):
        senses.append(Sense.USAGE)
    yield from ((one, "") for one in senses or [Sense.EMPTY])


def _of_typed(kind: str, value: dict[str, object], content: Sense | None) -> Iterator[tuple[Sense, str]]:
    """An event that has a type: its name, unless that only says that content comes, and what it holds besides."""
    if kind == "ping":
        yield Sense.PING, ""
        return
    if kind == "error" or (value.get("error") and not kind.startswith("response.")):
        yield Sense.ERROR, ""
        return
    if content is not None and ("delta" in kind or not kind):
        yield content, ""
    else:
        yield Sense.NAMED if kind else Sense.UNTYPED, _named(kind, _inner_type(value))
        if content is not None:
            yield content, ""
    delta, message, response = (_object(value.get(name)) for name in ("delta", "message", "response"))
    if delta.get("stop_reason") or kind in ("response.completed", "response.incomplete"):
        yield Sense.STOP, ""
    if any(_counts(one.get("usage")) for one in (value, message, response)):
        yield Sense.USAGE, ""


def _inner_type(value: dict[str, object]) -> str:
    """The type of the block, item, part or delta that an event is about."""
    for name in ("content_block", "item", "part", "delta"):
        kind = _object(value.get(name)).get("type")
        if isinstance(kind, str):
            return kind
    return ""


def _named(kind: str, inner: str) -> str:
    return one_line(" ".join(filter(None, (kind, inner))), _MAX_NAME)


def _counts(usage: object) -> bool:
    """Whether it is a usage that counts anything."""
    return isinstance(usage, dict) and any(isinstance(one, int | float) for one in usage.values())


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
