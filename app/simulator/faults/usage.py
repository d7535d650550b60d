"""Faults in the counts of tokens."""

from __future__ import annotations

import copy

from app.simulator.faults.registry import CHAT, MESSAGES, OPENAI, RESPONSES, Stage, add_fault, fault
from app.simulator.faults.shapes import (
    drop,
    input_key,
    is_finish,
    is_start,
    is_usage_chunk,
    output_key,
    set_all,
    usages,
    without,
)
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Event
from app.simulator.shared.validation import JsonObject

_GROUP = "usage"
_REASONING_BESIDE = 30
_CACHED = ("cache_read_input_tokens", "cache_creation_input_tokens")
_CLAIMED_CACHE_TOKENS = 2048
_INVENTED_TOKENS = 100

add_fault("count_tokens_404", Stage.SWITCH, _GROUP, "Counting tokens answers 404.", (MESSAGES, RESPONSES))


@fault(Stage.WHOLE, _GROUP)
def usage_none(document: JsonObject, context: RequestContext) -> None:
    """There is no usage at all."""
    if not context.streamed:
        document.pop("usage")


@fault(Stage.EVENTS, _GROUP, name="usage_none")
def usage_none_in_stream(events: list[Event], context: RequestContext) -> list[Event]:
    """There is no usage at all."""
    for event in events:
        event.data = without(event.data, "usage") if isinstance(event.data, dict) else event.data
        for key in ("message", "response"):
            if key in event.object:
                event.object[key] = without(event.object[key], "usage")
    return drop(events, lambda event: not event.name and event.object.get("choices") == [])


@fault(Stage.EVENTS, _GROUP)
def usage_null(events: list[Event], context: RequestContext) -> list[Event]:
    """The stream carries no counts: null where the shape needs the field, no usage chunk. Unstreamed answers have them."""
    for event in events:
        for holder in (event.object, event.object.get("message", {})):
            if "usage" in holder:
                holder["usage"] = {"input_tokens": None, "output_tokens": None} if context.protocol == MESSAGES else None
        if "response" in event.object:
            event.object["response"] = event.object["response"] | {"usage": None}
    return drop(events, lambda event: not event.name and event.object.get("choices") == [])


@fault(Stage.EVENTS, _GROUP, (MESSAGES,))
def usage_zero_start(events: list[Event], context: RequestContext) -> list[Event]:
    """`message_start` counts 0 input tokens; `message_delta` tells the truth."""
    events[0].object["message"]["usage"].update(input_tokens=0, output_tokens=0)
    return events


@fault(Stage.WHOLE, _GROUP)
def usage_zero(document: JsonObject, context: RequestContext) -> None:
    """Every count is 0."""
    set_all(document["usage"], 0)


@fault(Stage.WHOLE, _GROUP)
def limit_unsaid(document: JsonObject, context: RequestContext) -> None:
    """The answer counts as many tokens as were allowed, and says that it ended by itself."""
    usage, names = document["usage"], ("max_output_tokens", "max_completion_tokens", "max_tokens")
    limit = next((context.body[name] for name in names if context.body.get(name)), usage[output_key(usage)])
    if "total_tokens" in usage:
        usage["total_tokens"] += limit - usage[output_key(usage)]
    usage[output_key(usage)] = limit


@fault(Stage.EVENTS, _GROUP, (CHAT,))
def usage_every_chunk(events: list[Event], context: RequestContext) -> list[Event]:
    """Every chunk carries usage, growing."""
    final = next(iter(usages(events)), None)
    if final is None:
        return events
    spoken = 0
    for event in (event for event in events if event.object.get("choices")):
        spoken += event.tokens
        event.object["usage"] = final | {"completion_tokens": spoken, "total_tokens": final["prompt_tokens"] + spoken}
    return events


@fault(Stage.EVENTS, _GROUP, (CHAT,))
def usage_in_finish(events: list[Event], context: RequestContext) -> list[Event]:
    """Usage comes in the chunk with the finish reason, not in one of its own."""
    final = next(iter(usages(events)), None)
    for event in events:
        if final is not None and is_finish(event):
            event.object["usage"] = final
    return drop(events, is_usage_chunk)


@fault(Stage.EVENTS, _GROUP, (CHAT,))
def usage_then_chunk(events: list[Event], context: RequestContext) -> list[Event]:
    """A chunk without usage follows the one with usage."""
    at = next((number for number, event in enumerate(events) if is_usage_chunk(event)), None)
    if at is None:
        return events
    empty = copy.deepcopy(events[at])
    empty.object["usage"] = None
    return [*events[: at + 1], empty, *events[at + 1 :]]


@fault(Stage.EVENTS, _GROUP, (MESSAGES,))
def usage_not_cumulative(events: list[Event], context: RequestContext) -> list[Event]:
    """Two `message_delta` events count what came since the one before, not the total."""
    at = next(number for number, event in enumerate(events) if event.name == "message_delta")
    first, second = copy.deepcopy(events[at]), copy.deepcopy(events[at])
    total = events[at].object["usage"]["output_tokens"]
    first.object["usage"]["output_tokens"] = total - total // 3
    second.object["usage"]["output_tokens"] = total // 3
    return [*events[:at], first, second, *events[at + 1 :]]


