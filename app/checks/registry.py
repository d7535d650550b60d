"""All checks, in the order in which they run."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

from app.checks.catalogue import (
    added_lines,
    auth,
    betas,
    client,
    context,
    context_size,
    counting,
    eager_tools,
    error_shapes,
    errors,
    extended_thinking,
    fields,
    gate,
    json_by_words,
    json_output,
    kinds,
    large_body,
    minimal,
    modalities,
    nonces,
    obeys,
    output_count,
    parameters,
    prompt_cache,
    reach,
    reasoning,
    reply_cache,
    stacks,
    streaming,
    thinking,
    thinking_witness,
    token_offset,
    tool_choice,
    tool_results,
    tools,
    two_samples,
    verbatim,
)
from app.checks.check import Check, Group
from app.text.sentences import said

_TOPICS: tuple[tuple[Check, ...], ...] = (
    reach.CHECKS,
    gate.CHECKS,
    minimal.CHECKS,
    kinds.CHECKS,
    parameters.CHECKS,
    token_offset.CHECKS,
    tools.CHECKS,
    tool_choice.CHECKS,
    tool_results.CHECKS,
    context.CHECKS,
    thinking.CHECKS,
    reasoning.CHECKS,
    json_output.CHECKS,
    auth.CHECKS,
    obeys.CHECKS,
    output_count.CHECKS,
    thinking_witness.CHECKS,
    fields.CHECKS,
    counting.CHECKS,
    reply_cache.CHECKS,
    betas.CHECKS,
    eager_tools.CHECKS,
    extended_thinking.CHECKS,
    prompt_cache.CHECKS,
    context_size.CHECKS,
    stacks.CHECKS,
    verbatim.CHECKS,
    json_by_words.CHECKS,
    modalities.CHECKS,
    streaming.CHECKS,
    errors.CHECKS,
    error_shapes.CHECKS,
    large_body.CHECKS,
    two_samples.CHECKS,
    nonces.CHECKS,
    added_lines.CHECKS,
    client.CHECKS,
)


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check, those of a group together."""
    order = list(Group)
    return tuple(sorted((one for topic in _TOPICS for one in topic), key=lambda one: order.index(one.group)))


@cache
def by_id() -> dict[str, Check]:
    return {one.id: one for one in all_checks()}


def step_words(check: str, step: str) -> str:
    """What a request of a check, or of one that it reads, is in words; the step's name where it is not known (a file's)."""
    known = by_id().get(check)
    step = step.rpartition("/")[2]
    for source in known.sources if known is not None and not known.reads_all else ():
        if (words := by_id()[source].steps.get(step)) is not None:
            return said(words)
    return step.replace("_", " ")


def checks_for(
    protocols: Iterable[str], groups: Collection[str] = (), *, opt_in: Collection[str] = (), only: Collection[str] = ()
) -> tuple[Check, ...]:
    """The checks for sides that speak these protocols, with all that they rest on.

    `groups`: of these groups alone, where some are named. `opt_in`: the ids of those that are on though they cost much ("all":
    each of them). `only`: these ids alone.
    """
    spoken = tuple(protocols)
    chosen = {
        one.id
        for one in all_checks()
        if all(one.speaks(each) for each in spoken)
        and (not groups or one.group in groups)
        and (not only or one.id in only)
        and (not one.opt_in or one.id in opt_in or "all" in opt_in or one.id in only)
    }
    todo = list(chosen)
    while todo:
        check = by_id()[todo.pop()]
        for needed in (*check.foundation, *check.reads):
            if needed not in chosen and needed in by_id():
                chosen.add(needed)
                todo.append(needed)
    return tuple(one for one in all_checks() if one.id in chosen)
