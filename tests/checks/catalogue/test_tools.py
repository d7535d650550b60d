"""Tools: called with valid arguments, ids, streams, choices, several at once, results that are used."""

from __future__ import annotations

from random import Random

import pytest

from app.checks.catalogue.tool_results import _result
from app.checks.catalogue.tools import _reading_tool
from app.checks.judgement import Judged
from app.checks.registry import by_id
from app.checks.verdict import Verdict
from app.protocols.findings import Severity
from tests.checks.catalogue.seen import SEED, Answers, seen
from tests.checks.catalogue.tool_answers import GOOD_ARGUMENTS, calling, cut, forecasts
from tests.checks.sessions import Answer, answer, refusal

TEXT = answer("Sunny.")
ONE, TWO = forecasts("t1"), forecasts("t1", "t2")
INVALID = calling(("t1", "get_forecast", GOOD_ARGUMENTS | {"days": "three"}))
UNKNOWN = calling(("t1", "get_weather", {}))
LIST = calling(("t1", "get_forecast", ["Oslo"]))


def judged(check: str, b: Answers, a: Answers | None = None) -> Judged:
    found = by_id()[check].judge(seen(check, b, a)).b
    assert found.words("B")
    assert found.measured_words("B") is not None
    return found


def tries(step: str, *answers: Answer) -> Answers:
    return {(step, n): one for n, one in enumerate(answers, 1)}


@pytest.mark.parametrize(
    ("answers", "verdict", "reason"),
    [
        ([ONE], Verdict.PASS, "called"),
        ([TEXT, ONE], Verdict.PASS, "called"),
        ([TEXT, TEXT, TEXT], Verdict.FAIL, "no_call"),
        ([TEXT, TEXT], Verdict.INCONCLUSIVE, "too_few"),
        ([TEXT, cut(TEXT), TEXT], Verdict.INCONCLUSIVE, "cut"),
        ([INVALID] * 3, Verdict.FAIL, "not_valid"),
        ([UNKNOWN] * 3, Verdict.FAIL, "unknown_tool"),
        ([LIST] * 3, Verdict.FAIL, "not_json"),
        ([refusal()], Verdict.FAIL, "refused"),
        ([refusal(529)], Verdict.INCONCLUSIVE, "status_529"),
    ],
)
def test_a_call_and_its_arguments(answers: list[Answer], verdict: Verdict, reason: str) -> None:
    found = judged("tool_call", tries("call", *answers))
    assert (found.verdict, found.reason) == (verdict, reason)


def test_the_sentence_says_where_arguments_do_not_fit() -> None:
    words = judged("tool_call", tries("call", *[INVALID] * 3)).words("B")
    assert words == 'B sends arguments that do not fit the schema: days breaks type "integer" with "three".'


@pytest.mark.parametrize(
    ("first", "second", "verdict", "reason"),
    [
        (TWO, forecasts("t3", "t4"), Verdict.PASS, "unique"),
        (TWO, TEXT, Verdict.PASS, "unique"),
        (forecasts("t1", "t1"), TWO, Verdict.FAIL, "twice"),
        (TWO, forecasts(""), Verdict.FAIL, "missing"),
        (TWO, TWO, Verdict.DIFFERS, "again"),
        (TEXT, TEXT, Verdict.INCONCLUSIVE, "no_call"),
        (TWO, refusal(500), Verdict.INCONCLUSIVE, "status_500"),
    ],
)
def test_ids(first: Answer, second: Answer, verdict: Verdict, reason: str) -> None:
    found = judged("tool_ids", tries("two", first, second))
    assert (found.verdict, found.reason) == (verdict, reason)


def reading(**changed: str) -> Answer:
    """The only legal call of the streamed check, or one that is changed."""
    properties = _reading_tool(Random(f"{SEED}/tool_stream")).parameters["properties"]
    assert isinstance(properties, dict)
    values = {name: schema["enum"][0] for name, schema in properties.items()}
    return calling(("t1", "record_reading", values | changed))


