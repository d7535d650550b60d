"""The endpoint behind a relay: its token, what it tells, what it answers, and the orders that it takes."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from app.simulator.server.recorder import Recorder
from app.simulator.server.upstream import Answered, Arrival, Marked, Stranger, told_by

TOKEN = "a-token-of-sixteen"
MESSAGE = {"model": "any-name", "max_tokens": 40, "messages": [{"role": "user", "content": "Say one word. WORD"}]}
CHAT = {"model": "any-name", "messages": [{"role": "user", "content": "Say one word."}]}
RESPONSE = {"model": "any-name", "input": "Say one word."}


class Told:
    """A recorder, and what it has told."""

    def __init__(self) -> None:
        self.lines: list[Mapping[str, Any]] = []
        self.recorder = Recorder(TOKEN, self.lines.append, "none")

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.recorder)
            async with httpx.AsyncClient(transport=transport, base_url="http://up") as client:
                return await client.post(path, json=body, headers={"anthropic-version": "2023-06-01", **headers})

        return asyncio.run(ask())

    @property
    def arrived(self) -> Mapping[str, Any]:
        found: list[Mapping[str, Any]] = [line["arrived"] for line in self.lines if "arrived" in line]
        return found[-1]


@pytest.mark.parametrize(
    ("path", "body", "protocol"),
    [
        ("/v1/messages", MESSAGE, "anthropic-messages"),
        ("/v1/chat/completions", CHAT, "openai-chat"),
        ("/chat/completions", CHAT, "openai-chat"),
        ("/v1/responses", RESPONSE, "openai-responses"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_any_model_is_answered_under_its_name(path: str, body: dict[str, Any], protocol: str, stream: bool) -> None:
    told = Told()
    answer = told.post(f"/{TOKEN}{path}", body | {"stream": stream, "x_nobody_knows": 1})
    assert answer.status_code == 200
    assert '"model":"any-name"' in answer.text
    assert told.arrived["protocol"] == protocol
    assert "x_nobody_knows" in told.arrived["refusal"]  # the official endpoint would not have taken it
    assert json.loads(base64.b64decode(told.arrived["body"])) == body | {"stream": stream, "x_nobody_knows": 1}
    answered = told.lines[-1]["answered"]
    assert base64.b64decode(answered["body"]) == answer.content
    assert sum(size for _, size in answered["pieces"]) == len(answer.content)
    assert answered["streamed"] is stream


@pytest.mark.parametrize(
    "path", ["/v1/messages", "/", f"/{TOKEN}x/v1/messages", f"/{TOKEN[:-1]}/v1/messages", f"/x/{TOKEN}/v1"]
)
def test_without_the_token_nothing_is_told_but_that(path: str) -> None:
    told = Told()
    assert told.post(path, MESSAGE).status_code == 404
    assert told.lines == [{"stranger": {"method": "POST"}}]


def test_an_order_is_for_the_requests_that_hold_its_word() -> None:
    told = Told()
    told.recorder.order(b'{"word": "WORD", "faults": ["error_429", "retry_after=1"]}')
    for line in (b"", b"[]", b"7", b"{}", b'{"word": "x", "faults": ["no such"]}', b'{"mark": "x"}'):
        told.recorder.order(line)
    refused = told.post(f"/{TOKEN}/v1/messages", MESSAGE)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert told.post(f"/{TOKEN}/v1/chat/completions", CHAT, **{"x-diptych-fault": "error_500"}).status_code == 200


def test_what_is_told_can_be_read_again_and_nothing_else() -> None:
    told = Told()
    told.post(f"/{TOKEN}/v1/messages", MESSAGE)
    told.post("/", MESSAGE)
    told.recorder.order(b'{"mark": 7}')
    read = [told_by(json.dumps(line).encode()) for line in told.lines]
    assert [type(one) for one in read] == [Arrival, Answered, Stranger, Marked]
    for line in (b"", b"{}", b"[]", b'{"arrived": {}}', b'{"answered": 1}', b'{"arrived": {"number"', b'{"other": {}}'):
        assert told_by(line) is None
