"""A plan as a line that opens to edit: what it will send at most stands in it, and a cap on that among its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.checks.estimate import IS_FREE, as_caps
from app.text import numbers
from app.text.sentences import message, render, tr
from ui.widgets.fields import NumberField
from ui.widgets.flow import Flow
from ui.widgets.labels import PlainLabel, SegmentLine, plain_tip
from ui.widgets.segments import Segment
from ui.widgets.text_field import TextField
from ui.widgets.unfolding import FOLDED, UNFOLDED

if TYPE_CHECKING:
    from app.checks.estimate import Estimate

LARGEST_CAP = 100_000_000
PROMPT_HEIGHT = 58
_COST = message(
    "{requests:plural request|requests}, about {tokens:grouped} tokens, "
    "{free:if {free}|{usd:if at most {usd}|at a price that is not known}}"
)
_NO_PROMPT = message("The prompt is empty.")


class PlanLine(QWidget):
    """The line, and what it unfolds to. Who extends it puts its fields in by `lay_out_fields`, and says the line.

    Attributes:
        line: pressed to unfold. fields: what it unfolds to, placed by the page. cap, prompt: fields that all plans have.

    Signals:
        changed: the plan is another.
    """

    changed = Signal()

    def __init__(self, prompt: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QPushButton()
        self.line.setCheckable(True)
        self.line.setMinimumWidth(60)
        self.line.setMinimumHeight(34)
        self._said = SegmentLine()
        self._said.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.fields = QFrame()
        self.fields.setObjectName("card")
        self.cap = NumberField(tr("The cap"), 0, LARGEST_CAP, above=True, empty=tr("no cap"))
        self.prompt = TextField(prompt)
        self._cap_unit = PlainLabel(tr("at most $"), role="muted")
        self._capped = _Titled(self._cap_unit, self.cap)
        self._cost: Estimate | None = None
        self._free = False
        self._in_usd, self._cap_typed = True, False
        over = QHBoxLayout(self.line)
        over.setContentsMargins(12, 0, 12, 0)
        over.addWidget(self._said)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.line)

    def lay_out_fields(self, titles: Mapping[str, str]) -> None:
        """Put the fields in that are called so with their titles, which are messages, then the cap and the prompt. From now on
        what is edited is said."""
        flow = Flow(spacing=14, line_spacing=8)
        for name, title in titles.items():
            field: QWidget = getattr(self, name)
            flow.add(_Titled(PlainLabel(tr(title), role="muted"), field))
            self._follow(field)
        flow.add(self._capped)
        self._follow(self.cap)
        self.cap.textEdited.connect(lambda _: self._on_cap_typed())
        inner = QVBoxLayout(self.fields)
        inner.setContentsMargins(14, 10, 14, 12)
        inner.setSpacing(8)
        inner.addWidget(flow)
        self.prompt.setFixedHeight(PROMPT_HEIGHT)
        self.prompt.setAccessibleName(tr("The prompt"))
        self.prompt.text_changed.connect(self._on_edited)
        inner.addWidget(self.prompt)
        self.fields.hide()
        self.line.toggled.connect(self._on_toggled)

    def _follow(self, field: QWidget) -> None:
        if isinstance(field, QLineEdit):
            field.textChanged.connect(lambda _: self._on_edited())
        elif isinstance(field, QComboBox):
            field.currentIndexChanged.connect(lambda _: self._on_edited())

    # -- what is set --------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The line as it is read."""
        return self._said.text

    @property
    def fault(self) -> str:
        """What is wrong with the plan, as a sentence; "" for nothing."""
        found = next((field.fault for field in self._numbers() if field.fault), "")
        if found:
            return tr("{fault}.", fault=found)
        return "" if self.prompt.text.strip() else tr(_NO_PROMPT)

    def _numbers(self) -> tuple[NumberField, ...]:
        """All fields that hold a number."""
        return (self.cap,)

    @property
    def cap_usd(self) -> float | None:
        """The cap, where it is one of money; None for none."""
        return self._caps[0]

    @property
    def cap_tokens(self) -> int | None:
        """The cap, where it is one of tokens; None for none."""
        return self._caps[1]

    @property
    def _caps(self) -> tuple[float | None, int | None]:
        return as_caps(self.cap.value() if self.has_cap else None, in_usd=self._in_usd)

    @property
    def has_cap(self) -> bool:
        """Whether there is a cap to speak of: what costs nothing has only one that the user typed."""
        return self._cap_typed or not self._free

    def show_cap(self, usd: float | None, tokens: int | None) -> None:
        """Show the cap of a file's plan."""
        self.show_unit(in_usd=tokens is None)
        self.cap.set_value(usd if tokens is None else tokens)
        self._cap_typed = True
        self._capped.show()

    def take_typed(self, before: PlanLine) -> None:
        """Know what was typed into another one, whose plan is shown."""
        self._cap_typed = before._cap_typed

    def forget_typed(self) -> None:
        """From now on the cap is Diptych's own again."""
        self._cap_typed = False

    def show_unit(self, *, in_usd: bool) -> None:
        """Whether the cap is one of money; one that was typed in the other unit is forgotten."""
        if in_usd is not self._in_usd:
            self._in_usd, self._cap_typed = in_usd, False
            self._cap_unit.setText(tr("at most $") if in_usd else tr("at most tokens"))

    def offer_cap(self, cost: Estimate) -> None:
        """A cap that fits, unless the user has typed one."""
        if self._cap_typed:
            return
        text = cost.fitting_cap_text(in_usd=self._in_usd)
        if text != self.cap.text():
            self.cap.setText(text)

    def show_cost(self, cost: Estimate | None) -> None:
        """Say what it would send at most; None where that can't be told."""
        self._cost = cost
        self._free = cost.free if cost is not None else self._free  # a field that is being typed changes nothing of that
        self._capped.setVisible(self.has_cap)
        self.show_line()

    def set_enabled(self, enabled: bool) -> None:
        """Let the plan be changed, or not."""
        self.fields.setEnabled(enabled)

    def unfold(self) -> None:
        """Open it, where something in it must be seen."""
        self.line.setChecked(True)

    def edit(self, name: str) -> None:
        """Open it with the keyboard in the field of that name."""
        field: QWidget = getattr(self, name)
        self.unfold()
        field.setFocus()

    # -- what happens -------------------------------------------------------------------------------------------------

    def _on_toggled(self, unfolded: bool) -> None:
        self.fields.setVisible(unfolded)
        self.show_line()

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
            self._said.set_segments(arrow, *self.segments())
        said, shown = self._said.text, self.line.isChecked()
        self.line.setToolTip(plain_tip("\n".join(filter(None, (said, self.more)))))
        self.line.setAccessibleName(tr("Plan: {said}, shown" if shown else "Plan: {said}, hidden", said=said))

    def segments(self) -> tuple[Segment, ...]:
        """The line of a sound plan."""
        raise NotImplementedError

    @property
    def more(self) -> str:
        """What the line's tip says besides the line, which may be cut; "" for nothing."""
        return ""

    @property
    def told_cap(self) -> str | None:
        """The cap in words; None for none."""
        cap = self.cap.value()
        return None if cap is None else numbers.usd(cap) if self._in_usd else tr("{n:grouped} tokens", n=round(cap))

    @property
    def told_cost(self) -> str:
        """What it would send at most, in words; "" where that can't be told."""
        cost = self._cost
        if cost is None:
            return ""
        usd = numbers.usd(cost.usd) if cost.usd is not None else ""
        fields = {"requests": cost.requests, "tokens": cost.tokens, "usd": usd, "free": tr(IS_FREE) if cost.free else ""}
        return render(_COST, fields)


class _Titled(QWidget):
    """A field with its title before it."""

    def __init__(self, label: QLabel, field: QWidget) -> None:
        super().__init__()
        label.setBuddy(field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label)
        row.addWidget(field)


def whole(field: NumberField) -> int:
    """A field's number as a whole one; 0 where it is empty."""
    return round(field.value() or 0)
