"""Checks of how an answer ended, and of what it did unasked, whatever the protocol."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from app.protocols.any import rules_end as found
from app.protocols.ends import CUT_SHORT, AnswerEnd, end_of, end_word
from app.protocols.findings import Finding
from app.protocols.reading import Reading, ToolCall
from app.text.json_text import decode_json, objects_in
from app.text.patterns import late
from app.text.visible import one_line

# The names of the limit, the one that counts first.
LIMITS = ("max_output_tokens", "max_completion_tokens", "max_tokens")
EARLY = 0.5  # of the limit: a count of other tokens (another tokeniser, reasoning left out) differs by less
_FUNCTIONS = (None, "function", "custom")
_OWN_CALLS = ("function_call", "custom_tool_call")
# Fields of a request that switch a hosted tool on without naming it among the tools, and models that search by themselves.
_SWITCHES = ("mcp_servers", "web_search_options", "plugins", "search_parameters", "enable_search", "container", "prompt")
_SEARCHERS = re.compile(r"search|sonar|:online|compound|research", re.IGNORECASE)
_HOSTED_CALLS = ("server_tool_use", "mcp_tool_use")
# Which tool a part is of, and how far it is; ids besides.
_LABELS = frozenset({"type", "name", "status", "server_label", "execution", "environment", "caller", "created_by"})
_RESULTS = re.compile(r"(.+)_tool_result")
_SEALED = re.compile(r"[A-Za-z0-9+/_\-\s]*=*\s*")
_SEALS = ("signature", "data", "encrypted_content")
_HOLDERS = ("reasoning_details", "thinking_blocks")  # Chat's lists of relays
_START_CHARACTERS = 40
_MAX_FIELDS_NAMED = 5
_FENCED = late(r"```(?:json)?\s*\n(.*?)\n?```", re.DOTALL | re.IGNORECASE)

Json = Mapping[str, Any]


def findings_of_end(reading: Reading, request: Json) -> Iterator[Finding]:
    """All such findings of an answer that has ended. `request` is empty where it is not known."""
    yield from _of_forced(reading, request)
    yield from _of_schemas(reading.tool_calls, request)
    yield from _of_format(reading, request)
    yield from _of_limit(reading, request)
    yield from _of_sequence(reading, request)
    yield from _of_hosted(reading, request)
    yield from _of_torn(reading, request)
    yield from _of_seals(reading)


def offered_none_called(reading: Reading, request: Json) -> Iterator[Finding]:
    """For a request that was made to see a tool called: that none was."""
    tools = request.get("tools")
    if reading.tool_calls or not isinstance(tools, list) or not tools or _forced(request):
        return
    names = (_tool_name(one) for one in tools if isinstance(one, dict))
    yield Finding.of(found.NO_TOOL_CALLED, offered=", ".join(sorted(filter(None, names)))[:100])


def _of_forced(reading: Reading, request: Json) -> Iterator[Finding]:
    """A model may answer in words where it may choose; where a call is required, its sampler leaves it no choice."""
    if not reading.tool_calls and end_of(reading) not in CUT_SHORT and (choice := _forced(request)):
        yield Finding.of(found.FORCED_CALL_MISSING, choice=choice[:60])


def _forced(request: Json) -> str:
    """How the request requires a call of one of its own functions: "any", "required" or the name of one; "" where it does not.

    A hosted tool that is called counts as none of ours: where one is on offer, "any" may be met by it.
    """
    tools = request.get("tools")
    if not isinstance(tools, list) or not tools:
        return ""
    own_alone = all(isinstance(one, dict) and one.get("type") in _FUNCTIONS for one in tools)
    choice: Any = request.get("tool_choice")
    match choice:
        case "required" | "any" as word if own_alone:
            return str(word)
        case {"type": "any"} if own_alone:
            return "any"
        case {"type": "tool" | "function" | "custom"} as named:
            own = {_tool_name(one) for one in tools if isinstance(one, dict) and one.get("type") in _FUNCTIONS}
            return name if (name := _tool_name(named)) in own else ""
    return ""


def _tool_name(tool: Json) -> str:
    inner = tool.get("function")
    name = (inner if isinstance(inner, dict) else tool).get("name")
    return name if isinstance(name, str) else ""


def _of_schemas(calls: Sequence[ToolCall], request: Json) -> Iterator[Finding]:
    """Calls without what their tool's schema requires, once a tool. Strict schemas are promised for single calls alone."""
    offers = [_Offer.of(one) for one in objects_in(request.get("tools"))] if calls else []
    lacking: dict[str, Finding] = {}
    for call in calls:
        offer = next((one for one in offers if one.name == call.name), None)
        if offer is None or call.kind != "function" or not isinstance(call.arguments, dict) or call.name in lacking:
            continue
        if fields := _lacking(offer.required, call.arguments):
            rule = found.STRICT_ARGUMENT_LACKING if offer.strict and len(calls) == 1 else found.ARGUMENT_LACKING
            lacking[call.name] = Finding.of(rule, name=call.name[:80], fields=fields)
    yield from lacking.values()


