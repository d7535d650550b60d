"""Is `tool_choice` obeyed: a forced call, a call of any tool, none at all, one at a time.

Needed for a verdict, forced or any: no call on a greeting, twice (a forced call is enforced by the sampler: text is
impossible). A relay may know the one form and not the other: "any" of Messages and "required" of OpenAI are words apart.
None: a call, where the same question without the field brought one too. One at a time: several calls with the field, where
there were several without it. Known false alarms: reasoning spends the tokens (inconclusive); Claude models that think without
being told to refuse to be forced (asked again with thinking disabled); a model that never makes two calls (inconclusive, or,
five times against the control's five, a difference: Fisher's exact test gives 0.4 % for that).
"""

from __future__ import annotations

from app.checks.asker import Asker
from app.checks.catalogue.tool_probes import (
    FORECAST,
    FORECAST_ROOM,
    ask_forced,
    forced_step,
    forced_words,
    forecast_words,
    two_cities,
)
from app.checks.catalogue.tools import CALLS_A_TOOL
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Judged, Judgement, Measured, against_control
from app.checks.seen import Seen, Steps, each
from app.checks.tries import cut_short, refusal
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import Options, Tool, UserTurn
from app.protocols.findings import Severity
from app.text.sentences import Phrase, message, unsaid

# -- forced -----------------------------------------------------------------------------------------------------------

_DICE = Tool(
    "roll_dice",
    unsaid("Rolls dice and gives their sum."),
    {
        "type": "object",
        "properties": {"dice": {"type": "integer", "minimum": 1}},
        "required": ["dice"],
        "additionalProperties": False,
    },
)
_GREETING = unsaid("Good evening! I only wanted to say hello. ({nonce})")
_FORCED = "{who} obeys a forced call."
_NOT_FORCED = (
    "{who} takes a forced call and answers without it{others:if , or with another tool}, twice: `tool_choice` is not obeyed."
)
_FORCE_REFUSED = "{who} refuses to be forced to call a tool: {cause:or it does not say why.}"
_CUT = "{who} spent its tokens before it could call."


async def _ask_forced(asker: Asker) -> None:
    turns = (UserTurn(_GREETING.format(nonce=asker.nonce)),)
    for n in (1, 2):
        one = await ask_forced(asker, "forced", turns, _DICE, offered=(FORECAST,), n=n)
        if one.outcome is not Outcome.COMPLETED or _calls(one, _DICE.name):
            break


def _calls(one: Exchange, *names: str) -> bool:
    return bool(one.reading.tool_calls) and all(call.name in names for call in one.reading.tool_calls)


def _judge_forced(steps: Steps) -> Judged:
    return _judge_choice(steps, "forced", (_DICE.name,), (_FORCED, _NOT_FORCED, _FORCE_REFUSED))


def _judge_choice(steps: Steps, name: str, called: tuple[str, ...], words: tuple[str, str, str]) -> Judged:
    """`name` is the step and the reason, `called` the tools that it may be; `words` of obeyed, ignored and refused."""
    step = forced_step(steps, name)
    if (hindered := steps.hindered(step)) is not None:
        return hindered
    if steps.refused(step):
        return refusal(steps, step, unsupported=words[2])
    tries = steps.all(step)
    evidence = tuple(steps.evidence(step, n) for n in range(1, len(tries) + 1))
    measured = (Measured("tries", len(tries)), Measured("forced calls", sum(_calls(one, *called) for one in tries)))
    if _calls(tries[-1], *called):
        return Judged(
            verdict=Verdict.PASS, reason=name, sentence=words[0], short="called", measured=measured, evidence=evidence
        )
    if any(cut_short(one) for one in tries) or len(tries) < 2:
        return Judged(verdict=Verdict.INCONCLUSIVE, reason="cut", sentence=_CUT, measured=measured, evidence=evidence)
    return Judged(
        verdict=Verdict.FAIL,
        reason="ignored",
        sentence=words[1],
        fields={"others": any(one.reading.tool_calls for one in tries)},
        short="not called",
        measured=measured,
        evidence=evidence,
    )


# -- any --------------------------------------------------------------------------------------------------------------

