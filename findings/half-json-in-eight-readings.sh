#!/usr/bin/env bash
# WHAT      Readers of half a JSON text, made for tool calls that are still coming in, disagree on one cut, and many hand out
#           values that no longer text would have had.
# VERSIONS  jiter==0.19.0, langchain-core==1.8.3, partialjson==1.2.0, partial-json-parser==0.2.1.1.post7,
#           json-repair==0.64.6 (PyPI), ai@7.0.173, partial-json@0.1.7, best-effort-json-parser@1.5.1 (npm)
# EXPECTED  What is not whole is left out, or is the beginning of what comes: half an escape sequence gives no letters.
# SEEN      2026-11-29: all hand out 15 of what becomes 1500; but for that only jiter leaves each half value out. `1e` is 1 or
#           missing; `t` is true, missing or the text "t"; a key without a value is null, "" or missing; json-repair keeps the
#           letters of an escape that is cut, best-effort-json-parser raises there. Only ai says (in `state`) that it repaired.
# WHY       A live view of a tool call, and a log of a cut one, show the reader's guess and not what the endpoint sent.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='{"sum":15
  {"sum":15}: jiter, langchain-core, partialjson, partial-json-parser, json-repair, ai, partial-json, best-effort
{"sum":1e
  {}: jiter
  {"sum":1}: langchain-core, partialjson, partial-json-parser, json-repair, ai, partial-json, best-effort
{"all":t
  {}: jiter, langchain-core
  {"all":true}: partialjson, partial-json-parser, ai, partial-json, best-effort
  {"all":"t"}: json-repair
{"to":"Rome","cc
  {"to":"Rome"}: jiter, langchain-core, partial-json-parser, json-repair, ai, partial-json, best-effort
  {"to":"Rome","cc":null}: partialjson
{"to":"Rome","cc":
  {"to":"Rome"}: jiter, langchain-core, partial-json-parser, ai, partial-json, best-effort
  {"to":"Rome","cc":null}: partialjson
  {"to":"Rome","cc":""}: json-repair
{"path":"C:\
  {}: jiter
  {"path":"C:"}: langchain-core, partialjson, partial-json-parser, ai, partial-json, best-effort
  {"path":"C:\\"}: json-repair
{"name":"Ren\u00
  {}: jiter, langchain-core
  {"name":"Ren"}: partialjson, partial-json-parser, ai, partial-json
  {"name":"Ren\\u00"}: json-repair
  SyntaxError: best-effort'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check jiter==0.19.0 langchain-core==1.8.3 partialjson==1.2.0 \
    partial-json-parser==0.2.1.1.post7 json-repair==0.64.6
npm install --silent --no-audit --no-fund --prefix . ai@7.0.173 partial-json@0.1.7 best-effort-json-parser@1.5.1 >/dev/null

cat >cuts.json <<'JSON'
["{\"sum\":15", "{\"sum\":1e", "{\"all\":t", "{\"to\":\"Rome\",\"cc", "{\"to\":\"Rome\",\"cc\":", "{\"path\":\"C:\\", "{\"name\":\"Ren\\u00"]
JSON
cat >read.mjs <<'JS'
import { readFileSync } from "node:fs";
import { parsePartialJson } from "ai";
import bestEffort from "best-effort-json-parser";
import { parse } from "partial-json";
const ai = async (text) => (await parsePartialJson(text)).value;
const readers = { ai, "partial-json": parse, "best-effort": bestEffort.parse };
for (const text of JSON.parse(readFileSync("cuts.json"))) {
  const told = {};
  for (const [name, read] of Object.entries(readers))
    try { told[name] = JSON.stringify(await read(text)); } catch (error) { told[name] = error.constructor.name; }
  console.log(JSON.stringify(told));
}
JS
cat >read.py <<'PY'
import json
import subprocess

import jiter
import json_repair
import partial_json_parser
import partialjson
from langchain_core.utils.json import parse_partial_json

READERS = {
    "jiter": lambda text: jiter.from_json(text.encode(), partial_mode=True),
    "langchain-core": parse_partial_json,
    "partialjson": lambda text: partialjson.JSONParser().parse(text),
    "partial-json-parser": partial_json_parser.loads,
    "json-repair": json_repair.loads,
}
node = subprocess.run(["node", "read.mjs"], capture_output=True, text=True).stdout.splitlines()
for text, said in zip(json.load(open("cuts.json")), node, strict=True):
    told = {}
    for name, read in READERS.items():
        try:
            told[name] = json.dumps(read(text), separators=(",", ":"))
        except Exception as error:
            told[name] = type(error).__name__
    told |= json.loads(said)
    print(text)
    for value in dict.fromkeys(told.values()):
        print(f"  {value}: {', '.join(name for name in told if told[name] == value)}")
PY
seen=$(venv/bin/python read.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: what readers of half a JSON text make of it" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: eight readers of half a JSON text agree on one cut of seven: half a number is a number."
