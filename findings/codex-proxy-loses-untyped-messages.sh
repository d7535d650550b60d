#!/usr/bin/env bash
# WHAT      codex-proxy leaves out each message that does not say `"type": "message"`, and sends stream options with requests
#           that are not streamed; what the vendor refuses for that opens its circuit breaker, for everybody's requests.
# VERSIONS  codex-proxy==5.0.0
# EXPECTED  `{"role": "user", "content": "Hi"}` is a message in Responses with or without its type, as the official SDKs send it;
#           stream_options goes with stream alone (OpenAI refuses it elsewhere); a refused request says nothing of the upstream.
# SEEN      2026-11-30: the messages arrive as an empty list; a request that leaves `stream` out arrives with stream_options; after
#           five refusals with 400 a request in order gets 503 and does not arrive.
# WHY       A relay that looks down may be one that made all requests wrong itself: the 503 hides the 400 that led there.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='typed: messages [user: Hi], stream False, stream options sent: False
untyped: messages [], stream False, stream options sent: False
stream left out: messages [user: Hi], stream False, stream options sent: True
five requests that the upstream refuses with 400: 502 502 502 502 502
then one in order: 503 Circuit breaker open, arrived: False'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check codex-proxy==5.0.0

cat >run.py <<'PY'
import json
import os
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ARRIVED = []
CHOICE = {"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}
USAGE = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
ANSWER = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [CHOICE], "usage": USAGE}
REFUSAL = {"error": {"message": "Invalid 'messages': empty array.", "type": "invalid_request_error"}}


class Upstream(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        ARRIVED.append(request)
        body = json.dumps(ANSWER if request["messages"] else REFUSAL).encode()
        self.send_response(200 if request["messages"] else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def ask(port, item, **more):
    body = {"model": "m", "input": [item], **more}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/responses", json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        return urllib.request.urlopen(request, timeout=20).status, ""
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())["error"]["message"]


server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
threading.Thread(target=server.serve_forever, daemon=True).start()
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
with open("config.toml", "w") as config:
    config.write(f'[server]\nport = {port}\nlog_dir = "logs"\n[provider]\nname = "up"\nbase_url = '
                 f'"http://127.0.0.1:{server.server_port}/v1"\napi_key = "k"\nmodels = ["m"]\ndefault_model = "m"\n')
relay = subprocess.Popen(
    ["venv/bin/codex-proxy", "-c", "config.toml"], env={**os.environ, "HOME": os.getcwd()},
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.1)
    plain = {"role": "user", "content": "Hi"}
    typed = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
    for title, item, more in (("typed", typed, {"stream": False}), ("untyped", plain, {"stream": False}), ("stream left out", typed, {})):
        ask(port, item, **more)
        sent = ARRIVED[-1]
        messages = ", ".join(f"{one['role']}: {one['content']}" for one in sent["messages"])
        print(f"{title}: messages [{messages}], stream {sent['stream']}, stream options sent: {'stream_options' in sent}")
    seen = [ask(port, plain, stream=False)[0] for _ in range(5)]
    print("five requests that the upstream refuses with 400:", *seen)
    before = len(ARRIVED)
    status, words = ask(port, typed, stream=False)
    print(f"then one in order: {status} {words}, arrived: {len(ARRIVED) > before}")
finally:
    relay.terminate()
    relay.wait()
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what codex-proxy makes of messages, and when it stops asking" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: codex-proxy 5.0.0 leaves messages without a type out, and stops asking after five refusals."
