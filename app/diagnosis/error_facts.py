"""Facts of what an endpoint says went wrong: its words, and the field of the request that they are about."""

from __future__ import annotations

import re
from functools import cached_property

from app.diagnosis import codes, phrases, token_counts
from app.diagnosis.codes import About
from app.diagnosis.parameters import (
    OPTION_HINTS,
    Only,
    missing_headers,
    missing_parameter,
    named_field,
    only_value,
    option_named,
    place,
    places_named,
    refused_parameter,
    required_of_request,
    unsent_candidates,
    written_for,
)
from app.diagnosis.request_facts import RequestFacts
from app.protocols.reading import ErrorReading

# How a server behind refused the relay's own account: `Upstream returned 401`, `provider error: HTTP 429`. The number has to be
# told as a status: in `messages[401]`, of a picture that could not be loaded, or before a unit it is none of the account's.
_STATUS_BEHIND = (
    r"(?:\bprovider\([^()|]*:"
    r"|(?:\b(?:upstream|provider|backend|bad response)\b|上游)(?:(?!image|download|url)[^\d|_]){0,40}?"
    r"(?:(?<![a-z])(?:(?:status|error)(?:[ _-]?code)?|code|http|returned|responded|answered|replied|said|failed)(?: with)?"
    r"|返回了?|错误码?|状态码?|\())"
    r"[^\w|]{0,3}(40[123]|429|451)(?![\w%-]|[.,]\d)"
    r"(?! ?(?:m?s|(?:milli)?seconds?|tokens?|bytes|requests?|chunks|events|messages|characters)\b)"
)
_OF_ACCOUNT = (401, 402, 403, 429, 451)
_BAD_GATEWAY = 502


