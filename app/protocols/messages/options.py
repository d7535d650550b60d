"""What may be asked for besides, in the fields of Messages (PROTOCOLS 1A.2, 1A.3), and pictures and documents."""

from __future__ import annotations

from app.protocols.base import Attachment, Options, UserTurn
from app.protocols.messages.blocks import Json

ONLY_FOR_ANSWERS = frozenset({"max_tokens", "stream", "stop_sequences", "metadata", "temperature", "top_p", "top_k"})


def option_fields(options: Options) -> Json:
    """The fields of the body."""
    body: Json = {name: value for name in ("temperature", "top_p", "top_k") if (value := getattr(options, name)) is not None}
    if options.stop:
        body["stop_sequences"] = list(options.stop)
    if choice := _tool_choice(options):
        body["tool_choice"] = choice
    if options.thinking:
        body["thinking"] = _thinking(options.thinking)
    if config := _output_config(options):
        body["output_config"] = config
    return body


def _tool_choice(options: Options) -> Json:
    kind, _, name = options.tool_choice.partition(":")
    choice: Json = {"type": "tool", "name": name} if name else {"type": kind} if kind else {}
    if options.parallel is not None:
        choice = {"type": "auto"} | choice | {"disable_parallel_tool_use": not options.parallel}
    return choice


def _thinking(thinking: str | int) -> Json:
    return {"type": "enabled", "budget_tokens": thinking} if isinstance(thinking, int) else {"type": thinking}


def _output_config(options: Options) -> Json:
    config: Json = {"effort": options.effort} if options.effort else {}
    if options.schema is not None:
        config["format"] = {"type": "json_schema", "schema": options.schema}
    return config


def user_blocks(turn: UserTurn) -> list[Json]:
    """The user's words behind what is attached."""
    return [*map(_attached, turn.attachments), {"type": "text", "text": turn.text}]


def _attached(one: Attachment) -> Json:
    kind = "image" if one.is_image else "document"
    return {"type": kind, "source": {"type": "base64", "media_type": one.media_type, "data": one.base64}}
