#!/usr/bin/env bash
# WHAT      A system message behind the first turn, for a Messages endpoint, becomes five things in five clients: words of
#           the user with a sentence in front that nobody wrote, a part of the first instructions, a role that the endpoint
#           is sent as it is, or an exception.
# VERSIONS  litellm==1.110.2, any-llm-sdk[anthropic]==1.40.2, aisuite[anthropic]==0.2.0; langchain-anthropic==1.7.10,
#           pydantic-ai-slim[anthropic]==2.68.0
# EXPECTED  Lawful in Chat Completions; a translator to Messages says what it can't carry, or all do one thing.
# SEEN      2026-11-29: litellm makes it user text and puts a remark of its own before it; any-llm and pydantic-ai move it to the
#           top, joined in two ways, where it precedes what it answered; aisuite sends role "system" among the messages;
#           langchain-anthropic raises. aisuite also takes the first one out of the caller's own list: asked again with that
#           list, it sends empty instructions.
# WHY       Which client was used decides what the model read: equal "messages" in two logs are not equal requests.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='litellm: system A | user hi, assistant yes, user (words of the client) + B + go
any-llm: system A\nB | user hi, assistant yes, user go
aisuite: system A | user hi, assistant yes, system B, user go
aisuite again: system none | user hi, assistant yes, system B, user go
langchain-anthropic: ValueError
pydantic-ai: system A\n\nB | user hi, assistant yes, user go'

python3 -m venv one
one/bin/pip install -q --no-compile --disable-pip-version-check litellm==1.110.2 \
    'any-llm-sdk[anthropic]==1.40.2' 'aisuite[anthropic]==0.2.0'
python3 -m venv two
two/bin/pip install -q --no-compile --disable-pip-version-check langchain-anthropic==1.7.10 'pydantic-ai-slim[anthropic]==2.68.0'

cat >run.py <<'PY'
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SAID = (("system", "A"), ("user", "hi"), ("assistant", "yes"), ("system", "B"), ("user", "go"))
WORDS = {"none", *(text for _, text in SAID)}
ANSWER = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [{"type": "text", "text": "ok"}],
          "stop_reason": "end_turn", "stop_sequence": None, "usage": {"input_tokens": 25, "output_tokens": 12}}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        Handler.sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(ANSWER).encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"


def ask_litellm():
    import litellm
    litellm.suppress_debug_info = True
    litellm.completion(model="anthropic/m", api_base=url, api_key="k", messages=TALK, max_tokens=9)


def ask_any_llm():
    import any_llm
    any_llm.completion(model="anthropic:m", api_base=url, api_key="k", messages=TALK, max_tokens=9)


def ask_aisuite():
    import aisuite
    client = aisuite.Client({"anthropic": {"base_url": url, "api_key": "k"}})
    client.chat.completions.create(model="anthropic:m", messages=TALK, max_tokens=9)


def ask_langchain():
    from langchain_anthropic import ChatAnthropic
    ChatAnthropic(model="m", base_url=url, api_key="k", max_retries=0, max_tokens=9).invoke(TALK)


def ask_pydantic():
    from pydantic_ai.direct import model_request_sync
    from pydantic_ai.messages import ModelRequest, ModelResponse, SystemPromptPart, TextPart, UserPromptPart
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider
    parts = {"system": SystemPromptPart, "user": UserPromptPart}
    talk = [ModelResponse([TextPart(one["content"])]) if one["role"] == "assistant"
            else ModelRequest([parts[one["role"]](one["content"])]) for one in TALK]
    model_request_sync(AnthropicModel("m", provider=AnthropicProvider(base_url=url, api_key="k")), talk)


def words(content):
    texts = [content] if isinstance(content, str) else [part["text"] for part in content]
    return " + ".join(text if set(text.split()) <= WORDS else "(words of the client)" for text in texts)


ASK = {"litellm": ask_litellm, "any-llm": ask_any_llm, "aisuite": ask_aisuite, "aisuite again": ask_aisuite,
       "langchain-anthropic": ask_langchain, "pydantic-ai": ask_pydantic}
for name in sys.argv[1:]:
    if name != "aisuite again":
        TALK = [{"role": role, "content": text} for role, text in SAID]
    try:
        ASK[name]()
        talk = ", ".join(f"{one['role']} {words(one['content'])}" for one in Handler.sent["messages"])
        print(f"{name}: system {words(Handler.sent.get('system') or 'none')} | {talk}".replace("\n", "\\n"))
    except Exception as error:
        print(f"{name}: {type(error).__name__}")
PY
export LITELLM_LOCAL_MODEL_COST_MAP=True # or it looks for prices on the network
seen=$(one/bin/python run.py litellm any-llm aisuite "aisuite again" && two/bin/python run.py langchain-anthropic pydantic-ai) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: where clients of Messages endpoints put a system message from the middle" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: one system message in the middle becomes four different requests and one exception."
