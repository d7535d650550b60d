"""What is sent to see what arrives: about forty requests in each protocol, as data."""

from __future__ import annotations

from app.mirror.probes.chat import PROBES as _CHAT
from app.mirror.probes.messages import PROBES as _MESSAGES
from app.mirror.probes.probe import Probe
from app.mirror.probes.responses import PROBES as _RESPONSES
from app.protocols.ids import CHAT, MESSAGES, RESPONSES

_PROBES: dict[str, tuple[Probe, ...]] = {MESSAGES: _MESSAGES, CHAT: _CHAT, RESPONSES: _RESPONSES}


def probes(protocol: str) -> tuple[Probe, ...]:
    """Those of a protocol, in their order; the first is the plainest. () for a protocol that is none of the three."""
    return _PROBES.get(protocol, ())
