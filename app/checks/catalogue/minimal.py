"""The smallest request: does an answer come, whole, in the protocol's shape, with a model, a reason and counts?"""

from __future__ import annotations

from app.checks.asker import Asker
from app.checks.check import COMPLETES, FREE, Check, Cost, Group
from app.checks.judgement import Evidence, Judged, Measured
from app.checks.seen import Steps, beside, each
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.model_names import same_model
from app.protocols.ends import AnswerEnd, end_of, end_word
from app.protocols.findings import Finding, Severity
from app.recording.records import EndKind

_COMPLETES = "{who} answers a minimal request, and the answer ends as it should."
_TRIES = 3
_NO_ANSWER = "{who} answers with a good status, and with no whole answer of its protocol: {cause}"

_FITS = "{who}'s answer has the shape of its protocol{notes:if  ({notes:plural note|notes})}."
_MISSHAPEN = "{worst}{more:if  And {more:plural more finding|more findings}.}"

_NAMED = "{who} names {model}{beside:if , as the control does}."
_UNNAMED = "{who} does not say which model answered."
_OTHER_MODEL = "{who} names {model} where {expected} was asked for{beside:if  and the control names {theirs}}."
_NAMED_SHORT = "{model:or none}"

_ENDED = "{who} says why its answer ended: {word}."
_ODD_END = "{who} gives {word:quoted no word} for the reason why its answer ended, which its protocol does not have."
_CUT = "{who}'s answer was cut ({word}), so that this can't be told."

_COUNTED = "{who} counts {input:plural input token|input tokens} and {output:plural output token|output tokens}."
_UNCOUNTED = "{who} does not say how many {missing:list} tokens it counted: what it costs can't be checked."
_ZERO = "{who} counts no {missing:list} tokens, though there were some."


async def _ask_plain(asker: Asker) -> None:
    for _ in range(_TRIES):  # again where a good status came with no answer: some gateways say so that they are busy
        one = await asker.ask("plain", f"Reply with exactly this word: {asker.nonce}")
        if one.outcome is Outcome.COMPLETED or not 200 <= one.status < 300:
            return


def _judge_completes(steps: Steps) -> Judged:
    """The last answer counts. False alarms: an error inside a 200 that comes once (OpenRouter passes a provider's on like that,
    in the middle of a good hour), so that it is asked again."""
    one = steps.get("plain")
    end = one.recording.end if one is not None else None
    if one is None or end is None:
        return steps.not_asked()
    # A whole answer with a good status that is no completion (a page, an error, another document) was no bad moment.
    broken = 200 <= one.status < 300 and end.kind is EndKind.WHOLE and not steps.completed("plain")
    if not broken and (trouble := steps.hindered("plain")) is not None:
        return trouble
    if not steps.completed("plain"):
        why = steps.diagnosis("plain")
        return Judged(
            verdict=Verdict.FAIL,
            reason="no_answer" if broken else "refused",
            sentence=_NO_ANSWER if broken else "{cause}",
            fields={"cause": why.cause if why else "", "status": one.status, "fix": why.fix if why else ""},
            short="{status}",
            advice="{fix}",
            said=why.vendor_message if why else "",
            evidence=(steps.evidence("plain"),),
        )
    return Judged(
        verdict=Verdict.PASS,
        reason="completes",
        sentence=_COMPLETES,
        fields={"text": one.reading.text[:60]},
        short="{text:quoted no text}",
        measured=(Measured("total input", steps.total_input("plain"), "tokens"),),
        evidence=(steps.evidence("plain"),),
    )


# What other checks of these groups say: pace, model, counts, stop reason, characters. Where it breaks the client it
# is said here all the same.
_TOLD_ELSEWHERE = frozenset({"H1", "H11a", "G4", "G7", "C3", "C3d", "R27", "A22", "A34a", "A29"})
_COUNTS = "U"  # how the ids of all rules on counts begin


def _is_told_elsewhere(one: Finding) -> bool:
    if one.id == "A29":  # fields that are missing: those two have a check of their own
        return set(str(one.fields.get("names", "")).split(", ")) <= {"model", "usage"}
    return one.id in _TOLD_ELSEWHERE or one.id.startswith(_COUNTS)


def judge_shape(steps: Steps, control: Steps | None, step: str, n: int = 1) -> Judged:
    """What was found in an answer, as hurtful as it is for the client; what the control's answer has too is not counted."""
    if not steps.completed(step, n):
        return steps.trouble(step) or steps.not_asked()
    theirs = {(one.id, one.variant) for one in control.findings(step)} if control is not None else set()
    found = [
        one
        for one in steps.findings(step, n)
        if (one.id, one.variant) not in theirs and (one.severity is Severity.BREAKS or not _is_told_elsewhere(one))
    ]
    bad = [one for one in found if one.severity is not Severity.NOTE]
    if not bad:
        return Judged(
            verdict=Verdict.PASS,
            reason="fits",
            sentence=_FITS,
            fields={"notes": len(found) or None},
            short="{notes:if {notes:plural note|notes}|no findings}",
            measured=(Measured("findings", len(found)),),
            evidence=_places(steps, step, n, found),
        )
    breaks = bad[0].severity is Severity.BREAKS
    return Judged(
        verdict=Verdict.FAIL if breaks else Verdict.DIFFERS,
        reason=f"{bad[0].severity}_{bad[0].id.lower()}",
        sentence=_MISSHAPEN,
        brief="{title}",
        fields={
            "worst": bad[0].sentence,
            "title": f"{bad[0].title[:1].lower()}{bad[0].title[1:]}".rstrip("."),
            "more": len(bad) - 1 or None,
            "count": len(bad),
            "fix": bad[0].remedy,
        },
        short="{count:plural finding|findings}",
        advice="{fix}",
        measured=(Measured("findings", len(found)),),
        evidence=_places(steps, step, n, bad),
        harm=bad[0].severity,
    )


