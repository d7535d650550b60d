"""Rules for answers that began well and did not end so: errors with status 200, empty, cut, silent; and the last rows."""

from __future__ import annotations

import re

from app.diagnosis import changes, offers, phrases
from app.diagnosis.facts import Facts
from app.diagnosis.model import Rule
from app.diagnosis.wording import CAME, LATER, PAGE_TITLE, RERUN, SILENCE, WAITED
from app.exchange.end_flaw import EndFlaw
from app.exchange.transport_rules import PACKED_AS_TEXT, PACKED_UNLABELLED
from app.protocols.any.rules import BYTES_WRAPPED
from app.protocols.ends import end_word
from app.protocols.messages.rules import NO_MESSAGE_START, WRAPPED
from app.recording.records import EndReason
from app.recording.records import WireErrorCode as Wire
from app.stream.sse import Oddity
from app.text.binary import AWS_FRAMES

_CALL_FAILED = re.compile(r"(?:function|tool)_(?:call|use)", re.IGNORECASE)
# A prompt that is too long, for example: llama-cpp-python notices it when it has sent the head of a stream already.
_ASK_WHOLE = "Run it again without streaming, where servers can still say what is wrong, or look at the server's log."


def _is_cut(f: Facts) -> bool:
    """A body that begins as JSON and has no end: no bracket that closes the first."""
    return not bytes(f.exchange.decoded.data[-64:]).rstrip().endswith((b"}", b"]"))


def _server_failed(f: Facts) -> bool:
    """An error inside a stream that stands for a status of 500 or more: no word on the request."""
    return f.in_stream and bool(f.error.message) and f.error.told_status >= 500


# An answer in spite of its status, and what a server wrote into a running one that is no part of it: that comes before all
# that the words may be taken for.
FOREIGN = (
    Rule("answer-with-error-status", lambda f: f.status >= 400 and f.body.is_answer,
        "{host:or The endpoint} answers with status {status}, though what it sends is an answer and no error.",
        "The relay sets a wrong status: tell its operator. The official SDKs go by the status and raise an error, so that the"
        " answer is lost."),
    Rule("head-in-stream", lambda f: f.ok and f.stray.head,
        "A server on the way wrote a second response ({stray_head}) into the running answer, after"
        " {events_before_stray:plural event|events}{message:if : {message:quoted}}.",
        "That is why the answer breaks off: the relay lost its upstream when it had begun, and hides it from every SDK. Run it"
        " again; if it stays, tell the relay's operator.",
        actions=offers.RUN),
    Rule("page-in-stream-timeout", lambda f: f.ok and f.stray.page_status in (408, 504),
        "A server on the way timed out after {events_before_stray:plural event|events} and wrote its error page into"
        " the running answer: {stray_page:quoted}.",
        "What had come is kept. The operator of {host:or the endpoint} has to raise that server's time limit for reading"
        " (nginx:"
        " proxy_read_timeout), or send signs of life meanwhile. Run it again, and ask for fewer tokens.",
        actions=offers.RUN),
    Rule("page-in-stream", lambda f: f.ok and f.stray.page,
        "A server on the way wrote a web page into the answer, after {events_before_stray:plural event|events}:"
        " {stray_page:quoted}.",
        "What had come is kept. The relay lost the server behind it, and hides it from every SDK: run it again; if it"
        " stays, tell"
        " the relay's operator.",
        actions=offers.RUN),
)  # fmt: skip

