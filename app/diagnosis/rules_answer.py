"""Rules for answers that began well and did not end so: errors with status 200, empty, cut, silent; and the last rows."""

from __future__ import annotations

from app.diagnosis import actions
from app.diagnosis.model import Rule
from app.recording import WireErrorCode as Wire
from app.sse import Oddity

ANSWERS = (
    # -- an error in place of an answer -------------------------------------------------------------------------------
    Rule("answer-in-other-protocol", lambda f: f.ok and f.other_protocol,
        "The answer is written in {f.other_protocol_title}, though {f.protocol_title} was asked for.",
        "Choose {f.other_protocol_title}, or check the path in the base URL.",
        actions.protocol(lambda f: f.other_protocol)),
    Rule("error-in-stream", lambda f: f.ok and f.error and f.is_stream,
        "{f.quoted}: with these words {f.host} broke off its stream, {f.came}.",
        "Run it again. What had come is kept; the official SDKs raise an error here or drop it silently."),
    Rule("error-captured", lambda f: f.captured and f.error,
        "{f.quoted}: with these words the endpoint reports an error.",
        "Read the endpoint's words; whether the status said so too is not in the file."),
    Rule("error-with-200", lambda f: f.ok and f.error,
        "{f.quoted}: with these words {f.host} reports an error, though the status is {f.status}.",
        "Treat it as the error it is. The official SDKs raise nothing here, so your program would get an empty answer."),
    # -- nothing ------------------------------------------------------------------------------------------------------
    Rule("no-content", lambda f: f.status in (204, 205),
        "{f.host} says that there is no content (status {f.status}): the request went somewhere, but no model answered.",
        "Check the path in the base URL."),
    Rule("content-encoding", lambda f: f.ok and f.exchange.encoding_error,
        "The answer is labelled as packed with {f.recording.content_encoding}, but can't be unpacked.",
        "A proxy on the way labels or packs it wrongly; ask for it unpacked.",
        actions.header(lambda _: "Accept-Encoding=identity", "Ask for it unpacked")),
    Rule("empty", lambda f: f.ok and f.body_blank and not f.code,
        "{f.host} answered with status {f.status} and an empty body.",
        "Check the base URL; if it is right, a relay lost its upstream's answer: run it again, and look at the relay's log."),
    # -- the wrong form -----------------------------------------------------------------------------------------------
    Rule("stream-unframed", lambda f: f.ok and f.is_stream and not f.events and f.unframed,
        "The stream holds no event, only text that every SDK drops: “{f.unframed}”.",
        "Read that text: it is usually the relay's error. The relay should send it as an event."),
    # -- streams that were torn ---------------------------------------------------------------------------------------
    Rule("silence-without-event", lambda f: f.ok and f.code == Wire.SILENCE_TIMEOUT and not f.events,
        "{f.host} began its answer and then was silent {f.waited}, {f.came}.",
        "Run it again; a proxy that holds the stream back, or a relay that waits for its upstream, looks like this.",
        actions.longer("silence_s")),
    Rule("silence", lambda f: f.ok and f.code == Wire.SILENCE_TIMEOUT,
        "{f.host} fell silent {f.came}: nothing came {f.waited}.",
        "What had come is kept. Run it again, or allow a longer silence: models that think long may send nothing meanwhile.",
        actions.longer("silence_s")),
    Rule("total-timeout-keepalives",
        lambda f: f.ok and f.code == Wire.TOTAL_TIMEOUT and f.contentless_s > (f.waited_s or 0) / 2,
        "{f.host} sent no content {f.contentless}, only keep-alives, until the time limit for the whole run was reached"
        " {f.came}.",
        "What had come is kept. A relay that lost its upstream looks like this: run it again, and tell its operator if it"
        " stays.",
        actions.longer("total_s")),
    Rule("total-timeout", lambda f: f.ok and f.code == Wire.TOTAL_TIMEOUT,
        "The time limit for the whole run was reached {f.came}; it had run {f.waited}.",
        "What had come is kept. Raise the total time limit of the profile, or ask for fewer tokens.",
        actions.longer("total_s")),
    Rule("too-large", lambda f: f.code == Wire.TOO_LARGE,
        "The answer reached the size limit of this side: {f.size} came and were kept, then the connection was closed.",
        "Ask for fewer tokens, or raise the limit in the settings. No model writes that much: the endpoint may be broken."),
    Rule("reset-in-answer", lambda f: f.ok and f.code in (Wire.RESET, Wire.SEND),
        "The connection was reset {f.came}.",
        "What had come is kept. Run it again; if it always breaks after the same time, a proxy's time limit is the reason."),
    Rule("cut-in-answer", lambda f: f.ok and f.code == Wire.CUT,
        "The connection was closed {f.came}, before the answer was whole.",
        "What had come is kept. Run it again; if it always breaks after the same time, a proxy's time limit is the reason."),
    Rule("not-http-in-answer", lambda f: f.status and f.code == Wire.NOT_HTTP,
        "The answer breaks the rules of HTTP {f.came}: {f.wire_message}.",
        "What had come is kept. A proxy or a home-made server on the way is the usual reason."),
    # -- streams that ended well, but too early -----------------------------------------------------------------------
    Rule("stream-only-comments", lambda f: f.ok and f.is_stream and not f.events and f.exchange.parser.counts[Oddity.COMMENT],
        "The stream ended after signs of life alone, without a single event.",
        "The relay lost its upstream's answer: run it again, and look at the relay's log."),
    Rule("stream-without-event", lambda f: f.ok and f.is_stream and not f.events,
        "The stream ended without a single whole event ({f.size} came).",
        "Run it again. If it stays, look at what came under Raw."),
    Rule("stream-unfinished", lambda f: f.ok and f.is_stream,
        "The stream ended {f.came}, without its {f.end_word}: the answer is cut off, though the connection was closed"
        " properly.",
        "Run it again. Many relays hide a broken upstream like this; the official SDKs take the half answer for a whole one."),
    # -- documents ----------------------------------------------------------------------------------------------------
    Rule("document-cut", lambda f: f.ok and f.body_start.startswith(("{", "[")) and f.document is None,
        "The answer begins as JSON, but is not whole or not valid ({f.size} came).",
        "Run it again. If it stays, a proxy cuts answers, or the server writes broken JSON: look at Raw."),
    Rule("document-odd", lambda f: f.ok and f.document is not None,
        "The answer is JSON, but not an answer in {f.protocol_title}: it begins “{f.body_start}”.",
        "Check the path in the base URL and the protocol."),
    Rule("document-text", lambda f: f.ok,
        "The answer is plain text, not JSON: it begins “{f.body_start}”.",
        "Check the path in the base URL: it may be that of a status page."),
    # -- the last rows ------------------------------------------------------------------------------------------------
    Rule("status-unknown-page", lambda f: f.status and f.page,
        "{f.edge} answers for {f.host} with a web page {f.title} (status {f.status}).",
        "Check the base URL; the page itself is under Raw."),
    Rule("status-unknown", lambda f: f.status and f.message,
        "{f.quoted}: with these words {f.host} refuses the request (status {f.status}).",
        "Read the endpoint's words; its documentation says what they mean."),
    Rule("status-unknown-silent", lambda f: f.status,
        "{f.host} answers with status {f.status} and says no more.",
        "Check the base URL and the request; the response head is under Raw."),
    Rule("empty-capture", lambda f: not f.address.host and not f.status,
        "There is nothing in this capture.",
        "Save the answer anew, and look at what curl says: an empty file is what a failed request leaves behind."),
    Rule("wire-unknown", lambda f: True,
        "The exchange ended {f.came}, and nothing says why. {f.wire_message}",
        "Run it again. If it comes back, please report it with this run saved to a file."),
)  # fmt: skip
