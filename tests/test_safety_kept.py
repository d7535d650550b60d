"""A key in what was asked, or one that comes back in pieces, is in nothing that is kept."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.asking.history_entry import entry_of
from app.asking.runner import Run, Runner, SideChoice
from app.exchange.exchange import Exchange, Outcome
from app.formats.events import as_jsonl
from app.protocols.base import Tool
from app.recording.records import RunOpened, SideName
from app.scenarios import Plan, Scenario
from app.store.history.entry import Entry, Kind, SideEntry, Traits
from app.store.history.history import History
from app.store.history.place import HistoryPlace
from app.store.journal import Journal
from app.store.run_file import open_run, save_run
from app.wire.client import WireClient
from tests.builders import messages_end, messages_start, messages_text, recording
from tests.faults.answers import CLOSING, OPENING, STREAM_HEAD, delta, event
from tests.faults.conftest import GOOD
from tests.faults.test_answers import answer
from tests.history_bytes import in_history
from tests.test_safety import ECHOES, KEY, everything_said, leaks, profile, written_below
from tests.wire.servers import answering, chunk, serving

OTHER_KEY = "gsk_other-canary-5Tg7Yh9Uj1Ik3Ol"
ASKS: dict[str, dict[str, Any]] = {
    "in the prompt": {"prompt": f"my keys are {KEY} and {OTHER_KEY}"},
    "in the system text": {"system": f"{KEY}, {OTHER_KEY}"},
    "in the turns": {"scenario": Scenario.CONVERSATION, "turns": (f"{KEY}", f"{OTHER_KEY}")},
    "in the tools": {
        "scenario": Scenario.TOOLS,
        "tools": (Tool("x", f"{KEY} {OTHER_KEY}", {"type": "object", "description": KEY, OTHER_KEY: [KEY]}),),
        "tool_result": f"{KEY} {OTHER_KEY}",
    },
    "in the body": {
        "scenario": Scenario.CUSTOM,
        "body": json.dumps({"model": "x", "api_key": KEY, "messages": [{"role": "user", "content": OTHER_KEY}]}).encode(),
    },
    "without its prefix": {"prompt": f"{KEY[3:]} and {OTHER_KEY[4:]}"},
}


@pytest.mark.parametrize("how", ASKS)
async def test_a_key_in_what_is_asked_is_in_nothing_that_is_kept(wire: WireClient, how: str, tmp_path: Path) -> None:
    """The keys of both sides, in what is kept of either."""
    async with serving(GOOD) as first, serving(GOOD) as second:
        choices: dict[SideName, SideChoice] = {
            "a": SideChoice(profile(first.port), "claude-x", KEY),
            "b": SideChoice(profile(second.port, "Other"), "claude-x", OTHER_KEY),
        }
        run = Run(Plan(**ASKS[how]), choices)
        await Runner(wire, Journal(tmp_path / "journal", keep=True)).play(run, choices)
        assert KEY[-8:].encode() in b"".join((*first.bodies, *first.heads))
    save_run(tmp_path / "saved.diptych", run.opened, run.recordings)
    (kept,) = (tmp_path / "journal").iterdir()
    for said in (
        *everything_said(run), *in_history(kept, tmp_path / "history"), *(path.read_bytes() for path in written_below(tmp_path))
    ):  # fmt: skip
        assert leaks(said) == []
    assert all(one.envelope.side in ("a", "b") and one.request.body for one in run.recordings)


def test_a_leak_into_the_history_would_be_seen(tmp_path: Path) -> None:
    """Where it was in a run's file: in what is packed, in what is searched, and in the WAL."""
    leaking = recording([(600.0, messages_start() + messages_text(f"your key is {KEY}") + messages_end())])
    save_run(tmp_path / "leaking.diptych", RunOpened("1", "2026-11-30T00:00:00.000Z", "0", "streaming"), [leaking])
    seen = in_history(tmp_path / "leaking.diptych", tmp_path / "history", note=KEY)
    assert len([said for said in seen if leaks(said)]) == 5  # the WAL, the file, what is packed, the row, the texts


async def test_a_key_in_what_tells_the_software_is_in_no_trait_that_is_kept(wire: WireClient, tmp_path: Path) -> None:
    """In the server header, in a header's name, in the id of the answer and as the model that it names: a whole answer's."""
    stream = b"".join((*OPENING, delta("Hi"), *CLOSING))
    named = stream.replace(b'"claude-x"', json.dumps(KEY).encode())
    for id_ in set(re.findall(rb'"id": ?"([^"]+)"', stream)):
        named = named.replace(id_, json.dumps(KEY)[1:-1].encode())
    assert named.count(json.dumps(KEY)[1:-1].encode()) >= 2
    in_a_name = max(re.findall(r"[\w.-]+", KEY), key=len)
    assert leaks(in_a_name)
    sent = answer(200, named, f"Server: nginx {KEY}", f"X-{in_a_name}: 1", content_type="text/event-stream")
    async with serving(answering(sent)) as served:
        choices: dict[SideName, SideChoice] = {"a": SideChoice(profile(served.port), "claude-x", KEY)}
        run = Run(Plan(), choices)
        await Runner(wire, Journal(tmp_path / "journal", keep=True)).play(run, choices)
    (side,) = entry_of(run.opened, run.recordings).sides
    assert side.traits is not None
    assert "nginx" in side.traits.server
    (kept,) = (tmp_path / "journal").iterdir()
    for said in in_history(kept, tmp_path / "history"):
        assert leaks(said) == []


