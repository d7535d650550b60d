"""Faults in what an endpoint makes of a request's parameters: ignored, changed or refused one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.simulator.faults.registry import ALL, CHAT, MESSAGES, OPENAI, RESPONSES, Stage, add_fault, fault
from app.simulator.faults.shapes import text_parts
from app.simulator.model.conversation import ParsedRequest
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Reply, json_reply
from app.simulator.shared.refusals import RefusalError
from app.simulator.shared.validation import JsonObject

_GROUP = "parameters"
_OTHER_MIND = "another model"

# name of the knob: (what it says, where it shows, the fields that are taken out, by their paths)
_IGNORED: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "ignore_temperature": ("`temperature` is ignored.", ALL, ("temperature",)),
    "ignore_top_p": ("`top_p` is ignored.", ALL, ("top_p",)),
    "ignore_top_k": ("`top_k` is ignored.", (MESSAGES,), ("top_k",)),
    "ignore_seed": ("`seed` is ignored.", (CHAT,), ("seed",)),
    "ignore_n": ("`n` is ignored: there is one choice.", (CHAT,), ("n",)),
    "ignore_logprobs": ("Log probabilities are not told.", OPENAI, ("logprobs", "top_logprobs", "include")),
    "ignore_logit_bias": ("`logit_bias` is ignored.", (CHAT,), ("logit_bias",)),
    "ignore_frequency_penalty": ("`frequency_penalty` is ignored.", (CHAT,), ("frequency_penalty",)),
    "ignore_parallel": (
        "That calls be made one at a time is ignored.",
        ALL,
        ("parallel_tool_calls", "tool_choice.disable_parallel_tool_use"),
    ),
    "ignore_effort": (
        "The reasoning effort is ignored.",
        ALL,
        ("reasoning_effort", "reasoning.effort", "output_config.effort"),
    ),
    "ignore_schema": (
        "The schema of the answer is ignored, and that it be JSON.",
        ALL,
        ("response_format", "text.format", "output_config.format"),
    ),
}


def _ignore(paths: tuple[str, ...]) -> Callable[[JsonObject, RequestContext], None]:
    def step(body: JsonObject, context: RequestContext) -> None:
        for path in paths:
            take_out(body, path)

    return step


def take_out(body: JsonObject, path: str) -> None:
    """Remove what stands at a path such as `reasoning.effort`; nothing happens where there is none."""
    *outer, last = path.split(".")
    holder = body
    for name in outer:
        inner = holder.get(name)
        if not isinstance(inner, dict):
            return
        holder = inner
    holder.pop(last, None)


for _name, (_line, _where, _paths) in _IGNORED.items():
    add_fault(_name, Stage.BODY, _GROUP, _line, _where, step=_ignore(_paths))


@fault(Stage.BODY, _GROUP)
def temperature_halved(body: JsonObject, context: RequestContext) -> None:
    """`temperature` is halved on the way."""
    if isinstance(body.get("temperature"), int | float):
        body["temperature"] /= 2


@fault(Stage.BODY, _GROUP, default=0)
def temperature_fixed(body: JsonObject, context: RequestContext) -> None:
    """`temperature` is always 0 (or the whole number given), whatever is asked for."""
    body["temperature"] = context.value("temperature_fixed")


@fault(Stage.BODY, _GROUP, OPENAI)
def ignore_json_object(body: JsonObject, context: RequestContext) -> None:
    """That the answer be a JSON object is ignored; a schema is kept to."""
    for holder, name in ((body, "response_format"), (body.get("text"), "format")):
        if isinstance(holder, dict) and (holder.get(name) or {}).get("type") == "json_object":
            holder.pop(name)


@fault(Stage.PARSED, _GROUP)
def schema_hinted(parsed: ParsedRequest, context: RequestContext) -> ParsedRequest:
    """The schema of the answer is only a hint to the model: the values are its own."""
    return replace(parsed, enforced=False)


@fault(Stage.PARSED, _GROUP)
def ignore_strict(parsed: ParsedRequest, context: RequestContext) -> ParsedRequest:
    """`strict` of a tool is ignored: arguments are what the model likes to say."""
    return replace(parsed, tools=tuple(replace(offer, strict=False) for offer in parsed.tools))


@fault(Stage.WHOLE, _GROUP, OPENAI)
def logprobs_invented(document: JsonObject, context: RequestContext) -> None:
    """Log probabilities are made up: of words, the best one not first, and together more than certain."""
    for holder, key in text_parts(document):
        told = _told(document, holder)
        if told:
            words = str(holder[key]).split()
            told[:] = [_made_up(number, word) for number, word in enumerate(words)]


def _told(document: JsonObject, holder: JsonObject) -> list[JsonObject]:
    """The list of log probabilities that belongs to a text; an empty one where there is none."""
    for choice in document.get("choices", []):
        if choice["message"] is holder:
            found: list[JsonObject] = (choice["logprobs"] or {}).get("content") or []
            return found
    return list(holder.get("logprobs") or []) and holder["logprobs"]


def _made_up(number: int, word: str) -> JsonObject:
    others = [{"token": token, "logprob": logprob, "bytes": None} for token, logprob in (("the", -0.3), (word, -0.1))]
    return {"token": word, "logprob": -0.1 - number % 3 / 10, "bytes": None, "top_logprobs": others}


@fault(Stage.PARSED, _GROUP)
def other_model(parsed: ParsedRequest, context: RequestContext) -> ParsedRequest:
    """Another model answers under the name that was asked for (half of the traffic with `sometimes=2`)."""
    return replace(parsed, mind=_OTHER_MIND)


@fault(Stage.PARSED, _GROUP, (MESSAGES, CHAT))
def stop_trimmed(parsed: ParsedRequest, context: RequestContext) -> ParsedRequest:
    """The model does not stop: its text is cut at the stop sequence afterwards, all of it is counted, no reason is given."""
    context.kept["stops"] = parsed.stops
    return replace(parsed, stops=())


@fault(Stage.WHOLE, _GROUP, (MESSAGES, CHAT), name="stop_trimmed")
def stop_trimmed_from_text(document: JsonObject, context: RequestContext) -> None:
    """The model does not stop: its text is cut at the stop sequence afterwards, all of it is counted, no reason is given."""
    _trim(document, context.kept.get("stops", ()))


@fault(Stage.PARSED, _GROUP, (MESSAGES, CHAT))
def stop_only_in_stream(parsed: ParsedRequest, context: RequestContext) -> ParsedRequest:
    """Stop sequences work in streams alone."""
    return parsed if context.streamed else replace(parsed, stops=())


def _trim(document: JsonObject, stops: tuple[str, ...]) -> None:
    for holder, key in text_parts(document):
        text = holder[key] or ""
        places = [text.find(stop) for stop in stops if stop in text]
        if places:
            holder[key] = text[: min(places)]


# What a strict endpoint refuses: the knob's ending, the fields by protocol, as the client writes them.
_REFUSED: dict[str, tuple[str, ...]] = {
    "temperature": ("temperature",),
    "top_p": ("top_p",),
    "stop": ("stop", "stop_sequences"),
    "seed": ("seed",),
    "presence_penalty": ("presence_penalty",),
    "logprobs": ("logprobs", "top_logprobs"),
    "tools": ("tools",),
    "tool_choice": ("tool_choice",),
    "system": ("system", "instructions"),
    "schema": ("response_format", "text", "output_config"),
    "thinking": ("thinking",),
}
_REFUSED_WHERE = {
    "seed": (CHAT,),
    "presence_penalty": (CHAT,),
    "logprobs": OPENAI,
    "stop": (MESSAGES, CHAT),
    "system": (MESSAGES, RESPONSES),
    "thinking": (MESSAGES,),
}


def _refuse(fields: tuple[str, ...]) -> Callable[[RequestContext], Reply | None]:
    def step(context: RequestContext) -> Reply | None:
        name = next((name for name in fields if context.body.get(name) is not None), None)
        if name is None:
            return None
        message = f"{name}: Extra inputs are not permitted" if context.anthropic else f"Unsupported parameter: '{name}'."
        return json_reply(400, context.error(RefusalError(400, message, param=name, code="unsupported_parameter")), [])

    return step


for _name, _fields in _REFUSED.items():
    _where = _REFUSED_WHERE.get(_name, ALL)
    add_fault(f"reject_{_name}", Stage.EARLY, _GROUP, f"A request with `{_name}` is refused.", _where, step=_refuse(_fields))
