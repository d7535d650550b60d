"""Faults in thinking: signatures, order, and the ways in which reasoning leaks."""

from __future__ import annotations

from dataclasses import replace

from app.simulator.faults.registry import CHAT, MESSAGES, RESPONSES, Stage, fault
from app.simulator.faults.shapes import put_in_front, without
from app.simulator.messages.binding import THINKING
from app.simulator.model import words
from app.simulator.model.host import Host
from app.simulator.model.seals import seal, unseal
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Event
from app.simulator.shared.refusals import RefusalError, ThinkingRefusedError
from app.simulator.shared.validation import JsonObject

_GROUP = "thinking"
_FAKE_SIGNATURE = "c2lnbmF0dXJlLW9mLXRoZS1yZWxheQ=="


@fault(Stage.HOST, _GROUP, (MESSAGES, RESPONSES))
def signature_unchecked(host: Host, context: RequestContext) -> Host:
    """Replayed signatures and encrypted reasoning are not verified."""
    return replace(host, signatures_checked=False)


@fault(Stage.BODY, _GROUP, (MESSAGES, RESPONSES))
def strip_thinking(body: JsonObject, context: RequestContext) -> None:
    """Replayed thinking and reasoning does not reach the model: it is left out of the request."""
    _strip(body)


@fault(Stage.REFUSED, _GROUP, (MESSAGES, RESPONSES))
def retry_without_thinking(refusal: RefusalError, context: RequestContext) -> bool:
    """A request that is refused for the thinking in it is sent again without."""
    _strip(context.body)
    return isinstance(refusal, ThinkingRefusedError)


@fault(Stage.WHOLE, _GROUP, (MESSAGES,))
def no_signature(document: JsonObject, context: RequestContext) -> None:
    """Thinking has no signature."""
    for block in _thinking(document):
        block["signature"] = ""


@fault(Stage.WHOLE, _GROUP, (MESSAGES,))
def fake_signature(document: JsonObject, context: RequestContext) -> None:
    """Thinking has a made-up signature."""
    for block in _thinking(document):
        block["signature"] = _FAKE_SIGNATURE


@fault(Stage.EVENTS, _GROUP, (MESSAGES,))
def signature_in_delta(events: list[Event], context: RequestContext) -> list[Event]:
    """The signature comes inside a `thinking_delta`."""
    for event in events:
        delta = event.object.get("delta", {})
        if delta.get("type") == "signature_delta":
            delta.update(type="thinking_delta", thinking="")
    return events


@fault(Stage.WHOLE, _GROUP, (MESSAGES,))
def thinking_empty(document: JsonObject, context: RequestContext) -> None:
    """Thinking comes with no text but a real signature, as with `display: omitted` (legal)."""
    for block in _thinking(document):
        origin = unseal(block["signature"], block["thinking"]) or context.origin
        block.update(thinking="", signature=seal("", origin))


@fault(Stage.WHOLE, _GROUP, (MESSAGES,))
def thinking_uncounted(document: JsonObject, context: RequestContext) -> None:
    """How many tokens of the output are thinking is not said."""
    document["usage"].pop("output_tokens_details", None)


@fault(Stage.WHOLE, _GROUP, (MESSAGES,))
def redacted(document: JsonObject, context: RequestContext) -> None:
    """A redacted thinking block stands in front (legal)."""
    document["content"].insert(0, {"type": "redacted_thinking", "data": seal("", context.origin)})


@fault(Stage.WHOLE, _GROUP, (MESSAGES,))
def redacted_empty(document: JsonObject, context: RequestContext) -> None:
    """The answer opens with a redacted thinking block that has no data."""
    document["content"].insert(0, {"type": "redacted_thinking", "data": ""})


@fault(Stage.WHOLE, _GROUP, (MESSAGES,))
def thinking_last(document: JsonObject, context: RequestContext) -> None:
    """Thinking comes behind the text it was for."""
    blocks = _thinking(document)
    document["content"] = [block for block in document["content"] if block not in blocks] + blocks


@fault(Stage.WHOLE, _GROUP)
def in_text_tags(document: JsonObject, context: RequestContext) -> None:
    """Reasoning stands in the text, between `<think>` tags."""
    thought = words.reasoning("the question", False)
    if context.protocol == MESSAGES:
        document["content"] = [block for block in document["content"] if block["type"] != "thinking"]
    put_in_front(document, f"<think>{thought}</think>\n\n")


@fault(Stage.WHOLE, _GROUP, (CHAT,))
def reasoning_content(document: JsonObject, context: RequestContext) -> None:
    """Reasoning comes in `reasoning_content`, as some vendors do."""
    for choice in document["choices"]:
        choice["message"]["reasoning_content"] = words.reasoning("the question", False)


@fault(Stage.WHOLE, _GROUP, (RESPONSES,))
def no_encrypted_content(document: JsonObject, context: RequestContext) -> None:
    """Reasoning items have no encrypted content."""
    document["output"] = [
        without(item, "encrypted_content") if item["type"] == "reasoning" else item for item in document["output"]
    ]


def _thinking(document: JsonObject) -> list[JsonObject]:
    return [block for block in document["content"] if block["type"] == "thinking"]


def _strip(body: JsonObject) -> None:
    """Take replayed reasoning out of a request, whatever its protocol."""
    if isinstance(body.get("messages"), list):
        body["messages"] = [one for one in map(_without_thinking, body["messages"]) if one.get("content") != []]
    if isinstance(body.get("input"), list):
        kept = [item for item in body["input"] if not isinstance(item, dict) or item.get("type") != "reasoning"]
        # A call that names its item would be refused without its reasoning.
        body["input"] = [without(item, "id") if _is_call(item) else item for item in kept]


def _without_thinking(message: JsonObject) -> JsonObject:
    content = message.get("content")
    if not isinstance(content, list):
        return message
    return message | {"content": [block for block in content if block.get("type") not in THINKING]}


def _is_call(item: object) -> bool:
    return isinstance(item, dict) and item.get("type") == "function_call"
