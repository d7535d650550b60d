"""Which of the answers in a file are the rounds of one side of a run: a loop of tool calls, or a conversation."""

from __future__ import annotations

from collections.abc import Iterable

from app.formats.capture import Capture
from app.scenarios import Scenario

_SEVERAL_ROUNDS = frozenset({Scenario.TOOLS, Scenario.CONVERSATION})


def loops_in(captures: Iterable[Capture]) -> list[list[Capture]]:
    """The captures in their order, those of one side of one run together.

    Rounds follow each other in a file, and begin anew with the next side or run. What another program captured stands alone:
    nobody knows what belongs together there.
    """
    loops: list[list[Capture]] = []
    for one in captures:
        if loops and _goes_on(loops[-1][-1], one):
            loops[-1].append(one)
        else:
            loops.append([one])
    return loops


def _goes_on(before: Capture, one: Capture) -> bool:
    last, this = before.recording.envelope, one.recording.envelope
    if this.side is None or this.scenario not in _SEVERAL_ROUNDS or this.round != last.round + 1:
        return False
    return (last.side, last.scenario, last.protocol, last.profile.name) == (
        this.side, this.scenario, this.protocol, this.profile.name
    )  # fmt: skip
