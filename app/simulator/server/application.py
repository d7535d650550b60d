"""The ASGI application: the demo's two endpoints and the fault endpoints, by path prefix."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.simulator.faults import Stage, UnknownFaultError, parse_faults, steps
from app.simulator.model.memory import Memory
from app.simulator.server.endpoint import PACES, Endpoint
from app.simulator.server.request_context import RequestContext
from app.simulator.server.urls import OFFICIAL, RELAY, split_faults
from app.simulator.server.wire import WIRE_KEY, Wire, WireGoneError
from app.simulator.shared.events import Frame, Reply

_INDEX = """Diptych's simulator. Base URLs (OpenAI protocols: with /v1 behind them):
  /official             answers like an official endpoint
  /relay                answers like a relay: later, in bursts, without usage in its stream
  /relay/honest         answers like a relay that passes on all that comes
  /relay/fault/NAME     the honest relay with faults
  /fault/NAME+NAME=N    the official one, unpaced, with faults (diptych simulate --list-faults)
"""


def build_application(always: Mapping[str, int] | None = None) -> Starlette:
    """The application; `always` are faults that are in force everywhere, with their values."""
    chosen, memory = dict(always or {}), Memory()
    return Starlette(
        routes=[
            Route("/", _index),
            Mount(f"/{OFFICIAL}", app=_serve(Endpoint(memory, PACES["official"], chosen))),
            Mount(f"/{RELAY}/honest", app=_serve(Endpoint(memory, PACES["official"], chosen, relay=True, usual={}))),
            Mount(f"/{RELAY}/fault/{{names}}", app=_serve_faults(memory, chosen, relay=True)),
            Mount(f"/{RELAY}", app=_serve(Endpoint(memory, PACES["relay"], chosen, relay=True))),
            Mount("/fault/{names}", app=_serve_faults(memory, chosen)),
        ]
    )


async def _index(request: Request) -> Response:
    return PlainTextResponse(_INDEX)


def _serve(endpoint: Endpoint) -> ASGIApp:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await _respond(endpoint, scope, receive, send)

    return serve


def _serve_faults(memory: Memory, chosen: Mapping[str, int], *, relay: bool = False) -> ASGIApp:
    """`relay`: as a relay in front of the official one, at its pace."""
    pace = PACES["official" if relay else "none"]

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            named = parse_faults(split_faults(scope["path_params"]["names"]))
        except UnknownFaultError as error:
            await PlainTextResponse(f"{error}\n", 404)(scope, receive, send)
            return
        endpoint = Endpoint(memory, pace, {**chosen, **named}, relay=relay, usual={})
        await _respond(endpoint, scope, receive, send)

    return serve


async def _respond(endpoint: Endpoint, scope: Scope, receive: Receive, send: Send) -> None:
    arrived = time.monotonic()
    request = Request(scope, receive)
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        context = endpoint.context(request.method, path, headers, dict(request.query_params))
        body = await request.body()
    except UnknownFaultError as error:
        await PlainTextResponse(f"{error}\n", 404)(scope, receive, send)
        return
    except ClientDisconnect:
        return
    reply = endpoint.reply(context, body)
    below = steps(context.chosen, Stage.WIRE, context.protocol)
    if below:
        await _write_below_http(below[0], reply, scope[WIRE_KEY], context)
    else:
        await Paced(reply, arrived)(scope, receive, send)


async def _write_below_http(
    step: Callable[[Reply, Wire, RequestContext], Awaitable[None]], reply: Reply, wire: Wire, context: RequestContext
) -> None:
    with contextlib.suppress(WireGoneError):
        await step(reply, wire, context)
    wire.close()
    # uvicorn must see the connection closed before this returns, or it would send a response of its own.
    await wire.until_gone()


_LOOK_EACH = 4  # frames; asyncio complains of the fifth that is written to a closed connection


class Paced:
    """Sends a reply at its pace: each frame is one write, at a time counted from the request's arrival.

    `on_sent` is told each piece when it is handed to the network.
    """

    def __init__(self, reply: Reply, arrived: float, on_sent: Callable[[bytes], None] | None = None) -> None:
        self._reply = reply
        self._due = arrived
        self._written = 0
        self._on_sent = on_sent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sending = asyncio.ensure_future(self._send(send))
        leaving = asyncio.ensure_future(_until_disconnect(receive))
        await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not sending.done() and self._reply.when_left is not None:
            self._reply.when_left()
        for task in (sending, leaving):
            task.cancel()
        results = await asyncio.gather(sending, leaving, return_exceptions=True)
        if isinstance(results[0], Exception):
            raise results[0]

    async def _send(self, send: Send) -> None:
        frames = self._frames()
        first = await anext(frames, b"")
        await send({"type": "http.response.start", "status": self._reply.status, "headers": self._headers()})
        await self._write(send, first)
        async for data in frames:
            await self._write(send, data)
            self._written += 1
            if self._written % _LOOK_EACH == 0:
                await asyncio.sleep(0)  # without a pace nothing else would run, and who has left would be written to for long
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write(self, send: Send, data: bytes) -> None:
        if self._on_sent is not None:
            self._on_sent(data)
        await send({"type": "http.response.body", "body": data, "more_body": True})

    async def _frames(self) -> AsyncIterator[bytes]:
        for frame in self._reply.frames:
            await self._wait(frame)
            yield frame.data

    async def _wait(self, frame: Frame) -> None:
        self._due += frame.wait_ms / 1000
        left = self._due - time.monotonic()
        if left > 0:
            await asyncio.sleep(left)

    def _headers(self) -> list[tuple[bytes, bytes]]:
        headers = list(self._reply.headers)
        if not self._reply.streamed and self._reply.status not in (204, 304):
            headers.append(("content-length", str(len(self._reply.body))))
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
