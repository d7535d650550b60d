"""Faults in what of a long or many-sided request reaches the model: context that is cut, attachments that are dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.simulator.faults.registry import ALL, Stage, add_fault, fault
from app.simulator.faults.rewriting import blocks_of, messages_of, prompt_texts
from app.simulator.model import tokens
from app.simulator.model.conversation import ParsedRequest, Turn
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.validation import JsonObject

_GROUP = "behaviour"
_ROOM = 8000
_QUESTION_TOKENS = 120
_ATTACHED = ("image", "document", "image_url", "file", "input_image", "input_file")
_MADE_UP = "LANTERN5"


def _without_start(pieces: list[str], room: int) -> list[str]:
    return pieces[-room:]


def _without_middle(pieces: list[str], room: int) -> list[str]:
    return pieces[: room // 2] + pieces[-(room - room // 2) :]


def _without_end(pieces: list[str], room: int) -> list[str]:
    """What stands before the question goes, which ends the text: relays keep the last words."""
    question = min(_QUESTION_TOKENS, room // 2)
    return pieces[: room - question] + pieces[-question:]


_CUTS: dict[str, Callable[[list[str], int], list[str]]] = {
    "start": _without_start,
    "middle": _without_middle,
    "end": _without_end,
}


def _shortened(text: str, room: int, cut: Callable[[list[str], int], list[str]]) -> str:
    pieces = tokens.pieces(text)
    return text if len(pieces) <= room else "".join(cut(pieces, room))


def _cut_body(name: str, cut: Callable[[list[str], int], list[str]]) -> Callable[[JsonObject, RequestContext], None]:
    def step(body: JsonObject, context: RequestContext) -> None:
        for holder, key in prompt_texts(body):
            holder[key] = _shortened(holder[key], context.value(name), cut)

    return step


def _cut_turns(
    name: str, cut: Callable[[list[str], int], list[str]]
) -> Callable[[ParsedRequest, RequestContext], ParsedRequest]:
    def step(parsed: ParsedRequest, context: RequestContext) -> ParsedRequest:
        room = context.value(name)
        return replace(parsed, turns=tuple(_cut_turn(turn, room, cut) for turn in parsed.turns))

    return step


def _cut_turn(turn: Turn, room: int, cut: Callable[[list[str], int], list[str]]) -> Turn:
    return replace(turn, text=_shortened(turn.text, room, cut)) if turn.role == "user" else turn


for _end, _cut in _CUTS.items():
    for _prefix, _told, _stage, _make in (
        ("context_cut", "and counted as what is left", Stage.BODY, _cut_body),
        ("context_lost", "and counted whole", Stage.PARSED, _cut_turns),
    ):
        _name = f"{_prefix}_{_end}"
        _line = f"The {_end} of a user's text beyond 8000 tokens (or as many as given) is dropped, {_told}."
        _step: Callable[..., Any] = _make(_name, _cut)
        add_fault(_name, _stage, _GROUP, _line, ALL, default=_ROOM, step=_step)


@fault(Stage.BODY, _GROUP)
def drop_attachments(body: JsonObject, context: RequestContext) -> None:
    """Pictures and documents are dropped from the request."""
    for message in messages_of(body):
        if isinstance(message.get("content"), list):
            message["content"] = [block for block in blocks_of(message["content"]) if block.get("type") not in _ATTACHED]


@fault(Stage.PARSED, _GROUP)
def attachments_made_up(parsed: ParsedRequest, context: RequestContext) -> ParsedRequest:
    """The model does not see what is attached, and makes up what it shows."""
    turns = (replace(turn, sights=tuple(_MADE_UP for _ in turn.sights)) for turn in parsed.turns)
    return replace(parsed, turns=tuple(turns))
