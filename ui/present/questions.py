"""Questions to go on with in front of an audience: the user's own first, then some that anyone understands."""

from __future__ import annotations

from collections.abc import Sequence

GIVEN = (
    "Why is the sky blue?",
    "Tell me a very short story about a lighthouse.",
    "How do I explain the internet to my grandmother?",
    "Which is heavier, a kilogram of feathers or a kilogram of iron?",
    "Write four lines about the sea that rhyme.",
)


def next_question(asked: str, own: Sequence[str] = ()) -> str:
    """The one behind what was asked last, the first behind the last and behind anything else."""
    every = list(dict.fromkeys((*own, *GIVEN)))
    return every[(every.index(asked) + 1) % len(every)] if asked in every else every[0]
