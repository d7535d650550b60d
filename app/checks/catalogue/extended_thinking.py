"""Does extended thinking work: an answer that is asked to think has a signed thinking block, streamed and not, and counts it.

Which form a model takes varies (PROTOCOLS 1A.3): adaptive is asked first, then a budget. A block without text is lawful (its
display is omitted), a block without a signature is not: it can't be sent back.

Needed for a verdict: no block in five answers where the control has one in each of its five (Fisher's exact test: 0.4 %); a
block without a signature, or thinking between tags in the text, once. Known false alarms: a model that may decide not to think
(adaptive) does so, hence the five. What is counted for thinking can't be verified from outside: it is there and no more than
the output, that is all.
"""

from __future__ import annotations

import msgspec

from app.checks.asker import Asker
from app.checks.catalogue.thinking_probes import SETTINGS, THINKING_ROOM, signature_of, signed_blocks
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, beside
from app.checks.tries import refusal
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import Options
from app.protocols.findings import Severity
from app.protocols.ids import MESSAGES
from app.protocols.messages.rules_content import SIGNATURE_UNUSABLE
from app.text.sentences import Phrase, message

PLAIN, STREAMED = "plain", "streamed"
_MODES = (PLAIN, STREAMED)
_THINKS = message("answers with thinking, {mode:select plain=plain|streamed=streamed}")
_ENOUGH = 5

_WORKS = (
    "{who} thinks when it is asked to, streamed and not, and signs it{shown:if |; its text is left out, which is lawful}"
    "{tokens:if ; it counts {tokens:plural token|tokens} of thinking}."
)
_REFUSED = "{who} refuses to be asked for thinking, which the control takes: {cause:or it does not say why.}"
_UNABLE = "{who} refuses to be asked for thinking: {cause:or it does not say why.}"
_IGNORED = (
    "{who} gave {n} answers without thinking{streamed:if  in streams} where it was asked for, and the control thought in each "
    "of its {n}: consistent with `thinking` being lost on the way."
)
_NONE = "{who} did not think{streamed:if  in a stream} when it was asked to. A model may decide so; it was too seldom to tell."
_IN_TEXT = "{who} puts its thinking into the text, between tags, in place of a thinking block."
_UNSIGNED = "{who} gives thinking{streamed:if  in streams} without a signature: it can't be sent back, and the next turn fails."
_TOO_MANY = "{who} counts {tokens:plural token|tokens} of thinking in {output} of output, which should hold them."
_UNCOUNTED = "{who} does not say how many tokens were thought, as the control does."


async def _ask(asker: Asker) -> None:
    for step in _MODES:
        for n, setting in enumerate(SETTINGS, 1):
            one = await _ask_once(asker, step, n, setting)
            if thinks(one):
                break
            if one.outcome is not Outcome.COMPLETED and one.status not in (400, 422):
                return


async def _ask_once(asker: Asker, step: str, n: int, setting: str | int) -> Exchange:
    low, high = sorted(asker.random().sample(range(30, 90), 2))
    return await asker.ask(
        step,
        f"Think it through: how many whole numbers from {low} to {high} are a multiple of 3 or of 7? Give the number alone. "
        f"({asker.nonce})",
        n=n,
        max_tokens=THINKING_ROOM,
        stream=step == STREAMED,
        options=Options(thinking=setting),
    )


async def _ask_more(a: Asker, b: Asker) -> None:
    """B did not think where A did: is it so each time?"""
    for step in _MODES:
        tried = {n: one for n in (1, 2) if (one := b.answers.get((step, n))) is not None and one.outcome is Outcome.COMPLETED}
        worked = next((n for n in (1, 2) if (one := a.answers.get((step, n))) is not None and thinks(one)), 0)
        if not worked or not tried or any(thinks(one) or _in_tags(one) for one in tried.values()):
            continue
        setting = SETTINGS[worked - 1]
        for n in range(len(SETTINGS) + 1, len(SETTINGS) + _ENOUGH):
            if not _silent(await _ask_once(b, step, n, setting)) or not thinks(await _ask_once(a, step, n, setting)):
                return


def thinks(one: Exchange) -> bool:
    """Whether an answer that completed has a block of thinking, with text or without."""
    return one.outcome is Outcome.COMPLETED and bool(signed_blocks(one.reading.replay))


def _silent(one: Exchange) -> bool:
    return one.outcome is Outcome.COMPLETED and not thinks(one)


def _in_tags(one: Exchange) -> bool:
    """Whether the text begins with thinking between tags."""
    return one.reading.text.lstrip().startswith("<think")


def _thought(steps: Steps, step: str) -> tuple[int, Exchange] | None:
    """The first answer of a mode that has a block, with its number."""
    return next(((n, one) for n in _numbers(steps, step) if (one := steps.get(step, n)) is not None and thinks(one)), None)


def _numbers(steps: Steps, step: str) -> list[int]:
    return [n for n in range(1, len(SETTINGS) + _ENOUGH) if steps.get(step, n) is not None]


