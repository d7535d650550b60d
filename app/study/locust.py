"""The same load as a Locust file, for more machines than one: Locust's own master and workers run it.

It asks what `diptych load` asks, takes the key from the environment, and has the same first token: the first event that carries
content. Locust times in Python, in the process that also reads: under many streams its times are later than they were.
"""

from __future__ import annotations

import json

import msgspec

from app.protocols.base import Target
from app.recording.records import Request
from app.study.load import LoadPlan

KEY_VARIABLE = "LOAD_API_KEY"
PLACEHOLDER = "diptych-key-placeholder"
_CONTENT = {
    "anthropic-messages": 'event.get("type") == "content_block_delta" and _said(event.get("delta"))',
    "openai-chat": 'any(_said(choice.get("delta")) for choice in event.get("choices") or ())',
    "openai-responses": 'str(event.get("type", "")).endswith(".delta") and bool(event.get("delta"))',
}
_TEMPLATE = '''"""Made by `diptych load --export locust`. Run it with: locust -f THIS_FILE --headless -u USERS -r RATE -t TIME

The key is read from {variable}. Locust shows three rows, each from the request on: "first byte" to the head of the answer (a
streamed request of Locust's ends there), "first token" to the first event that carries content, "whole" to the last byte.
With --master and --worker it runs on several machines.
"""

import json
import os
import time

from locust import HttpUser, task

URL = {url}
HEADERS = {headers}
BODY = {body}
KEY = os.environ.get({variable_text}, "")
HEADERS = {{name: value.replace({placeholder}, KEY) for name, value in HEADERS.items()}}


def _said(delta):
    """Whether a piece holds words, reasoning or a call's arguments; a role or an empty one does not count."""
    names = ("text", "thinking", "partial_json", "content", "reasoning_content", "reasoning", "refusal", "tool_calls")
    return any((delta or {{}}).get(name) for name in names)


def _is_content(event):
    return {content}


class Asker(HttpUser):
    host = URL

    def on_start(self):
        self.number = 0

    @task
    def ask(self):
        self.number += 1
        begun = time.perf_counter()
        first = None
        words = f"Request {{id(self) % 1000000:06d}}-{{self.number}}. "
        body = json.dumps(BODY).replace({marker}, words)
        with self.client.post(URL, data=body, headers=HEADERS, stream=True, name="first byte", catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure(str(answer.status_code))
                return
            for line in answer.iter_lines():
                if not line.startswith(b"data:"):
                    continue
                data = line[5:].strip()
                if data == b"[DONE]" or first is not None:
                    continue
                if _is_content(json.loads(data)):
                    first = time.perf_counter()
            if first is None:
                answer.failure("no content came")
                return
        self.tell("first token", first - begun)
        self.tell("whole", time.perf_counter() - begun)

    def tell(self, name, seconds):
        self.environment.events.request.fire(
            request_type="POST", name=name, response_time=seconds * 1000, response_length=0, exception=None,
        )
'''
MARKER = "{{NUMBER}}"


def locust_file(plan: LoadPlan, request: Request) -> str:
    """The file. `request` was built with `PLACEHOLDER` for the key, and with `MARKER` in front of the prompt."""
    return _TEMPLATE.format(
        variable=KEY_VARIABLE,
        variable_text=repr(KEY_VARIABLE),
        url=repr(request.url),
        headers=repr(dict(request.headers)),
        body=repr(json.loads(request.body)),
        placeholder=repr(PLACEHOLDER),
        content=_CONTENT[plan.protocol],
        marker=repr(MARKER),
    )


def target_for(target: Target) -> Target:
    """The same endpoint, its key left to the environment."""
    return msgspec.structs.replace(target, key=PLACEHOLDER)