def _places(steps: Steps, step: str, n: int, found: list[Finding]) -> tuple[Evidence, ...]:
    return tuple(steps.evidence(step, n, one.event, note=one.title) for one in found[:5]) or (steps.evidence(step, n),)


def _judge_shape(steps: Steps, control: Steps | None) -> Judged:
    return judge_shape(steps, control, "plain")


def _judge_model(steps: Steps, control: Steps | None) -> Judged:
    """An echo proves nothing, and an alias is resolved lawfully: what the control names for the same id is the measure."""
    if (trouble := steps.trouble("plain")) is not None:
        return trouble
    named = steps["plain"].reading.model or ""
    theirs = (control["plain"].reading.model or "") if control is not None and control.completed("plain") else ""
    expected = [one for one in (theirs, steps.model) if one]
    fits = bool(named) and any(same_model(one, named) or same_model(named, one) for one in expected)
    return Judged(
        verdict=Verdict.PASS if fits else Verdict.DIFFERS,
        reason="named" if fits else "other_model" if named else "unnamed",
        sentence=_NAMED if fits else _OTHER_MODEL if named else _UNNAMED,
        brief="" if fits or not named else "another model is named ({model})",
        fields={
            "model": named,
            "expected": steps.model,
            "theirs": theirs,
            "beside": bool(theirs) and (not fits or named == theirs),
        },
        short=_NAMED_SHORT,
        measured=(Measured("model", named or None), Measured("model of the control", theirs or None)),
        evidence=(steps.evidence("plain"),),
        harm=Severity.LOSES,
    )


def _judge_end(steps: Steps) -> Judged:
    if (trouble := steps.trouble("plain")) is not None:
        return trouble
    reading = steps["plain"].reading
    end, word = end_of(reading), end_word(reading)
    verdict, reason, sentence = Verdict.INCONCLUSIVE, "cut", _CUT
    if end is AnswerEnd.BY_ITSELF:
        verdict, reason, sentence = Verdict.PASS, "ended", _ENDED
    elif end in (AnswerEnd.OTHER, AnswerEnd.UNSAID, AnswerEnd.TOOL_CALL):
        verdict, reason, sentence = Verdict.DIFFERS, "odd_end", _ODD_END
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={"word": word},
        short="{word:or no word}",
        measured=(Measured("stop reason", word or None),),
        evidence=(steps.evidence("plain"),),
        harm=Severity.LOSES,
    )


def _judge_usage(steps: Steps) -> Judged:
    if (trouble := steps.trouble("plain")) is not None:
        return trouble
    counts = {"input": steps.total_input("plain"), "output": output_tokens(steps["plain"])}
    missing, zero = (
        [name for name, value in counts.items() if value is None],
        [name for name, value in counts.items() if value == 0 and (name == "input" or steps["plain"].reading.text)],
    )
    return Judged(
        verdict=Verdict.FAIL if missing or zero else Verdict.PASS,
        reason="uncounted" if missing else "zero" if zero else "counted",
        sentence=_UNCOUNTED if missing else _ZERO if zero else _COUNTED,
        fields={**counts, "missing": missing or zero, "some": not missing},
        short="{some:if {input} in, {output} out|no counts}",
        measured=(Measured("input", counts["input"], "tokens"), Measured("output", counts["output"], "tokens")),
        evidence=(steps.evidence("plain"),),
        harm=Severity.LOSES,
    )


def output_tokens(one: Exchange) -> int | None:
    """The output tokens that an endpoint counted, those of reasoning included; None where it did not say."""
    usage = one.reading.usage
    return usage.output_tokens if usage is not None else None


CHECKS = (
    Check(
        id=COMPLETES,
        group=Group.MINIMAL,
        title="Completes",
        proves="The smallest request gets a whole answer.",
        loss="no whole answer comes",
        cost=Cost(1, 40, 60),
        steps={"plain": "one word to repeat"},
        ask=_ask_plain,
        judge=each(_judge_completes),
    ),
    Check(
        id="shape",
        group=Group.MINIMAL,
        title="Shape",
        proves="The answer has the shape of its protocol, so that the client reads all of it.",
        loss="parts of answers are out of shape",
        cost=FREE,
        reads=(COMPLETES,),
        judge=beside(_judge_shape),
    ),
    Check(
        id="model_named",
        group=Group.MINIMAL,
        title="Model named",
        proves="The answer names the model that was asked for, as the official endpoint names it.",
        loss="the answer names no model",
        cost=FREE,
        reads=(COMPLETES,),
        judge=beside(_judge_model),
    ),
    Check(
        id="stop_reason",
        group=Group.MINIMAL,
        title="Stop reason",
        proves="The answer says in a word of its protocol why it ended.",
        loss="the stop reason is none that a program knows",
        cost=FREE,
        reads=(COMPLETES,),
        judge=each(_judge_end),
    ),
    Check(
        id="usage",
        group=Group.MINIMAL,
        title="Usage",
        proves="The tokens of input and output are counted.",
        loss="tokens are not counted",
        cost=FREE,
        reads=(COMPLETES,),
        judge=each(_judge_usage),
    ),
)
