"""Checks on one content block of a Messages answer: when it starts, when a delta comes for it, and when the answer is over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.protocols.errors.body import read_error_value
from app.protocols.findings import Finding, Place, Rule
from app.protocols.messages import rules, rules_content
from app.protocols.messages.blocks import REDACTED, SERVER_TOOL_USE, TEXT, THINKING, TOOL_USE, Block, Json, as_text
from app.protocols.shared.arguments import repeat_in
from app.text.json_text import decode_json, encode_json, mend_surrogates

# What converters write for the API's own kinds of delta and block. Any other unknown kind may be newer than this program.
_MADE_UP_DELTAS = ("", "text", "thinking", "tool_use", "input_json", "json_delta", "reasoning", "reasoning_delta", "content")
_MADE_UP_BLOCKS = ("output_text", "input_text", "reasoning", "refusal", "function", "function_call", "tool_call")
_REASONING_FIELDS = ("reasoning_content", "reasoning")  # of Chat Completions
_JSON_TYPES = {str: "string", list: "array", bool: "boolean", type(None): "null"}
_USABLE_ID = re.compile(r"[a-zA-Z0-9_-]+")


def check_head(message: Json, missing: list[str], place: Place) -> Iterator[Finding]:
    """Findings of a message's own fields. `missing`: those that it lacks."""
    if missing:
        yield Finding.of(rules.FIELDS_MISSING, place, names=", ".join(missing))
    role, kind = message.get("role"), message.get("type")
    if isinstance(role, str) and role != "assistant":
        yield Finding.of(rules.ROLE_WRONG, place, found=repr(role)[:60])
    if isinstance(kind, str) and kind != "message":
        yield Finding.of(rules.FIELD_ODD, place, variant="message", field="type", found=f'"{kind[:40]}"')


def check_beside(holder: Json, index: int | None = None) -> Iterator[Finding]:
    """What stands beside the content of an unstreamed message, or in one of its blocks, where no SDK looks for it."""
    field = next((name for name in _REASONING_FIELDS if as_text(holder.get(name)).strip()), None)
    if field is not None and holder.get("type") not in (THINKING, *_MADE_UP_BLOCKS):
        variant = "whole" if index is None else "whole_block"
        yield Finding.of(rules_content.MADE_UP_TYPE, variant=variant, kind=field, text=_short(holder[field]), index=index)
    if index is None and (error := read_error_value(holder.get("error"))):
        yield Finding.of(rules.ERROR_BESIDE, message=error.beginning)


def check_start(block: Block) -> Iterator[Finding]:
    """Findings of what it started as (of an unstreamed answer: of the fields that every block must have)."""
    place, index, kind = block.place, block.index, block.kind
    if not kind:
        yield Finding.of(rules.FIELDS_MISSING, place, variant="in_block", name="type", index=index)
    elif kind in _MADE_UP_BLOCKS:
        variant = "reasoning_block" if kind == "reasoning" else "block"
        yield Finding.of(rules_content.MADE_UP_TYPE, place, variant=variant, index=index, kind=kind)
    given = block.start.get("input", {})
    if kind == TOOL_USE and not block.whole and not isinstance(given, dict):
        found = encode_json(given).decode()[:40]
        yield Finding.of(rules.FIELD_ODD, place, field="input", event_type="content_block_start", found=found)
    if kind not in (TEXT, THINKING):
        return
    words = block.start.get(kind)
    if not isinstance(words, str):
        if block.whole:
            yield Finding.of(rules.FIELDS_MISSING, place, variant="in_block", name=kind, index=index)
        else:
            yield Finding.of(rules.FIELD_WRONG, place, variant="of_block", field=kind, index=index)
    elif words and not block.whole:
        yield Finding.of(rules_content.TEXT_IN_BLOCK_START, place, index=index, text=_short(words))


def check_unknown_delta(index: int, kind: str, delta: object, place: Place) -> Iterator[Finding]:
    """A delta of a type that the API does not have, with words that should have come in one of its own types.

    Nothing where the type may be newer than this program.
    """
    if kind not in _MADE_UP_DELTAS or not isinstance(delta, dict):
        return
    words = next((one for name, one in delta.items() if name != "type" and isinstance(one, str) and one), "")
    if words:
        variant = "" if kind else "untyped"
        yield Finding.of(rules_content.MADE_UP_TYPE, place, variant=variant, index=index, delta_type=kind, text=_short(words))


