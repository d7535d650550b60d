"""Reads an Anthropic Messages request as strictly as the first party, with the refusals of each model (PROTOCOLS 1A.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from app.simulator.messages.binding import THINKING, Binding
from app.simulator.model.attachments import sight
from app.simulator.model.chance import Dials
from app.simulator.model.conversation import Call, Offer, ParsedRequest, Result, Turn
from app.simulator.model.host import CONTEXT_MANAGEMENT, THINKING_CONTROLS, Host
from app.simulator.model.models import Model, PrefixCheck, Sampling, find_model
from app.simulator.model.prompt_cache import LONG_S, SHORT_S, Cached
from app.simulator.model.prompt_count import PromptCount
from app.simulator.shared.refusals import RefusalError
from app.simulator.shared.validation import AnthropicChecker, JsonObject, names

FIELDS = names(
    "model max_tokens messages system stream stop_sequences tools tool_choice thinking output_config metadata "
    "service_tier speed inference_geo cache_control container diagnostics context_management mcp_servers betas "
    "temperature top_p top_k"
)
# Counting takes the request without what only matters for an answer (PROTOCOLS 3.2).
COUNT_FIELDS = FIELDS - {"max_tokens", "stream", "stop_sequences", "metadata", "temperature", "top_p", "top_k"}
_TOOL_FIELDS = names(
    "name description input_schema strict cache_control eager_input_streaming defer_loading allowed_callers input_examples type"
)
_BASE_TOKENS, _TURN_TOKENS, _TOOLS_TOKENS = 4, 3, 313
_MOST_BREAKPOINTS = 4
_SAMPLING_DEFAULTS: dict[str, float | None] = {"temperature": 1.0, "top_p": None, "top_k": None}
_ALLOWED_BLOCKS = {
    "user": ("text", "image", "document", "search_result", "tool_result"),
    "assistant": ("text", "thinking", "redacted_thinking", "tool_use"),
    "system": ("text",),
}
_check = AnthropicChecker()


def parse(body: JsonObject, host: Host, *, counting: bool = False) -> ParsedRequest:
    """A Messages (or, where `counting`, a count_tokens) request. Raises RefusalError."""
    _check.only(body, COUNT_FIELDS if counting else FIELDS)
    for name in ("model", "messages") if counting else ("model", "max_tokens", "messages"):
        if name not in body:
            _check.missing(name)
    if body.get("context_management") is not None and CONTEXT_MANAGEMENT not in host.betas:
        _check.unknown("context_management")
    name = _check.text(body["model"], "model")
    model = find_model(name, "anthropic")
    if model is None:
        raise RefusalError(404, f"model: {name}")
    count = host.count(model)
    count.add_overhead(_BASE_TOKENS)
    max_tokens = None if counting else _check.integer(body["max_tokens"], "max_tokens", 0, model.max_output_tokens)
    thinking = _thinking(body, model, max_tokens)
    binding = Binding(host, model, body, _on_mismatch(body, host, model))
    automatic = _lifetime(body.get("cache_control"), "cache_control")
    _check_sampling(body, model)
    tools = _tools(body, count)
    system = _system(body.get("system"), count)
    reader = _Turns(model, count, binding)
    turns = reader.read(_check.list(body["messages"], "messages"), automatic)
    _check_tools_offered(body, turns)
    choice, parallel = _tool_choice(body.get("tool_choice"), tools, thinking)
    _check_breakpoints(count)
    cached = Cached() if counting else host.cached_at_breakpoints(model, count)
    return ParsedRequest(
        model,
        tuple(turns),
        system,
        tools,
        choice,
        parallel,
        max_tokens,
        _stops(body.get("stop_sequences")),
        _shape(body.get("output_config")),
        thinking,
        _check.boolean(body.get("stream", False), "stream"),
        count.total,
        cached.read,
        cached.written,
        cached.written_1h,
        binding.origin(reader.prefix),
        binding.reported,
        count.tokenizer,
        dials=_dials(body),
        effort=(body.get("output_config") or {}).get("effort") or "",
        context_managed=body.get("context_management") is not None,
    )


def _dials(body: JsonObject) -> Dials:
    temperature, top_p = body.get("temperature"), body.get("top_p")
    return Dials(
        temperature=1.0 if temperature is None else temperature,
        top_p=1.0 if top_p is None else top_p,
        top_k=body.get("top_k"),
    )


def _thinking(body: JsonObject, model: Model, max_tokens: int | None) -> Literal["off", "shown", "omitted"]:
    if body.get("thinking") is None:
        return ("omitted" if model.omits else "shown") if model.thinks else "off"
    value = _check.object(body["thinking"], "thinking")
    kind = _check.one_of(value.get("type"), ("enabled", "disabled", "adaptive", "between_tools"), "thinking.type")
    if kind not in model.thinking:
        _check.invalid("thinking.type", f'"{kind}" is not supported for this model')
    if kind == "enabled":
        if "budget_tokens" not in value:
            _check.missing("thinking.enabled.budget_tokens")
        budget = _check.integer(value["budget_tokens"], "thinking.enabled.budget_tokens", 1024)
        if max_tokens is not None and budget >= max_tokens:
            raise RefusalError(400, "`max_tokens` must be greater than `thinking.budget_tokens`")
    if kind == "disabled":
        return "off"
    display = value.get("display") or ("omitted" if model.omits else "summarized")
    return "omitted" if _check.one_of(display, ("summarized", "omitted"), "thinking.display") == "omitted" else "shown"


def _on_mismatch(body: JsonObject, host: Host, model: Model) -> str | None:
    """What the request sets for thinking from another conversation; None where it does not."""
    thinking = body.get("thinking") or {}
    path = f"thinking.{thinking.get('type')}.block_binding"
    if thinking.get("block_binding") is None:
        return None
    if THINKING_CONTROLS not in host.betas or model.prefix_check is PrefixCheck.NONE:
        _check.unknown(path)
    value = _check.object(thinking["block_binding"], path)
    _check.only(value, ("prefix_mismatch_behavior",), path)
    behavior = value.get("prefix_mismatch_behavior") or "error"
    return _check.one_of(behavior, ("error", "drop_block"), f"{path}.prefix_mismatch_behavior")


def _lifetime(mark: Any, path: str) -> int:
    """How long a cache breakpoint keeps what is before it, in seconds; 0 for none."""
    if mark is None:
        return 0
    value = _check.object(mark, path)
    _check.one_of(value.get("type"), ("ephemeral",), f"{path}.type")
    return LONG_S if _check.one_of(value.get("ttl") or "5m", ("5m", "1h"), f"{path}.ttl") == "1h" else SHORT_S


def _check_breakpoints(count: PromptCount) -> None:
    found = sum(piece.lifetime_s > 0 for piece in count.pieces)
    if found > _MOST_BREAKPOINTS:
        message = f"A maximum of {_MOST_BREAKPOINTS} blocks with cache_control may be provided. Found {found}."
        raise RefusalError(400, message)


def _check_sampling(body: JsonObject, model: Model) -> None:
    for name, default in _SAMPLING_DEFAULTS.items():
        if body.get(name) is None:
            continue
        value = _check.number(body[name], name, 0, 500 if name == "top_k" else 1)
        if model.sampling is Sampling.REFUSED:
            raise RefusalError(400, f"{name}: not supported by {model.id}")
        if model.sampling is Sampling.DEFAULT_ONLY and value != default:
            raise RefusalError(400, f"{name}: only the default value is supported by {model.id}")


def _tools(body: JsonObject, count: PromptCount) -> tuple[Offer, ...]:
    offers: list[Offer] = []
    for number, raw in enumerate(_check.list(body.get("tools") or [], "tools")):
        path = f"tools.{number}"
        tool = _check.object(raw, path)
        if tool.get("type") not in (None, "custom"):
            continue  # a server tool: taken, never called
        _check.only(tool, _TOOL_FIELDS, f"{path}.custom")
        for name in ("name", "input_schema"):
            if name not in tool:
                _check.missing(f"{path}.custom.{name}")
        name = _check.tool_name(tool["name"], f"{path}.custom.name", 128)
        schema = _check.object(tool["input_schema"], f"{path}.custom.input_schema")
        if schema.get("type") != "object":
            _check.invalid(f"{path}.custom.input_schema.type", "Input should be 'object'")
        if any(offer.name == name for offer in offers):
            raise RefusalError(400, "tools: Tool names must be unique.")
        offers.append(Offer(name, schema, tool.get("strict") is True))
        count.add(tool, lifetime_s=_lifetime(tool.get("cache_control"), f"{path}.cache_control"))
    if offers:
        count.add_overhead(_TOOLS_TOKENS)
    return tuple(offers)


def _tool_choice(raw: Any, tools: tuple[Offer, ...], thinking: str) -> tuple[str, bool]:
    if raw is None:
        return "auto", True
    value = _check.object(raw, "tool_choice")
    kind = _check.one_of(value.get("type"), ("auto", "any", "none", "tool"), "tool_choice.type")
    if kind in ("any", "tool"):
        if not tools:
            raise RefusalError(400, "tool_choice: may only be specified while providing tools")
        if thinking != "off":
            raise RefusalError(400, "Thinking may not be enabled when tool_choice forces tool use.")
    if kind == "tool":
        if value.get("name") not in [tool.name for tool in tools]:
            raise RefusalError(400, f"Tool '{value.get('name')}' not found in provided tools")
        kind = f"tool:{value['name']}"
    return kind, not value.get("disable_parallel_tool_use", False)


def _system(raw: Any, count: PromptCount) -> str:
    if raw is None:
        return ""
    if isinstance(raw, str):
        count.add_overhead(_TURN_TOKENS if raw else 0)
        count.add(raw, text=raw)
        return raw
    texts = []
    if raw:
        count.add_overhead(_TURN_TOKENS)
    for number, block in enumerate(_check.list(raw, "system")):
        path = f"system.{number}"
        if _check.object(block, path).get("type") != "text":
            _check.invalid(f"{path}.type", "Input should be 'text'")
        texts.append(_text_block(block, path, count))
    return "\n".join(texts)


def _text_block(block: JsonObject, path: str, count: PromptCount) -> str:
    if "text" not in block:
        _check.missing(f"{path}.text")
    text = _check.text(block["text"], f"{path}.text")
    if not text:
        raise RefusalError(400, f"{path}: text content blocks must be non-empty")
    count.add(block, text=text, lifetime_s=_lifetime(block.get("cache_control"), f"{path}.cache_control"))
    return text


def _stops(raw: Any) -> tuple[str, ...]:
    stops = [_check.text(stop, "stop_sequences") for stop in _check.list(raw or [], "stop_sequences")]
    if any(not stop.strip() for stop in stops):
        raise RefusalError(400, "stop_sequences: each stop sequence must contain non-whitespace")
    return tuple(stops)


def _shape(raw: Any) -> JsonObject | None:
    if raw is None:
        return None
    value = _check.object(raw, "output_config")
    _check.only(value, ("effort", "format", "task_budget"), "output_config")
    if value.get("effort") is not None:
        _check.one_of(value["effort"], ("low", "medium", "high", "xhigh", "max"), "output_config.effort")
    if value.get("format") is None:
        return None
    schema = _check.object(value["format"], "output_config.format").get("schema")
    return _check.object(schema, "output_config.format.schema")


def _check_tools_offered(body: JsonObject, turns: list[Turn]) -> None:
    if any(turn.calls for turn in turns) and not body.get("tools"):
        raise RefusalError(400, "Requests which include `tool_use` or `tool_result` blocks must define tools.")


class _Turns:
    """Reads `messages`: roles, blocks, the pairing of calls and results, and the signatures of thinking blocks.

    Attributes:
        prefix: the digest of the whole conversation, once it was read.
    """

    def __init__(self, model: Model, count: PromptCount, binding: Binding) -> None:
        self._model = model
        self._count = count
        self._binding = binding
        self.prefix = ""

    def read(self, messages: list[Any], last_lifetime_s: int = 0) -> list[Turn]:
        """The turns; consecutive ones of one role are merged, as the server does. `last_lifetime_s`: of a cache breakpoint
        at the end of all."""
        if not messages:
            raise RefusalError(400, "messages: at least one message is required")
        merged: list[tuple[str, list[tuple[str, JsonObject]]]] = []
        for number, raw in enumerate(messages):
            role, blocks = self._message(raw, f"messages.{number}", last=number == len(messages) - 1)
            if merged and merged[-1][0] == role:
                merged[-1][1].extend(blocks)
            else:
                merged.append((role, blocks))
        if merged[0][0] == "assistant":
            raise RefusalError(400, 'messages: first message must use the "user" role')
        _check_pairs([blocks for _, blocks in merged])
        bare = [(role, [block for _, block in blocks if isinstance(block, dict)]) for role, blocks in merged]
        prefixes = [self._binding.prefix(bare[:end]) if self._has_thinking(one) else "" for end, (_, one) in enumerate(bare)]
        turns = [(role, self._turn(role, blocks, prefix)) for (role, blocks), prefix in zip(merged, prefixes, strict=True)]
        if last_lifetime_s:
            self._count.pieces[-1] = replace(self._count.pieces[-1], lifetime_s=last_lifetime_s)
        self.prefix = self._binding.prefix(bare)
        return [turn for role, turn in turns if role != "system"]

    def _has_thinking(self, blocks: list[JsonObject]) -> bool:
        return any(block.get("type") in THINKING for block in blocks)

    def _message(self, raw: Any, path: str, *, last: bool) -> tuple[str, list[tuple[str, JsonObject]]]:
        message = _check.object(raw, path)
        _check.only(message, ("role", "content"), path)
        for name in ("role", "content"):
            if name not in message:
                _check.missing(f"{path}.{name}")
        role, content = message["role"], message["content"]
        if role not in ("user", "assistant") and not (role == "system" and self._model.system_turns):
            hint = " Use the top-level `system` parameter for a system prompt." if role == "system" else ""
            raise RefusalError(400, f'messages: Unexpected role "{role}". Allowed roles are "user" or "assistant".{hint}')
        if last and role == "assistant":
            self._check_prefill(content)
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        if not _check.list(content, f"{path}.content") and not (last and role == "assistant"):
            raise RefusalError(400, f"{path}: all messages must have non-empty content except a final assistant message")
        return role, [(f"{path}.content.{number}", block) for number, block in enumerate(content)]

    def _check_prefill(self, content: Any) -> None:
        if not self._model.prefill:
            raise RefusalError(
                400, "This model does not support assistant message prefill. The conversation must end with a user message."
            )
        text = content if isinstance(content, str) else next((b.get("text", "") for b in reversed(content)), "")
        if text != text.rstrip():
            raise RefusalError(400, "messages: final assistant content cannot end with trailing whitespace")

    def _turn(self, role: str, blocks: list[tuple[str, JsonObject]], prefix: str) -> Turn:
        self._count.add_overhead(_TURN_TOKENS)
        texts: list[str] = []
        calls: list[Call] = []
        results: list[Result] = []
        sights: list[str] = []
        images = 0
        for path, raw in blocks:
            block = _check.object(raw, path)
            allowed = _ALLOWED_BLOCKS[role]
            match _check.one_of(block.get("type"), allowed, f"{path}.type"):
                case "text":
                    texts.append(_text_block(block, path, self._count))
                case "image":
                    sights.append(self._picture(block, path))
                    images += 1
                case "document":
                    sights.append(self._document(block, path))
                case "tool_use":
                    calls.append(self._call(block, path))
                case "tool_result":
                    results.append(self._result(block, path))
                case "thinking" | "redacted_thinking" as kind:
                    self._admit(block, path, kind, prefix)
                case _:
                    self._count.add(block, lifetime_s=self._lifetime(block, path))
        if results:
            return Turn("results", "\n".join(texts), results=tuple(results))
        who: Literal["user", "assistant"] = "user" if role == "user" else "assistant"
        return Turn(who, "\n".join(texts), tuple(calls), images=images, sights=tuple(sights))

    def _lifetime(self, block: JsonObject, path: str) -> int:
        return _lifetime(block.get("cache_control"), f"{path}.cache_control")

    def _picture(self, block: JsonObject, path: str) -> str:
        source = _check.object(block.get("source"), f"{path}.image.source")
        if _check.one_of(source.get("type"), ("base64", "url", "file"), f"{path}.image.source.type") == "base64":
            kinds = ("image/png", "image/jpeg", "image/gif", "image/webp")
            _check.one_of(source.get("media_type"), kinds, f"{path}.image.source.base64.media_type")
            _check.text(source.get("data"), f"{path}.image.source.base64.data")
        self._count.add_attachment(block, "", self._lifetime(block, path))
        return sight(source["data"]) if source["type"] == "base64" else ""

    def _document(self, block: JsonObject, path: str) -> str:
        source = _check.object(block.get("source"), f"{path}.document.source")
        kinds = ("base64", "text", "content", "url", "file")
        kind = _check.one_of(source.get("type"), kinds, f"{path}.document.source.type")
        text = ""
        if kind in ("base64", "text"):
            data = _check.text(source.get("data"), f"{path}.document.source.{kind}.data")
            text = sight(data) if kind == "base64" else data
        self._count.add_attachment(block, text, self._lifetime(block, path))
        return text

    def _call(self, block: JsonObject, path: str) -> Call:
        for name in ("id", "name", "input"):
            if name not in block:
                _check.missing(f"{path}.tool_use.{name}")
        call_id = _check.tool_name(block["id"], f"{path}.tool_use.id", 256)
        arguments = _check.object(block["input"], f"{path}.tool_use.input")
        self._count.add(arguments, lifetime_s=self._lifetime(block, path))
        return Call(call_id, _check.text(block["name"], f"{path}.tool_use.name"), arguments)

    def _result(self, block: JsonObject, path: str) -> Result:
        _check.only(block, ("type", "tool_use_id", "content", "is_error", "cache_control"), f"{path}.tool_result")
        content = block.get("content") or ""
        if isinstance(content, list):
            content = "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
        text = _check.text(content, f"{path}.tool_result.content")
        self._count.add(block, _TURN_TOKENS, text=text, lifetime_s=self._lifetime(block, path))
        return Result(block["tool_use_id"], text, bool(block.get("is_error")))

    def _admit(self, block: JsonObject, path: str, kind: str, prefix: str) -> None:
        field = "signature" if kind == "thinking" else "data"
        if not isinstance(block.get(field), str):
            _check.missing(f"{path}.{kind}.{field}")
        _check.text(block.get("thinking", ""), f"{path}.thinking.thinking")
        size = self._binding.admit(block, path, prefix)
        if size is not None:
            self._count.add_hidden(block[field], size)


def _check_pairs(turns: list[list[tuple[str, JsonObject]]]) -> None:
    """Every call has exactly one result at the start of the next user turn, and no result is without its call."""
    open_ids: list[str] = []
    for number, blocks in enumerate(turns):
        results = [(path, block) for path, block in blocks if isinstance(block, dict) and block.get("type") == "tool_result"]
        found = [block.get("tool_use_id") for _, block in results]
        for path, block in results:
            if "tool_use_id" not in block:
                _check.missing(f"{path}.tool_result.tool_use_id")
            if block["tool_use_id"] not in open_ids:
                raise RefusalError(400, f"{path}: unexpected `tool_use_id` found in `tool_result`: {block['tool_use_id']}")
        unanswered = [call_id for call_id in open_ids if call_id not in found]
        first = [block for _, block in blocks[: len(results)]]
        if unanswered or (results and any(block.get("type") != "tool_result" for block in first)):
            ids = ", ".join(unanswered or open_ids)
            raise RefusalError(
                400,
                f"messages.{number - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: {ids}",
            )
        if len(found) != len(set(found)):
            raise RefusalError(400, "each tool_use must have a single result: found multiple `tool_result` blocks with one id")
        open_ids = [b["id"] for _, b in blocks if isinstance(b, dict) and b.get("type") == "tool_use" and "id" in b]
        if len(open_ids) != len(set(open_ids)):
            raise RefusalError(400, f"messages.{number}: `tool_use` ids must be unique")
    if open_ids:
        raise RefusalError(
            400, f"messages.{len(turns) - 1}: `tool_use` ids were found without `tool_result` blocks: {', '.join(open_ids)}"
        )