def _lacking(required: Sequence[str], value: Json) -> str:
    """The fields of these that an object lacks, for a sentence; "" for none."""
    missing = [name for name in required if name not in value]
    return ", ".join(f"`{name[:40]}`" for name in missing[:_MAX_FIELDS_NAMED])


def _required(schema: object) -> tuple[str, ...]:
    required = schema.get("required") if isinstance(schema, dict) else None
    return tuple(one for one in required if isinstance(one, str)) if isinstance(required, list) else ()


class _Offer(msgspec.Struct, frozen=True):
    """What a request says of a tool's arguments: the fields that it requires, and whether strictly."""

    name: str
    required: tuple[str, ...]
    strict: bool

    @classmethod
    def of(cls, tool: Json) -> _Offer:
        inner = tool.get("function")
        told = inner if isinstance(inner, dict) else tool
        schema = told.get("input_schema") or told.get("parameters")
        return cls(_tool_name(tool), _required(schema), told.get("strict") is True)


# -- the format of the answer ------------------------------------------------------------------------------------------


class _Format(msgspec.Struct, frozen=True):
    """What a request says of the answer's text: it has to be JSON, and by a schema where that is one of an object.

    Attributes:
        field: where it says so, and how.
        required: the fields of the object; None where any JSON will do.
        strict: the API promises that the schema is kept.
    """

    field: str
    required: tuple[str, ...] | None = None
    strict: bool = False


def _of_format(reading: Reading, request: Json) -> Iterator[Finding]:
    """Whether an answer that ended by itself is the JSON that was asked for."""
    asked = _format(request)
    if asked is None or reading.tool_calls or end_of(reading) is not AnswerEnd.BY_ITSELF or not reading.text.strip():
        return
    value = next((one for text in (reading.text, _last_text(reading)) if (one := _json(text)) is not None), None)
    if value is None:
        fenced = _FENCED().fullmatch(reading.text.strip())
        variant = "fenced" if fenced and _json(fenced[1]) is not None else ""
        sample = one_line(reading.text.strip()[:_START_CHARACTERS])
        yield Finding.of(found.FORMAT_NOT_KEPT, variant=variant, format=asked.field, sample=f"“{sample}”")
    elif asked.required is not None:
        rule = found.STRICT_SCHEMA_LACKING if asked.strict else found.SCHEMA_LACKING
        if not isinstance(value[0], dict):
            yield Finding.of(rule, variant="no_object", format=asked.field)
        elif fields := _lacking(asked.required, value[0]):
            yield Finding.of(rule, format=asked.field, fields=fields)


