"""The smallest request: does an answer come, whole and in the protocol's shape, and does it keep to what was asked?"""

from __future__ import annotations

from app.checks.asker import Asker
from app.checks.check import COMPLETES, Check, Cost, Group
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, each
from app.checks.verdict import Verdict

_COMPLETES = "{who} answers a minimal request, and the answer ends as it should."


async def _ask_plain(asker: Asker) -> None:
    await asker.ask("plain", f"Reply with exactly this word: {asker.nonce}")


def _judge_completes(steps: Steps) -> Judged:
    if (trouble := steps.hindered("plain")) is not None:
        return trouble
    one = steps["plain"]
    if not steps.completed("plain"):
        why = steps.diagnosis("plain")
        return Judged(
            verdict=Verdict.FAIL,
            reason="refused",
            sentence="{cause}",
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


CHECKS = (
    Check(
        id=COMPLETES,
        group=Group.MINIMAL,
        title="Completes",
        proves="The smallest request gets a whole answer.",
        cost=Cost(1, 40, 60),
        ask=_ask_plain,
        judge=each(_judge_completes),
    ),
)
