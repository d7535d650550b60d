#!/usr/bin/env bash
# WHAT      One `Retry-After` means three things to four official clients: wait for it, give up, or retry soon all the same.
# VERSIONS  openai==3.57.0, anthropic==2.14.0 (PyPI), openai@7.59.0, @anthropic-ai/sdk@1.14.0 (npm)
# EXPECTED  Clients made by one generator obey the header alike, or share one limit.
# SEEN      2026-11-29, status 429, one retry allowed: openai for Python waits up to 120 s and above gives up without a
#           retry; openai for Node waits up to 60 s and above asks again after half a second; Anthropic's two wait a day if told.
# WHY       A relay's Retry-After decides whether its users wait, fail or hammer: a diagnosis must name the client.
# HOW       No time is waited: the clients' own sleep is replaced by one that notes the seconds.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='60 s: openai-python waits 60 | anthropic-python waits 60 | openai-node waits 60 | anthropic-node waits 60
61 s: openai-python waits 61 | anthropic-python waits 61 | openai-node asks again soon | anthropic-node waits 61
120 s: openai-python waits 120 | anthropic-python waits 120 | openai-node asks again soon | anthropic-node waits 120
121 s: openai-python gives up | anthropic-python waits 121 | openai-node asks again soon | anthropic-node waits 121
86400 s: openai-python gives up | anthropic-python waits 86400 | openai-node asks again soon | anthropic-node waits 86400'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check openai==3.57.0 anthropic==2.14.0
npm install --silent --no-audit --no-fund --prefix . openai@7.59.0 @anthropic-ai/sdk@1.14.0 >/dev/null

cat >client.mjs <<'JS'
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
const [, , vendor, baseURL, told] = process.argv;
const real = globalThis.setTimeout;
const waits = [];
globalThis.setTimeout = (run, ms, ...rest) => { waits.push(ms); return real(run, ms > 100 && ms !== 600000 ? 0 : ms, ...rest); };
const messages = [{ role: "user", content: "hi" }];
const options = { apiKey: "k", baseURL, maxRetries: 1 };
const request = vendor === "openai"
  ? new OpenAI(options).chat.completions.create({ model: "m", messages })
  : new Anthropic(options).messages.create({ model: "m", max_tokens: 9, messages });
await request.catch(() => {});
console.log(waits.includes(told * 1000) ? `waits ${told}` : "asks again soon");
process.exit(0);
JS
cat >run.py <<'PY'
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import anthropic
import openai


class Handler(BaseHTTPRequestHandler):
    told = 0
    requests = 0

    def do_POST(self):
        Handler.requests += 1
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(429)
        self.send_header("Retry-After", str(self.told))
        self.end_headers()

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
MESSAGES = [{"role": "user", "content": "hi"}]


def ask_openai():
    openai.OpenAI(base_url=url, api_key="k", max_retries=1).chat.completions.create(model="m", messages=MESSAGES)


def ask_anthropic():
    client = anthropic.Anthropic(base_url=url, api_key="k", max_retries=1)
    client.messages.create(model="m", max_tokens=9, messages=MESSAGES)


def python(ask):
    real, waits, Handler.requests = time.sleep, [], 0
    time.sleep = waits.append
    try:
        ask()
    except (openai.RateLimitError, anthropic.RateLimitError):
        pass
    finally:
        time.sleep = real
    if Handler.requests == 1:
        return "gives up"
    return f"waits {Handler.told}" if Handler.told in waits else "asks again soon"


def node(vendor):
    Handler.requests = 0
    command = ["node", "client.mjs", vendor, url, str(Handler.told)]
    said = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    return "gives up" if Handler.requests == 1 else said


for Handler.told in (60, 61, 120, 121, 86400):
    print(f"{Handler.told} s: openai-python {python(ask_openai)} | anthropic-python {python(ask_anthropic)}"
          f" | openai-node {node('openai')} | anthropic-node {node('anthropic')}")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what the official clients do with a large Retry-After" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: above 120 s openai for Python gives up, above 60 s its Node client asks again soon, Anthropic's wait."
