#!/usr/bin/env bash
# WHAT      Locust's response time of a streamed request ends at the head of the answer; a request that is cut in the middle of
#           its stream counts as a success.
# VERSIONS  locust==2.47.0
# EXPECTED  The time of a request in Locust's statistics is that of the whole answer, and a cut one is a failure.
# SEEN      2026-11-30: events over 1 s behind a head that comes at once: under 0.5 s for the stream, over 0.9 s for the same
#           answer unstreamed. The stream that breaks off: an exception in the task while it is read, 1 request, 0 failures.
# WHY       A load test of a model's stream then tells the gateway's head for the model's time, and has no failures where half
#           of the answers are cut: both have to be told to Locust by the task itself.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='streamed, whole: 1 request, 0 failures, under 0.5 s
unstreamed, whole: 1 request, 0 failures, over 0.9 s
streamed, cut: 1 request, 0 failures, under 0.5 s, and reading raised ChunkedEncodingError'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check locust==2.47.0

cat >run.py <<'PY'
from locust import HttpUser
from locust.env import Environment

import gevent
import requests
from gevent.pywsgi import WSGIServer
from gevent.server import StreamServer

EVENT = b'data: {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "word "}}\n\n'


def answer(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/event-stream")])
    for _ in range(5):
        gevent.sleep(0.2)
        yield EVENT


def raw_cut(socket, _address):
    """Head and two chunks, then the end without the last one."""
    socket.recv(65536)
    socket.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(2):
        gevent.sleep(0.3)
        socket.sendall(b"%x\r\n%s\r\n" % (len(EVENT), EVENT))
    socket.close()


whole = WSGIServer(("127.0.0.1", 0), answer, log=None)
whole.start()
cut = StreamServer(("127.0.0.1", 0), raw_cut)
cut.start()


def ask(name, port, stream):
    class Asker(HttpUser):
        host = f"http://127.0.0.1:{port}"

    environment = Environment(user_classes=[Asker])
    environment.create_local_runner()  # it is what fills the statistics
    user, raised = Asker(environment), ""
    try:
        reply = user.client.get("/", stream=stream, name="x")
        for _ in reply.iter_lines():
            pass
    except requests.RequestException as error:
        raised = f", and reading raised {type(error).__name__}"
    found = environment.stats.get("x", "GET")
    seconds = found.avg_response_time / 1000
    took = "under 0.5 s" if seconds < 0.5 else "over 0.9 s" if seconds > 0.9 else f"{seconds} s"
    print(f"{name}: {found.num_requests} request, {found.num_failures} failures, {took}{raised}")


ask("streamed, whole", whole.server_port, True)
ask("unstreamed, whole", whole.server_port, False)
ask("streamed, cut", cut.server_port, True)
PY
seen=$(venv/bin/python run.py 2>/dev/null) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what Locust times and counts of a stream" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: Locust 2.47.0 times a streamed request to its head, and a cut stream is a success."
