"""Settings for a client: the base URL with or without /v1, its variables, and no key unless it is asked for."""

from __future__ import annotations

import shlex

import pytest

from app.clients.settings import NO_KEY, all_settings, settings_for, tool_settings
from app.clients.table import table
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.protocols.registry import info

RELAY = "https://relay.example.com/api"
BASE = {MESSAGES: RELAY, CHAT: f"{RELAY}/v1", RESPONSES: f"{RELAY}/v1"}
PATHS = {MESSAGES: "/v1/messages", CHAT: "/v1/chat/completions", RESPONSES: "/v1/responses"}


@pytest.mark.parametrize("protocol", BASE)
def test_each_client_asks_the_path_that_works(protocol: str) -> None:
    """By the paths that were seen: what a client makes of the base URL it is given is where the endpoint answers."""
    for one in table().speaking(protocol):
        told = settings_for(one, protocol, BASE[protocol], info(protocol).default_auth)
        suffix = told.base_url.removeprefix(RELAY)
        assert one.requests[protocol].paths[suffix] == PATHS[protocol], one.name


def test_a_slash_behind_the_base_url_changes_nothing() -> None:
    client = table().clients["ai-sdk-anthropic"]
    assert settings_for(client, MESSAGES, RELAY + "/", "x-api-key").base_url == RELAY + "/v1"
    assert settings_for(table().clients["anthropic"], MESSAGES, RELAY + "/", "bearer").base_url == RELAY


def test_an_endpoint_without_v1_keeps_its_address() -> None:
    client = table().clients["openai"]
    assert (
        settings_for(client, CHAT, "https://relay.example.com/openai", "bearer").base_url == "https://relay.example.com/openai"
    )


def test_how_the_key_is_sent_is_said_and_a_difference_too() -> None:
    new, old = table().clients["anthropic"], table().clients["ai-sdk-anthropic"]
    assert settings_for(new, MESSAGES, RELAY, "bearer").note == f"{new.title} sends its key as Authorization: Bearer."
    assert settings_for(old, MESSAGES, RELAY, "x-api-key").note == f"{old.title} sends its key as x-api-key."
    assert "was reached with x-api-key" in settings_for(new, MESSAGES, RELAY, "x-api-key").note


def test_no_key_unless_it_is_asked_for() -> None:
    for protocol, base in BASE.items():
        for one in (*all_settings(protocol, base, "bearer"), *tool_settings(protocol, base, "bearer", "m")):
            assert "{key}" not in one.text()
            assert "sk-mine" not in one.text()
            if one.variables:
                assert NO_KEY in one.text()
                assert "export " in one.text("sk-mine")
                assert "sk-mine" in one.text("sk-mine")


def test_a_line_for_a_shell_is_one_word_whatever_the_address() -> None:
    told = settings_for(table().clients["anthropic"], MESSAGES, "https://r.example/a;b $(x)", "bearer")
    first = told.environment().splitlines()[0]
    assert shlex.split(first) == ["export", "ANTHROPIC_BASE_URL=https://r.example/a;b $(x)"]


def test_tools_of_the_command_line() -> None:
    (claude,) = tool_settings(MESSAGES, RELAY, "bearer", "claude-x")
    assert claude.variables == (
        ("ANTHROPIC_BASE_URL", RELAY),
        ("ANTHROPIC_AUTH_TOKEN", "{key}"),
        ("ANTHROPIC_MODEL", "claude-x"),
    )
    assert tool_settings(MESSAGES, RELAY, "x-api-key", "")[0].variables[1] == ("ANTHROPIC_API_KEY", "{key}")
    (codex,) = tool_settings(RESPONSES, BASE[RESPONSES], "bearer", "")
    assert 'wire_api = "responses"' in codex.text()
