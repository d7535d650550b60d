"""Does it let just anyone in: one that admits a certain client only makes all that follows look wrong."""

from __future__ import annotations

from app.checks.asker import Asker
from app.checks.check import ADMITTED, Check, Cost, Group
from app.checks.judgement import Judged
from app.checks.seen import Steps, each
from app.checks.verdict import Verdict

_ADMITTED = "{who} answers a request that is not one of a certain client."
_REFUSED = "{who} refuses an ordinary request: {cause:or it does not say why.}"


async def _ask_hello(asker: Asker) -> None:
    await asker.ask("hello", f"What is the opposite of “cold”? One word. (Ignore this: {asker.nonce})")


def _judge_hello(steps: Steps) -> Judged:
    if steps.completed("hello"):
        return Judged(
            verdict=Verdict.PASS, reason="admitted", sentence=_ADMITTED, short="200", evidence=(steps.evidence("hello"),)
        )
    if steps.refused("hello"):
        why = steps.diagnosis("hello")
        return Judged(
            verdict=Verdict.FAIL,
            reason=f"status_{steps['hello'].status}",
            sentence=_REFUSED,
            fields={"cause": why.cause if why else "", "status": steps["hello"].status, "fix": why.fix if why else ""},
            short="{status}",
            advice="{fix}",
            said=why.vendor_message if why else "",
            evidence=(steps.evidence("hello"),),
        )
    return steps.trouble("hello") or steps.not_asked()


CHECKS = (
    Check(
        id=ADMITTED,
        group=Group.GATE,
        title="Open to any client",
        proves="A request of no certain client is answered.",
        cost=Cost(1, 40, 60),
        ask=_ask_hello,
        judge=each(_judge_hello),
    ),
)
