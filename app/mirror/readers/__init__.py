"""Reads a request's JSON into `Asked`, by protocol. Never raises: what a relay makes of it may be anything."""

from __future__ import annotations

from collections.abc import Callable

from app.mirror.readers.chat import read as _chat
from app.mirror.readers.messages import read as _messages
from app.mirror.readers.responses import read as _responses
from app.mirror.request import Asked, Json
from app.protocols.ids import CHAT, MESSAGES, RESPONSES

_READERS: dict[str, Callable[[Json], Asked]] = {MESSAGES: _messages, CHAT: _chat, RESPONSES: _responses}


def read_request(protocol: str, body: Json) -> Asked:
    """What a request says. KeyError for a protocol that is none of the three."""
    return _READERS[protocol](body)
