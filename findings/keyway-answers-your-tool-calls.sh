#!/usr/bin/env bash
# WHAT      keyway-router answers the calls of a client's own tools itself, with an error, unless the answer is streamed.
# VERSIONS  keyway-router==0.2.0
# EXPECTED  A call of a tool that the client offers comes back to the client, plain as it does streamed.
# SEEN      2026-12-01: to a plain request it adds tools of its own; where the model then calls the client's, it gives the model
#           “unknown tool” as the result, asks again, and sends what the model says of that, with finish_reason “stop”.
#           Streamed, the request goes through as it is, and the call comes back.
# WHY       An agent that does not stream never gets a call and finds no error: the model seems to use tools badly, and each
#           question is billed twice, with the added tools in its input. Both ways must be tried before a relay is judged.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='plain: stop, calls [], text I was told: {"error": "unknown tool: get_weather"}; upstream asked 2 times, first with more tools than mine: True
streamed: tool_calls, calls [get_weather], text ; upstream asked 1 times, first with more tools than mine: False'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check keyway-router==0.2.0

cat >run.py <<'PY'
import http.server
import json
import os
import socket
import subprocess
import threading
import time
import urllib.request

ASKED = []
MINE = {"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {}}}}
CALL = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
USAGE = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}


class Upstream(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        ASKED.append(asked)
        results = [one["content"] for one in asked["messages"] if one["role"] == "tool"]
        said = {"role": "assistant", "content": "I was told: " + results[-1] if results else None}
        said |= {} if results else {"tool_calls": [CALL]}
        choice = {"index": 0, "finish_reason": "stop" if results else "tool_calls"}
        whole = {"id": "chatcmpl-1", "created": 1, "model": "m-1", "usage": USAGE}
        kind, body = "application/json", json.dumps(
            {**whole, "object": "chat.completion", "choices": [{**choice, "message": said}]})
        if asked.get("stream"):
            kind, chunk = "text/event-stream", {**whole, "object": "chat.completion.chunk", "choices": [{**choice, "delta": said}]}
            body = f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n"
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def post(path, body, **headers):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), {"content-type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode()


upstream = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
threading.Thread(target=upstream.serve_forever, daemon=True).start()
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
settings = {"KEYWAY_SECRET": "s" * 64, "KEYWAY_ADMIN_TOKEN": "admin-token-of-a-test", "KEYWAY_PORT": str(port),
            "KEYWAY_HOST": "127.0.0.1", "HOME": os.getcwd(), "NO_PROXY": "*"}
log = open("log", "w")
gateway = subprocess.Popen(["venv/bin/keyway"], env={**os.environ, **settings}, stdout=log, stderr=log)
try:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.1)
    admin = {"X-Admin-Token": settings["KEYWAY_ADMIN_TOKEN"]}
    post("/admin/llm/groups", {"group_id": "g1", "name": "g"}, **admin)
    base = f"http://127.0.0.1:{upstream.server_port}/v1"
    post("/admin/llm/groups/g1/providers", {"provider_id": "p", "name": "p", "base_url": base, "api_key": "k"}, **admin)
    post("/admin/llm/groups/g1/routes", {"alias": "m-1", "provider_id": "p", "upstream_model": "m-1"}, **admin)
    key = json.loads(post("/admin/llm/groups/g1/keys", {"name": "k"}, **admin))["plaintext"]
    for name in ("plain", "streamed"):
        ASKED.clear()
        body = {"model": "m-1", "messages": [{"role": "user", "content": "The weather?"}], "tools": [MINE],
                "stream": name == "streamed"}
        answer = post("/v1/chat/completions", body, Authorization=f"Bearer {key}")
        lines = [one[6:] for one in answer.splitlines() if one.startswith("data: {")] if body["stream"] else [answer]
        choices = [one for line in lines for one in json.loads(line).get("choices", [])]
        parts = [one.get("message") or one.get("delta") or {} for one in choices]
        calls = ", ".join(call["function"]["name"] for one in parts for call in one.get("tool_calls") or [])
        text = "".join(one.get("content") or "" for one in parts)
        reason = next((one["finish_reason"] for one in choices if one.get("finish_reason")), None)
        print(f"{name}: {reason}, calls [{calls}], text {text}; upstream asked {len(ASKED)} times, "
              f"first with more tools than mine: {len(ASKED[0]['tools']) > 1}")
finally:
    gateway.terminate()
    gateway.wait()
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what keyway-router does with calls of a client's tools" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: keyway-router answers plain calls of the client's tools itself, with an error, and passes streamed ones on."
