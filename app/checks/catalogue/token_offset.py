"""Input tokens against the control's, for the same bytes: a hidden prompt, other counts, another tokenizer, by arithmetic.

Each request is one frame and a nonce, with a unit of text n times behind it. What B counts more than A is the same for all of
them where something is put in front (a constant), and grows with n where the counts or the tokenizer are others (a slope).
Totals are exact, so no statistics are needed; the cause is never known. What stays unseen: counts that are rewritten to fit.

Known false alarms: an alias of another model (so the names must mean one model, else nothing is said); a converter between
protocols, whose template adds a few tokens lawfully (so a constant is judged only between sides of one protocol).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app.checks.asker import Asker
from app.checks.catalogue.tool_probes import FORECAST
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Evidence, Judged, Judgement, Measured
from app.checks.seen import Seen, Steps
from app.checks.verdict import Verdict
from app.run.differences import one_model
from app.text.sentences import Phrase, message, unsaid

TOLERANCE = 3  # tokens: a template's own formatting
_ROOM = 16  # Responses takes no smaller limit; what is said does not matter here
_SAME_RATIO = 0.02
_TEN = 10

# Six kinds of text that tokenizers cut differently, each with how often it is asked.
UNITS: Mapping[str, str] = {
    "english": unsaid(" harbour lights"),
    "cjk": "今天的天气很好，",
    "digits": "73050 ",
    "emoji": "👩‍👩‍👧🏽 ",
    "json": '{"a":[1,true],"b":null}\n',
    "base64": "q83vEjRWeJCrze8 ",
}
_UNITS: Mapping[str, Phrase] = {
    "english": Phrase(message("english")),
    "cjk": Phrase(message("cjk")),
    "digits": Phrase(message("digits")),
    "emoji": Phrase(message("emoji")),
    "json": Phrase(message("json")),
    "base64": Phrase(message("base64")),
}
_TEXTS: Mapping[str, str] = {
    "english": Phrase(message("English words")),
    "cjk": Phrase(message("Chinese words")),
    "digits": Phrase(message("a number")),
    "emoji": Phrase(message("an emoji")),
    "json": Phrase(message("a line of JSON")),
    "base64": Phrase(message("a piece of base64")),
}
_LONG, _LONGER = 40, 80
_PROBES: tuple[tuple[str, str, int], ...] = (
    *((f"{unit}-{_LONG}", unit, _LONG) for unit in UNITS),
    *((f"{unit}-{_LONGER}", unit, _LONGER) for unit in ("english", "cjk")),
)
_BODIES = ("base", *(step for step, _, _ in _PROBES))

_STEADY = "{who} counts the same body the same each time."
_SAME = "{who} counts the same input tokens as the official endpoint for the same bodies{off:if , but for {off} of formatting}."
_UNSTEADY = (
    "{who} counted **the same body twice, as {one} and as {other} input tokens**: several stacks answer behind it, what it "
    "has in a cache is not counted, or the counts are invented."
)
_OFFSET = (
    "{who}'s request carries **{by:plural more input token|more input tokens}** than the official one for the same body, "
    "whatever its length: consistent with a prompt or tools that are added on the way, or with another chat template."
)
_DEFAULT_SYSTEM = (
    "{who}'s request carries **{by:plural more input token|more input tokens}** than the official one where it has no system "
    "prompt, and none where it has one: consistent with a default system prompt that is put in."
)
_FEWER = (
    "{who} counts **{by:plural fewer input token|fewer input tokens}** than the official endpoint for the same body, whatever "
    "its length: something is left out, or counted elsewhere."
)
_SYSTEM_LOST = (
    "{who} counts the same with a system prompt of about {by:plural token|tokens} as without it: consistent with a system "
    "prompt that does not reach the model."
)
_SYSTEM_OTHER = "{who} counts a system prompt as {by:plural token|tokens} more or fewer than the official endpoint does."
_WITH_TOOLS = (
    "{who}'s request carries **{by:plural more input token|more input tokens}** than the official one where it has a tool, and "
    "none where it has none: consistent with a prompt that is put in for tools, or with another way to tell a model of them."
)
_FEWER_WITH_TOOLS = (
    "{who} counts **{by:plural fewer input token|fewer input tokens}** than the official endpoint where a request has a tool, "
    "and the same where it has none: consistent with tools that do not reach the model as they were sent."
)
_ONE_FOR_ALL = (
    "{who} counts **{base:plural input token|input tokens} for every body**, however long it is: the counts are made up, or "
    "what is counted is not what was sent."
)
_ROUNDED = "{who}'s input counts are **all multiples of ten**, and the official endpoint's for the same bodies are not."
_MULTIPLIER = "{who} counts **{ratio} times the input tokens** of the official endpoint, on every kind of text."
_ONE_UNIT = (
    "{who} counts as the official endpoint does but for text of one kind ({units:list}): consistent with that text being "
    "changed on the way."
)
_OTHER_TOKENIZER = (
    "{who} counts other multiples of the official endpoint's tokens by the kind of text (from {low} to {high} times): "
    "consistent with another tokenizer, or with counts that are estimated."
)
_OTHER_MODEL = "The two sides were asked for different models, so their counts may lawfully differ ({short})."
_OTHER_PROTOCOL = "The two sides speak different protocols, so a constant of {by} tokens between them may be lawful."
_CONTROL_UNSTEADY = "The official endpoint itself counts the same body in two ways, so nothing can be held against it."
_UNCOUNTED = "{who} does not say how many input tokens it counted."
_ALONE = (
    "{who} counts {base:plural input token|input tokens} for a short prompt, and the same each time. Without the official "
    "endpoint beside it there is nothing to hold that against."
)
_MORE = "each request carries {by:plural more token|more tokens}"
_MORE_WITH_TOOLS = "each request with tools carries {by:plural more token|more tokens}"
_COUNTED = "{base} for the short one"
_ADVICE = "Look at the requests: you pay for what is counted, and the model reads what is added."


async def _ask(asker: Asker) -> None:
    for n in (1, 2):
        await asker.ask("base", _prompt(asker.nonce, "", 0), n=n, max_tokens=_ROOM)
    for step, unit, often in _PROBES:
        await asker.ask(step, _prompt(asker.nonce, UNITS[unit], often), max_tokens=_ROOM)
    await asker.ask("system", _prompt(asker.nonce, "", 0), system=(UNITS["english"] * _LONG).strip(), max_tokens=_ROOM)
    await asker.ask("tool", _prompt(asker.nonce, "", 0), tools=(FORECAST,), max_tokens=_ROOM)


def _prompt(nonce: str, unit: str, often: int) -> str:
    return f"({nonce}) Reply with the one word OK, whatever follows.\n{unit * often}"


class Counts(msgspec.Struct, frozen=True):
    """The input tokens that one side counted, by step; those that were not said are missing."""

    totals: Mapping[str, int]
    again: int | None = None

    @property
    def base(self) -> int:
        return self.totals["base"]


def _counts(steps: Steps) -> Counts | Judged:
    """What was counted, or why that is not known."""
    if (trouble := steps.trouble(*_BODIES)) is not None:
        return trouble
    found = {step: steps.total_input(step) for step in (*_BODIES, "system", "tool")}
    totals = {step: total for step, total in found.items() if total is not None}
    if any(step not in totals for step in _BODIES):
        return Judged(verdict=Verdict.INCONCLUSIVE, reason="uncounted", sentence=_UNCOUNTED, evidence=(steps.evidence("base"),))
    return Counts(totals, steps.total_input("base", 2))


def _judge(seen: Seen) -> Judgement:
    b = _counts(seen.b)
    if seen.a is None:
        return Judgement(b if isinstance(b, Judged) else _alone(seen.b, b))
    a = _counts(seen.a)
    ours = a if isinstance(a, Judged) else _control(seen.a, a)
    if isinstance(b, Judged):
        return Judgement(b, ours)
    if isinstance(a, Judged):
        return Judgement(_alone(seen.b, b), ours)
    return Judgement(_against(seen.b, b, seen.a, a), ours)


def _control(steps: Steps, counts: Counts) -> Judged:
    return _by_itself(steps, counts, Verdict.PASS, "steady", _STEADY)


def _alone(steps: Steps, counts: Counts) -> Judged:
    return _by_itself(steps, counts, Verdict.INCONCLUSIVE, "no_control", _ALONE)


def _by_itself(steps: Steps, counts: Counts, verdict: Verdict, reason: str, sentence: str) -> Judged:
    """What one side's counts show alone; the verdict and its words are those of counts in which nothing is odd."""
    return _odd(steps, counts) or Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={"base": counts.base},
        short=_COUNTED,
        measured=_slopes(counts),
        evidence=(steps.evidence("base"),),
    )


