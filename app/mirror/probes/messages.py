"""The requests of Messages."""

from __future__ import annotations

from app.mirror.probes.probe import CITY_SCHEMA, MODEL, NONCE, PDF, PICTURE_URL, PNG, QUESTION, STRICT_SCHEMA, Probe
from app.mirror.request import Json
from app.text.sentences import message

_CACHE: Json = {"type": "ephemeral"}
_TOOL: Json = {"name": "get_weather", "description": "The weather in a city.", "input_schema": CITY_SCHEMA}
_CALL: Json = {"type": "tool_use", "id": "toolu_01ProbeOne", "name": "get_weather", "input": {"city": "Oslo", "days": 3}}
_CALL_2: Json = {"type": "tool_use", "id": "toolu_01ProbeTwo", "name": "get_weather", "input": {"city": "Rome"}}
_IMAGE: Json = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}


def _user(*blocks: Json) -> Json:
    return {"role": "user", "content": [*blocks]}


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _result(content: object, call: str = "toolu_01ProbeOne", **more: object) -> Json:
    return {"type": "tool_result", "tool_use_id": call, "content": content, **more}


def _body(*messages: Json, **more: object) -> Json:
    said = list(messages) or [{"role": "user", "content": QUESTION}]
    return {"model": MODEL, "max_tokens": 300, "messages": said, **more}


def _loop(*answer: Json, calls: tuple[Json, ...] = (_CALL,)) -> Json:
    asked: Json = {"role": "user", "content": f"How is the weather in Oslo? {NONCE}"}
    return _body(asked, {"role": "assistant", "content": [*calls]}, _user(*answer), tools=[_TOOL])


_THOUGHT: Json = {"type": "thinking", "thinking": "They want Oslo.", "signature": "c2lnbmF0dXJlIG9mIHRoZSBwcm9iZQ=="}
_REDACTED: Json = {"type": "redacted_thinking", "data": "cmVkYWN0ZWQgYnkgdGhlIHByb2Jl"}


def _request(name: str, title: str, body: Json) -> Probe:
    return Probe(name=name, title=title, body=body)


def _answer(name: str, title: str, *faults: str, **more: object) -> Probe:
    return Probe(name=name, title=title, body=_body(**more), about="answer", faults=faults)


def _headers(name: str, title: str, *headers: tuple[str, str]) -> Probe:
    return Probe(name=name, title=title, body=_body(), headers=headers, about="headers")


