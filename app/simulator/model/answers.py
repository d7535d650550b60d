"""What the simulated model answers: text, or calls to the tools on offer, within the limits the request sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from app.simulator.model import chinese, json_answers, mind, orders, recall, tokens, words
from app.simulator.model.chance import Weights, draw, seeded
from app.simulator.model.conversation import Answer, Call, ParsedRequest, Result, Stop, Turn
from app.simulator.model.likelihood import likelihoods
from app.simulator.model.tokens import Tokenizer
from app.simulator.model.tool_calls import chosen_calls, fill_json, places_in

CallId = Callable[[], str]
HIDDEN_REASONING_TOKENS = 64
_FORCED_LENGTH = 32
# How much more or less is reasoned than usual.
_EFFORTS = {"low": 0.375, "medium": 1.0, "high": 3.0, "xhigh": 7.0, "max": 14.0}


@dataclass(frozen=True)
class _Said:
    """A text, and what else might have been said in its place, where the model had a choice."""

    text: str
    options: Weights | None = None


def answers(parsed: ParsedRequest, new_call_id: CallId, chance: Random) -> list[Answer]:
    """The answers to a request, as many as `n` asks for."""
    return [answer(parsed, new_call_id, _random(parsed, chance, number)) for number in range(parsed.dials.n)]


def answer(parsed: ParsedRequest, new_call_id: CallId, chance: Random) -> Answer:
    """The answer to a request. Its stop sequences and its token limit are applied; `output_tokens` is what is left."""
    options = None
    if _wants_call(parsed):
        said = _calls(parsed, new_call_id)
    else:
        text = _text(parsed, chance)
        said, options = Answer(text.text), text.options
    said = _limit(_stop_at_sequence(_think(said, parsed), parsed.stops), parsed)
    if not parsed.dials.logprobs:
        return said
    pieces = tokens.pieces(said.text)
    return replace(said, likelihoods=likelihoods(pieces, options, parsed.dials.top_logprobs, parsed.mind_id))


def _random(parsed: ParsedRequest, chance: Random, number: int) -> Random:
    """Where an answer is drawn from: the same for the same request and seed."""
    if parsed.dials.seed is None:
        return chance
    return seeded(str(parsed.dials.seed), parsed.mind_id, parsed.system, *(turn.text for turn in parsed.turns), str(number))


def _wants_call(parsed: ParsedRequest) -> bool:
    if not parsed.tools or parsed.choice == "none":
        return False
    if parsed.choice != "auto":
        return True
    return bool(parsed.turns) and parsed.turns[-1].role == "user" and not words.needs_no_tool(parsed.prompt)


def _calls(parsed: ParsedRequest, new_call_id: CallId) -> Answer:
    calls = tuple(Call(new_call_id(), name, arguments) for name, arguments in chosen_calls(parsed))
    talks = parsed.choice == "auto" and parsed.model.vendor == "anthropic"
    text = words.before_calls([call.name for call in calls], places_in(parsed.prompt), parsed.prompt) if talks else ""
    return Answer(text, calls, stop=Stop.TOOLS)


def _text(parsed: ParsedRequest, chance: Random) -> _Said:
    dials, prompt = parsed.dials, parsed.prompt
    if dials.forced:
        return _Said(dials.forced * _FORCED_LENGTH)
    if parsed.shape is not None:
        text = fill_json(parsed.shape, prompt, enforced=parsed.enforced) if parsed.shape else json_answers.json_about(prompt)
        return _Said(text)
    said = _after_tools(parsed) or _told(parsed) or _undecided(parsed, chance) or _Said(_about(parsed))
    return replace(said, text=orders.habits(said.text, parsed.system, prompt))


def _after_tools(parsed: ParsedRequest) -> _Said | None:
    last = parsed.turns[-1] if parsed.turns else Turn("user")
    if last.role != "results":
        return None
    told = "\n".join(result.text for result in last.results)
    if told and words.wants_result_alone(parsed.prompt) and not any(result.is_error for result in last.results):
        return _Said(told)
    return _Said(words.about_results([_result_facts(parsed, result) for result in last.results], parsed.prompt))


def _told(parsed: ParsedRequest) -> _Said | None:
    """What the words of the request leave no choice about."""
    prompt, dials = parsed.prompt, parsed.dials
    told = [parsed.system, *(turn.text for turn in parsed.turns)]
    sights = [sight for turn in parsed.turns for sight in turn.sights]
    text = (
        orders.copied(prompt)
        or orders.repeated(prompt, dials)
        or recall.needles(prompt, told)
        or recall.seen(prompt, sights)
        or orders.dictated(prompt)
        or json_answers.json_asked_for(prompt, _earlier(parsed))
        or orders.counted(prompt)
        or recall.recalled(prompt, _earlier(parsed), parsed.system)
        or chinese.recalled(prompt, _earlier(parsed))
        or orders.dictated(parsed.system)
        or (None if sights else recall.nothing_attached(prompt))
    )
    return _Said(text) if text else None


def _undecided(parsed: ParsedRequest, chance: Random) -> _Said | None:
    """What the model may answer one way or another."""
    options = mind.undecided(parsed.prompt, parsed.system, parsed.mind_id)
    if options is not None:
        return _Said(draw(options, parsed.dials, chance), options)
    text = mind.invented(parsed.prompt, parsed.mind_id, parsed.dials, chance)
    return _Said(text) if text is not None else None


def _about(parsed: ParsedRequest) -> str:
    last = parsed.turns[-1] if parsed.turns else Turn("user")
    return words.about(parsed.prompt, _earlier(parsed), last.images)


def _earlier(parsed: ParsedRequest) -> list[str]:
    return [turn.text for turn in parsed.turns if turn.role == "user" and turn.text][:-1]


def _result_facts(parsed: ParsedRequest, result: Result) -> tuple[str, str, bool]:
    call = next((call for turn in parsed.turns for call in turn.calls if call.id == result.call_id), None)
    values = [str(value) for value in call.arguments.values() if isinstance(value, str)] if call else []
    return (values[0] if values else "your question"), result.text, result.is_error


def _think(said: Answer, parsed: ParsedRequest) -> Answer:
    more = _EFFORTS.get(parsed.effort, 1.0)
    if parsed.model.vendor == "openai":
        wanted = round(HIDDEN_REASONING_TOKENS * more)
        spent = min(wanted, (parsed.max_tokens or 4096) // 2) if parsed.thinking != "off" else 0
        return replace(said, thinking=words.reasoning_summary() if spent else None, thinking_tokens=spent)
    if parsed.thinking == "off":
        return said
    thought = words.reasoning(parsed.prompt, bool(parsed.tools), more)
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
