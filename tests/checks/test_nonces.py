"""The ledger of nonces: words that show up where they were not sent, over all checks of a session."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from app.checks.asker import Step, nonce_of
from app.checks.judgement import Judged
from app.checks.judging import Book, Plan, judge_all
from app.recording.records import Request, SideName
from tests.checks.sessions import MESSAGES, answer, exchange

SEED = 7
FIRST, SECOND = nonce_of(SEED, "completes"), nonce_of(SEED, "turns")
OWN = nonce_of(SEED, "prompt_cache/a/1")  # a word that side A alone was given
Row = tuple[SideName, str, str, str]  # side, check, what was asked, what was answered
ASKED: Row = ("b", "turns", f"Say {SECOND}", "OK")
PLAIN: list[Row] = [("b", "completes", f"Say {FIRST}", FIRST), *[ASKED] * 6]


def session(rows: Iterable[Row], seed: int = SEED) -> tuple[Book, Plan]:
    book = Book()
    for n, (side, check, asked, said) in enumerate(rows, 1):
        request = Request("POST", "http://127.0.0.1:1/v1/messages", (), asked.encode())
        book.add(exchange(side, request, Step(check, "one", n), answer(said)))
    return book, Plan(("nonces",), seed, {"b": MESSAGES, "a": MESSAGES}, {"b": "m", "a": "m"})


def judged(rows: Iterable[Row], seed: int = SEED) -> Judged:
    found = judge_all(*session(rows, seed))["nonces"].b
    assert "{" not in found.words("B") + found.measured_words("B")
    return found


@pytest.mark.parametrize(
    ("rows", "verdict", "reason"),
    [
        ([], "skipped", "not_asked"),
        (PLAIN[:5], "inconclusive", "few"),
        (PLAIN, "pass", "none"),
        ([*PLAIN, ("b", "turns", "Say OK", FIRST)], "fail", "strayed"),
        ([*PLAIN, ("b", "turns", "Say OK", FIRST.upper())], "fail", "strayed"),
        ([*PLAIN, ("b", "turns", f"Not {FIRST.title()}", f"You said “{FIRST}1”.")], "pass", "none"),
        ([*PLAIN, ("b", "turns", "Say OK", "generative delimitate")], "pass", "none"),  # words of the same shape
        ([PLAIN[0], ("b", "turns", "Say OK", f"xx{FIRST}yy")], "fail", "strayed"),  # one is enough, however few there are
        ([*PLAIN, ("a", "prompt_cache", OWN, "OK"), ("b", "prompt_cache", "Say OK", OWN)], "fail", "strayed"),
        ([*PLAIN, ("a", "turns", "Say OK", FIRST)], "pass", "none"),  # the control's own trouble
        ([*PLAIN, ("b", "turns", "Say OK", nonce_of(0, FIRST))], "fail", "strayed"),
    ],
)
def test_a_word_where_it_was_not_sent(rows: list[Row], verdict: str, reason: str) -> None:
    found = judged(rows)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_words_are_those_of_this_session() -> None:
    assert judged([*PLAIN, ("b", "turns", "Say OK", FIRST)], seed=8).reason == "none"


def test_the_evidence_names_the_answer_and_the_request_that_held_the_word() -> None:
    book, plan = session([*PLAIN, ("b", "turns", "Say OK", FIRST)])
    found = judge_all(book, plan)["nonces"].b
    assert [(one.step, one.n) for one in found.evidence] == [("turns/one", 8), ("completes/one", 1)]
    assert [book.find("nonces", "b", one.step, one.n) for one in found.evidence] == [book.exchanges[7], book.exchanges[0]]
    assert (
        found.words("B")
        .replace("**", "")
        .startswith(f"1 answer of B holds a word that only another request held, such as “{FIRST}”:")
    )


def test_how_much_may_go_unseen_is_said() -> None:
    assert "less than 35 % of answers may go unseen" in judged(PLAIN).words("B")
