"""The plan of a study: pairs, warm-ups, connections, prompts, length, pause, seed and cap."""

from __future__ import annotations

from collections.abc import Mapping
from random import SystemRandom
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.study.plan import DEFAULT_MAX_TOKENS, DEFAULT_PAIRS, DEFAULT_PROMPT, DEFAULT_WARMUPS, StudyPlan
from app.text.sentences import in_context, message, render, tr
from ui.study.plan_fields import OF_PAIRS
from ui.study.plan_line import PlanLine, whole
from ui.widgets.fields import FormCombo, NumberField
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.recording.records import SideName

MOST_PAIRS, MOST_WARMUPS, MOST_TOKENS, MOST_PAUSE_S, MOST_SEED = 1_000, 50, 32_000, 3_600, 2**53
_LINE = message(
    "{cost:if {cost} · |}{warmups:if after {warmups:plural warm-up|warm-ups}|no warm-ups} · A and B in random order ·"
    " {same:if the same prompt throughout|its own prompt each pair} · {kept:if kept|new} connections · {tokens:grouped} tokens"
    " out{pause:if  · {pause:duration} between pairs|}{caps:if  · {cap:if stops at {cap}|no cap}|}"
)
_SEED = message("Which of the two is asked first is drawn by seed {seed}: the same seed draws the same order.")


class PlanEditor(PlanLine):
    """The line, and what it unfolds to.

    Attributes:
        pairs, warmups, tokens, pause, seed, connections, prompts: its fields.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(DEFAULT_PROMPT, parent)
        self.pairs = NumberField(tr("The number of pairs"), 1, MOST_PAIRS)
        self.warmups = NumberField(tr("The number of warm-ups"), 0, MOST_WARMUPS)
        self.tokens = NumberField(tr("The length of an answer"), 1, MOST_TOKENS)
        self.pause = NumberField(tr("The pause"), 0, MOST_PAUSE_S)
        self.seed = NumberField(tr("The seed"), 0, MOST_SEED)
        self.seed.setMaximumWidth(150)
        self.seed.setFixedWidth(130)
        self.connections = FormCombo(
            tr("Connections"), ((tr("new for each request"), False), (tr(in_context("connections", "kept")), True))
        )
        self.prompts = FormCombo(tr("Prompts"), ((tr("its own for each pair"), False), (tr("the same throughout"), True)))
        self.connections.setFixedWidth(200)
        self.prompts.setFixedWidth(190)
        self._seed_typed = False
        for field, value in zip(self._numbers(), (DEFAULT_PAIRS, DEFAULT_WARMUPS, DEFAULT_MAX_TOKENS, 0, 0), strict=False):
            field.set_value(value)
        self.draw_seed()
        self.lay_out_fields(OF_PAIRS)
        self.seed.textEdited.connect(lambda _: self._on_seed_typed())
        self.show_line()

    # -- what is set --------------------------------------------------------------------------------------------------

    def _numbers(self) -> tuple[NumberField, ...]:
        return self.pairs, self.warmups, self.tokens, self.pause, self.seed, self.cap

    def plan(self, protocols: Mapping[SideName, str], models: Mapping[SideName, str]) -> StudyPlan | None:
        """The plan for such sides; None where a field is wrong."""
        if self.fault:
            return None
        return StudyPlan(
            whole(self.seed),
            dict(protocols),
            dict(models),
            whole(self.pairs),
            whole(self.warmups),
            bool(self.connections.currentData()),
            bool(self.prompts.currentData()),
            self.prompt.text,
            whole(self.tokens),
            self.pause.value() or 0.0,
            self.cap_usd,
            self.cap_tokens,
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
        self.show_cap(plan.cap_usd, plan.cap_tokens)
        self._seed_typed = True

    def draw_seed(self) -> None:
        """Another seed, unless the user has typed one."""
        if not self._seed_typed:
            self.seed.set_value(SystemRandom().randrange(1 << 31))

    def take_typed(self, before: PlanLine) -> None:
        super().take_typed(before)
        self._seed_typed = isinstance(before, PlanEditor) and before._seed_typed

    def forget_typed(self) -> None:
        """From now on seed and cap are Diptych's own again."""
        super().forget_typed()
        self._seed_typed = False

    def _on_seed_typed(self) -> None:
        self._seed_typed = bool(self.seed.text().strip())

    @property
    def more(self) -> str:
        return tr(_SEED, seed=whole(self.seed))

    def segments(self) -> tuple[Segment, ...]:
        fields = {
            "warmups": whole(self.warmups) or None, "same": bool(self.prompts.currentData()), "caps": self.has_cap,
            "kept": bool(self.connections.currentData()), "tokens": whole(self.tokens),
            "pause": self.pause.value() or None, "cap": self.told_cap, "cost": self.told_cost,
        }  # fmt: skip
        head = Segment(tr("{n:plural pair|pairs}", n=whole(self.pairs)), "text", True)
        return head, Segment(render(_LINE, fields))