_ANY = "{who} calls a tool where it has to call any of them."
_NOT_ANY = (
    "{who} takes the word for “some tool has to be called” (`any`, `required`) and answers without one"
    "{others:if , or with one that was not on offer}, twice: `tool_choice` is not obeyed."
)
_ANY_REFUSED = "{who} refuses to be made to call some tool: {cause:or it does not say why.}"


async def _ask_any(asker: Asker) -> None:
    turns = (UserTurn(_GREETING.format(nonce=asker.nonce)),)
    for n in (1, 2):
        one = await ask_forced(asker, "any", turns, _DICE, offered=(FORECAST,), choice="any", n=n)
        if one.outcome is not Outcome.COMPLETED or _calls(one, _DICE.name, FORECAST.name):
            break


def _judge_any(steps: Steps) -> Judged:
    return _judge_choice(steps, "any", (_DICE.name, FORECAST.name), (_ANY, _NOT_ANY, _ANY_REFUSED))


# -- none -------------------------------------------------------------------------------------------------------------

_NONE = "{who} calls nothing where calls are forbidden, and does so where they are not."
_NOT_NONE = "{who} calls a tool though `tool_choice` forbids it: the field is not obeyed."
_NONE_REFUSED = "{who} refuses to be forbidden to call: {cause:or it does not say why.}"
_WOULD_NOT = "{who} does not call the tool when it may either, so that nothing can be said of forbidding it."


async def _ask_none(asker: Asker) -> None:
    words = forecast_words(asker.random())
    await asker.ask("may", words, tools=(FORECAST,), max_tokens=FORECAST_ROOM)
    await asker.ask("none", words, tools=(FORECAST,), max_tokens=FORECAST_ROOM, options=Options(tool_choice="none"))


def _judge_none(steps: Steps) -> Judged:
    if (hindered := steps.trouble("may") or steps.hindered("none")) is not None:
        return hindered
    if steps.refused("none"):
        return refusal(steps, "none", unsupported=_NONE_REFUSED)
    evidence = (steps.evidence("none"), steps.evidence("may"))
    measured = tuple(
        Measured(Phrase(message("calls, {step:select may=may|none=none}"), step=step), len(steps[step].reading.tool_calls))
        for step in ("may", "none")
    )
    if steps["none"].reading.tool_calls:
        verdict, reason, sentence, short = Verdict.FAIL, "ignored", _NOT_NONE, message("called")
    elif not steps["may"].reading.tool_calls:
        verdict, reason, sentence, short = Verdict.INCONCLUSIVE, "no_call", _WOULD_NOT, ""
    else:
        verdict, reason, sentence, short = Verdict.PASS, "none", _NONE, "not called"
    return Judged(verdict=verdict, reason=reason, sentence=sentence, short=short, measured=measured, evidence=evidence)


# -- several at once --------------------------------------------------------------------------------------------------

_TRIES = 5
_SEVERAL = "{who} makes several calls in one answer, and one alone where it is asked for one at a time."
_NOT_ONE = "{who} makes {calls} calls in one answer though it was asked for one at a time: the field is not obeyed."
_ONE_REFUSED = "{who} refuses the field for one call at a time: {cause:or it does not say why.}"
_NEVER_SEVERAL = (
    "{who} made one call at most in {n} answers that wanted two, so that nothing can be said of forbidding several."
)
_ONLY_ONE = (
    "{who} made one call at most in each of {n} answers that wanted two; the control made several in each of {others}. "
    "Your agent takes more turns there."
)


async def _ask_parallel(asker: Asker) -> None:
    first = await _ask_two(asker, 1)
    if first.outcome is Outcome.COMPLETED and _several(first):
        alone = Options(parallel=False)
        await asker.ask("one", two_cities(asker.random()), tools=(FORECAST,), max_tokens=FORECAST_ROOM, options=alone)


async def _ask_parallel_more(a: Asker, b: Asker) -> None:
    """B made one call where A made several: is it so each time?"""
    firsts = a.answers.get(("two", 1)), b.answers.get(("two", 1))
    if not all(one is not None and one.outcome is Outcome.COMPLETED for one in firsts):
        return
    if not _several(a.answers["two", 1]) or _several(b.answers["two", 1]):
        return
    for n in range(2, _TRIES + 1):
        if _several(await _ask_two(b, n)) or not _several(await _ask_two(a, n)):
            return


