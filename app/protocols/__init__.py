"""The three protocols, by id."""

from __future__ import annotations

from functools import cache

from app.protocols.base import Protocol
from app.protocols.ids import CHAT, MESSAGES, RESPONSES

PROTOCOL_IDS = (MESSAGES, CHAT, RESPONSES)


@cache
def protocol(protocol_id: str) -> Protocol:
    """The protocol of that id; KeyError for any other."""
    from app.protocols.chat.protocol import OpenAIChat
    from app.protocols.messages.protocol import AnthropicMessages
    from app.protocols.responses.protocol import OpenAIResponses

    return {p.id: p for p in (AnthropicMessages(), OpenAIChat(), OpenAIResponses())}[protocol_id]
