"""Four cells: both sides, with and without a parameter. Honoured, ignored or rejected is read off them by one table.

Rejected is a 4xx whose message names the field, while the request without it is answered. Ignored is an answer like those
without the field, where the control's is like those with it. What neither shows stays undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, auto

import msgspec

from app.checks.asker import Asker
from app.checks.judgement import Evidence, Judged, Judgement, Measured
from app.checks.seen import Seen, Steps
from app.checks.verdict import Verdict
from app.protocols.base import NO_OPTIONS, Options
from app.run.differences import one_model
from app.text.json_text import decode_json
from app.text.sentences import message


class Cell(Enum):
    """What one side does with a parameter."""

    HONOURED = auto()  # the answers are as the parameter has them, and other without it
    IGNORED = auto()  # they are as without it
    REJECTED = auto()
    INVENTED = auto()  # the answers hold what it asks for, and it can't be true
    TAKEN = auto()  # what it does can't be seen; it is taken
    UNCLEAR = auto()  # nothing can be read off the answers


Shown = tuple[Cell, tuple[Measured, ...]]
Shows = Callable[[Steps], Shown]
"""What the answers of one side show, all of which completed: any cell but REJECTED."""


class Arm(msgspec.Struct, frozen=True):
    """Requests of one kind: the step's name, what is asked for besides, and how often."""

    step: str
    options: Options = NO_OPTIONS
    extra: Mapping[str, object] = {}
    times: int = 1


class Parameter(msgspec.Struct, frozen=True):
    """A parameter, and the cells that tell what becomes of it.

    Attributes:
        field: as people know it. names: the words one of which a refusal of it holds.
        within, without: the steps of the requests with it, and of those without; "" where none is needed.
        promised: the protocol promises what it does, so that ignoring it is a fault without any control.
        of_one_model: what is asked for holds for one model's vocabulary alone.
    """

    field: str
    names: tuple[str, ...]
    within: str
    without: str
    shows: Shows
    promised: bool = False
    of_one_model: bool = False


async def ask_arms(asker: Asker, prompt: str, arms: tuple[Arm, ...], max_tokens: int) -> None:
    """Ask all arms, turn by turn, so that what changes with time falls on all; one that is refused is not asked again."""
    refused: set[str] = set()
    for n in range(1, max(arm.times for arm in arms) + 1):
        for arm in arms:
            if n <= arm.times and arm.step not in refused:
                one = await asker.ask(arm.step, prompt, n=n, max_tokens=max_tokens, options=arm.options, extra=dict(arm.extra))
                if not 200 <= one.status < 300:
                    refused.add(arm.step)


_HONOURED = "{who} honours {field}."
_TAKEN = "{who} takes {field}; what it does can't be seen from outside."
_IGNORED = "{who} **takes {field} and ignores it**: its answers are those without it, where the official endpoint's change."
_INVENTED = "{who} answers {field} with what **can't be of its answer**: invented on the way."
_IGNORED_ALONE = "{who} **takes {field} and ignores it**: its answers are those without it."
_REJECTED = "{who} **refuses {field}**, which the official endpoint takes: {said:quoted without a word}."
_UNSUPPORTED = "{who} refuses {field}{shared:if , as the official endpoint does}: {said:quoted without a word}."
_ACCEPTED = (
    "{who} takes {field}, which the official endpoint refuses for this model: it is dropped on the way, or another model "
    "answers."
)
_OTHER_MODEL = "{who} takes {field}, which the official endpoint refuses; but the two sides were asked for different models."
_OTHER_MODEL_IGNORES = (
    "{who} takes {field} and its answers are those without it; but the two sides were asked for different models, whose tokens "
    "have other numbers."
)
_NOT_SHOWN = "{who} takes {field}; its answers don't show whether it does anything."
_NEITHER = "{who} takes {field}; neither its answers nor the official ones show that it does anything."
_REFUSED = "{who} refuses the request with {field}, and does not say that this field is why: {said:quoted without a word}."
_ADVICE_REJECTED = "Leave {field} out of what you send there."
_ADVICE_IGNORED = "Don't rely on {field} there."


class _Side(msgspec.Struct, frozen=True):
    """One side's cell, what was measured, and the words of a refusal."""

    cell: Cell
    measured: tuple[Measured, ...] = ()
    said: str = ""


def judge_parameter(parameter: Parameter) -> Callable[[Seen], Judgement]:
    """Judge by the table; both sides' exchanges are the evidence."""

    def judge(seen: Seen) -> Judgement:
        b = _read(seen.b, parameter)
        a = _read(seen.a, parameter) if seen.a is not None else None
        ours = None if seen.a is None else a if isinstance(a, Judged) else _alone(seen.a, parameter, a or _UNKNOWN)
        if isinstance(b, Judged):
            return Judgement(b, ours)
        if seen.a is None or a is None or isinstance(a, Judged):
            return Judgement(_alone(seen.b, parameter, b), ours)
        same = one_model(seen.a.model, seen.b.model)
        found = _beside(seen.b, parameter, b, a.cell, same_model=same)
        return Judgement(msgspec.structs.replace(found, evidence=found.evidence + _evidence(seen.a, parameter)), ours)

    return judge


