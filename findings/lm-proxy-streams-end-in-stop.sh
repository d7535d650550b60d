#!/usr/bin/env bash
# WHAT      lm-proxy writes streams anew from their text alone: tool calls are gone, and every one ends in "stop".
# VERSIONS  lm-proxy==3.3.2
# EXPECTED  What is streamed has what the answer in one piece has: the call of a tool, "tool_calls" or "length" as its reason,
#           usage where stream_options.include_usage asks for it.
# SEEN      2026-11-30: in one piece the call and the reason are passed on (without id, model and usage); streamed, a call is an empty
#           answer that ended with "stop", a cut answer is a whole one, and no chunk has usage.
# WHY       A check of a relay with plain requests says that tools work; the agent that streams waits for calls that never come,
#           and nothing in its stream is out of order.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected="call, plain: '' calls ['look'] tool_calls
call, streamed: '' calls [] stop usage False
cut, plain: 'Once upon' calls [] length
cut, streamed: 'Once upon' calls [] stop usage False"

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check lm-proxy==3.3.2

cat >run.py <<'PY'
import json
import os
import socket
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
ANSWERS = {
    "call": ({"role": "assistant", "content": None, "tool_calls": [CALL]}, "tool_calls"),
    "cut": ({"role": "assistant", "content": "Once upon"}, "length"),
}
USAGE = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
HEAD = {"id": "c", "created": 1, "model": "gpt-m"}
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}


def chunk(choices, usage=None):
    return f"data: {json.dumps({**HEAD, 'object': 'chat.completion.chunk', 'choices': choices, 'usage': usage})}\n\n"


class Upstream(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        message, reason = ANSWERS[request["messages"][-1]["content"]]
        if request.get("stream"):
            kind = "text/event-stream"
            delta = {**message, "tool_calls": [{"index": 0, **one} for one in message["tool_calls"]]} if "tool_calls" in message else message
            body = chunk([{"index": 0, "delta": delta, "finish_reason": None}])
            body += chunk([{"index": 0, "delta": {}, "finish_reason": reason}]) + chunk([], USAGE) + "data: [DONE]\n\n"
        else:
            kind = "application/json"
            choice = {"index": 0, "message": message, "finish_reason": reason}
            body = json.dumps({**HEAD, "object": "chat.completion", "choices": [choice], "usage": USAGE})
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
threading.Thread(target=server.serve_forever, daemon=True).start()
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
with open("config.toml", "w") as config:
    config.write(f'host = "127.0.0.1"\nport = {port}\napi_key_check = "lm_proxy.api_key_check.AllowAll"\n[connections.up]\n'
                 f'api_type = "openai"\napi_base = "http://127.0.0.1:{server.server_port}/v1/"\napi_key = "k"\n[routing]\n"*" = "up.*"\n')
relay = subprocess.Popen(
    ["venv/bin/lm-proxy", "--config", "config.toml"], env={**os.environ, "HOME": os.getcwd()},
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.1)
    for title in ANSWERS:
        for streamed in (False, True):
            body = {"model": "gpt-m", "messages": [{"role": "user", "content": title}], "tools": [TOOL], "stream": streamed}
            if streamed:
                body["stream_options"] = {"include_usage": True}
            headers = {"Content-Type": "application/json", "Authorization": "Bearer k"}
            request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/chat/completions", json.dumps(body).encode(), headers)
            answer = urllib.request.urlopen(request, timeout=30).read().decode()
            if streamed:
                chunks = [json.loads(line[6:]) for line in answer.splitlines() if line.startswith("data: {")]
                choices = [one for each in chunks for one in each["choices"]]
                deltas = [one["delta"] for one in choices]
                usage = f" usage {any(each.get('usage') for each in chunks)}"
            else:
                choices = json.loads(answer)["choices"]
                deltas, usage = [choices[0]["message"]], ""
            text = "".join(one.get("content") or "" for one in deltas)
            calls = [call["function"]["name"] for one in deltas for call in one.get("tool_calls") or []]
            reason = next(one["finish_reason"] for one in choices if one.get("finish_reason"))
            print(f"{title}, {'streamed' if streamed else 'plain'}: {text!r} calls {calls} {reason}{usage}")
finally:
    relay.terminate()
    relay.wait()
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what lm-proxy passes on in streams" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: lm-proxy 3.3.2 streams no tool calls and ends all streams with stop."
