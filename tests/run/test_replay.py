"""A run played again: at each moment what had come by then, at the end what it was, backwards as forwards."""

from __future__ import annotations

import pytest

from app.exchange.outcome import Outcome
from app.recording.recording import Recording
from app.recording.records import NO_STAMP, Departed, Ended, EndKind, Masked, SideName
from app.run.compare import compare
from app.run.replay import AS_FAST_AS_IT_COMES, Playhead, Replay, can_replay
from app.run.side import Patience, Side
from tests.builders import MS, messages_end, messages_start, messages_text, recording, side, stream

LIMITS = Patience(60.0, 30.0, 600.0)


def read(replay: Replay, ms: float) -> dict[SideName, Side]:
    """The sides at a moment, read."""
    replay.to(ms)
    for one in replay.sides.values():
        for exchange in one.rounds:
            while exchange.advance():
                pass
    return dict(replay.sides)


def pair() -> dict[SideName, Side]:
    return {"a": side("a", stream()), "b": side("b", stream(first_ms=900.0, side="b"))}


def test_at_each_moment_stands_what_had_come() -> None:
    replay = Replay(pair())
    assert replay.end_ms == 900 + 9 * 18 + 1
    sides = read(replay, 0.0)
    assert [one.outcome for one in sides.values()] == [Outcome.RUNNING] * 2
    assert sides["a"].rounds[0].recording.connection is None
    sides = read(replay, 200.0)
    assert sides["a"].rounds[0].recording.connection is not None
    assert sides["a"].rounds[0].recording.head is None
    sides = read(replay, 650.0)
    assert sides["a"].rounds[0].reading.text == "word 0 word 1 word 2 "
    assert sides["a"].timing.ttft == 612.0
    assert sides["a"].timing.total == 648.0
    assert sides["b"].rounds[0].reading.text == ""
    assert sides["b"].timing.ttft is None
    sides = read(replay, 775.0)
    assert (sides["a"].outcome, sides["b"].outcome) == (Outcome.COMPLETED, Outcome.RUNNING)
    assert compare(sides["a"], sides["b"]).sentence == "A completed after 775 ms. B waits for its first token."


def test_at_the_end_it_is_as_it_was() -> None:
    whole = pair()
    replay = Replay(whole)
    sides = read(replay, replay.end_ms)
    assert replay.ended
    assert compare(sides["a"], sides["b"]) == compare(whole["a"], whole["b"])
    for name, one in whole.items():
        again = sides[name].rounds[0]
        assert list(again.recording.records()) == list(one.rounds[0].recording.records())
        assert (again.timing, again.reading, again.findings) == (
            one.rounds[0].timing, one.rounds[0].reading, one.rounds[0].findings,
        )  # fmt: skip


def test_a_step_back_reads_anew_and_gives_what_going_there_gave() -> None:
    forward, back = Replay(pair()), Replay(pair())
    there = read(forward, 700.0)
    read(back, 1_000.0)
    assert back.to(700.0)
    again = read(back, 700.0)
    for name in ("a", "b"):
        assert list(again[name].rounds[0].recording.records()) == list(there[name].rounds[0].recording.records())
        assert again[name].rounds[0].reading == there[name].rounds[0].reading
    assert not back.to(701.0)


def test_nothing_of_the_run_is_changed() -> None:
    whole = pair()
    before = [list(one.rounds[0].recording.records()) for one in whole.values()]
    replay = Replay(whole)
    for ms in (10.0, 640.0, 20.0, 5_000.0):
        read(replay, ms)
    assert [list(one.rounds[0].recording.records()) for one in whole.values()] == before


def test_rounds_keep_their_distance() -> None:
    first, second = stream(), stream(number=2)
    moved = _moved(second, 2_000)
    replay = Replay({"a": side("a", first, moved)})
    assert replay.end_ms == 2_775.0
    assert len(read(replay, 1_999.0)["a"].rounds) == 1
    assert read(replay, 1_999.0)["a"].outcome is Outcome.RUNNING
    sides = read(replay, 2_620.0)
    assert len(sides["a"].rounds) == 2
    assert sides["a"].rounds[1].reading.text == "word 0 "
    assert read(replay, replay.end_ms)["a"].timing.total == 2_775.0


