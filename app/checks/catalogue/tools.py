"""Does it call a tool: at all, with arguments that fit the schema, under ids that tell calls apart, streamed as well as not.

Needed for a verdict: three tries in a row without a call (or with the same fault), though told to call. A capable model that is
offered a tool and told to use it hardly ever answers in text even once; one that cannot call tools does so each time.
Known false alarms: `auto` may lawfully be answered in text (hence three tries, and told to); a small local model may get
arguments wrong now and then (hence the same fault in all three); reasoning may spend the tokens (then it is inconclusive).
"""

from __future__ import annotations

from functools import partial
from random import Random

from app.checks.asker import Asker
from app.checks.catalogue.tool_probes import (
    BAD_CALLS,
    FORECAST,
    FORECAST_ROOM,
    ask_forced,
    bad_call,
    call_flaw,
    forced_step,
    forced_words,
    forecast_words,
    two_cities,
)
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Evidence, Judged, Measured
from app.checks.seen import Steps, each
from app.checks.tries import CUT, GOOD, MOST, Look, ask_until, judge_tries, look
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import Tool, UserTurn
from app.text.json_text import encode_json
from app.text.sentences import unsaid

CALLS_A_TOOL = "tool_call"
_NO_SCHEMA_HELP = "Look whether the relay passes on `tools`, and whether the model behind it can call any."


# -- called, with valid arguments -------------------------------------------------------------------------------------


def _look_at_call(one: Exchange) -> Look:
    return bad_call(one.reading, (FORECAST,))


async def _ask_call(asker: Asker) -> None:
    await ask_until(asker, "call", _look_at_call, forecast_words(asker.random()), tools=(FORECAST,), max_tokens=FORECAST_ROOM)


_CALLED = Judged(
    verdict=Verdict.PASS,
    reason="called",
    sentence="{who} calls the tool, with arguments that fit its schema{several:if  (in one of {n} tries)}.",
    short="called",
)


def _judge_call(steps: Steps) -> Judged:
    judged = judge_tries(
        steps,
        "call",
        _look_at_call,
        passes=_CALLED,
        problems=BAD_CALLS,
        advice=dict.fromkeys(BAD_CALLS, _NO_SCHEMA_HELP),
    )
    return (call_flaw(steps, "call", len(steps.all("call"))) or judged) if judged.verdict is Verdict.PASS else judged


# -- ids --------------------------------------------------------------------------------------------------------------

_IDS_GOOD = "{who} gives each call an id of its own ({calls:plural call|calls} seen)."
_ID_MISSING = "{who} gives a call no id: no result can name it."
_ID_TWICE = "{who} gives two calls of one answer the same id “{id}”: their results can't be told apart."
_ID_AGAIN = "{who} gives calls of different answers the same id “{id}”: a client that keeps results by id mixes them up."
_NO_CALLS = "{who} made no call this time, so that there is no id to look at."


async def _ask_ids(asker: Asker) -> None:
    for n in (1, 2):
        await asker.ask("two", two_cities(asker.random()), n=n, tools=(FORECAST,), max_tokens=FORECAST_ROOM)


def _judge_ids(steps: Steps) -> Judged:
    if (trouble := steps.trouble("two")) is not None:
        return trouble
    answers = steps.all("two")
    ids = [[call.id for call in one.reading.tool_calls] for one in answers]
    found = sum(map(len, ids))
    measured = (Measured("calls", found),)
    if not found:
        return Judged(verdict=Verdict.INCONCLUSIVE, reason="no_call", sentence=_NO_CALLS, evidence=(steps.evidence("two"),))
    for n, named in enumerate(ids, 1):
        evidence = (steps.evidence("two", n),)
        if not all(named):
            return Judged(
                verdict=Verdict.FAIL,
                reason="missing",
                sentence=_ID_MISSING,
                short="no id",
                measured=measured,
                evidence=evidence,
            )
        if twice := next((one for one in named if named.count(one) > 1), ""):
            return Judged(
                verdict=Verdict.FAIL,
                reason="twice",
                sentence=_ID_TWICE,
                fields={"id": twice},
                short="the same id twice",
                measured=measured,
                evidence=evidence,
            )
    # A model that counts its calls per answer ("functions.get_forecast:0") does this without any relay: a loss, no break.
    if again := next((one for one in ids[0] if len(ids) > 1 and one in ids[1]), ""):
        return Judged(
            verdict=Verdict.DIFFERS,
            reason="again",
            sentence=_ID_AGAIN,
            fields={"id": again},
            short="the same id again",
            measured=measured,
            evidence=(steps.evidence("two", 1), steps.evidence("two", 2)),
        )
    return Judged(
        verdict=Verdict.PASS,
        reason="unique",
        sentence=_IDS_GOOD,
        fields={"calls": found},
        short="{calls:plural call|calls}",
        measured=measured,
        evidence=(steps.evidence("two"),),
    )


