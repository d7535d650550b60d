"""What a client does with a cut stream is what it did with one, in both ways of being cut."""

from __future__ import annotations

from app.clients.at_cut import at_cut
from app.clients.table import table as shipped
from tests.clients.made import CHAT, table

# Numbers are those of `table`'s outcomes: 0 same, 1 error, 2 cut, 3 not tried, 4 hung.
ROWS = table(
    ("cut_chunk", "text", 1, "X1", "0 0 4"),
    ("rst", "text", 1, "X1", "1 2 3"),
    ("rst", "tools", 1, "X1", "0 0 0"),
    ("cut_after_n", "text", 1, "X1", "2 2 0"),
    ("cut_after_n", "text", 0, "X1", "0 0 1"),
)
TYPICAL = "has only the beginning of the text, and takes it for all and has no stop reason"


def test_both_ways_are_told() -> None:
    assert at_cut(ROWS.clients["openai"], CHAT, ROWS) == [
        f"Where the connection breaks in mid-answer, openai 3.0 raises openai.APIError; iterated event by event, it {TYPICAL}.",
        f"Where the stream ends too soon and HTTP is closed as usual, openai 3.0 {TYPICAL}.",
    ]
    assert at_cut(ROWS.clients["ai-sdk-openai"], CHAT, ROWS) == [
        "Where the connection breaks in mid-answer, @ai-sdk/openai 4.0 crashes, or does not end.",
        "Where the stream ends too soon and HTTP is closed as usual, @ai-sdk/openai 4.0 reads it as it was meant.",
    ]


def test_nothing_is_said_of_what_was_not_run() -> None:
    assert at_cut(ROWS.clients["openai"], "another-protocol", ROWS) == []
    assert at_cut(ROWS.clients["openai"], CHAT, table()) == []


def test_it_is_known_of_all_clients() -> None:
    for client in shipped().clients.values():
        for protocol in client.suffix:
            assert len(at_cut(client, protocol)) == 2, client.name
