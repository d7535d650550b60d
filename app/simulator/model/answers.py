"""What the simulated model answers: text, or calls to the tools on offer, within the limits the request sets."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from app.simulator.model import tokens, words
from app.simulator.model.heard import Answer, Call, Heard, Result, Stop, Turn
from app.simulator.model.tool_calls import chosen_calls, fill, places_in

CallId = Callable[[], str]
HIDDEN_REASONING_TOKENS = 64


def answer(heard: Heard, new_call_id: CallId) -> Answer:
    """The answer to a request. Its stop sequences and its token limit are applied; `output_tokens` is what is left."""
    said = _calls(heard, new_call_id) if _wants_call(heard) else Answer(_text(heard))
    said = _think(said, heard)
    return _limit(_stop_at_sequence(said, heard.stops), heard)


def _wants_call(heard: Heard) -> bool:
    if not heard.tools or heard.choice == "none":
        return False
    return heard.choice != "auto" or (bool(heard.turns) and heard.turns[-1].role == "user")


def _calls(heard: Heard, new_call_id: CallId) -> Answer:
    calls = tuple(Call(new_call_id(), name, arguments) for name, arguments in chosen_calls(heard))
    talks = heard.choice == "auto" and heard.model.vendor == "anthropic"
    text = words.before_calls([call.name for call in calls], places_in(heard.prompt)) if talks else ""
    return Answer(text, calls, stop=Stop.TOOLS)


def _text(heard: Heard) -> str:
    last = heard.turns[-1] if heard.turns else Turn("user")
    if last.role == "results":
        return words.about_results([_result_facts(heard, result) for result in last.results])
    if heard.shape is not None:
        return json.dumps(fill(heard.shape, heard.prompt) if heard.shape else {"answer": heard.prompt}, ensure_ascii=False)
    earlier = [turn.text for turn in heard.turns if turn.role == "user" and turn.text][:-1]
    return (
        words.dictated(heard.prompt)
        or words.counted(heard.prompt)
        or words.recalled(heard.prompt, earlier)
        or words.dictated(heard.system)
        or words.about(heard.prompt, earlier, last.images)
    )


def _result_facts(heard: Heard, result: Result) -> tuple[str, str, bool]:
    call = next((call for turn in heard.turns for call in turn.calls if call.id == result.call_id), None)
    values = [str(value) for value in call.arguments.values() if isinstance(value, str)] if call else []
    return (values[0] if values else "your question"), result.text, result.is_error


def _think(said: Answer, heard: Heard) -> Answer:
    if heard.model.vendor == "openai":
        spent = min(HIDDEN_REASONING_TOKENS, (heard.max_tokens or 4096) // 2) if heard.thinking != "off" else 0
        return replace(said, thinking=words.reasoning_summary() if spent else None, thinking_tokens=spent)
    if heard.thinking == "off":
        return said
    thought = words.reasoning(heard.prompt, bool(heard.tools))
    shown = thought if heard.thinking == "shown" else ""
    return replace(said, thinking=shown, thinking_tokens=tokens.count(thought))


def _stop_at_sequence(said: Answer, stops: tuple[str, ...]) -> Answer:
    found = [(said.text.find(stop), stop) for stop in stops if stop and stop in said.text]
    if not found:
        return said
    at, stop = min(found)
    return replace(said, text=said.text[:at], calls=(), stop=Stop.SEQUENCE, stop_sequence=stop)


def _limit(said: Answer, heard: Heard) -> Answer:
    """Cut to the limit: thinking is spent first, then text; a call that does not fit is left out whole."""
    room = heard.max_tokens if heard.max_tokens is not None else heard.model.max_output_tokens
    if said.thinking_tokens > room:
        return _cut_in_thinking(said, room)
    left = room - said.thinking_tokens
    text_pieces = tokens.pieces(said.text)
    if len(text_pieces) > left:
        text = "".join(text_pieces[:left])
        return replace(said, text=text, calls=(), stop=Stop.LENGTH, stop_sequence=None, output_tokens=room)
    left -= len(text_pieces)
    kept: list[Call] = []
    for call in said.calls:
        left -= call_tokens(call)
        if left < 0:
            return replace(said, calls=tuple(kept), stop=Stop.LENGTH, output_tokens=room)
        kept.append(call)
    return replace(said, output_tokens=max(1, room - left))


def _cut_in_thinking(said: Answer, room: int) -> Answer:
    shown = None if said.thinking is None or room == 0 else "".join(tokens.pieces(said.thinking)[:room])
    return Answer("", (), shown, room, room, Stop.LENGTH)


def call_tokens(call: Call) -> int:
    """What a call counts in output tokens."""
    return tokens.count_json(call.arguments) + tokens.count(call.name) + 8
