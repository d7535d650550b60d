"""The requests of Chat Completions."""

from __future__ import annotations

from app.mirror.probes.probe import CITY_SCHEMA, MODEL, NONCE, PDF, PICTURE_URL, PNG, QUESTION, STRICT_SCHEMA, Probe
from app.mirror.request import Json
from app.text.sentences import message

_FUNCTION: Json = {"name": "get_weather", "description": "The weather in a city.", "parameters": CITY_SCHEMA}
_TOOL: Json = {"type": "function", "function": _FUNCTION}
_USER: Json = {"role": "user", "content": QUESTION}


def _call(call: str = "call_ProbeOne", arguments: str = '{"city":"Oslo","days":3}') -> Json:
    return {"id": call, "type": "function", "function": {"name": "get_weather", "arguments": arguments}}


def _result(text: str, call: str = "call_ProbeOne") -> Json:
    return {"role": "tool", "tool_call_id": call, "content": text}


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _parts(*parts: Json) -> Json:
    return {"role": "user", "content": [*parts]}


def _body(*messages: Json, **more: object) -> Json:
    return {"model": MODEL, "max_completion_tokens": 300, "messages": [*messages] or [_USER], **more}


def _loop(*answer: Json, calls: tuple[Json, ...] = (), **more: object) -> Json:
    asked: Json = {"role": "user", "content": f"How is the weather in Oslo? {NONCE}"}
    said: Json = {"role": "assistant", "content": None, "tool_calls": [*(calls or (_call(),))], **more}
    return _body(asked, said, *answer, tools=[_TOOL])


def _request(name: str, title: str, body: Json) -> Probe:
    return Probe(name=name, title=title, body=body)


def _answer(name: str, title: str, *faults: str, **more: object) -> Probe:
    return Probe(name=name, title=title, body=_body(**more), about="answer", faults=faults)


def _headers(name: str, title: str, *headers: tuple[str, str]) -> Probe:
    return Probe(name=name, title=title, body=_body(), headers=headers, about="headers")


_STREAM: Json = {"stream": True, "stream_options": {"include_usage": True}}

