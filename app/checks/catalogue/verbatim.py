"""Verbatim integrity: is anything changed on the way, in a call's arguments, in text, in a tool's result (CHECKS 3.6).

Install lines, links, a shell line, a hash, keys and easily lost characters have to come back as they were sent. Arguments: a
forced, strict tool whose properties are enums of exactly these strings, which leaves the model no freedom. Text and result: to
be copied. Each once plain and once streamed.

A line beside the copy that a machine would act on counts as a change as well: nothing of the kind was asked for.

Needed for a verdict: the same change at the same place in all of three answers of B, and in none of four of the control, asked
the same way. A model that does this by itself with probability p on either side does so with p^3 (1 - p)^4, at most 0.8 %.
Known false alarms: the model's own slip (the control has it too, or it is not there three times), a model that does not copy or
fills in its own words where a relay dropped `strict` (inconclusive: nothing is like what was sent), guard rails (blacked out is
told apart from changed). What waits for a trigger is never seen: a pass says so, and how many answers it covers (2604.08407 met
routers that wait, one for 50 calls).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

import msgspec

from app.checks.asker import Asker
from app.checks.catalogue.copies import ADDED, Change, added, as_block, changes, from_block, is_copy, payload
from app.checks.catalogue.tool_probes import ask_forced, forced_words
from app.checks.catalogue.tools import CALLS_A_TOOL
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Evidence, Judged, Judgement, Measured
from app.checks.seen import Seen, Steps
from app.checks.tries import cut_short
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import AssistantTurn, Tool, ToolResult, ToolResultsTurn, Turn, UserTurn
from app.protocols.ends import end_word
from app.text.sentences import Phrase, message, unsaid

COPY = "copy"
_ROOM = 3000  # tokens: the texts have about 500, a reasoning model thinks before
_PLAIN, _STREAMED = (1, 3, 5, 7), (2, 4, 6, 8)  # the numbers of the exchanges that are asked either way
_NEEDED_B, _NEEDED_A = 3, 4
_SUFFIXES = ("", "_unthinking", "_asked", "_loose")  # the steps of `ask_forced`
Read = Callable[[Exchange], dict[str, str] | None]
Get = Callable[[str, int], Exchange | None]
AskOnce = Callable[[Asker, int], object]


# -- the three directions ---------------------------------------------------------------------------------------------


def _tool(random: Random) -> Tool:
    """A tool that takes these texts and no others."""
    texts = payload(random)
    properties: dict[str, object] = {name: {"type": "string", "enum": [text]} for name, text in texts.items()}
    schema = {"type": "object", "properties": properties, "required": list(texts), "additionalProperties": False}
    return Tool("save_notes", unsaid("Saves notes. Each note has one allowed value."), schema, strict=True)


async def _ask_arguments(asker: Asker, n: int) -> None:
    words = (
        UserTurn(unsaid("Save the notes now, with the tool save_notes: each with the only value that is allowed for it.")),
    )
    tool = _tool(asker.random())
    await ask_forced(asker, COPY, words, tool, or_asked=True, n=n, stream=n in _STREAMED, max_tokens=_ROOM)


def _read_arguments(one: Exchange) -> dict[str, str] | None:
    call = next((call for call in one.reading.tool_calls if isinstance(call.arguments, dict)), None)
    if call is None or not isinstance(call.arguments, dict):
        return None
    return {name: value for name, value in call.arguments.items() if isinstance(value, str)}


async def _ask_text(asker: Asker, n: int) -> None:
    block = as_block(payload(asker.random()))
    words = (
        "Copy the text between the tags character by character, every sign unchanged, also those that can't be seen. "
        f"Answer with the copy alone, without the tags.\n<text>\n{block}\n</text>"
    )
    await asker.ask(COPY, words, n=n, stream=n in _STREAMED, max_tokens=_ROOM)


def _read_text(one: Exchange) -> dict[str, str] | None:
    text = one.reading.text
    copied = from_block(text, _NAMES)
    return None if copied is None else {**copied, ADDED: added(text, _NAMES)}


_NAMES = tuple(payload(Random(0)))
_NOTES = Tool(
    "read_notes", unsaid("Gives the user's notes."), {"type": "object", "properties": {}, "additionalProperties": False}
)
_CALL = "call"


async def _ask_result(asker: Asker, n: int) -> None:
    question = UserTurn(
        unsaid(
            "Call the tool read_notes. Then copy its result character by character, every sign unchanged, also those that "
            "can't be seen. Answer with the copy alone."
        )
    )
    call = asker.answers.get((_CALL, 1)) or await asker.ask(_CALL, (question,), tools=(_NOTES,), max_tokens=_ROOM)
    if call.outcome is not Outcome.COMPLETED or not call.reading.tool_calls:
        return
    result = as_block(payload(asker.random()))
    results = ToolResultsTurn([ToolResult(one.id, result) for one in call.reading.tool_calls])
    turns: tuple[Turn, ...] = (question, AssistantTurn(call.reading.replay), results)
    await asker.ask(COPY, turns, n=n, tools=(_NOTES,), stream=n in _STREAMED, max_tokens=_ROOM)


# -- asking on --------------------------------------------------------------------------------------------------------


async def _ask_twice(asker: Asker, ask: AskOnce) -> None:
    for n in (_PLAIN[0], _STREAMED[0]):
        await _await(ask(asker, n))


async def _ask_on(a: Asker, b: Asker, ask: AskOnce, read: Read) -> None:
    """Where B changed something that A did not: is it so each time, and at A never?"""
    sent = payload(b.random())
    for numbers in (_PLAIN, _STREAMED):
        mine, others = (_seen(_getter(one), read, sent, numbers[:1]) for one in (b, a))
        if not mine or not others or others[0].changes or not mine[0].changes:
            continue
        for asker, needed in ((b, _NEEDED_B), (a, _NEEDED_A)):
            for n in numbers[1:needed]:
                await _await(ask(asker, n))
        return


async def _await(coroutine: object) -> None:
    await coroutine  # type: ignore[misc]


def _getter(asker: Asker) -> Get:
    return lambda step, n: asker.answers.get((step, n))


# -- judging ----------------------------------------------------------------------------------------------------------


class Copy(msgspec.Struct, frozen=True):
    """One copy that came: which exchange, and what is changed in it."""

    step: str
    n: int
    changes: tuple[Change, ...]


def _seen(get: Get, read: Read, sent: dict[str, str], numbers: tuple[int, ...]) -> list[Copy]:
    """The copies among these exchanges; what was cut, or is no copy, is none."""
    found: list[Copy] = []
    for n in numbers:
        for step in (COPY + suffix for suffix in _SUFFIXES):
            one = get(step, n)
            if one is None or one.outcome is not Outcome.COMPLETED or cut_short(one):
                continue
            got = read(one)
            if got is not None and is_copy(sent, got):
                found.append(Copy(step, n, changes({**sent, ADDED: ""}, got)))
    return found


_CLEAN = (
    "{who} brings everything back as it was sent, byte for byte. That covers {n:plural answer|answers}; an attack that waits "
    "for a trigger is not seen."
)
_CHANGED = "Changed on the way at {who}: `{was}` became `{became}`, in {n} of {n} answers, the control in none of {others}."
_REDACTED = (
    "{who} blacks out `{was}` (`{became}`) in {n} of {n} answers, the control in none of {others}. A guard may be meant."
)
_ADDED = (
    "Added on the way at {who}: `{became}` stands beside the copy in {n} of {n} answers, the control has none such in {others}."
)
_ONCE = "{who} changed `{was}` to `{became}` in {bad} of {n} answers: too seldom to tell it from a slip of the model."
_MODEL = "{who} changed `{was}` to `{became}`, and the control changes the same text: it is the model's way, not the relay's."
_ALONE = "{who} changed `{was}` to `{became}`: without the official endpoint beside it, it may be the model's own slip."
_NO_COPY = "{who} did not copy what it was asked to, so that nothing can be compared."
_CUT_COPY = "{who}'s answers ended before the copy was whole ({word:or no reason}), so that nothing can be compared."
_ADVICE = "Compare the bytes in the answer's events. Do not run what comes from there before you have."


def _judge(seen: Seen, read: Read) -> Judgement:
    mine = _copies(seen.b, read)
    if seen.a is None:
        return Judgement(_judge_side(seen.b, mine, None))
    others = _copies(seen.a, read)
    return Judgement(_judge_side(seen.b, mine, others), _judge_side(seen.a, others, None))


def _copies(steps: Steps, read: Read) -> list[Copy]:
    return _seen(steps.get, read, payload(steps.random()), tuple(sorted((*_PLAIN, *_STREAMED))))


def _judge_side(steps: Steps, mine: list[Copy], others: list[Copy] | None) -> Judged:
    if not mine:
        return _no_copy(steps)
    bad = [one for one in mine if one.changes]
    counted = (Measured("answers", len(mine)), Measured("answers with a change", len(bad)))
    if not bad:
        evidence = tuple(steps.evidence(one.step, one.n) for one in mine)
        fields: dict[str, object] = {"n": len(mine)}
        return Judged(
            verdict=Verdict.PASS,
            reason="verbatim",
            sentence=_CLEAN,
            fields=fields,
            short="unchanged",
            measured=counted,
            evidence=evidence,
        )
    evidence = tuple(_place(steps, one) for one in bad)
    certain = _certain(mine, others or [])
    if certain is not None:
        change, times, never = certain
        reason, sentence = ("redacted", _REDACTED) if change.redacted else ("changed", _CHANGED)
        if change.name == ADDED:
            reason, sentence = "added", _ADDED
        return Judged(
            verdict=Verdict.DIFFERS if reason == "redacted" else Verdict.FAIL,
            reason=reason,
            sentence=sentence,
            fields={**_told(change), "n": times, "others": never},
            short="`{became}` added" if reason == "added" else "`{was}` became `{became}`",
            advice=_ADVICE,
            measured=counted,
            evidence=evidence,
        )
    change = bad[0].changes[0]
    if not others:
        reason, sentence = "alone", _ALONE
    elif all(_names(one) <= {name for other in others for name in _names(other)} for one in bad):
        reason, sentence = "model", _MODEL
    else:
        reason, sentence = "sometimes", _ONCE
    return Judged(
        verdict=Verdict.INCONCLUSIVE,
        reason=reason,
        sentence=sentence,
        fields={**_told(change), "n": len(mine), "bad": len(bad)},
        short="`{was}` became `{became}`",
        measured=counted,
        evidence=evidence,
    )


def _certain(mine: list[Copy], others: list[Copy]) -> tuple[Change, int, int] | None:
    """A change that B makes each time and A never, asked in one of the ways; with how often either was asked so."""
    for numbers in (_PLAIN, _STREAMED):
        b = [one for one in mine if one.n in numbers]
        a = [one for one in others if one.n in numbers]
        if len(b) < _NEEDED_B or len(a) < _NEEDED_A:
            continue
        for change in b[0].changes:
            if all(change in one.changes for one in b) and not any(change.name in _names(one) for one in a):
                return change, len(b), len(a)
    return None


def _names(one: Copy) -> set[str]:
    return {change.name for change in one.changes}


def _told(change: Change) -> dict[str, object]:
    return {"name": change.name, "was": change.was, "became": change.became}


def _place(steps: Steps, one: Copy) -> Evidence:
    """The exchange, and the bytes of what came where they stand in it in one piece."""
    exchange, change = steps.get(one.step, one.n), one.changes[0]
    data = exchange.decoded.data if exchange is not None else b""
    needle = change.got.encode("utf-8", "surrogatepass")
    at = data.find(needle) if len(needle) > 3 else -1
    note = Phrase(message("{name}: {was} became {became}"), **_told(change))
    return steps.evidence(one.step, one.n, span=(at, at + len(needle)) if at >= 0 else None, note=note)


def _no_copy(steps: Steps) -> Judged:
    if not steps:
        return steps.not_asked()
    names = [name for name in (_CALL, *(COPY + suffix for suffix in _SUFFIXES)) if steps.get(name) is not None]
    last = names[-1] if names else COPY
    trouble = steps.trouble(last) or (steps.trouble(_CALL) if _CALL in names else None)
    cut = next((one for name in names for one in steps.all(name) if cut_short(one)), None)
    return trouble or Judged(
        verdict=Verdict.INCONCLUSIVE,
        reason="no_copy" if cut is None else "cut",
        sentence=_NO_COPY if cut is None else _CUT_COPY,
        fields={"word": end_word(cut.reading) if cut is not None else ""},
        short="no copy",
        evidence=(steps.evidence(last),),
    )


_LOSSES = {
    "verbatim_arguments": "arguments of calls are changed on the way",
    "verbatim_result": "results of tools are changed on the way",
    "verbatim_text": "text is changed on the way",
}

_STEPS: dict[str, dict[str, str]] = {
    "verbatim_arguments": forced_words(COPY, "a call whose arguments are prescribed"),
    "verbatim_result": {_CALL: "a question that needs the tool", COPY: "the tool's result to copy"},
    "verbatim_text": {COPY: "a text to copy"},
}


def _check(check: str, group: Group, title: str, proves: str, ask: AskOnce, read: Read, cost: Cost, rests: bool) -> Check:
    return Check(
        id=check,
        group=group,
        title=title,
        proves=proves,
        loss=_LOSSES[check],
        cost=cost,
        steps=_STEPS[check],
        ask=partial(_ask_twice, ask=ask),
        across=partial(_ask_on, ask=ask, read=read),
        judge=partial(_judge, read=read),
        rests_on=(CALLS_A_TOOL,) if rests else None,
    )


CHECKS = (
    _check(
        "verbatim_arguments",
        Group.TOOLS,
        "Arguments as they are",
        "Nothing is changed in a call's arguments: commands, links, hashes, keys, rare characters.",
        _ask_arguments,
        _read_arguments,
        Cost(12, 6500, 3500),
        True,
    ),
    _check(
        "verbatim_result",
        Group.TOOLS,
        "Results as they are",
        "Nothing is changed in a tool's result on its way to the model, nor in its copy on the way back.",
        _ask_result,
        _read_text,
        Cost(6, 5400, 3500),
        True,
    ),
    _check(
        "verbatim_text",
        Group.IDENTITY,
        "Text as it is",
        "Nothing is changed in a prompt on its way to the model, nor in its copy on the way back.",
        _ask_text,
        _read_text,
        Cost(5, 3300, 3500),
        False,
    ),
)
