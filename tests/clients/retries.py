"""What a client does with an error that is sent to it: asks again or not, how often, after how long, and what it raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.clients.driving import Driver, Job, Played
from tests.clients.inputs import Maker
from tests.clients.replay import Answer, End

STATUSES = (400, 401, 402, 403, 404, 405, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529)
AFTER_S = (0, 1, 7, 20, 30, 45, 59, 60, 61, 90, 119, 120, 121, 180, 300, 900, 3600, 21600, 86400)
AS_DATE_S = (30, 300)
BESIDE = {
    "ms": "retry-after-ms: 1500",
    "nonsense": "retry-after: soon",
    "yes": "x-should-retry: true",
    "no": "x-should-retry: false",
}
_LIMITS = re.compile(rb"(?im)^(retry-after|retry-after-ms|x-should-retry)[^\r\n]*\r\n")
NEAR_S = 2.0


async def probes(maker: Maker, protocol: str) -> dict[str, tuple[Answer, float | None]]:
    """By the probe's name the answer, and the seconds that its retry-after names."""
    answers = {status: await maker.record(f"error_{status}", protocol, "text", False) for status in STATUSES}
    plain = {str(status): _with(answer) for status, answer in answers.items()}
    limited, busy = answers[429], answers[503]
    return {
        **{name: (answer, None) for name, answer in plain.items()},
        **{f"429 after {after}": (_with(limited, f"retry-after: {after}"), float(after)) for after in AFTER_S},
        **{f"429 date {after}": (_with(limited, f"retry-after: {{in {after} s}}"), float(after)) for after in AS_DATE_S},
        **{f"503 after {after}": (_with(busy, f"retry-after: {after}"), float(after)) for after in (7, 90, 3600)},
        **{f"429 {name}": (_with(limited, line), None) for name, line in BESIDE.items()},
        "400 yes": (_with(answers[400], BESIDE["yes"]), None),
        "closed": (Answer(b"", End.CLOSED), None),
        "reset": (Answer(b"", End.RESET), None),
    }


def _with(answer: Answer, line: str = "") -> Answer:
    """The same answer with this header line in place of those that speak of another try."""
    head, blank, body = answer.data.partition(b"\r\n\r\n")
    lines = _LIMITS.sub(b"", head + b"\r\n") + (line.encode() + b"\r\n" if line else b"")
    return Answer(lines.removesuffix(b"\r\n") + blank + body, answer.end)


async def play(driver: Driver, protocol: str, answer: Answer, after: float | None) -> list[Any] | None:
    """What came of one probe, see `facts`; None where the client crashed or did not end."""
    played = await driver.play(Job(protocol, "text", "whole", {"": answer}))
    return None if played.seen is None else facts(played, after)


def facts(played: Played, after: float | None) -> list[Any]:
    """[requests, seconds waited before each further one, class raised, its status]. A wait is "after" where it is that of the
    retry-after header."""
    seen = played.seen or {}
    error = seen.get("error") or {}
    waits = list(_waits(seen.get("waits", []), after))[: max(len(played.heads) - 1, 0)]
    return [len(played.heads), waits, error.get("class", ""), error.get("status")]


def _waits(waits: list[float], after: float | None) -> Iterator[float | str]:
    for wait in waits:
        yield "after" if after and abs(wait - after) < min(NEAR_S, after / 2) else round(wait, 1)
