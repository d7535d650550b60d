"""The verdict line: what all checks together mean for whoever is about to move there, the reasons, and the foot's sentence."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum

import msgspec

from app.checks.check import ADMITTED, BREAKING, COMPLETES, REACHED, Group
from app.checks.judgement import Judged, Judgement
from app.checks.registry import by_id
from app.checks.verdict import Verdict
from app.protocols.findings import Severity
from app.text.sentences import Span, in_a_row, in_context, message, render, spans, tr

_MUST_BE_KNOWN = (REACHED, ADMITTED, COMPLETES)
_HURTS = {Verdict.FAIL, Verdict.DIFFERS}
_WORKS = {Verdict.PASS, Verdict.DIFFERS}
_TELLS_NOTHING = {Verdict.INCONCLUSIVE, Verdict.SKIPPED}
_MOST_CLAUSES = 4


class Overall(StrEnum):
    """The three states, and that it can't be told (yet)."""

    WORKS = "works"
    LOSSES = "losses"
    BREAKS = "breaks"
    UNKNOWN = "unknown"


# What a person sees before the words: shape and word say the same, colour alone never.
SYMBOLS: dict[Overall, str] = {Overall.WORKS: "✓", Overall.LOSSES: "!", Overall.BREAKS: "✕", Overall.UNKNOWN: "?"}


class Reason(msgspec.Struct, frozen=True):
    """A check that counts against the endpoint; the most hurtful come first."""

    check: str
    judged: Judged
    harm: Severity

    def brief(self, who: str = "B") -> str:
        """What is lost, as a clause of few words that begins small; `who` is what the side is called."""
        check = by_id()[self.check]
        own = self.judged.brief_words(who)
        if own or check.loss:
            return own or render(check.loss, {})
        return render(_TITLED, {"title": render(check.title, {}), "verdict": str(self.judged.verdict)})


class Summary(msgspec.Struct, frozen=True):
    """What the checks that are done mean for B.

    `counts` are verdicts on B by name; `waiting` how many checks are not done yet; `against`: there was a control; `works` the
    groups of which something passed and nothing broke or, of what breaks no program, failed or could not be told; `unknown` the
    check that keeps the whole from being told, "" for none.
    """

    overall: Overall
    reasons: tuple[Reason, ...]
    counts: dict[str, int]
    waiting: int
    against: bool
    client: str = ""
    works: tuple[Group, ...] = ()
    unknown: str = ""
    unknown_judged: Judged | None = None

    @property
    def undecided(self) -> int:
        """How many checks do not tell."""
        return self.counts.get(Verdict.INCONCLUSIVE, 0) + self.counts.get(Verdict.SKIPPED, 0)

    @property
    def sentence(self) -> str:
        """The line, as plain text."""
        return render(_LINES[self.overall], {"client": self.client, "against": self.against, **self._counted})

    @property
    def headline(self) -> str:
        """The line's first words, to stand before `for_client`: "So far: works, with losses"."""
        return render(_HEADLINES[self.overall], {"against": self.against, **self._counted})

    @property
    def for_client(self) -> str:
        """For whom that is, to stand behind the headline; "" where no client is named."""
        breaks = self.overall is Overall.BREAKS
        return render(_FOR_CLIENT, {"client": self.client, "breaks": breaks}) if self.client else ""

    @property
    def beside(self) -> str:
        """How many checks do not tell, to stand beside the line; "" for none."""
        return render(_BESIDE, self._counted) if self.undecided else ""

    @property
    def _counted(self) -> dict[str, object]:
        return {"undecided": self.undecided or None, "waiting": self.waiting or None}

    def foot(self, who: str = "B") -> tuple[Span, ...]:
        """All in a sentence or two, the worst strong: "So far: text and tools work. Stop sequences do nothing." """
        said: list[Span] = []
        if self.overall is Overall.UNKNOWN:
            said += self._why_unknown(who)
        elif self.works:
            names = [render(_NAMES[one], {}) for one in self.works]
            alone = len(names) == 1 and self.works[0] not in _MANY
            names[0] = names[0] if self.waiting else _capital(names[0])
            said += spans(_WORKING, {"names": names, "count": 1 if alone else 2, "client": self.client, **self._counted})
        reasons = [one for one in self.reasons if one.check != self.unknown]  # that one has been told
        if reasons:
            return in_a_row([*([said] if said else []), self._lost(reasons, who)])
        return tuple(said)

    @staticmethod
    def _lost(reasons: list[Reason], who: str) -> tuple[Span, ...]:
        clauses = list(dict.fromkeys(one.brief(who) for one in reasons))
        first, *others = clauses[:_MOST_CLAUSES]
        more = len(clauses) - _MOST_CLAUSES if len(clauses) > _MOST_CLAUSES else None
        last = others.pop() if others and more is None else ""
        return spans(_LOSES, {"first": _capital(first), "between": tr(_BETWEEN).join(others), "last": last, "more": more})

    def foot_text(self, who: str = "B") -> str:
        """The same as plain text."""
        return "".join(one.text for one in self.foot(who))

    def _why_unknown(self, who: str) -> tuple[Span, ...]:
        if self.unknown_judged is None:
            return spans(_NOT_YET, {})
        failed = self.unknown_judged.verdict is Verdict.FAIL
        title = render(by_id()[self.unknown].title, {})
        return spans(_STOPPED if failed else _HINDERED, {"title": title, "why": self.unknown_judged.words(who)})


