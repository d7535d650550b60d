"""How long a side took that brought no whole answer: the silence at its end counts."""

from __future__ import annotations

import pytest

from app.recording.records import Ended, EndKind
from app.run.compare import compare
from app.run.endings import broke_off, lasted_ms, told_ms
from app.run.side import Patience, Side
from tests.builders import JSON, MS, messages_end, messages_start, messages_text, recording, side, stream

BEGUN = [(607.0, messages_start()), (612.0, messages_text("So"))]
LIMITS = Patience(60.0, 30.0, 600.0)


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (Ended(EndKind.ERROR, 30_612 * MS, "silence_timeout"), ("gave up", 30_612.0)),
        (Ended(EndKind.ERROR, 60_000 * MS, "total_timeout"), ("gave up", 60_000.0)),
        (Ended(EndKind.CANCELLED, 8_612 * MS), ("stopped", 8_612.0)),
        (Ended(EndKind.ERROR, 620 * MS, "reset"), ("failed", 620.0)),
        (Ended(EndKind.INTERRUPTED, 5_000 * MS), ("interrupted", 5_000.0)),
        (Ended(EndKind.INTERRUPTED), None),
        (Ended(EndKind.WHOLE, 10_612 * MS), ("ended", 10_612.0)),
        (Ended(EndKind.WHOLE, 613 * MS), None),
    ],
)
def test_what_broke_off_took_as_long_as_it_was_waited_for(end: Ended, told: tuple[str, float] | None) -> None:
    assert broke_off(side("a", recording(BEGUN, end=end))) == told


def test_what_broke_nothing_off() -> None:
    whole = side("a", stream())
    assert broke_off(whole) is None
    assert lasted_ms(whole) == whole.timing.total
    refused = recording([(120.0, b'{"error": {"type": "x", "message": "no"}}')], status=401, headers=JSON)
    assert broke_off(side("a", refused)) is None
    late = recording([(120.0, b"{}")], status=401, headers=JSON, end=Ended(EndKind.WHOLE, 190 * MS))
    assert told_ms(side("a", late)) == side("a", late).timing.total == 120.0


def test_where_nothing_came_only_a_limit_and_the_user_end_a_wait() -> None:
    assert broke_off(side("a", recording([], end=Ended(EndKind.ERROR, 60_000 * MS, "first_byte_timeout")))) == (
        "gave up",
        60_000.0,
    )
    assert broke_off(side("a", recording([], end=Ended(EndKind.CANCELLED, 900 * MS)))) == ("stopped", 900.0)


def running(*pieces: tuple[float, bytes]) -> Side:
    one = side("b", recording(pieces))
    assert one.last is not None
    one.last.recording.end = None
    one.patience = LIMITS
    return one


def test_a_side_that_runs_says_for_how_long_it_has_been_silent_and_when_it_is_given_up() -> None:
    stalled = running(*BEGUN)
    assert stalled.silent(7_712 * MS) == (7.1, 30.0)
    assert side("a", stream()).silent(7_712 * MS) is None
    stalled.patience = Patience(60.0, 30.0, 20.5)
    assert stalled.silent(7_712 * MS) == (7.1, 19.888)
    stalled.patience = None
    assert stalled.silent(7_712 * MS) == (7.1, None)


def test_the_sentence_says_it_from_two_seconds_on() -> None:
    a, b = side("a", stream()), running(*BEGUN)
    came = "A completed after 775 ms. B's first token came after 612 ms."
    assert compare(a, b).sentence == came
    assert compare(a, b, 2_500 * MS).sentence == came
    assert compare(a, b, 7_700 * MS).sentence == f"{came} B has been silent for 7 s and is given up at 30 s."
    assert compare(b, None, 7_700 * MS).sentence == "B has been silent for 7 s and is given up at 30 s."
    b.patience = None
    assert compare(a, b, 7_700 * MS).sentence == f"{came} B has been silent for 7 s."


def test_a_whole_answer_with_a_silence_behind_it_is_not_broken_off() -> None:
    pieces = [*BEGUN, (620.0, messages_end())]
    held = side("a", recording(pieces, end=Ended(EndKind.ERROR, 30_620 * MS, "silence_timeout")))
    assert broke_off(held) is None
    assert lasted_ms(held) == 620.0
