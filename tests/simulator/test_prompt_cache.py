"""The prompt cache: created, then read, by what a prompt begins with; its minimum and its lifetime."""

from __future__ import annotations

from typing import Any

import pytest

from app.simulator.model import prompt_cache
from tests.simulator.inside import CHAT, MESSAGES, RESPONSES, Inside, request, usage_of

TEXT = "The lighthouse keeper counts the ships. " * 400
OPENAI = (CHAT, RESPONSES)


def marked(
    nonce: str, question: str = "Why?", ttl: str = "", model: str = "claude-sonnet-4-6", text: str = TEXT
) -> dict[str, Any]:
    """A long prefix behind a nonce, with a breakpoint, and a question."""
    mark = {"type": "ephemeral", **({"ttl": ttl} if ttl else {})}
    system = [{"type": "text", "text": f"{nonce} {text}", "cache_control": mark}]
    return request(MESSAGES, prompt=question, system=system, model=model, max_tokens=64)


def plain(protocol: str, nonce: str, question: str = "Why?", **more: Any) -> dict[str, Any]:
    return request(protocol, prompt=f"{nonce} {TEXT}{question}", **more)


def seen(inside: Inside, protocol: str, body: dict[str, Any], faults: str = "", **more: Any) -> tuple[int, int, int]:
    """(total, read, written)."""
    return usage_of(inside.ask(faults, protocol, body, **more))[:3]


def test_a_prefix_is_written_then_read_by_another_question() -> None:
    inside = Inside()
    first = seen(inside, MESSAGES, marked("bavo", "Why?"))
    second = seen(inside, MESSAGES, marked("bavo", "How?"))
    assert (first[1], first[2] > 3000) == (0, True)
    assert second == (first[0], first[2], 0)


@pytest.mark.parametrize("protocol", [MESSAGES, *OPENAI])
def test_a_nonce_in_front_never_hits(protocol: str) -> None:
    inside = Inside()
    one, other = (marked(word) if protocol == MESSAGES else plain(protocol, word) for word in ("bavo", "kilu"))
    assert [seen(inside, protocol, body)[1] > 0 for body in (one, other, one)] == [False, False, True]


@pytest.mark.parametrize("protocol", OPENAI)
def test_the_automatic_cache_reads_in_steps_what_is_shared(protocol: str) -> None:
    inside = Inside()
    first = seen(inside, protocol, plain(protocol, "bavo", "Why?"))
    second = seen(inside, protocol, plain(protocol, "bavo", "And how, if one may ask?"))
    assert first[1] == 0
    assert second[1] % 128 == 0
    assert first[0] - 140 < second[1] < first[0]


@pytest.mark.parametrize("protocol", OPENAI)
def test_another_cache_key_is_another_cache(protocol: str) -> None:
    inside = Inside()
    seen(inside, protocol, plain(protocol, "bavo", prompt_cache_key="one"))
    assert seen(inside, protocol, plain(protocol, "bavo", prompt_cache_key="two"))[1] == 0
    assert seen(inside, protocol, plain(protocol, "bavo", prompt_cache_key="one"))[1] > 0


@pytest.mark.parametrize(("model", "tokens"), [("claude-opus-4-8", 1024), ("claude-haiku-4-5", 4096), ("claude-opus-5-5", 512)])
def test_the_minimum_is_the_models(model: str, tokens: int) -> None:
    inside = Inside()
    below, above = "sky " * (tokens - 200), "sky " * (tokens + 10)
    assert seen(inside, MESSAGES, marked("bavo", model=model, text=below))[2] == 0
    assert seen(inside, MESSAGES, marked("bavo", model=model, text=above))[2] >= tokens


def test_below_the_minimum_openai_caches_nothing() -> None:
    inside = Inside()
    body = request(CHAT, prompt="sky " * 900)
    assert [seen(inside, CHAT, body)[1] for _ in range(2)] == [0, 0]


@pytest.mark.parametrize(("ttl", "lifetime_s"), [("", 300), ("5m", 300), ("1h", 3600)])
def test_it_lives_as_long_as_it_is_used(ttl: str, lifetime_s: int) -> None:
    inside = Inside()
    seen(inside, MESSAGES, marked("bavo", ttl=ttl))
    for _ in range(3):  # a use begins the lifetime anew
        inside.now_s += lifetime_s - 1
        assert seen(inside, MESSAGES, marked("bavo", ttl=ttl))[1] > 0
    inside.now_s += lifetime_s + 1
    assert seen(inside, MESSAGES, marked("bavo", ttl=ttl))[1] == 0


def test_what_was_written_is_told_by_lifetime() -> None:
    inside = Inside()
    for ttl, name in (("5m", "ephemeral_5m_input_tokens"), ("1h", "ephemeral_1h_input_tokens")):
        usage = inside.ask("", MESSAGES, marked(f"nonce {ttl}", ttl=ttl))["usage"]
        assert (
            usage["cache_creation"][name] == usage["cache_creation_input_tokens"] == sum(usage["cache_creation"].values()) > 0
        )


