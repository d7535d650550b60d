#!/usr/bin/env bash
# WHAT      The stream helper of openai for Python raises for every lawful end of a Responses stream but
#           `response.completed`, and says nothing of an `error` event; openai for Node does the reverse.
# VERSIONS  openai==3.57.0 (PyPI), openai@7.59.0 (npm)
# EXPECTED  `response.incomplete` (a token limit was met) yields the final response with its text and its reason, and
#           an `error` event raises, in both of the vendor's own clients.
# SEEN      2026-11-29: incomplete, failed: Python RuntimeError "Didn't receive a `response.completed` event.", text, reason
#           and message lost; Node returns the response. `error`: plain iteration in Python just ends; Node raises APIError.
# WHY       "The SDK raised" and "the SDK did not raise" both say nothing of the answer: its end must be read from the events.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected="incomplete: python loop ends with response.incomplete, helper RuntimeError | node loop ends with response.incomplete, helper incomplete 'Hello'
failed: python loop ends with response.failed, helper RuntimeError | node loop ends with response.failed, helper failed 'Hello'
error: python loop ends with error, helper RuntimeError | node loop APIError, helper APIError"

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check openai==3.57.0
npm install --silent --no-audit --no-fund --prefix . openai@7.59.0 >/dev/null

cat >client.mjs <<'JS'
import OpenAI from "openai";
const client = new OpenAI({ apiKey: "k", baseURL: process.argv[2], maxRetries: 0 });
const request = { model: "m", input: "hi" };
const told = async (ask) => { try { return await ask(); } catch (error) { return error.constructor.name; } };
const loop = await told(async () => {
  let last;
  for await (const event of await client.responses.create({ ...request, stream: true })) last = event.type;
  return `ends with ${last}`;
});
const helper = await told(async () => {
  const response = await client.responses.stream(request).finalResponse();
  return `${response.status} '${response.output_text}'`;
});
console.log(`loop ${loop}, helper ${helper}`);
JS
cat >run.py <<'PY'
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import openai

PART = {"type": "output_text", "text": "", "annotations": []}
ITEM = {"id": "msg_1", "type": "message", "role": "assistant", "status": "in_progress", "content": []}
WHOLE = {**ITEM, "status": "incomplete", "content": [{**PART, "text": "Hello"}]}
IN_ITEM = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
RESPONSE = {"id": "resp_1", "object": "response", "created_at": 1, "model": "m", "output": [], "error": None,
            "incomplete_details": None, "instructions": None, "metadata": {}, "parallel_tool_calls": True,
            "temperature": 1.0, "top_p": 1.0, "tool_choice": "auto", "tools": []}
BODY = [
    {"type": "response.created", "response": {**RESPONSE, "status": "in_progress"}},
    {"type": "response.output_item.added", "output_index": 0, "item": ITEM},
    {"type": "response.content_part.added", **IN_ITEM, "part": PART},
    {"type": "response.output_text.delta", **IN_ITEM, "delta": "Hello", "logprobs": []},
    {"type": "response.output_text.done", **IN_ITEM, "text": "Hello", "logprobs": []},
    {"type": "response.content_part.done", **IN_ITEM, "part": {**PART, "text": "Hello"}},
    {"type": "response.output_item.done", "output_index": 0, "item": WHOLE},
]
STOPPED = {"code": "server_error", "message": "The engine stopped"}
ENDS = {
    "incomplete": {"type": "response.incomplete", "response": {
        **RESPONSE, "status": "incomplete", "output": [WHOLE], "incomplete_details": {"reason": "max_output_tokens"}}},
    "failed": {"type": "response.failed", "response": {
        **RESPONSE, "status": "failed", "output": [WHOLE], "error": STOPPED}},
    "error": {"type": "error", "param": None, **STOPPED},
}


class Handler(BaseHTTPRequestHandler):
    end = ""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for number, event in enumerate([*BODY, ENDS[self.end]]):
            data = json.dumps({**event, "sequence_number": number})
            self.wfile.write(f"event: {event['type']}\ndata: {data}\n\n".encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
client = openai.OpenAI(base_url=url, api_key="k", max_retries=0)


def loop():
    return "ends with " + [event.type for event in client.responses.create(model="m", input="hi", stream=True)][-1]


def helper():
    with client.responses.stream(model="m", input="hi") as stream:
        response = stream.get_final_response()
        return f"{response.status} '{response.output_text}'"


def told(ask):
    try:
        return ask()
    except Exception as error:
        return type(error).__name__


for Handler.end in ENDS:
    node = subprocess.run(["node", "client.mjs", url], capture_output=True, text=True).stdout.strip()
    print(f"{Handler.end}: python loop {told(loop)}, helper {told(helper)} | node {node}")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what the openai clients make of the ends of a Responses stream" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: openai 3.57.0 for Python raises where 7.59.0 for Node returns, and the other way round."
