"""An answer as the upstream said it, held against what came out of a relay: made answers, and made times."""

from __future__ import annotations

import json

import pytest

from app.exchange.exchange import Exchange
from app.mirror.answers import compare_answers
from app.mirror.arrivals import Arrived, Given, masked, read_answer
from app.mirror.flow import Flow, passage
from app.mirror.meanings import MEANINGS
from app.mirror.request import Json
from app.mirror.row import Difference, Kind
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.recording.records import Headers

MS = 1_000_000
USAGE = {"input_tokens": 20, "output_tokens": 5, "cache_read_input_tokens": 8}
THINKING: Json = {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"}
LOOK: Json = {"type": "tool_use", "id": "t1", "name": "look", "input": {"city": "Oslo"}}
SEARCH: Json = {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}}
TEXT: Json = {"type": "text", "text": "I look."}
MESSAGE: Json = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "up", "stop_reason": "tool_use", "stop_sequence": None,
    "content": [THINKING, TEXT, LOOK],
    "usage": USAGE,
}  # fmt: skip
CALL = {"id": "t1", "type": "function", "function": {"name": "look", "arguments": '{"city":"Oslo"}'}}
COMPLETION = {
    "id": "c1", "object": "chat.completion", "created": 1, "model": "up",
    "choices": [{
        "index": 0, "finish_reason": "tool_calls",
        "message": {"role": "assistant", "content": "I look.", "reasoning_content": "Hm.", "tool_calls": [CALL]},
    }],
    "usage": {
        "prompt_tokens": 28, "completion_tokens": 5, "total_tokens": 33, "prompt_tokens_details": {"cached_tokens": 8},
    },
}  # fmt: skip


def answer(
    protocol: str, body: object, status: int = 200, headers: Headers = (("content-type", "application/json"),)
) -> Exchange:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    arrived = Arrived(1, "POST", "/v1/x", (), b"{}", 0, 0, protocol)
    return read_answer(arrived, Given(status, headers, data, ((0, len(data)),), False, True))


def told(rows: list[Difference]) -> dict[str, str]:
    assert all(row.meaning and row.label == row.what for row in rows)
    return {row.path: row.reason for row in rows if row.kind is not Kind.KEPT}


def loud(rows: list[Difference]) -> set[str]:
    return {row.path for row in rows if row.loud}


def message(**changes: object) -> dict[str, object]:
    return MESSAGE | changes


def test_the_same_answer_is_kept() -> None:
    rows = compare_answers(answer(MESSAGES, MESSAGE), answer(MESSAGES, MESSAGE))
    assert {row.kind for row in rows} == {Kind.KEPT}
    assert {row.path for row in rows} >= {"text", "tool calls", "thinking", "signature", "stop reason", "input tokens", "model"}


def test_a_faithful_translation_is_quiet() -> None:
    rows = compare_answers(answer(CHAT, COMPLETION), answer(MESSAGES, message(id="msg_2")))
    assert told(rows) == {"stop reason": "answer_end_same", "id": "answer_id"}
    assert not loud(rows)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"content": [TEXT], "stop_reason": "end_turn"}, {"tool calls", "thinking", "signature", "stop reason"}),
        ({"content": [THINKING | {"signature": ""}, TEXT, LOOK]}, {"signature"}),
        ({"content": [THINKING, TEXT | {"text": "We look."}, LOOK]}, {"text"}),
        ({"stop_reason": "max_tokens"}, {"stop reason"}),
        ({"usage": {**USAGE, "input_tokens": 28}}, {"input tokens"}),
        ({"usage": {"input_tokens": 28, "output_tokens": 5}}, {"cached tokens"}),
        ({"content": [SEARCH, THINKING, TEXT, LOOK]}, {"blocks"}),
    ],
)  # fmt: skip
def test_each_loss_is_loud(changes: dict[str, object], expected: set[str]) -> None:
    rows = compare_answers(answer(MESSAGES, MESSAGE), answer(MESSAGES, message(**changes)))
    assert loud(rows) == expected
    assert told(rows)


def test_errors() -> None:
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    headers = (("content-type", "application/json"), ("retry-after", "7"))
    given = answer(MESSAGES, error, 529, headers)
    assert not loud(compare_answers(given, answer(MESSAGES, error, 529, headers)))
    other = {"type": "error", "error": {"type": "api_error", "message": "Upstream said: Overloaded"}}
    rows = compare_answers(given, answer(MESSAGES, other, 500))
    assert told(rows) == {
        "status": "answer_status_changed",
        "error message": "answer_error_quoted",
        "retry-after": "answer_retry_dropped",
    }
    assert loud(compare_answers(given, answer(MESSAGES, MESSAGE))) == {"end"}
    assert loud(compare_answers(answer(MESSAGES, MESSAGE), given)) == {"end"}