async def _ask_two(asker: Asker, n: int) -> Exchange:
    return await asker.ask("two", two_cities(asker.random()), n=n, tools=(FORECAST,), max_tokens=FORECAST_ROOM)


def _several(one: Exchange) -> bool:
    return len(one.reading.tool_calls) > 1


def _judge_parallel(steps: Steps) -> Judged:
    if (trouble := steps.trouble("two")) is not None:
        return trouble
    two = steps.all("two")
    measured = (Measured("answers with several calls", sum(map(_several, two)), n=len(two)),)
    if not any(map(_several, two)) or steps.get("one") is None:
        return Judged(
            verdict=Verdict.INCONCLUSIVE,
            reason="never_several",
            sentence=_NEVER_SEVERAL,
            fields={"n": len(two)},
            short="one call",
            measured=measured,
            evidence=(steps.evidence("two"),),
        )
    if (hindered := steps.hindered("one")) is not None:
        return hindered
    if steps.refused("one"):
        return refusal(steps, "one", unsupported=_ONE_REFUSED)
    calls = len(steps["one"].reading.tool_calls)
    obeyed = calls <= 1
    return Judged(
        verdict=Verdict.PASS if obeyed else Verdict.FAIL,
        reason="obeyed" if obeyed else "ignored",
        sentence=_SEVERAL if obeyed else _NOT_ONE,
        fields={"calls": calls},
        brief="" if obeyed else "calls come several at once though one was asked for",
        harm=None if obeyed else Severity.LOSES,  # whoever reads calls reads all of them; nothing raises
        short="{calls:plural call|calls}",
        measured=(*measured, Measured("calls with the field", calls)),
        evidence=(steps.evidence("one"), steps.evidence("two")),
    )


def _judge_parallel_beside(seen: Seen) -> Judgement:
    b = _judge_parallel(seen.b)
    if seen.a is None:
        return Judgement(b)
    a = _judge_parallel(seen.a)
    mine, others = seen.b.all("two"), seen.a.all("two")
    never = b.reason == "never_several" and len(mine) >= _TRIES and not any(map(cut_short, mine))
    if never and len(others) >= _TRIES and all(map(_several, others)):
        b = Judged(
            verdict=Verdict.DIFFERS,
            reason="only_one",
            sentence=_ONLY_ONE,
            fields={"n": len(mine), "others": len(others)},
            short="one call",
            measured=b.measured,
            evidence=tuple(seen.b.evidence("two", n) for n in range(1, len(mine) + 1)),
        )
    return Judgement(against_control(b, a), a)


CHECKS = (
    Check(
        id="tool_forced",
        group=Group.TOOLS,
        title="Forced call",
        proves="A tool that `tool_choice` names is called whatever was said.",
        loss="forced calls are not made",
        cost=Cost(4, 1400, 300),
        steps=forced_words("forced", "a greeting, with a call forced"),
        ask=_ask_forced,
        judge=each(_judge_forced),
    ),
    Check(
        id="tool_any",
        group=Group.TOOLS,
        title="Some call",
        proves="Some tool is called where `tool_choice` says that one has to be (`any`, `required`).",
        loss="calls can't be required",
        cost=Cost(4, 1400, 300),
        steps=forced_words("any", "a greeting, with some call required"),
        ask=_ask_any,
        judge=each(_judge_any),
    ),
    Check(
        id="tool_none",
        group=Group.TOOLS,
        title="No call",
        proves="No tool is called where `tool_choice` forbids it.",
        loss="calls can't be forbidden",
        cost=Cost(2, 1400, 400),
        steps={"may": "a question that needs the tool", "none": "the same, with calls forbidden"},
        ask=_ask_none,
        judge=each(_judge_none),
        rests_on=(CALLS_A_TOOL,),
    ),
    Check(
        id="tool_parallel",
        group=Group.TOOLS,
        title="Several calls, or one",
        proves="Several calls come in one answer, and one alone where that is asked for.",
        loss="several calls at once don't work",
        cost=Cost(6, 4200, 1500),
        steps={"two": "a question that needs two calls", "one": "the same, with one call at a time"},
        ask=_ask_parallel,
        across=_ask_parallel_more,
        judge=_judge_parallel_beside,
        rests_on=(CALLS_A_TOOL,),
    ),
)
