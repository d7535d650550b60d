"""The verdict line in words: before the first session, while one runs, and afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from app.checks.estimate import IS_FREE
from app.checks.summary import SYMBOLS, Overall, Summary, summarize
from app.text import numbers
from app.text.sentences import message, render, tr
from app.text.visible import one_line
from ui.checks.filters import not_done
from ui.checks.verdict_card import Link, VerdictLine
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.checks.budget import Spent
    from app.checks.estimate import Estimate
    from app.checks.judging import Plan
    from app.checks.session import Row

ROLES = {Overall.WORKS: "ok", Overall.LOSSES: "warn", Overall.BREAKS: "bad", Overall.UNKNOWN: "muted"}
MOST_LINKS = 4
FIRST = message("Will my code work there?")
_FIRST_LINE = message(
    "{count:plural check asks|checks ask} B what a client asks: is it reached, does it take the key, do streaming, tools and "
    "thinking come through as they should?{against:if  A is asked the same, as the control.} Nothing is sent before you "
    "press Run."
)
_EXPECTED = message("{requests:plural request|requests}")
_TOKENS = message("about {tokens:count} tokens{cost:if , {cost}}")
_NO_PRICE = message("no price known for {sides:list}")
_DONE = message("{done} of {all} done")
_LEFT = message("about {left_s:duration} left")
_STOPPED = message("stopped")
_CAP = message("the cap is reached")
_SPENT = message("{tokens:count} tokens{money:if , {least:if at least }{money}}")
_OF = message("of at most {cap}")
_CAP_TOKENS = message("{tokens:count} tokens")
_UNCOUNTED = message("{count:plural answer|answers} without counts")
_GO_ON = message("Ask the {count} that were left out")
_MORE = message("and {count} more")
_ELSE = message("on {who}, not on what is chosen now")


class Shown(msgspec.Struct, frozen=True):
    """What the line is made of. `stale`: on whom the verdicts are, where that is
    not what is chosen now. `free`: only the demo's endpoints are asked."""

    rows: Mapping[str, Row]
    plan: Plan | None
    summary: Summary | None
    spent: Spent
    expected: Estimate
    running: bool
    stopped: bool
    against: bool
    left_s: float | None = None
    stale: str = ""
    free: bool = False


def summary_of(rows: Mapping[str, Row], plan: Plan, client: str) -> Summary:
    """What the checks that were asked mean; those that were left out count as not done."""
    left = not_done(rows)
    told = {one: row.judgement for one, row in rows.items() if row.judgement is not None and one not in left}
    return summarize(told, len(rows), client, against="a" in plan.protocols)


def verdict_line(
    shown: Shown, go_to: Callable[[str], object], go_on: Callable[[], object] | None, list_all: Callable[[], object]
) -> VerdictLine:
    """The line. `go_to` shows a check, `go_on` asks what was left out, `list_all` lists what counts against B."""
    if shown.plan is None or shown.summary is None:
        said = render(_FIRST_LINE, {"count": len(shown.rows), "against": shown.against})
        return VerdictLine("", tr(FIRST), "text", sentence=said, progress=_expected(shown.expected))
    summary = shown.summary
    links = _reasons(summary, go_to, list_all)
    left = not_done(shown.rows)
    left_out = 0 if shown.running else len(left)
    if left_out and go_on is not None:
        words = render(_GO_ON, {"count": left_out})
        links = (*links, Link(words, tr("They are asked now; what is known stays."), go_on))
    done = len(shown.rows) - len(left)
    return VerdictLine(
        SYMBOLS[summary.overall],
        summary.headline,
        ROLES[summary.overall],
        summary.for_client,
        render(_ELSE, {"who": shown.stale}) if shown.stale else summary.beside,
        "" if links else summary.foot_text() if summary.overall is Overall.UNKNOWN else "",
        links,
        _progress(shown, done, left_out),
        _spent(shown),
        done / max(1, len(shown.rows)),
    )


def _reasons(summary: Summary, go_to: Callable[[str], object], list_all: Callable[[], object]) -> tuple[Link, ...]:
    reasons = [one for one in summary.reasons if one.check != summary.unknown]  # that one is the first link
    shown = reasons if len(reasons) <= MOST_LINKS + 1 else reasons[:MOST_LINKS]
    said: dict[str, Link] = {}
    for one in shown:  # several may say the same in few words
        words = one_line(one.brief())
        said.setdefault(words, Link(words, one.judged.words("B"), _going(go_to, one.check)))
    links = list(said.values())
    if summary.unknown:
        judged = summary.unknown_judged
        links.insert(0, Link(one_line(judged.words("B")) if judged is not None else "", "", _going(go_to, summary.unknown)))
    if more := len(reasons) - len(shown):
        links.append(Link(render(_MORE, {"count": more}), "", list_all))
    return tuple(links)


def _going(go_to: Callable[[str], object], check: str) -> Callable[[], object]:
    return lambda: go_to(check)


def _expected(expected: Estimate) -> tuple[Segment, ...]:
    cost = ""
    if expected.free:
        cost = tr(IS_FREE)
    elif expected.usd is not None:
        cost = money(expected.usd)
    elif expected.unpriced:
        cost = render(_NO_PRICE, {"sides": [side.upper() for side in expected.unpriced]})
    tokens = render(_TOKENS, {"tokens": expected.tokens, "cost": cost})
    return Segment(render(_EXPECTED, {"requests": expected.requests}), "text", True), Segment(tokens)


def _progress(shown: Shown, done: int, left_out: int) -> tuple[Segment, ...]:
    assert shown.plan is not None
    more = ""
    if shown.running:
        more = render(_LEFT, {"left_s": _rounded(shown.left_s)}) if shown.left_s is not None else ""
    elif "cap" in shown.plan.left_out.values():
        more = tr(_CAP)
    elif left_out:
        more = tr(_STOPPED)
    return Segment(render(_DONE, {"done": done, "all": len(shown.rows)}), "text", True), Segment(more)


def _spent(shown: Shown) -> tuple[Segment, ...]:
    plan, spent = shown.plan, shown.spent
    assert plan is not None
    least, free = spent.usd is None, shown.free and not shown.stale
    usd = spent.least_usd if spent.usd is None else spent.usd
    told = "" if free or (least and not usd) else money(usd)
    parts = [Segment(render(_SPENT, {"tokens": spent.tokens, "money": told, "least": least}), "text", True)]
    if free:
        return (*parts, Segment(tr(IS_FREE)))
    if spent.uncounted and not usd:  # else it is said by "at least"
        parts.append(Segment(render(_UNCOUNTED, {"count": spent.uncounted}), "warn"))
    if shown.running:
        cap = money(plan.cap_usd) if plan.cap_usd is not None else ""
        if plan.cap_tokens is not None:
            cap = render(_CAP_TOKENS, {"tokens": plan.cap_tokens})
        parts.append(Segment(render(_OF, {"cap": cap}) if cap else ""))
    return tuple(parts)


def money(usd: float) -> str:
    """Cents where there are any: `$0.07`; finer below."""
    return f"${usd:,.2f}" if usd >= 0.01 or not usd else numbers.usd(usd)


def _rounded(seconds: float) -> float:
    """A time left as coarsely as it is known."""
    if seconds < 10:
        return max(1, round(seconds))
    return round(seconds / 10) * 10 if seconds < 120 else round(seconds / 60) * 60
