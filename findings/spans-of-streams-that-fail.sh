#!/usr/bin/env bash
# WHAT      A stream that failed or was left is, by the telemetry package on one OpenAI client, a call that went well, an error or
#           neither; one package writes no name at all that the others have.
# VERSIONS  openai==3.57.0, opentelemetry-sdk==1.45.2, opentelemetry-instrumentation-openai==0.62.4,
#           opentelemetry-instrumentation-genai-openai==1.3b0, openinference-instrumentation-openai==0.1.66
# EXPECTED  An error in mid-stream, which the client raises, makes the span an error; leaving a stream has one status; finish
#           reasons are the server's words.
# SEEN      2026-11-30: opentelemetry-instrumentation-openai ends the span of the error with OK and without response attributes,
#           the two others with ERROR. A loop left by `break` is OK, ERROR ("_OTHER") and UNSET. A raw response's stream has neither
#           status nor tokens in the first. "tool_calls" is "tool_call" there. openinference has llm.* and no gen_ai.* name.
# WHY       A dashboard's error rate of an endpoint is 0 % or 100 % of the same failures by which package wrote the spans, and
#           "stop the answer" is an error of the endpoint in one: only the recording says what came.
# HOW       OTEL_SEMCONV_STABILITY_OPT_IN is set; a stream that was left is collected before its span is looked for.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='opentelemetry-instrumentation-openai: whole OK 12 tool_call, error OK, left OK, raw UNSET
opentelemetry-instrumentation-genai-openai: whole UNSET 12 tool_calls, error ERROR openai.APIError, left ERROR _OTHER, raw UNSET 12 tool_calls
openinference-instrumentation-openai: whole OK 12 tool_calls by llm.*, error ERROR, left UNSET, raw OK 12 tool_calls by llm.*'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check openai==3.57.0 opentelemetry-sdk==1.45.2 \
    opentelemetry-instrumentation-openai==0.62.4 opentelemetry-instrumentation-genai-openai==1.3b0 \
    openinference-instrumentation-openai==0.1.66

cat >run.py <<'PY'
import gc
import importlib
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from openai import APIError, OpenAI
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

spans = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))
importlib.import_module(sys.argv[2]).OpenAIInstrumentor().instrument(tracer_provider=provider)

CALL = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "pay", "arguments": '{"a":1}'}}


def chunk(delta, finish=None):
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


USAGE = {**chunk({}), "choices": [], "usage": {"prompt_tokens": 25, "completion_tokens": 12, "total_tokens": 37}}
WHOLE = [chunk({"role": "assistant", "tool_calls": [CALL]}), chunk({}, "tool_calls"), USAGE]
ERROR = [chunk({"role": "assistant", "content": "One"}), {"error": {"message": "Overloaded", "type": "server_error"}}]


class Handler(BaseHTTPRequestHandler):
    events = WHOLE

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write("".join(f"data: {json.dumps(event)}\n\n" for event in self.events).encode() + b"data: [DONE]\n\n")

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
chats = OpenAI(api_key="k", base_url=f"http://127.0.0.1:{server.server_port}", max_retries=0).chat.completions
asked = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": True}


def whole():
    list(chats.create(**asked))


def left():
    for _ in chats.create(**asked):
        break


def raw():
    list(chats.with_raw_response.create(**asked).parse())


def show(run):
    spans.clear()
    try:
        run()
    except APIError:
        pass
    gc.collect()  # a stream that was left ends its span when it is collected
    [span] = spans.get_finished_spans()
    told = {key: value for key, value in span.attributes.items() if value}
    said = [span.status.status_code.name]
    for key in ("gen_ai.usage.output_tokens", "llm.token_count.completion", "error.type", "llm.finish_reason"):
        said += [str(told[key])] if key in told else []
    said += told.get("gen_ai.response.finish_reasons", ())
    if "llm.token_count.completion" in told and not any(key.startswith("gen_ai.") for key in told):
        said.append("by llm.*")
    return " ".join(said)


parts = [f"whole {show(whole)}"]
Handler.events = ERROR
parts.append(f"error {show(whole)}")
Handler.events = WHOLE
parts += [f"left {show(left)}", f"raw {show(raw)}"]
print(f"{sys.argv[1]}: {', '.join(parts)}")
PY
export OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental
seen=$(for one in opentelemetry-instrumentation-openai:opentelemetry.instrumentation.openai \
    opentelemetry-instrumentation-genai-openai:opentelemetry.instrumentation.genai.openai \
    openinference-instrumentation-openai:openinference.instrumentation.openai; do
    venv/bin/python run.py "${one%:*}" "${one#*:}" || true
done)

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: how three telemetry packages end the span of a stream" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: an error in mid-stream is OK in the span of opentelemetry-instrumentation-openai 0.62.4, ERROR in two others'."
