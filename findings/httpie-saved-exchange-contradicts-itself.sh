#!/usr/bin/env bash
# WHAT      What HTTPie prints of an exchange joins the head of the packed answer to the unpacked body.
# VERSIONS  httpie==3.2.4
# EXPECTED  A saved answer can be read by its own head: packed as Content-Encoding says and as long as Content-Length says, or
#           both fields gone.
# SEEN      2026-11-29: `--print=hb`, with and without `--stream`: "Content-Encoding: gzip" and a Content-Length of the packed
#           bytes over plain text that is longer; nothing says that it was unpacked.
# WHY       A reader of captures that believes the head tries to unpack text, or cuts it short, and blames the endpoint.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='--print=hb: encoding gzip, length said right for the packed body, body plain: True
--print=hb --stream: encoding gzip, length said right for the packed body, body plain: True'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check httpie==3.2.4

cat >run.py <<'PY'
import gzip
import subprocess
import threading
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PLAIN = b'data: {"type":"ping"}\n\n' * 20
PACKED = gzip.compress(PLAIN)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(PACKED)))
        self.end_headers()
        self.wfile.write(PACKED)

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
for options in (["--print=hb"], ["--print=hb", "--stream"]):
    command = ["venv/bin/http", "--ignore-stdin", *options, "POST", f"http://127.0.0.1:{server.server_port}"]
    head, body = subprocess.run(command, capture_output=True, check=True).stdout.split(b"\r\n\r\n", 1)
    fields = BytesParser().parsebytes(head.split(b"\r\n", 1)[1])
    length = {len(PACKED): "right for the packed body", len(body): "right for the body"}[int(fields["Content-Length"])]
    print(f"{' '.join(options)}: encoding {fields['Content-Encoding']}, length said {length}, body plain: {PLAIN in body}")
PY
seen=$(HTTPIE_CONFIG_DIR="$dir" venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what HTTPie prints of a packed answer" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: HTTPie 3.2.4 prints an unpacked body under the head of the packed one."