def check_block(block: Block, *, may_be_cut: bool) -> Iterator[Finding]:
    """Findings of a block when the answer is over. `may_be_cut`: the answer legally broke off in it (max_tokens, refusal)."""
    if block.kind == THINKING and not may_be_cut:
        yield from _check_signature(block)
    elif block.kind == REDACTED and not as_text(block.start.get("data")):
        yield Finding.of(rules_content.REDACTED_EMPTY, block.end, index=block.index)
    elif block.kind == TOOL_USE:
        yield from _check_call(block, may_be_cut=may_be_cut)
    elif block.kind == SERVER_TOOL_USE and not may_be_cut:
        yield from _check_arguments(block)
    for field, name in ((TEXT, "text"), (THINKING, "reasoning")):
        if field in block.repeats or block.kind == field:
            yield from block.watch(field).findings(block.text if field == TEXT else block.thinking, name)
    if block.begun_again is not None:
        variant = "whole" if block.kind == TOOL_USE and block.call().parsed else ""
        yield Finding.of(rules.BLOCK_BEGUN_AGAIN, block.begun_again, variant=variant, index=block.index, kind=block.kind)


def _check_signature(block: Block) -> Iterator[Finding]:
    rule, place, index = rules_content.SIGNATURE_UNUSABLE, block.end, block.index
    if not block.signature:
        empty = "signature" in block.start or block.signature_came
        yield Finding.of(rule, place, variant="empty" if empty else "", index=index)
    elif len(set(block.signatures)) > 1:
        yield Finding.of(rule, place, variant="pieces", index=index, count=len(block.signatures))
    elif len(block.signatures) > 1:
        yield Finding.of(rules_content.SIGNATURE_TWICE, place, index=index, count=len(block.signatures))
    elif block.signature_came and not block.signatures:
        yield Finding.of(rule, place, variant="stray", index=index)


def _check_call(block: Block, *, may_be_cut: bool) -> Iterator[Finding]:
    name, call_id = as_text(block.start.get("name")), block.start.get("id")
    if block.opened and not name:
        yield Finding.of(rules_content.CALL_UNNAMED, block.end, index=block.index)
    if block.opened and (not isinstance(call_id, str) or not _USABLE_ID.fullmatch(call_id)):
        yield _of_call(rules_content.CALL_ID_UNUSABLE, block, "odd" if call_id else "none", id=repr(call_id)[:60])
    if not may_be_cut:
        yield from _check_arguments(block)
    if not block.whole:
        yield from _check_streaming(block)


def _check_arguments(block: Block) -> Iterator[Finding]:
    """Arguments must be a JSON object."""
    rule, given, text = rules_content.ARGUMENTS_NO_OBJECT, block.start.get("input"), block.input_text
    if block.streamed_blank:
        yield _of_call(rule, block, "blank")
    elif not isinstance(given, dict) and not block.streamed_input:
        variant = "missing" if given is None else "type"
        yield _of_call(rule, block, variant, type=_JSON_TYPES.get(type(given), "number"))
    elif text.strip():
        try:
            value = decode_json(text)
        except ValueError:
            how = repeat_in(text, block.few("partial_json"))
            yield _of_call(rule, block, "repeated" if how else "not_json", text=_short(text), **({"how": how} if how else {}))
        else:
            if not isinstance(value, dict):
                yield _of_call(rule, block, "no_object", text=_short(text))


def _of_call(rule: Rule, block: Block, variant: str, **fields: object) -> Finding:
    """A finding of a call, which its sentence calls by its tool's name where there is one."""
    name = as_text(block.start.get("name"))
    named = variant if name else f"unnamed_{variant}"
    return Finding.of(rule, block.end, variant=named, name=name, index=block.index, **fields)


def _check_streaming(block: Block) -> Iterator[Finding]:
    pieces, given = block.few("partial_json"), block.start.get("input")
    if given and not pieces:
        yield Finding.of(rules_content.ARGUMENTS_AT_ONCE, block.end, index=block.index)
    elif given and isinstance(given, dict) and not block.streamed_blank:
        yield from _of_both(block, given)
    elif len(pieces) == 1 and len(pieces[0]) > 2:
        yield Finding.of(rules_content.ARGUMENTS_AT_ONCE, block.end, variant="one_delta", index=block.index)


def _of_both(block: Block, given: Json) -> Iterator[Finding]:
    """What stands in the block's start as well as in pieces behind it.

    Of pieces that were cut nobody knows what they would have said; others that are no JSON have a finding of their own.
    """
    index, whole, call = block.index, _short(encode_json(given).decode()), block.call()
    if block.closed and not block.streamed_input:
        yield Finding.of(rules_content.ARGUMENTS_AND_EMPTY_PIECE, block.end, index=index, whole=whole)
    elif call.parsed and call.arguments == given:
        yield Finding.of(rules_content.ARGUMENTS_TWICE, block.end, index=index, whole=whole)
    elif call.parsed:
        text = _short(block.input_text)
        yield Finding.of(rules_content.ARGUMENTS_REPLACED, block.end, index=index, whole=whole, text=text)


def _short(text: str) -> str:
    return mend_surrogates(text if len(text) <= 80 else f"{text[:50]} … {text[-25:]}")
