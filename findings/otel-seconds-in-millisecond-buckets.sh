#!/usr/bin/env bash
# WHAT      The histograms of times to first token and of whole calls are in seconds, their buckets made for milliseconds: whatever
#           is below five seconds is in one bucket.
# VERSIONS  opentelemetry-instrumentation-openai==0.62.4, opentelemetry-sdk==1.45.2, openai==3.57.0
# EXPECTED  Buckets as the GenAI conventions give them for seconds (0.01, 0.02, 0.04 ... 81.92; for the first token 0.001 ... 10).
# SEEN      2026-11-30: the SDK's own bounds 0, 5, 10, 25 ... 10000. An endpoint whose first token comes at once and one that takes
#           0.4 s have the same buckets, and any percentile made of them is the same.
# WHY       A dashboard's "p50 2.5 s, p95 4.75 s" of such a histogram is made up of one bucket's edges, for every fast endpoint alike.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='fast, gen_ai.server.time_to_first_token: in s, first bounds 0 5 10, counts 0 5 0, p50 from buckets 2.50, p95 4.75
fast, gen_ai.client.operation.duration: in s, first bounds 0 5 10, counts 0 5 0, p50 from buckets 2.50, p95 4.75
slow, gen_ai.server.time_to_first_token: in s, first bounds 0 5 10, counts 0 5 0, p50 from buckets 2.50, p95 4.75
slow, gen_ai.client.operation.duration: in s, first bounds 0 5 10, counts 0 5 0, p50 from buckets 2.50, p95 4.75'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check opentelemetry-instrumentation-openai==0.62.4 \
    opentelemetry-sdk==1.45.2 openai==3.57.0

cat >run.py <<'PY'
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from openai import OpenAI
from opentelemetry.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        time.sleep(0.4 if self.path.startswith("/slow") else 0)
        for delta, end in (({"role": "assistant", "content": "Hello"}, None), ({}, "stop")):
            body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
                    "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}
            self.wfile.write(f"data: {json.dumps(body)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()


def percentile(bounds, counts, part):
    """As Prometheus makes it: the share of the way through the bucket in which the rank lies."""
    rank, below = part * sum(counts), 0
    for low, high, count in zip((0, *bounds), bounds, counts):
        if count and below + count >= rank:
            return low + (high - low) * (rank - below) / count
        below += count


reader = InMemoryMetricReader()
OpenAIInstrumentor().instrument(meter_provider=MeterProvider([reader]))
for speed in ("fast", "slow"):
    client = OpenAI(base_url=f"http://127.0.0.1:{server.server_port}/{speed}/v1", api_key="k", max_retries=0)
    for _ in range(5):
        list(client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}], stream=True))
scopes = reader.get_metrics_data().resource_metrics[0].scope_metrics
found = {metric.name: metric for scope in scopes for metric in scope.metrics}
for speed in ("fast", "slow"):
    for name in ("gen_ai.server.time_to_first_token", "gen_ai.client.operation.duration"):
        points = found[name].data.data_points
        point = next(point for point in points if speed in point.attributes["server.address"])
        bounds, counts = point.explicit_bounds, point.bucket_counts
        print(f"{speed}, {name}: in {found[name].unit}, first bounds {' '.join(f'{bound:g}' for bound in bounds[:3])}, counts "
              f"{' '.join(map(str, counts[:3]))}, p50 from buckets {percentile(bounds, counts, 0.5):.2f}, "
              f"p95 {percentile(bounds, counts, 0.95):.2f}")
PY
seen=$(venv/bin/python run.py 2>/dev/null) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: the buckets of an LLM call's times" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: opentelemetry-instrumentation-openai 0.62.4 puts every time below five seconds in one bucket."
