"""What is fuzzed: one plain function of bytes each, which raises where the code under it is wrong.

Wrong is an exception that is not part of a function's contract, a result that depends on how the bytes were split, and more
output than a limit allows.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from app.diagnosis import diagnose
from app.exchange.exchange import Exchange
from app.formats.batches import captures_of_batch
from app.formats.calls import captures_of_calls
from app.formats.capture import Capture, CaptureError
from app.formats.captures import captures_in, from_body, from_json_lines
from app.formats.cassettes import calls_of_cassette
from app.formats.client_reports import calls_of_report
from app.formats.curl import is_curl, read_curl
from app.formats.endpoint_files import endpoints_in
from app.formats.file_kinds import what_it_is
from app.formats.har import from_har
from app.formats.mock_recordings import calls_of_mocks
from app.formats.printed import printed_in
from app.formats.proxy_sessions import calls_of_charles, calls_of_fiddler, calls_of_proxyman
from app.protocols.registry import protocol_ids
from app.recording.body import Body
from app.recording.recording import Recording
from app.recording.records import Ended, EndKind, Envelope, Headed, ProfileNote, Request, RunFileError, RunOpened
from app.recording.run_format import dump_run
from app.run.json_report import run_facts
from app.run.side import Side, sides_of
from app.secrets.names import shown_url
from app.store.profiles import Profile, ProfileStore, fault_of
from app.store.run_file import read_run
from app.stream.decoding import Decoder
from app.stream.sse import SseEvent, SseParser
from tests.fuzz import pairs

LIMIT_BYTES = 1 << 20
_STATUSES = (200, 200, 200, 200, 201, 204, 302, 400, 401, 404, 429, 500, 503, 529)
_ENCODINGS = ("gzip", "deflate", "br", "zstd", "gzip, br", "zstd, gzip", "x-gzip", "nonsense", "identity")


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    """The data in pieces of 1 to `size` bytes."""
    step = max(1, size)
    return (data[at : at + step] for at in range(0, len(data), step))


class _Events:
    """A sink that makes events of what `SseParser.feed_places` finds, from the bytes alone."""

    def __init__(self) -> None:
        self.spans: list[tuple[int, int]] = []

    def append(self, event: SseEvent) -> None:
        self.spans.append((event.start, event.end))

    def extend(self, start: int, ends: array[int], names: list[bytes]) -> None:
        del names
        self.spans += zip([start, *ends], ends, strict=False)

    def extend_alike(self, start: int, ends: array[int], name: bytes) -> None:
        self.extend(start, ends, [name])


def sse(data: bytes) -> None:
    """The first byte says how the rest is split."""
    size, data = data[:1], data[1:]
    whole, split, placed = SseParser(), SseParser(), SseParser()
    events = whole.feed(data)
    in_pieces = [event for piece in _pieces(data, size[0] if size else 1) for event in split.feed(piece)]
    sink = _Events()
    placed.feed_places(data, sink)
    for parser in (whole, split, placed):
        parser.close()
    assert events == in_pieces
    assert [(event.start, event.end) for event in events] == sink.spans
    assert whole.oddities == split.oddities
    assert whole.counts == split.counts


def _recording(
    protocol_id: str, data: bytes, *, status: int, streamed: bool, piece_bytes: int, encoding: str = ""
) -> Recording:
    request = b'{"model":"claude-x","stream":true,"stream_options":{"include_usage":true}}'
    note = ProfileNote("Fuzz", "http://127.0.0.1:1/v1", protocol_id)
    envelope = Envelope(protocol_id, note, "streaming", "claude-x", "a", streamed=streamed, started_utc="2026-11-21T12:00:00Z")
    recording = Recording(envelope, Request("POST", "http://127.0.0.1:1/v1/messages", (("x-api-key", "****"),), request))
    headers = [("content-type", "text/event-stream" if streamed else "application/json")]
    headers += [("content-encoding", encoding)] if encoding else []
    recording.apply(Headed(status, "", "HTTP/1.1", tuple(headers)))
    for number, piece in enumerate(_pieces(data, piece_bytes), start=1):
        recording.body.append(number * 1000, piece)
    recording.apply(Ended(EndKind.WHOLE, (len(recording.body) + 1) * 1000))
    return recording


def _facts(exchange: Exchange) -> bytes:
    """All that is said of an exchange, without times."""
    side = Side("a", [exchange])
    facts = run_facts(side, None)
    diagnose(exchange)
    side.outcome, side.tool_calls, side.timing, exchange.reading.replay  # noqa: B018 -- reading them must not raise
    for finding in exchange.findings:
        finding.sentence, finding.plain  # noqa: B018
    told = facts["sides"]["a"]
    told.pop("timing_ms")
    for request in told["requests"]:
        request.pop("timing_ms")
    # How the bytes were bundled is itself a finding (H1).
    told["findings"] = [one for one in told["findings"] if one["id"] != "H1"]
    for request in told["requests"]:
        request["findings"] = [one for one in request["findings"] if one["id"] != "H1"]
    return msgspec.json.encode(told)


def _answer(protocol_id: str) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        how, size, data = (data[0], data[1], data[2:]) if len(data) > 1 else (0, 1, b"")
        status, streamed = _STATUSES[how % len(_STATUSES)], how < 192
        whole = Exchange(_recording(protocol_id, data, status=status, streamed=streamed, piece_bytes=len(data))).finish()
        split = Exchange(_recording(protocol_id, data, status=status, streamed=streamed, piece_bytes=size))
        while split.advance(1 + size * 3, 1 + size % 4):
            split.reading, split.timing  # noqa: B018 -- a window looks at it meanwhile
        assert _facts(whole) == _facts(split)

    return target


def decoding(data: bytes) -> None:
    """The first byte chooses the encodings, the second how the rest is split."""
    how, size, data = (data[0], data[1], data[2:]) if len(data) > 1 else (0, 1, b"")
    encoding = _ENCODINGS[how % len(_ENCODINGS)]
    whole, split = Decoder(encoding, LIMIT_BYTES), Decoder(encoding, LIMIT_BYTES)
    out = whole.feed(data)
    in_pieces = b"".join([split.feed(piece) for piece in _pieces(data, size)])
    whole.close()
    split.close()
    assert out == in_pieces
    assert encoding == "identity" or len(out) <= LIMIT_BYTES
    assert (whole.error is None) == (split.error is None)
    recording = _recording("anthropic-messages", data, status=200, streamed=True, piece_bytes=size, encoding=encoding)
    exchange = Exchange(recording, decoded_limit_bytes=LIMIT_BYTES)
    while exchange.advance(1000, 10):
        pass
    assert bytes(exchange.decoded.data) == out
    assert isinstance(exchange.decoded, Body)
    _facts(exchange)


def profile_file(data: bytes) -> None:
    """The file is read, a profile is added, and all that could be read before is still there."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "profiles.toml"
        path.write_bytes(data)
        store = ProfileStore(path)
        before = store.load()
        assert not [profile for profile in before if fault_of(profile)]
        assert len({profile.name for profile in before}) == len(before)
        assert len({profile.uid for profile in before}) == len(before)
        if store.read_only:
            return
        store.save(Profile(store.free_name("Added by the fuzzer"), uid="added-by-the-fuzzer"))
        again = ProfileStore(path)
        after = again.load()
        assert not again.problem, again.problem
        assert after[: len(before)] == before
        assert len(after) == len(before) + (not any(one.uid == "added-by-the-fuzzer" for one in before))


