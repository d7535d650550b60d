"""A side that stalls is told as that: in its figures, on the axis, in its line, while it goes on and afterwards."""

from __future__ import annotations

import pytest

from app.exchange.exchange import Exchange
from app.recording.recording import Recording
from app.recording.records import Ended, EndKind
from app.text import numbers
from tests.builders import MS, messages_start, messages_text, recording, side, stream
from tests.run.test_endings import BEGUN, LIMITS, running
from ui.compare.axis import lane as lane_module
from ui.compare.axis.lane import Lane
from ui.compare.axis.scale import scale_labels
from ui.compare.pane.side_view import tiles
from ui.compare.pane.timing_rows import timing_groups
from ui.compare.pane.verdict import verdict_words

GIVEN_UP = Ended(EndKind.ERROR, 30_612 * MS, "silence_timeout")


def test_the_total_says_when_it_was_given_up() -> None:
    def total(end: Ended) -> str:
        return tiles(side("b", recording(BEGUN, end=end)))[1].figure

    assert total(GIVEN_UP) == "Total: gave up after 30.61 s"
    assert total(Ended(EndKind.CANCELLED, 8_612 * MS)) == "Total: stopped after 8.61 s"
    assert "The last byte came after 612 ms." in tiles(side("b", recording(BEGUN, end=GIVEN_UP)))[1].tip
    assert tiles(side("a", stream()))[1].figure == "Total: 775 ms"


def test_the_timing_tab_says_the_same_as_the_tile() -> None:
    def moments(one: Recording) -> dict[str, str]:
        groups = {group.title: group.rows for group in timing_groups(Exchange(one).finish())}
        return {row.name: row.value for row in groups["Moments since the start"][-2:]}

    assert moments(recording(BEGUN, end=GIVEN_UP)) == {"last byte": "612.0 ms", "gave up": f"{numbers.grouped(30_612.0, 1)} ms"}
    assert moments(recording(BEGUN, end=Ended(EndKind.CANCELLED, 8_612 * MS)))["stopped"] == f"{numbers.grouped(8_612.0, 1)} ms"
    nothing = recording([], end=Ended(EndKind.ERROR, 60_000 * MS, "first_byte_timeout"))
    assert moments(nothing)["gave up"] == f"{numbers.grouped(60_000.0, 1)} ms"
    assert moments(stream())["total"] == "775.0 ms"


def lane_of(*sides: object) -> Lane:
    lane = Lane(*sides)  # type: ignore[arg-type]
    while lane.advance():
        pass
    return lane


def test_the_silence_is_on_the_axis_up_to_its_end() -> None:
    lane = lane_of(side("b", recording(BEGUN, end=GIVEN_UP)))
    assert lane.blocks[-1].words == "30.00 s of silence"
    assert (lane.blocks[-1].begin_ms, lane.end_ms, lane.broken_off) == (612.0, 30_612.0, True)
    stopped = lane_of(side("b", recording(BEGUN, end=Ended(EndKind.CANCELLED, 1_612 * MS))))
    assert not any(block.silent for block in stopped.blocks)
    whole = lane_of(side("a", stream()))
    assert not any(block.silent for block in whole.blocks)
    assert not whole.broken_off
    nothing = lane_of(side("b", recording([], end=Ended(EndKind.ERROR, 60_000 * MS, "first_byte_timeout"))))
    assert nothing.end_ms == 60_000.0


def test_the_silence_grows_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [2_000 * MS]
    monkeypatch.setattr(lane_module, "now_ns", lambda: now[0])
    lane = lane_of(running(*BEGUN))
    assert not any(block.silent for block in lane.blocks)
    now[0] = 7_612 * MS
    assert lane.blocks[-1].words == "7.00 s of silence"
    assert lane.end_ms == 7_612.0


def test_the_line_says_for_how_long_and_when_it_is_given_up() -> None:
    stalled = running((607.0, messages_start()), (612.0, messages_text("So")))
    assert stalled.patience == LIMITS
    told = [one.text for one in verdict_words(stalled, now_ns=7_700 * MS).words]
    assert told == ["● Running", "silent for 7 s, gives up at 30 s"]
    assert [one.text for one in verdict_words(stalled, now_ns=2_500 * MS).words] == ["● Running"]


@pytest.mark.parametrize(
    ("end_ms", "step_ms", "labels"),
    [
        (24_000, 5_000, ["0 s", "5", "10", "15", "20"]),
        (12_000, 500, ["0 s", "0.5", "1.0", "1.5"]),
        (10_100, 200, ["0 s", "0.2", "0.4", "0.6"]),
        (9_000, 2_000, ["0 ms", "2 000", "4 000", "6 000", "8 000"]),
        (9, 1, ["0 ms", "1", "2", "3"]),
    ],
)
def test_the_scale_is_labelled_as_finely_as_its_step(end_ms: float, step_ms: float, labels: list[str]) -> None:
    made = scale_labels(0.0, end_ms, step_ms)
    assert [text for _, text in made][: len(labels)] == labels
    assert [float(text.replace(numbers.THIN, "")) for _, text in made[1:]] == [
        pytest.approx(ms / (1000 if end_ms >= 10_000 else 1)) for ms, _ in made[1:]
    ]
