#!/usr/bin/env bash
# WHAT      Of two parallel tool calls LlamaIndex runs both if the answer is plain; if it is streamed, both, one or none, by the way
#           in which their pieces are laid over the chunks.
# VERSIONS  llama-index-llms-openai-like==0.8.1, llama-index-llms-openai==0.8.3, llama-index-core==0.14.25
# EXPECTED  `index` says which call a piece belongs to: the same two calls, however the chunks are cut.
# SEEN      2026-11-30, an agent with two tools. One call behind the other: both run. Both in one chunk: the second is lost. Pieces
#           in turn (0, 1, 0, 1): six calls without their arguments, four of them nameless, and no tool runs. The agent ends well.
# WHY       A server that makes its calls in parallel, or a relay that puts chunks together, looks like a model that forgets calls.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='plain: ran weather(Rome) and clock(Oslo); said Done.
streamed, one behind the other: ran weather(Rome) and clock(Oslo); said Done.
streamed, both in one chunk: ran weather(Rome); said Done.
streamed, in turn: ran nothing; said Done.'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check llama-index-llms-openai-like==0.8.1 \
    llama-index-llms-openai==0.8.3 llama-index-core==0.14.25

cat >run.py <<'PY'
import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai_like import OpenAILike

CALLS = [{"id": f"call_{name}", "type": "function", "function": {"name": name, "arguments": json.dumps({"city": city})}}
         for name, city in (("weather", "Rome"), ("clock", "Oslo"))]
WHOLE = [{"index": index, **call} for index, call in enumerate(CALLS)]
HEADS = [{**call, "function": {**call["function"], "arguments": ""}} for call in WHOLE]
PIECES = [[{"index": call["index"], "function": {"arguments": part}} for part in ('{"city": ', call["function"]["arguments"][9:])]
          for call in WHOLE]
STREAMS = {
    "one behind the other": [[HEADS[0]], [PIECES[0][0]], [PIECES[0][1]], [HEADS[1]], [PIECES[1][0]], [PIECES[1][1]]],
    "both in one chunk": [WHOLE],
    "in turn": [[HEADS[0]], [HEADS[1]], [PIECES[0][0]], [PIECES[1][0]], [PIECES[0][1]], [PIECES[1][1]]],
}


class Handler(BaseHTTPRequestHandler):
    stream = []

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        called = any(message["role"] in ("tool", "assistant") for message in asked["messages"])
        body = {"id": "c", "created": 1, "model": "m", "object": "chat.completion"}
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream" if asked.get("stream") else "application/json")
        self.end_headers()
        end = "stop" if called else "tool_calls"
        if not asked.get("stream"):
            said = {"role": "assistant", "content": "Done."} if called else {"role": "assistant", "content": None, "tool_calls": CALLS}
            self.wfile.write(json.dumps({**body, "choices": [{"index": 0, "message": said, "finish_reason": end}]}).encode())
            return
        deltas = [{"content": "Done."}] if called else [{"tool_calls": calls} for calls in self.stream]
        for delta in ({"role": "assistant", "content": ""}, *deltas, None):
            choice = {"index": 0, "delta": delta or {}, "finish_reason": None if delta else end}
            chunk = {**body, "object": "chat.completion.chunk", "choices": [choice]}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/v1"
ran = []


def tool(name):
    def run(city: str) -> str:
        ran.append(f"{name}({city})")
        return "fine"
    return FunctionTool.from_defaults(run, name=name, description=f"The {name} of a city")


async def ask(streaming):
    ran.clear()
    model = OpenAILike(model="m", api_base=url, api_key="k", is_chat_model=True, is_function_calling_model=True)
    said = await FunctionAgent(tools=[tool("weather"), tool("clock")], llm=model, streaming=streaming).run("hi")
    return f"ran {' and '.join(sorted(ran, reverse=True)) or 'nothing'}; said {said}"


print("plain:", asyncio.run(ask(False)))
for name, Handler.stream in STREAMS.items():
    print(f"streamed, {name}:", asyncio.run(ask(True)))
PY
seen=$(venv/bin/python run.py 2>/dev/null) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: which parallel calls LlamaIndex runs" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: llama-index 0.14.25 loses parallel calls that come in one chunk, or in turn."
