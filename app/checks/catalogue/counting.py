"""Counting tokens without an answer (Messages, Responses): is it there, does it only count, and is its count what is billed?

The vendor's count is documented as an estimate, so it is held against the control's for the same body, and what it is off by
against what the control's is off by. One that runs the request and bills it answers as a message does.
"""

from __future__ import annotations

import msgspec

from app.checks.asker import Asker
from app.checks.catalogue.cells import document_of
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Judged, Judgement, Measured
from app.checks.seen import Seen, Steps
from app.checks.verdict import Verdict
from app.protocols.base import GET_WEATHER
from app.protocols.findings import Severity
from app.protocols.ids import MESSAGES, RESPONSES
from app.protocols.shared.counts import as_count
from app.recording.records import Wanted
from app.run.differences import one_model
from app.text.sentences import Phrase, message, unsaid

_ROOM = 16
_BODIES = ("short", "tools")
_COUNTS = message("{how:select counted=counted|billed=billed}, {body:select short=short|tools=tools}")
_TOLERANCE = 3
_OFF, _OFF_SHARE = 20, 0.2  # what the count may be off from what is billed, where no control says what is usual

_SAME = "{who} counts tokens without an answer, as the official endpoint counts them."
_NEAR = "{who} counts tokens without an answer, and near what it bills."
_ABSENT = "{who} has no token counting."
_ABSENT_ALONE = (
    "{who} has no token counting, which the official endpoint has: clients that size their context by it fail, or guess."
)
_GENERATED = "{who} **runs the request and bills it** where only its tokens are to be counted."
_NO_COUNT = "{who} answers a request to count tokens without a count."
_OTHER = "{who} counts {counted:plural token|tokens} for a body that the official endpoint counts as {control}."
_AS_BILLED = (
    "{who} counts {counted:plural token|tokens} for a body that the official endpoint counts as {control}; it bills as it"
    " counts, so that its count can be relied on there."
)
_OTHER_MODEL = "{who} counts otherwise than the official endpoint; but the two sides were asked for different models."
_NOT_BILLED = "{who} counts {counted:plural token|tokens} for a body and bills {billed}."


async def _ask(asker: Asker) -> None:
    for body in _BODIES:
        tools = (GET_WEATHER,) if body == "tools" else ()
        prompt = f"({asker.nonce}) " + unsaid("Say OK, whatever else stands here. ") * 6
        request = asker.protocol.count_request(asker.asked(prompt, max_tokens=_ROOM, tools=tools), asker.target)
        if request is not None:
            await asker.send(f"count-{body}", request, most_output=0, wanted=Wanted.COUNT)
        await asker.ask(body, prompt, max_tokens=_ROOM, tools=tools)


class _Counts(msgspec.Struct, frozen=True):
    """By body: what was counted, and what was billed where that was said."""

    counted: dict[str, int]
    billed: dict[str, int]


def _judge(seen: Seen) -> Judgement:
    b = _counts(seen.b)
    if seen.a is None:
        return Judgement(b if isinstance(b, Judged) else _alone(seen.b, b))
    a = _counts(seen.a)
    ours = a if isinstance(a, Judged) else _alone(seen.a, a)
    if isinstance(b, Judged):
        if b.reason == "absent" and isinstance(a, _Counts):
            b = msgspec.structs.replace(b, verdict=Verdict.FAIL, sentence=_ABSENT_ALONE)
        return Judgement(msgspec.structs.replace(b, shared=b.reason == ours.reason), ours)
    return Judgement(_beside(seen.b, b, seen.a, a) if isinstance(a, _Counts) else _alone(seen.b, b), ours)


def _counts(steps: Steps) -> _Counts | Judged:
    asked = [f"count-{body}" for body in _BODIES]
    if (trouble := steps.unanswered(*asked)) is not None:
        return trouble
    if any(steps.refused(step) for step in asked):
        return _judged(steps, Verdict.UNSUPPORTED, "absent", _ABSENT, short="{status}", status=steps[asked[0]].status)
    documents = {body: document_of(steps, f"count-{body}") for body in _BODIES}
    if any(one.get("content") or one.get("output") for one in documents.values()):
        return _judged(steps, Verdict.FAIL, "generated", _GENERATED, short="an answer")
    counted = {body: count for body, one in documents.items() if (count := as_count(one.get("input_tokens"))) is not None}
    if len(counted) < len(_BODIES):
        return _judged(steps, Verdict.FAIL, "no_count", _NO_COUNT, short="no count")
    billed = {body: total for body in _BODIES if steps.completed(body) and (total := steps.total_input(body)) is not None}
    return _Counts(counted, billed)


