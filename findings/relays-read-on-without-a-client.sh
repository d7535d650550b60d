#!/usr/bin/env bash
# WHAT      Where the client leaves in mid-answer, two relays of four have the upstream write (and bill) the whole answer.
# VERSIONS  @musistudio/claude-code-router@2.0.0, @portkey-ai/gateway@1.15.2 (npm), ant2oai==0.1.6, codex-relay==0.5.8
# EXPECTED  Stopping a stream stops the model: a relay whose client has closed the connection closes its own.
# SEEN      2026-11-30: of 30 pieces, one each tenth of a second, the client reads one and closes. ant2oai and codex-relay close
#           the upstream's connection within some pieces; claude-code-router and the Portkey gateway read all 30 for nobody.
# WHY       "Stop" saves money on the official endpoint and none behind such a relay, whose bill is longer than what was seen;
#           nothing of it shows on the client's side.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='without a relay: left before the end
ant2oai: left before the end
codex-relay: left before the end
claude-code-router: read to the end
Portkey gateway: read to the end'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check ant2oai==0.1.6 codex-relay==0.5.8
npm install --silent --no-audit --no-fund --prefix router @musistudio/claude-code-router@2.0.0 >/dev/null
mkdir portkey
cat >portkey/package.json <<'JSON'
{"private": true, "dependencies": {"@portkey-ai/gateway": "1.15.2", "hono": "4.9.7", "@hono/node-server": "1.13.8"},
 "overrides": {"hono": "4.9.7", "@hono/node-server": "1.13.8"}}
JSON
npm install --silent --no-audit --no-fund --prefix portkey >/dev/null

cat >run.py <<'PY'
import json
import os
import queue
import select
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECES = 30
endings = queue.Queue()


class Upstream(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for number in range(PIECES):
            choice = {"index": 0, "delta": {"role": "assistant", "content": f"word{number} "}, "finish_reason": None}
            chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
            try:
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            except OSError:
                return endings.put("left before the end")
            if select.select([self.connection], [], [], 0.1)[0]:  # nothing more is asked: readable means closed
                return endings.put("left before the end")
        endings.put("read to the end")

    def log_message(self, *args):
        pass


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
threading.Thread(target=server.serve_forever, daemon=True).start()
up = f"http://127.0.0.1:{server.server_port}/v1"
router_port, portkey_port, ant_port, codex_port = (free_port() for _ in range(4))
os.mkdir(".claude-code-router")
provider = {"name": "p", "api_base_url": f"{up}/chat/completions", "api_key": "k", "models": ["m"]}
with open(".claude-code-router/config.json", "w") as file:
    json.dump({"HOST": "127.0.0.1", "PORT": router_port, "LOG": False, "Providers": [provider],
               "Router": {"default": "p,m"}}, file)
CHAT = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Hi"}]}
MESSAGES = {**CHAT, "max_tokens": 99}
RESPONSES = {"model": "m", "stream": True, "input": [{"role": "user", "content": "Hi"}]}
RELAYS = {
    "without a relay": (None, server.server_port, "/v1/chat/completions", CHAT),
    "ant2oai": (["venv/bin/a2o", "--upstream", f"{up}/chat/completions", "--port", str(ant_port)], ant_port,
                "/v1/messages", MESSAGES),
    "codex-relay": (["venv/bin/codex-relay", "--port", str(codex_port), "--upstream", up, "--api-key", "k"], codex_port,
                    "/v1/responses", RESPONSES),
    "claude-code-router": (["node", "router/node_modules/@musistudio/claude-code-router/dist/cli.js", "start"], router_port,
                           "/v1/messages", MESSAGES),
    "Portkey gateway": (["node", "portkey/node_modules/@portkey-ai/gateway/build/start-server.js", f"--port={portkey_port}",
                         "--headless"], portkey_port, "/v1/chat/completions", CHAT),
}


def connected(port):
    for _ in range(300):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=20)
        except OSError:
            time.sleep(0.1)
    raise TimeoutError


def leave_after_a_word(port, path, body):
    content = json.dumps(body)
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json", f"Content-Length: {len(content)}",
            "Authorization: Bearer k", "x-api-key: k", "anthropic-version: 2023-06-01", "x-portkey-provider: openai",
            f"x-portkey-custom-host: {up}"]
    with connected(port) as client:
        client.sendall(("\r\n".join(head) + "\r\n\r\n" + content).encode())
        seen = b""
        while b"word" not in seen:
            seen += (piece := client.recv(4096))
            if not piece:
                raise EOFError(seen)


for name, (command, port, path, body) in RELAYS.items():
    relay = None
    if command:
        environment = {**os.environ, "HOME": os.getcwd(), "TRUSTED_CUSTOM_HOSTS": "127.0.0.1"}
        relay = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        connected(port).close()
        leave_after_a_word(port, path, body)
        print(f"{name}: {endings.get(timeout=20)}", flush=True)
    finally:
        if relay:
            relay.terminate()
            relay.wait()
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: which relays stop when their client has left" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: claude-code-router 2.0.0 and the Portkey gateway 1.15.2 read the whole answer for a client that has left."
