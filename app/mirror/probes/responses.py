"""The requests of Responses."""

from __future__ import annotations

from app.mirror.probes.probe import CITY_SCHEMA, MODEL, NONCE, PDF, PICTURE_URL, PNG, QUESTION, STRICT_SCHEMA, Probe
from app.mirror.request import Json
from app.text.sentences import message

_TOOL: Json = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather in a city.",
    "parameters": CITY_SCHEMA,
    "strict": False,
}
_REASONING: Json = {
    "type": "reasoning",
    "id": "rs_probe",
    "summary": [{"type": "summary_text", "text": "They want Oslo."}],
    "encrypted_content": "ZW5jcnlwdGVkIGJ5IHRoZSBwcm9iZQ==",
}
_WEATHER: Json = {"role": "user", "content": f"How is the weather in Oslo? {NONCE}"}


def _message(role: str, *parts: Json) -> Json:
    return {"type": "message", "role": role, "content": [*parts]}


def _text(text: str) -> Json:
    return {"type": "input_text", "text": text}


def _call(call: str = "call_ProbeOne", arguments: str = '{"city":"Oslo","days":3}') -> Json:
    return {"type": "function_call", "call_id": call, "name": "get_weather", "arguments": arguments}


def _output(output: object, call: str = "call_ProbeOne") -> Json:
    return {"type": "function_call_output", "call_id": call, "output": output}


def _body(*items: Json, **more: object) -> Json:
    said: object = [*items] or [_message("user", _text(QUESTION))]
    return {"model": MODEL, "max_output_tokens": 300, "input": said, **more}


def _loop(*items: Json) -> Json:
    return _body(_WEATHER, *items, tools=[_TOOL])


def _request(name: str, title: str, body: Json) -> Probe:
    return Probe(name=name, title=title, body=body)


def _answer(name: str, title: str, *faults: str, **more: object) -> Probe:
    return Probe(name=name, title=title, body=_body(**more), about="answer", faults=faults)


def _headers(name: str, title: str, *headers: tuple[str, str]) -> Probe:
    return Probe(name=name, title=title, body=_body(), headers=headers, about="headers")


_FORMAT: Json = {"type": "json_schema", "name": "colour", "schema": STRICT_SCHEMA, "strict": True}

