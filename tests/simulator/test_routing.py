"""What shows in several requests only: accounts, caches of replies and prompts, and faults that are not always there."""

from __future__ import annotations

import pytest

from tests.simulator.inside import CHAT, MESSAGES, PROTOCOLS, RESPONSES, Inside, request, text_of, usage_of


def zeros(inside: Inside, faults: str, times: int) -> list[bool]:
    """Which of so many answers count nothing."""
    return [inside.ask(faults, MESSAGES, request(MESSAGES))["usage"]["output_tokens"] == 0 for _ in range(times)]


def test_a_fault_that_is_there_sometimes_is_there_by_chance() -> None:
    seen = zeros(Inside(), "usage_zero+sometimes=3+seed=3", 90)
    assert 15 < sum(seen) < 45
    assert zeros(Inside(), "usage_zero+sometimes=3", 90) != seen


def test_chance_can_be_seeded() -> None:
    one, other, third = (zeros(Inside(), f"usage_zero+sometimes=2+seed={seed}", 40) for seed in (7, 7, 8))
    assert one == other != third
    assert len(set(one)) == 2


def test_a_fault_that_is_there_every_third_time() -> None:
    inside = Inside()
    assert zeros(inside, "usage_zero+every=3", 9) == [False, False, True] * 3


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_kept_reply_is_given_again(protocol: str) -> None:
    inside = Inside()
    body = request(protocol, prompt="Say “pong”.")
    first, second = (inside.ask("reply_cache", protocol, body) for _ in range(2))
    assert first == second
    assert inside.ask("", protocol, body)["id"] != first["id"]
    assert inside.ask("reply_cache", protocol, body, key="sk-two")["id"] != first["id"]
    assert inside.ask("reply_cache+usage_zero", protocol, body)["id"] != first["id"]
    for other in ("Say “ping”.", "“pong” Say."):
        assert inside.ask("reply_cache", protocol, request(protocol, prompt=other))["id"] != first["id"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_kept_reply_is_given_to_a_question_with_nearly_the_same_words(protocol: str) -> None:
    inside = Inside()
    question = "Repeat the word “{}”, and nothing but that word, without quotes or a full stop, please, on a line of its own."
    told = [
        inside.ask("reply_cache_semantic", protocol, request(protocol, prompt=question.format(w))) for w in ("bavo", "kilu")
    ]
    assert text_of(told[1]) == "bavo"
    other = inside.ask("reply_cache_semantic", protocol, request(protocol, prompt="What is a token?"))
    assert "four letters" in text_of(other)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_each_third_answer_is_that_to_the_request_before(protocol: str) -> None:
    inside = Inside()
    words = ("bavo", "kilu", "mote", "rani", "sedo", "tufa")
    told = [
        text_of(inside.ask("answers_mixed_up=3", protocol, request(protocol, prompt=f"Reply with exactly this word: {word}")))
        for word in words
    ]
    assert told == ["bavo", "kilu", "mote", "mote", "sedo", "tufa"]


@pytest.mark.parametrize(("protocol", "start"), [(MESSAGES, "msg_bdrk_"), (CHAT, "gen-"), (RESPONSES, "resp_az_")])
def test_every_second_request_is_answered_by_another_stack(protocol: str, start: str) -> None:
    inside = Inside()
    body = request(protocol)
    answers = [inside.ask("other_stack+every=2", protocol, body) for _ in range(4)]
    totals = [usage_of(one)[0] for one in answers]
    assert (totals[0], totals[1] - totals[0], totals[2:]) == (totals[2], 7, totals[:2])
    assert not any(one["id"].startswith(start) for one in answers[::2])
    assert all(one["id"].startswith(start) for one in answers[1::2])
    assert len({one["model"] for one in answers}) == 2
    headers = [dict(inside.reply("other_stack+every=2", protocol, body).headers) for _ in range(2)]
    assert not set(headers[0]) & set(headers[1]) - {"content-type"}
