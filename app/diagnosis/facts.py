"""The facts that the table of rules looks at, built once from a finished exchange and what is known besides it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from urllib.parse import urljoin, urlsplit

import msgspec

from app.diagnosis import phrases
from app.diagnosis.address import Address
from app.diagnosis.body_facts import DOCUMENT_BYTES, QUOTE_CHARACTERS
from app.diagnosis.other_paths import OtherPaths
from app.diagnosis.parameters import OPTION_HINTS, missing_parameter, option_named, refused_parameter
from app.diagnosis.progress_facts import ProgressFacts
from app.diagnosis.retry_after import RetryAfter, retry_after
from app.exchange.exchange import Exchange
from app.model_names import is_claude_endpoint, suggest
from app.protocols.errors.body import read_error_body
from app.protocols.reading import ErrorReading
from app.protocols.registry import info, title
from app.recording.records import find_header
from app.secrets.shapes import vendor_of_shape
from app.text.json_text import decode_json

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
_WHEN_IN_WORDS = r"\bresets? (?:at|on|in)\b|\buntil \d|\bafter \d{4}|\bregain access|重置"
_RELAY_HEADERS = ("x-oneapi-request-id", "x-new-api-version", "x-litellm-call-id")
UNNAMED_EDGE = "the server in front"
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


class Facts(ProgressFacts):
    """One finished exchange as the rules see it. Texts to compare with are lower case.

    Attributes:
        error: what the endpoint said went wrong, None where it said nothing of the kind.
        text: the error's message, type and code.
        address: the base URL taken apart.
        other_paths: what was asked besides, and where the protocol or another one is spoken.
    """

    def __init__(self, exchange: Exchange, context: Context) -> None:
        super().__init__(exchange)
        recording = exchange.recording
        self.context = context
        self.protocol = context.protocol or recording.envelope.protocol
        base_url = context.base_url or recording.envelope.profile.base_url
        self.address = Address(base_url, recording.request.url, self.protocol)
        self.other_paths = OtherPaths(recording.asked, self.address)
        self.headers = recording.head.headers if recording.head else ()
        self.reading = exchange.reading
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

    @property
    def streams(self) -> bool:
        """Was a stream asked for?"""
        return self.request.get("stream") is True

    @property
    def sooner(self) -> str:
        """What makes an answer begin or end sooner, without a full stop."""
        early = "Stream the answer, so that something comes early, or ask"
        return f"{'Ask' if self.streams else early} for fewer tokens"

    def sends_role(self, *roles: str) -> bool:
        """Is one of the request's messages in one of these roles?"""
        messages = self.request.get("messages") or self.request.get("input")
        return isinstance(messages, list) and any(isinstance(one, dict) and one.get("role") in roles for one in messages)

    # -- what the endpoint says ---------------------------------------------------------------------------------------

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

    @property
    def limited(self) -> bool:
        """A limit of rate is why the endpoint said no."""
        return self.status == 429 or (self.refused and self.status < 500 and self.says(*phrases.LIMITED))

    @cached_property
    def again(self) -> RetryAfter | None:
        """When the endpoint says it can be tried again; None where it says nothing."""
        return retry_after(self.headers, self.message, self._answered_at(), limited=self.limited)

    @property
    def retry(self) -> str:
        if self.again:
            return self.again.sentence
        if self.says_when_in_words:
            return "Its own words say when."
        return "It does not say when: wait a minute before you try again."

    @property
    def says_when_in_words(self) -> bool:
        """Whether the endpoint's text says when it can be tried again, in words that are not read as a time."""
        return self.again is None and bool(self.matches(_WHEN_IN_WORDS))

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
        return next((name for word, name in _EDGES.items() if any(word in text for text in said)), UNNAMED_EDGE)

    @property
    def usual_wait(self) -> str:
        """How long the server in front waits by itself, where that is known."""
        return " nginx waits 60 s by default." if self.edge in ("nginx", "OpenResty") else ""

    @property
    def wants_login(self) -> bool:
        """A server in front asks for a user name and a password (RFC 7617), which no model API does."""
        challenge = self.header("www-authenticate").lower()
        return self.status == 401 and challenge.startswith("basic") and "bearer" not in challenge and not self.document

    @property
    def is_relay_software(self) -> bool:
        """Signs of one-api and its kin (PROTOCOLS 4.3) and of LiteLLM."""
        request_id = any(name.lower() in _RELAY_HEADERS for name, _ in self.headers)
        return request_id or self.says(*_RELAY_TYPES, "litellm.") or bool(self.matches(r"\(request id: ?20\d{6}"))

    @property
    def names_upstream(self) -> bool:
        """The error itself speaks of a server behind the one that answered."""
        spoken = self.says("upstream", "provider returned error", "bad_response_status_code", "origin", "上游")
        return self.passed_on or spoken

    @property
    def passed_on(self) -> bool:
        """The error came from behind the server that answered: it is about the relay's own key,
        account and configuration there."""
        return self.error is not None and self.error.upstream and not self.is_official

    @property
    def has_vendor_id(self) -> bool:
        """A vendor's request id at a foreign host: the relay passes on what the vendor said."""
        return self.header("request-id").startswith("req_") or bool(self.header("openai-processing-ms"))

    @property
    def speaks_upstream(self) -> bool:
        """Another server's words came through this one."""
        return not self.is_official and (self.names_upstream or self.has_vendor_id)

    # -- the answer ---------------------------------------------------------------------------------------------------

    @property
    def other_protocol(self) -> str:
        """The protocol of the answer where it is not the one that was asked in, or ""."""
        return self.answered_in if self.answered_in != self.protocol else ""

    @property
    def other_protocol_title(self) -> str:
        return title(self.other_protocol)

    @property
    def protocol_title(self) -> str:
        return title(self.protocol)

    @property
    def end_word(self) -> str:
        return info(self.protocol).end_mark

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

    @property
    def new_base(self) -> str:
        """The same in words where it can't be told."""
        return self.moved_base or "that address without the path of the request"

    @property
    def moves_to_slash(self) -> bool:
        """Whether a redirect leads to the same address with a slash behind its path."""
        asked = self.address.asked
        with suppress(ValueError):
            target = urlsplit(urljoin(asked.geturl(), self.location))
            return (target.scheme, target.netloc, target.path) == (asked.scheme, asked.netloc, f"{asked.path}/")
        return False
