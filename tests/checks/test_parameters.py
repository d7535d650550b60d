"""Parameters: four cells to one verdict, and what answers show of each parameter."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pytest

from app.checks.catalogue import parameters
from app.checks.catalogue.cells import Cell, Parameter, judge_parameter
from app.checks.judgement import Judgement
from app.checks.registry import by_id
from app.checks.seen import Seen
from app.checks.verdict import Verdict
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.protocols.registry import info, protocol_ids
from tests.checks.made import Answer, refused, said, steps

ALIKE = ["742"] * 6
TWO_KINDS = ["742"] * 5 + ["417"]
MIXED = ["742", "417", "583", "742", "137", "619"]
FEW = ["742", "417", "742", "742", "583", "742"]


def sampled(within: Sequence[str], without: Sequence[str] = MIXED) -> dict[str, list[Answer]]:
    return {"plain": [said(CHAT, text) for text in without], "temperature": [said(CHAT, text) for text in within]}


def refusing(refusal: Answer) -> dict[str, list[Answer]]:
    return {**sampled(()), "temperature": [refusal]}


REFUSAL = refused(CHAT, "Unsupported value: 'temperature' does not support 0 with this model.", param="temperature")
# What a side does with it, as `sampled` takes it.
DOES: Mapping[str, dict[str, list[Answer]]] = {
    "honours": sampled(ALIKE),
    "ignores": sampled(MIXED),
    "refuses": refusing(REFUSAL),
    "unclear": sampled(FEW),
    "greedy": sampled(ALIKE, ALIKE),
}
# (A, B) to what is said of B.
TABLE = {
    ("honours", "honours"): ("pass", "honoured"),
    ("honours", "ignores"): ("fail", "ignored"),
    ("honours", "unclear"): ("inconclusive", "not_shown"),
    ("honours", "greedy"): ("inconclusive", "not_shown"),
    ("honours", "refuses"): ("fail", "rejected"),
    ("ignores", "honours"): ("pass", "honoured"),
    ("ignores", "ignores"): ("inconclusive", "control_too"),
    ("ignores", "refuses"): ("fail", "rejected"),
    ("unclear", "ignores"): ("inconclusive", "control_too"),
    ("refuses", "honours"): ("differs", "accepted"),
    ("refuses", "ignores"): ("differs", "accepted"),
    ("refuses", "refuses"): ("unsupported", "rejected"),
    (None, "honours"): ("pass", "honoured"),
    (None, "ignores"): ("inconclusive", "not_shown"),
    (None, "refuses"): ("unsupported", "rejected"),
}


def judged(b: dict[str, list[Answer]], a: dict[str, list[Answer]] | None, b_model: str = "") -> Judgement:
    judge = judge_parameter(parameters.sampling("temperature"))
    return judge(Seen(steps(CHAT, b, "b", model=b_model), steps(CHAT, a, "a") if a is not None else None))


@pytest.mark.parametrize(("a", "b"), TABLE)
def test_the_table(a: str | None, b: str) -> None:
    found = judged(DOES[b], DOES[a] if a else None).b
    assert (found.verdict, found.reason) == TABLE[a, b]
    assert found.words("B").startswith("B ")
    assert not found.words("B").count("{")
    assert found.shared == (a == b == "refuses")
    assert {one.side for one in found.evidence} == ({"a", "b"} if a else {"b"})


def test_one_flip_at_temperature_0_is_lawful() -> None:
    assert judged(sampled(TWO_KINDS), DOES["honours"]).b.reason == "honoured"
    assert judged(sampled(TWO_KINDS), sampled(TWO_KINDS)).b.reason == "honoured"


def test_a_refusal_that_does_not_name_the_field_decides_nothing() -> None:
    found = judged(refusing(refused(CHAT, "Bad request.")), DOES["honours"]).b
    assert (found.verdict, found.reason, found.said) == ("inconclusive", "refused", "Bad request.")


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_limits_keys_and_faults_decide_nothing(status: int) -> None:
    found = judged(refusing(refused(CHAT, "temperature", status)), DOES["honours"]).b
    assert (found.verdict, found.reason) == ("inconclusive", f"status_{status}")


def test_another_models_refusals_are_not_held_against_it() -> None:
    found = judged(DOES["honours"], DOES["refuses"], b_model="another-model").b
    assert (found.verdict, found.reason) == ("inconclusive", "other_model")


def test_answers_without_a_number_show_nothing() -> None:
    words = ["I can't do that."] * 6
    assert judged(sampled(words), DOES["honours"]).b.reason == "not_shown"
    assert judged(sampled(ALIKE, words), DOES["honours"]).b.reason == "not_shown"


def _cell(parameter: str, protocol: str, answers: dict[str, list[Answer]]) -> str:
    """The reason that is given of B alone."""
    return by_id()[parameter].judge(Seen(steps(protocol, answers))).b.reason


def test_n() -> None:
    two = [{"index": n, "message": {"role": "assistant", "content": "x"}, "finish_reason": "stop"} for n in (0, 1)]
    assert _cell("n", CHAT, {"without": [said(CHAT)], "with": [said(CHAT, choices=two)]}) == "honoured"
    assert _cell("n", CHAT, {"without": [said(CHAT)], "with": [said(CHAT)]}) == "ignored"
    assert _cell("n", CHAT, {"without": [said(CHAT)], "with": [refused(CHAT, "no more than one", param="n")]}) == "rejected"


def _entry(token: str, logprob: object = -0.1, others: Sequence[float] = (-0.1, -3.0), **more: object) -> dict[str, object]:
    return {
        "token": token,
        "logprob": logprob,
        "bytes": list(token.encode()),
        "top_logprobs": [{"logprob": x} for x in others],
    } | more


LOGPROBS: list[tuple[str, list[dict[str, object]]]] = [
    ("honoured", [_entry("ye"), _entry("s")]),
    ("honoured", [_entry("yes", bytes=None)]),
    ("honoured", [_entry("yes", others=())]),
    ("ignored", []),
    ("invented", [_entry("no")]),
    ("invented", [_entry("yes", 0.2)]),
    ("honoured", [_entry("yes", None)]),
    ("honoured", [_entry("Hm."), _entry("yes"), _entry("<|im_end|>")]),  # the reasoning before it, the end mark behind it
    ("honoured", [_entry("\u0120yes", bytes=None)]),
    ("honoured", [_entry("yes", others=(), top_logprobs=[{"token": t, "logprob": x} for t, x in (("yes", -4), ("no", -0.1))])]),
    ("invented", [_entry("yes", others=(-0.1, -0.2))]),
    ("invented", [_entry("yes", others=(-3.0, -0.1))]),
    ("invented", [_entry("yes", others=(-0.1, math.log(0.5)))]),
]


@pytest.mark.parametrize("protocol", [CHAT, RESPONSES])
@pytest.mark.parametrize(("reason", "entries"), LOGPROBS)
def test_log_probabilities_are_those_of_the_answer(protocol: str, reason: str, entries: list[dict[str, object]]) -> None:
    if protocol == CHAT:
        choice = {"index": 0, "message": {"role": "assistant", "content": "yes"}, "finish_reason": "stop"}
        answer = said(CHAT, choices=[choice | {"logprobs": {"content": entries, "refusal": None}}])
    else:
        part = {"type": "output_text", "text": "yes", "annotations": [], "logprobs": entries}
        item = {"id": "m", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
        answer = said(RESPONSES, output=[item])
    assert _cell("logprobs", protocol, {"without": [said(protocol)], "with": [answer]}) == reason


def _beside(parameter: str, b: dict[str, list[Answer]], a: dict[str, list[Answer]]) -> str:
    return by_id()[parameter].judge(Seen(steps(CHAT, b, "b"), steps(CHAT, a, "a"))).b.reason


def _texts(**texts: Sequence[str]) -> dict[str, list[Answer]]:
    return {step.replace("_", "-"): [said(CHAT, text) for text in several] for step, several in texts.items()}


def test_logit_bias() -> None:
    honest = _texts(without=["A lighthouse guides ships."], **{"with": ["BBBBBBBB"]})
    deaf = _texts(without=["A lighthouse guides ships."], **{"with": ["It guides ships."]})
    assert _beside("logit_bias", honest, honest) == "honoured"
    assert _beside("logit_bias", deaf, honest) == "ignored"
    beside = {**honest, "with": [said(CHAT, "Sure! " + "B" * 30)]}  # it was obeyed, and something put before it
    assert _beside("logit_bias", beside, honest) == "not_shown"
    assert _beside("logit_bias", deaf, deaf) == "control_too"


def test_two_models_have_rules_and_tokens_of_their_own() -> None:
    honest = _texts(without=["A lighthouse guides ships."], **{"with": ["BBBBBBBB"]})
    deaf = _texts(without=["A lighthouse guides ships."], **{"with": ["It guides ships."]})
    refusing = {**deaf, "with": [refused(CHAT, "no logit_bias here", param="logit_bias")]}
    for answers, reason in ((deaf, "other_model"), (refusing, "rejected")):
        seen = Seen(steps(CHAT, answers, "b", model="llama-3"), steps(CHAT, honest, "a"))
        judged_b = by_id()["logit_bias"].judge(seen).b
        assert judged_b.reason == reason
        assert judged_b.verdict is not Verdict.FAIL
        assert judged_b.words("B")


def test_seed() -> None:
    others = {"seed_101": ["3"], "seed_202": ["5"], "seed_303": ["3"]}
    honest = _texts(without=["3"], **{"with": ["7"] * 6}, **others)
    deaf = _texts(without=["3"], **{"with": ["7", "8", "9", "1", "7", "2"]}, **others)
    stuck = _texts(without=["7"], **{"with": ["7"] * 6}, seed_101=["7"], seed_202=["7"], seed_303=["7"])
    assert _beside("seed", honest, honest) == "honoured"
    assert _beside("seed", deaf, honest) == "ignored"
    assert _beside("seed", stuck, honest) == "not_shown"


def test_frequency_penalty() -> None:
    honest = _texts(without=["ha " * 60] * 2, frequency=["ha " * 9 + "and more", "ha ha"], presence=["ha"])
    deaf = _texts(without=["ha " * 60] * 2, frequency=["ha " * 60, "ha " * 59], presence=["ha"])
    half = _texts(without=["ha " * 60] * 2, frequency=["ha " * 60, "ha " * 9], presence=["ha"])
    lazy = _texts(without=["ha ha ha"] * 2, frequency=["ha ha ha"] * 2, presence=["ha"])
    assert _beside("frequency_penalty", honest, honest) == "honoured"
    assert _beside("frequency_penalty", deaf, honest) == "ignored"
    assert _beside("frequency_penalty", half, honest) == "not_shown"
    assert _beside("frequency_penalty", lazy, honest) == "not_shown"
    assert _beside("presence_penalty", deaf, honest) == "taken"


def test_effort() -> None:
    def thought(*counts: int) -> list[Answer]:
        details = [{"reasoning_tokens": count} for count in counts]
        return [
            said(
                CHAT,
                usage={"prompt_tokens": 9, "completion_tokens": 999, "total_tokens": 1008, "completion_tokens_details": one},
            )
            for one in details
        ]

    assert _cell("effort", CHAT, {"without": thought(90), "low": thought(40, 60), "high": thought(300, 200)}) == "honoured"
    assert _cell("effort", CHAT, {"without": thought(90), "low": thought(40, 260), "high": thought(300, 200)}) == "not_shown"
    assert _cell("effort", CHAT, {"without": thought(90), "low": [said(CHAT)], "high": [said(CHAT)]}) == "not_shown"


def test_what_a_protocol_lacks_is_not_asked() -> None:
    options = {one: one for one in ("top_k", "n", "logprobs", "logit_bias", "seed", "frequency_penalty")}
    for check, option in options.items():
        assert {one for one in protocol_ids() if by_id()[check].speaks(one)} == {
            one for one in protocol_ids() if option not in info(one).lacks
        }, check
    assert by_id()["temperature"].speaks(MESSAGES)


def test_every_cell_has_its_words() -> None:
    for cell in Cell:
        made_up = Parameter("zz", ("zz",), "with", "", lambda _steps, cell=cell: (cell, ()), promised=True)  # type: ignore[misc]
        for a in (None, steps(CHAT, {"with": [said(CHAT)]}, "a")):
            found = judge_parameter(made_up)(Seen(steps(CHAT, {"with": [said(CHAT)]}), a)).b
            assert found.words("B")
            assert found.measured_words("B")
