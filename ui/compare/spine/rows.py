"""What the spine says, without a widget: the figures' differences and the parts that can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from app.text import numbers
from app.text.sentences import message, tr
from ui.compare.deltas import Delta, of_cost, of_count, of_rate, of_time

if TYPE_CHECKING:
    from app.run.diff.facts import Part, PartSummary, Summary
    from app.run.differences import Difference

WORD = 9
WAITING = message("Compared when both sides have completed.")
LACKS = message("One side has no such figure.")
SAME = message("same")
UNSEEN = message("Both sides show the same.")
_LABELS = message("{name:select ttft=First token|total=Total|output_rate=Output|input=Tokens in|cost=Cost}")
_TIP = message("{label}: B − A is {delta}{worse:select b=: worse|a=: A's is worse|no=}. {side} has more.")


class FigureRow(msgspec.Struct, frozen=True):
    """One figure. `delta` None: both show the same, where `same`, else a dash; `tip` says why."""

    label: str
    delta: Delta | None
    tip: str
    same: bool = False

    @property
    def words(self) -> str:
        """The difference with its unit."""
        return self.delta.words if self.delta is not None else tr(SAME) if self.same else numbers.DASH


class PartRow(msgspec.Struct, frozen=True):
    """One part: answers, headers, models, events or requests.

    Attributes:
        shape: "=", "≠", or "–" where it can't be compared. value, detail: beside and below the title.
        plus, minus: what only B and only A has, "" where it is not counted so.
        tip: all of it in words. said: the same without what a press does.
        opens: it can be compared, so there is something to open.
    """

    part: Part
    shape: str
    title: str
    value: str
    detail: str
    plus: str
    minus: str
    tip: str
    said: str
    opens: bool


def figure_rows(differences: Mapping[str, Difference] | None) -> list[FigureRow]:
    """The rows beside the tiles; `differences` None: not both sides have completed."""
    told = differences or {}
    deltas = (
        ("ttft", of_time(told.get("ttft"))),
        ("total", of_time(told.get("total"), in_seconds=True)),
        ("output_rate", of_rate(told.get("output_rate"))),
        ("input", of_count(told.get("input"))),
        ("cost", of_cost(told.get("cost"))),
    )
    rows = []
    for name, delta in deltas:
        label = tr(_LABELS, name=name)
        same = delta is None and name in told
        why = WAITING if differences is None else UNSEEN if same else LACKS
        rows.append(FigureRow(label, delta, _tip(name, label, delta) if delta is not None else tr(why), same))
    return rows


def _tip(name: str, label: str, delta: Delta) -> str:
    worse = "no" if not delta.worse else "b" if delta.more == "b" or name == "output_rate" else "a"
    return tr(_TIP, label=label, delta=delta.words, worse=worse, side=delta.more.upper())


def part_rows(summary: Summary | None) -> list[PartRow]:
    """The parts in their order; none before there is anything to compare."""
    return [] if summary is None else [_part(one) for one in summary.parts]


def _beginning(text: str) -> str:
    """The first word, or so much of it as there is room for."""
    word = next(iter(text.split()), "")
    return word if len(word) <= WORD else f"{word[: WORD - 1]}…"


def _part(one: PartSummary) -> PartRow:
    from app.run.diff.facts import Part, Standing  # not before there is a run
    from app.run.diff.words import TITLES, short, why

    title = tr({Part.HEADERS: message("Headers"), Part.MODELS: message("Models")}.get(one.part, TITLES[one.part]))
    said = short(one)
    if one.standing is Standing.UNKNOWN:
        return PartRow(one.part, numbers.DASH, title, "", "", "", "", why(one), why(one), opens=False)
    told = tr("{title}: {words}.", title=tr(TITLES[one.part]), words=said)
    tip = tr("{said} Click to see it.", said=told)
    if one.standing is Standing.SAME:
        answers = one.part is Part.ANSWERS
        value = tr("identical") if one.part in (Part.ANSWERS, Part.REQUESTS) else said
        detail = tr("{n:plural character|characters}", n=one.a_length) if answers else ""
        return PartRow(one.part, "=", title, value, detail, "", "", tip, told, opens=True)
    counted = one.part in (Part.HEADERS, Part.MODELS)
    plus = f"+{one.only_b}" if counted and one.only_b else ""
    minus = f"{numbers.MINUS}{one.only_a}" if counted and one.only_a else ""
    value = "" if plus or minus or one.part is Part.ANSWERS else said
    first = {"first_a": _beginning(one.first_a), "first_b": _beginning(one.first_b)}
    detail = tr("{first_a:quoted nothing} ≠ {first_b:quoted nothing}", **first) if one.part is Part.ANSWERS else ""
    return PartRow(one.part, "≠", title, value, detail, plus, minus, tip, told, opens=True)
