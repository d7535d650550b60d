"""Answers that other programs captured, each as a side of what is shown: opened, dropped or pasted; swapped, or taken away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtGui import QGuiApplication

from app.recording.records import RunFileError, SideName
from app.text import numbers
from app.text.sentences import message, tr
from app.text.system_words import system_words
from app.text.visible import one_line, visible
from ui.shared.ask_file import ask_which
from ui.shared.complain import complain
from ui.shared.dropped_files import local_files
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.formats.capture import Capture, Unread
    from app.recording.recording import Recording
    from app.recording.records import RunOpened
    from ui.compare.files import RunFiles
    from ui.compare.request.taking import RequestTaking
    from ui.compare.session import RunSession
    from ui.compare.view import CompareView
    from ui.shared.services import Services
    from ui.shared.sides import Sides

FILES = message("Captures (*.har *.sse *.txt *.json *.jsonl *.log *.gz *.zip *.diptych);;All files (*)")
OTHER: dict[SideName, SideName] = {"a": "b", "b": "a"}
Again = Callable[[str], Coroutine[None, None, None]]
"""Reads what was given once more, in the protocol of that id."""
CANT_OPEN = message("The file can't be opened")


class CaptureSides:
    """Shows captures beside each other, at most one a side with all its rounds, and says which program recorded each.

    A file that names no side becomes the side that is free: A first, and A again where both hold one.
    """

    def __init__(
        self,
        services: Services,
        view: CompareView,
        session: RunSession,
        sides: Sides,
        files: RunFiles,
        taking: RequestTaking,
    ) -> None:
        self._services, self._view, self._session, self._sides, self._files = services, view, session, sides, files
        self._taking = taking
        self._held: dict[SideName, list[Capture]] = {}
        self._opened: RunOpened | None = None  # of what is shown of them; another run may be shown by now
        self._turn = asyncio.Lock()  # two files at once are read in their order

    @property
    def held(self) -> dict[SideName, list[Capture]]:
        """The rounds of each side that has a capture, as far as they are what is shown."""
        return self._held if self._opened is not None and self._session.opened is self._opened else {}

    def ask(self, side: SideName) -> None:
        """Ask for a file that shall be that side."""
        if (path := ask_which(self._view, tr("Open a capture as side {side}", side=side.upper()), tr(FILES))) is not None:
            self.open(path, side)

    def open(self, path: Path, side: SideName | None = None) -> None:
        """Read a file and show the answer in it as a side, None: the one that is free."""
        self._services.tasks.start(self.take(path, side))

    def paste(self) -> None:
        """Take what the clipboard holds: a captured answer as text, a curl command as the request, or copied files."""
        from app.formats.curl import is_curl  # not before something is pasted

        held = QGuiApplication.clipboard().mimeData()
        if paths := local_files(held):
            self.drop(paths, None)
        elif is_curl(text := held.text()):
            self._taking.take_command(text)
        elif text.strip():
            self._services.tasks.start(self._take_text(text))
        else:
            hint = tr("Copy a captured answer first: of curl, a HAR file or a body.")
            complain(self._view, tr("There is nothing to paste"), hint)

    def drop(self, paths: Sequence[Path], side: SideName | None) -> None:
        """Two files become a side each, one the side that it was dropped on; settings of any number begin endpoints."""
        if len(paths) > 1 and self._took_settings(paths, side):
            return
        if len(paths) > 2:
            said = tr("{n:grouped} files were given: Compare shows two, one a side.", n=len(paths))
            complain(self._view, tr(CANT_OPEN), said)
            return
        names: tuple[SideName | None, ...] = ("a", "b") if len(paths) == 2 else (side,)
        for path, name in zip(paths, names, strict=True):
            self.open(path, name)

    async def _take_text(self, text: str, protocol_id: str | None = None) -> None:
        """Text is read as the file that it was copied out of."""
        import tempfile  # not before something is pasted

        with tempfile.TemporaryDirectory(prefix="diptych-") as folder:
            path = Path(folder) / "pasted"
            await asyncio.to_thread(path.write_text, text, encoding="utf-8", newline="")
            await self.take(path, None, protocol_id, partial(self._take_text, text))

    async def take(self, path: Path, side: SideName | None, protocol_id: str | None = None, again: Again | None = None) -> None:
        """Show what is in a file as that side; what can't be shown is said, with what the file is.

        `again` takes it anew, in a protocol that was chosen; None: from the file.
        """
        async with self._turn:
            if self._took_settings([path], side):
                return
            read = await self._read(path, protocol_id, again or partial(self.take, path, side))
            if read is None:
                return
            from app.transfer.loops import loops_in  # not before a file was read

            captures, unread = read
            loops = loops_in(captures)
            sides = [one[0].recording.envelope.side for one in loops]
            both = side is None and sides == ["a", "b"]  # a run that Diptych wrote for other programs
            whole = (
                loops if both else [one for one, own in zip(loops, sides, strict=True) if own in (None, side or "a")] or loops
            )
            if len(whole) > 2 or (len(whole) == 2 and (side is not None or self.held)):
                question = tr("{name} holds {n:grouped} answers. Which one shall be shown?", name=path.name, n=len(whole))
                self._choose(question, [
                    (_told(one[0]), partial(self._show_now, one, side, unread)) for one in whole
                ])  # fmt: skip
                return
            await self._files.stop()
            if len(whole) == 2:
                self._show({"a": whole[0], "b": whole[1]}, unread)
            else:
                self._show({**self.held, side or self._free: whole[0]}, unread)

    @property
    def _all(self) -> list[Capture]:
        return [one for rounds in self._held.values() for one in rounds]

    @property
    def _free(self) -> SideName:
        return "b" if set(self.held) == {"a"} else "a"

    def _took_settings(self, paths: Sequence[Path], side: SideName | None) -> bool:
        """Whether they are settings, which begin endpoints; a key in one must not be shown as a file's beginning is."""
        from app.transfer.settings_files import only_settings

        if (read := only_settings(paths)) is None:
            return False
        self._sides.begin_endpoint(side or "b", read)
        return True

    async def _read(self, path: Path, protocol_id: str | None, again: Again) -> tuple[list[Capture], list[Unread]] | None:
        """The answers in a file, and those that can't be read; None where there is none, which is said or asked about."""
        from app.formats.capture import Capture, CaptureError
        from app.transfer.capture_files import UntoldProtocolError, captures_at

        try:
            found = await asyncio.to_thread(lambda: list(captures_at(str(path), protocol_id)))
        except UntoldProtocolError as error:
            self._ask_protocol(str(error), again)
            return None
        except (CaptureError, RunFileError, OSError, MemoryError) as error:
            too_long = tr("it is too long for this machine's memory")
            why = too_long if isinstance(error, MemoryError) else system_words(error)
            complain(self._view, tr(CANT_OPEN), tr("{where}: {why}", where=path.name, why=why))
            return None
        captures = [one for one in found if isinstance(one, Capture)]
        unread = [one for one in found if not isinstance(one, Capture)]
        if not captures:
            why = unread[0].why if unread else tr("no answer is in it")
            complain(self._view, tr(CANT_OPEN), tr("{where}: {why}", where=path.name, why=why))
            return None
        return captures, unread

    def _ask_protocol(self, why: str, again: Again) -> None:
        from app.protocols.registry import info, protocol_ids

        choices = [(info(one).title, partial(again, one)) for one in protocol_ids()]
        self._choose(tr("{why}. Which protocol did the endpoint answer in?", why=why), choices)

    def _choose(self, question: str, choices: Sequence[tuple[str, Callable[[], Coroutine[None, None, None]]]]) -> None:
        from ui.compare.choosing import choose

        started = [(said, lambda work=work: self._services.tasks.start(work())) for said, work in choices]
        choose(self._view, tr("Open a capture"), question, started)

    async def _show_now(self, one: list[Capture], side: SideName | None, unread: list[Unread]) -> None:
        await self._files.stop()
        self._show({**self.held, side or self._free: one}, unread)

    def swap(self) -> None:
        """What was A becomes B, and the other way round."""
        self._show({OTHER[side]: one for side, one in self.held.items()})

    def _show(self, held: dict[SideName, list[Capture]], unread: Sequence[Unread] = ()) -> None:
        """Show these, the sides in their order."""
        from app import __version__
        from app.recording.records import RunOpened

        self._held = {side: held[side] for side in sorted(held)}
        self._opened = RunOpened("", "", __version__, "capture")
        for side, rounds in self._held.items():
            for one in rounds:
                envelope = one.recording.envelope
                name = envelope.profile.name if one.recorder == "Diptych" else one.name  # a run names its endpoints
                note = msgspec.structs.replace(envelope.profile, name=name)
                one.recording.envelope = msgspec.structs.replace(envelope, side=side, profile=note)
        recordings = [one.recording for rounds in self._held.values() for one in rounds]
        self._session.show(None, self._opened, recordings, None, self._services.load_prices()[0])
        self._sides.show_envelopes({side: rounds[0].recording.envelope for side, rounds in self._held.items()})
        more = [tr("{n:grouped} more can’t be read: {why}", n=len(unread), why=unread[0].why)] if unread else []
        title = Segment(tr("; ").join(said_of(side, rounds[0]) for side, rounds in self._held.items()), "text", True)
        swap = tr("Swap") if len(held) > 1 else tr("Move to {side}", side=OTHER[next(iter(held))].upper())
        notes = [*self._whose_times(), *dict.fromkeys(note for one in self._all for note in one.notes)]
        self._view.notes.say(
            title,
            *(Segment(visible(one)) for one in [*notes, *more]),
            actions=((swap, self.swap),
                     (tr("Back to my endpoints"), self._files.close)),
        )  # fmt: skip

    def _whose_times(self) -> list[str]:
        """Says whose the times are that are shown, where they are not Diptych's own."""
        others = (one for one in self._all if one.recorder not in ("", "Diptych") and _has_times(one.recording))
        names = list(dict.fromkeys(one_line(one.recorder, 40) for one in others))
        return [tr("The times are those of {recorders:list}.", recorders=names)] if names else []


def _has_times(recording: Recording) -> bool:
    """Whether anything in it is timed, if only its phases."""
    from app.recording.replay import has_times

    return bool(recording.marks) or has_times(recording)


def _told(one: Capture) -> str:
    """A capture among others of its file: its name, when it was, its facts, and what was asked."""
    from app.asking.history_entry import texts_of
    from app.text.when import local

    recording = one.recording
    moment = local(recording.envelope.started_utc)
    when = f"{moment:%H:%M:%S}" if moment is not None else ""
    status = str(recording.head.status) if recording.head else ""
    size = numbers.byte_size(len(recording.body.data))
    asked = one_line(" ".join(texts_of(recording.request.body)), 50)
    return ", ".join(filter(None, (one.name, when, recording.envelope.model, status, size, asked)))


def said_of(side: SideName, one: Capture) -> str:
    """Which side a capture is, its name and its recorder."""
    template = message("{side}: {name}, {recorder:if recorded by {recorder}|recorder not told}")
    said = tr(template, side=side.upper(), name=one_line(one.name, 60), recorder=one_line(one.recorder, 40))
    return visible(said)
