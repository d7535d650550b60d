"""Code for a client: it can be read as its language, and has base URL and model as they are."""

from __future__ import annotations

import ast

import pytest

from app.clients.code import code_for, quoted
from app.clients.settings import OWN_VARIABLE, settings_for
from app.clients.table import Client, table
from app.protocols.ids import CHAT, MESSAGES
from app.protocols.registry import info

EVERY = [(one, protocol) for one in table().clients.values() for protocol in one.suffix]
HOSTILE = 'm"{url}\\\n\u202e\U000e0001{key}\ud800'
SAME = 'm"{url}\\\n\u202e\U000e0001{key}\ufffd'


def strings(code: str) -> list[str]:
    return [str(one.value) for one in ast.walk(ast.parse(code)) if isinstance(one, ast.Constant)]


@pytest.mark.parametrize(("client", "protocol"), EVERY, ids=lambda one: getattr(one, "name", one))
def test_it_has_what_the_endpoint_needs(client: Client, protocol: str) -> None:
    base = "https://relay.example" + ("/v1" if info(protocol).version_in_base_url else "")
    told = settings_for(client, protocol, base, "bearer")
    code = code_for(client, protocol, base, "bearer", "model-x")
    assert f'"{told.base_url}"' in code
    assert 'model-x"' in code
    assert told.key_variable in code
    assert "{url}" not in code
    if client.language == "python":
        assert told.base_url in strings(code)
        assert any(one.endswith(SAME) for one in strings(code_for(client, protocol, base, "bearer", HOSTILE)))
    else:
        assert f"process.env.{told.key_variable}" in code
        assert code.count("{") == code.count("}")
    assert "MODEL" in code_for(client, protocol, base, "", "")


def test_an_address_of_someone_else_stays_one_text() -> None:
    client = table().clients["langchain-openai"]
    code = code_for(client, CHAT, 'https://x/"); import os; os.system("{model}', "bearer", "m")
    assert len(ast.parse(code).body) == 4
    assert quoted('a"\u2028', script=True) == '"a\\"\\u2028"'
    assert quoted("\U000e0001", script=True) == '"\\u{e0001}"'


def test_a_client_that_reads_no_variables_reads_one_by_its_code() -> None:
    client = table().clients["ai-sdk-openai-compatible"]
    told = settings_for(client, CHAT, "https://relay.example/v1", "")
    assert told.key_variable == OWN_VARIABLE
    assert told.environment() == ""
    assert told.environment_of_code("sk-x") == f"export {OWN_VARIABLE}=sk-x"
    assert "reached with" not in told.note
    usual = settings_for(table().clients["anthropic"], MESSAGES, "https://relay.example", "bearer")
    assert usual.environment_of_code() == usual.environment()


def test_a_client_that_is_not_known_has_none() -> None:
    client = table().clients["anthropic"]
    assert code_for(client, CHAT, "https://x", "bearer", "m") == ""
