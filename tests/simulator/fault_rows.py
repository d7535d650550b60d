"""One row a fault: what to ask, and what in the bytes shows it. The same question without the fault must not show it."""

from __future__ import annotations

import gzip
import json
import re
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import brotli  # type: ignore[import-untyped]

from tests.simulator.raw import CHAT, COUNT_PATHS, MESSAGES, PATHS, RESPONSES, Raw, request

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

M, C, R = MESSAGES, CHAT, RESPONSES
THINKING: dict[str, Any] = {"thinking": {"type": "enabled", "budget_tokens": 1024}}

EAGER: dict[str, Any] = {
    "name": "get_weather",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
    "eager_input_streaming": True,
}

TAMPERED: dict[str, Any] = request(MESSAGES, stream=False) | {
    "messages": [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": [{"type": "thinking", "thinking": "x", "signature": "bm90IG91cnM="}]},
        {"role": "user", "content": "Go on"},
    ]
}
CONTROLS = {"anthropic-beta": "thinking-binding-controls-2026-08-01"}


@dataclass(frozen=True)
class Row:
    """What to ask (a protocol and a body, or a path), the value of the fault, and the check."""

    protocol: str
    check: Callable[[Raw], object]
    body: dict[str, Any] | None = field(default_factory=dict)
    path: str = ""
    value: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"

    @property
    def url_path(self) -> str:
        return self.path or PATHS[self.protocol]


def streamed(protocol: str, check: Callable[[Raw], object], value: int | None = None, **extra: Any) -> Row:
    """A row whose question asks for a stream."""
    return Row(protocol, check, request(protocol, **extra), value=value)


def whole(protocol: str, check: Callable[[Raw], object], value: int | None = None, **extra: Any) -> Row:
    """A row whose question asks for no stream."""
    return Row(protocol, check, request(protocol, stream=False, **extra), value=value)


def keyed(protocol: str, check: Callable[[Raw], object], **headers: str) -> Row:
    """A row whose question carries keys."""
    return Row(protocol, check, request(protocol, stream=False), headers=_dashed(headers))


def listed(check: Callable[[Raw], object], query: str = "", value: int | None = None, **headers: str) -> Row:
    """A row that asks for the model list."""
    return Row(M, check, None, f"/v1/models{query}", value, _dashed(headers), "GET")


def counting(protocol: str, check: Callable[[Raw], object]) -> Row:
    """A row that counts tokens."""
    body = request(protocol, stream=False)
    body.pop("max_tokens", None)
    return Row(protocol, check, body, COUNT_PATHS[protocol])


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def failing(code: int, check: Callable[[Raw], object]) -> Row:
    """A row whose answer has a status, and what the check wants besides."""
    return whole(M, lambda raw: raw.status == code and check(raw))


def added(raw: Raw) -> list[dict[str, Any]]:
    """The items of a Responses stream as they were added."""
    return [data["item"] for name, data in raw.events if name == "response.output_item.added"]


def indexes(raw: Raw) -> list[int]:
    """The block indexes of a Messages stream, as opened."""
    return [data["index"] for name, data in raw.events if name == "content_block_start"]


def fragments(raw: Raw) -> list[dict[str, Any]]:
    """Chat's tool call fragments."""
    calls: list[list[dict[str, Any]]] = raw.all("choices", 0, "delta", "tool_calls")
    return [call for many in calls for call in many]


def json_text(raw: Raw, index: int = 1) -> str:
    """A Messages block's argument text."""
    return "".join(
        data["delta"]["partial_json"]
        for name, data in raw.events
        if name == "content_block_delta" and data["index"] == index and "partial_json" in data["delta"]
    )


def text_of(raw: Raw) -> str:
    """A Messages stream's text."""
    return "".join(raw.all("delta", "text"))


def blocks(raw: Raw) -> list[dict[str, Any]]:
    """A Messages answer's blocks."""
    return list(raw.json.get("content", []))


def line_of(raw: Raw, pattern: bytes) -> bool:
    """Is there a line of that form in the body?"""
    return re.search(pattern, raw.body, re.MULTILINE) is not None


SCRIPTS = "Das Wetter: 12345, 天气。 " * 40  # another tokenizer counts it otherwise


def input_of(raw: Raw) -> int:
    return int(raw.json["usage"]["input_tokens"])


def read_of(raw: Raw) -> int:
    return int(raw.json["usage"]["cache_read_input_tokens"])


def written_of(raw: Raw) -> int:
    return int(raw.json["usage"]["cache_creation_input_tokens"])


