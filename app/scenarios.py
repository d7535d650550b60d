"""What is asked of an endpoint: one request or a loop of them, as coroutines that need only a way to exchange."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from app.exchange.outcome import Outcome
from app.protocols.base import (
    GET_WEATHER,
    NO_OPTIONS,
    Ask,
    AssistantTurn,
    Attachment,
    Options,
    Target,
    Tool,
    ToolResult,
    ToolResultsTurn,
    Turn,
    UserTurn,
)
from app.protocols.registry import protocol
from app.recording.records import Request
from app.text.json_text import decode_json, encode_json
from app.text.sentences import in_context, message, tr

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange

MAX_ROUNDS = 8
# The window begins with these in its own language; the terminal sends them as they are.
DEFAULT_PROMPT = message("What does a stream look like from the inside?")
DEFAULT_TOOLS_PROMPT = message("What is the weather in Paris? Use the tool.")
DEFAULT_TOOL_RESULT = '{"temperature_c": 18, "sky": "clear"}'
DEFAULT_SYSTEM = message("Answer in one or two plain sentences.")
DEFAULT_TURNS = (
    message("My boat is called Petrel. Name one thing that floats."),
    message("Why does it float?"),
    message("And what is my boat called?"),
)


class Scenario(StrEnum):
    """The five kinds of request."""

    MINIMAL = "minimal"
    STREAMING = "streaming"
    TOOLS = "tools"
    CONVERSATION = "conversation"
    CUSTOM = "custom"

    @property
    def label(self) -> str:
        """As it is shown."""
        return tr(_TITLES[self])


_TITLES = {
    Scenario.MINIMAL: message("Minimal"),
    Scenario.STREAMING: message("Streaming"),
    Scenario.TOOLS: in_context("a kind of request", "Tools"),
    Scenario.CONVERSATION: message("Conversation"),
    Scenario.CUSTOM: message("Custom"),
}


class Plan(msgspec.Struct, frozen=True):
    """What the user wants asked, of both sides alike.

    `stream` None takes the scenario's own way (all but minimal stream). `turns` are the user's words of a conversation, `tools`
    what is offered in the tools scenario. `tool_result` is what every call gets as its result, an error where `tool_is_error`.
    `body` is the custom scenario's, sent byte for byte; where it is JSON that names no model, the side's own is put in.
    `options` go into the other scenarios' requests, those that the protocol has a field for; `attachments` go with the first
    words of the user.
    """

    scenario: Scenario = Scenario.STREAMING
    prompt: str = DEFAULT_PROMPT
    system: str | None = None
    max_tokens: int | None = 1024
    stream: bool | None = None
    turns: tuple[str, ...] = DEFAULT_TURNS
    tools: tuple[Tool, ...] = (GET_WEATHER,)
    tool_result: str = DEFAULT_TOOL_RESULT
    tool_is_error: bool = False
    body: bytes = b""
    options: Options = NO_OPTIONS
    attachments: tuple[Attachment, ...] = ()

    @property
    def needs_model(self) -> bool:
        """Whether a side must name a model: a body of one's own may have one, or need none."""
        return self.scenario is not Scenario.CUSTOM

    @property
    def streams(self) -> bool:
        """Whether the requests ask for a stream; a custom body decides for itself."""
        if self.scenario is Scenario.CUSTOM:
            return body_streams(self.body)
        return self.scenario is not Scenario.MINIMAL if self.stream is None else self.stream

    @property
    def as_sent(self) -> Plan:
        """Only what this kind of request sends, the rest by its defaults: two that are equal ask for the same."""
        if self.scenario is Scenario.CUSTOM:
            return Plan(Scenario.CUSTOM, body=self.body)
        sent = {name: getattr(self, name) for name in _SENT[self.scenario]}
        shared = {
            "system": self.system or None,
            "max_tokens": self.max_tokens,
            "stream": self.streams,
            "options": self.sent_options,
            "attachments": self.attachments,
        }
        return msgspec.structs.replace(Plan(self.scenario), **shared, **sent)

    @property
    def sent_options(self) -> Options:
        """The options that this kind of request sends: a choice among tools only where there are some, `strict` only with a
        schema, and `json` only without one."""
        unsent: dict[str, object] = {} if self.scenario is Scenario.TOOLS else {"tool_choice": ""}
        unsent |= {"strict": None} if self.options.schema is None else {"json": ""}
        return msgspec.structs.replace(self.options, **unsent)


_SENT: dict[Scenario, tuple[str, ...]] = {
    Scenario.MINIMAL: ("prompt",),
    Scenario.STREAMING: ("prompt",),
    Scenario.TOOLS: ("prompt", "tools", "tool_result", "tool_is_error"),
    Scenario.CONVERSATION: ("turns",),
}