# -- streamed ---------------------------------------------------------------------------------------------------------

_STREAM_ONCE = (
    "{who} streamed a call otherwise than expected, but not each time and in the same way: a model may do so by itself."
)
_STREAM_GOOD = "{who} streams a call's arguments as it gives them unstreamed."
_NOT_CALLED = (
    "{who} did not make the call that it was asked for, so that there is nothing to hold its streamed arguments against."
)
_NOT_STRICT = (
    "{who} takes a tool with `strict` and **sends arguments that its schema forbids**, streamed and in one piece: {path:or the "
    "object} breaks {keyword} {wanted}{found:if  with {found}}. The field is lost on the way, or not obeyed."
)
_STREAM_BAD = {
    **BAD_CALLS,
    "lost": (
        "{who} loses a call when it streams: {plain:plural call|calls} without streaming, {streamed:or none} with it.",
        "lost",
    ),
    "unequal": (
        "{who} streams other arguments than it gives unstreamed: {streamed} in place of {plain}.",
        "changed in the stream",
    ),
}  # fmt: skip


def _reading_tool(random: Random) -> Tool:
    """A tool whose only legal arguments are these, so that both answers must be equal, byte for byte as JSON."""
    values = {"station": _word(random), "sensor": f"{_word(random)}-{random.randint(10, 99)}", "unit": "kPa"}
    properties: dict[str, object] = {name: {"type": "string", "enum": [value]} for name, value in values.items()}
    schema: dict[str, object] = {
        "type": "object",
        "properties": properties,
        "required": list(values),
        "additionalProperties": False,
    }
    return Tool("record_reading", unsaid("Records a reading of a sensor. All values are given."), schema, strict=True)


def _word(random: Random) -> str:
    return "".join(random.choice("bdfgklmnprst") + random.choice("aeiou") for _ in range(4))


_RECORD = unsaid("Record the reading now, with the tool record_reading.")


async def _ask_streamed(asker: Asker) -> None:
    tool = _reading_tool(asker.random())
    turns = (UserTurn(_RECORD),)
    plain = await ask_forced(asker, "plain", turns, tool, or_asked=True)  # forced, so that a model has nothing to decide
    for n in range(1, MOST + 1):
        one = await ask_forced(asker, "streamed", turns, tool, or_asked=True, stream=True, n=n)
        if one.outcome is not Outcome.COMPLETED or not look(one, partial(_held, plain, tool)).problem:
            break
    await ask_until(
        asker,
        "two_streamed",
        _look_at_two,
        two_cities(asker.random()),
        tools=(FORECAST,),
        max_tokens=FORECAST_ROOM,
        stream=True,
    )


def _held(plain: Exchange, tool: Tool, one: Exchange) -> Look:
    """A streamed call, held against the same in one piece; GOOD where that is none to hold it against."""
    first, second = plain.reading, one.reading
    if plain.outcome is not Outcome.COMPLETED or bad_call(first, (tool,)).problem:
        return GOOD
    if len(second.tool_calls) < len(first.tool_calls):
        return Look("lost", {"plain": len(first.tool_calls), "streamed": len(second.tool_calls) or None})
    found = bad_call(second, (tool,))
    mine, other = first.tool_calls[0].arguments, second.tool_calls[0].arguments
    return found if found.problem or mine == other else Look("unequal", {"plain": _json(mine), "streamed": _json(other)})


def _look_at_two(one: Exchange) -> Look:
    """Calls that a model may leave out, but may not send out of shape."""
    found = bad_call(one.reading, (FORECAST,))
    return GOOD if found.problem == "no_call" else found


