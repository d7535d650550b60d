"""What the window's process tells the wire process. What comes back are the records of `app.recording.records`."""

from __future__ import annotations

import struct

import msgspec

from app.recording.body import BODY_LIMIT_BYTES
from app.recording.records import Request

LineName = str
"""A line runs one exchange at a time and may keep its connection for the next. There is one for each side ("a", "b"), one for
model lists, one for the test of an endpoint, two for requests to other paths of an address (`app.asking.other_paths`), three a
side for checks, and as many as run at a time for a load; each is there from its first exchange on."""


class Limits(msgspec.Struct, frozen=True):
    """Limits of one exchange. Seconds; `body_bytes` bounds the body as it came and, once more, what it decodes to."""

    connect_s: float = 10.0
    first_byte_s: float = 60.0
    silence_s: float = 30.0
    total_s: float = 600.0
    body_bytes: int = BODY_LIMIT_BYTES


class Network(msgspec.Struct, frozen=True):
    """How to reach an endpoint.

    `proxy`: "" takes the environment's, "none" none, else a URL (http, https, socks5, socks5h). `ca_file`: PEM of an
    additional authority, "" for the OS trust store alone. `http2`: offer h2 by ALPN.
    """

    proxy: str = ""
    ca_file: str = ""
    verify_tls: bool = True
    http2: bool = True
    keep_connection: bool = False


class Start(msgspec.Struct, frozen=True, tag="start"):
    """Open an exchange. Only this frame carries a key, in `request.headers`."""

    exchange: int
    line: LineName
    request: Request
    limits: Limits = Limits()
    network: Network = Network()


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """Close this exchange's socket now."""

    exchange: int


class DropConnections(msgspec.Struct, frozen=True, tag="drop"):
    """Close all idle connections (the network changed, or a profile did)."""


Command = Start | Cancel | DropConnections

_encoder = msgspec.msgpack.Encoder()
_LENGTH = struct.Struct(">I")


def pack_command(command: Command) -> bytes:
    """One length-prefixed frame."""
    payload = _encoder.encode(command)
    return _LENGTH.pack(len(payload)) + payload


class CommandReader:
    """Reads commands from bytes that come in pieces."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._decoder = msgspec.msgpack.Decoder(Command)

    def feed(self, data: bytes) -> list[Command]:
        """The commands that these bytes complete."""
        self._pending += data
        out: list[Command] = []
        while len(self._pending) >= _LENGTH.size:
            (size,) = _LENGTH.unpack_from(self._pending)
            if len(self._pending) - _LENGTH.size < size:
                break
            out.append(self._decoder.decode(self._pending[_LENGTH.size : _LENGTH.size + size]))
            del self._pending[: _LENGTH.size + size]
        return out
