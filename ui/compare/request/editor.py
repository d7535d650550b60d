"""More of the request: system text, streaming, the tool and its result, the turns, or the body itself."""

from __future__ import annotations

from functools import lru_cache

import msgspec
from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.formats.curl import is_curl
from app.protocols.base import GET_WEATHER, Target, Tool
from app.protocols.registry import protocol_ids
from app.scenarios import DEFAULT_SYSTEM, DEFAULT_TOOL_RESULT, DEFAULT_TURNS, Plan, Scenario, first_request, own_body
from app.text.sentences import message, tr
from ui.style.theme import mono_font
from ui.widgets.fields import mark_wrong
from ui.widgets.labels import PlainLabel
from ui.widgets.text_field import TextField

DEFAULT_BODY = """{
  "max_tokens": 256,
  "stream": true,
  "messages": [{"role": "user", "content": "Say hello."}]
}"""

LEAST_AREA = 70


class BodyField(TextField):
    """The body of a request; a curl command that is pasted or dropped stands for the body that it sends.

    Signals:
        command_pasted: a curl command came; its text.
    """

    command_pasted = Signal(str)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if is_curl(text := source.text()):
            self.command_pasted.emit(text)
        else:
            super().insertFromMimeData(source)


class RequestEditor(QFrame):
    """The fields that only some kinds of request have.

    Signals:
        changed: one of the fields holds something else.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.system = QLineEdit()
        self.stream = QCheckBox(tr("Stream"))
        self.stream.setChecked(True)
        self.tool_name = QLineEdit(GET_WEATHER.name)
        self.tool_description = QLineEdit(GET_WEATHER.description)
        self.tool_schema = _area(msgspec.json.format(msgspec.json.encode(GET_WEATHER.parameters), indent=2).decode(), mono=True)
        self.tool_result = _area(DEFAULT_TOOL_RESULT, mono=True)
        self.tool_is_error = QCheckBox(tr("The result is an error"))
        self.turns = _area("\n".join(map(tr, DEFAULT_TURNS)))
        self.body = BodyField(DEFAULT_BODY)
        _set_up(self.body, mono=True)
        self._said = PlainLabel("", role="muted", wrap=True)
        self._begun = DEFAULT_BODY  # what the body was begun with
        self._rows: dict[str, list[QWidget]] = {}
        self._scenario = Scenario.STREAMING
        self._systems = {True: tr(DEFAULT_SYSTEM), False: ""}  # by whether it is a conversation's
        self._lay_out()
        self._connect()
        self.set_scenario(Scenario.STREAMING)

    def _lay_out(self) -> None:
        self._grid = grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        label = PlainLabel(tr("System text"), role="muted")
        grid.addWidget(label, 0, 0)
        self._rows["system"] = [label, self.system]
        self._add(grid, 1, 0, "tool", tr("Tool"), self.tool_name)
        self._add(grid, 1, 2, "tool", tr("What it does"), self.tool_description)
        self._add(grid, 2, 0, "tool", tr("Its parameters\n(JSON Schema)"), self.tool_schema)
        self._add(grid, 2, 2, "tool", tr("Local result\nof every call"), self.tool_result)
        self._add(grid, 3, 0, "turns", tr("Your turns,\none a line"), self.turns, span=3)
        self._add(grid, 4, 0, "body", tr("JSON body"), self.body, span=3)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.system, 1)
        row.addWidget(self.stream)
        row.addWidget(self.tool_is_error)
        grid.addLayout(row, 0, 1, 1, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 8)
        layout.addLayout(grid)
        layout.addWidget(self._said)
        self.system.setPlaceholderText(tr("none"))

    def _add(self, grid: QGridLayout, line: int, column: int, part: str, title: str, field: QWidget, span: int = 1) -> None:
        label = PlainLabel(title, role="muted")
        field.setAccessibleName(title.replace("\n", " "))
        label.setBuddy(field)
        top = isinstance(field, TextField)
        label.setContentsMargins(0, 6 if top else 0, 0, 0)
        grid.addWidget(label, line, column, Qt.AlignmentFlag.AlignTop if top else Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(field, line, column + 1, 1, span)
        self._rows.setdefault(part, []).extend((label, field))

    def _connect(self) -> None:
        for line in (self.system, self.tool_name, self.tool_description):
            line.textChanged.connect(self._on_changed)
        for area in (self.tool_schema, self.tool_result, self.turns, self.body):
            area.text_changed.connect(self._on_changed)
        for box in (self.stream, self.tool_is_error):
            box.toggled.connect(self._on_changed)

    def set_scenario(self, scenario: Scenario) -> None:
        """Show the fields of this kind of request."""
        # A conversation has a system prompt of its own; the other requests have none that was not typed.
        self._systems[self._scenario is Scenario.CONVERSATION] = self.system.text()
        self._scenario = scenario
        self.system.setText(self._systems[scenario is Scenario.CONVERSATION])
        shown = {
            "system": scenario is not Scenario.CUSTOM,
            "tool": scenario is Scenario.TOOLS,
            "turns": scenario is Scenario.CONVERSATION,
            "body": scenario is Scenario.CUSTOM,
        }
        for line, part in enumerate(("tool", "turns", "body"), 2):  # the style sheet's least height is one line
            self._grid.setRowMinimumHeight(line, LEAST_AREA if shown[part] else 0)
        for part, widgets in self._rows.items():
            for widget in widgets:
                widget.setVisible(shown[part])
        self.stream.setVisible(scenario in (Scenario.TOOLS, Scenario.CONVERSATION))
        self.tool_is_error.setVisible(scenario is Scenario.TOOLS)
        self._say()

    def begin_body(self, plan: Plan, protocol_id: str) -> None:
        """Begin a body of one's own with that of another request, unless one was begun and changed."""
        if plan.scenario is Scenario.CUSTOM or protocol_id not in protocol_ids() or self.body.text not in ("", self._begun):
            return
        self._begun = own_body(first_request(plan, protocol_id, "", Target("http://localhost")).body)
        self.body.setPlainText(self._begun)

    @property
    def own_body(self) -> str:
        """The body where the user has written in it, else ""."""
        return "" if self.body.text == self._begun else self.body.text

    # -- the plan -----------------------------------------------------------------------------------------------------

    def complete(self, plan: Plan) -> Plan:
        """The plan with what stands here."""
        scenario = plan.scenario
        system = self.system.text() or None
        stream = self.stream.isChecked() if scenario in (Scenario.TOOLS, Scenario.CONVERSATION) else None
        return msgspec.structs.replace(
            plan,
            system=None if scenario is Scenario.CUSTOM else system,
            stream=stream,
            turns=self._turns(),
            tools=(self._tool() or GET_WEATHER,),
            tool_result=self.tool_result.text,
            tool_is_error=self.tool_is_error.isChecked(),
            body=self.body.text.encode() if scenario is Scenario.CUSTOM else b"",
        )

    def show_plan(self, plan: Plan) -> None:
        self.system.setText(plan.system or "")
        self.stream.setChecked(plan.streams)
        self.turns.setPlainText("\n".join(plan.turns))
        self.tool_result.setPlainText(plan.tool_result)
        self.tool_is_error.setChecked(plan.tool_is_error)
        if plan.tools:
            tool = plan.tools[0]
            self.tool_name.setText(tool.name)
            self.tool_description.setText(tool.description)
            self.tool_schema.setPlainText(msgspec.json.format(msgspec.json.encode(tool.parameters), indent=2).decode())
        if plan.body:
            self.body.setPlainText(plan.body.decode("utf-8", "replace"))

    def problem(self, scenario: Scenario) -> str:
        """Why this can't be sent, "" where it can. A body that is no JSON can: that may be just what is tried."""
        if scenario is Scenario.TOOLS and self._tool() is None:
            return tr("The tool's parameters must be a JSON object.")
        if scenario is Scenario.TOOLS and not self.tool_name.text().strip():
            return tr("The tool needs a name.")
        if scenario is Scenario.CONVERSATION and not self._turns():
            return tr("Write at least one turn.")
        if scenario is Scenario.CUSTOM and not self.body.text.strip():
            return tr("Write the JSON body that both endpoints get.")
        return ""

    def _turns(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.turns.text.splitlines() if line.strip())

    def _tool(self) -> Tool | None:
        """The tool as described; None where its parameters are no JSON object."""
        try:
            parameters = msgspec.json.decode(self.tool_schema.text.encode(), type=dict[str, object])
        except (msgspec.DecodeError, RecursionError):
            return None
        return Tool(self.tool_name.text().strip(), self.tool_description.text(), parameters)

    # -- what is said of it -------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        text, wrong = self.problem(self._scenario), True
        if not text and self._scenario is Scenario.CUSTOM:
            template, error, wrong = _on_body(self.body.text)
            text = tr(template, error=error)
        self._said.setText(text)
        self._said.setVisible(bool(text))
        self._said.set_role("warn" if wrong else "muted")
        mark_wrong(self.body, wrong and self._scenario is Scenario.CUSTOM)
        mark_wrong(self.tool_schema, self._tool() is None)


@lru_cache(2)  # a body can be as long as one likes, and it is looked at with every field that changes
def _on_body(text: str) -> tuple[str, str, bool]:
    """What there is to say of a JSON body, with what the parser says of it, and whether that is a warning."""
    try:
        body = msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, RecursionError) as error:
        return message("Not JSON ({error}). It is sent as it stands."), str(error), True
    if not isinstance(body, dict):
        return message("JSON, but no object. It is sent as it stands."), "", True
    if "model" in body:
        return message("Valid JSON. It names a model; both sides get that one."), "", False
    return message("Valid JSON. Each side gets it with its own model added."), "", False


def _area(text: str, *, mono: bool = False) -> TextField:
    area = TextField(text)
    _set_up(area, mono=mono)
    return area


def _set_up(area: TextField, *, mono: bool) -> None:
    area.setFixedHeight(92)
    if mono:
        area.setFont(mono_font())
