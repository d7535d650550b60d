"""The verdict line in each state: before, running, stopped, capped, done, and where nothing can be told."""

from __future__ import annotations

import msgspec
import pytest

from app.checks.budget import Spent
from app.checks.check import ADMITTED, COMPLETES, REACHED
from app.checks.estimate import Estimate
from app.checks.judging import Plan
from app.checks.session import Row, State
from app.checks.verdict import Verdict
from app.text.numbers import THIN
from tests.checks.sessions import check, known
from tests.ui.checks.test_entries import row
from ui.checks.lines import Shown, money, summary_of, verdict_line
from ui.checks.verdict_card import VerdictLine

FOUNDATION = (REACHED, ADMITTED, COMPLETES)
CHECKS = tuple(check(one) for one in (*FOUNDATION, "stop", "offset", "tools"))
EXPECTED = Estimate(12, 600, 600, 0.0301)


def line(
    rows: list[Row], *, client: str = "", running: bool = False, left_out: dict[str, str] | None = None, **more: object
) -> VerdictLine:
    """What is said of these rows."""
    by_name = {one.check.id: one for one in rows}
    plan = Plan(
        tuple(by_name), 1, {"a": "anthropic-messages", "b": "anthropic-messages"}, {}, left_out=left_out or {}, cap_usd=0.25
    )
    with known(*CHECKS):
        summary = summary_of(by_name, plan, client)
        spent = Spent(30, 11_000, 0, 840, 0.071)
        shown = Shown(by_name, plan, summary, spent, EXPECTED, running, False, True)
        shown = msgspec.structs.replace(shown, **more)
        return verdict_line(shown, lambda name: name, lambda: "go on", lambda: "list")


def founded(*more: Row) -> list[Row]:
    return [*(row(one, Verdict.PASS) for one in FOUNDATION), *more]


def said(one: VerdictLine) -> tuple[str, str, str, str]:
    return one.shape, one.words, one.client, one.role


def test_before_the_first_session_it_says_what_it_does_and_costs() -> None:
    shown = Shown({"x": Row(check("x"))}, None, None, Spent(), EXPECTED, False, False, True)
    told = verdict_line(shown, str, None, list)
    assert told.words == "Will my code work there?"
    assert "Nothing is sent before you press Run." in told.sentence
    assert "A is asked the same" in told.sentence
    assert [one.text for one in told.progress] == ["12 requests", f"about 1{THIN}200 tokens, $0.03"]
    assert told.done is None
    alone = verdict_line(msgspec.structs.replace(shown, against=False), str, None, list)
    assert "A is asked" not in alone.sentence


def test_a_side_without_a_price_is_named() -> None:
    shown = Shown({}, None, None, Spent(), Estimate(2, 10, 10, None, ("b",)), False, False, True)
    assert verdict_line(shown, str, None, list).progress[1].text == "about 20 tokens, no price known for B"


def test_the_demo_costs_nothing() -> None:
    shown = Shown({}, None, None, Spent(), Estimate(2, 10, 10, 1.5, (), free=True), False, False, True)
    assert verdict_line(shown, str, None, list).progress[1].text == "about 20 tokens, free: the demo runs on this machine"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (founded(), ("✓", "Works as the official one does", "for x 1.0", "ok")),
        (founded(row("stop", Verdict.DIFFERS)), ("!", "Works, with losses", "for x 1.0", "warn")),
        (founded(row("stop", Verdict.FAIL)), ("✕", "Breaks", "x 1.0", "bad")),
        ([row(REACHED, Verdict.PASS), row(ADMITTED, Verdict.INCONCLUSIVE)], ("?", "Can't tell yet", "for x 1.0", "muted")),
    ],
)
def test_each_state_has_its_shape_word_and_colour(rows: list[Row], told: tuple[str, str, str, str]) -> None:
    assert said(line(rows, client="x 1.0")) == told


def test_reasons_are_links_to_their_checks() -> None:
    told = line(founded(row("stop", Verdict.FAIL), row("offset", Verdict.DIFFERS)))
    assert [one.work() for one in told.links] == ["stop", "offset"]
    assert "Stop" in told.links[0].words


def test_while_it_runs_it_says_so_far_how_far_how_long_and_of_what_at_most() -> None:
    told = line(founded(Row(check("tools"), State.RUNNING)), running=True, left_s=118.0)
    assert told.words == "So far: works as the official one does"
    assert [one.text for one in told.progress] == ["3 of 4 done", "about 2 min left"]
    assert [one.text for one in told.spent if one.text] == [f"11{THIN}840 tokens, $0.07", "of at most $0.25"]
    assert told.done == 0.75


@pytest.mark.parametrize(("why", "word"), [("stopped", "stopped"), ("cap", "the cap is reached")])
def test_what_was_left_out_counts_as_not_done_and_can_be_asked(why: str, word: str) -> None:
    told = line(founded(row("tools", Verdict.SKIPPED, reason=why)), left_out={"tools": why})
    assert told.words == "So far: works as the official one does"
    assert [one.text for one in told.progress] == ["3 of 4 done", word]
    assert [one.work() for one in told.links] == ["go on"]


def test_verdicts_on_something_else_than_what_is_chosen_say_on_whom() -> None:
    assert "Relay" in line(founded(), stale="Relay · m").more


def test_answers_without_counts_are_named_and_no_price_is_made_up() -> None:
    told = line(founded(), spent=Spent(3, 10, 0, 5, None, 2))
    assert [one.text for one in told.spent if one.text] == ["15 tokens", "2 answers without counts"]
    told = line(founded(), spent=Spent(3, 10, 0, 5, None, 0, 0.04))
    assert [one.text for one in told.spent if one.text] == ["15 tokens, at least $0.04"]


def test_money_is_shown_in_cents_and_finer_below_one() -> None:
    assert [money(one) for one in (0.0, 0.0712, 0.0042, 12.5)] == ["$0.00", "$0.07", "$0.0042", "$12.50"]
