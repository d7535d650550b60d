#!/usr/bin/env bash
# WHAT      pydantic-ai takes <think> for reasoning in a stream only where a tag fills its chunk alone: the same words cut
#           otherwise are answer text with tags in it, or reasoning with the whole answer in it.
# VERSIONS  pydantic-ai-slim[openai]==2.68.0
# EXPECTED  An answer does not depend on where the server cut it: reasoning "Hm.", answer "Hi", as in the plain form.
# SEEN      2026-11-29: right for a tag a chunk, as the engines that send one token a chunk do. Where a relay put two tokens
#           together before the first tag ends, all is text; behind the last one, all is reasoning, and the text is empty.
# WHY       "The model's reasoning shows in the answer" or "the answer is empty" through one relay and not another: the
#           text is the same, only its cuts differ.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected="plain: reasoning 'Hm.', text 'Hi'
<think>|Hm.|</think>|Hi: reasoning 'Hm.', text 'Hi'
<think>|Hm.|</think>Hi: reasoning 'Hm.</think>Hi', text ''
<think>Hm.|</think>|Hi: reasoning '', text '<think>Hm.</think>Hi'
<|think>|Hm.|</think>|Hi: reasoning '', text '<think>Hm.</think>Hi'"

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check 'pydantic-ai-slim[openai]==2.68.0'

cat >run.py <<'PY'
import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pydantic_ai.direct import model_request, model_request_stream
from pydantic_ai.messages import ModelRequest, TextPart, ThinkingPart
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

HEAD = {"id": "c", "created": 1, "model": "m"}
CUTS = ("<think>|Hm.|</think>|Hi", "<think>|Hm.|</think>Hi", "<think>Hm.|</think>|Hi", "<|think>|Hm.|</think>|Hi")


class Handler(BaseHTTPRequestHandler):
    pieces = [CUTS[0].replace("|", "")]

    def do_POST(self):
        streamed = json.loads(self.rfile.read(int(self.headers["content-length"]))).get("stream")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream" if streamed else "application/json")
        self.end_headers()
        if not streamed:
            message = {"role": "assistant", "content": self.pieces[0]}
            choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
            self.wfile.write(json.dumps({**HEAD, "object": "chat.completion", "choices": choices}).encode())
            return
        for delta in [{"role": "assistant", "content": ""}, *({"content": piece} for piece in self.pieces), {}]:
            choices = [{"index": 0, "delta": delta, "finish_reason": None if delta else "stop"}]
            data = json.dumps({**HEAD, "object": "chat.completion.chunk", "choices": choices})
            self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"
ASKED = [ModelRequest.user_text_prompt("hi")]


def show(name, response):
    told = {kind: "".join(part.content for part in response.parts if isinstance(part, kind)) for kind in (ThinkingPart, TextPart)}
    print(f"{name}: reasoning {told[ThinkingPart]!r}, text {told[TextPart]!r}")


async def main():
    model = OpenAIChatModel("m", provider=OpenAIProvider(base_url=url, api_key="k"))
    show("plain", await model_request(model, ASKED))
    for cut in CUTS:
        Handler.pieces = cut.split("|")
        async with model_request_stream(model, ASKED) as stream:
            async for _ in stream:
                pass
            show(cut, stream.get())


asyncio.run(main())
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: how pydantic-ai finds <think> in a stream" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: pydantic-ai 2.68.0 finds <think> in a stream only where each tag has a chunk to itself."
