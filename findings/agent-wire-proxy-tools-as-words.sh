#!/usr/bin/env bash
# WHAT      agent-wire-proxy turns earlier tool calls and results into prose, and sends a temperature that nobody asked for.
# VERSIONS  agent-wire-proxy==0.2.0
# EXPECTED  A Messages history of tool_use and tool_result becomes tool_calls and a tool message; what the request leaves out
#           stays out.
# SEEN      2026-11-29, to Chat Completions: an assistant text "Tool call toolu_1: add(...)" and a user text "Tool result
#           toolu_1: ..."; the tools are still offered, no message is a call; `temperature: 0.0`.
# WHY       The model does not see that it has called and calls again, round after round, and one side of a comparison runs
#           at temperature 0: both look like the model's own ways.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='user: "Add 1 and 2"
assistant: "Tool call toolu_1: add({\"a\": 1, \"b\": 2})"
user: "Tool result toolu_1:\n3"
tool_calls: 0, tools: 1, temperature: 0.0'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check agent-wire-proxy==0.2.0

cat >run.py <<'PY'
import json
import socket
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHOICE = {"index": 0, "message": {"role": "assistant", "content": "3"}, "finish_reason": "stop"}
ANSWER = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [CHOICE],
          "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}}
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}
REQUEST = {
    "model": "m",
    "max_tokens": 99,
    "tools": [{"name": "add", "description": "Adds", "input_schema": SCHEMA}],
    "messages": [
        {"role": "user", "content": "Add 1 and 2"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "add", "input": {"a": 1, "b": 2}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "3"}]},
    ],
}
asked = []


class Upstream(BaseHTTPRequestHandler):
    def do_POST(self):
        asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(ANSWER).encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
threading.Thread(target=server.serve_forever, daemon=True).start()
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
with open("models.toml", "w") as file:
    file.write(f'[proxy]\ndefault_model = "m"\n[[models]]\nid = "m"\nupstream_api = "chat_completions"\n'
               f'target = "http://127.0.0.1:{server.server_port}"\n')
relay = subprocess.Popen(
    ["venv/bin/agent-wire-proxy", "--listen", f"127.0.0.1:{port}", "--config", "models.toml", "--log", "log.jsonl"],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.1)
    headers = {"Content-Type": "application/json", "x-api-key": "k", "anthropic-version": "2023-06-01"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/messages", json.dumps(REQUEST).encode(), headers)
    urllib.request.urlopen(request, timeout=20).read()
finally:
    relay.terminate()
    relay.wait()
sent = asked[-1]
for message in sent["messages"]:
    print(f"{message['role']}: {json.dumps(message['content'])}")
calls = sum("tool_calls" in message for message in sent["messages"])
print(f"tool_calls: {calls}, tools: {len(sent['tools'])}, temperature: {sent.get('temperature')}")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what agent-wire-proxy makes of earlier tool calls" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: agent-wire-proxy 0.2.0 tells the model of its tool calls in prose, at temperature 0."
