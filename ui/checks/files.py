"""Sessions as files: opened and saved; an exchange of one on the clipboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from app.asking.checking import plan_of
from app.clients.table import table
from app.recording.records import CHECKS_SCENARIO
from app.store.history.place import history_path
from app.text.sentences import message, tr
from ui.checks.run import CheckRun
from ui.checks.setup import Setup
from ui.checks.view import ChecksView
from ui.shared.complain import complain
from ui.shared.session_file import Elsewhere, named, read_session
from ui.shared.session_files import FileWords, SessionFiles

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.recording.records import RunOpened
    from app.report.schema import Report
    from ui.checks.requests import RequestLine

CANT_OPEN = message("The checks can't be opened")
_OTHER_VERSION = message("{name} holds checks of a version of Diptych that this one can't read.")
_WORDS = FileWords(
    "checks", message("Save checks"), message("The checks are saved in {path}."), message("The checks could not be saved")
)


class CheckFiles(SessionFiles[ChecksView, CheckRun, Setup]):
    """Reads and writes the session that is shown."""

    def __init__(self, view: ChecksView, run: CheckRun, setup: Setup) -> None:
        super().__init__(view, run, setup, _WORDS)

    async def read(self, path: Path, elsewhere: Elsewhere) -> None:
        """Show what is in a file; one that holds no checks is handed to `elsewhere`."""
        if (read := await read_session(self._view, path, CHECKS_SCENARIO, tr(CANT_OPEN), elsewhere)) is not None:
            await self.show(path, *read)

    async def show(self, path: Path | None, opened: RunOpened, recordings: list[Recording]) -> None:
        """Show a session that was read, judged by the rules of today."""
        plan = plan_of(opened)
        if plan is None or "b" not in plan.protocols:
            return complain(self._view, tr(CANT_OPEN), tr(_OTHER_VERSION, name=named(path)))
        self._run.stop()
        await self._run.wait()
        self._setup.sides.show_envelopes({one.envelope.side or "b": one.envelope for one in recordings})
        self._view.top.set_enabled(False)
        self._view.top.same.hide()
        client = table().client(plan.client, plan.protocols["b"])
        self._view.top.show_clients([(client.name, client.title)] if client is not None else [], plan.client)
        self._run.show(path or history_path(), opened, plan, recordings, self._setup.prices)
        return self.tell_opened(path, opened)

    def close(self) -> None:
        self._view.notes.say()
        self._view.top.set_enabled(True)
        self._setup.sides.show()
        self._setup.show_clients()
        if not self._run.running:
            self._run.clear()

    def report_of(self, opened: RunOpened) -> Report:
        from app.report.facts import check_report

        run = self._run
        assert run.plan is not None
        return check_report(opened, run.plan, run.book, run.judgements, self._setup.prices)

    def copy_as_curl(self, line: RequestLine) -> None:
        """A request as a curl command, on the clipboard."""
        from app.formats.request_code import as_code

        recording = line.exchange.recording
        base_url = recording.envelope.profile.base_url
        QGuiApplication.clipboard().setText(as_code("curl", recording.request, recording.envelope.protocol, base_url))
        self._view.say(tr("Copied side {side}'s request as curl; the key is a variable.", side=line.side.upper()), "ok")
