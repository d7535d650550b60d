"""A request of 1.2 MB: taken, refused for its size, refused for who knows what."""

from __future__ import annotations

import json

import pytest

from app.checks.budget import Budget, Prices
from app.checks.catalogue.large_body import SIZE
from app.protocols.ids import MESSAGES
from app.recording.records import Request
from tests.checks.catalogue.judged import found
from tests.checks.made import Answer, refused, said

GOOD, TOO_LARGE, OTHER = said(MESSAGES), refused(MESSAGES, "Too large", 413), refused(MESSAGES, "Bad request")


@pytest.mark.parametrize(
    ("b", "a", "expected"),
    [
        (GOOD, None, ("pass", "takes")),
        (TOO_LARGE, None, ("fail", "too_large")),
        (TOO_LARGE, GOOD, ("fail", "too_large")),
        (TOO_LARGE, TOO_LARGE, ("fail", "too_large")),
        (OTHER, None, ("inconclusive", "unclear")),
        (OTHER, GOOD, ("fail", "too_large")),
        (OTHER, OTHER, ("inconclusive", "unclear")),
        (refused(MESSAGES, "Overloaded", 529), GOOD, ("inconclusive", "status_529")),
    ],
)
def test_a_large_request(b: Answer, a: Answer | None, expected: tuple[str, str]) -> None:
    control = {"small": [GOOD], "large": [a]} if a is not None else None
    assert found("large_body", {"small": [GOOD], "large": [b]}, control) == expected


def test_what_was_refused_small_says_nothing_of_its_size() -> None:
    assert found("large_body", {"small": [OTHER], "large": [TOO_LARGE]})[0] == "inconclusive"


def test_blanks_cost_nothing() -> None:
    body = json.dumps({"a": "b"}).encode()
    request = Request("POST", "http://x", (), body[:1] + b" " * SIZE + body[1:])
    assert Budget().reserve(request, 100, Prices(MESSAGES, "claude-opus-5-5")).tokens < 200
