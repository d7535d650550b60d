"""Faults in what is counted: hidden prompts, factors, another tokenizer, and output counts that nobody counted."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle, islice
from typing import Any

from app.simulator.faults.registry import ALL, MESSAGES, RESPONSES, Stage, fault
from app.simulator.faults.shapes import input_key, output_key
from app.simulator.model.host import Host
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.validation import JsonObject

_GROUP = "usage"
# Each is one token to every tokenizer of the simulator.
_HIDDEN_WORDS = ("So", "we", "do", "the", "sky", "who", "try", "to", "be", "by", "my", "sea")
_INPUTS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
_COUNTING = (MESSAGES, RESPONSES)


@fault(Stage.BODY, _GROUP, ALL, default=27)
def hidden_prompt(body: JsonObject, context: RequestContext) -> None:
    """A system prompt of 27 tokens (or as many as given) is put before the user's."""
    _hide(body, context, context.value("hidden_prompt"))


@fault(Stage.BODY, _GROUP, ALL, default=40)
def tool_prompt(body: JsonObject, context: RequestContext) -> None:
    """A system prompt of 40 tokens (or as many as given) is put in where a request has tools."""
    if body.get("tools"):
        _hide(body, context, context.value("tool_prompt"))


@fault(Stage.BODY, _GROUP, ALL, default=1500)
def hidden_prompt_cached(body: JsonObject, context: RequestContext) -> None:
    """A hidden system prompt of 1500 tokens (or as many as given) that the vendor's prompt cache keeps."""
    _hide(body, context, context.value("hidden_prompt_cached"), {"cache_control": {"type": "ephemeral"}})


def _hide(body: JsonObject, context: RequestContext, size: int, mark: JsonObject | None = None) -> None:
    if context.protocol == MESSAGES:
        given = body.get("system")
        blocks = given if isinstance(given, list) else [{"type": "text", "text": given}] if given else []
        body["system"] = [{"type": "text", "text": _hidden(size - (0 if blocks else 3)), **(mark or {})}, *blocks]
    elif context.protocol == RESPONSES:
        given = body.get("instructions")
        body["instructions"] = f"{_hidden(size - 1)}\n{given}" if given else _hidden(size - 4)
    elif isinstance(body.get("messages"), list):
        body["messages"] = [{"role": "system", "content": _hidden(size - 4)}, *body["messages"]]


def _hidden(size: int) -> str:
    return " ".join(islice(cycle(_HIDDEN_WORDS), max(1, size)))


@fault(Stage.HOST, _GROUP)
def other_tokenizer(host: Host, context: RequestContext) -> Host:
    """Prompts and answers are counted by another tokenizer than the model's: by another factor in each script."""
    return replace(host, other_tokenizer=True)


@fault(Stage.WHOLE, _GROUP, ALL, default=120)
def count_multiplier(document: JsonObject, context: RequestContext) -> None:
    """Every count is 120 percent (or as many as given) of the truth."""
    document["usage"] = _times(document["usage"], context.value("count_multiplier"))
    _add_up(document["usage"])


@fault(Stage.COUNT, _GROUP, _COUNTING, name="count_multiplier")
def count_multiplier_of_a_count(document: JsonObject, context: RequestContext) -> None:
    """Every count is 120 percent (or as many as given) of the truth."""
    document["input_tokens"] = _times(document["input_tokens"], context.value("count_multiplier"))


def _times(value: Any, percent: int) -> Any:
    if isinstance(value, dict):
        return {name: _times(item, percent) for name, item in value.items()}
    return round(value * percent / 100) if isinstance(value, int) else value


@fault(Stage.WHOLE, _GROUP)
def usage_doubled_output(document: JsonObject, context: RequestContext) -> None:
    """Twice the output tokens are counted."""
    _set_output(document["usage"], 2 * _output(document))


@fault(Stage.WHOLE, _GROUP, ALL, default=140)
def output_inflated(document: JsonObject, context: RequestContext) -> None:
    """The output tokens are 140 percent (or as many as given) of the truth."""
    _set_output(document["usage"], _times(_output(document), context.value("output_inflated")))


@fault(Stage.WHOLE, _GROUP, ALL, default=25)
def output_padded(document: JsonObject, context: RequestContext) -> None:
    """25 output tokens (or as many as given) are counted beside those of the answer."""
    _set_output(document["usage"], _output(document) + context.value("output_padded"))


@fault(Stage.WHOLE, _GROUP, ALL, default=10)
def output_rounded(document: JsonObject, context: RequestContext) -> None:
    """The output tokens are rounded up to a multiple of 10, or of as many as given."""
    step = max(1, context.value("output_rounded"))
    _set_output(document["usage"], -(-_output(document) // step) * step)


@fault(Stage.WHOLE, _GROUP, ALL, default=64)
def output_equal(document: JsonObject, context: RequestContext) -> None:
    """The output tokens are always 64, or as many as given."""
    _set_output(document["usage"], context.value("output_equal"))


def _output(document: JsonObject) -> int:
    usage = document["usage"]
    return int(usage[output_key(usage)])


def _set_output(usage: JsonObject, size: int) -> None:
    usage[output_key(usage)] = size
    _add_up(usage)


def _add_up(usage: JsonObject) -> None:
    if "total_tokens" in usage:
        usage["total_tokens"] = usage[input_key(usage)] + usage[output_key(usage)]


@fault(Stage.WHOLE, _GROUP, ALL, default=60)
def cache_invented(document: JsonObject, context: RequestContext) -> None:
    """60 percent (or as many as given) of the input are said to be read from the prompt cache."""
    usage, percent = document["usage"], context.value("cache_invented")
    if context.protocol == MESSAGES:
        plain, written, read = (usage[name] for name in _INPUTS)
        claimed = max(read, _times(plain + written + read, min(percent, 100)))
        left = plain + written + read - claimed
        usage |= dict(zip(_INPUTS, (min(plain, left), max(0, left - plain), claimed), strict=True))
        usage["cache_creation"] = {"ephemeral_5m_input_tokens": max(0, left - plain), "ephemeral_1h_input_tokens": 0}
    else:
        usage[f"{input_key(usage)}_details"]["cached_tokens"] = _times(usage[input_key(usage)], percent)
