#!/usr/bin/env bash
# WHAT      One call, refused, is up to 18 requests at the endpoint: frameworks retry around a client that retries.
# VERSIONS  strands-agents[openai]==1.62.0, smolagents[openai]==1.26.0, haystack-ai==3.4.1, llama-index-llms-openai-like==0.8.1,
#           llama-index-llms-openai==0.8.3, dspy==3.4.1, openai==2.54.0
# EXPECTED  Three requests, as of the openai client (one and two retries), or the number that the framework says.
# SEEN      2026-11-30, nothing set: strands 18 for a 429 and 3 for a 500, smolagents 9 and 3, haystack 6, LlamaIndex 12 when plain
#           and 4 when streamed, dspy 4.
# WHY       A limit of requests is used up by the refusals themselves; the endpoint's log shows an error rate that no user saw, and
#           one framework meets the limit where another on the same endpoint does not.
# HOW       No time is waited: sleep is replaced by one that returns at once.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='429: openai 3, strands 18, smolagents 9, haystack 6, llama-index 12, llama-index streamed 4, dspy 4
500: openai 3, strands 3, smolagents 3, haystack 6, llama-index 12, llama-index streamed 4, dspy 4'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check 'strands-agents[openai]==1.62.0' 'smolagents[openai]==1.26.0' \
    haystack-ai==3.4.1 llama-index-llms-openai-like==0.8.1 llama-index-llms-openai==0.8.3 dspy==3.4.1 openai==2.54.0

cat >run.py <<'PY'
import asyncio
import logging
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import dspy
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.utils import Secret
from llama_index.llms.openai_like import OpenAILike
from openai import OpenAI
from smolagents import OpenAIModel
from strands import Agent
from strands.models.openai import OpenAIModel as StrandsModel

logging.disable(logging.CRITICAL)


class Handler(BaseHTTPRequestHandler):
    status = 0
    requests = 0

    def do_POST(self):
        Handler.requests += 1
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"error": {"message": "Not now.", "type": "error"}}')

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/v1"
pause = asyncio.sleep
asyncio.sleep = lambda *args: pause(0)
time.sleep = lambda seconds: None

llama = OpenAILike(model="m", api_base=url, api_key="k")
haystack = OpenAIChatGenerator(api_key=Secret.from_token("k"), model="m", api_base_url=url)
strands = Agent(model=StrandsModel(client_args={"api_key": "k", "base_url": url}, model_id="m"), callback_handler=None)
ask = {
    "openai": lambda: OpenAI(base_url=url, api_key="k").chat.completions.create(
        model="m", messages=[{"role": "user", "content": "hi"}]),
    "strands": lambda: strands("hi"),
    "smolagents": lambda: OpenAIModel("m", api_base=url, api_key="k").generate(
        [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]),
    "haystack": lambda: haystack.run([ChatMessage.from_user("hi")]),
    "llama-index": lambda: llama.complete("hi"),
    "llama-index streamed": lambda: list(llama.stream_complete("hi")),
    "dspy": lambda: dspy.LM("openai/m", api_base=url, api_key="k", cache=False)("hi"),
}


def count(call):
    Handler.requests = 0
    try:
        call()
    except Exception:  # each has its own
        return Handler.requests
    return "no error"


for Handler.status in (429, 500):
    print(f"{Handler.status}: " + ", ".join(f"{name} {count(call)}" for name, call in ask.items()))
PY
export LITELLM_LOCAL_MODEL_COST_MAP=True HOME="$dir" # or dspy looks for prices on the network, and keeps a cache at home
seen=$(venv/bin/python run.py 2>/dev/null) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: how many requests one refused call is" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: one call refused with 429 is 18 requests by strands 1.62.0, 12 by llama-index, 9 by smolagents 1.26.0."
