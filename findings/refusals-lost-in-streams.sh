#!/usr/bin/env bash
# WHAT      A refusal in its own field (`refusal`, content null) is, by client, the answer's text, a withheld answer with its
#           words aside, or an empty answer that ended well; LangChain keeps its words when plain and loses them when streamed.
# VERSIONS  langchain-openai==1.7.4, pydantic-ai-slim[openai]==2.68.0 (PyPI), ai@7.0.173 with @ai-sdk/openai@4.0.118,
#           -/openai-compatible@3.0.92, -/deepseek@3.0.56 (npm)
# EXPECTED  The words "I can't help." can be shown as a refusal, in both forms of an answer.
# SEEN      2026-11-29: the AI SDK's OpenAI clients show the words as the answer, with "content-filter" where the wire says "stop";
#           pydantic-ai says content_filter over an empty text; langchain-openai "stop" over an empty text, and streamed the
#           words are nowhere; @ai-sdk/deepseek drops them in both forms.
# WHY       "It returns nothing, and says stop" is a refusal on the wire: an empty text is no sign of a broken endpoint.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected="langchain-openai: plain text '', stop, words kept aside | streamed text '', stop, no words
pydantic-ai: plain text '', content_filter, words kept aside | streamed text '', content_filter, words kept aside
@ai-sdk/openai: plain text 'I can't help.', content-filter | streamed text 'I can't help.', content-filter
@ai-sdk/openai-compatible: plain text 'I can't help.', content-filter | streamed text 'I can't help.', content-filter
@ai-sdk/deepseek: plain text '', stop | streamed text '', stop"

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check langchain-openai==1.7.4 'pydantic-ai-slim[openai]==2.68.0'
npm install --silent --no-audit --no-fund --prefix . ai@7.0.173 @ai-sdk/openai@4.0.118 @ai-sdk/openai-compatible@3.0.92 \
    @ai-sdk/deepseek@3.0.56 >/dev/null

cat >client.mjs <<'JS'
import { createDeepSeek } from "@ai-sdk/deepseek";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, streamText } from "ai";
const options = { baseURL: process.argv[2], apiKey: "k" };
const models = {
  "@ai-sdk/openai": createOpenAI(options).chat("m"),
  "@ai-sdk/openai-compatible": createOpenAICompatible({ name: "relay", ...options })("m"),
  "@ai-sdk/deepseek": createDeepSeek(options)("m"),
};
for (const [name, model] of Object.entries(models)) {
  const ask = { model, prompt: "hi", maxRetries: 0 };
  const plain = await generateText(ask);
  const streamed = streamText(ask);
  const show = (text, finish) => `text '${text}', ${finish}`;
  const both = [`plain ${show(plain.text, plain.finishReason)}`, `streamed ${show(await streamed.text, await streamed.finishReason)}`];
  console.log(`${name}: ${both.join(" | ")}`);
}
JS
cat >run.py <<'PY'
import asyncio
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from langchain_openai import ChatOpenAI
from pydantic_ai.direct import model_request, model_request_stream
from pydantic_ai.messages import ModelRequest
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

HEAD = {"id": "c", "created": 1, "model": "m"}
WORDS = "I can't help."


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        streamed = json.loads(self.rfile.read(int(self.headers["content-length"]))).get("stream")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream" if streamed else "application/json")
        self.end_headers()
        if not streamed:
            message = {"role": "assistant", "content": None, "refusal": WORDS}
            choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
            self.wfile.write(json.dumps({**HEAD, "object": "chat.completion", "choices": choices}).encode())
            return
        for delta in ({"role": "assistant", "content": None, "refusal": ""}, {"refusal": WORDS[:7]}, {"refusal": WORDS[7:]}, {}):
            choices = [{"index": 0, "delta": delta, "finish_reason": None if delta else "stop"}]
            data = json.dumps({**HEAD, "object": "chat.completion.chunk", "choices": choices})
            self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"


def langchain(message):
    kept = "words kept aside" if message.additional_kwargs.get("refusal") == WORDS else "no words"
    return f"text '{message.text}', {message.response_metadata['finish_reason']}, {kept}"


def pydantic(response):
    kept = "words kept aside" if WORDS in repr(response.provider_details) else "no words"
    return f"text '{response.text or ''}', {response.finish_reason}, {kept}"


async def ask():
    model, asked = OpenAIChatModel("m", provider=OpenAIProvider(base_url=url, api_key="k")), [ModelRequest.user_text_prompt("hi")]
    plain = await model_request(model, asked)
    async with model_request_stream(model, asked) as stream:
        async for _ in stream:
            pass
        return plain, stream.get()


model, whole = ChatOpenAI(model="m", base_url=url, api_key="k", max_retries=0), None
for part in model.stream("hi"):
    whole = part if whole is None else whole + part
print(f"langchain-openai: plain {langchain(model.invoke('hi'))} | streamed {langchain(whole)}")
plain, streamed = asyncio.run(ask())
print(f"pydantic-ai: plain {pydantic(plain)} | streamed {pydantic(streamed)}")
print(subprocess.run(["node", "client.mjs", url], capture_output=True, text=True).stdout.strip())
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: where the words of a refusal go" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: langchain-openai 1.7.4 loses a streamed refusal, @ai-sdk/deepseek 3.0.56 any, @ai-sdk/openai shows it as text."
