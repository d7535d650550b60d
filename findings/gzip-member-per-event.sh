#!/usr/bin/env bash
# WHAT      Of a body of several gzip members httpx and httpx2 give the first and drop the others without an error.
# VERSIONS  httpx==0.28.1, httpx2==2.16.2, aiohttp==3.14.5, openai==3.57.0
# EXPECTED  RFC 1952: members in a row are one body, as gunzip and aiohttp read them.
# SEEN      2026-11-29: aiohttp reads three of three members, httpx and httpx2 one. The openai client, built on httpx2, ends
#           an answer that was packed one member an event after its first word, as if that were all.
# WHY       A relay that packs each event by itself sends a lawful body, and its users see truncated answers without a reason.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='aiohttp: One two three
httpx: One
httpx2: One
openai: One, no error'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check httpx==0.28.1 httpx2==2.16.2 aiohttp==3.14.5 openai==3.57.0

cat >run.py <<'PY'
import asyncio
import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import aiohttp
import httpx
import httpx2
import openai


def event(text, finish=None):
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(body)}\n\n".encode()


BODY = b"".join(map(gzip.compress, (event("One"), event(" two"), event(" three", "stop") + b"data: [DONE]\n\n")))


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"


def text(body):
    events = [line[6:] for line in body.decode().splitlines() if line.startswith("data: {")]
    return "".join(json.loads(data)["choices"][0]["delta"]["content"] for data in events)


async def by_aiohttp():
    async with aiohttp.ClientSession() as session, session.post(url, json={}) as response:
        return await response.read()


print("aiohttp:", text(asyncio.run(by_aiohttp())))
for library in (httpx, httpx2):
    print(f"{library.__name__}:", text(library.post(url, json={}).content))
stream = openai.OpenAI(base_url=url, api_key="k", max_retries=0).chat.completions.create(
    model="m", messages=[{"role": "user", "content": "hi"}], stream=True)
print("openai:", "".join(chunk.choices[0].delta.content for chunk in stream) + ", no error")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what the clients read of several gzip members" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: httpx 0.28.1 and httpx2 2.16.2 read the first gzip member only, and openai 3.57.0 with them."
