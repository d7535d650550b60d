"""Do the official SDKs themselves get along with it? They are run in a process of their own, where they are installed."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from app.checks.asker import Asker
from app.checks.check import FREE, Check, Cost, Group
from app.checks.client_job import Did, Job, Kind, Raised, Report, report_of, request
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, each
from app.checks.verdict import Verdict
from app.protocols.ids import MESSAGES
from app.text.sentences import Phrase, message, unsaid

STEP = "sdk"
MAX_TOKENS = 512
_RESULT = unsaid("The code is ")
TOOL = "look_up"
_KINDS: tuple[Kind, ...] = ("minimal", "streaming", "tools")
_PACKAGES = {MESSAGES: "anthropic"}
_OTHERS = "openai"
# What says nothing of the question: key, limits, time, the server's state; and no answer at all.
_OTHER_STATUSES = frozenset({401, 402, 403, 407, 408, 429})
_OF_ACCOUNT = frozenset({401, 402, 403})
_NO_ANSWER = ("APIConnectionError", "APITimeoutError")
# In the middle of a stream they come with status 200, or with none.
_PASSING_CODES = frozenset(
    {"overloaded_error", "rate_limit_error", "rate_limit_exceeded", "api_error", "server_error", "timeout_error"}
)

_NOT_INSTALLED = 'The Python package {package} is not installed here: `pip install "diptych[clients]"` brings it.'
_BROKEN = "Nothing can be said of it: {package} {version} did not come to an end ({why})."
_HINDERED = "Nothing can be said of it: {package} {version} raises {error}{status:if  (status {status})}, which may pass."
_KEY_OR_MONEY = (
    "Nothing can be said of it: {package} {version} raises {error} (status {status}), which is about the key or the account, "
    "not about the answer."
)
_RAISES = "{package} {version} raises {error} at {who}{status:if  (status {status})}."
_NO_TEXT = "{package} {version} gets no text from {who}, and no error."
_CUT = "The answer was cut by its limit before there was text."
_ANSWERED = "{package} {version} gets a whole answer from {who}."
_STREAMED = "{package} {version} reads {who}'s stream to its end, in {pieces:plural piece|pieces}."
_NO_CALL = "The model called no tool, so the loop could not be tried with {package} {version}."
_NOT_USED = "{package} {version} goes through the loop with {who}; the answer does not quote the tool's result."
_LOOP = "{package} {version} calls a tool, gives its result back and gets the answer from {who}."
_ADVICE = (
    "Run it with this version of {package} alone to see the whole error; the other checks tell what is wrong in the bytes."
)


async def _ask_sdk(asker: Asker) -> None:
    protocol = asker.about.id
    place, code = asker.nonce, f"{asker.nonce[:4]}-{asker.random().randrange(1000, 10_000)}"
    job = Job(
        _PACKAGES.get(protocol, _OTHERS),
        protocol,
        asker.model,
        _KINDS,
        f"Reply with exactly this word and nothing else: {place}",
        f"Use the tool {TOOL} to look up the code of the place “{place}”, then tell me the code.",
        TOOL,
        f"{_RESULT}{code}.",
        MAX_TOKENS,
    )
    await asker.send(STEP, request(job, asker.target.base_url), most_output=MAX_TOKENS * 4, again=False)


def _judging(kind: Kind, judge_it: Callable[[Steps, Did, dict[str, object]], Judged]) -> Callable[[Steps], Judged]:
    def judge(steps: Steps) -> Judged:
        one = steps.get(STEP)
        if one is None:
            return steps.not_asked()
        report = report_of(bytes(one.decoded.data))
        fields: dict[str, object] = {"package": report.package, "version": report.version}
        if not report.broken and not report.version:
            return _said(steps, report, Verdict.SKIPPED, "not_installed", _NOT_INSTALLED, fields)
        did = report.did.get(kind)
        if report.broken or did is None:
            return _said(
                steps,
                report,
                Verdict.INCONCLUSIVE,
                "broken",
                _BROKEN,
                {**fields, "why": report.broken or Phrase(message("no report"))},
            )
        if did.raised is not None:
            return _raised(steps, report, did.raised, fields)
        return judge_it(steps, did, fields)

    return judge


def _raised(steps: Steps, report: Report, raised: Raised, fields: dict[str, object]) -> Judged:
    fields = {**fields, "error": raised.type, "status": raised.status}
    if _may_pass(raised):
        why = _KEY_OR_MONEY if raised.status in _OF_ACCOUNT else _HINDERED
        return _said(steps, report, Verdict.INCONCLUSIVE, f"status_{raised.status or 'none'}", why, fields, said=raised.message)
    return _said(steps, report, Verdict.FAIL, raised.type.lower(), _RAISES, fields, said=raised.message, advice=_ADVICE)


def _may_pass(raised: Raised) -> bool:
    """Whether the error is of the moment, the key or the network, not one of what the client could not read in an answer."""
    if raised.status is None:
        return raised.type in _NO_ANSWER or raised.code in _PASSING_CODES
    in_stream = raised.status < 400  # relays name any refusal so: a 400 that is an `api_error` stays one
    return raised.status in _OTHER_STATUSES or raised.status >= 500 or (in_stream and raised.code in _PASSING_CODES)


def _said(
    steps: Steps,
    report: Report,
    verdict: Verdict,
    reason: str,
    sentence: str,
    fields: dict[str, object],
    *,
    said: str = "",
    advice: str = "",
) -> Judged:
    short = "{error}" if "error" in fields else ""
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields=fields,
        short=short,
        advice=advice,
        said=said,
        brief="{package} raises {error}" if verdict is Verdict.FAIL and "error" in fields else "",
        measured=(Measured("version", f"{report.package} {report.version}" if report.version else None),),
        evidence=(steps.evidence(STEP),),
    )


def _whole(steps: Steps, did: Did, fields: dict[str, object], sentence: str, reason: str) -> Judged:
    """For an answer that came whole: with text it passes, unless its limit left no room for any."""
    if did.text.strip():
        return _found(steps, did, fields, Verdict.PASS, reason, sentence)
    if did.stop in ("max_tokens", "length", "incomplete"):
        return _found(steps, did, fields, Verdict.INCONCLUSIVE, "cut", _CUT)
    return _found(steps, did, fields, Verdict.FAIL, "no_text", _NO_TEXT)


def _found(steps: Steps, did: Did, fields: dict[str, object], verdict: Verdict, reason: str, sentence: str) -> Judged:
    version = Measured("version", f"{fields['package']} {fields['version']}")
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={**fields, "pieces": did.pieces},
        short="{package} {version}",
        measured=(version, Measured("requests", did.requests), Measured("pieces", did.pieces)),
        evidence=(steps.evidence(STEP),),
    )


def _judge_minimal(steps: Steps, did: Did, fields: dict[str, object]) -> Judged:
    return _whole(steps, did, fields, _ANSWERED, "answered")


def _judge_streaming(steps: Steps, did: Did, fields: dict[str, object]) -> Judged:
    return _whole(steps, did, fields, _STREAMED, "streamed")


def _judge_tools(steps: Steps, did: Did, fields: dict[str, object]) -> Judged:
    if not did.called:
        return _found(steps, did, fields, Verdict.INCONCLUSIVE, "no_call", _NO_CALL)
    if _code(steps) not in did.text:
        return _found(steps, did, fields, Verdict.INCONCLUSIVE, "not_used", _NOT_USED)
    return _found(steps, did, fields, Verdict.PASS, "loop", _LOOP)


def _code(steps: Steps) -> str:
    """The code that the tool gave, as the job has it."""
    return msgspec.json.decode(steps[STEP].recording.request.body, type=Job).result.removeprefix(_RESULT).removesuffix(".")


FIRST = "client_minimal"
CHECKS = (
    Check(
        id=FIRST,
        group=Group.CLIENT,
        title="Official SDK: minimal",
        proves="The protocol's official Python SDK itself gets a whole answer.",
        loss="the official SDK gets no answer",
        cost=Cost(4, 500, 400),
        steps={STEP: "what the SDK made of it"},
        ask=_ask_sdk,
        judge=each(_judging("minimal", _judge_minimal)),
    ),
    Check(
        id="client_streaming",
        group=Group.CLIENT,
        title="Official SDK: streaming",
        proves="The official SDK reads a stream to its end.",
        loss="the official SDK gets no stream",
        cost=FREE,
        reads=(FIRST,),
        judge=each(_judging("streaming", _judge_streaming)),
    ),
    Check(
        id="client_tools",
        group=Group.CLIENT,
        title="Official SDK: tools",
        proves="The official SDK calls a tool, gives the result back and gets the answer.",
        loss="the official SDK can use no tools",
        cost=FREE,
        reads=(FIRST,),
        judge=each(_judging("tools", _judge_tools)),
    ),
)
