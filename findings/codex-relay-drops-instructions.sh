#!/usr/bin/env bash
# WHAT      codex-relay sends a developer message in the place of the request's `instructions`, which reach no model.
# VERSIONS  codex-relay==0.5.8
# EXPECTED  Responses knows both: instructions stand first, developer messages are a part of the conversation. In Chat
#           Completions both become system (or developer) messages.
# SEEN      2026-11-29: with a developer message in `input` the upstream gets one system message, the developer's; without it
#           the instructions. The answer is 200 in both.
# WHY       The same request on two endpoints differs by a prompt that nobody sees missing, except in the input tokens.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='instructions alone: 200, system: Answer in French. | user: Hi
and a developer message: 200, system: Be brief. | user: Hi'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check codex-relay==0.5.8

cat >run.py <<'PY'
import json
import socket
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHOICE = {"index": 0, "message": {"role": "assistant", "content": "Salut"}, "finish_reason": "stop"}
ANSWER = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [CHOICE],
          "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}}
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
relay = subprocess.Popen(
    ["venv/bin/codex-relay", "--port", str(port), "--upstream", f"http://127.0.0.1:{server.server_port}/v1", "--api-key", "k"],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.1)
    user = {"role": "user", "content": "Hi"}
    for title, messages in (("instructions alone", [user]),
                            ("and a developer message", [{"role": "developer", "content": "Be brief."}, user])):
        body = json.dumps({"model": "m", "instructions": "Answer in French.", "input": messages}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/v1/responses", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as response:
            sent = " | ".join(f"{message['role']}: {message['content']}" for message in asked[-1]["messages"])
            print(f"{title}: {response.status}, {sent}")
finally:
    relay.terminate()
    relay.wait()
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what codex-relay makes of instructions beside a developer message" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: codex-relay 0.5.8 drops the instructions where there is a developer message."
