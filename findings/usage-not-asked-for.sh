#!/usr/bin/env bash
# WHAT      Four clients do not ask a stream for its usage; one of them does so at api.openai.com. Without it one reports 0 tokens,
#           and one counts by itself, in the same fields as what a server says.
# VERSIONS  openai-agents==0.24.0, haystack-ai==3.4.1, langchain-openai==1.7.4, litellm==1.110.2, openai==3.57.0
# EXPECTED  By OpenAI's API a stream has usage only if `stream_options.include_usage` asks for it; a count that the server did not
#           give is unknown (None), or marked as an estimate.
# SEEN      2026-11-30, a server that says 25 in, 12 out if asked: another host's stream is 0/0 to openai-agents, none to haystack
#           and langchain, 8/1 to litellm's stream_chunk_builder. As api.openai.com it is 25/12 to openai-agents.
# WHY       "This endpoint reports no tokens", or other counts than OpenAI's, may be the client's doing: look at the request.
# HOW       api.openai.com is played by a transport in the same process; nothing goes out.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='another host, openai-agents: not asked for, 0/0
another host, haystack: not asked for, none
another host, langchain-openai: not asked for, none
another host, litellm: not asked for, 8/1
api.openai.com, openai-agents: asked for, 25/12'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check openai-agents==0.24.0 haystack-ai==3.4.1 \
    langchain-openai==1.7.4 litellm==1.110.2 openai==3.57.0

cat >run.py <<'PY'
import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import agents
import httpx2
import litellm
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.utils import Secret
from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI

agents.set_tracing_disabled(True)
litellm.suppress_debug_info = True
asked = []


def answer(body):
    asked.append(bool((json.loads(body).get("stream_options") or {}).get("include_usage")))
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    chunks = [{**chunk, "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}
              for delta, end in (({"role": "assistant", "content": "Hello"}, None), ({}, "stop"))]
    if asked[-1]:
        usage = {"prompt_tokens": 25, "completion_tokens": 12, "total_tokens": 37}
        chunks.append({**chunk, "choices": [], "usage": usage})
    return ("".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n").encode()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(answer(body))

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/v1"
played = httpx2.MockTransport(
    lambda request: httpx2.Response(200, headers={"Content-Type": "text/event-stream"}, content=answer(request.content)))
MESSAGES = [{"role": "user", "content": "hi"}]


async def openai_agents(**where):
    model = agents.OpenAIChatCompletionsModel("m", AsyncOpenAI(api_key="k", **where))
    result = agents.Runner.run_streamed(agents.Agent(name="a", model=model), "hi")
    async for _ in result.stream_events():
        pass
    usage = result.context_wrapper.usage
    return usage.input_tokens, usage.output_tokens


def haystack():
    model = OpenAIChatGenerator(api_key=Secret.from_token("k"), model="m", api_base_url=url, streaming_callback=lambda _: None)
    usage = model.run([ChatMessage.from_user("hi")])["replies"][0].meta.get("usage")
    return usage and (usage["prompt_tokens"], usage["completion_tokens"])


def langchain():
    usages = [part.usage_metadata for part in ChatOpenAI(model="m", base_url=url, api_key="k").stream("hi")]
    return next(((usage["input_tokens"], usage["output_tokens"]) for usage in usages if usage), None)


def lite():
    chunks = list(litellm.completion(model="openai/m", api_base=url, api_key="k", messages=MESSAGES, stream=True))
    usage = litellm.stream_chunk_builder(chunks, messages=MESSAGES).usage
    return usage.prompt_tokens, usage.completion_tokens


def show(host, name, usage):
    print(f"{host}, {name}: {'asked for' if asked[-1] else 'not asked for'}, {'%d/%d' % usage if usage else 'none'}")


show("another host", "openai-agents", asyncio.run(openai_agents(base_url=url)))
show("another host", "haystack", haystack())
show("another host", "langchain-openai", langchain())
show("another host", "litellm", lite())
show("api.openai.com", "openai-agents", asyncio.run(openai_agents(http_client=httpx2.AsyncClient(transport=played))))
PY
unset OPENAI_BASE_URL OPENAI_API_BASE
export LITELLM_LOCAL_MODEL_COST_MAP=True HAYSTACK_TELEMETRY_ENABLED=False
seen=$(venv/bin/python run.py 2>err.txt) || tail -3 err.txt >&2

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: who asks for a stream's usage, and what is said without it" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: without asking, openai-agents 0.24.0 reports 0/0 tokens and litellm 1.110.2 counts by itself."
