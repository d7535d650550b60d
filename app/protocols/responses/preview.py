"""A few words on what one event of a Responses stream carries, for a row of a table."""

from __future__ import annotations

from app.protocols.responses.items import Json
from app.protocols.shared.preview import preview
from app.stream.sse import SseEvent
from app.text.sentences import tr


def preview_event(event: SseEvent) -> str:
    """At most 200 characters of plain text on one line. Never raises."""
    return preview(event, _preview_value)


def _preview_value(value: Json) -> str:
    match value:
        case {"error": dict() as error}:
            return _words(error, "type", "code", "message")
        case {"type": "error"}:
            return _words(value, "code", "message")
        case {"delta": str() as text} | {"text": str() as text} | {"refusal": str() as text}:
            return text
        case {"arguments": str() as text} | {"input": str() as text} | {"code": str() as text}:
            return text
        case {"part": dict() as part}:
            return _words(part, "type", "text", "refusal")
        case {"item": dict() as item}:
            return _words(item, "type", "name", "call_id", "status", "arguments")
        case {"response": dict() as response}:
            return _preview_response(response)
    return _words({key: item for key, item in value.items() if key != "type"}, *list(value)[:8])


def _preview_response(response: Json) -> str:
    usage, error = response.get("usage"), response.get("error")
    counts = (
        tr("in {input} out {output}", input=usage.get("input_tokens"), output=usage.get("output_tokens"))
        if isinstance(usage, dict)
        else ""
    )
    failure = _words(error, "code", "message") if isinstance(error, dict) else ""
    return " ".join(filter(None, (_words(response, "status", "model", "id"), counts, failure)))


def _words(value: Json, *names: str) -> str:
    """Those of the fields that are text or numbers, in a row."""
    shown = (value.get(name) for name in names)
    return " ".join(str(item) for item in shown if isinstance(item, str | int) and not isinstance(item, bool) and item != "")
