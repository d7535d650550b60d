"""Does it let just anyone in: one that admits a certain client only makes all that follows look wrong."""

from __future__ import annotations

from app.checks.asker import Asker
from app.checks.check import ADMITTED, COMPLETES, Check, Control, Cost, Group
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, beside, each
from app.checks.verdict import Verdict
from app.diagnosis.rules_address import ADDRESS, PAGES
from app.diagnosis.rules_request import MODELS
from app.exchange.exchange import Exchange
from app.protocols.findings import Severity
from app.protocols.ids import MESSAGES
from app.run.differences import one_model

_ADMITTED = "{who} answers a request that is not one of a certain client."
_REFUSED = "{who} refuses an ordinary request: {cause:or it does not say why.}"
_GREETED = "{who} answers “hi” too."
_BLOCKED = "{who} refuses “hi”, though it answers an ordinary question: {said:quoted no reason given}."
_SAY_MORE = "Let programs that try an endpoint ask a real question; a health check that says “hi” calls it dead."
_UNFORCED = "{who} does not reason where nobody asked for it{beside:if , or reasons as the control does}."
_FORCED = (
    "{who} reasons ({tokens:plural token|tokens}) where nobody asked for it, in {n} of {n} answers, and the control in none of "
    "{others}: consistent with a reasoning effort that is added on the way, which costs tokens and can eat a small limit."
)
_SOMETIMES = (
    "{who} reasons where nobody asked for it and the control does not, and not each time: a model that decides by itself does "
    "this."
)
_OTHER_MODEL = "{who} reasons where nobody asked for it, but the two sides were asked for different models."
_NEEDED_B, _NEEDED_A = 3, 4
# Rows of the diagnosis by which a refusal is about where or whom it was sent to, or about who sends it.
_ADDRESS = frozenset(one.name for one in (*ADDRESS, *PAGES))
_MODEL = frozenset(one.name for one in MODELS)
_UPSTREAM = {"path-upstream": "upstream"}
_CLIENT = frozenset({"client-only", "user-agent", "challenge", "firewall"})
_BRIEF = {
    "address": "the API is not at this address",
    "upstream": "its upstream is asked at a wrong address",
    "model": "the model can't be had there",
}
_ONLY = "only certain clients are let in"
_BLOCKS = frozenset({400, 403, 404, 405, 406, 422, 451})
_ROOM = 1024  # for a model that reasons before a word is said


async def _ask_hello(asker: Asker) -> None:
    await asker.ask("hello", f"What is the opposite of “cold”? One word. (Ignore this: {asker.nonce})")


def _judge_hello(steps: Steps) -> Judged:
    """What comes with a good status was let in, whatever it is: that it is an answer is another check's question.

    A wrong address, or a model that is not there, is refused as well; that is no gate, and breaks every client alike.
    """
    one = steps.get("hello")
    if one is not None and 200 <= one.status < 300:
        return Judged(
            verdict=Verdict.PASS,
            reason="admitted",
            sentence=_ADMITTED,
            fields={"status": one.status},
            short="{status}",
            evidence=(steps.evidence("hello"),),
        )
    if one is not None and steps.refused("hello"):
        why = steps.diagnosis("hello")
        row = why.rule if why is not None else ""
        elsewhere = _UPSTREAM.get(row) or ("address" if row in _ADDRESS else "model" if row in _MODEL else "")
        return Judged(
            verdict=Verdict.FAIL,
            reason=elsewhere or f"status_{one.status}",
            sentence=_REFUSED,
            fields={"cause": why.cause if why else "", "status": one.status, "fix": why.fix if why else ""},
            brief=_BRIEF.get(elsewhere, _ONLY if row in _CLIENT else ""),
            harm=Severity.BREAKS if elsewhere else None,
            short="{status}",
            advice="{fix}",
            said=why.vendor_message if why else "",
            evidence=(steps.evidence("hello"),),
        )
    return steps.trouble("hello") or steps.not_asked()


async def _ask_hi(asker: Asker) -> None:
    for n in (1, 2):  # once more where it is refused: a firewall may have refused something else
        if (await asker.ask("hi", "hi", n=n, max_tokens=_ROOM)).status not in _BLOCKS:
            return


def _judge_hi(steps: Steps) -> Judged:
    """Only a refusal counts, twice, and only where the same endpoint answered an ordinary question (what it rests on)."""
    last = steps.get("hi", 2) or steps.get("hi")
    if last is None:
        return steps.not_asked()
    blocked = len(steps.all("hi")) == 2 and last.status in _BLOCKS
    if not blocked and not 200 <= last.status < 300:
        return steps.trouble("hi") or steps.not_asked()
    return Judged(
        verdict=Verdict.DIFFERS if blocked else Verdict.PASS,
        reason="blocked" if blocked else "answers",
        sentence=_BLOCKED if blocked else _GREETED,
        fields={"status": last.status, "said": _said(last)},
        short="{status}",
        advice=_SAY_MORE if blocked else "",
        evidence=(steps.evidence("hi"),),
    )


