"""Faults in what an endpoint makes of a request: fields it ignores, refuses or accepts too gladly."""

from __future__ import annotations

from app.simulator.faults.registry import CHAT, MESSAGES, RESPONSES, Stage, add_fault, fault
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Reply, json_reply
from app.simulator.shared.refusals import RefusalError
from app.simulator.shared.validation import JsonObject

_GROUP = "behaviour"
_PLENTY_TOKENS = 60_000

add_fault("lenient", Stage.SWITCH, _GROUP, "Unknown fields of a request are ignored instead of refused.")


@fault(Stage.BODY, _GROUP)
def ignore_max_tokens(body: JsonObject, context: RequestContext) -> None:
    """The token limit is ignored."""
    for name in ("max_tokens", "max_completion_tokens", "max_output_tokens"):
        if isinstance(body.get(name), int):
            body[name] = _PLENTY_TOKENS


@fault(Stage.BODY, _GROUP, (MESSAGES, CHAT))
def ignore_stop(body: JsonObject, context: RequestContext) -> None:
    """Stop sequences are ignored."""
    body.pop("stop_sequences", None)
    body.pop("stop", None)


@fault(Stage.BODY, _GROUP)
def ignore_system(body: JsonObject, context: RequestContext) -> None:
    """The system prompt is ignored."""
    body.pop("system", None)
    body.pop("instructions", None)
    if context.protocol == CHAT and isinstance(body.get("messages"), list):
        body["messages"] = [m for m in body["messages"] if m.get("role") not in ("system", "developer")]


@fault(Stage.BODY, _GROUP)
def ignore_tools(body: JsonObject, context: RequestContext) -> None:
    """Tools are not passed on: the model never calls one."""
    body["tool_choice"] = {"type": "none"} if context.protocol == MESSAGES else "none"


@fault(Stage.BODY, _GROUP)
def ignore_tool_choice(body: JsonObject, context: RequestContext) -> None:
    """The tool choice is ignored."""
    body.pop("tool_choice", None)


@fault(Stage.BODY, _GROUP)
def ignore_tool_choice_any(body: JsonObject, context: RequestContext) -> None:
    """That some tool has to be called is ignored; one that is named is still forced."""
    choice = body.get("tool_choice")
    if choice == "required" or (isinstance(choice, dict) and choice.get("type") == "any"):
        body.pop("tool_choice")


@fault(Stage.BODY, _GROUP, (RESPONSES,))
def ignore_previous_id(body: JsonObject, context: RequestContext) -> None:
    """`previous_response_id` is ignored: the conversation is forgotten."""
    body.pop("previous_response_id", None)


@fault(Stage.BODY, _GROUP, (CHAT,))
def ignore_include_usage(body: JsonObject, context: RequestContext) -> None:
    """`stream_options.include_usage` is ignored."""
    body.pop("stream_options", None)


@fault(Stage.BODY, _GROUP, (MESSAGES,))
def ignore_thinking(body: JsonObject, context: RequestContext) -> None:
    """`thinking` is ignored."""
    body.pop("thinking", None)


@fault(Stage.BODY, _GROUP, (MESSAGES,))
def beta_field_dropped(body: JsonObject, context: RequestContext) -> None:
    """The fields of beta features are dropped, their header is passed on."""
    body.pop("context_management", None)


@fault(Stage.BODY, _GROUP, (MESSAGES,))
def eager_field_dropped(body: JsonObject, context: RequestContext) -> None:
    """`eager_input_streaming` of a tool is dropped."""
    for tool in body.get("tools") or []:
        if isinstance(tool, dict):
            tool.pop("eager_input_streaming", None)


@fault(Stage.EARLY, _GROUP, (MESSAGES,))
def eager_field_refused(context: RequestContext) -> Reply | None:
    """A tool with `eager_input_streaming` is refused."""
    for number, tool in enumerate(context.body.get("tools") or []):
        if isinstance(tool, dict) and "eager_input_streaming" in tool:
            refusal = RefusalError(400, f"tools.{number}.custom.eager_input_streaming: Extra inputs are not permitted")
            return json_reply(400, context.error(refusal), [])
    return None


@fault(Stage.EARLY, _GROUP, (MESSAGES,))
def beta_rejected(context: RequestContext) -> Reply | None:
    """A request with an `anthropic-beta` header is refused."""
    if "anthropic-beta" not in context.headers:
        return None
    values = context.headers["anthropic-beta"]
    refusal = RefusalError(400, f"Unexpected value(s) `{values}` for the `anthropic-beta` header.")
    return json_reply(400, context.error(refusal), [])


@fault(Stage.EARLY, _GROUP, (MESSAGES,))
def query_404(context: RequestContext) -> Reply | None:
    """A URL with a query such as `?beta=true` is not found."""
    return json_reply(404, context.error(RefusalError(404, "Not found")), []) if context.query else None
