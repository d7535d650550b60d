"""What is shown handed on: as a report, for other programs, for the endpoint's operator; the whole run, or a side of it."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.report.write import NAMES as REPORTS
from app.store.files import write_atomically
from app.store.run_file import SUFFIX
from app.text.sentences import message, tr
from app.text.system_words import system_words
from ui.shared.complain import complain
from ui.shared.export_kinds import ABOUT as TOOLS
from ui.shared.export_kinds import OTHER_TOOLS, kinds_of_tools
from ui.shared.page import Command

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from app.exchange.exchange import Exchange
    from app.recording.records import SideName
    from app.run.side import Side
    from ui.compare.files import RunFiles
    from ui.compare.session import RunSession
    from ui.compare.view import CompareView
    from ui.shared.export_dialog import ExportDialog

PICTURE, REPLAY = "picture", "replay"
ISSUE = "issue"
_TITLES = {PICTURE: message("Picture (PNG)"), REPLAY: message("Run for a replay server")}
_ABOUT = {
    PICTURE: message("The comparison as it is seen now."),
    ".html": message("One page without scripts: the sentence, figures, latency, findings and what differs."),
    ".md": message("The same for a chat, a wiki or an issue; Copy puts it on the clipboard."),
    ".json": message("Every fact of the report, for a program."),
    ".xml": message("For a CI server: a test case a finding."),
    ".csv": message("A line a finding, for a spreadsheet."),
    **TOOLS,
    ISSUE: message("The finding that matters most: what was sent, what came, which event is wrong and why. Copy and send it."),
    REPLAY: message(
        "A run file: `diptych replay FILE` serves its bytes at their own pace, so that the fault is seen without you."
    ),
}


class RunExports:
    """Writes the run that is shown, its secrets masked."""

    def __init__(self, view: CompareView, session: RunSession, files: RunFiles) -> None:
        self._view, self._session, self._files = view, session, files
        self._picture: dict[tuple[SideName, ...], QPixmap] = {}

    @property
    def can(self) -> bool:
        """Whether a run is shown that has ended, and is read to its end."""
        whole = self._session.whole.values()
        return self._files.can_save and all(one.finished for side in whole for one in side.rounds)

    def commands(self) -> Iterator[Command]:
        """Each kind, for the palette."""
        if self.can:
            for key in (PICTURE, *REPORTS, *OTHER_TOOLS, ISSUE, REPLAY):
                yield Command(tr("Export: {title}…", title=_title(key)), partial(self.ask, key), about=tr(_ABOUT[key]))

    def ask(self, chosen: str = "") -> ExportDialog | None:
        """Ask what and as what, without waiting for it."""
        if not self.can:
            return None
        from ui.shared.export_dialog import ExportDialog, Kind

        def kinds(*keys: str) -> list[Kind]:
            return [Kind(key, _title(key), tr(_ABOUT[key]), key != REPLAY) for key in keys]

        reports = (tr("For a report"), kinds(PICTURE, *REPORTS))
        operator = (tr("For the endpoint’s operator"), kinds(ISSUE, REPLAY))
        tools = (tr("For other programs"), kinds_of_tools())
        scopes = self._scopes()
        self._picture = {names: self._grabbed(names) for _, names in scopes}  # now: later the keyboard is elsewhere
        titles = [title for title, _ in scopes]
        dialog = ExportDialog(
            ((reports,), (tools, operator)), titles, lambda key, at: self.lacks(key, scopes[at][1]), chosen, self._view
        )
        dialog.save_wanted.connect(lambda key, at: self._ask_where(key, scopes[at][1]))
        dialog.copy_wanted.connect(lambda key, at: self.copy(key, scopes[at][1]))
        dialog.open()
        return dialog

    def _scopes(self) -> list[tuple[str, tuple[SideName, ...]]]:
        """What can be chosen, each with its sides."""
        sides = sorted(self._session.whole.items())
        alone: list[tuple[str, tuple[SideName, ...]]] = [
            (tr("Side {side}: {name}", side=name.upper(), name=one.rounds[0].recording.envelope.profile.name), (name,))
            for name, one in sides if one.rounds
        ]  # fmt: skip
        both = tuple(name for _, names in alone for name in names)
        return [(tr("Both sides"), both), *alone] if len(alone) > 1 else alone

    def ask_picture(self) -> None:
        """Ask where to, and save the comparison as it is seen now."""
        scopes = self._scopes()
        names = scopes[0][1] if scopes else ()
        self._picture = {names: self._grabbed(names)}
        self._ask_where(PICTURE, names)

    def _grabbed(self, names: Sequence[SideName]) -> QPixmap:
        alone = len(names) == 1 and len(self._session.whole) > 1
        return (self._view.panes[names[0]] if alone else self._view).grab()

    def lacks(self, key: str, names: Sequence[SideName]) -> str:
        """Why these sides can't be written as that, as a clause; "" where they can."""
        if key == ".csv" and not any(one.findings for one in self._exchanges(names)):
            return tr("no finding is in it, and a line of it is a finding")
        if key in (PICTURE, REPLAY, *REPORTS):
            return ""
        from app.transfer.exports import KINDS

        return KINDS[key].lacks(self._exchanges(names))

    def _ask_where(self, key: str, names: Sequence[SideName]) -> None:
        side = f" {names[0].upper()}" if len(names) == 1 and len(self._session.whole) > 1 else ""
        name = self._files.run_name.file_name("run", f"{side}{_suffix(key)}")
        if (path := self._files.ask_where(tr("Export"), name)) is not None:
            self.save(key, names, path)

    def save(self, key: str, names: Sequence[SideName], path: Path) -> None:
        """Write these sides as that kind of file; where that fails, say why."""
        try:
            write_atomically(path, self._pieces(key, names))
        except OSError as error:
            return complain(
                self._view, tr("It could not be exported"), tr("{where}: {why}", where=path, why=system_words(error))
            )
        if key == REPLAY:
            from ui.widgets.toast import toast

            copied = (tr("Copy its command"), partial(_put, _replay_command(path)))
            toast(self._view, tr("Exported to {path}.", path=path), button=copied)
            return None
        from ui.shared.written import tell_written

        return tell_written(self._view, tr("Exported to {path}.", path=path), path)

    def copy(self, key: str, names: Sequence[SideName]) -> None:
        """Put it on the clipboard: the picture as one, all others as text."""
        from PySide6.QtGui import QGuiApplication

        clipboard = QGuiApplication.clipboard()
        if key == PICTURE:
            clipboard.setPixmap(self._picture[tuple(names)])
        else:
            clipboard.setText(b"".join(self._pieces(key, names)).decode("utf-8-sig", "replace"))
        self._view.say(tr("Copied: {title}.", title=_title(key)), "ok")

    def _sides(self, names: Sequence[SideName]) -> list[Side]:
        return [self._session.whole[name] for name in names if name in self._session.whole]

    def _exchanges(self, names: Sequence[SideName]) -> list[Exchange]:
        return [one for side in self._sides(names) for one in side.rounds]

    def _pieces(self, key: str, names: Sequence[SideName]) -> Iterable[bytes]:
        if key == PICTURE:
            return [_png(self._picture[tuple(names)])]
        opened, sides = self._session.opened, self._sides(names)
        assert opened is not None
        if key == REPLAY:
            from app.recording.run_format import dump_run

            return dump_run(opened, [one.recording for one in self._exchanges(names)])
        if key in REPORTS:
            from app.report.run_facts import run_report
            from app.report.write import render

            return [render(run_report(opened, sides, sides[0].table), key)]
        from app.transfer.exports import KINDS

        return KINDS[key].write(self._exchanges(names))


def _title(key: str) -> str:
    if key in _TITLES:
        return tr(_TITLES[key])
    if key in REPORTS:
        return tr(REPORTS[key])
    from app.transfer.exports import KINDS

    return tr(KINDS[key].title)


def _suffix(key: str) -> str:
    if key in REPORTS:
        return key
    if key in _TITLES:
        return SUFFIX if key == REPLAY else ".png"
    from app.transfer.exports import KINDS

    return KINDS[key].suffix


def _png(picture: QPixmap) -> bytes:
    from PySide6.QtCore import QBuffer, QByteArray

    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(held.data())


def _put(text: str) -> None:
    from PySide6.QtGui import QGuiApplication

    QGuiApplication.clipboard().setText(text)


def _replay_command(path: Path) -> str:
    """As a shell of this system takes it."""
    quoted: Callable[[list[str]], str] = subprocess.list2cmdline if os.name == "nt" else shlex.join
    return quoted(["diptych", "replay", path.name])
