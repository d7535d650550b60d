"""Reads a Chat Completions request as strictly as the first party does (PROTOCOLS 1B.2, 2B)."""

from __future__ import annotations

import json
from typing import Any

from app.simulator.model.attachments import sight
from app.simulator.model.chance import Dials
from app.simulator.model.conversation import Call, Offer, ParsedRequest, Result, Turn
from app.simulator.model.host import Host
from app.simulator.model.models import Model, Sampling, find_model
from app.simulator.model.prompt_cache import SHORT_S
from app.simulator.model.prompt_count import PromptCount
from app.simulator.shared.refusals import RefusalError
from app.simulator.shared.validation import JsonObject, OpenAIChecker, names

FIELDS = names(
    "model messages stream stream_options max_completion_tokens max_tokens tools tool_choice parallel_tool_calls "
    "response_format reasoning_effort verbosity temperature top_p n stop seed logprobs top_logprobs logit_bias "
    "presence_penalty frequency_penalty service_tier store metadata safety_identifier prompt_cache_key "
    "prompt_cache_options prompt_cache_retention prediction modalities audio moderation web_search_options user "
    "functions function_call"
)
_SAMPLING = {"temperature": (0, 2), "top_p": (0, 1), "presence_penalty": (-2, 2), "frequency_penalty": (-2, 2)}
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_BASE_TOKENS, _TURN_TOKENS, _TOOLS_TOKENS = 3, 4, 12
MAX_CHOICES = 8
_LONG_RETENTION_S = 24 * 3600
_MOST_LOGPROBS = 20
_VOCABULARY = "".join(map(chr, range(33, 127)))
check = OpenAIChecker()


def parse(body: JsonObject, host: Host) -> ParsedRequest:
    """A Chat Completions request. Raises RefusalError."""
    check.only(body, FIELDS)
    for name in ("messages", "model"):
        if name not in body:
            check.missing(name)
    model = known_model(body["model"])
    count = host.count(model)
    count.add_overhead(_BASE_TOKENS)
    stream = check.boolean(body.get("stream") or False, "stream")
    _check_options(body, model, stream)
    tools = _tools(body.get("tools"), count)
    system, turns = _messages(check.list(body["messages"], "messages"), count)
    return ParsedRequest(
        model,
        tuple(turns),
        system,
        tools,
        tool_choice(body.get("tool_choice"), tools, nested=True),
        body.get("parallel_tool_calls") is not False,
        _limit(body, model),
        _stops(body.get("stop")),
        _shape(body.get("response_format"), body),
        reasoning(body.get("reasoning_effort"), model, "reasoning_effort"),
        stream,
        count.total,
        cached(body, host, model, count),
        tokenizer=count.tokenizer,
        dials=_dials(body),
        effort=body.get("reasoning_effort") or "",
        enforced=_is_enforced(body.get("response_format")),
    )


def cached(body: JsonObject, host: Host, model: Model, count: PromptCount) -> int:
    """What the prompt reads from the automatic cache."""
    kept_s = _LONG_RETENTION_S if body.get("prompt_cache_retention") == "24h" else SHORT_S
    return host.cached_automatically(model, count, str(body.get("prompt_cache_key") or ""), kept_s)


def known_model(name: Any) -> Model:
    """The model of that name; a 404 refusal for any other."""
    model = find_model(check.text(name, "model"), "openai")
    if model is None:
        message = f"The model `{name}` does not exist or you do not have access to it."
        raise RefusalError(404, message, code="model_not_found")
    return model


def check_sampling(body: JsonObject, model: Model) -> None:
    """Refuse sampling parameters out of range, and any but the default where the model reasons."""
    for name, (least, most) in _SAMPLING.items():
        if body.get(name) is None:
            continue
        value = check.number(body[name], name, least, most)
        if model.sampling is Sampling.REFUSED and value != (1 if name in ("temperature", "top_p") else 0):
            raise RefusalError(
                400,
                f"Unsupported value: '{name}' does not support {value:g} with this model. Only the default value is supported.",
                param=name,
                code="unsupported_value",
            )


