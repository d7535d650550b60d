#!/usr/bin/env bash
# WHAT      libcurl's time to the first byte ends at an interim answer (103, 100), which says nothing of the model: 0.0 s for an
#           answer that came after 0.5 s; and requests takes the 103 for the answer.
# VERSIONS  pycurl==7.49.0 (its wheel's libcurl 8.23.0), requests==2.34.2, httpx==0.28.1
# EXPECTED  STARTTRANSFER_TIME (`%{time_starttransfer}` of curl -w, which most latency scripts print) is the wait for the
#           answer.
# SEEN      2026-11-30, head after 0.5 s, first event 0.5 s behind it, the end another 0.5 s behind that. libcurl: 0.5 s, but
#           0.0 where an edge sends 103 Early Hints or 100 Continue first. requests' `elapsed` ends at the head, httpx's when a
#           stream is closed; none of the three is the first event. For requests (http.client skips 100 alone) the 103 is the
#           answer: without a body, and `ok`.
# WHY       A relay behind such an edge beats the official endpoint in every script that prints curl's number; the same answer
#           has three "elapsed" times in three clients.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='no interim answer: libcurl 0.5, requests 0.5, httpx 1.5
103 Early Hints: libcurl 0.0, requests 0.0 (status 103, 0 bytes), httpx 1.5
100 Continue: libcurl 0.0, requests 0.5, httpx 1.5'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check pycurl==7.49.0 requests==2.34.2 httpx==0.28.1

cat >run.py <<'PY'
import contextlib
import socket
import threading
import time

import httpx
import pycurl
import requests

INTERIM = {"no interim answer": b"", "103 Early Hints": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
           "100 Continue": b"HTTP/1.1 100 Continue\r\n\r\n"}
STEP_S = 0.5


def answer(connection, first):
    with connection, contextlib.suppress(OSError):  # requests has gone by then
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += connection.recv(65536)
        connection.sendall(first)
        time.sleep(STEP_S)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        time.sleep(STEP_S)
        connection.sendall(b'data: {"first": true}\n\n')
        time.sleep(STEP_S)


def serve(listener, first):
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0], first), daemon=True).start()


def by_curl(url):
    curl = pycurl.Curl()
    curl.setopt(curl.URL, url)
    curl.setopt(curl.WRITEFUNCTION, len)
    curl.perform()
    return curl.getinfo(curl.STARTTRANSFER_TIME)


def by_requests(url):
    with requests.get(url, stream=True) as response:
        return response.elapsed.total_seconds(), response.status_code, len(response.content)


def by_httpx(url):
    with httpx.stream("GET", url) as response:
        response.read()
    return response.elapsed.total_seconds()


def steps(seconds):
    return f"{round(seconds / STEP_S) * STEP_S:.1f}"  # a busy machine adds to each


for name, first in INTERIM.items():
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listener, first), daemon=True).start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    elapsed, status, size = by_requests(url)
    odd = "" if status == 200 else f" (status {status}, {size} bytes)"
    print(f"{name}: libcurl {steps(by_curl(url))}, requests {steps(elapsed)}{odd}, httpx {steps(by_httpx(url))}")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: when the time to the first byte ends" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: libcurl 8.23.0 ends its time to the first byte at a 103 or 100 before the answer."
