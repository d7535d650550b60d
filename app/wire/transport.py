"""An httpx transport: httpcore's pool over stamped sockets. No redirects, no retries, no cookies."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable

import h11
import httpcore
import httpx
from h11._readers import ChunkedReader

from app.recording.records import Headers, Request
from app.wire.backend import Backend
from app.wire.chunks import PlainChunks


class StampingTransport(httpx.AsyncBaseTransport):
    """An httpx transport over one httpcore pool. httpcore's exceptions come through as they are.

    Attributes:
        backend: what opens its connections.
        context: its TLS, for the endpoint.
    """

    def __init__(self, backend: Backend, context: ssl.SSLContext, http2: bool, proxy: httpcore.Proxy | None) -> None:
        self.backend = backend
        self.context = context
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context, proxy=proxy, http2=http2, network_backend=backend, retries=0
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Called by httpx: send one request unchanged."""
        url = request.url
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    @staticmethod
    def frame_ends(response: httpx.Response) -> Callable[[], bool]:
        """A function that tells, after each piece of the body, whether an HTTP chunk or a DATA frame ends with it."""
        if response.http_version == "HTTP/2":
            return _always  # httpcore hands on the data of each DATA frame by itself
        chunked = _chunked(response.stream)
        return _never if chunked is None else lambda: not chunked[1]._bytes_in_chunk

    @staticmethod
    def plain_chunks(response: httpx.Response) -> PlainChunks | None:
        """What tells where the HTTP stack is in a body of HTTP/1.1's chunks; None for a body of another framing."""
        chunked = _chunked(response.stream)
        return None if chunked is None else PlainChunks(*chunked)

    async def aclose(self) -> None:
        """Close all connections gracefully."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """httpcore's body as httpx takes it.

    Attributes:
        answer: whose body it is.
    """

    def __init__(self, answer: httpcore.Response) -> None:
        self.answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.answer.aiter_stream()

    async def aclose(self) -> None:
        await self.answer.aclose()


def _always() -> bool:
    return True


def _never() -> bool:
    return False


def _chunked(body: object) -> tuple[h11.Connection, ChunkedReader] | None:
    """What reads a chunked body over HTTP/1.1; None for a body of another framing.

    WORKAROUND: h11 0.16.0 tells where a chunk ends (`Data.chunk_end`), and httpcore 1.0.9 does not hand that on. Each piece is
    (a part of) one chunk, and h11 reads no further until the next piece is asked for, so its count of what is left tells it.
    """
    at: object = body.answer.stream if isinstance(body, _Body) else None
    for name in ("_stream", "_connection", "_h11_state"):
        at = getattr(at, name, None)
    reader = getattr(at, "_reader", None)
    return (at, reader) if isinstance(at, h11.Connection) and isinstance(reader, ChunkedReader) else None


def build_request(request: Request, trace: object) -> httpx.Request:
    """The request as httpx takes it: its headers, Host and Content-Length, nothing else.

    Raises httpx.InvalidURL, UnicodeEncodeError for a header that is not Latin-1.
    """
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.headers]
    return httpx.Request(request.method, request.url, headers=headers, content=request.body, extensions={"trace": trace})


def response_headers(response: httpx.Response) -> Headers:
    """The headers as they came: case, order, repeats."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
