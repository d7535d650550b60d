"""Findings as people count them: what is off in every round is one."""

from __future__ import annotations

from app.exchange.burst_rules import BUFFERED
from app.recording.recording import Recording
from app.run.compare import compare
from app.run.finding_groups import above_notes, finding_groups
from app.run.side import Side
from tests.builders import event, messages_end, messages_start, messages_text, recording, side, stream
from ui.compare.pane.verdict import verdict_words

TWICE = [(600.0, messages_start() + event("message_start", message={})), (650.0, messages_text("So")), (700.0, messages_end())]


def where(one: Side) -> str:
    return verdict_words(one).facts[0]


def broken(number: int) -> Recording:
    return recording(TWICE, number=number)


def test_a_finding_of_every_round_is_counted_once() -> None:
    every = side("a", broken(1), broken(2), broken(3))
    groups = above_notes(finding_groups(every))
    assert all(one.rounds == {1, 2, 3} for one in groups)
    assert [one.first.id for one in groups] == list(dict.fromkeys(one.first.id for one in groups))
    assert where(every) == "in every round"
    one_round = side("a", broken(1))
    assert where(one_round) == "200"
    assert verdict_words(one_round).link == groups[0].first.title


def test_findings_of_some_rounds_say_of_how_many() -> None:
    some = side("a", stream(number=1), broken(2), stream(number=3))
    assert where(some) == "in 1 of 3 rounds"
    assert above_notes(finding_groups(some))[0].rounds == {2}
    assert not verdict_words(side("a", stream())).link


def test_what_is_lost_comes_before_what_comes_late_in_verdict_and_sentence() -> None:
    gulps = [(ms, b"".join(messages_text(f"word {n} ") for n in range(12))) for ms in (700.0, 1_580.0, 2_443.0)]
    late = side("b", recording([(695.0, messages_start()), *gulps, (2_443.0, messages_end(None))], side="b"))
    told = above_notes(finding_groups(late))
    assert len(told) > 1
    assert told[-1].first.rule is BUFFERED
    assert verdict_words(late).link == told[0].first.title
    assert "did not say how many tokens" in compare(side("a", stream()), late).sentence
