"""The answer on its way back: what the upstream said held against what came out of the relay."""

from __future__ import annotations

from collections.abc import Iterator

from app.exchange.exchange import Exchange
from app.exchange.outcome import Outcome, Shape
from app.mirror.flow import Flow, Passage, passage
from app.mirror.row import Difference, Kind, about
from app.pricing import total_input
from app.protocols.ends import AnswerEnd, end_of, end_word
from app.protocols.ids import MESSAGES
from app.protocols.reading import Reading
from app.recording.records import find_header
from app.text.sentences import message

_FLOWS = {
    Flow.PER_EVENT: ("flow_per_event", Kind.KEPT, False),
    Flow.BURSTS: ("flow_bursts", Kind.CHANGED, True),
    Flow.COLLECTED: ("flow_collected", Kind.CHANGED, True),
    Flow.FIRST_HELD: ("flow_first_held", Kind.CHANGED, True),
    Flow.MADE_UP: ("flow_made_up", Kind.INVENTED, True),
}
_USUAL_BLOCKS = frozenset(
    {"text", "thinking", "redacted_thinking", "tool_use", "message", "function_call", "reasoning", "custom_tool_call", None}
)
_ONLY_MESSAGES = frozenset({AnswerEnd.STOP_SEQUENCE, AnswerEnd.PAUSE})
_NAMED = message(
    "answer: {part:select text=text|tool_calls=tool calls|thinking=thinking|signature=signature|blocks=blocks|end=end|"
    "stop_reason=stop reason|usage=usage|input_tokens=input tokens|output_tokens=output tokens|cached_tokens=cached tokens|"
    "thinking_tokens=thinking tokens|model=model|id=id|status=status|error_message=error message|stream=stream|{part}}"
)
_KEPT_HEADERS = ("retry-after", "retry-after-ms", "x-should-retry")


def compare_answers(given: Exchange, came: Exchange) -> list[Difference]:
    """What became of an answer: `given` by the upstream, `came` out of the relay."""
    return [*_compare(given, came)]


def flow_of(given: Exchange, came: Exchange) -> Passage | None:
    """How the stream came through; None where none was wanted."""
    if not came.recording.envelope.streamed:
        return None
    went_in, came_out = given.events.content_since(0)[0], came.events.content_since(0)[0]
    return passage(went_in, came_out, streamed_in=given.shape is Shape.EVENTS)


def _compare(given: Exchange, came: Exchange) -> Iterator[Difference]:
    source, target = given.protocol.id, came.protocol.id
    names = about(source, target)
    if given.status >= 400 or given.outcome is not Outcome.COMPLETED:
        yield from _errors(given, came, names)
        return
    if came.outcome is not Outcome.COMPLETED:
        yield _row("end", Kind.CHANGED, "answer_broken", given.status, came.status, names, loud=True)
        return
    one, other = given.reading, came.reading
    yield _value("text", one.text, other.text, names, "answer_text")
    calls = [[(call.name, call.arguments) for call in each.tool_calls] for each in (one, other)]
    if any(calls):
        told = [[{"name": name, "arguments": arguments} for name, arguments in each] for each in calls]
        yield _value("tool calls", told[0], told[1], names, "answer_calls")
    yield from _thinking(one, other, source, target, names)
    if strange := _strange_blocks(one, other):
        yield _row("blocks", Kind.INVENTED, "answer_blocks_invented", None, strange, names, loud=True)
    yield _end(one, other, source, target, names)
    yield from _usage(given, came, names)
    yield from _labels(one, other, came, names)
    if (how := flow_of(given, came)) is not None:
        yield from _flow(how, came, names)


def _thinking(one: Reading, other: Reading, source: str, target: str, names: dict[str, object]) -> Iterator[Difference]:
    if not one.reasoning and not other.reasoning:
        return
    yield _value("thinking", one.reasoning, other.reasoning, names, "answer_thinking")
    if source == target == MESSAGES:
        signed = [[block.get("signature") for block in each.replay if block.get("type") == "thinking"] for each in (one, other)]
        yield _value("signature", signed[0], signed[1], names, "answer_signature")


def _strange_blocks(one: Reading, other: Reading) -> list[object]:
    """The kinds of what came out beside words, calls and thinking, and did not go in."""
    before = [block.get("type") for block in one.replay]
    kinds = [block.get("type") for block in other.replay]
    return [kind for kind in kinds if kind not in _USUAL_BLOCKS and kind not in before]


