"""A stream that is made of a whole answer: collected first, then cut into pieces that follow each other quickly.

By itself such a stream looks like a good one. Beside the control's: its first piece comes when the control's answer is nearly
whole, and all the rest in well less time than there, three times in a row. Known false alarms: another machine that lets a
request wait and then writes faster, so the words are "consistent with".
"""

from __future__ import annotations

from app.checks.asker import Asker
from app.exchange.exchange import Exchange

_PACED_MS = 500.0  # that the control takes from its first piece to its last: below, a network decides
_LATE, _FASTER = 0.8, 0.7
_FEWEST_PIECES = 8


def span_ms(one: Exchange) -> float:
    """From the first piece of content to the last; 0 where there is none, or no time is known."""
    pieces, events = one.events.content_events, one.events
    if not pieces:
        return 0.0
    return ((events.stamp_ns(pieces[-1]) or 0) - (events.stamp_ns(pieces[0]) or 0)) / 1e6


def whole_ms(one: Exchange) -> float:
    """From the request to the last piece of content."""
    return (one.timing.ttft or 0.0) + span_ms(one)


def is_made_up(one: Exchange, control: Exchange) -> bool:
    """Whether a stream looks as if it were made of a whole answer."""
    first = one.timing.ttft
    return (
        span_ms(control) >= _PACED_MS
        and len(one.events.content_events) >= _FEWEST_PIECES
        and span_ms(one) <= _FASTER * span_ms(control)
        and first is not None
        and first >= _LATE * whole_ms(control)
    )


async def ask_again(a: Asker, b: Asker, step: str, tries: int, most_output: int) -> None:
    """Ask B's stream again, until it does not look so, or has so often."""
    for n in range(1, tries):
        one, control = b.answers.get((step, n)), a.answers.get((step, 1))
        if one is None or control is None or (step, n + 1) in b.answers or not is_made_up(one, control):
            return
        await b.send(step, one.recording.request, n=n + 1, stream=True, most_output=most_output)
