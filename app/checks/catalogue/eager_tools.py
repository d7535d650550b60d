"""Fine-grained tool streaming of Messages: a tool's arguments come as they are written, in many small pieces, where the vendor
otherwise collects a value until it is whole.

It is asked for by `eager_input_streaming` on the tool, or by an older beta header for all tools: a gateway may pass on the one
and not the other. Needed for a verdict: pieces as coarse as without it in three answers, where the control's are finer. Known
false alarms: a gateway that collects pieces anyhow (told by `pace`; the consequence is the same). Arguments in this mode need
not be valid JSON by the vendor's word, so that those which are not count only where the control's are, three times.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from app.checks.asker import Asker
from app.checks.catalogue.betas import with_beta
from app.checks.catalogue.tools import CALLS_A_TOOL
from app.checks.check import FREE, Check, Cost, Group, Judge
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, beside
from app.checks.tries import cut_short, refusal
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import Tool
from app.protocols.ids import MESSAGES
from app.text.json_text import decode_json
from app.text.sentences import Phrase, message, unsaid

_ID = "eager_field"
_BETA = "fine-grained-tool-streaming-2025-05-14"
_WITHOUT, _FIELD, _HEADER = "without", "field", "header"
_TRIES = 3
_FINER = 2  # times as many pieces
_FEWEST = 4
_ROOM = 2048

_KEEP = Tool(
    "keep_note",
    unsaid("Keeps a note."),
    {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"], "additionalProperties": False},
)
_NOTE = unsaid(
    "The harbour of {nonce} opens at six. Boats with nets go out first, those with guests an hour later; whoever comes back "
    "before noon finds the scales free, and the ice is free for all who ask for it by name. Letters lie in the office until "
    "Friday, and dogs are welcome on the north pier alone."
)

_FINE = "{who} streams arguments as they are written where {how} asks for it: {pieces:plural piece|pieces}, {usual} without."
_BUFFERED = (
    "{who} **streams arguments no finer than without it** though {how} asks for it ({pieces:plural piece|pieces}, {usual} "
    "without), where the control has {theirs}: it is lost on the way, and large arguments come late."
)
_REFUSED = "{who} **refuses {how}**, which the control takes: {said:quoted without a word}."
_UNABLE = "{who} does not take {how} for this model: {said:quoted without a word}."
_NOT_JSON = "{who} streams arguments that are no JSON object where {how} asks for them to be streamed as they are written."
_NOT_SHOWN = "{who}'s arguments come in {pieces:plural piece|pieces} with {how} and {usual} without, so that it does not show."
_CUT = "{who} made no whole call, so that nothing can be said of its pieces."
_HOW: Mapping[str, str] = {
    _FIELD: "`eager_input_streaming`",
    _HEADER: Phrase(message("the beta header for fine-grained tool streaming")),
}
_ADVICE = "Have tools and the anthropic-beta header passed on unchanged; until then set longer time limits between pieces."


async def _ask(asker: Asker) -> None:
    for step in (_WITHOUT, _FIELD, _HEADER):
        one = await _ask_once(asker, step, 1)
        if step == _WITHOUT and one.outcome is not Outcome.COMPLETED:
            return


async def _ask_once(asker: Asker, step: str, n: int) -> Exchange:
    words = f"Use the keep_note tool to keep exactly this: “{_NOTE.format(nonce=asker.nonce)}”"
    how: dict[str, Any] = {}
    if step == _FIELD:
        tool = {"name": _KEEP.name, "description": _KEEP.description, "input_schema": _KEEP.parameters}
        how["extra"] = {"tools": [tool | {"eager_input_streaming": True}]}
    elif step == _HEADER:
        how["target"] = with_beta(asker.target, _BETA)
    return await asker.ask(step, words, n=n, tools=(_KEEP,), stream=True, max_tokens=_ROOM, **how)


async def _ask_more(a: Asker, b: Asker) -> None:
    """B's pieces are no finer where A's are: is it so each time?"""
    for step in (_FIELD, _HEADER):
        mine, theirs, usual = _answer(b, step), _answer(a, step), _answer(b, _WITHOUT)
        if mine is None or theirs is None or not _is_fine(theirs, None, _answer(a, _WITHOUT)):
            continue
        for n in range(2, _TRIES + 1):
            if mine.outcome is not Outcome.COMPLETED or _is_fine(mine, pieces(theirs), usual):
                break
            mine = await _ask_once(b, step, n)


def _answer(asker: Asker, step: str) -> Exchange | None:
    """The first answer of a step; None where none came."""
    one = asker.answers.get((step, 1))
    return one if one is not None and one.outcome is Outcome.COMPLETED else None


def pieces(one: Exchange) -> int:
    """In how many pieces the arguments of its calls came."""
    return sum(map(_has_arguments, (one.events.event(index).data for index in range(len(one.events)))))


def _has_arguments(data: bytes) -> bool:
    if b"input_json_delta" not in data:
        return False
    try:
        document = decode_json(data)
    except ValueError:
        return False
    delta = document.get("delta") if isinstance(document, dict) else None
    return isinstance(delta, dict) and delta.get("type") == "input_json_delta" and bool(delta.get("partial_json"))


def _finer(count: int, usual: int) -> bool:
    return count >= max(_FINER * usual, _FEWEST)


def _is_fine(one: Exchange, theirs: int | None, usual: Exchange | None) -> bool:
    """Whether arguments came whole, and finer than usual or about as fine as the control's."""
    calls = one.reading.tool_calls
    if not calls or not isinstance(calls[0].arguments, dict):
        return False
    count = pieces(one)
    return (usual is not None and _finer(count, pieces(usual))) or (theirs is not None and _FINER * count >= theirs >= _FEWEST)


