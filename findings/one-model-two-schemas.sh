#!/usr/bin/env bash
# WHAT      One Pydantic model asked for as structured output is another schema by each client: a field with a default is
#           required or optional, and bounds are a schema or prose.
# VERSIONS  openai==3.57.0, anthropic==2.14.0, langchain-openai==1.7.4, langchain-anthropic==1.7.10, pydantic-ai-slim==2.68.0
# EXPECTED  `stars: int = Field(ge=1, le=5)` and `note: str = "none"` reach the endpoint as bounds and as an optional field.
# SEEN      2026-11-30: openai and langchain-openai make every field required, the default notwithstanding, so that it is never
#           used; anthropic (and langchain-anthropic over it) moves minimum, maximum, maxItems and the default into the field's
#           description, in braces, and keeps minItems; pydantic-ai sends what was written.
# WHY       "The relay ignores my schema" and "the other model makes notes up" are the client's doing: what was sent must be
#           compared before the answers are.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='openai: required stars, tags, note; stars minimum 1, maximum 5; tags minItems 1, maxItems 4; closed
langchain-openai: required stars, tags, note; stars minimum 1, maximum 5; tags minItems 1, maxItems 4; closed
anthropic: required stars, tags; stars "{maximum: 5, minimum: 1}"; tags minItems 1, "{maxItems: 4}"; closed
langchain-anthropic: required stars, tags; stars "{maximum: 5, minimum: 1}"; tags minItems 1, "{maxItems: 4}"; closed
pydantic-ai: required stars, tags; stars minimum 1, maximum 5; tags minItems 1, maxItems 4; closed'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check openai==3.57.0 anthropic==2.14.0 langchain-openai==1.7.4 \
    langchain-anthropic==1.7.10 'pydantic-ai-slim[openai]==2.68.0'

cat >run.py <<'PY'
import contextlib
import json
import threading
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import anthropic
import openai
from langchain_anthropic import ChatAnthropic
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, Field
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

MESSAGES = [{"role": "user", "content": "hi"}]
GPT, CLAUDE = "gpt-5.4", "claude-sonnet-4-6"
asked = []


class Rating(BaseModel):
    stars: int = Field(ge=1, le=5)
    tags: list[str] = Field(min_length=1, max_length=4)
    note: str = "none"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(400)  # the request is all that is looked at
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"type": "error", "error": {"type": "invalid_request_error", "message": "seen"}}')

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
there = {"base_url": f"http://127.0.0.1:{server.server_port}", "api_key": "k", "max_retries": 0}
gpt, claude = openai.OpenAI(**there), anthropic.Anthropic(**there)
CLIENTS = {
    "openai": lambda: gpt.chat.completions.parse(model=GPT, messages=MESSAGES, response_format=Rating),
    "langchain-openai": lambda: ChatOpenAI(model=GPT, **there).with_structured_output(Rating).invoke("hi"),
    "anthropic": lambda: claude.messages.parse(model=CLAUDE, max_tokens=99, messages=MESSAGES, output_format=Rating),
    "langchain-anthropic": lambda: ChatAnthropic(model=CLAUDE, **there).with_structured_output(
        Rating, method="json_schema").invoke("hi"),
    "pydantic-ai": lambda: Agent(
        OpenAIChatModel(GPT, provider=OpenAIProvider(base_url=there["base_url"], api_key="k")), output_type=NativeOutput(Rating)
    ).run_sync("hi"),
}


def schema_in(part):
    """The first schema with `stars` in what was asked."""
    if isinstance(part, dict) and "stars" in part.get("properties", {}):
        return part
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
    return next(filter(None, map(schema_in, inside)), None)


def bounds(field):
    told = [f"{name} {field[name]}" for name in ("minimum", "maximum", "minItems", "maxItems") if name in field]
    return ", ".join(told + ([json.dumps(field["description"])] if "description" in field else []))


warnings.simplefilter("ignore")
for name, ask in CLIENTS.items():
    asked.clear()
    with contextlib.suppress(Exception):
        ask()
    schema = schema_in(asked[0])
    fields = schema["properties"]
    required = ", ".join(sorted(schema["required"], key=list(fields).index))
    closed = "closed" if schema.get("additionalProperties") is False else "open"
    print(f"{name}: required {required}; stars {bounds(fields['stars'])}; tags {bounds(fields['tags'])}; {closed}")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: the schema that each client sends for one model" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: a default is required by openai 3.57.0, and bounds are prose to anthropic 2.14.0."