def _alone(steps: Steps, counts: _Counts) -> Judged:
    """Judged by what it bills itself."""
    for body, billed in counts.billed.items():
        if abs(billed - counts.counted[body]) > max(_OFF, _OFF_SHARE * billed):
            return _not_billed(steps, counts, body)
    if not counts.billed:
        return _judged(steps, Verdict.PASS, "counts", _NEAR, counts)
    return _judged(steps, Verdict.PASS, "near", _NEAR, counts)


def _beside(b_steps: Steps, b: _Counts, a_steps: Steps, a: _Counts) -> Judged:
    """Judged by the control's counts of the same bodies."""
    for body in _BODIES:
        if abs(b.counted[body] - a.counted[body]) <= _TOLERANCE:
            continue
        if not one_model(a_steps.model, b_steps.model):
            if b.billed:  # of another model it can still be said whether it counts what it bills
                return _alone(b_steps, b)
            return _judged(b_steps, Verdict.INCONCLUSIVE, "other_model", _OTHER_MODEL, b)
        fields = {"counted": b.counted[body], "control": a.counted[body]}
        if all(one in b.billed and abs(_off(b, one) - _off(a, one)) <= _TOLERANCE for one in _BODIES if one in a.billed):
            told = _judged(b_steps, Verdict.DIFFERS, "as_billed", _AS_BILLED, b, "{counted}, not {control}", **fields)
            return msgspec.structs.replace(told, harm=Severity.NOTE)  # what it adds is the matter of `token_offset`
        return _judged(b_steps, Verdict.DIFFERS, "other", _OTHER, b, "{counted}, not {control}", **fields)
    for body in b.billed.keys() & a.billed.keys():
        if abs(_off(b, body) - _off(a, body)) > max(_OFF, _OFF_SHARE * b.billed[body]):
            return _not_billed(b_steps, b, body)
    return _judged(b_steps, Verdict.PASS, "same", _SAME, b)


def _off(counts: _Counts, body: str) -> int:
    """By how much more was billed than was counted."""
    return counts.billed[body] - counts.counted[body]


def _not_billed(steps: Steps, counts: _Counts, body: str) -> Judged:
    fields = {"counted": counts.counted[body], "billed": counts.billed[body]}
    return _judged(steps, Verdict.DIFFERS, "not_billed", _NOT_BILLED, counts, "{counted}, bills {billed}", **fields)


def _judged(
    steps: Steps,
    verdict: Verdict,
    reason: str,
    sentence: str,
    counts: _Counts | None = None,
    short: str = "{count_short}",
    **fields: object,
) -> Judged:
    measured: tuple[Measured, ...] = ()
    if counts is not None:
        fields = {"count_short": counts.counted["short"], **fields}
        measured = tuple(
            Measured(Phrase(_COUNTS, how=what, body=body), count, "tokens")
            for what, of in (("counted", counts.counted), ("billed", counts.billed))
            for body, count in of.items()
        )
    asked = [step for body in _BODIES for step in (f"count-{body}", body) if steps.get(step) is not None]
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields=fields,
        short=short,
        measured=measured,
        evidence=tuple(steps.evidence(step) for step in asked),
    )


CHECKS = (
    Check(
        id="count_tokens",
        group=Group.ADVANCED,
        title="Token counting",
        proves="Tokens can be counted without an answer, and the count is the official one, and what is billed.",
        loss="counts of tokens beforehand can't be relied on",
        cost=Cost(4, 600, 2 * _ROOM),
        steps={
            "count-short": "a count of a short request's tokens",
            "short": "the short request itself",
            "count-tools": "a count of one with a tool",
            "tools": "the request with the tool itself",
        },
        ask=_ask,
        judge=_judge,
        protocols=(MESSAGES, RESPONSES),
    ),
)