@fault(Stage.WHOLE, _GROUP)
def usage_cache_in_input(document: JsonObject, context: RequestContext) -> None:
    """Cached tokens are counted on the wrong side: in Anthropic's input, or beyond OpenAI's."""
    usage = document["usage"]
    if context.protocol == MESSAGES:
        usage["cache_read_input_tokens"] = usage["cache_read_input_tokens"] or usage["input_tokens"]
        usage["input_tokens"] = max(usage["input_tokens"], usage["cache_read_input_tokens"])
        return
    usage[f"{input_key(usage)}_details"]["cached_tokens"] = usage[input_key(usage)] + _CLAIMED_CACHE_TOKENS


@fault(Stage.EVENTS, _GROUP, (CHAT,))
def usage_no_choices_key(events: list[Event], context: RequestContext) -> list[Event]:
    """The usage chunk has no `choices` key."""
    for event in events:
        if is_usage_chunk(event):
            event.object.pop("choices")
    return events


@fault(Stage.WHOLE, _GROUP, OPENAI)
def usage_wrong_total(document: JsonObject, context: RequestContext) -> None:
    """The total is not input plus output."""
    document["usage"]["total_tokens"] += 7


@fault(Stage.EVENTS, _GROUP, (MESSAGES,), name="usage_wrong_total")
def usage_wrong_total_in_messages(events: list[Event], context: RequestContext) -> list[Event]:
    """The total is not input plus output."""
    for event in events:
        if event.name == "message_delta":
            event.object["usage"]["input_tokens"] += 7
    return events


@fault(Stage.WHOLE, _GROUP, OPENAI)
def reasoning_outside(document: JsonObject, context: RequestContext) -> None:
    """30 tokens of reasoning are counted beside the output, and in the total."""
    usage = document["usage"]
    details = f"{output_key(usage)}_details"
    usage[details] = usage.get(details, {}) | {"reasoning_tokens": _REASONING_BESIDE}
    usage["total_tokens"] += _REASONING_BESIDE


@fault(Stage.WHOLE, _GROUP, (MESSAGES,))
def cache_counted_twice(document: JsonObject, context: RequestContext) -> None:
    """The input tokens are the sum of what was read from the cache and written to it."""
    cached = {"cache_read_input_tokens": 4000, "cache_creation_input_tokens": 1200}
    document["usage"] |= cached | {"input_tokens": sum(cached.values())}


@fault(Stage.EVENTS, _GROUP, (MESSAGES,))
def cache_only_at_end(events: list[Event], context: RequestContext) -> list[Event]:
    """`message_start` counts the whole input and nothing cached; `message_delta` says alone what came from the cache."""
    for event in events:
        if event.name == "message_start":
            event.object["message"]["usage"] |= {"input_tokens": 3602, **dict.fromkeys(_CACHED, 0)}
        elif event.name == "message_delta":
            output = event.object["usage"]["output_tokens"]
            event.object["usage"] = {"output_tokens": output, "cache_read_input_tokens": 3604}
    return events


@fault(Stage.WHOLE, _GROUP, (MESSAGES, CHAT))
def cache_foreign_name(document: JsonObject, context: RequestContext) -> None:
    """What was written to the cache (on Chat: read from it) is counted in a field of another protocol."""
    usage = document["usage"]
    if context.protocol == MESSAGES:
        document["usage"] = without(usage, "cache_creation_input_tokens") | {"cache_write_input_tokens": 2400}
    else:
        document["usage"] = without(usage, "prompt_tokens_details") | {"prompt_cache_hit_tokens": 1}


@fault(Stage.WHOLE, _GROUP, OPENAI)
def usage_no_details(document: JsonObject, context: RequestContext) -> None:
    """The detail objects (cached and reasoning tokens) are missing."""
    document["usage"] = {name: value for name, value in document["usage"].items() if not name.endswith("_details")}


@fault(Stage.WHOLE, _GROUP, (RESPONSES,))
def usage_chat_names(document: JsonObject, context: RequestContext) -> None:
    """The counts have the names that Chat Completions gives them."""
    usage = document["usage"].items()
    document["usage"] = {name.replace("input_", "prompt_").replace("output_", "completion_"): value for name, value in usage}


@fault(Stage.WHOLE, _GROUP)
def usage_invented(document: JsonObject, context: RequestContext) -> None:
    """Always the same counts, whatever the prompt and the answer."""
    usage = document["usage"]
    usage.update({input_key(usage): _INVENTED_TOKENS, output_key(usage): _INVENTED_TOKENS})
    if "total_tokens" in usage:
        usage["total_tokens"] = 2 * _INVENTED_TOKENS


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def usage_in_start(events: list[Event], context: RequestContext) -> list[Event]:
    """The opening events already carry the final usage."""
    final = events[-1].object["response"].get("usage")
    for event in events:
        if is_start(event):
            event.object["response"]["usage"] = final
    return events


@fault(Stage.COUNT, _GROUP, (MESSAGES, RESPONSES))
def count_tokens_wrong(document: JsonObject, context: RequestContext) -> None:
    """Counting tokens answers a tenth of the truth."""
    document["input_tokens"] = max(1, document["input_tokens"] // 10)
