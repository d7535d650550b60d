"""The plan of a load: how many at once or at which rate, the user's limits, the length of answers, and a cap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from app.study.figures import steps_unit
from app.study.load import LEAST_REQUESTS, LoadPlan
from app.study.load_steps import StepsError, steps_of, steps_text
from app.study.plan import DEFAULT_PROMPT
from app.text.sentences import message, render, tr
from ui.study.plan_fields import OF_LOAD
from ui.study.plan_line import PlanLine, whole
from ui.widgets.fields import FormCombo, NumberField, mark_wrong
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.recording.records import SideName

STEPS, RATES = "1, 2, 4 … 64", "1, 2, 5, 10"
MOST_TOKENS, MOST_MS, MOST_LEAST, MOST_SECONDS = 32_000, 3_600_000, 2_000, 600
DEFAULT_LIMIT_MS, DEFAULT_TOKENS, DEFAULT_SECONDS = 1_000, 32, 10
_LINE = message(
    "{cost:if {cost} · |}{open:if each for {seconds:duration}, whatever the answers do (open loop)|closed loop, at least"
    " {least:plural request|requests} a step} · first token within {limit:milliseconds}{total:if , whole answer within"
    " {total:milliseconds}|} · {tokens:grouped} tokens out{caps:if  · {cap:if stops at {cap}|no cap}|}"
)


class LoadEditor(PlanLine):
    """The line, and what it unfolds to.

    Attributes:
        loops, steps, least, seconds, limit, total, tokens: its fields.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(DEFAULT_PROMPT, parent)
        self.loops = FormCombo(tr("What a step is"), ((tr("at once (closed loop)"), False), (tr("a second (open loop)"), True)))
        self.loops.setFixedWidth(186)
        self.steps = StepsField()
        self.least = NumberField(tr("The number of requests a step"), 1, MOST_LEAST)
        self.seconds = NumberField(tr("The length of a step"), 0, MOST_SECONDS, above=True)
        self.limit = NumberField(tr("The limit of a first token"), 0, MOST_MS, above=True)
        self.total = NumberField(tr("The limit of a whole answer"), 0, MOST_MS, above=True, empty=tr("no limit"))
        self.tokens = NumberField(tr("The length of an answer"), 1, MOST_TOKENS)
        for field, value in (
            (self.least, LEAST_REQUESTS), (self.seconds, DEFAULT_SECONDS), (self.limit, DEFAULT_LIMIT_MS),
            (self.tokens, DEFAULT_TOKENS),
        ):  # fmt: skip
            field.set_value(value)
        self.lay_out_fields(OF_LOAD)
        self.loops.currentIndexChanged.connect(lambda _: self._on_loop())
        self._on_loop()
        self.show_line()

    # -- what is set --------------------------------------------------------------------------------------------------

    @property
    def open_loop(self) -> bool:
        return bool(self.loops.currentData())

    @property
    def fault(self) -> str:
        return tr("{fault}.", fault=self.steps.fault) if self.steps.fault else super().fault

    def _numbers(self) -> tuple[NumberField, ...]:
        return self.least, self.seconds, self.limit, self.total, self.tokens, self.cap

    def plans(self, sides: Mapping[SideName, tuple[str, str]]) -> dict[SideName, LoadPlan] | None:
        """The plan for each side, by its protocol and model; None where a field is wrong."""
        if self.fault:
            return None
        return {
            name: LoadPlan(
                protocol,
                model,
                self.steps.steps,
                self.open_loop,
                self.seconds.value() or 0.0,
                self.limit.value() or 0.0,
                self.prompt.text,
                whole(self.tokens),
                self.cap_usd,
                self.cap_tokens,
                self.total.value(),
                whole(self.least),
            )
            for name, (protocol, model) in sides.items()
        }

    def show_plan(self, plan: LoadPlan) -> None:
        """Show the plan of a file."""
        self.loops.choose(plan.open_loop)
        self.steps.setText(steps_text(plan.steps))
        for field, value in (
            (self.least, plan.least), (self.seconds, plan.seconds), (self.limit, plan.limit_ms), (self.tokens, plan.max_tokens),
        ):  # fmt: skip
            field.set_value(value)
        self.total.set_value(plan.total_limit_ms)
        self.prompt.setPlainText(plan.prompt)
        self.show_cap(plan.cap_usd, plan.cap_tokens)

    def _on_loop(self) -> None:
        """Another kind of step: those that nobody typed are its own."""
        self.steps.set_open_loop(self.open_loop)
        self.least.setEnabled(not self.open_loop)
        self.seconds.setEnabled(self.open_loop)

    def segments(self) -> tuple[Segment, ...]:
        unit = steps_unit(open_loop=self.open_loop)
        fields = {
            "open": self.open_loop, "seconds": self.seconds.value() or 0.0, "least": whole(self.least),
            "limit": self.limit.value() or 0.0, "total": self.total.value(), "tokens": whole(self.tokens),
            "cap": self.told_cap, "caps": self.has_cap, "cost": self.told_cost,
        }  # fmt: skip
        return Segment(f"{steps_text(self.steps.steps)} {unit}", "text", True), Segment(render(_LINE, fields))


class StepsField(QLineEdit):
    """The steps of a load, as they are typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(STEPS, parent)
        self.setAccessibleName(tr("The steps"))
        self.setFixedWidth(150)
        self._open_loop = False
        self.textChanged.connect(lambda _: mark_wrong(self, bool(self.fault)))

    @property
    def fault(self) -> str:
        """What is wrong, as a clause; "" for nothing."""
        try:
            steps_of(self.text(), open_loop=self._open_loop)
        except StepsError as error:
            return str(error)
        return ""

    @property
    def steps(self) -> tuple[float, ...]:
        """The steps; () where they are wrong."""
        return () if self.fault else steps_of(self.text(), open_loop=self._open_loop)

    def set_open_loop(self, open_loop: bool) -> None:
        """Whether they are rates."""
        if open_loop is self._open_loop:
            return
        self._open_loop = open_loop
        if self.text() == (STEPS if open_loop else RATES):
            self.setText(RATES if open_loop else STEPS)
        mark_wrong(self, bool(self.fault))
