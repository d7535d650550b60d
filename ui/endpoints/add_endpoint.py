"""Adds an endpoint: from a preset, an address, or what a relay's page gives: a curl command, variables, settings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.diagnosis.address import Address
from app.formats.curl import is_curl
from app.formats.endpoint_files import endpoints_in, is_settings, keys_in
from app.protocols.registry import title
from app.secrets.names import shown_url
from app.text.sentences import message, tr
from ui.endpoints.form.url_field import UrlField
from ui.shared.ask_file import ask_which_several
from ui.shared.dropped_files import accept_files, local_files
from ui.style.painting import painted
from ui.style.theme import colors, font
from ui.widgets.fields import WrapLabel
from ui.widgets.labels import PlainLabel, plain_tip
from ui.widgets.whole_rows import WholeRows

if TYPE_CHECKING:
    from app.store.presets import Preset

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
MARGIN = 14
CUSTOM, OFFICIAL, RELAYS, LOCAL = (
    message("Custom or paste"),
    message("Official"),
    message("Relays"),
    message("Routers and local servers"),
)
CUSTOM_PRESET = "Custom"  # the preset's name
NOTHING = message(
    "Nothing has these words. Type an address (relay.example/v1), or paste a curl command or a block of variables."
)
HIDDEN = message("A key is in it: the text is hidden while it is typed. Enter takes it over.")
KEPT = message("A key was pasted: it is kept aside. Choose its endpoint, and you are asked where to save it.")
FILES = message(
    "variables such as ANTHROPIC_BASE_URL (.env), Claude Code’s settings.json, Codex’s config.toml, LiteLLM’s config.yaml, "
    "links of CC Switch, environments of Postman and Bruno."
)
# A key that is being typed: the command around it can't be read yet.
_KEY_BEGINS = re.compile(
    r"(?:x-api-key|authorization|api[-_]?key|token)\s*[:=]\s*(?:bearer\s+)?[^\s'\"$]{4}|\bsk-[\w-]{4}", re.IGNORECASE
)


@dataclass(frozen=True)
class PresetRow:
    """A preset, or the heading of a group (no preset). `title` and `note` are said in place of the preset's."""

    preset: Preset | None = None
    heading: str = ""
    title: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """What it is called."""
        return self.title or (self.preset.name if self.preset is not None else self.heading)

    @property
    def hint(self) -> str:
        """What is said of it."""
        return self.note or (tr(self.preset.note) if self.preset is not None else "")

    @property
    def below(self) -> str:
        """What stands under the name."""
        if self.preset is None or self.title:
            return ""
        host = Address(self.preset.base_url, "", self.preset.protocol).host or tr("address to fill in")
        return f"{title(self.preset.protocol)} · {host}"


def group_of(preset: Preset) -> str:
    """The group that a preset is offered in."""
    address = Address(preset.base_url, "", preset.protocol)
    if preset.name == CUSTOM_PRESET:
        return CUSTOM
    if preset.official:
        return OFFICIAL
    return LOCAL if address.passes_on or address.is_local else RELAYS


def grouped(presets: Sequence[Preset], words: str = "") -> list[PresetRow]:
    """The rows: each group's heading and presets; only those that hold all the words."""
    wanted = words.lower().split()
    hits = [(group_of(one), one) for one in presets if all(word in _searched(one) for word in wanted)]
    rows: list[PresetRow] = []
    for group in (CUSTOM, OFFICIAL, RELAYS, LOCAL):
        found = [PresetRow(one) for where, one in hits if where == group]
        rows += [PresetRow(heading=tr(group)), *found] if found else []
    return rows


def _searched(preset: Preset) -> str:
    return f"{preset.name} {preset.base_url} {preset.note} {tr(preset.note)} {preset.protocol}".lower()


