#!/usr/bin/env bash
# WHAT      Two benchmarks of LLM endpoints tell of one stream times to first token and speeds that lie a factor apart.
# VERSIONS  infermark==0.3.0, servebench==1.1.3
# EXPECTED  The first token of a reasoning model is one of its reasoning, and the tokens are those that the usage chunk tells.
# SEEN      2026-11-29, role chunk at 0 s, reasoning at 1 s, text at 2 s and 3 s, usage 20 tokens: infermark waits for text
#           (2 s) and takes each text chunk for one token (2: about 0.6 a second); servebench counts the reasoning (1 s) and
#           20 tokens (about 6.6 a second). Both call it "ttft" and tokens per second.
# WHY       Figures of two tools may be compared only with both definitions at hand, so a report must print its own.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='infermark: first token at the text, 2 tokens
servebench: first token at the reasoning, 20 tokens'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check 'infermark[cli]==0.3.0' servebench==1.1.3

cat >run.py <<'PY'
import json
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def chunk(delta, finish=None, usage=None):
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices, "usage": usage}
    return f"data: {json.dumps(body)}\n\n".encode()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/v1/models" else 404)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"object":"list","data":[{"id":"m","object":"model"}]}')

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for pause, event in (
            (0, chunk({"role": "assistant", "content": ""})),
            (1, chunk({"reasoning_content": "Hmm"})),
            (1, chunk({"content": "one two three four"})),
            (1, chunk({"content": " five six seven eight"})),
            (0, chunk({}, "stop")),
            (0, chunk(None, None, {"prompt_tokens": 9, "completion_tokens": 20, "total_tokens": 29})),
            (0, b"data: [DONE]\n\n"),
        ):
            time.sleep(pause)
            self.wfile.write(event)

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
with open("prompts.txt", "w") as file:
    file.write("Count to eight.\n")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}


def at(seconds):
    return "at the text" if seconds >= 2 else "at the reasoning" if seconds >= 1 else "at the role"


subprocess.run(["venv/bin/infermark", "run", f"{url}/v1", "-m", "m", "-n", "1", "-c", "1", "--warmup", "0", "--api-key", "k",
                "-o", "infermark.json"], **QUIET)
with open("infermark.json") as file:
    result = json.load(file)["results"][0]
tokens = round(result["tokens_per_second"] * result["total_duration"])
print(f"infermark: first token {at(result['ttft']['mean'])}, {tokens} tokens")

subprocess.run(["venv/bin/servebench", "run", "--url", f"{url}/v1", "--model", "m", "--concurrency", "1", "--num-requests", "1",
                "--warmup", "0", "--prompts", "prompts.txt", "--no-gpu", "--out", "servebench.json"], **QUIET)
with open("servebench.json") as file:
    request = json.load(file)["levels"][0]["requests"][0]
print(f"servebench: first token {at(request['ttft'])}, {request['output_tokens']} tokens")
PY
seen=$(HOME="$dir" venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what two benchmarks tell of one stream" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: infermark 0.3.0 and servebench 1.1.3 tell other first tokens and speeds of one stream."