ANSWERS = (
    # -- an error in place of an answer -------------------------------------------------------------------------------
    Rule("answer-in-other-protocol", lambda f: f.ok and f.other_protocol,
        "The answer is written in {other_protocol}, though {protocol} was asked for.",
        "Choose {other_protocol}, or check the path in the base URL.",
        changes.protocol(lambda f: f.other_protocol),
        actions=offers.EDIT),
    Rule("server-upstream-in-stream", lambda f: _server_failed(f) and f.server.names_upstream,
        "The fault is behind the relay: in its stream {host:or the endpoint} passes on what its upstream said:"
        " {message:quoted no message}.",
        LATER + " If it stays, the relay's channel is broken or its own key is refused: tell the operator.",
        actions=offers.LATER),
    Rule("server-in-stream", lambda f: _server_failed(f) and not f.content_came
        and (f.server.is_official or f.error.says(*phrases.ASKS_TO_RETRY)),
        "{message:quoted no message}: with these words {host:or the endpoint} reports a fault of its own in place of an"
        " answer.",
        LATER + " The same request to another endpoint shows whether the request is in order.",
        actions=offers.LATER),
    Rule("error-only-in-stream", lambda f: f.in_stream and not f.content_came and f.error.message,
        "{captured:if The stream holds nothing of an answer, only an error|{host:or The endpoint} began with success (status"
        " {status}) and then sent only an error, nothing of an answer}: {message:quoted no message}.",
        "{official:if |It is usually what the server behind {host:or the endpoint} said when it refused. }The official SDKs do"
        " not try again by themselves after a status of success. " + _ASK_WHOLE,
        changes.no_stream,
        actions=offers.RUN),
    Rule("cancelled-there", lambda f: f.ok and f.error.gives_no_reason and f.exchange.reading.stop_reason == "cancelled",
        "{host:or The endpoint} says that the answer was cancelled, and not by whom: Diptych did not ask for that.",
        RERUN + " What had come is kept. Whoever has the key can cancel an answer, and a relay that lost its upstream may say"
        " this too; the official SDKs raise nothing for the word alone.",
        actions=offers.RUN),
    Rule("error-in-stream-silent", lambda f: f.ok and f.error.gives_no_reason and f.body.is_stream,
        "{host:or The endpoint} broke off its stream with an error, after {events_before:plural event|events},"
        " and gave no reason.",
        RERUN + " What had come is kept; the official SDKs raise an error here or drop it silently.",
        actions=offers.RUN),
    Rule("storing-failed", lambda f: f.ok and f.body.is_stream and f.error.matches(phrases.NOT_KEPT),
        "{host:or The endpoint} could not store the answer, and says so in place of the stream's end, after"
        " {events_before:plural event|events}: {message:quoted no message}.",
        "What had come is kept. Look at the relay's own log and its database; asked with `store` false it has nothing to store."
        " The same request probably fails again.",
        actions=offers.RUN_WHERE_SAID),
    Rule("error-in-stream", lambda f: f.ok and f.error.is_told and f.body.is_stream,
        "{message:quoted no message}: with these words {host:or the endpoint} broke off its stream, after"
        " {events_before:plural event|events}.",
        RERUN + " What had come is kept; the official SDKs raise an error here or drop it silently.",
        actions=offers.RUN),
    Rule("failed-silent", lambda f: f.ok and f.error.gives_no_reason,
        "{host:or The endpoint} says that the answer failed, and gives no reason.",
        RERUN + " A relay that keeps its upstream's words to itself answers so. The official SDKs raise nothing here: a program"
        " that does not look at `status` takes what came for the answer.",
        actions=offers.RUN),
    Rule("error-captured", lambda f: f.captured and f.error.is_told,
        "{message:quoted no message}: with these words the endpoint reports an error.",
        "Read the endpoint's words; whether the status said so too is not in the file."),
    Rule("error-with-200", lambda f: f.ok and f.error.is_told,
        "{message:quoted no message}: with these words {host:or the endpoint} reports an error, though the status is"
        " {status}.",
        "Treat it as the error it is. The official SDKs raise nothing here, so your program would get an empty answer.",
        actions=offers.RUN_WHERE_SAID),
    Rule("answer-wrapped", lambda f: f.ok and f.has_finding(WRAPPED),
        "The answer came, but it is packed into something else, where no program looks for it.",
        "The relay has to unpack it: the finding says where it stands. A path of the relay's own API may be in the base URL.",
        actions=offers.EDIT),
    # -- nothing ------------------------------------------------------------------------------------------------------
    Rule("no-content", lambda f: f.status in (204, 205),
        "{host:or The endpoint} says that there is no content (status {status}): the request went somewhere, but no model"
        " answered.",
        "Check the path in the base URL.",
        actions=offers.EDIT),
    Rule("packing-cut", lambda f: f.ok and f.exchange.encoding_unfinished,
        "The answer is packed, and its packed data ends before its end ({content_encoding}): it was cut off.",
        "What had come is kept. Run it again; if it stays, ask for the answer unpacked: a proxy on the way may cut it.",
        changes.header(lambda _: "Accept-Encoding=identity", "Ask for it unpacked")),
    Rule("content-encoding", lambda f: f.ok and f.exchange.encoding_error,
        "The answer is labelled as packed with {content_encoding}, but can't be unpacked.",
        "A proxy on the way labels or packs it wrongly; ask for it unpacked.",
        changes.header(lambda _: "Accept-Encoding=identity", "Ask for it unpacked")),
    Rule("stream-empty", lambda f: f.ok and f.body.blank and not f.end.code and f.body.is_stream,
        "{host:or The endpoint} began an event stream (status {status}) and ended it without a single byte.",
        "The server, or a relay's upstream, failed after the response head was sent and can't say why any more. " + _ASK_WHOLE,
        changes.no_stream,
        actions=offers.RUN),
    Rule("empty", lambda f: f.ok and f.body.blank and not f.end.code,
        "{host:or The endpoint} answered with status {status} and an empty body.",
        "Check the base URL; if it is right, a relay lost its upstream's answer: run it again, and look at the relay's log.",
        actions=offers.EDIT),
    Rule("packed-unlabelled", lambda f: f.ok and f.has_finding(PACKED_UNLABELLED),
        "The answer is packed, and its head does not say so: programs take the packed bytes for the answer.",
        "A proxy on the way drops the content-encoding header; ask for the answer unpacked.",
        changes.header(lambda _: "Accept-Encoding=identity", "Ask for it unpacked")),
    Rule("packed-as-text", lambda f: f.ok and f.has_finding(PACKED_AS_TEXT),
        "The answer is gzip data that somebody on the way took for text, which destroyed it.",
        "The relay has to undo its upstream's content encoding before it reads the answer; ask for it unpacked.",
        changes.header(lambda _: "Accept-Encoding=identity", "Ask for it unpacked")),
    Rule("aws-frames", lambda f: f.ok and f.body.binary == AWS_FRAMES and (f.exchange.framed or not f.body.events),
        "The answer is in AWS event-stream frames, as Bedrock sends them, and not in {protocol}: no SDK of that protocol"
        " can read"
        " them.{aws_exception:if  The frames hold an exception: {aws_exception:quoted}.}",
        "The relay passes Bedrock's frames on as they are: it has to unwrap them and send what is in them as server-sent"
        " events."),
    Rule("bytes-wrapped", lambda f: f.ok and f.has_finding(BYTES_WRAPPED),
        "Each event of the stream holds the real one as base64 in `bytes`, as Bedrock sends it: no SDK of {protocol} can "
        "read it.",
        "The relay passes Bedrock's events on as they are: it has to unwrap them and send what is in `bytes` as the event's "
        "data."),
    Rule("binary", lambda f: f.ok and not f.body.events and f.body.binary,
        "The answer is {binary}, neither JSON nor an event stream.",
        "Check the path in the base URL; a proxy on the way may also pack the answer without saying so: ask for it unpacked.",
        changes.header(lambda _: "Accept-Encoding=identity", "Ask for it unpacked"),
        actions=offers.EDIT),
    # -- the wrong form -----------------------------------------------------------------------------------------------
    Rule("stream-unframed", lambda f: f.ok and f.body.is_stream and not f.content_came and f.stray.words
        and not f.body.not_understood,
        "The stream holds nothing of an answer, only plain text that every SDK drops: {unframed:quoted}.",
        "Read that text: it is the relay's error, or the answer itself without its form. The relay has to send it as an event"
        " (`data: ` before it and a blank line behind it)."),
    # -- streams that were torn ---------------------------------------------------------------------------------------
    Rule("silence-without-event", lambda f: f.ok and f.end.code == Wire.SILENCE_TIMEOUT and not f.body.events,
        "{host:or The endpoint} began its answer and then fell silent " + CAME + ": nothing more came " + WAITED + ".",
        "Run it again; a proxy that holds the stream back, or a relay that waits for its upstream, looks like this.",
        changes.longer("silence_s")),
    Rule("silence", lambda f: f.ok and f.end.code == Wire.SILENCE_TIMEOUT,
        "{host:or The endpoint} fell silent " + CAME + ": nothing more came " + WAITED + ".",
        "What had come is kept. Run it again, or allow a longer silence: models that think long may send nothing meanwhile.",
        changes.longer("silence_s")),
    Rule("total-timeout-keepalives",
        lambda f: f.ok and f.end.code == Wire.TOTAL_TIMEOUT and f.end.contentless_s > (f.end.waited_s or 0) / 2,
        "{host:or The endpoint} sent no content for {contentless_s:duration}, only keep-alives, until the time limit for the"
        " whole run was reached " + CAME + ".",
        "What had come is kept. A relay that lost its upstream looks like this: run it again, and tell its operator if it"
        " stays.",
        changes.longer("total_s")),
    Rule("total-timeout", lambda f: f.ok and f.end.code == Wire.TOTAL_TIMEOUT,
        "The time limit for the whole run was reached " + CAME + "; it had run " + WAITED + ".",
        "What had come is kept. Raise the total time limit of the profile, or ask for fewer tokens.",
        changes.longer("total_s")),
    Rule("too-large", lambda f: f.end.code == Wire.TOO_LARGE,
        "The answer reached the size limit of this side: {received:bytes} came and were kept, then the connection was closed.",
        "Ask for fewer tokens, or raise the limit in the settings. No model writes that much: the endpoint may be broken."),
    Rule("http2-broken-off-in-answer", lambda f: f.ok and f.end.code == Wire.RESET and f.end.detail.http2_error,
        "{host:or The endpoint} broke its answer off " + CAME + SILENCE + ", with the HTTP/2 error code {http2_error}.",
        "What had come is kept. Run it again; if it always breaks after the same time, a proxy's time limit is the reason.",
        actions=offers.EDIT),
    Rule("tls-broken-in-answer", lambda f: f.ok and f.end.detail.reason == EndReason.TLS_BROKEN,
        "The answer is damaged " + CAME + ": TLS can't decrypt what came next ({wire_message}).",
        "What had come is kept. Something on the way changes the bytes, or the server mixes others in: run it again, and over"
        " another network.",
        actions=offers.RUN),
    Rule("tls-broken-off-in-answer", lambda f: f.ok and f.end.code == Wire.RESET and f.end.detail.tls_alert,
        "{host:or The endpoint} broke its answer off " + CAME + SILENCE + ", with the TLS alert {tls_alert}.",
        "What had come is kept. Run it again; if it stays, the log of the server, or of what ends TLS before it, tells why.",
        actions=offers.RUN),
    Rule("reset-in-answer", lambda f: f.ok and f.end.code in (Wire.RESET, Wire.SEND),
        "The connection was reset " + CAME + SILENCE + ".",
        "What had come is kept. Run it again; if it always breaks after the same time, a proxy's time limit is the reason.",
        actions=offers.EDIT),
    Rule("cut-before-stream", lambda f: f.ok and f.end.code == Wire.CUT and not f.recording.body.data and f.body.is_stream,
        "The connection was closed " + CAME + ", though the head promised an event stream.",
        "Some relays send the head before they ask their upstream, and have no way left to say that it refused. A server that"
        " crashed looks like this too. " + _ASK_WHOLE,
        changes.no_stream,
        actions=offers.RUN),
    Rule("cut-before-answer", lambda f: f.ok and f.end.code == Wire.CUT and not f.recording.body.data,
        "The connection was closed " + CAME + ".",
        "Run it again; a server that crashed or was stopped, and a relay that lost its upstream, look like this.",
        actions=offers.RUN),
    Rule("length-too-large", lambda f: f.ok and f.end.code == Wire.CUT and not f.body.is_stream
        and f.body.document is not None and f.head.announced > f.end.received,
        "A whole JSON document of {received:bytes} came, and its head announced {announced:bytes}: the connection was closed"
        " before the rest, which there probably is not.",
        "A relay that makes an answer shorter and keeps the content-length of its upstream does this: it has to count anew, or"
        " leave the header out. What had come is kept; the official SDKs raise an error here.",
        actions=offers.RUN),
    Rule("cut-in-answer", lambda f: f.ok and f.end.code == Wire.CUT,
        "The connection was closed " + CAME + SILENCE + ", before the answer was whole.",
        "What had come is kept. Run it again; if it always breaks after the same time, a proxy's time limit is the reason. A"
        " server that crashed or was stopped looks like this too.",
        actions=offers.EDIT),
    Rule("not-http-in-answer", lambda f: f.status and f.end.code == Wire.NOT_HTTP,
        "The answer breaks the rules of HTTP " + CAME + ": {wire_message}.",
        "What had come is kept. A proxy or a home-made server on the way is the usual reason.",
        actions=offers.EDIT),
    # -- answers whose own end says that they are none ----------------------------------------------------------------
    Rule("nothing-but-end", lambda f: f.ok and f.exchange.end_flaw is EndFlaw.NOTHING_BUT_END,
        "The stream is nothing but its end: no answer began before it.",
        "A relay that hides a failure of its upstream ends a stream so. " + _ASK_WHOLE,
        changes.no_stream,
        actions=offers.RUN),
    Rule("stop-reason-call", lambda f: f.ok and f.exchange.end_flaw is EndFlaw.ERROR_REASON
        and _CALL_FAILED.search(end_word(f.exchange.reading)),
        "The model tried to call a tool, and what it wrote was no call that the endpoint can read: {host:or the endpoint} ends"
        " its answer with {stop_word:quoted} as the reason.",
        "Run it again, simplify the tool's schema, or choose another model. The request itself is in order.",
        actions=(*offers.MODEL, *offers.RUN)),
    Rule("stop-reason-error", lambda f: f.ok and f.exchange.end_flaw is EndFlaw.ERROR_REASON,
        "{host:or The endpoint} ends its answer with {stop_word:quoted} as the reason: it broke off, and what had come is all"
        " there is.",
        "Run it again. A relay that says so has lost its upstream and tells no cause; the official SDKs raise nothing here and"
        " take the half answer for a whole one.",
        actions=offers.RUN),
    Rule("stop-reason-unsaid", lambda f: f.ok and f.exchange.end_flaw is EndFlaw.NO_REASON and f.body.is_stream
        and not f.stray.last_words and not f.body.last_words,
        "The stream has an end, but never says why the answer stopped: it may have been cut off.",
        "Run it again. If every answer ends so, the relay never passes the reason on; if not, it makes up a clean end for an"
        " upstream that broke off, and the official SDKs take the half answer for a whole one.",
        actions=offers.RUN),
    Rule("stop-reason-unsaid-whole", lambda f: f.ok and f.exchange.end_flaw is EndFlaw.NO_REASON and not f.body.is_stream,
        "The answer does not say why it stopped: whether it is whole can't be known.",
        "Run it again. If it stays, the relay leaves the stop reason out, or hides an upstream that broke off; the official"
        " SDKs raise nothing here.",
        actions=offers.RUN),
    Rule("blank-line-missing", lambda f: f.ok and f.exchange.end_flaw is EndFlaw.NO_BLANK_LINE,
        "The answer is whole, but the last event of its stream lacks the blank line that ends it: it does not count by the"
        " standard, and programs that keep to that drop it.",
        "The relay trims its stream, so that every answer will end like this: it must put a blank line behind the last event"
        " too."),
    Rule("end-mark-missing", lambda f: f.ok and f.exchange.end_flaw is EndFlaw.NO_END_MARK,
        "The answer is whole and says why it ended ({stop_word}); only the stream's end mark, its {end_mark}, never came.",
        "The relay has to send it: one that leaves it out does so in every answer. Helpers of the official SDKs wait for it,"
        " and then raise an error or end without the message."),
    # -- streams that ended well, but too early -----------------------------------------------------------------------
    Rule("stream-only-comments", lambda f: f.ok and f.body.is_stream and not f.body.events
        and f.exchange.parser.counts[Oddity.COMMENT],
        "The stream ended after comments alone, without a single event.{last_comment:if  The last of them says"
        " {last_comment:quoted}.}",
        "The server, or a relay's upstream, gave up without a word. " + _ASK_WHOLE,
        changes.no_stream,
        actions=offers.RUN),
    Rule("stream-without-event", lambda f: f.ok and f.body.is_stream and not f.body.events,
        "The stream ended without a single whole event ({received:bytes} came).",
        "Run it again. If it stays, look at what came under Raw.",
        actions=offers.RUN),
    Rule("stream-without-blank-lines", lambda f: f.ok and f.body.is_stream and f.body.not_understood and f.body.json_lines,
        "The stream has no blank lines between its events, so that all of them count as one, which no program can read.",
        "The relay must end each event with a blank line; a proxy that takes empty lines out does this too.",
        actions=offers.EDIT),
    Rule("stream-framed-twice", lambda f: f.ok and f.body.is_stream and not f.content_came
        and f.body.first_words.startswith(("data:", "event:")),
        "The stream is packed into a stream once more: the data of its events begins with a field name of its own,"
        " {first_words:quoted}, so that no program finds JSON there.",
        "The relay puts `data: ` before what its upstream has framed already: it has to pass those lines on as they are."),
    Rule("stream-of-words", lambda f: f.ok and f.body.is_stream and not f.content_came and f.body.first_words,
        "The stream holds plain words where events in {protocol} belong: {first_words:quoted}.",
        "Read those words: they are the relay's error, or an answer without its form; the relay has to send either as the"
        " protocol has it. " + _ASK_WHOLE,
        changes.no_stream,
        actions=offers.RUN),
    Rule("stream-of-others", lambda f: f.ok and f.body.is_stream and f.body.not_understood,
        "No event of the stream is one of {protocol}: the first begins {first_data:quoted}.",
        "Check the path in the base URL: a server's own protocol and its OpenAI form often differ in the path alone (/v1).",
        actions=offers.EDIT),
    Rule("stream-unbegun", lambda f: f.ok and f.body.is_stream and not f.content_came and f.has_finding(NO_MESSAGE_START),
        "The stream has neither a message_start nor content that {protocol} knows: its first event begins {first_data:quoted}.",
        "A server that makes one stream so makes all of them so, and the official SDKs read no answer from them. Ask it without"
        " streaming.",
        changes.no_stream,
        actions=offers.RUN),
    Rule("binary-in-stream", lambda f: f.ok and f.body.is_stream and f.stray.binary,
        "After {events_before_stray:plural event|events} the stream holds bytes that are no text ({stray_binary}), and no end.",
        "A proxy on the way, or the relay, mixes packed data into the stream: ask for it unpacked, and tell the operator.",
        changes.header(lambda _: "Accept-Encoding=identity", "Ask for it unpacked"),
        actions=offers.RUN),
    Rule("words-in-stream", lambda f: f.ok and f.body.is_stream and f.stray.last_words,
        "The stream broke off after {events_before_stray:plural event|events}, and plain text stands there that every SDK"
        " drops: {last_words:quoted}.",
        "Read that text: it is probably why. What had come is kept. The relay has to send an error as an event; run it again.",
        actions=offers.RUN),
    Rule("words-end-stream", lambda f: f.ok and f.body.is_stream and f.body.last_words,
        "The answer broke off, and the stream's last event holds plain words in place of JSON: {last_data:quoted}.",
        "Read those words: they are probably why. What had come is kept. The relay has to send an error as JSON: OpenAI's SDKs"
        " stop at such words with an error that does not show them, Anthropic's may drop them. Run it again.",
        actions=offers.RUN),
    Rule("end-misnamed", lambda f: f.ok and f.body.is_stream and f.protocol == "openai-responses" and f.body.misnamed_end,
        "The answer is whole, but the event that ends it is called {misnamed_end}: {protocol} calls it response.completed, so"
        " that programs take the stream for cut off.",
        "The relay has to name it response.completed. openai for Python raises an error where the final response is asked"
        " for."),
    Rule("stream-unfinished-raises", lambda f: f.ok and f.body.is_stream and f.protocol == "openai-responses",
        "The stream ended " + CAME + SILENCE + ", without its {end_mark}: the answer is cut off{closed_known:if , though the"
        " connection was closed properly}.",
        "Run it again. Many relays hide a broken upstream like this. openai for Python raises an error where the final response"
        " is asked for; Node's helper, and who goes through the events alone, take the half answer for a whole one.",
        actions=offers.RUN),
    Rule("stream-unfinished", lambda f: f.ok and f.body.is_stream,
        "The stream ended " + CAME + SILENCE + ", without its {end_mark}: the answer is cut off{closed_known:if , though the"
        " connection was closed properly}.",
        "Run it again. Many relays hide a broken upstream like this; the official SDKs take the half answer for a whole one.",
        actions=offers.RUN),
    # -- documents ----------------------------------------------------------------------------------------------------
    Rule("document-lines", lambda f: f.ok and not f.body.is_stream and f.body.json_lines,
        "The answer is a row of JSON lines, not an event stream: no line begins with `data:`, so that every SDK reads"
        " nothing.",
        "Check the path in the base URL: Ollama's own API (/api/chat) sends such lines, its OpenAI form is under /v1. A relay"
        " must put `data: ` before each line and a blank line behind it.",
        actions=offers.EDIT),
    Rule("document-list", lambda f: f.ok and not f.body.is_stream and f.body.json_list,
        "The answer is a JSON list, not one object in {protocol}: it begins {body_start:quoted}.",
        "Check the path in the base URL and the protocol; Gemini's own API answers with a list.",
        actions=offers.EDIT),
    Rule("length-too-small", lambda f: f.ok and f.body.start.startswith(("{", "[")) and f.body.document is None
        and not f.end.code and 0 < f.head.announced == f.end.received and _is_cut(f),
        "The answer is JSON that breaks off where the length in its head ends, after {received:bytes}.",
        "A relay that makes an answer longer and keeps the content-length of its upstream does this: it has to count anew, or"
        " leave the header out. One that got no more itself looks the same: run it again, and see whether it breaks off at"
        " the same place.",
        actions=offers.RUN),
    Rule("document-cut", lambda f: f.ok and f.body.start.startswith(("{", "[")) and f.body.document is None,
        "The answer begins as JSON, but is not whole or not valid ({received:bytes} came).",
        "Run it again. If it stays, a proxy cuts answers, or the server writes broken JSON: look at Raw.",
        actions=offers.EDIT),
    Rule("withheld", lambda f: f.ok and f.body.withheld_for,
        "The endpoint's content filter held the whole answer back{withheld_for:select content=|: {withheld_for}}.",
        "Change the prompt, or have the filter's settings changed (Azure: the content filter of the deployment). SDKs find no"
        " message in this answer, so a program must look at its finish_reason first."),
    Rule("response-running", lambda f: f.ok and f.body.running,
        "The endpoint says that it still works on the answer (status {running}), though the request waits for the whole of it:"
        " there is no text in it.",
        "Run it again. If it stays, the relay passes on what it got before its upstream was done: it has to wait for the end."
        " The official SDKs raise nothing here and show an empty answer.",
        actions=offers.RUN),
    Rule("document-odd", lambda f: f.ok and f.body.document is not None,
        "The answer is JSON, but not an answer in {protocol}: it begins {body_start:quoted}.",
        "Check the path in the base URL and the protocol.",
        actions=offers.EDIT),
    Rule("document-text", lambda f: f.ok,
        "The answer is plain text, not JSON: it begins {body_start:quoted}.",
        "Check the path in the base URL: it may be that of a status page.",
        actions=offers.EDIT),
    # -- the last rows ------------------------------------------------------------------------------------------------
    Rule("status-unknown-page", lambda f: f.status and f.body.page,
        "{edge:or The server in front} answers for {host:or the endpoint} with a web page " + PAGE_TITLE + " (status"
        " {status}).",
        "Check the base URL; the page itself is under Raw.",
        actions=offers.EDIT),
    Rule("refused-upstream", lambda f: f.server.passed_on and f.status < 500 and f.error.message,
        "{host:or The endpoint} passed the request on, and the server behind it refuses it (status {status}):"
        " {message:quoted no message}.",
        "Read those words: they are the upstream's. The same request may be taken where the model has another provider."),
    Rule("status-unknown", lambda f: f.status and f.error.message,
        "{message:quoted no message}: with these words {host:or the endpoint} refuses the request (status {status}).",
        "Read the endpoint's words; its documentation says what they mean."),
    Rule("status-unknown-silent", lambda f: f.status,
        "{host:or The endpoint} answers with status {status} and says no more.",
        "Check the base URL and the request; the response head is under Raw.",
        actions=offers.EDIT),
    Rule("empty-capture", lambda f: not f.address.host and not f.status,
        "There is nothing in this capture.",
        "Save the answer anew, and look at what curl says: an empty file is what a failed request leaves behind."),
    Rule("wire-unknown", lambda f: True,
        "The exchange ended " + CAME + ", and nothing says why.{wire_message:if  {wire_message}.}",
        "Run it again. If it comes back, please report it with this run saved to a file.",
        actions=offers.RUN),
)  # fmt: skip
