"""What is taken for an error sent as text, and what for a model that speaks of one."""

from __future__ import annotations

import pytest

from app.protocols.errors.as_text import looks_like_error


@pytest.mark.parametrize(
    "text",
    [
        "Error: upstream returned 502 Bad Gateway",
        "502 Bad Gateway",
        "[API Error: 429 Too Many Requests]",
        "Upstream error: connection reset",
        "Internal server error",
        "Network error, please try again later",
        "503 Service Unavailable: no healthy upstream",
        '{"error": {"message": "no channel"}}',
        "<html><head><title>504 Gateway Time-out</title></head></html>",
    ],
)
def test_an_error_is_taken_for_one(text: str) -> None:
    assert looks_like_error(text)


@pytest.mark.parametrize(
    "text",
    [
        "502 Bad Gateway means that a proxy got no usable answer.",
        "404 Not Found is the status of a page that is not there.",
        "404 Not Found (a client error) indicates a wrong path.",
        "Internal server error (HTTP 500) is a generic response.",
        "API error handling in Python is done with try and except.",
        "Network errors are common on trains.",
        '{"error_rate": 0.2, "error": "none"}',
        '{"error": null, "ok": true}',
        "<!DOCTYPE html><html><head><title>Hello</title></head><body>Hi</body></html>",
    ],
)
def test_a_model_may_speak_of_errors(text: str) -> None:
    assert not looks_like_error(text)


def test_only_a_short_answer_is_taken_for_an_error() -> None:
    error = "502 Bad Gateway"
    assert looks_like_error(error.ljust(1000, "."))
    assert not looks_like_error(error.ljust(1001, "."))


@pytest.mark.parametrize("text", ['{"error": "none", "answer": "Paris"}', '{"message": "Paris"}', '{"detail": 4}', "{}", "{"])
def test_an_object_with_more_than_an_error_is_an_answer(text: str) -> None:
    assert not looks_like_error(text)