def _judge_streamed(steps: Steps) -> Judged:
    tool = _reading_tool(steps.random())
    plain, streamed = forced_step(steps, "plain"), forced_step(steps, "streamed")
    if (trouble := steps.trouble(plain) or steps.trouble(streamed) or steps.hindered("two_streamed")) is not None:
        return trouble
    first, second = steps[plain].reading, steps[streamed].reading
    expected, found = bad_call(first, (tool,)), bad_call(second, (tool,))
    if expected.problem == found.problem == "not_valid" and not (plain + streamed).count("_loose"):
        return Judged(  # decoding by the schema could not have made these
            verdict=Verdict.DIFFERS,
            reason="not_strict",
            sentence=_NOT_STRICT,
            fields=expected.fields,
            short="strict not obeyed",
            brief="`strict` of tools is not obeyed",
            advice=_NO_SCHEMA_HELP,
            evidence=(steps.evidence(plain), steps.evidence(streamed)),
        )
    if expected.problem:
        return Judged(verdict=Verdict.INCONCLUSIVE, reason="no_call", sentence=_NOT_CALLED, evidence=(steps.evidence(plain),))
    for step, look_at in ((streamed, partial(_held, steps[plain], tool)), ("two_streamed", _look_at_two)):
        if (bad := _bad_stream(steps, step, [look(one, look_at) for one in steps.all(step)])) is not None:
            return bad
    evidence: tuple[Evidence, ...] = (steps.evidence(streamed, len(steps.all(streamed))), steps.evidence(plain))
    if (flaw := call_flaw(steps, streamed) or call_flaw(steps, "two_streamed")) is not None:
        return flaw
    return Judged(verdict=Verdict.PASS, reason="equal", sentence=_STREAM_GOOD, short="equal", evidence=evidence)


def _bad_stream(steps: Steps, step: str, looks: list[Look]) -> Judged | None:
    """What went wrong in every try; None where the last one was good, or was refused."""
    last = looks[-1]
    if not last.problem or steps.refused(step, len(looks)):
        return None
    evidence = tuple(steps.evidence(step, n) for n in range(1, len(looks) + 1))
    if any(one.problem == CUT for one in looks) or len(looks) < MOST or len({one.problem for one in looks}) > 1:
        return Judged(verdict=Verdict.INCONCLUSIVE, reason="sometimes", sentence=_STREAM_ONCE, evidence=evidence)
    sentence, short = _STREAM_BAD[last.problem]
    return Judged(
        verdict=Verdict.FAIL,
        reason=last.problem,
        sentence=sentence,
        fields={"n": len(looks), **last.fields},
        short=short,
        evidence=evidence,
    )


def _json(value: object) -> str:
    return encode_json(value).decode("utf-8", "replace")[:80]


CHECKS = (
    Check(
        id=CALLS_A_TOOL,
        group=Group.TOOLS,
        title="Calls a tool",
        proves="A tool on offer is called, with arguments that fit its schema.",
        loss="tools are not called as they should be",
        cost=Cost(3, 2100, 450),
        steps={"call": "a question that needs the tool"},
        ask=_ask_call,
        judge=each(_judge_call),
    ),
    Check(
        id="tool_ids",
        group=Group.TOOLS,
        title="Ids of calls",
        proves="Each call has an id of its own, so that its result can be told from the others.",
        loss="calls can't be told apart by their ids",
        cost=Cost(2, 1400, 400),
        steps={"two": "a question that needs two calls"},
        ask=_ask_ids,
        judge=each(_judge_ids),
        rests_on=(CALLS_A_TOOL,),
    ),
    Check(
        id="tool_stream",
        group=Group.TOOLS,
        title="Streamed arguments",
        proves="Arguments put together from a stream are JSON, and those of an answer in one piece.",
        loss="streamed arguments of calls can't be relied on",
        cost=Cost(14, 3500, 1000),  # most of them where forcing is refused, which costs nothing
        steps=forced_words("plain", "a call, whole")
        | forced_words("streamed", "the same call, streamed")
        | {"two_streamed": "two calls, streamed"},
        ask=_ask_streamed,
        judge=each(_judge_streamed),
        rests_on=(CALLS_A_TOOL,),
    ),
)
