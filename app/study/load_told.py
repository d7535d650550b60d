"""What a load says in a few sentences: of one endpoint, or of two that were asked the same steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

import msgspec

from app.recording.records import SideName
from app.study.figures import steps_unit
from app.study.load import Again, LoadPlan, StepResult
from app.study.result import failure_words
from app.study.told import Telling
from app.text.sentences import message, render

WITHIN_SHARE = 0.95
REFUSED = "429"


class Loaded(msgspec.Struct, frozen=True):
    """One endpoint's load: what was asked, the steps that were run, and why it ended ("" after the last)."""

    plan: LoadPlan
    results: tuple[StepResult, ...] = ()
    ended: str = ""


def last_within(results: Sequence[StepResult]) -> StepResult | None:
    """The last of the steps from the first on in which 95 of 100 requests came within the user's limits; None for none."""
    good = list(takewhile(lambda one: one.within >= WITHIN_SHARE, results))
    return good[-1] if good else None


def best_step(results: Sequence[StepResult]) -> StepResult | None:
    """The step with the most answers within the limits a second; None where none was."""
    best = max(results, key=lambda one: one.good_per_second, default=None)
    return best if best is not None and best.good_per_second > 0 else None


_LIMIT = message("first token within {limit:milliseconds}{total:if , whole answer within {total:milliseconds}|} for 95 of 100")
_WITHIN = message("Within your limit ({limits}) {side:if {side}|it} serves **up to {step:grouped} {unit}**.")
_NONE_WITHIN = message("No step{side:if  of {side}|} was within your limit ({limits}).")
_BOTH_WITHIN = {
    (True, True): message("Within your limit ({limits}) **A serves {a:grouped} {unit}, B {b:grouped}**."),
    (True, False): message("Within your limit ({limits}) **A serves {a:grouped} {unit}; B is within it at no step**."),
    (False, True): message("Within your limit ({limits}) **B serves {b:grouped} {unit}; A is within it at no step**."),
    (False, False): message("No step of either was within your limit ({limits})."),
}
_BEST = message(
    "{side:if {side}'s goodput|Goodput} was best with {step:grouped} {unit}: {rate:.1f} answers within the limit a second."
)
_REFUSED = message(
    "With {step:grouped} {unit} {side:if {side}|it} **refused {refused} of {runs}** ({status}){seconds:if  and asks for"
    " {seconds:duration}|}."
)
_ENDED = {
    "saturated": message(
        "{side:if {side}|It} ended with {step:grouped} {unit}: first tokens came later, and no more answers a second."
    ),
    "failing": message(
        "{side:if {side}|It} ended with {step:grouped} {unit}: {failed} of {runs} requests failed ({said:list})."
    ),
}
_ALL_ENDED = {"stopped": message("It was stopped."), "cap": message("The cap ended it.")}
_LATE = message(
    "Our own sends were at most {late:milliseconds} late{counted:if , which is in the times|}{busy:if : this machine was busy,"
    " and its own work may be in the times|}."
)
_BUSY_MS = 50.0


_AGAIN = message("{status}: {seconds:if again in {seconds:duration} ({source})|no word of when again}")


def again_words(one: Again) -> str:
    """What refusals said of when to come back."""
    return render(_AGAIN, msgspec.structs.asdict(one))


def unit_of(plan: LoadPlan) -> str:
    """What a step is counted in."""
    return steps_unit(open_loop=plan.open_loop)


def load_told(sides: Mapping[SideName, Loaded]) -> list[Telling]:
    """What it says, the most important first."""
    return list(_told(sides))


def _told(sides: Mapping[SideName, Loaded]) -> Iterator[Telling]:
    yield from _within(sides)
    for name, side in sides.items():
        yield from _of_side(name.upper() if len(sides) > 1 else "", side)
    ended = {one.ended for one in sides.values()}
    yield from (Telling(why, template, {}) for why, template in _ALL_ENDED.items() if why in ended)
    results = [one for side in sides.values() for one in side.results]
    if results:
        counted = any(side.plan.open_loop for side in sides.values())
        late = max(one.late_ms for one in results)
        yield Telling("late", _LATE, {"late": late, "counted": counted, "busy": late >= _BUSY_MS})


def _within(sides: Mapping[SideName, Loaded]) -> Iterator[Telling]:
    found = {name: last_within(side.results) for name, side in sides.items() if side.results}
    if not found:
        return
    plan = next(iter(sides.values())).plan
    fields: dict[str, object] = {"limit": plan.limit_ms, "total": plan.total_limit_ms, "unit": unit_of(plan)}
    fields["limits"] = render(_LIMIT, fields)
    fields["side"] = next(iter(found)).upper() if len(sides) > len(found) else ""  # the other was stopped before a step
    steps = {name: one.step for name, one in found.items() if one is not None}
    if len(found) > 1:
        which = "a" in steps, "b" in steps
        both = {**fields, **{str(name): step for name, step in steps.items()}}
        yield Telling("within" if any(which) else "none_within", _BOTH_WITHIN[which], both)
    elif steps:
        yield Telling("within", _WITHIN, {**fields, "step": next(iter(steps.values()))})
    else:
        yield Telling("none_within", _NONE_WITHIN, fields)


def _of_side(name: str, side: Loaded) -> Iterator[Telling]:
    fields: dict[str, object] = {"side": name, "unit": unit_of(side.plan)}
    best = best_step(side.results)
    if best is not None and len(side.results) > 1 and not name:  # of two it would be long: the picture names both
        yield Telling("best", _BEST, {**fields, "step": best.step, "rate": best.good_per_second})
    refused = next((one for one in side.results if one.failed.get(REFUSED)), None)
    if refused is not None and side.ended != "failing":
        seconds = next((one.seconds for one in refused.again if str(one.status) == REFUSED), None)
        counts = {"refused": refused.failed[REFUSED], "runs": refused.runs, "status": REFUSED, "seconds": seconds}
        yield Telling("refused", _REFUSED, {**fields, "step": refused.step, **counts})
    if side.ended in _ENDED and side.results:
        last = side.results[-1]
        kinds = list(last.failed)
        counts = {"failed": last.runs - last.completed, "runs": last.runs, "kinds": kinds}
        said = [failure_words(kind, 1) for kind in kinds]
        yield Telling(side.ended, _ENDED[side.ended], {**fields, "step": last.step, **counts, "said": said})
