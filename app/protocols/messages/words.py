"""The words of the answer that one event of a Messages stream brings."""

from __future__ import annotations

from app.protocols.shared.preview import decoded
from app.stream.sse import SseEvent


def words_of_event(event: SseEvent) -> str:
    """A text delta's, or those that a text block begins with; "" where there are none. Never raises."""
    match decoded(event):
        case {"delta": {"type": "text_delta", "text": str() as text}}:
            return text
        case {"content_block": {"type": "text", "text": str() as text}}:
            return text
    return ""
