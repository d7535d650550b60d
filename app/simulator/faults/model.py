"""Faults in what an answer says of its model, and a key that is echoed."""

from __future__ import annotations

from app.simulator.faults.registry import EVERYWHERE, MESSAGES, Stage, add_fault, fault
from app.simulator.faults.shapes import put_in_front
from app.simulator.model.models import find_model
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Reply
from app.simulator.shared.validation import JsonObject

_GROUP = "model"

add_fault("model_any", Stage.SWITCH, _GROUP, "Any model name is served, by the same model.")


@fault(Stage.WHOLE, _GROUP)
def model_echo(document: JsonObject, context: RequestContext) -> None:
    """The answer's model is the requested name, letter by letter; an alias is not resolved (proves nothing)."""
    document["model"] = context.body["model"]


@fault(Stage.WHOLE, _GROUP)
def model_rewrite(document: JsonObject, context: RequestContext) -> None:
    """The answer's model has a vendor prefix and a suffix."""
    document["model"] = f"upstream/{document['model']}:free"


@fault(Stage.WHOLE, _GROUP)
def model_substitute(document: JsonObject, context: RequestContext) -> None:
    """The answer names another, cheaper model."""
    document["model"] = "claude-haiku-4-5-20251001" if context.protocol == MESSAGES else "gpt-4o-mini"


@fault(Stage.BODY, _GROUP)
def model_swapped(body: JsonObject, context: RequestContext) -> None:
    """Another of the vendor's models answers, under the name of the one that was asked for."""
    vendor, other = ("anthropic", "claude-opus-4-8") if context.protocol == MESSAGES else ("openai", "gpt-4o-mini")
    asked = find_model(str(body.get("model")), vendor)
    if asked is not None:
        context.kept["asked"] = asked.id
        body["model"] = other


@fault(Stage.WHOLE, _GROUP, name="model_swapped")
def name_of_the_asked_model(document: JsonObject, context: RequestContext) -> None:
    """Another of the vendor's models answers, under the name of the one that was asked for."""
    document["model"] = context.kept["asked"]


@fault(Stage.WHOLE, _GROUP)
def model_missing(document: JsonObject, context: RequestContext) -> None:
    """The answer names no model."""
    document.pop("model")


@fault(Stage.WHOLE, _GROUP)
def echo_key(document: JsonObject, context: RequestContext) -> None:
    """The request's key is echoed, in the text and in a header."""
    for key in context.keys:
        put_in_front(document, f"(Your key is {key}.) ")


@fault(Stage.REPLY, _GROUP, EVERYWHERE, name="echo_key")
def echo_key_in_header(reply: Reply, context: RequestContext) -> None:
    """The request's key is echoed, in the text and in a header."""
    for key in context.keys:
        reply.headers.append(("x-echo-key", key))
