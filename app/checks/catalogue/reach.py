"""Is the address reached, and by what: names, TLS, HTTP, and what stands in the model list."""

from __future__ import annotations

from app.checks.asker import Asker
from app.checks.check import REACHED, Check, Cost, Group
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, each
from app.checks.verdict import Verdict

_REACHED = "{who} answers at this address{tls:if , over {tls}}."
_NOT_REACHED = "{cause:or Nothing answers at this address.}"


async def _ask_list(asker: Asker) -> None:
    await asker.send("models", asker.protocol.models_request(asker.target))


def _judge_reached(steps: Steps) -> Judged:
    one = steps.get("models")
    if one is None:
        return steps.not_asked()
    if one.recording.head is None:
        why = steps.diagnosis("models")
        return Judged(
            verdict=Verdict.FAIL,
            reason="no_answer",
            sentence=_NOT_REACHED,
            fields={"cause": why.cause if why else "", "fix": why.fix if why else ""},
            short="no answer",
            advice="{fix}",
            evidence=(steps.evidence("models"),),
        )
    connection = one.recording.connection
    return Judged(
        verdict=Verdict.PASS,
        reason="answers",
        sentence=_REACHED,
        fields={"tls": connection.tls_version if connection else "", "status": one.status},
        short="{status}",
        measured=(Measured("status", one.status),),
        evidence=(steps.evidence("models"),),
    )


CHECKS = (
    Check(
        id=REACHED,
        group=Group.REACH,
        title="Reached",
        proves="Something answers HTTP at this address.",
        cost=Cost(1, 0, 0),
        ask=_ask_list,
        judge=each(_judge_reached),
    ),
)
