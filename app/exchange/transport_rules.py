"""The rules below the protocols: framing, HTTP, delivery. Ids as in PROTOCOLS 9; F1 and on are ours.

A letter behind an id names a variant: what breaks one vendor's SDKs may pass the other's (tried with openai-python 3.57.0 and
anthropic-python 2.14.0, which reads events that have a name and skips those without).
"""

from __future__ import annotations

from app.protocols.findings import Rule, Severity, catalogue

_BREAKS, _LOSES, _NOTE = Severity.BREAKS, Severity.LOSES, Severity.NOTE

# -- framing of an event stream, and how it ends ------------------------------------------------------------------------

EVENT_CUT_OFF = Rule(
    "A6",
    _BREAKS,
    "The last event is cut off",
    "The stream ended inside an event: {count} {count:word byte|bytes}, {text}, were left behind the last blank line.",
    "The answer's last message arrived torn, so its end is lost.",
    "Both official SDKs drop an event that lacks its blank line; the final counts or the end mark are lost with it.",
    "End each event with a blank line, the last one too; look for a proxy that cuts the stream.",
)
DONE_WITHOUT_BLANK_LINE = Rule(
    "A6a",
    _NOTE,
    "The end mark lacks its blank line",
    "The stream ended with {count} {count:word byte|bytes}, {text}, without the blank line that makes an event of it. Nothing "
    "of the answer is lost.",
    "The answer is whole; only its end mark is not quite in the usual form.",
    "None: the SDKs do not need the end mark. Parsers that wait for a whole event wait until the connection closes.",
    "End `data: [DONE]` with a blank line too.",
)
TORN_AFTER_END = Rule(
    "A7",
    _BREAKS,
    "The connection broke behind the end of the answer",
    "The answer had ended, but the connection broke behind its end (cut off).",
    "The answer is complete, but the line was dropped instead of being closed, and common programs stop with an error.",
    "anthropic-python and, on Responses, openai-python read on to the end of the body and raise there (RemoteProtocolError, "
    "ReadError, APIConnectionError), so that the final message never comes.",
    "Send the terminating zero-length chunk before closing; over HTTP/2, END_STREAM with the last frame.",
    variants={
        "reset": "The answer had ended, but the connection broke behind its end (reset).",
        "http2": "The answer had ended, but the connection was closed before its HTTP/2 stream was.",
        "http2_reset": "The answer had ended, but its HTTP/2 stream was broken off behind it ({code}).",
    },
)
TORN_AFTER_DONE = Rule(
    "A7a",
    _NOTE,
    "The connection broke behind [DONE]",
    "The answer had ended with [DONE], but the connection broke behind it (cut off).",
    "The answer is complete; the line was dropped instead of being closed properly.",
    "openai-python stops reading at [DONE] and does not notice; clients that read to the end of the body raise.",
    "Send the terminating zero-length chunk before closing; over HTTP/2, END_STREAM with the last frame.",
    variants={
        "reset": "The answer had ended with [DONE], but the connection broke behind it (reset).",
        "http2": "The answer had ended with [DONE], but the connection was closed before its HTTP/2 stream was.",
        "http2_reset": "The answer had ended with [DONE], but its HTTP/2 stream was broken off behind it ({code}).",
    },
)
FILLER_INSIDE_EVENT = Rule(
    "A8",
    _BREAKS,
    "Keep-alive text inside an event",
    "A comment or text line stands inside the data of an event: {line}.",
    "Filler text was mixed into the answer and broke a message.",
    "Every SDK fails with a JSON error at this event.",
    "Write keep-alive lines only between events.",
    variants={
        "blank": "A comment or text line stands inside the data of an event: a blank line.",
    },
)
EVENT_WITHOUT_DATA = Rule(
    "A10",
    _NOTE,
    "An event without data",
    "{count:once Once|times} an event came with empty data.",
    "An empty message came; it can be ignored.",
    "The Anthropic SDKs skip it.",
    "Use a comment line (`: keep-alive`) to keep a connection alive.",
    variants={
        "no_line": "{count:once Once|times} a block came with a name but no data line ({name}).",
        "no_line_unnamed": "{count:once Once|times} a block came with an id or a time to retry, but no data line.",
    },
)
ERROR_WITHOUT_DATA = Rule(
    "A10b",
    _BREAKS,
    "An error event without data",
    "A block says `event: error` and has no data.",
    "The service reports an error without saying which.",
    "The Anthropic SDKs raise an API error without words here; clients that keep to the standard never see it.",
    'Send the error as data: `data: {{"type": "error", "error": …}}`.',
)
EVENT_WITHOUT_DATA_BREAKS = Rule(
    "A10a",
    _BREAKS,
    "An event without data, on a protocol of OpenAI's",
    "{count:once Once|times} an event came with empty data.",
    "An empty message came, and common programs stop with an error there.",
    "openai-python and openai-node make an event of it, legal as it is, and fail with a JSON error.",
    "Use a comment line (`: keep-alive`) to keep a connection alive; send no block that has no `data:` line.",
    variants={
        "no_line": "{count:once Once|times} a block came with a name but no data line ({name}).",
        "no_line_unnamed": "{count:once Once|times} a block came with an id or a time to retry, but no data line.",
    },
)
KEEPALIVE_AS_DATA = Rule(
    "C9",
    _BREAKS,
    "A keep-alive sent as data",
    "A keep-alive was sent as data instead of as a comment: {line}.",
    "A sign of life was sent as if it were part of the answer.",
    "Both OpenAI SDKs raise a JSON error at `data: : keepalive`.",
    "Send `: keep-alive` without `data:`.",
)
KEEPALIVE_AS_DATA_SKIPPED = Rule(
    "C9a",
    _NOTE,
    "A keep-alive sent as data, on Messages",
    "A keep-alive was sent as data instead of as a comment: {line}.",
    "A sign of life was sent as if it were part of the answer; it can be ignored.",
    "The Anthropic SDKs skip it as it has no event name; parsers that read the data of every event fail.",
    "Send `: keep-alive` without `data:`.",
)
BLANK_AFTER_ID = Rule(
    "C10",
    _BREAKS,
    "Blank lines after an id line",
    "A blank line that ends no event follows an `id:` line; openai-python makes an empty event of it (after event {before}, "
    "the id was {last_id}).",
    "Harmless filler trips a widely used program library.",
    "openai-python fails with a JSON error at the blank line after the comment.",
    "Don't send `id:` lines, or no comments after one.",
)
BLANK_AFTER_ID_SKIPPED = Rule(
    "C10a",
    _NOTE,
    "Blank lines after an id line, on Messages",
    "A blank line that ends no event follows an `id:` line; the Python SDK makes an event without a name of it (after event "
    "{before}, the id was {last_id}).",
    "Harmless filler; it can be ignored.",
    "The Anthropic SDKs skip events that have no name.",
)
TEXT_OUTSIDE_EVENTS = Rule(
    "C11",
    _BREAKS,
    "Text outside of any event",
    "A line of the stream has no field name, so every SDK drops it: {line}.",
    "Part of what the server said was sent in a form that programs throw away.",
    "All SDKs ignore such lines: an error in one of them looks like an empty answer.",
    'Send errors as an event: `data: {{"error": …}}`.',
    variants={
        "lines": "{count} lines of the stream have no field name, so every SDK drops them, among them: {line}.",
        "page": "A web page stands in the stream, behind {before:plural event|events}, where every SDK drops it: “{sample}”.",
        "head": "A second response head stands in the stream, behind {before:plural event|events}, where every SDK drops it "
        "with all that follows: {sample}.",
    },
)
FILLER_OUTSIDE_EVENTS = Rule(
    "C11a",
    _NOTE,
    "An empty line of text outside of any event",
    "A line of the stream has no field name, and nothing of the answer in it: “{line}”.",
    "The stream holds filler in an unusual form. The answer is not touched by it.",
    "None: all SDKs skip it.",
    "Use comment lines (`: keep-alive`), and `data: [DONE]` for the end.",
)
TEXT_BESIDE_ANSWER = Rule(
    "C11b",
    _NOTE,
    "Text outside of any event, beside a whole answer",
    "A line of the stream has no field name, so every SDK skips it: {line}. The answer came to its end all the same.",
    "The stream holds words that belong to no message. The answer is whole without them.",
    "None: all SDKs ignore such lines.",
    "Write logs and greetings elsewhere, or as comment lines (`: …`).",
    variants={
        "lines": "{count} lines of the stream have no field name, so every SDK skips them, among them: {line}. The answer "
        "came to its end all the same.",
    },
)
LINE_ENDS = Rule(
    "C14",
    _NOTE,
    "Line ends other than LF",
    "Lines end with {names:list}. That is legal, but parsers that look for two LFs wait for ever.",
    "The answer uses an unusual, but permitted, line ending.",
    "The official SDKs accept it; hand-written parsers often don't.",
)
NO_SPACE = Rule(
    "C15",
    _NOTE,
    "No space after the field's colon",
    "`data:` comes without a space. That is legal, but parsers that cut off six characters lose one.",
    "The answer leaves out an optional space.",
    "The official SDKs accept it.",
)
BYTE_ORDER_MARK = Rule(
    "F1",
    _BREAKS,
    "Byte order mark at the start",
    "The stream begins with a byte order mark (EF BB BF).",
    "Invisible characters at the start make programs lose the first message.",
    "anthropic-python and openai-python lose the first event (message_start, the role); the TypeScript SDKs strip it.",
    "Send UTF-8 without a byte order mark.",
)
BYTE_ORDER_MARK_SKIPPED = Rule(
    "F1b",
    _NOTE,
    "Byte order mark at the start, before nothing of the answer",
    "The stream begins with a byte order mark (EF BB BF). The line behind it holds nothing of the answer.",
    "Invisible characters stand in front of the answer; it is whole all the same.",
    "The Python SDKs drop the line behind it: a comment, a name that they don't go by, or a chunk with a role alone.",
)
NOT_UTF8 = Rule(
    "F2",
    _BREAKS,
    "Bytes that are not UTF-8",
    "An event holds bytes that are not UTF-8: {sample}.",
    "Some characters arrived broken.",
    "The Python SDKs raise UnicodeDecodeError, the TypeScript SDKs show U+FFFD.",
    "Don't split characters between writes that are recoded; send UTF-8.",
)
DOCUMENT_NOT_UTF8 = Rule(
    "F2a",
    _BREAKS,
    "A document that is not UTF-8",
    "The document holds bytes that are not UTF-8: {sample}.",
    "Some characters arrived broken, and common programs stop with an error there.",
    "The Python SDKs raise UnicodeDecodeError, whatever charset the head names; the TypeScript SDKs show U+FFFD.",
    "Send JSON in UTF-8.",
)
DOCUMENT_BYTE_ORDER_MARK = Rule(
    "F1a",
    _NOTE,
    "Byte order mark before a document",
    "The document begins with a byte order mark (EF BB BF).",
    "Invisible characters stand in front of the answer; most programs skip them.",
    "httpx (under both Python SDKs) and fetch strip it; strict JSON parsers fail.",
    "Send UTF-8 without a byte order mark.",
)
KEEPALIVE_COMMENTS = Rule(
    "F3",
    _NOTE,
    "Keep-alive comments between the events",
    "{count:plural comment line|comment lines} kept the connection alive.",
    "The server sends signs of life while it works.",
)
OPEN_AFTER_DONE = Rule(
    "F5",
    _NOTE,
    "The connection stayed open after [DONE]",
    "The stream had ended with [DONE], but the connection was not closed and nothing more came ({reason}).",
    "The answer was complete, but the line was kept busy.",
    "openai-python stops reading at [DONE]; clients that wait for the end of the body hang until their time limit.",
    "Close the response after the last event.",
)
OPEN_AFTER_END = Rule(
    "F5a",
    _BREAKS,
    "The connection stayed open after the end",
    "The stream had ended, but the connection was not closed and nothing more came ({reason}).",
    "The answer was complete, but the line stayed open, so common programs wait on and then stop with an error.",
    "anthropic-python and, on Responses, openai-python read on until the body ends: the final message comes never, after "
    "their time limit (10 minutes) they raise ReadTimeout.",
    "Close the response after the last event.",
)

