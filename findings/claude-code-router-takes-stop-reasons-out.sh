#!/usr/bin/env bash
# WHAT      The npm package claude-code-router (not @musistudio's) takes the stop_reason out of every answer.
# VERSIONS  claude-code-router@2.1.1 (npm), anthropic==2.14.0
# EXPECTED  An answer that is whole ends in “end_turn”, one that its limit cut in “max_tokens”, and streams in message_stop.
# SEEN      2026-12-01: none has a stop_reason, plain or streamed, and streams end without message_stop; the SDK raises nothing,
#           so that a cut answer is the same as a whole one. Streamed, message_start comes twice, and the message has one more
#           block, which is empty.
# WHY       Loops that look at stop_reason, for a cut answer or for a call, do neither; that the SDK read it shows nothing.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='plain, whole: stop_reason None, blocks ["Hello"]
plain, cut: stop_reason None, blocks ["Hello"]
streamed, whole: stop_reason None, blocks ["Hello", ""], message_start 2, message_stop 0
streamed, cut: stop_reason None, blocks ["Hello", ""], message_start 2, message_stop 0'

npm install --silent --no-audit --no-fund --prefix . claude-code-router@2.1.1 >/dev/null
python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check anthropic==2.14.0

cat >run.py <<'PY'
import http.server
import json
import os
import socket
import subprocess
import threading
import time
from collections import Counter

import anthropic

REASON = {"whole": "stop", "cut": "length"}
now = "whole"


class Upstream(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        head = {"id": "chatcmpl-1", "created": 1, "model": "m-1"}
        usage = {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}
        said = {"role": "assistant", "content": "Hello"}
        kind, body = "application/json", json.dumps({**head, "object": "chat.completion", "usage": usage, "choices": [
            {"index": 0, "message": said, "finish_reason": REASON[now]}]})
        if asked.get("stream"):
            chunks = [{"index": 0, "delta": said, "finish_reason": None}, {"index": 0, "delta": {}, "finish_reason": REASON[now]}]
            kind, body = "text/event-stream", "".join(
                f"data: {json.dumps({**head, 'object': 'chat.completion.chunk', 'choices': [one]})}\n\n" for one in chunks
            ) + "data: [DONE]\n\n"
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


upstream = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
threading.Thread(target=upstream.serve_forever, daemon=True).start()
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
rules = {name: {"provider": "up", "model": "m-1"} for name in ("default", "background", "thinking", "longcontext", "search")}
provider = {
    "type": "openai", "endpoint": f"http://127.0.0.1:{upstream.server_port}/v1/chat/completions",
    "authentication": {"type": "bearer", "credentials": {"apiKey": "k"}},
    "settings": {"models": ["m-1"], "defaultModel": "m-1", "categoryMappings": dict.fromkeys(rules, True)},
}
with open("config.json", "w") as file:
    json.dump({"server": {"port": port, "host": "127.0.0.1"}, "hooks": [], "debug": {"enabled": False, "logLevel": "info"},
               "routing": {"rules": rules, "defaultProvider": "up", "providers": {"up": provider}}}, file)
log = open("log", "w")
relay = subprocess.Popen(
    ["node", "node_modules/claude-code-router/dist/cli.js", "start", "--config", "config.json", "--port", str(port)],
    env={**os.environ, "HOME": os.getcwd(), "NO_PROXY": "*"}, stdout=log, stderr=log)
try:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.1)
    client = anthropic.Anthropic(api_key="k", base_url=f"http://127.0.0.1:{port}", max_retries=0)
    asked = {"model": "claude-sonnet-4-6", "max_tokens": 64, "messages": [{"role": "user", "content": "Say hello"}]}
    for now in REASON:
        answer = client.messages.create(**asked)
        print(f"plain, {now}: stop_reason {answer.stop_reason}, blocks {json.dumps([one.text for one in answer.content])}")
    for now in REASON:
        with client.messages.stream(**asked) as stream:
            came = Counter(event.type for event in stream)
            answer = stream.get_final_message()
        print(f"streamed, {now}: stop_reason {answer.stop_reason}, blocks {json.dumps([one.text for one in answer.content])}, "
              f"message_start {came['message_start']}, message_stop {came['message_stop']}")
finally:
    relay.terminate()
    relay.wait()
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what claude-code-router makes of stop reasons" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: claude-code-router takes every stop_reason out, and the SDK reads a cut answer as any other."
