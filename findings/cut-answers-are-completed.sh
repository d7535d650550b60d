#!/usr/bin/env bash
# WHAT      An answer cut by the token limit or withheld by a filter is a completed message to the OpenAI Agents SDK: no field of
#           its result or of its stream's events says otherwise.
# VERSIONS  openai-agents==0.24.0, pydantic-ai-slim[openai]==2.68.0, openai==3.57.0
# EXPECTED  `finish_reason` "length" and "content_filter" are kept, or become what Responses has for them: status "incomplete" with
#           its reason, and an event `response.incomplete`.
# SEEN      2026-11-30, Chat Completions: plain and streamed, all three reasons give the same: a message with status "completed" and,
#           when streamed, the event `response.completed`; only an answer without any text raises. pydantic-ai keeps the reason.
# WHY       An endpoint that cuts answers short looks like a model that writes less; the recording alone has the reason.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='stop: plain "Hello wor" completed; streamed "Hello wor" completed, response.completed; the reason is nowhere; pydantic-ai stop
length: plain "Hello wor" completed; streamed "Hello wor" completed, response.completed; the reason is nowhere; pydantic-ai length
content_filter: plain "Hello wor" completed; streamed "Hello wor" completed, response.completed; the reason is nowhere; pydantic-ai content_filter'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check openai-agents==0.24.0 'pydantic-ai-slim[openai]==2.68.0' \
    openai==3.57.0

cat >run.py <<'PY'
import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import agents
import pydantic_ai
from openai import AsyncOpenAI
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

agents.set_tracing_disabled(True)


class Handler(BaseHTTPRequestHandler):
    reason = ""

    def do_POST(self):
        streamed = json.loads(self.rfile.read(int(self.headers["content-length"]))).get("stream")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream" if streamed else "application/json")
        self.end_headers()
        body = {"id": "c", "object": "chat.completion", "created": 1, "model": "m"}
        said = {"role": "assistant", "content": "Hello wor"}
        if not streamed:
            choice = {"index": 0, "message": said, "finish_reason": self.reason}
            self.wfile.write(json.dumps({**body, "choices": [choice]}).encode())
            return
        for delta, end in ((said, None), ({}, self.reason)):
            choice = {"index": 0, "delta": delta, "finish_reason": end}
            self.wfile.write(f"data: {json.dumps({**body, 'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/v1"


async def ask(streamed):
    """What is said, the events behind it, and all that the result has, as text."""
    model = agents.OpenAIChatCompletionsModel("m", AsyncOpenAI(base_url=url, api_key="k", max_retries=0))
    agent, events = agents.Agent(name="a", model=model), []
    if streamed:
        result = agents.Runner.run_streamed(agent, "hi")
        events = [event async for event in result.stream_events()]
    else:
        result = await agents.Runner.run(agent, "hi")
    message = result.raw_responses[0].output[0]
    raw = [event.data.type for event in events if event.type == "raw_response_event"]
    told = f'"{result.final_output}" {message.status}' + (f", {raw[-1]}" if raw else "")
    return told, repr(result.raw_responses) + repr(result.new_items) + repr(events)


async def pydantic():
    result = await pydantic_ai.Agent(OpenAIChatModel("m", provider=OpenAIProvider(base_url=url, api_key="k"))).run("hi")
    return result.all_messages()[-1].finish_reason


for Handler.reason in ("stop", "length", "content_filter"):
    plain, streamed = asyncio.run(ask(False)), asyncio.run(ask(True))
    everything = plain[1] + streamed[1]
    place = "somewhere" if f"'{Handler.reason}'" in everything or "incomplete_details={" in everything else "nowhere"
    print(f"{Handler.reason}: plain {plain[0]}; streamed {streamed[0]}; the reason is {place}; pydantic-ai {asyncio.run(pydantic())}")
PY
seen=$(venv/bin/python run.py 2>err.txt) || tail -3 err.txt >&2

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: whether a cut answer is told from a whole one" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: openai-agents 0.24.0 calls cut and withheld answers completed, and keeps no reason."
