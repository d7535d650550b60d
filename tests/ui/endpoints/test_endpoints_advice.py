"""What is said of a base URL while it is typed, and what a pasted curl command gives."""

from __future__ import annotations

import pytest

from app.asking.advice import advise, exact_url, is_clear_text, looks_like_key
from app.asking.changes import apply_change, is_applicable, with_protocol
from app.diagnosis import ProfileChange
from app.formats.curl import is_curl, read_curl
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
    [("http://relay.example", True), ("http://10.0.0.7", True), ("https://relay.example", False), ("http://127.0.0.1", False)],
)
def test_where_a_key_would_be_readable(base_url: str, clear: bool) -> None:
    assert is_clear_text(base_url) is clear


@pytest.mark.parametrize("nonsense", ["https://[::1", "::::", "https://", "http://h:99999999", "\x00", "https://\ud800"])
def test_nonsense_is_no_exception(nonsense: str) -> None:
    for protocol in (MESSAGES, CHAT, RESPONSES):
        advise(nonsense, protocol)
        exact_url(nonsense, protocol)


def test_a_key_is_not_an_address() -> None:
    assert looks_like_key(KEY)
    assert not looks_like_key("localhost")
    assert not looks_like_key("sk.example.com/v1/long/path")


MESSAGES_CURL = f"""curl https://relay.example/v1/messages \\
  --header "x-api-key: {KEY}" \\
  -H 'anthropic-version: 2024-01-01' -H "content-type: application/json" -H "X-Team: blue" \\
  -d '{{"model": "claude-x", "max_tokens": 9, "messages": []}}'"""


@pytest.mark.parametrize("text", [MESSAGES_CURL, MESSAGES_CURL.replace("\n", " "), MESSAGES_CURL.replace("\\\n", "^\r\n")])
def test_a_command_of_several_lines(text: str) -> None:
    pasted = read_curl(text)
    assert pasted is not None
    assert (pasted.base_url, pasted.protocol, pasted.auth) == ("https://relay.example", MESSAGES, "x-api-key")
    assert (pasted.model, pasted.anthropic_version, pasted.headers) == ("claude-x", "2024-01-01", (("X-Team", "blue"),))
    assert pasted.key == KEY
    assert KEY not in repr(pasted)


def test_flags_glued_together() -> None:
    pasted = read_curl(f"curl -sSXPOST -k --url=https://h.example/v1/responses -HAuthorization:\\ Bearer\\ {KEY}")
    assert pasted is not None
    assert (pasted.base_url, pasted.protocol, pasted.auth, pasted.key) == ("https://h.example/v1", RESPONSES, "bearer", KEY)
    assert any("-k" in note for note in pasted.notes)


def test_a_variable_in_place_of_the_key() -> None:
    pasted = read_curl('curl -X POST https://h.example/v1/chat/completions -H "Authorization: Bearer $OPENAI_API_KEY"')
    assert pasted is not None
    assert (pasted.key, pasted.key_variable) == ("", "OPENAI_API_KEY")


def test_a_second_secret_is_left_out() -> None:
    pasted = read_curl(f"curl https://h.example/v1/models -H 'cookie: session=1' -H 'x-goog-api-key: {KEY}'")
    assert pasted is not None
    assert pasted.headers == ()
    assert len(pasted.notes) == 2
    assert KEY not in " ".join(pasted.notes)


@pytest.mark.parametrize("text", ["curl", "curl -H", "curl 'https://h", "curl --data x"])
def test_half_a_command(text: str) -> None:
    assert read_curl(text) is None


def test_what_a_command_is() -> None:
    assert is_curl("$ curl https://h")
    assert not is_curl("https://curl.example")


def test_changes_that_a_diagnosis_proposes() -> None:
    profile = Profile(name="p", headers=(("x-api-key", "1"), ("X-Team", "blue")), base_url="https://h.example")
    assert apply_change(profile, ProfileChange("headers", "X-API-Key=", "")).headers == (("X-Team", "blue"),)
    assert apply_change(profile, ProfileChange("headers", "User-Agent=curl", "")).headers[-1] == ("User-Agent", "curl")
    assert apply_change(profile, ProfileChange("limits.silence_s", 90.0, "")).limits.silence_s == 90.0
    assert apply_change(profile, ProfileChange("auth", "bearer", "")).auth == "bearer"
    assert apply_change(profile, ProfileChange("protocol", CHAT, "")).base_url == "https://h.example/v1"
    assert apply_change(profile, ProfileChange("max_tokens", 4, "")) == profile
    assert not is_applicable(ProfileChange("key", "", ""))
