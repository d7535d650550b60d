#!/usr/bin/env bash
# WHAT      Words streamed through Flask-SSE come out glued together, and other whitespace of an answer is lost or cut.
# VERSIONS  Flask-SSE==1.0.0; sse-starlette==3.7.0 and fastapi==0.165.0 beside it, read by httpx-sse==0.4.3
# EXPECTED  A reader takes away one blank behind the colon, so that a server writes one: `data: ` and the text.
# SEEN      2026-11-30: Flask-SSE writes `data:` and the text at once. A piece that begins with a blank, as most of a model's do,
#           loses it; what str.splitlines() calls the end of a line (newline, U+2028) is lost at the end of a piece, and pieces
#           that are nothing else are empty. The others keep all of them.
# WHY       Each event is well-formed and each reader right; the answer reads "Thequickbrownfox", Markdown falls apart, and
#           JSON pieces, which begin with a brace, show nothing of it.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='Flask-SSE: "Thequickbrown-fox"
sse-starlette: "The quick\u2028brown\n\n- fox"
fastapi: "The quick\u2028brown\n\n- fox"'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check Flask-SSE==1.0.0 sse-starlette==3.7.0 fastapi==0.165.0 \
    httpx-sse==0.4.3 httpx==0.28.1

cat >run.py <<'PY'
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import fastapi.sse
import flask_sse
import httpx
import httpx_sse
import sse_starlette

PIECES = ["The", " quick", "\u2028", "brown\n", "\n", "-", " fox"]
SERVERS = {
    "Flask-SSE": lambda text: str(flask_sse.Message(text)).encode(),
    "sse-starlette": lambda text: sse_starlette.ServerSentEvent(text).encode(),
    "fastapi": lambda text: fastapi.sse.format_sse_event(data_str=text),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for piece in PIECES:
            self.wfile.write(SERVERS[self.path.removeprefix("/")](piece))

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
with httpx.Client(base_url=f"http://127.0.0.1:{server.server_port}") as client:
    for name in SERVERS:
        with httpx_sse.connect_sse(client, "GET", f"/{name}") as source:
            print(f"{name}: {json.dumps(''.join(event.data for event in source.iter_sse()))}")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what becomes of the whitespace of streamed pieces" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: Flask-SSE 1.0.0 loses the blanks at which a model's pieces begin."
