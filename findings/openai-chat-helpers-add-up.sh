#!/usr/bin/env bash
# WHAT      The helper that puts a chat stream together joins whatever it does not know in Python, and keeps the last piece of
#           it in Node; what it does know it doubles, refuses or raises for on one side only.
# VERSIONS  openai==3.57.0 (PyPI), openai@7.59.0 (npm)
# EXPECTED  `chat.completions.stream()` and its final completion are one helper in two languages: the same bytes, one message.
# SEEN      2026-11-30: reasoning_content "Hm " and "ok" is "Hm ok" in Python and "ok" in Node. A role, id or name that each chunk
#           repeats, as some servers do, is joined too in Python ("assistantassistant", "paypay"). Choice 1 ahead of choice 0, lawful
#           for n=2, is an IndexError there. Annotations in two chunks raise there; Node keeps the last. A plain text
#           that the limit cut raises in Python, though no schema was asked for, and is a completion in Node; a stream that
#           ends without finish_reason is the reverse.
# WHY       "The reasoning is cut off", "there is no tool paypay", "it crashes with n=2" are one SDK's sums over right chunks; a relay
#           that is tested with one of the two has seen half of them.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='reasoning in pieces: python {"role": "assistant", "content": "Hi", "reasoning_content": "Hm ok"}
reasoning in pieces: node {"role": "assistant", "content": "Hi", "reasoning_content": "ok"}
role in each chunk: python {"role": "assistantassistant", "content": "Hi"}
role in each chunk: node {"role": "assistant", "content": "Hi"}
id and name in each chunk: python {"role": "assistant", "call": ["call_1call_1", "paypay", "{\"a\":1}"]}
id and name in each chunk: node {"role": "assistant", "call": ["call_1", "pay", "{\"a\":1}"]}
choice 1 first: python IndexError
choice 1 first: node {"role": "assistant", "content": "A"}, {"role": "assistant", "content": "B"}
annotations in pieces: python RuntimeError
annotations in pieces: node {"role": "assistant", "content": "Hi", "annotations": ["u2"]}
cut by the limit: python LengthFinishReasonError
cut by the limit: node {"role": "assistant", "content": "Hi"}
no finish_reason: python {"role": "assistant", "content": "Hi"}
no finish_reason: node OpenAIError'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check openai==3.57.0
npm install --silent --no-audit --no-fund --prefix . openai@7.59.0 >/dev/null

cat >client.mjs <<'JS'
import OpenAI from "openai";
const client = new OpenAI({ apiKey: "k", baseURL: process.argv[2], maxRetries: 0 });
try {
  const stream = client.chat.completions.stream({ model: "m", messages: [{ role: "user", content: "hi" }] });
  console.log(JSON.stringify((await stream.finalChatCompletion()).choices.map((choice) => choice.message)));
} catch (error) {
  console.log(JSON.stringify(error.constructor.name));
}
JS
cat >run.py <<'PY'
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from openai import OpenAI

FIRST = {"role": "assistant"}
STOP = ({}, "stop")


def call(arguments):
    return {"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": {"name": "pay", "arguments": arguments}}]}


def cited(url):
    return {"annotations": [{"type": "url_citation", "url_citation": {"url": url, "title": "", "start_index": 0, "end_index": 1}}]}


STREAMS = {
    "reasoning in pieces": [({**FIRST, "reasoning_content": "Hm "},), ({"reasoning_content": "ok"},), ({"content": "Hi"},), STOP],
    "role in each chunk": [({**FIRST, "content": "H"},), ({**FIRST, "content": "i"},), STOP],
    "id and name in each chunk": [({**FIRST, **call('{"a":')},), (call("1}"),), ({}, "tool_calls")],
    "choice 1 first": [({**FIRST, "content": "B"}, None, 1), ({**FIRST, "content": "A"},), ({}, "stop", 1), STOP],
    "annotations in pieces": [({**FIRST, "content": "H", **cited("u1")},), ({"content": "i", **cited("u2")},), STOP],
    "cut by the limit": [({**FIRST, "content": "Hi"},), ({}, "length")],
    "no finish_reason": [({**FIRST, "content": "Hi"},)],
}


class Handler(BaseHTTPRequestHandler):
    events = ()

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        body = b""
        for delta, *rest in self.events:
            finish, index = (*rest, 0)[:2] if rest else (None, 0)
            choice = {"index": index, "delta": delta, "finish_reason": finish}
            chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
            body += f"data: {json.dumps(chunk)}\n\n".encode()
        self.wfile.write(body + b"data: [DONE]\n\n")

    def log_message(self, *args):
        pass


def show(message):
    said = {key: message[key] for key in ("role", "content", "reasoning_content") if message.get(key)}
    for one in message.get("tool_calls") or ():
        said["call"] = [one["id"], one["function"]["name"], one["function"]["arguments"]]
    if message.get("annotations"):
        said["annotations"] = [one["url_citation"]["url"] for one in message["annotations"]]
    return json.dumps(said)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
client = OpenAI(api_key="k", base_url=url, max_retries=0)
for name, Handler.events in STREAMS.items():
    try:
        with client.chat.completions.stream(model="m", messages=[{"role": "user", "content": "hi"}]) as stream:
            python = [choice.message.to_dict() for choice in stream.get_final_completion().choices]
    except Exception as error:
        python = type(error).__name__
    node = json.loads(subprocess.run(["node", "client.mjs", url], capture_output=True, text=True).stdout)
    for language, said in (("python", python), ("node", node)):
        print(f"{name}: {language} {said if isinstance(said, str) else ', '.join(map(show, said))}")
PY
seen=$(venv/bin/python -W ignore run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what OpenAI's helpers make of a chat stream" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: of one chat stream openai 3.57.0 for Python joins, and 7.59.0 for Node overwrites, the fields they do not know."
