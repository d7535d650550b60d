"""What a client would do with an error is what it did with the same one when it was run."""

from __future__ import annotations

import pytest

from app.clients.retry import at_429, forecast, forecast_of, forecasts
from app.clients.table import table as shipped
from app.protocols.ids import CHAT, MESSAGES
from app.recording.records import Headers
from tests.clients.made import broken_off, refused, table

TABLE = table()
NOW = ("date", "Fri, 13 Nov 2026 08:09:32 GMT")


def said(status: int, *headers: tuple[str, str], client: str = "openai") -> str:
    told = forecast(TABLE.clients[client], refused(status, headers))
    assert told is not None
    return told.words


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (429, (), "openai 3.0 asks 2 more times, after at most 0.5 s and at most 1 s, and then raises openai.RateLimitError."),
        (429, (("Retry-After", "7"),), "openai 3.0 asks 2 more times, after 7 s, and then raises openai.RateLimitError."),
        (429, (("retry-after", "33.5"),), "openai 3.0 asks 2 more times, after 34 s, and then raises openai.RateLimitError."),
        (
            429,
            (("retry-after", "900"),),
            "openai 3.0 does not ask again, since 15 min is longer than it waits: it raises openai.RateLimitError.",
        ),
        (429, (("retry-after", "120.5"),), "What openai 3.0 does with this was not tried."),
        (429, (("retry-after", "90000"),), "What openai 3.0 does with this was not tried."),
        (
            429,
            (("retry-after", "soon"),),
            "openai 3.0 asks 2 more times, after at most 0.5 s and at most 1 s, and then raises openai.RateLimitError.",
        ),
        (
            429,
            (("retry-after-ms", "2500"), ("retry-after", "7")),
            "openai 3.0 asks 2 more times, after 2.5 s, and then raises openai.RateLimitError.",
        ),
        (
            429,
            (NOW, ("retry-after", "Fri, 13 Nov 2026 08:10:02 GMT")),
            "openai 3.0 asks 2 more times, after 30 s, and then raises openai.RateLimitError.",
        ),
        (429, (("x-should-retry", "false"),), "openai 3.0 does not ask again: it raises openai.RateLimitError."),
        (400, (), "openai 3.0 does not ask again: it raises openai.BadRequestError."),
        (400, (("retry-after", "7"),), "openai 3.0 does not ask again: it raises openai.BadRequestError."),
        (
            400,
            (("x-should-retry", "true"),),
            "openai 3.0 asks 2 more times, after at most 0.5 s and at most 1 s, and then raises openai.BadRequestError.",
        ),
        (418, (), "What openai 3.0 does with this was not tried."),
    ],
)
def test_a_refusal(status: int, headers: Headers, words: str) -> None:
    assert said(status, *headers) == words


def test_a_client_that_ignores_the_header_waits_its_own_time() -> None:
    waits = "after at most 2 s and at most 4 s, and then raises AI_RetryError."
    for value in ("7", "3600"):
        assert said(429, ("retry-after", value), client="ai-sdk-openai") == f"@ai-sdk/openai 4.0 asks 2 more times, {waits}"


def test_a_connection_that_broke() -> None:
    told = forecast(TABLE.clients["openai"], broken_off("reset"))
    assert told is not None
    assert (told.tries, told.raises) == (3, "openai.APIConnectionError")
    other = forecast(TABLE.clients["openai"], broken_off("dns"))
    assert other is not None
    assert not other.tried


def test_a_client_that_asks_again_only_where_it_is_told_when() -> None:
    client = shipped().client("langchain-anthropic-js", "anthropic-messages")
    assert client is not None
    for headers, tries in (((), 1), ((("retry-after", "7"),), 7), ((("retry-after", "3600"),), 1)):
        told = forecast(client, refused(429, headers, "anthropic-messages"))
        assert told is not None
        assert told.tries == tries


def test_an_answer_is_nothing_to_ask_again_for() -> None:
    assert forecast(TABLE.clients["openai"], refused(200)) is None
    assert [one.client.name for one in forecasts(refused(429), TABLE)] == ["openai", "ai-sdk-openai"]
    assert forecasts(refused(200), TABLE) == []


@pytest.mark.parametrize(
    ("client", "words"),
    [
        ("openai", "It waits as long as a retry-after says, up to 2 min; where that is longer it does not ask again."),
        ("openai-js", "It waits as long as a retry-after says, up to 60 s; a longer one it does not look at."),
        ("pydantic-ai", "It waits as long as a retry-after says, up to 2 min; where that is longer it does not ask again."),
        (
            "langchain-openai-js",
            "It waits as long as a retry-after says, up to 60 s (6 more times); where that is longer it does not ask again.",
        ),
    ],
)
def test_a_429_is_told_with_the_waits_that_it_takes(client: str, words: str) -> None:
    known = shipped().clients[client]
    assert at_429(known, CHAT) == f"{forecast_of(known, CHAT, 429).words} {words}"


def test_a_429_of_other_protocols_and_of_clients_that_do_not_look() -> None:
    clients = shipped().clients
    assert at_429(clients["anthropic"], MESSAGES).endswith(
        "It waits as long as a retry-after says, even 24 h, the longest that was tried."
    )
    assert at_429(clients["litellm"], MESSAGES).endswith("It does not look at a retry-after.")
    assert at_429(clients["anthropic"], CHAT) == ""