def run_file(data: bytes) -> None:
    """What loads can be read, and loads again from its own dump."""
    with suppress(RunFileError):
        opened, recordings = read_run([data])
        for side in sides_of(recordings).values():
            for one in side.rounds:
                _facts(one.finish())
        again, copies = read_run(dump_run(opened, recordings))
        assert again == opened
        assert [list(one.records()) for one in copies] == [list(one.records()) for one in recordings]


def captures(data: bytes) -> None:
    """As a body in one of the protocols, as lines of exchanges, as HAR, and as a command."""
    protocol_id = protocol_ids()[data[0] % len(protocol_ids())] if data else "anthropic-messages"
    with suppress(CaptureError):
        _facts(Exchange(from_body(data[1:], protocol_id, "fuzz")).finish())
    with suppress(CaptureError):
        for one in (*from_json_lines(data), *captures_in(data, protocol_id)):
            if isinstance(one, Capture):
                _facts(Exchange(one.recording).finish())
    with suppress(CaptureError):
        for one in from_har(data):
            if isinstance(one, Capture):
                _facts(Exchange(one.recording).finish())
    printed_in(data)
    what_it_is(data)
    text = data.decode("utf-8", "replace")
    for command in (text, f"curl {text}", f'curl ^"{text}', f"Invoke-RestMethod {text}"):
        is_curl(command)
        read_curl(command)


def kept_calls(data: bytes) -> None:
    """As a cassette, as a recording for tests, as a report of an API client, and as a session of a debugging proxy."""
    with suppress(CaptureError):
        for one in captures_of_calls(*calls_of_cassette(data), None):
            if isinstance(one, Capture):
                _facts(Exchange(one.recording).finish())
    with suppress(CaptureError):
        if (mocks := calls_of_mocks(data)) is not None:
            list(captures_of_calls(*mocks, None))
    with suppress(CaptureError):
        list(captures_of_batch(data, None))
    with suppress(CaptureError):
        if (found := calls_of_report(data)) is not None:
            list(captures_of_calls(*found, None))
    for calls in (calls_of_charles(data), calls_of_proxyman([data]), calls_of_fiddler([(data, data, data)])):
        with suppress(CaptureError):
            for one in captures_of_calls(calls or [], "proxy", None):
                if isinstance(one, Capture):
                    _facts(Exchange(one.recording).finish())


def endpoint_files(data: bytes) -> None:
    """As the settings of any program; what is found can be shown, and has no key in its name."""
    for one in endpoints_in(data.decode("utf-8", "replace")):
        shown_url(one.pasted.base_url)
        assert "sk-test-1234567890abcdef" not in one.name + one.origin + one.why_not


PAIRS = ("differing", "linked", "replayed")
TARGETS: dict[str, Callable[[bytes], None]] = {
    "sse": sse,
    "messages": _answer("anthropic-messages"),
    "chat": _answer("openai-chat"),
    "responses": _answer("openai-responses"),
    "decoding": decoding,
    "profile_file": profile_file,
    "run_file": run_file,
    "captures": captures,
    "kept_calls": kept_calls,
    "endpoint_files": endpoint_files,
    **{name: getattr(pairs, name) for name in PAIRS},
}


def saved_run(*recordings: Recording) -> bytes:
    """A run file of these recordings, as a seed."""
    return b"".join(dump_run(RunOpened("id", "2026-11-21T12:00:00Z", "0", "streaming", {"prompt": "Hi"}), recordings))


def seed_recording(protocol_id: str, data: bytes) -> Recording:
    return _recording(protocol_id, data, status=200, streamed=True, piece_bytes=40)
