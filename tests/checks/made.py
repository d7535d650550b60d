"""One side's exchanges of a check, made by hand: answers of any protocol by step."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from app.checks.seen import Steps
from app.exchange.exchange import Exchange
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.recording.records import Envelope, Headers, ProfileNote, Request, SideName
from tests.builders import JSON
from tests.builders import recording as made

Document = dict[str, object]
Answer = tuple[int, Document]  # the status and the body
MODELS = {MESSAGES: "claude-sonnet-4-6", CHAT: "gpt-5.4-mini", RESPONSES: "gpt-5.4-mini"}


def said(protocol: str, text: str = "yes", *, tokens: tuple[int, int] = (20, 5), **more: object) -> Answer:
    """A whole answer with these words; `more` are fields of the document, in place of its own."""
    return 200, {**_DOCUMENTS[protocol](text, *tokens), **more}


def _messages(text: str, read: int, written: int) -> Document:
    usage = {"input_tokens": read, "output_tokens": written}
    about = {"id": "msg_1", "type": "message", "role": "assistant", "model": MODELS[MESSAGES], "stop_sequence": None}
    return {**about, "stop_reason": "end_turn", "content": [{"type": "text", "text": text}], "usage": usage}


def _chat(text: str, read: int, written: int) -> Document:
    usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    about = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": MODELS[CHAT]}
    return {**about, "choices": [choice], "usage": usage}


def _responses(text: str, read: int, written: int) -> Document:
    usage = {"input_tokens": read, "output_tokens": written, "total_tokens": read + written}
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    about = {"id": "resp_1", "object": "response", "created_at": 1, "model": MODELS[RESPONSES], "status": "completed"}
    return {**about, "output": [item], "usage": usage, "error": None, "incomplete_details": None}


_DOCUMENTS = {MESSAGES: _messages, CHAT: _chat, RESPONSES: _responses}


def refused(protocol: str, message: str, status: int = 400, param: str | None = None) -> Answer:
    """A refusal in the vendor's shape."""
    if protocol == MESSAGES:
        return status, {"type": "error", "error": {"type": "invalid_request_error", "message": message}}
    return status, {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": None}}


def steps(
    protocol: str,
    answers: Mapping[str, Sequence[Answer]],
    side: SideName = "b",
    *,
    model: str = "",
    headers: Headers = (),
    asked: Mapping[str, object] | None = None,
    by_step: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
) -> Steps:
    """What a side answered, by step. `asked` is the body of all requests but those of the steps in `by_step`."""
    model = model or MODELS[protocol]
    exchanges = []
    for step, several in answers.items():
        for n, (status, answer) in enumerate(several, 1):
            data = json.dumps(answer).encode()
            one = made([(500.0, data)], side=side, protocol=protocol, status=status, headers=(*JSON, *headers), streamed=False)
            note = ProfileNote(side, "http://x", protocol)
            one.envelope = Envelope(protocol, note, "checks", model, side, n, False, "", "", "check", step)
            body = by_step[step][n - 1] if by_step is not None and step in by_step else asked or {}
            one.request = Request("POST", "http://x/v1", (), json.dumps(body).encode())
            exchanges.append(Exchange(one).finish())
    return Steps(side, protocol, model, exchanges)
