"""Error bodies of every shape that endpoints send, and the JSON decoder beneath."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocols.errors.body import read_error_body, read_error_value, read_unlabelled_error
from app.protocols.reading import ErrorReading
from tests.protocols.stored import exchanges

# fmt: off
SHAPES: dict[str, tuple[str, ErrorReading]] = {
    "anthropic": ('{"type":"error","error":{"type":"not_found_error","message":"model: x","details":null},"request_id":"r"}',
                  ErrorReading("model: x", "not_found_error")),
    "anthropic's code": ('{"type":"error","error":{"type":"t","message":"m","details":{"error_code":"ramp_limit_exceeded"}}}',
                         ErrorReading("m", "t", "ramp_limit_exceeded")),
    "openai": ('{"error":{"message":"no","type":"invalid_request_error","param":"model","code":"model_not_found"}}',
               ErrorReading("no", "invalid_request_error", "model_not_found", "model")),
    "openrouter": ('{"error":{"code":429,"message":"Provider returned error","metadata":{"raw":"slow down"}},"user_id":"u"}',
                   ErrorReading("Provider returned error: slow down", code="429")),
    "one-api": ('{"error":{"message":"余额不足 (request id: 1)","type":"new_api_error","param":"","code":"quota"}}',
                ErrorReading("余额不足 (request id: 1)", "new_api_error", "quota")),
    "an exception of AWS": ('{"throttlingException":{"message":"slow down"}}',
                            ErrorReading("slow down", "throttlingException")),
    "an exception of AWS's model": ('{"modelStreamErrorException":{"message":"no","originalStatusCode":500}}',
                                    ErrorReading("no", "modelStreamErrorException", "500")),
    "a message's own name": ('{"html-message":"fetch failed","provider":"openai"}', ErrorReading("fetch failed")),
    "a page as message": ('{"message":"<html><head><title>502 Bad Gateway</title></head></html>"}',
                          ErrorReading("502 Bad Gateway", upstream=True)),
    "a page behind words": ('{"error":{"message":"Error from (a: 500): <html><title>500 Oops</title></html> Error: x"}}',
                            ErrorReading("Error from (a: 500): 500 Oops", upstream=True)),
    "a stack behind words": (json.dumps({"error": {"message": "fetch failedTypeError: fetch failed\n    at node:a:1:2\n"
                                                              "    at async f (/srv/x.js:1:2)", "type": "api_error"}}),
                             ErrorReading("fetch failed", "api_error")),
    "a stack behind text": (json.dumps({"error": "no\n    at f (/srv/x.js:1:2)"}), ErrorReading("no")),
    "a poem": (json.dumps({"error": "we meet\n  at noon"}), ErrorReading("we meet at noon")),
    "a Python SDK's error as text": (json.dumps({"detail": "Error code: 429 - {'error': {'message': 'too many', 'param': None, "
                                                           "'code': 'rate_limit_exceeded'}}"}),
                                     ErrorReading("too many", code="rate_limit_exceeded", upstream=True)),
    "a printed dictionary": (json.dumps({"error": {"message": "{'message': 'it\\d', 'type': 'APIConnectionError'}"}}),
                             ErrorReading("it\\d", "APIConnectionError")),
    "no words, cut": (json.dumps({"a": "x" * 300}), ErrorReading('{"a": "' + "x" * 193 + "…")),
    "success false": ('{"success":false,"message":"nope"}', ErrorReading("nope")),
    "error true": ('{"error":true,"message":"nope"}', ErrorReading("nope")),
    "code and msg": ('{"code":1113,"msg":"no resource","data":null}', ErrorReading("no resource", code="1113")),
    "fastapi": ('{"detail":"Not Found"}', ErrorReading("Not Found")),
    "fastapi list": ('{"detail":[{"loc":["body","model"],"msg":"Field required","type":"missing"},'
                     '{"loc":["body","messages",0],"msg":"bad","type":"x"}]}',
                     ErrorReading("body.model: Field required; body.messages.0: bad", "missing", param="body.model")),
    "fastapi object": ('{"detail":{"error":{"message":"deep"}}}', ErrorReading("deep")),
    "google": ('[{"error":{"code":400,"message":"API key not valid","status":"INVALID_ARGUMENT"}}]',
               ErrorReading("API key not valid", "INVALID_ARGUMENT", "400")),
    "ollama": ('{"error":"model \\"x\\" not found"}', ErrorReading('model "x" not found')),
    "oauth": ('{"error":"invalid_grant","error_description":"expired"}', ErrorReading("expired", "invalid_grant")),
    "problem+json": ('{"type":"about:blank","title":"Nope","detail":"really","status":403}',
                     ErrorReading("really", "about:blank", "403")),
    "list of errors": ('{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}',
                       ErrorReading("Authentication error", code="10000")),
    "only a type": ('{"error":{"type":"overloaded_error"}}', ErrorReading("overloaded_error", "overloaded_error")),
    "a string": ('"Unauthorized"', ErrorReading("Unauthorized")),
    "text": ("upstream connect error\n", ErrorReading("upstream connect error")),
    "html": ("<html>\n<head><title>502 Bad Gateway</title></head><body><h1>x</h1></body></html>",
             ErrorReading("502 Bad Gateway")),
    "html without a title": ("<!doctype html><style>p{}</style><!-- x --><h1>Just &amp; a\nmoment</h1>",
                             ErrorReading("Just & a moment")),
    "an upstream's body in a relay's words": (
        '{"error":{"message":"litellm.X: AnthropicException - {\\"error\\":{\\"type\\":\\"t\\",\\"message\\":\\"m\\"}}. Handle'
        ' with `litellm.X`.\\n\\nLiteLLM: model group \'a\' failed","type":"o","param":"p","code":"400"}}',
        ErrorReading("m", "t", "400", "p", upstream=True)),
    "an upstream's bytes as Python shows them": (
        json.dumps({"error": "AnthropicException - b'{\"error\":{\"message\":\"don\\'t \\xe6\\xa8\\xa1\"}}'"}),
        ErrorReading("don't 模", upstream=True)),
    "an upstream's words in a relay's": (
        '{"detail":"litellm.Y: RateLimitError: OpenAIException - slow down LiteLLM Retried: 2 times"}',
        ErrorReading("slow down", upstream=True)),
    "an upstream's page in a relay's words": (
        '{"error":{"message":"litellm.Y: OpenAIException - <html><title>502 Bad</title></html>"}}',
        ErrorReading("502 Bad", upstream=True)),
    "a relay's own words with its tail": (
        '{"error":{"message":"litellm.Z: You passed in model=a\\n\\nLiteLLM: model group \'a\' failed"}}',
        ErrorReading("litellm.Z: You passed in model=a")),
    "an object that is no error's": (
        '{"error":{"message":"Invalid schema {\\"message\\": 1}"}}', ErrorReading('Invalid schema {"message": 1}')),
    "an event": ('event: error\ndata: {"type":"error","error":{"type":"t","message":"m"}}\n\n', ErrorReading("m", "t")),
    "an event without its blank line": ('data: {"error":{"message":"m"}}', ErrorReading("m")),
    "an event of words": ("event: error\ndata: timed out\n\n", ErrorReading("timed out")),
    "an event of a stream framed twice": ("data: data: " * 4000, ErrorReading(("data: " * 8000)[:1999] + "…")),
    "words behind an answer's events": (
        'data: {"type":"response.created"}\n\ndata: timed out\n\ndata: [DONE]\n\n', ErrorReading("timed out")),
    "an error behind an answer's events": (
        ': wait\n\ndata: {"choices":[]}\n\ndata: {"message":"busy"}\n\n', ErrorReading("busy")),
    "an answer's events": ('data: {"type":"response.created"}\n\ndata: [DONE]\n\n',
                           ErrorReading("an answer, and no error in it", ours=True)),
    "an answer": ('{"object":"response","output":[{}],"error":null}', ErrorReading("an answer, and no error in it", ours=True)),
    "an answer and an error": ('{"choices":[{"message":{}}],"error":{"message":"m"}}', ErrorReading("m")),
    "nothing": ("", ErrorReading("HTTP 502 with an empty body", ours=True)),
    "no words": ('{"ok":1}', ErrorReading('{"ok":1}')),
    "null": ("null", ErrorReading("null")),
}
# fmt: on


@pytest.mark.parametrize(("body", "expected"), SHAPES.values(), ids=SHAPES.keys())
def test_shapes(body: str, expected: ErrorReading) -> None:
    assert read_error_body(body.encode(), 502) == expected


def test_recorded_errors_are_read_with_the_providers_own_words() -> None:
    failed = [exchange for exchange in exchanges() if exchange["status"] >= 400]
    assert len(failed) == 15
    for exchange in failed:
        inner = json.loads(exchange["body"])["error"]
        error = read_error_body(exchange["body"].encode(), exchange["status"])
        assert error.message.startswith(inner["message"])
        assert (error.type, error.code) == (inner.get("type") or "", str(inner.get("code") or ""))


def test_a_message_is_one_plain_line_of_bounded_length() -> None:
    error = read_error_body(json.dumps({"error": {"message": "a\r\n\x1b[31mb\ud83d" + "x" * 5000}}).encode(), 500)
    assert error.message.startswith("a [31mb�x")
    assert len(error.message) == 2_000
    error.message.encode()


@pytest.mark.parametrize(
    "body", [b'{"error":' * 900 + b"1" + b"}" * 900, b"[" * 100_000, b"\xff\xfe\x00", b"<html>" + b"<script" * 3000]
)
def test_hostile_bodies_do_not_raise(body: bytes) -> None:
    assert read_error_body(body, 500).message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["error", "errors", "message", "detail", "msg", "loc", "type", "code"]), inner)
    ),
    max_leaves=8,
)


@given(JSON)
@settings(deadline=None)
def test_any_json_is_read_without_raising(value: object) -> None:
    assert read_error_body(json.dumps(value).encode(), 500).message
    read_error_value(value)


@given(st.binary(max_size=40))
@settings(deadline=None)
def test_any_bytes_are_read_without_raising(body: bytes) -> None:
    assert read_error_body(body, 500).message


def message_of(value: object) -> str:
    error = read_error_value(value)
    assert error is not None
    return error.message


def test_a_message_has_an_end() -> None:
    assert message_of({"error": "x" * 2000}) == "x" * 2000
    assert message_of({"error": "x" * 2001}) == "x" * 1999 + "…"


@pytest.mark.parametrize(("before_bytes", "message"), [(16_000, "Oops"), (17_000, "<html><!--" + "x" * 190 + "…")])
def test_of_a_page_the_first_16_kb_are_read(before_bytes: int, message: str) -> None:
    body = b"<html><!--" + b"x" * before_bytes + b"--><title>Oops</title>"
    assert read_error_body(body, 500).message == message


@pytest.mark.parametrize(("before", "upstream"), [(16_000, True), (17_000, False)])
def test_an_upstreams_error_is_looked_for_in_the_first_16_000_characters(before: int, upstream: bool) -> None:
    error = read_error_value({"error": " " * before + 'failed: {"error": {"message": "deep"}}'})
    assert (error is not None and error.upstream) is upstream


def test_a_long_message_said_twice_is_said_once() -> None:
    words = "a" + "b" * 1900
    assert message_of({"error": f"{words}Error: {words}\n    at f (/srv/x.js:1:2)"}) == words


@pytest.mark.parametrize(
    ("value", "answered", "found"),
    [
        ({"code": 500, "msg": "no"}, False, True),
        ({"code": 500, "msg": "no"}, True, False),
        ({"base_resp": {"status_code": 1004, "status_msg": "no"}}, True, True),
        ({"base_resp": {"status_code": 0, "status_msg": ""}}, True, False),
        ({"errors": [{"message": "no"}]}, False, True),
        ({"errors": [{"message": "no"}], "data": {"text": "Hi"}}, False, False),
        ({"detail": "no", "content": "Hi"}, False, False),
        ({"error_msg": "no", "result": "Hi"}, False, False),
        ({"code": 200, "message": "fine"}, False, False),
        ({"__type": "ThrottlingException", "message": "no"}, False, True),
        ({"__type": "ThrottlingException", "message": "no"}, True, False),
        ({"modelStreamErrorException": {"message": "no", "originalStatusCode": 500}}, False, True),
        ({"modelStreamErrorException": "no"}, False, False),
        ({"contentBlockDelta": {"message": "no"}}, False, False),
    ],
)
def test_an_object_without_error_is_one_only_beside_no_answer(value: dict[str, object], answered: bool, found: bool) -> None:
    assert (read_unlabelled_error(value, answered=answered) is not None) is found


@pytest.mark.parametrize(
    ("begin", "piece"),
    [
        ("a", " "),
        ("a", "\n"),
        ("a", "\n   at "),
        ("<html>", "<!--"),
        ("<html>", "<script "),
        ("<html>", "<title "),
        ("", "{'"),
        ("", "b'\\"),
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
def test_an_endless_message_is_read_in_time(begin: str, piece: str, wrapped: bool) -> None:
    """Patterns that look at each place anew would take minutes for it."""
    text = begin + piece * 1_000_000 + "z"
    error = read_error_body(json.dumps({"error": {"message": text}}).encode() if wrapped else text.encode(), 500)
    assert len(error.message) <= 2_000
