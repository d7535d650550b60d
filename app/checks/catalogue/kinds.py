"""Is there a kind of request that never gets through, though all others do: streams, tools, attachments, schemas?

It asks nothing: it reads all exchanges of the session. Each check by itself can't tell a server's fault that comes with its
kind of request from one that comes by chance; all of them together can. Needed for a verdict: requests of that kind from two
checks or more, none of which was answered, and answers to so many others that chance alone spreads the faults like this in
fewer than one session of a thousand (Fisher's exact test). Known false alarms: an endpoint that is down for a while, in
which only one kind is asked; so others must have been answered in between.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from app.checks.check import EVERYTHING, FREE, Check, Group
from app.checks.client_job import CLIENT
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, each
from app.checks.statistics import fisher_exact
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange
from app.protocols.findings import Severity
from app.recording.records import EndKind, Wanted
from app.text.json_text import decode_json

_LEVEL = 0.001
_FEWEST, _FEWEST_CHECKS, _SHOWN = 2, 2, 4
_FEWEST_BETWEEN = 3
_NOT_THE_REQUESTS = frozenset({401, 402, 403, 407, 408, 409, 429})  # whose, how often, how long: nothing of what is asked
STREAMED, TOOLS, ATTACHED, SCHEMA = "streamed", "tools", "attached", "schema"  # the most hurtful first
_BREAKING = (STREAMED, TOOLS)
_PICTURES = frozenset({"image", "document", "image_url", "file", "input_image", "input_file"})

_NEVER = (
    "**{who} answered none of {n} requests {kind:select streamed=for a stream|tools=with tools|attached=with a picture or a "
    "document|schema=with a schema for the answer}** ({status:if status {status}|nothing came}), and {others} of {all} others: "
    "it is no passing fault."
)
_NEVER_BRIEF = (
    "{kind:select streamed=streams are|tools=requests with tools are|attached=requests with a picture or a document are|"
    "schema=requests with a schema are} never answered"
)
_ALL = "{who} answers every kind of request that was sent: {answered} of {all} were answered."
_FEW = "Too few requests were sent to tell whether a kind of them is never answered."
_ADVICE = "Send one of these requests by itself, and look for it in the log of whoever runs the endpoint."


class Tally(msgspec.Struct):
    """Requests of one kind, or of all others, by their places in the order in which they ended: what was answered, and what was
    not for no fault of the request's own."""

    answered: list[int] = []
    failed: list[int] = []


def kinds_of(one: Exchange) -> frozenset[str]:
    """What kinds of request it is; none of them for a plain question."""
    found = {STREAMED} if one.recording.envelope.streamed else set()
    try:
        body = decode_json(one.recording.request.body)
    except ValueError:
        return frozenset(found)
    if isinstance(body, dict):
        found |= {TOOLS} if body.get("tools") else set()
        config = body.get("output_config")
        named = body.get("response_format") or body.get("text") or (config.get("format") if isinstance(config, dict) else None)
        found |= {SCHEMA} if named else set()
        found |= {ATTACHED} if any(each in _PICTURES for each in _types(body.get("messages") or body.get("input"))) else set()
    return frozenset(found)


def _types(turns: object) -> Iterator[str]:
    for turn in turns if isinstance(turns, list) else ():
        content = turn.get("content") if isinstance(turn, dict) else None
        for part in content if isinstance(content, list) else ():
            if isinstance(part, dict):
                yield str(part.get("type"))


def _is_answered(one: Exchange) -> bool | None:
    """Whether something came with a good status; None where what came says nothing of the kind of request."""
    if one.recording.request.method == CLIENT or one.recording.envelope.wanted is not Wanted.ANSWER:
        return None
    if 200 <= one.status < 300:
        return True
    end = one.recording.end
    if end is None or end.kind in (EndKind.CANCELLED, EndKind.INTERRUPTED) or one.status in _NOT_THE_REQUESTS:
        return None
    refused = 400 <= one.status < 500
    if refused and not one.recording.envelope.streamed:
        return None  # what is refused is told by the check of what was asked
    return False if refused or one.status >= 500 or end.kind is EndKind.ERROR else None


def _judge(steps: Steps) -> Judged:
    seen = [(place, told, kinds_of(one)) for place, one in steps.by_step.items() if (told := _is_answered(one)) is not None]
    if not steps:
        return steps.not_asked()
    for kind in (STREAMED, TOOLS, ATTACHED, SCHEMA):
        mine, others = Tally(), Tally()
        for number, (_, told, kinds) in enumerate(seen):
            tally = mine if kind in kinds else others
            (tally.answered if told else tally.failed).append(number)
        failed = [seen[number][0] for number in mine.failed]
        if steps.checks_of(failed) >= _FEWEST_CHECKS and _never(mine, others):
            return _told(steps, kind, failed, others)
    answered = sum(told for _, told, _ in seen)
    few = all(not kinds for *_, kinds in seen)
    return Judged(
        verdict=Verdict.INCONCLUSIVE if few else Verdict.PASS,
        reason="few" if few else "all",
        sentence=_FEW if few else _ALL,
        fields={"answered": answered, "all": len(seen)},
        short="{answered} of {all} answered",
        measured=(Measured("answered", answered, n=len(seen)),),
    )


def _never(mine: Tally, others: Tally) -> bool:
    if mine.answered or len(mine.failed) < _FEWEST:
        return False
    if sum(mine.failed[0] < one < mine.failed[-1] for one in others.answered) < _FEWEST_BETWEEN:
        return False
    return fisher_exact(len(mine.failed), 0, len(others.failed), len(others.answered)) < _LEVEL


def _told(steps: Steps, kind: str, failed: list[tuple[str, int]], others: Tally) -> Judged:
    statuses = sorted({one.status for place in failed if (one := steps.get(*place)) is not None and one.status})
    return Judged(
        verdict=Verdict.FAIL,
        reason=kind,
        sentence=_NEVER,
        brief=_NEVER_BRIEF,
        fields={
            "kind": kind,
            "n": len(failed),
            "status": ", ".join(map(str, statuses)),
            "others": len(others.answered),
            "all": len(others.answered) + len(others.failed),
        },
        short="0 of {n}",
        advice=_ADVICE,
        measured=(Measured("answered, of that kind", 0, n=len(failed)), Measured("answered, others", len(others.answered))),
        evidence=tuple(steps.evidence(*place) for place in failed[:_SHOWN]),
        harm=Severity.BREAKS if kind in _BREAKING else Severity.LOSES,
    )


CHECKS = (
    Check(
        id="kinds",
        group=Group.MINIMAL,
        title="Every kind of request",
        proves="No kind of request (a stream, tools, attachments, a schema) is left without any answer.",
        loss="a kind of request is never answered",
        cost=FREE,
        judge=each(_judge),
        reads=(EVERYTHING,),
    ),
)
