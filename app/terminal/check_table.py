"""A run of checks as text: what it would cost, how far it is, and what was found."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence

from app.checks.check import GROUP_TITLES, Check
from app.checks.estimate import IS_FREE, Estimate
from app.checks.session import Row, Session, State
from app.checks.verdict import Verdict
from app.report import words
from app.report.schema import CheckPart, Report
from app.terminal.text import complain, say, table
from app.text import numbers
from app.text.sentences import message, tr
from app.text.visible import one_line

_MOST_MEASURED = 40
_MOST_MEANING = 300
LEAST_FOLDED = 2
_REST = message("They rest on {titles:list}, which {several:if have|has} not passed.")


def print_list(checks: Iterable[Check]) -> None:
    """The checks with their ids and what they cost one side."""
    rows = [["id", tr("group"), tr("check"), tr("requests"), tr("tokens"), ""]]
    for one in checks:
        asked = tr("off until asked for (--with)") if one.opt_in else ""
        rows.append([one.id, str(one.group), tr(one.title), str(one.cost.requests), numbers.grouped(one.cost.tokens), asked])
    for line in table(rows):
        say(line)


def cost_in_words(checks: Sequence[Check], at_most: Estimate, cap_usd: float | None, cap_tokens: int | None) -> str:
    """What will be sent at most, and where it ends."""
    caps = [
        numbers.usd(cap_usd) if cap_usd is not None else "",
        tr("{tokens:grouped} tokens", tokens=cap_tokens) if cap_tokens is not None else "",
    ]
    return tr(
        "{checks:plural check|checks}: at most {requests:plural request|requests}, {tokens:grouped} tokens"
        "{free:if , {free}|{usd:if , {usd:usd}| (the price is not known)}}.{caps:if  It ends at {caps:either}.}",
        checks=len(checks),
        requests=at_most.requests,
        tokens=at_most.tokens,
        free=tr(IS_FREE) if at_most.free else "",
        usd=at_most.usd,
        caps=[one for one in caps if one] or None,
    )


class Progress:
    """Tells on standard error which checks are done: on a terminal in one line that is written over, else a line each."""

    def __init__(self) -> None:
        self.session: Session | None = None
        self._told: dict[str, int] = {}
        self._over = sys.stderr.isatty()

    def __call__(self, row: Row) -> None:
        session = self.session
        if session is None or row.state is not State.DONE or self._told.get(row.check.id) == row.attempt:
            return
        self._told[row.check.id] = row.attempt
        done, all_checks = len(self._told), len(session.rows)
        if self._over:
            spent = session.spent
            said = tr(
                "{done} of {all} done, {tokens:grouped} tokens{usd:if , {usd:usd}}",
                done=done, all=all_checks, tokens=spent.tokens, usd=spent.usd,
            )  # fmt: skip
            sys.stderr.write(f"\r\x1b[K{said}" + ("\n" if done == all_checks else ""))
            sys.stderr.flush()
            return
        found = row.judgement
        verdict = words.marked(found.b.verdict) if found is not None else ""
        said = tr("{heading}: {text}", heading=tr(GROUP_TITLES[row.check.group]), text=tr(row.check.title))
        complain(f"[{done}/{all_checks}] {said}  {verdict}")

    def end(self) -> None:
        """The line that is written over is left."""
        if self._over and self.session is not None and len(self._told) < len(self.session.rows):
            sys.stderr.write("\n")


def print_report(report: Report, counting: Sequence[CheckPart], *, newly: bool) -> None:
    """The verdict line and its reasons, the table, what to do, what it cost, and the sentence.

    `counting` are the checks for which the exit code is 1; `newly`: that are new since the baseline.
    """
    if report.verdict is not None:
        say(f"{words.overall_mark(report)} {report.verdict.sentence}")
        if report.verdict.reasons:
            say("  " + " · ".join(one_line(one.brief) for one in report.verdict.reasons))
        say()
    for endpoint in report.endpoints:
        said = dict.fromkeys(
            filter(None, (endpoint.label, endpoint.base_url, endpoint.model_asked))
        )  # one in place has no name
        say(f"{endpoint.side.upper()}  {' · '.join(one_line(one) for one in said)}")
    say()
    for line in table(list(_rows(report))):
        say(line)
    say()
    for one in words.told(report):
        if one.b.advice and one.harm is not None:
            say(tr("{heading}: {text}", heading=one.title, text=one_line(one.b.advice, _MOST_MEANING)))
    spent = report.spent
    counted = spent.input_tokens is not None or spent.output_tokens is not None
    bill = tr(
        "{requests:plural request|requests}, {counted:if {read} tokens in, {written} out|no tokens}, {cost}",
        requests=spent.requests,
        counted=counted,
        read=words.count(spent.input_tokens),
        written=words.count(spent.output_tokens),
        cost=words.cost(spent.usd, spent.least_usd),
    )
    say(bill)
    if newly:
        names = [one.id for one in counting]
        say(tr("{names:if New since the baseline: {names:commas}.|Nothing is new since the baseline.}", names=names or None))
    if report.sentence:
        say(report.sentence)


def _rows(report: Report) -> Iterable[list[str]]:
    control = any(one.a is not None for one in report.checks)
    yield [tr("check"), *(["A"] if control else []), "B" if control else "", tr("measured"), tr("what it means")]
    for title, checks in words.groups(report):
        yield [title, *([""] if control else []), "", "", ""]
        left = _skipped(checks, report)
        for one in checks:
            if one.id in left:
                if (row := left[one.id]) is not None:
                    skipped = words.marked(Verdict.SKIPPED)
                    yield [row[0], *([skipped] if control else []), skipped, "", row[1]]
                continue
            a = [words.marked(one.a.verdict) if one.a is not None else "–"] if control else []
            measured, meaning = one_line(words.measured_both(one), _MOST_MEASURED), one_line(words.meaning(one), _MOST_MEANING)
            yield [f"  {one.title}", *a, words.marked(one.b.verdict), measured, meaning]


def _skipped(checks: Sequence[CheckPart], report: Report) -> dict[str, tuple[str, str] | None]:
    """The checks of a group that rest on another and were skipped on all sides, where there are several: the line of all of
    them (what they are, and why) stands by the first."""
    known = {one.id: one for one in report.checks}
    gone = [one for one in checks if _rests(one) and (one.a is None or one.a.verdict is Verdict.SKIPPED)]
    if len(gone) < LEAST_FOLDED:
        return {}
    roots = dict.fromkeys(_root(one, known) for one in gone)
    said = tr(_REST, titles=[f"“{one}”" for one in roots], several=len(roots) > 1)
    count = tr("{checks:plural check|checks}", checks=len(gone))
    return {one.id: (f"  {count}", said) if one is gone[0] else None for one in gone}


def _rests(one: CheckPart) -> bool:
    return one.b.verdict is Verdict.SKIPPED and one.b.rests_on is not None


def _root(one: CheckPart, known: Mapping[str, CheckPart]) -> str:
    """The title of the check at the bottom of why it was skipped."""
    seen = {one.id}
    while (below := known.get(one.b.rests_on or "")) is not None and below.id not in seen:
        one = below
        seen.add(one.id)
    return one.title