def reasoning(effort: Any, model: Model, path: str) -> Any:
    """`shown` where the model spends reasoning tokens, else `off`."""
    if effort is None:
        return "shown" if model.thinks else "off"
    check.one_of(effort, EFFORTS, path)
    if not model.thinks:
        check.unsupported(path, model.id)
    return "off" if effort in ("none", "minimal") else "shown"


def tool_choice(raw: Any, tools: tuple[Offer, ...], *, nested: bool) -> str:
    """The choice in the terms of `ParsedRequest`; `nested` is Chat's form, where the name stands inside `function`."""
    if raw is None:
        return "auto"
    if not tools and raw != "none":
        raise RefusalError(400, "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.")
    if isinstance(raw, str):
        word = check.one_of(raw, ("none", "auto", "required"), "tool_choice")
        return "any" if word == "required" else word
    value = check.object(raw, "tool_choice")
    if value.get("type") == "allowed_tools":
        return "any" if value.get("mode") == "required" else "auto"
    name = check.object(value.get("function"), "tool_choice.function").get("name") if nested else value.get("name")
    if name not in [tool.name for tool in tools]:
        message = f"Tool choice '{name}' not found in 'tools' parameter."
        raise RefusalError(400, message, param="tool_choice", code="invalid_value")
    return f"tool:{name}"


def function_offer(function: JsonObject, path: str) -> Offer:
    """One function on offer, its name and schema checked."""
    if "name" not in function:
        check.missing(f"{path}.name")
    name = check.tool_name(function["name"], f"{path}.name", 64)
    schema = check.object(function.get("parameters") or {"type": "object", "properties": {}}, f"{path}.parameters")
    if schema.get("type") != "object":
        message = f"Invalid schema for function '{name}': schema must be a JSON Schema of 'type: \"object\"'."
        raise RefusalError(400, message, param=f"{path}.parameters", code="invalid_function_parameters")
    return Offer(name, schema, function.get("strict") is True)


def parse_arguments(raw: Any, path: str) -> JsonObject:
    """Replayed call arguments: a string of JSON. One that is no object is taken as empty."""
    text = check.text(raw, path)
    try:
        value = json.loads(text) if text else {}
    except ValueError:
        value = {}
    return value if isinstance(value, dict) else {}


def result(call_id: str, text: str) -> Result:
    """A tool's result. The OpenAI protocols have no error flag: a text that begins with the word tells."""
    return Result(call_id, text, text.lstrip().lower().startswith("error"))


def content_text(content: Any, path: str, kinds: tuple[str, ...], count: PromptCount) -> str:
    """The text of a content that has no attachments (string or parts)."""
    return user_turn(content, path, kinds, count).text


def user_turn(content: Any, path: str, kinds: tuple[str, ...], count: PromptCount) -> Turn:
    """A content (string or parts) as a turn of the user: its text, and what its pictures and files show."""
    if isinstance(content, str):
        count.add(content, text=content)
        return Turn("user", content)
    texts: list[str] = []
    sights: list[str] = []
    images = 0
    for number, raw in enumerate(check.list(content, path)):
        part = check.object(raw, f"{path}.{number}")
        kind = check.one_of(part.get("type"), kinds, f"{path}.{number}.type")
        if "image" in kind or "file" in kind:
            images += "image" in kind
            sights.append(sight(_attached(part)))
            count.add_attachment(part, "" if "image" in kind else sights[-1])
        else:
            text = check.text(part.get("text") or part.get("refusal") or "", f"{path}.{number}.text")
            texts.append(text)
            count.add(part, text=text)
    return Turn("user", "\n".join(texts), images=images, sights=tuple(sights))


def _attached(part: JsonObject) -> str:
    """The data of a picture or a file, as Chat or Responses have it; "" where it is a link or an id."""
    holder = part.get("image_url") or part.get("file") or part
    value = holder if isinstance(holder, str) else (holder.get("url") or holder.get("file_data") or "")
    return value if isinstance(value, str) else ""


