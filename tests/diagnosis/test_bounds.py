"""Where the diagnosis begins and ends to look, to wait and to quote: just below each bound, and just above it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.diagnosis import Action, Context, diagnose, parameters
from app.diagnosis.address import Address
from app.diagnosis.body_facts import BodyFacts
from app.diagnosis.candidates import paths_to_ask
from app.diagnosis.facts import Facts
from app.diagnosis.fields import values
from app.diagnosis.offers import OPENS_TODAY
from app.diagnosis.server_facts import HeadFacts
from app.diagnosis.table import unanswered_calls
from app.diagnosis.waits.times import Time, read_time
from app.recording.records import Ended, EndKind, MarkName
from tests.builders import MS
from tests.diagnosis.limit_cases import DATE
from tests.diagnosis.made import A, C, made, openai


def facts(*given: object, **named: object) -> Facts:
    return Facts(made(*given, **named), Context())  # type: ignore[arg-type]


def rule(*given: object, **named: object) -> str:
    found = diagnose(made(*given, **named))  # type: ignore[arg-type]
    assert found is not None
    return found.rule


@pytest.mark.parametrize(("before", "title"), [(8_100, "Late"), (8_300, "")])
def test_a_page_is_read_so_far(before: int, title: str) -> None:
    assert BodyFacts(made(502, "<html>" + " " * before + "<title>Late</title>")).title == title


@pytest.mark.parametrize(("more", "is_list"), [(0, True), (1, False)])
def test_a_document_is_read_so_far(more: int, is_list: bool) -> None:
    assert BodyFacts(made(200, "[" + " " * (1_048_574 + more) + "]")).json_list is is_list


@pytest.mark.parametrize(("name", "most"), [("message", 301), ("again_raw", 40), ("content_encoding", 60), ("page_title", 80)])
def test_what_is_quoted_has_an_end(name: str, most: int) -> None:
    """Of the 300 characters of a message a mark follows that there is more."""
    for length in (most - 1, most, most + 1):
        text = "x" * length
        exchange = {
            "message": lambda text=text: made(400, openai(text), protocol=C),
            "again_raw": lambda text=text: made(429, openai("no"), protocol=C, headers={"retry-after": text}),
            "content_encoding": lambda text=text: made(200, b"?", headers={"content-encoding": text}),
            "page_title": lambda text=text: made(502, f"<html><title>{text}</title>"),
        }[name]()
        shown = values(Facts(exchange, Context()), [f"{{{name}}}"])[name]
        assert isinstance(shown, str)
        assert len(shown) <= most
        if length < most:
            assert len(shown) in (length, 0)


def test_a_field_has_an_end_whatever_it_is() -> None:
    shown = values(facts(0, end=Ended(EndKind.ERROR, 700 * MS, "unexpected", "x" * 900)), ["{wire_message}"])["wire_message"]
    assert shown == "x" * 499 + "…"


@pytest.mark.parametrize(("length", "seen"), [(199, 199), (200, 200), (201, 200)])
def test_an_address_to_go_to_is_read_so_far(length: int, seen: int) -> None:
    assert len(HeadFacts((("Location", "x" * length),), Address("https://h.example", "", A)).location) == seen


def test_no_more_than_eight_paths_are_asked() -> None:
    assert len(paths_to_ask("https://relay.example/api/anthropic/v1/messages", C)) == 8


@pytest.mark.parametrize(("ms", "silent_s"), [(499, None), (500, 0.5)])
def test_half_a_second_without_a_byte_is_told(ms: int, silent_s: float | None) -> None:
    one = facts(200, b"data: {}\n\n", end=Ended(EndKind.ERROR, (600 + ms) * MS, "read_failed"), streamed=True)
    assert one.end.silent_s == silent_s


@pytest.mark.parametrize(("seconds", "opens"), [(299, "unsaid"), (300, "at")])
def test_a_wait_of_five_minutes_says_when_a_limit_opens(seconds: int, opens: str) -> None:
    assert facts(429, openai("no"), protocol=C, headers={**DATE, "retry-after": str(seconds)}).opens == opens


@pytest.mark.parametrize(("seconds", "today"), [(43_200, True), (43_201, False)])
def test_nobody_waits_longer_than_half_a_day_before_a_button(seconds: int, today: bool) -> None:
    one = facts(429, openai("no"), protocol=C, headers={**DATE, "retry-after": str(seconds)})
    assert [when.action for when in OPENS_TODAY if when.holds(one)] == ([Action.RUN_LATER] if today else [])


@pytest.mark.parametrize(("seconds", "until"), [(119, ""), (120, "12:02 UTC")])
def test_two_minutes_are_told_with_the_time_of_the_day(seconds: int, until: str) -> None:
    again = facts(429, openai("no"), protocol=C, headers={**DATE, "retry-after": str(seconds)}).again
    assert again is not None
    assert again.until == until


@pytest.mark.parametrize(("ms", "seconds"), [(999, 10.0), (1_000, 9.0)])
def test_an_answer_that_took_a_second_was_not_said_at_once(ms: int, seconds: float) -> None:
    marks = {MarkName.DNS_BEGIN: 0.0, MarkName.SEND_END: 100.0, MarkName.HEAD_END: 100.0}
    again = facts(429, openai("no"), protocol=C, headers={**DATE, "retry-after": "10"}, marks=marks, body_ms=100.0 + ms).again
    assert again is not None
    assert again.seconds == seconds


@pytest.mark.parametrize(("size", "name"), [(99_999, "small-body-too-large"), (100_000, "body-too-large")])
def test_a_small_request_is_not_too_large(size: int, name: str) -> None:
    assert rule(413, openai("no"), protocol=C, raw=b"x" * size) == name


@pytest.mark.parametrize(("room", "fits"), [(63, False), (64, True)])
def test_so_much_room_is_left_for_an_answer(room: int, fits: bool) -> None:
    said = (
        f"This model's maximum context length is 8000 tokens. However, you requested {8936 - room} tokens ({8000 - room} in the"
        " messages, 936 in the completion). Please reduce the length of the messages or completion."
    )
    names = {fit: rule(400, openai(said, code="context_length_exceeded"), protocol=C) for fit in (fits,)}
    assert ("prompt" in names[fits]) is not fits


@pytest.mark.parametrize(("ms", "name"), [(999.0, "gateway-timeout-at-once"), (1_000.0, "gateway-timeout")])
def test_a_gateway_that_gives_up_at_once_did_not_wait(ms: float, name: str) -> None:
    assert (
        rule(504, b"no", marks={MarkName.DNS_BEGIN: 0.0, MarkName.SEND_END: 0.0, MarkName.FIRST_BYTE: ms}, body_ms=ms + 5)
        == name
    )


@pytest.mark.parametrize(("before", "words"), [(16_200, "The words"), (16_400, "no words")])
def test_what_stands_in_a_stream_is_read_so_far(before: int, words: str) -> None:
    one = facts(200, b"data: {}\n\n<html><body>" + b" " * before + b"The words", streamed=True)
    assert one.stray.page == words


@pytest.mark.parametrize(("repeated", "same"), [(2, False), (3, True)])
def test_three_calls_alike_are_a_loop(repeated: int, same: bool) -> None:
    said = unanswered_calls("x" * 90, 5, repeated).cause
    assert ("the same arguments" in said) is same
    assert "x" * 70 in said
    assert "x" * 80 not in said


@pytest.mark.parametrize(
    ("raw", "unit_s", "time"),
    [
        ("31622400", 1.0, Time(31_622_400.0)),
        ("31622401", 1.0, None),
        ("999999999", 0.5 / 1024, Time(999_999_999 * 0.5 / 1024)),
        ("1000000000", 1e-3, Time(moment=datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC))),
        ("100000000000", 1.0, Time(moment=datetime(5138, 11, 16, 9, 46, 40, tzinfo=UTC))),
        ("100000000001", 1.0, Time(moment=datetime(1973, 3, 3, 9, 46, 40, 1000, tzinfo=UTC))),
    ],
)
def test_what_is_a_length_and_what_a_moment(raw: str, unit_s: float, time: Time | None) -> None:
    assert read_time(raw, unit_s) == time


def test_a_name_has_an_end() -> None:
    """Without one, each pattern goes through a message of one long word from each of its letters: a second and more."""
    for pattern in (*parameters._REFUSED, *parameters._REFUSED_IF_SENT, *parameters._MISSING, *parameters._ONLY):
        for phrase in (" is not supported", " must be 1.", ": missing", ": extra inputs are not permitted", "' was unexpected"):
            for found in pattern().finditer("'" * 900 + "w" * 1000 + phrase):
                assert len(found.group()) < 200


@pytest.mark.parametrize(
    ("raw", "seconds", "year"),
    [
        ("31622400", 31_622_400.0, None),  # 366 days
        ("31622401", None, None),
        ("999999999", None, None),
        ("1000000000", None, 2001),
        ("100000000000", None, 5138),
        ("100000000001", None, 1973),  # milliseconds by now
    ],
)
def test_a_bare_number_is_a_length_of_up_to_a_year_or_a_moment(raw: str, seconds: float | None, year: int | None) -> None:
    found = read_time(raw)
    assert (found.seconds if found else None) == seconds
    assert (found.moment.year if found and found.moment else None) == year
