#!/usr/bin/env bash
# WHAT      An answer that breaks off in mid-stream is in no recording: five recorders of HTTP for tests write the calls before and
#           behind it, and nothing of it, neither the half answer nor that a request was made.
# VERSIONS  vcrpy==9.4.2, betamax==0.9.0, responses==0.26.3, requests==2.34.2, nock@14.0.17, @pollyjs/core@6.0.6
# EXPECTED  Three calls made, three in the file; or a word that one is missing.
# SEEN      2026-11-30: the client gets status 200, half of the stream and then an error; the files hold the two whole answers. All
#           write a call when its body has ended.
# WHY       What most needs a recording, a relay that cuts its streams, can't be recorded so. Count calls in a recording and
#           every endpoint is perfect; play it to a client, and the broken answer can't be rehearsed.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='vcrpy: whole, broken, whole; in the file: 1 3
betamax: whole, broken, whole; in the file: 1 3
responses: whole, broken, whole; in the file: 1 3
nock: whole, broken, whole; in the file: 1 3
polly: whole, broken, whole; in the file: 1 3'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check vcrpy==9.4.2 betamax==0.9.0 responses==0.26.3 requests==2.34.2
npm install --silent --no-audit --no-fund --prefix . nock@14.0.17 @pollyjs/core@6.0.6 @pollyjs/adapter-fetch@6.0.7 \
    @pollyjs/persister-fs@6.0.6 >npm.log 2>&1

cat >run.py <<'PY'
import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import betamax
import requests
import vcr
from responses import _recorder


class Handler(BaseHTTPRequestHandler):
    """Answers with a stream that names the number in the address; the second ends without its last chunk."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        number = self.path.rpartition("/")[2]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        event = f"data: answer {number}\n\n".encode()
        self.wfile.write(b"%x\r\n%b\r\n" % (len(event), event))
        if number == "2":
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
if sys.argv[1:] == ["serve"]:
    print(base, flush=True)
    sys.stdin.read()
    sys.exit()


def ask(post):
    told = []
    for number in (1, 2, 3):
        try:
            post(f"{base}/{number}", json={})
            told.append("whole")
        except requests.RequestException:
            told.append("broken")
        except Exception as error:  # betamax passes urllib3's on
            told.append("broken" if "IncompleteRead" in str(error) else repr(error))
    return ", ".join(told)


def say(name, told, file):
    print(f"{name}: {told}; in the file:", *sorted(set(re.findall(r"data: answer (\d)", open(file).read()))))


with vcr.use_cassette("vcr.yaml"):
    told = ask(requests.post)
say("vcrpy", told, "vcr.yaml")
session = requests.Session()
with betamax.Betamax(session, cassette_library_dir=".").use_cassette("betamax", record="once"):
    told = ask(session.post)
say("betamax", told, "betamax.json")


@_recorder.record(file_path="responses.yaml")
def recorded():
    return ask(requests.post)


say("responses", recorded(), "responses.yaml")
PY
cat >run.mjs <<'JS'
import fs from "node:fs";
import nock from "nock";
import { Polly } from "@pollyjs/core";
import FetchAdapter from "@pollyjs/adapter-fetch";
import FSPersister from "@pollyjs/persister-fs";

const base = process.argv[2];
const ask = async () => {
    const told = [];
    for (const number of [1, 2, 3]) {
        try {
            const headers = { "content-type": "application/json" };
            await (await fetch(`${base}/${number}`, { method: "POST", body: "{}", headers })).text();
            told.push("whole");
        } catch {
            told.push("broken");
        }
    }
    await new Promise((done) => setTimeout(done, 500)); // nock notes a call behind its end
    return told.join(", ");
};
const say = (name, told, text) => {
    const found = [...text.matchAll(/data: answer (\d)/g)].map((one) => one[1]);
    console.log(`${name}: ${told}; in the file: ${[...new Set(found)].sort().join(" ")}`);
};

nock.recorder.rec({ output_objects: true, dont_print: true });
let told = await ask();
say("nock", told, JSON.stringify(nock.recorder.play()));
nock.restore();

Polly.register(FetchAdapter);
Polly.register(FSPersister);
const persisterOptions = { fs: { recordingsDir: "polly" } };
const polly = new Polly("run", { adapters: ["fetch"], persister: "fs", persisterOptions, logLevel: "silent" });
told = await ask();
await polly.stop();
say("polly", told, fs.readFileSync(`polly/${fs.readdirSync("polly")[0]}/recording.har`, "utf8"));
process.exit(0);
JS
seen=$(venv/bin/python run.py) || true
coproc SERVER { venv/bin/python run.py serve; }
read -r address <&"${SERVER[0]}"
seen+=$'\n'$(node run.mjs "$address" 2>/dev/null) || true
kill "$SERVER_PID"

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what is recorded of an answer that breaks off" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: vcrpy, betamax, responses, nock and Polly.js write nothing of an answer that breaks off."
