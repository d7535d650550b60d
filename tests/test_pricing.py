"""Cost: the formulas of both vendors against amounts worked out by hand, and nothing where something is not known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.pricing import Cost, PriceTableError, Unpriced, builtin_table, find_price, parse_price_table, price, total_input
from app.protocols.reading import Usage
from app.store.prices import load_prices

MESSAGES, CHAT, RESPONSES = "anthropic-messages", "openai-chat", "openai-responses"
K = 1000


def priced(*what: Any, **more: Any) -> Cost:
    found = price(*what, **more)
    assert isinstance(found, Cost), found
    return found


def usd(found: Cost | Unpriced) -> float:
    assert isinstance(found, Cost), found
    assert found.usd == pytest.approx(sum(found.parts.values()))
    return found.usd


def usage(given: int | None, out: int | None, read: int | None = 0, written: int | None = 0, **raw: object) -> Usage:
    return Usage(given, out, read, written, None, raw)


@pytest.mark.parametrize(
    ("model", "used", "expected"),
    [
        # (input*Pin + w5*1.25*Pin + w1h*2*Pin + read*0.1*Pin + out*Pout) / 1e6 with 3 and 15
        ("claude-sonnet-4-6", usage(1000, 500), 0.003 + 0.0075),
        ("claude-sonnet-4-6", usage(1000, 500, 2000, 0), 0.003 + 0.0006 + 0.0075),
        ("claude-sonnet-4-6", usage(0, 0, 0, 1000), 0.00375),
        (
            "claude-sonnet-4-6",
            usage(0, 0, 0, 3000, cache_creation={"ephemeral_5m_input_tokens": 1000, "ephemeral_1h_input_tokens": 2000}),
            0.00375 + 0.012,
        ),
        ("claude-sonnet-4-6", usage(1000, 500, service_tier="batch"), 0.0105 / 2),
        ("claude-sonnet-4-6", usage(1000, 500, inference_geo="us"), 0.0105 * 1.1),
        ("claude-sonnet-4-6", usage(1000, 500, service_tier="standard", inference_geo="not_available"), 0.0105),
        ("claude-sonnet-4-6", usage(1000, 500, server_tool_use={"web_search_requests": 3}), 0.0105 + 0.03),
        ("claude-opus-4-8", usage(1000, 500, speed="fast"), (0.005 + 0.0125) * 2),
        ("claude-opus-5-5", usage(0, 0, 10_000), 0.002),
        ("claude-fable-5-1", usage(0, 0, 10_000), 0.0025),
        ("claude-haiku-5-5", usage(100 * K, 1000), 0.01 + 0.0005),
        ("claude-haiku-5-5", usage(100 * K + 1, 1000), 0.0500005 + 0.0025),
        ("claude-haiku-5-5", usage(1, 0, 100 * K), 0.0000005 + 0.005),
    ],
)
def test_anthropic(model: str, used: Usage, expected: float) -> None:
    assert usd(price(used, MESSAGES, model)) == pytest.approx(expected)


def test_a_refusal_before_any_output_is_billed_for_its_input_only() -> None:
    used = usage(1000, 500, 2000)
    refused = price(used, MESSAGES, "claude-sonnet-4-6", refused_unsaid=True)
    assert usd(refused) == pytest.approx(0.003 + 0.0006)
    assert isinstance(refused, Cost)
    assert "refused" in refused.notes[-1]
    assert usd(price(used, MESSAGES, "x", {"input": 1, "output": 1, "cache_read": 0}, refused_unsaid=True)) == 0.0015


def _iteration(kind: str, given: int, out: int, written: int = 0) -> dict[str, object]:
    return {"type": kind, "input_tokens": given, "output_tokens": out, "cache_creation_input_tokens": written}


def test_a_compaction_is_counted_apart_and_billed() -> None:
    rounds = [_iteration("compaction", 180 * K, 3500, 1000), _iteration("message", 45 * K, 1234)]
    cost = price(usage(45 * K, 1234, iterations=rounds), MESSAGES, "claude-sonnet-4-6")
    assert usd(cost) == pytest.approx((225 * K * 3 + 1000 * 3.75 + 4734 * 15) / 1e6)
    assert isinstance(cost, Cost)
    assert "compaction" in cost.notes[-1]
    assert cost.doubts == ()


def test_an_advisor_has_a_price_of_its_own() -> None:
    rounds = [_iteration("message", 1000, 500), _iteration("advisor_message", 9000, 700), "odd"]
    cost = price(usage(1000, 500, iterations=rounds), MESSAGES, "claude-sonnet-4-6")
    assert usd(cost) == pytest.approx(0.003 + 0.0075)
    assert isinstance(cost, Cost)
    assert (
        cost.doubts
        == cost.notes
        == ("What an advisor model took is counted apart, in usage.iterations, and has its own price: the cost is too low.",)
    )


@pytest.mark.parametrize("protocol", [CHAT, RESPONSES])
@pytest.mark.parametrize(
    ("model", "used", "tier", "expected"),
    [
        ("gpt-5.5", usage(1000, 500), None, 0.005 + 0.015),
        ("gpt-5.5", usage(1000, 500, 400), None, 600 * 5e-6 + 400 * 0.5e-6 + 0.015),
        ("gpt-5.5", usage(1000, 0, 0, 400), None, 0.005),  # no surcharge for cache writes
        ("gpt-5.6", usage(1000, 0, 0, 400), None, 600 * 4e-6 + 400 * 5e-6),
        ("gpt-5.4", usage(272 * K, 1000), None, 0.68 + 0.015),
        ("gpt-5.4", usage(272 * K + 1, 1000), None, 1.360005 + 0.0225),
        ("gpt-5.4", usage(300 * K, 0, 100 * K), None, 1.0 + 0.05),
        ("gpt-5.4-mini", usage(300 * K, 0), None, 0.225),
        ("gpt-5.5", usage(1000, 500), "default", 0.02),
        ("gpt-5.5", usage(1000, 500), "flex", 0.01),
        ("gpt-5.5", usage(1000, 500), "priority", 0.05),
        ("gpt-5.4", usage(1000, 500), "priority", 0.02),
        ("gpt-6-astra", usage(1000, 500), "ultrafast", 0.06 + 0.15),
        ("gpt-4o", usage(1000, 500), "on_demand", 0.0075),
    ],
)
def test_openai(model: str, used: Usage, tier: str | None, expected: float, protocol: str) -> None:
    assert usd(price(used, protocol, model, service_tier=tier)) == pytest.approx(expected)


def test_a_claude_model_behind_an_openai_protocol() -> None:
    """Counts follow the protocol, prices the model."""
    chat = price(usage(3000, 500, 2000), CHAT, "claude-sonnet-4-6")
    messages = price(usage(1000, 500, 2000), MESSAGES, "claude-sonnet-4-6")
    assert usd(chat) == pytest.approx(usd(messages))


@pytest.mark.parametrize(
    ("protocol", "model", "used", "tier", "said"),
    [
        (MESSAGES, "claude-sonnet-4-6", usage(None, 5), None, "input tokens"),
        (MESSAGES, "claude-sonnet-4-6", usage(5, None), None, "output tokens"),
        (MESSAGES, "claude-fable-5-2", usage(5, 5), None, "no price for “claude-fable-5-2”"),
        (CHAT, "gpt-6.1-terra", usage(5, 5), None, "no price"),
        (CHAT, "my-model", usage(5, 5), None, "no price for “my-model”"),
        (CHAT, "gpt-5.5-pro", usage(5, 5, 2), None, "cache read tokens"),
        (CHAT, "gpt-5.5", usage(5, 5, 6), None, "contradict"),
        (CHAT, "gpt-5.5", usage(5, -1), None, "contradict"),
        (CHAT, "gpt-5.5", usage(0, 0), None, "0 input tokens"),
        (MESSAGES, "claude-sonnet-4-6", usage(0, 9), None, "0 input tokens"),
        (CHAT, "gpt-5.5", usage(5, 5), "ultrafast", "ultrafast"),
        (MESSAGES, "claude-sonnet-4-6", usage(5, 5, service_tier="priority"), None, "priority"),
        (MESSAGES, "claude-sonnet-4-6", usage(5, 5, speed="fast"), None, "fast"),
        (CHAT, "openai/gpt-4o-2024-05-13", usage(5, 5), None, "no price"),
        (CHAT, "openai/gpt-4o:free", usage(5, 5), None, "nothing"),
    ],
)
def test_unknown_is_not_nothing(protocol: str, model: str, used: Usage, tier: str | None, said: str) -> None:
    found = price(used, protocol, model, service_tier=tier)
    assert isinstance(found, Unpriced)
    assert said in found.sentence


def test_what_is_assumed_is_said() -> None:
    found = priced(usage(1000, 500, None, None), CHAT, "gpt-5.5")
    assert "cached" in found.notes[0]
    lump = priced(usage(0, 5, 0, 9, cache_creation={"ephemeral_5m_input_tokens": 0}), MESSAGES, "claude-sonnet-4-6")
    assert "five minutes" in lump.notes[0]
    assert priced(usage(1, 1), CHAT, "gpt-5.5").notes == ()


def test_cached_tokens_that_stand_in_the_input_as_well_are_priced_once() -> None:
    twice = Usage(41_200, 5, 40_000, 1_200, None, {}, cache_in_input=True)
    assert usd(price(twice, MESSAGES, "claude-opus-4-8")) == pytest.approx(40 * K * 0.5e-6 + 1_200 * 6.25e-6 + 5 * 25e-6)
    assert priced(twice, MESSAGES, "claude-opus-4-8").notes[-1].endswith("priced once.")
    assert total_input(twice, MESSAGES) == 41_200
    # Two counters that disagree by two tokens.
    assert total_input(Usage(3_602, 5, 3_604, 0, None, {}, cache_in_input=True), MESSAGES) == 3_604


def test_counts_that_contradict_each_other_mark_the_cost() -> None:
    doubtful = Usage(10, 5, 0, 0, 9, {}, doubts=("The cost may be too low.",))
    assert "The cost may be too low." in priced(doubtful, CHAT, "gpt-5.5").notes


def test_the_source_is_named() -> None:
    found = priced(usage(1, 1), MESSAGES, "us.anthropic.claude-sonnet-4-5-20250929-v1:0")
    assert (found.source, found.model) == ("price table of 2026-10-21", "claude-sonnet-4-5")


@pytest.mark.parametrize(
    ("prices", "used", "expected"),
    [
        ({"input": 1.0, "output": 2.0}, usage(1000, 500), 0.002),
        ({"input": 1.0, "output": 2.0}, usage(1000, 500, service_tier="batch", inference_geo="us"), 0.002),
        ({"input": 1.0, "output": 2.0, "cache_read": 0.5, "cache_write": 4.0}, usage(0, 0, 1000, 1000), 0.0045),
        ({"input": 0.0, "output": 0.0}, usage(1000, 500), 0.0),
        ({"input": 1.0}, usage(1000, 500), None),
        ({"input": 1.0, "output": 2.0}, usage(1000, 500, 1), None),
        ({"input": float("nan"), "output": 2.0}, usage(1000, 500), None),
    ],
)
def test_own_prices_go_first(prices: dict[str, float], used: Usage, expected: float | None) -> None:
    found = price(used, MESSAGES, "claude-sonnet-4-6", prices)
    assert (pytest.approx(found.usd) if isinstance(found, Cost) else None) == expected
    assert isinstance(found, Unpriced) or found.source == "profile's own prices"


@pytest.mark.parametrize(
    ("model", "row"),
    [
        ("claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("anthropic/claude-4.5-sonnet-20250929", "claude-sonnet-4-5"),
        ("anthropic/claude-sonnet-4.6", "claude-sonnet-4-6"),
        ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
        ("eu.anthropic.claude-opus-4-6-v1:0", "claude-opus-4-6"),
        ("claude-opus-4-8[1m]", "claude-opus-4-8"),
        ("claude-opus-4-7-thinking", "claude-opus-4-7"),
        ("GPT-4o", "gpt-4o"),
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("openai/gpt-5-mini-2025-08-07", "gpt-5-mini"),
        ("gpt-5.6", "gpt-5.6"),
        ("chat-latest", "chat-latest"),
    ],
)
def test_names_find_their_row(model: str, row: str) -> None:
    found = find_price(model, builtin_table())
    assert isinstance(found, tuple)
    assert found[0] == row


@pytest.mark.parametrize(
    "model", ["gpt-4", "gpt-4o-audio-preview", "o1-mini", "claude-opus-4-1", "claude-sonnet-4-6-latest", ""]
)
def test_other_names_find_none(model: str) -> None:
    assert isinstance(find_price(model, builtin_table()), Unpriced)


def test_cache_prices_follow_the_vendors_rules() -> None:
    """PROTOCOLS 3.4: Anthropic's writes are 1.25 and 2 times the input price, OpenAI's long requests 2 and 1.5 times."""
    for name, row in builtin_table().models.items():
        if row.input is None or row.output is None:
            continue
        if row.vendor == "anthropic":
            assert [row.cache_write, row.cache_write_1h] == pytest.approx([row.input * 1.25, row.input * 2]), name
        elif row.above is not None:
            assert [row.above.input, row.above.output] == pytest.approx([row.input * 2, row.output * 1.5]), name


@pytest.mark.parametrize(
    ("used", "protocol", "total"),
    [
        (usage(10, 1, 20, 30), MESSAGES, 60),
        (usage(10, 1, None, None), MESSAGES, 10),
        (usage(10, 1, 0, None, cache_creation={"ephemeral_5m_input_tokens": 5}), MESSAGES, 15),
        (usage(10, 1, 5, 5), CHAT, 10),
        (usage(None, 1, 5, 5), MESSAGES, None),
    ],
)
def test_total_input(used: Usage, protocol: str, total: int | None) -> None:
    assert total_input(used, protocol) == total


OWN = """
version = 1
date = 2026-11-01
source = "my contract"
[[models]]
vendor = "anthropic"
ids = ["claude-sonnet-4-6", "house-model"]
input = 1
output = 2
"""


def test_the_users_own_table_goes_first(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(OWN)
    table, problem = load_prices(path)
    assert problem == ""
    own = priced(usage(1000, 0), MESSAGES, "claude-sonnet-4-6", table=table)
    other = priced(usage(1000, 0), MESSAGES, "claude-opus-4-8", table=table)
    assert own.usd == pytest.approx(0.001)
    assert own.source == "your own price table of 2026-11-01"
    assert other.source == "price table of 2026-10-21"


@pytest.mark.parametrize(
    "text", ["x", OWN.replace("input = 1", "input = -1"), OWN.replace("version = 1", "version = 2"), "\x00"]
)
def test_a_broken_own_table_is_named_and_left(tmp_path: Path, text: str) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(text)
    table, problem = load_prices(path)
    assert table == builtin_table()
    assert "prices.toml" in problem
    assert path.read_text() == text
    with pytest.raises(PriceTableError):
        parse_price_table(text)


def test_no_own_table(tmp_path: Path) -> None:
    assert load_prices(tmp_path / "none.toml") == (builtin_table(), "")
