"""What the end of a Messages answer shows to be wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.protocols.any.repeats import Part, findings_of_parts
from app.protocols.findings import NOWHERE, Finding
from app.protocols.messages import rules, rules_content
from app.protocols.messages.answer import Answer, Unnamed
from app.protocols.messages.block_checks import check_block
from app.protocols.messages.blocks import REDACTED, TEXT, THINKING, Block
from app.protocols.messages.grammar import State

_CUT_REASONS = ("max_tokens", "refusal", "model_context_window_exceeded")
_MAY_BE_CUT = (*_CUT_REASONS, None, "length", "content_filter", "MAX_TOKENS", "SAFETY", "error")
_REASONS = (*_CUT_REASONS, "end_turn", "stop_sequence", "tool_use", "pause_turn", "compaction")
_FOREIGN_REASONS = dict.fromkeys(("stop", "length", "tool_calls", "content_filter", "function_call"), "OpenAI") | dict.fromkeys(
    ("STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "MALFORMED_FUNCTION_CALL"), "Gemini"
)
_END_EVENTS = ("message_delta", "message_stop")
_FINISHED_REASONS = ("end_turn", "stop", "STOP")
_BROKE_OFF = {State.START: "start", State.BLOCK: "block", State.ENDING: "ending"}  # variants; between two blocks: none


def verdicts(answer: Answer) -> Iterator[Finding]:
    """The findings that only the end shows."""
    wrapped = None if answer.grammar.started or answer.early else answer.wrapped
    if not answer.foreign and not wrapped:
        yield from _of_names(answer.unnamed, answer.events - answer.marks)
    if wrapped:
        yield Finding.of(rules.WRAPPED, wrapped.place, variant=wrapped.variant, name=wrapped.name)
    elif answer.foreign:
        yield Finding.of(rules.OTHER_PROTOCOL, answer.foreign.place, protocol=answer.foreign.what)
    elif not answer.whole:
        yield from _of_end(answer)
    if answer.blocks or answer.reading.ended:
        yield from _of_content(answer)


def _of_names(unnamed: Unnamed, events: int) -> Iterator[Finding]:
    """What the SDKs make of events without a name; `events` came in all, without what only marks an end in another protocol."""
    first = unnamed.needed or unnamed.missed
    if first is None:
        if (filler := unnamed.filler) is not None:
            yield Finding.of(rules.FILLER_UNNAMED, filler.place, variant="" if filler.what else "untyped", text=filler.what)
        return
    all_unnamed = unnamed.count == events  # the SDKs see nothing, whatever the events are
    rule = rules.NO_EVENT_NAMES if unnamed.needed or all_unnamed else rules.SOME_NAMES_MISSING
    place, variant = first.place, ""
    if all_unnamed:
        seen = (one.place for one in (unnamed.needed, unnamed.missed, unnamed.filler) if one is not None)
        place, variant = min(seen, key=lambda one: one.event or 0), "all"
    yield Finding.of(rule, place, variant=variant, count=unnamed.count, events=events, event_type=first.what)


def _of_end(answer: Answer) -> Iterator[Finding]:
    grammar, reading, early = answer.grammar, answer.reading, answer.early
    if not grammar.started and early:
        variant = "end" if early.what in _END_EVENTS else ""
        yield Finding.of(rules.NO_MESSAGE_START, early.place, variant=variant, event=early.place.event, event_type=early.what)
    if not grammar.over and answer.events:
        broke_off = _BROKE_OFF.get(grammar.state, "")
        yield Finding.of(rules.NO_MESSAGE_STOP, answer.last, variant=broke_off, reason=reading.stop_reason)
    if reading.ended and reading.stop_reason not in _CUT_REASONS:
        for block in answer.blocks:
            if not block.closed:
                yield Finding.of(rules.BLOCK_NOT_CLOSED, block.place, index=block.index, kind=block.kind)


def _of_content(answer: Answer) -> Iterator[Finding]:
    failed = answer.grammar.state is State.FAILED
    yield from _of_reason(answer)
    if not failed:
        yield from _of_blocks(answer)
        yield from _of_thinking(answer)
        yield from _of_calls(answer)
    yield from _of_usage(answer, complete=answer.reading.ended and not failed)


def _of_reason(answer: Answer) -> Iterator[Finding]:
    reason, place = answer.reading.stop_reason, answer.stopped
    if reason is None:
        if answer.reading.ended or (answer.whole and answer.blocks):
            variant = {None: "no_delta", "": "absent"}.get(answer.no_reason, "")
            yield Finding.of(rules_content.NO_STOP_REASON, place, variant=variant, reason=answer.no_reason)
    elif reason in _FOREIGN_REASONS:
        yield Finding.of(rules_content.REASON_FOREIGN, place, reason=reason, vendor=_FOREIGN_REASONS[reason])
    elif reason not in _REASONS:
        yield Finding.of(rules_content.REASON_UNKNOWN, place, reason=reason[:60])
    if reason is not None and answer.no_reason is not None:
        variant = "" if answer.no_reason else "absent"
        yield Finding.of(rules_content.STOP_REASON_TAKEN_BACK, place, variant=variant, first=reason, reason=answer.no_reason)
    if (first := answer.first_reason) is not None and first != reason:
        yield Finding.of(rules_content.STOP_REASON_CHANGED, place, first=repr(first)[:60], last=repr(reason)[:60])


def _of_blocks(answer: Answer) -> Iterator[Finding]:
    """The last block may have been cut, legally at max_tokens, or because the stream broke off (A5 says so). One that others
    follow was not, whether it was closed or not.
    """
    blocks = answer.blocks
    yield from findings_of_parts(Part(*_words(block), block.place) for block in blocks)
    for block in blocks:
        ended = answer.reading.ended
        cut = block is blocks[-1] and (not ended or answer.reading.stop_reason in _MAY_BE_CUT)
        cut = cut or not (ended or block.closed)
        yield from check_block(block, may_be_cut=cut)
        if block.closed and block.kind == TEXT and not block.text.strip() and len(blocks) > 1 and not cut:
            variant = "blank" if block.text else ""
            yield Finding.of(rules_content.TEXT_EMPTY, block.end, variant=variant, index=block.index)


def _words(block: Block) -> tuple[str, str]:
    if block.kind == THINKING:
        return "reasoning", block.thinking
    return ("text", block.text) if block.kind == TEXT else ("", "")


def _of_thinking(answer: Answer) -> Iterator[Finding]:
    blocks = answer.blocks
    thinking = [block for block in blocks if block.kind in (THINKING, REDACTED)]
    if thinking and thinking[0] is not blocks[0] and blocks[0].kind == TEXT:
        yield Finding.of(rules_content.THINKING_LATE, thinking[0].place, number=blocks.index(thinking[0]))


def _of_calls(answer: Answer) -> Iterator[Finding]:
    calls, reason = answer.reading.tool_calls, answer.reading.stop_reason
    blocks = [block for block in answer.blocks if block.call_number is not None]
    for call_id, count in Counter(call.id for call in calls if call.id).items():
        if count > 1:
            places = [block.place for block in blocks if block.start.get("id") == call_id]
            place = places[-1] if places else NOWHERE
            yield Finding.of(rules_content.CALL_ID_UNUSABLE, place, count=count, id=call_id[:60])
    opened = sum(block.opened for block in blocks)
    if opened and reason in _FINISHED_REASONS:
        yield Finding.of(rules_content.REASON_DENIES_CALLS, answer.stopped, reason=reason, count=opened)
    elif reason == "tool_use" and not calls:
        yield Finding.of(rules_content.REASON_DENIES_CALLS, answer.stopped, variant="none")


def _of_usage(answer: Answer, *, complete: bool) -> Iterator[Finding]:
    reading, usage = answer.reading, answer.usage
    characters = len(reading.text) + sum(len(call.arguments_text) + len(call.name) for call in reading.tool_calls)
    refused = reading.stop_reason == "refusal"  # what was refused may not be counted
    yield from usage.findings(characters=0 if refused else characters, complete=complete)
    told = answer.whole or answer.saw_message_delta or reading.stop_reason is not None
    if complete and told and not usage.output_was_said and (usage.raw or not answer.whole):
        yield Finding.of(rules_content.OUTPUT_UNSAID, answer.stopped, variant=_no_output(answer))


def _no_output(answer: Answer) -> str:
    if answer.whole:
        return "whole"
    if not answer.saw_message_delta:
        return "no_delta"
    return "no_count" if answer.usage.last != NOWHERE else ""
