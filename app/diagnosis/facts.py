"""The facts that the table of rules looks at, built once from a finished exchange and what is known besides it."""

from __future__ import annotations

from functools import cached_property

from app.diagnosis import phrases
from app.diagnosis.address import Address
from app.diagnosis.asked import OtherPaths
from app.diagnosis.body_facts import DOCUMENT_BYTES, BodyFacts
from app.diagnosis.codes import About
from app.diagnosis.context import Context
from app.diagnosis.end_facts import EndFacts
from app.diagnosis.error_facts import ErrorFacts
from app.diagnosis.gateway_facts import GatewayFacts
from app.diagnosis.limit_facts import LimitFacts
from app.diagnosis.request_facts import ModelFacts, RequestFacts
from app.diagnosis.retry_after import RetryAfter
from app.diagnosis.server_facts import HeadFacts, ServerFacts
from app.diagnosis.stray_facts import StrayFacts
from app.exchange.exchange import Exchange
from app.protocols.errors.body import read_error_body
from app.protocols.findings import Rule as FindingRule
from app.protocols.reading import ErrorReading

_WHEN_IN_WORDS = r"\bresets? (?:at|on|in)\b|\buntil \d|\bafter \d{4}|\bregain access|重置"


_OPENS_S = 300.0  # servers ask for up to a minute or so whatever the reason


