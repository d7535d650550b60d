#!/usr/bin/env bash
# WHAT      Google's own Gemini clients read only the event stream that Google writes: an `event:` line is an exception in
#           Python, and in Node an answer without a word and without an error.
# VERSIONS  google-genai==3.6.1 (PyPI), @google/genai@3.3.0, ai@7.0.173 with @ai-sdk/google@4.0.121 (npm)
# EXPECTED  By the HTML standard comments are passed over, `event: message` is the default's name, `id:` changes nothing, the blank
#           behind `data:` may be left out, and JSON may lie over several `data:` lines: "One two three." each time.
# SEEN      2026-11-30: the AI SDK reads all. google-genai raises UnknownApiResponseError for any line that does not begin with
#           `data: `, keep-alive comments included. @google/genai passes blocks over that begin otherwise, so that the
#           stream ends well and is empty, and raises for JSON over several lines, the one other form that Python reads.
# WHY       A relay that names its events or keeps a slow stream alive works in every test with a standard reader, breaks one of
#           Google's clients, and makes the model silent in the other.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='plain: google-genai "One two three.", @google/genai "One two three.", @ai-sdk/google "One two three."
comment between: google-genai UnknownApiResponseError, @google/genai "One two three.", @ai-sdk/google "One two three."
comment above: google-genai UnknownApiResponseError, @google/genai "", @ai-sdk/google "One two three."
event: message: google-genai UnknownApiResponseError, @google/genai "", @ai-sdk/google "One two three."
id: google-genai UnknownApiResponseError, @google/genai "", @ai-sdk/google "One two three."
no blank: google-genai UnknownApiResponseError, @google/genai "One two three.", @ai-sdk/google "One two three."
several lines: google-genai "One two three.", @google/genai SyntaxError, @ai-sdk/google "One two three."'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check google-genai==3.6.1
npm install --silent --no-audit --no-fund --prefix . @google/genai@3.3.0 ai@7.0.173 @ai-sdk/google@4.0.121 >/dev/null

cat >client.mjs <<'JS'
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { GoogleGenAI } from "@google/genai";
import { streamText } from "ai";
const baseUrl = process.argv[2];
const ask = {
  "@google/genai": async function* () {
    const client = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl } });
    for await (const chunk of await client.models.generateContentStream({ model: "m", contents: "hi" })) yield chunk.text ?? "";
  },
  "@ai-sdk/google": async function* () {
    const google = createGoogleGenerativeAI({ apiKey: "k", baseURL: `${baseUrl}/v1beta` });
    for await (const part of streamText({ model: google("m"), prompt: "hi", maxRetries: 0, onError() {} }).fullStream) {
      if (part.type === "text-delta") yield part.text;
      if (part.type === "error") throw part.error;
    }
  },
};
const said = [];
for (const [name, stream] of Object.entries(ask)) {
  let text = "";
  try {
    for await (const piece of stream()) text += piece;
    said.push(`${name} ${JSON.stringify(text)}`);
  } catch (error) {
    said.push(`${name} ${error.constructor.name}`);
  }
}
console.log(said.join(", "));
JS
cat >run.py <<'PY'
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google import genai


def chunk(text, **more):
    return {"candidates": [{"content": {"parts": [{"text": text}], "role": "model"}, "index": 0, **more}]}


CHUNKS = [chunk("One "), chunk("two "), chunk("three.", finishReason="STOP")]
FORMS = {
    "plain": "data: {}\n\n",
    "comment between": "data: {}\n\n: wait\n\n",
    "comment above": ": wait\ndata: {}\n\n",
    "event: message": "event: message\ndata: {}\n\n",
    "id": "id: 1\ndata: {}\n\n",
    "no blank": "data:{}\n\n",
    "several lines": "data: {}\n\n",
}


class Handler(BaseHTTPRequestHandler):
    form = ""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for one in CHUNKS:
            text = json.dumps(one, indent=1).replace("\n", "\ndata: ") if self.form == "several lines" else json.dumps(one)
            self.wfile.write(FORMS[self.form].format(text).encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
client = genai.Client(api_key="k", http_options={"base_url": url})
for Handler.form in FORMS:
    try:
        text = "".join(part.text or "" for part in client.models.generate_content_stream(model="m", contents="hi"))
        said = json.dumps(text)
    except Exception as error:
        said = type(error).__name__
    node = subprocess.run(["node", "client.mjs", url], capture_output=True, text=True).stdout.strip()
    print(f"{Handler.form}: google-genai {said}, {node}")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what Google's clients make of lawful event streams" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: an \`event:\` line is an exception to google-genai 3.6.1 and an empty answer to @google/genai 3.3.0."
