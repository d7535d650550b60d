"""What a pane that is still empty waits for, and for how long."""

from __future__ import annotations

import pytest

from app.exchange.exchange import Exchange
from app.recording.records import MarkName
from app.run.replay import Replay
from app.run.side import Side, Stage
from tests.builders import MS, event, messages_start, side, stream
from tests.run.test_endings import LIMITS, running
from ui.compare.pane.waiting import waiting_words


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (5.0, "resolving the name · 0.0 s"),
        (20.0, "connecting · 0.0 s"),
        (60.0, "TLS handshake · 0.1 s"),
        (400.0, "waiting for the first byte · 0.4 s"),
        (609.0, "the answer has begun, no text yet · 0.6 s"),
        (9_000.0, ""),
    ],
)
def test_each_step_is_told_with_its_time(ms: float, words: str) -> None:
    replay = Replay({"a": side("a", stream())})
    replay.to(ms)
    shown = replay.sides["a"]
    for one in shown.rounds:
        while one.advance():
            pass
    assert waiting_words(shown, 0) == words


def test_from_two_seconds_of_silence_on_that_too() -> None:
    stalled = running((607.0, messages_start()))
    assert stalled.patience == LIMITS
    assert waiting_words(stalled, 2_500 * MS, calm=True) == "the answer has begun, no text yet · 2 s"
    assert waiting_words(stalled, 2_500 * MS) == "the answer has begun, no text yet · 2.5 s"
    assert waiting_words(stalled, 7_700 * MS) == ("the answer has begun, no text yet · 7.7 s\nsilent for 7 s, gives up at 30 s")


def test_reasoning_and_nothing_at_all() -> None:
    thought = event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": "Hm"})
    assert waiting_words(running((607.0, messages_start()), (612.0, thought)), 900 * MS) == "reasoning, no text yet · 0.9 s"
    assert waiting_words(None, 0) == ""
    begun = Side("a")
    begun.stage = Stage.PLAYING
    assert waiting_words(begun, 0) == "starting"


def test_between_two_rounds() -> None:
    one = Side("a", [Exchange(stream()).finish()])
    one.stage = Stage.PLAYING
    assert waiting_words(one, 9_000 * MS) == "waiting for the next round"
    del one.rounds[0].recording.marks[MarkName.DNS_BEGIN]
    assert waiting_words(one, 9_000 * MS) == "waiting for the next round"
