#!/usr/bin/env bash
# WHAT      A tool call that the token limit cut in half is invalid for LangChain when the answer comes whole, and a valid
#           call, ready to be run, when the same answer is streamed.
# VERSIONS  langchain-openai==1.7.4 (PyPI), @langchain/openai@1.6.0 with @langchain/core@1.4.0 (npm)
# EXPECTED  `{"amount":15` with a finish_reason of "length" (it would have been 1500) is in invalid_tool_calls either way.
# SEEN      2026-11-29: invoke() lists it as invalid, stream() as a call with {"amount": 15}, in both languages. A call with
#           no arguments at all ("") is a call with {} in Python; in JavaScript it is invalid when plain, {} when streamed.
# WHY       "It calls the tool with the wrong amount, but only when streamed" looks like the endpoint's fault: the words on
#           the wire are the same, and finish_reason is what tells them apart from a whole call.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='{"amount":15 python plain: calls [], 1 invalid, length
{"amount":15 python streamed: calls [{"amount":15}], 0 invalid, length
{"amount":15 node plain: calls [], 1 invalid, length
{"amount":15 node streamed: calls [{"amount":15}], 0 invalid, length
no arguments python plain: calls [{}], 0 invalid, tool_calls
no arguments python streamed: calls [{}], 0 invalid, tool_calls
no arguments node plain: calls [], 1 invalid, tool_calls
no arguments node streamed: calls [{}], 0 invalid, tool_calls'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check langchain-openai==1.7.4
npm install --silent --no-audit --no-fund --prefix . @langchain/openai@1.6.0 @langchain/core@1.4.0 >/dev/null

cat >client.mjs <<'JS'
import { ChatOpenAI } from "@langchain/openai";
const model = new ChatOpenAI({ model: "m", apiKey: "k", maxRetries: 0, configuration: { baseURL: process.argv[2] } });
const show = (how, { tool_calls, invalid_tool_calls, response_metadata }) =>
  console.log(`node ${how}: calls ${JSON.stringify(tool_calls.map((call) => call.args))}, ${invalid_tool_calls.length} invalid, ${
    response_metadata.finish_reason}`);
show("plain", await model.invoke("hi"));
let whole;
for await (const part of await model.stream("hi")) whole = whole ? whole.concat(part) : part;
show("streamed", whole);
JS
cat >run.py <<'PY'
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from langchain_openai import ChatOpenAI

HEAD = {"id": "c", "created": 1, "model": "m"}


def choice(key, value, finish=None):
    return {**HEAD, "object": f"chat.completion{'.chunk' if key == 'delta' else ''}",
            "choices": [{"index": 0, key: value, "finish_reason": finish}]}


def call(arguments):
    return {"id": "call_1", "type": "function", "function": {"name": "pay", "arguments": arguments}}


class Handler(BaseHTTPRequestHandler):
    arguments = reason = ""

    def do_POST(self):
        streamed = json.loads(self.rfile.read(int(self.headers["content-length"]))).get("stream")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream" if streamed else "application/json")
        self.end_headers()
        if not streamed:
            message = {"role": "assistant", "content": None, "tool_calls": [call(self.arguments)]}
            self.wfile.write(json.dumps(choice("message", message, self.reason)).encode())
            return
        half = len(self.arguments) // 2
        for delta, finish in (
            ({"role": "assistant", "content": None, "tool_calls": [{"index": 0, **call(self.arguments[:half])}]}, None),
            ({"tool_calls": [{"index": 0, "function": {"arguments": self.arguments[half:]}}]}, None),
            ({}, self.reason),
        ):
            self.wfile.write(f"data: {json.dumps(choice('delta', delta, finish))}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
model = ChatOpenAI(model="m", base_url=url, api_key="k", max_retries=0)


def show(name, how, message):
    calls = json.dumps([one["args"] for one in message.tool_calls], separators=(",", ":"))
    finish = message.response_metadata["finish_reason"]
    print(f"{name} python {how}: calls {calls}, {len(message.invalid_tool_calls)} invalid, {finish}")


for name, Handler.arguments, Handler.reason in (('{"amount":15', '{"amount":15', "length"), ("no arguments", "", "tool_calls")):
    show(name, "plain", model.invoke("hi"))
    whole = None
    for part in model.stream("hi"):
        whole = part if whole is None else whole + part
    show(name, "streamed", whole)
    said = subprocess.run(["node", "client.mjs", url], capture_output=True, text=True).stdout.splitlines()
    print(*(f"{name} {line}" for line in said if line.startswith("node ")), sep="\n")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what LangChain makes of a tool call that is cut" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: a cut tool call is invalid when plain and valid when streamed, in langchain-openai 1.7.4 and @langchain/openai 1.6.0."
