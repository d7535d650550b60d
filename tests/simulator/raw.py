"""A client that takes nothing for granted: it writes a request to a socket and keeps the bytes that come back."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

MESSAGES, CHAT, RESPONSES = "anthropic-messages", "openai-chat", "openai-responses"
PATHS = {MESSAGES: "/v1/messages", CHAT: "/v1/chat/completions", RESPONSES: "/v1/responses"}
COUNT_PATHS = {MESSAGES: "/v1/messages/count_tokens", RESPONSES: "/v1/responses/input_tokens"}
ENOUGH_BYTES = 1 << 18
QUESTION = "What is the weather in Paris and Tokyo?"
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


@dataclass
class Raw:
    """What came back.

    Attributes:
        data: every byte.
        end: `closed`, `reset`, `silent` (nothing came for the time limit) or `limit` (enough was read).
    """

    data: bytes
    end: str

    @property
    def head(self) -> str:
        """The response head, of the last response where informational ones come first."""
        return self.data.partition(b"\r\n\r\n")[0].decode("latin-1")

    @property
    def status(self) -> int:
        """The status, 0 where no status line came."""
        return int(self.head.split()[1]) if self.head.startswith("HTTP/") else 0

    @property
    def headers(self) -> dict[str, str]:
        """The headers, names in lower case."""
        lines = [line.partition(": ") for line in self.head.split("\r\n")[1:]]
        return {name.lower(): value for name, _, value in lines}

    @property
    def chunks(self) -> list[bytes]:
        """The chunks of a chunked body; the bytes as they are of any other. A torn chunk is left out."""
        rest = self.data.partition(b"\r\n\r\n")[2]
        if "transfer-encoding" not in self.headers:
            return [rest]
        chunks: list[bytes] = []
        while rest:
            size_line, _, rest = rest.partition(b"\r\n")
            size = int(size_line.partition(b";")[0] or b"0", 16)
            if size == 0 or len(rest) < size:
                break
            chunks.append(rest[:size])
            rest = rest[size + 2 :]
        return chunks

    @property
    def body(self) -> bytes:
        """The body without its framing."""
        return b"".join(self.chunks)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def events(self) -> list[tuple[str, Any]]:
        """The events as (name, JSON or text), read by the simplest rules: LF, one data line."""
        return [_event(block) for block in self.text.split("\n\n") if "data: " in block]

    def all(self, *path: str | int) -> list[Any]:
        """What stands at a path in the events that have it."""
        found = []
        for _, data in self.events:
            for key in path:
                try:
                    data = data[key]
                except (KeyError, IndexError, TypeError):
                    break
            else:
                found.append(data)
        return found

    @property
    def names(self) -> list[str]:
        """The events' names; of Chat what its chunks carry."""
        return [name or _kind(data) for name, data in self.events]


def ask(
    root: str,
    endpoint: str,
    path: str,
    body: Any = None,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
    patience_s: float = 0.5,
) -> Raw:
    """Send one request and read until the peer ends, nothing came for `patience_s`, or enough was read.

    `headers` win over the usual ones; one that is "" is left out.
    """
    payload = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    url = urlsplit(root)
    named = {"host": url.netloc, "content-type": "application/json", "connection": "close", "anthropic-version": "2023-06-01"}
    if not path.startswith("/v1/m"):
        named.pop("anthropic-version")
    named |= {"content-length": str(len(payload)), **(headers or {})}
    lines = [f"{method} /{endpoint}{path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items() if value)]
    with socket.create_connection((url.hostname, url.port), timeout=60) as sock:
        sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + payload)
        sock.settimeout(patience_s)
        return _read(sock)


def _read(sock: socket.socket) -> Raw:
    data = bytearray()
    try:
        while len(data) < ENOUGH_BYTES:
            piece = sock.recv(65536)
            if not piece:
                return Raw(bytes(data), "closed")
            data += piece
    except ConnectionResetError:
        return Raw(bytes(data), "reset")
    except TimeoutError:
        return Raw(bytes(data), "silent")
    return Raw(bytes(data), "limit")


def request(
    protocol: str, *, stream: bool = True, tools: bool | list[Any] = False, prompt: str = QUESTION, **extra: Any
) -> dict[str, Any]:
    """A request body; `tools` is True for the weather tool, or the tools; `extra` fields are put on top."""
    body: dict[str, Any] = {"stream": stream} if stream else {}
    if protocol == MESSAGES:
        body |= {"model": "claude-sonnet-4-6", "max_tokens": 4096, "messages": [{"role": "user", "content": prompt}]}
        function: dict[str, Any] = {"name": "get_weather", "input_schema": SCHEMA}
    elif protocol == CHAT:
        body |= {"model": "gpt-5.5", "messages": [{"role": "user", "content": prompt}]}
        if stream:
            body["stream_options"] = {"include_usage": True}
        function = {"type": "function", "function": {"name": "get_weather", "parameters": SCHEMA}}
    else:
        body |= {"model": "gpt-5.5", "input": prompt}
        function = {"type": "function", "name": "get_weather", "parameters": SCHEMA}
    return body | ({"tools": [function] if tools is True else tools} if tools else {}) | extra


def _event(block: str) -> tuple[str, Any]:
    name, data = "", ""
    for line in block.split("\n"):
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            data = line[6:]
    try:
        return name, json.loads(data)
    except ValueError:
        return name, data


def _kind(data: Any) -> str:
    if not isinstance(data, dict) or "choices" not in data:
        return str(data)
    if not data["choices"]:
        return "usage"
    choice = data["choices"][0]
    return "finish" if choice["finish_reason"] else "role" if "role" in choice["delta"] else "delta"
