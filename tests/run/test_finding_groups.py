"""Findings as people count them: what is off in every round is one."""

from __future__ import annotations

from app.recording.recording import Recording
from app.run.finding_groups import above_notes, finding_groups
from app.run.side import Side
from tests.builders import event, messages_end, messages_start, messages_text, recording, side, stream
from ui.compare.pane.side_view import outcome_segments

TWICE = [(600.0, messages_start() + event("message_start", message={})), (650.0, messages_text("So")), (700.0, messages_end())]


def line(one: Side) -> str:
    return outcome_segments(one)[0].text


def broken(number: int) -> Recording:
    return recording(TWICE, number=number)


def test_a_finding_of_every_round_is_counted_once() -> None:
    every = side("a", broken(1), broken(2), broken(3))
    groups = above_notes(finding_groups(every))
    assert all(one.rounds == {1, 2, 3} for one in groups)
    assert [one.first.id for one in groups] == list(dict.fromkeys(one.first.id for one in groups))
    count = len(groups)
    assert line(every) == f"✕ Completed, {count} finding{'s' if count > 1 else ''}, in every round"
    one_round = side("a", broken(1))
    assert line(one_round) == f"✕ Completed, {count} finding{'s' if count > 1 else ''}"
    assert outcome_segments(one_round)[0].link


def test_findings_of_some_rounds_say_of_how_many() -> None:
    some = side("a", stream(number=1), broken(2), stream(number=3))
    assert line(some).endswith(", in 1 of 3 rounds")
    assert above_notes(finding_groups(some))[0].rounds == {2}
    assert not outcome_segments(side("a", stream()))[0].link
