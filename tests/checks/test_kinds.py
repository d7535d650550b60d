"""A kind of request that never gets through, over all checks of a session."""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec
import pytest

from app.checks.asker import Step
from app.checks.judgement import Judgement
from app.checks.judging import Book, Plan, judge_all
from app.exchange.exchange import Exchange
from app.recording.records import Request, SideName, Wanted
from tests.checks.sessions import MESSAGES, answer, exchange, refusal

Row = tuple[str, int, dict[str, object]]  # the check, the status, the body
TOOLS: dict[str, object] = {"tools": [{"name": "x"}]}
STREAM: dict[str, object] = {"stream": True}
PICTURE: dict[str, object] = {"messages": [{"role": "user", "content": [{"type": "image"}]}]}
SCHEMA: dict[str, object] = {"output_config": {"format": {"type": "json_schema"}}}
PLAIN: list[Row] = [("turns", 200, {})] * 20


def _one(side: SideName, n: int, row: Row, wanted: Wanted) -> Exchange:
    check, status, body = row
    request = Request("POST", "http://127.0.0.1:1/v1/messages", (), json.dumps(body).encode())
    one = exchange(side, request, Step(check, "one", n), answer() if status == 200 else refusal(status))
    streamed = body.get("stream") is True
    one.recording.envelope = msgspec.structs.replace(one.recording.envelope, streamed=streamed, wanted=wanted)
    return one


def judged(b: Iterable[Row], a: Iterable[Row] = (), wanted: Wanted = Wanted.ANSWER) -> Judgement:
    book = Book()
    sides: tuple[tuple[SideName, Iterable[Row]], ...] = (("b", b), ("a", a))
    for side, rows in sides:
        for n, row in enumerate(rows, 1):
            book.add(_one(side, n, row, wanted))
    plan = Plan(("kinds",), 7, {"b": MESSAGES, "a": MESSAGES}, {"b": "m", "a": "m"})
    found = judge_all(book, plan)["kinds"]
    assert "{" not in found.b.words("B") + found.b.measured_words("B") + found.b.brief_words("B")
    return found


def _between(status: int, body: dict[str, object]) -> list[Row]:
    """Two of a kind from two checks, with others in between."""
    return [*PLAIN, ("stream_shape", status, body), *PLAIN, ("cancel", status, body), *PLAIN]


@pytest.mark.parametrize(
    ("rows", "verdict", "reason"),
    [
        ([], "skipped", "not_asked"),
        (PLAIN, "inconclusive", "few"),
        (_between(200, STREAM), "pass", "all"),
        (_between(502, STREAM), "fail", "streamed"),
        (_between(400, STREAM), "fail", "streamed"),  # no check of its own is there for a refusal of that
        (_between(429, STREAM), "inconclusive", "few"),
        (_between(502, TOOLS), "fail", "tools"),
        (_between(400, TOOLS), "inconclusive", "few"),  # told by the check of tools
        (_between(502, PICTURE), "fail", "attached"),
        (_between(502, SCHEMA), "fail", "schema"),
        ([*_between(502, STREAM), ("pace", 200, STREAM)], "pass", "all"),  # one was answered
        ([*PLAIN, ("pace", 502, STREAM), *PLAIN, *PLAIN, ("pace", 502, STREAM)], "pass", "all"),  # one check alone
        ([*PLAIN, *PLAIN, *PLAIN, ("pace", 502, STREAM), ("cancel", 502, STREAM)], "pass", "all"),  # down for a while
        ([*_between(502, STREAM), *[("turns", 502, {})] * 20], "pass", "all"),  # a busy server
    ],
)
def test_what_is_never_answered(rows: list[Row], verdict: str, reason: str) -> None:
    found = judged(rows).b
    assert (found.verdict, found.reason) == (verdict, reason)


def test_it_says_which_and_how_hurtful_it_is() -> None:
    found = judged(_between(502, STREAM)).b
    assert (
        found.words("B").replace("**", "").startswith("B answered none of 2 requests for a stream (status 502), and 60 of 60 ")
    )
    assert [(one.step, one.n) for one in found.evidence] == [("stream_shape/one", 21), ("cancel/one", 42)]
    assert [judged(_between(502, kind)).b.harm for kind in (STREAM, TOOLS, PICTURE, SCHEMA)] == [
        *["breaks"] * 2,
        *["loses"] * 2,
    ]


def test_what_the_control_does_too_is_shared() -> None:
    assert judged(_between(502, STREAM), _between(502, STREAM)).b.shared


def test_broken_requests_are_no_kind() -> None:
    assert judged(_between(500, STREAM), wanted=Wanted.REFUSAL).b.reason == "few"
