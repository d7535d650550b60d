"""Where fuzzing begins: small answers, files and captures that are in order, and the words worth inserting."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships neither annotations nor stubs
import tomlkit

from tests.faults.answers import GOOD_PIECES, event
from tests.formats.test_endpoint_files import CODEX, ENV, LINK, LITELLM, POSTMAN
from tests.formats.test_har_export import chromium
from tests.formats.test_proxy_sessions import CHARLES, INSOMNIA, PROXYMAN
from tests.fuzz.targets import PAIRS, saved_run, seed_recording

CHROMIUM = chromium()  # with the times of events
MADE = Path(__file__).parents[1] / "formats" / "made"
MESSAGES = b"".join(
    (
        *GOOD_PIECES[:-2],
        event("content_block_start", index=1, content_block={"type": "thinking", "thinking": "", "signature": ""}),
        event("content_block_delta", index=1, delta={"type": "thinking_delta", "thinking": "hm"}),
        event("content_block_delta", index=1, delta={"type": "signature_delta", "signature": "x"}),
        event("content_block_stop", index=1),
        event("content_block_start", index=2, content_block={"type": "tool_use", "id": "t", "name": "f", "input": {}}),
        event("content_block_delta", index=2, delta={"type": "input_json_delta", "partial_json": '{"city": "Par'}),
        event("content_block_delta", index=2, delta={"type": "input_json_delta", "partial_json": 'is"}'}),
        event("content_block_stop", index=2),
        *GOOD_PIECES[-2:],
    )
)


def _data(*documents: object) -> bytes:
    return b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in documents)


def _chunk(delta: object, finish: object = None, **more: object) -> dict[str, object]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "gpt-x", "choices": [choice], **more}


_CALL = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": ""}}
CHAT = (
    _data(
        _chunk({"role": "assistant", "content": ""}),
        _chunk({"content": "Hi"}),
        _chunk({"reasoning_content": "hm"}),
        _chunk({"tool_calls": [_CALL]}),
        _chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"a": 1}'}}]}),
        _chunk({}, "tool_calls"),
        {"id": "c", "model": "gpt-x", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}},
    )
    + b"data: [DONE]\n\n"
)
CHAT_WHOLE = json.dumps(
    {
        "id": "c", "object": "chat.completion", "model": "gpt-x",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": "Hi", "tool_calls": [_CALL]}, "finish_reason": "stop"},
        ],
        "usage": {"prompt_tokens": 3, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 1}},
    }
).encode()  # fmt: skip

_ITEM = {"id": "m", "type": "message", "role": "assistant", "status": "in_progress", "content": []}
_PART = {"type": "output_text", "text": "Hi", "annotations": []}
_DONE = {
    "id": "r", "object": "response", "model": "gpt-x", "status": "completed",
    "output": [{**_ITEM, "status": "completed", "content": [_PART]}],
    "usage": {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7, "output_tokens_details": {"reasoning_tokens": 2}},
}  # fmt: skip
_AT = {"item_id": "m", "output_index": 0, "content_index": 0}


def _numbered(*documents: dict[str, object]) -> bytes:
    return b"".join(event(str(one["type"]), sequence_number=n, **{k: v for k, v in one.items() if k != "type"})
                    for n, one in enumerate(documents))  # fmt: skip


RESPONSES = _numbered(
    {"type": "response.created", "response": {**_DONE, "status": "in_progress", "output": []}},
    {"type": "response.output_item.added", "output_index": 0, "item": _ITEM},
    {"type": "response.content_part.added", **_AT, "part": {**_PART, "text": ""}},
    {"type": "response.output_text.delta", **_AT, "delta": "Hi"},
    {"type": "response.output_text.done", **_AT, "text": "Hi"},
    {"type": "response.content_part.done", **_AT, "part": _PART},
    {"type": "response.function_call_arguments.delta", "item_id": "f", "output_index": 1, "delta": '{"a"'},
    {"type": "response.output_item.done", "output_index": 0, "item": {**_ITEM, "status": "completed", "content": [_PART]}},
    {"type": "response.completed", "response": _DONE},
)
ERROR = b'{"type":"error","error":{"type":"invalid_request_error","message":"no","param":"max_tokens","code":400}}'

PROFILES = tomlkit.dumps(
    {
        "version": 1,
        "profiles": [
            {"name": "A", "base_url": "https://a.test", "uid": "1", "prices": {"input": 1.5}, "limits": {"silence_s": 5.0}},
            {"name": "A", "protocol": "openai-chat", "auth": "bearer", "headers": [["x", "y"]], "future": [1, {"x": 2}]},
            {"name": "", "protocol": "none"},
        ],
    }
).encode()

_LINE = {"id": "1", "protocol": "openai-chat", "status": 200, "headers": {"content-type": "text/event-stream"},
         "body": CHAT.decode(), "request": {"model": "gpt-x", "stream": True}, "stream": True}  # fmt: skip

_PAIRS = (
    b"\x00\x20\x80" + MESSAGES * 2, b"\x01\x20\x80" + CHAT + MESSAGES, b"\x04\x10\x80" + CHAT * 2,
    b"\x08\x40\x80" + RESPONSES * 2, b"\x03\x09\x80" + MESSAGES + CHAT, b"\x04\xff\x80" + CHAT_WHOLE * 2,
)  # fmt: skip
SEEDS: dict[str, tuple[bytes, ...]] = {
    "sse": (
        b"\x05" + MESSAGES, b"\x01\xef\xbb\xbfdata:x\r\n\r\nid: 1\n\n\n:c\rretry: 5\r\rdata\n\n" + CHAT, b"\x40" + CHAT * 6,
        b"\x0d" + b": x\n\n" * 60 + b"\n\n:y\n:z\r\n" + CHAT + b"\n:\n:\n" * 9 + CHAT,
    ),
    "messages": (b"\x00\x07" + MESSAGES, b"\xc8\x07" + ERROR, b"\x07\x05" + ERROR),
    "chat": (b"\x00\x07" + CHAT, b"\xc4\x07" + CHAT_WHOLE, b"\x07\x05" + ERROR),
    "responses": (b"\x00\x07" + RESPONSES, b"\xc4\x07" + json.dumps(_DONE).encode(), b"\x07\x05" + ERROR),
    "decoding": (
        b"\x00\x07" + gzip.compress(MESSAGES) * 2, b"\x01\x07" + zlib.compress(CHAT), b"\x02\x03" + brotli.compress(CHAT),
        b"\x04\x03" + brotli.compress(gzip.compress(CHAT)),
    ),
    "profile_file": (PROFILES,),
    "run_file": (saved_run(seed_recording("openai-chat", CHAT), seed_recording("anthropic-messages", MESSAGES)),),
    "captures": (
        b"\x00" + MESSAGES, b"\x01HTTP/1.1 200 OK\r\ncontent-type: x\r\n\r\n" + CHAT, json.dumps(_LINE).encode() + b"\n",
        *((MADE / name).read_bytes() for name in ("mitmproxy-12.3.1.har", "curl-7.88.1-trace.txt")), CHROMIUM,
    ),
    "kept_calls": (
        *((MADE / name).read_bytes() for name in (
            "vcrpy-9.4.2.yaml", "vcrpy-9.4.2.json", "bruno-4.1.0.json", "httpyac-6.16.7.json", "newman-6.2.2.json",
        )),
        json.dumps([CHARLES]).encode(), json.dumps(PROXYMAN).encode(), json.dumps(INSOMNIA).encode(),
    ),
    "endpoint_files": tuple(text.encode() for text in (CODEX, LITELLM, LINK, ENV, json.dumps(POSTMAN))),
    **dict.fromkeys(PAIRS, _PAIRS),
}  # fmt: skip

WORDS = (
    b"data: ", b"event: ", b"\n\n", b"\r\n", b"\r", b"null", b"true", b"-1", b"1e999", b"[]", b"{}", b'""', b"[DONE]",
    b"\\ud800", b"\\u0000", b"\xff", b"\xef\xbb\xbf", b"99999999999999999999", b"0.5", b"[[[[", b'{"a":', b'"type"',
    b'"index"', b'"usage"', b'"error"', b"NaN", b'"content"', b'"delta"', b"\0", b": x\n", b"id: \0\n",
)  # fmt: skip