_TITLED = "“{title}” {verdict:select fail=fails|differs=differs|is not as it should be}"
_BESIDE = "{undecided:plural check does|checks do} not tell"
_LINES = {
    Overall.WORKS: "{waiting:if So far: works|Works} {against:if as the official one does|as it should}"
    "{client:if , for {client}}{undecided:if  ({undecided:plural check does|checks do} not tell)}.",
    Overall.LOSSES: "{waiting:if So far: works|Works}, with losses{client:if , for {client}}"
    "{undecided:if  ({undecided:plural check does|checks do} not tell)}.",
    Overall.BREAKS: "{waiting:if So far: breaks|Breaks}{client:if  {client}}"
    "{undecided:if  ({undecided:plural check does|checks do} not tell)}.",
    Overall.UNKNOWN: "Can't tell yet{client:if , for {client}}.",
}
_HEADLINES = {
    Overall.WORKS: "{waiting:if So far: works|Works} {against:if as the official one does|as it should}",
    Overall.LOSSES: "{waiting:if So far: works|Works}, with losses",
    Overall.BREAKS: "{waiting:if So far: breaks|Breaks}",
    Overall.UNKNOWN: "Can't tell yet",
}
_FOR_CLIENT = "{breaks:if |for }{client}"
_WORKING = "{waiting:if So far: }{names:list} {count:word works|work}{client:if  for **{client}**}."
_BETWEEN = in_context("between clauses", ", ")
_LOSES = "**{first}**{between:if , {between}}{last:if , and {last}}{more:if , and {more} more}."
_NOT_YET = "Nothing can be said before the smallest request was answered."
_STOPPED = "Nothing more can be said. {why}"
_HINDERED = "Nothing can be said while “{title}” is not decided. {why}"
# What works, as a name in a list; what a group has besides (identity, errors) is nothing that works.
_NAMES = {
    Group.MINIMAL: message("text"),
    Group.STREAMING: message("streaming"),
    Group.TOOLS: message("tools"),
    Group.CONTEXT: message("conversations"),
    Group.JSON_OUTPUT: "JSON output",
    Group.MODALITIES: message("attachments"),
}
_MANY = (Group.TOOLS, Group.CONTEXT, Group.MODALITIES)  # whose names are plurals


def harm_of(check: str, judged: Judged | None) -> Severity | None:
    """How much a verdict hurts; None where it does not, or where the control does the same."""
    if judged is None or judged.verdict not in _HURTS or judged.shared:
        return None
    if judged.harm is not None:
        return judged.harm if judged.harm is not Severity.NOTE else None
    breaks = judged.verdict is Verdict.FAIL and by_id()[check].group in BREAKING
    return Severity.BREAKS if breaks else Severity.LOSES


LEFT_OUT = frozenset({"stopped", "cap", "not_asked"})  # reasons of `app.checks.judging`


def is_left_out(found: Judgement) -> bool:
    """Whether a check was not asked to its end since somebody stopped, or the cap was reached."""
    return found.b.verdict in (Verdict.SKIPPED, Verdict.INCONCLUSIVE) and found.b.reason in LEFT_OUT


def with_resting(left: AbstractSet[str], judgements: Mapping[str, Judgement]) -> frozenset[str]:
    """These checks, with those whose judgement rests on one of them."""
    return frozenset(left | {one for one, found in judgements.items() if found.b.rests_on in left})


def summarize(judgements: Mapping[str, Judgement], planned: int, client: str = "", *, against: bool = False) -> Summary:
    """What the checks that are done mean for B; `planned` is how many there are in all. What was left out is not done, nor what
    rests on that.
    """
    left = with_resting({one for one, found in judgements.items() if is_left_out(found)}, judgements)
    judgements = {one: found for one, found in judgements.items() if one not in left}
    order = list(Severity)
    reasons = [Reason(one, found.b, harm) for one, found in judgements.items() if (harm := harm_of(one, found.b)) is not None]
    reasons.sort(key=lambda one: order.index(one.harm))
    counts: dict[str, int] = {}
    for found in judgements.values():
        counts[found.b.verdict] = counts.get(found.b.verdict, 0) + 1
    overall = _overall(judgements, reasons)
    unknown = _undecided(judgements) if overall is Overall.UNKNOWN else ""
    return Summary(
        overall,
        tuple(reasons),
        counts,
        planned - len(judgements),
        against,
        client,
        _working(judgements, reasons),
        unknown,
        judgements[unknown].b if unknown else None,
    )


def _overall(judgements: Mapping[str, Judgement], reasons: list[Reason]) -> Overall:
    if any(one.harm is Severity.BREAKS for one in reasons):
        return Overall.BREAKS
    if _undecided(judgements) or COMPLETES not in judgements:
        return Overall.UNKNOWN
    return Overall.LOSSES if reasons else Overall.WORKS


def _undecided(judgements: Mapping[str, Judgement]) -> str:
    """The first that all rest on and that does not tell, or, as the gate, that not all are let in; "" for none."""
    for one in _MUST_BE_KNOWN:
        found = judgements.get(one)
        if found is None:
            continue
        if found.b.verdict in _TELLS_NOTHING or (one == ADMITTED and found.b.verdict is Verdict.FAIL):
            return one
    return ""


def _working(judgements: Mapping[str, Judgement], reasons: list[Reason]) -> tuple[Group, ...]:
    broken = {group for one in reasons if _breaks_group(one, group := by_id()[one.check].group)}
    works = {by_id()[one].group for one, found in judgements.items() if found.b.verdict in _WORKS}
    untold = {by_id()[one].group for one, found in judgements.items() if found.b.verdict is Verdict.INCONCLUSIVE} - BREAKING
    return tuple(one for one in _NAMES if one in works and one not in broken | untold)


def _breaks_group(reason: Reason, group: Group) -> bool:
    """Whether the group does not work because of it. A schema or a picture that is lost breaks no program, and all the same is
    no working output or attachment.
    """
    return reason.harm is Severity.BREAKS or (reason.judged.verdict is Verdict.FAIL and group not in BREAKING)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