class PresetsModel(QAbstractListModel):
    def __init__(self, rows: Sequence[PresetRow]) -> None:
        super().__init__()
        self.rows = list(rows)

    def set_rows(self, rows: Sequence[PresetRow]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    @property
    def first(self) -> QModelIndex:
        return self.index(next((n for n, row in enumerate(self.rows) if row.preset is not None), -1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.heading or f"{', '.join(filter(None, (row.name, row.below)))}. {row.hint}"
        return row if role == ROW_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        is_preset = index.isValid() and self.rows[index.row()].preset is not None
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if is_preset else Qt.ItemFlag.NoItemFlags


class PresetDelegate(QStyledItemDelegate):
    """Paints a preset: its name, protocol and host in a line, its note below, in as many lines as it needs."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: PresetRow = index.data(ROW_ROLE)
        if row.preset is None:
            return QSize(200, round(QFontMetricsF(font(0.9)).height()) + 18)
        return QSize(200, 16 + self._title_height() + self._note_height(row.hint))

    def _title_height(self) -> int:
        return round(QFontMetricsF(font(bold=True)).height()) + 2

    def _note_height(self, note: str) -> int:
        width = max(120, self._view.viewport().width() - 2 * MARGIN)
        area = QRect(0, 0, width, 1000)
        flags = int(Qt.TextFlag.TextWordWrap)
        return round(QFontMetricsF(font(0.9)).boundingRect(area, flags, note).height()) if note else 0

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: PresetRow = index.data(ROW_ROLE)
        area, theme = QRect(option.rect), colors()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.preset is None:
            painter.setPen(theme.color("muted"))
            painter.setFont(font(0.9))
            painter.drawText(area.adjusted(MARGIN, 8, 0, 0), Qt.AlignmentFlag.AlignVCenter, row.heading)
        else:
            if option.state & QStyle.StateFlag.State_Selected:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("select"))
                painter.drawRoundedRect(area.adjusted(4, 1, -4, -1), 6, 6)
            self._paint_preset(painter, area.adjusted(MARGIN, 7, -MARGIN, -7), row)
        painter.restore()

    def _paint_preset(self, painter: QPainter, area: QRect, row: PresetRow) -> None:
        theme, bold = colors(), font(bold=True)
        title = QRect(area.left(), area.top(), area.width(), self._title_height())
        painter.setFont(bold)
        painter.setPen(theme.color("text"))
        name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideMiddle, area.width())
        painter.drawText(title, Qt.AlignmentFlag.AlignVCenter, name)
        taken = round(QFontMetricsF(bold).horizontalAdvance(name)) + 14
        painter.setFont(font(0.9))
        painter.setPen(theme.color("muted"))
        painter.drawText(title.adjusted(taken, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, row.below)
        painter.drawText(area.adjusted(0, title.height(), 0, 0), int(Qt.TextFlag.TextWordWrap), row.hint)


class AddField(UrlField):
    """The field at the top; up and down go through the list below. What holds a key is not shown while it is typed.

    Signals:
        moved: by so many rows.
        block_pasted: settings that say of endpoints came; their text.
        typed: another text stands there, whatever it is.
    """

    moved = Signal(int)
    block_pasted = Signal(str)
    typed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.textChanged.connect(self._on_text)

    @property
    def hides(self) -> bool:
        """Whether a key is in it, so that it is not shown."""
        return self.echoMode() is not QLineEdit.EchoMode.Normal

    def _on_text(self, text: str) -> None:
        secret = bool(_KEY_BEGINS.search(text) or keys_in(text, endpoints_in(text)))
        self.setEchoMode(QLineEdit.EchoMode.Password if secret else QLineEdit.EchoMode.Normal)
        self.typed.emit()

    def take(self, text: str) -> None:
        """What is pasted; settings, such as a block of variables, are handed on as a whole."""
        if is_settings(text):
            self.block_pasted.emit(text)
        else:
            super().take(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps:
            self.moved.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class AddEndpointDialog(QDialog):
    """Chooses what to begin with.

    Attributes:
        key: one that was pasted alone, or in an address, for the endpoint that is chosen; "" for none.

    Signals:
        preset_chosen: a `Preset`.
        url_chosen: a base URL that was typed or pasted.
        curl_pasted: a curl command, its text.
        block_pasted: settings that say of endpoints; their text.
        files_read: what files say of endpoints (`SettingsRead`), at least one.
    """

    block_pasted = Signal(str)
    files_read = Signal(object)
    preset_chosen = Signal(object)
    url_chosen = Signal(str)
    curl_pasted = Signal(str)

    def __init__(self, presets: Sequence[Preset], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets = list(presets)
        self.key = ""
        self.setWindowTitle(tr("Add an endpoint"))
        self.setAccessibleName(tr("Add an endpoint"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(600, 560)
        self.field = AddField()
        self._model = PresetsModel(grouped(presets))
        self.view = QListView()
        self.said = WrapLabel(role="muted")
        self.setAcceptDrops(True)
        self.add_button = QPushButton(tr("Add"))
        self._build()
        self.field.typed.connect(self._on_typed)
        self.field.curl_pasted.connect(self._on_curl)
        self.field.block_pasted.connect(self._on_block)
        self.field.key_pasted.connect(self._on_key)
        self.field.moved.connect(self._on_moved)
        self.view.doubleClicked.connect(lambda _: self._on_add())
        self.add_button.clicked.connect(self._on_add)
        self._on_typed()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(PlainLabel(tr("Add an endpoint"), bold=True, scale=1.1))
        self.field.setPlaceholderText(tr("Search, or paste an address, a curl command or a block of variables"))
        self.field.setAccessibleName(tr("Search, or an address, a curl command or a block of variables"))
        layout.addWidget(self.field)
        layout.addWidget(self.said)
        self.view.setModel(self._model)
        self.view.setItemDelegate(PresetDelegate(self.view))
        self.view.setAccessibleName(tr("Presets"))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerItem)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        WholeRows(self.view)
        card = QFrame()
        card.setObjectName("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 4, 1, 4)
        inside.addWidget(self.view)
        layout.addWidget(card, 1)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        self.add_button.setObjectName("strong")
        self.add_button.setDefault(True)
        cancel = QPushButton(tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        from_file = QPushButton(tr("From files…"))
        from_file.setToolTip(plain_tip(tr(FILES)))
        from_file.setAutoDefault(False)
        from_file.clicked.connect(self._choose_files)
        line = QHBoxLayout()
        line.addWidget(from_file)
        line.addStretch(1)
        line.addWidget(cancel)
        line.addWidget(self.add_button)
        return line

    @property
    def is_address(self) -> bool:
        """Whether the field holds an address, not words to search for."""
        typed = self.field.text().strip()
        if self._is_whole:  # it may still be typed: it is read at Enter
            return False
        return "://" in typed or ("." in typed and " " not in typed and not grouped(self._presets, typed))

    @property
    def _is_whole(self) -> bool:
        """Whether what is typed says more than an address: a curl command, a link, variables."""
        return is_curl(self.field.text()) or is_settings(self.field.text().strip())

    def _on_typed(self) -> None:
        typed = self.field.text().strip()
        curl = self._is_whole
        if curl or self.is_address:
            rows = [PresetRow(heading=tr(CUSTOM)), self._custom_row(typed, curl=curl)] if self._custom is not None else []
        else:
            rows = grouped(self._presets, typed)
        self._model.set_rows(rows)
        self.view.setCurrentIndex(self._model.first)
        missed = NOTHING if typed and not rows else KEPT if self.key else ""
        self.said.show_text(tr(HIDDEN if self.field.hides else missed))
        self.add_button.setText(tr("Add this address") if self.is_address else tr("Take it over") if curl else tr("Add"))
        self.add_button.setEnabled(self.is_address or curl or self.view.currentIndex().isValid())

    @property
    def _custom(self) -> Preset | None:
        return next((one for one in self._presets if one.name == CUSTOM_PRESET), None)

    def _custom_row(self, typed: str, *, curl: bool) -> PresetRow:
        if curl:
            note = tr("Address, model, headers and how the key is sent; the key itself is asked for apart.")
            return PresetRow(self._custom, title=tr("Take this{curl:if  curl command} over", curl=is_curl(typed)), note=note)
        return PresetRow(
            self._custom,
            title=tr("Use {address} as a custom endpoint", address=shown_url(typed)),
            note=tr("Protocol and key are set next."),
        )

    def _on_moved(self, step: int) -> None:
        number = self.view.currentIndex().row() + step
        while 0 <= number < len(self._model.rows) and self._model.rows[number].preset is None:
            number += step
        if 0 <= number < len(self._model.rows):
            self.view.setCurrentIndex(self._model.index(number))

    def _on_key(self, key: str) -> None:
        self.key = key
        self._on_typed()

    def _on_curl(self, text: str) -> None:
        self._take(text, self.curl_pasted)

    def _on_block(self, text: str) -> None:
        self._take(text, self.block_pasted)

    def _take(self, text: str, taken: SignalInstance) -> None:
        if keys_in(text, endpoints_in(text)):  # it brings its own
            self.key = ""
        taken.emit(text)
        self.accept()

    # -- files --------------------------------------------------------------------------------------------------------

    def _choose_files(self) -> None:
        if paths := ask_which_several(self, tr("Endpoints from files")):
            self.take_files(paths)

    def take_files(self, paths: Sequence[Path]) -> None:
        """Begin with what files say of endpoints; where none says anything, say so and stay."""
        from app.transfer.settings_files import read_settings, why_unread

        read = read_settings(paths)
        if read.found:
            self.files_read.emit(read)
            self.accept()
            return
        said = [why_unread(name, why) for name, why in read.unread]
        self.said.show_text("\n".join((*said, tr("What is read: {kinds}", kinds=tr(FILES)))))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        accept_files(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if files := local_files(event.mimeData()):
            event.acceptProposedAction()
            self.take_files(files)

    def _on_add(self) -> None:
        index = self.view.currentIndex()
        if is_curl(self.field.text()):
            self._on_curl(self.field.text())
            return
        if self._is_whole:
            self._on_block(self.field.text().strip())
            return
        if self.is_address:
            self.url_chosen.emit(self.field.text().strip())
        elif index.isValid() and (preset := self._model.rows[index.row()].preset) is not None:
            self.preset_chosen.emit(preset)
        else:
            return
        self.accept()
