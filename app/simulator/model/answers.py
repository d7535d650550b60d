"""What the simulated model answers: text, or calls to the tools on offer, within the limits the request sets."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from app.simulator.model import words
from app.simulator.model.conversation import Answer, Call, ParsedRequest, Result, Stop, Turn
from app.simulator.model.tokens import Tokenizer
from app.simulator.model.tool_calls import chosen_calls, fill, places_in

CallId = Callable[[], str]
HIDDEN_REASONING_TOKENS = 64


def answer(parsed: ParsedRequest, new_call_id: CallId) -> Answer:
    """The answer to a request. Its stop sequences and its token limit are applied; `output_tokens` is what is left."""
    said = _calls(parsed, new_call_id) if _wants_call(parsed) else Answer(_text(parsed))
    said = _think(said, parsed)
    return _limit(_stop_at_sequence(said, parsed.stops), parsed)


def _wants_call(parsed: ParsedRequest) -> bool:
    if not parsed.tools or parsed.choice == "none":
        return False
    return parsed.choice != "auto" or (bool(parsed.turns) and parsed.turns[-1].role == "user")


def _calls(parsed: ParsedRequest, new_call_id: CallId) -> Answer:
    calls = tuple(Call(new_call_id(), name, arguments) for name, arguments in chosen_calls(parsed))
    talks = parsed.choice == "auto" and parsed.model.vendor == "anthropic"
    text = words.before_calls([call.name for call in calls], places_in(parsed.prompt)) if talks else ""
    return Answer(text, calls, stop=Stop.TOOLS)


def _text(parsed: ParsedRequest) -> str:
    last = parsed.turns[-1] if parsed.turns else Turn("user")
    if last.role == "results":
        return words.about_results([_result_facts(parsed, result) for result in last.results])
    if parsed.shape is not None:
        return json.dumps(fill(parsed.shape, parsed.prompt) if parsed.shape else {"answer": parsed.prompt}, ensure_ascii=False)
    earlier = [turn.text for turn in parsed.turns if turn.role == "user" and turn.text][:-1]
    return (
        words.dictated(parsed.prompt)
        or words.counted(parsed.prompt)
        or words.recalled(parsed.prompt, earlier)
        or words.dictated(parsed.system)
        or words.about(parsed.prompt, earlier, last.images)
    )


def _result_facts(parsed: ParsedRequest, result: Result) -> tuple[str, str, bool]:
    call = next((call for turn in parsed.turns for call in turn.calls if call.id == result.call_id), None)
    values = [str(value) for value in call.arguments.values() if isinstance(value, str)] if call else []
    return (values[0] if values else "your question"), result.text, result.is_error


def _think(said: Answer, parsed: ParsedRequest) -> Answer:
    if parsed.model.vendor == "openai":
        spent = min(HIDDEN_REASONING_TOKENS, (parsed.max_tokens or 4096) // 2) if parsed.thinking != "off" else 0
        return replace(said, thinking=words.reasoning_summary() if spent else None, thinking_tokens=spent)
    if parsed.thinking == "off":
        return said
    thought = words.reasoning(parsed.prompt, bool(parsed.tools))
    shown = thought if parsed.thinking == "shown" else ""
    return replace(said, thinking=shown, thinking_tokens=parsed.tokenizer.count(thought))


def _stop_at_sequence(said: Answer, stops: tuple[str, ...]) -> Answer:
    found = [(said.text.find(stop), stop) for stop in stops if stop and stop in said.text]
    if not found:
        return said
    at, stop = min(found)
    return replace(said, text=said.text[:at], calls=(), stop=Stop.SEQUENCE, stop_sequence=stop)


def _limit(said: Answer, parsed: ParsedRequest) -> Answer:
    """Cut to the limit: thinking is spent first, then text; a call that does not fit is left out whole."""
    room = parsed.max_tokens if parsed.max_tokens is not None else parsed.model.max_output_tokens
    if said.thinking_tokens > room:
        return _cut_in_thinking(said, room, parsed.tokenizer)
    left = room - said.thinking_tokens
    text_tokens = parsed.tokenizer.count(said.text)
    if text_tokens > left:
        text = parsed.tokenizer.first(said.text, left)
        return replace(said, text=text, calls=(), stop=Stop.LENGTH, stop_sequence=None, output_tokens=room)
    left -= text_tokens
    kept: list[Call] = []
    for call in said.calls:
        left -= call_tokens(call, parsed.tokenizer)
        if left < 0:
            return replace(said, calls=tuple(kept), stop=Stop.LENGTH, output_tokens=room)
        kept.append(call)
    return replace(said, output_tokens=max(1, room - left))


def _cut_in_thinking(said: Answer, room: int, tokenizer: Tokenizer) -> Answer:
    shown = None if said.thinking is None or room == 0 else tokenizer.first(said.thinking, room)
    return Answer("", (), shown, room, room, Stop.LENGTH)


def call_tokens(call: Call, tokenizer: Tokenizer) -> int:
    """What a call counts in output tokens."""
    return tokenizer.count_json(call.arguments) + tokenizer.count(call.name) + 8
