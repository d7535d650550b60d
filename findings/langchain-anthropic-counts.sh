#!/usr/bin/env bash
# WHAT      Of one Messages stream LangChain for Python counts no input and LangChain for JavaScript an output token too many.
# VERSIONS  langchain-anthropic==1.7.10 (PyPI), @langchain/anthropic@1.5.11 (npm)
# EXPECTED  message_start tells 25 tokens in and 1 out so far, message_delta the final 12 out (a running total): 25 and 12,
#           as anthropic==2.14.0 has it.
# SEEN      2026-11-29: Python takes the input from message_delta only: 0 and 12. JavaScript adds the 1 of message_start to the
#           12 of message_delta: 25 and 13. Where message_delta repeats the input, Python is right and JavaScript is not.
# WHY       Usage that a user compares with a relay's bill may be wrong on his own side, in either direction.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='input in message_start: anthropic 25/12, langchain python 0/12, langchain javascript 25/13
input in both: anthropic 25/12, langchain python 25/12, langchain javascript 25/13'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check langchain-anthropic==1.7.10 anthropic==2.14.0
npm install --silent --no-audit --no-fund --prefix . @langchain/anthropic@1.5.11 @langchain/core@1.4.0 >/dev/null

cat >client.mjs <<'JS'
import { ChatAnthropic } from "@langchain/anthropic";
const model = new ChatAnthropic({ model: "m", apiKey: "k", anthropicApiUrl: process.argv[2], maxRetries: 0 });
let whole;
for await (const chunk of await model.stream("hi")) whole = whole ? whole.concat(chunk) : chunk;
console.log(`${whole.usage_metadata.input_tokens}/${whole.usage_metadata.output_tokens}`);
JS
cat >run.py <<'PY'
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import anthropic
from langchain_anthropic import ChatAnthropic

START = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [], "stop_reason": None,
         "stop_sequence": None, "usage": {"input_tokens": 25, "output_tokens": 1}}


class Handler(BaseHTTPRequestHandler):
    last_usage = None

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for event in (
            {"type": "message_start", "message": START},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}},
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": self.last_usage},
            {"type": "message_stop"},
        ):
            self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"


def official():
    client = anthropic.Anthropic(base_url=url, api_key="k", max_retries=0)
    with client.messages.stream(model="m", max_tokens=99, messages=[{"role": "user", "content": "hi"}]) as stream:
        usage = stream.get_final_message().usage
    return f"{usage.input_tokens}/{usage.output_tokens}"


def langchain():
    whole = None
    for chunk in ChatAnthropic(model="m", base_url=url, api_key="k", max_retries=0, max_tokens=99).stream("hi"):
        whole = chunk if whole is None else whole + chunk
    return f"{whole.usage_metadata['input_tokens']}/{whole.usage_metadata['output_tokens']}"


for title, Handler.last_usage in (("input in message_start", {"output_tokens": 12}),
                                  ("input in both", {"input_tokens": 25, "output_tokens": 12})):
    script = subprocess.run(["node", "client.mjs", url], capture_output=True, text=True).stdout.strip()
    print(f"{title}: anthropic {official()}, langchain python {langchain()}, langchain javascript {script}")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: how the two LangChains count one Messages stream" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: of one stream LangChain counts 0/12 in Python and 25/13 in JavaScript."