def _judging(way: str) -> Judge:
    def judge(steps: Steps, control: Steps | None) -> Judged:
        return _judge(steps, control, way)

    return beside(judge)


def _judge(steps: Steps, control: Steps | None, way: str) -> Judged:
    if (trouble := steps.trouble(_WITHOUT) or steps.hindered(way)) is not None:
        return trouble
    usual, theirs = steps[_WITHOUT], _theirs(control, way)
    if steps.refused(way):
        return _refused(steps, way, control is not None and control.completed(way))
    tries = [(n, one) for n in range(1, _TRIES + 1) if (one := steps.get(way, n)) is not None]
    done = [(n, one) for n, one in tries if one.outcome is Outcome.COMPLETED and one.reading.tool_calls and not cut_short(one)]
    if not done or not usual.reading.tool_calls:
        return _judged(steps, way, 1, Verdict.INCONCLUSIVE, "no_call", _CUT, {})
    fields: dict[str, object] = {"pieces": pieces(done[0][1]), "usual": pieces(usual), "theirs": theirs}
    fine = next((n for n, one in done if _is_fine(one, theirs, usual)), 0)
    if fine:
        fields["pieces"] = pieces(dict(done)[fine])
        return _judged(steps, way, fine, Verdict.PASS, "fine", _FINE, fields)
    if theirs is None or len(done) < _TRIES:
        return _judged(steps, way, 1, Verdict.INCONCLUSIVE, "not_shown", _NOT_SHOWN, fields)
    if not any(isinstance(one.reading.tool_calls[0].arguments, dict) for _, one in done):
        return _judged(steps, way, 1, Verdict.FAIL, "not_json", _NOT_JSON, fields)
    return _judged(steps, way, 1, Verdict.FAIL, "buffered", _BUFFERED, fields, advice=_ADVICE)


def _theirs(control: Steps | None, way: str) -> int | None:
    """How many pieces the control's arguments come in; None where it does not show there either."""
    if control is None:
        return None
    usual, one = control.get(_WITHOUT), control.get(way)
    return pieces(one) if one is not None and usual is not None and _is_fine(one, None, usual) else None


def _refused(steps: Steps, way: str, taken: bool) -> Judged:
    found = refusal(steps, way, unsupported="" if taken else _UNABLE)
    return msgspec.structs.replace(
        found, sentence=_REFUSED if taken else _UNABLE, fields={**found.fields, "how": _HOW[way], "said": found.said}
    )


def _judged(
    steps: Steps,
    way: str,
    n: int,
    verdict: Verdict,
    reason: str,
    sentence: str,
    fields: dict[str, object],
    advice: str = "",
) -> Judged:
    counts = [Measured(name, fields[key], "pieces") for key, name in _COUNTS.items() if key in fields]  # type: ignore[arg-type]
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        fields=fields | {"how": _HOW[way]},
        short="{pieces} against {usual} pieces" if fields else "",
        advice=advice,
        measured=tuple(counts),
        evidence=(steps.evidence(way, n), steps.evidence(_WITHOUT)),
    )


_COUNTS = {"pieces": message("with it"), "usual": message("without"), "theirs": message("the control's with it")}

CHECKS = (
    Check(
        id=_ID,
        group=Group.ADVANCED,
        title="Fine-grained tool streaming",
        proves="Arguments of a tool with eager_input_streaming are streamed as they are written.",
        loss="large arguments of tools come late",
        cost=Cost(7, 7 * 420, 7 * 200),
        steps={
            _WITHOUT: "a note to keep with a tool, streamed",
            _FIELD: "the same, with eager_input_streaming",
            _HEADER: "the same, with the beta header",
        },
        ask=_ask,
        across=_ask_more,
        judge=_judging(_FIELD),
        protocols=(MESSAGES,),
        rests_on=(CALLS_A_TOOL,),
    ),
    Check(
        id="eager_header",
        group=Group.ADVANCED,
        title="Fine-grained tool streaming by header",
        proves="Arguments are streamed as they are written where the older beta header asks for it.",
        loss="large arguments of tools come late",
        cost=FREE,
        judge=_judging(_HEADER),
        protocols=(MESSAGES,),
        reads=(_ID,),
        rests_on=(CALLS_A_TOOL,),
    ),
)
