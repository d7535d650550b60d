"""A request as something to run elsewhere: curl, Python and Node with the official SDKs. The key is an environment variable."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

import msgspec

from app.recording import Headers, Request

KEY_VARIABLES = {
    "anthropic-messages": "ANTHROPIC_API_KEY",
    "openai-chat": "OPENAI_API_KEY",
    "openai-responses": "OPENAI_API_KEY",
}
_METHODS = {"openai-chat": "chat.completions", "openai-responses": "responses", "anthropic-messages": "messages"}
_AUTH = ("authorization", "x-api-key")
# What curl and the SDKs set themselves.
_OWN = (*_AUTH, "content-length", "host", "content-type", "accept", "accept-encoding", "connection", "user-agent")


def as_curl(request: Request, protocol: str, base_url: str) -> str:
    """A command for a POSIX shell. `base_url` is part of the interface only: the request's own address is used."""
    del base_url
    lines = [f"curl -N {shlex.quote(request.url)}" if request.method == "POST" else f"curl {shlex.quote(request.url)}"]
    kept = [(name, value) for name, value in request.headers if name.lower() not in (*_AUTH, "content-length", "host")]
    auth = _auth_header(request.headers)
    if auth == "x-api-key":
        lines.append(f'-H "x-api-key: ${KEY_VARIABLES[protocol]}"')
    elif auth:
        lines.append(f'-H "Authorization: Bearer ${KEY_VARIABLES[protocol]}"')
    lines += [f"-H {shlex.quote(f'{name}: {value}' if value else f'{name};')}" for name, value in kept]
    if request.body:
        lines.append(f"--data-raw {shlex.quote(request.body.decode('utf-8', 'replace'))}")
    return " \\\n  ".join(lines) + "\n"


def as_python(request: Request, protocol: str, base_url: str) -> str:
    """A program for the `anthropic` or `openai` package; a body that is no JSON object is sent as bytes, with `httpx`."""
    body = _object(request.body)
    if body is None:
        return _python_raw(request, protocol)
    anthropic = protocol == "anthropic-messages"
    package, name = ("anthropic", "Anthropic") if anthropic else ("openai", "OpenAI")
    style = "auth_token" if anthropic and _auth_header(request.headers) != "x-api-key" else "api_key"
    client = [f"    base_url={base_url!r},", f'    {style}=os.environ["{KEY_VARIABLES[protocol]}"],']
    if extra := _extra(request.headers):
        client.append(f"    default_headers={dict(extra)!r},")
    call = f"client.{_METHODS[protocol]}.create"
    lines = ["import os", "", f"from {package} import {name}", "", f"client = {name}(", *client, ")"]
    # As a dictionary: fields of every name and of any endpoint's invention go through.
    lines += [f"body = {_python_value(body)}", f"answer = {call}(**{_python_arguments(body, anthropic)})"]
    return "\n".join([*lines, *_python_tail(body)]) + "\n"


def as_node(request: Request, protocol: str, base_url: str) -> str:
    """A module for Node with `@anthropic-ai/sdk` or `openai`; a body that is no JSON object is sent with `fetch`."""
    body = _object(request.body)
    if body is None:
        return _node_raw(request, protocol)
    anthropic = protocol == "anthropic-messages"
    package, name = ("@anthropic-ai/sdk", "Anthropic") if anthropic else ("openai", "OpenAI")
    style = "authToken" if anthropic and _auth_header(request.headers) != "x-api-key" else "apiKey"
    client = [f"  baseURL: {_js(base_url)},", f"  {style}: process.env.{KEY_VARIABLES[protocol]},"]
    if extra := _extra(request.headers):
        client.append(f"  defaultHeaders: {_js(dict(extra))},")
    text = _js_literal(request.body)
    lines = [f'import {name} from "{package}";', "", f"const client = new {name}({{", *client, "});"]
    lines.append(f"const answer = await client.{_METHODS[protocol]}.create({text});")
    if body.get("stream") is True:
        lines.append("for await (const event of answer) console.log(JSON.stringify(event));")
    else:
        lines.append("console.log(JSON.stringify(answer, null, 2));")
    return "\n".join(lines) + "\n"


