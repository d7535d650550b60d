#!/usr/bin/env bash
# WHAT      kompact, which shortens prompts, gives every message of a Chat Completions request but a tool's to the user: the system's
#           and the model's own, tool calls with it. Results that are lists of parts arrive empty, pictures in no protocol.
# VERSIONS  kompact==0.4.0
# EXPECTED  A proxy that shortens what is said leaves who said it; a part that it does not know is passed on.
# SEEN      2026-12-01: as installed, with a request that needs no shortening. The same conversation in Messages keeps its roles.
# WHY       The model then reads its own words as the user's, and OpenAI refuses the result of a call that a user made: the message
#           (“must be a response to a preceeding message with 'tool_calls'”) blames a conversation that was in order.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='Chat sent: system, user, assistant with a call, tool, tool, user with a picture
Chat arrived: user, user, user with a call, tool 18, tool (empty), user
Messages sent: user, assistant with a call, user, user with a picture
Messages arrived: user, assistant with a call, user, user'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check kompact==0.4.0

cat >run.py <<'PY'
import json
import os
import socket
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ARRIVED = []
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class Upstream(BaseHTTPRequestHandler):
    def do_POST(self):
        ARRIVED.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        pass


def said(message):
    content = message.get("content")
    parts = content if isinstance(content, list) else []
    kinds = {part["type"] for part in parts}
    words = message["role"]
    if message.get("tool_calls") or "tool_use" in kinds:
        words += " with a call"
    if kinds & {"image_url", "image"}:
        words += " with a picture"
    if message["role"] == "tool" and isinstance(content, str):
        words += f" {content or '(empty)'}"
    return words


CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
CHAT = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "How warm is it?"},
    {"role": "assistant", "content": None, "tool_calls": [CALL, {**CALL, "id": "call_2"}]},
    {"role": "tool", "tool_call_id": "call_1", "content": "18"},
    {"role": "tool", "tool_call_id": "call_2", "content": [{"type": "text", "text": "19"}]},
    {"role": "user", "content": [
        {"type": "text", "text": "And this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PICTURE}"}},
    ]},
]
MESSAGES = [
    {"role": "user", "content": "How warm is it?"},
    {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}}]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "18"}]},
    {"role": "user", "content": [
        {"type": "text", "text": "And this?"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PICTURE}},
    ]},
]
server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
threading.Thread(target=server.serve_forever, daemon=True).start()
up = f"http://127.0.0.1:{server.server_port}"
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
relay = subprocess.Popen(
    ["venv/bin/kompact", "proxy", "--host", "127.0.0.1", "--port", str(port), "--openai-base-url", up, "--anthropic-base-url", up,
     "--no-otel"],
    env={**os.environ, "HOME": os.getcwd()}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.1)
    for title, path, messages in (("Chat", "chat/completions", CHAT), ("Messages", "messages", MESSAGES)):
        body = json.dumps({"model": "m", "max_tokens": 16, "messages": messages}).encode()
        headers = {"Content-Type": "application/json", "Authorization": "Bearer k", "x-api-key": "k"}
        urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/v1/{path}", body, headers), timeout=20).read()
        print(f"{title} sent: {', '.join(said({**one, 'content': None if one['role'] == 'tool' else one['content']}) for one in messages)}")
        print(f"{title} arrived: {', '.join(said(one) for one in ARRIVED[-1]['messages'])}")
finally:
    relay.terminate()
    relay.wait()
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: whose words messages are behind kompact" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: behind kompact 0.4.0 all messages of a Chat request but the tools' are the user's, without pictures."
