"""Reads a Responses request as strictly as the first party does (PROTOCOLS 1C.2, 2C)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn

from app.simulator.chat.request import (
    cached,
    check,
    check_sampling,
    content_text,
    function_offer,
    known_model,
    parse_arguments,
    reasoning,
    result,
    tool_choice,
    top_logprobs,
    user_turn,
)
from app.simulator.model.chance import Dials
from app.simulator.model.conversation import Call, Offer, ParsedRequest, Turn
from app.simulator.model.host import Host
from app.simulator.model.memory import Memory
from app.simulator.model.models import Model
from app.simulator.model.prompt_count import PromptCount
from app.simulator.model.seals import Origin, unseal
from app.simulator.shared.refusals import RefusalError, ThinkingRefusedError
from app.simulator.shared.validation import JsonObject, names

FIELDS = names(
    "model input instructions tools tool_choice max_output_tokens reasoning text store include previous_response_id "
    "conversation stream stream_options truncation metadata background parallel_tool_calls max_tool_calls "
    "service_tier prompt prompt_cache_key prompt_cache_options prompt_cache_retention context_management "
    "safety_identifier temperature top_p top_logprobs user moderation"
)
COUNT_FIELDS = names(
    "model input instructions tools tool_choice reasoning text previous_response_id conversation truncation "
    "parallel_tool_calls personality"
)
_BASE_TOKENS, _TURN_TOKENS, _TOOLS_TOKENS = 3, 4, 12
_MIN_OUTPUT_TOKENS = 16
_LOGPROBS = "message.output_text.logprobs"
_INPUT_PARTS = ("input_text", "input_image", "input_file", "output_text", "refusal")


def parse(body: JsonObject, host: Host, *, counting: bool = False) -> ParsedRequest:
    """A Responses (or, where `counting`, an input_tokens) request. Raises RefusalError."""
    check.only(body, COUNT_FIELDS if counting else FIELDS)
    if "model" not in body:
        check.missing("model")
    model = known_model(body["model"])
    check_sampling(body, model)
    limit = None
    if body.get("max_output_tokens") is not None:
        limit = check.integer(body["max_output_tokens"], "max_output_tokens", _MIN_OUTPUT_TOKENS, model.max_output_tokens)
    count = host.count(model)
    count.add_overhead(_BASE_TOKENS)
    tools = _tools(body.get("tools"), count)
    system = check.text(body.get("instructions") or "", "instructions")
    if system:
        count.add(system, _TURN_TOKENS, text=system)
    items = input_items(body, host.memory)
    told, turns = _Items(count, host).read(items)
    effort = check.object(body.get("reasoning") or {}, "reasoning").get("effort")
    return ParsedRequest(
        model,
        tuple(turns),
        "\n".join(text for text in (system, *told) if text),
        tools,
        tool_choice(body.get("tool_choice"), tools, nested=False),
        body.get("parallel_tool_calls") is not False,
        limit,
        (),
        _shape(body.get("text")),
        reasoning(effort, model, "reasoning.effort"),
        check.boolean(body.get("stream") or False, "stream"),
        count.total,
        0 if counting else cached(body, host, model, count),
        origin=Origin(model.id, host.account),
        tokenizer=count.tokenizer,
        dials=_dials(body, model),
        effort=effort or "",
        enforced=_is_enforced(body.get("text")),
    )


def _dials(body: JsonObject, model: Model) -> Dials:
    temperature, top_p = body.get("temperature"), body.get("top_p")
    told = _LOGPROBS in check.list(body.get("include") or [], "include") or bool(body.get("top_logprobs"))
    if told and model.thinks:
        check.unsupported("top_logprobs" if body.get("top_logprobs") else "include", model.id)
    return Dials(
        temperature=1.0 if temperature is None else temperature,
        top_p=1.0 if top_p is None else top_p,
        logprobs=told,
        top_logprobs=top_logprobs(body),
    )


def _is_enforced(raw: Any) -> bool:
    style = (raw or {}).get("format") or {}
    return style.get("strict") is not False


def input_items(body: JsonObject, memory: Memory) -> list[Any]:
    """The input as items, behind those of the response it continues."""
    earlier: list[Any] = []
    previous = body.get("previous_response_id")
    if previous is not None:
        if previous not in memory.responses:
            message = f"Previous response with id '{previous}' not found."
            raise RefusalError(400, message, param="previous_response_id", code="previous_response_not_found")
        earlier = memory.responses[previous]
    raw = body.get("input")
    if raw is None:
        check.missing("input")
    if isinstance(raw, str):
        return [*earlier, {"role": "user", "content": raw}]
    items = check.list(raw, "input")
    if not items and not earlier:
        check.invalid("input", "empty array. Expected an array with minimum length 1", "empty_array")
    return [*earlier, *items]


def _tools(raw: Any, count: PromptCount) -> tuple[Offer, ...]:
    offers: list[Offer] = []
    for number, item in enumerate(check.list(raw or [], "tools")):
        path = f"tools.{number}"
        tool = check.object(item, path)
        if check.text(tool.get("type"), f"{path}.type") != "function":
            continue  # a built-in tool: taken, never called
        if "function" in tool:
            check.unknown(f"{path}.function")
        allowed = ["type", "name", "description", "parameters", "strict", "allowed_callers", "defer_loading", "output_schema"]
        check.only(tool, allowed, path)
        offers.append(function_offer(tool, path))
        count.add({name: value for name, value in tool.items() if name != "type"})
    if offers:
        count.add_overhead(_TOOLS_TOKENS)
    return tuple(offers)


def _shape(raw: Any) -> JsonObject | None:
    style = check.object(check.object(raw or {}, "text").get("format") or {"type": "text"}, "text.format")
    kind = check.one_of(style.get("type"), ("text", "json_object", "json_schema"), "text.format.type")
    if kind == "json_schema":
        return check.object(style.get("schema"), "text.format.schema")
    return {} if kind == "json_object" else None


class _Items:
    """Reads input items: messages, calls with their outputs, and reasoning items that go back with their calls."""

    def __init__(self, count: PromptCount, host: Host) -> None:
        self._count = count
        self._host = host
        self._system: list[str] = []
        self._turns: list[Turn] = []
        self._reasoning_ids: set[str] = set()

    def read(self, items: list[Any]) -> tuple[list[str], list[Turn]]:
        """The system texts among the items, and the turns."""
        for number, raw in enumerate(items):
            path = f"input.{number}"
            self._item(check.object(raw, path), path)
        self._check_pairs()
        return self._system, self._turns

    def _item(self, item: JsonObject, path: str) -> None:
        kinds = ("message", "function_call", "function_call_output", "reasoning", "item_reference")
        match check.one_of(item.get("type", "message"), kinds, f"{path}.type"):
            case "message":
                self._message(item, path)
            case "function_call":
                self._call(item, path)
            case "function_call_output":
                self._output(item, path)
            case "reasoning":
                self._reasoning(item, path)
            case _:
                message = f"Item with id '{item.get('id')}' not found. Items are not persisted when `store` is set to false."
                raise RefusalError(404, message, param="input", code="item_not_found")

    def _message(self, item: JsonObject, path: str) -> None:
        if "role" not in item:
            check.missing(f"{path}.role")
        role = check.one_of(item["role"], ("user", "assistant", "system", "developer"), f"{path}.role")
        if item.get("content") is None:
            check.missing(f"{path}.content")
        self._count.add_overhead(_TURN_TOKENS)
        turn = user_turn(item["content"], f"{path}.content", _INPUT_PARTS, self._count)
        if role in ("system", "developer"):
            self._system.append(turn.text)
        else:
            self._turns.append(turn if role == "user" else replace(turn, role="assistant"))

    def _call(self, item: JsonObject, path: str) -> None:
        for name in ("call_id", "name", "arguments"):
            if name not in item:
                check.missing(f"{path}.{name}")
        owner = self._host.memory.pairs.get(str(item.get("id")))
        if owner is not None and owner not in self._reasoning_ids:
            message = (
                f"Item '{item['id']}' of type 'function_call' was provided without its required 'reasoning' item: '{owner}'."
            )
            raise RefusalError(400, message, param="input")
        arguments = parse_arguments(item["arguments"], f"{path}.arguments")
        self._count.add(arguments)
        call = Call(check.text(item["call_id"], f"{path}.call_id"), str(item["name"]), arguments)
        last = self._turns[-1] if self._turns else None
        earlier = self._turns.pop() if last is not None and last.role == "assistant" else Turn("assistant")
        self._turns.append(Turn("assistant", earlier.text, (*earlier.calls, call)))

    def _output(self, item: JsonObject, path: str) -> None:
        for name in ("call_id", "output"):
            if name not in item:
                check.missing(f"{path}.{name}")
        call_id = check.text(item["call_id"], f"{path}.call_id")
        if call_id not in [call.id for turn in self._turns for call in turn.calls]:
            raise RefusalError(400, f"No tool call found for function call output with call_id {call_id}.", param="input")
        text = content_text(item["output"], f"{path}.output", _INPUT_PARTS, self._count)
        told = self._turns.pop().results if self._turns[-1].role == "results" else ()
        self._turns.append(Turn("results", results=(*told, result(call_id, text))))

    def _reasoning(self, item: JsonObject, path: str) -> None:
        self._reasoning_ids.add(str(item.get("id")))
        sealed = item.get("encrypted_content")
        summary = "".join(str(part.get("text", "")) for part in item.get("summary") or [] if isinstance(part, dict))
        if sealed is None:
            return
        origin = unseal(check.text(sealed, f"{path}.encrypted_content"), summary)
        if self._host.signatures_checked:
            if origin is None:
                self._refuse_reasoning(item, "Encrypted content could not be decrypted or parsed.")
            if origin.account != self._host.account:
                self._refuse_reasoning(item, "Encrypted content organization_id did not match the target organization.")
        if origin is not None:
            self._count.add_hidden(sealed, origin.tokens)

    def _refuse_reasoning(self, item: JsonObject, reason: str) -> NoReturn:
        message = f"The encrypted content for item {item.get('id')} could not be verified. Reason: {reason}"
        raise ThinkingRefusedError(400, message, param="input", code="invalid_encrypted_content")

    def _check_pairs(self) -> None:
        told = {r.call_id for turn in self._turns for r in turn.results}
        for call in (call for turn in self._turns for call in turn.calls):
            if call.id not in told:
                raise RefusalError(400, f"No tool output found for function call {call.id}.", param="input")
