#!/usr/bin/env bash
# WHAT      A benchmark counts answers that failed in mid-stream as completed ones, where the error has no event name.
# VERSIONS  aiperf==0.13.0, openai==3.57.0
# EXPECTED  An answer that ends with {"error": ...} in its stream is a failed request, as it is for OpenAI's own client.
# SEEN      2026-11-30, three requests, role, two words, then the error and [DONE]: with `event: error` in front all three are
#           errors. As OpenAI and most gateways write it, as `data:` alone, none is: three completed requests, their first tokens
#           and rates in all means. The openai client raises APIError either way.
# WHY       An endpoint that gives up under load looks as fast as one that answers: 0 % errors of such a tool are no evidence.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='unnamed: aiperf 3 completed, 0 failed; openai raises APIError
named: aiperf 0 completed, 3 failed; openai raises APIError'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check aiperf==0.13.0 openai==3.57.0

cat >tokenizer.py <<'PY'
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

made = Tokenizer(models.WordLevel({"<unk>": 0, "hello": 1}, unk_token="<unk>"))
made.pre_tokenizer = pre_tokenizers.Whitespace()
PreTrainedTokenizerFast(tokenizer_object=made, unk_token="<unk>").save_pretrained("tokenizer")
PY

cat >run.py <<'PY'
import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from openai import APIError, OpenAI


def chunk(delta):
    choice = {"index": 0, "delta": delta, "finish_reason": None}
    body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(body)}\n\n".encode()


ERROR = b'data: {"error": {"message": "The server is overloaded.", "type": "server_error", "code": 503}}\n\n'


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        name = b"event: error\n" if self.path.startswith("/named") else b""
        for event in (chunk({"role": "assistant", "content": ""}), chunk({"content": "hello"}), chunk({"content": " hello"})):
            self.wfile.write(event)
        self.wfile.write(name + ERROR + b"data: [DONE]\n\n")

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
with open("prompts.jsonl", "w") as file:
    file.write('{"text": "hello"}\n')

for way in ("unnamed", "named"):
    url = f"http://127.0.0.1:{server.server_port}/{way}"
    subprocess.run(
        ["venv/bin/aiperf", "profile", "-m", "m", "-u", url, "--endpoint-type", "chat", "--streaming", "--concurrency", "1",
         "--request-count", "3", "--input-file", "prompts.jsonl", "--custom-dataset-type", "single_turn", "--tokenizer",
         "tokenizer", "--ui", "none", "--no-gpu-telemetry", "--no-server-metrics", "--artifact-dir", way],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )
    with open(f"{way}/profile_export.jsonl") as file:
        records = [json.loads(line) for line in file]
    failed = sum(1 for record in records if record.get("error"))
    try:
        client = OpenAI(base_url=f"{url}/v1", api_key="k", max_retries=0)
        for _ in client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hello"}], stream=True):
            pass
        told = "raises nothing"
    except APIError as error:
        told = f"raises {type(error).__name__}"
    print(f"{way}: aiperf {len(records) - failed} completed, {failed} failed; openai {told}")
PY
export HOME="$dir"
unset HF_HUB_OFFLINE TRANSFORMERS_OFFLINE
venv/bin/python tokenizer.py >/dev/null 2>&1
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: which failed streams a benchmark counts as completed" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: aiperf 0.13.0 counts answers that failed in mid-stream as completed, unless the error has an event name."
