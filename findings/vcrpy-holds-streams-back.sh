#!/usr/bin/env bash
# WHAT      While vcrpy records, a live httpx stream comes to the program only when it is over, and in one piece.
# VERSIONS  vcrpy==9.4.2, httpx==0.28.1
# EXPECTED  Recording is invisible: the head and each chunk come when the server sends them, as without vcrpy.
# SEEN      2026-11-29, four events 300 ms apart: without vcrpy the head comes with the first event and there are four chunks;
#           recording, the head comes behind the last event, with one chunk; replaying, one chunk at once.
# WHY       A time to first token, a gap or a test of streaming that was taken under vcrpy measures vcrpy; and no such test can
#           see a client that waits for the whole answer.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='without: head while the stream ran, 4 chunks
recording: head behind its end, 1 chunks
replaying: 1 chunks'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check vcrpy==9.4.2 httpx==0.28.1

cat >run.py <<'PY'
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import vcr


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sent_all = False

    def do_POST(self):
        Handler.sent_all = False
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number in range(4):
            event = f"data: {number}\n\n".encode()
            self.wfile.write(b"%x\r\n%b\r\n" % (len(event), event))
            time.sleep(0.3)
        Handler.sent_all = True
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()


def ask():
    with httpx.Client() as client, client.stream("POST", f"http://127.0.0.1:{server.server_port}", json={}) as response:
        when = "behind its end" if Handler.sent_all else "while the stream ran"
        return when, len(list(response.iter_bytes()))


print("without: head {}, {} chunks".format(*ask()))
with vcr.use_cassette("cassette.yaml"):
    print("recording: head {}, {} chunks".format(*ask()))
with vcr.use_cassette("cassette.yaml", record_mode="none"):
    print(f"replaying: {ask()[1]} chunks")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what vcrpy does to a live stream" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: vcrpy 9.4.2 holds a stream back until it has ended while it records."
