"""What was asked besides, in a line and as a list."""

from __future__ import annotations

import pytest

from app.diagnosis import may_be_on_other_path
from app.diagnosis.asked import in_lines
from app.recording.records import Asked
from tests.diagnosis.made import RELAY, made, page

ABSENT = Asked("openai-chat", "https://h.example/v1", "/v1/chat/completions", 404, "text", "absent")
SPEAKS = Asked("anthropic-messages", "https://h.example", "/v1/messages", 400, "anthropic-error", "speaks")
UNCLEAR = Asked("openai-chat", "https://h.example", "/chat/completions", 401, "openai-error", "unclear")
CONTROL = Asked("openai-chat", "https://h.example", "/no-such-path", 401, "openai-error", "unclear", control=True)


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ((ABSENT,), "Asked 1 other path, none is an API"),
        ((ABSENT, ABSENT), "Asked 2 other paths, none is an API"),
        ((ABSENT, SPEAKS, UNCLEAR), "Asked 3 other paths, and found an API"),
        ((ABSENT, UNCLEAR, CONTROL), "Asked 2 other paths: which of them is an API can't be told"),
    ],
)
def test_in_a_line(asked: tuple[Asked, ...], line: str) -> None:
    assert in_lines(asked)[0] == line


def test_one_by_one() -> None:
    assert in_lines(()) == ()
    assert in_lines((ABSENT, SPEAKS))[1:] == (
        "Each was sent an empty request that no model answers.",
        "POST /v1/chat/completions: 404 with text",
        "POST /v1/messages: 400 with an Anthropic error",
    )
    assert in_lines((UNCLEAR, CONTROL))[1].endswith("It answers so at any path, which tells nothing of them.")


@pytest.mark.parametrize(("base", "is_asked"), [(RELAY, True), ("https://console.anthropic.com", False)])
def test_a_web_site_is_not_sent_the_key_again(base: str, is_asked: bool) -> None:
    assert may_be_on_other_path(made(404, page("Not found"), base=base)) is is_asked