class ErrorFacts:
    """The error that an endpoint told. Texts to compare with are lower case.

    Attributes:
        reading: None where it told of none.
        text: the error's message, type and code in lower case, "" without one.
    """

    def __init__(self, reading: ErrorReading | None, request: RequestFacts, status: int = 0) -> None:
        """`status` is the response's."""
        self.reading, self._status = reading, status
        self.text = " | ".join((reading.message, reading.type, reading.code)).lower() if reading else ""
        self._request, self._body = request, request.body
        self._is_about: dict[About, bool] = {}

    @cached_property
    def is_told(self) -> bool:
        return self.reading is not None

    @property
    def gives_no_reason(self) -> bool:
        """Whether it told of an error without a word on it."""
        return self.reading is not None and self.reading.ours

    def says(self, *needles: str) -> bool:
        """Does the error (message, type or code) hold one of these, lower case?"""
        return any(needle in self.text for needle in needles)

    def is_about(self, what: About) -> bool:
        """Is it about this? Its code says so before its words do."""
        if (known := self._is_about.get(what)) is None:  # some rules ask the same, each of the words anew
            known = self._is_about[what] = self.reading is not None and codes.is_about(self.reading, self.text, what)
        return known

    @cached_property
    def about(self) -> About | None:
        """What its code or type says that it is about; None where they don't."""
        return codes.about(self.reading) if self.reading else None

    @cached_property
    def told_status(self) -> int:
        """The HTTP status that the error itself stands for, whatever that of the response; 0 where it tells none."""
        return codes.told_status(self.reading) if self.reading else 0

    @cached_property
    def asked_another(self) -> int:
        """The status that a server behind gave to the relay's own HTTP library, whose words these are; 0 where they are not."""
        found = self.matches(phrases.ASKED_ANOTHER)
        if found is None and not self._request.names_addresses:  # what else it asks for is fetched from them: a picture
            found = self.matches(phrases.ASKED_SOMETHING)
        return int(found[found.lastindex or 0]) if found else 0

    @cached_property
    def status_behind(self) -> int:
        """The status with which a server behind refused the relay's own account, where the words tell it, or a number beside
        them in the answer of a gateway whose upstream failed (502); else 0.
        """
        if found := self.matches(_STATUS_BEHIND):
            return int(found.group(1))
        if self.asked_another:
            return self.asked_another if self.asked_another in _OF_ACCOUNT else 0
        number = codes.told_number(self.reading) if self.reading and self._status == _BAD_GATEWAY else 0
        return number if number in _OF_ACCOUNT else 0

    @cached_property
    def blames_request(self) -> bool:
        """Whether the error says plainly, whatever the status, that the request is what is wrong."""
        about_request = self.about in (About.TOO_LONG, About.FILTER) or (self.about is None and self.is_about(About.TOO_LONG))
        return about_request or 400 <= self.told_status < 500 or required_of_request(self.missing_parameter)

    def matches(self, pattern: str) -> re.Match[str] | None:
        """The first match of a pattern in the error's lower-case text."""
        return re.search(pattern, self.text)

    @property
    def message(self) -> str:
        """The endpoint's own text, "" where it has none."""
        return self.reading.message if self.reading and not self.reading.ours else ""

    @property
    def param(self) -> str:
        """The field that the error names apart from its text, or ""."""
        return self.reading.param if self.reading else ""

    @cached_property
    def names_place(self) -> bool:
        """Whether it names a place inside the request: its text may then quote what stands there."""
        return bool(self.place) or re.search(r"[.\[]", self.param) is not None

    @property
    def is_upstreams(self) -> bool:
        """Whether the error came from behind the server that answered."""
        return self.reading is not None and self.reading.upstream

    @cached_property
    def refused_parameter(self) -> str:
        """The field that the endpoint does not take, or ""."""
        return refused_parameter(self.text, self.reading, self._body) if self.reading else ""

    @cached_property
    def missing_parameter(self) -> str:
        """The field that the endpoint misses, or ""."""
        return missing_parameter(self.text, self.reading) if self.reading else ""

    @cached_property
    def missing_headers(self) -> tuple[str, ...]:
        """The headers any of which the endpoint misses; () where it names none."""
        return missing_headers(self.text)

    @cached_property
    def option(self) -> str:
        """The OpenAI option that was sent and is refused, or ""."""
        named = self.refused_parameter
        if named in OPTION_HINTS:
            return named
        return option_named(self.text, self.reading, self._body) if self.reading else ""

    @cached_property
    def fit(self) -> token_counts.Fit | None:
        """The context's tokens, the prompt's, and those asked for; None where it does not tell all three."""
        return token_counts.fit(self.text)

    @property
    def ceiling(self) -> int:
        """How many tokens may be asked for at most; 0 where it does not say."""
        return token_counts.ceiling(self.text)

    @property
    def floor(self) -> int:
        """How many tokens have to be asked for at least; 0 where it does not say."""
        return token_counts.floor(self.text)

    @cached_property
    def only(self) -> Only | None:
        """The field of the request that takes one value only, and the value; None where it names none."""
        return only_value(self.text, self.param)

    @cached_property
    def unsent_parameter(self) -> str:
        """A field that is refused, and that the request, which is known, does not have; "" for none."""
        if self.reading is None:
            return ""
        missing = bool(self.missing_parameter)
        named = unsent_candidates(self.text, self.reading, self.refused_parameter, self.only, missing=missing)
        if name := next((name for name in named if self._request.lacks(name)), ""):
            return name
        places = places_named(self.text)  # of which some may be what the words recommend
        return places[0] if places and all(self._request.lacks(one) for one in places) else ""

    @property
    def written_for(self) -> str:
        """The request's field that the endpoint may have written as the one that is refused, and was not sent; or ""."""
        return written_for(self.unsent_parameter, self._body) if self.unsent_parameter else ""

    @property
    def place_beyond(self) -> str:
        """The place in the messages that the error names, where the request has fewer of them; ""."""
        return self.place if self.place and self._request.lacks(self.place) else ""

    @property
    def affordable(self) -> int:
        """How many tokens the balance covers, 0 where it does not say."""
        found = self.matches(r"can only afford (\d{1,9})")
        return int(found.group(1)) if found else 0

    @property
    def other_model(self) -> bool:
        """Whether it names a model that the request, which is known, did not ask for."""
        asked = self._request.model.lower() if self._request.known else ""
        found = self.matches(r"\bmodel:? [`'\"“]([\w./:@-]+)[`'\"”]")
        return bool(asked and found) and asked not in self.text and found is not None and found[1] not in asked

    @property
    def names_model(self) -> bool:
        """Whether it has the name of the model that was asked. A name that is an ordinary word proves nothing."""
        asked = self._request.model.lower()
        is_name = re.search(r"\d", asked) is not None
        return is_name and re.search(rf"(?<![\w./-]){re.escape(asked)}(?![\w/-])", self.text) is not None

    @property
    def place(self) -> str:
        """Where in the request's messages something is wrong, as `messages[1].content[1]`; "" where it does not say."""
        return place(self.text, self.param)

    @property
    def parameter(self) -> str:
        """The request's field that the error is about, or ""."""
        named = self.refused_parameter or self.missing_parameter or self.param.removeprefix("body.")[:60]
        return named or (named_field(self.text, self._body) if self.reading else "")