def _dials(body: JsonObject) -> Dials:
    told = bool(body.get("logprobs"))
    if body.get("top_logprobs") is not None and not told:
        message = "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled."
        raise RefusalError(400, message, param="top_logprobs")
    seed = body.get("seed")
    return Dials(
        temperature=_or(body.get("temperature"), 1.0),
        top_p=_or(body.get("top_p"), 1.0),
        seed=check.integer(seed, "seed", -(2**63), 2**63 - 1) if seed is not None else None,
        n=body.get("n") or 1,
        frequency_penalty=_or(body.get("frequency_penalty"), 0.0),
        forced=_forced(body.get("logit_bias")),
        logprobs=told,
        top_logprobs=top_logprobs(body),
    )


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def top_logprobs(body: JsonObject) -> int:
    """How many likely tokens are wanted in each place."""
    value = body.get("top_logprobs")
    return 0 if value is None else check.integer(value, "top_logprobs", 0, _MOST_LOGPROBS)


def _forced(raw: Any) -> str:
    """The token that a bias of 100 makes certain. The ids of o200k and cl100k begin with the printable ASCII characters."""
    forced = ""
    for name, bias in check.object(raw or {}, "logit_bias").items():
        if not name.isdecimal():
            check.invalid("logit_bias", f"'{name}' is not a token id")
        check.number(bias, f"logit_bias.{name}", -100, 100)
        if bias == 100 and int(name) < len(_VOCABULARY):
            forced = _VOCABULARY[int(name)]
    return forced


def _is_enforced(raw: Any) -> bool:
    schema = (raw or {}).get("json_schema") or {}
    return schema.get("strict") is True


def _check_options(body: JsonObject, model: Model, stream: bool) -> None:
    if body.get("stream_options") is not None and not stream:
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise RefusalError(400, message, param="stream_options")
    check_sampling(body, model)
    if body.get("n") is not None:
        check.integer(body["n"], "n", 1, MAX_CHOICES)
    for name in ("logprobs", "logit_bias", "stop"):
        if body.get(name) and model.thinks:
            check.unsupported(name, model.id)


def _limit(body: JsonObject, model: Model) -> int | None:
    if body.get("max_tokens") is not None and model.thinks:
        raise RefusalError(
            400,
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            param="max_tokens",
            code="unsupported_parameter",
        )
    for name in ("max_completion_tokens", "max_tokens"):
        if body.get(name) is not None:
            return check.integer(body[name], name, 1, model.max_output_tokens)
    return None


def _stops(raw: Any) -> tuple[str, ...]:
    if raw is None:
        return ()
    stops = [raw] if isinstance(raw, str) else check.list(raw, "stop")
    if len(stops) > 4:
        check.invalid("stop", "array too long. Expected an array with maximum length 4", "array_above_max_length")
    return tuple(check.text(stop, "stop") for stop in stops)


def _shape(raw: Any, body: JsonObject) -> JsonObject | None:
    if raw is None:
        return None
    value = check.object(raw, "response_format")
    kind = check.one_of(value.get("type"), ("text", "json_object", "json_schema"), "response_format.type")
    if kind == "json_object" and "json" not in json.dumps(body["messages"]).lower():
        message = "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
        raise RefusalError(400, message, param="messages")
    if kind == "json_schema":
        return check.object(check.object(value.get("json_schema"), "response_format.json_schema").get("schema"), "schema")
    return {} if kind == "json_object" else None


def _tools(raw: Any, count: PromptCount) -> tuple[Offer, ...]:
    offers: list[Offer] = []
    for number, item in enumerate(check.list(raw or [], "tools")):
        path = f"tools.{number}"
        tool = check.object(item, path)
        if check.one_of(tool.get("type"), ("function", "custom"), f"{path}.type") == "custom":
            continue
        if "function" not in tool:
            check.missing(f"{path}.function")
        function = check.object(tool["function"], f"{path}.function")
        check.only(function, ("name", "description", "parameters", "strict"), f"{path}.function")
        offers.append(function_offer(function, f"{path}.function"))
        count.add(function)
    if offers:
        count.add_overhead(_TOOLS_TOKENS)
    return tuple(offers)


