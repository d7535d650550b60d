"""What may be wrong with what a Chat Completions answer counts: a rule each.

Ids and releases as in `app.protocols.chat.rules`. Counts that contradict each other in any protocol: `app.protocols.any.rules`.
"""

from __future__ import annotations

from app.protocols.findings import Rule, Severity, catalogue

_LOSES, _NOTE = Severity.LOSES, Severity.NOTE

USAGE_MISSING = Rule(
    "C3",
    _LOSES,
    "No usage in the stream",
    "The request asked for usage (`stream_options.include_usage`), and no chunk carries a `usage` object.",
    "The service did not say how many tokens it used, although it was asked. What the answer cost can't be checked.",
    "Both SDKs return `usage` as None: cost and limits can't be counted.",
    "Ask the relay to pass `stream_options.include_usage` on and to forward the last chunk.",
    {
        "elsewhere": (
            "The request asked for usage (`stream_options.include_usage`), and no chunk carries a `usage` object; it stands "
            "in `{field}`."
        ),
    },
)
USAGE_OVERTAKEN = Rule(
    "C3a",
    _LOSES,
    "Usage followed by a chunk without it",
    "A chunk with usage was followed by one without it.",
    "The token count came too early: common programs forget it again.",
    "openai for Python: the stream helper keeps the last chunk's usage, which is None here.",
    "Send usage in the last chunk, after the one with the finish_reason.",
)
USAGE_EVERYWHERE = Rule(
    "C3b",
    _NOTE,
    "Usage in many chunks",
    "{count} chunks carry a `usage` object; it is expected once, in a chunk of its own. The last one is read.",
    "The token counts were sent again and again; only the last ones are used.",
    "Clients that add the counts up charge several times.",
    "Read the last usage only; never add them up.",
)
USAGE_BESIDE_CHOICES = Rule(
    "C3c",
    _NOTE,
    "Usage in a chunk with choices",
    "Usage came in a chunk that has choices, not in one of its own with `choices: []`.",
    "The token count came in an unusual place. It was read all the same.",
    "The SDKs read it. Programs that look for the chunk with empty choices miss it.",
    "Look for `usage` in every chunk, not only in one with `choices: []`.",
)
USAGE_UNSAID = Rule(
    "C3d",
    _LOSES,
    "No usage",
    "The answer has no `usage` object.",
    "The service did not say how many tokens it used. What the answer cost can't be checked.",
    "The SDKs return `usage` as None: cost and limits can't be counted.",
    "Ask the relay to pass `usage` on.",
)
USAGE_HOLLOW = Rule(
    "C3e",
    _LOSES,
    "Usage without the counts",
    "`usage` does not say {missing:list} (it has {keys}).",
    "The service sent a token count that lacks the figures programs look for.",
    "The SDKs return None for them: cost and limits can't be counted.",
    "Ask the relay for OpenAI's names: prompt_tokens, completion_tokens, total_tokens.",
)
USAGE_SHRANK = Rule(
    "C3f",
    _LOSES,
    "Usage that goes back",
    "A later `usage` counts less than an earlier one (completion_tokens: {before}, then {now}); counts are for the whole "
    "answer so far. The last was read.",
    "The token counts contradict each other: the later one is smaller.",
    "The SDKs keep the last one: cost comes out too low.",
    "The relay must send the count of the whole answer, not of one chunk.",
)
USAGE_DIFFERS = Rule(
    "C3g",
    _NOTE,
    "Two usages that differ",
    "Two chunks count the prompt differently (prompt_tokens: {before}, then {now}): one of them is an estimate, or each counts "
    "a part. The last was read.",
    "The length of the question was first given as one number, then as another.",
    "The SDKs keep the last one; clients that add the counts up, or stop at the first, get another sum.",
    "The relay must send one usage, that of the whole answer.",
    {
        "output": "Two chunks with a finish_reason or behind it count the answer differently (completion_tokens: {before}, "
        "then {now}): one of them is an estimate, or each counts a part. The last was read.",
    },
)
TOTAL_WRONG = Rule(
    "C36",
    _NOTE,
    "A total_tokens that is not the sum",
    "total_tokens is not prompt_tokens + completion_tokens ({input} + {output} is not {total}).",
    "The token counts do not add up: some tokens are in the total that are in neither part.",
    "None; but programs that charge by the parts and those that charge by the total differ.",
    "Find out which count the bill is made from (hidden reasoning is often left out of completion_tokens).",
)
CACHE_NAMED_OTHERWISE = Rule(
    "U5a",
    _NOTE,
    "Cached tokens under another name",
    "The tokens read from the cache ({count}) are counted in `{name}`; OpenAI has them in "
    "`prompt_tokens_details.cached_tokens`.",
    "What came from the cache, and so was cheaper, is told in a place of the service's own.",
    "SDKs keep the field as an extra; programs that count costs look in `prompt_tokens_details` and see nothing cached.",
    "Read `{name}` too, or ask for OpenAI's name.",
)
COUNT_ODD = Rule(
    "C37",
    _LOSES,
    "A token count that is no number",
    "A token count is not a whole number from 0 up, or beyond all bounds ({counts}).",
    "A token count makes no sense, so that cost can't be computed from it.",
    "SDKs pass it on unchecked.",
    "Report it to the relay.",
)
RULES = catalogue(globals())
