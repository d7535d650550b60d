"""The table of faults: each has a name, a group, one line on what it does, and steps that work at one stage of an answer.

A request passes the stages in this order: HOST changes who answers it; EARLY may answer at once; BODY changes what is
understood of the request; REFUSED may have a refused one tried again; PARSED changes what the model is asked, once it was
validated and counted; COUNT changes the answer to a request that only counts; WHOLE changes the answer's whole document (a
stream is made from it, so the change is in the stream too); EVENTS and FRAMES work on a stream before and after it is bytes;
REPLY on the response around the body; WIRE writes the response itself, below HTTP.
A SWITCH has no step: the code it changes asks for it by name.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, TypeVar

from app.simulator.shared.refusals import CHAT as CHAT
from app.simulator.shared.refusals import MESSAGES as MESSAGES
from app.simulator.shared.refusals import MODELS as MODELS
from app.simulator.shared.refusals import RESPONSES as RESPONSES
from app.text.sentences import tr

ALL = (MESSAGES, CHAT, RESPONSES)
OPENAI = (CHAT, RESPONSES)
EVERYWHERE = (*ALL, MODELS)
_Step = TypeVar("_Step", bound=Callable[..., Any])


class UnknownFaultError(Exception):
    """A fault that does not exist, or a value it does not take; the text names the nearest ones."""


class Stage(Enum):
    """Where in an answer's making a step works."""

    HOST = "host"  # (host, context) -> Host
    EARLY = "early"  # (context) -> Reply
    BODY = "body"  # (body, context) -> None
    REFUSED = "refused"  # (refusal, context) -> bool: try again with the body that the step has changed
    PARSED = "parsed"  # (parsed, context) -> ParsedRequest
    COUNT = "count"  # (document, context) -> None
    WHOLE = "whole"  # (document, context) -> None
    EVENTS = "events"  # (events, context) -> list[Event]
    FRAMES = "frames"  # (frames, context) -> list[Frame]
    REPLY = "reply"  # (reply, context) -> None
    WIRE = "wire"  # async (reply, wire, context) -> None
    SWITCH = "switch"


@dataclass(frozen=True)
class Fault:
    """One row of the table.

    Attributes:
        protocols: those it shows in; elsewhere it changes nothing.
        default: the number it takes where none is given (`NAME=NUMBER`), None where it takes none.
        steps: by stage the step and the protocols it works in.
    """

    name: str
    group: str
    line: str
    protocols: tuple[str, ...]
    default: int | None = None
    steps: dict[Stage, tuple[Callable[..., Any], tuple[str, ...]]] = field(default_factory=dict, compare=False)


FAULTS: dict[str, Fault] = {}
# The groups in PROTOCOLS 11.2's order; those of the last line are our own.
GROUPS = (
    *("order", "terminate", "framing", "http", "tools", "usage", "thinking", "model", "auth", "errors", "limits", "models"),
    *("behaviour", "routing", "parameters", "rewriting", "refusals", "below HTTP"),
)


def fault(
    stage: Stage, group: str, protocols: tuple[str, ...] = ALL, *, default: int | None = None, name: str | None = None
) -> Callable[[_Step], _Step]:
    """Register a step; the fault has the function's name and its docstring's first line. A second step of the same
    fault names it with `name`."""

    def register(step: _Step) -> _Step:
        key = name or step.__name__
        line = (step.__doc__ or "").strip().splitlines()[0]
        row = FAULTS.get(key) or Fault(key, group, line, (), default)
        if stage in row.steps:
            raise ValueError(f"fault {key} has two steps at stage {stage.value}")
        FAULTS[key] = replace(
            row,
            protocols=tuple(dict.fromkeys((*row.protocols, *protocols))),
            steps=row.steps | {stage: (step, protocols)},
        )
        return step

    return register


def add_fault(
    name: str,
    stage: Stage,
    group: str,
    line: str,
    protocols: tuple[str, ...] = ALL,
    *,
    default: int | None = None,
    step: Callable[..., Any] | None = None,
) -> None:
    """Register a fault that has no function of its own: a switch, or one of a family."""
    if name in FAULTS:
        raise ValueError(f"fault {name} is there twice")
    FAULTS[name] = Fault(name, group, line, protocols, default, {} if step is None else {stage: (step, protocols)})


def list_faults() -> list[Fault]:
    """All faults, by group in the order of PROTOCOLS 11.2, in each by name."""
    return sorted(FAULTS.values(), key=lambda row: (GROUPS.index(row.group), row.name))


def parse_faults(names: Iterable[str]) -> dict[str, int]:
    """`NAME` or `NAME=NUMBER` each, to the numbers by name (0 for a fault that takes none). Raises UnknownFaultError."""
    return dict(_parse(text) for text in names)


def _parse(text: str) -> tuple[str, int]:
    name, equals, value = text.partition("=")
    row = FAULTS.get(name)
    if row is None:
        near = difflib.get_close_matches(name, FAULTS, n=3, cutoff=0.4)
        raise UnknownFaultError(
            tr("there is no fault named {name}{near:if ; did you mean {near:commas}?}", name=repr(name), near=near or None)
        )
    if not equals:
        return name, row.default or 0
    if row.default is None or not value.isdecimal():
        raise UnknownFaultError(
            tr(
                "the fault {name} takes {number:if a whole number|no number}, not {value}",
                name=name,
                number=row.default is not None,
                value=repr(value),
            )
        )
    return name, int(value)


def steps(chosen: Iterable[str], stage: Stage, protocol: str) -> list[Callable[..., Any]]:
    """The steps of the chosen faults at a stage, those that show in this protocol, in the order they were chosen."""
    found = [FAULTS[name].steps[stage] for name in chosen if stage in FAULTS[name].steps]
    return [step for step, protocols in found if protocol in protocols]
