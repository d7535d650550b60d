"""What is asked of the simulator, written for other programs and read again is read as the run file is: every word that `read`
prints of it, with its times where the format has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.diagnosis.asked import as_facts
from app.exchange.exchange import Exchange
from app.formats.capture import Capture
from app.protocols.any.rules_end import FORCED_CALL_MISSING, NO_TOOL_CALLED
from app.protocols.base import Options
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.recording.recording import Recording
from app.recording.records import Asked, EndDetail, Ended, EndKind, Masked, WireErrorCode
from app.run.fit import Unseen, Verdict, fit
from app.run.json_report import side_facts
from app.scenarios import Plan, Scenario
from app.transfer.capture_files import captures_of
from app.transfer.loops import loops_in
from tests.builders import side
from tests.simulator import raw
from tests.transfer.simulated import Simulated
from tests.transfer.test_round_trips import written

PROTOCOLS = (MESSAGES, CHAT, RESPONSES)
FORMATS = ("har", "vcr", "vcr-json")
OF_TIME = ("timing_ms", "H1", "H1a", "H1b")
"""What a format without times has no word of: the times, and the findings on how the pieces came."""
SILENT = "Say hello."
OF_TOOLS = ("", "ignore_tools", "args_garbage", "call_as_text")
OF_STREAMS = (
    "usage_null", "mid_error", "cut_utf8", "invalid_utf8", "gzip", "gzip_cut", "gzip_claimed", "aws_frames", "stream_as_json",
    "echo_key", "error_401", "error_404_html", "no_content_204", "panel_html",
)  # fmt: skip


Recorded = list[tuple[Recording, Any]]
"""Each with what is told of it."""


def plans(protocol_id: str) -> Iterator[tuple[str, Plan]]:
    """Faults with what is asked under them."""
    for faults in OF_TOOLS if protocol_id == CHAT else OF_TOOLS[:3]:
        yield faults, Plan(Scenario.TOOLS)
    forced = Options(tool_choice="any" if protocol_id == MESSAGES else "required")
    yield "ignore_tool_choice_any", Plan(Scenario.TOOLS, prompt=SILENT, options=forced)
    for faults in OF_STREAMS:
        yield faults, Plan(Scenario.STREAMING)
    for kind in (Scenario.MINIMAL, Scenario.CONVERSATION):
        yield "", Plan(kind)
    body = {name: value for name, value in raw.request(protocol_id, tools=True).items() if name != "model"}
    yield "ignore_tools", Plan(Scenario.CUSTOM, body=json.dumps(body, indent=1).encode())
    yield "", Plan(Scenario.CUSTOM, body=b'{"stream": tru')
    yield "", Plan(Scenario.CUSTOM, body=b"\xff{}")


@pytest.fixture(scope="module", params=PROTOCOLS)
def recorded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """All of a protocol's, one run after the other, read of a run file."""
    runs = [one for faults, plan in plans(request.param) for one in Simulated(request.param, faults).run(plan)]
    read = [one.recording for one in again(tmp_path_factory.mktemp("run"), "run", runs)]
    return [(one, told(one)) for one in read]


def finished(recordings: list[Recording]) -> list[Exchange]:
    return [Exchange(one).finish() for one in recordings]


def again(folder: Path, kind: str, before: list[Recording]) -> list[Capture]:
    """What is read of a file of that kind; "run" is Diptych's own."""
    found = list(captures_of(str(written(folder, kind, finished(before))), None))
    assert all(isinstance(one, Capture) for one in found)
    return [one for one in found if isinstance(one, Capture)]


def told(one: Recording) -> Any:
    """What `read --json` prints, which shows each exchange alone."""
    return json.loads(msgspec.json.encode(side_facts(side("a", one)), enc_hook=str))


def timeless(facts: Any) -> Any:
    """Without what is known of times alone."""
    if isinstance(facts, dict):
        kept = {name: timeless(value) for name, value in facts.items() if name not in OF_TIME}
        return {name: value for name, value in kept.items() if name != "clients" or "mine" not in value}
    if isinstance(facts, list):
        return [timeless(one) for one in facts if not (isinstance(one, dict) and one.get("id") in OF_TIME)]
    return facts


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_is_told(kind: str, recorded: Recorded, tmp_path: Path) -> None:
    after = [one.recording for one in again(tmp_path, kind, [one for one, _ in recorded])]
    for (old, said), new in zip(recorded, after, strict=True):
        assert new.envelope == old.envelope
        assert (new.request.method, new.request.url, new.request.body) == (
            old.request.method,
            old.request.url,
            old.request.body,
        )
        assert new.body.data == old.body.data
        assert new.end is not None
        assert old.end is not None
        assert (new.connection, new.end.detail) == (old.connection, old.end.detail)
        if kind == "har":
            assert new.head == old.head
            assert told(new) == said
        elif kind == "vcr":  # of which the other differs in how bytes are written alone
            assert timeless(told(new)) == timeless(said)


