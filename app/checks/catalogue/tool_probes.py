"""What the checks of tools ask with, and what they look at: the forecast tool, two cities, a forced call, a call's faults."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import msgspec

from app.checks.asker import Asker
from app.checks.json_schema import mismatch
from app.checks.judgement import Judged
from app.checks.seen import Steps
from app.checks.tries import GOOD, Look
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.protocols.any import rules as any_rules
from app.protocols.base import NO_OPTIONS, Options, Tool, Turn
from app.protocols.chat import rules_calls as chat_calls
from app.protocols.findings import Rule, Severity
from app.protocols.ids import MESSAGES
from app.protocols.messages import rules_content as content
from app.protocols.reading import Reading, ToolCall
from app.protocols.responses import rules_answer as answer
from app.text.sentences import Phrase, message, unsaid

FORECAST = Tool(
    "get_forecast",
    unsaid("The weather forecast for a city."),
    {
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": unsaid("The city's name in English.")},
            "days": {"type": "integer", "minimum": 1, "maximum": 9, "description": unsaid("How many days.")},
            "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
        },
        "required": ["city", "days", "unit"],
        "additionalProperties": False,
    },
)
FORECAST_ROOM = 1024  # tokens for an answer that is one call: reasoning may come before it
CITIES = ("Oslo", "Lima", "Cairo", "Dublin", "Prague", "Lisbon", "Seoul", "Vienna", "Athens", "Toronto")

# What is said of calls that went wrong, by `Look.problem`: a sentence and a few words.
BAD_CALLS: Mapping[str, tuple[str, str]] = {
    "no_call": ("{who} answers in words where a tool was on offer and had to be used{n:word | each time}.", "no call"),
    "unknown_tool": ("{who} calls “{name}”, a tool that was not on offer.", "unknown tool"),
    "not_json": ("{who} sends arguments that are no JSON object: {arguments:quoted nothing}.", "no JSON"),
    "not_valid": (
        "{who} sends arguments that do not fit the schema: {path:or the object} breaks {keyword} {wanted}"
        "{found:if  with {found}}.",
        "does not fit",
    ),
}  # fmt: skip


def forecast_words(random: Random) -> str:
    """A question that the forecast tool must be called for."""
    city, days = random.choice(CITIES), random.randint(2, 8)
    return f"Use the get_forecast tool: what will the weather in {city} be over the next {days} days, in degrees celsius?"


def two_cities(random: Random) -> str:
    """A question that takes two calls."""
    one, other = random.sample(CITIES, 2)
    return (
        f"Use the get_forecast tool for both cities at once, with two calls in the same answer: the weather in {one} and in "
        f"{other} over the next 3 days, in degrees celsius?"
    )


def bad_call(reading: Reading, offered: tuple[Tool, ...]) -> Look:
    """What is wrong with the calls of an answer that has to have some; GOOD for nothing."""
    if not reading.tool_calls:
        return Look("no_call")
    return next((found for call in reading.tool_calls if (found := _bad(call, offered)).problem), GOOD)


def _bad(call: ToolCall, offered: tuple[Tool, ...]) -> Look:
    tool = next((one for one in offered if one.name == call.name), None)
    if tool is None:
        return Look("unknown_tool", {"name": call.name[:60]})
    if not call.parsed or not isinstance(call.arguments, dict):
        return Look("not_json", {"arguments": call.arguments_text[:80]})
    off = mismatch(call.arguments, tool.parameters)
    return GOOD if off is None else Look("not_valid", msgspec.structs.asdict(off))


# Findings about the form of calls, of every protocol; those about ids are the matter of a check of their own.
_IDS = {chat_calls.CALL_ID_MISSING.id, chat_calls.CALL_ID_TWICE.id}
_CALL_RULES = frozenset(
    ({one.id for one in vars(chat_calls).values() if isinstance(one, Rule)} - _IDS)
    | {any_rules.TOOL_NOT_OFFERED.id, any_rules.TOOL_OF_OTHER_KIND.id}
    | {content.REASON_DENIES_CALLS.id, content.ARGUMENTS_NO_OBJECT.id, content.CALL_UNNAMED.id}
    | {one.id for one in (answer.CALL_NAMELESS, answer.ARGUMENTS_INVALID, answer.ARGUMENTS_ENCODED_TWICE)}
    | {answer.ARGUMENTS_OBJECT.id}
)


def call_flaw(steps: Steps, step: str, n: int = 1) -> Judged | None:
    """FAIL where the form of a call breaks the client, though our reader could make something of it; None where it does not."""
    found = next(
        (one for one in steps.findings(step, n) if one.severity is Severity.BREAKS and one.id in _CALL_RULES),
        None,
    )
    if found is None:
        return None
    return Judged(
        verdict=Verdict.FAIL,
        reason="malformed",
        sentence="{finding}",
        fields={"finding": found.sentence, "title": found.title, "remedy": found.remedy},
        short="{title}",
        advice="{remedy}",
        evidence=(steps.evidence(step, n, found.event),),
    )


async def ask_forced(
    asker: Asker,
    step: str,
    turns: tuple[Turn, ...],
    tool: Tool,
    *,
    offered: tuple[Tool, ...] = (),
    choice: str = "",
    or_asked: bool = False,
    **how: Any,
) -> Exchange:
    """Ask with a forced call of `tool`. Where that is refused, again with what stands in its way left out, as another step.

    Claude models that think without being told to refuse a forced call until thinking is disabled, and some can't have it
    disabled (PROTOCOLS 1A.2, 1A.3); some servers refuse `strict`. `choice` "any" lets the model choose between all tools. With
    `or_asked` the call need not be forced: where it can't be, the words of the question have to do.
    """
    how.setdefault("max_tokens", FORECAST_ROOM)
    choice = choice or f"tool:{tool.name}"
    ways = [("", Options(tool_choice=choice), tool)]
    if asker.protocol.id == MESSAGES:
        ways.append(("_unthinking", Options(tool_choice=choice, thinking="disabled"), tool))
    if or_asked:
        ways.append(("_asked", NO_OPTIONS, tool))
        ways.append(("_loose", NO_OPTIONS, msgspec.structs.replace(tool, strict=False)))
    for suffix, options, one_tool in ways:
        one = await asker.ask(step + suffix, turns, tools=(one_tool, *offered), options=options, **how)
        if one.outcome is Outcome.COMPLETED or one.status not in (400, 422):
            break
    return one


def forced_words(step: str, words: str) -> dict[str, str]:
    """What the steps of `ask_forced` are called, for `Check.steps`."""
    return {
        step: words,
        f"{step}_unthinking": Phrase(message("{request}, thinking off"), request=Phrase(words)),
        f"{step}_asked": Phrase(message("{request}, asked for in words"), request=Phrase(words)),
        f"{step}_loose": Phrase(message("{request}, without strict"), request=Phrase(words)),
    }


def forced_step(steps: Steps, step: str, n: int = 1) -> str:
    """The step of `ask_forced` that counts: the one that completed, else the first."""
    names = (step, f"{step}_unthinking", f"{step}_asked", f"{step}_loose")
    return next((name for name in names if steps.completed(name, n)), step)
