"""A request as code for the frameworks that stand on the official SDKs: LiteLLM, LangChain and the AI SDK.

LangChain says a body in words of its own and would change some of it, so what it has no argument for goes as it stands
(`extra_body`, `bind`). The AI SDK writes every body itself: there it is exchanged on its way (`fetch`). What each sends was
seen with the real packages: `python -m tests.formats.run_snippets`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.formats import snippets
from app.protocols.ids import CHAT, MESSAGES
from app.recording.records import Request

FRAMEWORKS = ("litellm", "langchain", "ai-sdk")
_AI_SDK = {MESSAGES: ("anthropic", "createAnthropic", "relay"), CHAT: ("openai", "createOpenAI", "relay.chat")}
_AI_SDK_RESPONSES = ("openai", "createOpenAI", "relay.responses")
# What ChatOpenAI has an argument of its own for, and sends as it is given.
_LANGCHAIN_OWN = ("model", "messages", "input", "stream", "stream_options")


def as_framework(framework: str, request: Request, protocol: str, base_url: str) -> str:
    """The code, one of `FRAMEWORKS`; "" for a body that is no JSON object, or a login that no client sends."""
    body = snippets.object_of(request.body)
    if (
        body is None
        or not isinstance(body.get("model"), str)
        or snippets.way_of(request.headers) not in ("x-api-key", "bearer")
    ):
        return ""
    make = {"litellm": _litellm, "langchain": _langchain, "ai-sdk": _ai_sdk}[framework]
    return make(request, body, protocol, base_url)


def _key(request: Request, protocol: str) -> str:
    return f'os.environ["{snippets.key_variable(request.headers, protocol)}"]'


def _litellm(request: Request, body: dict[str, Any], protocol: str, base_url: str) -> str:
    prefix = "anthropic/" if protocol == MESSAGES else "openai/"
    call = [f"    model={prefix + body['model']!r},", f"    api_base={base_url!r},", f"    api_key={_key(request, protocol)},"]
    if extra := snippets.extra_headers(request.headers):
        call.append(f"    extra_headers={snippets.python_headers(extra, protocol)},")
    rest = {name: value for name, value in body.items() if name != "model"}
    call += [f"    **{snippets.python_value(rest, 4)},", ")"]
    if protocol != MESSAGES:
        function = "completion" if protocol == CHAT else "responses"
        lines = ["import os", "", "import litellm", "", f"answer = litellm.{function}(", *call, *snippets.python_tail(body)]
        return "\n".join(lines) + "\n"
    # Messages as they are it only sends from asyncio, and of a stream it reads nothing without its proxy's packages (1.110.2).
    said = "# LiteLLM reads a stream of Messages only with the packages of its proxy: pip install 'litellm[proxy]'"
    note = [said] if body.get("stream") is True else []
    tail = [line.replace("for event", "async for event") for line in snippets.python_tail(body)]
    inside = ["answer = await litellm.anthropic.messages.acreate(", *call, *tail]
    lines = [*note, "import asyncio", "import os", "", "import litellm", "", "", "async def main():"]
    lines += [f"    {line}" for line in "\n".join(inside).split("\n")]
    return "\n".join([*lines, "", "", "asyncio.run(main())"]) + "\n"


def _langchain(request: Request, body: dict[str, Any], protocol: str, base_url: str) -> str:
    kind, module = ("ChatAnthropic", "langchain_anthropic") if protocol == MESSAGES else ("ChatOpenAI", "langchain_openai")
    streams = body.get("stream") is True
    client = [f"    model={body['model']!r},", f"    base_url={base_url!r},", f"    api_key={_key(request, protocol)},"]
    if extra := snippets.extra_headers(request.headers):
        client.append(f"    default_headers={snippets.python_headers(extra, protocol)},")
    asked = body.get("messages", body.get("input", ""))
    bound = ""
    if protocol == MESSAGES:
        rest = {name: value for name, value in body.items() if name not in ("model", "messages", "stream")}
        bound = f".bind(**{snippets.python_value(rest)})" if rest else ""
    else:
        options = body.get("stream_options")
        usage = isinstance(options, Mapping) and options.get("include_usage") is True
        client.append(f"    stream_usage={usage}," if protocol == CHAT else "    use_responses_api=True,")
        rest = {name: value for name, value in body.items() if name not in _LANGCHAIN_OWN}
        if rest:
            client.append(f"    extra_body={snippets.python_value(rest, 4)},")
    lines = ["import os", "", f"from {module} import {kind}", "", f"llm = {kind}(", *client, ")"]
    lines.append(f"asked = {snippets.python_value(asked)}")
    if streams:
        lines += [f"for piece in llm{bound}.stream(asked):", "    print(piece)"]
    else:
        lines += [f"print(llm{bound}.invoke(asked))"]
    return "\n".join(lines) + "\n"


def _ai_sdk(request: Request, body: dict[str, Any], protocol: str, base_url: str) -> str:
    package, make, ask = _AI_SDK.get(protocol, _AI_SDK_RESPONSES)
    base = f"{base_url.rstrip('/')}/v1" if protocol == MESSAGES else base_url
    variable = snippets.key_variable(request.headers, protocol)
    style = "authToken" if protocol == MESSAGES and snippets.way_of(request.headers) == "bearer" else "apiKey"
    extra = snippets.extra_headers(request.headers)
    function = "streamText" if body.get("stream") is True else "generateText"
    lines = [
        f'import {{ {function} }} from "ai";',
        f'import {{ {make} }} from "@ai-sdk/{package}";',
        "",
        f"const body = {snippets.js_literal(request.body)};",
        f"const relay = {make}({{",
        f"  baseURL: {snippets.js(base)},",
        f"  {style}: process.env.{variable},",
        *([f"  headers: {snippets.js_headers(extra, protocol)},"] if extra else []),
        "  // The request above goes out, not the one that the AI SDK would write.",
        "  fetch: (url, options) => fetch(url, { ...options, body: JSON.stringify(body) }),",
        "});",
        f'const asked = {{ model: {ask}({snippets.js(body["model"])}), prompt: "the body above", maxRetries: 0 }};',
    ]
    if function == "streamText":
        lines.append("for await (const part of streamText(asked).fullStream) console.log(JSON.stringify(part));")
    else:
        lines.append("console.log(JSON.stringify(await generateText(asked), null, 2));")
    return "\n".join(lines) + "\n"
