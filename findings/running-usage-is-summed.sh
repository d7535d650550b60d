#!/usr/bin/env bash
# WHAT      Where a server tells its running usage with every chunk, two Python frameworks add the totals up.
# VERSIONS  langchain-openai==1.7.4, pydantic-ai-slim[openai]==2.68.0
# EXPECTED  vLLM's `continuous_usage_stats` (other servers do so unasked) puts the total so far into each chunk and the final
#           total into the last: 25 in, 12 out.
# SEEN      2026-11-29, five chunks with 25/0, 25/4, 25/8, 25/12, 25/12: both count 125 in and 36 out.
# WHY       Token counts five times too high come from the client's side of a stream that is right.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='told last: 25/12
langchain-openai: 125/36
pydantic-ai: 125/36'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check langchain-openai==1.7.4 'pydantic-ai-slim[openai]==2.68.0'

cat >run.py <<'PY'
import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from langchain_openai import ChatOpenAI
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider


def chunk(delta, finish, output):
    choices = [{"index": 0, "delta": delta, "finish_reason": finish}] if delta is not None else []
    usage = {"prompt_tokens": 25, "completion_tokens": output, "total_tokens": 25 + output}
    body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices, "usage": usage}
    return f"data: {json.dumps(body)}\n\n"


CHUNKS = (
    chunk({"role": "assistant", "content": ""}, None, 0),
    chunk({"content": "Hello"}, None, 4),
    chunk({"content": " world"}, None, 8),
    chunk({"content": "!"}, "stop", 12),
    chunk(None, None, 12),
)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write("".join(CHUNKS).encode() + b"data: [DONE]\n\n")

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
last = json.loads(CHUNKS[-1][6:])["usage"]
print(f"told last: {last['prompt_tokens']}/{last['completion_tokens']}")

whole = None
for part in ChatOpenAI(model="m", base_url=url, api_key="k", max_retries=0, stream_usage=True).stream("hi"):
    whole = part if whole is None else whole + part
print(f"langchain-openai: {whole.usage_metadata['input_tokens']}/{whole.usage_metadata['output_tokens']}")


async def ask():
    agent = Agent(OpenAIChatModel("m", provider=OpenAIProvider(base_url=url, api_key="k")))
    async with agent.run_stream("hi") as result:
        await result.get_output()
        return result.usage


usage = asyncio.run(ask())
print(f"pydantic-ai: {usage.input_tokens}/{usage.output_tokens}")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what becomes of usage that comes with every chunk" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: langchain-openai 1.7.4 and pydantic-ai 2.68.0 add running totals up."
