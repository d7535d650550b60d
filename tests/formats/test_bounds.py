"""How far into a file is looked for what it is: just below each bound, and just above it."""

from __future__ import annotations

import json

import pytest

from app.formats.capture import CaptureError, Unread, is_stream
from app.formats.captures import _without_trailers, captures_in, from_body
from app.formats.endpoint_files import endpoints_in
from app.formats.file_kinds import foreign_answer, what_it_is
from app.formats.powershell import _parameter
from app.formats.snippets import _python_raw
from app.formats.times import epoch_s, iso_utc
from app.formats.wrappings import curl_error, refuse
from app.formats.yaml_text import decode_yaml
from app.recording.records import Headed, Request

GEMINI = json.dumps({"candidates": [{"content": {"parts": [{"text": "Hi"}]}}]}).encode()


@pytest.mark.parametrize(("before", "found"), [(65_530, True), (65_531, False)])
def test_a_stream_may_begin_behind_other_lines(before: int, found: bool) -> None:
    body = b"x" * before + b"\ndata: {}\n\n"
    assert is_stream(None, body) is found
    assert not is_stream(Headed(200, "OK", "HTTP/1.1", ()), body)


@pytest.mark.parametrize(("before", "kept"), [(511, True), (512, False)])
def test_a_body_that_is_text_was_unpacked(before: int, kept: bool) -> None:
    data = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n" + b"x" * before + b"\x01 and more"
    head = from_body(data, "openai-chat", "x").head
    assert head is not None
    assert (("content-encoding", "gzip") in head.headers) is kept


@pytest.mark.parametrize(("zeros", "empty"), [(4_096, True), (4_095, False)])
def test_a_file_of_zero_bytes_is_told_by_its_beginning(zeros: int, empty: bool) -> None:
    assert ("only zero bytes" in what_it_is(b"\0" * zeros + b"data: {}\n\n")) is empty


@pytest.mark.parametrize(("before", "told"), [(60_000, True), (70_000, False)])
def test_another_apis_answer_is_told_by_its_beginning(before: int, told: bool) -> None:
    assert bool(foreign_answer(b": " + b"x" * before + b"\n\ndata: " + GEMINI + b"\n\n")) is told
    assert foreign_answer(b" " * before + GEMINI)


@pytest.mark.parametrize(("before", "refused"), [(4_000, True), (4_100, False)])
def test_binary_is_told_by_the_beginning(before: int, refused: bool) -> None:
    data = b"x" * before + b"\xff\0" + b"x" * 20
    if refused:
        with pytest.raises(CaptureError, match="binary"):
            refuse(data)
    else:
        refuse(data)


@pytest.mark.parametrize(("length", "code"), [(1_000, 18), (1_001, 0)])
def test_the_error_of_curl_stands_at_the_very_end(length: int, code: int) -> None:
    said = b"curl: (18) transfer closed"
    assert curl_error(b"data: {}\n\n" + said + b"\n" * (length - len(said)))[1] == code


@pytest.mark.parametrize(("length", "left"), [(65_536, 0), (65_537, 65_537)])
def test_trailers_are_looked_for_at_the_end(length: int, left: int) -> None:
    line = b"x-one: " + b"y" * 991 + b"\r\n"
    trailers = line * 65 + b"x-last: " + b"y" * (length - 65_000 - 10) + b"\r\n"
    assert len(trailers) == length
    head = Headed(200, "OK", "HTTP/1.1", (("content-type", "text/event-stream"),))
    notes: list[str] = []
    body = _without_trailers(head, b"data: {}\n\n" + trailers, notes)
    assert (len(body) - 10, len(notes)) == (left, 0 if left else 1)


def test_a_request_of_ones_own_is_waited_for_ten_minutes() -> None:
    assert "    timeout=600,\n" in _python_raw(Request("POST", "https://h.example/v1", (), b"{}"), "openai-chat")


@pytest.mark.parametrize(
    ("name", "whole"), [("me", "me"), ("met", "method"), ("METHO", "method"), ("us", "us"), ("zzz", "zzz")]
)
def test_a_parameter_of_powershell_by_its_beginning(name: str, whole: str) -> None:
    assert _parameter(name) == whole


@pytest.mark.parametrize(("blanks", "is_json"), [(510, True), (511, False)])
def test_a_list_is_told_by_its_beginning(blanks: int, is_json: bool) -> None:
    (one,) = captures_in(b"[" + b" " * blanks + b"{}]", None)
    assert isinstance(one, Unread)
    assert ("does not tell which protocol" in one.why) is is_json


def test_two_hundred_endpoints_of_a_file_are_taken() -> None:
    providers = "".join(f'[model_providers.p{number}]\nbase_url = "https://p{number}.test/v1"\n' for number in range(201))
    found = endpoints_in(providers)
    assert (len(found), found[-1].name) == (200, "p199")


def test_yaml_of_64_megabytes_is_too_long() -> None:
    assert decode_yaml(b"a: b\n#" + b" " * (9 << 20)) == {"a": "b"}
    with pytest.raises(ValueError, match="longer than 67108864 bytes"):
        decode_yaml(bytes((64 << 20) + 1))


@pytest.mark.parametrize(("told", "moment"), [(9e10, "4821-12-26T16:00:00.000Z"), (1.1e11, None), (1.8e12, None)])
def test_a_moment_is_one_that_a_date_can_hold(told: float, moment: str | None) -> None:
    """Milliseconds, which some programs tell, are not taken for seconds."""
    found = epoch_s(told)
    assert (None if found is None else iso_utc(found)) == moment
