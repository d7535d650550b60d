"""The deviations of what Chat Completions counts: one row each.

Ids and releases as in `app.protocols.chat.rules`.
"""

from __future__ import annotations

from app.protocols.findings import Rule, Severity

_LOSES, _NOTE = Severity.LOSES, Severity.NOTE

USAGE_MISSING = Rule(
    "C3",
    _LOSES,
    "no usage in the stream",
    "The request asked for usage (`stream_options.include_usage`), and no chunk carries a `usage` object{detail}.",
    "The service did not say how many tokens it used, although it was asked. What the answer cost can't be checked.",
    "Both SDKs return `usage` as None: cost and limits can't be counted.",
    "Ask the relay to pass `stream_options.include_usage` on and to forward the last chunk.",
)
USAGE_OVERTAKEN = Rule(
    "C3a",
    _LOSES,
    "usage followed by a chunk without it",
    "A chunk with usage was followed by one without it.",
    "The token count came too early: common programs forget it again.",
    "openai for Python: the stream helper keeps the last chunk's usage, which is None here.",
    "Send usage in the last chunk, after the one with the finish_reason.",
)
USAGE_EVERYWHERE = Rule(
    "C3b",
    _NOTE,
    "usage in many chunks",
    "{detail} chunks carry a `usage` object; it is expected once, in a chunk of its own. The last one is read.",
    "The token count was sent again and again. The last one counts.",
    "Clients that add the counts up charge several times.",
    "Read the last usage only; never add them up.",
)
USAGE_BESIDE_CHOICES = Rule(
    "C3c",
    _NOTE,
    "usage in a chunk with choices",
    "Usage came in a chunk that has choices, not in one of its own with `choices: []`.",
    "The token count came in an unusual place. It was read all the same.",
    "The SDKs read it. Programs that look for the chunk with empty choices miss it.",
    "Look for `usage` in every chunk, not only in one with `choices: []`.",
)
USAGE_UNSAID = Rule(
    "C3d",
    _LOSES,
    "no usage",
    "The answer has no `usage` object{detail}.",
    "The service did not say how many tokens it used. What the answer cost can't be checked.",
    "The SDKs return `usage` as None: cost and limits can't be counted.",
    "Ask the relay to pass `usage` on.",
)
USAGE_HOLLOW = Rule(
    "C3e",
    _LOSES,
    "usage without the counts",
    "`usage` does not say {detail}.",
    "The service sent a token count that lacks the figures programs look for.",
    "The SDKs return None for them: cost and limits can't be counted.",
    "Ask the relay for OpenAI's names: prompt_tokens, completion_tokens, total_tokens.",
)
USAGE_SHRANK = Rule(
    "C3f",
    _LOSES,
    "usage that goes back",
    "A later `usage` counts less than an earlier one ({detail}); counts are for the whole answer so far. The last was read.",
    "The token counts contradict each other: the later one is smaller.",
    "The SDKs keep the last one: cost comes out too low.",
    "The relay must send the count of the whole answer, not of one chunk.",
)
TOTAL_WRONG = Rule(
    "C36",
    _NOTE,
    "total_tokens is not the sum",
    "total_tokens is not prompt_tokens + completion_tokens ({detail}).",
    "The token counts do not add up: some tokens are in the total that are in neither part.",
    "None; but programs that charge by the parts and those that charge by the total differ.",
    "Find out which count the bill is made from (hidden reasoning is often left out of completion_tokens).",
)
COUNT_ODD = Rule(
    "C37",
    _LOSES,
    "a token count that is no number",
    "A token count is not a whole number from 0 up, or beyond all bounds ({detail}).",
    "A token count makes no sense, so that cost can't be computed from it.",
    "SDKs pass it on unchecked.",
    "Report it to the relay.",
)
INPUT_ZERO = Rule(
    "U1",
    _LOSES,
    "no input tokens",
    "prompt_tokens is 0, although something was asked.",
    "The service says that the question cost nothing, which can't be.",
    "Cost and context limits are computed too low.",
    "Ask the relay to pass on the count of the upstream endpoint.",
)
OUTPUT_ZERO = Rule(
    "U1a",
    _LOSES,
    "no output tokens",
    "completion_tokens is 0, although the answer has content.",
    "The service says that the answer cost nothing, which can't be.",
    "Cost and limits are computed too low.",
    "Ask the relay to pass on the count of the upstream endpoint.",
)
CACHE_EXCEEDS_INPUT = Rule(
    "U2",
    _LOSES,
    "cached tokens outside prompt_tokens",
    "The tokens read from or written to the cache are more than prompt_tokens ({detail}); they must be a part of it.",
    "The token counts contradict each other: a part is larger than the whole.",
    "Cost formulas subtract the cached part and come out too low, or below zero.",
    "Ask the relay for counts in OpenAI's form: prompt_tokens with the cache included.",
)
REASONING_EXCEEDS_OUTPUT = Rule(
    "U2a",
    _NOTE,
    "reasoning tokens outside completion_tokens",
    "reasoning_tokens is more than completion_tokens ({detail}); it must be a part of it.",
    "The token counts contradict each other: a part is larger than the whole.",
    "None; visible output computed as the difference comes out below zero.",
    "Compare only completion_tokens.",
)
