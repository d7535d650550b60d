"""How refusals look, and what they give away."""

from __future__ import annotations

import json

import pytest

from app.checks.catalogue.error_shapes import shape_of
from app.protocols.ids import CHAT, MESSAGES
from tests.checks.catalogue.judged import Answers, found, judgement
from tests.checks.made import refused

SHAPES = {
    b"": "empty",
    b"<html>no</html>": "html",
    b"no": "text",
    b'"no"': "text",
    b"[]": "list",
    b'{"detail": "no"}': "detail",
    b'{"error": "no"}': "bare",
    b'{"message": "no"}': "other",
    b'{"error": {"message": "no"}}': "other",
    b'{"error": {"message": "no", "type": "x"}}': "openai-error",
    b'{"type": "error", "error": {"message": "no", "type": "x"}}': "anthropic-error",
}


@pytest.mark.parametrize("body", SHAPES)
def test_shapes(body: bytes) -> None:
    assert shape_of(body) == SHAPES[body]


def refusing(message: str, protocol: str = MESSAGES) -> Answers:
    return {"malformed": [refused(protocol, "no")], "missing": [refused(protocol, message)]}


OWN = refusing("messages: Field required")


@pytest.mark.parametrize(
    ("b", "a", "expected"),
    [
        (OWN, None, ("pass", "like")),
        (OWN, OWN, ("pass", "like")),
        ({"missing": [b"no"]}, None, ("differs", "odd_shape")),
        ({"missing": [b"no"]}, {"missing": [b"no"]}, ("pass", "like")),  # the control's own is the measure
        (refusing("bad request"), OWN, ("differs", "field_unnamed")),
        (refusing('upstream said: {"error": {"message": "messages: Field required"}}'), OWN, ("pass", "nested")),
        ({"missing": [(200, {"type": "message"})]}, OWN, ("inconclusive", "none_refused")),
    ],
)
def test_a_refusals_shape(b: Answers, a: Answers | None, expected: tuple[str, str]) -> None:
    assert found("error_shape", b, a) == expected


def test_another_type_than_the_controls() -> None:
    other: dict[str, object] = {"error": {"message": "no", "type": "new_api_error", "param": None, "code": None}}
    assert found("error_shape", {"missing": [(400, other)]}, {"missing": [refused(CHAT, "no")]}, CHAT) == (
        "differs",
        "other_type",
    )


@pytest.mark.parametrize(
    ("b", "a", "expected"),
    [
        ((("request-id", "req_1"),), (("request-id", "req_1"),), ("pass", "has_id")),
        ((), (("request-id", "req_1"),), ("differs", "no_id")),
        ((), (), ("unsupported", "no_id_either")),
    ],
)
def test_request_ids(b: tuple[tuple[str, str], ...], a: tuple[tuple[str, str], ...], expected: tuple[str, str]) -> None:
    from app.checks.registry import by_id
    from app.checks.seen import Seen
    from tests.checks.catalogue.judged import one_side

    sides = one_side("error_request_id", OWN, headers=b), one_side("error_request_id", OWN, side="a", headers=a)
    one = by_id()["error_request_id"].judge(Seen(*sides)).b
    assert (one.verdict, one.reason) == expected


# What is said in an error, and what it gives away by that ("" for nothing).
LEAKS = {
    "messages: Field required": "",
    "Incorrect API key provided: sk-abc*****wxyz.": "",
    "See https://docs.claude.com/en/api/errors for more.": "",
    "Use version 10.2 or 1.2.3.4 of it": "",
    "at least one message is needed (see messages:1)": "",
    "model sk-learn is not known": "",
    "risk-assessment-2024 is no model": "",
    "request to https://relay.example/v1/messages failed": "",  # its own address
    "POST https://api.upstream.example/v1/messages: 400": "the address of an upstream",
    "dial tcp 10.0.3.17:8080: refused": "a private address",
    "dial tcp 192.168.1.4:80": "a private address",
    "no route to llm.default.svc.cluster.local": "a private address",
    'Traceback (most recent call last): File "/srv/x.py", line 3': "a stack frame",
    "at Relay.send (/app/dist/relay.js:12:5)": "a stack frame",
    "panic: goroutine 12 [running]": "a stack frame",
    "UPSTREAM_API_KEY is not set": "a variable of its environment",
    "key sk-pool-0417abcd is out of credit": "a key",
    "AKIAABCDEFGHIJKLMNOP": "a key",
}


@pytest.mark.parametrize("said", LEAKS)
def test_what_errors_give_away(said: str) -> None:
    one = judgement("error_leaks", refusing(said)).b
    kinds = [str(each.value) for each in one.measured]
    assert kinds == [LEAKS[said]]
    assert one.verdict == {"": "pass", "a key": "fail"}.get(LEAKS[said], "differs")
    assert one.evidence == () if not LEAKS[said] else one.evidence[0].step == "missing"


def test_what_the_control_shows_too_is_no_news() -> None:
    both = refusing("dial tcp 10.0.3.17:8080: refused")
    assert found("error_leaks", both, both) == ("pass", "clean")


def test_a_key_is_not_quoted() -> None:
    words = judgement("error_leaks", refusing("key sk-pool-0417abcd is out of credit")).b.words("B")
    assert "sk-poo…" in words
    assert "0417" not in words


def test_escaped_words_are_read_too() -> None:
    body = json.dumps({"type": "error", "error": {"type": "api_error", "message": 'File "/srv/x.py", line 88, in send'}})
    assert found("error_leaks", {"missing": [body.encode()]}) == ("differs", "gives_away")
