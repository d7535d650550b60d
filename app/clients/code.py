"""A few lines of code that make a client and ask once, with an endpoint's base URL and model as this client takes them.

Each is what the client was run with (`tests/clients/drivers/`). No key stands in it: it is read from the environment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from app.clients.settings import settings_for
from app.clients.table import Client
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.text.json_text import mend_surrogates

_ANTHROPIC = """\
import os
from anthropic import Anthropic

client = Anthropic(
    base_url={url},
    api_key={key},
)
message = client.messages.create(
    model={model},
    max_tokens=1024,
    messages=[{"role": "user", "content": "Hello"}],
)"""
_ANTHROPIC_JS = """\
import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({
  baseURL: {url},
  apiKey: {key},
});
const message = await client.messages.create({
  model: {model},
  max_tokens: 1024,
  messages: [{ role: "user", content: "Hello" }],
});"""
_OPENAI = """\
import os
from openai import OpenAI

client = OpenAI(
    base_url={url},
    api_key={key},
)
"""
_OPENAI_JS = """\
import OpenAI from "openai";

const client = new OpenAI({
  baseURL: {url},
  apiKey: {key},
});
"""
_AI_SDK = """\
import { generateText } from "ai";
import { {make} } from "{package}";

const relay = {make}({
  baseURL: {url},
  apiKey: {key},{more}
});
const { text } = await generateText({
  model: {ask},
  prompt: "Hello",
});"""
_LANGCHAIN = """\
import os
from {module} import {kind}

llm = {kind}(
    model={model},
    base_url={url},
    api_key={key},{more}
)
answer = llm.invoke("Hello")"""
_LANGCHAIN_JS = """\
import { {kind} } from "{package}";

const llm = new {kind}({
  model: {model},
  {base},
  apiKey: {key},{more}
});
const answer = await llm.invoke("Hello");"""
_LITELLM = """\
import os
import litellm

answer = litellm.{call}(
    model={model},
    api_base={url},
    api_key={key},
    {ask},
)"""
_PYDANTIC_AI = """\
import os
from pydantic_ai import Agent
from pydantic_ai.models.openai import {kind}
from pydantic_ai.providers.openai import OpenAIProvider

provider = OpenAIProvider(
    base_url={url},
    api_key={key},
)
agent = Agent({kind}({model}, provider=provider))
answer = agent.run_sync("Hello")"""
_PYDANTIC_AI_MESSAGES = """\
import os
from anthropic import AsyncAnthropic
from pydantic_ai import Agent
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.providers.anthropic import AnthropicProvider

client = AsyncAnthropic(
    base_url={url},
    api_key={key},
)
provider = AnthropicProvider(anthropic_client=client)
agent = Agent(AnthropicModel({model}, provider=provider))
answer = agent.run_sync("Hello")"""


_FIELD = re.compile(r"\{(url|model|key)\}")


class _Code(NamedTuple):
    """A template and what else stands in it; `prefix` is put before the model's name."""

    template: str
    words: Mapping[str, str] = {}
    prefix: str = ""


def _langchain(module: str, kind: str, more: str = "") -> _Code:
    return _Code(_LANGCHAIN, {"module": module, "kind": kind, "more": more})


def _langchain_js(package: str, kind: str, base: str, more: str = "") -> _Code:
    return _Code(_LANGCHAIN_JS, {"package": package, "kind": kind, "base": base, "more": more})


def _ai_sdk(package: str, make: str, ask: str, more: str = "") -> _Code:
    return _Code(_AI_SDK, {"package": package, "make": make, "ask": ask, "more": more})


