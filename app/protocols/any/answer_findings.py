"""Checks on an answer that need the request or the whole text, whatever the protocol."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.protocols.any import rules as found
from app.protocols.any import rules_end
from app.protocols.any.call_findings import findings_of_calls
from app.protocols.any.end_findings import findings_of_end, limit_of, offered_none_called
from app.protocols.base import Protocol
from app.protocols.ends import AnswerEnd, end_of
from app.protocols.errors.as_text import looks_like_error
from app.protocols.findings import NOWHERE, Finding, Place
from app.protocols.reading import Reading
from app.protocols.registry import info
from app.text.json_text import decode_json
from app.text.visible import one_line

_THINK_TAG = re.compile(r"\s*<(think|thinking|reasoning|thought)>", re.IGNORECASE)
# Templates that open the tag themselves: only its end is the model's own, on a line for itself.
_THINK_END = re.compile(r"\n</(think|thinking)>[^\S\n]*\n", re.IGNORECASE)
_CONTROL_START = re.compile(r"\s*(<\|(?:channel|im_start|start_header_id|start|assistant)\|>)")
_CONTROL_END = re.compile(
    r"(<\|(?:im_end|eot_id|endoftext|end|eom_id|end_of_text|return|call|end_of_turn|user|observation)\|>|</s>"
    r"|<｜end▁of▁sentence｜>|<end_of_turn>|<eos>|\[e~\[)\s*\Z"
)
_MAX_MOJIBAKE_CHARACTERS = 200_000
_CP1252 = {  # what Windows' Latin-1 makes of the bytes 0x80 to 0x9F, back to the byte
    ord(bytes([byte]).decode("cp1252")): byte for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
# Where an answer may well be empty: it was cut, refused, or goes on elsewhere.
_EMPTY_IS_FINE = ("max_tokens", "length", "incomplete", "content_filter", "refusal", "pause_turn", "queued", "in_progress")
_MIN_LIMIT_TOKENS = 16  # below it, whole answers of just that length are no rarity: it is told in other words
_PLAIN = {"text", "message", "reasoning", "thinking", "redacted_thinking"}
_LOST = "\ufffd"
# U+FFFD as it stands on the wire; one that is not there is of our own decoding.
_LOST_ON_WIRE = re.compile(rb"\xef\xbf\xbd|\\[uU][fF]{3}[dD]")
_SPOKEN_OF = re.compile(r"FFFD|65533|replacement character|替换字符|替代字符|置換文字", re.IGNORECASE)
_QUOTED = re.compile(r"""(?<=[`'"“‘«「『])\ufffd(?=[`'"”’»」』])""")
_CUT = ("max_tokens", "length", "incomplete", "model_context_window_exceeded")
_MIN_REASONING_CHARACTERS = 40


def find_lost(body: bytes | bytearray) -> int:
    """Where the first U+FFFD stands on the wire, -1 for nowhere."""
    found_at = _LOST_ON_WIRE.search(body)
    return found_at.start() if found_at else -1


def findings_of_answer(
    protocol: Protocol, reading: Reading, request_body: bytes, lost: Place | None = None, *, wants_call: bool = False
) -> Iterator[Finding]:
    """All such findings of an answer without an error; of one that did not end legally only what its words show.

    `request_body` may be empty (a capture). `lost`: where the first U+FFFD stands on the wire, None where there is none.
    `wants_call`: the request was made to see a tool called.
    """
    if lost is not None and find_lost(request_body) < 0:
        yield from _of_lost(reading, lost)
    if reading.error is not None:
        return
    if not reading.tool_calls and looks_like_error(reading.text):
        yield Finding.of(found.ERROR_AS_TEXT, text=reading.text[:200])
    if not reading.ended:
        return
    request = _request(request_body)
    yield from _of_text(reading.text)
    yield from _of_reasoning(reading)
    if not info(protocol.id).model_required and reading.model is None:
        yield Finding.of(found.MODEL_UNSAID)  # in Messages the reader says it (A29)
    yield from _of_nothing(protocol.id, reading)
    if limit := _limit_unsaid(protocol.id, reading, request):
        variant = "call" if reading.tool_calls else "few" if limit < _MIN_LIMIT_TOKENS else ""
        yield Finding.of(found.LIMIT_UNSAID, variant=variant, limit=limit, reason=repr(reading.stop_reason))
    yield from findings_of_end(reading, request)
    if wants_call:
        yield from offered_none_called(reading, request)
    yield from findings_of_calls(reading, request)
    yield from protocol.checks_against_request(reading, request)


def _of_text(text: str) -> Iterator[Finding]:
    if tag := _THINK_TAG.match(text):
        yield Finding.of(found.REASONING_IN_TEXT, tag=tag[1])
    elif "\n</think" in text and (tag := _THINK_END.search(text)) and "<think" not in text[: tag.start()].lower():
        yield Finding.of(found.REASONING_IN_TEXT, variant="unopened", tag=tag[1])
    if mark := _CONTROL_START.match(text) or _CONTROL_END.search(text[-80:]):
        yield Finding.of(found.CONTROL_TOKENS, mark=mark[1])
    if garbled := _mojibake(text):
        seen, meant = garbled
        yield Finding.of(found.MOJIBAKE, seen=seen, meant=meant)


def _of_reasoning(reading: Reading) -> Iterator[Finding]:
    """Whether the reasoning stands in the text once more."""
    reasoning = reading.reasoning.strip()
    if len(reasoning) >= _MIN_REASONING_CHARACTERS and reading.text.lstrip().startswith(reasoning):
        yield Finding.of(found.REASONING_REPEATED, sample=one_line(reasoning[:60]))


def _of_lost(reading: Reading, place: Place) -> Iterator[Finding]:
    """Characters that were replaced by U+FFFD on the way. An answer that speaks of that character, or has it alone between
    quotation marks, may well mean it, and one that was cut at a limit may end in the middle of a character; the request is
    known not to have it.
    """
    arguments = [("arguments", call.name, call.arguments_text) for call in reading.tool_calls]
    for where, name, words in [("reasoning", "", reading.reasoning), ("text", "", reading.text), *arguments]:
        if reading.stop_reason in _CUT:
            words = words.rstrip(_LOST)
        if _LOST in words and where != "arguments":  # those are JSON: all of their words stand between quotation marks
            words = _QUOTED.sub("", words)
        count = words.count(_LOST)
        if count and not _SPOKEN_OF.search(words):
            at = words.find(_LOST)
            sample = words[max(0, at - 12) : at + 12]
            yield Finding.of(found.CHARACTERS_LOST, place, count=count, where=where, name=repr(name), sample=one_line(sample))
            place = NOWHERE


def _mojibake(text: str) -> tuple[str, str] | None:
    """A sample of text that was encoded twice, as it came and as it was meant; None where it was not."""
    if text.isascii() or len(text) > _MAX_MOJIBAKE_CHARACTERS:
        return None
    try:
        right = text.translate(_CP1252).encode("latin-1").decode()
    except UnicodeError:
        return None
    at = next((place for place, pair in enumerate(zip(text, right, strict=False)) if pair[0] != pair[1]), 0)
    return text[max(0, at - 10) : at + 20], right[max(0, at - 10) : at + 10]


def _limit_unsaid(protocol_id: str, reading: Reading, request: dict[str, Any]) -> int:
    """The limit in tokens that an answer reached to the token and does not give as its reason; 0 where it did not."""
    limit = limit_of(request)
    by_itself = reading.stop_reason == info(protocol_id).ended_by_itself and not reading.tool_calls
    if not limit or not (by_itself or _ends_in_torn_call(reading)):
        return 0
    one_choice = request.get("n") in (None, 1)  # the choices are counted together
    counted = reading.usage.output_tokens if reading.usage else None
    return limit if one_choice and counted == limit else 0


def _ends_in_torn_call(reading: Reading) -> bool:
    """Whether the last call's arguments begin as JSON and are none, though the call is the reason of the end."""
    if end_of(reading) is not AnswerEnd.TOOL_CALL or not reading.tool_calls:
        return False
    last = reading.tool_calls[-1]
    return not last.parsed and last.arguments_text.lstrip().startswith("{")


def _of_nothing(protocol_id: str, reading: Reading) -> Iterator[Finding]:
    """An answer that says nothing, though it ended as one that has said all."""
    if reading.text.strip() or reading.tool_calls or reading.stop_reason in _EMPTY_IS_FINE:
        return
    if not all(_is_plain(part.get("type")) and "audio" not in part for part in reading.replay):
        return
    if not reading.generated:
        yield Finding.of(found.NOTHING_ANSWERED, variant="" if reading.stop_reason else "unsaid", reason=reading.stop_reason)
    elif end_of(reading) is not AnswerEnd.BY_ITSELF:
        return
    elif reading.reasoning and not (reading.text or info(protocol_id).has_reasoning):
        return  # the reader has told it (C43)
    elif reading.reasoning or reading.hidden_reasoning:
        yield Finding.of(rules_end.REASONING_WITHOUT_ANSWER, reason=reading.stop_reason)
    else:
        yield Finding.of(found.NOTHING_ANSWERED, variant="blank", reason=reading.stop_reason)


def _is_plain(kind: object) -> bool:
    return kind is None or (isinstance(kind, str) and kind in _PLAIN)


def _request(request_body: bytes) -> dict[str, Any]:
    try:
        asked = decode_json(request_body)
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}
