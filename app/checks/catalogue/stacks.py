"""Who answers, by its marks: the form of the ids and the name of the model. Read off the answers of other checks.

That an endpoint's marks are not the vendor's is evidence, no fault: clouds and converters differ lawfully, and whoever wants to
copies them. Two forms on one endpoint, where the control has one, are two stacks.

Known false alarms: an id that is drawn at random and looks like another form by chance (so another form counts from its second
answer on, another name of the model from its first); endpoints that are routed to several providers on purpose: those are
several stacks.
"""

from __future__ import annotations

from collections import Counter

from app.checks.catalogue.cells import document_of
from app.checks.check import COMPLETES, FREE, Check, Control, Group
from app.checks.judgement import Judged, Judgement, Measured
from app.checks.seen import Seen, Steps, each
from app.checks.statistics import unseen_bound
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange
from app.run.marks import form_of
from app.text.sentences import Phrase, message

_FEWEST = 6

_ONE = (
    "{who}'s {n} answers have one and the same marks. Another stack that takes less than {share} % of requests may go unseen."
)
_TWO = (
    "**{few} of {who}'s {n} answers came from another stack**: {other} where the rest has {usual}. What works on one may "
    "fail on the other."
)
_ONCE = "One of {who}'s answers has an id of another form, which may be chance where ids are drawn at random."
_FEW = "Too few answers came whole to tell whether they are of one stack."
_LIKE = "{who}'s answers have the marks of the official ones."
_UNLIKE = "{who}'s answers have other marks than the official ones ({ours} where those have {theirs}): evidence, no fault."


def marks(steps: Steps, step: str, n: int = 1) -> str:
    """An answer's marks, as they are shown."""
    one = document_of(steps, step, n)
    return ", ".join(filter(None, (form_of(str(one.get("id") or "")), str(one.get("model") or "")[:60])))


def _judge_stacks(steps: Steps) -> Judged:
    seen: dict[tuple[str, int], str] = {}
    for name, n, one in _asked(steps):
        if steps.completed(name, n) and (found := marks(steps, name, n)):
            seen[name, one.recording.envelope.round] = found
    counts = Counter(seen.values()).most_common()
    if len(seen) < _FEWEST:
        return steps.not_asked() if not steps else Judged(verdict=Verdict.INCONCLUSIVE, reason="few", sentence=_FEW)
    measured = tuple(Measured(found, count, "answers", len(seen)) for found, count in counts[:5])
    if len(counts) == 1:
        share = f"{100 * unseen_bound(len(seen)):.0f}"
        fields: dict[str, object] = {"n": len(seen), "share": share}
        evidence = tuple(steps.evidence(*one) for one in list(seen)[:1])
        return Judged(
            verdict=Verdict.PASS, reason="one", sentence=_ONE, fields=fields, short="1 of {n}", measured=measured,
            evidence=evidence,
        )  # fmt: skip
    models = {str(document_of(steps, *place).get("model") or "") for place in seen}
    if counts[1][1] < 2 and len(models) < 2:
        return Judged(verdict=Verdict.INCONCLUSIVE, reason="once", sentence=_ONCE, measured=measured)
    usual = counts[0][0]
    others = [place for place, found in seen.items() if found != usual]
    return Judged(
        verdict=Verdict.DIFFERS,
        reason="two",
        sentence=_TWO,
        fields={"few": len(others), "n": len(seen), "usual": usual, "other": counts[1][0]},
        short="{few} of {n} other",
        measured=measured,
        evidence=tuple(steps.evidence(*one) for one in others),
    )


def _asked(steps: Steps) -> list[tuple[str, int, Exchange]]:
    return [(one.recording.envelope.step, one.recording.envelope.round, one) for one in steps.everything]


def _judge_marks(seen: Seen) -> Judgement:
    assert seen.a is not None  # needed
    found = [steps.trouble("plain") for steps in (seen.b, seen.a)]
    if found[0] is not None or found[1] is not None:
        return Judgement(found[0] or found[1] or seen.b.not_asked(), found[1])
    ours, theirs = marks(seen.b, "plain"), marks(seen.a, "plain")
    fields = {"ours": ours or Phrase(message("none")), "theirs": theirs or Phrase(message("none"))}
    like = Judged(
        verdict=Verdict.PASS,
        reason="like",
        sentence=_LIKE,
        short="{theirs}",
        fields=fields,
        evidence=(seen.a.evidence("plain"),),
    )
    b = Judged(
        verdict=Verdict.PASS,
        reason="like" if ours == theirs else "unlike",
        sentence=_LIKE if ours == theirs else _UNLIKE,
        fields=fields,
        short="{ours}",
        evidence=(seen.b.evidence("plain"), seen.a.evidence("plain")),
    )
    return Judgement(b, like)


CHECKS = (
    Check(
        id="one_stack",
        group=Group.IDENTITY,
        title="One stack",
        proves="All answers come from one stack: ids of one form, and one name of the model.",
        cost=FREE,
        judge=each(_judge_stacks),
        reads=("token_offset",),
    ),
    Check(
        id="marks",
        group=Group.IDENTITY,
        title="Ids and model name",
        proves="Ids have the official form, and the model the official name; evidence only.",
        cost=FREE,
        judge=_judge_marks,
        control=Control.NEEDED,
        reads=(COMPLETES,),
    ),
)
