"""How an answer ended: what is no completion in any protocol, and what lacks nothing but its last word."""

from __future__ import annotations

import pytest

from app.exchange.end_flaw import EndFlaw
from app.exchange.exchange import Exchange
from app.exchange.outcome import Outcome
from app.formats.captures import from_body
from app.protocols.ends import AnswerEnd, end_of
from tests.builders import event, messages_end
from tests.diagnosis.end_cases import CHOICE, COMPLETED, COMPLETION, DONE, MESSAGE, SAID, chunk
from tests.diagnosis.made import BEGUN, STREAM, A, C, R, made
from tests.protocols.stored import SHARED

BEGUN_CHAT = chunk(None, role="assistant", content="Hi")
CREATED = event("response.created", response=COMPLETED | {"status": "in_progress"})
NO_LAST_LINE = {
    A: BEGUN + messages_end(),
    C: BEGUN_CHAT + chunk("stop"),
    R: CREATED + event("response.completed", response=COMPLETED | {"output": [SAID]}),
}


def streamed(body: bytes, protocol: str) -> Exchange:
    return made(200, body, protocol=protocol, headers=STREAM, streamed=True)


@pytest.mark.parametrize("protocol", NO_LAST_LINE)
def test_only_the_last_blank_line_is_missing(protocol: str) -> None:
    one = streamed(NO_LAST_LINE[protocol][:-1], protocol)
    assert (one.outcome, one.end_flaw) == (Outcome.FAILED, EndFlaw.NO_BLANK_LINE)
    assert one.whole_but_for_end_mark
    assert not streamed(NO_LAST_LINE[protocol], protocol).whole_but_for_end_mark


@pytest.mark.parametrize("protocol", NO_LAST_LINE)
def test_a_last_event_that_is_torn_is_no_end_mark(protocol: str) -> None:
    assert streamed(NO_LAST_LINE[protocol][:-5], protocol).end_flaw is (EndFlaw.NO_END_MARK if protocol == A else EndFlaw.NONE)
    assert not streamed(BEGUN, A).whole_but_for_end_mark


def test_the_end_mark_alone_is_missing() -> None:
    one = streamed(BEGUN + messages_end().removesuffix(event("message_stop")), A)
    assert one.whole_but_for_end_mark


def test_content_in_an_event_that_is_not_read_is_content_that_is_missing() -> None:
    assert not streamed((BEGUN_CHAT + chunk("stop", content="!"))[:-1], C).whole_but_for_end_mark


@pytest.mark.parametrize("reason", ["error", "ERROR", "network_error", "insufficient_system_resource", "abort"])
def test_a_reason_that_tells_a_failure_is_no_completion(reason: str) -> None:
    answers = (
        streamed(BEGUN + messages_end(stop_reason=reason), A),
        made(200, MESSAGE | {"stop_reason": reason}),
        streamed(BEGUN_CHAT + chunk(reason) + DONE, C),
        made(200, COMPLETION | {"choices": [CHOICE | {"finish_reason": reason}]}, protocol=C),
        streamed(CREATED + event("response.completed", response=COMPLETED | {"output": [SAID], "status": reason}), R),
        made(200, COMPLETED | {"status": reason, "output": [SAID]}, protocol=R),
    )
    assert [(one.outcome, one.end_flaw) for one in answers] == [(Outcome.FAILED, EndFlaw.ERROR_REASON)] * 6


def test_a_reason_that_is_left_empty_leaves_a_whole_answer_whole() -> None:
    empty = (
        made(200, MESSAGE | {"stop_reason": ""}),
        made(200, COMPLETION | {"choices": [CHOICE | {"finish_reason": ""}]}, protocol=C),
        made(200, {name: value for name, value in COMPLETED.items() if name != "status"} | {"output": [SAID]}, protocol=R),
    )
    assert [(one.outcome, one.end_flaw) for one in empty] == [(Outcome.COMPLETED, EndFlaw.NONE)] * 3
    told = [{finding.id for finding in one.findings} & {"A21", "C8c", "R23b"} for one in empty]
    assert told == [{"A21"}, {"C8c"}, {"R23b"}]
    nothing = made(200, MESSAGE | {"stop_reason": "", "content": []})
    assert (nothing.outcome, nothing.end_flaw) == (Outcome.FAILED, EndFlaw.NO_REASON)
    stream = streamed(BEGUN_CHAT + chunk("") + DONE, C)
    assert (stream.outcome, stream.end_flaw) == (Outcome.FAILED, EndFlaw.NO_REASON)


