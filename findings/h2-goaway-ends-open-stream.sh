#!/usr/bin/env bash
# WHAT      A polite GOAWAY that promises to finish the open stream makes httpx and httpx2 throw the rest of the answer away.
# VERSIONS  httpx==0.28.1, httpx2==2.16.2, h2==4.4.1
# EXPECTED  RFC 9113, 6.8: streams up to the last id of a GOAWAY with NO_ERROR go on to their end; a server that restarts
#           says GOAWAY and still delivers what it has begun.
# SEEN      2026-11-29: both raise RemoteProtocolError (ConnectionTerminated, error_code 0) at the next read, since h2 closes
#           its connection state at any GOAWAY; the data that follows is lost. Without the GOAWAY the answer is whole.
# WHY       A gateway that drains its connections cuts long LLM streams for every client built on these, and for those only.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='httpx, no goaway: data: 1 data: 2
httpx, goaway in between: data: 1, then RemoteProtocolError error_code:0
httpx2, no goaway: data: 1 data: 2
httpx2, goaway in between: data: 1, then RemoteProtocolError error_code:0'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check 'httpx[http2]==0.28.1' 'httpx2[http2]==2.16.2' h2==4.4.1

cat >run.py <<'PY'
import socket
import threading
import time

import h2.config
import h2.connection
import h2.events
import httpx
import httpx2
from hyperframe.frame import GoAwayFrame


def answer(listener, goaway):
    sock, _ = listener.accept()
    server = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    server.initiate_connection()
    sock.sendall(server.data_to_send())
    while data := sock.recv(65536):
        for event in server.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                stream = event.stream_id
                server.send_headers(stream, [(":status", "200"), ("content-type", "text/event-stream")])
                server.send_data(stream, b"data: 1\n\n")
                sock.sendall(server.data_to_send())
                time.sleep(0.3)
                if goaway:
                    sock.sendall(GoAwayFrame(0, last_stream_id=stream, error_code=0).serialize())
                server.send_data(stream, b"data: 2\n\n", end_stream=True)
        sock.sendall(server.data_to_send())


def serve(goaway):
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=answer, args=(listener, goaway), daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/"


threading.excepthook = lambda _: None  # the client hangs up on the server: that is the point
for library in (httpx, httpx2):
    for goaway in (False, True):
        got, end = [], ""
        with library.Client(http1=False, http2=True) as client:
            try:
                with client.stream("POST", serve(goaway), json={}) as response:
                    for data in response.iter_bytes():
                        got += data.decode().split("\n\n")[:-1]
            except library.RemoteProtocolError as error:
                end = f", then RemoteProtocolError {str(error).split(',')[0].split()[-1]}"
        print(f"{library.__name__}, {'goaway in between' if goaway else 'no goaway'}: {' '.join(got)}{end}")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what httpx and httpx2 do when a GOAWAY comes in mid-stream" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: a GOAWAY without error ends the open stream in httpx 0.28.1 and httpx2 2.16.2."
