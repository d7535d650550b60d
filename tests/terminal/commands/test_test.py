"""`diptych test`: a verdict a question, what was sent and what it cost, and the exit code."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from app.__main__ import main
from app.protocols.registry import protocol_ids
from app.simulator.server.urls import base_url, fault_endpoint
from tests.terminal.program import CANARY, diptych

QUESTIONS = ["reachable", "key", "model_list", "answers", "streams"]
MODELS = {"anthropic-messages": "claude-sonnet-4-6", "openai-chat": "gpt-5.5", "openai-responses": "gpt-5.5"}


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY_KEY", CANARY)


def options(url: str, protocol: str = "anthropic-messages", *more: str) -> list[str]:
    return ["test", "--url", url, "--protocol", protocol, "--model", MODELS[protocol], "--key-env", "CANARY_KEY", *more]


def run(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> tuple[int, dict[str, Any], dict[str, str]]:
    """The exit code, the facts, and the verdicts by question."""
    code = main([*arguments, "--json"])
    said = capsys.readouterr()
    assert CANARY not in said.out + said.err
    facts = json.loads(said.out)
    assert said.err.strip() == facts["sends"]
    assert [one["question"] for one in facts["verdicts"]] == QUESTIONS
    return code, facts, {one["question"]: one["verdict"] for one in facts["verdicts"]}


def closed_port() -> int:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port: int = closed.getsockname()[1]
        return port


@pytest.mark.parametrize("protocol", protocol_ids())
def test_an_endpoint_that_works(simulator: str, capsys: pytest.CaptureFixture[str], protocol: str) -> None:
    url = base_url(simulator, "official", protocol)
    code, facts, verdicts = run(capsys, options(url, protocol))
    assert (code, facts["schema"], facts["works"]) == (0, 1, True)
    assert verdicts == dict.fromkeys(QUESTIONS, "pass")
    assert facts["endpoint"] == {"name": url, "protocol": protocol, "base_url": url, "model": MODELS[protocol]}
    assert facts["sends"].startswith("Sends two tiny requests (up to 64 output tokens each), about $")
    assert MODELS[protocol] in facts["models"]
    listing, whole, stream = facts["exchanges"]
    assert listing["request"].startswith("GET http://127.0.0.1:")
    assert [one["request"].split()[0] for one in (whole, stream)] == ["POST", "POST"]
    assert [one["stream"] for one in (listing, whole, stream)] == [False, False, True]
    assert {one["status"] for one in facts["exchanges"]} == {200}
    assert all(one["total_ms"] > 0 for one in facts["exchanges"])
    assert [one["outcome"] for one in facts["answers"]] == ["completed", "completed"]
    counts = [one["usage"]["output_tokens"] for one in facts["answers"]]
    assert facts["usage"]["output_tokens"] == sum(counts) > max(counts)
    assert facts["cost_usd"] > 0
    evidence = [one for row in facts["verdicts"] for one in row["evidence"]]
    assert evidence == [{"exchange": number, "event": None} for number in (1, 2, 1, 2, 3)]


def test_what_a_person_reads(simulator: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(options(base_url(simulator, "official", "anthropic-messages"))) == 0
    said = capsys.readouterr()
    first, note, *lines = said.out.splitlines()
    assert first.endswith("/official · claude-sonnet-4-6")
    assert note.startswith("Sends two tiny requests (up to 64 output tokens each), about $")
    assert "Reachable       pass" in lines
    assert "   The model answered with this key." in lines
    assert lines[-1].startswith("Counted by the endpoint: ")
    assert said.err == ""


def test_what_it_sends_is_said_before_it_is_sent(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    before: list[str] = []

    async def look(_test: object) -> None:
        before.append(capsys.readouterr().out)

    monkeypatch.setattr("app.asking.endpoint_test.EndpointTest.run", look)
    main(options("http://127.0.0.1:9"))
    assert "Sends two tiny requests" in before[0]


def test_a_dead_host(capsys: pytest.CaptureFixture[str]) -> None:
    port = closed_port()
    code, facts, verdicts = run(capsys, options(f"http://127.0.0.1:{port}"))
    assert (code, facts["works"], facts["models"], facts["cost_usd"]) == (1, False, None, None)
    assert verdicts == {**dict.fromkeys(QUESTIONS, "skipped"), "reachable": "fail"}
    assert f"Nothing listens on port {port}" in facts["verdicts"][0]["sentence"]
    assert facts["verdicts"][0]["fix"]
    assert facts["answers"] == []
    assert [one["status"] for one in facts["exchanges"]] == [None]


def test_a_wrong_key(simulator: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, facts, verdicts = run(capsys, options(base_url(simulator, fault_endpoint("error_401"), "anthropic-messages")))
    assert code == 1
    assert (verdicts["reachable"], verdicts["key"], verdicts["answers"], verdicts["streams"]) == (
        "pass", "fail", "skipped", "skipped",
    )  # fmt: skip
    key = facts["verdicts"][1]
    assert key["sentence"]
    assert key["fix"]
    assert key["evidence"] == [{"exchange": 2, "event": None}]
    assert len(facts["exchanges"]) == 2


def test_a_wrong_base_url_and_what_would_mend_it(simulator: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, facts, verdicts = run(capsys, options(f"{simulator}/official", "openai-chat"))
    assert (code, verdicts["reachable"], verdicts["answers"], verdicts["streams"]) == (1, "pass", "fail", "fail")
    answers = facts["verdicts"][3]
    asked = {one["request"].rpartition("/official")[2]: one["verdict"] for one in answers["asked"]}
    assert asked["/v1/chat/completions"] == "speaks"
    assert "POST" not in answers["sentence"]
    assert (answers["change"]["field"], answers["change"]["value"]) == ("base_url", f"{simulator}/official/v1")
    assert main(options(answers["change"]["value"], "openai-chat")) == 0


def test_other_paths_are_not_asked_where_they_must_not_be(simulator: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, facts, verdicts = run(capsys, options(f"{simulator}/official", "openai-chat", "--no-probe"))
    assert (code, verdicts["answers"]) == (1, "fail")
    assert "other paths" not in facts["sends"]
    assert facts["verdicts"][3]["asked"] == []


def test_an_answer_that_differs_works_and_names_the_event(simulator: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, facts, verdicts = run(capsys, options(base_url(simulator, fault_endpoint("no_block_start"), "anthropic-messages")))
    assert (code, facts["works"], verdicts["streams"]) == (0, True, "differs")
    streams = facts["verdicts"][4]
    findings = facts["answers"][1]["findings"]
    assert streams["evidence"] == [{"exchange": 3, "event": one["event"]} for one in findings if one["severity"] != "note"]


def test_without_a_model_only_the_list_is_asked_for(simulator: str, capsys: pytest.CaptureFixture[str]) -> None:
    url = base_url(simulator, "official", "openai-chat")
    code, facts, verdicts = run(capsys, ["test", "--url", url, "--protocol", "openai-chat"])
    assert (code, verdicts["reachable"], verdicts["streams"]) == (1, "pass", "skipped")
    assert facts["sends"] == "Asks for the model list alone, which costs nothing, since no model is chosen."
    assert len(facts["exchanges"]) == 1
    assert facts["endpoint"]["model"] is None


def test_a_demo_endpoint_in_a_process_of_its_own() -> None:
    done = diptych("test", "Demo relay (Chat)", "--json")
    facts = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert {one["verdict"] for one in facts["verdicts"]} == {"pass", "differs"}
    assert done.stderr.startswith("Sends two tiny requests (up to 64 output tokens each), and asks")  # a demo costs nothing


@pytest.mark.parametrize(
    "arguments",
    [
        ["test"],
        ["test", "No such profile"],
        ["test", "Demo official", "--url", "http://h"],
        ["test", "--url", "http://h"],
        ["test", "Demo official", "--key-env", "NOT_SET_ANYWHERE"],
        ["test", "--url", "http://relay.example", "--protocol", "openai-chat", "--key-env", "CANARY_KEY"],
    ],
)
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.err.startswith("diptych: ")
    assert not said.out
    assert CANARY not in said.err
