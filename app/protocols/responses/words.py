"""The words of the answer that one event of a Responses stream brings."""

from __future__ import annotations

from app.protocols.shared.preview import decoded
from app.stream.sse import SseEvent

_DELTAS = ("response.output_text.delta", "response.refusal.delta")


def words_of_event(event: SseEvent) -> str:
    """A fragment of a text or of a refusal; "" for a whole, which repeats its fragments. Never raises."""
    match decoded(event):
        case {"type": str() as kind, "delta": str() as text} if kind in _DELTAS:
            return text
        case {"delta": str() as text} if event.type in _DELTAS:
            return text
    return ""
