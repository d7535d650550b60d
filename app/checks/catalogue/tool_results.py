"""Is the loop of a tool closed: the call is sent back as it came, its result is taken, and the answer uses it.

Needed for a verdict: three answers in a row that do not hold a random code which the tool gave and nobody can guess (a model
that has read it and was told to quote it leaves it out three times in a row far less often than once in a hundred); or a
refusal of what is by the protocol in order. Known false alarms: reasoning spends the tokens, the model calls again in place of
an answer (both inconclusive).
"""

from __future__ import annotations

from functools import partial
from random import Random

from app.checks.asker import Asker
from app.checks.catalogue.tool_probes import CITIES, FORECAST_ROOM, bad_call
from app.checks.catalogue.tools import CALLS_A_TOOL
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Judged
from app.checks.seen import Steps, each
from app.checks.tries import GOOD, Look, ask_until, judge_tries
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import AssistantTurn, Tool, ToolResult, ToolResultsTurn, Turn, UserTurn
from app.text.sentences import unsaid

STATION = Tool(
    "find_station",
    unsaid("Finds the weather station of a city and gives its code."),
    {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
)
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


def _code(random: Random) -> str:
    """Eight characters that nobody guesses: one in 20 000 000 000."""
    return "".join(random.choice(_LETTERS) for _ in range(6)) + str(random.randint(10, 99))


def _words(random: Random, wanted: str) -> str:
    return f"Which code has the weather station of {random.choice(CITIES)}? Ask the tool find_station, then quote {wanted}."


def _result(random: Random, *, is_error: bool) -> tuple[str, str]:
    """What the tool says, and the code in it that the answer must hold."""
    code = _code(random)
    if is_error:
        return f"The register of stations did not answer (fault {code}). Don't call again; report the fault's code.", code
    return f"station code {code}, 7 km from the centre", code


def _look_at_call(one: Exchange) -> Look:
    return bad_call(one.reading, (STATION,))


async def _ask_loop(asker: Asker, *, is_error: bool) -> None:
    random = asker.random()
    text, code = _result(random, is_error=is_error)
    question = UserTurn(_words(random, unsaid("the fault's code that it reports") if is_error else unsaid("the code exactly")))
    call = await ask_until(asker, "call", _look_at_call, (question,), tools=(STATION,), max_tokens=FORECAST_ROOM)
    if call.outcome is not Outcome.COMPLETED or not call.reading.tool_calls:
        return
    results = [ToolResult(one.id, text, is_error) for one in call.reading.tool_calls]
    turns: tuple[Turn, ...] = (question, AssistantTurn(call.reading.replay), ToolResultsTurn(results))
    await ask_until(asker, "result", partial(_look_at_result, code), turns, tools=(STATION,), max_tokens=FORECAST_ROOM)


def _look_at_result(code: str, one: Exchange) -> Look:
    if code in one.reading.text:
        return GOOD
    if one.reading.tool_calls:
        return Look("calls_again")
    return Look("unused", {"text": one.reading.text[:80], "code": code})


_NO_CALL = "{who} made no call this time, so that there is no result to send."


def _judge_loop(steps: Steps, *, is_error: bool) -> Judged:
    if (trouble := steps.trouble("call")) is not None:
        return trouble
    if steps.get("result") is None and steps.left_out == "":
        return Judged(verdict=Verdict.INCONCLUSIVE, reason="no_call", sentence=_NO_CALL, evidence=(steps.evidence("call"),))
    _, code = _result(steps.random(), is_error=is_error)
    return judge_tries(
        steps,
        "result",
        partial(_look_at_result, code),
        passes=Judged(
            verdict=Verdict.PASS,
            reason="used",
            sentence=_ERROR_TAKEN if is_error else _CLOSED,
            short="quoted",
            evidence=(steps.evidence("call"),),
        ),
        problems={
            "unused": (_ERROR_UNUSED if is_error else _UNUSED, "not used"),
            "calls_again": ("{who} calls the tool again in place of an answer, {n} times.", "calls again"),
        },
        # That it calls again may be the model's way with a fault; with a result in hand it never comes to an answer.
        verdicts={"calls_again": Verdict.INCONCLUSIVE} if is_error else {},
    )


_CLOSED = "{who} closes the loop: the call is taken back as it came, and the answer quotes the random code of the result."
_UNUSED = (
    "{who} answers as if it had not got the tool's result, {n} times: a random code in it is missing in the answer "
    "{text:quoted that is empty}."
)
_ERROR_TAKEN = "{who} takes the result of a call that failed, and tells of it."
_ERROR_UNUSED = (
    "{who} answers as if it had not got the tool's error, {n} times: a random code in it is missing in the answer "
    "{text:quoted that is empty}."
)

CHECKS = (
    Check(
        id="tool_loop",
        group=Group.TOOLS,
        title="Tool loop",
        proves="A call is taken back with its result, and the answer uses what the tool said.",
        loss="results of tools are not used",
        cost=Cost(6, 4000, 1200),
        steps={"call": "a question that needs the tool", "result": "the tool's result sent back"},
        ask=partial(_ask_loop, is_error=False),
        judge=each(partial(_judge_loop, is_error=False)),
        rests_on=(CALLS_A_TOOL,),
    ),
    Check(
        id="tool_error",
        group=Group.TOOLS,
        title="Failed call",
        proves="The result of a call that failed is taken, and the answer tells of it.",
        loss="calls that failed can't be reported to the model",
        cost=Cost(6, 4000, 1200),
        steps={"call": "a question that needs the tool", "result": "the tool's error sent back"},
        ask=partial(_ask_loop, is_error=True),
        judge=each(partial(_judge_loop, is_error=True)),
        rests_on=(CALLS_A_TOOL,),
    ),
)