async def _ask_unasked(asker: Asker) -> None:
    await _ask_sum(asker, 1)


async def _ask_sum(asker: Asker, n: int) -> int | None:
    """The reasoning tokens of one more answer."""
    question = f"Which is larger, 17 or 71? Answer with the number alone. (Ignore this: {asker.nonce})"
    return _reasoning(await asker.ask("unasked", question, n=n, max_tokens=_ROOM))


async def _ask_unasked_more(a: Asker, b: Asker) -> None:
    """B reasoned where A did not: is it so each time, and at A never?"""
    firsts = a.answers.get(("unasked", 1)), b.answers.get(("unasked", 1))
    if firsts[0] is None or firsts[1] is None or _reasoning(firsts[0]) != 0 or not _reasoning(firsts[1]):
        return
    for n in range(2, _NEEDED_B + 1):
        if not await _ask_sum(b, n):
            return
    for n in range(2, _NEEDED_A + 1):
        if await _ask_sum(a, n) != 0:
            return


def _judge_forced(steps: Steps, control: Steps | None) -> Judged:
    """False alarms: a model that decides by itself whether to reason may do so on one side alone. One that does with
    probability p reasons in all of three answers here and in none of four there with p^3 (1 - p)^4, at most 0.8 %. Where the
    control's counts do not say 0 nothing is concluded, nor where another model was asked for.
    """
    if (trouble := steps.trouble("unasked")) is not None:
        return trouble
    mine = [_reasoning(one) for one in steps.all("unasked")]
    tokens, theirs, others = mine[0], None, list[int | None]()
    if control is not None:
        if (trouble := control.trouble("unasked")) is not None:
            return trouble
        others = [_reasoning(one) for one in control.all("unasked")]
        theirs = others[0]
    apart = control is not None and theirs == 0 and bool(tokens)
    verdict, reason, sentence = Verdict.PASS, "unforced", _UNFORCED
    if apart and control is not None and not one_model(control.model, steps.model):
        verdict, reason, sentence = Verdict.INCONCLUSIVE, "other_model", _OTHER_MODEL
    elif apart:
        each_time = len(mine) >= _NEEDED_B and all(mine) and len(others) >= _NEEDED_A and not any(others)
        verdict, reason, sentence = Verdict.INCONCLUSIVE, "sometimes", _SOMETIMES
        if each_time and None not in others:
            verdict, reason, sentence = Verdict.DIFFERS, "forced", _FORCED
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields={"tokens": tokens or 0, "beside": control is not None, "n": len(mine), "others": len(others)},
        short="{tokens:plural token|tokens} of reasoning",
        measured=(Measured("reasoning tokens", tokens, "tokens"), Measured("of the control", theirs, "tokens")),
        evidence=(steps.evidence("unasked"),),
    )


def _reasoning(one: Exchange) -> int | None:
    """Reasoning tokens; at least 1 where some reasoning is there, and None where nothing is said of it at all."""
    reading = one.reading
    counted = reading.usage.reasoning_tokens if reading.usage is not None else None
    if reading.reasoning or reading.hidden_reasoning:
        return max(1, counted or 0)
    return counted if counted is not None or one.protocol.id != MESSAGES else 0


def _said(one: Exchange) -> str:
    error = one.reading.error
    return error.message[:200] if error is not None and not error.ours else ""


CHECKS = (
    Check(
        id=ADMITTED,
        group=Group.GATE,
        title="Open to any client",
        proves="A request of no certain client is answered.",
        loss="an ordinary request is refused",
        cost=Cost(1, 40, 60),
        steps={"hello": "a short real question"},
        ask=_ask_hello,
        judge=each(_judge_hello),
    ),
    Check(
        id="trivial_words",
        group=Group.GATE,
        title="Answers “hi”",
        proves="A request as short as a health check's is answered.",
        loss="“hi” is refused",
        cost=Cost(1, 10, 60),
        steps={"hi": "the word “hi” alone"},
        ask=_ask_hi,
        rests_on=(COMPLETES,),
        judge=each(_judge_hi),
    ),
    Check(
        id="forced_reasoning",
        group=Group.GATE,
        title="No reasoning unasked",
        proves="No reasoning effort is added on the way.",
        loss="reasoning that nobody asked for is added",
        cost=Cost(_NEEDED_A, _NEEDED_A * 40, _NEEDED_A * 200),
        steps={"unasked": "a sum, with no word about reasoning"},
        ask=_ask_unasked,
        across=_ask_unasked_more,
        rests_on=(COMPLETES,),
        control=Control.NEEDED,
        judge=beside(_judge_forced),
    ),
)