_MESSAGES_TURN = 'messages=[{"role": "user", "content": "Hello"}]'
_BASE_JS = "configuration: { baseURL: {url} }"
_CODE: Mapping[tuple[str, str], _Code] = {
    ("anthropic", MESSAGES): _Code(_ANTHROPIC),
    ("anthropic-1", MESSAGES): _Code(_ANTHROPIC),
    ("anthropic-js", MESSAGES): _Code(_ANTHROPIC_JS),
    ("openai", CHAT): _Code(
        _OPENAI + "answer = client.chat.completions.create(\n    model={model},\n    " + _MESSAGES_TURN + ",\n)"
    ),
    ("openai", RESPONSES): _Code(_OPENAI + 'answer = client.responses.create(model={model}, input="Hello")'),
    ("openai-js", CHAT): _Code(
        _OPENAI_JS + "const answer = await client.chat.completions.create({\n  model: {model},\n"
        '  messages: [{ role: "user", content: "Hello" }],\n});'
    ),
    ("openai-js", RESPONSES): _Code(
        _OPENAI_JS + 'const answer = await client.responses.create({ model: {model}, input: "Hello" });'
    ),
    ("ai-sdk-anthropic", MESSAGES): _ai_sdk("@ai-sdk/anthropic", "createAnthropic", "relay({model})"),
    ("ai-sdk-openai", CHAT): _ai_sdk("@ai-sdk/openai", "createOpenAI", "relay.chat({model})"),
    ("ai-sdk-openai", RESPONSES): _ai_sdk("@ai-sdk/openai", "createOpenAI", "relay.responses({model})"),
    ("ai-sdk-openai-compatible", CHAT): _ai_sdk(
        "@ai-sdk/openai-compatible", "createOpenAICompatible", "relay({model})",
        '\n  name: "relay",\n  includeUsage: true,',
    ),
    ("langchain-anthropic", MESSAGES): _langchain("langchain_anthropic", "ChatAnthropic"),
    ("langchain-openai", CHAT): _langchain("langchain_openai", "ChatOpenAI", "\n    stream_usage=True,"),
    ("langchain-openai", RESPONSES): _langchain("langchain_openai", "ChatOpenAI", "\n    use_responses_api=True,"),
    ("langchain-anthropic-js", MESSAGES): _langchain_js("@langchain/anthropic", "ChatAnthropic", "anthropicApiUrl: {url}"),
    ("langchain-openai-js", CHAT): _langchain_js("@langchain/openai", "ChatOpenAI", _BASE_JS, "\n  streamUsage: true,"),
    ("langchain-openai-js", RESPONSES): _langchain_js(
        "@langchain/openai", "ChatOpenAI", _BASE_JS, "\n  useResponsesApi: true,"
    ),
    ("litellm", MESSAGES): _Code(_LITELLM, {"call": "completion", "ask": _MESSAGES_TURN}, "anthropic/"),
    ("litellm", CHAT): _Code(_LITELLM, {"call": "completion", "ask": _MESSAGES_TURN}, "openai/"),
    ("litellm", RESPONSES): _Code(_LITELLM, {"call": "responses", "ask": 'input="Hello"'}, "openai/"),
    ("pydantic-ai", MESSAGES): _Code(_PYDANTIC_AI_MESSAGES),
    ("pydantic-ai", CHAT): _Code(_PYDANTIC_AI, {"kind": "OpenAIChatModel"}),
    ("pydantic-ai", RESPONSES): _Code(_PYDANTIC_AI, {"kind": "OpenAIResponsesModel"}),
}  # fmt: skip


def code_for(client: Client, protocol: str, base_url: str, auth: str, model: str) -> str:
    """The lines, "" for a client whose code is not known. `base_url` and `auth` as for `settings_for`; "" for a model
    leaves a place for one."""
    known = _CODE.get((client.name, protocol))
    if known is None:
        return ""
    script = client.language == "javascript"
    told = settings_for(client, protocol, base_url, auth)
    variable = told.key_variable
    fields = {
        "key": f"process.env.{variable}" if script else f'os.environ["{variable}"]',
        "url": quoted(told.base_url, script=script),
        "model": quoted(known.prefix + (model or "MODEL"), script=script),
    }
    text = known.template
    # What a base URL or a model holds is never looked through for more fields: both come last, in one pass.
    for name, value in known.words.items():
        text = text.replace("{" + name + "}", value)
    return _FIELD.sub(lambda found: fields[found[1]], text)


def quoted(text: str, *, script: bool) -> str:
    """A text as a literal of Python, or of JavaScript (`script`): characters that can't be seen are written as escapes."""
    return '"' + "".join(_escaped(char, script=script) for char in mend_surrogates(text)) + '"'


def _escaped(char: str, *, script: bool) -> str:
    if char in '"\\':
        return "\\" + char
    if char.isprintable():
        return char
    code = ord(char)
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    return f"\\u{{{code:x}}}" if script else f"\\U{code:08x}"
