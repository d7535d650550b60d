"""Facts of a request: what it asked for, with which key, and which model was probably meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property

from app.diagnosis.address import Address
from app.diagnosis.context import Context
from app.model_names import Suggestion, is_claude_endpoint, suggest
from app.protocols.any.end_findings import limit_of
from app.protocols.ids import MESSAGES
from app.recording.recording import Recording
from app.secrets.shapes import vendor_of_shape
from app.text.json_text import decode_json, objects_in

_KEY_HEADERS = ("authorization", "x-api-key", "api-key", "x-goog-api-key")


def _calls_of(turn: Mapping[str, object]) -> tuple[set[object], set[object]]:
    """The ids of the tool calls in a message or item of any protocol, and those of the calls that its results answer."""
    blocks = objects_in(turn.get("content"))
    calls = {one.get("id") for one in objects_in(turn.get("tool_calls"))}
    calls |= {one.get("id") for one in blocks if one.get("type") == "tool_use"}
    answered = {one.get("tool_use_id") for one in blocks if one.get("type") == "tool_result"}
    match turn.get("type"), turn.get("role"):
        case "function_call", _:
            calls.add(turn.get("call_id"))
        case "function_call_output", _:
            answered.add(turn.get("call_id"))
        case _, "tool":
            answered.add(turn.get("tool_call_id"))
    return calls, answered


class RequestFacts:
    """What was asked, and the key it went out with."""

    def __init__(self, recording: Recording, context: Context) -> None:
        self._recording, self._context = recording, context
        self.method = recording.request.method

    @cached_property
    def body(self) -> Mapping[str, object]:
        """The request's JSON object, {} where it is none."""
        with suppress(ValueError):
            body = decode_json(self._recording.request.body)
            return body if isinstance(body, dict) else {}
        return {}

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return len(self._recording.request.body)

    @property
    def known(self) -> bool:
        """Whether the body that was sent is known; a capture of an answer has none."""
        return bool(self._recording.request.body)

    @property
    def names_addresses(self) -> bool:
        """Whether something of the body is an address, from which a server may fetch what stands there."""
        return re.search(rb'"https?:', self._recording.request.body) is not None

    def lacks(self, path: str) -> bool:
        """Whether the request is known and has no such field: `temperature`, `reasoning.effort`, `messages[3].role`.

        Of a path of more than two steps only the first two are looked for: errors name steps that no request has
        (`tools.0.custom.input_schema`).
        """
        if not self.body:
            return False
        steps = re.findall(r"[^.\[\]]+", path)
        value: object = self.body
        for number, step in enumerate(steps[:2]):
            match value:
                case dict() if step in value:
                    value = value[step]
                case dict():
                    return number == 0 or len(steps) == 2
                case list() if step.isdecimal() and int(step) < len(value):
                    value = value[int(step)]
                case list() if step.isdecimal():
                    return True
                case _:
                    return False
        return False

    @property
    def model(self) -> str:
        """The model that was asked, "" where that is not known. A body by hand may name another than the profile."""
        asked = self.body.get("model")
        return asked if isinstance(asked, str) and asked else "" if self.body else self._recording.envelope.model

    @property
    def streams(self) -> bool:
        """Was a stream asked for?"""
        return self.body.get("stream") is True

    @property
    def max_tokens(self) -> int | None:
        """How many tokens of an answer were asked for at most; None where that is not known, or left to the endpoint."""
        return limit_of(self.body) or None

    @property
    def could_stream(self) -> bool:
        """Whether the request is known, and asked for no stream."""
        return self.known and not self.streams

    @cached_property
    def odd_tools(self) -> tuple[str, ...]:
        """The types of the offered tools that are no functions of the caller's, each once."""
        types = [one.get("type") for one in objects_in(self.body.get("tools"))]
        usual = ("function", "custom") if self._recording.envelope.protocol == MESSAGES else ("function",)
        return tuple(dict.fromkeys(one for one in types if isinstance(one, str) and one not in usual))

    @property
    def tools_are_usual(self) -> bool:
        """Whether the request offers tools, each of them a function of the caller's own in the form of the protocol."""
        tools = self.body.get("tools")
        if not isinstance(tools, list) or not tools or self.odd_tools:
            return False
        untyped = self._recording.envelope.protocol == MESSAGES  # where the type may be left out
        return all(isinstance(one, dict) and (one.get("type") is not None or untyped) for one in tools)

    @cached_property
    def calls_are_answered(self) -> bool:
        """Whether the request has tool calls, each with its result right behind it, and no result without its call."""
        waiting: set[object] = set()
        seen = False
        for turn in objects_in(self.body.get("messages") or self.body.get("input")):
            calls, results = _calls_of(turn)
            is_call = turn.get("type") == "function_call"  # several calls are an item each
            if not results <= waiting or (waiting and not results and not is_call):
                return False
            waiting = (waiting - results) | calls
            seen = seen or bool(calls)
        return seen and not waiting

    def sends_role(self, *roles: str) -> bool:
        """Is one of the request's messages in one of these roles?"""
        messages = self.body.get("messages") or self.body.get("input")
        return isinstance(messages, list) and any(isinstance(one, dict) and one.get("role") in roles for one in messages)

    # -- the key ------------------------------------------------------------------------------------------------------

    @property
    def headers_known(self) -> bool:
        """Whether the request's headers are known; a capture of an answer has none."""
        return bool(self._recording.request.headers) or self._context.key_sent is not None

    @property
    def auth(self) -> str:
        """How the profile sends its key: "x-api-key" or "bearer"."""
        return self._context.auth or self._recording.envelope.profile.auth

    def sends(self, header: str) -> bool:
        """Whether a header of this name is known to have been sent."""
        return bool(header and self._recording.request.header(header))

    @property
    def sends_one_key(self) -> bool:
        """Whether one of the two usual headers for a key is known to have been sent, and the other was not."""
        return self.sends_bearer != self.sends_x_api_key

    @property
    def sends_bearer(self) -> bool:
        value = self._recording.request.header("authorization") or ""
        return bool(value.lower().removeprefix("bearer").strip())

    @property
    def sends_x_api_key(self) -> bool:
        return bool((self._recording.request.header("x-api-key") or "").strip())

    @property
    def keys_sent(self) -> tuple[str, ...]:
        """The values of the headers that had a key, masked as the recording has them."""
        request = self._recording.request
        return tuple(value for name in _KEY_HEADERS if (value := request.header(name) or ""))

    @property
    def sends_key(self) -> bool:
        """Did a key go out? Where the request's headers are not known either, it is taken that one did."""
        if self._context.key_sent is not None:
            return self._context.key_sent
        request = self._recording.request
        other = request.header("api-key") or request.header("x-goog-api-key")
        return self.sends_bearer or self.sends_x_api_key or bool(other) or not request.headers

    @property
    def key_vendor(self) -> str:
        """Whose key it is by its shape, "" where that can't be told."""
        return vendor_of_shape(self._context.key_shape)


class ModelFacts:
    """The model that was asked, held against the endpoint's list."""

    def __init__(self, asked: str, listed: tuple[str, ...], address: Address) -> None:
        self._asked, self._listed, self._address = asked, listed, address

    @property
    def is_listed(self) -> bool:
        return self._asked in self._listed

    @property
    def near(self) -> str:
        """The listed name that was probably meant, or for a GPT name at a Claude endpoint its usual counterpart; "" without."""
        return self.counterpart or next(iter(self._suggestion.nearest), "") if self._asked else ""

    @property
    def counterpart(self) -> str:
        """For a GPT model at a Claude endpoint the usual Claude model, or ""."""
        return self._suggestion.counterpart or "" if self._asked else ""

    @property
    def near_names(self) -> tuple[str, ...]:
        """Up to three near names."""
        return tuple(suggest(self._asked, self._listed).nearest) or ((self.near,) if self.near else ())

    @cached_property
    def _suggestion(self) -> Suggestion:
        claude = is_claude_endpoint(self._address.protocol, self._address.base, self._listed) and not self._address.passes_on
        return suggest(self._asked, self._listed, claude_endpoint=claude)
