#!/usr/bin/env bash
# WHAT      mitmproxy's HAR has the text of an event stream as Latin-1 if its header names no charset; JSON comes out right.
# VERSIONS  mitmproxy==12.3.1 (Python 3.12 or later)
# EXPECTED  An event stream is UTF-8 by its standard, named or not, and APIs name no charset; `content.text` holds the text.
# SEEN      2026-11-29, `mitmdump --set hardump=FILE`, the same bytes four times: text/event-stream is decoded as Latin-1 (each
#           letter beyond ASCII becomes two or three, C1 controls among them), while text/event-stream; charset=utf-8,
#           application/json and application/x-ndjson are right.
# WHY       Whoever reads the HAR sees text that was encoded twice, and blames the endpoint for what the recorder did.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected="text/event-stream: 'GrÃ¼Ã\\x9fe'
text/event-stream; charset=utf-8: 'Grüße'
application/json: 'Grüße'
application/x-ndjson: 'Grüße'"

python=
for name in python3 python3.12 python3.13 python3.14 "$HOME"/.pyenv/versions/3.1[2-9]*/bin/python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then python=$name && break; fi
done
[ -n "$python" ] || { echo "NOT RUN: mitmproxy 12.3.1 needs Python 3.12 or later" >&2; exit 2; }
"$python" -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check mitmproxy==12.3.1

cat >run.py <<'PY'
import json
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KINDS = ("text/event-stream", "text/event-stream; charset=utf-8", "application/json", "application/x-ndjson")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        kind = KINDS[int(self.path[1:])]
        self.send_header("Content-Type", kind)
        self.end_headers()
        text = '{"text":"Grüße"}'
        self.wfile.write((f"data: {text}\n\n" if "event" in kind else f"{text}\n").encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
recorder = subprocess.Popen(
    ["venv/bin/mitmdump", "-q", "--mode", f"reverse:http://127.0.0.1:{server.server_port}", "--listen-host", "127.0.0.1",
     "--listen-port", str(port), "--set", "confdir=conf", "--set", "hardump=out.har"])
try:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.1)
    for number in range(len(KINDS)):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/{number}", timeout=20).read()
finally:
    recorder.send_signal(signal.SIGINT)
    recorder.wait()
with open("out.har", encoding="utf-8") as file:
    entries = json.load(file)["log"]["entries"]
for kind, entry in zip(KINDS, entries, strict=True):
    text = entry["response"]["content"]["text"].removeprefix("data: ")
    print(f"{kind}: {json.loads(text)['text']!r}")
PY
seen=$(PYTHONUTF8=1 venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: how mitmproxy's HAR holds an event stream" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: mitmproxy 12.3.1 writes an event stream without charset into its HAR as Latin-1."
