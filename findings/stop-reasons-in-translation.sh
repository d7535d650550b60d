#!/usr/bin/env bash
# WHAT      Stop reasons of Messages, said in the words of Chat Completions by three translators, come out as whole answers,
#           as cut ones, or as withheld ones.
# VERSIONS  litellm==1.110.2, any-llm-sdk[anthropic]==1.40.2, aisuite[anthropic]==0.2.0
# EXPECTED  `refusal` is "content_filter", `model_context_window_exceeded` is "length", and `pause_turn` (ask again to go on) is
#           at least not "stop": a reader can tell a whole answer from one that is not.
# SEEN      2026-11-29: aisuite calls all three "stop". `pause_turn` is "length" in litellm, "stop" in any-llm, which keeps
#           nothing else to tell it by.
# WHY       A finish_reason behind such a layer says little of the endpoint: "stop" may be a refusal, "length" no limit.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='end_turn: litellm stop, any-llm stop, aisuite stop
max_tokens: litellm length, any-llm length, aisuite length
refusal: litellm content_filter, any-llm content_filter, aisuite stop
pause_turn: litellm length, any-llm stop, aisuite stop
model_context_window_exceeded: litellm length, any-llm length, aisuite stop'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check litellm==1.110.2 \
    'any-llm-sdk[anthropic]==1.40.2' 'aisuite[anthropic]==0.2.0'

cat >run.py <<'PY'
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import aisuite
import any_llm
import litellm

litellm.suppress_debug_info = True
ASKED = [{"role": "user", "content": "hi"}]


class Handler(BaseHTTPRequestHandler):
    reason = ""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "stop_reason": self.reason,
                   "content": [{"type": "text", "text": "Hello"}], "stop_sequence": None,
                   "usage": {"input_tokens": 25, "output_tokens": 12}}
        self.wfile.write(json.dumps(message).encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
suite = aisuite.Client({"anthropic": {"base_url": url, "api_key": "k"}}).chat.completions
ask = {
    "litellm": lambda: litellm.completion(model="anthropic/m", api_base=url, api_key="k", messages=ASKED, max_tokens=9),
    "any-llm": lambda: any_llm.completion(model="anthropic:m", api_base=url, api_key="k", messages=ASKED, max_tokens=9),
    "aisuite": lambda: suite.create(model="anthropic:m", messages=ASKED, max_tokens=9),
}
for Handler.reason in ("end_turn", "max_tokens", "refusal", "pause_turn", "model_context_window_exceeded"):
    print(f"{Handler.reason}: " + ", ".join(f"{name} {call().choices[0].finish_reason}" for name, call in ask.items()))
PY
export LITELLM_LOCAL_MODEL_COST_MAP=True # or it looks for prices on the network
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what translators make of the stop reasons of Messages" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: aisuite 0.2.0 calls a refusal and a full context \"stop\", any-llm 1.40.2 a paused turn."
