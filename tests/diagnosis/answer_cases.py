"""Rows for the rules for answers that did not end well, and the last rows."""

from __future__ import annotations

import gzip

from app.recording.records import Connected, Ended, EndKind, EndReason
from app.recording.records import WireErrorCode as Wire
from tests.builders import messages_end
from tests.diagnosis.made import BEGUN, CAPTURE, SENT, STREAM, A, C, Case, R, made, page, wire

CASES = (
    # -- answers
    Case(
        "error-in-stream",
        made(
            200,
            BEGUN + b'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"Connection lost"}}\n\n',
            headers=STREAM,
            streamed=True,
        ),
        "“Connection lost”: with these words relay.example broke off its stream, after 4 events",
    ),
    Case(  # agentic-api 0.9.0, of items that came back with their ids
        "storing-failed",
        made(
            200,
            b'data: {"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"Hi"}\n\n'
            b'data: {"type":"error","sequence_number":18,"status":500,"error":{"message":"failed to persist response",'
            b'"type":"server_error","code":"server_error"}}\n\ndata: [DONE]\n\n',
            protocol=R,
            headers=STREAM,
            streamed=True,
        ),
        "could not store the answer, and says so in place of the stream's end, after 1 event: “failed to persist response”.",
        "The same request probably fails again.",
    ),
    Case(
        "error-in-stream-silent",
        made(200, BEGUN + b'event: error\ndata: {"type":"error"}\n\n', headers=STREAM, streamed=True),
        "relay.example broke off its stream with an error, after 4 events, and gave no reason.",
    ),
    Case(
        "failed-silent",
        made(200, {"object": "response", "status": "failed", "error": None, "output": []}, protocol=R),
        "relay.example says that the answer failed, and gives no reason.",
    ),
    Case(
        "cancelled-there",
        made(200, {"object": "response", "status": "cancelled", "output": []}, protocol=R),
        "relay.example says that the answer was cancelled, and not by whom",
        "a relay that lost its upstream may say this too",
    ),
    Case(
        "answer-with-error-status",
        made(
            429,
            b'data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\n',
            protocol=C,
            headers=STREAM,
            streamed=True,
        ),
        "relay.example answers with status 429, though what it sends is an answer and no error.",
        "the answer is lost",
    ),
    Case(
        "answer-with-error-status",
        made(500, {"id": "m", "type": "message", "content": [{"type": "text", "text": "Hi"}], "stop_reason": "end_turn"}),
        "answers with status 500",
    ),
    Case(
        "error-captured",
        made(CAPTURE, {"error": {"message": "try tomorrow"}}, base="", end=Ended(EndKind.WHOLE)),
        "try tomorrow",
    ),
    Case(  # no status is known that would hide the error
        "rate",
        made(CAPTURE, {"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}, protocol=C, base=""),
        "Rate limit reached”.",
    ),
    Case(  # nor whether the request was taken
        "model-missing",
        made(
            CAPTURE, 'data: {"error":{"message":"no such model","code":"model_not_found"}}\n\n', protocol=C, base="", model=""
        ),
        "does not know the model, or",
    ),
    Case("stream-unfinished", made(CAPTURE, BEGUN, base=""), "The stream ended after 4 events, without its message_stop"),
    Case(
        "model-missing",
        made(CAPTURE, {"type": "error", "error": {"type": "not_found_error", "message": "model: nope"}}, base="", model=""),
        "does not know the model, or",
    ),
    Case(
        "page-captured",
        made(CAPTURE, page("502 Bad Gateway"), base=""),
        "holds a web page (titled “502 Bad Gateway”)",
        "curl -i",
    ),
    Case(
        "error-with-200",
        made(200, {"error": {"message": "try tomorrow", "type": "x"}}, protocol=C),
        "“try tomorrow”",
        "raise nothing",
    ),
    Case("no-content", made(204), "no content"),
    Case("empty", made(200), "empty body"),
    Case(
        "stream-empty",
        made(200, headers=STREAM, streamed=True, request={"stream": True}),
        "ended it without a single byte",
        "without streaming",
        ("stream", False),
    ),
    Case(
        "packing-cut",
        made(200, gzip.compress(b'{"id": "msg')[:-9], headers={"content-encoding": "gzip"}),
        "ends before its end (gzip)",
        "",
        ("headers", "Accept-Encoding=identity"),
    ),
    Case(
        "packed-unlabelled",
        made(200, gzip.compress(BEGUN), headers=STREAM, streamed=True),
        "its head does not say so",
        "",
        ("headers", "Accept-Encoding=identity"),
    ),
    Case(
        "content-encoding",
        made(200, b"broken, not packed", headers={"content-encoding": "gzip"}),
        "can't be unpacked",
        "",
        ("headers", "Accept-Encoding=identity"),
    ),
    Case(
        "answer-in-other-protocol",
        made(200, {"id": "x", "object": "chat.completion", "choices": []}),
        "written in OpenAI Chat Completions",
        "",
        ("protocol", C),
    ),
    Case(
        "answer-in-other-protocol",
        made(200, BEGUN + messages_end(), protocol=C, headers=STREAM, streamed=True),
        "Anthropic Messages",
        "",
        ("protocol", A),
    ),
    Case("stream-unframed", made(200, "ERROR upstream is down\n", headers=STREAM, streamed=True), "“ERROR upstream is down”"),
    Case(
        "silence-without-event",
        made(200, headers=STREAM, streamed=True, marks=SENT, end=wire(Wire.SILENCE_TIMEOUT, after_ms=30_500)),
        "came for 30 s",
        "",
        ("limits.silence_s", 60.0),
    ),
    Case(
        "silence",
        made(
            200,
            BEGUN,
            headers=STREAM,
            streamed=True,
            marks=SENT,
            body_ms=9000,
            end=wire(Wire.SILENCE_TIMEOUT, after_ms=39_000),
        ),
        "fell silent after 4 events: nothing more came for 30 s",
        "",
        ("limits.silence_s", 60.0),
    ),
    Case(
        "total-timeout-keepalives",
        made(
            200,
            ": ping\n\n" * 20,
            headers=STREAM,
            streamed=True,
            marks=SENT,
            body_ms=599_000,
            end=wire(Wire.TOTAL_TIMEOUT, after_ms=600_000),
        ),
        "no content for 10 min, only keep-alives",
        "upstream",
        ("limits.total_s", 1200.0),
    ),
    Case(
        "total-timeout",
        made(200, BEGUN, headers=STREAM, streamed=True, end=wire(Wire.TOTAL_TIMEOUT, after_ms=600_000)),
        "reached after 4 events; it had run for 10 min",
        "",
        ("limits.total_s", 1200.0),
    ),
    Case("too-large", made(200, BEGUN, headers=STREAM, streamed=True, end=wire(Wire.TOO_LARGE)), "size limit"),
    Case(
        "http2-broken-off-in-answer",
        made(200, BEGUN, headers=STREAM, streamed=True, end=wire(Wire.RESET, http2_error="INTERNAL_ERROR")),
        "broke its answer off after 4 events, with the HTTP/2 error code INTERNAL_ERROR.",
        "time limit",
    ),
    Case("reset-in-answer", made(200, BEGUN, headers=STREAM, streamed=True, end=wire(Wire.RESET)), "reset after 4 events"),
    Case(
        "tls-broken-in-answer",
        made(200, BEGUN, headers=STREAM, streamed=True, end=wire(Wire.RESET, "bad record mac", reason=EndReason.TLS_BROKEN)),
        "damaged after 4 events: TLS can't decrypt what came next (bad record mac)",
    ),
    Case(
        "tls-broken-off-in-answer",
        made(200, BEGUN, headers=STREAM, streamed=True, end=wire(Wire.RESET, tls_alert="internal_error")),
        "broke its answer off after 4 events, with the TLS alert internal_error.",
    ),
    Case(
        "stream-unfinished",
        made(200, BEGUN, headers=STREAM, streamed=True, connected=Connected(False, tls_version="TLSv1.3")),
        "without its message_stop event: the answer is cut off.",
    ),
    Case(
        "cut-before-answer",
        made(200, headers={"content-type": "application/json"}, end=wire(Wire.CUT)),
        "closed after the response head (status 200), before any of the answer.",
        "crashed",
    ),
    Case("cut-in-answer", made(200, BEGUN, headers=STREAM, streamed=True, end=wire(Wire.CUT)), "closed after 4 events, before"),
    Case(
        "cut-in-answer",
        made(200, BEGUN, headers=STREAM, streamed=True, end=wire(Wire.CUT, after_ms=60_600)),
        "closed after 4 events and 60 s of silence, before",
        "a proxy's time limit",
    ),
    Case(
        "not-http-in-answer",
        made(200, BEGUN, headers=STREAM, streamed=True, end=wire(Wire.NOT_HTTP, "a chunk has no length")),
        "a chunk has no length",
    ),
    Case(
        "stream-only-comments",
        made(200, ": ping\n\n: ping\n\n", headers=STREAM, streamed=True, request={"stream": True}),
        "comments alone",
        "without streaming",
        ("stream", False),
    ),
    Case("stream-without-event", made(200, 'data: {"type"', headers=STREAM, streamed=True), "without a single whole event"),
    Case("stream-unfinished", made(200, BEGUN, headers=STREAM, streamed=True), "without its message_stop event"),
    Case(
        "stream-unfinished",
        made(
            200,
            b"data: "
            b'{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}\n\n',
            protocol=C,
            headers=STREAM,
            streamed=True,
        ),
        "after 1 event, without its finish_reason",
    ),
    Case(
        "stream-without-blank-lines",
        made(200, b'data: {"object":"chat.completion.chunk"}\n' * 3 + b"\n", protocol=C, headers=STREAM, streamed=True),
        "no blank lines between its events",
    ),
    Case(
        "stream-of-others",
        made(200, b'data: {"candidates":[]}\n\n', protocol=C, headers=STREAM, streamed=True),
        'No event of the stream is one of OpenAI Chat Completions: the first begins “{"candidates":[]}”',
    ),
    Case(  # as mockllm 0.0.8 streams
        "stream-unbegun",
        made(
            200,
            b'data: {"type":"message_delta","delta":{"type":"content_block_delta","delta":{"text":"T"}}}\n\n' * 5
            + b"data: [DONE]\n\n",
            headers=STREAM,
            streamed=True,
        ),
        "neither a message_start nor content",
        "Ask it without streaming.",
    ),
    Case(
        "document-lines",
        made(200, b'{"done":false}\n{"done":true}\n', protocol=C, streamed=True),
        "a row of JSON lines",
        "Ollama",
    ),
    Case("document-list", made(200, b'[{"candidates":[]}]', protocol=C), "a JSON list"),
    Case("document-cut", made(200, '{"id": "msg_1", "type": "mess'), "not whole"),
    Case(
        "length-too-large",
        made(200, '{"id": "msg_1"}', headers={"content-length": "40"}, end=wire(Wire.CUT)),
        "A whole JSON document of 15 bytes came, and its head announced 40 bytes",
        "count anew",
    ),
    Case(
        "cut-in-answer",
        made(200, '{"id": "msg_1", "typ', headers={"content-length": "40"}, end=wire(Wire.CUT)),
        "closed after 20 bytes of the answer",
    ),
    Case(
        "length-too-small",
        made(200, '{"id": "msg_1", "typ', headers={"content-length": "20"}),
        "breaks off where the length in its head ends, after 20 bytes.",
        "makes an answer longer",
    ),
    Case("document-cut", made(200, '{"id": nothing}', headers={"content-length": "15"}), "not valid (15 bytes came)"),
    Case(
        "response-running",
        made(200, {"object": "response", "id": "resp_1", "status": "in_progress", "output": []}, protocol=R),
        "still works on the answer (status in_progress)",
    ),
    Case(
        "stream-framed-twice",
        made(200, b'data: data: {"object":"chat.completion.chunk"}\n\n', protocol=C, headers=STREAM, streamed=True),
        "the data of its events begins with a field name of its own",
        "as they are",
    ),
    *(
        Case(
            "end-misnamed",
            made(
                200,
                b'data: {"type":"response.created","response":{"id":"resp_1","output":[]},"sequence_number":0}\n\n'
                b'data: {"type":"response.done","response":{"id":"resp_1","status":"completed","output":[]}}\n\n' + mark,
                protocol=R,
                headers=STREAM,
                streamed=True,
            ),
            "the event that ends it is called response.done",
            "name it response.completed",
        )
        for mark in (b"", b"data: [DONE]\n\n")
    ),
    Case(
        "stream-unfinished-raises",
        made(
            200,
            b'data: {"type":"response.created","response":{"id":"resp_1","output":[]},"sequence_number":0}\n\n',
            protocol=R,
            headers=STREAM,
            streamed=True,
        ),
        "without its response.completed event",
        "openai for Python raises an error",
    ),
    Case("document-odd", made(200, {"status": "ok"}, protocol=C), "not an answer in OpenAI Chat Completions"),
    Case("document-text", made(200, "It works!"), "“It works!”"),
    Case("status-unknown", made(418, {"error": {"message": "I'm a teapot"}}), "“I'm a teapot”: with these words"),
    Case("status-unknown-page", made(418, page("Teapot")), "titled “Teapot”"),
    Case("status-unknown-silent", made(499), "status 499 and says no more"),
    Case("empty-capture", made(CAPTURE, b"", base="", end=Ended(EndKind.WHOLE)), "nothing in this capture", "curl"),
    Case("wire-unknown", made(end=Ended(EndKind.WHOLE)), "before anything came back"),
)
