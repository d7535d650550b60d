#!/usr/bin/env bash
# WHAT      A line separator inside an answer's JSON (U+2028, U+0085: lawful there, not escaped by many servers) ends the line
#           for two clients of model endpoints, which then fail on half a JSON text.
# VERSIONS  huggingface_hub==2.4.0, ollama==0.6.3, openai==3.57.0
# EXPECTED  Event streams and JSON lines end their lines at LF, CR and CRLF only.
# SEEN      2026-11-29: huggingface_hub (Chat Completions of any base URL) and ollama read with httpx's iter_lines(), which
#           splits wherever str.splitlines() does: JSONDecodeError. openai splits bytes and reads both.
# WHY       An answer with such a character "breaks the endpoint" for one client; the endpoint is right. A tool that splits
#           text instead of bytes says the same nonsense.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='U+2028: huggingface_hub JSONDecodeError, ollama JSONDecodeError, openai whole
U+0085: huggingface_hub JSONDecodeError, ollama JSONDecodeError, openai whole
U+00E9: huggingface_hub whole, ollama whole, openai whole'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check huggingface_hub==2.4.0 ollama==0.6.3 openai==3.57.0

cat >run.py <<'PY'
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import huggingface_hub
import ollama
import openai


class Handler(BaseHTTPRequestHandler):
    character = ""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        text = f"one{self.character}two"
        if self.path == "/api/chat":
            kind = "application/x-ndjson"
            line = {"model": "m", "created_at": "2026-11-29T12:00:00Z", "done": True,
                    "message": {"role": "assistant", "content": text}}
            body = json.dumps(line, ensure_ascii=False) + "\n"
        else:
            kind = "text/event-stream"
            choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
            body = f"data: {json.dumps(chunk, ensure_ascii=False)}\n\ndata: [DONE]\n\n"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
MESSAGES = [{"role": "user", "content": "hi"}]


def by_huggingface():
    client = huggingface_hub.InferenceClient(base_url=url, api_key="k")
    stream = client.chat_completion(MESSAGES, model="m", stream=True)
    return "".join(chunk.choices[0].delta.content for chunk in stream)


def by_ollama():
    stream = ollama.Client(host=url).chat(model="m", messages=MESSAGES, stream=True)
    return "".join(part.message.content for part in stream)


def by_openai():
    client = openai.OpenAI(base_url=url, api_key="k", max_retries=0)
    stream = client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
    return "".join(chunk.choices[0].delta.content for chunk in stream)


def told(ask):
    try:
        return "whole" if ask() == f"one{Handler.character}two" else "other text"
    except Exception as error:
        return type(error).__name__


for Handler.character in ("\u2028", "\u0085", "\u00e9"):
    print(f"U+{ord(Handler.character):04X}: huggingface_hub {told(by_huggingface)}, ollama {told(by_ollama)},"
          f" openai {told(by_openai)}")
PY
seen=$(HF_HOME="$dir" venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: who splits JSON at U+2028 and U+0085" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: huggingface_hub 2.4.0 and ollama 0.6.3 end a line at U+2028 and U+0085."
