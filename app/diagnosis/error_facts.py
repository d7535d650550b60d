"""Facts of what an endpoint says went wrong: its words, and the field of the request that they are about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from app.diagnosis.parameters import OPTION_HINTS, missing_parameter, option_named, refused_parameter
from app.protocols.reading import ErrorReading


class ErrorFacts:
    """The error that an endpoint told. Texts to compare with are lower case.

    Attributes:
        reading: None where it told of none.
        text: the error's message, type and code in lower case, "" without one.
    """

    def __init__(self, reading: ErrorReading | None, request: Mapping[str, object]) -> None:
        self.reading = reading
        self.text = " | ".join((reading.message, reading.type, reading.code)).lower() if reading else ""
        self._request = request

    @property
    def is_told(self) -> bool:
        return self.reading is not None

    @property
    def gives_no_reason(self) -> bool:
        """Whether it told of an error without a word on it."""
        return self.reading is not None and self.reading.ours

    def says(self, *needles: str) -> bool:
        """Does the error (message, type or code) hold one of these, lower case?"""
        return any(needle in self.text for needle in needles)

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

    @property
    def is_upstreams(self) -> bool:
        """Whether the error came from behind the server that answered."""
        return self.reading is not None and self.reading.upstream

    @cached_property
    def refused_parameter(self) -> str:
        """The field that the endpoint does not take, or ""."""
        return refused_parameter(self.text, self.reading, self._request) if self.reading else ""

    @cached_property
    def missing_parameter(self) -> str:
        """The field that the endpoint misses, or ""."""
        return missing_parameter(self.text, self.reading) if self.reading else ""

    @cached_property
    def option(self) -> str:
        """The OpenAI option that was sent and is refused, or ""."""
        named = self.refused_parameter
        if named in OPTION_HINTS:
            return named
        return option_named(self.text, self.reading, self._request) if self.reading else ""

    @property
    def parameter(self) -> str:
        """The request's field that the error is about, or ""."""
        return self.refused_parameter or self.missing_parameter or self.param[:60]
