"""`diptych run`: every scenario and protocol, limits, what is saved and what is not."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from app.protocols.registry import protocol_ids
from app.recording.run_format import load_run
from app.scenarios import plan_from_ask
from app.simulator.server.urls import fault_endpoint
from app.terminal.commands import run
from app.terminal.commands.run import plan_of
from app.terminal.parser import parser
from app.terminal.usage import UsageError
from tests.terminal.program import CANARY, called, run_json, running, side_options


@pytest.mark.parametrize("protocol", protocol_ids())
def test_tool_loop_of_every_protocol(simulator: str, protocol: str) -> None:
    code, facts = run_json(
        simulator,
        "--request",
        "tools",
        "--tool-result",
        "21 degrees and fog",
        a=fault_endpoint("pad_spaces"),
        protocol=protocol,
    )
    side = facts["sides"]["a"]
    assert (code, facts["schema"], side["outcome"]) == (0, 1, "completed")
    assert [call["name"] for call in side["tool_calls"]] == ["get_weather"]
    assert side["tool_calls"][0]["arguments"] == {"city": "Paris"}
    assert "fog" in side["text"]
    assert len(side["requests"]) == 2
    counts = [one["usage"]["input_tokens"] for one in side["requests"]]
    assert side["usage"]["input_tokens"] == sum(counts) > max(counts)
    assert side["timing_ms"]["total"] > side["requests"][0]["timing_ms"]["total"]
    assert side["timing_ms"]["ttft"] == side["requests"][0]["timing_ms"]["ttft"]
    # Without a pace a short answer can come in one chunk, which is a burst.
    assert [one for one in side["findings"] if one["severity"] != "note" and one["id"] != "H1"] == []


@pytest.mark.parametrize("protocol", protocol_ids())
@pytest.mark.parametrize("stream", ["--stream", "--no-stream"])
def test_a_tool_that_fails(simulator: str, protocol: str, stream: str) -> None:
    code, facts = run_json(
        simulator,
        "--request",
        "tools",
        stream,
        "--tool-error",
        "no such city",
        a=fault_endpoint("pad_spaces"),
        protocol=protocol,
    )
    side = facts["sides"]["a"]
    assert (code, side["outcome"], len(side["requests"])) == (0, "completed", 2)
    assert "no such city" in side["text"]
    assert (side["events"] > 0) == (stream == "--stream")
    assert (side["timing_ms"]["ttft"] is None) == (stream == "--no-stream")


@pytest.mark.parametrize("protocol", protocol_ids())
def test_a_conversation_remembers(simulator: str, protocol: str) -> None:
    code, facts = run_json(simulator, "--request", "conversation", a=fault_endpoint("pad_spaces"), protocol=protocol)
    side = facts["sides"]["a"]
    assert (code, len(side["requests"])) == (0, 3)
    inputs = [one["usage"]["input_tokens"] for one in side["requests"]]
    assert inputs == sorted(inputs)
    assert inputs[0] < inputs[2]


def test_two_sides_and_the_sentence(simulator: str) -> None:
    code, facts = run_json(simulator, a=fault_endpoint("pad_spaces"), b=fault_endpoint("no_stop"))
    assert code == 1
    assert facts["sides"]["a"]["outcome"] == "completed"
    assert facts["sides"]["b"]["outcome"] == "failed"
    assert facts["sides"]["b"]["diagnosis"]["cause"]
    assert facts["sides"]["b"]["diagnosis"]["fix"]
    assert facts["comparison"]["sentence"].startswith("In this run A completed; B's answer is whole but for its end mark")


def test_a_custom_body_goes_out_as_it_is(simulator: str, tmp_path: Path) -> None:
    body = tmp_path / "body.json"
    body.write_bytes(b'{"max_tokens": 64,  "messages": [{"role":"user","content":"Hi"}]}')
    saved = tmp_path / "run.diptych"
    code, facts = run_json(
        simulator, "--request", "custom", "--body", str(body), "--save", str(saved), a=fault_endpoint("pad_spaces")
    )
    assert (code, facts["sides"]["a"]["events"]) == (0, 0)
    sent = json.loads(load_run([saved.read_bytes()])[1][0].request.body)
    assert sent == {"model": "claude-sonnet-4-6", "max_tokens": 64, "messages": [{"role": "user", "content": "Hi"}]}


def test_the_key_is_nowhere_though_it_is_echoed(simulator: str, tmp_path: Path) -> None:
    saved = tmp_path / "run.diptych"
    for fault in ("echo_key", "echo_key+gzip", "echo_key+split_bytes", "error_401", "echo_key+error_200"):
        sides = side_options("a", simulator, fault_endpoint(*fault.split("+")), "anthropic-messages")
        for form in ([], ["--json"]):
            done = called("run", *sides, *form, "--save", str(saved), CANARY_KEY=CANARY)
            assert CANARY not in done.stdout + done.stderr
            assert CANARY.encode() not in saved.read_bytes()
    home = Path(os.environ["HOME"])
    assert not [path for path in home.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]


def test_a_password_in_an_address_is_neither_shown_nor_saved(tmp_path: Path) -> None:
    saved = tmp_path / "run.diptych"
    url = f"http://user:{CANARY}@127.0.0.1:9/v1"
    done = called("run", "--a-url", url, "--a-protocol", "openai-chat", "--a-model", "m", "--save", str(saved))
    assert "127.0.0.1:9/v1" in done.stdout
    assert CANARY not in done.stdout + done.stderr
    assert CANARY.encode() not in saved.read_bytes()


def test_a_dead_host_is_diagnosed() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    code, facts = run_json(f"http://127.0.0.1:{port}")
    side = facts["sides"]["a"]
    assert (code, side["outcome"], side["status"]) == (1, "failed", None)
    assert side["diagnosis"]["cause"]
    assert side["usage"] == dict.fromkeys(side["usage"])
    assert side["timing_ms"]["ttft"] is None


@pytest.mark.parametrize("limit", ["connect", "first-byte", "silence", "total"])
def test_limits_are_taken(simulator: str, limit: str) -> None:
    endpoint = fault_endpoint("delay_head_ms=60000" if limit == "first-byte" else "stall_after_n=3")
    if limit == "connect":
        code, facts = run_json(simulator, "--connect-timeout", "5", a=fault_endpoint("pad_spaces"))
        assert code == 0
        return
    code, facts = run_json(simulator, f"--{limit}-timeout", "0.3", a=endpoint)
    side = facts["sides"]["a"]
    assert (code, side["outcome"]) == (1, "failed")
    assert side["diagnosis"]["cause"]


def test_stopping_keeps_what_came(simulator: str) -> None:
    sides = side_options("a", simulator, fault_endpoint("stall_after_n=5"), "anthropic-messages")
    with running("-c", INTERRUPTED, "run", *sides, "--json", CANARY_KEY=CANARY) as process:
        out, _ = process.communicate(timeout=60)
    side = json.loads(out)["sides"]["a"]
    assert (process.returncode, side["outcome"], side["events"]) == (1, "cancelled", 5)
    assert side["text"]


# Sends itself the signal of Ctrl+C once five events have come. Once: what the wire says of the cancelling can come in several
# batches, and a second Ctrl+C ends the program at once, without a word.
# A shell starts what runs in the background with SIGINT ignored, and whoever runs these tests so hands it down.
INTERRUPTED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from app.__main__ import main
from app.asking.runner import Runner
play, sent = Runner.play, []
async def watching(self, run, choices, on_change=None):
    def on(side):
        for one in side.rounds:
            while one.advance(): pass
            if len(one.events) == 5 and not sent:
                sent.append(True)
                os.kill(os.getpid(), signal.SIGINT)
    await play(self, run, choices, on)
Runner.play = watching
sys.exit(main(sys.argv[1:]))
"""


