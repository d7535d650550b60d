"""Does the same line stand in answers to different questions: an advertisement, a mark, a command that nobody asked for?

It asks nothing: it reads all exchanges of the session. What is put into one answer in three is met by a check of two
answers only by chance; all answers together show it. Needed for a verdict: the line is in none of the control's answers and
in no request whose answer has it, it is in answers of several checks, and two sides that say it equally often would have it
on one side alone in fewer than one session of a thousand, over all lines that come again. Known false alarms: another
model, whose habit the line is (so the models must be one by name, and the sentence says no more than what was seen).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.checks.check import EVERYTHING, FREE, Check, Control, Group
from app.checks.client_job import CLIENT
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, beside
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange
from app.protocols.findings import Severity
from app.run.differences import one_model
from app.text.json_text import encode_json

_LEVEL = 0.001
_FEWEST_ANSWERS, _FEWEST_CHECKS = 20, 4
_SHORTEST = 12  # characters of a line that is no common phrase, nor a mark of Markdown
_SHOWN, _MOST_SHOWN = 3, 100

_NONE = (
    "None of {who}'s {n} answers has a line that comes again in others and stands in no request and no answer of the control."
)
_ADDED = (
    "**{count} of {who}'s {n} answers, to different questions, have the same line, {line:quoted an empty one}**, which stands "
    "in no request and in none of the control's {others} answers: consistent with words that are put in on the way."
)
_BRIEF = "the same line is put into answers to different questions"
_ALONE = (
    "{count} of {who}'s {n} answers, to different questions, have the same line, {line:quoted an empty one}, which stands in "
    "no request. Without the official endpoint beside it, it may be the model's own way."
)
_OTHER_MODEL = (
    "{count} of {who}'s {n} answers have the same line, {line:quoted an empty one}; but the two sides were asked for different "
    "models."
)
_FEW = "Too few answers came to tell whether the same words are put into several."
_ADVICE = "Look at one of these answers as its bytes came, and ask whoever runs the endpoint where the line is from."

Places = list[tuple[str, int]]


def _judge(steps: Steps, control: Steps | None) -> Judged:
    answers = dict(_answers(steps))
    if not steps:
        return steps.not_asked()
    if len(answers) < _FEWEST_ANSWERS:
        return Judged(verdict=Verdict.INCONCLUSIVE, reason="few", sentence=_FEW)
    theirs = dict(_answers(control)) if control is not None else {}
    found = _lines(answers)
    known = {line for one in theirs.values() for line in _own_lines(one)}
    tried = {line: places for line, places in found.items() if line not in known}
    spread = {line: places for line, places in tried.items() if steps.checks_of(places) >= _FEWEST_CHECKS}
    line, places = max(spread.items(), key=lambda one: len(one[1]), default=("", []))
    share = len(answers) / (len(answers) + len(theirs)) if theirs else 0.5
    seldom = bool(line) and len(tried) * share ** len(places) < _LEVEL
    measured = (Measured("answers with the same line", len(places) if seldom else 0, n=len(answers)),)
    if not seldom:
        return Judged(
            verdict=Verdict.PASS, reason="none", sentence=_NONE, fields={"n": len(answers)}, short="0 of {n}", measured=measured
        )
    verdict, reason, sentence = Verdict.DIFFERS, "added", _ADDED
    if control is None or not theirs:
        verdict, reason, sentence = Verdict.INCONCLUSIVE, "alone", _ALONE
    elif not one_model(control.model, steps.model):
        verdict, reason, sentence = Verdict.INCONCLUSIVE, "other_model", _OTHER_MODEL
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        brief=_BRIEF,
        fields={"count": len(places), "n": len(answers), "others": len(theirs), "line": line[:_MOST_SHOWN]},
        short="{count} of {n}",
        advice=_ADVICE,
        measured=measured,
        evidence=tuple(steps.evidence(*place) for place in places[:_SHOWN]),
        harm=Severity.LOSES,
    )


def _answers(steps: Steps) -> Iterator[tuple[tuple[str, int], Exchange]]:
    """What a model said. A client's process has its own conversation."""
    for place, one in steps.by_step.items():
        if one.reading.text and 200 <= one.status < 300 and one.recording.request.method != CLIENT:
            yield place, one


def _lines(answers: Mapping[tuple[str, int], Exchange]) -> dict[str, Places]:
    """The lines that come in more than one answer, with these."""
    found: dict[str, Places] = {}
    for place, one in answers.items():
        for line in _own_lines(one):
            found.setdefault(line, []).append(place)
    return {line: places for line, places in found.items() if len(places) > 1}


def _own_lines(one: Exchange) -> set[str]:
    """The lines of an answer that its request does not have."""
    body = one.recording.request.body.decode("utf-8", "replace")
    lines = {line for each in one.reading.text.split("\n") if len(line := each.strip()) >= _SHORTEST}
    return {line for line in lines if line not in body and encode_json(line).decode()[1:-1] not in body}


CHECKS = (
    Check(
        id="added_lines",
        group=Group.IDENTITY,
        title="Nothing put into answers",
        proves="No line comes again in answers to different questions that neither the requests nor the control have.",
        loss="the same line is put into answers",
        cost=FREE,
        judge=beside(_judge),
        control=Control.HELPS,
        reads=(EVERYTHING,),
    ),
)
