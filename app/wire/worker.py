"""Runs exchanges: one at a time on each line, the lines at the same time."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import NamedTuple

import httpx
from msgspec import structs

from app.clock import now_ns
from app.recording import end_words
from app.recording.records import EndDetail, Ended, EndKind, EndReason
from app.recording.records import WireErrorCode as Code
from app.secrets.masking import Masker, request_secrets
from app.wire.backend import Backend, Connect, Resolve, connect, resolve
from app.wire.commands import Cancel, Command, DropConnections, LineName, Network, Start
from app.wire.desktop_proxy import desktop_proxy
from app.wire.errors import Cause, Phase, WireError, explain, is_of_proxy, of_proxy
from app.wire.flight import prepare
from app.wire.limits import Watchdog
from app.wire.proxies import ProxyChoice, choose_proxy, lacks_proxy, to_httpcore
from app.wire.tape import Sink, Tape
from app.wire.tls import ContextKey, Contexts
from app.wire.transport import StampingTransport, build_request, response_headers

_TLS_ALERT = b"\x15\x03"  # RFC 8446, 5.1: an alert record, and the version's first byte
_HTTP2 = b"\x04\0\0\0\0"  # RFC 9113, 3.4: a peer that speaks HTTP/2 begins with SETTINGS; this stands behind its length
_HTTP = b"HTTP/"  # how every answer of HTTP/1.x begins
_NO_CONNECTION = {Code.DNS, Code.REFUSED, Code.UNREACHABLE, Code.CONNECT_TIMEOUT, Code.CONNECT, Code.RESET}
_BEFORE_REQUEST = {Phase.DNS, Phase.CONNECT, Phase.TLS}


class Worker:
    """Takes commands, runs exchanges, writes records to the sink. `resolve` and `connect` are for tests of known delays."""

    def __init__(self, sink: Sink, resolve: Resolve = resolve, connect: Connect = connect) -> None:
        self._sink = sink
        contexts = Contexts()
        self._contexts, self._resolve, self._connect = contexts, resolve, connect
        self._lines: dict[LineName, Line] = {}
        self._open: dict[int, RunningExchange] = {}
        self._tidying: set[asyncio.Task[None]] = set()
        self._turnstile = Turnstile()

    def take(self, command: Command) -> None:
        """Begin or cancel an exchange, or drop idle connections."""
        match command:
            case Start():
                self._start(command)
            case Cancel(exchange):
                if running := self._open.get(exchange):
                    running.cancel()
            case DropConnections():
                for line in self._lines.values():
                    line.forget()
                    task = asyncio.create_task(line.tidy())
                    self._tidying.add(task)
                    task.add_done_callback(self._tidying.discard)

    def _start(self, start: Start) -> None:
        line = self._lines.get(start.line)
        if line is None:
            line = self._lines[start.line] = Line(self._contexts, self._resolve, self._connect)
        running = RunningExchange(start, self._sink, line)
        self._open[start.exchange] = running
        running.task = asyncio.create_task(self._in_turn(running, line.last))
        line.last = running.task

    async def _in_turn(self, running: RunningExchange, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            await self._turnstile.passed()
            await running.run()
        finally:
            del self._open[running.start.exchange]

    async def aclose(self) -> None:
        """Cancel what runs and close all connections."""
        for running in list(self._open.values()):
            running.cancel()
        tasks = [line.last for line in self._lines.values() if line.last is not None]
        await asyncio.gather(*tasks, return_exceptions=True)
        for line in self._lines.values():
            line.forget()
            await line.tidy()


class Turnstile:
    """Lets one exchange begin in each turn of the loop.

    To begin one takes a millisecond of the loop's time. Where hundreds begin at once, what the others get is read between them:
    else a read would hold several segments, and all of those get the time of the last one.
    """

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._turning = False

    async def passed(self) -> None:
        """Wait for one's turn; does not wait where nobody else begins."""
        loop = asyncio.get_running_loop()
        if self._turning:
            turn = loop.create_future()
            self._waiting.append(turn)
            await turn
        else:
            self._turning = True
            loop.call_soon(self._next)

    def _next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                asyncio.get_running_loop().call_soon(self._next)
                return
        self._turning = False


class RouteKey(NamedTuple):
    """Exchanges with the same key can use the same connection pool."""

    tls: ContextKey
    proxy: str


