#!/usr/bin/env bash
# WHAT      Node's fetch takes a chunked body that was cut for a whole one if the head says `Connection: close`.
# VERSIONS  undici@7.30.2 and openai@7.59.0 (npm) on Node 20.20.2 and its own fetch; httpx2==2.16.2 (PyPI)
# EXPECTED  A chunked body without its last chunk is incomplete (RFC 9112, 8), whatever `Connection` says: an error.
# SEEN      2026-11-29: with keep-alive "terminated"; with close the body ends well, and the openai client
#           returns half an answer without an error. Python's httpx2 raises RemoteProtocolError in both.
# WHY       Behind a relay that says `Connection: close` Node users get half answers where Python users get an exception: the
#           same recording must be judged by its framing, not by what one client said.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='keep-alive: node fetch terminated, undici terminated, openai-node terminated | httpx2 RemoteProtocolError
close: node fetch ends, undici ends, openai-node ends with "Half" | httpx2 RemoteProtocolError'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check httpx2==2.16.2
npm install --silent --no-audit --no-fund --prefix . undici@7.30.2 openai@7.59.0 >/dev/null

cat >client.mjs <<'JS'
import OpenAI from "openai";
import * as undici from "undici";
const url = process.argv[2];
const told = async (ask) => { try { return await ask(); } catch (error) { return error.message; } };
const body = (fetch) => told(async () => { await (await fetch(url, { method: "POST", body: "{}" })).text(); return "ends"; });
const answer = () => told(async () => {
  const client = new OpenAI({ apiKey: "k", baseURL: url, maxRetries: 0 });
  let text = "";
  const messages = [{ role: "user", content: "hi" }];
  for await (const chunk of await client.chat.completions.create({ model: "m", messages, stream: true }))
    text += chunk.choices[0].delta.content ?? "";
  return `ends with "${text}"`;
});
console.log(`node fetch ${await body(fetch)}, undici ${await body(undici.fetch)}, openai-node ${await answer()}`);
JS
cat >run.py <<'PY'
import json
import socketserver
import subprocess
import threading

import httpx2

CHOICE = {"index": 0, "delta": {"role": "assistant", "content": "Half"}, "finish_reason": None}
CHUNK = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [CHOICE]}
EVENT = f"data: {json.dumps(CHUNK)}\n\n".encode()
connection = ""


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        length = 0
        while (line := self.rfile.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        self.rfile.read(length)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: {connection}"
        self.wfile.write(head.encode() + b"\r\n\r\n%x\r\n%b\r\n" % (len(EVENT), EVENT))


server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_address[1]}/"
for connection in ("keep-alive", "close"):
    node = subprocess.run(["node", "client.mjs", url], capture_output=True, text=True).stdout.strip()
    try:
        httpx2.post(url, json={})
        python = "ends"
    except httpx2.HTTPError as error:
        python = type(error).__name__
    print(f"{connection}: {node} | httpx2 {python}")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what Node makes of a chunked body without its end" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: Node's fetch and undici 7.30.2 take a cut chunked body for whole behind Connection: close."