def _format(request: Json) -> _Format | None:
    """That of the fields of Chat Completions, Responses and Messages in which a request asks for JSON; None for none."""
    text, config = request.get("text"), request.get("output_config")
    named: tuple[tuple[str, Any], ...] = (
        ("response_format", request.get("response_format")),
        ("text.format", text.get("format") if isinstance(text, dict) else None),
        ("output_config.format", config.get("format") if isinstance(config, dict) else None),
    )
    for name, given in named:
        match given:
            case {"type": "json_object"}:
                return _Format(f"{name}: json_object")
            case {"type": "json_schema"}:
                inner = given.get("json_schema")
                told = inner if isinstance(inner, dict) else given
                schema = told.get("schema")
                is_object = isinstance(schema, dict) and schema.get("type") == "object"
                strict = told.get("strict") is True or name == "output_config.format"  # Messages has no other
                return _Format(f"{name}: json_schema", _required(schema) if is_object else None, strict)
    return None


def _last_text(reading: Reading) -> str:
    """The text of the last part that has one: before it there may be words of another phase, or about a search."""
    for part in reversed(reading.replay):
        content = part.get("content")
        inner = content if isinstance(content, list) else [part]
        texts = [str(one["text"]) for one in inner if isinstance(one, dict) and isinstance(one.get("text"), str)]
        if texts and part.get("type") in ("text", "message"):
            return "".join(texts)
    return ""


def _json(text: str) -> tuple[object] | None:
    """The value of a text, as a tuple of one, since it may be null; None where it is no JSON."""
    try:
        return (decode_json(text),)
    except ValueError:
        return None


def limit_of(request: Json) -> int:
    """The limit of output tokens that a request names; 0 for none."""
    counts = (request.get(name) for name in LIMITS)
    return next((one for one in counts if isinstance(one, int) and not isinstance(one, bool)), 0)


def _of_limit(reading: Reading, request: Json) -> Iterator[Finding]:
    limit, usage = limit_of(request), reading.usage
    if end_of(reading) is not AnswerEnd.LIMIT or not limit or usage is None or request.get("n") not in (None, 1):
        return
    tokens = usage.output_tokens
    # Reasoning that stands outside the output's count has used the limit up all the same.
    if not tokens or tokens + (usage.reasoning_tokens or 0) > EARLY * limit:
        return
    has_content = reading.text or reading.reasoning or reading.tool_calls
    rule = found.LIMIT_EARLY if has_content else found.LIMIT_WITHOUT_CONTENT
    yield Finding.of(rule, reason=end_word(reading)[:60], tokens=tokens, limit=limit)


def _of_sequence(reading: Reading, request: Json) -> Iterator[Finding]:
    if not request.get("messages") or end_of(reading) is not AnswerEnd.STOP_SEQUENCE:
        return
    asked = [*_texts(request.get("stop_sequences")), *_texts(request.get("stop"))]
    if reading.stop_sequence is None:
        if not asked:
            yield Finding.of(found.SEQUENCE_UNASKED)
    elif reading.stop_sequence not in asked:
        yield Finding.of(found.SEQUENCE_UNASKED, variant="named", sequence=repr(reading.stop_sequence)[:60])


