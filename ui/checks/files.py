"""Sessions as files: opened and saved; an exchange of one on the clipboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from app.asking.checking import plan_of
from app.clients.table import table
from app.recording.records import CHECKS_SCENARIO
from app.store.files import StoreError
from app.store.history.place import history_path
from app.store.run_file import SUFFIX
from app.text.sentences import message, tr
from ui.shared.ask_file import ask_where, runs
from ui.shared.complain import complain
from ui.shared.session_file import Elsewhere, named, opened_from, read_session, save_session

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.recording.records import RunOpened
    from ui.checks.requests import RequestLine
    from ui.checks.run import CheckRun
    from ui.checks.setup import Setup
    from ui.checks.view import ChecksView
    from ui.shared.services import Services

CANT_OPEN = message("The checks can't be opened")
_OTHER_VERSION = message("{name} holds checks of a version of Diptych that this one can't read.")


class CheckFiles:
    """Reads and writes the session that is shown. What was done is said above the verdict."""

    def __init__(self, services: Services, view: ChecksView, run: CheckRun, setup: Setup) -> None:
        self._services, self._view, self._run, self._setup = services, view, run, setup

    @property
    def can_save(self) -> bool:
        """Whether a session is shown that has ended."""
        return bool(self._run.recordings) and not self._run.running

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
        return self._view.notes.say(*opened_from("checks", path, opened), actions=((tr("Back to my endpoints"), self.close),))

    def close(self) -> None:
        """Back to one's own endpoints."""
        self._view.notes.say()
        self._view.top.set_enabled(True)
        self._setup.sides.show()
        self._setup.show_clients()
        if not self._run.running:
            self._run.clear()

    def ask_save(self) -> None:
        if (path := ask_where(self._view, tr("Save checks"), f"checks{SUFFIX}", runs())) is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        opened = self._run.opened
        if opened is None or self._run.running:
            return
        if save_session(self._view, path, opened, self._run.recordings, tr("The checks could not be saved")):
            self._view.say(tr("The checks are saved in {path}.", path=path), "ok")

    def ask_report(self, suffix: str) -> None:
        """Ask where to, and write the report in that format."""
        if (path := ask_where(self._view, tr("Save report"), f"checks{suffix}")) is not None:
            self.report(path)

    def report(self, path: Path) -> None:
        """Write the report of the session that is shown, in the format of the file's ending."""
        opened, plan = self._run.opened, self._run.plan
        if opened is None or plan is None or self._run.running:
            return
        from app.report.facts import check_report
        from app.report.write import write_report

        try:
            write_report(check_report(opened, plan, self._run.book, self._run.judgements, self._setup.prices), path)
        except StoreError as error:
            complain(self._view, tr("The report could not be written"), str(error))
            return
        url = QUrl.fromLocalFile(str(path))
        from ui.widgets.toast import toast

        toast(
            self._view,
            tr("The report is written to {path}.", path=path),
            button=(tr("Open it"), lambda: QDesktopServices.openUrl(url)),
        )

    def copy_as_curl(self, line: RequestLine) -> None:
        """A request as a curl command, on the clipboard."""
        from app.formats.request_code import as_code

        recording = line.exchange.recording
        base_url = recording.envelope.profile.base_url
        QGuiApplication.clipboard().setText(as_code("curl", recording.request, recording.envelope.protocol, base_url))
        self._view.say(tr("Copied side {side}'s request as curl; the key is a variable.", side=line.side.upper()), "ok")
