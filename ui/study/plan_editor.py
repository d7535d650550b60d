"""The plan as a line that opens to edit: pairs, warm-ups, connections, prompt, length, pause, seed and cap."""

from __future__ import annotations

from collections.abc import Mapping
from random import SystemRandom
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.study.plan import DEFAULT_MAX_TOKENS, DEFAULT_PAIRS, DEFAULT_PROMPT, DEFAULT_WARMUPS, StudyPlan
from app.text import numbers
from app.text.sentences import render
from ui.widgets.fields import FormCombo, NumberField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import PlainLabel, SegmentLine
from ui.widgets.segments import Segment
from ui.widgets.text_field import TextField
from ui.widgets.unfolding import FOLDED, UNFOLDED

if TYPE_CHECKING:
    from app.checks.estimate import Estimate
    from app.recording.records import SideName

MOST_PAIRS, MOST_WARMUPS, MOST_TOKENS, MOST_PAUSE_S, MOST_SEED = 1_000, 50, 32_000, 3_600, 2**53
LARGEST_CAP = 100_000_000
PROMPT_HEIGHT = 58
_LINE = (
    "{cost:if {cost} · |}after {warmups:plural warm-up|warm-ups} · order drawn, seed {seed} · {same:if the same prompt"
    " throughout|its own prompt each pair} · {kept:if kept|new} connections · {tokens:grouped} tokens out{pause:if  ·"
    " {pause:duration} between pairs|} · {cap:if stops at {cap}|no cap}"
)
_COST = "{requests:plural request|requests}, about {tokens:grouped} tokens, {usd:if at most {usd}|at a price that is not known}"
_NO_PROMPT = "The prompt is empty."


