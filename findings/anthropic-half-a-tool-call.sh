#!/usr/bin/env bash
# WHAT      A Messages stream that ends in mid-tool-call is a finished call with some of its arguments for anthropic for Python;
#           the Node client throws. While a number is still coming, Python shows its first digits, Node nothing.
# VERSIONS  anthropic==2.14.0 (PyPI), @anthropic-ai/sdk@1.14.0 (npm)
# EXPECTED  Without message_stop there is no final message; and a partial reading never shows a number that may go on.
# SEEN      2026-11-29, arguments {"to":7,"amount":1250}, connection closed in order behind {"to":7,"amount":12: Python's
#           get_final_message() returns a tool_use block with input {"to": 7, "amount": 12}, stop_reason None, no error;
#           Node's finalMessage() throws. The snapshots before that: {"to": 7, "amount": 12} and {"to":7}.
# WHY       A cut that one client reports is an action with a wrong amount in the other: a cut must be found in the events.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='whole: python {"to": 7, "amount": 1250} tool_use, snapshot {"to": 7, "amount": 12}
whole: node {"to":7,"amount":1250} tool_use, snapshot {"to":7}
cut: python {"to": 7, "amount": 12} None, snapshot {"to": 7, "amount": 12}
cut: node AnthropicError, snapshot {"to":7}'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check anthropic==2.14.0
npm install --silent --no-audit --no-fund --prefix . @anthropic-ai/sdk@1.14.0 >/dev/null

cat >client.mjs <<'JS'
import Anthropic from "@anthropic-ai/sdk";
const client = new Anthropic({ apiKey: "k", baseURL: process.argv[2], maxRetries: 0 });
const snapshots = [];
const stream = client.messages.stream({ model: "m", max_tokens: 99, messages: [{ role: "user", content: "hi" }] });
stream.on("inputJson", (_, snapshot) => snapshots.push(JSON.stringify(snapshot)));
let end;
try {
  const message = await stream.finalMessage();
  end = `${JSON.stringify(message.content[0].input)} ${message.stop_reason}`;
} catch (error) {
  end = error.constructor.name;
}
console.log(`${end}, snapshot ${snapshots[0]}`);
JS
cat >run.py <<'PY'
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import anthropic

START = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [], "stop_reason": None,
         "stop_sequence": None, "usage": {"input_tokens": 25, "output_tokens": 1}}
TOOL = {"type": "tool_use", "id": "toolu_1", "name": "pay", "input": {}}
ENDING = {"stop_reason": "tool_use", "stop_sequence": None}


def piece(text):
    return {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": text}}


EVENTS = [
    {"type": "message_start", "message": START},
    {"type": "content_block_start", "index": 0, "content_block": TOOL},
    piece('{"to":7,"amount":12'),
    piece("50}"),
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": ENDING, "usage": {"output_tokens": 12}},
    {"type": "message_stop"},
]


class Handler(BaseHTTPRequestHandler):
    sent = 0

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for event in EVENTS[: self.sent]:
            self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"


def python():
    client = anthropic.Anthropic(base_url=url, api_key="k", max_retries=0)
    with client.messages.stream(model="m", max_tokens=99, messages=[{"role": "user", "content": "hi"}]) as stream:
        snapshots = [json.dumps(event.snapshot) for event in stream if event.type == "input_json"]
        message = stream.get_final_message()
    return f"{json.dumps(message.content[0].input)} {message.stop_reason}, snapshot {snapshots[0]}"


for title, Handler.sent in (("whole", 7), ("cut", 3)):
    print(f"{title}: python {python()}")
    node = subprocess.run(["node", "client.mjs", url], capture_output=True, text=True).stdout.strip()
    print(f"{title}: node {node}")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what Anthropic's clients make of half a tool call" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: anthropic 2.14.0 for Python makes a call of half the arguments, 1.14.0 for Node throws."
