"""What is killed in mid-run: the program, the wire process, the run itself. The journal keeps what a killed program had."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from app.asking.caller import Caller
from app.asking.history_keeping import history_in_place, journal_in_place
from app.asking.model_list import list_models
from app.asking.runner import Run, Runner, SideChoice
from app.diagnosis import diagnose
from app.exchange.exchange import Exchange, Outcome
from app.recording.records import EndKind, RunFileError, SideName
from app.run.side import Side, sides_of
from app.scenarios import Plan
from app.store.history.place import history_path
from app.store.journal import Journal
from app.store.run_file import open_run, read_run
from app.store.settings import Settings, SettingsStore
from app.wire.client import WireClient
from tests.faults.answers import BEGUN, GOOD_TEXT, STREAM_HEAD, WORDS
from tests.faults.conftest import GOOD, profile
from tests.terminal.program import running_program
from tests.wire.conftest import KEY
from tests.wire.servers import PATIENCE_S, Served, answering, chunk, serving

STALLED = answering(STREAM_HEAD, chunk(BEGUN), hold=True)


@pytest.fixture
async def own() -> AsyncIterator[WireClient]:
    """A client of one's own, whose process may die."""
    client = WireClient()
    yield client
    await client.aclose()


def read_journal(path: Path) -> Exchange | None:
    """The journal's one exchange, read as far as it goes; None while it holds none yet."""
    try:
        recordings = open_run(path)[1]
    except RunFileError:
        return None
    return Exchange(recordings[0]).finish() if recordings else None


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


async def text_in(folder: Path) -> Path:
    """The journal in that folder, once it holds the text that came."""
    while True:
        for path in files_in(folder):
            exchange = read_journal(path)
            if exchange is not None and exchange.reading.text:
                return path
        await asyncio.sleep(0.02)


def choices_of(a: Served, b: Served) -> dict[SideName, SideChoice]:
    def choice(served: Served, name: str) -> SideChoice:
        return SideChoice(profile(f"http://127.0.0.1:{served.port}", name), "claude-x", KEY)

    return {"a": choice(a, "A"), "b": choice(b, "B")}


