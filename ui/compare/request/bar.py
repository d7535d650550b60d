"""The top row: what is asked, and the button that asks it. More of the request unfolds below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.request_fields import MOST_TOKENS
from app.scenarios import DEFAULT_PROMPT, DEFAULT_TOOLS_PROMPT, Plan, Scenario
from app.text.sentences import message, tr
from ui.compare.request.fields import FieldRow
from ui.compare.request.prompt_line import PromptLine
from ui.shared.dropped_files import accept_files, local_files
from ui.widgets.labels import plain_tip
from ui.widgets.late import Late
from ui.widgets.run_button import RunButton
from ui.widgets.segmented import Segmented

if TYPE_CHECKING:
    from ui.compare.request.editor import RequestEditor

SCENARIOS = (Scenario.MINIMAL, Scenario.STREAMING, Scenario.TOOLS, Scenario.CONVERSATION, Scenario.CUSTOM)
TIPS = {
    Scenario.MINIMAL: message("Model, max tokens and one message, nothing else; the answer comes whole"),
    Scenario.STREAMING: message("The same as a stream of events"),
    Scenario.TOOLS: message("A call, your local result, and the answer that uses it"),
    Scenario.CONVERSATION: message("Several turns, each with all answers before it"),
    Scenario.CUSTOM: message("The JSON body as you write it, byte for byte"),
}
REST = {  # what unfolds below
    Scenario.MINIMAL: message("System text"),
    Scenario.STREAMING: message("System text"),
    Scenario.TOOLS: message("Tool and system text"),
    Scenario.CONVERSATION: message("Turns and system text"),
    Scenario.CUSTOM: message("Body"),
}
UNFOLDING = (Scenario.TOOLS, Scenario.CONVERSATION, Scenario.CUSTOM)
MAX_TOKENS = MOST_TOKENS
SPACING, LINE_SPACING = 8, 6


class RequestBar(QWidget):
    """Scenario, prompt, Run; below them the fields of the request.

    Attributes:
        fields: the chips; `slot` at their right end is for what stands beside the request.

    Signals:
        run_wanted, stop_wanted: the button was pressed. wanted: another kind of request is about to be turned to.
        changed: another request is described.
        files_dropped: files (a list of paths) whose request is wanted. command_pasted: a curl command into the body; its text.
    """

    run_wanted = Signal()
    stop_wanted = Signal()
    wanted = Signal()
    changed = Signal()
    files_dropped = Signal(list)
    command_pasted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prompts: dict[Scenario, str] = {Scenario.TOOLS: tr(DEFAULT_TOOLS_PROMPT)}
        self._shared_prompt = tr(DEFAULT_PROMPT)
        self._scenario = Scenario.STREAMING
        self.scenarios = Segmented([one.label for one in SCENARIOS], tr("Request"))
        for index, one in enumerate(SCENARIOS):
            self.scenarios.findChildren(QPushButton)[index].setToolTip(plain_tip(tr(TIPS[one])))
        self._asked: Plan | None = None  # what the editor shall show once it is made
        self.prompt = PromptLine()
        self.unfold = QPushButton(tr(REST[Scenario.STREAMING]))
        self.unfold.setCheckable(True)
        self.fields = FieldRow(self.unfold)
        self.max_tokens = self.fields.chips["max_tokens"]
        self.set_max_tokens(1024)
        self.run = RunButton(tr("Run both"))
        self._editor = Late(_make_editor, self._place_editor)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self.set_scenario(Scenario.STREAMING)

    def _lay_out(self) -> None:
        self._row = row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self.scenarios)
        row.addWidget(self.prompt, 1)
        row.addWidget(self.run)
        self._lines = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(LINE_SPACING)
        layout.addLayout(row)
        layout.addWidget(self.fields)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it gets narrow the scenarios move together; then the prompt takes a line of its own."""
        super().resizeEvent(event)
        prompt = self.prompt.minimumWidth() + SPACING
        fixed = self.run.minimumWidth() + SPACING
        wrap = self.width() < self.scenarios.needed_width(tight=True) + fixed + prompt
        self._wrap_prompt(wrap)
        self.scenarios.set_tight(self.width() < self.scenarios.needed_width(tight=False) + fixed + (0 if wrap else prompt))

    def _wrap_prompt(self, wrap: bool) -> None:
        if wrap == (self._row.indexOf(self.prompt) < 0):
            return
        if wrap:
            self._row.removeWidget(self.prompt)
            self._lines.insertWidget(1, self.prompt)
        else:
            self._lines.removeWidget(self.prompt)
            self._row.insertWidget(1, self.prompt, 1)

    def _connect(self) -> None:
        self.scenarios.chosen.connect(self._on_scenario)
        self.unfold.toggled.connect(lambda unfolded: self.editor.setVisible(unfolded))
        self.run.clicked.connect(self._on_run)
        self.prompt.textChanged.connect(self._on_prompt)
        self.fields.changed.connect(self.changed)

    @property
    def editor(self) -> RequestEditor:
        """More of the request, folded away when the window opens."""
        return self._editor()

    def make_ready(self) -> None:
        """Have all that a request is made of: it would be made when Run is pressed."""
        self._editor()

    def _place_editor(self, made: RequestEditor) -> None:
        made.hide()
        made.set_scenario(self._scenario)
        if self._asked is not None:
            made.show_plan(self._asked)
        made.setEnabled(not self.run.running)
        made.changed.connect(self.changed)
        made.body.command_pasted.connect(self.command_pasted)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(made)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        accept_files(event)

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.files_dropped.emit(local_files(event.mimeData()))

    # -- the plan -----------------------------------------------------------------------------------------------------

    @property
    def scenario(self) -> Scenario:
        return self._scenario

    @property
    def plan(self) -> Plan:
        plan = self.fields.complete(Plan(self._scenario, self.prompt.text()))
        return self.editor.complete(plan)

    @property
    def problem(self) -> str:
        """Why this request can't be sent, "" where it can."""
        if self._scenario in (Scenario.MINIMAL, Scenario.STREAMING, Scenario.TOOLS) and not self.prompt.text().strip():
            return tr("Write what both endpoints shall be asked.")
        return self.editor.problem(self._scenario)

    def show_plan(self, plan: Plan) -> None:
        """Describe another request."""
        self.set_scenario(plan.scenario)
        self.prompt.setText(plan.prompt)
        self.prompt.setCursorPosition(0)
        self.fields.show_plan(plan)
        self.set_max_tokens(plan.max_tokens or 0)
        if self._editor.made is None:
            self._asked = plan
        else:
            self._editor.made.show_plan(plan)

    def show_body(self, body: str) -> None:
        """Turn to the custom request with this body, and unfold it."""
        self.set_scenario(Scenario.CUSTOM)
        self.editor.body.setPlainText(body)
        self.unfold.setChecked(True)

    def set_scenario(self, scenario: Scenario) -> None:
        """Turn to a kind of request; prompt and fields fit it."""
        self._scenario = scenario
        self.scenarios.set_index(SCENARIOS.index(scenario))
        self.prompt.setText(self._prompts.get(scenario, self._shared_prompt))
        self.prompt.setCursorPosition(0)
        uses_prompt = scenario not in (Scenario.CONVERSATION, Scenario.CUSTOM)
        self.prompt.setEnabled(uses_prompt)
        if not uses_prompt:
            self.prompt.setText("")
        turns = scenario is Scenario.CONVERSATION
        hint = tr("The turns stand below" if turns else "The body stands below")
        self.prompt.setPlaceholderText(tr("What both endpoints are asked") if uses_prompt else hint)
        self.unfold.setText(tr(REST[scenario]))
        self.fields.set_scenario(scenario)
        if self._editor.made is not None:
            self._editor.made.set_scenario(scenario)
        self.changed.emit()

    def turn_to(self, scenario: Scenario) -> None:
        """The same as by a press of its button."""
        self._on_scenario(SCENARIOS.index(scenario))

    def fold(self) -> None:
        """Fold the editor away: the answers need the room."""
        self.unfold.setChecked(False)

    def set_running(self, running: bool) -> None:
        """Run becomes Stop, and what is asked can't be changed meanwhile."""
        focused = QApplication.focusWidget()
        kept = focused in (self.prompt, self.unfold) or (focused is not None and self.fields.isAncestorOf(focused))
        if running and focused is not None and self.isAncestorOf(focused) and not kept:
            self.run.setFocus()  # what was typed in is switched off and folded away: the keyboard stays near
        self.run.set_running(running)
        self.scenarios.setEnabled(not running)
        if self._editor.made is not None:
            self._editor.made.setEnabled(not running)

    def set_max_tokens(self, count: int) -> None:
        """Want that many tokens at most; a file and an endpoint name numbers that no field holds, and the nearest is taken."""
        self.max_tokens.setValue(min(max(count, 0), MAX_TOKENS) or None)

    def set_stream(self, stream: bool) -> None:
        """Ask for a stream or not; two of the scenarios differ in nothing else, and are exchanged."""
        if self._scenario is Scenario.STREAMING and not stream:
            self.set_scenario(Scenario.MINIMAL)
        elif self._scenario is Scenario.MINIMAL and stream:
            self.set_scenario(Scenario.STREAMING)
        else:
            self.editor.stream.setChecked(stream)

    def _on_scenario(self, index: int) -> None:
        self.wanted.emit()  # who is asked decides how a body begins
        if SCENARIOS[index] is Scenario.CUSTOM:
            self.editor.begin_body(self.plan, self.fields.protocols.get("a", ""))
        self.set_scenario(SCENARIOS[index])
        self.unfold.setChecked(SCENARIOS[index] in UNFOLDING)

    def _on_prompt(self, text: str) -> None:
        if not self.prompt.isEnabled():
            return
        if self._scenario in self._prompts:
            self._prompts[self._scenario] = text
        else:
            self._shared_prompt = text
        self.changed.emit()

    def _on_run(self) -> None:
        if self.run.running:
            self.stop_wanted.emit()
        else:
            self.run_wanted.emit()


def _make_editor() -> RequestEditor:
    from ui.compare.request.editor import RequestEditor

    return RequestEditor()
