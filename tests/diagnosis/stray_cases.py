"""Rows for what stands in a stream in place of an answer or inside it: errors, pages, heads, plain words, binary frames."""

from __future__ import annotations

import gzip

from app.recording.records import WireErrorCode as Wire
from tests.diagnosis.made import BEGUN, CAPTURE, OPENAI, STREAM, A, C, Case, R, made, wire

_CHUNK = (
    b'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":'
    b'{"role":"assistant","content":"%s"},"finish_reason":null}]}\n\n'
)
CHAT_BEGUN = _CHUNK % b"The tide" + _CHUNK % b" rises"
GATEWAY_PAGE = (
    b"<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n<h1>504 Gateway Time-out</h1>\r\n"
    b"<hr><center>nginx/1.27.0</center>\r\n</body>\r\n</html>\r\n"
)
SECOND_HEAD = (
    b"HTTP/1.0 502 Bad Gateway\r\nServer: x\r\nDate: Fri, 13 Nov 2026 08:09:32 GMT\r\ncontent-type: application/json\r\n"
    b'content-length: 63\r\n\r\n{"error": "proxy upstream error: IncompleteRead(0 bytes read)"}'
)
AWS_FRAME = b"\0\0\1\x92\0\0\0K\xe4\xb6\xe0\xa4\x0b:event-type\x07\0\x05chunk\r:content-type\x07\0\x10application/json"
AWS_EXCEPTION = b"\0\0\0\xa0\0\0\0a\xe4\xb6\xe0\xa4\x0f:exception-type\x07\0\x13throttlingException\r:content-type\x07\0\x10app"


def _error_event(message: str) -> bytes:
    return f'event: error\ndata: {{"type":"error","error":{{"type":"api_error","message":"{message}"}}}}\n\n'.encode()


