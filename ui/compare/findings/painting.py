"""How the findings table is painted: a finding on two lines, a client's cell, and a client's head."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from app.run import finding_table_words as words
from app.text.visible import one_line
from ui.compare.findings.model import tag_of
from ui.compare.pane.side_view import SEVERITIES
from ui.style.look import fill
from ui.style.theme import colors, font
from ui.widgets.badge import paint_badge
from ui.widgets.unfolding import FOLDED, UNFOLDED

if TYPE_CHECKING:
    from app.run.finding_table import Column, Place, Row
    from ui.compare.findings.model import FindingsModel

INSET = 12.0
BADGE, BADGE_STEP = 16.0, 20.0
ARROW = 14.0
GAP = 8.0
AIR = 9.0  # above and below a finding's lines
MOST_LINKS = 4
SMALL, TINY = 0.94, 0.88
_LONGEST = 400  # characters of a line that are looked at
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class Piece(NamedTuple):
    """A text where it stands; `place` is what it leads to."""

    area: QRectF
    text: str
    role: str
    font: QFont
    place: Place | None = None


def row_height() -> int:
    """Of a finding's two lines."""
    return round(QFontMetricsF(font(bold=True)).height() + QFontMetricsF(font(SMALL)).height() + 2 + 2 * AIR)


def pieces(model: FindingsModel, row: Row, area: QRectF) -> Iterator[Piece]:
    """What is written of a finding in its cell."""
    several = len(model.sides) > 1
    left = area.left() + INSET + (2 * BADGE_STEP if several else 0.0) + ARROW
    right = area.right() - INSET
    bold, small = font(bold=True), font(SMALL)
    first = QRectF(left, area.top() + AIR, right - left, QFontMetricsF(bold).height())
    second = QRectF(left, first.bottom() + 2, right - left, QFontMetricsF(small).height())
    shape, role = SEVERITIES[row.severity]
    x = left
    meaning = words.meaning(row, tuple(model.columns))
    wide = QFontMetricsF(small).horizontalAdvance(meaning) + GAP
    for text, of_role, chosen, spared in (
        (shape, role, bold, 0.0),
        (row.title, "text", bold, wide if right - left > 2.2 * wide else 0.0),
        (meaning, "muted" if role == "muted" else role, small, 0.0),
    ):
        made = _put(one_line(text, _LONGEST), x, right - spared, first, of_role, chosen)
        if made is not None:
            yield made
            x = made.area.right() + GAP
    yield from _second_line(model, row, second)


def _second_line(model: FindingsModel, row: Row, area: QRectF) -> Iterator[Piece]:
    """What was seen, and behind it links to the first events."""
    small = font(SMALL)
    underlined = QFont(small)
    underlined.setUnderline(True)
    links: list[tuple[str, Place]] = []
    taken = 0.0
    for place in dict.fromkeys(row.places):
        rounds = len(model.sides[place.side].rounds) > 1
        text = words.place_words(place, sides=len(row.sides) > 1, rounds=rounds)
        wide = QFontMetricsF(small).horizontalAdvance(text) + GAP
        if len(links) == MOST_LINKS or (taken + wide > area.width() * 0.55 and links):
            break
        links.append((text, place))
        taken += wide
    seen = words.sentences(row, {name: len(one.rounds) for name, one in model.sides.items()})
    said = _put(one_line(seen[0] if seen else "", _LONGEST), area.left(), area.right() - taken, area, "muted", small)
    x = area.left()
    if said is not None:
        yield said
        x = said.area.right() + GAP
    for text, place in links:
        made = _put(text, x, area.right(), area, "text", underlined, place)
        if made is not None:
            yield made
            x = made.area.right() + GAP


def _put(text: str, x: float, right: float, line: QRectF, role: str, chosen: QFont, place: Place | None = None) -> Piece | None:
    """A text from `x` on, shortened where it is too long; None where there is no room for any of it."""
    metrics = QFontMetricsF(chosen)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, right - x)
    if not shown or right - x < metrics.horizontalAdvance("…"):
        return None
    return Piece(QRectF(x, line.top(), metrics.horizontalAdvance(shown), line.height()), shown, role, chosen, place)


def paint_finding(painter: QPainter, model: FindingsModel, row: Row, area: QRectF, *, opened: bool) -> None:
    """The first column's cell."""
    theme = colors()
    x, top = area.left() + INSET, area.top() + AIR
    line = QFontMetricsF(font(bold=True)).height()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if len(model.sides) > 1:
        for side in row.sides:
            at = x + (BADGE_STEP if side == "b" else 0.0)
            paint_badge(painter, QRectF(at, top + (line - BADGE) / 2, BADGE, BADGE), side, scale=0.8, radius=4)
        x += 2 * BADGE_STEP
    painter.setFont(font(TINY))
    painter.setPen(theme.color("muted"))
    painter.drawText(QRectF(x, top, ARROW, line), int(_LEFT), UNFOLDED if opened else FOLDED)
    for piece in pieces(model, row, area):
        painter.setFont(piece.font)
        painter.setPen(theme.color(piece.role))
        painter.drawText(piece.area.adjusted(0, 0, 4, 0), int(_LEFT), piece.text)


def paint_cell(painter: QPainter, shown: words.Shown, area: QRectF) -> None:
    """A client's cell: shape and word in the middle."""
    quiet = shown.role == "muted"
    chosen = font(SMALL, bold=not quiet)
    metrics = QFontMetricsF(chosen)
    painter.setFont(chosen)
    painter.setPen(colors().color(shown.role))
    text = metrics.elidedText(f"{shown.shape} {shown.word}", Qt.TextElideMode.ElideRight, area.width() - 6)
    painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)


def head_height() -> int:
    """Of a client's head: a tag, its name on two lines, its version."""
    return round(QFontMetricsF(font(TINY, bold=True)).height() * 4) + 12


def paint_head(painter: QPainter, column: Column, area: QRectF) -> None:
    """A client's head."""
    theme = colors()
    if column.judges:
        fill(painter, area, theme.color("select"))
    bold, plain = font(TINY, bold=True), font(TINY)
    height = QFontMetricsF(bold).height()
    client = column.client
    version = f"{'JS' if client.language == 'javascript' else 'Python'} {client.version}"
    lines = [*_name_lines(client.package, QFontMetricsF(bold), area.width() - 6)]
    told = [(tag_of(column), bold, "a_text" if column.judges else "muted")] if tag_of(column) else []
    told += [*((one, bold, "text") for one in lines), (version, plain, "muted")]
    y = area.bottom() - 6 - height * len(told)
    for text, chosen, role in told:
        metrics = QFontMetricsF(chosen)
        painter.setFont(chosen)
        painter.setPen(theme.color(role))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width() - 6)
        painter.drawText(QRectF(area.left(), y, area.width(), height), int(Qt.AlignmentFlag.AlignCenter), shown)
        y += height


def _name_lines(name: str, metrics: QFontMetricsF, width: float) -> list[str]:
    """A package's name on one or two lines, broken behind a mark where that helps."""
    if metrics.horizontalAdvance(name) <= width:
        return [name]
    marks = [at + 1 for at, char in enumerate(name) if char in "/-" and 0 < at < len(name) - 1]
    fitting = [at for at in marks if metrics.horizontalAdvance(name[:at]) <= width]
    return [name[: fitting[-1]], name[fitting[-1] :]] if fitting else [name]


def paint_ring(painter: QPainter, area: QRectF) -> None:
    """Around the cell that has the keyboard."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colors().color("a"), 2))
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 4, 4)
