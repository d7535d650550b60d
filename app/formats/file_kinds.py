"""Says what a file is that is no captured answer: the text of an error, with what to do instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from app.text.json_text import decode_json
from app.text.sentences import message, tr

_START_BYTES = 4096
_SAVE = "save the answer with `curl -iN`, or the call as HAR"
_PICTURE = message(f"this is a picture: {_SAVE}")
_ARCHIVE = "unpack it, and read what is in it"
_FIRST_OBJECT = re.compile(rb"^(?:data: ?)?(\{[^\r\n]*\})[ \t]*\r?$", re.MULTILINE)
_FOREIGN_BYTES = 1 << 16
_CAPTURE = "in Wireshark, follow the stream and save it as raw, or export the HTTP objects; of TLS it holds no text"
_PACKETS = "record with tcpflow, which writes a file of each direction, or save the call as HAR"

# A curl command behind a shell's prompt, up to its end: a line break outside of quotes that is not escaped.
TYPED_CURL = (
    rb"\s*(?:[^\n'\"]{0,80}?[$#%>] +)?curl(?:\.exe)? +"
    rb"(?:[^'\"\\\n^`]|[\\^`](?:\r?\n|.)|'[^']*'|\"(?:[^\"\\]|\\.)*\")*+(?:\r?\n|\Z)"
)

# How binary files begin, and what they are.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"SQLite format 3\0", message(f"this is a database (SQLite), of a browser or a program: {_SAVE}")),
    (b"\xd4\xc3\xb2\xa1", message(f"this is a packet capture (pcap): {_CAPTURE}")),
    (b"\xa1\xb2\xc3\xd4", message(f"this is a packet capture (pcap): {_CAPTURE}")),
    (b"\x4d\x3c\xb2\xa1", message(f"this is a packet capture (pcap): {_CAPTURE}")),
    (b"\xa1\xb2\x3c\x4d", message(f"this is a packet capture (pcap): {_CAPTURE}")),
    (b"\x0a\x0d\x0d\x0a", message(f"this is a packet capture (pcapng): {_CAPTURE}")),
    (b"DIPTYCH", message("this is a run of a newer Diptych, whose format this one does not know")),
    (b"PK\x03\x04", message(f"this is a zip archive: {_ARCHIVE}")),
    (b"PK\x05\x06", message("this is a zip archive with nothing in it")),
    (b"7z\xbc\xaf\x27\x1c", message(f"this is a 7z archive: {_ARCHIVE}")),
    (b"Rar!\x1a\x07", message(f"this is a rar archive: {_ARCHIVE}")),
    (b"\xfd7zXZ\0", message(f"this is packed with xz: {_ARCHIVE}")),
    (b"BZh", message(f"this is packed with bzip2: {_ARCHIVE}")),
    (b"\x89PNG\r\n\x1a\n", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"%PDF-", message(f"this is a PDF: {_SAVE}")),
    (b"\x7fELF", message("this is a program, not an answer")),
    (b"MZ\x90", message("this is a program, not an answer")),
    (b"PAR1", message(f"this is a table (Parquet): {_SAVE}")),
    (b"bplist00", message(f"this is a property list: {_SAVE}")),
)

# How texts begin.
_TEXTS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (
        re.compile(rb"\d+:\d+:[a-z_]+;"),
        message("these are mitmproxy's flows: write them as HAR with `mitmdump -nr FILE --set hardump=FILE.har`"),
    ),
    (
        re.compile(rb"\s*=+\r?\nFollow: (?:tcp|http|http2|tls),"),
        message(
            "this is what `tshark -z follow` printed, both directions in one, with the lengths of the pieces between: keep"
            " the answer alone with `tshark -r FILE --export-objects http,FOLDER`"
        ),
    ),
    (
        re.compile(rb"(?:interface: [^\n]*\n|filter: [^\n]*\n|#*\n)*T \S+:\d+ -> \S+:\d+ \[[A-Z]+\]"),
        message(f"this is what ngrep printed, packets of both directions: {_PACKETS}"),
    ),
    (
        re.compile(rb"(?:tcpdump: [^\n]*\n|\s*\d+ )*\d\d:\d\d:\d\d\.\d{6} (?:\S+ +\S+ +)?IP6? [^\n]* > [^\n]*: Flags \["),
        message(f"this is what tcpdump printed, packets of both directions: {_PACKETS}"),
    ),
    (
        re.compile(rb"\s*nock\('"),
        message("this is code that nock wrote: record with its option `output_objects`, and save that as JSON"),
    ),
    (
        re.compile(
            rb"\[log_[0-9a-f]{6}[\],]|\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d - (?:openai|anthropic)\.[\w.]+:\d+ - "
            rb"|DEBUG:(?:openai|anthropic|httpcore)[\w.]*:(?!.*\n(?:data|event):)",
            re.DOTALL,
        ),
        message(f"this is a log of the OpenAI or Anthropic SDK, in which no answer stands as it came: {_SAVE}"),
    ),
    (
        re.compile(rb"\s*\[?(?:(?:Parsed)?ChatCompletion\w*|(?:Raw|Parsed)?(?:Message|Content|Response)\w*|\w+Event)\(\w+="),
        message(
            "these are objects as Python prints them, which can't be read again: print `event.model_dump_json()`, one a line,"
            f" or {_SAVE}"
        ),
    ),
    (
        re.compile(rb"\s*\[?\s*\{\s*(?:id|type|object): ['\"\w]"),
        message(
            "these are objects as Node prints them, which leaves parts out: print `JSON.stringify(event)`, one a line, or"
            f" {_SAVE}"
        ),
    ),
    (
        re.compile(rb"(?:#[^\n]*\n|\s)*(?:GET|POST|PUT) https?://\S+[ \t]*\r?\n"),
        message(f"this is a request (.http), not an answer: send it, and {_SAVE}"),
    ),
    (
        re.compile(rb"(?:" + TYPED_CURL + rb")+\Z", re.DOTALL),
        message("this is a curl command, not an answer: run it with -iN into a file, or make an endpoint of it in the window"),
    ),
    (
        re.compile(rb"(?:#[^\n]*\n|\s)*(?:openapi|swagger): *[\"']?\d"),
        message(f"this describes an API (OpenAPI), and is no answer: {_SAVE}"),
    ),
    (
        re.compile(rb"# [^\n]+\n.*?\n## [^\n]+\n.*?\n```", re.DOTALL),  # as our own issues and reports are
        message(f"this is Markdown, in which at most pieces of an answer stand: {_SAVE}"),
    ),
    (
        re.compile(rb"type: collection\.insomnia\.rest"),
        message(f"this is a collection of Insomnia, which holds no answers: {_SAVE}"),
    ),
    (
        re.compile(rb"(?:side,round,)?event,ms,gap_ms,chunk,type,bytes,data(?:,answer)?\r?\n"),
        message("these are events that Diptych exported: save the run itself to read it"),
    ),
    (
        re.compile(rb'(?:\{"schema":1,"events":\[\s*)?\{(?:"side":[^,]*,"round":\d+,)?"event":1,"ms":[^,]*,"gap_ms":'),
        message("these are events that Diptych exported: save the run itself to read it"),
    ),
)


def _has(*names: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(name in value for name in names)


def _is_request(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and ("messages" in value or "input" in value)
        and not {"choices", "output", "content", "type", "object", "error"} & set(value)
    )


def _is_packets(value: Any) -> bool:
    match value:
        case [{"_index": str(), "_source": {"layers": dict()}}, *_]:
            return True
    return False


def _is_transcript(value: Any) -> bool:
    """Any line that a session of Claude Code can begin with."""
    marks = ({"sessionId", "uuid"}, {"sessionId", "operation"}, {"messageId", "snapshot"}, {"summary", "leafUuid"})
    return isinstance(value, dict) and any(names <= value.keys() for names in marks)


# What programs write as JSON, told by the names in it.
_DOCUMENTS: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (_is_packets, message(f"these are packets that Wireshark dissected: {_CAPTURE}")),
    (_has("_type", "resources"), message(f"this is an export of Insomnia, which holds requests: {_SAVE}")),
    (_has("folders", "requests"), message(f"this is a collection of Hoppscotch, which holds requests: {_SAVE}")),
    (_has("constants", "events"),
        message("this is Chromium's net log, which has no bodies: export HAR from the developer tools")),
    (_has("traceEvents"), message("this is a performance trace: export HAR from the developer tools")),
    (_has("resourceSpans"), message(f"these are spans of OpenTelemetry, not the bytes of an answer: {_SAVE}")),
    (_has("resourceLogs"), message(f"these are logs of OpenTelemetry, not the bytes of an answer: {_SAVE}")),
    (_has("litellm_call_id"), message(f"these are LiteLLM's logs, with answers as LiteLLM put them together: {_SAVE}")),
    (_has("run_type", "inputs"), message(f"these are runs of LangSmith, not the bytes of an answer: {_SAVE}")),
    (_has("traceId", "usageDetails"), message(f"these are observations of Langfuse, not the bytes of an answer: {_SAVE}")),
    (_has("context", "kind", "attributes"), message(f"these are spans of OpenTelemetry, not the bytes of an answer: {_SAVE}")),
    (_is_transcript, message(f"this is a session of Claude Code, in which an answer stands in pieces of its own: {_SAVE}")),
    (_has("type", "payload"), message(f"this is a session of Codex, in which no answer stands as it came: {_SAVE}")),
    (_has("openapi", "info"), message(f"this describes an API (OpenAPI), and is no answer: {_SAVE}")),
    (_has("swagger", "info"), message(f"this describes an API (OpenAPI), and is no answer: {_SAVE}")),
    (_has("schema", "sides", "comparison"),
        message("this is what `diptych run --json` printed: keep the run with --save to read it")),
    (_has("outcome", "requests", "timing_ms"),
        message("this is what `diptych read --json` printed: read the file that it was made of")),
    (_has("custom_id", "body"), message(f"these are requests of a batch, not answers: {_SAVE}")),
    (_is_request, message(f"this is the body of a request, not an answer: send it, and {_SAVE}")),
)  # fmt: skip


# Answers of APIs that are none of ours, told by the names in their first object.
_FOREIGN: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (
        lambda value: _has("model", "created_at", "done")(value),
        message("is an answer of Ollama's own API, which is not read: ask the same server under /v1/chat/completions"),
    ),
    (
        _has("candidates"),
        message("is an answer of Gemini's own API, which is not read: ask the same host under /v1beta/openai/chat/completions"),
    ),
    (
        lambda value: _has("output", "stopReason")(value) or _has("contentBlockDelta")(value),
        message("is an answer of Bedrock's Converse API, which is not read"),
    ),
    (
        lambda value: _has("object", "data")(value) and value["object"] == "list",
        message("is a list (of models, embeddings), no answer"),
    ),
)


def foreign_answer(body: bytes) -> str:
    """Whose answer a body is where it is surely another API's, as the rest of a sentence on the file; "" else."""
    first = next((found[1] for found in _FIRST_OBJECT.finditer(body[:_FOREIGN_BYTES])), b"")
    for text in (body.strip(), first):
        with suppress(ValueError):
            value = decode_json(text)
            value = value[0] if isinstance(value, list) and value else value
            if said := next((said for is_one, said in _FOREIGN if is_one(value)), ""):
                return tr(said)
    return ""


def what_it_is(data: bytes) -> str:
    """What a file is where it is surely no capture, and what to do, as a clause; "" for all that may be one.

    The beginning of the file is enough, but for a JSON document, which has to be whole.
    """
    start = data[:_START_BYTES]
    if not start:
        return tr("it is empty")
    if not start.strip(b"\0"):
        return tr(f"there are only zero bytes in it: {_SAVE}")
    if found := next((said for magic, said in _MAGIC if start.startswith(magic)), ""):
        return tr(found)
    if start[257:262] == b"ustar":
        return tr(f"this is a tar archive: {_ARCHIVE}")
    if found := next((said for pattern, said in _TEXTS if pattern.match(start.removeprefix(b"\xef\xbb\xbf"))), ""):
        return tr(found)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        text = data.removeprefix(b"\xef\xbb\xbf")
        for one in (text, text.lstrip().partition(b"\n")[0]):  # or of its first line, where each is a document
            with suppress(ValueError):
                value = decode_json(one)
                first = value[0] if isinstance(value, list) and value else None
                return next((tr(said) for is_one, said in _DOCUMENTS if is_one(value) or is_one(first)), "")
    return ""
