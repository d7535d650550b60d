"""What is no capture is named for what it is; what may be one is not."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import pytest

from app.formats.file_kinds import what_it_is
from tests.builders import messages_end, messages_start, messages_text

STREAM = messages_start() + messages_text("Hi") + messages_end()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    return out.getvalue()


def tarred() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return out.getvalue()


FOLLOWED = b"\n====\nFollow: tcp,ascii\nFilter: tcp.stream eq 0\nNode 0: 127.0.0.1:36598\nNode 1: 127.0.0.1:18700\n324\n"
OF_NGREP = b"interface: lo (127.0.0.0/8)\nfilter: ( port 18700 )\n\nT 127.0.0.1:36598 -> 127.0.0.1:18700 [AP] #4\n"

KINDS = {
    "it is empty": b"",
    "zero bytes": bytes(5000),
    "zip archive": zipped(),
    "tar archive": tarred(),
    "(pcap)": b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00",
    "(pcapng)": b"\x0a\x0d\x0d\x0a\x1c\x00\x00\x00M<+\x1a",
    "picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "PDF": b"%PDF-1.7\n",
    "mitmproxy": b"15470:9:websocket;0:~8:response;",
    "tshark -z follow": FOLLOWED + STREAM,
    "ngrep printed": OF_NGREP + STREAM,
    "tcpdump printed": b"19:04:05.123456 IP localhost.36598 > localhost.18700: Flags [P.], seq 1:325, length 324\nE..x"
    + STREAM,
    "Wireshark dissected": json.dumps([{"_index": "packets-2026-11-30", "_type": "doc", "_source": {"layers": {}}}]).encode(),
    "code that nock wrote": b"\nnock('http://127.0.0.1:1', {\"encodedQueryParams\":true})\n  .post('/v1/messages', {})",
    "log of the OpenAI or": b"[log_3ffdae] sending request {\n  method: 'post',\n  url: 'http://127.0.0.1:1/v1/messages',\n",
    "or Anthropic SDK": b"[2026-11-30 21:58:53 - openai._base_client:606 - DEBUG] Building HTTP request: method=POST\n",
    "Insomnia": json.dumps({"_type": "export", "__export_format": 4, "resources": []}).encode(),
    "Hoppscotch": json.dumps({"v": 2, "name": "x", "folders": [], "requests": []}).encode(),
    "net log": json.dumps({"constants": {}, "events": []}).encode(),
    "performance trace": json.dumps({"traceEvents": []}).encode(),
    "spans of OpenTelemetry": json.dumps({"resourceSpans": []}).encode(),
    "LiteLLM's logs": json.dumps({"id": "c", "litellm_call_id": "x", "messages": [], "response": {}}).encode(),
    "runs of LangSmith": json.dumps([{"id": "x", "run_type": "llm", "inputs": {}, "outputs": {}}]).encode(),
    "observations of Langfuse": b'{"id": "x", "traceId": "y", "usageDetails": {}}\n{"id": "z", "traceId": "y"}\n',
    "OpenTelemetry, not": json.dumps(
        {"name": "chat", "context": {}, "kind": "SpanKind.CLIENT", "attributes": {}}, indent=4
    ).encode(),
    "session of Claude Code": b'{"messageId": "x", "snapshot": {}, "type": "file-history-snapshot"}\n{"sessionId": "y"}\n',
    "session of Codex": b'{"timestamp": "x", "type": "session_meta", "payload": {}}\n{"type": "event_msg", "payload": {}}\n',
    "(OpenAPI)": json.dumps({"openapi": "3.1.0", "info": {}}).encode(),
    "OpenAPI), and": b"openapi: 3.1.0\ninfo:\n",
    "body of a request": json.dumps({"model": "m", "messages": []}).encode(),
    "request (.http)": b"### ask\nPOST https://h.example/v1/messages\nx-api-key: {{key}}\n\n{}\n",
    "curl command": b"curl https://h.example/v1/messages -d '{}'",
    "run --json": json.dumps({"schema": 1, "sides": {}, "comparison": {}}).encode(),
    "read --json": json.dumps({"id": "x", "outcome": "completed", "requests": [], "timing_ms": {}}).encode(),
    "Diptych exported": b"event,ms,gap_ms,chunk,type,bytes,data\r\n1,,,1,x,9,{}\r\n",
    "that Diptych exported": b'{"event":1,"ms":null,"gap_ms":null,"chunk":1,"type":"x","bytes":9,"data":"{}"}\n',
}


@pytest.mark.parametrize("name", KINDS)
def test_a_file_is_named_for_what_it_is(name: str) -> None:
    assert name in what_it_is(KINDS[name])


def test_a_database(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "x.db") as made:
        made.execute("create table a (b)")
    made.close()
    assert "SQLite" in what_it_is((tmp_path / "x.db").read_bytes())


@pytest.mark.parametrize(
    "data",
    [
        STREAM,
        b"HTTP/1.1 200 OK\r\n\r\n" + STREAM,
        b"\xef\xbb\xbf" + STREAM,
        b"* Trying\n> POST /v1\n< HTTP/1.1 200 OK\n",
        b'{"error": {"message": "x"}}',
        b'{"type": "message", "content": [], "model": "m"}',
        b'{"object": "chat.completion", "choices": [], "model": "m"}',
        b'{"id": "r", "object": "response", "output": [], "input": []}',
        b'[{"error": {"message": "x"}}]',
        b'{"log": {"entries": []}}',
        b"<html>",
        b"curl: (28) Operation timed out",
        b"GET is not allowed here",
        b"\xff\xfed\x00a\x00t\x00a\x00",
    ],
)
def test_what_may_be_an_answer_is_not_refused(data: bytes) -> None:
    assert what_it_is(data) == ""