def _read(steps: Steps, parameter: Parameter) -> _Side | Judged:
    """One side's cell, or why it can't be told."""
    asked = [step for step in (parameter.without, parameter.within) if step]
    if (trouble := steps.hindered(*asked)) is not None:
        return trouble
    if steps.refused(parameter.within):
        said = _said(steps, parameter.within)
        if steps.trouble(*filter(None, (parameter.without,))) is None and _names(steps, parameter):
            return _Side(Cell.REJECTED, said=said)
        return Judged(
            verdict=Verdict.INCONCLUSIVE,
            reason="refused",
            sentence=_REFUSED,
            fields={"field": parameter.field, "said": said, "status": steps[parameter.within].status},
            short="{status}",
            said=said,
            evidence=_evidence(steps, parameter),
        )
    if (trouble := steps.trouble(*asked)) is not None:
        return trouble
    return _Side(*parameter.shows(steps))


def _names(steps: Steps, parameter: Parameter) -> bool:
    """Whether the refusal names the field."""
    error = steps[parameter.within].reading.error
    words = f" {error.message} {error.param} ".lower() if error is not None else ""
    return any(name.lower() in words for name in parameter.names)


def _said(steps: Steps, step: str) -> str:
    error = steps[step].reading.error
    return error.message[:300] if error is not None and not error.ours else ""


_UNKNOWN = _Side(Cell.UNCLEAR)
_ALONE: dict[Cell, tuple[Verdict, str, str, str]] = {
    Cell.HONOURED: (Verdict.PASS, "honoured", _HONOURED, ""),
    Cell.TAKEN: (Verdict.PASS, "taken", _TAKEN, ""),
    Cell.REJECTED: (Verdict.UNSUPPORTED, "rejected", _UNSUPPORTED, _ADVICE_REJECTED),
    Cell.INVENTED: (Verdict.FAIL, "invented", _INVENTED, _ADVICE_IGNORED),
    Cell.IGNORED: (Verdict.INCONCLUSIVE, "not_shown", _NOT_SHOWN, ""),
    Cell.UNCLEAR: (Verdict.INCONCLUSIVE, "not_shown", _NOT_SHOWN, ""),
}


def _alone(steps: Steps, parameter: Parameter, side: _Side) -> Judged:
    if side.cell is Cell.IGNORED and parameter.promised:
        return _judged(steps, parameter, side, (Verdict.FAIL, "ignored", _IGNORED_ALONE, _ADVICE_IGNORED))
    return _judged(steps, parameter, side, _ALONE[side.cell])


def _beside(steps: Steps, parameter: Parameter, b: _Side, a: Cell, *, same_model: bool) -> Judged:
    if b.cell is Cell.REJECTED:
        if a is Cell.REJECTED:
            found = _alone(steps, parameter, b)
            return msgspec.structs.replace(found, shared=True, fields={**found.fields, "shared": True})
        if not same_model:  # each model has its own rules
            return _alone(steps, parameter, b)
        return _judged(steps, parameter, b, (Verdict.FAIL, "rejected", _REJECTED, _ADVICE_REJECTED))
    if a is Cell.REJECTED:
        if not same_model:
            return _judged(steps, parameter, b, (Verdict.INCONCLUSIVE, "other_model", _OTHER_MODEL, ""))
        return _judged(steps, parameter, b, (Verdict.DIFFERS, "accepted", _ACCEPTED, ""))
    if b.cell is Cell.IGNORED and a is Cell.HONOURED and not same_model and parameter.of_one_model:
        return _judged(steps, parameter, b, (Verdict.INCONCLUSIVE, "other_model", _OTHER_MODEL_IGNORES, ""))
    if b.cell is Cell.IGNORED and a is Cell.HONOURED:
        return _judged(steps, parameter, b, (Verdict.FAIL, "ignored", _IGNORED, _ADVICE_IGNORED))
    if b.cell is Cell.IGNORED and not parameter.promised:
        return _judged(steps, parameter, b, (Verdict.INCONCLUSIVE, "control_too", _NEITHER, ""))
    found = _alone(steps, parameter, b)
    return msgspec.structs.replace(found, shared=a is b.cell and found.verdict is Verdict.FAIL)


_SHORT = {
    Cell.HONOURED: message("honoured"),
    Cell.IGNORED: message("no effect"),
    Cell.INVENTED: message("invented"),
    Cell.REJECTED: message("refused"),
    Cell.TAKEN: message("taken"),
    Cell.UNCLEAR: message("unclear"),
}


def _judged(steps: Steps, parameter: Parameter, side: _Side, row: tuple[Verdict, str, str, str]) -> Judged:
    verdict, reason, sentence, advice = row
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={"field": parameter.field, "said": side.said, "shared": False},
        short=_SHORT[side.cell],
        advice=advice,
        measured=side.measured,
        evidence=_evidence(steps, parameter),
        said=side.said,
    )


def _evidence(steps: Steps, parameter: Parameter) -> tuple[Evidence, ...]:
    """Every exchange of both arms."""
    asked = [(step, n) for step in (parameter.within, parameter.without) if step for n in range(1, len(steps.all(step)) + 1)]
    return tuple(steps.evidence(step, n) for step, n in asked)


def document_of(steps: Steps, step: str, n: int = 1) -> dict[str, object]:
    """An unstreamed answer's JSON object; empty where it is none."""
    one = steps.get(step, n)
    try:
        value = decode_json(bytes(one.decoded.data)) if one is not None else None
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
