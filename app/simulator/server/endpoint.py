"""Makes the reply to one request: key, route, validation, answer, and the faults in force at each stage."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import replace
from random import Random

from app.simulator.chat import answer as chat_answer
from app.simulator.chat import request as chat_request
from app.simulator.faults import Stage, parse_faults, steps
from app.simulator.faults.auth import check_key
from app.simulator.faults.http import PANEL_PAGE, html_reply
from app.simulator.faults.model_list import model_list
from app.simulator.messages import answer as messages_answer
from app.simulator.messages import request as messages_request
from app.simulator.model.answers import answers
from app.simulator.model.conversation import Answer, ParsedRequest
from app.simulator.model.host import Host
from app.simulator.model.ids import anthropic_id, call_id, hex_id
from app.simulator.model.memory import Memory
from app.simulator.responses import answer as responses_answer
from app.simulator.responses import request as responses_request
from app.simulator.server.headers import STREAM_HEADERS, vendor_headers
from app.simulator.server.request_context import RequestContext
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
_NOT_JSON = (
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. "
    "The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix "
    "this, please contact us through our help center at help.openai.com.)"
)
_HELLO: dict[str, JsonObject] = {
    MESSAGES: {"model": "claude-haiku-4-5", "max_tokens": 64, "messages": [{"role": "user", "content": "Hello"}]},
    CHAT: {"model": "gpt-5.4-mini", "messages": [{"role": "user", "content": "Hello"}]},
    RESPONSES: {"model": "gpt-5.4-mini", "input": "Hello"},
}
PACES = {"none": FAST, "official": OFFICIAL_PACE, "relay": RELAY_PACE}
# What the demo's relay does as relays do: no usage in its stream, and the tokens of a hidden system prompt.
_RELAY_FAULTS = {"usage_null": 0, "hidden_prompt": 27}


class Endpoint:
    """One endpoint: its own faults and pace; what it remembers is shared with the others.

    Attributes:
        relay: it is the demo's relay.
    """

    def __init__(
        self,
        memory: Memory,
        rhythm: Pace,
        always: Mapping[str, int],
        *,
        relay: bool = False,
        usual: Mapping[str, int] | None = None,
    ) -> None:
        """`usual`: the faults that are always in force here, those of a relay by default."""
        self._memory = memory
        self._pace = rhythm
        self._usual = usual if usual is not None else _RELAY_FAULTS if relay else {}
        self._named = always
        self.relay = relay

    def context(self, method: str, path: str, headers: Mapping[str, str], query: Mapping[str, str]) -> RequestContext:
        """Looks up what a request is answered with. Raises UnknownFaultError for a fault header that names none."""
        route = _ROUTES.get(path)
        is_list = path == "/v1/models" or path.startswith("/v1/models/")
        protocol = MODELS if is_list else route[0] if route else _guessed_protocol(headers)
        named = {**self._named, **parse_faults(split_faults(headers.get(FAULT_HEADER, "")))}
        memory, where = self._memory, str(sorted(named))
        chance = memory.draw(named.get("seed"), where)
        context = RequestContext(
            protocol,
            path,
            method,
            headers,
            {**self._usual, **(named if _due(named, chance, memory.turn(where)) else {})},
            Host(memory, "", chance),
            "",
            PACES.get(headers.get(PACE_HEADER, ""), self._pace),
            self.relay,
            route is not None and route[1],
            query,
        )
        betas = frozenset(one.strip() for one in headers.get("anthropic-beta", "").split(",") if one.strip())
        context.host = replace(context.host, account=_account(context.keys), betas=betas)
        for step in steps(context.chosen, Stage.HOST, protocol):
            context.host = step(context.host, context)
        context.request_id = anthropic_id("req") if context.anthropic else hex_id("req")
        return context

    def reply(self, context: RequestContext, raw_body: bytes) -> Reply:
        """The reply, faults included, except those below HTTP."""
        try:
            reply = self._early(context, raw_body) or self._answer(context, raw_body)
        except RefusalError as refusal:
            reply = _answered_all_the_same(refusal, context) or json_reply(refusal.status, context.error(refusal), [])
        reply.headers += vendor_headers(context)
        for step in steps(context.chosen, Stage.REPLY, context.protocol):
            step(reply, context)
        return reply

    def _early(self, context: RequestContext, raw_body: bytes) -> Reply | None:
        early = steps(context.chosen, Stage.EARLY, context.protocol)
        if early:
            context.body = _lenient_body(raw_body)
        return next((reply for reply in (step(context) for step in early) if reply is not None), None)

    def _answer(self, context: RequestContext, raw_body: bytes) -> Reply:
        if context.protocol == MODELS and context.has("models_unauthenticated"):
            return _model_list_reply(context)
        if not _is_known(context.path):
            return _unknown_path(context)
        check_key(context)
        if context.protocol == MODELS:
            return _model_list_reply(context)
        if context.method != "POST":
            raise RefusalError(405, "Method Not Allowed")
        _check_version(context)
        context.body = _read_body(raw_body, anthropic=context.anthropic)
        return _counted(context) if context.counting else _answer_reply(context)


def _due(named: Mapping[str, int], chance: Random, turn: int) -> bool:
    """Are the faults there for this request? Some are for one in n, by chance or in turn."""
    by_chance, in_turn = named.get("sometimes"), named.get("every")
    return not (by_chance and chance.randrange(by_chance)) and not (in_turn and turn % in_turn)


def _account(keys: list[str]) -> str:
    """Whose the key is, as an opaque word; "" without a key."""
    return hashlib.sha256(keys[0].encode()).hexdigest()[:16] if keys else ""


def _answered_all_the_same(refusal: RefusalError, context: RequestContext) -> Reply | None:
    if not context.has("refusals_answered") or refusal.status not in (400, 404) or context.path not in _ROUTES:
        return None
    context.body = dict(_HELLO[context.protocol])
    return _answer_reply(context)


def _guessed_protocol(headers: Mapping[str, str]) -> str:
    return MESSAGES if "anthropic-version" in headers or "x-api-key" in headers else CHAT


def _is_known(path: str) -> bool:
    return path in _ROUTES or path == "/v1/models" or path.startswith("/v1/models/")


def _unknown_path(context: RequestContext) -> Reply:
    if context.has("panel_html"):
        return html_reply(200, PANEL_PAGE)
    message = "Not found" if context.anthropic else f"Invalid URL ({context.method} {context.path})"
    raise RefusalError(404, message, kind=None if context.anthropic else "invalid_request_error", code="unknown_url")


def _model_list_reply(context: RequestContext) -> Reply:
    if context.method not in ("GET", "HEAD"):
        raise RefusalError(405, "Method Not Allowed")
    wait_ms = context.value("models_slow") if context.has("models_slow") else context.pace.head_ms / 2
    return json_reply(200, model_list(context), [], wait_ms)


def _check_version(context: RequestContext) -> None:
    if context.protocol == MESSAGES and "anthropic-version" not in context.headers and not context.relay:
        raise RefusalError(400, "anthropic-version: header is required")


def _read_body(raw_body: bytes, *, anthropic: bool) -> JsonObject:
    if len(raw_body) > MAX_BODY_BYTES:
        raise RefusalError(413, "Request exceeds the maximum size")
    try:
        body = json.loads(raw_body)
    except (ValueError, RecursionError) as error:
        message = f"The request body is not valid JSON: {error}" if anthropic else _NOT_JSON
        raise RefusalError(400, message) from error
    if not isinstance(body, dict):
        message = "The request body is not a JSON object: Input should be an object" if anthropic else _NOT_JSON
        raise RefusalError(400, message)
    return body


def _lenient_body(raw_body: bytes) -> JsonObject:
    """The body for a fault that answers without validating it; `{}` where it is no JSON object."""
    try:
        return _read_body(raw_body, anthropic=True)
    except RefusalError:
        return {}


def _counted(context: RequestContext) -> Reply:
    if context.has("count_tokens_404"):
        raise RefusalError(404, "Not found")
    kind = {"object": "response.input_tokens"} if context.protocol == RESPONSES else {}
    document = {**kind, "input_tokens": _parsed(context).input_tokens}
    for step in steps(context.chosen, Stage.COUNT, context.protocol):
        step(document, context)
    return json_reply(200, document, [], context.pace.head_ms / 2)


def _parsed(context: RequestContext) -> ParsedRequest:
    """The parsed request, after the faults that change it, or try a refused one again."""
    for step in steps(context.chosen, Stage.BODY, context.protocol):
        step(context.body, context)
    if context.has("lenient"):
        context.body = prune(context.body, (_COUNT_FIELDS if context.counting else _FIELDS)[context.protocol])
    try:
        parsed = _understood(context)
    except RefusalError as refusal:
        if not any(step(refusal, context) for step in steps(context.chosen, Stage.REFUSED, context.protocol)):
            raise
        parsed = _understood(context)
    for change in steps(context.chosen, Stage.PARSED, context.protocol):
        parsed = change(parsed, context)
    return parsed


def _understood(context: RequestContext) -> ParsedRequest:
    body = _with_served_model(context)
    if context.protocol == MESSAGES:
        return messages_request.parse(body, context.host, counting=context.counting)
    if context.protocol == CHAT:
        return chat_request.parse(body, context.host)
    return responses_request.parse(body, context.host, counting=context.counting)


def _with_served_model(context: RequestContext) -> JsonObject:
    if not context.has("model_any"):
        return context.body
    return context.body | {"model": "claude-haiku-4-5" if context.protocol == MESSAGES else "gpt-5.4-mini"}


def _answer_reply(context: RequestContext) -> Reply:
    parsed = _parsed(context)
    context.origin = parsed.origin
    new_call_id = (lambda: anthropic_id("toolu")) if context.protocol == MESSAGES else call_id
    all_said = answers(parsed, new_call_id, context.host.chance)
    said, document = all_said[0], _document(context, parsed, all_said)
    for step in steps(context.chosen, Stage.WHOLE, context.protocol):
        step(document, context)
    wants_stream = context.streamed and not context.has("stream_as_json")
    if not (wants_stream or context.has("json_as_stream")):
        wait_ms = context.pace.whole_ms(said.output_tokens) + _value_ms(context, "delay_first_ms")
        return json_reply(200, document, [], wait_ms)
    frames = _frames(context, document, said)
    return Reply(200, list(STREAM_HEADERS), frames, streamed=True)


def _value_ms(context: RequestContext, fault: str) -> int:
    return context.value(fault) if context.has(fault) else 0


def _document(context: RequestContext, parsed: ParsedRequest, said: list[Answer]) -> JsonObject:
    if context.protocol == MESSAGES:
        return messages_answer.whole(parsed, said[0])
    if context.protocol == CHAT:
        return chat_answer.whole(parsed, said)
    return responses_answer.whole(parsed, said[0], context.body, context.memory)


def _events(context: RequestContext, document: JsonObject) -> list[Event]:
    if context.protocol == MESSAGES:
        return messages_answer.stream(document, messages_answer.eager_tools(context.body, context.host.betas))
    if context.protocol == CHAT:
        options = context.body.get("stream_options") or {}
        return chat_answer.stream(document, with_usage=bool(options.get("include_usage")))
    return responses_answer.stream(document)


def _frames(context: RequestContext, document: JsonObject, said: Answer) -> list[Frame]:
    events = _events(context, document)
    for step in steps(context.chosen, Stage.EVENTS, context.protocol):
        events = step(events, context)
    hidden = 0 if said.thinking and context.protocol == MESSAGES else said.thinking_tokens
    frames = pace(events, context.pace, zlib.crc32(said.text.encode("utf-8", "replace")), hidden)
    for step in steps(context.chosen, Stage.FRAMES, context.protocol):
        frames = step(frames, context)
    return frames
