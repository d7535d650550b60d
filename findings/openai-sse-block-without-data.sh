#!/usr/bin/env bash
# WHAT      openai for Python fails on an event stream that opens with a lone `retry:` or `id:` line; openai for Node reads it.
# VERSIONS  openai==3.57.0 (PyPI), openai@7.59.0 (npm)
# EXPECTED  The rules of event streams drop a block without `data:`, so a server may open with `retry: 3000`.
# SEEN      2026-11-29: Python hands on an event with empty data and parses it: JSONDecodeError before the first chunk.
#           Node skips those two, but raises for `event: ping` without data. A comment is harmless in both.
# WHY       A stream that is right by the standard breaks one official client and not the other: whoever judges an
#           endpoint must say which client suffers, and can't take either client for the standard.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='"retry: 3000\n\n" python JSONDecodeError | node Hello
"id: 1\n\n" python JSONDecodeError | node Hello
"event: ping\n\n" python JSONDecodeError | node SyntaxError
": ping\n\n" python Hello | node Hello'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check openai==3.57.0
npm install --silent --no-audit --no-fund --prefix . openai@7.59.0 >/dev/null

cat >client.mjs <<'JS'
import OpenAI from "openai";
const client = new OpenAI({ apiKey: "k", baseURL: process.argv[2], maxRetries: 0 });
try {
  let text = "";
  const messages = [{ role: "user", content: "hi" }];
  for await (const chunk of await client.chat.completions.create({ model: "m", messages, stream: true }))
    text += chunk.choices[0].delta.content ?? "";
  console.log(text);
} catch (error) {
  console.log(error.constructor.name);
}
JS
cat >run.py <<'PY'
import json
import logging
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import openai

logging.disable()


def chunk(delta, finish=None):
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(body)}\n\n"


class Handler(BaseHTTPRequestHandler):
    opening = ""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        stream = self.opening + chunk({"role": "assistant", "content": "Hello"}) + chunk({}, "stop") + "data: [DONE]\n\n"
        self.wfile.write(stream.encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"


def python():
    client = openai.OpenAI(base_url=url, api_key="k", max_retries=0)
    try:
        stream = client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}], stream=True)
        return "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    except Exception as error:
        return type(error).__name__


for Handler.opening in ("retry: 3000\n\n", "id: 1\n\n", "event: ping\n\n", ": ping\n\n"):
    node = subprocess.run(["node", "client.mjs", url], capture_output=True, text=True).stdout.strip()
    print(json.dumps(Handler.opening), "python", python(), "| node", node)
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what the openai clients make of blocks without data" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: a lone retry: or id: block breaks openai 3.57.0 for Python, not 7.59.0 for Node."
