"""`diptych settings`: an endpoint's settings for its clients, without its key unless that is asked for."""

from __future__ import annotations

import json

from tests.terminal.program import CANARY, called

URL = "https://relay.example.com"
RELAY = ("--url", URL, "--protocol", "anthropic-messages", "--auth", "bearer", "--key-env", "CANARY_KEY")


def test_each_client_gets_the_base_url_that_it_wants() -> None:
    done = called("settings", *RELAY, "--json", CANARY_KEY=CANARY)
    assert done.returncode == 0, done.stderr
    told = {one["client"].split()[0]: one for one in json.loads(done.stdout)["settings"]}
    assert told["@ai-sdk/anthropic"]["base_url"] == f"{URL}/v1"
    assert told["anthropic"]["base_url"] == told["litellm"]["base_url"] == URL
    assert told["Claude"]["variables"]["ANTHROPIC_AUTH_TOKEN"] == ""
    assert CANARY not in done.stdout


def test_the_key_comes_only_where_it_is_asked_for() -> None:
    plain = called("settings", *RELAY, "--client", "anthropic", CANARY_KEY=CANARY)
    assert f"export ANTHROPIC_BASE_URL={URL}" in plain.stdout
    assert CANARY not in plain.stdout
    assert "Claude Code" not in plain.stdout
    with_key = called("settings", *RELAY, "--client", "anthropic", "--with-key", CANARY_KEY=CANARY)
    assert f"export ANTHROPIC_API_KEY={CANARY}" in with_key.stdout


def test_what_is_not_known_is_wrong_use() -> None:
    assert called("settings").returncode == 2
    unknown = called("settings", *RELAY, "--client", "openai", CANARY_KEY=CANARY)
    assert unknown.returncode == 2
    assert "there are anthropic, " in unknown.stderr
    demo = called("settings", "Demo official", "--with-key")
    assert (demo.returncode, demo.stdout) == (2, "")
    assert "“Demo official” has no address before it runs" in demo.stderr
