#!/usr/bin/env bash
# WHAT      claude-code-router tells of the same answer a web search that never was if it is plain, and no tokens if streamed.
# VERSIONS  @musistudio/claude-code-router@2.0.0 (npm; the newest that Node 20 runs)
# EXPECTED  One answer of the upstream (text, `annotations: []`, usage 2389 with 2048 cached) comes out the same both ways.
# SEEN      2026-11-29: plain: a server_tool_use "web_search" with an empty query and an empty result stand before the text,
#           because `annotations`, which OpenAI sends with every answer, is there; usage 341 + 2048, right. Streamed: the
#           text alone, usage 0 and 0, since the usage chunk behind finish_reason is not read.
# WHY       A check run plain and a use that streams see two relays: both must be run, side by side, before one is judged.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='plain: server_tool_use web_search {"query": ""}, web_search_tool_result [], text Hello; input 341, from the cache 2048, output 12
streamed: text; input 0, from the cache 0, output 0'

npm install --silent --no-audit --no-fund --prefix . @musistudio/claude-code-router@2.0.0 >/dev/null

cat >run.py <<'PY'
import json
import os
import socket
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USAGE = {"prompt_tokens": 2389, "completion_tokens": 12, "total_tokens": 2401,
         "prompt_tokens_details": {"cached_tokens": 2048}}
HEAD = {"id": "c", "created": 1, "model": "m"}


def chunk(choices, usage=None):
    return f"data: {json.dumps({**HEAD, 'object': 'chat.completion.chunk', 'choices': choices, 'usage': usage})}\n\n"


class Upstream(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if request.get("stream"):
            kind = "text/event-stream"
            body = chunk([{"index": 0, "delta": {"role": "assistant", "content": "Hello"}, "finish_reason": None}])
            body += chunk([{"index": 0, "delta": {}, "finish_reason": "stop"}]) + chunk([], USAGE) + "data: [DONE]\n\n"
        else:
            kind = "application/json"
            message = {"role": "assistant", "content": "Hello", "refusal": None, "annotations": []}
            choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
            body = json.dumps({**HEAD, "object": "chat.completion", "choices": [choice], "usage": USAGE})
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        pass


def told(block):
    match block["type"]:
        case "text":
            return f"text {block['text']}".strip()
        case "server_tool_use":
            return f"server_tool_use {block['name']} {json.dumps(block['input'])}"
        case kind:
            return f"{kind} {block['content']}"


def summary(blocks, usage):
    counts = f"input {usage['input_tokens']}, from the cache {usage['cache_read_input_tokens']}"
    return f"{', '.join(map(told, blocks))}; {counts}, output {usage['output_tokens']}"


server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
threading.Thread(target=server.serve_forever, daemon=True).start()
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
provider = {"name": "p", "api_base_url": f"http://127.0.0.1:{server.server_port}/v1/chat/completions", "api_key": "k",
            "models": ["m"]}
os.mkdir(".claude-code-router")
with open(".claude-code-router/config.json", "w") as file:
    json.dump({"HOST": "127.0.0.1", "PORT": port, "LOG": False, "Providers": [provider], "Router": {"default": "p,m"}}, file)
relay = subprocess.Popen(
    ["node", "node_modules/@musistudio/claude-code-router/dist/cli.js", "start"], env={**os.environ, "HOME": os.getcwd()},
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.1)
    for title, streamed in (("plain", False), ("streamed", True)):
        body = {"model": "m", "max_tokens": 9, "stream": streamed, "messages": [{"role": "user", "content": "Hi"}]}
        headers = {"Content-Type": "application/json", "x-api-key": "k", "anthropic-version": "2023-06-01"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/messages", json.dumps(body).encode(), headers)
        text = urllib.request.urlopen(request, timeout=20).read().decode()
        if streamed:
            events = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
            blocks = [event["content_block"] for event in events if event["type"] == "content_block_start"]
            usage = next(event["usage"] for event in events if event["type"] == "message_delta")
        else:
            message = json.loads(text)
            blocks, usage = message["content"], message["usage"]
        print(f"{title}: {summary(blocks, usage)}")
finally:
    relay.terminate()
    relay.wait()
PY
seen=$(python3 run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what claude-code-router makes of one answer, plain and streamed" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: claude-code-router 2.0.0 adds a web search to plain answers and drops the usage of streamed ones."
