"""Are the answers of both sides drawn from one and the same distribution? One-word answers to questions without a right one.

Each side answers the same questions as often, in one shuffled order; the exact permutation test of `statistics.two_sample` says
how rare a difference like this one would be if both were one model. It sees a swapped family, hardly a quantised sibling, and
not a fifth of the traffic. Measured by `python -m tests.checks.power` at the 1 % level that the verdict uses (500 runs each on
made-up answers, 12 options a question, Dirichlet 0.35; TV is the total variation distance):

    questions x answers (requests)  A = A   TV 0.2  0.3    0.4    0.5    unrelated  half of B's traffic  a fifth
    8 x 10 (160)                    0.4 %   6 %     27 %   69 %   95 %   100 %      38 %                 2 %
    10 x 10 (200)                   0.4 %   7 %     30 %   76 %   98 %   100 %      46 %                 2 %
    20 x 10 (400)                   1.0 %   12 %    60 %   98 %   100 %  100 %      84 %                 5 %

Over sockets, 10 x 10, against the simulator: seen in 0 of 76 sessions with the honest one (28 of them the first after its
start), in 20 of 20 where another model answers, in 9 of 20 where it answers half of the requests. Drawn from the simulated
model's own answers, without sockets: in 13 of 1500 pairs of samples (0.9 %).

Known false alarms: a hidden prompt moves answers too (so the input tokens of the same bodies are compared, and said), another
model that was asked for on purpose, a control that is itself two stacks (so its own halves are tested first), sampling that is
switched off (so the control's answers must differ among themselves).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.checks.asker import Asker
from app.checks.check import Ask, Check, Control, Cost, Group, Judge
from app.checks.judgement import Judged, Judgement, Measured
from app.checks.seen import Seen, Steps
from app.checks.statistics import total_variation, two_sample
from app.checks.verdict import Verdict
from app.run.differences import one_model
from app.text.sentences import unsaid

LEVEL = 0.01
_USABLE = 0.8  # of the answers; fewer are no sample of what was asked
_FEWEST_KINDS = 2.0  # different answers a question on the control, on average: below, nothing can differ
_OFFSET = 3  # tokens
_LONGEST = 40  # characters of an answer that is one word
_PUNCTUATION = re.compile(r"[\s.,;:!?\"'“”‘’*`_()]+")

QUESTIONS = unsaid(
    (
        "Name an animal.",
        "Name a colour.",
        "Name a city.",
        "Name a fruit.",
        "Name a musical instrument.",
        "Name a country.",
        "Name a river.",
        "Give a first name of a person.",
        "Name a planet or a moon.",
        "Name something found in a kitchen.",
        "Name a tree.",
        "Name a feeling.",
        "Name a profession.",
        "Name a sport.",
        "Name something that floats.",
        "Name a piece of clothing.",
        "Name a flower.",
        "Name a metal.",
        "Name something blue.",
        "Name a mountain.",
    )
)
_SHORT, _LONG, _TIMES = 10, 20, 10

_SAME = (
    "{who}'s answers are distributed as the official ones, as far as {n} answers a side show: **no difference seen**. With "
    "this many, one smaller than a total variation of {blind} would often go unnoticed."
)
_DIFFERS = (
    "{who}'s answers are **distributed differently** from the official ones: a difference like this one comes by chance in "
    "fewer than {p} of a thousand pairs of samples."
)
_DIFFERS_BY_PROMPT = (
    "{who}'s answers are **distributed differently** from the official ones, and its requests carry {offset} more input "
    "tokens: a hidden prompt is enough to explain it."
)
_UNSTEADY = "The official endpoint's own answers differ between the halves of its sample, so nothing can be held against them."
_ALIKE = "The official endpoint answers too much alike for a sample to tell anything."
_FEW = "Too few answers were one word ({usable} of {n}): a model that reasons, or limits on the way."
_OTHER_MODEL = "The answers are distributed differently; but the two sides were asked for different models."
_CONTROL = "{who} answered {n} questions, as the sample to compare with."


def _asks(questions: int, times: int) -> Ask:
    async def ask(asker: Asker) -> None:
        random = asker.random()
        order = [(question, n) for question in range(questions) for n in range(1, times + 1)]
        words = {one: f"{random.randrange(36**4):x}" for one in order}
        random.shuffle(order)
        for question, n in order:
            prompt = f"{QUESTIONS[question]} Answer with one word only. (Ignore this: {asker.nonce}-{words[question, n]})"
            one = await asker.ask(f"question-{question + 1}", prompt, n=n, max_tokens=256)
            if not 200 <= one.status < 300 and (question, n) == order[0]:
                return  # refused at once: a hundred more would be as well

    return ask


def _judges(questions: int, times: int, blind: str) -> Judge:
    def judge(seen: Seen) -> Judgement:
        assert seen.a is not None  # needed
        ours = _sample(seen.a, questions, times)
        theirs = _sample(seen.b, questions, times)
        a = ours if isinstance(ours, Judged) else _control(seen.a, ours)
        if isinstance(theirs, Judged):
            return Judgement(theirs, a)
        if isinstance(ours, Judged):
            return Judgement(_undecided(seen.b, "control", ours.sentence, ours.fields), a)
        return Judgement(_compared(seen.b, theirs, seen.a, ours, blind), a)

    return judge


_Sample = Mapping[str, Sequence[str]]


def _sample(steps: Steps, questions: int, times: int) -> _Sample | Judged:
    """The answers by question, or why there are too few."""
    if not steps:
        return steps.not_asked()
    names = [f"question-{number}" for number in range(1, questions + 1)]
    answers = {name: [word for one in steps.all(name) if (word := _word(one.reading.text))] for name in names}
    usable, n = sum(map(len, answers.values())), questions * times
    if usable < _USABLE * n or not all(answers.values()):
        first = next((name for name in names if steps.get(name) is not None), names[0])
        trouble = steps.trouble(first)
        return trouble or _undecided(steps, "few", _FEW, {"usable": usable, "n": n})
    return answers


def _word(text: str) -> str:
    """An answer without case and punctuation; "" where it is no word."""
    word = _PUNCTUATION.sub(" ", text).strip().casefold()
    return word if len(word) <= _LONGEST else ""


def _control(steps: Steps, sample: _Sample) -> Judged:
    fields = {"n": sum(map(len, sample.values()))}
    evidence = (steps.evidence("question-1"),)
    return Judged(
        verdict=Verdict.PASS, reason="control", sentence=_CONTROL, fields=fields, short="{n} answers", evidence=evidence
    )


def _compared(b_steps: Steps, theirs: _Sample, a_steps: Steps, ours: _Sample, blind: str) -> Judged:
    kinds = sum(len(set(one)) for one in ours.values()) / len(ours)
    halves = [{name: one[half::2] for name, one in ours.items()} for half in (0, 1)]
    p, apart, n = two_sample(ours, theirs), total_variation(ours, theirs), sum(map(len, theirs.values()))
    own = two_sample(*halves)
    measured = (
        Measured("p", round(p, 5), "", n, "exact permutation test, L1 distance of counts by question", level=1 - LEVEL),
        Measured("total variation, seen", round(apart, 3), "", n),
        Measured("p, control against itself", round(own, 5), "", n),
        Measured("different answers a question, control", round(kinds, 1)),
    )
    if kinds < _FEWEST_KINDS:
        return _undecided(b_steps, "alike", _ALIKE, {}, measured)
    if own < LEVEL:
        return _undecided(b_steps, "control_unsteady", _UNSTEADY, {}, measured)
    offset = _offset(b_steps, a_steps)
    fields: dict[str, object] = {"n": n, "blind": blind, "offset": offset, "tv": f"{apart:.2f}"}
    fields["p"] = max(1, round(1000 * p + 0.5)) if p < LEVEL else f"{p:.2f}"
    if p >= LEVEL:
        return _judged(b_steps, Verdict.PASS, "no_difference", _SAME, "p = {p}", fields, measured)
    if not one_model(a_steps.model, b_steps.model):
        return _undecided(b_steps, "other_model", _OTHER_MODEL, fields, measured)
    if offset is not None and offset > _OFFSET:
        return _judged(b_steps, Verdict.DIFFERS, "differs_by_prompt", _DIFFERS_BY_PROMPT, "p < 0.01", fields, measured)
    return _judged(b_steps, Verdict.DIFFERS, "differs", _DIFFERS, "p < 0.01, {tv} apart", fields, measured)


def _offset(b: Steps, a: Steps) -> int | None:
    """How many more input tokens B counts for the same body, as far as that is one number; None where it is not."""
    pairs = [
        (b.total_input(step, n), a.total_input(step, n))
        for step in sorted({f"question-{number + 1}" for number in range(len(QUESTIONS))})
        for n in range(1, _TIMES + 1)
    ]
    apart = {theirs - ours for theirs, ours in pairs if theirs is not None and ours is not None}
    return apart.pop() if len(apart) == 1 else None


def _undecided(
    steps: Steps, reason: str, sentence: str, fields: Mapping[str, object], measured: tuple[Measured, ...] = ()
) -> Judged:
    return _judged(steps, Verdict.INCONCLUSIVE, reason, sentence, "", fields, measured)


def _judged(
    steps: Steps,
    verdict: Verdict,
    reason: str,
    sentence: str,
    short: str,
    fields: Mapping[str, object],
    measured: tuple[Measured, ...],
) -> Judged:
    asked = [f"question-{number + 1}" for number in range(len(QUESTIONS))]
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields=fields,
        short=short,
        measured=measured,
        evidence=tuple(
            steps.evidence(step, n) for step in asked for n in range(1, _TIMES + 1) if steps.get(step, n) is not None
        ),
    )


def _check(check_id: str, title: str, proves: str, questions: int, blind: str) -> Check:
    requests = questions * _TIMES
    return Check(
        id=check_id,
        group=Group.IDENTITY,
        title=title,
        proves=proves,
        loss="answers are distributed unlike the official ones",
        cost=Cost(requests, requests * 40, requests * 4),
        steps={f"question-{number}": f"“{question}”" for number, question in enumerate(QUESTIONS[:questions], 1)},
        ask=_asks(questions, _TIMES),
        judge=_judges(questions, _TIMES, blind),
        control=Control.NEEDED,
        opt_in=True,
    )


CHECKS = (
    _check(
        "two_samples",
        "Same distribution of answers",
        "100 answers of one word are distributed as the official endpoint's.",
        _SHORT,
        "0.4",
    ),
    _check(
        "two_samples_long",
        "Same distribution, larger sample",
        "200 answers of one word are distributed as the official endpoint's: sees half of the traffic going elsewhere.",
        _LONG,
        "0.3",
    ),
)
