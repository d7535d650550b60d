"""When two times of one run are about the same: 20 ms, or a twentieth of the smaller."""

from __future__ import annotations

import pytest

from app.run.compare import compare
from app.run.differences import about_the_same
from app.run.side import Side
from tests.builders import messages_end, messages_start, messages_text, recording, side, stream


@pytest.mark.parametrize(
    ("a_ms", "b_ms", "same"),
    [
        (100.0, 120.0, True), (100.0, 120.1, False), (120.1, 100.0, False), (0.0, 20.0, True), (0.0, 20.1, False),
        (1_000.0, 1_050.0, True), (1_000.0, 1_050.1, False), (1_050.1, 1_000.0, False),
    ],
)  # fmt: skip
def test_about_the_same(a_ms: float, b_ms: float, same: bool) -> None:
    assert about_the_same(a_ms, b_ms) is same
    assert about_the_same(b_ms, a_ms) is same


def at_once(ms: float) -> Side:
    pieces = [(ms - 1, messages_start()), *((ms, messages_text(f"word {n} ")) for n in range(10)), (ms + 1, messages_end())]
    return side("b", recording(pieces, side="b", wait_ms=ms - 102))


@pytest.mark.parametrize(("wrote_ms", "told"), [(499.0, False), (501.0, True)])
def test_a_stream_made_of_a_whole_answer_is_told_where_the_other_wrote_for_half_a_second(wrote_ms: float, told: bool) -> None:
    a = side("a", stream(first_ms=600.0, step_ms=(wrote_ms - 1) / 9))
    said = compare(a, at_once(2_000.0)).sentence
    assert ("B seems to wait for the whole answer" in said) is told


@pytest.mark.parametrize(("share", "told"), [(0.59, False), (0.61, True)])
def test_a_phase_is_named_where_it_is_most_of_a_difference(share: float, told: bool) -> None:
    """B is 1 000 ms later: so much of that is waiting for the first byte, the rest is split over two other phases."""
    more = 1_000 * share
    a = stream(612.0, wait_ms=500.0)
    b = stream(1_612.0, side="b", wait_ms=500.0 + more, connect_ms=30.0 + (1_000 - more) / 2)
    said = compare(side("a", a), side("b", b)).sentence
    assert ("of it is waiting for B's first byte" in said) is told
