#!/usr/bin/env bash
# WHAT      Two event stream clients that can POST send the paid request again, and again, after an answer that was complete.
# VERSIONS  event-source-plus@0.1.15, eventsource-client@1.2.0, @microsoft/fetch-event-source@2.0.1 (npm)
# EXPECTED  A client that is meant for LLM answers stops when the server ends the stream in order; it reconnects after a cut.
# SEEN      2026-11-29: after a whole Messages stream (message_stop, clean end) event-source-plus posts again at once and
#           without a pause, hundreds of times in 5 s; eventsource-client posts again every 2 s; fetch-event-source stops.
# WHY       An endpoint that seems to bill threefold, or to be hammered, may be read by such a client; and a tool of this
#           field must not be built on one.
# HOW       Each client is stopped at its third request, or after 8 s.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='event-source-plus: POST {"stream":true}, POST {"stream":true}, POST {"stream":true}
eventsource-client: POST {"stream":true}, POST {"stream":true}, POST {"stream":true}
fetch-event-source: POST {"stream":true}'

npm install --silent --no-audit --no-fund --prefix . event-source-plus@0.1.15 eventsource-client@1.2.0 \
    @microsoft/fetch-event-source@2.0.1 >/dev/null

cat >run.mjs <<'JS'
import { createServer } from "node:http";
import { fetchEventSource } from "@microsoft/fetch-event-source";
import { EventSourcePlus } from "event-source-plus";
import { createEventSource } from "eventsource-client";

globalThis.window = globalThis; // fetch-event-source is made for pages
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
console.error = console.warn = console.info = () => {};

const events = [
  { type: "message_start", message: { id: "msg_1", type: "message", role: "assistant", model: "m", content: [],
    stop_reason: null, stop_sequence: null, usage: { input_tokens: 9, output_tokens: 1 } } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hello" } },
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 2 } },
  { type: "message_stop" },
];
const answer = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const clients = {
  "event-source-plus": (url) => {
    const source = new EventSourcePlus(url, { method: "post", body: { stream: true } });
    const listening = source.listen({ onMessage() {} });
    return () => listening.abort();
  },
  "eventsource-client": (url) => {
    const source = createEventSource({ url, method: "POST", body: '{"stream":true}', onMessage() {} });
    return () => source.close();
  },
  "fetch-event-source": (url) => {
    const abort = new AbortController();
    fetchEventSource(url, { method: "POST", body: '{"stream":true}', signal: abort.signal, onmessage() {} }).catch(() => {});
    return () => abort.abort();
  },
};
for (const [name, start] of Object.entries(clients)) {
  const seen = [];
  let stop = () => {};
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (data) => (body += data)).on("end", () => {
      if (seen.length < 3) seen.push(`${request.method} ${body}`);
      if (seen.length === 3) stop();
      response.setHeader("Content-Type", "text/event-stream");
      response.end(answer);
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  stop = start(`http://127.0.0.1:${server.address().port}/v1/messages`);
  for (let tenths = 0; tenths < 80 && seen.length < 3; tenths++) await pause(100);
  stop();
  server.closeAllConnections();
  server.close();
  console.log(`${name}: ${seen.join(", ")}`);
}
process.exit(0);
JS
seen=$(node run.mjs 2>/dev/null | grep -E '^[a-z-]+: ') || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: which clients post again after a complete stream" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: event-source-plus 0.1.15 and eventsource-client 1.2.0 post again after a complete answer."
