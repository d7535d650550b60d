"""What a pasted curl command gives."""

from __future__ import annotations

import pytest

from app.formats.curl import is_curl, read_curl

KEY = "sk-canary-y7xU0123456789abcdefghij0h"
MESSAGES, CHAT, RESPONSES = "anthropic-messages", "openai-chat", "openai-responses"


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
