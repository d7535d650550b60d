"""A load that is killed leaves its whole steps: they are in the journal, with their exchanges, as soon as each has ended."""

from __future__ import annotations

from pathlib import Path

from app.asking.loading import LoadingSides, load_of, sample_of
from app.asking.runner import SideChoice
from app.recording.records import SideName
from app.store.journal import Journal
from app.store.run_file import open_run
from app.study.load import LoadPlan, StepResult
from app.wire.client import WireClient
from tests.faults.conftest import GOOD, profile
from tests.wire.conftest import KEY
from tests.wire.servers import serving


async def test_each_whole_step_is_in_the_journal(wire: WireClient, tmp_path: Path) -> None:
    journal, torn = Journal(tmp_path / "journal", keep=True), tmp_path / "torn.journal"

    def copy_at_first(_: SideName, result: StepResult) -> None:
        if result.step == 1:  # what a process leaves that is killed from here on
            (file,) = journal.folder.iterdir()
            torn.write_bytes(file.read_bytes())

    async with serving(GOOD) as served:
        choice = SideChoice(profile(f"http://127.0.0.1:{served.port}", "B"), "claude-x", KEY)
        plan = LoadPlan("anthropic-messages", "claude-x", (1, 2), least=2)
        loading = LoadingSides(wire, {"b": plan}, {"b": choice}, copy_at_first, journal=journal)
        assert load_of(open_run(next(journal.folder.iterdir()))[0]) is not None  # also before its first step
        await loading.run()
        assert loading.finish() == ""
    for file, steps in ((torn, [1]), (next(journal.folder.glob("*.diptych")), [1, 2])):
        opened, recordings = open_run(file)
        found = load_of(opened)
        assert found is not None
        assert [one.step for one in found.load["b"].results] == steps
        for one in found.load["b"].results:
            assert sample_of(recordings, "b", one.samples["p50"]) is not None
        assert KEY.encode() not in file.read_bytes()
