#!/usr/bin/env bash
# WHAT      openai2claude fills in arguments of tool calls that the model did not write: a call without arguments becomes a shell
#           command, whatever the tool, when it is streamed; and the call as it goes back with its result has yet another one.
# VERSIONS  openai2claude==0.1.1
# EXPECTED  Calls pass as they were made; a tool without parameters has `{}`. The answer says why it stopped, the token limit and stop
#           sequences of the request arrive.
# SEEN      2026-12-01: `now` is called with {"command": "echo 'Empty command fixed by proxy'"} when streamed, and with {} when plain.
#           A call of `bash_history` with {"lines": 5} is told the model, on its way back, as one that had an echo beside. No
#           stop_reason when plain, end_turn for a tool call when streamed, max_tokens and stop_sequences dropped, an instruction added.
# WHY       What the client runs is not what the model wrote, and the model then reads what it never wrote as its own words; only
#           requests seen from behind the relay show it.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='plain: now {}, stop_reason None
streamed: now {"command": "echo '"'"'Empty command fixed by proxy'"'"'"}, stop_reason end_turn
sent back: bash_history {"lines": 5}
arrived: bash_history {"lines": 5, "command": "echo '"'"'History patched'"'"'"}
max_tokens arrived: False, stop arrived: False, temperature: 1.0, instruction added: True'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check openai2claude==0.1.1

cat >run.py <<'PY'
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ARRIVED = []


class Upstream(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        ARRIVED.append(request)
        if request.get("stream"):
            call = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "now", "arguments": ""}}
            choices = [{"role": "assistant", "content": None, "tool_calls": [call]}, {}]
            chunks = [{"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
                       "choices": [{"index": 0, "delta": one, "finish_reason": None if one else "tool_calls"}]} for one in choices]
            kind, body = "text/event-stream", "".join(f"data: {json.dumps(one)}\n\n" for one in chunks) + "data: [DONE]\n\n"
        else:
            call = {"id": "call_1", "type": "function", "function": {"name": "now", "arguments": "{}"}}
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
            choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
            kind, body = "application/json", json.dumps({"id": "c", "object": "chat.completion", "created": 1, "model": "m",
                                                         "choices": [choice]})
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        pass


def ask(port, **more):
    body = {"model": "m", "max_tokens": 64, "stop_sequences": ["END"], "messages": [{"role": "user", "content": "What time is it?"}],
            "tools": [{"name": "now", "input_schema": {"type": "object", "properties": {}}}], **more}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/messages", json.dumps(body).encode(), {"Content-Type": "application/json", "x-api-key": "k"})
    return urllib.request.urlopen(request, timeout=20).read().decode()


server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
threading.Thread(target=server.serve_forever, daemon=True).start()
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
settings = {"OPENAI2CLAUDE_BACKEND": f"http://127.0.0.1:{server.server_port}/v1", "OPENAI2CLAUDE_API_KEY": "k",
            "OPENAI2CLAUDE_HOST": "127.0.0.1", "OPENAI2CLAUDE_PORT": str(port)}
relay = subprocess.Popen(
    [sys.executable, "-m", "openai2claude.cli"], env={**os.environ, **settings, "HOME": os.getcwd()},
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.1)
    plain = json.loads(ask(port))
    call = plain["content"][0]
    print(f"plain: {call['name']} {json.dumps(call['input'])}, stop_reason {plain.get('stop_reason')}")
    events = [json.loads(line[6:]) for line in ask(port, stream=True).splitlines() if line.startswith("data: ")]
    name = next(one["content_block"]["name"] for one in events if one["type"] == "content_block_start")
    arguments = "".join(one["delta"]["partial_json"] for one in events if one["type"] == "content_block_delta")
    reason = next(one["delta"]["stop_reason"] for one in events if one["type"] == "message_delta")
    print(f"streamed: {name} {arguments}, stop_reason {reason}")
    made = {"type": "tool_use", "id": "toolu_1", "name": "bash_history", "input": {"lines": 5}}
    print(f"sent back: {made['name']} {json.dumps(made['input'])}")
    ask(port, messages=[
        {"role": "user", "content": "What did I run?"},
        {"role": "assistant", "content": [made]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "ls"}]},
    ])
    sent = ARRIVED[-1]
    there = next(one for one in sent["messages"] if one["role"] == "assistant")["tool_calls"][0]["function"]
    print(f"arrived: {there['name']} {there['arguments']}")
    added = any(one["role"] == "system" for one in sent["messages"])
    limits = {"max_tokens", "max_completion_tokens"} & set(sent)
    print(f"max_tokens arrived: {bool(limits)}, stop arrived: {'stop' in sent}, temperature: {sent['temperature']}, "
          f"instruction added: {added}")
finally:
    relay.terminate()
    relay.wait()
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what openai2claude makes of tool calls" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: openai2claude 0.1.1 writes commands into tool calls that the model made without."