def _odd(steps: Steps, counts: Counts) -> Judged | None:
    """What can't be right whatever the other side counts."""
    return _unsteady(steps, counts) or _one_for_all(steps, counts)


def _one_for_all(steps: Steps, counts: Counts) -> Judged | None:
    """All bodies are counted alike, though the longest is a hundred times the shortest."""
    if len({counts.totals[step] for step in _BODIES}) > 1:
        return None
    return Judged(
        verdict=Verdict.DIFFERS,
        reason="one_for_all",
        sentence=_ONE_FOR_ALL,
        fields={"base": counts.base},
        short="{base} for every body",
        advice=_ADVICE,
        measured=_slopes(counts),
        evidence=_evidence(steps),
    )


def _unsteady(steps: Steps, counts: Counts) -> Judged | None:
    """The same body is counted in two ways. Official endpoints are exact here."""
    if counts.again is None or counts.again == counts.base:
        return None
    return Judged(
        verdict=Verdict.DIFFERS,
        reason="unsteady",
        sentence=_UNSTEADY,
        fields={"one": counts.base, "other": counts.again},
        short="{one}, then {other}",
        advice=_ADVICE,
        evidence=(steps.evidence("base", 1), steps.evidence("base", 2)),
    )


def _slopes(counts: Counts) -> tuple[Measured, ...]:
    """The short one's count, and the tokens that each kind of text adds a time."""
    slopes = [
        Measured(
            Phrase(message("slope, {unit}"), unit=_UNITS[unit]),
            round((counts.totals[step] - counts.base) / often, 2),
            "tokens",
            often,
        )
        for step, unit, often in _PROBES
        if often == _LONG
    ]
    return (Measured("intercept", counts.base, "tokens"), *slopes)


