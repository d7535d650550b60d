"""An answer as a list of sections, ready to be shown: rounds, reasoning, text, tool calls and their results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from app.exchange.outcome import Outcome
from app.scenarios import Plan, Scenario
from app.text.json_text import encode_json, mend_value
from app.text.sentences import message, tr

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.protocols.reading import ToolCall
    from app.run.side import Side

SHOWN_CHARACTERS = 300_000


class Section(msgspec.Struct, frozen=True):
    """A piece of an answer. `kind` is "round", "user", "reasoning", "text", "call", "result" or "note"."""

    kind: str
    text: str


def sections(side: Side, plan: Plan | None, *, reasoning: bool) -> list[Section]:
    """What a side has answered up to now, in order. `reasoning` says whether the thinking is shown."""
    out: list[Section] = []
    several = len(side.rounds) > 1
    for number, one in enumerate(side.rounds, 1):
        if several:
            out.append(Section("round", tr("Round {n}", n=number)))
        out += _round(one, number, plan, reasoning)
        if plan and plan.scenario is Scenario.TOOLS and number < len(side.rounds):
            said = tr("Local result, an error:" if plan.tool_is_error else "Local result:")
            out += [Section("result", f"{said} {plan.tool_result}") for _ in one.reading.tool_calls]
    return out


def _round(one: Exchange, number: int, plan: Plan | None, reasoning: bool) -> Iterator[Section]:
    reading = one.reading
    if plan and plan.scenario is Scenario.CONVERSATION and number <= len(plan.turns):
        yield Section("user", plan.turns[number - 1])
    if reading.reasoning and reasoning:
        yield Section("reasoning", _bounded(reading.reasoning))
    if reading.text:
        yield Section("text", _bounded(reading.text))
    for call in reading.tool_calls:
        yield Section("call", _call(call))
    if one.outcome is Outcome.COMPLETED and not reading.text and not reading.tool_calls:
        yield Section(
            "note", tr("The answer has no text. It was all reasoning." if reading.reasoning else "The answer has no text.")
        )
    if reading.hidden_reasoning and not reading.reasoning:
        yield Section("note", tr("The model reasoned; the endpoint keeps that to itself."))


def _call(call: ToolCall) -> str:
    short = len(call.arguments_text) <= SHOWN_CHARACTERS
    arguments = encode_json(mend_value(call.arguments)).decode() if call.parsed and short else _bounded(call.arguments_text)
    fault = "" if call.parsed else f"   {tr('(these arguments are not JSON)')}"
    return f"{call.name or tr('(no name)')}({arguments}){fault}"


def _bounded(text: str) -> str:
    if len(text) <= SHOWN_CHARACTERS:
        return text
    # No count of the rest: a note that changes while the stream goes on would have the whole text written anew.
    template = message("… These are the first {n:grouped} characters; the rest is under Raw and in a saved run.")
    return f"{text[:SHOWN_CHARACTERS]}\n\n{tr(template, n=SHOWN_CHARACTERS)}"


def reasoning_length(side: Side) -> int:
    """How many characters of reasoning all rounds showed."""
    return sum(len(one.reading.reasoning) for one in side.rounds)
