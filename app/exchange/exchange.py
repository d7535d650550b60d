"""One recording and all that is read from it: events, reading, findings, outcome. An incremental analyser, a slice at a time.

    exchange = Exchange(recording)
    while exchange.advance(): ...      # live: after each batch of records; a file: until it returns False

`advance` decodes the bytes that came since, splits them into events, and reads those. Each step keeps its own place, so a
stream of a million events never stops a window and is never read twice. What the end needs is collected on the way, and what
can only be done at the end is done in slices too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter

from app.exchange.burst_findings import findings_of_bursts
from app.exchange.end_flaw import ONLY_THE_END, EndFlaw, flaw_of_document, flaw_of_stream
from app.exchange.event_log import EventLog
from app.exchange.masked_text import MaskSearch, apply_masks, hide_open_end, mask_findings
from app.exchange.outcome import Outcome as Outcome
from app.exchange.outcome import Shape as Shape
from app.exchange.pieces import PieceSearch, star_places
from app.exchange.timing import Pace, Timing, Unmeasured, measure, start_ns
from app.exchange.transport_findings import Delivery, find_keepalive, findings_of_model, findings_of_transport
from app.protocols.any.answer_findings import find_lost, findings_of_answer
from app.protocols.findings import Finding, Place, Severity
from app.protocols.reading import Reading
from app.protocols.registry import info, protocol
from app.recording.body import Body
from app.recording.recording import Recording
from app.recording.records import GENERATED, EndDetail, Ended, EndKind, Masked, WireErrorCode, find_header
from app.secrets.masking import Masker
from app.stream.aws_frames import PRELUDE_BYTES, FrameDecoder, begins_frames
from app.stream.decoding import DECODED_LIMIT_BYTES, Decoder
from app.stream.sse import Oddity, SseParser
from app.text.json_text import decode_json, is_object

SPLIT_SLICE_BYTES = 1 << 17
READ_SLICE_EVENTS = 200
_READ_SLICE_BYTES = 1 << 17  # large events are read one at a time
_SPLIT_STEP_BYTES = (1 << 12, 1 << 20)
_SPLIT_STEP_S = 0.002
# A field name with its colon or line end ("database is locked" is no stream), or with nothing behind it yet.
_SSE_START = re.compile(rb"(?:\xef\xbb\xbf)?(?::|(?:data|event|id|retry)(?:[:\r\n]|\Z))")
_OUR_ENDS = {EndKind.CANCELLED, EndKind.INTERRUPTED}
_OUR_LIMITS = {
    WireErrorCode.TOO_LARGE, WireErrorCode.TOTAL_TIMEOUT, WireErrorCode.SILENCE_TIMEOUT, WireErrorCode.KEY_ECHO,
}  # fmt: skip
_AFTER_LEGAL_END = {WireErrorCode.CUT, WireErrorCode.RESET, WireErrorCode.SILENCE_TIMEOUT, WireErrorCode.TOTAL_TIMEOUT}


class Exchange:
    """A recording with its derived facts.

    Attributes:
        recording: the truth.
        decoded: the body with its content encoding undone; the recording's own body where there is none. Its chunks are
            numbered as the recording's.
        shape: whether the body is events or one document.
        events: the events split off so far, empty for a document.
        parser: the SSE parser with its counts and oddities.
        events_read: how many events the reader has read.
        end_flaw: why the answer is no completion though no error was told, once it is finished.
        finished: everything was read and judged.

    `masker` knows the secrets of a live exchange; what it finds in the assembled text is noted in the recording at the end.
    `clock` tells, in seconds, how long a slice takes.
    """

    def __init__(
        self,
        recording: Recording,
        masker: Masker | None = None,
        decoded_limit_bytes: int = DECODED_LIMIT_BYTES,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self.recording = recording
        self._clock = clock
        self._masker = masker if masker is not None and masker.active else None
        self._mask_search = MaskSearch(self._masker) if self._masker is not None else None
        self.protocol = protocol(recording.envelope.protocol)
        self.shape = Shape.UNKNOWN
        self.parser = SseParser()
        self.events_read = 0
        self.end_flaw = EndFlaw.NONE
        self.finished = False
        self._reader = self.protocol.reader(
            streamed=recording.envelope.streamed, asked_usage=asks_for_usage(recording.request.body)
        )
        self._decoder: Decoder | None = None
        self._frames: FrameDecoder | None = None
        self._undoing: Decoder | FrameDecoder | None = None  # the one of the two that there is
        self._decoded_limit_bytes = decoded_limit_bytes
        self._pieces: Iterator[bytes] | None = None  # what is left of the chunk that is being decoded
        self.decoded = recording.body
        self._chunks_decoded = 0
        self._bytes_split = 0
        self.events = EventLog(self.decoded)
        self._split_step_bytes = SPLIT_SLICE_BYTES // 8
        self._split_was_slow = False
        self._keepalive_at = -1
        self._searched_bytes = 0  # how far a keep-alive was looked for
        self._pace = Pace()
        self._closing: Iterator[None] | None = None
        self._transport_findings: list[Finding] = []
        self._timing: Timing | None = None
        self._shown: tuple[int, Reading] | None = None  # the reading with so many masks of the recording
        self._found: tuple[tuple[bool, int], list[Finding]] | None = None

    # -- moving on ----------------------------------------------------------------------------------------------------

    def advance(self, split_bytes: int = SPLIT_SLICE_BYTES, read_events: int = READ_SLICE_EVENTS) -> bool:
        """Do one slice of work; True while there is more to do with what the recording holds now.

        A slice is at most so many bytes split and so many events read; it is smaller where they take long.
        """
        if self.finished:
            return False
        if self._closing is None:
            splitting = self._split(split_bytes)
            if self._split_was_slow:  # enough for one slice
                return True
            reading = self._read(read_events)
            if splitting or reading:
                return True
            if self.recording.end is None:
                return False
            self._closing = self._close()
        self._shown = None
        return next(self._closing, self) is None

    def advance_for(self, seconds: float) -> bool:
        """Do slices for about `seconds`; True while there is more to do."""
        end = self._clock() + seconds
        while self.advance():
            if self._clock() >= end:
                return True
        return False

    def finish(self) -> Exchange:
        """Do all that is left at once."""
        while self.advance(1 << 30, 1 << 30):
            pass
        return self

    def _split(self, budget: int) -> bool:
        self._decode(budget)
        self._split_was_slow = False
        if self._may_be_frames:
            return False
        if self.shape is Shape.UNKNOWN:
            self._judge_shape(at_end=False)
        if self.shape is not Shape.EVENTS:
            return self._decode_pending()
        data, start = self.decoded.data, self._bytes_split
        begin = self._clock()
        end = min(len(data), start + budget, start + self._split_step_bytes)
        if end < len(data) and (cut := data.rfind(b"\n\n", start, end)) >= 0:
            end = cut + 2  # between two events, so that the next slice is as quick as this one
        with memoryview(data) as view:
            piece = bytes(view[start:end])
        self.parser.feed_places(piece, self.events)
        self._bytes_split = end
        self._adapt(end - start, self._clock() - begin)
        return end < len(data) or self._decode_pending()

    @property
    def _may_be_frames(self) -> bool:
        """Whether so little has come that it can't be told whether it is the beginning of an AWS frame."""
        raw = self.recording.body.data
        return 0 < len(raw) < PRELUDE_BYTES and raw[0] == 0 and self.recording.end is None

    def _adapt(self, size: int, took_s: float) -> None:
        """Adapt the number of bytes for the next slice: some streams are split a hundred times as fast as others."""
        least, most = _SPLIT_STEP_BYTES
        self._split_was_slow = took_s > 2 * _SPLIT_STEP_S
        if took_s > 2 * _SPLIT_STEP_S:
            self._split_step_bytes = max(least, self._split_step_bytes // 4)
        elif took_s < _SPLIT_STEP_S and size >= self._split_step_bytes // 2:
            self._split_step_bytes = min(most, self._split_step_bytes * 2)

    def _decode(self, budget: int) -> None:
        encoding = self.recording.content_encoding
        if self._undoing is None:
            if encoding:
                self._undoing = self._decoder = Decoder(encoding, self._decoded_limit_bytes)
            elif begins_frames(self.recording.body.data[:PRELUDE_BYTES]):
                self._undoing = self._frames = FrameDecoder()
            else:
                return
            self.decoded = Body()
            self.events = EventLog(self.decoded)
        out = self.decoded
        while budget > 0 and self._decode_pending():
            if self._pieces is None:
                chunk = self._begin_chunk()
                self._pieces = self._undoing.pieces(chunk)
                budget -= len(chunk)
            piece = next(self._pieces, None)  # one chunk may decode to a thousand times its size
            if piece is None:
                self._pieces = None
                continue
            out.data += piece
            out.ends[-1] = len(out.data)
            budget -= len(piece)

    def _begin_chunk(self) -> bytes:
        """The next chunk to decode, with an entry in `decoded` that is empty so far."""
        raw, number = self.recording.body, self._chunks_decoded
        self.decoded.stamps.append(raw.stamps[number])
        self.decoded.ends.append(len(self.decoded.data))
        self._chunks_decoded += 1
        return raw.chunk(number)

    def _decode_pending(self) -> bool:
        return self._undoing is not None and (self._pieces is not None or self._chunks_decoded < len(self.recording.body))

    def _judge_shape(self, *, at_end: bool) -> None:
        start = bytes(self.decoded.data[:64]).lstrip(b" \t\r\n")
        if len(start) < 8 and not at_end and (len(self.decoded.data) < 64):
            return
        if _SSE_START.match(start):
            self.shape = Shape.EVENTS
        elif start.startswith((b"{", b"[", b"<")) or not self._says_events():
            self.shape = Shape.WHOLE
        else:
            self.shape = Shape.EVENTS

    def _says_events(self) -> bool:
        head = self.recording.head
        if head is None:
            return self.recording.envelope.streamed
        return "event-stream" in (find_header(head.headers, "content-type") or "").lower()

    def _read(self, budget: int) -> bool:
        events, feed, first = self.events, self._reader.feed, self.events_read
        last = min(len(events), first + budget)
        if last > first:
            fitting = bisect_right(events.ends, events.starts[first] + _READ_SLICE_BYTES, first, last)
            last = max(first + 1, fitting)
            self._shown = None
        for index in range(first, last):
            events.set_meaning(index, feed(events.event(index), index + 1))
        self.events_read = last
        self._look_for_keepalive(events.ends[last - 1] if last else 0)
        self._pace.follow(events)
        return last < len(events)

    def _look_for_keepalive(self, end: int) -> None:
        if self._keepalive_at < 0 and end > self._searched_bytes:
            self._keepalive_at = find_keepalive(self.decoded.data, self._searched_bytes, end)
            self._searched_bytes = end

    def _close(self) -> Iterator[None]:
        """The work left when the recording has ended, a step at each `next`."""
        if self._undoing is not None:
            self._undoing.close()
        if self.shape is Shape.UNKNOWN:
            self._judge_shape(at_end=True)
        if self.shape is Shape.WHOLE:
            self._read_document()
            yield
        if self.shape is Shape.EVENTS:
            while self._split(SPLIT_SLICE_BYTES) or self._read(READ_SLICE_EVENTS):
                yield
            self._look_for_keepalive(len(self.decoded.data))
            self.parser.close()
        found = len(self._reader.reading.findings)
        self._reader.finish()
        if self.stopped_by_us:
            del self._reader.reading.findings[found:]
        yield
        hidden = self._found_masks()
        if hidden and self._masker is not None:
            yield from self._mask_pieces(self._masker)
        for mask in hidden:
            self.recording.apply(mask)
        yield
        self.end_flaw = self._judge_end()
        self.finished = True
        self._transport_findings = [
            *findings_of_transport(self._delivery()),
            *(self._model_findings() if self.generated else ()),
            *findings_of_bursts(self.timing.bursts, self.recording.head.http_version if self.recording.head else ""),
        ]

    def _judge_end(self) -> EndFlaw:
        reading, end = self._reader.reading, self.recording.end
        if self.shape is Shape.WHOLE:
            return flaw_of_document(reading)
        cut = end is None or end.kind is not EndKind.WHOLE or self.encoding_error
        if cut and not reading.ended:
            return EndFlaw.NONE
        return flaw_of_stream(reading, self.events, self.parser, self.decoded.data, info(self.protocol.id))

    def _mask_pieces(self, masker: Masker) -> Iterator[None]:
        """A key that came in pieces: star them in the body, or where that is encoded, keep what came before them alone."""
        search = PieceSearch(masker, self.decoded, self.events)
        yield from search.run()
        if not search.found:
            return
        if self._decoder is None:
            for at, size in search.found:
                self.recording.apply(Masked("body", at, size))
            self.recording.amended = True
        elif self.recording.end is not None:
            kept = self.decoded.chunk_at(search.found[0][0])
            why = f"the key came back in pieces inside the {self.recording.content_encoding} body, where it can't be masked"
            message, ns = f"{why}; the rest is not stored", self.recording.end.ns
            self.recording.withhold(kept, Ended(EndKind.ERROR, ns, WireErrorCode.KEY_ECHO, message, "receive", EndDetail()))
        star_places(self.decoded, search.found)

    def _model_findings(self) -> Iterable[Finding]:
        reading = self._reader.reading
        yield from findings_of_model(self._asked_model(), reading.model, reading.other_model)
        yield from self._answer_findings()

    def _answer_findings(self) -> Iterable[Finding]:
        reading = self._reader.reading
        if self.stopped_by_us and not reading.ended:
            return ()
        at = find_lost(self.decoded.data) if self._holds_lost(reading) else -1
        place = Place(bisect_right(self.events.ends, at) + 1 if len(self.events) else None, at) if at >= 0 else None
        return findings_of_answer(self.protocol, reading, self.recording.request.body, place, wants_call=self.wants_call)

    def _holds_lost(self, reading: Reading) -> bool:
        """Whether U+FFFD stands in the answer, and may be the endpoint's: where bytes are no UTF-8 it is of our own
        decoding.
        """
        words = (reading.text, reading.reasoning, *(call.arguments_text for call in reading.tool_calls))
        return any("\ufffd" in one for one in words) and not self.parser.counts[Oddity.INVALID_UTF8]

    @property
    def wants_call(self) -> bool:
        """Whether it is the first request of a run that tries tools: only of such an answer a call is missed."""
        envelope = self.recording.envelope
        return envelope.scenario == "tools" and envelope.round == 1

    def _asked_model(self) -> str:
        """The model in the request's body (a custom body may name another than was chosen), else the one that was chosen."""
        try:
            asked = decode_json(self.recording.request.body)
        except ValueError:
            asked = None
        model = asked.get("model") if isinstance(asked, dict) else None
        return model if isinstance(model, str) else self.recording.envelope.model

    def _delivery(self) -> Delivery:
        return Delivery(
            self.recording,
            self.parser,
            self.shape is Shape.EVENTS,
            self.decoded.data,
            self.encoding_error,
            self._reader.reading,
            self.stopped_by_us,
            self.events.ends,
            self._keepalive_at,
            self._decoder,
            self._frames,
        )

    def _read_document(self) -> None:
        body = bytes(self.decoded.data).removeprefix(b"\xef\xbb\xbf")
        if b"\ndata:" in body and not body.lstrip().startswith(b"<"):
            # Events behind a line of bare JSON (an unframed error, a log line): they are read as the events they are.
            self.shape = Shape.EVENTS
        elif body.strip() or self.status >= 400:
            self._reader.read_whole(body, self.status)

    # -- what is known -------------------------------------------------------------------------------------------------

    @property
    def status(self) -> int:
        """The HTTP status, 0 where no response head came."""
        return self.recording.head.status if self.recording.head else 0

    @property
    def fully_split(self) -> bool:
        """Whether all bytes that are there now were decoded and, where they are a stream, split into events."""
        whole = self.shape is not Shape.EVENTS or self._bytes_split == len(self.decoded.data)
        return whole and not self._decode_pending()

    @property
    def reading(self) -> Reading:
        """What the answer holds so far; secrets are masked, also those that came in pieces."""
        known = len(self.recording.masks)
        if self._shown is None or self._shown[0] != known:
            reading = apply_masks(self._reader.snapshot(), self._masks())
            if not self.finished and self._masker is not None:
                reading = hide_open_end(reading, self._masker)
            self._shown = known, reading
        return self._shown[1]

    def _masks(self) -> list[Masked]:
        """Where secrets are masked: the recording's masks, and while it grows also those in the text assembled so far."""
        return self.recording.masks if self.finished else [*self.recording.masks, *self._found_masks()]

    def _found_masks(self) -> list[Masked]:
        return self._mask_search.find(self._reader.snapshot()) if self._mask_search is not None else []

    @property
    def encoding_error(self) -> str | None:
        """What keeps the encoded body from being undone to its end, as a sentence; None for nothing."""
        return self._decoder.error if self._decoder and not self._decoder.trailed else None

    @property
    def framed(self) -> bool:
        """Whether the body is AWS event-stream frames, of which `decoded` has the events. No SDK of the protocol reads them."""
        return self._frames is not None

    @property
    def encoding_unfinished(self) -> bool:
        """Whether `encoding_error` is that the end of the encoded data never came."""
        return self._decoder is not None and self._decoder.unfinished

    @property
    def findings(self) -> list[Finding]:
        """All findings, the most severe first, then in the order of the events."""
        state = self.finished, len(self.recording.masks)
        if self._found is None or not self.finished or self._found[0] != state:
            order = list(Severity)
            told = self._reader.reading.findings if self.generated else ()
            found = mask_findings([*told, *self._transport_findings], self._masks(), self._reader.snapshot())
            self._found = state, sorted(found, key=lambda one: (order.index(one.severity), one.event or 0))
        return self._found[1]

    @property
    def stopped_by_us(self) -> bool:
        """Whether Diptych ended it (the user, a limit, a crash): the endpoint is not to blame for what is missing."""
        end = self.recording.end
        return end is not None and (end.kind in _OUR_ENDS or end.code in _OUR_LIMITS)

    @property
    def legal_end(self) -> bool:
        """A 2xx status and the protocol's own end, which tells no failure, without an error in between; of what no model
        answers a JSON object. A captured body alone has no status."""
        reading = self._reader.reading
        good = self.recording.head is None or 200 <= self.status < 300
        good = good and not self.framed
        if not self.generated:
            return good and self.shape is Shape.WHOLE and is_object(bytes(self.decoded.data))
        return good and reading.ended and reading.error is None and not self.end_flaw

    @property
    def generated(self) -> bool:
        """Whether a model's answer was asked for: not a list of models, nor a count of tokens."""
        return self.recording.envelope.wanted in GENERATED

    @property
    def whole_but_for_end_mark(self) -> bool:
        """Whether nothing of the answer is missing, and it fails only for its last event or the blank line behind that."""
        return self.outcome is Outcome.FAILED and self.end_flaw in ONLY_THE_END

    @property
    def outcome(self) -> Outcome:
        """How the exchange ended. A connection that breaks after the legal end of a stream does not matter."""
        end = self.recording.end
        if end is None or not self.finished:
            return Outcome.RUNNING
        match end.kind:
            case EndKind.CANCELLED:
                return Outcome.CANCELLED
            case EndKind.INTERRUPTED:
                return Outcome.INTERRUPTED
            case EndKind.ERROR if self.shape is not Shape.EVENTS or end.code not in _AFTER_LEGAL_END:
                return Outcome.FAILED
        return Outcome.COMPLETED if self.legal_end else Outcome.FAILED

    @property
    def timing(self) -> Timing:
        """The measures; while the exchange runs, and where it was stopped, only those that do not need the whole answer."""
        if self._timing is None:
            # A limit of ours that ended the silence after a complete answer cut nothing off.
            whole = self.finished and (not self.stopped_by_us or self.outcome is Outcome.COMPLETED)
            unpaced = Unmeasured.STOPPED if self.finished else None
            timing = measure(self.recording, self.events, self._reader.reading, self._pace if whole else None, unpaced)
            if not self.finished:
                return timing
            self._timing = timing
        return self._timing

    def since_start_ms(self, ns: int | None) -> float | None:
        """A stamp as milliseconds since the start (DESIGN 4); None without either."""
        start = start_ns(self.recording)
        return None if ns is None or start is None else (ns - start) / 1e6


def asks_for_usage(body: bytes) -> bool:
    """Whether a Chat request asks for usage in its stream; False where its body is not known, as with a saved answer."""
    try:
        asked = decode_json(body)
    except ValueError:
        return False
    options = asked.get("stream_options") if isinstance(asked, dict) else None
    return isinstance(options, dict) and options.get("include_usage") is True
