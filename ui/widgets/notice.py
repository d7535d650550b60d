"""A card that says what went wrong and offers what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.text.sentences import tr
from ui.style.painting import painted
from ui.style.theme import colors
from ui.widgets.labels import PlainLabel, plain_tip

SHOWN_CHARACTERS = 700
SHOWN_BUTTON = 64
ROOM_BESIDE_TEXT = 30 + 36  # the card's margins, the button's own


class Later(msgspec.Struct, frozen=True):
    """What a button stands for that had better not be pressed before `at_ns` (of `app.clock`): it counts down to it."""

    meaning: object
    at_ns: int


class Notice(msgspec.Struct, frozen=True):
    """What a card says. `actions` are (button, what it stands for), the recommended one first; `about` names its subject.

    `more` is a line and what it unfolds to, a line each; () for nothing.
    """

    title: str
    cause: str = ""
    fix: str = ""
    said: str = ""
    role: str = "bad"
    about: str = ""
    actions: tuple[tuple[str, object], ...] = ()
    more: tuple[str, ...] = ()


class NoticeCard(QFrame):
    """Shows a `Notice`. Where it `scrolls` it is as high as it needs; with less room its words scroll, and its
    buttons, of which the first stay in sight.

    Signals:
        chosen: a button was pressed; what it stands for.
    """

    chosen = Signal(object)
    heard_as = "notice"

    def __init__(self, parent: QWidget | None = None, *, scrolls: bool = False) -> None:
        super().__init__(parent)
        self._notice: Notice | None = None
        self._scrolls = scrolls
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Preferred, policy.Maximum if scrolls else policy.Preferred)
        self._is_made = False
        self.hide()

    def _make(self) -> None:
        """The card's parts, when the first notice is there: most windows never show one."""
        from ui.widgets.flow import Flow
        from ui.widgets.unfolding import Unfolding

        self._is_made = True
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 14, 12)
        layout.setSpacing(6)
        words = QWidget()
        inside = QVBoxLayout(words)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        self._title = PlainLabel(bold=True, scale=1.05, wrap=True, selectable=True)
        self._cause = PlainLabel(wrap=True, selectable=True)
        self._fix = PlainLabel(wrap=True, selectable=True)
        self._said = PlainLabel(wrap=True, selectable=True, role="muted")
        self._more = Unfolding()
        self._buttons = Flow()
        self._buttons.setContentsMargins(0, 4, 0, 0)
        for label in (self._title, self._cause, self._fix, self._said):
            inside.addWidget(label)
        inside.addWidget(self._more)
        self._foot: QWidget = self._buttons
        for part in (words, self._buttons):
            self._foot = self._scrolling(part) if self._scrolls else part
            layout.addWidget(self._foot)
            self._foot.show()  # a layout shows what it takes in a turn of the loop later: Tab would pass it by until then

    @staticmethod
    def _scrolling(part: QWidget) -> QWidget:
        from ui.widgets.as_high_as_needed import AsHighAsNeeded

        return AsHighAsNeeded(part)

    @property
    def notice(self) -> Notice | None:
        return self._notice

    @property
    def buttons(self) -> list[QPushButton]:
        """What can be done, in its order."""
        return [part for part in self._buttons.parts if isinstance(part, QPushButton)] if self._is_made else []

    @property
    def focusable(self) -> list[QPushButton]:
        """What Tab goes through, in its order."""
        return [self._more.button, *self.buttons] if self._is_made else []

    def show_notice(self, notice: Notice | None) -> None:
        if notice == self._notice:
            return
        self._notice = notice
        if notice is not None and not self._is_made:
            self._make()
        self.setVisible(notice is not None)
        if notice is None:
            return
        self.setAccessibleName(" ".join(filter(None, (notice.title, notice.cause, notice.fix, *notice.more[:1]))))
        self._title.set_role(notice.role)
        said = tr("The endpoint said: {said}", said=notice.said) if notice.said else ""
        labels = (self._title, self._cause, self._fix, self._said)
        for label, text in zip(labels, (notice.title, notice.cause, notice.fix, said), strict=True):
            self._fill(label, text)
        self._more.show_lines(notice.more)
        had_keyboard = self.window().focusWidget() in self.buttons
        self._set_buttons(notice.actions)
        if had_keyboard and self.buttons:  # what is to be done next, where a key was entered, say
            self.buttons[0].setFocus()
        from ui.widgets.announce import announce  # not before there is something to say

        announce(self, self.accessibleName(), at_once=True)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = self._notice.role if self._notice else "muted"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setBrush(theme.color(role))
        painter.drawRoundedRect(QRectF(0, 0, 4, self.height()), 2, 2)

    @staticmethod
    def _fill(label: PlainLabel, text: str) -> None:
        short = text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
        # A word longer than the card would widen the whole pane: let it break.
        label.setText(_breakable(short))
        label.setToolTip(plain_tip(text) if short != text else "")
        label.setVisible(bool(text))

    def _set_buttons(self, actions: Sequence[tuple[str, object]]) -> None:
        self._buttons.clear()
        for number, (title, meaning) in enumerate(actions):
            button, chosen = _button(title, meaning)
            button.setAccessibleName(title)
            button.setObjectName("strong" if number == 0 else "")
            button.clicked.connect(lambda _=False, chosen=chosen: self.chosen.emit(chosen))
            self._buttons.add(button)
        self._foot.setVisible(bool(actions))  # of nothing it would still take room, from words that might have to scroll
        self._shorten_buttons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_made:
            self._shorten_buttons()

    def _shorten_buttons(self) -> None:
        """A button that is wider than the card has the middle of its text left out."""
        from ui.widgets.countdown import CountdownButton
        from ui.widgets.fields import without_middle

        room = self.width() - ROOM_BESIDE_TEXT
        for button in self.buttons:
            name = button.accessibleName()
            if not isinstance(button, CountdownButton):
                title = without_middle(name, SHOWN_BUTTON)
                shown = button.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, room)
                button.setText(shown.replace("&", "&&"))
                button.setToolTip("" if shown == name else plain_tip(name))


def _button(title: str, meaning: object) -> tuple[QPushButton, object]:
    """The button of an action, and what it emits."""
    if not isinstance(meaning, Later):
        return QPushButton(title), meaning
    from ui.widgets.countdown import CountdownButton

    return CountdownButton(title, meaning.at_ns), meaning.meaning


def _breakable(text: str) -> str:
    return "\u200b".join(text[at : at + 40] for at in range(0, len(text), 40)) if _has_long_word(text) else text


def _has_long_word(text: str) -> bool:
    return any(len(word) > 60 for word in text.split())
