"""What the Relay page looks like: the relay, the address to point it at, the requests, and what became of the one in view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QMargins, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.protocols.registry import title
from app.text.sentences import message, tr
from ui.mirror.models import CellsModel
from ui.widgets.bar import Bar
from ui.widgets.copying import Copy, cell_copies
from ui.widgets.eliding import ElidingCombo, ElidingLine
from ui.widgets.labels import PlainLabel, plain_tip
from ui.widgets.run_button import RunButton
from ui.widgets.tab_order import fill_splitter
from ui.widgets.whole_rows import EvenRows, WholeRows

INTRO = message(
    "For whoever runs a relay: press Listen, point the relay's upstream at the address that is shown, and see what it makes of"
    " requests and answers. No model is asked, so it costs nothing."
)
NOTHING_SENT = message(
    "What was sent and what arrived behind the relay will stand here side by side, with what each difference means: "
    "press Listen, then Run."
)
SHARE = 354  # of the width, in thousandths: the requests'
WIDTHS = ((125, 0.17), (145, 0.17), (145, 0.17), (80, 0.15))  # of the columns but the last: at most, and their share
ALL_TIP = message("Also what the plainest request shows already.")


class MirrorView(QWidget):
    """The widgets.

    Attributes:
        profiles, model: the relay. run, listen: what begins. notes: what is said. everything: show all rows.
        probes, rows: the tables, with their models. foot: the counts.

    Signals:
        probe_chosen: another row of the requests.
    """

    probe_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.profiles, self.model = ElidingCombo(), ElidingLine()
        self.profiles.setAccessibleName(tr("The relay's endpoint"))
        self.profiles.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.profiles.setMinimumContentsLength(18)
        self.model.setAccessibleName(tr("Model, as the relay names it"))
        self.model.setPlaceholderText(tr("model, as the relay names it"))
        self.run, self.listen = RunButton(tr("Run")), QPushButton(tr("Listen"))
        self.notes = Bar()
        self.everything = QCheckBox(tr("All rows"))
        self.everything.setToolTip(plain_tip(tr(ALL_TIP)))
        self.probe_model = CellsModel((tr("Request"), tr("Came of it")))
        self.row_model = CellsModel((tr("Part"), tr("Sent"), tr("Arrived"), tr("Difference"), tr("What it means")))
        self.probes, self.rows = (
            _table(_Table, self.probe_model, tr("Requests")),
            _table(_RowsTable, self.row_model, tr("What became of the request")),
        )
        self.profiles.setPlaceholderText(tr("no endpoint of your own yet"))
        self._hint = PlainLabel(tr(NOTHING_SENT), role="muted", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setContentsMargins(60, 0, 60, 0)
        self._hint.setObjectName("card")
        self._sent = QStackedWidget()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self.foot = PlainLabel(role="muted", wrap=True)
        self._addresses = QGridLayout()
        self._lay_out()
        self.probes.selectionModel().currentRowChanged.connect(lambda now, _: self.probe_chosen.emit(now.row()))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(PlainLabel(tr("relay"), role="muted"))
        top.addWidget(self.profiles, 3)
        top.addWidget(self.model, 2)
        top.addWidget(self.everything)
        top.addWidget(self.listen)
        top.addWidget(self.run)
        self._addresses.setVerticalSpacing(4)
        self._addresses.setHorizontalSpacing(8)
        self._addresses.setColumnStretch(3, 1)
        probe_head, row_head = self.probes.horizontalHeader(), self.rows.horizontalHeader()
        probe_head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        probe_head.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        row_head.setStretchLastSection(True)
        self.rows.setWordWrap(True)
        self.rows.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        split = self._split
        split.setChildrenCollapsible(False)
        self._sent.addWidget(self._hint)
        self._sent.addWidget(self.rows)
        probe_rows = self.probes.verticalHeader().defaultSectionSize
        held = EvenRows(self.probes, probe_rows, probe_head.height)
        held.setObjectName("")
        held.setBackgroundRole(QPalette.ColorRole.Base)  # below the rows, too, as the table beside them
        held.setAutoFillBackground(True)
        fill_splitter(split, held, self._sent)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 5)
        self.set_share(SHARE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 14)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.notes)
        layout.addLayout(self._addresses)
        layout.addWidget(split, 1)
        layout.addWidget(self.foot)

    @property
    def share(self) -> int:
        """How much of the width the requests have, in thousandths."""
        requests, sent = self._split.sizes()
        return round(1000 * requests / (requests + sent)) if requests + sent else SHARE

    def set_share(self, share: int) -> None:
        """Give the requests that many thousandths of the width."""
        self._split.setSizes([share, 1000 - share])

    def show_sent(self, sent: bool) -> None:
        """The table of the request that is chosen; where it was not sent yet, what will stand there."""
        self._sent.setCurrentWidget(self.rows if sent else self._hint)

    def say(self, text: str, role: str) -> None:
        """Say something until it is dismissed or the next run begins; what was done, over the foot."""
        self.notes.tell(text, role)

    def show_addresses(self, addresses: Sequence[tuple[str, str]]) -> None:
        """The addresses to point a relay at; without any, what this page is for."""
        while (item := self._addresses.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if not addresses:
            self._addresses.addWidget(PlainLabel(tr(INTRO), role="muted", wrap=True), 0, 0, 1, 4)
        for row, address in enumerate(dict.fromkeys(one for _, one in addresses)):
            what = tr("{names:list}", names=[title(protocol) for protocol, one in addresses if one == address])
            copy = QPushButton(tr("Copy"))
            copy.setAccessibleName(tr("Copy the address for {what}", what=what))
            copy.clicked.connect(partial(QGuiApplication.clipboard().setText, address))
            label = PlainLabel(tr("Upstream for {what}", what=what), role="muted")
            for column, part in enumerate((label, PlainLabel(address, bold=True, selectable=True), copy)):
                self._addresses.addWidget(part, row, column)


class _Table(QTableView):
    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        return cell_copies(self, at)


class _RowsTable(_Table):
    """What a difference means has the most room: where it is narrow the others give way."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            for column, (width, share) in enumerate(WIDTHS):
                self.horizontalHeader().resizeSection(column, min(width, round(share * self.viewport().width())))


class _Airy(QStyledItemDelegate):
    """Rows with room between them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size: QSize = super().sizeHint(option, index)
        return size.grownBy(QMargins(0, 4, 0, 4))


def _table(kind: type[_Table], model: CellsModel, name: str) -> QTableView:
    table = kind()
    table.setModel(model)
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setItemDelegate(_Airy(table))
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.verticalHeader().setVisible(False)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    WholeRows(table)
    return table