def terminal(served: Served) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """`diptych run` against that server."""
    return running_program(
        "run", "--a-url", f"http://127.0.0.1:{served.port}", "--a-protocol", "anthropic-messages", "--a-model", "claude-x",
        "--a-key-env", "CANARY_KEY", CANARY_KEY=KEY,
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
async def test_a_killed_program_leaves_what_had_come() -> None:
    journal = journal_in_place(Settings())
    async with serving(STALLED) as served, terminal(served) as process:
        path = await asyncio.wait_for(text_in(journal.folder), PATIENCE_S)
        assert journal.unfinished() == []  # it still runs
        process.send_signal(signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL
        await asyncio.wait_for(served.hung_up.wait(), PATIENCE_S)  # its wire process has gone with it
    assert journal.unfinished() == [path]
    opened, recordings = open_run(path)
    assert opened.scenario == "streaming"
    side = sides_of(recordings)["a"]
    for one in side.rounds:
        one.finish()
    assert side.outcome is Outcome.INTERRUPTED
    assert side.diagnosis is not None
    assert "closed or killed" in side.diagnosis.cause
    assert side.last is not None
    assert side.last.reading.text == WORDS[0]
    assert KEY.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("keep", [False, True])
async def test_a_finished_run_leaves_no_journal_and_is_in_the_history(keep: bool) -> None:
    settings = Settings(keep_runs=keep)
    SettingsStore().change(settings)
    async with serving(GOOD) as served, terminal(served) as process:
        out, _ = await process.communicate()
    assert process.returncode == 0
    assert GOOD_TEXT.encode() in out
    journal = journal_in_place(settings)
    assert journal.unfinished() == []
    assert files_in(journal.folder) == []
    assert history_path().exists() is keep
    if keep:
        with history_in_place(settings) as history:
            (one,) = history.find()
            _, (recording,) = read_run(history.pieces(one.id))
        exchange = Exchange(recording).finish()
        assert (exchange.outcome, exchange.reading.text) == (Outcome.COMPLETED, GOOD_TEXT)


async def test_a_run_s_journal_holds_that_run_alone(own: WireClient, tmp_path: Path) -> None:
    """A model list that is fetched meanwhile is no part of it; a run that is stopped takes its journal with it."""
    journal = Journal(tmp_path / "journal")
    async with serving(STALLED) as stalled, serving(GOOD) as good:
        choices = choices_of(stalled, good)
        run = Run(Plan(), choices)
        playing = asyncio.ensure_future(Runner(own, journal).play(run, choices))
        path = await asyncio.wait_for(text_in(journal.folder), PATIENCE_S)
        await list_models(Caller(own, choices["b"].profile, KEY))
        assert {one.envelope.scenario for one in open_run(path)[1]} == {"streaming"}
        assert len(open_run(path)[1]) == 2
        playing.cancel()
        await asyncio.wait([playing])
    assert files_in(journal.folder) == []


async def test_a_killed_wire_interrupts_and_the_next_run_works(own: WireClient, tmp_path: Path) -> None:
    journal = Journal(tmp_path)

    def kill(side: Side) -> None:
        if side.last is not None and side.last.recording.end is None and len(side.last.recording.body) and own.pid:
            os.kill(own.pid, signal.SIGKILL)

    runner = Runner(own, journal)
    async with serving(STALLED) as one, serving(STALLED) as other:
        choices = choices_of(one, other)
        run = Run(Plan(), choices)
        await runner.play(run, choices, kill)
    for side in run.sides.values():
        assert side.outcome is Outcome.INTERRUPTED
        assert side.diagnosis is not None
    assert WORDS[0] in [side.last.reading.text for side in run.sides.values() if side.last]
    async with serving(GOOD) as one, serving(GOOD) as other:
        choices = choices_of(one, other)
        run = Run(Plan(), choices)
        await runner.play(run, choices)
    assert [side.outcome for side in run.sides.values()] == [Outcome.COMPLETED] * 2
    assert files_in(tmp_path) == []


async def test_a_journal_that_can_t_be_written_ends_no_run(own: WireClient, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    async with serving(GOOD) as one, serving(GOOD) as other:
        choices = choices_of(one, other)
        run = Run(Plan(), choices)
        await Runner(own, Journal(tmp_path / "file")).play(run, choices)
    assert [side.outcome for side in run.sides.values()] == [Outcome.COMPLETED] * 2
    assert "can't be made" in run.journal_problem


async def test_a_full_journal_ends_no_run_and_stays_readable(own: WireClient, tmp_path: Path) -> None:
    async with serving(GOOD) as one, serving(GOOD) as other:
        choices = choices_of(one, other)
        run = Run(Plan(), choices)
        await Runner(own, Journal(tmp_path, limit_bytes=2000)).play(run, choices)
    assert [side.outcome for side in run.sides.values()] == [Outcome.COMPLETED] * 2
    assert "is full" in run.journal_problem


async def test_a_run_stopped_by_its_user_ends_as_cancelled(own: WireClient) -> None:
    async with serving(STALLED) as one, serving(GOOD) as other:
        choices = choices_of(one, other)
        run = Run(Plan(), choices)

        def stop(side: Side) -> None:
            if side.name == "a" and side.last is not None and len(side.last.recording.body):
                playing.cancel()

        playing = asyncio.ensure_future(Runner(own).play(run, choices, stop))
        await asyncio.wait([playing])
        await asyncio.wait_for(one.hung_up.wait(), PATIENCE_S)
    last = run.sides["a"].last
    assert last is not None
    assert last.finish().recording.end is not None
    assert last.recording.end is not None
    assert last.recording.end.kind is EndKind.CANCELLED
    assert last.reading.text == WORDS[0]


async def test_a_fault_of_our_own_ends_its_side_and_says_so_and_the_other_completes(own: WireClient) -> None:
    def stumble(side: Side) -> None:
        if side.name == "a" and side.last is not None and len(side.last.recording.body):
            raise ValueError("a slip of the pen")

    async with serving(STALLED) as one, serving(GOOD) as other:
        choices = choices_of(one, other)
        run = Run(Plan(), choices)
        with pytest.raises(ExceptionGroup) as raised:
            await Runner(own).play(run, choices, stumble)
    assert [str(error) for error in raised.value.exceptions] == ["a slip of the pen"]
    broken, whole = run.sides["a"], run.sides["b"]
    assert whole.outcome is Outcome.COMPLETED
    assert broken.outcome is Outcome.INTERRUPTED
    assert broken.diagnosis is not None
    assert "fault in Diptych" in broken.diagnosis.cause
    assert broken.last is not None
    assert broken.last.recording.end is not None  # and whoever reads the file later is told the same
    read_again = Exchange(broken.last.recording).finish()
    assert read_again.outcome is Outcome.INTERRUPTED
    told = diagnose(read_again)
    assert told is not None
    assert told.rule == "interrupted-fault"
