"""Does JSON come that is asked for by words alone, as a client does it that knows no field for it.

Needed for a verdict: two answers in a row that are no JSON, though the second was told what was wrong with the first (a model
that can write JSON hardly fails at both). Known false alarms: reasoning spends the tokens (inconclusive); a small model that
always writes a Markdown fence does so at the control too, which makes it shared.
"""

from __future__ import annotations

from random import Random

import msgspec

from app.checks.asker import Asker
from app.checks.catalogue.json_output import JSON_ROOM, why_not
from app.checks.check import Check, Cost, Group
from app.checks.json_schema import Mismatch
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, each
from app.checks.tries import CUT, cut_short
from app.checks.verdict import Verdict
from app.exchange.exchange import Outcome
from app.protocols.base import AssistantTurn, UserTurn
from app.text.sentences import unsaid

_CUT = "{who} spent its tokens before an answer came."
_ORDER: dict[str, object] = {
    "type": "object",
    "properties": {
        "item": {"type": "string"},
        "quantity": {"type": "integer"},
        "express": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["item", "quantity", "express", "tags"],
}
_ITEMS = ("lamp", "kettle", "ladder", "carpet", "hammer", "mirror", "basket", "blanket")
_BY_WORDS = "{who} gives JSON that fits when it is told to{again:if , once it was told what was wrong with its first answer}."
_NOT_BY_WORDS = (
    "{who} gives no JSON that a program can read, though told to and then told what was wrong: {text:quoted an empty answer}."
)
_FENCED = "{who} puts its JSON into a Markdown fence though told not to, twice: a program that reads it as JSON fails."
_MISFIT = (
    "{who} gives JSON that does not fit, though told what was wrong: {path:or the object} breaks {keyword} {wanted}"
    "{found:if  with {found}}."
)


def _order_words(random: Random) -> str:
    item, quantity = random.choice(_ITEMS), random.randint(2, 40)
    return (
        "Answer with one JSON object alone: nothing around it, no Markdown fence. "
        f'Its keys: "item" (string) with the value "{item}", "quantity" (integer) with the value {quantity}, '
        '"express" (boolean) with the value false, "tags" (array of strings)'
    )


async def _ask_by_words(asker: Asker) -> None:
    question = UserTurn(_order_words(asker.random()))
    first = await asker.ask("first", (question,), max_tokens=JSON_ROOM)
    if first.outcome is not Outcome.COMPLETED or cut_short(first) or not first.reading.replay:
        return
    wrong = why_not(first.reading.text, _ORDER)
    if wrong is not None:
        again = UserTurn(f"A program could not read that: {_said(wrong)}. Answer with the corrected JSON object alone.")
        await asker.ask("retry", (question, AssistantTurn(first.reading.replay), again), max_tokens=JSON_ROOM)


def _said(wrong: Mismatch | str) -> str:
    """What is wrong, as the model is told it."""
    if isinstance(wrong, Mismatch):
        return f"at {wrong.path or unsaid('the top')} the JSON breaks {wrong.keyword} {wrong.wanted}"
    fenced, more = unsaid(("it stands in a Markdown fence", "there is more in it than the object, or it is cut"))
    return fenced if wrong == "fenced" else more


def _judge_by_words(steps: Steps) -> Judged:
    if (trouble := steps.trouble("first")) is not None:
        return trouble
    step = "retry" if steps.get("retry") is not None else "first"
    if (trouble := steps.trouble(step)) is not None:
        return trouble
    one = steps[step]
    wrong = why_not(one.reading.text, _ORDER)
    evidence = (steps.evidence(step),)
    measured = (Measured("answers asked for", 1 + (step == "retry")),)
    if wrong is None:
        return Judged(
            verdict=Verdict.PASS,
            reason="json" if step == "first" else "json_when_told",
            sentence=_BY_WORDS,
            fields={"again": step == "retry"},
            short="{again:if on the second try|JSON}",
            measured=measured,
            evidence=evidence,
        )
    if step == "first":
        return _inconclusive_cut(steps, step) if cut_short(one) else steps.not_asked()
    if cut_short(one):
        return _inconclusive_cut(steps, step)
    if isinstance(wrong, Mismatch):
        sentence, fields, reason = _MISFIT, msgspec.structs.asdict(wrong), "not_valid"
    else:
        sentence, fields, reason = _NOT_BY_WORDS, {"text": one.reading.text[:80]}, wrong
        sentence = _FENCED if wrong == "fenced" else sentence
    return Judged(
        verdict=Verdict.FAIL,
        reason=reason,
        sentence=sentence,
        fields=fields,
        short="no JSON",
        measured=measured,
        evidence=(*evidence, steps.evidence("first")),
    )


def _inconclusive_cut(steps: Steps, step: str) -> Judged:
    return Judged(verdict=Verdict.INCONCLUSIVE, reason=CUT, sentence=_CUT, short="cut", evidence=(steps.evidence(step),))


CHECKS = (
    Check(
        id="json_by_words",
        group=Group.JSON_OUTPUT,
        title="JSON by words",
        proves="JSON that a program can read comes when the prompt asks for it.",
        loss="JSON by prompt can't be relied on",
        cost=Cost(2, 500, 400),
        steps={"first": "JSON asked for in words", "retry": "what was wrong named, and asked again"},
        ask=_ask_by_words,
        judge=each(_judge_by_words),
    ),
)
