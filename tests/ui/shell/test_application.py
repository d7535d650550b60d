"""What the window does behind its first picture."""

from __future__ import annotations

import pytest

from app.asking.history_keeping import KEEPER, history_in_place
from app.recording.records import RunOpened
from app.store.files import private_folder
from app.store.journal import journal_folder
from app.store.run_file import save_run
from app.store.settings import Settings
from tests.builders import messages_end, messages_start, recording
from ui.shell.application import sweep_journals


def test_what_was_left_in_the_folder_goes_into_the_history_where_one_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KEEPER, "rest_s", 0.0)
    private_folder(journal_folder().parent)
    file = private_folder(journal_folder()) / "2026-id1.diptych"
    save_run(
        file,
        RunOpened("id1", "2026-11-21T00:00:00.000Z", "0", "streaming"),
        [recording([(1, messages_start() + messages_end())])],
    )
    sweep_journals(Settings(keep_runs=False))
    assert (KEEPER._thread, file.exists()) == (None, True)
    sweep_journals(Settings())
    while (thread := KEEPER._thread) is not None:  # `wait` would leave it to the next start
        thread.join()
    assert not file.exists()
    assert KEEPER.rest_s > 0, "what ends from now on is drawn first"
    with history_in_place(Settings()) as history:
        assert history.run_ids() == {"id1"}
