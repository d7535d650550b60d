"""Shows the session as it is: verdict line, table, evidence, lists, sentence. Nothing here asks or changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from app.checks.checklists import CHECKLISTS, tick
from app.checks.session import State
from app.text.sentences import Span, message, tr
from ui.checks.entries import Fold, Look, entries
from ui.checks.evidence import EvidencePanel
from ui.checks.filter_row import FILTERS
from ui.checks.filters import Filter, counts
from ui.checks.lines import Shown, summary_of, verdict_line
from ui.checks.run import CheckRun, planned

if TYPE_CHECKING:
    from app.checks.session import Row
    from app.checks.summary import Summary
    from ui.checks.setup import Setup
    from ui.checks.view import ChecksView

HINT = message("Ctrl+Enter runs the checks. What they mean together will be said here, in a sentence.")
_CHECKING = message("The checks run: what they mean together is said here as it gets known.")


class CheckFollower(QObject):
    """Keeps the view in step with the session and with what the next one is set to.

    Attributes:
        look: how the table is looked at. evidence: what is unfolded, None for nothing.

    Signals:
        exchange_wanted, curl_wanted, again_wanted: those of the evidence.
    """

    exchange_wanted = Signal(object, bool)
    curl_wanted = Signal(object)
    again_wanted = Signal(str)

    def __init__(self, view: ChecksView, run: CheckRun, setup: Setup, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view, self._run, self._setup = view, run, setup
        self.look = Look()
        self.evidence: EvidencePanel | None = None
        self.go_on = lambda: None
        for signal in (run.started, run.changed, run.finished, setup.changed):
            signal.connect(self.refresh)
        view.filters.filter_chosen.connect(lambda chosen: self._look(filter=chosen))
        view.filters.find_edited.connect(lambda text: self._look(find=text))
        view.filters.offer_toggled.connect(setup.toggle)
        view.table.fold_wanted.connect(self._on_fold)
        view.table.check_opened.connect(self.open)
        view.foot.check_wanted.connect(self.go_to)
        self.refresh()

    # -- what is looked at --------------------------------------------------------------------------------------------

    @property
    def rows(self) -> dict[str, Row]:
        """The checks of the session that is shown, or of the next one where there is none."""
        return self._run.rows or planned(self._setup.checks)

    @property
    def begun(self) -> bool:
        return bool(self._run.rows)

    @property
    def summary(self) -> Summary | None:
        plan = self._run.plan
        return summary_of(self._run.rows, plan, self._client) if plan is not None else None

    @property
    def _client(self) -> str:
        """The client that the session is judged for, as people know it."""
        from app.clients.table import table

        plan = self._run.plan
        if plan is None:
            return self._view.top.client_title
        found = table().client(plan.client, plan.protocols["b"])
        return found.title if found is not None else plan.client

    def _look(self, **changes: object) -> None:
        self.look = msgspec.structs.replace(self.look, **changes)
        self.refresh()

    def _on_fold(self, group: str, fold: Fold) -> None:
        row = self.rows.get(self.look.open_check)
        hides = row is not None and str(row.check.group) == group and fold is Fold.FOLDED
        self._look(folds={**self.look.folds, group: fold}, open_check="" if hides else self.look.open_check)

    def open(self, check: str) -> None:
        """Unfold a check's evidence; "" folds it."""
        self._look(open_check=check)

    def go_to(self, check: str) -> None:
        """Show a check with its evidence, whatever is filtered out or folded."""
        if check not in self.rows:
            return
        folds = {name: fold for name, fold in self.look.folds.items() if name != self.rows[check].check.group}
        if self._view.filters.find_field.text():
            self._view.filters.find_field.clear()
        self._press(Filter.ALL)
        self._look(folds=folds, filter=Filter.ALL, open_check=check)
        self._view.table.go_to(check)
        self._view.table.lines.setFocus()

    def list_all(self) -> None:
        """List what counts against B: what failed, or where nothing did what differs."""
        chosen = Filter.FAIL if counts(self.rows)[Filter.FAIL] else Filter.DIFFERS
        self._press(chosen)
        self._look(filter=chosen)

    def _press(self, chosen: Filter) -> None:
        self._view.filters.filters.set_index(FILTERS.index(chosen))

    # -- bringing it up to date ---------------------------------------------------------------------------------------

    def refresh(self) -> None:
        view, run, rows, setup = self._view, self._run, self.rows, self._setup
        against = "a" in run.plan.protocols if run.plan is not None else setup.against
        view.top.set_running(run.running)
        summary, expected = self.summary, setup.estimate
        shown = Shown(
            rows, run.plan, summary, run.spent, expected, run.running, run.stopped, against, run.left_s(), self._stale(),
            free=expected.free and run.file is None,
        )  # fmt: skip
        can_go_on = run.can_ask and bool(run.left_out)
        view.card.show_line(verdict_line(shown, self.go_to, self.go_on if can_go_on else None, self.list_all))
        view.card.set_cap_shown(not run.running and run.file is None and setup.has_cap, setup.cap_unit)
        view.filters.show_counts(counts(rows))
        view.filters.show_offers(() if run.file is not None else setup.offers)
        view.filters.set_offers_enabled(not run.running)
        view.table.show_names(*self._names())
        self._show_table(rows, against)
        self._show_foot(rows, summary)

    def _stale(self) -> str:
        """On whom the verdicts are, where something else is chosen by now; "" where it is the same."""
        run, plan = self._run, self._run.plan
        if plan is None or run.file is not None or run.running:
            return ""
        key = tuple(sorted(run.asked.items())), plan.client
        if key == self._setup.key:
            return ""
        note = next(
            (one.recording.envelope.profile.name for one in run.book.exchanges if one.recording.envelope.side != "a"), ""
        )
        return " · ".join(filter(None, (note, plan.models.get("b", ""))))

    def _names(self) -> tuple[str, str]:
        """What the sides are called: in the session that is shown, else as chosen."""
        names = {"a": "", "b": ""}
        for one in self._run.book.exchanges:
            envelope = one.recording.envelope
            names[envelope.side or "b"] = names[envelope.side or "b"] or envelope.profile.name
        for name, (profile, _) in self._setup.asked.items():
            names[name] = names[name] or profile.name
        return names["a"], names["b"]

    def _show_table(self, rows: dict[str, Row], against: bool) -> None:
        if self.look.open_check not in rows:
            self.look = msgspec.structs.replace(self.look, open_check="")
        lines = entries(rows, self.look, against=against, begun=self.begun)
        wanted = self.look.open_check if any(one.id == self.look.open_check for one in lines) else ""
        if not wanted:
            self.evidence = None
        elif self.evidence is None or self.evidence.check != wanted:
            self.evidence = self._make_evidence(wanted)
        if self.evidence is not None:
            row = rows[wanted]
            can_ask = self._run.can_ask and row.state is State.DONE
            self.evidence.show_row(row, self._run.book, can_ask=can_ask)
        self._view.table.show_entries(lines, against=against, evidence=self.evidence)

    def _make_evidence(self, check: str) -> EvidencePanel:
        made = EvidencePanel(check, self._view.table.lines.viewport())
        made.exchange_wanted.connect(self.exchange_wanted)
        made.curl_wanted.connect(self.curl_wanted)
        made.again_wanted.connect(self.again_wanted)
        return made

    def _show_foot(self, rows: dict[str, Row], summary: Summary | None) -> None:
        judgements = self._run.judgements
        self._view.foot.show_lists({one.id: tick(one, judgements, tuple(rows)) for one in CHECKLISTS})
        sentence = self._view.foot.sentence
        said = summary.foot() if summary is not None else ()
        if said:
            sentence.show_spans(said)
            if not self._run.running:
                sentence.announce()
        else:
            sentence.show_spans((Span(tr(_CHECKING if self._run.running else HINT)),), quiet=True)
        sentence.set_dim(bool(self._stale()))
