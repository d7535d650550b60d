"""Opens what differs in place of the panes, and closes it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from ui.widgets.focus_back import FocusBack
from ui.widgets.late import Late
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.run.diff.facts import Part, RunDiff
    from app.run.diff.models import ModelLists
    from app.run.side import Side
    from ui.compare.diff.view import DiffView
    from ui.compare.session import RunSession
    from ui.shared.services import Services
    from ui.shared.sides import Sides


class DiffOpening(QObject):
    """Compares the run that is shown when it is asked to, and shows what differs until another run begins.

    Attributes:
        view: made when it is first opened.

    Signals:
        changed: whether it can be opened, or is open, is no longer the same.
    """

    changed = Signal()

    def __init__(self, services: Services, panes: QWidget, session: RunSession, sides: Sides) -> None:
        """`panes`: the view that it takes the place of, in its parent's layout."""
        super().__init__(panes)
        self._services, self._panes, self._session, self._sides = services, panes, session, sides
        self._by_letter = False
        self._focus: FocusBack | None = None
        self.view = Late(_make, self._place)
        session.started.connect(self.close)
        session.turned.connect(self.close)
        services.models.changed.connect(lambda _uid: self._refresh())

    @property
    def is_open(self) -> bool:
        return self.view.made is not None and not self.view.made.isHidden()

    @property
    def can(self) -> bool:
        """Whether a run of two sides is shown that has ended."""
        return len(self._session.sides) > 1 and not self._session.following and self._session.replay is None

    def toggle(self) -> None:
        if self.is_open:
            self.close()
        else:
            self.open()

    def open(self, part: Part | None = None) -> None:
        """Show what differs, or one part of it alone."""
        if not self.can:
            return
        if not self.is_open:
            self._focus = FocusBack(self._panes.window())
        view = self.view()
        view.show_part(part)
        self._refresh(anew=True)
        self._panes.hide()
        view.show()
        view.back.setFocus()
        self.changed.emit()

    def close(self) -> None:
        """The panes again."""
        if self.is_open:
            self.view().hide()
            self._panes.show()
            if self._focus is not None:
                self._focus.give()
            self.changed.emit()

    def compare(self) -> RunDiff:
        """What differs between the sides that are shown."""
        from app.run.diff.summary import compare_run

        sides = self._session.sides
        return compare_run(sides.get("a"), sides.get("b"), self.lists(), by_letter=self._by_letter)

    def lists(self) -> ModelLists:
        """The lists of models of the endpoints that the run went to, as far as they were asked for; of a file's run none."""
        found: dict[SideName, tuple[str, ...] | None] = {}
        for name, (uid, _model) in self._session.asked.items():
            profile = self._services.profile(uid)
            found[name] = self._services.models.of(profile) if profile is not None else None
        return found

    def _refresh(self, *, anew: bool = False) -> None:
        if anew or self.is_open:
            names = {side.name: _named(side) for side in self._session.sides.values()}
            diff = self.compare()
            self.view().show_diff(diff, names)
            self.view().ask_models.setVisible(diff.models.why is not None and self._can_ask)

    @property
    def _can_ask(self) -> bool:
        """Whether the endpoints that the run went to are those that are chosen now: their lists can be asked for."""
        asked = {name: uid for name, (uid, _model) in self._session.asked.items()}
        chosen = {name: profile.uid for name in asked if (profile := self._sides.profile(name)) is not None}
        return bool(asked) and asked == chosen and not self._session.borrowed

    def _ask_models(self) -> None:
        for name in self._session.asked:
            self._sides.fetch_models(name)

    def _set_by_letter(self, by_letter: bool) -> None:
        self._by_letter = by_letter
        self._refresh()

    def _place(self, made: DiffView) -> None:
        parent = self._panes.parentWidget()
        layout = parent.layout() if parent is not None else None
        assert layout is not None
        layout.addWidget(made)
        made.hide()
        made.closed.connect(self.close)
        made.copy_wanted.connect(self._copy)
        made.ask_models.clicked.connect(self._ask_models)
        made.answers.by_letter_wanted.connect(self._set_by_letter)

    def _copy(self, part: Part | None) -> None:
        from app.run.diff.as_text import as_text
        from app.text.visible import visible

        QApplication.clipboard().setText(visible(as_text(self.compare(), part)))

    def recolor(self) -> None:
        if self.view.made is not None:
            self.view.made.recolor()


def _make() -> DiffView:
    from ui.compare.diff.view import DiffView

    return DiffView()


def _named(side: Side) -> list[Segment]:
    """The endpoint, the model, and the verdict of the run."""
    from app.run.fit import Verdict, fit
    from app.run.fit_words import SHAPES, head

    if side.first is None:
        return []
    envelope = side.first.recording.envelope
    named = [Segment(envelope.profile.name, "text", bold=True, yields=True), Segment(envelope.model, "muted", yields=True)]
    told = fit(side)
    if told is not None and told.verdict is not Verdict.UNSEEN:
        role = {Verdict.DROP_IN: "ok", Verdict.LOSSES: "warn", Verdict.BREAKS: "bad"}[told.verdict]
        named.append(Segment(f"{SHAPES[told.verdict]} {head(told)}", role, bold=True))
    return named
