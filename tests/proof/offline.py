"""Exchanges without a network: a recording made of bytes, the way the wire would have made it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from app.exchange.exchange import Exchange
from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import Ended, EndKind, Envelope, Headed, ProfileNote, Request, WireErrorCode
from tests.proof.asking import EVENT_STREAM, MODELS, C, Head, M, R, body_of

CLEAN = Ended(EndKind.WHOLE)
TORN = Ended(EndKind.ERROR, code=str(WireErrorCode.CUT))
# By what an event is known that ends an answer legally (DESIGN 4): its type, or where that is missing its name.
LEGAL_ENDS = {
    M: (b'"type":"message_stop"', b"event: message_stop\n"),
    C: (b'"finish_reason":"',),
    R: tuple(
        mark % end for end in (b"completed", b"incomplete") for mark in (b'"type":"response.%s"', b"event: response.%s\n")
    ),
}


_request_body = cache(body_of)


def opened(protocol_id: str, head: Head = EVENT_STREAM, *, streamed: bool = True, tools: bool = True) -> Recording:
    """A recording whose response head has come. No marks: what depends on time is left out."""
    envelope = Envelope(
        protocol_id, ProfileNote("h", "http://h", protocol_id), "custom", MODELS[protocol_id], streamed=streamed
    )
    body = _request_body(protocol_id, "tools" if tools else "text", stream=streamed)
    made = Recording(envelope, Request("POST", "http://h/v1", (), body))
    made.apply(Headed(head[0], "", "HTTP/1.1", head[1]))
    return made


def read(protocol_id: str, body: bytes, end: Ended = CLEAN, head: Head = EVENT_STREAM, *, streamed: bool = True) -> Exchange:
    """A finished exchange whose body came in one piece."""
    made = opened(protocol_id, head, streamed=streamed)
    made.apply(pack_chunks([(1, body)]))
    made.apply(end)
    return Exchange(made).finish()


def read_in_slices(protocol_id: str, pieces: Iterable[bytes], split_bytes: int, read_events: int) -> Exchange:
    """The same in pieces, read while they come, a few bytes and events at a time."""
    made = opened(protocol_id)
    exchange = Exchange(made)
    for piece in pieces:
        made.apply(pack_chunks([(1, piece)]))
        exchange.advance(split_bytes, read_events)
    made.apply(CLEAN)
    while exchange.advance(split_bytes, read_events):
        pass
    assert exchange.finished
    return exchange


def facts(exchange: Exchange) -> tuple[object, ...]:
    """All that must not depend on how the bytes were cut up."""
    events = [exchange.events.event(index) for index in range(len(exchange.events))]
    found = [(one.id, one.fields, one.event, one.offset) for one in exchange.findings]
    return exchange.shape, exchange.outcome, exchange.reading, events, bytes(exchange.events.meanings), found


def ends_legally(protocol_id: str, block: bytes) -> bool:
    """Does this block end an answer, by the bytes it has to have?"""
    compact = block.replace(b'": ', b'":')
    return any(mark in compact for mark in LEGAL_ENDS[protocol_id])


def legal_end(protocol_id: str, body: bytes) -> int:
    """The offset behind the blank line of the event that ends the answer legally."""
    at = 0
    for block in body.split(b"\n\n"):
        at += len(block) + 2
        if ends_legally(protocol_id, block):
            return at
    raise AssertionError("the stream has no legal end")