PROBES: tuple[Probe, ...] = (
    _request("plain", message("words of the user"), _body()),
    _request(
        "unicode",
        message("words of many scripts"),
        _body({"role": "user", "content": f"Grüße 你好 \u2028 e\u0301 👩‍💻 {NONCE}"}),
    ),
    _request("system", message("a system prompt"), _body(system=f"You are brief. System {NONCE}")),
    _request(
        "system-blocks",
        message("system blocks, one cached"),
        _body(system=[_text("You are brief."), _text("You like boats.") | {"cache_control": _CACHE}]),
    ),
    _request("image", message("a picture"), _body(_user(_IMAGE, _text(QUESTION)))),
    _request(
        "image-url",
        message("a picture by its address"),
        _body(_user({"type": "image", "source": {"type": "url", "url": PICTURE_URL}}, _text(QUESTION))),
    ),
    _request(
        "document-text",
        message("a document of text"),
        _body(
            _user(
                {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "Boats are old."}},
                _text(QUESTION),
            )
        ),
    ),
    _request(
        "document-pdf",
        message("a PDF"),
        _body(
            _user(
                {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": PDF}},
                _text(QUESTION),
            )
        ),
    ),
    _request("tool-loop", message("a tool's call and its result"), _loop(_result("4 degrees"))),
    _request(
        "two-calls",
        message("two calls and their results"),
        _loop(_result("4 degrees"), _result("20 degrees", "toolu_01ProbeTwo"), calls=(_CALL, _CALL_2)),
    ),
    _request(
        "call-and-words", message("words before a call"), _loop(_result("4 degrees"), calls=(_text("Let me look."), _CALL))
    ),
    _request("result-image", message("a picture in a tool's result"), _loop(_result([_text("a map"), _IMAGE]))),
    _request(
        "result-and-text", message("a tool's result and words in one turn"), _loop(_result("4 degrees"), _text("And tomorrow?"))
    ),
    _request("is-error", message("a failed tool"), _loop(_result("station is down", is_error=True))),
    _request(
        "thinking-back", message("earlier thinking with its signature"), _loop(_result("4 degrees"), calls=(_THOUGHT, _CALL))
    ),
    _request("redacted-back", message("redacted thinking"), _loop(_result("4 degrees"), calls=(_REDACTED, _CALL))),
    _request("tools", message("a tool on offer"), _body(tools=[_TOOL])),
    _request("tool-cache", message("a tool that is cached"), _body(tools=[_TOOL | {"cache_control": _CACHE}])),
    _request("tool-strict", message("a strict tool"), _body(tools=[_TOOL | {"input_schema": STRICT_SCHEMA, "strict": True}])),
    _request(
        "server-tool", message("the vendor's web search"), _body(tools=[{"type": "web_search_20250305", "name": "web_search"}])
    ),
    _request("tool-any", message("some tool must be called"), _body(tools=[_TOOL], tool_choice={"type": "any"})),
    _request(
        "tool-named",
        message("one tool must be called"),
        _body(tools=[_TOOL], tool_choice={"type": "tool", "name": "get_weather"}),
    ),
    _request("tool-none", message("no tool may be called"), _body(tools=[_TOOL], tool_choice={"type": "none"})),
    _request(
        "parallel-off",
        message("one call at a time"),
        _body(tools=[_TOOL], tool_choice={"type": "auto", "disable_parallel_tool_use": True}),
    ),
    _request(
        "thinking",
        message("thinking with a budget"),
        _body(max_tokens=2048, thinking={"type": "enabled", "budget_tokens": 1024}),
    ),
    _request("thinking-adaptive", message("adaptive thinking"), _body(thinking={"type": "adaptive"})),
    _request("effort", message("effort"), _body(output_config={"effort": "low"})),
    _request("temperature", message("temperature"), _body(temperature=0.6)),
    _request("top-p", "top_p", _body(top_p=0.8)),
    _request("top-k", message("top_k"), _body(top_k=40)),
    _request("stop", message("stop sequences"), _body(stop_sequences=["END", "STOP"])),
    _request(
        "json-schema",
        message("a JSON schema"),
        _body(output_config={"format": {"type": "json_schema", "schema": STRICT_SCHEMA}}),
    ),
    _request("cache-message", message("a cached message"), _body(_user(_text(QUESTION) | {"cache_control": _CACHE}))),
    _request("metadata", message("who the user is"), _body(metadata={"user_id": "probe-user"})),
    _request("service-tier", message("the service tier"), _body(service_tier="standard_only")),
    _request("unknown-field", message("a field that nobody knows"), _body(x_probe="kept?")),
    _headers("beta-header", message("a beta of an unknown name"), ("anthropic-beta", "probe-2026-01-01")),
    _headers("own-header", message("a header of your own"), ("x-probe", "kept?")),
    _headers("user-agent", message("your client's name"), ("user-agent", "probe-client/1.0")),
    _headers("key", message("the key")),
    _answer("answer", message("an answer in one piece")),
    _answer("answer-stream", message("an answer in a stream"), stream=True),
    _answer("answer-tool", message("a call in one piece"), tools=[_TOOL], tool_choice={"type": "any"}),
    _answer("answer-tool-stream", message("a call in a stream"), tools=[_TOOL], tool_choice={"type": "any"}, stream=True),
    _answer(
        "answer-thinking",
        message("thinking in an answer"),
        max_tokens=2048,
        thinking={"type": "enabled", "budget_tokens": 1024},
    ),
    _answer(
        "answer-thinking-stream",
        message("thinking in a stream"),
        max_tokens=2048,
        thinking={"type": "enabled", "budget_tokens": 1024},
        stream=True,
    ),
    _answer("answer-cut", message("an answer that reached its limit"), max_tokens=8),
    _answer("answer-stop", message("an answer that met a stop sequence"), stop_sequences=["water"]),
    _answer("error-429", message("a rate limit"), "error_429", "retry_after=1"),
    _answer("error-529", message("an overloaded upstream"), "error_529"),
    _answer("broken-stream", message("a stream that ends in the middle"), "cut_after_n=6", stream=True),
)
