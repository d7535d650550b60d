"""What a check asks more than once: again only where it did not turn out well, and judged by all of its tries.

A model may fail once at what it can do, and a relay that breaks something breaks it each time. So a single miss is no verdict:
as many in a row as `most` are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from app.checks.asker import Asker
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.protocols.any.rules import LIMIT_UNSAID
from app.protocols.base import Turn
from app.protocols.ends import CUT_SHORT, AnswerEnd, end_of

MOST = 3
_CUT = (
    "{who} did not come to an end: {why:select refusal=the model refused|filter=a filter held the answer back|"
    "other=its tokens were spent before}."
)
_MIXED = "{who} did it in {good} of {n} tries; that is too few to tell."
_FEWER = "{who} was asked {n:once once|times} only; the check was stopped before."


class Look(msgspec.Struct, frozen=True):
    """What one try shows: `problem` is a code, "" where it went well; the `fields` are for its sentence.

    `event` is where in the stream it is seen, None for the answer as a whole.
    """

    problem: str = ""
    fields: Mapping[str, object] = {}
    event: int | None = None


GOOD = Look()
CUT = "cut"
LookAt = Callable[[Exchange], Look]


def cut_short(one: Exchange) -> bool:
    """Whether an answer ended before it could say what was asked: its tokens spent (on reasoning too), filtered, refused.

    llama.cpp says of a Responses answer that was cut at its limit that it is completed: that counts as cut, too.
    """
    return end_of(one.reading) in CUT_SHORT or any(found.rule is LIMIT_UNSAID for found in one.findings)


def look(one: Exchange, look_at: LookAt) -> Look:
    """What a completed try shows. What is missing in an answer that was cut says nothing."""
    found = look_at(one)
    return Look(CUT, {"why": _why(one)}) if found.problem and cut_short(one) else found


def _why(one: Exchange) -> str:
    end = end_of(one.reading)
    return {AnswerEnd.REFUSAL: "refusal", AnswerEnd.FILTER: "filter"}.get(end, "other")


async def ask_until(
    asker: Asker, step: str, look_at: LookAt, turns: str | tuple[Turn, ...], *, most: int = MOST, **how: Any
) -> Exchange:
    """Ask the same until it goes well, at most so often; the last answer. A refusal, or no answer, is not asked again."""
    for n in range(1, most + 1):
        one = await asker.ask(step, turns, n=n, **how)
        if one.outcome is not Outcome.COMPLETED or not look(one, look_at).problem:
            break
    return one


class Tries(msgspec.Struct, frozen=True):
    """All tries of a step, in order, each as it turned out. `n` numbers count from 1."""

    looks: tuple[Look, ...]

    @classmethod
    def of(cls, steps: Steps, step: str, look_at: LookAt) -> Tries:
        return cls(tuple(look(one, look_at) for one in steps.all(step)))

    @property
    def good(self) -> int:
        return sum(not one.problem for one in self.looks)

    @property
    def first_good(self) -> int:
        """The number of the first try that went well, 0 for none."""
        return next((number for number, one in enumerate(self.looks, 1) if not one.problem), 0)


def judge_tries(
    steps: Steps,
    step: str,
    look_at: LookAt,
    *,
    passes: Judged,
    problems: Mapping[str, tuple[str, str]],
    verdicts: Mapping[str, Verdict] = {},
    advice: Mapping[str, str] = {},
    unsupported: str = "",
    most: int = MOST,
    every: bool = False,
) -> Judged:
    """The verdict on a step that was asked with `ask_until`.

    `passes` is what is said where it went well: in one try, or (`every`) in each. `problems` gives by code the sentence and the
    short words of what went wrong in every try, `verdicts` what it is where that is not FAIL. `unsupported` is the sentence for
    a refusal, with {cause}; where it is "", a refusal is a FAIL in the words of the diagnosis.
    """
    if (hindered := steps.hindered(step)) is not None:
        return hindered
    exchanges = steps.all(step)
    if steps.refused(step, len(exchanges)):
        return refusal(steps, step, len(exchanges), unsupported)
    tries = Tries.of(steps, step, look_at)
    bad = [(number, one) for number, one in enumerate(tries.looks, 1) if one.problem]
    counted = {"n": len(tries.looks), "good": tries.good, "several": len(tries.looks) > 1}
    if tries.good and not (every and bad):
        return msgspec.structs.replace(
            passes,
            fields={**passes.fields, **tries.looks[tries.first_good - 1].fields, **counted},
            measured=(*passes.measured, Measured("tries", len(tries.looks)), Measured("good", tries.good)),
            evidence=(*passes.evidence, steps.evidence(step, tries.first_good)),
        )
    evidence = tuple(steps.evidence(step, number, one.event) for number, one in bad)
    if cut := next((one for _, one in bad if one.problem == CUT), None):
        return Judged(
            verdict=Verdict.INCONCLUSIVE, reason=CUT, sentence=_CUT, fields=cut.fields, short="cut", evidence=evidence
        )
    if tries.good or len(bad) < most:
        reason, sentence = ("sometimes", _MIXED) if tries.good else ("too_few", _FEWER)
        return Judged(verdict=Verdict.INCONCLUSIVE, reason=reason, sentence=sentence, fields=counted, evidence=evidence)
    first = bad[0][1]
    sentence, short = problems[first.problem]
    return Judged(
        verdict=verdicts.get(first.problem, Verdict.FAIL),
        reason=first.problem,
        sentence=sentence,
        fields={**first.fields, **counted},
        short=short,
        advice=advice.get(first.problem, ""),
        measured=(Measured("tries", len(tries.looks)), Measured("good", 0)),
        evidence=evidence,
    )


def refusal(steps: Steps, step: str, n: int = 1, unsupported: str = "", reason: str = "refused") -> Judged:
    """What is said of a refused request: UNSUPPORTED with that sentence ({cause}), or FAIL in the words of the diagnosis."""
    why = steps.diagnosis(step, n)
    one = steps.get(step, n)
    return Judged(
        verdict=Verdict.UNSUPPORTED if unsupported else Verdict.FAIL,
        reason=reason,
        sentence=unsupported or "{cause:or {who} refuses it.}",
        fields={"cause": why.cause if why else "", "fix": why.fix if why else "", "status": one.status if one else 0},
        short="{status}",
        advice="{fix}",
        said=why.vendor_message if why else "",
        evidence=(steps.evidence(step, n),),
    )
