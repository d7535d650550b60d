#!/usr/bin/env bash
# WHAT      Cached prompt tokens have two names on one protocol, and each client knows its own: the same usage is all
#           cached or not cached at all, with a package made for that very server too.
# VERSIONS  langchain-openai==1.7.4, langchain-deepseek==1.1.1, pydantic-ai-slim[openai]==2.68.0 (PyPI), ai@7.0.173 with
#           @ai-sdk/openai@4.0.118, -/openai-compatible@3.0.92, -/deepseek@3.0.56, -/groq@4.0.84 (npm)
# EXPECTED  20 of 25 prompt tokens are cached, as `prompt_tokens_details.cached_tokens` (OpenAI) or `prompt_cache_hit_tokens`
#           (DeepSeek): a client knows both, or leaves the count open where it knows neither.
# SEEN      2026-11-29: only langchain-deepseek reads both. @ai-sdk/deepseek is deaf to the common name. What is not known is
#           told as 0 by the AI SDK's. @ai-sdk/groq streamed reads no usage at all outside of `x_groq`.
# WHY       "The cache does not work through this relay" and prices too high in a report, are the client's reading.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='langchain-openai: 20 | none
langchain-deepseek: 20 | 20
pydantic-ai openai: 20 | 0
@ai-sdk/openai: 20 of 25 | 0 of 25
@ai-sdk/openai-compatible: 20 of 25 | 0 of 25
@ai-sdk/deepseek: 0 of 25 | 20 of 25
@ai-sdk/groq: none of none | none of none'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check langchain-openai==1.7.4 langchain-deepseek==1.1.1 \
    'pydantic-ai-slim[openai]==2.68.0'
npm install --silent --no-audit --no-fund --prefix . ai@7.0.173 @ai-sdk/openai@4.0.118 @ai-sdk/openai-compatible@3.0.92 \
    @ai-sdk/deepseek@3.0.56 @ai-sdk/groq@4.0.84 >/dev/null

cat >client.mjs <<'JS'
import { createDeepSeek } from "@ai-sdk/deepseek";
import { createGroq } from "@ai-sdk/groq";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { streamText } from "ai";
const named = process.argv.slice(2);
const makers = {
  "@ai-sdk/openai": (options) => createOpenAI(options).chat("m"),
  "@ai-sdk/openai-compatible": (options) => createOpenAICompatible({ name: "relay", includeUsage: true, ...options })("m"),
  "@ai-sdk/deepseek": (options) => createDeepSeek(options)("m"),
  "@ai-sdk/groq": (options) => createGroq(options)("m"),
};
for (const [name, make] of Object.entries(makers)) {
  const told = [];
  for (const baseURL of named) {
    const usage = await streamText({ model: make({ baseURL, apiKey: "k" }), prompt: "hi", maxRetries: 0 }).usage;
    told.push(`${usage.inputTokenDetails.cacheReadTokens ?? "none"} of ${usage.inputTokens ?? "none"}`);
  }
  console.log(`${name}: ${told.join(" | ")}`);
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

NAMES = {"openai": {"prompt_tokens_details": {"cached_tokens": 20}},
         "deepseek": {"prompt_cache_hit_tokens": 20, "prompt_cache_miss_tokens": 5}}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        usage = {"prompt_tokens": 25, "completion_tokens": 12, "total_tokens": 37, **NAMES[self.path.split("/")[1]]}
        for delta, finish, more in (({"role": "assistant", "content": "Hi"}, None, {}), ({}, "stop", {"usage": usage})):
            body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
                    "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more}
            self.wfile.write(f"data: {json.dumps(body)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
urls = [f"http://127.0.0.1:{server.server_port}/{name}" for name in NAMES]


def langchain(maker, key):
    def read(url):
        whole = None
        for part in maker(model="m", api_key="k", max_retries=0, **{key: url}).stream("hi"):
            whole = part if whole is None else whole + part
        return whole.usage_metadata["input_token_details"].get("cache_read", "none")
    return read


def pydantic(url):
    async def ask():
        model = OpenAIChatModel("m", provider=OpenAIProvider(base_url=url, api_key="k"))
        async with model_request_stream(model, [ModelRequest.user_text_prompt("hi")]) as stream:
            async for _ in stream:
                pass
            return stream.get().usage.cache_read_tokens
    return asyncio.run(ask())


for name, read in (("langchain-openai", langchain(ChatOpenAI, "base_url")),
                   ("langchain-deepseek", langchain(ChatDeepSeek, "api_base")), ("pydantic-ai openai", pydantic)):
    print(f"{name}: {' | '.join(str(read(url)) for url in urls)}")
print(subprocess.run(["node", "client.mjs", *urls], capture_output=True, text=True).stdout.strip())
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: which client knows which name of the cached tokens" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: of seven clients one reads both names of the cached tokens, and @ai-sdk/groq no streamed usage."
