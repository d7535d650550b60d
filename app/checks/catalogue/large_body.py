"""A body of 1.2 MB: what a long conversation, a picture or a document makes of a request.

It is a sound request that holds 1.2 MB of blanks where JSON allows any number of them, so that no token is counted for it. Web
servers in front of gateways stop at 1 MB unless they are told otherwise; first parties take far more (PROTOCOLS 8.2).

Needed for a verdict: a refusal of it where the small one was answered. 413 says that it is the size; with another status it
may be anything in the request, so that the control has to take it. A connection that is cut says nothing (inconclusive).
"""

from __future__ import annotations

import msgspec

from app.checks.asker import Asker
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, beside
from app.checks.verdict import Verdict
from app.protocols.findings import Severity
from app.text.numbers import byte_size

SIZE = 1_200_000  # bytes
_TOO_LARGE = 413

_TAKES = "{who} takes a request of {size}."
_REFUSES = (
    "{who} refuses a request of {size} with {status}{beside:if , which the control takes}: long conversations, pictures "
    "and documents may not fit."
)
_UNCLEAR = "{who} refuses a request of {size} with {status}, which need not be for its size."
_ADVICE = "Have the limit for the size of requests raised (nginx: client_max_body_size)."


async def _ask(asker: Asker) -> None:
    request = asker.build(f"What is the opposite of “wide”? Answer in one word. ({asker.nonce})")
    await asker.send("small", request)
    body = request.body[:1] + b" " * (SIZE - len(request.body)) + request.body[1:]
    await asker.send("large", msgspec.structs.replace(request, body=body), again=False)


def _judge(steps: Steps, control: Steps | None) -> Judged:
    if (trouble := steps.trouble("small") or steps.hindered("large")) is not None:
        return trouble
    status = steps["large"].status
    beside = control is not None and control.completed("large")
    verdict, reason, sentence, advice = Verdict.PASS, "takes", _TAKES, ""
    if steps.refused("large"):
        verdict, reason, sentence = Verdict.INCONCLUSIVE, "unclear", _UNCLEAR
        if status == _TOO_LARGE or beside:
            verdict, reason, sentence, advice = Verdict.FAIL, "too_large", _REFUSES, _ADVICE
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={"size": byte_size(SIZE), "status": status, "beside": beside},
        short="{status}",
        advice=advice,
        measured=(Measured("status", status), Measured("body", SIZE, "bytes")),
        evidence=(steps.evidence("large"), steps.evidence("small")),
        harm=Severity.LOSES,
    )


CHECKS = (
    Check(
        id="large_body",
        group=Group.ERRORS,
        title="Request of 1.2 MB",
        proves="A request of 1.2 MB is taken: no web server in front stops it at 1 MB.",
        loss="requests above 1 MB are refused",
        cost=Cost(2, 80, 60),
        steps={"small": "a short question", "large": "the same within 1.2 MB of blanks"},
        ask=_ask,
        judge=beside(_judge),
        opt_in=True,
    ),
)
