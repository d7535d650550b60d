"""What is opened from the history: a run as it was, one side of it, or any two sides of any two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from app.recording.records import RunFileError, RunOpened
from app.store.files import StoreError
from app.text.sentences import message, tr
from app.text.visible import one_line, visible
from ui.history.lines import side_of, time_of
from ui.shared.complain import complain
from ui.shared.services import ShownExchange

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.recording.recording import Recording
    from app.recording.records import SideName
    from ui.history.lines import Place
    from ui.history.reading import HistoryReading
    from ui.shared.services import Services

CANT_OPEN = message("It can't be opened")


class HistoryOpening:
    """Reads what was kept, and hands it to the page that shows such a one."""

    def __init__(self, services: Services, reading: HistoryReading, parent: QWidget) -> None:
        self._services, self._reading, self._parent = services, reading, parent

    async def whole(self, number: int) -> None:
        """A run, check, study or load as it was."""
        if (read := await self._read(number)) is not None:
            self._services.run_read.emit(None, *read)

    async def sides(self, places: Mapping[SideName, Place], *, diff: bool = False) -> None:
        """These sides of runs as A and B of Compare, or one of them alone; `diff`: with what differs laid over them."""
        from app import __version__

        shown: list[Recording] = []
        first: RunOpened | None = None
        for letter, place in sorted(places.items()):
            if (read := await self._read(place.listed.id)) is None:
                return
            opened, recordings = read
            first = first or opened
            for one in recordings:
                if (one.envelope.side or "a") == place.side:
                    one.envelope = msgspec.structs.replace(one.envelope, side=letter)
                    shown.append(one)
        if first is None or not shown:
            complain(self._parent, tr(CANT_OPEN), tr("Nothing was kept of that side."))
            return
        opened = RunOpened("", first.started_utc, __version__, first.scenario, first.ask)
        chosen = sorted(places.items())

        def title() -> str:
            return tr("; ").join(_told(letter, place) for letter, place in chosen)

        self._services.exchange_wanted.emit(
            ShownExchange(title, opened, tuple(shown), shown[0].envelope.side or "a", diff=diff)
        )

    async def _read(self, number: int) -> tuple[RunOpened, list[Recording]] | None:
        try:
            return await self._reading.read(number)
        except (StoreError, RunFileError) as error:
            complain(self._parent, tr(CANT_OPEN), str(error))
            return None


def _told(letter: SideName, place: Place) -> str:
    side = side_of(place.listed, place.side)
    name = one_line(side.name, 60) if side is not None else "–"
    fields = {"letter": letter.upper(), "name": name, "side": place.side.upper()}
    return visible(tr("{letter}: {name}, side {side} of {when}", **fields, when=time_of(place.listed, with_day=True)))
