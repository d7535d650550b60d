"""`--client`: findings are as severe as they are for that client, in the table, in JSON, and for each client beside it."""

from __future__ import annotations

import json
from pathlib import Path

from app.simulator.server.urls import fault_endpoint
from tests.builders import messages_start, messages_text
from tests.terminal.program import called, run_json


def cut(folder: Path) -> str:
    """A stream of Messages that ends in the middle of its text."""
    capture = folder / "answer.sse"
    capture.write_bytes(messages_start() + messages_text("Hi"))
    return str(capture)


def test_reading_for_a_client(tmp_path: Path) -> None:
    facts = json.loads(called("read", cut(tmp_path), "--json", "--client", "anthropic").stdout)
    assert facts["clients"]["mine"] == "anthropic"
    found = next(one for one in facts["findings"] if one["id"] == "A5")
    assert found["severity"] == found["clients"]["anthropic"]["severity"]
    assert found["clients"]["ai-sdk-anthropic"]["says"].startswith("@ai-sdk/anthropic ")
    assert facts["clients"]["seen"]["command"] == "python -m tests.clients"


def test_the_table_says_what_the_client_does(tmp_path: Path) -> None:
    said = called("read", cut(tmp_path), "--client", "langchain-anthropic").stdout
    assert "    langchain-anthropic " in said
    assert "    anthropic " not in said


def test_without_a_client_the_official_sdk_counts(tmp_path: Path) -> None:
    facts = json.loads(called("read", cut(tmp_path), "--json").stdout)
    assert facts["clients"]["mine"] == "anthropic"
    assert next(one for one in facts["findings"] if one["id"] == "A5")["severity"] == "breaks"


def test_a_client_that_is_not_known(tmp_path: Path) -> None:
    done = called("read", cut(tmp_path), "--client", "curl")
    assert done.returncode == 2
    assert "there is no client “curl”" in done.stderr


def test_a_run_remembers_its_client_and_forecasts_retries(simulator: str, tmp_path: Path) -> None:
    saved = tmp_path / "run.diptych"
    code, facts = run_json(
        simulator, "--client", "ai-sdk-anthropic", "--save", str(saved), a=fault_endpoint("error_429", "retry_after=7")
    )
    assert code == 1
    side = facts["sides"]["a"]
    assert side["clients"]["mine"] == "ai-sdk-anthropic"
    retry = side["clients"]["retry"]["anthropic"]
    assert (retry["tried"], retry["requests"], retry["waits_s"]) == (True, 3, [7.0, 7.0])
    again = json.loads(called("read", str(saved), "--json").stdout)
    assert again["clients"] == side["clients"]
    assert "asks 2 more times, after 7 s" in called("read", str(saved), "--client", "anthropic").stdout
