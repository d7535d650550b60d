"""The drift sentinel: a small fixed set of requests, asked again and again, whose answers are compared with the earlier ones.

Each asks for a few tokens, so that a round costs next to nothing. Some are of one kind of text each (words, another script,
code, white space), which tokenizers cut in different ways, and of two lengths: another tokenizer, a prompt that is put before
ours, or a count that is multiplied shows in the input tokens. A prompt is never changed: its answers are compared by it.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.scenarios import DEFAULT_TOOLS_PROMPT, Plan, Scenario
from app.store.history.entry import Entry, Listed
from app.trend.trend import Change, Trend

_MAX_TOKENS, _TOOL_TOKENS = 16, 128

PLANS: tuple[Plan, ...] = (
    Plan(Scenario.MINIMAL, "Sentinel 1. Answer with the word yes.", max_tokens=_MAX_TOKENS),
    Plan(Scenario.STREAMING, "Sentinel 2. Count from one to five.", max_tokens=_MAX_TOKENS),
    Plan(Scenario.STREAMING, "Sentinel 3. Reply ok. " + "river stone " * 20, max_tokens=_MAX_TOKENS),
    Plan(Scenario.STREAMING, "Sentinel 4. Reply ok. " + "river stone " * 200, max_tokens=_MAX_TOKENS),
    Plan(Scenario.STREAMING, "Sentinel 5. 只回答“好”。" + "今天天气很好，我们去河边散步。" * 8, max_tokens=_MAX_TOKENS),
    Plan(Scenario.STREAMING, "Sentinel 6. Reply ok. " + "for (int i=0;i<n;++i){x[i]+=0xFF;} \t\n" * 8, max_tokens=_MAX_TOKENS),
    Plan(Scenario.STREAMING, "Sentinel 7. Reply ok.\n\n" + "        \n\n\t\t" * 8 + "🙂🚀é̂", max_tokens=_MAX_TOKENS),
    Plan(Scenario.TOOLS, f"Sentinel 8. {DEFAULT_TOOLS_PROMPT}", max_tokens=_TOOL_TOKENS),
)


def is_of_sentinel(entry: Entry) -> bool:
    """Whether a run asked one of these requests."""
    return any(entry.request.startswith(f"{one.prompt.partition('.')[0]}.") for one in PLANS)


def of_sentinel(found: Iterable[Listed], without: Iterable[str] = ()) -> list[Listed]:
    """Those of the sentinel's runs, but for those with these `run_id`s."""
    left_out = set(without)
    return [one for one in found if is_of_sentinel(one.entry) and one.entry.run_id not in left_out]


def new_changes(before: Trend, now: Trend) -> list[Change]:
    """What is seen to have changed now and was not before, and still holds: the first cut of a series may move by a run."""
    known = {_mark(one) for one in before.changes}
    return [one for one in now.changes if one.last and _mark(one) not in known]


def _mark(one: Change) -> tuple[object, ...]:
    """What changed and which way, a fact by what it is now."""
    after = one.after if isinstance(one.after, str) else one.after > one.before if isinstance(one.before, float) else None
    return one.side, one.measure, one.finding, after