class PlanEditor(QWidget):
    """The line, and what it unfolds to.

    Attributes:
        line: pressed to unfold. pairs, warmups, tokens, pause, seed, cap, connections, prompts, prompt: the fields.

    Signals:
        changed: the plan is another.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QPushButton()
        self.line.setCheckable(True)
        self.line.setMinimumWidth(60)
        self._said = SegmentLine()
        self.fields = QFrame()
        self.fields.setObjectName("card")
        self.pairs = NumberField("The number of pairs", 1, MOST_PAIRS)
        self.warmups = NumberField("The number of warm-ups", 0, MOST_WARMUPS)
        self.tokens = NumberField("The length of an answer", 1, MOST_TOKENS)
        self.pause = NumberField("The pause", 0, MOST_PAUSE_S)
        self.seed = NumberField("The seed", 0, MOST_SEED)
        self.seed.setMaximumWidth(150)
        self.seed.setFixedWidth(130)
        self.cap = NumberField("The cap", 0, LARGEST_CAP, above=True, empty="no cap")
        self.connections = FormCombo("Connections", (("new for each request", False), ("kept", True)))
        self.prompts = FormCombo("Prompts", (("its own for each pair", False), ("the same throughout", True)))
        self.prompt = TextField(DEFAULT_PROMPT)
        self._cap_unit = PlainLabel("at most $", role="muted")
        self._cost: Estimate | None = None
        self._in_usd, self._cap_typed, self._seed_typed = True, False, False
        self._numbers = (self.pairs, self.warmups, self.tokens, self.pause, self.seed, self.cap)
        self._lay_out()
        for field, value in zip(self._numbers, (DEFAULT_PAIRS, DEFAULT_WARMUPS, DEFAULT_MAX_TOKENS, 0, 0), strict=False):
            field.set_value(value)
        self.draw_seed()
        self._connect()
        self.show_line()

    def _lay_out(self) -> None:
        over = QHBoxLayout(self.line)
        over.setContentsMargins(12, 0, 12, 0)
        self._said.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over.addWidget(self._said)
        self.line.setMinimumHeight(34)
        flow = FlowLayout(spacing=14, line_spacing=8)
        self.connections.setFixedWidth(200)
        self.prompts.setFixedWidth(190)
        titles = (
            ("pairs", self.pairs), ("warm-ups", self.warmups), ("connections", self.connections), ("prompt", self.prompts),
            ("tokens out", self.tokens), ("pause, s", self.pause), ("seed", self.seed), (self._cap_unit, self.cap),
        )  # fmt: skip
        for title, field in titles:
            label = PlainLabel(title, role="muted") if isinstance(title, str) else title
            label.setBuddy(field)
            flow.addWidget(_Titled(label, field))
        inner = QVBoxLayout(self.fields)
        inner.setContentsMargins(14, 10, 14, 12)
        inner.setSpacing(8)
        inner.addLayout(flow)
        self.prompt.setFixedHeight(PROMPT_HEIGHT)
        self.prompt.setAccessibleName("The prompt")
        inner.addWidget(self.prompt)
        self.fields.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.line)

    def _connect(self) -> None:
        self.line.toggled.connect(self._on_toggled)
        for field in self._numbers:
            field.textChanged.connect(lambda _: self._on_edited())
        self.seed.textEdited.connect(lambda _: self._on_seed_typed())
        self.cap.textEdited.connect(lambda _: self._on_cap_typed())
        for combo in (self.connections, self.prompts):
            combo.currentIndexChanged.connect(lambda _: self._on_edited())
        self.prompt.text_changed.connect(self._on_edited)

    # -- what is set --------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The line as it is read."""
        return self._said.text

    @property
    def fault(self) -> str:
        """What is wrong with the plan, as a sentence; "" for nothing."""
        found = next((field.fault for field in self._numbers if field.fault), "")
        if found:
            return f"{found}."
        return "" if self.prompt.text.strip() else _NO_PROMPT

    def plan(self, protocols: Mapping[SideName, str], models: Mapping[SideName, str], *, in_usd: bool) -> StudyPlan | None:
        """The plan for such sides; None where a field is wrong."""
        if self.fault:
            return None
        cap = self.cap.value()
        return StudyPlan(
            _whole(self.seed),
            dict(protocols),
            dict(models),
            _whole(self.pairs),
            _whole(self.warmups),
            bool(self.connections.currentData()),
            bool(self.prompts.currentData()),
            self.prompt.text,
            _whole(self.tokens),
            self.pause.value() or 0.0,
            cap if in_usd else None,
            round(cap) if cap is not None and not in_usd else None,
        )

    def show_plan(self, plan: StudyPlan) -> None:
        """Show the plan of a file; it can be read, and be run again with one's own endpoints."""
        for field, value in (
            (self.pairs, plan.pairs), (self.warmups, plan.warmups), (self.tokens, plan.max_tokens), (self.pause, plan.pause_s),
            (self.seed, plan.seed),
        ):  # fmt: skip
            field.set_value(value)
        self.connections.choose(plan.kept)
        self.prompts.choose(plan.same_prompt)
        self.prompt.setPlainText(plan.prompt)
        self.show_unit(in_usd=plan.cap_tokens is None)
        self.cap.set_value(plan.cap_usd if plan.cap_tokens is None else plan.cap_tokens)
        self._cap_typed = self._seed_typed = True

    def draw_seed(self) -> None:
        """Another seed, unless the user has typed one."""
        if not self._seed_typed:
            self.seed.set_value(SystemRandom().randrange(1 << 31))

    def forget_typed(self) -> None:
        """From now on seed and cap are Diptych's own again."""
        self._seed_typed = self._cap_typed = False

    def show_unit(self, *, in_usd: bool) -> None:
        """Whether the cap is one of money; one that was typed in the other unit is forgotten."""
        if in_usd is not self._in_usd:
            self._in_usd, self._cap_typed = in_usd, False
            self._cap_unit.setText("at most $" if in_usd else "at most tokens")

    def offer_cap(self, cost: Estimate) -> None:
        """A cap that fits, unless the user has typed one."""
        if self._cap_typed:
            return
        fitting = cost.fitting_cap_usd if self._in_usd else None
        text = f"{fitting:.2f}" if fitting is not None else str(cost.fitting_cap_tokens)
        if text != self.cap.text():
            self.cap.setText(text)

    def show_cost(self, cost: Estimate | None) -> None:
        """Say what it would send at most; None where that can't be told."""
        self._cost = cost
        self.show_line()

    def set_enabled(self, enabled: bool) -> None:
        """Let the plan be changed, or not."""
        self.fields.setEnabled(enabled)

    def unfold(self) -> None:
        """Open it, where something in it must be seen."""
        self.line.setChecked(True)

    # -- what happens -------------------------------------------------------------------------------------------------

    def _on_toggled(self, unfolded: bool) -> None:
        self.fields.setVisible(unfolded)
        self.show_line()

    def _on_seed_typed(self) -> None:
        self._seed_typed = bool(self.seed.text().strip())

    def _on_cap_typed(self) -> None:
        self._cap_typed = True
        self._on_edited()

    def _on_edited(self) -> None:
        self.show_line()
        self.changed.emit()

    def show_line(self) -> None:
        """Say the plan in one line."""
        arrow = Segment(UNFOLDED if self.line.isChecked() else FOLDED)
        if self.fault:
            self._said.set_segments(arrow, Segment(self.fault, "warn", True))
        else:
            cap = self.cap.value()
            money = None if cap is None else numbers.usd(cap) if self._in_usd else f"{numbers.count(round(cap))} tokens"
            fields = {
                "warmups": _whole(self.warmups), "seed": _whole(self.seed), "same": bool(self.prompts.currentData()),
                "kept": bool(self.connections.currentData()), "tokens": _whole(self.tokens),
                "pause": self.pause.value() or None, "cap": money, "cost": self._told_cost(),
            }  # fmt: skip
            head = Segment(numbers.plural(_whole(self.pairs), "pair"), "text", True)
            self._said.set_segments(arrow, head, Segment(render(_LINE, fields)))
        state = "shown" if self.line.isChecked() else "hidden"
        self.line.setAccessibleName(f"Plan: {self._said.text}, {state}")

    def _told_cost(self) -> str:
        cost = self._cost
        if cost is None:
            return ""
        usd = numbers.usd(cost.usd) if cost.usd is not None else ""
        return render(_COST, {"requests": cost.requests, "tokens": cost.tokens, "usd": usd})


class _Titled(QWidget):
    """A field with its title before it."""

    def __init__(self, label: PlainLabel, field: QWidget) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label)
        row.addWidget(field)


def _whole(field: NumberField) -> int:
    return round(field.value() or 0)
