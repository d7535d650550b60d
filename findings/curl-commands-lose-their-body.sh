#!/usr/bin/env bash
# WHAT      Five small readers of curl commands lose or bend the body of the forms that API docs and browsers hand out.
# VERSIONS  uncurl==0.0.11 (PyPI), parse-curl@0.2.6, @bany/curl-to-json@1.2.10, curl-to-har@1.0.1,
#           @scrape-do/curl-parser@0.3.0 (npm)
# EXPECTED  `curl URL --json '{"a":1}'` (curl since 7.82) is a POST of {"a":1}; `--data-raw $'{"a":"it\'s"}'`, the form of a
#           browser's "Copy as cURL" for a text with an apostrophe, is a POST of {"a":"it's"}.
# SEEN      2026-11-29: no reader gets both and most get none: a GET without a body and no word of it, a body under the key
#           "undefined", a body with the $ still in front, sys.exit() inside the library.
# WHY       Pasting a curl command is how requests move between tools of this field: what was pasted must be checked
#           against what will be sent, and none of these can be the base of an importer.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='--json uncurl: SystemExit
--json parse-curl: GET nothing
--json curl-to-json: GET nothing
--json curl-to-har: GET under the key undefined
--json curl-parser: Error
$'\''...'\'' uncurl: ValueError
$'\''...'\'' parse-curl: GET nothing
$'\''...'\'' curl-to-json: POST {}
$'\''...'\'' curl-to-har: GET under the key undefined
$'\''...'\'' curl-parser: GET ${"a":"it'\''s"}'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check uncurl==0.0.11
npm install --silent --no-audit --no-fund --prefix . parse-curl@0.2.6 @bany/curl-to-json@1.2.10 curl-to-har@1.0.1 \
    @scrape-do/curl-parser@0.3.0 >/dev/null

cat >commands.json <<'JSON'
{
  "--json": "curl http://127.0.0.1:9/v1/messages --json '{\"a\":1}'",
  "$'...'": "curl 'http://127.0.0.1:9/v1/messages' -H 'content-type: application/json' --data-raw $'{\"a\":\"it\\'s\"}'"
}
JSON
cat >read.cjs <<'JS'
const commands = require("./commands.json");
const pick = (method, body, lost) =>
  `${method.toUpperCase()} ${lost !== undefined ? "under the key undefined" : body === undefined ? "nothing"
    : typeof body === "string" ? body : JSON.stringify(body)}`;
const readers = {
  "parse-curl": (text) => { const got = require("parse-curl")(text); return pick(got.method, got.body); },
  "curl-to-json": (text) => {
    const reader = require("@bany/curl-to-json");
    const got = (reader.default ?? reader)(text);
    return pick(got.method, got.data);
  },
  "curl-to-har": (text) => {
    const reader = require("curl-to-har");
    const got = (reader.default ?? reader)(text);
    return pick(got.method, got.postData?.text, got.undefined);
  },
  "curl-parser": (text) => { const got = require("@scrape-do/curl-parser").parse(text); return pick(got.method, got.body); },
};
for (const [name, command] of Object.entries(commands))
  for (const [reader, read] of Object.entries(readers)) {
    let got;
    try { got = read(command); } catch (error) { got = error.constructor.name; }
    console.log(`${name} ${reader}: ${got}`);
  }
JS
cat >read.py <<'PY'
import json
import subprocess

import uncurl

said = subprocess.run(["node", "read.cjs"], capture_output=True, text=True).stdout.splitlines()
for name, command in json.load(open("commands.json")).items():
    try:
        got = uncurl.parse_context(command)
        print(f"{name} uncurl: {got.method.upper()} {got.data}")
    except (Exception, SystemExit) as error:
        print(f"{name} uncurl: {type(error).__name__}")
    print(*(line for line in said if line.startswith(name)), sep="\n")
PY
seen=$(venv/bin/python read.py 2>/dev/null) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what the readers of curl commands get" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: none of five readers of curl commands gets the body of --json and of \$'...'."