def test_a_stop_sequence_is_not_sayable_elsewhere() -> None:
    given = answer(MESSAGES, message(stop_reason="stop_sequence", content=[{"type": "text", "text": "I"}]))
    message_ = {"role": "assistant", "content": "I"}
    came = COMPLETION | {"choices": [{"index": 0, "finish_reason": "stop", "message": message_}]}
    rows = compare_answers(given, answer(CHAT, came))
    assert told(rows)["stop reason"] == "answer_end_unsayable"
    assert "stop reason" not in loud(rows)


RESPONSE: Json = {
    "id": "r", "object": "response", "created_at": 1, "model": "up", "usage": None,
    "output": [{"type": "message", "id": "m", "role": "assistant", "status": "completed",
                "content": [{"type": "output_text", "text": "Hi", "annotations": []}]}],
}  # fmt: skip
CUT: Json = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}


@pytest.mark.parametrize(
    ("said", "reason"), [({}, "answer_end_dropped"), (CUT, "answer_end_changed"), ({"status": "completed"}, "answer_end_same")]
)
def test_an_end_that_is_not_said_is_dropped_and_one_that_is_said_otherwise_changed(said: Json, reason: str) -> None:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hi"}}
    rows = compare_answers(answer(CHAT, COMPLETION | {"choices": [choice]}), answer("openai-responses", RESPONSE | said))
    assert told(rows)["stop reason"] == reason
    assert ("stop reason" in loud(rows)) is (reason != "answer_end_same")


STEADY = [100 * MS * number for number in range(10)]


@pytest.mark.parametrize(
    ("came_out", "flow"),
    [
        ([ns + 3 * MS for ns in STEADY], Flow.PER_EVENT),
        ([ns + 350 * MS for ns in STEADY], Flow.PER_EVENT),
        ([905 * MS + number for number in range(10)], Flow.COLLECTED),
        ([300 * MS] * 3 + [600 * MS] * 3 + [905 * MS] * 4, Flow.BURSTS),
        ([700 * MS] * 7 + [705 * MS, 801 * MS, 903 * MS], Flow.COLLECTED),
        ([500 * MS] * 5 + STEADY[5:], Flow.FIRST_HELD),
        ([], Flow.UNKNOWN),
    ],
)
def test_how_a_stream_came_through(came_out: list[int], flow: Flow) -> None:
    assert passage(STEADY, came_out, streamed_in=True).flow is flow


def test_a_stream_that_was_made_up_and_one_too_short_to_tell() -> None:
    assert passage([0], STEADY, streamed_in=False).flow is Flow.MADE_UP
    assert passage(STEADY[:3], [900 * MS] * 3, streamed_in=True).flow is Flow.UNKNOWN
    assert passage([number * MS for number in range(50)], [50 * MS] * 50, streamed_in=True).flow is Flow.UNKNOWN


def test_whose_key_it_is_and_that_it_is_masked() -> None:
    def one(*headers: tuple[str, str], body: bytes = b"{}") -> Arrived:
        return masked(Arrived(1, "POST", "/v1/x", headers, body, 0, 0, RESPONSES), "sk-of-the-user-1234567890")

    assert one(("authorization", "Bearer sk-of-the-user-1234567890")).key == "passed"
    assert one(("x-api-key", "sk-of-the-relay-1234567890")).key == "own"
    assert one().key == one(("authorization", "Bearer")).key == "none"
    hidden = one(
        ("x-team-secret", "tell-nobody-1"), ("x-api-key", "k1"), body=b'{"said": "sk-of-the-user-1234567890 tell-nobody-1"}'
    )
    assert "tell-nobody-1" not in repr(hidden)
    assert "sk-of-the-user-1234567890" not in repr(hidden)
    assert ("x-api-key", "**") in hidden.headers


def test_every_reason_has_its_sentence() -> None:
    for name in ("text", "calls", "thinking", "signature", "count"):
        assert {f"answer_{name}_{kind}" for kind in ("changed", "dropped", "invented")} <= set(MEANINGS)
    assert {"answer_retry_changed", "answer_retry_dropped"} <= set(MEANINGS)