@pytest.mark.parametrize("protocol", OPENAI)
def test_the_automatic_cache_forgets_unless_it_is_told_to_keep(protocol: str) -> None:
    for retention, reads in (("in_memory", False), ("24h", True)):
        inside, body = Inside(), plain(protocol, "bavo", prompt_cache_retention=retention)
        seen(inside, protocol, body)
        inside.now_s += 301
        assert (seen(inside, protocol, body)[1] > 0) == reads


def test_a_longer_conversation_reads_the_shorter_one() -> None:
    inside = Inside()
    body = marked("bavo") | {"cache_control": {"type": "ephemeral"}}
    first = seen(inside, MESSAGES, body)
    turns = [*body["messages"], {"role": "assistant", "content": "So."}, {"role": "user", "content": "And then?"}]
    total, read, written = seen(inside, MESSAGES, {**body, "messages": turns})
    assert read == first[2]
    assert written == total - read


def test_nothing_behind_the_last_breakpoint_is_read() -> None:
    inside = Inside()
    total = seen(inside, MESSAGES, marked("bavo") | {"cache_control": {"type": "ephemeral"}})[2]
    assert 0 < seen(inside, MESSAGES, marked("bavo"))[1] < total


def test_not_all_of_a_prompt_is_read_automatically() -> None:
    inside = Inside()
    least = seen(inside, CHAT, request(CHAT, prompt="bavo" + " sky" * 2000))[0]
    body = request(CHAT, prompt="kilu" + " sky" * (2000 + -least % 128))
    (total, _, _), (again, read, _) = (seen(inside, CHAT, body) for _ in range(2))
    assert total == again == read + 128
    assert total % 128 == 0


def test_the_oldest_entries_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt_cache, "_MOST_ENTRIES", 2)
    cache = prompt_cache.PromptCache()
    for digest in ("one", "two", "one", "three"):
        cache.put(digest, 60, 0)
    assert [cache.has(digest, 1) for digest in ("one", "two", "three")] == [True, False, True]


@pytest.mark.parametrize("protocol", [MESSAGES, RESPONSES])
def test_counting_neither_reads_nor_writes(protocol: str) -> None:
    inside = Inside()
    body = marked("bavo") if protocol == MESSAGES else plain(protocol, "bavo")
    inside.count("", protocol, body)
    assert seen(inside, protocol, body)[1] == 0


def test_another_account_has_another_cache() -> None:
    inside = Inside()
    seen(inside, MESSAGES, marked("bavo"), key="sk-one")
    assert seen(inside, MESSAGES, marked("bavo"), key="sk-two")[1] == 0
    assert seen(inside, MESSAGES, marked("bavo"), "other_account", key="sk-one")[1] == 0
    assert seen(inside, MESSAGES, marked("bavo"), "other_account", key="sk-two")[1] > 0


@pytest.mark.parametrize("faults", ["cache_never_hits", "account_rotation=2"])
@pytest.mark.parametrize("protocol", [MESSAGES, *OPENAI])
def test_a_cache_that_is_never_hit(protocol: str, faults: str) -> None:
    inside = Inside()
    body = marked("bavo") if protocol == MESSAGES else plain(protocol, "bavo")
    assert [seen(inside, protocol, body, faults)[1] for _ in range(2)] == [0, 0]


@pytest.mark.parametrize("protocol", [MESSAGES, *OPENAI])
def test_a_hidden_prompt_that_is_cached_is_read_by_any_question(protocol: str) -> None:
    inside = Inside()
    reads = [
        seen(inside, protocol, request(protocol, prompt=word), "hidden_prompt_cached=2000")[1] for word in ("bavo", "kilu")
    ]
    assert reads[0] == 0
    assert 1900 < reads[1] <= 2010


@pytest.mark.parametrize("protocol", [MESSAGES, *OPENAI])
def test_invented_reads_leave_the_total(protocol: str) -> None:
    for long in (False, True):
        body = request(protocol) if not long else marked("bavo") if protocol == MESSAGES else plain(protocol, "bavo")
        honest, told = (seen(Inside(), protocol, body, faults) for faults in ("", "cache_invented"))
        assert told[0] == honest[0]
        assert told[1] == round(honest[0] * 0.6)


@pytest.mark.parametrize(
    ("mark", "words"), [({"type": "forever"}, "type: Input should be one of"), ({"type": "ephemeral", "ttl": "2h"}, "ttl")]
)
def test_a_mark_is_read_strictly(mark: dict[str, str], words: str) -> None:
    body = request(MESSAGES, system=[{"type": "text", "text": "x", "cache_control": mark}])
    assert words in Inside().ask("", MESSAGES, body)["error"]["message"]


def test_more_than_four_breakpoints_are_refused() -> None:
    system = [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}] * 5
    assert "maximum of 4" in Inside().ask("", MESSAGES, request(MESSAGES, system=system))["error"]["message"]