class Line:
    """The connections of one line: at most one pool is kept for reuse.

    Attributes:
        last: the task of the exchange that was begun last.
    """

    def __init__(self, contexts: Contexts, resolve: Resolve, connect: Connect) -> None:
        self.last: asyncio.Task[None] | None = None
        self._contexts = contexts
        self._resolve = resolve
        self._connect = connect
        self._kept: tuple[RouteKey, StampingTransport] | None = None
        self._dropped: list[StampingTransport] = []

    async def transport(self, network: Network, proxy: ProxyChoice | None) -> StampingTransport:
        """The kept transport where it is wanted and can be reused, else a new one."""
        key = RouteKey(ContextKey(network.ca_file, network.verify_tls, network.http2), str(proxy.url) if proxy else "")
        kept = self._kept
        if not network.keep_connection:
            return await self._build(key, proxy)
        if kept is not None and (kept[0] != key or kept[1].backend.is_stale):
            self.forget()
        if self._kept is None:
            self._kept = (key, await self._build(key, proxy))
        return self._kept[1]

    async def _build(self, key: RouteKey, proxy: ProxyChoice | None) -> StampingTransport:
        context = await self._contexts.get(key.tls)
        through = None
        if proxy is not None:
            # WORKAROUND: httpcore 1.0.9 sets the ALPN list of a context that it is handed: the proxy gets one of its own.
            through = to_httpcore(proxy, await self._contexts.get(key.tls._replace(http2=False)) if proxy.secure else None)
        backend = Backend(self._resolve, self._connect, secure_proxy=proxy is not None and proxy.secure)
        return StampingTransport(backend, context, key.tls.http2, through)

    async def release(self, transport: StampingTransport, whole: bool) -> None:
        """An exchange is over: keep its transport if it is the kept one and the exchange was complete, else close it."""
        transport.backend.tape = None
        is_kept = self._kept is not None and self._kept[1] is transport
        if not whole:
            transport.backend.abort()
        if is_kept and whole:
            return
        if is_kept:
            self._kept = None
        await transport.aclose()
        await self.tidy()

    def forget(self) -> None:
        """Keep no transport; one in use is closed when its exchange ends."""
        if self._kept is not None:
            transport, self._kept = self._kept[1], None
            if transport.backend.tape is None:
                self._dropped.append(transport)

    async def tidy(self) -> None:
        """Close what was forgotten."""
        while self._dropped:
            await self._dropped.pop().aclose()


