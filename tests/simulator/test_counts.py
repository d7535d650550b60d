"""Usage that counts as a tokenizer does: every total is a sum of its parts, in every script, and lies show as arithmetic."""

from __future__ import annotations

import itertools

import pytest

from app.simulator.model.tokens import GPT, TOKENIZERS, Tokenizer
from tests.simulator.inside import CHAT, MESSAGES, PROTOCOLS, RESPONSES, Inside, request, text_of, usage_of

UNITS = {
    "word": " lantern",
    "word with a blank behind": "lantern ",
    "prose": "The quick brown fox jumps over the lazy dog, and nobody asks why. ",
    "cjk": "今天天气很好，我们去公园散步吧。",
    "kana and hangul": "ひらがなとカタカナ한국어",
    "digits": "7392046158",
    "emoji": "👩‍🚀👨‍👩‍👧",
    "json": '{"name":"value","count":12,"ok":true}\n',
    "base64": "QmFzZTY0IGlzIG5vdCBzZWNyZXQ=\n",
    "code": "for i in range(10):\n    print(i)\n",
    "accents": "čšž café naïve ",
}
MODELS = {MESSAGES: "claude-sonnet-4-6", CHAT: "gpt-5.5", RESPONSES: "gpt-5.5"}
FRAME = "Nonce: bavokilu\n"


@pytest.mark.parametrize("tokenizer", TOKENIZERS, ids=lambda one: one.name)
@pytest.mark.parametrize("unit", UNITS)
def test_n_repeats_cost_n_times_as_much(tokenizer: Tokenizer, unit: str) -> None:
    base = tokenizer.count(FRAME)
    once = tokenizer.count(FRAME + UNITS[unit]) - base
    assert [tokenizer.count(FRAME + UNITS[unit] * n) - base for n in (2, 40, 80)] == [2 * once, 40 * once, 80 * once]


@pytest.mark.parametrize("tokenizer", TOKENIZERS, ids=lambda one: one.name)
@pytest.mark.parametrize("unit", UNITS)
def test_counts_are_plausible(tokenizer: Tokenizer, unit: str) -> None:
    text = UNITS[unit] * 20
    assert len(text) / (8 if unit.startswith("word") else 4.5) <= tokenizer.count(text) <= len(text.encode())
    assert "".join(tokenizer.pieces(text)) == text


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(TOKENIZERS, 2)), ids=lambda one: one.name)
def test_tokenizers_differ_by_another_factor_in_each_script(one: Tokenizer, other: Tokenizer) -> None:
    factors = {unit: other.count(text) / one.count(text) for unit, text in UNITS.items()}
    assert len(set(factors.values())) > 3


def test_a_beginning_has_at_most_so_many_tokens() -> None:
    text = "It costs 漢字 👩‍🚀 a bit more"
    sizes = [GPT.count(GPT.first(text, room)) for room in range(GPT.count(text) + 1)]
    assert all(size <= room for room, size in enumerate(sizes))
    assert GPT.first(text, GPT.count(text)) == text


# -- over the endpoints ------------------------------------------------------------------------------------------------


def total(inside: Inside, faults: str, protocol: str, prompt: str, **more: object) -> int:
    return usage_of(inside.ask(faults, protocol, request(protocol, prompt=prompt, **more)))[0]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("unit", UNITS)
def test_an_endpoint_adds_up_frame_and_repeats(protocol: str, unit: str) -> None:
    inside = Inside()
    counts = {n: total(inside, "", protocol, FRAME + UNITS[unit] * n) for n in (0, 1, 40, 80)}
    once = counts[1] - counts[0]
    assert (counts[40] - counts[0], counts[80] - counts[40]) == (40 * once, 40 * once)


@pytest.mark.parametrize("protocol", [MESSAGES, RESPONSES])
@pytest.mark.parametrize("faults", ["", "hidden_prompt=50", "count_multiplier=150", "other_tokenizer"])
def test_counting_agrees_with_usage(protocol: str, faults: str) -> None:
    inside = Inside()
    for body in (
        request(protocol),
        request(protocol, tools=True, **{"system" if protocol == MESSAGES else "instructions": "Be brief."}),
    ):
        assert inside.count(faults, protocol, body) == usage_of(inside.ask(faults, protocol, body))[0]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("size", [20, 27, 412, 1500])
def test_a_hidden_prompt_adds_its_tokens_to_whatever_is_asked(protocol: str, size: int) -> None:
    inside = Inside()
    system = {MESSAGES: {"system": "Be brief."}, CHAT: {}, RESPONSES: {"instructions": "Be brief."}}[protocol]
    for more in ({}, system, {"tools": True}):
        offset = total(inside, f"hidden_prompt={size}", protocol, "Hello", **more) - total(
            inside, "", protocol, "Hello", **more
        )
        assert offset == size


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_multiplier_is_the_same_for_each_script_and_another_tokenizer_is_not(protocol: str) -> None:
    inside = Inside()
    ratios: dict[str, set[float]] = {"count_multiplier=150": set(), "other_tokenizer": set()}
    for faults, seen in ratios.items():
        for unit in ("word", "cjk", "digits", "json"):
            slopes = [
                total(inside, one, protocol, FRAME + UNITS[unit] * 80) - total(inside, one, protocol, FRAME)
                for one in (faults, "")
            ]
            seen.add(round(slopes[0] / slopes[1], 1))
    assert ratios["count_multiplier=150"] == {1.5}
    assert len(ratios["other_tokenizer"]) > 2


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_output_is_counted_linearly_and_below_its_bytes(protocol: str) -> None:
    inside = Inside()
    counts = []
    for n in (5, 10, 20):
        answer = inside.ask("", protocol, request(protocol, prompt=f'Say "{"lantern 漢字 " * n}"'))
        counts.append(usage_of(answer)[3])
        thinking = 0 if protocol == MESSAGES else 64
        assert counts[-1] - thinking <= len(text_of(answer).encode()) + 16
    assert counts[2] - counts[1] == 2 * (counts[1] - counts[0])


@pytest.mark.parametrize(
    ("faults", "expected"),
    [("", 2), ("output_inflated=250", 5), ("output_rounded=10", 10), ("output_equal=64", 64), ("usage_doubled_output", 4)],
)
def test_output_counts_that_nobody_counted(faults: str, expected: int) -> None:
    answer = Inside().ask(faults, MESSAGES, request(MESSAGES, prompt="Reply with exactly: pong pong"))
    assert (text_of(answer), usage_of(answer)[3]) == ("pong pong", expected)


@pytest.mark.parametrize("faults", ["count_multiplier=150", "output_inflated=300", "output_equal=9"])
def test_totals_still_add_up(faults: str) -> None:
    usage = Inside().ask(faults, CHAT, request(CHAT))["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
