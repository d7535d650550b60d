"""The request of another program as the custom request of both sides: dropped, pasted, or opened from a file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.recording.records import RunFileError
from app.text.sentences import message, tr
from app.text.system_words import system_words
from app.text.visible import one_line
from ui.shared.ask_file import ask_which
from ui.shared.complain import complain

if TYPE_CHECKING:
    from ui.compare.view import CompareView
    from ui.shared.services import Services

FILES = message(
    "Requests (*.har *.txt *.sh *.json *.jsonl *.log *.yaml *.zip *.chlsj *.proxymanlogv2 *.diptych);;All files (*)"
)
CANT_TAKE = message("No request can be taken")


class RequestTaking:
    """Takes a body without its model, so that each side gets its own. What had been written can be brought back."""

    def __init__(self, services: Services, view: CompareView) -> None:
        self._services, self._view = services, view
        view.bar.command_pasted.connect(self.take_command)
        for pane in view.panes.values():
            pane.views.body_wanted.connect(self.take_bytes)

    def ask(self) -> None:
        """Ask for a file whose request shall be taken."""
        if (path := ask_which(self._view, tr("Take a request from a file"), tr(FILES))) is not None:
            self.take_files([path])

    def take_files(self, paths: Sequence[Path]) -> None:
        """Take the only request in them; of several it is asked which."""
        self._services.tasks.start(self._take(list(paths)))

    async def _take(self, paths: list[Path]) -> None:
        from app.formats.capture import CaptureError
        from app.transfer.request_files import bodies_of

        bodies: list[str] = []
        why = ""
        for path in paths:
            try:
                bodies += await asyncio.to_thread(bodies_of, path)
            except (CaptureError, RunFileError, OSError) as error:
                why = why or tr("{where}: {why}", where=path.name, why=system_words(error))
        bodies = list(dict.fromkeys(bodies))
        if not bodies:
            complain(self._view, tr(CANT_TAKE), why)
        elif len(bodies) == 1:
            self.take(bodies[0])
        else:
            self._ask_which(bodies, tr(", ").join(path.name for path in paths))

    def _ask_which(self, bodies: list[str], name: str) -> None:
        from app.asking.history_entry import texts_of
        from ui.compare.choosing import choose

        question = tr("{name} holds {n:grouped} requests. Which one shall both sides be sent?", name=name, n=len(bodies))
        named = [one_line(" ".join(texts_of(body.encode("utf-8", "replace"))), 80) or one_line(body, 80) for body in bodies]
        choices = [(said, partial(self.take, body)) for said, body in zip(named, bodies, strict=True)]
        choose(self._view, tr("Take a request"), question, choices)

    def take_command(self, text: str) -> None:
        """Take the body that a curl command sends; where it sends none that is a JSON object, that is said."""
        from app.transfer.request_files import body_of_command

        body = body_of_command(text)
        if body is None:
            complain(self._view, tr(CANT_TAKE), tr("The command sends no JSON object."))
        else:
            self.take(body)

    def take_bytes(self, body: bytes) -> None:
        """Take a body as it was sent; an opened file may have none."""
        from app.scenarios import own_body

        self.take(own_body(body) if body else "")

    def take(self, own: str) -> None:
        """Turn to the custom request with this body, "" where there is none."""
        from ui.widgets.toast import toast

        bar = self._view.bar
        if not bar.scenarios.isEnabled():
            toast(self._view, tr("While a run goes on the request stays as it is."), role="warn")
            return
        if not own:
            toast(self._view, tr("There is no body here: what was opened holds the answer alone."), role="warn")
            return
        before = bar.editor.own_body
        bar.show_body(own)
        bar.editor.body.setFocus()
        if before not in ("", own):
            undo = (tr("Undo"), lambda: bar.show_body(before))
            toast(self._view, tr("Your body is replaced."), role="text", button=undo)
