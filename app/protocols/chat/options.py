"""What may be asked for besides, in the fields of Chat Completions (PROTOCOLS 1B.2), and pictures and documents."""

from __future__ import annotations

from typing import Any

from app.protocols.base import Attachment, Options, UserTurn

_AS_THEY_ARE = ("temperature", "top_p", "seed", "n", "frequency_penalty", "logit_bias")
_CHOICES = {"any": "required"}


def option_fields(options: Options) -> dict[str, Any]:
    """The fields of the body."""
    body: dict[str, Any] = {name: value for name in _AS_THEY_ARE if (value := getattr(options, name)) is not None}
    if options.stop:
        body["stop"] = list(options.stop)
    if options.tool_choice:
        body["tool_choice"] = _tool_choice(options.tool_choice)
    if options.parallel is not None:
        body["parallel_tool_calls"] = options.parallel
    if options.effort:
        body["reasoning_effort"] = options.effort
    if options.logprobs:
        body["logprobs"] = True
    if options.schema is not None:
        form: dict[str, Any] = {"name": "answer", "schema": options.schema}
        if options.strict is not None:
            form["strict"] = options.strict
        body["response_format"] = {"type": "json_schema", "json_schema": form}
    elif options.json:
        body["response_format"] = {"type": "json_object"}
    return body


def _tool_choice(choice: str) -> str | dict[str, Any]:
    kind, _, name = choice.partition(":")
    return {"type": "function", "function": {"name": name}} if name else _CHOICES.get(kind, kind)


def user_parts(turn: UserTurn) -> list[dict[str, Any]]:
    """The user's words behind what is attached."""
    return [*map(_attached, turn.attachments), {"type": "text", "text": turn.text}]


def _attached(one: Attachment) -> dict[str, Any]:
    if one.is_image:
        return {"type": "image_url", "image_url": {"url": one.data_url}}
    return {"type": "file", "file": {"filename": one.name, "file_data": one.data_url}}