class RunningExchange:
    """One exchange, from its command to its last record.

    Attributes:
        start: the command.
        task: what runs it.
    """

    def __init__(self, start: Start, sink: Sink, line: Line) -> None:
        self.start = start
        self.task: asyncio.Task[None] | None = None
        self._line = line
        self._running = False
        self._whole = False
        self._expired: Ended | None = None
        self._transport: StampingTransport | None = None
        self._proxy_secrets: tuple[str, ...] = ()
        self._tape = Tape(start.exchange, sink, start.limits.body_bytes, self._on_phase)
        self._watchdog = Watchdog(self._tape, start.limits, self._on_expired)

    async def run(self) -> None:
        """Run until the last record is written and the connection is closed or kept for reuse."""
        if self._tape.finished:
            return
        self._running = True
        try:
            await self._perform()
            self._end(Ended(EndKind.WHOLE, now_ns()))
        except asyncio.CancelledError:
            ended = self._expired or Ended(EndKind.CANCELLED, now_ns(), phase=self._tape.phase)
            self._end(await self._with_desktop_proxy(ended))
        except Exception as error:  # whatever the HTTP stack raises is how this exchange ended, not a fault of the process
            self._end(await self._with_desktop_proxy(self._expired or self._ended_by(error)))
        finally:
            self._running = False
            self._watchdog.stop()
            if self._transport is not None:
                await self._line.release(self._transport, self._whole)

    async def _perform(self) -> None:
        tape, start = self._tape, self.start
        request = build_request(start.request, tape.trace)
        _check_address(request.url)
        tape.begin()
        self._watchdog.rearm()
        await self._choose_transport(request)
        tape.begin()
        self._watchdog.rearm()
        assert self._transport is not None
        response = await self._transport.handle_async_request(request)
        reason = response.extensions.get("reason_phrase", b"").decode("latin-1")
        tape.head(response.status_code, reason, response.http_version, response_headers(response))
        try:
            ends_frame = self._transport.frame_ends(response)
            tape.chunks = self._transport.plain_chunks(response)
            async for data in response.aiter_raw():
                tape.body(data, ends_frame=ends_frame())
            tape.body_end()
        finally:
            await response.aclose()

    async def _choose_transport(self, request: httpx.Request) -> None:
        url = request.url
        proxy = choose_proxy(self.start.network.proxy, url)
        if proxy is not None:
            self._tape.proxy, self._tape.tunnelled = proxy.shown, proxy.tunnels(url)
            self._proxy_secrets = proxy.secrets
        self._transport = await self._line.transport(self.start.network, proxy)
        self._transport.backend.tape = self._tape
        context = None if self._transport.backend.is_open else self._transport.context
        self._tape.flight = prepare(request, context)

    def cancel(self) -> None:
        """The user's stop: the socket is closed at once, in whatever phase."""
        self._stop(Ended(EndKind.CANCELLED, now_ns(), phase=self._tape.phase))

    def _on_phase(self) -> None:
        if self._running:
            self._watchdog.rearm_soon()

    def _on_expired(self, cause: Cause) -> None:
        if self._expired is not None:
            return
        proxy = self._tape.proxy
        self._expired = self._error(of_proxy(proxy, cause) if is_of_proxy(self._tape.phase, proxy) else self._of_answer(cause))
        if self._running and self._may_lack_proxy(self._expired):
            self._break_off()
        else:
            self._stop(self._expired)

    def _stop(self, ended: Ended) -> None:
        """End it now; the task only cleans up after that."""
        if self._tape.finished:
            return
        self._end(ended)
        self._break_off()

    def _break_off(self) -> None:
        if self._transport is not None:
            self._transport.backend.abort()
        if self._running and self.task is not None:
            self.task.cancel()

    def _may_lack_proxy(self, ended: Ended) -> bool:
        failed = ended.kind is EndKind.ERROR and ended.code in _NO_CONNECTION and ended.phase in _BEFORE_REQUEST
        return failed and lacks_proxy(self.start.network.proxy, httpx.URL(self.start.request.url))

    async def _with_desktop_proxy(self, ended: Ended) -> Ended:
        """The same, with the desktop's proxy where that may be what is missing. It takes the time that the desktop needs."""
        if self._tape.finished or not self._may_lack_proxy(ended):
            return ended
        url = httpx.URL(self.start.request.url)
        proxy = await asyncio.to_thread(desktop_proxy, url.scheme, url.host)
        return structs.replace(ended, detail=structs.replace(ended.detail or EndDetail(), desktop_proxy=proxy))

    def _ended_by(self, error: Exception) -> Ended:
        cause = explain(error, self._tape.phase, self._tape.proxy)
        cause = self._of_answer(cause)
        if self._tape.reused and self._tape.phase is Phase.WAIT and cause.code is Code.RESET:
            cause = cause._replace(message=f"the peer closed the kept connection before it answered: {cause.message}")
        return self._error(cause)

    def _of_answer(self, cause: Cause) -> Cause:
        """The cause, or what the first bytes of the answer tell: that they are no HTTP, however the connection ended then."""
        start = self._tape.answer_start
        if start.startswith(_TLS_ALERT):
            return Cause(cause.code, "the peer answered in TLS, with an alert", EndDetail(EndReason.TLS_ALERT))
        if self._tape.phase is not Phase.HEAD or _HTTP.startswith(start[: len(_HTTP)]) or not start.strip():
            return cause
        if start[3:] == _HTTP2:
            return Cause(Code.NOT_HTTP, "the peer answered in HTTP/2", EndDetail(EndReason.HTTP2_UNASKED))
        if start[:1] in (b"\r", b"\n") and (_HTTP.startswith(line := start.lstrip(b"\r\n")) or line.startswith(_HTTP)):
            return Cause(Code.NOT_HTTP, end_words.BLANK_BEFORE_HEAD, EndDetail(EndReason.BAD_HTTP_LINE))
        began = start.decode("ascii", "backslashreplace").strip()
        return Cause(Code.NOT_HTTP, f"the answer begins with “{began}”", EndDetail(EndReason.NO_HTTP_LINE))

    def _error(self, cause: Cause) -> Ended:
        masker = Masker((*request_secrets(self.start.request), *self._proxy_secrets))  # made here, since few exchanges need one
        return masker.mask_end(Ended(EndKind.ERROR, now_ns(), cause.code, cause.message, self._tape.phase, cause.detail))

    def _end(self, ended: Ended) -> None:
        self._whole = not self._tape.finished and ended.kind is EndKind.WHOLE
        self._tape.finish(ended)


def _check_address(url: httpx.URL) -> None:
    if url.scheme not in ("http", "https") or not url.host:
        raise WireError(Code.BAD_URL, end_words.NO_HTTP_URL)
    if "%" in url.host and ":" not in url.host:  # httpx's way to write what no name may hold, such as half a pair of brackets
        raise WireError(Code.BAD_URL, end_words.NO_HTTP_URL)
    if url.port is not None and not 0 < url.port < 1 << 16:
        raise WireError(Code.BAD_URL, f"there is no port {url.port}")
