"""The terminal, as other programs use it: real processes, the demo's endpoints, exit codes, JSON."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import main
from app.protocols import PROTOCOL_IDS
from app.recording.run_format import load_run
from app.simulator.server.urls import base_url, fault_endpoint
from app.terminal import parser
from app.terminal.run import plan_of
from app.terminal.sides import choose_profile
from app.terminal.text import harmless
from tests.builders import messages_end, messages_start, messages_text

CANARY = "sk-ant-canary-7f3a9c51e8d24b60"


def diptych(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, with the test's home."""
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        capture_output=True, text=True, timeout=120, env=os.environ | environment, cwd=Path(__file__).parents[2], check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    """`diptych simulate` in the foreground; its root URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "simulate"], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert found
    yield found[0]
    process.send_signal(signal.SIGINT)
    process.stdout.close()
    assert process.wait(10) == 0


def side_options(side: str, root: str, endpoint: str, protocol: str) -> list[str]:
    model = "claude-sonnet-4-6" if protocol == "anthropic-messages" else "gpt-5.5"
    url = base_url(root, endpoint, protocol)
    return [f"--{side}-url", url, f"--{side}-protocol", protocol, f"--{side}-model", model, f"--{side}-key-env", "CANARY_KEY"]


def run_json(
    root: str, *more: str, a: str = "official", b: str = "", protocol: str = PROTOCOL_IDS[0]
) -> tuple[int, dict[str, Any]]:
    sides = side_options("a", root, a, protocol) + (side_options("b", root, b, protocol) if b else [])
    done = diptych("run", *sides, "--json", *more, CANARY_KEY=CANARY)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("protocol", PROTOCOL_IDS)
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


@pytest.mark.parametrize("protocol", PROTOCOL_IDS)
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


@pytest.mark.parametrize("protocol", PROTOCOL_IDS)
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
    assert facts["comparison"]["sentence"].startswith("In this run A completed, B failed: ")


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


def test_a_saved_run_reads_as_it_ran(simulator: str, tmp_path: Path) -> None:
    saved = tmp_path / "run.diptych"
    _, facts = run_json(simulator, "--save", str(saved), a=fault_endpoint("usage_none"))
    done = diptych("read", str(saved), "--json")
    read = json.loads(done.stdout)
    side = facts["sides"]["a"]
    assert read.pop("id") == "run.diptych#1"
    assert read == side
    assert saved.stat().st_mode & 0o077 == 0


def test_the_key_is_nowhere_though_it_is_echoed(simulator: str, tmp_path: Path) -> None:
    saved = tmp_path / "run.diptych"
    for fault in ("echo_key", "echo_key+gzip", "echo_key+split_bytes", "error_401", "echo_key+error_200"):
        sides = side_options("a", simulator, fault_endpoint(*fault.split("+")), PROTOCOL_IDS[0])
        for form in ([], ["--json"]):
            done = diptych("run", *sides, *form, "--save", str(saved), CANARY_KEY=CANARY)
            assert CANARY not in done.stdout + done.stderr
            assert CANARY.encode() not in saved.read_bytes()
    home = Path(os.environ["HOME"])
    assert not [path for path in home.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]


def test_a_password_in_an_address_is_neither_shown_nor_saved(tmp_path: Path) -> None:
    saved = tmp_path / "run.diptych"
    url = f"http://user:{CANARY}@127.0.0.1:9/v1"
    done = diptych("run", "--a-url", url, "--a-protocol", "openai-chat", "--a-model", "m", "--save", str(saved))
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
    sides = side_options("a", simulator, fault_endpoint("stall_after_n=5"), PROTOCOL_IDS[0])
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, "run", *sides, "--json"],
        stdout=subprocess.PIPE, env=os.environ | {"CANARY_KEY": CANARY}, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    out, _ = process.communicate(timeout=60)
    side = json.loads(out)["sides"]["a"]
    assert (process.returncode, side["outcome"], side["events"]) == (1, "cancelled", 5)
    assert side["text"]


# Sends itself the signal of Ctrl+C once five events have come. Once: what the wire says of the cancelling can come in several
# batches, and a second Ctrl+C ends the program at once, without a word.
INTERRUPTED = """
import os, signal, sys
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


