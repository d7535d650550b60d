"""Spans as OTLP JSON: the conventions' names, times in nanoseconds, no words and no secrets."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from app.exchange.exchange import Exchange
from app.formats.otlp import as_otlp, has_moment
from app.recording.records import Ended, EndKind
from tests.builders import MS, messages_start, messages_text, recording, stream

KINDS = {"stringValue": str, "intValue": int, "doubleValue": float, "boolValue": bool}
KEY = "sk-live-0123456789abcdef0123456789abcdef"


def spans(*made: Exchange) -> list[dict[str, Any]]:
    (resource,) = json.loads(b"".join(as_otlp(made, "1")))["resourceSpans"]
    (scope,) = resource["scopeSpans"]
    return list(scope["spans"])


def attributes(span: dict[str, Any]) -> dict[str, Any]:
    def plain(value: dict[str, Any]) -> Any:
        ((kind, held),) = value.items()
        return [plain(one) for one in held["values"]] if kind == "arrayValue" else KINDS[kind](held)

    return {one["key"]: plain(one["value"]) for one in span["attributes"]}


def test_a_whole_stream_is_a_span_with_both_first_times() -> None:
    made = stream(first_ms=600, step_ms=10, words=3)
    body = {"model": "m", "max_tokens": 9, "temperature": 1, "messages": [{"role": "user", "content": "my secret prompt"}]}
    url = f"https://h.example/v1/messages?api_key={KEY}"
    made.request = msgspec.structs.replace(made.request, body=json.dumps(body).encode(), url=url)
    one = Exchange(made).finish()
    (span,) = spans(one)
    told = attributes(span)
    assert (span["name"], span["kind"], "status" in span) == ("chat claude-opus-4-8", 3, False)
    assert (len(span["traceId"]), len(span["spanId"])) == (32, 16)
    assert int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"]) == 621 * MS
    assert told["gen_ai.response.time_to_first_chunk"] == pytest.approx(0.595)  # message_start, not the first word
    assert told["diptych.time_to_first_token"] == pytest.approx(0.6)
    assert told["gen_ai.response.finish_reasons"] == ["stop"]
    assert (told["gen_ai.request.max_tokens"], told["gen_ai.request.temperature"]) == (9, 1.0)
    assert isinstance(told["gen_ai.request.temperature"], float)
    assert (told["gen_ai.usage.input_tokens"], told["gen_ai.usage.output_tokens"]) == (21, 98)
    assert told["gen_ai.provider.name"] == "anthropic"
    written = b"".join(as_otlp([one], "1"))
    assert KEY.encode() not in written
    assert b"secret prompt" not in written
    assert b"word 1" not in written
    assert spans(one) == [span]  # the same ids each time


def test_a_cut_one_is_an_error_and_one_without_a_moment_is_none() -> None:
    cut = Exchange(
        recording([(600, messages_start() + messages_text("x"))], end=Ended(EndKind.ERROR, 700 * MS, "cut"))
    ).finish()
    (span,) = spans(cut)
    assert span["status"] == {"code": 2}
    assert attributes(span)["error.type"] == "cut"
    assert "gen_ai.response.finish_reasons" not in attributes(span)
    made = stream(words=1)
    made.envelope = msgspec.structs.replace(made.envelope, started_utc="")
    timeless = Exchange(made).finish()
    assert not has_moment(timeless)
    assert spans(timeless, cut) == [span]