def _against(b_steps: Steps, b: Counts, a_steps: Steps, a: Counts) -> Judged:
    """B's counts beside A's."""
    if a.again is not None and a.again != a.base:
        if (unsteady := _unsteady(b_steps, b)) is not None:
            return msgspec.structs.replace(unsteady, shared=True)
        return Judged(
            verdict=Verdict.INCONCLUSIVE,
            reason="control_unsteady",
            sentence=_CONTROL_UNSTEADY,
            evidence=(a_steps.evidence("base", 1), a_steps.evidence("base", 2)),
        )
    found = _odd(b_steps, b) or _told_apart(b_steps, b, a)
    if found.verdict is Verdict.PASS or found.reason in ("unsteady", "one_for_all"):
        return found
    if not one_model(a_steps.model, b_steps.model):
        return _undecided(found, "other_model", _OTHER_MODEL)
    if a_steps.protocol != b_steps.protocol and found.reason in _OF_TEMPLATES:
        return _undecided(found, "other_protocol", _OTHER_PROTOCOL)
    return found


_OF_TEMPLATES = ("offset", "default_system", "fewer", "system_other", "with_tools", "fewer_with_tools")


def _undecided(found: Judged, reason: str, sentence: str) -> Judged:
    fields = {**found.fields, "short": found.measured_words()}
    return msgspec.structs.replace(
        found, verdict=Verdict.INCONCLUSIVE, reason=reason, sentence=sentence, fields=fields, advice=""
    )


def _told_apart(steps: Steps, b: Counts, a: Counts) -> Judged:
    apart = {step: b.totals[step] - a.totals[step] for step in _BODIES}
    if _is_rounded(b, a):
        return Judged(
            verdict=Verdict.DIFFERS,
            reason="rounded",
            sentence=_ROUNDED,
            short="multiples of ten",
            advice=_ADVICE,
            measured=_slopes(b),
            evidence=_evidence(steps),
        )
    if max(apart.values()) - min(apart.values()) <= TOLERANCE:
        return _constant(steps, b, a, apart["base"])
    return _by_slope(steps, b, a)


def _is_rounded(b: Counts, a: Counts) -> bool:
    """All within ten of the control's, and multiples of ten. Three of the bodies have nothing to do with each other, so that a
    constant makes multiples of them in one case of a thousand."""
    if not {"system", "tool"} <= b.totals.keys() & a.totals.keys():
        return False
    near = all(abs(b.totals[step] - a.totals[step]) < _TEN for step in b.totals.keys() & a.totals.keys())
    return near and not any(one % _TEN for one in b.totals.values()) and any(one % _TEN for one in a.totals.values())


def _constant(steps: Steps, b: Counts, a: Counts, by: int) -> Judged:
    """The same difference for every body: something constant is added, or nothing is."""
    measured = (Measured("offset", by, "tokens", formula="B - A, same body"), *_slopes(b))
    if abs(by) <= TOLERANCE:
        return (
            _of_system(steps, b, a, measured)
            or _of_tools(steps, b, a, measured)
            or Judged(
                verdict=Verdict.PASS,
                reason="same",
                sentence=_SAME,
                fields={"off": by or "", "by": by},
                short="{by:+d} tokens",
                measured=measured,
                evidence=(steps.evidence("base"),),
            )
        )
    reason, sentence = ("offset", _OFFSET) if by > 0 else ("fewer", _FEWER)
    if by > 0 and _apart(b, a, "system") == 0:
        reason, sentence = "default_system", _DEFAULT_SYSTEM
    return Judged(
        verdict=Verdict.DIFFERS,
        reason=reason,
        sentence=sentence,
        fields={"by": abs(by), "signed": by},
        brief=_MORE if reason == "offset" else "",
        short="{signed:+d} tokens",
        advice=_ADVICE,
        measured=measured,
        evidence=_evidence(steps),
    )


