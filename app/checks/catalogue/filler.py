"""Words that fill prompts: what is drawn of them is drawn again when a saved session is judged, so none may be changed."""

from __future__ import annotations

PROSE = [
    "the", "quiet", "harbour", "keeps", "its", "lanterns", "burning", "while", "slow", "boats", "return", "with",
    "nets", "and", "stories", "of", "weather", "further", "out", "at", "sea", "where", "nobody", "counts", "the",
    "hours", "and", "every", "rope", "is", "older", "than", "the", "hand", "that", "holds", "it",
]  # fmt: skip
NOUNS = [
    "river", "stone", "cloud", "garden", "silver", "echo", "harbor", "window", "winter", "candle", "forest", "mirror",
    "bridge", "ember", "anchor", "meadow", "copper", "island", "paper", "signal", "ribbon", "marble", "willow",
    "shadow", "morning", "table", "yellow", "market", "silent", "orange",
]  # fmt: skip
