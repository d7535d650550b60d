"""The first screen: an official endpoint, a relay, or the demo; it stands in place of the panes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.text.sentences import message, tr
from ui.compare.first.chosen import ChosenBox
from ui.compare.first.pasting import NOT_KNOWN, NOTHING, PasteField
from ui.shared.dropped_files import accept_files, local_files
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import colors
from ui.widgets.badge import Badge
from ui.widgets.flow import Flow
from ui.widgets.labels import PlainLabel
from ui.widgets.run_button import RunButton

if TYPE_CHECKING:
    from app.recording.records import SideName

# A maker's name, what it speaks, and the preset in `resources/presets.toml`.
MAKERS = (
    ("Anthropic", "Messages", "Anthropic"),
    ("OpenAI", "Responses", "OpenAI (Responses)"),
    ("OpenAI", "Chat Completions", "OpenAI (Chat)"),
    ("Google", message("Gemini, by its OpenAI address"), "Google (Chat)"),
    ("DeepSeek", "Chat Completions", "DeepSeek (Chat)"),
    ("Moonshot", message("Kimi, Chat Completions"), "Moonshot (Chat)"),
)
NARROW = 900  # of the cards together
ROOMY, LOW, LOWEST = 710, 620, 540  # heights
GAP = 12
EXAMPLE = message(
    "“In this run B is 422 ms later to the first token; 348 ms of it is the endpoint. It did not say how many tokens it wrote.”"
)
PLACEHOLDER = 'https://relay.example/v1\ncurl https://relay.example/v1/messages -H "x-api-key: …\nANTHROPIC_BASE_URL=https://relay.example'


class FirstScreen(QScrollArea):
    """What a first start shows.

    Attributes:
        paste: where a relay is pasted. use: takes it. demo: runs the demo. manner: chooses what the demo's relay does.

    Signals:
        maker_chosen: the name of a preset. edit_wanted: change the endpoint that a side has.
        beside_demo_wanted: run what is chosen beside the demo's. other_wanted: choose among all.
        pasted: a text that stands for a relay. file_wanted: a file of settings shall be chosen.
        files_dropped: files (a list of paths). demo_wanted: run the demo.
        manner_wanted: the demo's relay shall do something else.
    """

    maker_chosen = Signal(str)
    edit_wanted = Signal(str)
    beside_demo_wanted = Signal()
    other_wanted = Signal(str)
    pasted = Signal(str)
    file_wanted = Signal()
    files_dropped = Signal(list)
    demo_wanted = Signal()
    manner_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Begin"))
        self.setAcceptDrops(True)
        self.makers: list[QPushButton] = []
        self._ways: dict[SideName, QWidget] = {}  # how a side gets an endpoint, and in its place the one that it has
        self._chosen: dict[SideName, ChosenBox] = {}
        self.paste, self.use, self.manner = PasteField(), QPushButton(tr("Use as B")), QPushButton()
        self.demo = RunButton(tr("Run the demo"))
        self._said = PlainLabel(tr(NOTHING), role="muted", scale=0.92, wrap=True)
        self._title = PlainLabel(tr("Two endpoints, one request. What differs?"), bold=True, scale=1.7)
        self._below = PlainLabel(
            tr(
                "Diptych sends the same request to both at once and shows every event with its time, the tokens, "
                "and what differs in one sentence."
            ),
            role="muted", wrap=True,
        )  # fmt: skip
        self._lanes, self._sentence = _Lanes(), QFrame()
        self._notes: list[QWidget] = []  # what folds in a low window, and what in one that is lower still
        self._small: list[QWidget] = []
        inner = QWidget()
        inner.setObjectName("plainPage")
        self._lay_out(inner)
        self.setWidget(inner)
        self._connect()

    def _lay_out(self, inner: QWidget) -> None:
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(GAP)
        for label in (self._title, self._below):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        self._small += [self._below]
        self._sentence.setObjectName("card")
        said = QVBoxLayout(self._sentence)
        said.setContentsMargins(16, 14, 16, 14)
        said.addWidget(PlainLabel(tr("What differs will be said here, in one sentence. For example:"), role="muted", scale=1.2))
        said.addWidget(PlainLabel(tr(EXAMPLE), role="muted", scale=1.2, wrap=True))
        cards = QHBoxLayout()
        cards.setSpacing(GAP)
        cards.addWidget(self._official(), 1)
        cards.addWidget(self._relay(), 1)
        layout.addLayout(cards)
        layout.addWidget(self._demo_card())
        layout.addWidget(self._sentence)
        layout.addStretch(1)

    def _official(self) -> QFrame:
        card, inside = self._card("a", tr("The official endpoint"), tr("the one you measure against"))
        grid = QGridLayout()
        grid.setSpacing(10)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        for number, (title, below, preset) in enumerate(MAKERS):
            button = _Maker(title, tr(below))
            button.clicked.connect(lambda _=False, preset=preset: self.maker_chosen.emit(preset))
            self.makers.append(button)
            grid.addWidget(button, number // 2, number % 2)
            grid.setRowStretch(number // 2, 1)  # all as high as the highest: Chinese below one makes it higher
        inside.addLayout(grid)
        inside.addWidget(_links(((tr("all others"), lambda: self.other_wanted.emit("a")),)))
        note = PlainLabel(
            tr(
                "The key is asked for next. It goes into the system’s keyring, "
                "and from there only to the endpoint it belongs to."
            ),
            role="muted", scale=0.92, wrap=True,
        )  # fmt: skip
        self._notes.append(note)
        inside.addWidget(note)
        inside.addStretch(1)
        return card

    def _relay(self) -> QFrame:
        card, inside = self._card(
            "b",
            tr("The relay you think of"),
            tr("paste what its page gives you: an address, a curl, or an env block"),
        )
        self.paste.setPlaceholderText(PLACEHOLDER)
        self.paste.setAccessibleName(tr("The relay’s address, a curl command or an env block"))
        self.paste.setMinimumHeight(84)
        inside.addWidget(self.paste, 1)
        line = QHBoxLayout()
        line.setSpacing(10)
        self.use.setEnabled(False)
        line.addWidget(self.use)
        line.addWidget(self._said, 1)
        inside.addLayout(line)
        inside.addWidget(
            _links(((tr("from a file…"), self.file_wanted.emit), (tr("relays by name"), lambda: self.other_wanted.emit("b"))))
        )
        note = PlainLabel(
            tr("You can also drop a file here: a .env file, Claude Code’s, Codex’s or LiteLLM’s settings, or a saved run."),
            role="muted",
            scale=0.92,
            wrap=True,
        )
        self._notes.append(note)
        inside.addWidget(note)
        return card

    def _card(self, side: SideName, title: str, below: str) -> tuple[QFrame, QVBoxLayout]:
        card = _SideCard(side)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(24, 18, 24, 16)
        layout.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Badge(side))
        head.addWidget(PlainLabel(title, bold=True, scale=1.3), 1)
        layout.addLayout(head)
        says = PlainLabel(below, role="muted", scale=0.95, wrap=True)
        self._small.append(says)
        ways, chosen = QWidget(), ChosenBox()
        inside = QVBoxLayout(ways)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        inside.addWidget(says)
        chosen.hide()
        chosen.edit.clicked.connect(lambda: self.edit_wanted.emit(side))
        chosen.beside.clicked.connect(self.beside_demo_wanted)
        self._ways[side], self._chosen[side] = ways, chosen
        layout.addWidget(ways, 1)
        layout.addWidget(chosen)
        layout.addStretch(0)
        return card, inside

    def _demo_card(self) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(PlainLabel(tr("Or just look: two demo endpoints on this machine"), bold=True, scale=1.15))
        says = tr("Free, without a key, and nothing leaves this computer. One behaves, the other does what relays do.")
        words.addWidget(PlainLabel(says, role="muted", scale=0.95, wrap=True))
        line = QHBoxLayout()
        self.manner.setAccessibleName(tr("What the demo relay does"))
        line.addWidget(self.manner)
        line.addStretch(1)
        words.addSpacing(4)
        words.addLayout(line)
        row = QHBoxLayout(card)
        row.setContentsMargins(28, 16, 28, 16)
        row.setSpacing(24)
        row.addLayout(words, 3)
        row.addWidget(self._lanes, 2)
        row.addWidget(self.demo)
        return card

    def _connect(self) -> None:
        self.use.clicked.connect(self._on_use)
        self.paste.wanted.connect(self._on_use)
        self.paste.text_changed.connect(self._on_pasted)
        self.demo.clicked.connect(self.demo_wanted)
        self.manner.clicked.connect(self.manner_wanted)

    def show_chosen(self, own: Mapping[SideName, tuple[str, str]]) -> None:
        """These sides have an endpoint of one's own: its name and host stand in place of how to get one."""
        for side, ways in self._ways.items():
            ways.setVisible(side not in own)
            self._chosen[side].setVisible(side in own)
            if side in own:
                self._chosen[side].show_endpoint(*own[side])
        self.demo.set_quiet(bool(own))

    def take_keyboard(self) -> None:
        """A relay's address is what is most likely in the clipboard: it is pasted where it belongs."""
        (self.paste if self._ways["b"].isVisibleTo(self) else self.makers[0]).setFocus()

    # -- what is done -------------------------------------------------------------------------------------------------

    def _on_pasted(self) -> None:
        what = self.paste.what
        self.use.setEnabled(bool(what))
        known = self.paste.is_known
        said = tr("{what}: shown before anything is saved or sent", what=what) if what else tr(NOTHING if known else NOT_KNOWN)
        self._said.setText(said)
        self._said.set_role("muted" if known else "warn")

    def _on_use(self) -> None:
        if self.paste.what:
            text = self.paste.whole
            self.paste.setPlainText("")
            self.pasted.emit(text)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        accept_files(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if files := local_files(event.mimeData()):
            event.acceptProposedAction()
            self.files_dropped.emit(files)

    # -- how it looks -------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        high = self.height()
        self._lanes.setVisible(self.width() >= NARROW)
        self._sentence.setVisible(high >= ROOMY)
        for note in self._notes:
            note.setVisible(high >= LOW)
        for one in self._small:
            one.setVisible(high >= LOWEST)
        for button in self.makers:
            button.setMinimumHeight(54 if high >= LOW else 0)


def _links(links: tuple[tuple[str, Callable[[], object]], ...]) -> Flow:
    flow = Flow(spacing=14)
    for text, act in links:
        button = QPushButton(text)
        button.setObjectName("link")
        button.clicked.connect(lambda _=False, act=act: act())
        flow.add(button)
    return flow


class _SideCard(QFrame):
    """A card with a side's colour along its top."""

    def __init__(self, side: str) -> None:
        super().__init__()
        self._side = side
        self.setObjectName("card")

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        fill(painter, QRectF(4, 0, self.width() - 8, 3), colors().color(self._side))


class _Maker(QPushButton):
    """A maker's name, and below it what it speaks."""

    def __init__(self, title: str, below: str) -> None:
        super().__init__()
        self._texts = title, below
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Minimum)  # as high as the row
        self.setAccessibleName(tr("{title}, {below}", title=title, below=below))
        inside = QVBoxLayout(self)
        inside.setContentsMargins(14, 8, 14, 8)
        inside.setSpacing(1)
        for label in (PlainLabel(title, bold=True), PlainLabel(below, role="muted", scale=0.92)):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            inside.addWidget(label)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        assert layout is not None
        return layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(90, self.sizeHint().height())


class _Lanes(QWidget):
    """What a run looks like: one answer word by word, the other in three pieces."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(160, 56)
        self.setAccessibleName("")

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, wide = QPainter(self), colors(), self.width()
        top = (self.height() - 44) / 2
        for number, (side, wait) in enumerate((("a", 0.19), ("b", 0.46))):
            y = top + number * 24
            color = theme.color(side)
            tint = QColor(color)
            tint.setAlphaF(0.18)
            fill(painter, QRectF(0, y, wait * wide, 16), tint)
            fill(painter, QRectF(0, y, 0.03 * wide, 16), _half(color))
            marks = (
                [0.26 + 0.0185 * step + (step * 7 % 5) * 0.0016 for step in range(40)] if side == "a" else [0.59, 0.83, 0.985]
            )
            for at in marks:
                fill(painter, QRectF(at * wide, y, 1.5 if side == "a" else 5, 16), color)


def _half(color: QColor) -> QColor:
    half = QColor(color)
    half.setAlphaF(0.5)
    return half
