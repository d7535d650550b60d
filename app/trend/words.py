"""The facts of a trend as sentences, a template each. Nothing is decided here."""

from __future__ import annotations

from datetime import datetime

from app.text.sentences import render
from app.text.when import day_words
from app.trend.series import Measure
from app.trend.trend import Change, SideTrend, Trend

_SHARED = "{shared:if  The other endpoint changed in the same way.}"
_COUNTS = ": {after_count} of {after_runs} answers since; the former in {before_count} of {before_runs} before."
_TIMES = " It is {after:seconds}, and was {before:seconds} before (medians of {after_runs} and {before_runs} runs)."

_FINDING = (
    "Since {since_day}, {who}’s answers have finding {finding} {turned:select again=again|gone=no longer|gone_again=no longer, "
    "as before|more=more often|less=less often|now}: {has} of {after_runs}; before, {had} of {before_runs}." + _SHARED
)
_USAGE = (
    "Since {since_day}, {who} {turned:select again=sends usage again|gone=sends no usage|gone_again=sends no usage again|"
    "more=sends usage more often|less=sends usage less often|sends usage}: {has} of {after_runs} answers; before, "
    "{had} of {before_runs}." + _SHARED
)
_TEMPLATES: dict[Measure, str] = {
    Measure.FINDING: _FINDING,
    Measure.USAGE: _USAGE,
    Measure.TTFT: "Since {since_day}, {who} begins to answer {rose:if later|sooner}." + _TIMES + _SHARED,
    Measure.TOTAL: "Since {since_day}, {who} takes {rose:if longer|less time} for the whole answer." + _TIMES + _SHARED,
    Measure.COST: (
        "Since {since_day}, a run on {who} costs {after:usd}, and did cost {before:usd} before "
        "(medians of {after_runs} and {before_runs} runs)." + _SHARED
    ),
    Measure.SUCCESS: (
        "Since {since_day}, {after_count} of {after_runs} runs on {who} are completed; before, {before_count} of "
        "{before_runs} were." + _SHARED
    ),
    Measure.TTFT_RATIO: (
        "Since {since_day}, {who} begins to answer at {after:times} of {other}’s time; before, it was {before:times} "
        "(medians of {after_runs} and {before_runs} runs)."
    ),
    Measure.SERVED: (
        "Since {since_day}, {who}’s answers name the model {after}{again:if  again}, not {before}" + _COUNTS + _SHARED
    ),
    Measure.SERVER: (
        "Since {since_day}, {who} names {after:or no server}{again:if  again} in the server header, not {before:or none}"
        + _COUNTS + _SHARED
    ),
    Measure.HEADERS: (
        "Since {since_day}, {who} sends other headers{again:if , as before}{came:if  (new: {came:list})|}{gone:if  (gone: "
        "{gone:list})|}" + _COUNTS + _SHARED
    ),
    Measure.ID_SHAPE: (
        "Since {since_day}, {who}’s answers have ids like {after:or none}{again:if  again}, not {before:or none}"
        + _COUNTS + _SHARED
    ),
    Measure.INPUT_TOKENS: (
        "Since {since_day}, {who} counts {after} input tokens{again:if  again} for the same request, not {before}"
        + _COUNTS + _SHARED
    ),
    Measure.TOKEN_OFFSET: (
        "Since {since_day}, {who} counts {after} input tokens more than {other}{again:if  again} for the same request, not "
        "{before}" + _COUNTS
    ),
}  # fmt: skip

_TOKENS = "{who} counts {by} {rose:if more|fewer} tokens in"
_BRIEFS: dict[Measure, str] = {
    Measure.FINDING: (
        "{who}: {finding}{turned:select again= again|gone= no longer|gone_again= no longer|more= more often|less= less often|}"
    ),
    Measure.USAGE: (
        "{who} sends {turned:select again=usage again|gone=no usage|gone_again=no usage again|more=usage more often|"
        "less=usage less often|usage}"
    ),
    Measure.TTFT: "{who} begins {rose:if later|sooner}",
    Measure.TOTAL: "{who} takes {rose:if longer|less time}",
    Measure.COST: "{who} costs {rose:if more|less}",
    Measure.SUCCESS: "{who} completes {rose:if more|fewer}",
    Measure.TTFT_RATIO: "{who} begins {rose:if later|sooner} beside {other}",
    Measure.SERVED: "{who} names another model",
    Measure.SERVER: "{who} names another server",
    Measure.HEADERS: "{who} sends other headers",
    Measure.ID_SHAPE: "{who} has other ids",
    Measure.INPUT_TOKENS: _TOKENS,
    Measure.TOKEN_OFFSET: _TOKENS,
}
"""A few words for a picture, where the sentence stands below."""


def said_of(change: Change, who: str, other: str = "", year: int | None = None) -> str:
    """The sentence. `who`: the endpoint's name; `other`: the pair's other one. `year`: the one that is not said."""
    return render(_TEMPLATES[change.measure], _fields(change, who, other, year))


def brief_of(change: Change, who: str, other: str = "") -> str:
    """The same in a few words, without its day and figures."""
    return render(_BRIEFS[change.measure], _fields(change, who, other, None))


def _fields(change: Change, who: str, other: str, year: int | None) -> dict[str, object]:
    fields = {name: getattr(change, name) for name in Change.__struct_fields__}
    by = _by(change)
    names = {"gone": change.gone or None, "came": change.came or None, "since_day": day_words(change.since_day, year)}
    return {
        **fields, **names, **_yes(change), "by": f"{abs(by):g}", "rose": by > 0, "who": who, "other": other,
    }  # fmt: skip


def _by(change: Change) -> float:
    """By how much it is more now; 0 of what is no number."""
    try:
        return float(change.after) - float(change.before)
    except ValueError:
        return 0.0


def _yes(change: Change) -> dict[str, object]:
    """Of a fact that is there or is not: how many runs had it and have it, and in which way that changed."""
    had = change.before_count if change.before == "yes" else change.before_runs - change.before_count
    has = change.after_count if change.after == "yes" else change.after_runs - change.after_count
    if has == 0:
        turned = "gone_again" if change.again else "gone"
    elif had == 0:
        turned = "again" if change.again else "now"
    else:
        turned = "more" if has * change.before_runs > had * change.after_runs else "less"
    return {"had": had, "has": has, "turned": turned}


def says(trend: Trend, year: int | None = None) -> list[str]:
    """All that changed, the latest first; a sentence that says so where nothing is seen to have changed.

    `year`: the one that is not said with a day, None for this one.
    """
    year = datetime.now().astimezone().year if year is None else year
    by_side = {one.side: one for one in trend.sides}
    found = [said_of(one, by_side[one.side].name, _other(by_side, one.side), year) for one in trend.changes]
    runs = len(trend.sides[0].runs)
    if found or not runs:
        return found or ["No run of it is in the history."]
    return [
        render(
            "{few:if Too few for a change to be seen: {runs:plural run|runs} of {days:plural day|days}"
            "|No change is seen in {runs:plural run|runs} of {days:plural day|days}{tested:if : what differs is what chance "
            "makes differ|}}.",
            {"few": trend.few, "runs": runs, "days": len(trend.sides[0].days), "tested": trend.tested or None},
        )
    ]


def _other(by_side: dict[str, SideTrend], side: str) -> str:
    return next((one.name for name, one in by_side.items() if name != side), "")
