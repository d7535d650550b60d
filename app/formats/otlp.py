"""Exchanges as spans of OpenTelemetry's GenAI conventions, in OTLP's JSON form (`ExportTraceServiceRequest`).

The names are those of the conventions as of November 2026. One of them has two meanings in the field:
`gen_ai.response.time_to_first_chunk` is written as the conventions' own instrumentation measures it, to the first event, and
the time to the first token under a name of ours. No words of a prompt or an answer are in a span.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec

from app.exchange.exchange import Exchange, Outcome
from app.exchange.timing import start_ns
from app.pricing import total_input
from app.protocols.ends import AnswerEnd, end_of, end_word
from app.protocols.ids import MESSAGES
from app.recording.replay import end_ns
from app.secrets.masking import Masker
from app.text.json_text import decode_json
from app.text.urls import split_url

_CLIENT_KIND, _ERROR = 3, 2  # of OTLP's enums SpanKind and StatusCode
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FINISH = {
    AnswerEnd.BY_ITSELF: "stop",
    AnswerEnd.STOP_SEQUENCE: "stop",
    AnswerEnd.TOOL_CALL: "tool_call",
    AnswerEnd.LIMIT: "length",
    AnswerEnd.CONTEXT: "length",
    AnswerEnd.FILTER: "content_filter",
    AnswerEnd.REFUSAL: "content_filter",
    AnswerEnd.ERROR: "error",
}
"""The conventions' words; for any other end the endpoint's own word is written."""
_ASKED = {
    "max_tokens": "gen_ai.request.max_tokens", "max_completion_tokens": "gen_ai.request.max_tokens",
    "max_output_tokens": "gen_ai.request.max_tokens", "temperature": "gen_ai.request.temperature",
    "top_p": "gen_ai.request.top_p", "top_k": "gen_ai.request.top_k", "frequency_penalty": "gen_ai.request.frequency_penalty",
    "presence_penalty": "gen_ai.request.presence_penalty", "seed": "gen_ai.request.seed",
}  # fmt: skip
_WHOLE_NUMBERS = {"gen_ai.request.max_tokens", "gen_ai.request.top_k", "gen_ai.request.seed"}


def as_otlp(exchanges: Iterable[Exchange], version: str) -> Iterator[bytes]:
    """One JSON document; exchanges without a moment at which they began are left out, as a span needs one.

    Each is a trace of its own, with the same ids whenever it is written. `version` is Diptych's.
    """
    encoder = msgspec.json.Encoder()
    resource = {"attributes": [_attribute("service.name", "diptych"), _attribute("service.version", version)]}
    scope = {"name": "diptych", "version": version}
    yield b'{"resourceSpans":[{"resource":' + encoder.encode(resource)
    yield b',"scopeSpans":[{"scope":' + encoder.encode(scope) + b',"spans":['
    spans = (span for one in exchanges if (span := _span(one)) is not None)
    for number, span in enumerate(spans):
        yield (b",\n" if number else b"\n") + encoder.encode(span)
    yield b"\n]}]}]}\n"


def has_moment(one: Exchange) -> bool:
    """Whether it can become a span."""
    return _begun_ns(one) is not None


def _begun_ns(one: Exchange) -> int | None:
    try:
        begun = datetime.fromisoformat(one.recording.envelope.started_utc)
    except ValueError:
        return None
    return None if begun.tzinfo is None else (begun - _EPOCH) // timedelta(microseconds=1) * 1000


def _span(one: Exchange) -> dict[str, object] | None:
    begun, start, envelope = _begun_ns(one), start_ns(one.recording), one.recording.envelope
    if begun is None:
        return None
    last = end_ns(one.recording)
    took = last - start if start is not None and last >= start else 0
    called = f"{envelope.side}/{envelope.profile.name}/{envelope.model}/{envelope.round}/{begun}"
    span: dict[str, object] = {
        "traceId": sha256(called.encode()).hexdigest()[:32],
        "spanId": sha256(called.encode()).hexdigest()[32:48],
        "name": f"chat {envelope.model}".rstrip(),
        "kind": _CLIENT_KIND,
        "startTimeUnixNano": str(begun),  # 64 bits are text in OTLP's JSON
        "endTimeUnixNano": str(begun + took),
        "attributes": [_attribute(name, value) for name, value in _attributes(one) if value not in (None, "")],
    }
    if one.outcome is not Outcome.COMPLETED:
        span["status"] = {"code": _ERROR}
    return span


def _attributes(one: Exchange) -> Iterator[tuple[str, object]]:
    recording, reading, timing = one.recording, one.reading, one.timing
    envelope = recording.envelope
    yield "gen_ai.operation.name", "chat"
    yield "gen_ai.provider.name", "anthropic" if envelope.protocol == MESSAGES else "openai"
    yield "gen_ai.request.model", envelope.model
    yield "gen_ai.request.stream", envelope.streamed
    yield from _asked(recording.request.body)
    yield "gen_ai.response.id", reading.response_id
    yield "gen_ai.response.model", reading.model
    if (end := end_of(reading)) is not AnswerEnd.UNSAID:
        yield "gen_ai.response.finish_reasons", [_FINISH.get(end) or end_word(reading)]
    if (usage := reading.usage) is not None:
        yield "gen_ai.usage.input_tokens", total_input(usage, envelope.protocol)
        yield "gen_ai.usage.output_tokens", usage.output_tokens
        yield "gen_ai.usage.cache_read.input_tokens", usage.cache_read_tokens
        yield "gen_ai.usage.cache_creation.input_tokens", usage.cache_write_tokens
    first = one.since_start_ms(one.events.stamp_ns(0)) if len(one.events) else None
    yield "gen_ai.response.time_to_first_chunk", None if first is None else first / 1000
    yield "diptych.time_to_first_token", None if timing.ttft is None else timing.ttft / 1000
    yield "diptych.time_to_first_byte", None if timing.ttfb is None else timing.ttfb / 1000
    yield "diptych.side", envelope.side
    yield "diptych.endpoint", envelope.profile.name
    yield "diptych.findings", list(dict.fromkeys(finding.id for finding in one.findings)) or None
    yield "http.response.status_code", one.status or None
    if url := recording.request.url:
        yield "url.full", Masker(()).mask_url(url)
        yield "server.address", split_url(url).hostname
    if one.outcome is not Outcome.COMPLETED:
        yield "error.type", str(one.status) if one.status >= 400 else (recording.end.code if recording.end else "") or "_OTHER"


def _asked(body: bytes) -> Iterator[tuple[str, object]]:
    try:
        asked = decode_json(body)
    except ValueError:
        return
    for field, name in _ASKED.items():
        value = asked.get(field) if isinstance(asked, dict) else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield name, value if name in _WHOLE_NUMBERS else float(value)


def _attribute(name: str, value: object) -> dict[str, object]:
    return {"key": name, "value": _value(value)}


def _value(value: object) -> dict[str, object]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case list():
            return {"arrayValue": {"values": [_value(one) for one in value]}}
    return {"stringValue": str(value)}