# -- parts ---------------------------------------------------------------------------------------------------------------


def _auth_header(headers: Headers) -> str:
    """Which header carries the key, in lower case; "" for none."""
    return next((name.lower() for name, _ in headers if name.lower() in _AUTH), "")


def _extra(headers: Headers) -> Headers:
    return tuple((name, value) for name, value in headers if name.lower() not in _OWN)


def _object(body: bytes) -> dict[str, object] | None:
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


_PYTHON_KNOWN = {
    True: {"model", "messages", "max_tokens", "system", "tools", "tool_choice", "stream", "stop_sequences", "metadata",
           "thinking"},
    False: {"model", "messages", "input", "instructions", "tools", "tool_choice", "stream", "stream_options", "max_tokens",
            "max_completion_tokens", "max_output_tokens", "temperature", "top_p", "store", "include", "reasoning"},
}  # fmt: skip


def _python_arguments(body: dict[str, object], anthropic: bool) -> str:
    """The dictionary's name, or, where it has fields the SDK's signature may not know, the two parts of it."""
    unknown = [name for name in body if name not in _PYTHON_KNOWN[anthropic]]
    if not unknown:
        return "body"
    return f"{{k: v for k, v in body.items() if k not in {unknown!r}}}, extra_body={{k: body[k] for k in {unknown!r}}}"


def _python_tail(body: dict[str, object]) -> list[str]:
    if body.get("stream") is True:
        return ["for event in answer:", "    print(event)"]
    return ["print(answer)"]


def _python_value(value: object, indent: int = 0) -> str:
    """A value as Python source, nested ones over several lines. repr alone is safe: it quotes whatever a string holds."""
    pad = " " * (indent + 4)
    if isinstance(value, dict) and value:
        inner = "".join(f"{pad}{name!r}: {_python_value(item, indent + 4)},\n" for name, item in value.items())
        return f"{{\n{inner}{' ' * indent}}}"
    if isinstance(value, list) and value:
        inner = "".join(f"{pad}{_python_value(item, indent + 4)},\n" for item in value)
        return f"[\n{inner}{' ' * indent}]"
    return repr(value)


def _python_raw(request: Request, protocol: str) -> str:
    headers = _raw_headers(request.headers, f'os.environ["{KEY_VARIABLES[protocol]}"]', '"Bearer " + ', repr)
    lines = ["import os", "", "import httpx", "", "answer = httpx.request("]
    lines += [f"    {request.method!r},", f"    {request.url!r},", f"    headers={headers},", f"    content={request.body!r},"]
    return "\n".join([*lines, ")", "print(answer.status_code, answer.text)"]) + "\n"


def _node_raw(request: Request, protocol: str) -> str:
    headers = _raw_headers(request.headers, f"process.env.{KEY_VARIABLES[protocol]}", '"Bearer " + ', _js)
    body = f", body: {_js(request.body.decode('utf-8', 'replace'))}" if request.body else ""
    lines = [f"const answer = await fetch({_js(request.url)}, {{ method: {_js(request.method)}, headers: {headers}{body} }});"]
    return "\n".join([*lines, "console.log(answer.status, await answer.text());"]) + "\n"


def _raw_headers(headers: Headers, key: str, bearer: str, quote: Callable[[str], str]) -> str:
    shown = []
    for name, value in headers:
        if name.lower() in ("content-length", "host"):
            continue
        secret = key if name.lower() == "x-api-key" else bearer + key
        shown.append(f"{quote(name)}: {secret if name.lower() in _AUTH else quote(value)}")
    return "{" + ", ".join(shown) + "}"


def _js(value: object) -> str:
    """A value as JavaScript source. JSON is JavaScript but for two line separators, which old engines refuse in strings."""
    return msgspec.json.encode(value).decode().replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _js_literal(body: bytes) -> str:
    """The body as a literal. `__proto__` as a literal's key would set the prototype: such a body is parsed from its text."""
    text = msgspec.json.format(body, indent=2).decode("utf-8", "replace")
    if "__proto__" in text or re.search(r"\d{16}", text):
        return f"JSON.parse({_js(body.decode('utf-8', 'replace'))})"
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
