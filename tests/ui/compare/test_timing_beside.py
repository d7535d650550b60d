"""The Timing tabs of both sides: one order, one scale, and how much more B's figures are."""

from __future__ import annotations

from app.exchange.exchange import Exchange
from app.recording.recording import Recording
from app.text import numbers
from tests.builders import event, messages_end, messages_start, recording, stream
from tests.ui.compare.test_panes import both, show
from tests.ui.conftest import Ui
from ui.compare.pane.timing_rows import Row, beside, scale_of, timing_groups
from ui.compare.pane.timing_view import DIFFERENCE, PhaseBar
from ui.compare.tabs import TABS
from ui.widgets.labels import PlainLabel


def sides(a: Recording, b: Recording) -> tuple[list[Row], list[Row]]:
    ours, theirs = Exchange(a).finish(), Exchange(b).finish()
    in_a, in_b = (beside("a", ours, theirs), beside("b", theirs, ours))
    return tuple([row for group in groups[:3] for row in group.rows] for groups in (in_a, in_b))  # type: ignore[return-value]


def test_both_have_the_same_lines_and_what_one_lacks_is_a_dash() -> None:
    a, b = sides(stream(612, 18, 30), stream(300, 18, 30, side="b", reused=True))
    assert [row.name for row in a] == [row.name for row in b]
    lacking = [(row.name, row.value, row.difference) for row in b if row.name in ("name", "connect", "TLS")]
    assert lacking == [(name, numbers.DASH, numbers.DASH) for name in ("name", "connect", "TLS")]
    assert not any(row.difference for row in a)


def test_the_difference_is_b_minus_a() -> None:
    _, b = sides(stream(612, 18, 30), stream(1_024, 25, 30, side="b"))
    told = {row.name: row.difference for row in b}
    assert (told["first token"], told["gap p50"], told["send"], told["start"]) == ("+412.0", "+7.0", "0.0", "")
    _, behind = sides(stream(1_024, 25, 30), stream(612, 18, 30, side="b"))
    assert {row.name: row.difference for row in behind}["first token"] == "−412.0"


def test_first_tokens_of_two_kinds_are_not_compared() -> None:
    thought = event("content_block_start", index=0, content_block={"type": "thinking", "thinking": "", "signature": ""})
    thought += event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": "Hm"})
    pieces = [(600.0, messages_start().partition(b"event: content_block_start")[0] + thought), (700.0, messages_end())]
    _, b = sides(recording(pieces), stream(612, 18, 30, side="b"))
    row = next(row for row in b if row.name == "first token")
    assert (row.value, row.difference) == ("612.0 ms", numbers.DASH)
    assert "thought" in row.tip


def test_bars_of_both_panes_are_on_one_scale(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        await show(ui, *both())
        page.a.tabs.button(TABS.index("Timing")).click()
        bars = [bar for pane in page.panes.values() for bar in pane.findChildren(PhaseBar)]
        scales = {bar._place[2] for bar in bars if bar._place}
        assert scales == {scale_of(timing_groups(page.b.exchange))}  # type: ignore[arg-type]  # it is there
        ui.window.resize(1440, 900)
        ends = {
            pane.name: {round(bar.width(), -1) for bar in pane.findChildren(PhaseBar) if bar._place}
            for pane in page.panes.values()
        }
        assert len(ends["a"]) == 1
        assert ends["a"] == ends["b"]
        heads = [len([1 for one in pane.findChildren(PlainLabel) if one.text() == DIFFERENCE]) for pane in page.panes.values()]
        assert heads == [0, 3]

    ui.play(scene())
