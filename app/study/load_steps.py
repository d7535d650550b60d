"""The steps of a load as they are typed: `1, 2, 4, 8`, or `1, 2 … 64` with what goes on as it began left out."""

from __future__ import annotations

import re
from itertools import pairwise

from app.study.load import MOST_AT_ONCE
from app.text.sentences import tr

MOST_RATE = 200.0
_GOES_ON = re.compile(r"\s*,?\s*(?:…|\.\.\.)\s*,?\s*")
_MOST_STEPS = 40


class StepsError(Exception):
    """They can't be taken; the text is a sentence without its full stop."""


def steps_of(text: str, *, open_loop: bool) -> tuple[float, ...]:
    """The steps, growing. Raises StepsError."""
    most = MOST_RATE if open_loop else MOST_AT_ONCE
    try:
        parts = [[float(one) for one in part.split(",")] for part in _GOES_ON.split(text.strip())]
    except ValueError:
        raise StepsError(tr("The field of steps takes numbers with commas between them, as in 1,2,4,8")) from None
    found = parts[0]
    for part in parts[1:]:
        found += _between(found, part[0]) + part
    if not all(0 < one <= most for one in found) or found != sorted(set(found)):
        raise StepsError(
            tr(
                "The field of steps takes numbers of which each is larger than the one before, and at most {most:grouped}",
                most=most,
            )
        )
    if not open_loop and any(one != int(one) for one in found):
        raise StepsError(tr("The field of steps takes whole numbers"))
    return tuple(found)


def _between(found: list[float], end: float) -> list[float]:
    """What is left out: as many times as much each as the two before tell, twice where there is one."""
    times = found[-1] / found[-2] if len(found) > 1 and found[-2] > 0 else 2.0
    made: list[float] = []
    while times > 1 and len(made) < _MOST_STEPS and (step := (made or found)[-1] * times) < end * 0.999:
        made.append(round(step, 6))
    return made


def steps_text(steps: tuple[float, ...]) -> str:
    """As they are typed; a row of doubles of more than four is shortened."""
    said = [f"{one:g}" for one in steps]
    doubles = all(later == 2 * one for one, later in pairwise(steps))
    return f"{', '.join(said[:3])} … {said[-1]}" if doubles and len(said) > 4 else ", ".join(said)
