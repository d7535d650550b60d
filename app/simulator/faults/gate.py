"""Faults at the door: who is let in, with which words, and what is added to a request on its way in."""

from __future__ import annotations

from app.simulator.faults.registry import ALL, CHAT, MESSAGES, RESPONSES, Stage, fault
from app.simulator.faults.rewriting import messages_of
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Reply, json_reply
from app.simulator.shared.refusals import RefusalError
from app.simulator.shared.validation import JsonObject

_GROUP = "behaviour"
_TRIVIAL = frozenset({"hi", "hello", "ping", "test"})


def _refused(context: RequestContext, status: int, message: str) -> Reply:
    return json_reply(status, context.error(RefusalError(status, message)), [])


@fault(Stage.EARLY, _GROUP, ALL)
def one_client_only(context: RequestContext) -> Reply | None:
    """Only requests with the user agent of `claude-cli` are let in."""
    if context.headers.get("user-agent", "").startswith("claude-cli"):
        return None
    return _refused(context, 400, "This endpoint is only for Claude Code clients.")


@fault(Stage.EARLY, _GROUP, ALL)
def trivial_blocked(context: RequestContext) -> Reply | None:
    """A request that says nothing but "hi" (or "ping", "test") is refused."""
    if _last_words(context.body).strip().strip("!.").lower() not in _TRIVIAL:
        return None
    return _refused(context, 403, "Connectivity tests are not allowed.")


@fault(Stage.EARLY, _GROUP, ALL)
def streams_502(context: RequestContext) -> Reply | None:
    """A request for a stream gets 502, all others are answered."""
    return _refused(context, 502, "Bad gateway") if context.body.get("stream") is True else None


@fault(Stage.EARLY, _GROUP, ALL)
def tools_502(context: RequestContext) -> Reply | None:
    """A request with tools gets 502, all others are answered."""
    return _refused(context, 502, "Bad gateway") if context.body.get("tools") else None


@fault(Stage.EARLY, _GROUP, (CHAT,))
def null_content_refused(context: RequestContext) -> Reply | None:
    """An assistant's message whose `content` is null, as it is beside calls, is refused."""
    if all(one.get("content", "") is not None for one in messages_of(context.body) if one.get("role") == "assistant"):
        return None
    return _refused(context, 400, "messages: `content` should be a valid string.")


@fault(Stage.EARLY, _GROUP, ALL)
def effort_refused(context: RequestContext) -> Reply | None:
    """A request that sets a reasoning effort is refused."""
    config = context.body.get("output_config") or context.body.get("reasoning")
    named = isinstance(config, dict) and "effort" in config
    if not named and "reasoning_effort" not in context.body:
        return None
    return _refused(context, 400, "The reasoning effort is fixed here and can't be set.")


@fault(Stage.BODY, _GROUP, ALL)
def effort_forced(body: JsonObject, context: RequestContext) -> None:
    """A model that need not reason is made to: thinking or a reasoning effort is put into every request without."""
    if context.protocol == MESSAGES:
        body.setdefault("thinking", {"type": "adaptive"})
    elif context.protocol == CHAT:
        body.setdefault("reasoning_effort", "high")
    elif context.protocol == RESPONSES:
        body.setdefault("reasoning", {"effort": "high"})


@fault(Stage.REPLY, _GROUP, ALL, default=2)
def cancel_blocks(reply: Reply, context: RequestContext) -> None:
    """A stream that the client closes holds its place: the next 2 requests (or as many as given) get 503."""
    blocked, name = context.memory.turns, "cancel_blocks"

    def hold() -> None:
        blocked[name] = context.value(name)

    reply.when_left = hold if reply.streamed else None


@fault(Stage.EARLY, _GROUP, ALL, name="cancel_blocks")
def cancel_blocks_now(context: RequestContext) -> Reply | None:
    """A stream that the client closes holds its place: the next 2 requests (or as many as given) get 503."""
    blocked = context.memory.turns
    if blocked["cancel_blocks"] <= 0:
        return None
    blocked["cancel_blocks"] -= 1
    return _refused(context, 503, "All slots of this key are busy.")


def _last_words(body: JsonObject) -> str:
    """The text of the last turn."""
    turns = body.get("messages") or body.get("input")
    if isinstance(turns, str):
        return turns
    last = turns[-1] if isinstance(turns, list) and turns else {}
    content = last.get("content") if isinstance(last, dict) else None
    if isinstance(content, list):
        return "".join(str(one.get("text", "")) for one in content if isinstance(one, dict))
    return content if isinstance(content, str) else ""
