"""How a stream came through a relay, by the stamps at both ends: each rule just below its bound, and just above it."""

from __future__ import annotations

import pytest

from app.mirror.flow import Flow, passage
from app.mirror.row import shown
from tests.builders import MS


def every(ms: float, count: int, start_ms: float = 0.0) -> list[int]:
    return [round((start_ms + ms * number) * MS) for number in range(count)]


def test_each_event_as_it_came() -> None:
    assert passage(every(50, 10), every(50, 10, 20), streamed_in=True).flow is Flow.PER_EVENT


@pytest.mark.parametrize(("count", "flow"), [(5, Flow.UNKNOWN), (6, Flow.PER_EVENT)])
def test_a_stream_of_few_parts_says_nothing(count: int, flow: Flow) -> None:
    assert passage(every(60, count), every(60, count), streamed_in=True).flow is flow


@pytest.mark.parametrize(("step_ms", "flow"), [(19.9, Flow.UNKNOWN), (20.0, Flow.PER_EVENT)])
def test_a_short_stream_says_nothing(step_ms: float, flow: Flow) -> None:
    assert passage(every(step_ms, 11), every(step_ms, 11), streamed_in=True).flow is flow


@pytest.mark.parametrize(("step_ms", "moments"), [(3.9, 5), (4.0, 10)])
def test_what_comes_within_four_milliseconds_is_one_moment(step_ms: float, moments: int) -> None:
    assert passage(every(step_ms, 10), every(50, 10), streamed_in=True).moments_in == moments


@pytest.mark.parametrize(("held_ms", "flow"), [(400, Flow.PER_EVENT), (401, Flow.FIRST_HELD)])
def test_a_first_part_that_was_held(held_ms: int, flow: Flow) -> None:
    came_out = [max(held_ms * MS, ns) for ns in every(100, 12)]
    found = passage(every(100, 12), [*came_out[:1], *(ns + MS for ns in came_out[1:])], streamed_in=True)
    assert (found.flow, found.first_lag_ns) == (flow, held_ms * MS)


def test_all_at_its_end_and_none_at_all() -> None:
    went_in = every(100, 12)
    assert passage(went_in, [went_in[-1] + n for n in range(12)], streamed_in=True).flow is Flow.COLLECTED
    assert passage(went_in, [], streamed_in=True).flow is Flow.UNKNOWN
    assert passage([], went_in, streamed_in=True).flow is Flow.UNKNOWN
    assert passage(went_in[:1], went_in, streamed_in=False).flow is Flow.MADE_UP
    assert passage(went_in[:1], went_in[:1], streamed_in=False).flow is Flow.UNKNOWN


@pytest.mark.parametrize(("length", "seen"), [(160, "x" * 160), (161, "x" * 159 + "…")])
def test_a_value_is_shown_on_one_line_of_so_many_characters(length: int, seen: str) -> None:
    assert shown("x" * length) == seen
    assert shown(None) == ""
    assert shown({"a": ["b\n"]}) == '{"a":["b\\n"]}'
