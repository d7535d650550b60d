"""Responses streams made by hand, and a loopback endpoint that replays bytes to the official SDK."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from app.protocols.reading import Meaning, Reading
from app.protocols.responses.protocol import OpenAIResponses
from app.stream.sse import SseParser

Event = dict[str, Any]
USAGE = {
    "input_tokens": 20,
    "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 1},
    "output_tokens": 9,
    "output_tokens_details": {"reasoning_tokens": 3},
    "total_tokens": 29,
}


def message(*texts: str, item_id: str = "msg_1") -> Event:
    """A finished message item."""
    content = [{"type": "output_text", "text": text, "annotations": [], "logprobs": []} for text in texts]
    return {"id": item_id, "type": "message", "role": "assistant", "status": "completed", "content": content}


def refusal(text: str) -> Event:
    """A finished message that refuses."""
    return message() | {"content": [{"type": "refusal", "refusal": text}]}


def thought(*texts: str, raw: str = "") -> Event:
    """A finished reasoning item: summary parts, and the reasoning itself where an endpoint shows it."""
    item: Event = {"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": t} for t in texts]}
    return item | ({"content": [{"type": "reasoning_text", "text": raw}]} if raw else {"encrypted_content": "c2VjcmV0"})


def call(arguments: str = '{"city":"Bern"}', number: int = 1, name: str = "get_weather") -> Event:
    """A finished function call."""
    ids = {"id": f"fc_{number}", "call_id": f"call_{number}"}
    return {"type": "function_call", **ids, "name": name, "arguments": arguments, "status": "completed"}


def custom_call(text: str) -> Event:
    """A finished call of a custom tool."""
    return {"type": "custom_tool_call", "id": "ctc_1", "call_id": "call_c", "name": "shout", "input": text}


def response(*output: Event, **fields: Any) -> Event:
    """A whole response object."""
    head = {"id": "resp_1", "object": "response", "created_at": 1795000000, "model": "gpt-5.5", "status": "completed"}
    rest: Event = {"error": None, "incomplete_details": None, "tools": [], "parallel_tool_calls": True, "tool_choice": "auto"}
    return head | rest | {"output": list(output), "usage": USAGE} | fields


def stream(*items: Event, end: str = "completed", **fields: Any) -> list[Event]:
    """A faithful stream of these items; every text is sent in fragments of three characters."""
    begun = response(status="in_progress", usage=None)
    events: list[Event] = [{"type": f"response.{name}", "response": begun} for name in ("created", "in_progress")]
    for index, item in enumerate(items):
        events += _item_events(index, item)
    events.append({"type": f"response.{end}", "response": response(*items, **({"status": end} | fields))})
    # Through JSON, so that changing one event never changes another that repeats its item.
    numbered: list[Event] = json.loads(json.dumps(renumbered(events)))
    return numbered


def _item_events(index: int, item: Event) -> Iterator[Event]:
    empty = {key: [] if isinstance(value, list) else value for key, value in item.items() if key != "encrypted_content"}
    empty |= {key: "" for key in ("arguments", "input") if key in item}
    yield {"type": "response.output_item.added", "output_index": index, "item": empty | {"status": "in_progress"}}
    place = {"item_id": item["id"], "output_index": index}
    for at, part in enumerate(item.get("summary", [])):
        spot = place | {"summary_index": at}
        yield from _part_events("reasoning_summary_part", "reasoning_summary_text", spot, part)
    for at, part in enumerate(item.get("content", [])):
        spot = place | {"content_index": at}
        yield from _part_events("content_part", part["type"], spot, part)
    for key, name in (("arguments", "function_call_arguments"), ("input", "custom_tool_call_input")):
        if key in item:
            yield from _delta_events(name, place, item[key], key)
    yield {"type": "response.output_item.done", "output_index": index, "item": item}


def _part_events(part_name: str, name: str, place: Event, part: Event) -> Iterator[Event]:
    key = "refusal" if "refusal" in part else "text"
    yield {"type": f"response.{part_name}.added", **place, "part": part | {key: ""}}
    yield from _delta_events(name, place, part[key], key)
    yield {"type": f"response.{part_name}.done", **place, "part": part}


def _delta_events(name: str, place: Event, text: str, key: str) -> Iterator[Event]:
    for at in range(0, len(text), 3):
        yield {"type": f"response.{name}.delta", **place, "delta": text[at : at + 3], "logprobs": []}
    yield {"type": f"response.{name}.done", **place, key: text, "logprobs": []}


def framed(events: list[Event | str], *, names: bool = True) -> bytes:
    """The bytes of a stream; a string is sent as it is."""
    blocks = []
    for event in events:
        name = f"event: {event['type']}\n" if names and isinstance(event, dict) and "type" in event else ""
        blocks.append(f"{name}data: {event if isinstance(event, str) else json.dumps(event)}\n\n")
    return "".join(blocks).encode("utf-8", "surrogatepass")


def renumbered(events: list[Event]) -> list[Event]:
    """The events numbered as they stand, so that leaving one out is not told by its number."""
    return [event | {"sequence_number": number} for number, event in enumerate(events)]


def read(body: bytes, *, step: int = 1 << 30, snapshots: bool = False) -> tuple[Reading, list[Meaning]]:
    """Our reading of a stream's bytes, and what each event meant."""
    parser, reader = SseParser(), OpenAIResponses().reader(streamed=True)
    meanings: list[Meaning] = []
    for at in range(0, len(body), step):
        for event in parser.feed(body[at : at + step]):
            meanings.append(reader.feed(event, len(meanings) + 1))
            if snapshots:
                reader.snapshot()
    return reader.finish(), meanings


def read_whole(body: bytes, status: int = 200) -> Reading:
    """Our reading of an unstreamed answer."""
    reader = OpenAIResponses().reader(streamed=False)
    reader.read_whole(body, status)
    return reader.finish()


class Replay:
    """An endpoint on loopback that answers every POST with the answer that was set last.

    Attributes:
        base_url: what the SDK takes.
        requests: the bodies it was sent.
    """

    def __init__(self, port: int) -> None:
        self.base_url = f"http://127.0.0.1:{port}/v1"
        self.requests: list[bytes] = []
        self.answer: tuple[int, str, bytes] = (200, "text/event-stream", b"")


@contextmanager
def replaying() -> Iterator[Replay]:
    """Run the endpoint on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            replay.requests.append(self.rfile.read(int(self.headers["content-length"])))
            status, kind, body = replay.answer
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        replay = Replay(server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield replay
        finally:
            server.shutdown()
            thread.join()