ROWS: dict[str, Row] = {
    # order
    "dup_start": streamed(M, lambda r: r.names[:2] == ["message_start", "message_start"]),
    "no_start": streamed(M, lambda r: "message_start" not in r.names),
    "content_first": streamed(M, lambda r: r.names[0] == "content_block_delta"),
    "no_block_start": streamed(M, lambda r: "content_block_start" not in r.names),
    "no_block_stop": streamed(R, lambda r: "response.output_item.done" not in r.names),
    "index_base": streamed(M, lambda r: indexes(r) == [1]),
    "index_gap": streamed(M, lambda r: indexes(r) == [0, 2, 4], tools=True),
    "block_index_zero": streamed(M, lambda r: indexes(r) == [0, 0, 0], tools=True),
    "interleave": streamed(M, lambda r: indexes(r) == [0, 1] and len(set(r.all("index")[3:7])) == 2),
    "item_added_full": streamed(R, lambda r: any(r.all("item", "content")[0])),
    "wrong_item_id": streamed(R, lambda r: not set(r.all("item_id")) & set(r.all("item", "id"))),
    "items_in_start": streamed(R, lambda r: r.events[0][1]["response"]["output"]),
    "no_item_id": streamed(R, lambda r: not r.all("item_id")),
    "no_item_type": streamed(R, lambda r: "type" not in added(r)[0]),
    "no_response_id": streamed(R, lambda r: not r.all("response", "id")),
    "no_response_id_at_end": streamed(
        R, lambda r: "id" in r.events[0][1]["response"] and "id" not in r.events[-1][1]["response"]
    ),
    "index_of_nothing": streamed(R, lambda r: max(r.all("output_index")) >= 9),
    "new_item_id_when_done": streamed(R, lambda r: any(one.endswith("x") for one in r.all("item", "id"))),
    "no_arguments_at_start": streamed(R, lambda r: all("arguments" not in one for one in added(r)), tools=True),
    "usage_chat_names": whole(R, lambda r: {"prompt_tokens", "completion_tokens_details"} <= set(r.json["usage"])),
    "no_sequence": streamed(R, lambda r: not r.all("sequence_number")),
    "sequence_gap": streamed(R, lambda r: r.all("sequence_number") != list(range(len(r.events)))),
    "empty_choices_first": streamed(C, lambda r: r.events[0][1]["choices"] == []),
    "unknown_event": streamed(M, lambda r: "x_future.progress" in r.names),
    "content_in_start": streamed(M, lambda r: r.names == ["message_start", "message_stop"]),
    "text_in_block_start": streamed(M, lambda r: any(r.all("content_block", "text"))),
    "made_up_delta": streamed(M, lambda r: r.all("delta", "type")[0] == "text"),
    "empty_text_block": whole(M, lambda r: blocks(r)[0] == {"type": "text", "text": ""}),
    "made_up_block": streamed(M, lambda r: r.all("content_block", "type") == ["output_text"]),
    "unknown_block": streamed(M, lambda r: r.all("content_block", "type") == ["spoken_text"]),
    "cumulative_text": streamed(M, lambda r: all(b.startswith(a) for a, b in pairwise(r.all("delta", "text")))),
    # framing and HTTP that no protocol knows
    "page_in_stream": streamed(M, lambda r: r.body.endswith(b"</html>\r\n") and "message_stop" not in r.names),
    "head_in_stream": streamed(M, lambda r: b"\n\nHTTP/1.0 502 Bad Gateway\r\n" in r.body),
    "error_as_field": streamed(C, lambda r: r.body.startswith(b"error: {")),
    "log_lines": streamed(M, lambda r: b"\n\n[info] " in r.body),
    "aws_frames": streamed(M, lambda r: r.body.startswith(b"\0\0") and b":event-type" in r.body),
    "aws_bytes": streamed(M, lambda r: all(set(data) == {"bytes"} for _, data in r.events)),
    "gzip_as_text": whole(M, lambda r: r.body.startswith(b"\x1f\xef\xbf\xbd\x08")),
    "length_and_chunked": streamed(M, lambda r: {"content-length", "transfer-encoding"} <= set(r.headers)),
    # repeats
    "lost_characters": streamed(M, lambda r: "\ufffd\ufffd" in text_of(r)),
    "call_beside_text": whole(M, lambda r: blocks(r)[0]["text"].startswith("<tool_call>"), tools=True),
    "call_repeated": whole(M, lambda r: blocks(r)[-1]["input"] == {"city": "Paris"} and len(blocks(r)) == 4, tools=True),
    "part_twice": whole(M, lambda r: len({block["text"] for block in blocks(r)}) == 1 < len(blocks(r))),
    "reasoning_in_text": whole(M, lambda r: blocks(r)[1]["text"].startswith(blocks(r)[0]["thinking"]), **THINKING),
    "call_as_custom": streamed(R, lambda r: "response.custom_tool_call_input.done" in r.names, tools=True),
    "index_per_delta": streamed(R, lambda r: r.all("content_index")[1:4] == [0, 1, 2]),
    "block_begun_again": streamed(M, lambda r: indexes(r) == [0, 0] and r.names.count("content_block_stop") == 1),
    # terminate
    "early_end": streamed(M, lambda r: "content_block_delta" in r.names[r.names.index("message_stop") :]),
    "reason_taken_back": streamed(M, lambda r: r.all("delta", "stop_reason") == ["end_turn", None]),
    "unknown_reason": streamed(M, lambda r: r.all("delta", "stop_reason") == ["finished"]),
    "no_stop": streamed(M, lambda r: "message_stop" not in r.names),
    "no_done": streamed(C, lambda r: "[DONE]" not in r.text),
    "no_finish": streamed(C, lambda r: "finish" not in r.names),
    "cut_after_n": streamed(M, lambda r: len(r.events) == 4 and r.end == "closed", 4),
    "clean_end_after_cut": streamed(M, lambda r: r.names[-2:] == ["content_block_delta", "message_stop"]),
    "empty_output": streamed(R, lambda r: r.events[-1][1]["response"]["output"] == []),
    "stray_done": streamed(M, lambda r: r.events[-1] == ("", "[DONE]")),
    "done_event": streamed(M, lambda r: r.events[-1] == ("done", "[DONE]")),
    "after_end": streamed(M, lambda r: r.names[-2:] == ["message_stop", "content_block_delta"]),
    "dup_end": streamed(M, lambda r: r.names[-2:] == ["message_stop", "message_stop"]),
    "mid_error": streamed(M, lambda r: r.names[-1] == "error" and r.events[-1][1]["error"]["type"] == "overloaded_error"),
    "mid_error_no_name": streamed(M, lambda r: r.events[-1][0] == "" and r.events[-1][1]["type"] == "error"),
    "mid_error_nested": streamed(R, lambda r: r.events[-1][1]["error"]["code"] == "server_is_overloaded"),
    "failed": streamed(R, lambda r: r.events[-1][1]["response"]["status"] == "failed"),
    "error_as_text": streamed(M, lambda r: text_of(r).startswith("Error: upstream returned 502")),
    "half_frame": streamed(M, lambda r: not r.body.endswith(b"}\n\n") and b"event: message_stop" in r.body),
    "no_blank_line": streamed(M, lambda r: r.body.endswith(b"}\n") and not r.body.endswith(b"\n\n")),
    "cut_utf8": streamed(M, lambda r: r.body.endswith(b"\xe2\x80")),
    # framing
    "some_names_missing": streamed(M, lambda r: [name for name, _ in r.events].count("") == len(r.all("delta", "text"))),
    "unnamed_ping": streamed(M, lambda r: r.events[1] == ("", {"type": "ping"})),
    "delta_named_error": streamed(M, lambda r: any(n == "error" and "delta" in d for n, d in r.events)),
    "bare_error": streamed(M, lambda r: b"\n\nevent: error\n\n" in r.body),
    "block_named_ping": streamed(M, lambda r: any(n == "ping" and "content_block" in d for n, d in r.events)),
    "torn_unnamed": streamed(M, lambda r: line_of(r, rb'^data: \{"type":"content_block_[^}]*$')),
    "crlf": streamed(M, lambda r: b"\r\n\r\n" in r.body and not re.search(rb"[^\r]\n", r.body)),
    "cr": streamed(M, lambda r: b"\r\r" in r.body and b"\n" not in r.body),
    "nospace": streamed(M, lambda r: line_of(r, rb"^data:\{") and not line_of(r, rb"^(data|event): ")),
    "bom": streamed(M, lambda r: r.body.startswith(b"\xef\xbb\xbf") and r.body.count(b"\xef\xbb\xbf") == 1),
    "two_bom": streamed(M, lambda r: r.body.startswith(b"\xef\xbb\xbf" * 2)),
    "no_event_names": streamed(M, lambda r: not line_of(r, rb"^event") and len(r.events) > 5),
    "comments_every_ms": streamed(M, lambda r: r.body.startswith(b": keep-alive\n\n" * 3), 1),
    "data_keepalive": streamed(C, lambda r: line_of(r, rb"^data: : keepalive$")),
    "keepalive_inside": streamed(M, lambda r: re.search(rb"data: \{[^\n]*[^}\n]\n: keep-alive\n\n", r.body)),
    "empty_event": streamed(M, lambda r: b"event: ping\ndata:\n\n" in r.body),
    "event_without_data": streamed(M, lambda r: b"event: ping\n\n" in r.body),
    "id_lines": streamed(M, lambda r: r.body.startswith(b"id: 0\nevent: message_start\n")),
    "comment_after_id": streamed(C, lambda r: b"id: 7\n: keep-alive\n\n: keep-alive\n\n" in r.body),
    "retry_lines": streamed(M, lambda r: r.body.startswith(b"retry: 3000\n\n")),
    "split_bytes": streamed(M, lambda r: max(len(chunk) for chunk in r.chunks) == 5, 5),
    "pad_spaces": streamed(M, lambda r: b"     }\n\n" in r.body),
    "multi_data_lines": streamed(M, lambda r: b"data: {\ndata: " in r.body),
    "invalid_utf8": streamed(M, lambda r: b"\xff" in r.body),
    "unframed_error": streamed(C, lambda r: line_of(r, rb'^\{"error"')),
    # http
    "status": streamed(M, lambda r: r.status == 418, 418),
    "content_type_json": streamed(M, lambda r: r.headers["content-type"] == "application/json"),
    "content_type_text": streamed(M, lambda r: r.headers["content-type"].startswith("text/plain")),
    "content_type_html": streamed(M, lambda r: r.headers["content-type"] == "text/html"),
    "content_type_none": streamed(M, lambda r: "content-type" not in r.headers),
    "gzip": streamed(M, lambda r: b"message_stop" in gzip.decompress(_encoded(r, "gzip"))),
    "deflate": streamed(M, lambda r: b"message_stop" in zlib.decompress(_encoded(r, "deflate"))),
    "br": streamed(M, lambda r: b"message_stop" in brotli.decompress(_encoded(r, "br"))),
    "zstd": streamed(M, lambda r: b"message_stop" in zstd.decompress(_encoded(r, "zstd"))),
    "gzip_claimed": streamed(M, lambda r: r.body.startswith(b"event") and r.headers.get("content-encoding") == "gzip"),
    "gzip_members": streamed(M, lambda r: zlib.decompressobj(31).decompress(_encoded(r, "gzip")) != gzip.decompress(r.body)),
    "gzip_old_name": whole(M, lambda r: json.loads(gzip.decompress(_encoded(r, "x-gzip")))),
    "gzip_trailed": whole(M, lambda r: zlib.decompressobj(31).decompress(_encoded(r, "gzip")) and r.body.endswith(bytes(16))),
    "gzip_identity": whole(M, lambda r: json.loads(gzip.decompress(_encoded(r, "gzip, identity")))),
    "gzip_cut": streamed(M, lambda r: 0 < len(zlib.decompressobj(31).decompress(_encoded(r, "gzip"))) < 4000),
    "buffer_all": streamed(M, lambda r: len(r.chunks) == 1 and len(r.events) > 5),
    "bursts": streamed(M, lambda r: len(r.chunks) == 2, 2),
    "header_flood": streamed(M, lambda r: len(r.headers.get("x-flood", "")) == 65536),
    "html_200": streamed(M, lambda r: r.status == 200 and r.body.startswith(b"<!doctype html>")),
    "html_challenge": streamed(M, lambda r: r.status == 403 and r.headers["cf-mitigated"] == "challenge"),
    "error_200": streamed(M, lambda r: r.status == 200 and r.json["error"]["type"] == "overloaded_error"),
    "error_stream_500": streamed(R, lambda r: r.status == 500 and r.names == ["error"]),
    "no_content_204": streamed(M, lambda r: r.status == 204 and not r.body),
    "stream_as_json": streamed(M, lambda r: r.json["type"] == "message"),
    "json_as_stream": whole(C, lambda r: r.names[-1] == "[DONE]"),
    "panel_html": Row(M, lambda r: r.status == 200 and b"<title>" in r.body, request(M), "/nowhere"),
    "wrapped": whole(M, lambda r: r.json["data"]["type"] == "message"),
    "other_json": streamed(M, lambda r: r.status == 200 and set(r.json) == {"status", "version"}),
    # tools
    "no_tool_name": whole(M, lambda r: [one["name"] for one in blocks(r) if one["type"] == "tool_use"] == ["", ""], tools=True),
    "index_zero": streamed(C, lambda r: {call["index"] for call in fragments(r)} == {0}, tools=True),
    "no_index": streamed(C, lambda r: not any("index" in call for call in fragments(r)), tools=True),
    "repeat_id": streamed(C, lambda r: all(c.get("id") and c["function"].get("name") for c in fragments(r)), tools=True),
    "null_id": streamed(C, lambda r: fragments(r)[0]["id"] is None, tools=True),
    "dup_id": whole(M, lambda r: len({b["id"] for b in blocks(r) if "id" in b}) == 1, tools=True),
    "double_encode": streamed(M, lambda r: isinstance(json.loads(json_text(r)), str), tools=True),
    "object_args": streamed(C, lambda r: {"city": "Paris"} in [c["function"]["arguments"] for c in fragments(r)], tools=True),
    "doubled_args": streamed(M, lambda r: json_text(r) == '{"city":"Paris"}' * 2, tools=True),
    "whole_args": streamed(M, lambda r: '{"city":"Paris"}' in r.all("delta", "partial_json"), tools=True),
    "args_in_start": streamed(M, lambda r: {"city": "Tokyo"} in r.all("content_block", "input"), tools=True),
    "invalid_json": streamed(M, lambda r: json_text(r) == '{"city":"Paris"', tools=True),
    "args_garbage": streamed(M, lambda r: json_text(r) == '{"city":"Paris"}}x', tools=True),
    "wrong_stop_reason": streamed(M, lambda r: r.all("delta", "stop_reason") == ["end_turn"], tools=True),
    "null_stop_reason": streamed(M, lambda r: r.all("delta", "stop_reason") == [None]),
    # usage
    "usage_none": streamed(C, lambda r: not r.all("usage") and "usage" not in r.names),
    "usage_null": streamed(M, lambda r: set(r.all("usage", "output_tokens")) == {None}),
    "usage_zero_start": streamed(M, lambda r: r.all("message", "usage", "input_tokens") == [0]),
    "limit_unsaid": whole(C, lambda r: r.json["usage"]["completion_tokens"] == 4096, max_completion_tokens=4096),
    "usage_zero": whole(C, lambda r: r.json["usage"]["total_tokens"] == 0),
    "usage_every_chunk": streamed(C, lambda r: r.events[2][1]["usage"]),
    "usage_in_finish": streamed(C, lambda r: r.names[-2:] == ["finish", "[DONE]"] and r.events[-2][1]["usage"]),
    "usage_then_chunk": streamed(C, lambda r: r.names[-3:] == ["usage", "usage", "[DONE]"]),
    "usage_not_cumulative": streamed(M, lambda r: r.names.count("message_delta") == 2),
    "usage_cache_in_input": whole(C, lambda r: _cached(r) > r.json["usage"]["prompt_tokens"]),
    "usage_no_choices_key": streamed(C, lambda r: "choices" not in r.events[-2][1]),
    "usage_wrong_total": whole(C, lambda r: r.json["usage"]["total_tokens"] != _total(r)),
    "reasoning_outside": whole(C, lambda r: r.json["usage"]["total_tokens"] == _total(r) + 30),
    "cache_counted_twice": whole(M, lambda r: input_of(r) == 5200),
    "cache_only_at_end": streamed(M, lambda r: r.all("usage", "cache_read_input_tokens") == [3604]),
    "cache_foreign_name": whole(M, lambda r: r.json["usage"]["cache_write_input_tokens"] == 2400),
    "usage_no_details": whole(R, lambda r: "output_tokens_details" not in r.json["usage"]),
    "usage_invented": whole(M, lambda r: input_of(r) == 100 and r.json["usage"]["output_tokens"] == 100),
    "usage_doubled_output": whole(M, lambda r: r.json["usage"]["output_tokens"] > 50),
    "usage_in_start": streamed(R, lambda r: r.events[0][1]["response"]["usage"]),
    "tool_prompt": whole(M, lambda r: input_of(r) > 1000, 1000, tools=[{"name": "x", "input_schema": {"type": "object"}}]),
    "hidden_prompt": whole(M, lambda r: input_of(r) > 1000, 1000),
    "hidden_prompt_cached": whole(M, lambda r: written_of(r) + read_of(r) > 1400),
    "other_tokenizer": whole(M, lambda r: input_of(r) > 40, prompt="漢字" * 10),
    "count_multiplier": whole(M, lambda r: r.json["usage"]["output_tokens"] == 8, 400, prompt="Reply with exactly: pong pong"),
    "output_inflated": whole(C, lambda r: r.json["usage"]["completion_tokens"] == 195, 300, prompt="Say “x”", model="gpt-5.5"),
    "output_padded": whole(M, lambda r: r.json["usage"]["output_tokens"] == 21, 20, prompt="Reply with exactly: pong"),
    "output_rounded": whole(M, lambda r: r.json["usage"]["output_tokens"] == 50, 50, prompt="Reply with exactly: pong"),
    "output_equal": whole(M, lambda r: r.json["usage"]["output_tokens"] == 64),
    "cache_invented": whole(M, lambda r: read_of(r) >= 8 and written_of(r) == 0),
    "count_tokens_404": counting(M, lambda r: r.status == 404),
    "count_tokens_wrong": counting(R, lambda r: r.json["input_tokens"] <= 3),
    # thinking
    "no_signature": whole(M, lambda r: blocks(r)[0].get("signature") == "", **THINKING),
    "fake_signature": whole(M, lambda r: blocks(r)[0]["signature"].startswith("c2lnbmF0dXJl"), **THINKING),
    "signature_in_delta": streamed(M, lambda r: "signature_delta" not in r.all("delta", "type"), **THINKING),
    "thinking_empty": whole(M, lambda r: blocks(r)[0]["thinking"] == "" and blocks(r)[0]["signature"], **THINKING),
    "thinking_uncounted": whole(
        M, lambda r: blocks(r)[0]["thinking"] and "output_tokens_details" not in r.json["usage"], **THINKING
    ),
    "redacted": whole(M, lambda r: blocks(r)[0]["type"] == "redacted_thinking" and blocks(r)[0]["data"]),
    "redacted_empty": streamed(M, lambda r: {"type": "redacted_thinking", "data": ""} in r.all("content_block")),
    "thinking_last": whole(M, lambda r: blocks(r)[-1]["type"] == "thinking", **THINKING),
    "in_text_tags": streamed(M, lambda r: text_of(r).startswith("<think>")),
    "reasoning_content": streamed(C, lambda r: r.all("choices", 0, "delta", "reasoning_content")),
    "no_encrypted_content": whole(R, lambda r: "encrypted_content" not in r.json["output"][0]),
    "signature_unchecked": Row(M, lambda r: r.status == 200, TAMPERED),
    "strip_thinking": Row(M, lambda r: r.status == 200, TAMPERED),
    "retry_without_thinking": Row(M, lambda r: r.status == 200, TAMPERED),
    # model
    "model_echo": whole(C, lambda r: r.json["model"] == "gpt-5.5"),
    "model_rewrite": whole(C, lambda r: r.json["model"] == "upstream/gpt-5.5-2026-04-23:free"),
    "model_substitute": streamed(M, lambda r: r.all("message", "model") == ["claude-haiku-4-5-20251001"]),
    "model_swapped": whole(M, lambda r: (r.json["model"], input_of(r)) == ("claude-sonnet-4-6", 687), prompt=SCRIPTS),
    "model_missing": whole(C, lambda r: "model" not in r.json),
    "model_any": whole(M, lambda r: r.status == 200, model="no-such-model"),
    "echo_key": keyed(M, lambda r: "sk-mine" in r.text and r.headers["x-echo-key"] == "sk-mine", x_api_key="sk-mine"),
    # auth
    "bearer_only": keyed(M, lambda r: r.status == 401, x_api_key="sk-mine"),
    "xkey_only": keyed(M, lambda r: r.status == 401, authorization="Bearer sk-mine"),
    "both_required": keyed(M, lambda r: r.status == 200, x_api_key="sk-mine", authorization="Bearer sk-mine"),
    "both_rejected": keyed(C, lambda r: r.status == 401, x_api_key="sk-mine", authorization="Bearer sk-mine"),
    "key_required": keyed(C, lambda r: r.status == 401 and r.json["error"]["code"] == "missing_api_key"),
    "none_checked": keyed(M, lambda r: r.status == 200, x_api_key="sk-wrong"),
    # limits
    "no_rate_headers": whole(M, lambda r: not any("ratelimit" in name for name in r.headers)),
    "rate_exhausted": whole(M, lambda r: r.headers["anthropic-ratelimit-requests-remaining"] == "0"),
    "retry_after": whole(M, lambda r: r.headers.get("retry-after") == "9", 9),
    "retry_after_date": whole(M, lambda r: r.headers.get("retry-after", "").endswith(" GMT")),
    "retry_after_ms": whole(M, lambda r: r.headers.get("retry-after-ms") == "1500"),
    "retry_after_nonsense": whole(M, lambda r: r.headers.get("retry-after") == "soon"),
    "should_retry_true": whole(M, lambda r: r.headers.get("x-should-retry") == "true"),
    "should_retry_false": whole(M, lambda r: r.headers.get("x-should-retry") == "false"),
    # models
    "models_paginated": listed(lambda r: len(r.json["data"]) == 2 and r.json["has_more"]),
    "models_openai_shape": listed(lambda r: r.json.get("object") == "list"),
    "models_anthropic_shape": listed(lambda r: "has_more" in r.json, anthropic_version=""),
    "models_hybrid": listed(lambda r: r.json.get("success") is True),
    "models_bare_list": listed(lambda r: isinstance(r.json, list)),
    "models_ollama_shape": listed(lambda r: r.json["models"][0]["name"]),
    "models_empty": listed(lambda r: r.json["data"] == []),
    "models_404": listed(lambda r: r.status == 404),
    "models_unauthenticated": listed(lambda r: r.status == 200, x_api_key="sk-wrong"),
    # behaviour
    "lenient": whole(M, lambda r: r.status == 200, zz_probe=1),
    "ignore_max_tokens": whole(M, lambda r: r.json["stop_reason"] == "end_turn", max_tokens=3),
    "ignore_stop": whole(M, lambda r: r.json["stop_reason"] == "end_turn", stop_sequences=["sky"]),
    "ignore_system": whole(M, lambda r: "ORCHID" not in r.text, system="Answer with the single word ORCHID."),
    "ignore_tools": whole(M, lambda r: r.json["stop_reason"] == "end_turn", tools=True),
    "ignore_tool_choice": whole(C, lambda r: "tool_calls" in r.json["choices"][0]["message"], tools=True, tool_choice="none"),
    "ignore_tool_choice_any": whole(
        M, lambda r: r.json["stop_reason"] == "end_turn", tools=True, tool_choice={"type": "any"}, prompt="Hello."
    ),
    "ignore_previous_id": whole(R, lambda r: r.status == 200, previous_response_id="resp_gone"),
    "ignore_include_usage": streamed(C, lambda r: "usage" not in r.names),
    "ignore_thinking": whole(M, lambda r: blocks(r)[0]["type"] == "text", **THINKING),
    "eager_field_dropped": streamed(M, lambda r: '{"city":"Tok' in r.all("delta", "partial_json"), tools=[EAGER]),
    "eager_field_refused": whole(M, lambda r: r.status == 400, tools=[EAGER]),
    "beta_rejected": Row(M, lambda r: r.status == 400, request(M), headers={"anthropic-beta": "context-1m-2025-08-07"}),
    "beta_field_dropped": whole(M, lambda r: r.status == 200, context_management={"edits": []}),
    "query_404": Row(M, lambda r: r.status == 404, request(M), "/v1/messages?beta=true"),
    # routing
    "beta_swallowed": Row(M, lambda r: "input_transformations" not in r.json, request(M, stream=False), headers=CONTROLS),
    "other_stack": whole(M, lambda r: r.json["id"].startswith("msg_bdrk_") and "x-amzn-requestid" in r.headers),
    # below HTTP
    "rst": streamed(M, lambda r: r.end == "reset" and 0 < len(r.body) < 4000),
    "rst_at_once": streamed(M, lambda r: r.end == "reset" and not r.data),
    "close_at_once": streamed(M, lambda r: r.end == "closed" and not r.data),
    "silent": streamed(M, lambda r: r.end == "silent" and not r.data),
    "silent_after_headers": streamed(M, lambda r: r.end == "silent" and r.status == 200 and not r.body),
    "stall_after_n": streamed(M, lambda r: r.end == "silent" and len(r.events) == 4, 4),
    "half_head": streamed(M, lambda r: r.end == "closed" and r.data and b"\r\n\r\n" not in r.data),
    "cut_chunk": streamed(M, lambda r: r.end == "closed" and r.data.endswith(b"400\r\ndata: {")),
    "no_zero_chunk": streamed(M, lambda r: r.names[-1] == "message_stop" and not r.data.endswith(b"0\r\n\r\n")),
    "content_length_long": whole(M, lambda r: int(r.headers["content-length"]) == len(r.body) + 100),
    "content_length_short": whole(M, lambda r: int(r.headers["content-length"]) == len(r.body) // 2),
    "length_twice": streamed(M, lambda r: r.head.count("content-length: ") == 2 and r.names[-1] == "message_stop"),
    "continue_unasked": streamed(M, lambda r: r.data.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ")),
    "no_length": streamed(M, lambda r: not {"content-length", "transfer-encoding"} & set(r.headers)),
    "chunk_extensions": streamed(M, lambda r: b";pace=easy\r\n" in r.data and r.names[-1] == "message_stop"),
    "not_http": streamed(M, lambda r: r.data.startswith(b"SSH-2.0")),
    "endless_headers": streamed(M, lambda r: r.end == "limit" and b"\r\n\r\n" not in r.data),
    "informational_1xx": streamed(M, lambda r: r.data.startswith(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 ")),
    "switching_101": streamed(M, lambda r: r.status == 101),
    "gzip_bomb": streamed(M, lambda r: len(zlib.decompressobj(31).decompress(_encoded(r, "gzip"))) == 8 << 20, 8),
    "deep_nesting": whole(M, lambda r: r.body == b"[" * 5000 + b"]" * 5000, 5000),
    "long_line": streamed(M, lambda r: r.end == "limit" and b"\n" not in r.body[20:]),
    "tiny_events": streamed(M, lambda r: r.names == ["ping"] * 9, 9),
    "endless_comments": streamed(M, lambda r: r.end == "limit" and set(r.body.split(b"\n\n")) <= {b": keep-alive", b""}, 0),
    "endless_body": streamed(M, lambda r: r.end == "limit" and r.names.count("content_block_delta") > 1000),
}
for _code in (301, 302, 303, 307, 308):
    ROWS[f"redirect_{_code}"] = failing(_code, lambda r: r.headers["location"] == "http://localhost:9/v1/messages")
for _code in (400, 401, 402, 403, 404, 405, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529):
    ROWS[f"error_{_code}"] = failing(_code, lambda r: r.json["type"] == "error")
    ROWS[f"error_{_code}_html"] = failing(_code, lambda r: r.text.startswith("<html>"))
    ROWS[f"error_{_code}_empty"] = failing(_code, lambda r: r.body == b"")
ROWS |= {
    "error_400_credit": whole(M, lambda r: r.status == 400 and "credit balance" in r.text),
    "error_400_context": whole(C, lambda r: r.json["error"]["code"] == "context_length_exceeded"),
    "error_403_region": whole(C, lambda r: r.json["error"]["code"] == "unsupported_country_region_territory"),
    "error_404_model": whole(C, lambda r: r.status == 404 and r.json["error"]["code"] == "model_not_found"),
    "error_429_quota": whole(C, lambda r: r.status == 429 and r.json["error"]["type"] == "insufficient_quota"),
    "error_429_spend": whole(M, lambda r: r.json["error"]["details"]["error_code"] == "enforced_spend_limit_reached"),
    "error_503_no_channel": whole(C, lambda r: r.status == 503 and r.json["error"]["type"] == "new_api_error"),
    "error_422_fastapi": whole(C, lambda r: r.status == 422 and r.json["detail"][0]["loc"] == ["body", "messages"]),
    "error_429_openrouter": whole(C, lambda r: r.json["error"]["code"] == 429),
    "error_400_google": whole(C, lambda r: r.json[0]["error"]["status"] == "INVALID_ARGUMENT"),
    "error_400_foreign": whole(M, lambda r: r.status == 400 and "type" not in r.json),
    "error_500_text": whole(M, lambda r: r.status == 500 and r.headers["content-type"] == "text/plain"),
}
# Shown by several requests: their tests stand in test_routing.py.
SEVERAL = {
    *(
        "cancel_blocks",
        "seed",
        "sometimes",
        "every",
        "other_account",
        "account_rotation",
        "cache_never_hits",
        "reply_cache",
        "reply_cache_semantic",
        "answers_mixed_up",
    ),
}
# Shown by when bytes come, not by which: their tests stand in test_faults.py.
TIMED = {"delay_head_ms", "delay_first_ms", "delay_each_ms", "models_slow", "slow_headers", "one_byte_segments", "one_write"}


def _encoded(raw: Raw, encoding: str) -> bytes:
    """The body, where the header says it has this encoding."""
    assert raw.headers.get("content-encoding") == encoding, "not encoded so"
    return raw.body


def _cached(raw: Raw) -> int:
    return int(raw.json["usage"]["prompt_tokens_details"]["cached_tokens"])


def _total(raw: Raw) -> int:
    return int(raw.json["usage"]["prompt_tokens"] + raw.json["usage"]["completion_tokens"])
