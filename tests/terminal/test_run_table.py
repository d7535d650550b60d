"""The table of a run: how the findings of several rounds are listed."""

from __future__ import annotations

import pytest

from app.run.json_report import side_facts
from app.terminal.run_table import print_run
from tests.builders import EVENT_STREAM, messages_end, messages_start, messages_text, recording, side, stream

WHOLE = messages_start() + messages_text("Hello") + messages_end()
CRLF = WHOLE.replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("bodies", "place"),
    [
        ([CRLF], ""),
        ([CRLF] * 8, " (rounds 1 to 8)"),
        ([CRLF, WHOLE, CRLF], " (rounds 1, 3)"),
        ([CRLF, CRLF, WHOLE], " (rounds 1, 2)"),
        ([WHOLE, CRLF], " (round 2)"),
    ],
)
def test_the_same_finding_of_several_rounds_is_one_line(
    bodies: list[bytes], place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds = [recording([(600.0, body)], headers=EVENT_STREAM, number=number) for number, body in enumerate(bodies, 1)]
    print_run([side("a", *rounds)])
    lines = [line for line in capsys.readouterr().out.splitlines() if " C14 " in line]
    said = "Lines end with CRLF. That is legal, but parsers that look for two LFs wait for ever."
    assert lines == [f"A · C14  {said}{place}"]


def test_a_finding_of_one_event_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    spoilt = messages_start() + b"[info] one\n\n" + messages_text("Hello") + messages_end()
    print_run([side("a", recording([(600.0, spoilt)]), recording([(600.0, WHOLE)], number=2))])
    (line,) = [line for line in capsys.readouterr().out.splitlines() if " C11b " in line]
    assert line.endswith("(round 1, event 3)")


def test_what_the_endpoint_says_that_it_cost_has_a_row_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    end = messages_end().replace(b'"output_tokens"', b'"cost":0.0042,"output_tokens"')
    print_run(
        [
            side("a", recording([(600.0, messages_start() + messages_text("Hi") + end)], headers=EVENT_STREAM)),
            side("b", stream()),
        ]
    )
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("cost, as it says")]
    assert line.removeprefix("cost, as it says").split() == ["$0.0042", "–"]


@pytest.mark.parametrize(("given", "words"), [(2389, "in doubt (price table"), (2000, "(price table")])
def test_a_cost_that_the_counts_leave_in_doubt_says_so(given: int, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    end = messages_end().replace(
        b'"output_tokens"', b'"input_tokens":%d,"cache_read_input_tokens":2048,"output_tokens"' % given
    )
    body = messages_start(model="gpt-5.5", input_tokens=0) + messages_text("Hello") + end
    one = side("a", recording([(600.0, body)], headers=EVENT_STREAM))
    print_run([one])
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("cost")]
    assert words in line
    assert ("in doubt" in line) == (given == 2389)
    doubted = [doubt.startswith("The cached tokens may stand in ") for doubt in side_facts(one)["cost_doubts"]]
    assert doubted == [True] * (given == 2389)