ExchangeOne = Callable[[Request, int, bool], Awaitable["Exchange"]]
"""Sends a request: (request, round from 1, whether a stream was asked for) -> the finished exchange."""


async def play(plan: Plan, protocol_id: str, model: str, target: Target, exchange: ExchangeOne) -> list[Exchange]:
    """Run the plan against one endpoint; returns its rounds. A round that does not complete is the last."""
    match plan.scenario:
        case Scenario.CUSTOM:
            return [await exchange(first_request(plan, protocol_id, model, target), 1, body_streams(plan.body))]
        case Scenario.TOOLS:
            return await _tool_loop(plan, protocol_id, model, target, exchange)
        case Scenario.CONVERSATION:
            return await _conversation(plan, protocol_id, model, target, exchange)
    return [await exchange(first_request(plan, protocol_id, model, target), 1, plan.streams)]


def first_request(plan: Plan, protocol_id: str, model: str, target: Target) -> Request:
    """The request that a plan begins with; that of the other rounds hangs on the answers."""
    if plan.scenario is Scenario.CUSTOM:
        return protocol(protocol_id).build_raw(custom_body(plan.body, model), target)
    text = (plan.turns or (plan.prompt,))[0] if plan.scenario is Scenario.CONVERSATION else plan.prompt
    return build(plan, protocol_id, model, target, (UserTurn(text, plan.attachments),))


def build(plan: Plan, protocol_id: str, model: str, target: Target, turns: tuple[Turn, ...]) -> Request:
    """The request for these turns: nothing in it that the plan does not name."""
    tools = plan.tools if plan.scenario is Scenario.TOOLS else ()
    ask = Ask(model, turns, plan.max_tokens, plan.system or None, tools, plan.streams, plan.sent_options)
    return protocol(protocol_id).build(ask, target)


async def _tool_loop(plan: Plan, protocol_id: str, model: str, target: Target, exchange: ExchangeOne) -> list[Exchange]:
    """Call, local result, next request with every content block preserved, until an answer calls nothing."""
    turns: tuple[Turn, ...] = (UserTurn(plan.prompt, plan.attachments),)
    rounds: list[Exchange] = []
    while len(rounds) < MAX_ROUNDS:
        one = await exchange(build(plan, protocol_id, model, target, turns), len(rounds) + 1, plan.streams)
        rounds.append(one)
        calls = one.reading.tool_calls
        if one.outcome is not Outcome.COMPLETED or not calls:
            break
        results = [ToolResult(call.id, plan.tool_result, plan.tool_is_error) for call in calls]
        turns = (*turns, AssistantTurn(one.reading.replay), ToolResultsTurn(results))
    return rounds


async def _conversation(plan: Plan, protocol_id: str, model: str, target: Target, exchange: ExchangeOne) -> list[Exchange]:
    """Turn after turn, each with all the answers before it, thinking blocks and signatures included."""
    turns: tuple[Turn, ...] = ()
    rounds: list[Exchange] = []
    for text in plan.turns or (plan.prompt,):
        turns = (*turns, UserTurn(text, () if turns else plan.attachments))
        one = await exchange(build(plan, protocol_id, model, target, turns), len(rounds) + 1, plan.streams)
        rounds.append(one)
        if one.outcome is not Outcome.COMPLETED:
            break
        turns = (*turns, AssistantTurn(one.reading.replay))
    return rounds


def plan_from_ask(ask: dict[str, object]) -> Plan | None:
    """The plan that a run file remembers; None where it is none that we know."""
    try:
        body = ask.get("body")
        return msgspec.convert({**ask, "body": body.encode() if isinstance(body, str) else b""}, Plan, strict=False)
    except msgspec.ValidationError:
        return None


def custom_body(body: bytes, model: str) -> bytes:
    """The body as typed; only where it is a JSON object without a model, the side's model is added."""
    try:
        parsed = decode_json(body)
    except ValueError:
        return body
    if not isinstance(parsed, dict) or "model" in parsed or not model:
        return body
    return encode_json({"model": model, **parsed})


def own_body(body: bytes) -> str:
    """A body that was built, to be changed by hand: indented, and without its model, so that each side gets its own."""
    try:
        built = decode_json(body)
    except ValueError:
        return body.decode("utf-8", "replace")
    if isinstance(built, dict):
        built.pop("model", None)
    return msgspec.json.format(encode_json(built), indent=2).decode()


def body_streams(body: bytes) -> bool:
    """Whether a body asks for a stream; False where it is no JSON object."""
    try:
        parsed = decode_json(body)
    except ValueError:
        return False
    return isinstance(parsed, dict) and parsed.get("stream") is True