@pytest.mark.parametrize("reason", ["end_turn", "stop", "max_tokens", "refusal", "eos", "a word that is new"])
def test_other_reasons_are_completions(reason: str) -> None:
    assert streamed(BEGUN + messages_end(stop_reason=reason), A).outcome is Outcome.COMPLETED
    assert streamed(BEGUN_CHAT + chunk(reason) + DONE, C).outcome is Outcome.COMPLETED


@pytest.mark.parametrize(
    ("word", "end"),
    [
        ("content_filter: PROHIBITED_CONTENT", AnswerEnd.FILTER),  # Gemini's own word behind the protocol's
        ("function_call_filter: MALFORMED_FUNCTION_CALL", AnswerEnd.ERROR),
        ("content_filter: NEW_ONE", AnswerEnd.FILTER),
        ("eos", AnswerEnd.BY_ITSELF),
        ("new: newer", AnswerEnd.OTHER),
    ],
)
def test_reasons_of_other_servers(word: str, end: AnswerEnd) -> None:
    one = streamed(BEGUN_CHAT + chunk(word) + DONE, C)
    assert end_of(one.reading) is end
    assert one.outcome is (Outcome.FAILED if end is AnswerEnd.ERROR else Outcome.COMPLETED)


def test_an_answer_that_failed_while_it_reasoned_is_not_blamed_for_its_missing_words() -> None:
    thought = chunk(None, role="assistant", reasoning_content="Let me")
    found = [{one.id for one in streamed(thought + chunk(reason) + DONE, C).findings} for reason in ("abort", "stop")]
    assert ["C43" in ids for ids in found] == [False, True]


def test_an_empty_answer_that_began_is_more_than_an_end() -> None:
    assert streamed(chunk(None, role="assistant", content="") + chunk("stop") + DONE, C).outcome is Outcome.COMPLETED
    assert streamed(chunk("content_filter") + DONE, C).outcome is Outcome.COMPLETED
    assert streamed(CREATED + event("response.completed", response=COMPLETED), R).outcome is Outcome.COMPLETED


def test_the_end_of_the_first_choice_is_that_of_the_answer() -> None:
    second = chunk(None, content="Yo").replace(b'"index": 0', b'"index": 1')
    assert streamed(BEGUN_CHAT + second + chunk("stop") + DONE, C).outcome is Outcome.COMPLETED


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("messages-no-message-stop.http", True),
        ("chat-error-as-sse-field.http", False),
        ("chat-html-page-in-stream.http", False),
    ],
)
def test_cases(name: str, whole: bool) -> None:
    path = SHARED / "cases" / name
    if not path.is_file():
        pytest.skip("the cases (../shared/cases) are not on this machine")
    one = Exchange(from_body(path.read_bytes(), C if name.startswith("chat") else A, name)).finish()
    assert one.outcome is Outcome.FAILED
    assert one.whole_but_for_end_mark is whole


def test_a_call_cut_at_the_limit_is_said_where_the_limit_is_known() -> None:
    path = SHARED / "cases" / "chat-call-cut-at-max-tokens.http"
    if not path.is_file():
        pytest.skip("the cases (../shared/cases) are not on this machine")
    body = path.read_bytes().partition(b"\r\n\r\n")[2] or path.read_bytes().partition(b"\n\n")[2]
    one = made(200, body, protocol=C, headers=STREAM, streamed=True, request={"messages": [{}], "max_tokens": 64})
    (found,) = (finding for finding in one.findings if finding.id == "G8")
    assert found.sentence.startswith(
        "The answer has exactly as many tokens as were allowed (64), and the arguments of a call break off"
    )


@pytest.mark.parametrize(("size", "is_seen"), [(65_536, True), (65_537, False)])
def test_a_last_event_that_is_longer_than_any_is_not_looked_at(size: int, is_seen: bool) -> None:
    start, end = b'event: message_stop\ndata: {"type":"message_stop","pad":"', b'"}\n'
    last = start + b"x" * (size - len(start) - len(end)) + end
    one = streamed(BEGUN + messages_end().removesuffix(event("message_stop")) + last, A)
    assert (one.end_flaw is EndFlaw.NO_BLANK_LINE) is is_seen


@pytest.mark.parametrize(("events", "is_seen"), [(4, True), (5, False)])
def test_nothing_but_ends_is_said_of_few_events(events: int, is_seen: bool) -> None:
    assert (streamed(DONE * events, C).end_flaw is EndFlaw.NOTHING_BUT_END) is is_seen
