#!/usr/bin/env bash
# WHAT      ant2oai hands OpenAI's prompt_tokens on as Anthropic's input_tokens and adds the cached ones again beside it.
# VERSIONS  ant2oai==0.1.6
# EXPECTED  prompt_tokens contains what came from the cache, input_tokens does not: 2389 of which 2048 are cached become
#           input_tokens 341 and cache_read_input_tokens 2048.
# SEEN      2026-11-29, streamed and plain: 2389 and 2048, together 4437 of 2389 tokens.
# WHY       A price, an offset of tokens or a cache check by these counts is out by the size of the cache, and the more so
#           the better the cache works.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='plain: input 2389, from the cache 2048
streamed: input 2389, from the cache 2048'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check ant2oai==0.1.6

cat >run.py <<'PY'
import json
import socket
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USAGE = {"prompt_tokens": 2389, "completion_tokens": 1, "total_tokens": 2390, "prompt_tokens_details": {"cached_tokens": 2048}}
HEAD = {"id": "c", "created": 1, "model": "m"}


def chunk(choices, usage=None):
    return f"data: {json.dumps({**HEAD, 'object': 'chat.completion.chunk', 'choices': choices, 'usage': usage})}\n\n"


class Upstream(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if request.get("stream"):
            kind = "text/event-stream"
            body = chunk([{"index": 0, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": None}])
            body += chunk([{"index": 0, "delta": {}, "finish_reason": "stop"}]) + chunk([], USAGE) + "data: [DONE]\n\n"
        else:
            kind = "application/json"
            choice = {"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}
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
relay = subprocess.Popen(
    ["venv/bin/a2o", "--port", str(port), "--upstream", f"http://127.0.0.1:{server.server_port}/v1/chat/completions"],
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
        headers = {"Content-Type": "application/json", "Authorization": "Bearer k", "anthropic-version": "2023-06-01"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/messages", json.dumps(body).encode(), headers)
        text = urllib.request.urlopen(request, timeout=20).read().decode()
        if streamed:
            text = next(line[6:] for line in text.splitlines() if line.startswith("data: ") and '"message_delta"' in line)
        usage = json.loads(text)["usage"]
        print(f"{title}: input {usage['input_tokens']}, from the cache {usage['cache_read_input_tokens']}")
finally:
    relay.terminate()
    relay.wait()
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: how ant2oai counts cached tokens" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: ant2oai 0.1.6 counts tokens from the cache twice."