CASES = (
    # -- only an error
    Case(
        "error-only-in-stream",
        made(200, _error_event("Sim says 418") + b"data: [DONE]\n\n", headers=STREAM, streamed=True, request={"stream": True}),
        "began with success (status 200) and then sent only an error, nothing of an answer: “Sim says 418”",
        "The official SDKs do not try again by themselves",
        ("stream", False),
    ),
    Case(
        "error-only-in-stream",
        made(CAPTURE, _error_event("Sim says 418"), base=""),
        "The stream holds nothing of an answer, only an error: “Sim says 418”",
    ),
    Case(
        "server-in-stream",
        made(200, b'data: {"error":{"message":"An error occurred while processing your request.","type":"server_error"}}\n\n',
             protocol=C, base=OPENAI, headers=STREAM, streamed=True),
        "“An error occurred while processing your request.”",
    ),
    # -- outside the events
    Case(
        "prompt-too-long",
        made(200, b'error: {"code":400,"message":"the request exceeds the available context size. try increasing it",'
             b'"type":"invalid_request_error"}\n\ndata: [DONE]\n\n', protocol=C, base="http://localhost:8080/v1",
             headers=STREAM, streamed=True),
        "“the request exceeds the available context size. try increasing it”",
        "start the server with one",
    ),
    Case(
        "error-in-stream",
        made(200, CHAT_BEGUN + b'{"error":{"message":"upstream went away"}}\n\n', protocol=C, headers=STREAM, streamed=True),
        "“upstream went away”: with these words relay.example broke off its stream, after 2 events",
    ),
    Case(
        "error-with-200",
        made(200, b'{"code":500,"msg":"upstream went away"}\n', protocol=R, headers=STREAM, streamed=True),
        "“upstream went away”",
    ),
    Case(
        "stream-unframed",
        made(200, "Hello！ How can I help you today?", protocol=C, headers=STREAM, streamed=True),
        "only plain text that every SDK drops: “Hello！ How can I help you today?”",
        "or the answer itself",
    ),
    Case("stream-unframed", made(200, "upstream is down\n\ndata: [DONE]\n\n", protocol=C, headers=STREAM, streamed=True)),
    Case(
        "words-in-stream",
        made(200, CHAT_BEGUN + b"upstream request timeout\n\ndata: [DONE]\n\n", protocol=C, headers=STREAM, streamed=True),
        "broke off after 2 events, and plain text stands there that every SDK drops: “upstream request timeout”",
        "it is probably why",
    ),
    Case(
        "words-in-stream",
        made(
            200,
            CHAT_BEGUN + b'Traceback (most recent call last):\n  File "/app/x.py", line 3, in f\nRuntimeError: it is closed\n',
            protocol=C, headers=STREAM, streamed=True,
        ),
        "drops: “RuntimeError: it is closed”",
    ),
    Case(  # words of which an answer went on are not why it ended
        "stream-unfinished",
        made(200, CHAT_BEGUN + b"worker exits\n\n" + _CHUNK % b".", protocol=C, headers=STREAM, streamed=True),
        "without its finish_reason",
    ),
    # -- another server's words in the running answer
    Case(
        "page-in-stream-timeout",
        made(200, CHAT_BEGUN + GATEWAY_PAGE, protocol=C, headers=STREAM, streamed=True),
        "timed out after 2 events and wrote its error page into the running answer: “504 Gateway Time-out”",
        "proxy_read_timeout",
    ),
    Case(
        "page-in-stream",
        made(200, BEGUN + GATEWAY_PAGE.replace(b"504 Gateway Time-out", b"502 Bad Gateway"), headers=STREAM, streamed=True),
        "wrote a web page into the answer, after 4 events: “502 Bad Gateway”",
    ),
    Case(
        "head-in-stream",
        made(200, CHAT_BEGUN + SECOND_HEAD, protocol=C, headers=STREAM, streamed=True),
        "wrote a second response (502 Bad Gateway) into the running answer, after 2 events: “proxy upstream error:"
        " IncompleteRead(0",
        "Run it again",
    ),
    Case("head-in-stream", made(200, BEGUN + SECOND_HEAD, headers=STREAM, streamed=True), "(502 Bad Gateway)"),
    # -- binary
    Case(
        "aws-frames",
        made(200, AWS_FRAME + b'\r:message-type\x07\0\x05event{"bytes":"e30="}', protocol=A,
             headers={"content-type": "application/vnd.amazon.eventstream"}, streamed=True),
        "AWS event-stream frames, as Bedrock sends them",
        "unwrap them",
    ),
    Case("aws-frames", made(200, AWS_EXCEPTION, protocol=C, streamed=True), "The frames hold an exception:"
                                                                            " “throttlingException”."),
    Case(
        "bytes-wrapped",
        made(200, b'event: chunk\ndata: {"bytes":"eyJ0eXBlIjoibWVzc2FnZV9zdG9wIn0="}\n\n', headers=STREAM, streamed=True),
        "holds the real one as base64 in `bytes`",
        "has to unwrap them",
    ),
    Case(
        "packed-as-text",
        made(200, gzip.compress(BEGUN).decode("utf-8", "replace").encode(), headers=STREAM, streamed=True),
        "gzip data that somebody on the way took for text",
        "",
        ("headers", "Accept-Encoding=identity"),
    ),
    Case("binary", made(200, b"\x89PNG\r\n\x1a\n\0\0\0", protocol=C), "The answer is a PNG picture",
         action=("headers", "Accept-Encoding=identity")),
    Case("binary", made(200, bytes(range(256)), protocol=R), "The answer is binary data",
         action=("headers", "Accept-Encoding=identity")),
    Case("server-silent", made(500, gzip.compress(b"Internal error")), "(status 500) and says no more"),
    Case(
        "binary-in-stream",
        made(200, CHAT_BEGUN + b"\x1f\x8b\x08\0\0\0x\0\xff\xfe", protocol=C, headers=STREAM, streamed=True),
        "After 2 events the stream holds bytes that are no text (gzip data)",
        action=("headers", "Accept-Encoding=identity"),
    ),
    Case("server", made(500, "服务器内部错误".encode("gbk"), headers={"content-type": "text/plain; charset=gbk"}),
         "“服务器内部错误”: with these words"),
    # -- words in place of events
    Case(
        "words-end-stream",
        made(200, CHAT_BEGUN + b"data: upstream timed out\n\ndata: [DONE]\n\n", protocol=C, headers=STREAM, streamed=True),
        "last event holds plain words in place of JSON: “upstream timed out”",
        "they are probably why",
    ),
    Case(
        "error-in-stream",
        made(200, CHAT_BEGUN + b"event: error\ndata: upstream timed out\n\n", protocol=C, headers=STREAM, streamed=True),
        "“upstream timed out”: with these words relay.example broke off its stream, after 2 events",
    ),
    Case(
        "stream-of-words",
        made(200, b"data: Error: 429 Too Many Requests\n\n", protocol=C, headers=STREAM, streamed=True),
        "plain words where events in OpenAI Chat Completions belong: “Error: 429 Too Many Requests”",
        "they are the relay's error, or an answer",
    ),
    Case(
        "stream-of-words",
        made(200, b"data: [ERROR] upstream timeout\n\n", protocol=R, headers=STREAM, streamed=True,
             request={"stream": True}),
        "“[ERROR] upstream timeout”",
        action=("stream", False),
    ),
    Case(
        "stream-only-comments",
        made(200, b": upstream error 500\n\n", protocol=A, headers=STREAM, streamed=True),
        "The last of them says “upstream error 500”.",
    ),
    Case(
        "head-in-stream",
        made(200, CHAT_BEGUN + b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + CHAT_BEGUN, protocol=C,
             headers=STREAM, streamed=True),
        "wrote a second response (200 OK) into the running answer, after 2 events.",
    ),
    # -- nothing behind the head
    Case(
        "cut-before-stream",
        made(200, protocol=C, headers=STREAM, streamed=True, request={"stream": True}, end=wire(Wire.CUT)),
        "though the head promised an event stream",
        "before they ask their upstream",
        ("stream", False),
    ),
    # -- withheld
    Case(
        "withheld",
        made(200, {"choices": [{"content_filter_results": {"hate": {"filtered": True, "severity": "high"},
             "violence": {"filtered": False, "severity": "safe"}, "jailbreak": {"filtered": True}},
             "finish_reason": "content_filter", "index": 0}], "object": "chat.completion"}, protocol=C),
        "content filter held the whole answer back: hate: high, jailbreak.",
        "Change the prompt",
    ),
    Case(
        "withheld",
        made(200, {"choices": [{"finish_reason": "content_filter", "index": 0}]}, protocol=C),
        "held the whole answer back.",
    ),
    Case(  # Gemini's endpoint for OpenAI's clients
        "withheld",
        made(200, {"choices": [{"finish_reason": "content_filter: PROHIBITED_CONTENT", "index": 0}]}, protocol=C),
        "held the whole answer back: PROHIBITED_CONTENT.",
    ),
    Case(
        "stop-reason-call",
        made(200, {"choices": [{"finish_reason": "function_call_filter: MALFORMED_FUNCTION_CALL", "index": 0,
             "message": {"role": "assistant"}}]}, protocol=C),
        "The model tried to call a tool",
        "choose another model",
    ),
)  # fmt: skip
