"""What a usage object in OpenAI's form says by its sums: whether the reasoning is in the output, and what does not add up."""

from __future__ import annotations

from app.text.sentences import message

MORE_REASONING = message("The reasoning tokens are more than the output tokens that should hold them: the cost may be too low.")
MORE_IN_TOTAL = message("The total is more than input and output together: the cost may be too low.")


def leaves_reasoning_out(count: int | None, output: int | None, reasoning: int | None, total: int | None) -> bool:
    """Whether the reasoning stands beside the output, not in it: the total is then the sum of all three.

    xAI counts so (seen in `usage` of grok-4.20), while OpenAI's completion_tokens and output_tokens hold the reasoning.
    """
    if count is None or output is None or not reasoning or total is None:
        return False
    return total == count + output + reasoning


def doubts_of(count: int | None, output: int | None, reasoning: int | None, total: int | None) -> tuple[str, ...]:
    """Messages on counts that can't all be right, for the output as it is meant; the cost may be wrong then."""
    doubts: tuple[str, ...] = (MORE_REASONING,) if output is not None and (reasoning or 0) > output else ()
    if count is not None and output is not None and total is not None and total > count + output:
        doubts += (MORE_IN_TOTAL,)
    return doubts