class Facts:
    """One finished exchange as the rules see it.

    Attributes:
        protocol: the one that was spoken to the endpoint.
        captured: a body alone, as a file holds it; it is taken as one with status 200.
        status: 0 where no response head came.
        address: the base URL taken apart.
        request, models: what was asked.
        end: how the exchange ended, and when.
        head, body, error: what came, and the error in it.
        stray: what stands in a stream outside its events.
        server: who answered.
        limits: when it can be asked again, which limit it was, and whether waiting is of use.
        gateway: the gateway that refused in the API's place.
        other_paths: what was asked besides, and where the protocol or another one is spoken.
    """

    def __init__(self, exchange: Exchange, context: Context) -> None:
        recording = exchange.recording
        self.exchange, self.recording, self.context = exchange, recording, context
        self.protocol = context.protocol or recording.envelope.protocol
        self.captured = recording.head is None and bool(exchange.decoded.data)
        self.status = 200 if self.captured else exchange.status
        base_url = context.base_url or recording.envelope.profile.base_url
        self.address = Address(base_url, recording.request.url, self.protocol)
        self.request = RequestFacts(recording, context)
        self.models = ModelFacts(self.request.model, tuple(context.models or ()), self.address)
        self.end = EndFacts(exchange)
        self.head = HeadFacts(recording.head.headers if recording.head else (), self.address)
        self.body = BodyFacts(exchange)
        self.stray = StrayFacts(exchange)
        self.error = ErrorFacts(self._error(), self.request, self.status)
        self.server = ServerFacts(self.head, self.body, self.error, self.address)
        of_limits = self.error.about in (None, About.OVERLOADED) and not self.error.names_place  # else the words may be quoted
        limited_by_words = self.refused and self.status < 500 and of_limits and self.error.says(*phrases.LIMITED)
        status = self.class_of_error or self.status
        self.limits = LimitFacts(exchange, self.head, self.error, status, limited_by_words=limited_by_words)
        self.gateway = GatewayFacts(self.head, self.body, self.error)
        self.other_paths = OtherPaths(recording.asked, self.address)

    def _error(self) -> ErrorReading | None:
        """The error the endpoint told us. With status 200 it must be JSON or an event; our placeholders count only there, where
        something in the answer says that it failed.
        """
        error = self.exchange.reading.error
        if self.status >= 400 and error is None and not self.body.blank:
            error = read_error_body(bytes(self.exchange.decoded.data[:DOCUMENT_BYTES]), self.status)
        if self.ok and not self.body.is_stream and self.body.document is None:
            return None
        if self.ok and error is None:
            return self.stray.error
        return None if error is None or (error.ours and not self.ok and not self.body.is_stream) else error

    @cached_property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @cached_property
    def refused(self) -> bool:
        """The endpoint said no: by status, or by an error in a body or stream with status 200."""
        return self.status >= 400 or (self.error.is_told and self.status >= 200)

    @cached_property
    def class_of_error(self) -> int:
        """The status that counts: that of the server behind where the words tell how it refused the relay, the response's where
        it is one of error, else the one that the error itself stands for; 0 where none is told.
        """
        behind = 0 if self.server.is_official else self.error.status_behind
        return behind or (self.status if self.status >= 400 else self.error.told_status)

    @cached_property
    def in_stream(self) -> bool:
        """The error came inside a stream whose head said success: who answered had taken the request, and the key with it."""
        return self.ok and self.body.is_stream and self.error.is_told

    @cached_property
    def from_behind(self) -> bool:
        """The error is that of a server behind the one that answered: it says so, or had taken the request (and the key).

        Of a body alone nobody knows the status: it had taken the request if something came before the error.
        """
        taken = self.in_stream and (not self.captured or self.events_before_error > 0)
        return self.server.passed_on or (taken and not self.server.is_official)

    @property
    def events_before_error(self) -> int:
        """How many events of a stream came before the one that tells of the error."""
        event = self.error.reading.event if self.error.reading else None
        return event - 1 if event else self.body.events

    @property
    def content_came(self) -> bool:
        """Whether anything of an answer came: text, reasoning or a call."""
        return self.exchange.reading.generated

    @property
    def unseen_header(self) -> str:
        """A header that was sent and that the endpoint says it misses, or ""."""
        return next(filter(self.request.sends, self.error.missing_headers), "")

    @property
    def no_answer(self) -> bool:
        """Nothing of a response came."""
        return self.status == 0

    @property
    def path_behind(self) -> str:
        """The path that the error says was asked, where that is the end of ours: it is of a server behind. "" for any other."""
        told = self.error.matches(r"\b(?:post|get) (/[\w./-]+)")
        asked = self.address.asked.path.lower()
        return told[1] if told and asked != told[1] and asked.endswith(told[1]) else ""

    @property
    def other_protocol(self) -> str:
        """The protocol of the answer where it is not the one that was asked in, or ""."""
        return self.body.answered_in if self.body.answered_in != self.protocol else ""

    def has_finding(self, rule: FindingRule) -> bool:
        """Was this found in the answer?"""
        return any(one.rule is rule for one in self.exchange.findings)

    # -- when to try again --------------------------------------------------------------------------------------------

    @property
    def limited(self) -> bool:
        """A limit is why the endpoint said no."""
        return self.limits.limited

    @cached_property
    def again(self) -> RetryAfter | None:
        """When the endpoint says it can be tried again; None where it says nothing, or did not refuse."""
        return self.limits.again if self.refused else None

    @property
    def says_when(self) -> bool:
        """Whether it says a time to come at which it can be tried again."""
        return self.again is not None and bool(self.again.seconds or self.again.until)

    @property
    def tokens_of_time(self) -> bool:
        """Whether it is DashScope's limit of tokens a minute, which has the words and the code of OpenAI's used-up account."""
        of_vendor = self.address.host.endswith(".aliyuncs.com") and self.error.says("exceeded your current quota")
        return of_vendor or self.error.says(*phrases.TOKENS_OF_TIME)

    @property
    def opens(self) -> str:
        """In which way it says when a limit that is used up opens again: "at", "at_time", "in_words", "open" by now, "unsaid".

        What asks for a short wait in general (retry-after, the reset of a limit of rate) does not say that.
        """
        again = self.again
        if again is None:
            return "in_words" if self.says_when_in_words else "unsaid"
        if again.seconds is None:
            return "at_time" if again.until else "unsaid"
        if not again.opens and again.seconds < _OPENS_S:
            return "unsaid"
        return "at" if again.seconds > 0 else "open"

    @property
    def says_when_in_words(self) -> bool:
        """Whether the endpoint's text says when it can be tried again, in words that are not read as a time."""
        return self.again is None and bool(self.error.matches(_WHEN_IN_WORDS))
