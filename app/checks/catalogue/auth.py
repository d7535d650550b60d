"""The key: does it work, is it looked at, and in which headers is it taken?"""

from __future__ import annotations

from random import Random

import msgspec

from app.checks.asker import Asker
from app.checks.check import ADMITTED, FREE, REACHED, Check, Cost, Group
from app.checks.consequence import ALIVE, ALIVE_WORDS, ask_broken, judge_refusal
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, beside, each
from app.checks.verdict import Verdict
from app.diagnosis.rules_access import KEYS, MONEY
from app.protocols.base import Target
from app.protocols.findings import Severity
from app.protocols.registry import info
from app.recording.records import Request
from app.secrets.key_text import holds_key
from app.secrets.loopback import is_this_machine
from app.secrets.names import url_secrets
from app.secrets.shapes import prefix_ends
from app.text.sentences import Phrase, message
from app.text.urls import split_url

_MARK = "wrong"  # stands in the made-up key, so that whoever finds it in a log sees what it is
_STYLES = ("x-api-key", "bearer")
_BOTH = "both"
_NAMES = {"x-api-key": "x-api-key", "bearer": "Authorization: Bearer", _BOTH: Phrase(message("both at once"))}
_STYLE_STEPS = {"x-api-key": "x_api_key", "bearer": "bearer", _BOTH: "both"}

_WORKS = "{who} takes the key."
_KEY = "{who} does not take the key: {cause}"
_NO_KEY = "{who} can't be used: {cause}"
_NO_KEY_BRIEF = "a key is wanted, and none was sent"
_MONEY = "{who} knows the key, but nothing can be had with it: {cause}"
_NO_KEY_HERE = "No key is sent to {who} in a header of its own, so that this can't be tried."
_ANYONE = "{who} answers without a key: whoever knows the address can use it."
_ANY_KEY = "{who} answers to a key that nobody gave out: it does not look at keys, so that a wrong one is never told."
_TAKEN = "{who} takes the key as {taken:list}{refused:if ; not as {refused:either}}."
_STYLE_REFUSED = (
    "{who} does not take the key as {style}, which is how {client:or the client} sends it. It takes "
    "{taken:if {taken:list}|no other way}."
)
_OTHER_STYLE = "Set the header by hand in the client: {taken:list}."


