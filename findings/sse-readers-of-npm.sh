#!/usr/bin/env bash
# WHAT      Four readers of event streams for JavaScript disagree about streams that the standard has rules for.
# VERSIONS  eventsource-parser@3.1.1, fetch-event-stream@0.1.6, @microsoft/fetch-event-source@2.0.1, parse-sse@0.1.0 (npm)
# EXPECTED  By the HTML standard a block without data is no event, CRLF is one line end though a chunk ends inside it, a field
#           without a colon is one with an empty value, one space behind the colon is taken off, an event not ended is dropped.
# SEEN      2026-11-30: a comment in its own block, as gateways send to keep a stream alive, is an empty event to fetch-event-source,
#           `retry:` one to two of them; parse-sse loses the event's name if a chunk ends between CR and LF, and passes on half an
#           event; fetch-event-stream eats spaces and a bare `data`.
# WHY       JSON.parse("") in the middle of an answer, half JSON at its end, events without a name: the bytes were right.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='a comment in its own block: eventsource-parser [":1"], fetch-event-stream [":1"], fetch-event-source [":",":1"], parse-sse [":1"]
retry in its own block: eventsource-parser [":1"], fetch-event-stream [":undefined",":1"], fetch-event-source [":",":1"], parse-sse [":1"]
a chunk ends inside CRLF: eventsource-parser ["a:1"], fetch-event-stream ["a:1"], fetch-event-source ["a:1"], parse-sse [":1"]
not ended: eventsource-parser [":1"], fetch-event-stream [":1"], fetch-event-source [":1"], parse-sse [":1",":{\"te"]
two spaces: eventsource-parser [": 1"], fetch-event-stream [":1"], fetch-event-source [": 1"], parse-sse [": 1"]
bare data twice: eventsource-parser [":\n"], fetch-event-stream [], fetch-event-source [":"], parse-sse [":\n"]'

npm install --silent --no-audit --no-fund --prefix . eventsource-parser@3.1.1 fetch-event-stream@0.1.6 \
    @microsoft/fetch-event-source@2.0.1 parse-sse@0.1.0 >/dev/null

cat >read.mjs <<'JS'
import fetchEventSource from "@microsoft/fetch-event-source/lib/cjs/parse.js";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { events } from "fetch-event-stream";
import { parseServerSentEvents } from "parse-sse";

const answer = (chunks) => new Response(new ReadableStream({
  start(controller) {
    for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
    controller.close();
  },
}), { headers: { "content-type": "text/event-stream" } });
const all = async (source) => { const found = []; for await (const event of source) found.push(event); return found; };
const readers = {
  "eventsource-parser": (response) =>
    all(response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())),
  "fetch-event-stream": (response) => all(events(response)),
  "fetch-event-source": async (response) => {
    const { getBytes, getLines, getMessages } = fetchEventSource;
    const found = [];
    await getBytes(response.body, getLines(getMessages(() => {}, () => {}, (event) => found.push(event))));
    return found;
  },
  "parse-sse": (response) => all(parseServerSentEvents(response)),
};
const streams = {
  "a comment in its own block": [": keep-alive\n\n", "data: 1\n\n"],
  "retry in its own block": ["retry: 100\n\n", "data: 1\n\n"],
  "a chunk ends inside CRLF": ["event: a\r", "\ndata: 1\r\n\r\n"],
  "not ended": ["data: 1\n\n", 'data: {"te'],
  "two spaces": ["data:  1\n\n"],
  "bare data twice": ["data\ndata\n\n"],
};
for (const [name, chunks] of Object.entries(streams)) {
  const told = [];
  for (const [reader, read] of Object.entries(readers)) {
    const found = await read(answer(chunks));
    const named = found.map(({ event, type, data }) => `${(event ?? type ?? "").replace(/^message$/, "")}:${data}`);
    told.push(`${reader} ${JSON.stringify(named)}`);
  }
  console.log(`${name}: ${told.join(", ")}`);
}
JS
seen=$(node read.mjs) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: how readers of event streams for JavaScript read legal oddities" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: three of four readers of npm stray from the standard, each in another place."
