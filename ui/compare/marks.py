"""Says of a run that is shown whose it is, where the window is set to something else by now: it is no answer to that."""

from __future__ import annotations

from itertools import accumulate, islice
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from app.scenarios import Plan, Scenario
from app.text.sentences import message, tr
from ui.compare.pane.verdict import who_was_asked
from ui.shared.sides import NAMES, Sides

if TYPE_CHECKING:
    from app.recording.records import SideName
    from ui.compare.session import RunSession
    from ui.compare.view import CompareView

SHOWN_COLUMNS = 20  # beside the outcome in a narrow pane
NOT_SENT = message("The run before")


class RunMarks:
    """Marks both panes' lines and dims the sentence: another endpoint, model or request is chosen, or nothing could be sent."""

    def __init__(self, view: CompareView, session: RunSession, sides: Sides) -> None:
        self._view, self._session, self._sides = view, session, sides
        self._asked: Plan | None = None  # what was asked, as the request bar has it: a file may hold what that can't
        self._refused = False
        session.started.connect(self._on_started)
        session.turned.connect(self._show)
        view.bar.changed.connect(self._show)
        sides.choice_changed.connect(self._show)

    def set_refused(self, refused: bool) -> None:
        """Run was pressed, and nothing could be sent; what is shown is of the run before."""
        self._refused = refused
        self._show()

    def _on_started(self) -> None:
        self._asked = self._view.bar.plan.as_sent if self._session.plan is not None and self._session.sides else None
        self._refused = False
        self._show()

    def _show(self) -> None:
        if not self._session.sides:
            return self._view.sentence.set_dim(False)
        request = self._other_request()
        marks = {name: self._other_endpoint(name) or request or (tr(NOT_SENT) if self._refused else "") for name in NAMES}
        for name, pane in self._view.panes.items():
            pane.set_mark(marks[name])
        return self._view.sentence.set_dim(any(marks.values()))

    def _other_endpoint(self, name: SideName) -> str:
        """Who was asked, where another endpoint or model is chosen; "" where it is the same, and for a run from a file."""
        profile, asked, side = self._sides.profile(name), self._session.asked.get(name), self._session.sides.get(name)
        if asked is None or side is None or profile is None or not side.rounds:
            return ""
        return who_was_asked(side) if asked != (profile.uid, self._view.panes[name].row.model) else ""

    def _other_request(self) -> str:
        """What was asked, where the request bar says something else; "" where it is the same."""
        if self._asked is None:
            return ""
        now = self._view.bar.plan.as_sent
        return "" if now == self._asked else _in_words(self._asked, now)


def _in_words(asked: Plan, now: Plan) -> str:
    kind = asked.scenario.label
    if asked.scenario is now.scenario and (asked.scenario is Scenario.CUSTOM or _words(asked) == _words(now)):
        return tr("{kind}, before you changed it", kind=kind)
    words = _words(asked)
    return tr("{kind} · {words:quoted}", kind=kind, words=_short(words)) if words else kind


def _short(words: str) -> str:
    """As many as have room; a character of Chinese takes two columns."""
    ends = accumulate(2 if east_asian_width(char) in "WF" else 1 for char in words)
    shown = sum(end <= SHOWN_COLUMNS for end in islice(ends, SHOWN_COLUMNS + 1))
    return words if shown == len(words) else f"{words[:shown].rstrip()}…"


def _words(plan: Plan) -> str:
    """The first words of the user's; "" for a body of JSON."""
    if plan.scenario is Scenario.CUSTOM:
        return ""
    words = plan.turns[0] if plan.scenario is Scenario.CONVERSATION and plan.turns else plan.prompt
    return " ".join(words.split())