def _texts(value: object) -> list[str]:
    return (
        [value] if isinstance(value, str) else [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
    )


# -- hosted tools ------------------------------------------------------------------------------------------------------


def _of_hosted(reading: Reading, request: Json) -> Iterator[Finding]:
    if not {"messages", "input"} & request.keys() or _may_be_hosted(request, reading.model):
        return
    parts = [one for one in reading.replay if _hosted_name(one)]
    for name in dict.fromkeys(_hosted_name(one) for one in parts):
        own = [one for one in parts if _hosted_name(one) == name]
        yield Finding.of(found.HOSTED_UNASKED, variant="empty" if all(map(_is_void, own)) else "", name=name[:60])


def _of_torn(reading: Reading, request: Json) -> Iterator[Finding]:
    """Hosted tools of Messages, whose call and result are a block each, of which one is missing.

    The result may come in a later answer where this one does not end by itself (a pause, a call that the hosted tool makes),
    and belong to a call of an earlier one. Of a tool that nobody offered that is told already.
    """
    unasked = "messages" in request and not _may_be_hosted(request, reading.model)
    if unasked or end_of(reading) not in (AnswerEnd.BY_ITSELF, AnswerEnd.STOP_SEQUENCE):
        return
    calls = {str(one["id"]): one for one in reading.replay if one.get("type") in _HOSTED_CALLS and one.get("id")}
    ended = [one for one in reading.replay if _RESULTS.fullmatch(str(one.get("type")))]
    results = {str(one["tool_use_id"]): one for one in ended if one.get("tool_use_id")}
    for call_id in [one for one in calls if one not in results][:1]:
        yield Finding.of(found.HOSTED_TORN, name=_hosted_name(calls[call_id])[:60], id=call_id[:60])
    before = str(request.get("messages"))
    for call_id in [one for one in results if one not in calls and request.get("messages") and one not in before][:1]:
        yield Finding.of(found.HOSTED_TORN, variant="result", name=_hosted_name(results[call_id])[:60], id=call_id[:60])


def _may_be_hosted(request: Json, model: str | None) -> bool:
    """Whether the request, or the model by itself, may have switched a hosted tool on."""
    tools = request.get("tools")
    hosted = isinstance(tools, list) and any(not isinstance(one, dict) or one.get("type") not in _FUNCTIONS for one in tools)
    names = (name for name in (request.get("model"), model) if isinstance(name, str))
    return hosted or any(request.get(name) for name in _SWITCHES) or any(_SEARCHERS.search(name) for name in names)


def _hosted_name(part: Json) -> str:
    """The tool that a part of the answer says was run at the service's side; "" for any other part."""
    kind = part.get("type")
    if not isinstance(kind, str):
        return ""
    if kind in _HOSTED_CALLS:
        return str(part.get("name") or kind)
    if result := _RESULTS.fullmatch(kind):
        return result[1]
    return kind.removesuffix("_call") if kind.endswith("_call") and kind not in _OWN_CALLS else ""


def _is_void(part: Json) -> bool:
    """Whether nothing went into the tool, and nothing came of it: what it has besides its labels holds nothing."""
    said = [value for name, value in part.items() if name not in _LABELS and not name.endswith("id")]
    inner = [one for value in said for one in (_without_type(value) if isinstance(value, dict) else (value,))]
    return not any(one and one != "{}" for one in inner)


def _without_type(value: Json) -> list[object]:
    return [one for name, one in value.items() if name != "type"]


# -- what is sent back sealed ------------------------------------------------------------------------------------------


def _of_seals(reading: Reading) -> Iterator[Finding]:
    """The first seal of reasoning that is none of a model's vendor: those are base64, of bytes that are no JSON."""
    for part in _sealed_parts(reading.replay):
        for field in _SEALS:
            value = part.get(field)
            if isinstance(value, str) and value.strip() and (variant := _odd_seal(value)) is not None:
                yield Finding.of(found.SEALED_BY_OTHERS, variant=variant, field=field, start=repr(value[:_START_CHARACTERS]))
                return


def _sealed_parts(replay: list[dict[str, object]]) -> Iterator[Json]:
    for part in replay:
        if part.get("type") in ("thinking", "redacted_thinking", "reasoning"):
            yield part
        for name in _HOLDERS:
            inner = part.get(name)
            yield from (one for one in inner if isinstance(one, dict)) if isinstance(inner, list) else ()


def _odd_seal(value: str) -> str | None:
    """A variant of the rule; None for one that may be a vendor's."""
    if value.lstrip()[:1] in ("{", "["):
        try:
            decode_json(value)
        except ValueError:
            return ""
        return "json"
    return None if _SEALED.fullmatch(value) else ""