def _messages(messages: list[Any], count: PromptCount) -> tuple[str, list[Turn]]:
    if not messages:
        raise RefusalError(
            400,
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
            param="messages",
            code="empty_array",
        )
    system: list[str] = []
    turns: list[Turn] = []
    for number, raw in enumerate(messages):
        path = f"messages.{number}"
        message = check.object(raw, path)
        if "role" not in message:
            check.missing(f"{path}.role")
        role = check.one_of(message["role"], ("developer", "system", "user", "assistant", "tool", "function"), f"{path}.role")
        count.add_overhead(_TURN_TOKENS)
        if role != "tool":
            _check_answered(turns, number - 1)
        match role:
            case "system" | "developer":
                system.append(content_text(_content(message, path), f"{path}.content", ("text",), count))
            case "assistant":
                turns.append(_assistant(message, path, count))
            case "tool" | "function":
                _add_result(turns, message, path, count)
            case _:
                kinds = ("text", "image_url", "input_audio", "file")
                turns.append(user_turn(_content(message, path), f"{path}.content", kinds, count))
    _check_answered(turns, len(messages) - 1)
    return "\n".join(system), turns


def _content(message: JsonObject, path: str) -> Any:
    if message.get("content") is None:
        check.missing(f"{path}.content")
    return message["content"]


def _assistant(message: JsonObject, path: str, count: PromptCount) -> Turn:
    content, raw_calls = message.get("content"), message.get("tool_calls") or []
    if content is None and not raw_calls and message.get("refusal") is None:
        check.missing(f"{path}.content")
    text = content_text(content or "", f"{path}.content", ("text", "refusal"), count)
    calls = []
    for number, raw in enumerate(check.list(raw_calls, f"{path}.tool_calls")):
        call_path = f"{path}.tool_calls.{number}"
        call = check.object(raw, call_path)
        for name in ("id", "function"):
            if name not in call:
                check.missing(f"{call_path}.{name}")
        function = check.object(call["function"], f"{call_path}.function")
        arguments = parse_arguments(function.get("arguments"), f"{call_path}.function.arguments")
        calls.append(Call(check.text(call["id"], f"{call_path}.id"), str(function.get("name")), arguments))
        count.add(arguments)
    return Turn("assistant", text, tuple(calls))


def _add_result(turns: list[Turn], message: JsonObject, path: str, count: PromptCount) -> None:
    if "tool_call_id" not in message:
        check.missing(f"{path}.tool_call_id")
    call_id = check.text(message["tool_call_id"], f"{path}.tool_call_id")
    calls = turns[-2].calls if len(turns) > 1 and turns[-1].role == "results" else turns[-1].calls if turns else ()
    if call_id not in [call.id for call in calls]:
        message_text = "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
        raise RefusalError(400, f"Invalid parameter: {message_text}", param=f"messages.[{path.split('.')[1]}].role")
    text = content_text(_content(message, path), f"{path}.content", ("text",), count)
    told = turns.pop().results if turns[-1].role == "results" else ()
    turns.append(Turn("results", results=(*told, result(call_id, text))))


def _check_answered(turns: list[Turn], number: int) -> None:
    """Each call of the assistant's last turn has its tool message before anything else comes."""
    if not turns or turns[-1].role == "user":
        return
    told = [r.call_id for r in turns[-1].results]
    calls = turns[-2].calls if turns[-1].role == "results" else turns[-1].calls
    missing = [call.id for call in calls if call.id not in told]
    if missing:
        raise RefusalError(
            400,
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
            f"The following tool_call_ids did not have response messages: {', '.join(missing)}",
            param=f"messages.[{number}].role",
        )