def wrong_key(key: str, random: Random) -> str:
    """A key of the same shape that nobody has: the vendor's prefix stays, letters and digits behind it are drawn anew."""
    begin = max(prefix_ends(key, 0), default=0)
    drawn = "".join(_drawn(one, random) for one in key[begin:])
    middle = max(0, (len(drawn) - len(_MARK)) // 2)
    return key[:begin] + drawn[:middle] + _MARK + drawn[middle + len(_MARK) :]


def _drawn(character: str, random: Random) -> str:
    for kind in ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"):
        if character in kind:
            return random.choice(kind.replace(character, ""))
    return character


def _sends_key(target: Target) -> bool:
    """Whether the key is in a header of ours alone: one in the address or in a header of the profile can't be taken out."""
    return bool(target.key.strip()) and not url_secrets(target.base_url)


def _with_key(asker: Asker, key: str, auth: str = "") -> Target:
    """The target with another key, and without the profile's own headers that hold one."""
    others = tuple((name, value) for name, value in asker.target.headers if not holds_key(name, value))
    return msgspec.structs.replace(asker.target, key=key, headers=others, auth=auth or asker.target.auth)


def _question(asker: Asker, target: Target) -> Request:
    return asker.build(f"What is the opposite of “wet”? One word. (Ignore this: {asker.nonce})", max_tokens=256, target=target)


async def _ask_wrong(asker: Asker) -> None:
    if _sends_key(asker.target):
        await ask_broken(asker, "wrong", _question(asker, _with_key(asker, wrong_key(asker.target.key, asker.random()))))


async def _ask_none(asker: Asker) -> None:
    if _sends_key(asker.target):
        await ask_broken(asker, "none", _question(asker, _with_key(asker, "")))


async def _ask_styles(asker: Asker) -> None:
    if not _sends_key(asker.target):
        return
    key = asker.target.key
    for style in _STYLES:
        await asker.send(_STYLE_STEPS[style], _question(asker, _with_key(asker, key, style)), most_output=256)
    request = _question(asker, _with_key(asker, key, "x-api-key"))
    both = (*request.headers, ("authorization", f"Bearer {''.join(key.split())}"))
    await asker.send(_STYLE_STEPS[_BOTH], msgspec.structs.replace(request, headers=both), most_output=256)


def _judge_works(steps: Steps) -> Judged:
    """False alarms: a gate refuses with 401 and 403 too, which says nothing of the key; only what the diagnosis puts down to
    the key or to money counts."""
    one = steps.get("hello")
    if one is None or one.recording.head is None:
        return steps.trouble("hello") or steps.not_asked()
    why = steps.diagnosis("hello")
    reason = "key" if why is not None and why.row in KEYS else "money" if why is not None and why.row in MONEY else ""
    if why is not None and reason:
        return Judged(
            verdict=Verdict.FAIL,
            reason=reason,
            sentence=_NO_KEY if why.rule == "key-missing" else _KEY if reason == "key" else _MONEY,
            brief=_NO_KEY_BRIEF if why.rule == "key-missing" else "",
            fields={"cause": why.cause, "fix": why.fix, "status": one.status},
            short="{status}",
            advice="{fix}",
            said=why.vendor_message,
            evidence=(steps.evidence("hello"),),
        )
    if not 200 <= one.status < 300:
        return steps.trouble("hello") or steps.not_asked()
    return Judged(
        verdict=Verdict.PASS,
        reason="works",
        sentence=_WORKS,
        fields={"status": one.status},
        short="{status}",
        evidence=(steps.evidence("hello"),),
    )


def _judge_wrong(steps: Steps, control: Steps | None) -> Judged:
    """False alarms: servers on one's own machine need no key, which hurts nobody there."""
    one = steps.get("wrong")
    here = one is not None and is_this_machine(split_url(one.recording.request.url).hostname or "")
    return _refused(steps, control, "wrong", _ANY_KEY, Severity.NOTE if here else Severity.LOSES)


def _judge_none(steps: Steps, control: Steps | None) -> Judged:
    return _refused(steps, control, "none", _ANYONE, Severity.NOTE)


def _refused(steps: Steps, control: Steps | None, step: str, accepted: str, harm: Severity) -> Judged:
    if not steps and not steps.left_out:
        return Judged(verdict=Verdict.UNSUPPORTED, reason="no_key", sentence=_NO_KEY_HERE, short="no key")
    return judge_refusal(steps, control, step, 401, also=(403,), accepted=Verdict.DIFFERS, harm=harm, words=accepted)


def _judge_styles(steps: Steps) -> Judged:
    """Which ways there are informs; only that of the client decides. Both at once is refused by the first party of Messages."""
    if not steps and not steps.left_out:
        return Judged(verdict=Verdict.UNSUPPORTED, reason="no_key", sentence=_NO_KEY_HERE, short="no key")
    statuses: dict[str, int] = {}
    for style, step in _STYLE_STEPS.items():
        one = steps.get(step)
        statuses[style] = one.status if one is not None else 0
    taken = [style for style, status in statuses.items() if 200 <= status < 300]
    refused = [style for style, status in statuses.items() if status in (400, 401, 403)]
    wanted = _wanted(steps)
    measured = tuple(
        Measured(Phrase(message("status with {style}"), style=_NAMES[style]), status or None)
        for style, status in statuses.items()
    )
    evidence = tuple(steps.evidence(step) for style, step in _STYLE_STEPS.items() if statuses[style])
    fields: dict[str, object] = {
        "client": steps.client.title if steps.client else "",
        "style": _NAMES[wanted],
    }
    if wanted in refused:
        return Judged(
            verdict=Verdict.FAIL,
            reason="style_refused",
            sentence=_STYLE_REFUSED,
            brief="the key is not taken as {style}",
            fields=fields | {"taken": [_NAMES[one] for one in taken]},
            short="not {style}",
            advice=_OTHER_STYLE if taken else "",
            measured=measured,
            evidence=evidence,
        )
    if wanted not in taken:
        return steps.hindered(_STYLE_STEPS[wanted]) or steps.not_asked()
    names = {"taken": [_NAMES[one] for one in taken], "refused": [_NAMES[one] for one in refused]}
    return Judged(
        verdict=Verdict.PASS,
        reason="taken",
        sentence=_TAKEN,
        fields=fields | names,
        short="{taken:list}",
        measured=measured,
        evidence=evidence,
    )


def _wanted(steps: Steps) -> str:
    """How the client sends its key."""
    request = steps.client.requests.get(steps.protocol) if steps.client is not None else None
    return request.auth if request is not None and request.auth in _STYLES else info(steps.protocol).default_auth


CHECKS = (
    Check(
        id="key_works",
        group=Group.AUTH,
        title="Key works",
        proves="The key is taken, and something can be had with it.",
        loss="the key is not taken",
        cost=FREE,
        reads=(ADMITTED,),
        rests_on=(REACHED,),
        judge=each(_judge_works),
    ),
    Check(
        id="wrong_key",
        group=Group.AUTH,
        title="Wrong key",
        proves="A key that nobody gave out is refused, as the official endpoint refuses it.",
        loss="a wrong key is not told as one",
        cost=Cost(1, 40, 60),
        steps={"wrong": "with a key that does not exist", ALIVE: ALIVE_WORDS},
        ask=_ask_wrong,
        rests_on=(ADMITTED,),
        judge=beside(_judge_wrong),
    ),
    Check(
        id="no_key",
        group=Group.AUTH,
        title="No key",
        proves="A request without a key is refused, as the official endpoint refuses it.",
        loss="a missing key is not told as one",
        cost=Cost(1, 40, 60),
        steps={"none": "without a key", ALIVE: ALIVE_WORDS},
        ask=_ask_none,
        rests_on=(ADMITTED,),
        judge=beside(_judge_none),
    ),
    Check(
        id="key_headers",
        group=Group.AUTH,
        title="Headers of the key",
        proves="The key is taken in the header in which the client sends it; which other ways there are.",
        loss="the key is not taken in the client's header",
        cost=Cost(3, 120, 180),
        steps={
            "x_api_key": "key in x-api-key",
            "bearer": "key in Authorization: Bearer",
            "both": "key in both headers at once",
        },
        ask=_ask_styles,
        rests_on=(ADMITTED,),
        judge=each(_judge_styles),
    ),
)
