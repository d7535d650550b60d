"""Findings of an answer against its own words: that no text takes long to be looked at."""

from __future__ import annotations

import pytest

from app.protocols.answer_findings import findings_of_answer
from app.protocols.reading import Reading

OFFERED = b'{"messages": [], "tools": [{"type": "function", "function": {"name": "f"}}]}'


def ids(text: str) -> list[str]:
    reading = Reading(text=text, ended=True, model="m", stop_reason="stop")
    return [one.id for one in findings_of_answer("openai-chat", reading, OFFERED)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hm.\n</think>\n\nHi", ["G1"]),
        ("Hm.\n</thinking> \nHi", ["G1"]),
        ("Hm <think>.\n</think>\n\nHi", []),
        ("Put </think> behind it.", []),
        ('\n```json\n{"name": "f", "arguments": {}}\n```\n', ["G5"]),
        ('{"name": "g", "arguments": {}}', []),
    ],
)
def test_what_a_text_shows(text: str, found: list[str]) -> None:
    assert ids(text) == found


@pytest.mark.parametrize("text", ["\n" * 2_000_000 + "x\n</think", "{}" + " " * 19_000 + "x", "\n</think " * 200_000])
def test_an_endless_text_is_read_in_time(text: str) -> None:
    """Patterns that look at each place anew would take minutes for it."""
    assert ids(text) == []
