"""What curl, HTTPie, wget, `ts` and PowerShell put around an answer is taken off, and what can't be read is refused."""

from __future__ import annotations

import pytest

from app.formats.capture import CaptureError
from app.formats.wrappings import unwrap, was_stopped, without_chunks
from tests.builders import messages_end, messages_start, messages_text

STREAM = messages_start() + messages_text("Hi") + messages_end()
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
REQUEST = b"POST /v1/messages HTTP/1.1\r\nHost: relay.test\r\n\r\n"
METER = (
    b"  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
    b"                                 Dload  Upload   Total   Spent    Left  Speed\n"
    b"\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0"
)
UPDATE = b"\r100  3918    0  3811  100   107   4998    140 --:--:--  0:00:01 --:--:-- 5134k"
LEFT = b"* Connection #0 to host relay.test left intact\n"


def verbose(head: bytes) -> bytes:
    """`curl -v`'s own words up to the body."""
    sent = b"".join(b"> " + line for line in REQUEST.splitlines(keepends=True))
    came = b"".join(b"< " + line for line in head.splitlines(keepends=True))
    return b"*   Trying 192.0.2.1:80...\n" + sent + b"} [107 bytes data]\n" + came + b"{ [619 bytes data]\n"


def traced(kind: bytes, data: bytes, time: bytes) -> bytes:
    """A part of `curl --trace`."""
    rows = (data[at : at + 16] for at in range(0, len(data), 16))
    lines = b"".join(
        b"%04x: %-48s%s\n" % (at * 16, row.hex(" ").encode() + b" ", b"." * len(row)) for at, row in enumerate(rows)
    )
    return time + kind + b", %d bytes (0x%x)\n" % (len(data), len(data)) + lines


def trace(time: bytes = b"") -> bytes:
    """A whole one, with bytes of TLS that are no answer."""
    parts = (
        (b"=> Send header", REQUEST),
        (b"<= Recv SSL data", b"\x17\x03\x03"),
        (b"<= Recv header", HEAD),
        (b"<= Recv data", STREAM),
    )
    return time + b"== Info:   Trying 192.0.2.1:80...\n" + b"".join(traced(kind, data, time) for kind, data in parts)


@pytest.mark.parametrize(
    ("wrapped", "left"),
    [
        (STREAM, STREAM),
        (HEAD + STREAM, HEAD + STREAM),
        (b"", b""),
        (STREAM.decode().encode("utf-16"), STREAM),
        (b"\xef\xbb\xbf" + HEAD + STREAM, HEAD + STREAM),
        (b"\xef\xbb\xbf" + STREAM, b"\xef\xbb\xbf" + STREAM),
        (METER + STREAM + UPDATE + b"\n", STREAM + b"\n"),
        (METER + STREAM[:100] + UPDATE + STREAM[100:], STREAM),
        (verbose(HEAD) + STREAM + LEFT, HEAD + STREAM),
        (verbose(HEAD).replace(b" \r\n", b"\r\n") + STREAM, HEAD + STREAM),  # pasted out of an editor
        (verbose(HEAD) + b'{"type":"message"}' + LEFT, HEAD + b'{"type":"message"}'),
        (METER + verbose(HEAD) + UPDATE + b"\n" + LEFT + STREAM, HEAD + b"\n" + STREAM),
        (trace(), HEAD + STREAM),
        (trace(b"08:02:19.811945 "), HEAD + STREAM),
        (REQUEST + b'{"model":"m"}\n\n' + HEAD + STREAM, HEAD + STREAM),
        (
            b"  HTTP/1.1 200 OK\n  content-type: text/event-stream\n" + STREAM,
            b"HTTP/1.1 200 OK\ncontent-type: text/event-stream\n\n" + STREAM,
        ),
    ],
)
def test_what_is_left_is_the_answer(wrapped: bytes, left: bytes) -> None:
    assert unwrap(wrapped) == left


@pytest.mark.parametrize(
    "time", ["08:02:33.730145", "[08:02:33]", "Nov 21 08:02:33", "2026-11-21T08:02:33.5Z", "2026-11-21 08:02:33,123"]
)
def test_times_before_each_line_are_taken_off(time: str) -> None:
    lines = b"".join(time.encode() + b" " + line for line in STREAM.splitlines(keepends=True))
    assert unwrap(lines) == STREAM


@pytest.mark.parametrize(
    "body", [b"08:02 is the time\n\n", b"data: 08:02:33 x\n\ndata: y\n\n", b"* a list\n> a quotation\n", b"1\r\nabc\r\n"]
)
def test_what_only_looks_like_it_stays(body: bytes) -> None:
    assert without_chunks(unwrap(body)) == body


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"15470:9:websocket;0:~8:response;13699:6:reason;2:OK,", "hardump"),
        (b"\xd4\xc3\xb2\xa1\x02\0\x04\0" + bytes(range(256)), "packet capture"),
        (b"\xfe\x01\x02\0\x04\0" + bytes(range(256)), "binary"),
        (b"== Info:   Trying\n<= Recv header, 17 bytes (0x11)\n0000: HTTP/1.1 200 OK\n", "--trace FILE"),
    ],
)
def test_what_holds_no_readable_answer_is_refused_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(CaptureError, match=said):
        unwrap(data)


