"""What is said of a base URL while it is typed."""

from __future__ import annotations

import pytest

from app.asking.advice import advise, exact_url, is_plain_text, looks_like_key
from app.asking.changes import with_protocol
from app.store.profiles import Profile

KEY = "sk-canary-y7xU0123456789abcdefghij0h"
MESSAGES, CHAT, RESPONSES = "anthropic-messages", "openai-chat", "openai-responses"


@pytest.mark.parametrize(
    ("base_url", "protocol", "url"),
    [
        ("https://api.anthropic.com", MESSAGES, "https://api.anthropic.com/v1/messages"),
        ("https://api.openai.com/v1/", CHAT, "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/v1", RESPONSES, "https://api.openai.com/v1/responses"),
        ("", CHAT, ""),
        ("https://x", "no-such-protocol", ""),
    ],
)
def test_the_exact_address(base_url: str, protocol: str, url: str) -> None:
    assert exact_url(base_url, protocol) == url


@pytest.mark.parametrize(
    ("base_url", "protocol", "fix"),
    [
        ("api.openai.com/v1", CHAT, "https://api.openai.com/v1"),
        ("localhost:8000/v1", CHAT, "http://localhost:8000/v1"),
        ("https：//api.openai.com／v1", CHAT, "https://api.openai.com/v1"),
        ("https://api. openai.com/v1", CHAT, "https://api.openai.com/v1"),
        ("ftp://relay.example/v1", CHAT, "https://relay.example/v1"),
        ("https://relay.example", CHAT, "https://relay.example/v1"),
        ("https://relay.example/v1", MESSAGES, "https://relay.example"),
        ("https://relay.example/v1/chat/completions", CHAT, "https://relay.example/v1"),
        ("https://relay.example/v1/messages", MESSAGES, "https://relay.example"),
        ("https://api.antropic.com", MESSAGES, "https://api.anthropic.com"),
        ("https://relay.example/v1?key=1", CHAT, "https://relay.example/v1"),
        ("https://me:secret@relay.example/v1", CHAT, "https://relay.example/v1"),
        ("http://relay.example/v1", CHAT, "https://relay.example/v1"),
    ],
)
def test_one_fix_makes_it_plain(base_url: str, protocol: str, fix: str) -> None:
    said = advise(base_url, protocol)
    assert [one.fix for one in said] == [fix]
    assert said[0].sentence
    assert "secret" not in said[0].button
    assert advise(fix, protocol) == []


@pytest.mark.parametrize("base_url", ["", "https://api.anthropic.com", "http://127.0.0.1:1", "http://localhost:1"])
def test_nothing_is_said_of_a_plain_address(base_url: str) -> None:
    assert advise(base_url, MESSAGES) == []


def test_another_protocols_path_offers_that_protocol() -> None:
    first = advise("https://relay.example/v1/chat/completions", MESSAGES)[0]
    assert first.to_protocol == CHAT
    profile = Profile(name="r", base_url="https://relay.example/v1/chat/completions", protocol=MESSAGES)
    moved = with_protocol(profile, CHAT, adapt_url=True)
    assert (moved.base_url, moved.auth, moved.protocol) == ("https://relay.example/v1", "bearer", CHAT)


def test_a_vendor_that_does_not_speak_the_protocol() -> None:
    assert advise("https://api.openai.com", MESSAGES)[0].to_protocol == CHAT


@pytest.mark.parametrize(
    ("base_url", "clear"),
    [
        ("http://relay.example", True),
        ("http://10.0.0.7", True),
        ("https://relay.example", False),
        ("http://127.0.0.1", False),
        ("http://x.localhost", True),
    ],
)
def test_where_a_key_would_be_readable(base_url: str, clear: bool) -> None:
    assert is_plain_text(base_url) is clear


@pytest.mark.parametrize("nonsense", ["https://[::1", "::::", "https://", "http://h:99999999", "\x00", "https://\ud800"])
def test_nonsense_is_no_exception(nonsense: str) -> None:
    for protocol in (MESSAGES, CHAT, RESPONSES):
        advise(nonsense, protocol)
        exact_url(nonsense, protocol)


def test_a_key_is_not_an_address() -> None:
    assert looks_like_key(KEY)
    assert not looks_like_key("localhost")
    assert not looks_like_key("sk.example.com/v1/long/path")
