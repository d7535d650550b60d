"""What a run of checks can't know, as sentences: they stand in every report, and are folded away in none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from app.report.schema import LimitPart
from app.text.sentences import message, render

_LEVEL = 0.95


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the limits depend on.

    `exchanges` is how many of B's were looked at; `not_asked` the titles of checks that cost more and were left out;
    `uncounted` how many answers came without counts; `unpriced`: a side's prices are not known; `stopped`: it was ended early.
    """

    exchanges: int
    control: bool
    not_asked: tuple[str, ...] = ()
    uncounted: int = 0
    unpriced: bool = False
    stopped: bool = False


def unseen_share(exchanges: int, level: float = _LEVEL) -> float | None:
    """A fault that hits at random less than this share of requests can stay unseen in so many, at that level; None for none."""
    return 1 - (1 - level) ** (1 / exchanges) if exchanges > 0 else None


def limits(known: Known) -> list[LimitPart]:
    """Those of a run of checks."""
    share = unseen_share(known.exchanges)
    percent = f"{100 * share:.2g}" if share is not None else ""
    told: list[tuple[str, str, Mapping[str, object]]] = [
        ("chance", _CHANCE, {"n": known.exchanges, "percent": percent}),
        ("trigger", _TRIGGER, {}),
        ("moment", _MOMENT, {}),
        ("request_side", _REQUEST_SIDE, {}),
        ("hidden_reasoning", _REASONING, {}),
        ("identity", _IDENTITY, {}),
        ("data", _DATA, {}),
    ]
    if not known.control:
        told.append(("no_control", _NO_CONTROL, {}))
    if known.stopped:
        told.append(("stopped", _STOPPED, {}))
    if known.not_asked:
        told.append(("not_asked", _NOT_ASKED, {"titles": known.not_asked}))
    if known.uncounted:
        told.append(("uncounted", _UNCOUNTED, {"n": known.uncounted}))
    if known.unpriced:
        told.append(("unpriced", _UNPRICED, {}))
    return _parts(told)


def run_limits(rounds: int) -> list[LimitPart]:
    """Those of a Compare run of so many rounds a side."""
    return _parts(
        [
            ("once", _ONCE, {"rounds": rounds}),
            ("trigger", _TRIGGER, {}),
            ("moment", _MOMENT, {}),
            ("request_side", _REQUEST_SIDE, {}),
            ("hidden_reasoning", _REASONING, {}),
            ("identity", _IDENTITY, {}),
            ("data", _DATA, {}),
        ]
    )


def study_limits(pairs: int, *, stopped: bool) -> list[LimitPart]:
    """Those of a study of so many pairs."""
    told: list[tuple[str, str, Mapping[str, object]]] = [
        ("place", _PLACE, {}),
        ("pairs", _PAIRS, {"pairs": pairs}),
        ("path", _PATH, {}),
        ("data", _DATA, {}),
    ]
    if stopped:
        told.append(("stopped", _STOPPED, {}))
    return _parts(told)


def load_limits() -> list[LimitPart]:
    """Those of a load."""
    return _parts([("place", _PLACE, {}), ("steps", _STEPS, {}), ("ours", _OURS, {}), ("data", _DATA, {})])


def _parts(told: Iterable[tuple[str, str, Mapping[str, object]]]) -> list[LimitPart]:
    return [LimitPart(code=code, sentence=render(template, fields)) for code, template, fields in told]


_PLACE = message("All was asked from one machine within one stretch of time: another network or another hour may differ.")
_PAIRS = message(
    "Intervals are of {pairs:plural pair|pairs}. What happens less often than once in so many can stay unseen, and no verdict"
    " rests on a p95."
)
_PATH = message("The path's round trip is that to whatever answers first, which may be an edge or a proxy before the endpoint.")
_STEPS = message(
    "Each step was asked once: a limit that moves with the hour, or with others' requests, is seen as it was then."
)
_OURS = message(
    "At many requests at once this machine's own work may be in the times: how late our own sends were is told above."
)
_CHANCE = message(
    "“Not seen” means: not in {n:plural exchange|exchanges}.{percent:if  A fault that hits fewer than {percent} % of requests"
    " at random can stay unseen in so many (at 95 %).}"
)
_ONCE = message("Each endpoint answered {rounds:plural request|requests}. Another answer to the same request may differ.")
_TRIGGER = message(
    "What waits for a trigger (a certain word, an hour, the fiftieth call) can stay unseen however often one asks."
)
_MOMENT = message("It holds for the time at which it was measured, and for the way from this machine.")
_REQUEST_SIDE = message(
    "What is done to a request on its way is seen only by what it does to the answer. Whoever runs the relay can see it itself:"
    " `diptych mirror`."
)
_REASONING = message(
    "Reasoning that is counted but not shown can't be counted again from outside: nobody can tell if it is right."
)
_IDENTITY = message(
    "No check proves which model answers. What is said is whether the answers are consistent with it, and with what the vendor"
    " alone can make."
)
_DATA = message("Who reads, keeps or passes on what is sent can't be seen from outside.")
_NO_CONTROL = message(
    "There was no official endpoint beside it: what is the model's way and what the endpoint's can't be told apart."
)
_STOPPED = message("It was ended before all was asked.")
_NOT_ASKED = message("What costs more was not asked: {titles:list}.")
_UNCOUNTED = message("{n:plural answer|answers} came without counts: tokens and money are without {n:word it|them}.")
_UNPRICED = message("The prices of a side are not known, so no money is named.")