def test_models(simulator: str) -> None:
    for protocol in PROTOCOL_IDS:
        done = diptych("models", "--url", base_url(simulator, "official", protocol), "--protocol", protocol, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["models"]
    done = diptych(
        "models", "--url", base_url(simulator, fault_endpoint("models_404"), "openai-chat"), "--protocol", "openai-chat"
    )
    assert done.returncode == 1
    assert "model list" in done.stderr


@pytest.mark.parametrize("written", ["x-gateway=a=b:c", "x-gateway: a=b:c", " x-gateway :a=b:c "])
def test_a_header_is_written_with_an_equals_sign_or_as_curl_does(written: str) -> None:
    given = {"url": "http://127.0.0.1:1", "protocol": "openai-chat", "header": [written]}
    assert choose_profile(None, given, ()).headers == (("x-gateway", "a=b:c"),)


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "--a", "No such profile"],
        ["run", "--a-url", "http://h"],
        ["run", "--a-model", "m"],
        ["run", "--a", "Demo official", "--a-url", "http://h"],
        ["run", "--a", "Demo official", "--request", "custom"],
        ["run", "--a", "Demo official", "--a-header", "nonsense"],
        ["run", "--a", "Demo official", "--a-key-env", "NOT_SET_ANYWHERE"],
        ["run", "--a", "Demo official", "--max-tokens", "-1"],
        ["run", "--a", "Demo official", "--a-header", "x=€"],
        ["run", "--a", "Demo official", "--save", "no/such/folder/x.diptych"],
        ["models"],
        ["simulate", "--fault", "no_such_fault"],
    ],
)  # fmt: skip
def test_wrong_use_is_2_and_says_why(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.err.startswith("diptych: ")
    assert not said.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--total-timeout", "0"],
        ["run", "--tool-result", "x", "--tool-error", "y"],
        ["run", "--request", "x"],
        ["nonsense", "--json"],
        ["read"],
        ["--dem"],
        ["simulate", "--port", "65536"],
    ],
)
def test_what_argparse_refuses_is_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


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


def test_a_broken_profiles_file_is_named_though_the_profile_is_the_demos(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_text("[[profiles")
    done = diptych("models", "Demo official", DIPTYCH_CONFIG_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "profiles.toml.broken-" in done.stderr


def test_a_profile_that_can_not_be_used_says_why(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_text('[[profiles]]\nname = "Mine"\nauth = "magic"\n')
    done = diptych("run", "--a", "Mine", DIPTYCH_CONFIG_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "auth is 'magic'" in done.stderr


def test_a_reader_that_goes_away_is_no_fault_of_the_file(tmp_path: Path) -> None:
    capture = tmp_path / "answer.sse"
    capture.write_bytes(b"data: [DONE]\n\n")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "app", "read", str(capture), "--protocol", "openai-chat"],
        stdout=writing, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2], check=False, timeout=60,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_reading_what_names_its_protocol_itself(tmp_path: Path) -> None:
    answer = messages_start() + messages_text("Hi") + messages_end()
    entry = {
        "request": {"method": "POST", "url": "https://relay.test/v1/messages"},
        "response": {"status": 200, "headers": [], "content": {"text": answer.decode()}},
    }
    (tmp_path / "answer.txt").write_bytes(answer.decode().encode("utf-16"))
    (tmp_path / "saved.json").write_text(json.dumps({"log": {"entries": [entry]}}))
    (tmp_path / "page.html").write_text("<html>")
    read = diptych("read", str(tmp_path / "answer.txt"), str(tmp_path / "saved.json"), "--json")
    facts = [json.loads(line) for line in read.stdout.splitlines()]
    assert [(one["id"], one["outcome"], one["text"]) for one in facts] == [
        ("answer.txt", "completed", "Hi"),
        ("saved.json#1", "completed", "Hi"),
    ]
    untold = diptych("read", str(tmp_path / "page.html"))
    assert untold.returncode == 2
    assert "say it with --protocol" in untold.stderr


def test_reading_from_standard_input(shared_folder: Path) -> None:
    transcript = shared_folder / "transcripts" / "a_text.sse"
    if not transcript.exists():
        pytest.skip("../shared/transcripts is not here")
    done = subprocess.run(
        [sys.executable, "-m", "app", "read", "-", "--protocol", "anthropic-messages", "--json"],
        input=transcript.read_bytes(), capture_output=True, cwd=Path(__file__).parents[2], check=False, timeout=60,
    )  # fmt: skip
    facts = json.loads(done.stdout)
    assert (done.returncode, facts["id"], facts["status"]) == (0, "-", None)
    assert facts["text"] == "Boats float — mostly."
    assert set(facts["timing_ms"].values()) == {None}


def test_outside_text_can_not_move_the_cursor() -> None:
    assert harmless("a\x1b[2Jb\r\u202ec\td\n\x9b1m") == "a�[2Jb��c\td\n�1m"


def test_the_demo_without_a_display_is_shown_in_the_terminal() -> None:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [sys.executable, "-m", "app", "--demo"],
        capture_output=True, text=True, env=environment, cwd=Path(__file__).parents[2], check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0
    assert "no window can be opened here" in done.stderr
    assert "In this run B is" in done.stdout
