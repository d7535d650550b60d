"""A saved body has no request, head or prices of its own: nothing is claimed that would need them, and nothing is missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.exchange.exchange import Exchange
from app.formats.captures import from_body
from app.pricing import builtin_table
from app.protocols.findings import Severity
from app.run.side import Side
from app.store.prices import load_prices

MESSAGES, CHAT = "anthropic-messages", "openai-chat"
STREAM = (
    b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":'
    b'{"role":"assistant","content":"Boats float."},"finish_reason":null}]}\n\n'
    b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},'
    b'"finish_reason":"stop"}]}\n\n'
    b"data: [DONE]\n\n"
)
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"


def read(body: bytes, protocol_id: str = CHAT) -> Exchange:
    return Exchange(from_body(body, protocol_id, "saved")).finish()


def ids(exchange: Exchange) -> list[str]:
    return [one.id for one in exchange.findings]


@pytest.mark.parametrize("head", [b"", HEAD])
def test_nobody_knows_whether_usage_was_asked_for(head: bytes) -> None:
    exchange = read(head + STREAM)
    assert (exchange.reading.text, exchange.reading.usage, ids(exchange)) == ("Boats float.", None, [])


@pytest.mark.parametrize("head", [b"", HEAD])
def test_what_stands_in_the_bytes_is_found_with_a_head_and_without(head: bytes) -> None:
    """openai for Python 3.57 raises JSONDecodeError at the first keep-alive that is sent as data."""
    keepalive = read(head + b"data: : keepalive\n\n" + STREAM)
    assert [(one.id, one.severity) for one in keepalive.findings] == [("C9", Severity.BREAKS)]
    named = read(head + b"id: 7\n\n" + STREAM)
    assert ids(named) == ["A10a"]
    assert ids(read(head + STREAM.replace(b"\n", b"\r\n"))) == ["C14"]
    assert ids(read(head + STREAM[:-1])) == ids(read(HEAD + STREAM[:-1]))


def test_what_needs_a_head_is_not_claimed_without_one() -> None:
    assert ids(read(HEAD.replace(b"event-stream", b"plain") + STREAM)) == ["H3"]
    assert "H3" not in ids(read(STREAM))


@pytest.mark.parametrize(
    ("name", "protocol_id", "counts", "cost", "found"),
    [
        ("chat-no-usage-request-unknown.sse", CHAT, None, None, []),
        ("chat-comment-lines-before-done.sse", CHAT, None, None, ["F3"]),  # a note: comment lines
        ("chat-keepalive-as-data.sse", CHAT, (20, 6, None, None), None, ["C9"]),
        ("chat-keepalive-as-data.http", CHAT, (20, 6, None, None), None, ["C9"]),
        ("chat-reasoning-outside-completion.http", CHAT, (10120, 4308, 128, None), 0.0232856, ["U2a"]),
        ("messages-cache-write-foreign-name.http", MESSAGES, (12, 5, 0, 24000), 0.090111, ["U5"]),
        ("messages-cache-inside-input.sse", MESSAGES, (41200, 5, 40000, 1200), 0.02615, ["U4"]),
        ("messages-cache-only-in-delta.http", MESSAGES, (3602, 878, 3604, 0), None, ["C15", "U4a"]),
    ],
)
def test_cases_from_bug_reports(
    name: str,
    protocol_id: str,
    counts: tuple[int | None, ...] | None,
    cost: float | None,
    found: list[str],
    shared_folder: Path,
) -> None:
    file = shared_folder / "cases" / name
    if not file.exists():
        pytest.skip("the cases from bug reports are not beside the checkout")
    own, _ = load_prices(shared_folder / "cases" / "read-own-prices.toml")
    exchange = read(file.read_bytes(), protocol_id)
    usage = exchange.reading.usage
    assert counts == (usage and (usage.input_tokens, usage.output_tokens, usage.cache_read_tokens, usage.cache_write_tokens))
    priced = Side("a", [exchange], table=own.over(builtin_table())).cost
    assert (priced and priced.usd) == (None if cost is None else pytest.approx(cost))
    assert ids(exchange) == found