def test_trailers_are_no_part_of_the_body() -> None:
    trailer = b"x-usage: 7\r\n"
    interim = b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n"
    shown = b"".join(b"< " + line for line in interim.splitlines(keepends=True))
    for wrapped, left in (
        (verbose(HEAD) + STREAM + b"< " + trailer + LEFT, HEAD + STREAM),
        (verbose(HEAD) + b'{"a":1}< ' + trailer + LEFT, HEAD + b'{"a":1}'),
        (trace() + traced(b"<= Recv header", trailer, b"") + traced(b"<= Recv header", b"\r\n", b""), HEAD + STREAM),
    ):
        notes: list[str] = []
        assert unwrap(wrapped, notes) == left
        assert notes == ["Behind the answer stand trailers (x-usage), which are no part of its body."]
    notes = []
    assert unwrap(shown + verbose(HEAD) + STREAM, notes) == interim + HEAD + STREAM
    twice = (
        traced(b"<= Recv header", interim, b"") + traced(b"<= Recv header", HEAD, b"") + traced(b"<= Recv data", STREAM, b"")
    )
    assert unwrap(twice + twice, notes) == (interim + HEAD + STREAM) * 2
    assert notes == []


def test_a_stray_zero_byte_is_the_answer_s() -> None:
    assert unwrap(b"data: a\0b\n\n") == b"data: a\0b\n\n"


def test_chunks_are_joined() -> None:
    framed = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in (STREAM[:100], STREAM[100:])) + b"0\r\n\r\n"
    assert without_chunks(framed) == STREAM
    assert without_chunks(framed[:-40]) == STREAM[:-33]
    assert without_chunks(STREAM) == STREAM


WGET = (
    b"--2026-11-29 10:00:00--  https://relay.test/v1/messages\nResolving relay.test... 192.0.2.1\n"
    b"Connecting to relay.test|192.0.2.1|:443... connected.\nHTTP request sent, awaiting response... \n"
)
WGET_HEAD = b"  HTTP/1.1 200 OK\n  content-type: text/event-stream\n"
SAVING = b"Length: unspecified [text/event-stream]\nSaving to: \xe2\x80\x98STDOUT\xe2\x80\x99\n\n"
SAVED = b"\n2026-11-29 10:00:02 (1.2 KB/s) - written to stdout [500]\n\n"
OUT_OF_TIME = b"curl: (28) Operation timed out after 5001 milliseconds with 100 bytes received\n"


@pytest.mark.parametrize(
    ("wrapped", "left"),
    [
        (WGET + WGET_HEAD + SAVING + STREAM + SAVED, WGET_HEAD.replace(b"\n  ", b"\n")[2:] + b"\n" + STREAM),
        (WGET + b"200 OK\n" + SAVING + STREAM, STREAM),
        (METER + UPDATE + b"\n" + HEAD + STREAM, HEAD + STREAM),
        (
            b"\x1b[34mHTTP\x1b[39;49;00m/1.1 \x1b[34m200\x1b[39;49;00m OK\na: b\n\n" + STREAM,
            b"HTTP/1.1 200 OK\na: b\n\n" + STREAM,
        ),
        (HEAD.decode().replace("\r\n", "\n").encode("utf-16"), HEAD.replace(b"\r\n", b"\n")),
        (STREAM.decode().replace("\n", "\r\n").encode("utf-16"), STREAM),  # PowerShell's line ends, not the endpoint's
        (
            b'Script started on 2026-11-29 [TERM="xterm"]\n$ curl -N x\r\n'
            + STREAM.replace(b"\n", b"\r\n")
            + b"\nScript done on x\n",
            STREAM,
        ),
        (STREAM[:200] + b"\n" + OUT_OF_TIME, STREAM[:200] + b"\n"),
        (STREAM + OUT_OF_TIME + b"\ndata: more\n\n", STREAM + OUT_OF_TIME + b"\ndata: more\n\n"),  # the endpoint's: not the end
    ],
)
def test_what_other_programs_print_around_it(wrapped: bytes, left: bytes) -> None:
    assert unwrap(wrapped) == left


@pytest.mark.parametrize(
    ("code", "said", "stopped"),
    [
        (18, "curl says how it ended: transfer closed with outstanding read data remaining (18).", False),
        (28, "curl stopped it by itself: transfer closed with outstanding read data remaining (28).", True),
    ],
)
def test_curl_s_own_error_is_the_recorder_s(code: int, said: str, stopped: bool) -> None:
    data = STREAM[:150] + b"curl: (%d) transfer closed with outstanding read data remaining\n" % code
    notes: list[str] = []
    assert unwrap(data, notes) == STREAM[:150]
    assert notes == [said]
    assert was_stopped(data) is stopped


@pytest.mark.parametrize(
    "body",
    [
        b'{"text": "curl: (6) Could not resolve host: x"}',
        b'data: {"text": "curl: (6) Could not resolve host: x"}\n\n',
        b"upstream said: curl: (7) Failed to connect",
        b"`curl: (7) Failed to connect`\n",
    ],
)
def test_an_answer_that_quotes_curl_s_error_stays(body: bytes) -> None:
    assert unwrap(HEAD + body) == HEAD + body
    assert not was_stopped(body)


def test_an_error_of_curl_alone_is_no_answer() -> None:
    with pytest.raises(CaptureError, match=r"curl got no answer: Could not resolve host: relay.test \(6\)"):
        unwrap(b"curl: (6) Could not resolve host: relay.test\n")