def _judge(steps: Steps, control: Steps | None) -> Judged:
    if not steps:
        return steps.not_asked()
    if (hindered := steps.hindered(PLAIN)) is not None:
        return hindered
    if not any(steps.completed(PLAIN, n) for n in _numbers(steps, PLAIN)):
        return _refused(steps, control)
    if (hindered := steps.hindered(STREAMED)) is not None:
        return hindered
    for step in _MODES:
        if (found := _thought(steps, step)) is None:
            return _judge_none(steps, control, step)
        n, one = found
        unusable = any(each.id == SIGNATURE_UNUSABLE.id for each in steps.findings(step, n))
        if unusable or not all(map(signature_of, signed_blocks(one.reading.replay))):
            fields: dict[str, object] = {"streamed": step == STREAMED}
            return _judged(steps, step, n, Verdict.FAIL, "unsigned", _UNSIGNED, fields, "no signature")
    return _judge_counts(steps, control)


def _refused(steps: Steps, control: Steps | None) -> Judged:
    last = max(_numbers(steps, PLAIN))
    if control is None or _thought(control, PLAIN) is None:
        return refusal(steps, PLAIN, last, unsupported=_UNABLE)
    return msgspec.structs.replace(refusal(steps, PLAIN, last), sentence=_REFUSED, harm=Severity.LOSES)


def _judge_none(steps: Steps, control: Steps | None, step: str) -> Judged:
    """No answer of this mode has a block."""
    silent = [n for n in _numbers(steps, step) if steps.completed(step, n)]
    fields: dict[str, object] = {"streamed": step == STREAMED, "n": _ENOUGH}
    if not silent:
        return refusal(steps, step, max(_numbers(steps, step)))
    tagged = next((n for n in silent if (one := steps.get(step, n)) is not None and _in_tags(one)), 0)
    if tagged:
        return _judged(steps, step, tagged, Verdict.FAIL, "in_text", _IN_TEXT, fields, "in the text")
    theirs = [] if control is None else [one for n in _numbers(control, step) if (one := control.get(step, n)) is not None]
    always = len([one for one in theirs if thinks(one)]) >= _ENOUGH and not any(map(_silent, theirs))
    if len(silent) >= _ENOUGH and always:
        return _judged(steps, step, silent[-1], Verdict.FAIL, "ignored", _IGNORED, fields, "no thinking")
    return _judged(steps, step, silent[-1], Verdict.INCONCLUSIVE, "none", _NONE, fields, "no thinking")


def _judge_counts(steps: Steps, control: Steps | None) -> Judged:
    """It thinks in both modes, and signs it: what is counted."""
    shown, most = False, None
    for step in _MODES:
        n, one = _thought(steps, step) or (1, steps[step])
        usage = one.reading.usage
        tokens = usage.reasoning_tokens if usage is not None else None
        output = usage.output_tokens if usage is not None else None
        shown |= bool(one.reading.reasoning)
        fields: dict[str, object] = {"tokens": tokens, "output": output}
        if tokens and output and tokens > output:
            return _judged(steps, step, n, Verdict.FAIL, "too_many", _TOO_MANY, fields, "{tokens} of {output} tokens")
        if output and not tokens and control is not None and _counts(control, step):  # without any count others tell it
            uncounted = _judged(steps, step, n, Verdict.DIFFERS, "uncounted", _UNCOUNTED, fields, "not counted")
            return msgspec.structs.replace(uncounted, harm=Severity.NOTE)
        most = tokens if most is None else max(most, tokens or 0)
    fields = {"shown": shown, "tokens": most}
    return _judged(steps, PLAIN, (_thought(steps, PLAIN) or (1,))[0], Verdict.PASS, "works", _WORKS, fields, message("thinks"))


def _counts(steps: Steps, step: str) -> bool:
    found = _thought(steps, step)
    usage = found[1].reading.usage if found is not None else None
    return bool(usage and usage.reasoning_tokens)


def _judged(
    steps: Steps, step: str, n: int, verdict: Verdict, reason: str, sentence: str, fields: dict[str, object], short: str
) -> Judged:
    measured = [
        Measured(Phrase(_THINKS, mode=mode), sum(map(thinks, steps.all(mode))), n=len(steps.all(mode))) for mode in _MODES
    ]
    other = STREAMED if step == PLAIN else PLAIN
    also = _thought(steps, other)
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields=fields,
        short=short,
        measured=(*measured, Measured("thinking", fields.get("tokens"), "tokens")),  # type: ignore[arg-type]
        evidence=(steps.evidence(step, n), *((steps.evidence(other, also[0]),) if also is not None else ())),
    )


CHECKS = (
    Check(
        id="extended_thinking",
        group=Group.ADVANCED,
        title="Extended thinking",
        proves="An answer that is asked to think has a signed thinking block, streamed and not.",
        loss="extended thinking does not work",
        cost=Cost(12, 12 * 70, 12 * 600),
        steps={PLAIN: "a sum to think about", STREAMED: "the same as a stream"},
        ask=_ask,
        across=_ask_more,
        judge=beside(_judge),
        protocols=(MESSAGES,),
    ),
)
