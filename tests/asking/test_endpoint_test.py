"""The test of an endpoint without a window: its verdicts, what they rest on, and what is sent for them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from app.asking.caller import Caller
from app.asking.endpoint_test import BODY_BYTES, MAX_TOKENS, EndpointTest, Question, cost_note
from app.asking.verdict_facts import endpoint_facts
from app.asking.verdicts import Evidence, Verdict, VerdictRow
from app.pricing import builtin_table
from app.store.presets import demo_profiles
from app.store.profiles import Prices, Profile
from app.wire.client import WireClient
from tests.asking.path_servers import (
    CHAT,
    GOOD,
    MESSAGES,
    Answer,
    Host,
    Said,
    anthropic_error,
    hosting,
    openai_error,
    said_json,
    speaking,
)
from tests.builders import messages_end, messages_start, messages_text
from tests.wire.conftest import KEY

PASS, FAIL, SKIPPED = Verdict.PASS, Verdict.FAIL, Verdict.SKIPPED
LIST = said_json(200, {"data": [{"id": "m", "type": "model"}], "has_more": False})
WHOLE = said_json(
    200,
    {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": "Hello there, how are you?"}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 12, "output_tokens": 7},
    },
)


def endpoint(listing: Said = LIST, whole: Said = WHOLE, stream: Said = GOOD[MESSAGES]) -> Answer:
    """An endpoint of Messages: what it says to GET, to a request without and with a stream."""

    def answer(path: str, body: dict[str, Any]) -> Said:
        if path.startswith("/v1/models"):
            return listing
        return (stream if body.get("stream") else whole) if path == MESSAGES else Said(404)

    return answer


def profile(host: Host, model: str = "m", **fields: Any) -> Profile:
    return Profile("Mine", base_url=host.url, model=model, http2=False, **fields)


async def ask(wire: WireClient, answer: Answer, model: str = "m", key: str = KEY, **more: Any) -> EndpointTest:
    async with hosting(answer) as host:
        test = EndpointTest(Caller(wire, profile(host, model), key), **more)
        await test.run()
    return test


def verdicts(test: EndpointTest) -> list[Verdict | None]:
    return [row.verdict for row in test.rows]


def row(test: EndpointTest, question: Question) -> VerdictRow:
    return next(one for one in test.rows if one.question == question)


async def test_each_question_is_asked_once_and_in_turn(wire: WireClient) -> None:
    told: list[tuple[str, Verdict | None]] = []
    async with hosting(endpoint()) as host:
        test = EndpointTest(Caller(wire, profile(host), KEY), lambda one: told.append((one.question, one.verdict)))
        await test.run()
        assert [(one.path.partition("?")[0], json.loads(one.body or b"null")) for one in host.heard] == [
            ("/v1/models", None),
            (MESSAGES, sent(stream=False)),
            (MESSAGES, sent(stream=True)),
        ]
    assert told == [
        ("reachable", None), ("reachable", PASS), ("model_list", PASS), ("answers", None), ("answers", PASS), ("key", PASS),
        ("streams", None), ("streams", PASS),
    ]  # fmt: skip
    assert [one.question for one in test.rows] == list(Question)
    assert [one.title for one in test.rows] == ["Reachable", "Authenticated", "Model list", "Model answers", "Streams"]
    assert (test.works, test.models, len(test.exchanges), len(test.answers)) == (True, ("m",), 3, 2)
    assert row(test, Question.ANSWERS).sentence.startswith("“Hello there, how are you?” in ")
    assert row(test, Question.ANSWERS).sentence.endswith(", 12 tokens in, 7 out.")


def sent(*, stream: bool) -> dict[str, object]:
    messages = [{"role": "user", "content": "Say hello in five words."}]
    return {"model": "m", "max_tokens": 64, "messages": messages, **({"stream": True} if stream else {})}


async def test_the_evidence_is_the_exchange_and_the_event(wire: WireClient) -> None:
    unopened = messages_start().partition(b"event: content_block_start")[0]
    body = unopened + messages_text("Hello ") + messages_text("you") + messages_end()
    test = await ask(wire, endpoint(stream=Said(200, body, "text/event-stream")))
    assert [row(test, one).evidence for one in (Question.REACHABLE, Question.MODEL_LIST)] == [(Evidence(1),)] * 2
    assert [row(test, one).evidence for one in (Question.KEY, Question.ANSWERS)] == [(Evidence(2),)] * 2
    streams = row(test, Question.STREAMS)
    assert (streams.verdict, streams.evidence) == (Verdict.DIFFERS, (Evidence(3, 2),))
    assert "never opened" in streams.sentence
    assert streams.fix
    assert test.works


@pytest.mark.parametrize(
    ("listing", "verdict"),
    [
        (said_json(200, {"data": [{"id": "other"}]}), Verdict.DIFFERS),
        (Said(404), Verdict.UNSUPPORTED),
        (Said(405), Verdict.UNSUPPORTED),
        (Said(501), Verdict.UNSUPPORTED),
        (said_json(200, {"data": []}), FAIL),
        (Said(200, b"<html>", "text/html"), FAIL),
        (Said(503), FAIL),
    ],
)
async def test_the_model_list(wire: WireClient, listing: Said, verdict: Verdict) -> None:
    test = await ask(wire, endpoint(listing=listing))
    assert verdicts(test) == [PASS, PASS, verdict, PASS, PASS]
    found = row(test, Question.MODEL_LIST)
    assert found.sentence
    assert found.fix or verdict is Verdict.DIFFERS
    assert test.works is (verdict is not FAIL)


async def test_a_list_of_claude_alone_beside_a_gpt_that_answers(wire: WireClient) -> None:
    test = await ask(wire, endpoint(listing=said_json(200, {"data": [{"id": "claude-opus-4-8"}]})), model="gpt-5.5")
    assert row(test, Question.MODEL_LIST).sentence == "1 model. “gpt-5.5” is not in the endpoint's list."


@pytest.mark.parametrize(
    ("whole", "stream", "expected"),
    [
        (anthropic_error(401, "invalid x-api-key"), GOOD[MESSAGES], [PASS, FAIL, PASS, SKIPPED, SKIPPED]),
        (anthropic_error(400, "prompt is too long"), GOOD[MESSAGES], [PASS, PASS, PASS, FAIL, PASS]),
        (anthropic_error(400), anthropic_error(400), [PASS, Verdict.INCONCLUSIVE, PASS, FAIL, FAIL]),
        (WHOLE, anthropic_error(529, "Overloaded"), [PASS, PASS, PASS, PASS, FAIL]),
        (anthropic_error(402, "no credit"), GOOD[MESSAGES], [PASS, Verdict.INCONCLUSIVE, PASS, FAIL, SKIPPED]),
    ],
)
async def test_what_an_answer_tells(wire: WireClient, whole: Said, stream: Said, expected: list[Verdict]) -> None:
    test = await ask(wire, endpoint(whole=whole, stream=stream))
    assert verdicts(test) == expected
    assert not test.works
    assert all(one.fix for one in test.rows if one.verdict is FAIL)


async def test_without_a_key_none_is_said_to_be_taken(wire: WireClient) -> None:
    test = await ask(wire, endpoint(), key="")
    assert row(test, Question.KEY).sentence == "No key was sent, and none was asked for."


async def test_what_the_endpoint_says_is_told_once(wire: WireClient) -> None:
    test = await ask(wire, endpoint(whole=anthropic_error(400, "the moon is not in the right quarter")))
    answers = row(test, Question.ANSWERS)
    assert f"{answers.sentence} {answers.said}".count("the moon is not in the right quarter") == 1


async def test_when_to_ask_again_is_told(wire: WireClient) -> None:
    limited = anthropic_error(429, "slow down")._replace(headers=("Retry-After: 3600",))
    test = await ask(wire, endpoint(whole=limited))
    assert row(test, Question.ANSWERS).again_ns is not None
    facts = {one["question"]: one for one in endpoint_facts(test, "")["verdicts"]}
    assert 3000 < facts["answers"]["retry_after_s"] <= 3600
    assert facts["reachable"]["retry_after_s"] is None


async def test_without_a_model_nothing_is_asked_of_one(wire: WireClient) -> None:
    test = await ask(wire, endpoint(), model=" ")
    assert verdicts(test)[:2] == [PASS, SKIPPED]
    assert verdicts(test)[3:] == [SKIPPED, SKIPPED]
    assert (test.answers, test.works, test.models) == ([], False, ("m",))


async def test_without_a_model_the_list_tells_that_the_key_is_refused(wire: WireClient) -> None:
    for listing, verdict in ((anthropic_error(401, "invalid x-api-key"), FAIL), (said_json(404, {}), SKIPPED)):
        test = await ask(wire, endpoint(listing=listing), model="")
        assert row(test, Question.KEY).verdict is verdict
    assert test.answers == []


@pytest.mark.parametrize("asks", [True, False])
async def test_other_paths_are_asked_once_and_only_where_that_is_wanted(wire: WireClient, asks: bool) -> None:
    async with hosting(speaking(CHAT)) as host:
        test = EndpointTest(Caller(wire, profile(host), KEY), asks_other_paths=asks)
        await test.run()
        assert len(set(host.besides)) == len(host.besides)
        assert bool(host.besides) is asks
    answers, streams = row(test, Question.ANSWERS), row(test, Question.STREAMS)
    assert (answers.verdict, streams.verdict) == (FAIL, FAIL)
    assert ("It speaks OpenAI Chat Completions" in answers.sentence) is asks
    assert ("It speaks OpenAI Chat Completions" in streams.sentence) is asks
    assert answers.action is not None
    assert (answers.action.value, bool(answers.action.base_url)) == ("openai-chat", asks)  # without, it is a guess


async def test_stopping_keeps_what_was_seen(wire: WireClient) -> None:
    waiting = asyncio.Event()

    def on_row(one: VerdictRow) -> None:
        if one.question == Question.STREAMS:
            waiting.set()

    async with hosting(endpoint(stream=Said(0))) as host:
        test = EndpointTest(Caller(wire, profile(host), KEY), on_row)
        running = asyncio.ensure_future(test.run())
        await waiting.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert verdicts(test) == [PASS, PASS, PASS, PASS, SKIPPED]
    assert row(test, Question.STREAMS).sentence == "Stopped."
    assert not test.works


async def test_a_wire_that_dies_says_nothing_of_the_endpoint() -> None:
    own = WireClient()
    asked = asyncio.Event()

    def silent(_path: str, _body: dict[str, Any]) -> Said:
        asked.set()
        return Said(0)

    async with hosting(silent) as host:
        test = EndpointTest(Caller(own, profile(host), KEY))
        running = asyncio.ensure_future(test.run())
        await asked.wait()
        await own.aclose()
        await running
    assert verdicts(test) == [Verdict.INCONCLUSIVE, *[SKIPPED] * 4]


async def test_an_answer_has_a_limit_of_size(wire: WireClient) -> None:
    assert (BODY_BYTES, MAX_TOKENS) == (16 << 20, 64)
    test = await ask(wire, endpoint(whole=Said(200, b" " * (BODY_BYTES + 1))))
    end = test.exchanges[1].recording.end
    assert end is not None
    assert end.code == "too_large"


@pytest.mark.parametrize("answer", [openai_error(401, f"wrong key {KEY}"), said_json(200, {"key": KEY})])
async def test_a_key_that_comes_back_is_in_no_verdict(wire: WireClient, answer: Said) -> None:
    test = await ask(wire, endpoint(listing=answer, whole=answer, stream=answer))
    assert KEY not in repr(test.rows)
    assert KEY not in json.dumps(endpoint_facts(test, ""))


# -- what it costs -------------------------------------------------------------------------------------------------------


def test_what_it_costs_is_said_before() -> None:
    priced = cost_note(Profile(name="p", model="m", prices=Prices(input=10.0, output=100.0)), builtin_table())
    assert priced == (
        "Sends two tiny requests (up to 64 output tokens each), about $0.0132 at most, and asks for the model list."
        " Where nothing answers, it asks other paths of the address, at no cost."
    )
    assert "$" not in cost_note(Profile(name="p", model="no-such-model"), builtin_table())
    assert "$" not in cost_note(demo_profiles("http://127.0.0.1:1")[0], builtin_table())


def test_what_is_not_sent_is_not_said_to_be() -> None:
    alone = cost_note(Profile(name="p", model="m"), builtin_table(), asks_other_paths=False)
    assert "other paths" not in alone
    assert cost_note(Profile(name="p", model=" "), builtin_table()).startswith("Asks for the model list alone")
