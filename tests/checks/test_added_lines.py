"""A line that comes again in answers to different questions, over all checks of a session."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from app.checks.asker import Step
from app.checks.judgement import Judged
from app.checks.judging import Book, Plan, judge_all
from app.recording.records import Request, SideName
from tests.checks.sessions import MESSAGES, answer, exchange

AD = "— powered by a free relay"
CHECKS = ("turns", "tool_loop", "json_by_words", "pace", "stream_shape")
Row = tuple[str, str, str]  # the check, what was asked, what was answered


def asked(times: int, line: str = "", *, checks: Iterable[str] = CHECKS, often: int = 15) -> list[Row]:
    """Different questions, answered; the first of them, so often, with that line besides."""
    names = tuple(checks)
    return [
        (names[n % len(names)], f"Question {n}?", f"Answer number {n}." + (f"\n\n{line}" if n < often and line else ""))
        for n in range(times)
    ]


def judged(b: list[Row], a: list[Row] | None, model: str = "m") -> Judged:
    book = Book()
    sides: dict[SideName, list[Row]] = {"b": b} if a is None else {"b": b, "a": a}
    for side, rows in sides.items():
        for n, (check, words, said) in enumerate(rows, 1):
            request = Request("POST", "http://127.0.0.1:1/v1/messages", (), words.encode())
            book.add(exchange(side, request, Step(check, "one", n), answer(said)))
    models: dict[SideName, str] = {side: model if side == "b" else "m" for side in sides}
    found = judge_all(book, Plan(("added_lines",), 7, dict.fromkeys(sides, MESSAGES), models))["added_lines"].b
    assert "{" not in found.words("B") + found.measured_words("B")
    return found


PLAIN = asked(60)


@pytest.mark.parametrize(
    ("b", "a", "verdict", "reason"),
    [
        (PLAIN, PLAIN, "pass", "none"),
        (PLAIN[:19], PLAIN, "inconclusive", "few"),
        (asked(60, AD), PLAIN, "differs", "added"),
        (asked(60, AD, often=9), PLAIN, "pass", "none"),  # by chance on one side alone in one session of 500
        (asked(60, AD), asked(60, AD, often=1), "pass", "none"),  # the control has it, too
        (asked(60, AD, checks=CHECKS[:3]), PLAIN, "pass", "none"),  # three questions' own
        ([(check, f"{words} {AD}", said) for check, words, said in asked(60, AD)], PLAIN, "pass", "none"),  # it was asked for
        (asked(60, "Sure!"), PLAIN, "pass", "none"),  # a phrase
        (asked(60, AD), None, "inconclusive", "alone"),
    ],
)
def test_what_comes_again(b: list[Row], a: list[Row] | None, verdict: str, reason: str) -> None:
    found = judged(b, a)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_another_models_habit_is_no_news() -> None:
    assert judged(asked(60, AD), PLAIN, model="other").reason == "other_model"


def test_a_line_that_one_check_alone_gets_more_often_hides_none() -> None:
    own = [("temperature", f"Again {n}", "A random number is seven.") for n in range(30)]
    found = judged([*asked(60, AD), *own], PLAIN)
    assert found.reason == "added"
    assert f"“{AD}”" in found.words("B")
    assert [(one.step, one.n) for one in found.evidence] == [("turns/one", 1), ("tool_loop/one", 2), ("json_by_words/one", 3)]
