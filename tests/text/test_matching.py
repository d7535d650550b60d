"""Lines are found by words in any order, the best first."""

from __future__ import annotations

import pytest

from app.text.matching import best_first

LINES = [
    ("Open run", ""), ("Run both", "Ctrl+Enter"), ("Copy as curl, side A", ""), ("Copy as curl, side B", ""),
    ("Choose Anthropic for A", "https://api.anthropic.com"), ("Choose relay for B", "official models at anthropic prices"),
    ("Prune", "run"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("run", ["Run both", "Open run", "Prune"]),
        ("b curl", ["Copy as curl, side B"]),
        ("ANTHROPIC", ["Choose Anthropic for A", "Choose relay for B"]),
        ("for a choose", ["Choose Anthropic for A", "Choose relay for B"]),
        ("rbth", ["Run both"]),
        ("curl cpy", ["Copy as curl, side A", "Copy as curl, side B"]),
        ("xx", []),
        ("", [title for title, _ in LINES]),
    ],
)
def test_what_is_typed_finds_the_best_first(typed: str, found: list[str]) -> None:
    assert best_first(typed, [(title, title, about) for title, about in LINES]) == found
