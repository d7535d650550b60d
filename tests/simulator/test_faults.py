"""Every fault shows in the bytes, and only because it was asked for."""

from __future__ import annotations

import json
import time

import pytest

from app.simulator.faults import FAULTS, UnknownFaultError, list_faults, parse_faults
from app.simulator.faults.registry import GROUPS, Stage
from app.simulator.model.memory import Memory
from app.simulator.server.endpoint import Endpoint
from app.simulator.server.urls import FAULT_HEADER, PACE_HEADER, fault_endpoint, split_faults
from app.simulator.shared.events import FAST
from tests.simulator.chat_fault_rows import CHAT_ROWS
from tests.simulator.door_fault_rows import DOOR_ROWS
from tests.simulator.fault_rows import ROWS as COMMON_ROWS
from tests.simulator.fault_rows import SEVERAL, TIMED, Row
from tests.simulator.lie_fault_rows import LIE_ROWS
from tests.simulator.raw import CHAT, MESSAGES, PATHS, Raw, ask, request

NO_FAULT = "fault/no_rate_headers"
ROWS = COMMON_ROWS | CHAT_ROWS | DOOR_ROWS | LIE_ROWS


def shows(row: Row, raw: Raw) -> bool:
    """Does the check hold? One that fails to read the answer does not."""
    try:
        return bool(row.check(raw))
    except (AssertionError, KeyError, IndexError, ValueError, TypeError, AttributeError):
        return False


def put(root: str, endpoint: str, row: Row) -> Raw:
    return ask(root, endpoint, row.url_path, row.body, row.method, row.headers)


def test_every_fault_has_a_row() -> None:
    assert set(ROWS) | TIMED | SEVERAL == set(FAULTS)
    assert not set(ROWS) & (TIMED | SEVERAL)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_fault_shows_in_the_bytes(root: str, name: str) -> None:
    row = ROWS[name]
    asked = name if row.value is None else f"{name}={row.value}"
    answer = put(root, fault_endpoint(asked), row)
    assert shows(row, answer), answer.data[:2000]
    plain = put(root, "fault/retry_after" if name == "no_rate_headers" else NO_FAULT, row)
    assert not shows(row, plain), "the check holds without the fault as well"


def one_of_each_family() -> list[str]:
    """The faults whose code no other has; of a family that is made in a loop the last one. Those below HTTP are left out."""
    above = {name: row for name, row in FAULTS.items() if Stage.WIRE not in row.steps}
    by_code = {tuple(step.__code__ for step, _ in row.steps.values()) or name: name for name, row in above.items()}
    return list(by_code.values())


@pytest.mark.parametrize("protocol", sorted(PATHS))
@pytest.mark.parametrize("stream", [True, False])
def test_every_fault_works_in_every_protocol(protocol: str, stream: bool) -> None:
    """No fault raises, with text and with tools, where uvicorn would answer 500 in plain text.

    Asked without sockets: what is made of an answer there is the same for all, and seen once a fault above.
    """
    headers = {"host": "127.0.0.1:8001", "content-type": "application/json", "anthropic-version": "2023-06-01"}
    for name in sorted(one_of_each_family()):
        for tools in () if name in TIMED else (False, True):
            endpoint = Endpoint(Memory(), FAST, parse_faults([name]))
            body = json.dumps(request(protocol, stream=stream, tools=tools)).encode()
            reply = endpoint.reply(endpoint.context("POST", PATHS[protocol], headers, {}), body)
            assert 100 <= reply.status <= 999, name
            assert isinstance(reply.body, bytes), name


def test_faults_combine_by_path_and_by_header(root: str) -> None:
    body = request(MESSAGES)
    by_path = ask(root, fault_endpoint("crlf", "no_stop"), "/v1/messages", body)
    headers = {FAULT_HEADER: "crlf,no_stop", PACE_HEADER: "none"}
    by_header = ask(root, "official", "/v1/messages", body, headers=headers)
    for answer in (by_path, by_header):
        assert b"\r\n\r\n" in answer.body
        assert b"message_stop" not in answer.body


def test_an_unknown_fault_is_said(root: str) -> None:
    answer = ask(root, "fault/clrf", "/v1/messages", request(MESSAGES))
    assert answer.status == 404
    assert "crlf" in answer.text
    assert ask(root, "official", "/v1/messages", request(MESSAGES), headers={FAULT_HEADER: "clrf"}).status == 404


@pytest.mark.parametrize(("name", "hint"), [("crlf=3", "takes no number"), ("status=high", "whole number"), ("cr1f", "crlf")])
def test_names_are_read_strictly(name: str, hint: str) -> None:
    with pytest.raises(UnknownFaultError, match=hint):
        parse_faults([name])


def test_numbers_default() -> None:
    assert parse_faults(split_faults("cut_after_n=9+crlf, status")) == {"cut_after_n": 9, "crlf": 0, "status": 202}


def test_the_table_is_complete_and_in_order() -> None:
    rows = list_faults()
    assert {row.group for row in rows} == set(GROUPS)
    assert [GROUPS.index(row.group) for row in rows] == sorted(GROUPS.index(row.group) for row in rows)
    assert all(row.line.endswith(".") and len(row.line) < 140 for row in rows)


@pytest.mark.parametrize(
    ("fault", "path"),
    [
        ("delay_head_ms=300", "/v1/chat/completions"),
        ("delay_first_ms=300", "/v1/chat/completions"),
        ("models_slow=300", "/v1/models"),
    ],
)
def test_delays_are_at_least_what_was_asked(root: str, fault: str, path: str) -> None:
    """A lower bound only: a busy machine may take longer, never less."""
    models = path == "/v1/models"
    began = time.monotonic()
    ask(root, fault_endpoint(fault), path, None if models else request(CHAT), "GET" if models else "POST")
    assert time.monotonic() - began >= 0.3


def test_each_event_is_delayed(root: str) -> None:
    began = time.monotonic()
    answer = ask(root, fault_endpoint("delay_each_ms=10"), "/v1/messages", request(MESSAGES))
    assert time.monotonic() - began >= len(answer.events) * 0.01


def test_headers_come_byte_by_byte(root: str) -> None:
    began = time.monotonic()
    answer = ask(root, fault_endpoint("slow_headers=1"), "/v1/messages", request(MESSAGES))
    assert answer.names[-1] == "message_stop"
    assert time.monotonic() - began >= len(answer.head) * 0.001


def test_one_byte_segments_carry_the_whole_answer(root: str) -> None:
    """What the kernel joins is its own affair: the simulator's side is tested as writes, by the chunk framing around each."""
    answer = ask(root, fault_endpoint("one_byte_segments"), "/v1/messages", request(MESSAGES))
    assert answer.names[-1] == "message_stop"
    assert answer.data.endswith(b"0\r\n\r\n")


def test_one_write_keeps_each_event_in_a_chunk_of_its_own(root: str) -> None:
    answer = ask(root, fault_endpoint("one_write=1"), "/v1/messages", request(MESSAGES))
    assert answer.names[-1] == "message_stop"
    assert len(answer.chunks) == len(answer.events) > 5
