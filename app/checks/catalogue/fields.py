"""Fields that nobody knows, and fields that an answer gives back: what they tell of what reaches the model.

A field that is dropped in silence explains parameters that are ignored. What an answer echoes is a claim, no proof: but an echo
that is not what was sent shows a request that was changed on the way, or an echo that is made up.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.checks.asker import Asker
from app.checks.catalogue.cells import document_of
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Judged, Judgement, Measured
from app.checks.seen import Seen, Steps, each
from app.checks.verdict import Verdict
from app.protocols.findings import Severity
from app.protocols.ids import RESPONSES
from app.recording.records import Wanted
from app.text.sentences import unsaid

_UNKNOWN = "zz_probe"
_LIMIT = 321

_TAKEN = "{who} takes a field that nobody knows."
_REFUSED = "{who} refuses a field that it does not know: what it takes, it knows."
_TAKEN_ALONE = (
    "{who} takes a field that nobody knows, which the official endpoint refuses: it drops what it does not know, so a "
    "parameter that it takes may do nothing."
)
_REFUSED_ALONE = "{who} refuses a field that it does not know, which the official endpoint takes."


async def _ask_unknown(asker: Asker) -> None:
    prompt = f"What is the opposite of “dry”? Answer in one word. ({asker.nonce})"
    await asker.ask("without", prompt)
    await asker.ask("with", prompt, extra={_UNKNOWN: True}, wanted=Wanted.REFUSAL)


def _judge_unknown(seen: Seen) -> Judgement:
    a = _unknown(seen.a) if seen.a is not None else None
    b = _unknown(seen.b)
    decided = (Verdict.PASS,)
    if a is None or a.verdict not in decided or b.verdict not in decided or a.reason == b.reason:
        return Judgement(b, a)
    found = Judged(
        verdict=Verdict.DIFFERS,
        reason=b.reason,
        sentence=_TAKEN_ALONE if b.reason == "taken" else _REFUSED_ALONE,
        short=b.short,
        harm=Severity.NOTE,
        evidence=(*b.evidence, *a.evidence),
    )
    return Judgement(found, a)


def _unknown(steps: Steps) -> Judged:
    if (trouble := steps.trouble("without") or steps.hindered("with")) is not None:
        return trouble
    refused = steps.refused("with")
    if not refused and (trouble := steps.trouble("with")) is not None:
        return trouble
    return Judged(
        verdict=Verdict.PASS,
        reason="refused" if refused else "taken",
        sentence=_REFUSED if refused else _TAKEN,
        short="refused" if refused else "taken",
        evidence=(steps.evidence("with"), steps.evidence("without")),
    )


_ECHO_SAME = "{who} gives back the request's fields as they were sent (a claim, no proof)."
_ECHO_OTHER = (
    "{who} says that **{field}** was {said:quoted nothing}, where {sent:quoted nothing} was sent: changed on the way, or "
    "made up."
)
_ECHO_NONE = "{who} does not give back the request's fields."


async def _ask_echo(asker: Asker) -> None:
    sent = _sent(asker.nonce)
    await asker.ask(
        "echo",
        unsaid("Say good morning in Italian."),
        max_tokens=_LIMIT,
        system=str(sent["instructions"]),
        extra={"metadata": sent["metadata"]},
    )


def _sent(nonce: str) -> Mapping[str, object]:
    """What is sent and should come back."""
    instructions = f"Answer in one short line. (Ignore this: {nonce})"
    return {"max_output_tokens": _LIMIT, "instructions": instructions, "metadata": {"probe": nonce}}


def _judge_echo(steps: Steps) -> Judged:
    if (trouble := steps.trouble("echo")) is not None:
        return trouble
    document, asked = document_of(steps, "echo"), steps["echo"].recording.request.body.decode("utf-8", "replace")
    nonce = asked.partition(unsaid("(Ignore this: "))[2].partition(")")[0]
    came = {name: document[name] for name in _sent(nonce) if document.get(name) is not None}
    other = next((name for name in came if came[name] != _sent(nonce)[name]), "")
    measured = tuple(Measured(name, str(value)[:80]) for name, value in came.items())
    evidence = (steps.evidence("echo"),)
    if other:
        return Judged(
            verdict=Verdict.DIFFERS,
            reason=f"other_{other}",
            sentence=_ECHO_OTHER,
            fields={"field": other, "said": str(came[other])[:200], "sent": str(_sent(nonce)[other])[:200]},
            short="other {field}",
            measured=measured,
            evidence=evidence,
        )
    if not came:
        return Judged(verdict=Verdict.UNSUPPORTED, reason="none", sentence=_ECHO_NONE, short="none", evidence=evidence)
    return Judged(
        verdict=Verdict.PASS, reason="same", sentence=_ECHO_SAME, short="as sent", measured=measured, evidence=evidence
    )


CHECKS = (
    Check(
        id="unknown_field",
        group=Group.PARAMETERS,
        title="Unknown field",
        proves="A field that is not known is refused or taken, as the official endpoint does.",
        loss="unknown fields are treated differently",
        cost=Cost(2, 60, 20),
        steps={"without": "as the API has it", "with": "with a field that the API does not have"},
        ask=_ask_unknown,
        judge=_judge_unknown,
    ),
    Check(
        id="echo",
        group=Group.PARAMETERS,
        title="Fields given back",
        proves="The limit, the instructions and the metadata that the answer gives back are those that were sent.",
        loss="fields come back changed",
        cost=Cost(1, 40, 20),
        steps={"echo": "with instructions, a limit and metadata"},
        ask=_ask_echo,
        judge=each(_judge_echo),
        protocols=(RESPONSES,),
    ),
)