PROBES: tuple[Probe, ...] = (
    _request("plain", message("words of the user"), _body()),
    _request("text-input", message("words as a bare text"), {"model": MODEL, "max_output_tokens": 300, "input": QUESTION}),
    _request(
        "unicode", message("words of many scripts"), _body(_message("user", _text(f"Grüße 你好 \u2028 e\u0301 👩‍💻 {NONCE}")))
    ),
    _request("instructions", message("instructions"), _body(instructions="You are brief.")),
    _request("developer", message("a developer's prompt"), _body({"role": "developer", "content": "You are brief."}, _WEATHER)),
    _request(
        "two-systems",
        message("instructions and a developer's prompt"),
        _body({"role": "developer", "content": "You like boats."}, _WEATHER, instructions="You are brief."),
    ),
    _request(
        "image",
        message("a picture"),
        _body(_message("user", _text(QUESTION), {"type": "input_image", "image_url": f"data:image/png;base64,{PNG}"})),
    ),
    _request(
        "image-url",
        message("a picture by its address"),
        _body(_message("user", _text(QUESTION), {"type": "input_image", "image_url": PICTURE_URL})),
    ),
    _request(
        "document-pdf",
        message("a PDF"),
        _body(
            _message(
                "user",
                _text(QUESTION),
                {"type": "input_file", "filename": "page.pdf", "file_data": f"data:application/pdf;base64,{PDF}"},
            )
        ),
    ),
    _request(
        "earlier-answer",
        message("an earlier answer"),
        _body(
            {"role": "user", "content": "Hello."},
            _message("assistant", {"type": "output_text", "text": "Good day.", "annotations": []}),
            _WEATHER,
        ),
    ),
    _request("tool-loop", message("a tool's call and its result"), _loop(_call(), _output("4 degrees"))),
    _request(
        "two-calls",
        message("two calls and their results"),
        _loop(_call(), _call("call_ProbeTwo", '{"city":"Rome"}'), _output("4 degrees"), _output("20 degrees", "call_ProbeTwo")),
    ),
    _request(
        "result-image",
        message("a picture in a tool's result"),
        _loop(_call(), _output([_text("a map"), {"type": "input_image", "image_url": f"data:image/png;base64,{PNG}"}])),
    ),
    _request(
        "result-and-text",
        message("a tool's result, and words behind it"),
        _loop(_call(), _output("4 degrees"), {"role": "user", "content": "And tomorrow?"}),
    ),
    _request("empty-arguments", message("a call without arguments"), _loop(_call(arguments="{}"), _output("4 degrees"))),
    _request("thinking-back", message("earlier reasoning, encrypted"), _loop(_REASONING, _call(), _output("4 degrees"))),
    _request("tools", message("a tool on offer"), _body(tools=[_TOOL])),
    _request("tool-strict", message("a strict tool"), _body(tools=[_TOOL | {"parameters": STRICT_SCHEMA, "strict": True}])),
    _request("server-tool", message("the vendor's web search"), _body(tools=[{"type": "web_search"}])),
    _request("tool-any", message("some tool must be called"), _body(tools=[_TOOL], tool_choice="required")),
    _request(
        "tool-named",
        message("one tool must be called"),
        _body(tools=[_TOOL], tool_choice={"type": "function", "name": "get_weather"}),
    ),
    _request("tool-none", message("no tool may be called"), _body(tools=[_TOOL], tool_choice="none")),
    _request("parallel-off", message("one call at a time"), _body(tools=[_TOOL], parallel_tool_calls=False)),
    _request("effort", message("how much to reason"), _body(reasoning={"effort": "low"})),
    _request("summary", message("a summary of the reasoning"), _body(reasoning={"effort": "low", "summary": "auto"})),
    _request("temperature", message("temperature"), _body(temperature=0.6)),
    _request("top-p", "top_p", _body(top_p=0.8)),
    _request("no-limit", message("no token limit"), {"model": MODEL, "input": QUESTION}),
    _request(
        "json-object",
        message("any JSON object"),
        _body(_WEATHER | {"content": f"Answer in JSON. {NONCE}"}, text={"format": {"type": "json_object"}}),
    ),
    _request("json-schema", message("a JSON schema"), _body(text={"format": _FORMAT})),
    _request("verbosity", message("verbosity"), _body(text={"verbosity": "low"})),
    _request("metadata", message("metadata"), _body(metadata={"team": "probe"})),
    _request("user", message("who the user is"), _body(safety_identifier="probe-user")),
    _request("service-tier", message("the service tier"), _body(service_tier="flex")),
    _request("store", message("the answer is not to be stored"), _body(store=False)),
    _request("include", message("encrypted reasoning wanted"), _body(store=False, include=["reasoning.encrypted_content"])),
    _request("truncation", message("truncation"), _body(truncation="auto")),
    _request("logprobs", message("log probabilities"), _body(include=["message.output_text.logprobs"], top_logprobs=2)),
    _request("cache-key", message("a key of the prompt cache"), _body(prompt_cache_key="probe")),
    _request("unknown-field", message("a field that nobody knows"), _body(x_probe="kept?")),
    _headers("own-header", message("a header of your own"), ("x-probe", "kept?")),
    _headers("user-agent", message("your client's name"), ("user-agent", "probe-client/1.0")),
    _headers("key", message("the key")),
    _answer("answer", message("an answer in one piece")),
    _answer("answer-stream", message("an answer in a stream"), stream=True),
    _answer("answer-tool", message("a call in one piece"), tools=[_TOOL], tool_choice="required"),
    _answer("answer-tool-stream", message("a call in a stream"), tools=[_TOOL], tool_choice="required", stream=True),
    _answer("answer-cut", message("an answer that reached its limit"), max_output_tokens=16),
    _answer("error-429", message("a rate limit"), "error_429", "retry_after=1"),
    _answer("error-500", message("a server's fault"), "error_500"),
    _answer("broken-stream", message("a stream that ends in the middle"), "cut_after_n=6", stream=True),
)