def _apart(b: Counts, a: Counts, step: str) -> int | None:
    """What is counted more of a body than by the control, 0 within what a template makes; None where one did not count it."""
    if step not in a.totals or step not in b.totals:
        return None
    by = b.totals[step] - a.totals[step]
    return by if abs(by) > TOLERANCE else 0


def _of_system(steps: Steps, b: Counts, a: Counts, measured: tuple[Measured, ...]) -> Judged | None:
    """The system prompt alone is counted otherwise; None where it is not, or was not asked."""
    by = _apart(b, a, "system")
    if not by:
        return None
    lost = b.totals["system"] - b.base <= TOLERANCE
    return Judged(
        verdict=Verdict.FAIL if lost else Verdict.DIFFERS,
        reason="system_lost" if lost else "system_other",
        sentence=_SYSTEM_LOST if lost else _SYSTEM_OTHER,
        fields={"by": abs(by), "signed": by},
        short="{signed:+d} tokens with a system prompt",
        advice=_ADVICE,
        measured=(*measured, Measured("system prompt", by, "tokens", formula="B - A, same body")),
        evidence=(steps.evidence("base"), steps.evidence("system")),
    )


def _of_tools(steps: Steps, b: Counts, a: Counts, measured: tuple[Measured, ...]) -> Judged | None:
    """The same with a tool."""
    by = _apart(b, a, "tool")
    if not by:
        return None
    return Judged(
        verdict=Verdict.DIFFERS,
        reason="with_tools" if by > 0 else "fewer_with_tools",
        sentence=_WITH_TOOLS if by > 0 else _FEWER_WITH_TOOLS,
        brief=_MORE_WITH_TOOLS if by > 0 else "",
        fields={"by": abs(by), "signed": by},
        short="{signed:+d} tokens with a tool",
        advice=_ADVICE,
        measured=(*measured, Measured("tool", by, "tokens", formula="B - A, same body")),
        evidence=(steps.evidence("base"), steps.evidence("tool")),
    )


def _by_slope(steps: Steps, b: Counts, a: Counts) -> Judged:
    """What each kind of text adds differs: by one factor for all, for one kind alone, or by another for each."""
    ours, theirs = ({step: of.totals[step] - of.base for step, _, _ in _PROBES} for of in (a, b))
    ratios = {step: theirs[step] / max(1, ours[step]) for step in ours}
    other = {unit for step, unit, _ in _PROBES if abs(theirs[step] - ours[step]) > TOLERANCE}
    if not other:
        return _constant(steps, b, a, b.base - a.base)
    one = sum(theirs.values()) / max(1, sum(ours.values()))
    alike = all(abs(theirs[step] - one * ours[step]) <= max(TOLERANCE, _SAME_RATIO * ours[step]) for step in ours)
    fields: dict[str, object] = {"ratio": f"{one:.2f}", "units": [_UNITS[one] for one in sorted(other)], "by": b.base - a.base}
    fields |= {"low": f"{min(ratios.values()):.2f}", "high": f"{max(ratios.values()):.2f}"}
    if alike:
        reason, sentence, short = "multiplier", _MULTIPLIER, "× {ratio}"
    elif len(other) == 1:
        reason, sentence, short = "one_unit", _ONE_UNIT, "other: {units:list}"
    else:
        reason, sentence, short = "other_tokenizer", _OTHER_TOKENIZER, "× {low} to × {high}"
    slopes = tuple(
        Measured(
            Phrase(message("slope ratio, {unit}"), unit=_UNITS[unit]), round(ratios[step], 3), "", often, "B / A, same text"
        )
        for step, unit, often in _PROBES
    )
    return Judged(
        verdict=Verdict.DIFFERS,
        reason=reason,
        sentence=sentence,
        fields=fields,
        short=short,
        advice=_ADVICE,
        measured=(Measured("offset", b.base - a.base, "tokens", formula="B - A, same body"), *slopes),
        evidence=_evidence(steps),
    )


def _evidence(steps: Steps) -> tuple[Evidence, ...]:
    return tuple(map(steps.evidence, _BODIES))


CHECKS = (
    Check(
        id="token_offset",
        group=Group.IDENTITY,
        title="Input tokens for the same body",
        proves="Nothing is added to the request, and the counts and the tokenizer are those of the official endpoint.",
        loss="input tokens are counted differently",
        cost=Cost(12, 2900, 12 * _ROOM),
        steps={"base": "a short body", "system": "with a long system prompt", "tool": "with a tool"}
        | {step: Phrase(message("with {often} times {text}"), often=often, text=_TEXTS[unit]) for step, unit, often in _PROBES},
        ask=_ask,
        judge=_judge,
    ),
)