def _end(one: Reading, other: Reading, source: str, target: str, names: dict[str, object]) -> Difference:
    said, heard = end_of(one), end_of(other)
    words = end_word(one), end_word(other)
    if said is heard:
        return _row("stop reason", Kind.KEPT if source == target else Kind.RENAMED, "answer_end_same", *words, names)
    if said in _ONLY_MESSAGES and target != MESSAGES and heard is AnswerEnd.BY_ITSELF:
        return _row("stop reason", Kind.CHANGED, "answer_end_unsayable", *words, names)
    if heard is AnswerEnd.UNSAID and not words[1]:
        return _row("stop reason", Kind.DROPPED, "answer_end_dropped", *words, names, loud=True)
    return _row("stop reason", Kind.CHANGED, "answer_end_changed", *words, names, loud=True)


def _usage(given: Exchange, came: Exchange, names: dict[str, object]) -> Iterator[Difference]:
    one, other = given.reading.usage, came.reading.usage
    if one is None:
        return
    if other is None:
        yield _row("usage", Kind.DROPPED, "answer_usage_dropped", one.raw, None, names, loud=True)
        return
    counts = (
        ("input tokens", total_input(one, given.protocol.id), total_input(other, came.protocol.id)),
        ("output tokens", one.output_tokens, other.output_tokens),
        ("cached tokens", one.cache_read_tokens or 0, other.cache_read_tokens or 0),
        ("thinking tokens", one.reasoning_tokens or 0, other.reasoning_tokens or 0),
    )
    for name, before, after in counts:
        if before or after:
            yield _value(name, before, after, names, "answer_count")


def _labels(one: Reading, other: Reading, came: Exchange, names: dict[str, object]) -> Iterator[Difference]:
    asked = came.recording.envelope.model
    if one.model == other.model:
        yield _row("model", Kind.KEPT, "same_answer", one.model, other.model, names)
    else:
        reason = "answer_model_asked" if other.model == asked else "answer_model_other"
        yield _row("model", Kind.CHANGED, reason, one.model, other.model, names)
    same = one.response_id == other.response_id
    reason = "same_answer" if same else "answer_id"
    yield _row("id", Kind.KEPT if same else Kind.CHANGED, reason, one.response_id, other.response_id, names)


def _errors(given: Exchange, came: Exchange, names: dict[str, object]) -> Iterator[Difference]:
    if came.outcome is Outcome.COMPLETED:
        yield _row("end", Kind.CHANGED, "answer_error_hidden", given.status, came.status, names, loud=True)
        return
    same = given.status == came.status
    reason = "answer_status_same" if same else "answer_status_changed"
    yield _row("status", Kind.KEPT if same else Kind.CHANGED, reason, given.status, came.status, names, loud=not same)
    one, other = given.reading.error, came.reading.error
    if one is not None:
        told = other.message if other is not None else None
        if told is None:
            yield _row("error message", Kind.DROPPED, "answer_error_dropped", one.message, None, names, loud=True)
        elif one.message in told:
            kind, reason = (Kind.KEPT, "same_answer") if one.message == told else (Kind.CHANGED, "answer_error_quoted")
            yield _row("error message", kind, reason, one.message, told, names)
        else:
            yield _row("error message", Kind.CHANGED, "answer_error_changed", one.message, told, names, loud=True)
    for name in _KEPT_HEADERS:
        before = find_header(given.recording.head.headers, name) if given.recording.head is not None else None
        after = find_header(came.recording.head.headers, name) if came.recording.head is not None else None
        if before is not None:
            yield _value(name, before, after, names, "answer_retry")


def _flow(how: Passage, came: Exchange, names: dict[str, object]) -> Iterator[Difference]:
    if came.shape is not Shape.EVENTS:
        yield _row("stream", Kind.DROPPED, "flow_no_stream", None, None, names, loud=True)
        return
    if how.flow in _FLOWS:
        reason, kind, loud = _FLOWS[how.flow]
        lags = {"first_ms": how.first_lag_ns / 1e6, "last_ms": how.last_lag_ns / 1e6}
        yield _row("stream", kind, reason, how.moments_in, how.moments_out, names | lags, loud=loud)


def _value(name: str, before: object, after: object, names: dict[str, object], reason: str) -> Difference:
    if before == after:
        return _row(name, Kind.KEPT, "same_answer", before, after, names)
    kind = Kind.DROPPED if not after else Kind.INVENTED if not before else Kind.CHANGED
    return _row(name, kind, f"{reason}_{kind}", before, after, names, loud=True)


def _row(
    name: str, kind: Kind, reason: str, sent: object, arrived: object, fields: dict[str, object], *, loud: bool = False
) -> Difference:
    return Difference(
        path=name,
        what=f"answer: {name}",
        named=_NAMED,
        kind=kind,
        reason=reason,
        sent=sent,
        arrived=arrived,
        loud=loud,
        fields=fields | {"part": name.replace(" ", "_")},
    )
