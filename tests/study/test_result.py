"""What a study finds and says: later, no difference, too few pairs, failures, the part that differs."""

from __future__ import annotations

from random import Random

import pytest

from app.recording.records import SideName
from app.study.facts import study_facts
from app.study.plan import StudyPlan
from app.study.result import TOTAL, TTFT, kind_of_failure, study_result
from app.study.session import Pair
from app.study.told import level_of, told
from app.text.sentences import fields_of
from tests.study.studies import Ms, made_pairs, plan


def noisy(seed: int) -> list[float]:
    random = Random(seed)
    return [round(random.gauss(0, 15), 3) for _ in range(100)]


def ms(later_ms: float, seed: int = 1) -> Ms:
    """First tokens at 500 ms, B's so much later; noise of 15 ms."""
    noise: dict[SideName, list[float]] = {"a": noisy(seed), "b": noisy(seed + 1)}

    def of(side: SideName, n: int) -> float:
        return 500 + noise[side][n] + (later_ms if side == "b" else 0)

    return of


def said(pairs: list[Pair], chosen: StudyPlan | None = None) -> str:
    chosen = chosen or plan()
    return " ".join(one.words for one in told(chosen, study_result(pairs, level_of(chosen))))


def test_later_with_its_interval_and_the_part_it_lies_in() -> None:
    pairs = made_pairs(ms(100.0), 20)
    result = study_result(pairs)
    difference = result.ttft.difference
    assert difference is not None
    assert difference.interval is not None
    assert difference.interval.holds(100.0)
    assert not difference.interval.holds(0.0)
    words = said(pairs)
    assert words.startswith(f"B is {difference.estimate:.0f} ms later to the first token (95 %: ")
    assert "Most of it is waiting for its first byte: " in words


def test_earlier() -> None:
    assert "earlier to the first token" in said(made_pairs(ms(-100.0), 20))


def test_no_difference_says_what_would_go_unnoticed_and_how_many_pairs_would_see_it() -> None:
    words = said(made_pairs(ms(0.0), 20))
    assert words.startswith("No difference can be seen in the time to the first token: any difference is under ")
    assert "with 20 pairs like these one under " in words
    assert "About 80 pairs would show one of " in words


def test_too_few_pairs_and_none() -> None:
    assert said(made_pairs(ms(100.0), 5)) == "5 pairs are too few to judge by: 6 are needed at least."
    stopped = plan(left_out="stopped")
    assert said(made_pairs(ms(100.0), 8), stopped).startswith("8 pairs are too few to judge by: 10 are needed at least. It was")
    assert said(made_pairs(ms(100.0), 10), stopped).startswith("B is 96 ms later")
    assert said([]) == "Nothing can be compared: no pair was answered whole by both sides."


def test_failures_are_counted_by_kind_and_compared_with_nobody() -> None:
    pairs = made_pairs(lambda side, n: None if side == "b" and n in (2, 5) else 500.0 + n, 10)
    result = study_result(pairs)
    assert result.pairs == 8
    assert (result.sides["b"].asked, result.sides["b"].completed, result.sides["b"].failed) == (10, 8, {"401": 2})
    assert result.sides["a"].failed == {}
    low, high = result.sides["b"].share
    assert 0.45 < low < 0.8 < high < 0.96
    assert result.ttft.a is not None
    assert result.ttft.a.runs == 10
    assert "B failed in 2 of 10 runs (401 Unauthorized, 2 ×); between 6 % and 51 % of such runs would fail (95 %)." in said(
        pairs
    )
    assert kind_of_failure(pairs[1].b) == "401"  # type: ignore[arg-type]


def test_percentiles_come_when_there_are_enough_runs() -> None:
    few, some = study_result(made_pairs(ms(0.0), 19)), study_result(made_pairs(ms(0.0), 20))
    assert few.ttft.a is not None
    assert some.ttft.a is not None
    assert few.ttft.a.p95 is None
    assert some.ttft.a.p95 is not None
    assert some.ttft.a.p95.interval is None
    assert some.ttft.a.p99 is None


def test_who_stops_has_looked_and_gets_wider_intervals() -> None:
    stopped = plan(left_out="stopped", pairs=40)
    assert level_of(stopped) == pytest.approx(1 - 0.05 / 40)
    pairs = made_pairs(ms(100.0), 20)
    kept, wider = study_result(pairs).ttft.difference, study_result(pairs, level_of(stopped)).ttft.difference
    assert kept is not None
    assert wider is not None
    assert kept.interval is not None
    assert wider.interval is not None
    assert wider.interval.half_width > kept.interval.half_width
    assert "It was stopped after 20 of 40 pairs" in said(pairs, stopped)


def test_an_end_before_the_last_pair_is_said() -> None:
    pairs = made_pairs(ms(100.0), 6)
    assert said(pairs, plan(left_out="cap")).endswith("The cost cap ended it after 6 of 20 pairs.")
    failing = made_pairs(lambda side, _n: None if side == "b" else 500.0, 3)
    words = said(failing, plan(left_out="fails"))
    assert words == (
        "B failed in 3 of 3 runs (401 Unauthorized, 3 ×); between 44 % and 100 % of such runs would fail (95 %)."
        " It was given up: every request to B failed (401 Unauthorized)."
    )


def test_facts_say_all_of_it_and_nothing_is_zero_that_is_not_known() -> None:
    chosen, pairs = plan(), made_pairs(lambda side, n: None if side == "b" and n == 2 else 500.0 + n, 7)
    facts = study_facts(chosen, pairs, study_result(pairs))
    assert set(facts) == {"schema", "plan", "says", "observed", "pairs", "sides", "measures", "runs"}
    assert facts["runs"][1]["b"]["failed"] == "401"
    assert facts["runs"][1]["b"]["ttft"] is None
    assert facts["runs"][0]["a"]["ttft"] == 501.0
    assert facts["measures"][TTFT.id]["difference"]["pairs"] == 6
    assert facts["measures"]["path"] == {"unit": "ms", "a": None, "b": None, "difference": None}
    assert facts["measures"][TOTAL.id]["a"]["p95"] is None


def test_templates_name_fields_that_are_there() -> None:
    for pairs, chosen in ((made_pairs(ms(100.0), 20), plan()), (made_pairs(ms(0.0), 20), plan(left_out="stopped"))):
        for one in told(chosen, study_result(pairs, level_of(chosen))):
            assert fields_of(one.template) <= set(one.fields)
