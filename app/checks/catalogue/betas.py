"""Beta features of Messages: the header and what belongs to it must both reach the vendor.

Gateways often keep a body's field and drop its header (the vendor then refuses the field), or the reverse (nothing happens, in
silence). Whether the vendor offers a feature for this model and account is the control's to say.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Any

import msgspec

from app.checks.asker import Asker
from app.checks.catalogue.cells import document_of
from app.checks.check import Ask, Check, Cost, Group, Judge
from app.checks.judgement import Judged, Judgement
from app.checks.seen import Seen, Steps, each
from app.checks.verdict import Verdict
from app.protocols.base import GET_WEATHER, Target
from app.protocols.ids import MESSAGES
from app.recording.records import Wanted
from app.text.sentences import message


class Feature(msgspec.Struct, frozen=True):
    """A beta feature: the value of `anthropic-beta`, the fields of the request, and the field of the answer that shows it.

    `field` is the request's field that is refused without the header, "" for none.
    """

    beta: str
    field: str
    extra: dict[str, Any]
    shown: str


CONTEXT = Feature(
    "context-management-2025-06-27",
    "context_management",
    {"context_management": {"edits": [{"type": "clear_tool_uses_20250919"}]}},
    "context_management",
)
BINDING = Feature("thinking-binding-controls-2026-08-01", "", {}, "input_transformations")


class _Does(Enum):
    WORKS = auto()
    SILENT = auto()  # it answers, and nothing shows the feature
    FIELD = auto()  # the field is refused, as where the header is missing
    HEADER = auto()  # the header is refused
    REFUSES = auto()  # the request is, for another reason


_WORKS = "{who} passes on the beta header {beta} and what belongs to it."
_SILENT_ALONE = "{who} takes the beta header {beta}; its answer does not show whether it does anything."
_LOST = (
    "{who} **answers as if the beta header {beta}{field:if  and its field} had not been sent**, where the official endpoint's "
    "answer has {shown}: {field:if one of the two is, or both are,|it is} lost on the way."
)
_FIELD_ALONE = "{who} keeps the field {field} and **drops its beta header** {beta}, which the official endpoint takes together."
_HEADER = "{who} **refuses the beta header** {beta}, which the official endpoint takes: {said:quoted without a word}."
_REFUSES = (
    "{who} refuses a request with the beta header {beta}, which the official endpoint takes: {said:quoted without a word}."
)
_UNSUPPORTED = "{who} does not take the beta header {beta} for this model or account: {said:quoted without a word}."
_CONTROL = "The official endpoint itself does not take the beta header {beta} for this model or account."
_ADVICE = "Switch the feature off in your client, or have the gateway pass on anthropic-beta."


def with_beta(target: Target, beta: str) -> Target:
    """The endpoint with one more beta feature asked for."""
    return msgspec.structs.replace(target, anthropic_beta=",".join(filter(None, (target.anthropic_beta, beta))))


def _asks(feature: Feature) -> Ask:
    async def ask(asker: Asker) -> None:
        prompt = f"What is the opposite of “early”? Answer in one word. ({asker.nonce})"
        tools = (GET_WEATHER,) if feature.field else ()
        target = with_beta(asker.target, feature.beta)
        await asker.ask("without", prompt, max_tokens=2048, tools=tools)
        await asker.ask("both", prompt, max_tokens=2048, tools=tools, extra=feature.extra, target=target)
        if feature.field:
            await asker.ask("field", prompt, max_tokens=2048, tools=tools, extra=feature.extra, wanted=Wanted.REFUSAL)

    return ask


def _does(steps: Steps, feature: Feature) -> _Does | Judged:
    if (trouble := steps.trouble("without") or steps.hindered("both")) is not None:
        return trouble
    if not steps.refused("both"):
        return steps.trouble("both") or (_Does.WORKS if feature.shown in document_of(steps, "both") else _Does.SILENT)
    error = steps["both"].reading.error
    words = f"{error.message} {error.param}".lower() if error is not None else ""
    if "anthropic-beta" in words or feature.beta in words:
        return _Does.HEADER
    return _Does.FIELD if feature.field and feature.field in words else _Does.REFUSES


def _judges(feature: Feature) -> Judge:
    def judge(seen: Seen) -> Judgement:
        b = _does(seen.b, feature)
        a = _does(seen.a, feature) if seen.a is not None else None
        ours = None if seen.a is None else a if isinstance(a, Judged) else _alone(seen.a, feature, a)
        if isinstance(b, Judged):
            return Judgement(b, ours)
        if a is None or isinstance(a, Judged):
            return Judgement(_alone(seen.b, feature, b), ours)
        return Judgement(_beside(seen.b, feature, b, a), ours)

    return judge


def _alone(steps: Steps, feature: Feature, does: _Does | None) -> Judged:
    if does is _Does.WORKS:
        return _judged(steps, feature, Verdict.PASS, "works", _WORKS, "passed on")
    if does is _Does.SILENT:
        return _judged(steps, feature, Verdict.INCONCLUSIVE, "silent", _SILENT_ALONE, "not shown")
    return _judged(steps, feature, Verdict.UNSUPPORTED, "refused", _UNSUPPORTED, message("refused"))


_LOSSES = {
    _Does.SILENT: ("lost", _LOST, message("lost")),
    _Does.FIELD: ("header_dropped", _FIELD_ALONE, "header dropped"),
    _Does.HEADER: ("header_refused", _HEADER, "header refused"),
    _Does.REFUSES: ("refused", _REFUSES, message("refused")),
}


def _beside(steps: Steps, feature: Feature, b: _Does, a: _Does) -> Judged:
    if b is _Does.WORKS:
        return _alone(steps, feature, b)
    if a is _Does.WORKS or (a is _Does.SILENT and b is not _Does.SILENT):
        return _judged(steps, feature, Verdict.FAIL, *_LOSSES[b], advice=_ADVICE)
    found = _alone(steps, feature, b)
    if a is _Does.SILENT:
        return found
    if b is _Does.SILENT:
        return _judged(steps, feature, Verdict.INCONCLUSIVE, "control_refuses", _CONTROL, "not shown")
    return msgspec.structs.replace(found, shared=True)


def _judged(
    steps: Steps, feature: Feature, verdict: Verdict, reason: str, sentence: str, short: str, *, advice: str = ""
) -> Judged:
    error = steps["both"].reading.error
    said = error.message[:300] if error is not None and not error.ours else ""
    asked = [one for one in ("both", "field", "without") if steps.get(one) is not None]
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={"beta": feature.beta, "field": feature.field, "shown": feature.shown, "said": said},
        short=short,
        advice=advice,
        said=said,
        evidence=tuple(steps.evidence(one) for one in asked),
    )


_QUERY = "{who} answers at the address with “?beta=true”, which the SDK's beta methods and Claude Code send."
_NO_QUERY = "{who} **does not answer at the address with “?beta=true”**, which the SDK's beta methods and Claude Code send."


def _steps(feature: Feature) -> dict[str, str]:
    words = {"without": "without the beta header", "both": "with the beta header"}
    return words | {"both": "with the header and its field", "field": "with the field alone"} if feature.field else words


async def _ask_query(asker: Asker) -> None:
    request = asker.build(f"What is the opposite of “full”? Answer in one word. ({asker.nonce})")
    await asker.send("without", request)
    await asker.send(
        "query", msgspec.structs.replace(request, url=f"{request.url}{'&' if '?' in request.url else '?'}beta=true")
    )


def _judge_query(steps: Steps) -> Judged:
    if (trouble := steps.trouble("without") or steps.hindered("query")) is not None:
        return trouble
    evidence = (steps.evidence("query"), steps.evidence("without"))
    if steps.completed("query"):
        return Judged(verdict=Verdict.PASS, reason="answers", sentence=_QUERY, short="answered", evidence=evidence)
    if (trouble := None if steps.refused("query") else steps.trouble("query")) is not None:
        return trouble
    status = steps["query"].status
    return Judged(
        verdict=Verdict.FAIL,
        reason="no_query",
        sentence=_NO_QUERY,
        fields={"status": status},
        short="{status}",
        evidence=evidence,
    )


CHECKS = (
    Check(
        id="beta_field",
        group=Group.ADVANCED,
        title="Beta header with its field",
        proves="A beta header and the field that belongs to it both reach the vendor.",
        loss="beta features with a field don't work",
        cost=Cost(3, 1300, 60),
        steps=_steps(CONTEXT),
        ask=_asks(CONTEXT),
        judge=_judges(CONTEXT),
        protocols=(MESSAGES,),
    ),
    Check(
        id="beta_header",
        group=Group.ADVANCED,
        title="Beta header",
        proves="A beta header reaches the vendor: the answer has what it asks for.",
        loss="beta headers are lost",
        cost=Cost(2, 80, 40),
        steps=_steps(BINDING),
        ask=_asks(BINDING),
        judge=_judges(BINDING),
        protocols=(MESSAGES,),
    ),
    Check(
        id="beta_query",
        group=Group.ADVANCED,
        title="Address with ?beta=true",
        proves="The address of the SDK's beta methods is answered.",
        loss="the SDK's beta methods don't work",
        cost=Cost(2, 80, 40),
        steps={"without": "the address as it is", "query": "the address with ?beta=true"},
        ask=_ask_query,
        judge=each(_judge_query),
        protocols=(MESSAGES,),
    ),
)
