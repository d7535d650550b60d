"""Endpoints in the settings of other programs."""

from __future__ import annotations

import json

import pytest

from app.formats.endpoint_files import endpoints_in

MESSAGES, CHAT, RESPONSES = "anthropic-messages", "openai-chat", "openai-responses"
KEY = "sk-test-1234567890abcdef"
CODEX = f"""
model = "gpt-5.5"
model_provider = "relay"
[model_providers.relay]
name = "My relay"
base_url = "https://relay.test/v1/"
env_key = "RELAY_KEY"
wire_api = "responses"
http_headers = {{ x = "y" }}
[model_providers.old]
base_url = "https://old.test/v1"
wire_api = "chat"
experimental_bearer_token = "{KEY}"
[model_providers.empty]
name = "No address"
"""
LITELLM = f"""
model_list:
  - model_name: claude
    litellm_params: {{model: anthropic/claude-sonnet-4-6, api_base: https://relay.test, api_key: {KEY}}}
  - model_name: gpt
    litellm_params: {{model: openai/gpt-5.5, api_key: os.environ/OPENAI_API_KEY}}
  - model_name: new
    litellm_params: {{model: openai/responses/gpt-5.5, api_base: https://relay.test/v1}}
  - model_name: cloud
    litellm_params: {{model: bedrock/claude, aws_region_name: x}}
  - model_name: hidden
    litellm_params: {{model: openai/x, api_base: os.environ/BASE}}
  - 7
"""
LINK = f"ccswitch://v1/import?resource=provider&app=claude&name=Relay&endpoint=https%3A%2F%2Frelay.test&apiKey={KEY}&model=m"
ENV = f"ANTHROPIC_BASE_URL=https://a.test\nANTHROPIC_AUTH_TOKEN={KEY}\nOPENAI_BASE_URL=https://o.test/v1\nOPENAI_API_KEY=sk-o-{KEY}\n"
POSTMAN = {"name": "Relay", "values": [{"key": "baseUrl", "value": "https://relay.test/v1", "enabled": True},
                                       {"key": "api-key", "value": KEY, "type": "secret"},
                                       {"key": "model", "value": "off", "enabled": False}]}  # fmt: skip

Row = tuple[str, str, str, str, str, str]


def rows(text: str) -> list[Row]:
    """(name, protocol, base URL, model, key or its variable, why it can't be taken) of each."""
    found = [(one, one.pasted) for one in endpoints_in(text)]
    return [
        (one.name, held.protocol, held.base_url, held.model, held.key or held.key_variable, one.why_not) for one, held in found
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (CODEX, [("My relay", RESPONSES, "https://relay.test/v1", "gpt-5.5", "RELAY_KEY", ""),
                 ("old", CHAT, "https://old.test/v1", "", KEY, "")]),
        (LINK, [("Relay", MESSAGES, "https://relay.test", "m", KEY, "")]),
        (LINK.replace("app=claude", "app=codex"), [("Relay", RESPONSES, "https://relay.test", "m", KEY, "")]),
        (ENV, [("a.test", MESSAGES, "https://a.test", "", KEY, ""),
               ("o.test", CHAT, "https://o.test/v1", "", f"sk-o-{KEY}", "")]),
        (json.dumps({"permissions": {}, "env": {"ANTHROPIC_BASE_URL": "https://a.test", "ANTHROPIC_AUTH_TOKEN": KEY}}),
         [("a.test", MESSAGES, "https://a.test", "", KEY, "")]),
        (json.dumps(POSTMAN), [("Relay", CHAT, "https://relay.test/v1", "", KEY, "")]),
        ("vars {\n  baseUrl: https://relay.test/v1\n  apiKey: {{process.env.KEY}}\n}\nvars:secret [\n  token\n]\n",
         [("relay.test", CHAT, "https://relay.test/v1", "", "", "")]),
        (f"curl https://relay.test/v1/messages -H 'x-api-key: {KEY}'",
         [("relay.test", MESSAGES, "https://relay.test", "", KEY, "")]),
    ],
    ids=["Codex", "CC Switch", "CC Switch for Codex", ".env", "Claude Code", "Postman", "Bruno", "curl"],
)  # fmt: skip
def test_what_is_read(text: str, wanted: list[Row]) -> None:
    assert rows(text) == wanted


def test_litellm_s_settings() -> None:
    found = rows(LITELLM)
    assert found[:3] == [
        ("claude", MESSAGES, "https://relay.test", "claude-sonnet-4-6", KEY, ""),
        ("gpt", CHAT, "https://api.openai.com/v1", "gpt-5.5", "OPENAI_API_KEY", ""),
        ("new", RESPONSES, "https://relay.test/v1", "gpt-5.5", "", ""),
    ]
    assert [(one[0], one[5]) for one in found[3:]] == [
        ("cloud", "its model 'bedrock/claude' is of an API that is not read"),
        ("hidden", "its address is in the variable BASE"),
    ]


def test_what_was_left_out_is_said() -> None:
    first, _ = endpoints_in(CODEX)
    assert first.pasted.notes == ("Its headers were left out.", "Its key is in the variable RELAY_KEY, which is not read.")
    assert first.origin == "Codex's settings, model_providers.relay"
    (gemini,) = endpoints_in(LINK.replace("app=claude", "app=gemini"))
    assert "'gemini' is of an API that is not read" in gemini.why_not
    (other,) = endpoints_in(LINK.replace("resource=provider", "resource=mcp"))
    assert "no link that imports a provider" in other.why_not


NONE = ("", "Hello", "{", "model_list: [", "model_providers = 7", '{"values": 7}', "vars {\n}\n", "[model_providers")


@pytest.mark.parametrize("text", NONE)
def test_what_holds_none(text: str) -> None:
    assert endpoints_in(text) == []


@pytest.mark.parametrize("text", [
    "ANTHROPIC_BASE_URL=https://a.TOKEN=sk-test-1234567890abcdef", "OPENAI_BASE_URL=https://sk-test-1234567890abcdef/v1",
    json.dumps({"name": "sk-test-1234567890abcdef", "values": [{"key": "base_url", "value": "https://a.test/v1"}]}),
])  # fmt: skip
def test_a_key_where_a_name_should_be_is_no_name(text: str) -> None:
    """A line that lost its end; what is found is shown, and saved under its name."""
    assert [one.name for one in endpoints_in(text)] == ["New endpoint"]