@pytest.mark.parametrize(
    ("plain", "streamed", "two", "verdict", "reason"),
    [
        (reading(), reading(), TWO, Verdict.PASS, "equal"),
        (reading(), reading(), TEXT, Verdict.PASS, "equal"),
        (reading(), TEXT, TWO, Verdict.FAIL, "lost"),
        (reading(), reading(unit="hPa"), TWO, Verdict.FAIL, "not_valid"),
        (reading(), reading(), INVALID, Verdict.FAIL, "not_valid"),
        (TEXT, reading(), TWO, Verdict.INCONCLUSIVE, "no_call"),
        (reading(unit="hPa"), reading(), TWO, Verdict.INCONCLUSIVE, "no_call"),
        (reading(unit="hPa"), reading(unit="hPa"), TWO, Verdict.DIFFERS, "not_strict"),
        (refusal(429), reading(), TWO, Verdict.INCONCLUSIVE, "status_429"),
        (reading(), reading(), refusal(429), Verdict.INCONCLUSIVE, "status_429"),
    ],
)
def test_streamed_arguments(plain: Answer, streamed: Answer, two: Answer, verdict: Verdict, reason: str) -> None:
    found = judged("tool_stream", {"plain": plain, **tries("streamed", *[streamed] * 3), **tries("two_streamed", *[two] * 3)})
    assert (found.verdict, found.reason) == (verdict, reason)


def test_what_a_stream_does_once_may_be_the_models_slip() -> None:
    for streams in ((TEXT, TEXT), (TEXT, reading(unit="hPa"), TEXT), (cut(TEXT), cut(TEXT), cut(TEXT))):
        found = judged("tool_stream", {"plain": reading(), **tries("streamed", *streams), "two_streamed": TWO})
        assert (found.verdict, found.reason) == (Verdict.INCONCLUSIVE, "sometimes")
    assert (
        judged("tool_stream", {"plain": reading(), **tries("streamed", TEXT, reading()), "two_streamed": TWO}).reason == "equal"
    )


def test_where_forcing_is_refused_the_step_that_was_answered_counts() -> None:
    steps = {"plain": refusal(), "plain_unthinking": refusal(), "plain_asked": reading(), "streamed": reading()}
    assert judged("tool_stream", {**steps, "two_streamed": TWO}).reason == "equal"


def test_a_schema_that_could_not_be_asked_for_strictly_need_not_be_kept() -> None:
    loose = {"plain_loose": reading(unit="hPa"), "streamed_loose": reading(unit="hPa"), "two_streamed": TWO}
    assert judged("tool_stream", {"plain": refusal(), "streamed": refusal(), **loose}).reason == "no_call"


DICE = calling(("t1", "roll_dice", {"dice": 1}))