def test_sides_of_other_clocks_begin_together() -> None:
    sides: dict[SideName, Side] = {"a": side("a", stream()), "b": side("b", _moved(stream(side="b"), 86_400_000))}
    replay = Replay(sides)
    assert replay.end_ms == 775.0
    shown = read(replay, 620.0)
    assert shown["a"].rounds[0].reading.text == shown["b"].rounds[0].reading.text == "word 0 "


def test_its_own_time_is_what_it_is_silent_by() -> None:
    whole = side("b", recording([(607.0, messages_start()), (612.0, messages_text("So"))],
                                end=Ended(EndKind.ERROR, 30_612 * MS, "silence_timeout")))  # fmt: skip
    whole.patience = LIMITS
    replay = Replay({"b": whole})
    assert replay.end_ms == 30_612.0
    assert read(replay, 7_612.0)["b"].silent(123) == (7.0, 30.0)
    assert replay.sides["b"].own_ns(123) == 7_612 * MS
    assert read(replay, replay.end_ms)["b"].outcome is Outcome.FAILED


def test_a_secret_is_masked_from_its_first_character_on() -> None:
    one = stream()
    one.apply(Masked("text", 0, 6))
    shown = read(Replay({"a": side("a", one)}), 640.0)
    assert shown["a"].rounds[0].reading.text == "****** word 1 "


def test_what_the_kernel_told_comes_when_it_was_known() -> None:
    one = stream()
    one.departed = Departed(101 * MS, 140 * MS)
    replay = Replay({"a": side("a", one)})
    assert read(replay, 139.0)["a"].rounds[0].recording.departed is None
    assert read(replay, 140.0)["a"].rounds[0].recording.departed is not None


def test_an_end_without_a_time_is_where_the_last_of_it_came() -> None:
    replay = Replay({"a": side("a", recording([(607.0, messages_start())], end=Ended(EndKind.INTERRUPTED)))})
    assert replay.end_ms == 607.0
    assert read(replay, 606.0)["a"].outcome is Outcome.RUNNING
    assert read(replay, 607.0)["a"].outcome is Outcome.INTERRUPTED


@pytest.mark.parametrize("bare", [True, False])
def test_what_has_no_times_is_not_replayed(bare: bool) -> None:
    made = stream()
    if bare:
        made = Recording(made.envelope, made.request)
        made.body.append(NO_STAMP, messages_start() + messages_text("So") + messages_end())
        made.apply(Ended(EndKind.WHOLE))
    assert can_replay({"a": side("a", made)}) is not bare
    assert not can_replay({})
    assert not can_replay({"a": side("a", stream()), "b": Side("b", [side("b", made).rounds[0]])}) or not bare


def test_as_fast_as_it_comes_waits_are_left_out() -> None:
    replay = Replay(pair())
    moments = []
    while not replay.ended:
        replay.to(replay.soon_ms())
        moments.append(replay.at_ms)
    assert moments[0] == 607.0
    assert len(moments) <= 30
    assert moments == sorted(moments)


def test_the_playhead_moves_with_the_clock_at_its_speed() -> None:
    now = [0]
    head = Playhead(1_000.0, lambda: now[0])
    now[0] = 500 * MS
    assert head.at_ms == 0.0
    head.play()
    now[0] += 100 * MS
    assert head.at_ms == 100.0
    head.set_speed(4.0)
    now[0] += 100 * MS
    assert head.at_ms == 500.0
    head.pause()
    now[0] += 100 * MS
    assert head.at_ms == 500.0
    head.seek(200.0)
    head.set_speed(0.25)
    head.play()
    now[0] += 100 * MS
    assert head.at_ms == 225.0
    now[0] += 10_000 * MS
    assert head.at_ms == 1_000.0
    head.set_speed(AS_FAST_AS_IT_COMES)
    head.seek(3.0)
    now[0] += 100 * MS
    assert head.at_ms == 3.0


def _moved(one: Recording, ms: int) -> Recording:
    """The same exchange, so many milliseconds later."""
    for mark in one.marks:
        one.marks[mark] += ms * MS
    for number, ns in enumerate(one.body.stamps):
        one.body.stamps[number] = ns + ms * MS
    assert one.end is not None
    one.end = Ended(one.end.kind, one.end.ns + ms * MS)
    return one
