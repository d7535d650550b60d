#!/usr/bin/env bash
# WHAT      Reasoning in a chat stream has several names, and a client shows it under one name and drops it under another.
# VERSIONS  langchain-openai==1.7.4, langchain-deepseek==1.1.1, pydantic-ai-slim[openai]==2.68.0 (PyPI), ai@7.0.173 with
#           @ai-sdk/openai@4.0.118, -/openai-compatible@3.0.92, -/deepseek@3.0.56, -/groq@4.0.84, @langchain/openai@1.6.0 with
#           @langchain/core@1.4.0 (npm)
# EXPECTED  `reasoning_content` (DeepSeek, SGLang), `reasoning` (vLLM, Groq, OpenRouter) and the first of `reasoning_details`
#           (OpenRouter) are the same words to a client that shows reasoning at all.
# SEEN      2026-11-29: three clients read both plain names; @ai-sdk/deepseek and @langchain/openai only the first, @ai-sdk/groq
#           only the second; langchain-openai and @ai-sdk/openai none; `reasoning_details` alone nobody. No client says so.
# WHY       "The model stopped to reason behind this relay" is as a rule a field with another name: look at the wire.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='langchain-openai: - - -
langchain-deepseek: reasoning_content reasoning -
pydantic-ai openai: reasoning_content reasoning -
@ai-sdk/openai: - - -
@ai-sdk/openai-compatible: reasoning_content reasoning -
@ai-sdk/deepseek: reasoning_content - -
@ai-sdk/groq: - reasoning -
@langchain/openai: reasoning_content - -'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check langchain-openai==1.7.4 langchain-deepseek==1.1.1 \
    'pydantic-ai-slim[openai]==2.68.0'
npm install --silent --no-audit --no-fund --prefix . ai@7.0.173 @ai-sdk/openai@4.0.118 @ai-sdk/openai-compatible@3.0.92 \
    @ai-sdk/deepseek@3.0.56 @ai-sdk/groq@4.0.84 @langchain/openai@1.6.0 @langchain/core@1.4.0 >/dev/null

cat >client.mjs <<'JS'
import { createDeepSeek } from "@ai-sdk/deepseek";
import { createGroq } from "@ai-sdk/groq";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { ChatOpenAI } from "@langchain/openai";
import { streamText } from "ai";
const makers = {
  "@ai-sdk/openai": (options) => createOpenAI(options).chat("m"),
  "@ai-sdk/openai-compatible": (options) => createOpenAICompatible({ name: "relay", ...options })("m"),
  "@ai-sdk/deepseek": (options) => createDeepSeek(options)("m"),
  "@ai-sdk/groq": (options) => createGroq(options)("m"),
};
const sdk = (make) => (baseURL) =>
  streamText({ model: make({ baseURL, apiKey: "k" }), prompt: "hi", maxRetries: 0 }).reasoningText;
const langchain = async (baseURL) => {
  const model = new ChatOpenAI({ model: "m", apiKey: "k", maxRetries: 0, configuration: { baseURL } });
  let whole;
  for await (const part of await model.stream("hi")) whole = whole ? whole.concat(part) : part;
  return JSON.stringify(whole.additional_kwargs);
};
const readers = Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, sdk(make)]));
readers["@langchain/openai"] = langchain;
for (const [name, read] of Object.entries(readers)) {
  const told = [];
  for (const url of process.argv.slice(2)) told.push((await read(url))?.includes("Hmm") ? url.split("/").at(-1) : "-");
  console.log(`${name}: ${told.join(" ")}`);
}
JS
cat >run.py <<'PY'
import asyncio
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from langchain_deepseek import ChatDeepSeek
from langchain_openai import ChatOpenAI
from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import ModelRequest
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

DELTAS = {"reasoning_content": "Hmm", "reasoning": "Hmm",
          "reasoning_details": [{"type": "reasoning.text", "text": "Hmm", "index": 0}]}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        name = self.path.split("/")[1]
        for delta in ({"role": "assistant", "content": ""}, {name: DELTAS[name]}, {"content": "Hi"}, {}):
            body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
                    "choices": [{"index": 0, "delta": delta, "finish_reason": None if delta else "stop"}]}
            self.wfile.write(f"data: {json.dumps(body)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
urls = [f"http://127.0.0.1:{server.server_port}/{name}" for name in DELTAS]


def langchain(maker, key):
    return lambda url: repr(list(maker(model="m", api_key="k", max_retries=0, **{key: url}).stream("hi")))


def pydantic(url):
    async def ask():
        model = OpenAIChatModel("m", provider=OpenAIProvider(base_url=url, api_key="k"))
        async with model_request_stream(model, [ModelRequest.user_text_prompt("hi")]) as stream:
            async for _ in stream:
                pass
            return repr(stream.get().parts)
    return asyncio.run(ask())


for name, read in (("langchain-openai", langchain(ChatOpenAI, "base_url")),
                   ("langchain-deepseek", langchain(ChatDeepSeek, "api_base")), ("pydantic-ai openai", pydantic)):
    print(f"{name}: {' '.join(url.split('/')[-1] if 'Hmm' in read(url) else '-' for url in urls)}")
print(subprocess.run(["node", "client.mjs", *urls], capture_output=True, text=True).stdout.strip())
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: which client knows which name of reasoning" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: of eight clients three read reasoning by two names, three by one, two by none."