@pytest.mark.parametrize("trait", [Traits(server=KEY), Traits(headers=(f"x-{KEY}",)), Traits(id_shape=KEY)])
def test_a_leak_into_the_traits_would_be_seen(trait: Traits, tmp_path: Path) -> None:
    place, at = HistoryPlace(tmp_path / "history.sqlite3"), "2026-11-30T00:00:00.000Z"
    with History(place) as history:
        history.add(Entry("1", at, Kind.RUN, sides=(SideEntry("a", traits=trait),)), [b"-"])
        assert [path.name for path in written_below(tmp_path) if leaks(path.read_bytes())] == ["history.sqlite3-wal"]
    assert leaks((tmp_path / "history.sqlite3").read_bytes())


async def test_a_key_that_is_in_the_body_alone_is_masked_there_too(wire: WireClient, tmp_path: Path) -> None:
    body = json.dumps({"model": "x", "api_key": KEY, "prompt_cache_key": "not-a-secret-at-all", "stream": True}).encode()
    async with serving(answering(*ECHOES["in the text"])) as served:
        choices: dict[SideName, SideChoice] = {"a": SideChoice(profile(served.port), "claude-x")}
        run = Run(Plan(scenario=Scenario.CUSTOM, body=body), choices)
        await Runner(wire, Journal(tmp_path / "journal", keep=True)).play(run, choices)
    save_run(tmp_path / "saved.diptych", run.opened, run.recordings)
    for said in (*everything_said(run), *(path.read_bytes() for path in written_below(tmp_path))):
        assert leaks(said) == []
    assert b"not-a-secret-at-all" in run.recordings[0].request.body


PIECES = [KEY[at : at + 3] for at in range(0, len(KEY), 3)]
IN_PIECES = {
    "text": b"".join((*OPENING, delta("your key is "), *map(delta, PIECES), delta(", is it?"), *CLOSING)),
    "arguments": b"".join((
        *OPENING,
        event("content_block_start", index=1, content_block={"type": "tool_use", "id": "x", "name": "x", "input": {}}),
        *(event("content_block_delta", index=1, delta={"type": "input_json_delta", "partial_json": json.dumps(one)[1:-1]})
          for one in ('{"key": "', *PIECES, '"}')),
        event("content_block_stop", index=1), *CLOSING,
    )),
}  # fmt: skip


def joined(data: bytes) -> str:
    """What a stream's pieces are together, as whoever has the file can find out."""
    return "".join(json.loads(b'"' + one + b'"') for one in re.findall(rb'"(?:text|partial_json)": ?"((?:[^"\\]|\\.)*)"', data))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("where", IN_PIECES)
async def test_a_key_in_pieces_can_t_be_put_together_from_what_is_kept(
    wire: WireClient, where: str, packed: bool, tmp_path: Path
) -> None:
    stream = IN_PIECES[where]
    assert "canary" in joined(stream).replace("\\", "")
    pieces = [stream[at : at + 50] for at in range(0, len(stream), 50)]
    sent = (STREAM_HEAD, *map(chunk, pieces), b"0\r\n\r\n")
    if packed:
        sent = (answer(200, gzip.compress(stream), "Content-Encoding: gzip", content_type="text/event-stream"),)
    async with serving(answering(*sent)) as served:
        choices: dict[SideName, SideChoice] = {"a": SideChoice(profile(served.port), "claude-x", KEY)}
        run = Run(Plan(), choices)
        await Runner(wire, Journal(tmp_path / "journal", keep=True)).play(run, choices)
    one = run.sides["a"].rounds[0]
    assert "canary" not in joined(bytes(one.decoded.data))
    assert leaks(b"".join(as_jsonl(one))) == []
    assert "canary" not in joined(b"".join(msgspec.json.decode(line)["data"].encode() for line in as_jsonl(one)))
    save_run(tmp_path / "saved.diptych", run.opened, run.recordings)
    kept = [path for path in written_below(tmp_path) if path.suffix == ".diptych"]
    assert len(kept) == 2 == len(written_below(tmp_path))
    for said in in_history(kept[0], tmp_path / "history"):
        assert leaks(said) == []
        assert "canary" not in joined(said)
    for path in kept:
        _, (again,) = open_run(path)
        read = Exchange(again).finish()
        assert "canary" not in joined(bytes(read.decoded.data))
        if packed:
            assert again.end is not None
            assert again.end.code == "key_echo"
            assert len(again.body.data) < len(gzip.compress(stream))
        else:
            assert len(again.body.data) == len(stream)
            assert (again.body.ends, again.body.stamps) == (run.recordings[0].body.ends, run.recordings[0].body.stamps)
            assert read.outcome is Outcome.COMPLETED
            assert [found.id for found in read.findings] == [found.id for found in one.findings]
            assert (read.reading.text, read.reading.tool_calls) == (one.reading.text, one.reading.tool_calls)