@pytest.mark.parametrize(
    ("b", "verdict", "reason"),
    [
        (tries("forced", DICE), Verdict.PASS, "forced"),
        (tries("forced", TEXT, TEXT), Verdict.FAIL, "ignored"),
        (tries("forced", ONE, ONE), Verdict.FAIL, "ignored"),
        (tries("forced", TEXT, DICE), Verdict.PASS, "forced"),
        (tries("forced", TEXT, cut(TEXT)), Verdict.INCONCLUSIVE, "cut"),
        (tries("forced", refusal()), Verdict.UNSUPPORTED, "refused"),
        ({"forced": refusal(), "forced_unthinking": DICE}, Verdict.PASS, "forced"),
        ({"forced": refusal(), "forced_unthinking": refusal()}, Verdict.UNSUPPORTED, "refused"),
    ],
)
def test_a_forced_call(b: Answers, verdict: Verdict, reason: str) -> None:
    found = judged("tool_forced", b)
    assert (found.verdict, found.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("b", "verdict", "reason"),
    [
        (tries("any", DICE), Verdict.PASS, "any"),
        (tries("any", ONE), Verdict.PASS, "any"),
        (tries("any", TEXT, TEXT), Verdict.FAIL, "ignored"),
        (tries("any", UNKNOWN, UNKNOWN), Verdict.FAIL, "ignored"),
        (tries("any", TEXT), Verdict.INCONCLUSIVE, "cut"),
        ({"any": refusal(), "any_unthinking": ONE}, Verdict.PASS, "any"),
        (tries("any", refusal()), Verdict.UNSUPPORTED, "refused"),
    ],
)
def test_a_call_of_any_tool(b: Answers, verdict: Verdict, reason: str) -> None:
    found = judged("tool_any", b)
    assert (found.verdict, found.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("may", "none", "verdict", "reason"),
    [
        (ONE, TEXT, Verdict.PASS, "none"),
        (ONE, ONE, Verdict.FAIL, "ignored"),
        (TEXT, TEXT, Verdict.INCONCLUSIVE, "no_call"),
        (ONE, refusal(), Verdict.UNSUPPORTED, "refused"),
    ],
)
def test_no_call(may: Answer, none: Answer, verdict: Verdict, reason: str) -> None:
    found = judged("tool_none", {"may": may, "none": none})
    assert (found.verdict, found.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("b", "a", "verdict", "reason"),
    [
        ({"two": TWO, "one": ONE}, None, Verdict.PASS, "obeyed"),
        ({"two": TWO, "one": TWO}, None, Verdict.FAIL, "ignored"),
        ({"two": TWO, "one": refusal()}, None, Verdict.UNSUPPORTED, "refused"),
        ({"two": ONE}, None, Verdict.INCONCLUSIVE, "never_several"),
        (tries("two", *[ONE] * 5), {**tries("two", *[TWO] * 5), "one": ONE}, Verdict.DIFFERS, "only_one"),
        (tries("two", *[ONE] * 4), {**tries("two", *[TWO] * 5), "one": ONE}, Verdict.INCONCLUSIVE, "never_several"),
        (tries("two", *[ONE] * 5), {**tries("two", *[TWO] * 4, ONE), "one": ONE}, Verdict.INCONCLUSIVE, "never_several"),
    ],
)
def test_several_calls_at_once(b: Answers, a: Answers | None, verdict: Verdict, reason: str) -> None:
    found = judged("tool_parallel", b, a)
    assert (found.verdict, found.reason) == (verdict, reason)
    both_work = reason == "ignored"  # several calls come, though they were not wanted: nothing breaks of that
    assert (found.brief_words() == "calls come several at once though one was asked for") is both_work
    assert (found.harm is Severity.LOSES) is both_work


STATION = calling(("t1", "find_station", {"city": "Oslo"}))


@pytest.mark.parametrize("check", ["tool_loop", "tool_error"])
@pytest.mark.parametrize(
    ("results", "verdict", "reason"),
    [
        (["It is {code}."], Verdict.PASS, "used"),
        (["Hello.", "{code}"], Verdict.PASS, "used"),
        (["Hello."] * 3, Verdict.FAIL, "unused"),
        ([""] * 3, Verdict.FAIL, "unused"),
        (["Hello."], Verdict.INCONCLUSIVE, "too_few"),
    ],
)
def test_the_result_is_used(check: str, results: list[str], verdict: Verdict, reason: str) -> None:
    _, code = _result(Random(f"{SEED}/{check}"), is_error=check == "tool_error")
    answers = [answer(text.format(code=code)) for text in results]
    found = judged(check, {"call": STATION, **tries("result", *answers)})
    assert (found.verdict, found.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("check", "answers", "verdict", "reason"),
    [
        ("tool_loop", {"call": STATION, "result": refusal()}, Verdict.FAIL, "refused"),
        ("tool_error", {"call": STATION, "result": refusal()}, Verdict.FAIL, "refused"),
        ("tool_loop", {"call": STATION, **tries("result", *[STATION] * 3)}, Verdict.FAIL, "calls_again"),
        ("tool_error", {"call": STATION, **tries("result", *[STATION] * 3)}, Verdict.INCONCLUSIVE, "calls_again"),
        ("tool_loop", {"call": TEXT}, Verdict.INCONCLUSIVE, "no_call"),
        ("tool_loop", {"call": refusal(429)}, Verdict.INCONCLUSIVE, "status_429"),
    ],
)
def test_a_loop_that_does_not_close(check: str, answers: Answers, verdict: Verdict, reason: str) -> None:
    found = judged(check, answers)
    assert (found.verdict, found.reason) == (verdict, reason)
