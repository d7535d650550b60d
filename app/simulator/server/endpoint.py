"""Makes the reply to one request: key, route, validation, answer, and the faults in force at each stage."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping

from app.simulator.chat import answer as chat_answer
from app.simulator.chat import request as chat_request
from app.simulator.faults import Stage, parse_faults, steps
from app.simulator.faults.auth import check_key
from app.simulator.faults.http import PANEL_PAGE, html_reply
from app.simulator.faults.model_list import model_list
from app.simulator.messages import answer as messages_answer
from app.simulator.messages import request as messages_request
from app.simulator.model.answers import answer
from app.simulator.model.heard import Answer, Heard, Memory
from app.simulator.model.ids import anthropic_id, call_id, hex_id
from app.simulator.responses import answer as responses_answer
from app.simulator.responses import request as responses_request
from app.simulator.server.case import Case
from app.simulator.server.headers import STREAM_HEADERS, vendor_headers
from app.simulator.server.urls import FAULT_HEADER, PACE_HEADER, split_faults
from app.simulator.shared.events import FAST, OFFICIAL_PACE, RELAY_PACE, Event, Frame, Pace, Reply, json_reply, pace
from app.simulator.shared.refusals import CHAT, MESSAGES, MODELS, RESPONSES, RefusalError
from app.simulator.shared.validation import JsonObject, prune

MAX_BODY_BYTES = 32 << 20
_ROUTES = {
    "/v1/messages": (MESSAGES, False),
    "/v1/messages/count_tokens": (MESSAGES, True),
    "/v1/chat/completions": (CHAT, False),
    "/v1/responses": (RESPONSES, False),
    "/v1/responses/input_tokens": (RESPONSES, True),
}
_FIELDS = {MESSAGES: messages_request.FIELDS, CHAT: chat_request.FIELDS, RESPONSES: responses_request.FIELDS}
_COUNT_FIELDS = {MESSAGES: messages_request.COUNT_FIELDS, RESPONSES: responses_request.COUNT_FIELDS}
PACES = {"none": FAST, "official": OFFICIAL_PACE, "relay": RELAY_PACE}
# What makes the demo's relay one: its stream has no usage, and a hidden system prompt is counted.
_RELAY_FAULTS = {"usage_null": 0, "hidden_prompt": 27}


class Endpoint:
    """One endpoint: its own faults and pace; what it remembers is shared with the others.

    Attributes:
        relay: it is the demo's relay.
    """

    def __init__(self, memory: Memory, rhythm: Pace, always: Mapping[str, int], *, relay: bool = False) -> None:
        self._memory = memory
        self._pace = rhythm
        self._always = {**(_RELAY_FAULTS if relay else {}), **always}
        self.relay = relay

    def case(self, method: str, path: str, headers: Mapping[str, str], query: Mapping[str, str]) -> Case:
        """The case of a request. Raises UnknownFaultError for a fault header that names none."""
        route = _ROUTES.get(path)
        is_list = path == "/v1/models" or path.startswith("/v1/models/")
        protocol = MODELS if is_list else route[0] if route else _guessed_protocol(headers)
        case = Case(
            protocol,
            path,
            method,
            headers,
            {**self._always, **parse_faults(split_faults(headers.get(FAULT_HEADER, "")))},
            self._memory,
            "",
            PACES.get(headers.get(PACE_HEADER, ""), self._pace),
            self.relay,
            route is not None and route[1],
            query,
        )
        case.request_id = anthropic_id("req") if case.anthropic else hex_id("req")
        return case

    def reply(self, case: Case, raw_body: bytes) -> Reply:
        """The reply, faults included, except those below HTTP."""
        try:
            reply = self._early(case, raw_body) or self._answer(case, raw_body)
        except RefusalError as refusal:
            reply = json_reply(refusal.status, case.error(refusal), [])
        reply.headers += vendor_headers(case)
        for step in steps(case.chosen, Stage.REPLY, case.protocol):
            step(reply, case)
        return reply

    def _early(self, case: Case, raw_body: bytes) -> Reply | None:
        early = steps(case.chosen, Stage.EARLY, case.protocol)
        if early:
            case.body = _lenient_body(raw_body)
        return next((reply for reply in (step(case) for step in early) if reply is not None), None)

    def _answer(self, case: Case, raw_body: bytes) -> Reply:
        if case.protocol == MODELS and case.has("models_unauthenticated"):
            return _models_reply(case)
        if not _is_known(case.path):
            return _unknown_path(case)
        check_key(case)
        if case.protocol == MODELS:
            return _models_reply(case)
        if case.method != "POST":
            raise RefusalError(405, "Method Not Allowed")
        _check_version(case)
        case.body = _read_body(raw_body)
        return _counted(case) if case.counting else _said(case)


def _guessed_protocol(headers: Mapping[str, str]) -> str:
    return MESSAGES if "anthropic-version" in headers or "x-api-key" in headers else CHAT


def _is_known(path: str) -> bool:
    return path in _ROUTES or path == "/v1/models" or path.startswith("/v1/models/")


def _unknown_path(case: Case) -> Reply:
    if case.has("panel_html"):
        return html_reply(200, PANEL_PAGE)
    message = "Not found" if case.anthropic else f"Invalid URL ({case.method} {case.path})"
    raise RefusalError(404, message, kind=None if case.anthropic else "invalid_request_error", code="unknown_url")


def _models_reply(case: Case) -> Reply:
    if case.method not in ("GET", "HEAD"):
        raise RefusalError(405, "Method Not Allowed")
    wait_ms = case.value("models_slow") if case.has("models_slow") else case.pace.head_ms / 2
    return json_reply(200, model_list(case), [], wait_ms)


def _check_version(case: Case) -> None:
    if case.protocol == MESSAGES and "anthropic-version" not in case.headers and not case.relay:
        raise RefusalError(400, "anthropic-version: header is required")


def _read_body(raw_body: bytes) -> JsonObject:
    if len(raw_body) > MAX_BODY_BYTES:
        raise RefusalError(413, "Request exceeds the maximum size")
    try:
        body = json.loads(raw_body)
    except (ValueError, RecursionError) as error:
        raise RefusalError(400, f"The request body is not valid JSON: {error}") from error
    if not isinstance(body, dict):
        raise RefusalError(400, "The request body is not a JSON object: Input should be an object")
    return body


def _lenient_body(raw_body: bytes) -> JsonObject:
    """The body for a fault that answers before it is looked at; `{}` where it can't be read."""
    try:
        return _read_body(raw_body)
    except RefusalError:
        return {}