def test_what_was_typed_counts_also_an_empty_text() -> None:
    typed = parser().parse_args(["run", "--request", "tools", "--prompt", "", "--tool-error", ""])
    plan = plan_of(typed)
    assert (plan.prompt, plan.tool_result, plan.tool_is_error) == ("", "", True)
    talk = plan_of(parser().parse_args(["run", "--request", "conversation"]))
    assert talk.system
    assert plan_of(parser().parse_args(["run", "--request", "conversation", "--system", ""])).system is None


def test_bytes_that_are_no_text_are_replaced_and_sent(simulator: str, tmp_path: Path) -> None:
    saved = tmp_path / "run.diptych"
    code, _ = run_json(simulator, "--request", "minimal", "--prompt", os.fsdecode(b"caf\xe9"), "--save", str(saved))
    assert code == 0
    assert json.loads(load_run([saved.read_bytes()])[1][0].request.body)["messages"][0]["content"] == "caf\ufffd"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_a_body_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MAX_BODY_BYTES", 1000)
    done = called(
        "run", "--a-url", "http://127.0.0.1:9", "--a-protocol", "openai-chat", "--a-model", "m",
        "--request", "custom", "--body", "/dev/zero",
    )  # fmt: skip
    assert done.returncode == 2
    assert "/dev/zero is longer than 1 000 bytes" in done.stderr.replace("\u202f", " ").replace("\u00a0", " ").replace(",", " ")


def test_fields_are_sent_saved_and_said_to_be_left_out(simulator: str, tmp_path: Path) -> None:
    picture, schema, saved = tmp_path / "a.png", tmp_path / "schema.json", tmp_path / "run.diptych"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    schema.write_text('{"type": "object", "properties": {"a": {"type": "string"}}}')
    done = called(
        "run", *side_options("a", simulator, "official", "anthropic-messages"), "--request", "minimal", "--temperature", "0.5",
        "--stop", "x", "--stop", "y", "--seed", "7", "--schema", str(schema), "--image", str(picture), "--json",
        "--save", str(saved), CANARY_KEY=CANARY,
    )  # fmt: skip
    assert "side A: Messages has no seed: it is left out there" in done.stderr
    opened, recordings = load_run([saved.read_bytes()])
    sent = json.loads(recordings[0].request.body)
    assert (sent["temperature"], sent["stop_sequences"]) == (0.5, ["x", "y"])
    assert sent["output_config"]["format"]["schema"] == json.loads(schema.read_text())
    assert sent["messages"][0]["content"][0]["source"]["media_type"] == "image/png"
    assert "seed" not in sent
    plan = plan_from_ask(opened.ask)
    assert plan is not None
    assert (plan.options.seed, plan.options.stop, plan.attachments[0].data) == (7, ("x", "y"), picture.read_bytes())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--temperature", "warm"], "temperature is a number"),
        (["--tool-choice", "any"], "--tool-choice needs --request tools"),
        (["--strict", "on"], "--strict needs --schema"),
        (["--image", "/nowhere.png"], "/nowhere.png can't be read"),
        (["--request", "custom", "--body", os.devnull, "--seed", "1"], "--seed belongs into the body"),
    ],
)
def test_a_field_that_can_not_be_sent(given: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        plan_of(parser().parse_args(["run", *given]))
