"""What is drawn of the events: ticks where they stand apart, shades that can be compared where they crowd."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from tests.ui.compare.axis.test_scale import scale
from ui.compare.axis.bins import BURST, LEVELS, TICK, Columns, Shades, Tick, opacity, ticks
from ui.compare.axis.scale import LEFT, Scale


class Counted(Sequence[float]):
    """Times that count how often they are looked at."""

    def __init__(self, times: array[float]) -> None:
        self.times, self.looks = times, 0

    def __len__(self) -> int:
        return len(self.times)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # of an int or a slice
        self.looks += 1
        return self.times[index]


def shades(times: Sequence[float], made: Scale) -> dict[int, int]:
    """Where any came the depth of its column."""
    (drawn,) = ticks([times], made)
    assert isinstance(drawn, Shades)
    return {x: level for x, level in enumerate(drawn.levels, drawn.left) if level}


def mean(drawn: list[Tick] | Shades) -> float:
    assert isinstance(drawn, Shades)
    assert len(drawn.levels) > 900
    return sum(drawn.levels) / (len(drawn.levels) - drawn.levels.count(0))


def test_events_that_stand_apart_are_ticks_and_several_of_one_chunk_are_wider() -> None:
    (drawn,) = ticks([[100.0, 500.0, 500.0, 500.0, 501.0, 900.0]], scale())
    assert drawn == [Tick(LEFT + 50, TICK), Tick(LEFT + 250, BURST), Tick(LEFT + 450, TICK)]


def test_two_events_of_two_chunks_are_no_burst() -> None:
    (drawn,) = ticks([[100.0, 101.0, 900.0]], scale())
    assert drawn == [Tick(LEFT + 50, TICK), Tick(LEFT + 450, TICK)]


def test_streams_of_2_and_of_5_ms_do_not_look_alike() -> None:
    quick, slow = ticks([[2.0 * n for n in range(12_000)], [5.0 * n for n in range(4_800)]], scale(24_000))
    assert opacity(round(mean(quick))) - opacity(round(mean(slow))) > 0.2


def test_bursts_and_pauses_inside_a_full_run_are_seen() -> None:
    times = [4.0 * n for n in range(6_000) if not 3_000 <= n < 3_200] + [10_000.0] * 300
    at = shades(sorted(times), scale(24_000))
    burst, beside = LEFT + 10_000 // 24, LEFT + 9_000 // 24
    assert at[burst] == LEVELS > at[beside] + 2
    assert not any(LEFT + 12_050 / 24 < x < LEFT + 12_750 / 24 for x in at)


def test_a_million_events_are_not_looked_at_one_by_one() -> None:
    times = Counted(array("d", (n / 50 for n in range(1_000_000))))
    assert len(shades(times, scale(20_000))) > 900
    assert times.looks < 60_000


def test_only_what_is_in_view_is_drawn() -> None:
    made = scale(24_000)
    made.show(12_000, 12_100)
    (drawn,) = ticks([[5.0 * n for n in range(4_800)]], made)
    assert isinstance(drawn, list)
    assert len(drawn) == 21


def test_what_was_counted_is_not_counted_again_while_the_scale_stays() -> None:
    times, made, known = Counted(array("d", (n / 4 for n in range(40_000)))), scale(20_000), [Columns()]
    ticks([times], made, known)
    first, times.looks = times.looks, 0
    for begin in (40_000, 40_030):  # the second goes on in the same column
        times.times.extend(n / 4 for n in range(begin, begin + 30))
        assert ticks([times], made, known) == ticks([Counted(times.times)], made)
    assert times.looks < first / 20
    made.zoom(4, LEFT + 300)
    assert ticks([times], made, known) == ticks([times.times], made)
    other = array("d", (10.0 * n for n in range(2_000)))
    assert ticks([other], made, known) == ticks([other], made), "another lane"


def test_events_on_the_edges_of_columns_stay_where_they_are() -> None:
    """By the way that it is found an event on an edge is in one column or in the next; those behind it are no further off."""
    made, columns = scale(977.77), Columns()
    times = array("d", (number * made.span_ms / made.pixels for number in range(round(made.pixels))))
    columns.count(times, made)
    assert sum(columns.counts) == len(times)
    assert len(columns.counts) == made.pixels
