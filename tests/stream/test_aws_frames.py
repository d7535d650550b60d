"""AWS event-stream frames to server-sent events: whole, in any pieces, broken, and what is none."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import Any

import pytest

from app.stream.aws_frames import FrameDecoder, begins_frames, unwrap_bytes

EVENT = {":event-type": "chunk", ":content-type": "application/json", ":message-type": "event"}


def frame(payload: bytes, headers: dict[str, str] | None = None, more: bytes = b"") -> bytes:
    """One frame; `more` are further headers as bytes."""
    named = b"".join(
        bytes([len(name)]) + name.encode() + b"\7" + struct.pack(">H", len(value)) + value.encode()
        for name, value in (EVENT if headers is None else headers).items()
    )
    prelude = struct.pack(">II", len(named) + len(more) + len(payload) + 16, len(named) + len(more))
    made = prelude + struct.pack(">I", zlib.crc32(prelude)) + more + named + payload
    return made + struct.pack(">I", zlib.crc32(made))


def packed_bytes(data: bytes) -> bytes:
    return json.dumps({"bytes": base64.b64encode(data).decode(), "p": "abc"}).encode()


def packed(value: Any) -> bytes:
    return packed_bytes(json.dumps(value).encode())


START, STOP = {"type": "message_start", "message": {}}, {"type": "message_stop"}


def decoded(data: bytes, step: int = 1 << 20) -> tuple[str, str | None]:
    decoder = FrameDecoder()
    out = b"".join(piece for at in range(0, len(data), step) for piece in decoder.pieces(data[at : at + step]))
    decoder.close()
    return out.decode(), decoder.error


@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_frames_are_events_whatever_the_pieces(step: int) -> None:
    first = 'event: message_start\ndata: {"type":"message_start","message":{}}\n\n'
    second = 'event: message_stop\ndata: {"type":"message_stop"}\n\n'
    assert decoded(frame(packed(START)) + frame(packed(STOP)), step) == (first + second, None)


def test_what_has_no_type_of_its_own_has_no_name() -> None:
    assert decoded(frame(packed({"choices": []})))[0] == 'data: {"choices":[]}\n\n'


def test_a_payload_that_is_not_wrapped_is_named_by_its_frame() -> None:
    converse = frame(b'{"contentBlockIndex":0}', EVENT | {":event-type": "contentBlockDelta"})
    assert decoded(converse)[0] == 'event: contentBlockDelta\ndata: {"contentBlockIndex":0}\n\n'
    assert decoded(frame(b"one\ntwo"))[0] == "event: chunk\ndata: one\ndata: two\n\n"


@pytest.mark.parametrize(
    ("headers", "payload", "said"),
    [
        (
            {":message-type": "exception", ":exception-type": "throttlingException"},
            b'{"message":"Slow"}',
            ("throttlingException", "Slow"),
        ),
        ({":message-type": "exception", ":exception-type": "x"}, b"", ("x", "x")),
        ({":message-type": "error", ":error-code": "500", ":error-message": "Oops"}, b"", ("500", "Oops")),
    ],
)
def test_an_exception_is_an_error(headers: dict[str, str], payload: bytes, said: tuple[str, str]) -> None:
    out, _ = decoded(frame(payload, headers))
    name, _, data = out.partition("\ndata: ")
    assert name == "event: error"
    assert json.loads(data) == {"type": "error", "error": {"type": said[0], "message": said[1]}}


def test_headers_of_other_types_are_passed_over() -> None:
    more = b"\1a\0" + b"\1b\4\0\0\0\1" + b"\1c\6\0\2xy" + b"\1d\x09" + bytes(16)
    assert decoded(frame(packed(STOP), more=more))[0].startswith("event: message_stop")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (frame(packed(STOP))[:-9], "frame 2 is cut off"),
        (frame(packed(STOP))[:5], "frame 2 is cut off"),
        (frame(packed(STOP))[:-1] + b"\0", "the checksum of frame 2 is wrong"),
        (b"data: {}\n\nmore", "frame 2 does not begin as one"),
    ],
)
def test_what_breaks_ends_it_and_keeps_what_came(data: bytes, error: str) -> None:
    out, said = decoded(frame(packed(START)) + data)
    assert out.startswith("event: message_start")
    assert out.count("\n\n") == 1
    assert said == error


@pytest.mark.parametrize("data", [b"", b"\0" * 40, b'{"a": 1}, and more', frame(b"x")[:11], b"\x1f\x8b\x08" + bytes(20)])
def test_what_does_not_begin_as_a_frame(data: bytes) -> None:
    assert not begins_frames(data)
    assert begins_frames(frame(b"x"))


@pytest.mark.parametrize(
    "value", [{}, {"bytes": 1}, {"bytes": "!"}, {"bytes": "eA=="}, {"bytes": "e30=", "type": "x"}, [], None]
)
def test_what_is_not_wrapped(value: object) -> None:
    assert unwrap_bytes(value) is None
    assert unwrap_bytes({"bytes": "e30=", "p": "ab"}) == {}
