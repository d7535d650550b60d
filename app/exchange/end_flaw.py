"""What keeps an answer that ended without an error from being a completion: how it ended, held against its protocol."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from app.exchange.event_log import EventLog
from app.protocols.ends import CUT_SHORT, NO_COMPLETION, AnswerEnd, end_of
from app.protocols.info import ProtocolInfo
from app.protocols.reading import Reading
from app.stream.sse import Oddity, SseParser
from app.text.json_text import decode_json

_MOST_END_EVENTS = 4  # a stream of nothing but its end has one or two events
_MOST_LEFTOVER_BYTES = 1 << 16


class EndFlaw(StrEnum):
    """What is wrong with the end of an answer in whose words no error is."""

    NONE = ""
    ERROR_REASON = "error_reason"  # its own stop reason says that it failed
    NO_REASON = "no_reason"  # its end is there, and does not say why it ended
    NOTHING_BUT_END = "nothing_but_end"  # a stream of an end that nothing came before
    NO_END_MARK = "no_end_mark"  # why it ended is said, and no content is missing: only the stream's own last word is
    NO_BLANK_LINE = "no_blank_line"  # its last word is there, and lacks the blank line without which it does not count


ONLY_THE_END = frozenset({EndFlaw.NO_END_MARK, EndFlaw.NO_BLANK_LINE})
"""What leaves an answer whole but for its end mark."""


def flaw_of_document(reading: Reading) -> EndFlaw:
    """Of an answer in one piece.

    One whose reason is left empty is whole, as its JSON is: servers that fill no such field (Snowflake Cortex, and of Responses
    codex-bridge-python) leave it so in every answer, and a finding says that the reason is missing.
    """
    if reading.stop_left_empty and has_content(reading):
        return EndFlaw.NONE
    answered = reading.error is None and (reading.ended or has_content(reading))
    return _of_words(reading) if answered else EndFlaw.NONE


def flaw_of_stream(reading: Reading, events: EventLog, parser: SseParser, body: bytearray, info: ProtocolInfo) -> EndFlaw:
    """Of a stream that was closed properly. `body` is what the parser was fed."""
    if reading.error is not None:
        return EndFlaw.NONE
    if _is_nothing_but_end(reading, events, info):
        return EndFlaw.NOTHING_BUT_END
    if reading.ended:
        return _of_words(reading)
    end = end_of(reading)
    if end is AnswerEnd.ERROR:
        return EndFlaw.ERROR_REASON
    if _is_end(_leftover(parser, body), info):
        return EndFlaw.NO_BLANK_LINE
    if end is not AnswerEnd.UNSAID:
        return EndFlaw.NO_END_MARK
    closed = len(events) and _is_done(events.event(len(events) - 1).data)
    return EndFlaw.NO_REASON if closed and has_content(reading) else EndFlaw.NONE


def _of_words(reading: Reading) -> EndFlaw:
    end = end_of(reading)
    if end not in NO_COMPLETION:
        return EndFlaw.NONE
    return EndFlaw.NO_REASON if end is AnswerEnd.UNSAID else EndFlaw.ERROR_REASON


def _is_nothing_but_end(reading: Reading, events: EventLog, info: ProtocolInfo) -> bool:
    if not 0 < len(events) <= _MOST_END_EVENTS or end_of(reading) in CUT_SHORT or has_content(reading):
        return False
    data: Sequence[bytes] = [events.event(number).data for number in range(len(events))]
    return all(_is_done(one) or _is_end(one, info) for one in data)


def has_content(reading: Reading) -> bool:
    """Whether anything was generated, hidden or not."""
    return reading.generated or _parts(reading)


def _parts(reading: Reading) -> bool:
    """Whether the turn to send back holds more than an empty message."""
    return any(part.get("type") not in (None, "message", "text") or "audio" in part for part in reading.replay)


def _is_done(data: bytes) -> bool:
    return data.strip() == b"[DONE]"


def _is_end(data: bytes, info: ProtocolInfo) -> bool:
    try:
        value = decode_json(data)
    except ValueError:
        return False
    return isinstance(value, dict) and info.is_end(value)


def _leftover(parser: SseParser, body: bytearray) -> bytes:
    """The data of an event at whose end only the blank line is missing; b"" for none."""
    start = next((one.offset for one in parser.oddities if one.kind is Oddity.LEFTOVER), None)
    if start is None or len(body) - start > _MOST_LEFTOVER_BYTES:
        return b""
    found = SseParser().feed(bytes(body[start:]) + b"\n\n")
    return found[0].data if len(found) == 1 else b""
