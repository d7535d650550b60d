"""Blocks of variables: shells, settings files, `.env`: what they say of an endpoint."""

from __future__ import annotations

import pytest

from app.formats.env_block import is_env, read_env, variables
from app.protocols.ids import CHAT, MESSAGES

KEY = "sk-ant-made-up-0123456789abcdef"


@pytest.mark.parametrize(
    "text",
    [
        f"ANTHROPIC_BASE_URL=https://relay.example\nANTHROPIC_AUTH_TOKEN={KEY}\n",
        f"# for Claude Code\nexport ANTHROPIC_BASE_URL=\"https://relay.example\"\nexport ANTHROPIC_AUTH_TOKEN='{KEY}' # yours",
        f'$env:ANTHROPIC_BASE_URL = "https://relay.example"; $env:ANTHROPIC_AUTH_TOKEN = "{KEY}"',
        f"set ANTHROPIC_BASE_URL=https://relay.example\r\nset ANTHROPIC_AUTH_TOKEN={KEY}\r\n",
        f'{{"env": {{"ANTHROPIC_AUTH_TOKEN": "{KEY}", "ANTHROPIC_BASE_URL": "https://relay.example"}}}}',
        f"export ANTHROPIC_BASE_URL='https://'\"relay.example\"\nexport ANTHROPIC_AUTH_TOKEN='{KEY[:9]}''{KEY[9:]}'",
        f"ANTHROPIC_BASE_URL: https://relay.example\nANTHROPIC_AUTH_TOKEN: {KEY}\n",
    ],
)
def test_a_block_in_any_shell(text: str) -> None:
    pasted = read_env(text)
    assert pasted is not None
    assert (pasted.base_url, pasted.protocol, pasted.auth, pasted.key) == ("https://relay.example", MESSAGES, "bearer", KEY)
    assert is_env(text)


def test_what_a_block_says_of_openais_clients() -> None:
    pasted = read_env(f"OPENAI_API_KEY={KEY}\nOPENAI_BASE_URL=https://relay.example/v1/chat/completions\nOPENAI_MODEL=gpt-5.5")
    assert pasted is not None
    assert (pasted.base_url, pasted.protocol, pasted.auth) == ("https://relay.example/v1", CHAT, "bearer")
    assert (pasted.key, pasted.model, pasted.notes) == (KEY, "gpt-5.5", ())


def test_two_endpoints_in_one_block_are_not_mixed() -> None:
    pasted = read_env(f"ANTHROPIC_BASE_URL=https://a.example\nOPENAI_BASE_URL=https://b.example/v1\nOPENAI_API_KEY={KEY}")
    assert pasted is not None
    assert (pasted.base_url, pasted.key, pasted.auth) == ("https://a.example", "", "")
    assert pasted.notes == ("OPENAI_BASE_URL is another endpoint: add it for itself.",)


@pytest.mark.parametrize("text", ["", "https://relay.example/v1", "PATH=/usr/bin", "Say hello: A_B", "ANTHROPIC_BASE_URL="])
def test_what_is_no_block(text: str) -> None:
    assert read_env(text) is None


def test_of_a_variable_that_is_set_twice_the_last_counts() -> None:
    assert variables("A_B=1; A_B=2") == {"A_B": "2"}
