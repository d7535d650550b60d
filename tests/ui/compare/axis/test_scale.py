"""The scale of the time axis: places and moments, magnifying, what the labels say."""

from __future__ import annotations

import pytest

from ui.compare.axis.scale import LEFT, RIGHT, Scale, range_in_words, scale_labels


def scale(whole_ms: float = 2_000.0) -> Scale:
    made = Scale()
    made.width = LEFT + RIGHT + 1_000
    made.set_whole(whole_ms)
    made.show_whole()
    return made


def test_a_moment_and_its_place_are_one() -> None:
    made = scale()
    assert (made.x_of(0), made.x_of(500), made.x_of(2_000)) == (LEFT, LEFT + 250, LEFT + 1_000)
    assert made.ms_of(made.x_of(730)) == pytest.approx(730)
    assert made.ms_of(0) == 0.0


def test_magnifying_keeps_the_moment_under_the_pointer_and_stays_inside() -> None:
    made = scale()
    x = made.x_of(500)
    made.zoom(4, x)
    assert made.span_ms == pytest.approx(500)
    assert made.ms_of(x) == pytest.approx(500)
    made.pan(-10_000)
    assert made.begin_ms == 0.0
    assert made.end_ms == pytest.approx(500)
    made.zoom(1_000_000, made.x_of(500))
    assert made.span_ms == 1.0
    assert made.end_ms == pytest.approx(500)
    made.zoom(1e-9, LEFT)
    assert (made.begin_ms, made.end_ms, made.zoomed) == (0.0, 2_000.0, False)


def test_what_is_magnified_stays_where_it_is_while_the_whole_grows() -> None:
    made = scale()
    made.set_whole(3_000)
    assert made.end_ms == 3_000
    made.show(1_000, 1_200)
    made.set_whole(5_000)
    assert (made.begin_ms, made.end_ms) == (1_000, 1_200)
    made.set_whole(1_100)
    assert (made.begin_ms, made.end_ms) == (900, 1_100)


@pytest.mark.parametrize("span_ms", [1.0, 7.0, 95.0, 2_600.0, 24_000.0, 3_600_000.0])
def test_the_lines_are_a_round_step_apart_with_room_for_their_labels(span_ms: float) -> None:
    made = scale(span_ms)
    step = made.step_ms(100)
    assert made.x_of(step) - LEFT >= 99
    assert str(f"{step:.6e}")[0] in "125"
    assert 3 <= len(scale_labels(0, span_ms, step)) <= 11


def test_a_magnified_scale_says_its_unit_once_and_as_finely_as_its_step() -> None:
    assert [text for _, text in scale_labels(12_344.9, 12_345.3, 0.1)] == [
        "12.3449 s",
        "12.3450",
        "12.3451",
        "12.3452",
        "12.3453",
    ]
    assert [text for _, text in scale_labels(611, 640, 10)] == ["620 ms", "630", "640"]


@pytest.mark.parametrize(
    ("begin_ms", "end_ms", "said"),
    [
        (0, 2_600, "0 to 2.6 s"),
        (0, 24_480, "0 to 24 s"),
        (1_200, 1_450, "1.20 to 1.45 s"),
        (612, 845, "612 to 845 ms"),
        (0, 8.2, "0 to 8.2 ms"),
        (998.0, 1_001.0, "0.9980 to 1.0010 s"),
    ],
)
def test_the_range_is_said_as_finely_as_it_is_long(begin_ms: float, end_ms: float, said: str) -> None:
    assert range_in_words(begin_ms, end_ms) == said
