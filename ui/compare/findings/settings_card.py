"""Settings for my client: how it is made for an endpoint, as code and as variables, and what it does when asked too often
or when a stream is cut. No key stands in it unless that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.clients.at_cut import at_cut
from app.clients.code import code_for
from app.clients.retry import at_429
from app.clients.settings import settings_for
from app.clients.table import Client, table
from app.protocols.registry import info
from app.run.finding_table import protocol_of
from app.secrets.key_text import mask_key
from app.text.sentences import message, text_in_a_row, tr
from app.text.visible import visible
from ui.style.theme import changes_fonts, mono_font
from ui.widgets.labels import PlainLabel, SegmentLine, plain_tip
from ui.widgets.segmented import Segmented
from ui.widgets.segments import Segment
from ui.widgets.unfolding import FOLDED, UNFOLDED

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent

    from app.recording.records import SideName
    from app.run.side import Side

NAMES: tuple[SideName, ...] = ("a", "b")
NO_CLIENT = message("No client was run with {protocol}: nothing is known of how one is set up for it.")
NO_SIDE = message("Once a side was run, its base URL and model stand here as your client takes them.")
KEY_TIP = message("Have the endpoint's key in what Copy puts on the clipboard; on the screen it stays masked")
HEAD = 38
NARROW, LEAST_LINES, MOST_LINES = 820, 3, 8


class SettingsCard(QFrame):
    """Attributes:
        fold: shows or hides all below the heading. key: whether the key is wanted.
        code, environment: the blocks.

    Signals:
        key_wanted: the key of this side ("a" or "b") is to be put in; `put_key` follows.
    """

    key_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(tr("Settings for my client"))
        self._sides: Mapping[SideName, Side] = {}
        self._may: Mapping[SideName, str] = {}
        self._key = ""
        self._shown: tuple[object, ...] = ()
        self.fold = QPushButton()
        self.fold.setObjectName("fold")
        self.fold.setCheckable(True)
        self.fold.setChecked(True)
        self.head = SegmentLine()
        self.head.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.side = Segmented(("A", "B"), tr("For which endpoint"), style="rounds")
        self.clients = QComboBox()
        self.clients.setObjectName("small")
        self.clients.setAccessibleName(tr("For which client"))
        self.clients.setFixedHeight(26)
        self.key = QCheckBox(tr("put the key in"))
        self.code, self.environment = _Block(tr("code")), _Block(tr("environment"))
        self._told = [PlainLabel(wrap=True, selectable=True) for _ in range(4)]
        self._nothing = PlainLabel(role="muted", wrap=True)
        self._inside = QWidget()
        self._blocks = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self.fold.toggled.connect(lambda _: self._fit_fold())
        self.side.chosen.connect(lambda _: self._turn())
        self.clients.activated.connect(lambda _: self._turn())
        self.key.clicked.connect(self._on_key)
        self.environment.copied_text = lambda: self._environment(shown=False)
        self._fit_fold()

    def _lay_out(self) -> None:
        over = QHBoxLayout(self.fold)
        over.setContentsMargins(12, 0, 8, 0)
        over.addWidget(self.head)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.setContentsMargins(0, 0, 12, 0)
        for tool in (self.side, self.clients, self.key):
            tools.addWidget(tool)
        heading = QWidget()
        heading.setFixedHeight(HEAD)
        top = QHBoxLayout(heading)
        top.setContentsMargins(0, 2, 0, 2)
        top.addWidget(self.fold, 1)
        top.addLayout(tools)
        told = QVBoxLayout()
        told.setSpacing(5)
        told.setContentsMargins(0, 4, 0, 0)
        for label in (*self._told, self._nothing):
            told.addWidget(label)
        told.addStretch(1)
        self._blocks.setSpacing(10)
        self._blocks.addWidget(self.code, 40)
        self._blocks.addWidget(self.environment, 30)
        self._blocks.addLayout(told, 36)
        inner = QVBoxLayout(self._inside)
        inner.setContentsMargins(12, 2, 12, 12)
        inner.addLayout(self._blocks)
        self._inside.setObjectName("plainPage")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(heading)
        layout.addWidget(self._inside)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def name(self) -> SideName:
        """The side whose endpoint it is for."""
        return NAMES[max(0, self.side.index)]

    @property
    def client(self) -> Client | None:
        return table().clients.get(str(self.clients.currentData() or ""))

    def show_sides(self, sides: Mapping[SideName, Side], may: Mapping[SideName, str], wanted: SideName | None = None) -> None:
        """For the endpoints of these sides; `may` says why the key of one can't be put in, "" where it can.

        `wanted`: the side to begin with.
        """
        self._sides, self._may = {name: side for name, side in sides.items() if side.rounds}, may
        name = wanted or self.name
        if name not in self._sides and self._sides:
            name = next(iter(self._sides))
        if self.side.index < 0 or name != self.name:
            self.side.set_index(NAMES.index(name))
        self._turn(anew=wanted is not None)

    def put_key(self, key: str) -> None:
        """The key that was asked for; "" where there is none after all."""
        self._key = key
        self.key.setChecked(bool(key))
        self._write()

    def _turn(self, *, anew: bool = False) -> None:
        """Another side, another client, or another run."""
        side = self._sides.get(self.name)
        self.side.setVisible(len(self._sides) > 1)
        endpoint = side.last.recording.envelope if side is not None and side.last is not None else None
        judge = side.judge.name if side is not None and side.judge is not None else ""
        of = (self.name, endpoint.protocol if endpoint else "", judge)
        if of != self._shown[:3] or anew:
            clients = table().speaking(endpoint.protocol) if endpoint is not None else []
            self.clients.clear()
            for one in clients:
                self.clients.addItem(one.title, one.name)
            self.clients.setCurrentIndex(max(0, self.clients.findData(judge)) if clients else -1)
        now = (*of, self.clients.currentData(), endpoint.profile.base_url if endpoint else "")
        if now != self._shown:
            self._key = ""
            self.key.setChecked(False)
        self._shown = now
        why = self._may.get(self.name, tr("There is no endpoint yet."))
        self.key.setEnabled(not why)
        self.key.setToolTip(plain_tip(why or tr(KEY_TIP)))
        self._write()

    def _on_key(self, wanted: bool) -> None:
        if wanted:
            self.key.setChecked(False)  # until it is there
            self.key_wanted.emit(self.name)
        else:
            self.put_key("")

    def _write(self) -> None:
        side, client = self._sides.get(self.name), self.client
        known = side is not None and client is not None
        for part in (self.code, self.environment, self.clients, self.key, *self._told):
            part.setVisible(known)
        self._nothing.setVisible(not known)
        title = Segment(tr("Settings for my client"), "text", True)
        arrow = Segment(UNFOLDED if self.fold.isChecked() else FOLDED, "muted")
        if side is None or side.last is None or client is None:
            protocol = info(protocol_of(side)).title if side is not None else ""
            self._nothing.setText(tr(NO_CLIENT, protocol=protocol) if protocol else tr(NO_SIDE))
            self.head.set_segments(arrow, title)
            return
        envelope = side.last.recording.envelope
        profile, protocol = envelope.profile, envelope.protocol
        whose = tr("{side}{name:if : {name}}", side=self.name.upper(), name=profile.name)
        self.head.set_segments(arrow, title, Segment(whose, "muted", yields=True))
        self.fold.setAccessibleName(tr("Settings for my client, {whose}", whose=whose))
        told = settings_for(client, protocol, profile.base_url, profile.auth)
        self.code.set_text(code_for(client, protocol, profile.base_url, profile.auth, envelope.model))
        self.environment.set_text(self._environment(shown=True))
        self.environment.copy.setText(tr("Copy with the key" if self._key else "Copy"))
        lines = [told.note, tr("At a 429: {does}", does=asked) if (asked := at_429(client, protocol)) else ""]
        cut = at_cut(client, protocol)
        lines += [tr("At a cut stream: {does}", does=text_in_a_row(cut)) if cut else ""]
        lines.append(tr("{client}, as run on {date}", client=client.title, date=table().date))
        for label, line in zip(self._told, lines, strict=True):
            label.setText(line)
            label.setVisible(bool(line))
        self._told[-1].set_role("muted")

    def _environment(self, *, shown: bool) -> str:
        """The variables; the key only where it is wanted, and masked where it is shown."""
        side, client = self._sides.get(self.name), self.client
        if side is None or side.last is None or client is None:
            return ""
        envelope = side.last.recording.envelope
        told = settings_for(client, envelope.protocol, envelope.profile.base_url, envelope.profile.auth)
        key = mask_key(self._key) if shown and self._key else self._key
        return told.environment_of_code(key)

    # -- room ---------------------------------------------------------------------------------------------------------

    def height_for(self, width: int, *, unfolded: bool) -> int:
        """How high it is at that width: all of it, or its heading."""
        if not unfolded:
            return HEAD + 2
        self._turn_blocks(width)
        inner = self._inside.layout()
        assert inner is not None
        inner.invalidate()
        return HEAD + 2 + max(inner.totalHeightForWidth(width - 2), inner.totalMinimumSize().height())

    def _fit_fold(self) -> None:
        self._inside.setVisible(self.fold.isChecked())
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn_blocks(self.width())

    def _turn_blocks(self, width: int) -> None:
        narrow = width < NARROW
        self._blocks.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)


class _Block(QFrame):
    """A text in monospace to be copied.

    Attributes:
        text: the text. copy: the button. copied_text: what the button copies.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("evidence")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName(name[:1].upper() + name[1:])
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setFont(mono_font(0.92))
        self.text.setStyleSheet("QPlainTextEdit { background: transparent; border: none; }")
        self.text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.copy = QPushButton(tr("Copy"))
        self.copy.setObjectName("quiet")
        self.copy.setAccessibleName(tr("Copy: {what}", what=name))
        self.copied_text = self.text.toPlainText
        self._whole = ""
        label = PlainLabel(name, role="muted", scale=0.88)
        top = QHBoxLayout()
        top.addWidget(label, 1)
        top.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 6, 6)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.text)
        layout.addStretch(1)
        self.copy.clicked.connect(self._on_copy)

    def set_text(self, text: str) -> None:
        """Show another text; it keeps its place where it is the same."""
        if text != self._whole:
            self._whole = text
            self.text.setPlainText(visible(text))
            self._fit()

    def _fit(self) -> None:
        lines = min(max(self._whole.count("\n") + 1, LEAST_LINES), MOST_LINES)
        self.text.setFixedHeight(round(self.text.fontMetrics().lineSpacing() * lines) + 22)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self._fit()

    def _on_copy(self) -> None:
        from ui.widgets.copy_menu import put

        put(self, self.copied_text())
