"""What may be asked for besides, in the fields of Responses (PROTOCOLS 1C.2), and pictures and documents."""

from __future__ import annotations

from app.protocols.base import Attachment, Options, UserTurn
from app.protocols.responses.items import Json

ONLY_FOR_ANSWERS = frozenset(
    {"max_output_tokens", "stream", "temperature", "top_p", "include", "top_logprobs", "metadata", "store"}
)
_CHOICES = {"any": "required"}


def option_fields(options: Options) -> Json:
    """The fields of the body."""
    body: Json = {name: value for name in ("temperature", "top_p") if (value := getattr(options, name)) is not None}
    if options.tool_choice:
        body["tool_choice"] = _tool_choice(options.tool_choice)
    if options.parallel is not None:
        body["parallel_tool_calls"] = options.parallel
    if options.effort:
        body["reasoning"] = {"effort": options.effort}
    if options.logprobs:
        body |= {"include": ["message.output_text.logprobs"], "top_logprobs": 1}
    if options.schema is not None:
        form: Json = {"type": "json_schema", "name": "answer", "schema": options.schema}
        if options.strict is not None:
            form["strict"] = options.strict
        body["text"] = {"format": form}
    elif options.json:
        body["text"] = {"format": {"type": "json_object"}}
    return body


def _tool_choice(choice: str) -> str | Json:
    kind, _, name = choice.partition(":")
    return {"type": "function", "name": name} if name else _CHOICES.get(kind, kind)


def user_parts(turn: UserTurn) -> list[Json]:
    """The user's words behind what is attached."""
    return [*map(_attached, turn.attachments), {"type": "input_text", "text": turn.text}]


def _attached(one: Attachment) -> Json:
    if one.is_image:
        return {"type": "input_image", "image_url": one.data_url, "detail": "auto"}
    return {"type": "input_file", "filename": one.name, "file_data": one.data_url}