@pytest.mark.parametrize("kind", ["run", *FORMATS])
@pytest.mark.parametrize("protocol_id", PROTOCOLS)
def test_that_no_tool_was_called_is_told_of_a_test_of_tools(kind: str, protocol_id: str, tmp_path: Path) -> None:
    made = Simulated(protocol_id, "ignore_tools").run(Plan(Scenario.TOOLS))
    (one,) = again(tmp_path, kind, made)
    shown = side("a", one.recording)
    assert [finding.rule for _, finding in shown.findings] == [NO_TOOL_CALLED]
    verdict = fit(shown)
    assert verdict is not None
    assert verdict.unseen is Unseen.NO_TOOL


def test_of_the_round_behind_a_call_none_is_missed() -> None:
    """`read` shows each exchange alone: the answer to a tool's result calls nothing, and is whole."""
    for protocol_id in PROTOCOLS:
        first, second = Simulated(protocol_id).run(Plan(Scenario.TOOLS))
        verdicts = [fit(side("a", one)) for one in (first, second)]
        assert [one and one.verdict for one in verdicts] == [Verdict.DROP_IN] * 2


def by_another(folder: Path, before: list[Recording]) -> Path:
    """A HAR file of them as another program would have written it."""
    whole = json.loads(written(folder, "har", finished(before)).read_bytes())
    whole["log"]["creator"]["name"] = "mitmproxy"
    for entry in whole["log"]["entries"]:
        del entry["_diptych"]
    file = folder / "theirs.har"
    file.write_text(json.dumps(whole))
    return file


@pytest.mark.parametrize("protocol_id", PROTOCOLS)
@pytest.mark.parametrize("is_forced", [False, True])
def test_of_anybody_s_capture_only_a_required_call_is_missed(protocol_id: str, is_forced: bool, tmp_path: Path) -> None:
    choice = ("any" if protocol_id == MESSAGES else "required") if is_forced else ""
    made = Simulated(protocol_id, "ignore_tools").run(Plan(Scenario.TOOLS, options=Options(tool_choice=choice)))
    (one,) = captures_of(str(by_another(tmp_path, made)), None)
    assert isinstance(one, Capture)
    assert one.recording.envelope.scenario == ""
    assert [finding.rule for _, finding in side("a", one.recording).findings] == ([FORCED_CALL_MISSING] if is_forced else [])


def test_a_note_that_is_none_is_passed_over(tmp_path: Path) -> None:
    whole = json.loads(written(tmp_path, "har", finished(Simulated(CHAT).run(Plan()))).read_bytes())
    odd: object
    for odd in ({"envelope": {"protocol": "carrier-pigeon", "profile": {"name": "", "base_url": "", "protocol": ""}}}, [], 7):
        whole["log"]["entries"][0]["_diptych"]["note"] = odd
        file = tmp_path / "odd.har"
        file.write_text(json.dumps(whole))
        (one,) = captures_of(str(file), None)
        assert isinstance(one, Capture)
        assert (one.recording.envelope.scenario, one.recording.envelope.side) == ("", None)
        assert Exchange(one.recording).finish().reading.text


def test_an_exchange_without_an_answer_comes_back_from_a_har_file(tmp_path: Path) -> None:
    (one,) = Simulated(CHAT).run(Plan())
    failed = Recording(one.envelope, one.request)
    detail = EndDetail(proxy="http://proxy.example:3128", proxy_says="403")
    failed.apply(Ended(EndKind.ERROR, 5_000_000, WireErrorCode.PROXY, "The proxy refused", "connect", detail))
    failed.apply(Asked(CHAT, "http://h.example/v1", "/v1/chat/completions", 401, "key", "speaks"))
    (read,) = again(tmp_path, "har", [failed])
    assert read.recording.end == failed.end
    assert as_facts(read.recording.asked) == as_facts(failed.asked)
    assert told(read.recording) == told(failed)


def test_what_was_masked_is_still_masked(tmp_path: Path) -> None:
    (one,) = Simulated(CHAT).run(Plan(Scenario.MINIMAL))
    end, one.end = one.end, None
    one.apply(Masked("text", 3, 4))
    one.end = end
    for kind in FORMATS:
        (read,) = again(tmp_path, kind, [one])
        assert read.recording.masks == one.masks


def test_the_rounds_of_a_side_are_told_from_those_of_the_other_and_of_other_runs(tmp_path: Path) -> None:
    run = [*Simulated(MESSAGES).run(Plan(Scenario.TOOLS)), *Simulated(CHAT).run(Plan(Scenario.CONVERSATION), "b")]
    sizes = [2, 3]
    for kind in FORMATS:
        found = again(tmp_path, kind, [*run, *run])
        assert [len(one) for one in loops_in(found)] == [*sizes, *sizes]
        assert [one[0].recording.envelope.side for one in loops_in(found)] == ["a", "b", "a", "b"]
    theirs = [one for one in captures_of(str(by_another(tmp_path, run)), None) if isinstance(one, Capture)]
    assert [len(one) for one in loops_in(theirs)] == [1] * 5
