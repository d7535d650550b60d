"""`diptych models`: the list, or why there is none."""

from __future__ import annotations

import json

from app.protocols.registry import protocol_ids
from app.simulator.server.urls import base_url, fault_endpoint
from tests.terminal.program import called


def test_models(simulator: str) -> None:
    for protocol in protocol_ids():
        done = called("models", "--url", base_url(simulator, "official", protocol), "--protocol", protocol, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["models"]
    done = called(
        "models", "--url", base_url(simulator, fault_endpoint("models_404"), "openai-chat"), "--protocol", "openai-chat"
    )
    assert done.returncode == 1
    assert "model list" in done.stderr