def _counted(case: Case) -> Reply:
    if case.has("count_tokens_404"):
        raise RefusalError(404, "Not found")
    size = _heard(case).input_tokens
    if case.has("hidden_prompt"):
        size += case.value("hidden_prompt")
    if case.has("count_tokens_wrong"):
        size = max(1, size // 10)
    kind = {"object": "response.input_tokens"} if case.protocol == RESPONSES else {}
    return json_reply(200, {**kind, "input_tokens": size}, [], case.pace.head_ms / 2)


def _heard(case: Case) -> Heard:
    """The request understood, after the faults that change what is understood of it."""
    for step in steps(case.chosen, Stage.BODY, case.protocol):
        step(case.body, case)
    if case.has("lenient"):
        case.body = prune(case.body, (_COUNT_FIELDS if case.counting else _FIELDS)[case.protocol])
    body = _with_served_model(case)
    seals_checked = not case.has("signature_unchecked")
    match case.protocol:
        case "anthropic-messages":
            return messages_request.parse(body, case.memory, counting=case.counting, seals_checked=seals_checked)
        case "openai-chat":
            return chat_request.parse(body, case.memory)
    return responses_request.parse(body, case.memory, counting=case.counting, seals_checked=seals_checked)


def _with_served_model(case: Case) -> JsonObject:
    if not case.has("model_any"):
        return case.body
    return case.body | {"model": "claude-haiku-4-5" if case.protocol == MESSAGES else "gpt-5.4-mini"}


def _said(case: Case) -> Reply:
    heard = _heard(case)
    said = answer(heard, (lambda: anthropic_id("toolu")) if case.protocol == MESSAGES else call_id)
    document = _document(case, heard, said)
    for step in steps(case.chosen, Stage.WHOLE, case.protocol):
        step(document, case)
    wants_stream = case.streamed and not case.has("stream_as_json")
    if not (wants_stream or case.has("json_as_stream")):
        wait_ms = case.pace.whole_ms(said.output_tokens) + _value_ms(case, "delay_first_ms")
        return json_reply(200, document, [], wait_ms)
    frames = _frames(case, document, said)
    return Reply(200, list(STREAM_HEADERS), frames, streamed=True)


def _value_ms(case: Case, fault: str) -> int:
    return case.value(fault) if case.has(fault) else 0


def _document(case: Case, heard: Heard, said: Answer) -> JsonObject:
    match case.protocol:
        case "anthropic-messages":
            return messages_answer.whole(heard, said)
        case "openai-chat":
            return chat_answer.whole(heard, said, case.body)
    return responses_answer.whole(heard, said, case.body, case.memory)


def _events(case: Case, document: JsonObject) -> list[Event]:
    match case.protocol:
        case "anthropic-messages":
            return messages_answer.stream(document)
        case "openai-chat":
            options = case.body.get("stream_options") or {}
            return chat_answer.stream(document, with_usage=bool(options.get("include_usage")))
    return responses_answer.stream(document)


def _frames(case: Case, document: JsonObject, said: Answer) -> list[Frame]:
    events = _events(case, document)
    for step in steps(case.chosen, Stage.EVENTS, case.protocol):
        events = step(events, case)
    hidden = 0 if said.thinking and case.protocol == MESSAGES else said.thinking_tokens
    frames = pace(events, case.pace, zlib.crc32(said.text.encode("utf-8", "replace")), hidden)
    for step in steps(case.chosen, Stage.FRAMES, case.protocol):
        frames = step(frames, case)
    return frames
