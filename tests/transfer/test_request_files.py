"""The body of a request that another program sent, as what both sides are asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.formats.capture import CaptureError
from app.scenarios import Scenario
from app.terminal.commands.run import plan_of
from app.terminal.parser import parser
from app.terminal.usage import UsageError
from app.transfer.request_files import bodies_of

ASKED: dict[str, object] = {"model": "m-1", "max_tokens": 9, "messages": [{"role": "user", "content": "上海"}], "stream": True}
OTHER: dict[str, object] = {"model": "m-2", "messages": []}


def har(*bodies: object) -> str:
    """A HAR file of answered calls, one without a body and one twice."""
    sent = [{"mimeType": "application/json", "text": json.dumps(one)} for one in bodies]
    url = "https://relay.example/v1/messages"
    entries = [
        {
            "request": {"method": "POST", "url": url, "headers": [], **({"postData": one} if one else {})},
            "response": {"status": 200, "headers": [], "content": {"mimeType": "application/json", "text": "{}"}},
        }
        for one in [*sent, *sent[:1], None]
    ]
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": entries}})


def without_model(asked: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in asked.items() if name != "model"}


def test_a_curl_commands_body(tmp_path: Path) -> None:
    file = tmp_path / "call.sh"
    file.write_text(f"curl https://relay.example/v1/messages -H 'x-api-key: k' -d '{json.dumps(ASKED)}'")
    assert [json.loads(one) for one in bodies_of(file)] == [without_model(ASKED)]


def test_each_request_of_a_har_file_once(tmp_path: Path) -> None:
    file = tmp_path / "traffic.har"
    file.write_text(har(ASKED, OTHER))
    assert [json.loads(one) for one in bodies_of(file)] == [without_model(ASKED), without_model(OTHER)]
    for given, body in ((str(file), ASKED), (f"{file}#2", OTHER)):
        plan = plan_of(parser().parse_args(["run", "--body-from", given]))
        assert plan.scenario is Scenario.CUSTOM
        assert json.loads(plan.body) == without_model(body)
    with pytest.raises(UsageError, match="it holds 2 requests, and none of number 3"):
        plan_of(parser().parse_args(["run", "--body-from", f"{file}#3"]))
    with pytest.raises(UsageError, match="sends a custom request"):
        plan_of(parser().parse_args(["run", "--request", "tools", "--body-from", str(file)]))


def test_a_file_of_the_real_tool_and_one_without_a_request(tmp_path: Path) -> None:
    made = Path(__file__).parents[1] / "formats" / "made" / "vcrpy-9.4.2.yaml"
    assert all("messages" in json.loads(one) or "input" in json.loads(one) for one in bodies_of(made))
    answer = tmp_path / "answer.txt"
    answer.write_text(
        'event: message_start\ndata: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant"}}\n\n'
    )
    with pytest.raises(CaptureError, match="the answer alone"):
        bodies_of(answer)
    with pytest.raises(UsageError, match="can't be read"):
        plan_of(parser().parse_args(["run", "--body-from", str(tmp_path / "nowhere")]))


@pytest.mark.parametrize(("size", "taken"), [(4 << 20, True), ((4 << 20) + 1, False)])
def test_a_command_is_no_longer_than_four_megabytes(tmp_path: Path, size: int, taken: bool) -> None:
    command = f"curl https://relay.example/v1/messages -d '{json.dumps(ASKED)}'"
    (tmp_path / "call.sh").write_text(command.ljust(size), newline="")
    if taken:
        assert len(bodies_of(tmp_path / "call.sh")) == 1
    else:
        with pytest.raises(CaptureError, match="curl command, not an answer"):
            bodies_of(tmp_path / "call.sh")