# -- HTTP ---------------------------------------------------------------------------------------------------------------

OTHER_FORM = Rule(
    "C13",
    _BREAKS,
    "Stream and document mixed up",
    "One document was asked for, an event stream came.",
    "The server answered in another form than the one asked for.",
    "The SDKs yield an empty stream, silently (Python) or with an error (TypeScript).",
    "Let the relay decide by the request's `stream` field alone.",
    variants={
        "document": "A stream was asked for, one document came.",
        "lines": "A stream was asked for, lines of JSON without `data:` came.",
    },
)
COMPRESSED = Rule(
    "H2",
    _NOTE,
    "The stream is compressed",
    "The event stream has content-encoding {encoding}; compression usually collects events before it lets them go.",
    "The answer was compressed on the way, which can delay it.",
    "The SDKs decode gzip and deflate; a client that did not ask for {encoding} can't read it.",
)
PACKED_UNASKED = Rule(
    "H2a",
    _BREAKS,
    "Packed in a way that was not asked for",
    "The body is packed with {encoding}, which the request did not ask for.",
    "The answer was packed in a way that common programs can't unpack.",
    "The Python SDKs ask for gzip and deflate alone, take what is packed otherwise for text, and raise UnicodeDecodeError. "
    "Node's fetch reads br, and not zstd.",
    "Pack with what Accept-Encoding names, or not at all; a relay must undo its upstream's content-encoding.",
)
CONTENT_TYPE = Rule(
    "H3",
    _NOTE,
    "Unusual content type",
    "The stream is good, but its content type is {content_type} instead of text/event-stream.",
    "The server labels its answer wrongly; most programs don't mind.",
    "The official SDKs don't check it; browsers' EventSource and some proxies do.",
    "Send `content-type: text/event-stream`.",
    variants={
        "missing": "The stream is good, but its content type is missing instead of text/event-stream.",
    },
)
WEB_PAGE = Rule(
    "H4",
    _BREAKS,
    "A web page instead of an answer",
    "Status {status} came with an HTML page: the base URL leads to a web site, a login page or a challenge.",
    "The address leads to a web page, not to the service.",
    "Streams are empty without an error in both Python SDKs; unstreamed calls return a string.",
    "Check the base URL: the API often lives under /v1 or on another host.",
)
ERROR_WITH_200 = Rule(
    "H5",
    _BREAKS,
    "An error with status 200",
    "The body is an error, but the status is 200: {message}.",
    "The server reports a failure as if it were a success.",
    "The SDKs raise nothing: streams are empty, unstreamed answers have missing fields.",
    "Send errors with their own status.",
)
REDIRECT = Rule(
    "H7",
    _NOTE,
    "A redirect",
    "The endpoint redirects to {location}. Diptych does not follow it: the key stays with the host it was meant for.",
    "The address has moved.",
    "A 301 or 302 turns POST into GET in many clients (then 405); a redirect to another host loses the key.",
    "Use the final address as base URL.",
)
MODEL_NAMED_OTHERWISE = Rule(
    "H11",
    _NOTE,
    "The model has another name",
    "The answer names another model than was asked for: {answered} instead of {asked}. Routers, pointers and deployment names "
    "do that too.",
    "The answer names the model otherwise than it was chosen.",
    "",
    "Ask the endpoint's operator which model serves this name.",
    variants={
        "same": "The answer names the same model otherwise than it was asked for, as relays do with those of their upstreams:"
        " {answered} for {asked}.",
    },
)
OTHER_MODEL = Rule(
    "H11a",
    _LOSES,
    "Another model answered",
    "Another model answered than was asked for: {answered} instead of {asked}.",
    "A different model did the work than the one that was chosen.",
    "SDKs don't compare: quality, price and limits are those of another model.",
    "Ask the endpoint's operator; compare prices and limits with those of the model that was paid for.",
)
ENCODING_BROKEN = Rule(
    "F4",
    _BREAKS,
    "The content encoding can't be undone",
    "The body can't be decoded: {reason}.",
    "The answer was packed in a way that can't be unpacked.",
    "httpx (under both Python SDKs) raises DecodingError, Node's fetch throws `terminated`.",
    "Send the body as it is labelled, or without content-encoding.",
)
ENCODING_UNKNOWN = Rule(
    "F4a",
    _NOTE,
    "An unknown content encoding",
    "The head has content-encoding {encoding}, which names no encoding; the body was read as it came, as the SDKs do.",
    "The answer carries a label that means nothing. It was read all the same.",
    "httpx and Node's fetch ignore a name they do not know; strict clients refuse the answer.",
    "Leave content-encoding out where the body is not packed.",
)
ENCODING_CUT_OFF = Rule(
    "F4b",
    _NOTE,
    "The packed data is cut off",
    "The packed body lacks its end: {reason}. What is lost with it is told by the other findings.",
    "The packed answer has no proper end.",
    "httpx (under both Python SDKs) takes it for the end, without a word; Node's fetch may throw.",
    "Finish the compressed data before the response ends; look for a proxy that cuts the stream.",
)
GZIP_MEMBERS = Rule(
    "F4c",
    _BREAKS,
    "Packed in several pieces",
    "The body is {count} gzip members in a row. That is legal, but httpx reads the first and drops the rest.",
    "The answer was packed piece by piece, and common programs read the first piece only.",
    "openai-python and anthropic-python end after the first member, without an error. Node's fetch reads all.",
    "Flush one gzip stream after each event, and don't begin a new one.",
)
GZIP_OLD_NAME = Rule(
    "F4d",
    _BREAKS,
    "An old name of gzip",
    "The head has content-encoding {encoding}, an old name of gzip.",
    "The answer was packed under a name that common programs do not know.",
    "httpx (under both Python SDKs) does not know it and hands over the packed bytes. Node's fetch reads it.",
    "Send `content-encoding: gzip`.",
)
ENCODING_BESIDE = Rule(
    "F4e",
    _BREAKS,
    "A name that is no encoding beside one that is",
    "The head has content-encoding {encoding}, of which one part names no encoding; the rest was undone.",
    "The answer was packed under a name that some programs do not know.",
    "Node's fetch unpacks nothing where one of the names is unknown to it, `identity` too: the TypeScript SDKs get the packed"
    " bytes. httpx, under the Python SDKs, passes over the name and unpacks.",
    "Name the encodings that the body has, and no others.",
)
ENCODING_TRAILED = Rule(
    "F4f",
    _NOTE,
    "Bytes behind the packed data",
    "The body was unpacked, but {reason}.",
    "Something stands behind the end of the packed answer. It was read without that.",
    "httpx (under both Python SDKs) passes over them; in Node's fetch the body may never end.",
    "End the body where the packed data ends.",
)
HEAD_TOO_LARGE = Rule(
    "F13",
    _LOSES,
    "A head that Node's fetch refuses",
    "The names and values of the response head are {count} bytes; Node's fetch takes less than 16,384.",
    "The answer came with so long a head that some programs refuse it.",
    "The TypeScript SDKs raise APIConnectionError (Headers Overflow Error). httpx, under the Python SDKs, reads it.",
    "Leave out what clients don't need: traces, policies, cookies of a gateway.",
)
PACKED_UNLABELLED = Rule(
    "F7",
    _BREAKS,
    "Packed, but not labelled so",
    "The body is {encoding} data, but the head has no content-encoding.",
    "The answer was packed without saying so, and programs can't read it.",
    "The SDKs take the packed bytes for the answer: streams are empty, documents no JSON.",
    "Send `content-encoding` with the packed body, or the body as it is.",
)
KEY_ECHOED = Rule(
    "F8",
    _LOSES,
    "The endpoint repeats the key",
    "The key that was sent came back in the head of the answer.",
    "The service wrote your key into its answer, so it can end up on screens and in logs. Treat it as known to others.",
    "No SDK notices: whatever shows or stores the answer shows and stores the key.",
    "Replace the key; ask the endpoint's operator why it echoes credentials.",
    variants={
        "body": "The key that was sent came back in the body of the answer.",
        "both": "The key that was sent came back in the head and the body of the answer.",
    },
)
STATUS_UNUSUAL = Rule(
    "F9",
    _NOTE,
    "An unusual status",
    "The answer came with status {status}; the protocol has 200.",
    "The service labels its success in an unusual way; most programs don't mind.",
    "The official SDKs take any 2xx; clients that compare with 200 treat it as a failure.",
    "Answer with status 200.",
)
PLAIN_TEXT = Rule(
    "F10",
    _BREAKS,
    "Plain text instead of an answer",
    "Status {status} with “{text}”: neither JSON nor an event stream.",
    "What came back is not an answer that programs can read.",
    "Streams are empty without an error in the Python SDKs; unstreamed calls return a string or raise a JSON error.",
    "Check the base URL; a proxy's or a health page often answers in plain text.",
    variants={"binary": "Status {status} with {kind}: neither JSON nor an event stream."},
)
FRAMING_NODE_REFUSES = Rule(
    "F11",
    _BREAKS,
    "Framing that Node's fetch refuses",
    "The head has both Content-Length and Transfer-Encoding: chunked; the chunks were read.",
    "The answer breaks the rules of HTTP in a way that some programs forgive, and others refuse.",
    "The TypeScript SDKs raise APIConnectionError, or `terminated` within the body: Node's fetch refuses the answer. httpx,"
    " under the Python SDKs, reads it.",
    "The relay must write the framing of its answers itself, and not copy its upstream's Content-Length or an answer 100.",
    variants={
        "continue": "A response 100 came before the answer, though the request did not ask for one.",
        "length_twice": "The head has two headers Content-Length; both say the same.",
        "length_list": "The head says the body's length twice in one header Content-Length.",
        "line_feed": "Header lines end with LF alone, without CR.",
        "control": "A header's value holds a control character.",
        "version": "The status line names a version of HTTP/1 that there is not.",
        "chunk_blank": "A blank stands between the size of a chunk and the end of its line.",
    },
)
AWS_FRAMES = Rule(
    "F12",
    _BREAKS,
    "AWS event-stream frames instead of server-sent events",
    "The stream is {count:plural frame|frames} of application/vnd.amazon.eventstream, as Bedrock sends them. They were "
    "unwrapped and read.",
    "The answer came in the packaging of another service, which programs for this protocol can't open.",
    "The SDKs find no event in it: streams are empty, with or without an error.",
    "The relay must unwrap Bedrock's frames and send what is in them as server-sent events.",
    variants={
        "broken": "The stream is frames of application/vnd.amazon.eventstream, as Bedrock sends them; {count} of them were "
        "unwrapped and read, then {reason}.",
    },
)
PACKED_AS_TEXT = Rule(
    "F7a",
    _BREAKS,
    "Packed data that was taken for text",
    "The body holds gzip data that was decoded as UTF-8: its bytes are destroyed and can't be brought back.",
    "The answer was packed, and somebody on the way took the packed bytes for text.",
    "No SDK can read it.",
    "The relay must undo its upstream's content-encoding before it reads the body, or ask for it unpacked.",
    variants={
        "latin_1": "The body holds gzip data that was decoded as Latin-1 and encoded as UTF-8.",
    },
)
STREAM_WITH_ERROR_STATUS = Rule(
    "F6",
    _BREAKS,
    "An event stream that carries an error status",
    "Status {status} came with an event stream instead of an error document.",
    "The failure was reported in an unusual form.",
    "The SDKs raise by status, but can't read the error's type and message.",
    "Send a JSON error body with an error status.",
)
RULES = catalogue(globals())
