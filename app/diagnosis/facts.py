"""The facts that the table of rules looks at, built once from a finished exchange and what is known besides it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from urllib.parse import urlsplit

import msgspec

from app import words
from app.diagnosis.address import CHAT, MESSAGES, RESPONSES, TITLES, Address
from app.diagnosis.keys import vendor_of_shape
from app.diagnosis.other_paths import OtherPaths, answered_in
from app.diagnosis.parameters import OPTION_HINTS, missing_parameter, option_named, refused_parameter
from app.diagnosis.retry_after import RetryAfter, duration, retry_after
from app.exchange import Exchange, Shape
from app.models import is_claude_endpoint, suggest
from app.protocols.errors import read_error_body
from app.protocols.json_text import decode_json
from app.protocols.reading import ErrorReading
from app.recording import NO_STAMP, EndKind, MarkName, find_header
from app.sse import Oddity
from app.timing import start_ns

PAGE_BYTES = 8192
DOCUMENT_BYTES = 1 << 20
QUOTE_CHARACTERS = 300
ENDS = {MESSAGES: "message_stop event", CHAT: "finish_reason", RESPONSES: "response.completed event"}
_WAITED_FROM = {
    "connect_timeout": (MarkName.TLS_BEGIN, MarkName.CONNECT_BEGIN, MarkName.DNS_BEGIN),
    "first_byte_timeout": (MarkName.SEND_END, MarkName.SEND_BEGIN),
    "silence_timeout": (MarkName.HEAD_END, MarkName.FIRST_BYTE, MarkName.SEND_END),
}
_EDGES = {
    "nginx": "nginx",
    "openresty": "OpenResty",
    "caddy": "Caddy",
    "cloudfront": "CloudFront",
    "envoy": "Envoy",
    "apache": "Apache",
    "awselb": "AWS's load balancer",
    "tengine": "Tengine",
    "varnish": "Varnish",
    "haproxy": "HAProxy",
}
_RELAY_TYPES = ("new_api_error", "one_api_error", "upstream_error", "shell_api_error", "bad_response_status_code")


class Context(msgspec.Struct, frozen=True):
    """What a diagnosis may know besides the recording. Everything may be left out.

    `base_url`, `auth` and `protocol` default to those in the recording's envelope. `key_sent` None: judged by the request's
    headers. `key_shape` and `key_oddity` come from the functions of these names; the key itself never comes along. `models`
    is the endpoint's list, None where it is not known.
    """

    base_url: str = ""
    auth: str = ""
    protocol: str = ""
    key_sent: bool | None = None
    key_shape: str = ""
    key_oddity: str = ""
    models: tuple[str, ...] | list[str] | None = None


class Facts:
    """One finished exchange as the rules see it. Texts to compare with are lower case.

    Attributes:
        kind, code: how the wire's part ended; `code` is a `WireErrorCode` or "".
        captured: a body alone, as a file holds it; it is taken as one with status 200.
        status: 0 where no response head came.
        error: what the endpoint said went wrong, None where it said nothing of the kind.
        text: the error's message, type and code.
        page: the start of an HTML body, "" for any other.
        address: the base URL taken apart.
        other_paths: what was asked besides, and where the protocol or another one is spoken.
    """

    def __init__(self, exchange: Exchange, context: Context) -> None:
        recording = exchange.recording
        self.exchange, self.recording, self.context = exchange, recording, context
        self.protocol = context.protocol or recording.envelope.protocol
        base_url = context.base_url or recording.envelope.profile.base_url
        self.address = Address(base_url, recording.request.url, self.protocol)
        self.other_paths = OtherPaths(recording.asked, self.address)
        self.kind = recording.end.kind if recording.end else EndKind.INTERRUPTED
        self.code = recording.end.code if recording.end and self.kind is EndKind.ERROR else ""
        self.phase = recording.end.phase if recording.end else ""
        self.wire_message = recording.end.message if recording.end else ""
        self.captured = recording.head is None and bool(exchange.decoded.data)
        self.status = 200 if self.captured else exchange.status
        self.headers = recording.head.headers if recording.head else ()
        self.reading = exchange.reading
        self.page = self._page()
        self.error = self._error()
        self.text = " | ".join((self.error.message, self.error.type, self.error.code)).lower() if self.error else ""

    # -- asking -------------------------------------------------------------------------------------------------------

    def says(self, *needles: str) -> bool:
        """Does the endpoint's error (message, type or code) hold one of these, lower case?"""
        return any(needle in self.text for needle in needles)

    def matches(self, pattern: str) -> re.Match[str] | None:
        """The first match of a pattern in the error's lower-case text."""
        return re.search(pattern, self.text)

    def shows(self, *needles: str) -> bool:
        """Does the HTML page hold one of these, lower case?"""
        return any(needle in self.page for needle in needles)

    def header(self, name: str) -> str:
        """A response header, "" where it is missing."""
        return find_header(self.headers, name) or ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """The endpoint said no: by status, or by an error in a body or stream with status 200."""
        return self.status >= 400 or (self.error is not None and self.status >= 200)

    @property
    def no_answer(self) -> bool:
        """Nothing of a response came."""
        return self.status == 0

    @property
    def body_blank(self) -> bool:
        return not bytes(self.exchange.decoded.data[:4096]).strip() and len(self.exchange.decoded.data) < 4096

    @property
    def is_stream(self) -> bool:
        return self.exchange.shape is Shape.EVENTS

    @property
    def events(self) -> int:
        return len(self.exchange.events)

    # -- the request --------------------------------------------------------------------------------------------------

    @cached_property
    def request(self) -> Mapping[str, object]:
        """The request's JSON object, {} where it is none."""
        with suppress(ValueError):
            body = decode_json(self.recording.request.body)
            return body if isinstance(body, dict) else {}
        return {}

    @property
    def model(self) -> str:
        asked = self.request.get("model")
        return self.recording.envelope.model or (asked if isinstance(asked, str) else "")

    @property
    def auth(self) -> str:
        return self.context.auth or self.recording.envelope.profile.auth

    @property
    def sends_bearer(self) -> bool:
        value = self.recording.request.header("authorization") or ""
        return bool(value.lower().removeprefix("bearer").strip())

    @property
    def sends_x_api_key(self) -> bool:
        return bool((self.recording.request.header("x-api-key") or "").strip())

    @property
    def key_sent(self) -> bool:
        """Did a key go out? Where the request's headers are not known either, it is taken that one did."""
        if self.context.key_sent is not None:
            return self.context.key_sent
        other = self.recording.request.header("api-key") or self.recording.request.header("x-goog-api-key")
        return self.sends_bearer or self.sends_x_api_key or bool(other) or not self.recording.request.headers

    @property
    def key_vendor(self) -> str:
        """Whose key it is by its shape, "" where that can't be told."""
        return vendor_of_shape(self.context.key_shape)

    def sends_role(self, *roles: str) -> bool:
        """Is one of the request's messages in one of these roles?"""
        messages = self.request.get("messages") or self.request.get("input")
        return isinstance(messages, list) and any(isinstance(one, dict) and one.get("role") in roles for one in messages)

    # -- what the endpoint says ---------------------------------------------------------------------------------------

    def _page(self) -> str:
        start = bytes(self.exchange.decoded.data[:PAGE_BYTES]).lstrip(b"\xef\xbb\xbf \t\r\n")
        is_xml = start.startswith(b"<?xml") and b"<html" not in start.lower()
        return start.decode("utf-8", "replace").lower() if start.startswith(b"<") and not is_xml else ""

    def _error(self) -> ErrorReading | None:
        """The error the endpoint told us. With status 200 it must be JSON or an event; our placeholders don't count."""
        error = self.reading.error
        if self.status >= 400 and error is None and not self.body_blank:
            error = read_error_body(bytes(self.exchange.decoded.data[:DOCUMENT_BYTES]), self.status)
        if self.ok and not self.is_stream and self.document is None:
            return None
        return None if error is None or (error.ours and not self.is_stream) else error

    @property
    def message(self) -> str:
        """The endpoint's own text, "" where it has none."""
        return self.error.message if self.error and not self.error.ours else ""

    @property
    def quoted(self) -> str:
        """The endpoint's own text between quotation marks."""
        text = self.message
        return f"“{text if len(text) <= QUOTE_CHARACTERS else text[:QUOTE_CHARACTERS] + '…'}”" if text else "no message"

    @property
    def server_says(self) -> str:
        """Words for the fix where the text may be missing."""
        return f" The endpoint says: {self.quoted}." if self.message else ""

    @cached_property
    def refused_parameter(self) -> str:
        return refused_parameter(self.text, self.error, self.request) if self.error else ""

    @cached_property
    def missing_parameter(self) -> str:
        return missing_parameter(self.text, self.error) if self.error else ""

    @cached_property
    def option(self) -> str:
        """The OpenAI option that was sent and is refused, or ""."""
        named = self.refused_parameter
        if named in OPTION_HINTS:
            return named
        return option_named(self.text, self.error, self.request) if self.error else ""

    @property
    def option_hint(self) -> str:
        return OPTION_HINTS.get(self.option, "")

    @property
    def parameter(self) -> str:
        """The request's field that the error is about, or ""."""
        return self.refused_parameter or self.missing_parameter or (self.error.param if self.error else "")[:60]

    @cached_property
    def again(self) -> RetryAfter | None:
        """When the endpoint says it can be tried again; None where it says nothing."""
        return retry_after(self.headers, self.message, self._answered_at())

    @property
    def retry(self) -> str:
        if self.again:
            return self.again.sentence
        if self.matches(r"\bresets? (?:at|on|in)\b|\buntil \d|\bafter \d{4}|\bregain access|重置"):
            return "Its own words say when."
        return "It does not say when: wait a minute before you try again."

    @property
    def later(self) -> str:
        """The same for a fault of the server, which seldom says when it is over."""
        return self.again.sentence if self.again else "Try again in a minute."

    @property
    def when_said(self) -> str:
        """When to try again where the endpoint says it, else ""."""
        return self.again.sentence if self.again else ""

    def _answered_at(self) -> datetime | None:
        with suppress(ValueError, OverflowError):
            return parsedate_to_datetime(self.header("date")).astimezone(UTC)
        with suppress(ValueError):
            return datetime.fromisoformat(self.recording.envelope.started_utc)
        return None

    # -- models -------------------------------------------------------------------------------------------------------

    @cached_property
    def near_model(self) -> str:
        """The listed name that was probably meant, or for a GPT name at a Claude endpoint its usual counterpart; "" without."""
        listed = list(self.context.models or ())
        claude = is_claude_endpoint(self.protocol, self.address.base, listed) and not self.address.passes_on
        found = suggest(self.model, listed, claude_endpoint=claude)
        return (found.counterpart or next(iter(found.nearest), "")) if self.model else ""

    @cached_property
    def counterpart(self) -> str:
        """For a GPT model at a Claude endpoint the usual Claude model, or ""."""
        listed = list(self.context.models or ())
        claude = is_claude_endpoint(self.protocol, self.address.base, listed) and not self.address.passes_on
        return suggest(self.model, listed, claude_endpoint=claude).counterpart or "" if self.model else ""

    @property
    def near_models(self) -> str:
        """Up to three near names, as words."""
        listed = list(self.context.models or ())
        found = suggest(self.model, listed).nearest or ((self.near_model,) if self.near_model else ())
        return ", ".join(f"“{name}”" for name in found)

    @property
    def model_listed(self) -> bool:
        return self.model in (self.context.models or ())

    # -- who answered -------------------------------------------------------------------------------------------------

    @property
    def host(self) -> str:
        return self.address.host or "the endpoint"

    @property
    def vendor(self) -> str:
        """Whose official endpoint this is, "" for a relay or a server of one's own."""
        return self.address.vendor

    @property
    def is_official(self) -> bool:
        return bool(self.address.vendor) and not self.address.passes_on

    @property
    def edge(self) -> str:
        """The server in front, by its headers: "Cloudflare", "nginx", "CloudFront" ...; "the server in front" if unnamed."""
        server = self.header("server").lower()
        if self.header("cf-ray") or "cloudflare" in server:
            return "Cloudflare"
        via = self.header("via").lower()
        said = (server, via, self.page)
        return next((name for word, name in _EDGES.items() if any(word in text for text in said)), "the server in front")

    @property
    def is_relay_software(self) -> bool:
        """Signs of one-api and its kin (PROTOCOLS 4.3)."""
        request_id = any(name.lower() in ("x-oneapi-request-id", "x-new-api-version") for name, _ in self.headers)
        return request_id or self.says(*_RELAY_TYPES) or bool(self.matches(r"\(request id: ?20\d{6}"))

    @property
    def names_upstream(self) -> bool:
        """The error itself speaks of a server behind the one that answered."""
        return self.says("upstream", "provider returned error", "bad_response_status_code", "origin", "上游", "litellm.")

    @property
    def has_vendor_id(self) -> bool:
        """A vendor's request id at a foreign host: the relay passes on what the vendor said."""
        return self.header("request-id").startswith("req_") or bool(self.header("openai-processing-ms"))

    @property
    def speaks_upstream(self) -> bool:
        """Another server's words came through this one."""
        return not self.is_official and (self.names_upstream or self.has_vendor_id)

    # -- the answer ---------------------------------------------------------------------------------------------------

    @cached_property
    def document(self) -> Mapping[str, object] | None:
        """The body as a JSON object; for a stream the data of its first event. None where it is none."""
        data = self.exchange.events.event(0).data if self.events else bytes(self.exchange.decoded.data[:DOCUMENT_BYTES])
        with suppress(ValueError):
            value = decode_json(data)
            return value if isinstance(value, dict) else None
        return None

    @property
    def json_lines(self) -> bool:
        """Whether the body, or the data of a stream's first event, is a row of JSON objects, one a line."""
        data = self.exchange.events.event(0).data if self.events else bytes(self.exchange.decoded.data[:DOCUMENT_BYTES])
        first, _, rest = data.lstrip().partition(b"\n")
        return all(_is_json(line, dict) for line in (first, rest.lstrip().partition(b"\n")[0]))

    @property
    def json_list(self) -> bool:
        """Whether the body is a JSON list."""
        return _is_json(bytes(self.exchange.decoded.data[:DOCUMENT_BYTES]), list)

    @property
    def not_understood(self) -> bool:
        """Whether a stream has events, and none of them was a chunk of Chat Completions."""
        found = {one.id for one in self.exchange.findings}
        return "C23" in found and bool({"C26", "C33"} & found)

    @property
    def first_data(self) -> str:
        """How the data of a stream's first event begins, in one printable line."""
        text = self.exchange.events.event(0).data[:400].decode("utf-8", "replace") if self.events else ""
        return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:120]

    @property
    def answered_in(self) -> str:
        """The protocol that the body is written in, by its first object; "" where it is none of the three."""
        return answered_in(self.document or {})

    @property
    def other_protocol(self) -> str:
        """The protocol of the answer where it is not the one that was asked in, or ""."""
        return self.answered_in if self.answered_in != self.protocol else ""

    @property
    def other_protocol_title(self) -> str:
        return TITLES.get(self.other_protocol, "")

    @property
    def protocol_title(self) -> str:
        return TITLES.get(self.protocol, self.protocol)

    @property
    def end_word(self) -> str:
        return ENDS.get(self.protocol, "end")

    @property
    def unframed(self) -> str:
        """A line of a stream that belongs to no event, as text; "" where there is none."""
        lines = (one.sample for one in self.exchange.parser.oddities if one.kind is Oddity.UNKNOWN_LINE)
        return next(iter(lines), b"").decode("utf-8", "replace").strip()[:QUOTE_CHARACTERS]

    @property
    def body_start(self) -> str:
        """The first characters of the body in one printable line."""
        start = bytes(self.exchange.decoded.data[:400]).decode("utf-8", "replace")
        return " ".join("".join(char if char.isprintable() else " " for char in start).split())[:120]

    @property
    def title(self) -> str:
        """The title of a page in quotation marks, "without a title" where it has none."""
        start = bytes(self.exchange.decoded.data[:PAGE_BYTES]).decode("utf-8", "replace")
        found = re.search(r"<title[^>]*>\s*([^<]{1,200})", start, re.IGNORECASE)
        return f"titled “{' '.join(found.group(1).split())[:80]}”" if found else "without a title"

    @property
    def location(self) -> str:
        return self.header("location")[:200]

    @property
    def location_host(self) -> str:
        with suppress(ValueError):
            return (urlsplit(self.location).hostname or "").lower()
        return ""

    @property
    def moved_base(self) -> str:
        """The base URL a redirect stands for, "" where it can't be told."""
        return self.address.moved_to(self.location) if self.location else ""

    # -- how far it came ----------------------------------------------------------------------------------------------

    @property
    def came(self) -> str:
        """What had come, as words behind "after"."""
        if self.events:
            return f"after {words.plural(self.events, 'event')}"
        if size := len(self.recording.body.data):
            return f"after {words.byte_size(size)} of the answer"
        return (
            f"after the response head (status {self.status}), before any of the answer"
            if self.status
            else "before anything came back"
        )

    @property
    def size(self) -> str:
        return words.byte_size(len(self.recording.body.data))

    @property
    def sent_size(self) -> str:
        return words.byte_size(len(self.recording.request.body))

    @cached_property
    def waited_s(self) -> float | None:
        """How long nothing came before the time limit struck; None where the recording has no stamps."""
        end = self.recording.end
        if end is None or end.ns == NO_STAMP:
            return self._waited_in_words()
        since = self._waited_since()
        return self._waited_in_words() if since is None else (end.ns - since) / 1e9

    def _waited_since(self) -> int | None:
        marks, stamps = self.recording.marks, self.recording.body.stamps
        if self.code == "silence_timeout" and stamps and stamps[-1] != NO_STAMP:
            return stamps[-1]
        named = (marks[name] for name in _WAITED_FROM.get(self.code, ()) if name in marks)
        return next(named, start_ns(self.recording))

    def _waited_in_words(self) -> float | None:
        found = re.search(r"(\d+(?:\.\d+)?) ?s\b", self.wire_message)
        return float(found.group(1)) if found else None

    @cached_property
    def contentless_s(self) -> float:
        """How long, up to its end, the answer brought bytes and no content; 0 where it brought none, or that can't be told."""
        end, stamps = self.recording.end, self.recording.body.stamps
        last = self.exchange.events.last_stamp() or self.recording.marks.get(MarkName.HEAD_END)
        if end is None or last is None or not stamps or stamps[-1] == NO_STAMP:
            return 0.0
        brought_bytes = stamps[-1] - last > (end.ns - last) / 2
        return (end.ns - last) / 1e9 if brought_bytes else 0.0

    @property
    def contentless(self) -> str:
        return f"for {duration(self.contentless_s)}"

    @property
    def waited(self) -> str:
        return "as long as the time limit allows" if self.waited_s is None else f"for {duration(self.waited_s)}"

    @property
    def longer_s(self) -> float:
        """Twice the time that was waited, rounded up to ten seconds, as the next limit to try."""
        return float(-(-int((self.waited_s or 30.0) * 2) // 10) * 10)

    @property
    def certificate_names(self) -> str:
        certificate = self.recording.connection.certificate if self.recording.connection else None
        return ", ".join(certificate.names[:5]) if certificate and certificate.names else "other names"

    @property
    def certificate_end(self) -> str:
        certificate = self.recording.connection.certificate if self.recording.connection else None
        return f" on {certificate.not_after[:10]}" if certificate and certificate.not_after else ""

    @property
    def reused(self) -> bool:
        return bool(self.recording.connection and self.recording.connection.reused)


def _is_json(data: bytes, kind: type) -> bool:
    with suppress(ValueError):
        return isinstance(decode_json(data), kind)
    return False
