"""Does a reasoning item survive a tool loop of the Responses protocol: it goes back unchanged, and with its content changed.

Needed for a verdict: a refusal of the unchanged item (by the protocol it is in order), or items without encrypted content where
the control gives some. What is said of a changed one is evidence only: an endpoint that stores answers may look the item up by
its id and never open what came, and neither refusals nor the binding to accounts are documented (CHECKS 3.1).
Known false alarms: a model that does not reason (inconclusive).
"""

from __future__ import annotations

import msgspec

from app.checks.asker import Asker
from app.checks.catalogue.thinking_probes import THINKING_ROOM, question, signature_of, signed_blocks, tampered, turns_with
from app.checks.catalogue.tool_results import STATION
from app.checks.catalogue.tools import CALLS_A_TOOL
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Judged, Judgement, Measured, against_control
from app.checks.seen import Seen, Steps
from app.checks.tries import refusal
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import NO_OPTIONS, Options
from app.protocols.ids import RESPONSES
from app.recording.records import Wanted

_MINT, _UNCHANGED, _TAMPERED = "mint", "unchanged", "tampered"
_SETTINGS = (NO_OPTIONS, Options(effort="low"))  # models that need not reason do so when they are told to


async def _ask(asker: Asker) -> None:
    asked = question(asker.random())
    for n, options in enumerate(_SETTINGS, 1):
        one = await asker.ask(_MINT, (asked,), n=n, tools=(STATION,), max_tokens=THINKING_ROOM, options=options)
        if one.outcome is not Outcome.COMPLETED:
            return
        if not _is_minted(one):
            continue
        for step, replay in ((_UNCHANGED, one.reading.replay), (_TAMPERED, tampered(one.reading.replay))):
            if step == _UNCHANGED or replay != one.reading.replay:
                turns = turns_with(asked, replay, one)
                await asker.ask(
                    step,
                    turns,
                    tools=(STATION,),
                    max_tokens=THINKING_ROOM,
                    options=options,
                    wanted=Wanted.REFUSAL if step == _TAMPERED else Wanted.ANSWER,
                )
        return


def _is_minted(one: Exchange) -> bool:
    return bool(one.reading.tool_calls) and bool(signed_blocks(one.reading.replay))


_TAKEN = (
    "{who} takes a reasoning item back as it came, behind a tool call{changed:select refused=; a changed one is refused|"
    "taken=; a changed one is taken too|none=; it holds no encrypted content|other=}."
)
_REFUSED = (
    "{who} refuses a reasoning item of its own that comes back unchanged: agents that reason break in the second turn. {cause}"
)
_NO_ITEM = "{who} gave no reasoning item together with a call, so that there is none to send back."
_UNABLE = "{who} refuses to be told to reason: {cause:or it does not say why.}"
_NOT_SEALED = (
    "{who} gives reasoning items without encrypted content, where A gives some: a client that keeps its conversations itself "
    "loses the reasoning."
)


def _judge(seen: Seen) -> Judgement:
    b = _judge_side(seen.b)
    if seen.a is None:
        return Judgement(b)
    a = _judge_side(seen.a)
    if b.fields.get("changed") == "none" and a.fields.get("changed") not in ("none", None):
        b = msgspec.structs.replace(
            b, verdict=Verdict.DIFFERS, reason="not_sealed", sentence=_NOT_SEALED, short="not encrypted"
        )
    return Judgement(against_control(b, a), a)


def _judge_side(steps: Steps) -> Judged:
    tries = steps.all(_MINT)
    found = next((n for n, one in enumerate(tries, 1) if steps.completed(_MINT, n) and _is_minted(one)), 0)
    if not found:
        return _no_item(steps, tries)
    if (hindered := steps.hindered(_UNCHANGED)) is not None:
        return hindered
    evidence = (steps.evidence(_UNCHANGED), steps.evidence(_MINT, found))
    if steps.refused(_UNCHANGED):
        return msgspec.structs.replace(refusal(steps, _UNCHANGED), sentence=_REFUSED, evidence=evidence)
    changed = _changed(steps, tries[found - 1])
    return Judged(
        verdict=Verdict.PASS,
        reason="taken",
        sentence=_TAKEN,
        fields={"changed": changed},
        short="taken",
        measured=(Measured("a changed one", changed), Measured("total input with it", steps.total_input(_UNCHANGED), "tokens")),
        evidence=(*evidence, *((steps.evidence(_TAMPERED),) if steps.get(_TAMPERED) is not None else ())),
    )


def _no_item(steps: Steps, tries: list[Exchange]) -> Judged:
    if not tries:
        return steps.not_asked()
    last = len(tries)
    if steps.refused(_MINT, last):
        return refusal(steps, _MINT, last, unsupported=_UNABLE)
    if not steps.completed(_MINT, last):
        return steps.trouble(_MINT) or steps.not_asked()
    evidence = (steps.evidence(_MINT, last),)
    return Judged(verdict=Verdict.INCONCLUSIVE, reason="no_item", sentence=_NO_ITEM, evidence=evidence)


def _changed(steps: Steps, minted: Exchange) -> str:
    """What became of a changed item: "refused", "taken", "none" where there was nothing to change, else "other"."""
    if not any(map(signature_of, signed_blocks(minted.reading.replay))):
        return "none"
    return "refused" if steps.refused(_TAMPERED) else "taken" if steps.completed(_TAMPERED) else "other"


CHECKS = (
    Check(
        id="reasoning_replay",
        group=Group.CONTEXT,
        title="Reasoning sent back",
        proves="A reasoning item is taken back unchanged, behind a tool call.",
        loss="agents that reason between tool calls lose their reasoning",
        cost=Cost(4, 2500, 2500),
        steps={
            _MINT: "a question to reason about and call for",
            _UNCHANGED: "reasoning sent back unchanged",
            _TAMPERED: "4 characters of its content changed",
        },
        ask=_ask,
        judge=_judge,
        protocols=(RESPONSES,),
        rests_on=(CALLS_A_TOOL,),
    ),
)