PROBES: tuple[Probe, ...] = (
    _request("plain", message("words of the user"), _body()),
    _request(
        "unicode",
        message("words of many scripts"),
        _body({"role": "user", "content": f"Grüße 你好 \u2028 e\u0301 👩‍💻 {NONCE}"}),
    ),
    _request("system", message("a system prompt"), _body({"role": "system", "content": "You are brief."}, _USER)),
    _request("developer", message("a developer's prompt"), _body({"role": "developer", "content": "You are brief."}, _USER)),
    _request(
        "two-systems",
        message("a system prompt and a developer's"),
        _body({"role": "system", "content": "You are brief."}, {"role": "developer", "content": "You like boats."}, _USER),
    ),
    _request(
        "late-system",
        message("a system prompt behind the user's words"),
        _body(_USER, {"role": "assistant", "content": "Boats float."}, {"role": "system", "content": "Be brief."}, _USER),
    ),
    _request(
        "image",
        message("a picture"),
        _body(_parts(_text(QUESTION), {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}})),
    ),
    _request(
        "image-url",
        message("a picture by its address"),
        _body(_parts(_text(QUESTION), {"type": "image_url", "image_url": {"url": PICTURE_URL}})),
    ),
    _request(
        "document-pdf",
        message("a PDF"),
        _body(
            _parts(
                _text(QUESTION),
                {"type": "file", "file": {"filename": "page.pdf", "file_data": f"data:application/pdf;base64,{PDF}"}},
            )
        ),
    ),
    _request("text-parts", message("words in two parts"), _body(_parts(_text("Think of water."), _text(QUESTION)))),
    _request("name", message("the name of who speaks"), _body(_USER | {"name": "ada"})),
    _request("tool-loop", message("a tool's call and its result"), _loop(_result("4 degrees"))),
    _request(
        "two-calls",
        message("two calls and their results"),
        _loop(
            _result("4 degrees"),
            _result("20 degrees", "call_ProbeTwo"),
            calls=(_call(), _call("call_ProbeTwo", '{"city":"Rome"}')),
        ),
    ),
    _request("call-and-words", message("words before a call"), _loop(_result("4 degrees"), content="Let me look.")),
    _request(
        "empty-arguments", message("a call without arguments"), _loop(_result("4 degrees"), calls=(_call(arguments="{}"),))
    ),
    _request(
        "result-and-text",
        message("a tool's result, and words behind it"),
        _loop(_result("4 degrees"), {"role": "user", "content": "And tomorrow?"}),
    ),
    _request("thinking-back", message("earlier reasoning"), _loop(_result("4 degrees"), reasoning_content="They want Oslo.")),
    _request("tools", message("a tool on offer"), _body(tools=[_TOOL])),
    _request(
        "tool-strict",
        message("a strict tool"),
        _body(tools=[{"type": "function", "function": _FUNCTION | {"parameters": STRICT_SCHEMA, "strict": True}}]),
    ),
    _request("server-tool", message("the vendor's web search"), _body(web_search_options={})),
    _request("tool-any", message("some tool must be called"), _body(tools=[_TOOL], tool_choice="required")),
    _request(
        "tool-named",
        message("one tool must be called"),
        _body(tools=[_TOOL], tool_choice={"type": "function", "function": {"name": "get_weather"}}),
    ),
    _request("tool-none", message("no tool may be called"), _body(tools=[_TOOL], tool_choice="none")),
    _request("parallel-off", message("one call at a time"), _body(tools=[_TOOL], parallel_tool_calls=False)),
    _request("effort", message("how much to reason"), _body(reasoning_effort="low")),
    _request("temperature", message("temperature"), _body(temperature=0.6)),
    _request("top-p", "top_p", _body(top_p=0.8)),
    _request("stop", message("stop sequences"), _body(stop=["END", "STOP"])),
    _request("no-limit", message("no token limit"), {"model": MODEL, "messages": [_USER]}),
    _request("old-limit", message("the limit's old name"), {"model": MODEL, "max_tokens": 300, "messages": [_USER]}),
    _request(
        "json-object",
        message("any JSON object"),
        _body(_USER | {"content": f"Answer in JSON. {NONCE}"}, response_format={"type": "json_object"}),
    ),
    _request(
        "json-schema",
        message("a JSON schema"),
        _body(
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "colour", "schema": STRICT_SCHEMA, "strict": True},
            }
        ),
    ),
    _request("metadata", message("metadata"), _body(metadata={"team": "probe"}, store=True)),
    _request("user", message("who the user is"), _body(user="probe-user")),
    _request("service-tier", message("the service tier"), _body(service_tier="flex")),
    _request("seed", message("a seed"), _body(seed=7)),
    _request("logit-bias", message("a bias of tokens"), _body(logit_bias={"1734": -10})),
    _request("penalties", message("penalties"), _body(frequency_penalty=0.5, presence_penalty=0.25)),
    _request("logprobs", message("log probabilities"), _body(logprobs=True, top_logprobs=2)),
    _request("choices", message("two choices"), _body(n=2)),
    _request("prediction", message("a prediction"), _body(prediction={"type": "content", "content": "Boats float."})),
    _request("unknown-field", message("a field that nobody knows"), _body(x_probe="kept?")),
    _headers("own-header", message("a header of your own"), ("x-probe", "kept?")),
    _headers("user-agent", message("your client's name"), ("user-agent", "probe-client/1.0")),
    _headers("key", message("the key")),
    _answer("answer", message("an answer in one piece")),
    _answer("answer-stream", message("an answer in a stream"), **_STREAM),
    _answer("answer-tool", message("a call in one piece"), tools=[_TOOL], tool_choice="required"),
    _answer("answer-tool-stream", message("a call in a stream"), tools=[_TOOL], tool_choice="required", **_STREAM),
    _answer("answer-cut", message("an answer that reached its limit"), max_completion_tokens=8),
    _answer("answer-stop", message("an answer that met a stop sequence"), stop=["water"]),
    _answer("error-429", message("a rate limit"), "error_429", "retry_after=1"),
    _answer("error-500", message("a server's fault"), "error_500"),
    _answer("broken-stream", message("a stream that ends in the middle"), "cut_after_n=6", **_STREAM),
)
