"""What else a study shows: stacks, drift, groups, overhead; and that honest noise shows none of it."""

from __future__ import annotations

from random import Random

import msgspec
import pytest

from app.exchange.exchange import Exchange
from app.recording.records import Headers, MarkName, PathNoted, SideName
from app.study.observed import observed, other_stack
from app.study.result import study_result
from app.study.session import Pair
from app.text.sentences import fields_of
from tests.study.studies import Ms, made_pairs


def kinds(pairs: list[Pair]) -> dict[str, str]:
    found = observed(pairs, study_result(pairs))
    assert all(fields_of(one.template) <= set(one.fields) for one in found)
    return {one.kind: one.words for one in found}


def quiet(side: SideName, n: int) -> float:
    return 500.0 + (n * 7 % 5) + (3 if side == "b" else 0)


def test_nothing_is_told_of_quiet_runs() -> None:
    assert kinds(made_pairs(quiet, 20)) == {}


def test_answers_of_another_stack() -> None:
    pairs = made_pairs(quiet, 20)
    for n in (3, 9, 15):
        one = pairs[n].b
        assert one is not None
        one.reading.response_id, one.reading.model = "chatcmpl-1", "other"
    assert other_stack(pairs, "b") == {4, 10, 16}
    assert other_stack(pairs, "a") == frozenset()
    assert kinds(pairs)["stacks"] == (
        "3 of B's 20 answers came from another stack: chatcmpl-*, other where the rest has msg_*, claude-opus-4-8."
    )


def test_counts_of_another_stack() -> None:
    pairs = made_pairs(quiet, 12)
    for n in (2, 5):
        one = pairs[n].b
        assert one is not None
        assert one.reading.usage is not None
        one.reading.usage = msgspec.structs.replace(one.reading.usage, input_tokens=48)
    assert kinds(pairs)["offsets"] == "2 of B's 12 answers count 27 input tokens more than the rest for requests alike."


def test_a_drift_and_its_size() -> None:
    words = kinds(made_pairs(lambda side, n: 500.0 + (20 * n if side == "b" else n % 3), 18))
    assert words == {
        "drift": "B's first tokens came later and later: 240 ms more in the last third of its runs than in the first."
    }
    assert "sooner and sooner" in kinds(made_pairs(lambda side, n: 900.0 - 20 * n, 18))["drift"]


def test_two_groups_and_not_one_late_request() -> None:
    words = kinds(made_pairs(lambda side, n: 400.0 + n % 4 + (300 if side == "b" and n % 3 == 0 else 0), 21))
    assert list(words) == ["groups"]
    assert words["groups"].startswith("B's first tokens come in two groups: 14 of 21 after about 40")
    late: Ms = lambda side, n: 2400.0 if n == 11 else 400.0 + n % 4  # noqa: E731
    assert set(kinds(made_pairs(late, 21))) == {"late"}


def test_late_runs_are_named_and_counted() -> None:
    pairs = made_pairs(lambda side, n: 2400.0 if side == "b" and n in (4, 11) else 400.0 + n % 4, 21)
    result = study_result(pairs)
    (late,) = observed(pairs, result)
    assert late.words == "B was late in 2 of 21 runs: the first token came up to 1 998 ms behind its median. They are counted."
    assert late.pairs == (4, 11)
    assert result.sides["b"].completed == 21


def segments(one: Exchange | None, resent: int) -> None:
    assert one is not None
    for mark, count in ((MarkName.SEND_END, 0), (MarkName.HEAD_END, resent), (MarkName.BODY_END, resent)):
        one.recording.paths[mark] = PathNoted(mark, resent=count, out_of_order=0)


def test_packets_that_were_lost_are_told_where_the_kernel_tells() -> None:
    pairs = made_pairs(quiet, 6)
    for pair in pairs:
        segments(pair.a, 0)
        segments(pair.b, 2 if pair.number in (2, 5) else 0)
    (lost,) = observed(pairs, study_result(pairs))
    assert lost.words.startswith("In 2 of 12 runs the network lost packets, or some overtook others")
    assert lost.pairs == (2, 5)
    for number in (2, 5):
        segments(pairs[number - 1].b, 0)
    assert kinds(pairs) == {"none_lost": "No packet was lost in 12 runs."}
    assert pairs[0].a is not None
    pairs[0].a.recording.paths.clear()  # of one it is not known
    assert kinds(pairs) == {}


def test_what_a_gateway_states_stands_beside_what_was_measured() -> None:
    pairs = made_pairs(lambda side, n: 500.0 + n % 3 + (40 if side == "b" else 0), 8)
    for pair in pairs:
        assert pair.b is not None
        head = pair.b.recording.head
        assert head is not None
        more: Headers = (("x-litellm-overhead-duration-ms", "12.5"), ("server-timing", 'cache;dur=1, gateway;desc="x";dur=3'))
        pair.b.recording.head = msgspec.structs.replace(head, headers=(*head.headers, *more))
    found = observed(pairs, study_result(pairs))
    stated = [(one.fields["header"], one.fields["ms"], one.fields["difference"]) for one in found]
    assert stated == [("x-litellm-overhead-duration-ms", 12.5, 40.0), ("server-timing", 3.0, 40.0)]
    assert found[0].words.startswith("B's gateway states 12 ms of its own in each answer (x-litellm-overhead-duration-ms, ")


@pytest.mark.parametrize("value", ["", "soon", "nan", "-3", "1e99"])
def test_a_header_that_is_no_time_says_nothing(value: str) -> None:
    pairs = made_pairs(quiet, 8)
    for pair in pairs:
        assert pair.b is not None
        head = pair.b.recording.head
        assert head is not None
        headers = (*head.headers, ("x-kong-proxy-latency", value))
        pair.b.recording.head = msgspec.structs.replace(head, headers=headers)
    assert kinds(pairs) == {}


def test_noise_shows_nothing() -> None:
    """The rules for times, on 300 studies of 20 runs and four shapes of noise each."""
    from app.study.observed import _drift, _groups
    from tests.bench.study import SHAPES

    told = dict.fromkeys(SHAPES, 0)
    for number in range(300):
        for shape, noise in SHAPES.items():
            random = Random(f"{shape}/{number}")
            times = [400 + noise(random) for _ in range(20)]
            told[shape] += len([*_drift("b", times), *_groups("b", times)])
    assert told.pop("bimodal") > 150  # that is what two groups are
    assert max(told.values()) <= 6, told
