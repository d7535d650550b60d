"""The row below the time axis: play, the slider, how fast, how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QMenu, QPushButton, QWidget

from app.run.replay import AS_FAST_AS_IT_COMES, SPEEDS
from app.text import numbers
from app.text.sentences import message, tr
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import colors
from ui.widgets.labels import PlainLabel, plain_tip
from ui.widgets.moment_slider import MomentSlider

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from ui.compare.replay.player import RunPlayer
    from ui.widgets.moment_slider import TimeScale

NO_TIMES = message("This capture does not say when its parts came, so it can't be played again.")
PLAY_TIP = message("Play the run again, as it came (Space). The slider goes to any moment; Esc shows the whole run again.")

_AS_FAST = message("{factor:if ×{factor}|max}")  # a message of its own: "max" alone is also a field of requests


def speed_in_words(speed: float) -> str:
    """`×1`, `×0.25`; what has no figure says what it is."""
    return tr(_AS_FAST, factor=None) if speed == AS_FAST_AS_IT_COMES else f"×{speed:g}"


class PlayButton(QAbstractButton):
    """Two states, a triangle and two bars, drawn: not every font has the characters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playing = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_playing(False)

    def set_playing(self, playing: bool) -> None:
        self._playing = playing
        self.setAccessibleName(tr("Stand still" if playing else "Replay"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(36, 26)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("a" if self.hasFocus() else "edge"), 2 if self.hasFocus() else 1))
        painter.setBrush(theme.color("select" if self.isDown() else "hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        paint_play(painter, QRectF(self.rect()), playing=self._playing, role="text" if self.isEnabled() else "muted")


def paint_play(painter: QPainter, area: QRectF, *, playing: bool, role: str) -> None:
    """The sign of what a press does, in the middle of an area."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    color, x, y = colors().color(role), area.center().x(), area.center().y()
    if playing:
        fill(painter, QRectF(x - 4, y - 4.5, 3, 9), color)
        fill(painter, QRectF(x + 1, y - 4.5, 3, 9), color)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(QPolygonF([QPointF(x - 3, y - 5), QPointF(x + 5, y), QPointF(x - 3, y + 5)]))


class ReplayRow(QWidget):
    """As wide as the axis, right below it, so that the slider's places are the axis' own."""

    def __init__(
        self, player: RunPlayer, scale: TimeScale, margins: tuple[float, float], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._picked_ms: float | None = None  # the selected event's
        self.play, self.slider = PlayButton(self), MomentSlider(scale, margins, self)
        self.speed = QPushButton(self)
        self.speed.setObjectName("quiet")
        self.total = PlainLabel("", self, role="muted", scale=0.88)
        self.total.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._actions = self._make_menu()
        QWidget.setTabOrder(self.play, self.slider)
        QWidget.setTabOrder(self.slider, self.speed)
        self.play.clicked.connect(self._on_play)
        self.slider.play_wanted.connect(self._on_play)
        self.slider.sought.connect(player.seek)
        player.changed.connect(self.refresh)
        player.moved.connect(self.refresh)
        self.refresh()

    def _make_menu(self) -> list[QAction]:
        menu = QMenu(self.speed)
        group = QActionGroup(self)
        for speed in SPEEDS:
            title = tr("As fast as it can be read") if speed == AS_FAST_AS_IT_COMES else speed_in_words(speed)
            action = QAction(title, group)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, speed=speed: self._player.set_speed(speed))
            menu.addAction(action)
        self.speed.setMenu(menu)
        return group.actions()

    def _on_play(self) -> None:
        self._player.toggle(self._picked_ms or 0.0)

    def pick(self, ms: float | None) -> None:
        """The user selected an event: the slider stands there, and play begins there."""
        self._picked_ms = ms
        self.refresh()

    def refresh(self) -> None:
        """Show where the replay is."""
        player = self._player
        self.setEnabled(player.can)
        self.play.set_playing(player.playing)
        self.play.setToolTip(plain_tip(tr(PLAY_TIP if player.can or not player.has_run else NO_TIMES)))
        self.speed.setText(speed_in_words(player.speed))
        self.speed.setAccessibleName(tr("Speed of the replay: {speed}", speed=speed_in_words(player.speed)))
        for action, speed in zip(self._actions, SPEEDS, strict=True):
            action.setChecked(speed == player.speed)
        end_ms = player.end_ms
        at_ms = player.at_ms if player.active or self._picked_ms is None else min(self._picked_ms, end_ms)
        self.slider.show_moment(at_ms, end_ms, told=player.active or self._picked_ms is not None)
        self.total.setText(numbers.seconds(end_ms) if end_ms else tr("no times") if player.has_run else "")
        self.place()

    def sizeHint(self) -> QSize:
        return QSize(300, max(26, self.slider.sizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.place()

    def place(self) -> None:
        """The button in the axis' left margin, speed and length in the right one; the slider lies over all of it."""
        height = self.height()
        self.slider.setGeometry(0, 0, self.width(), height)
        self.play.setGeometry(0, (height - 26) // 2, 36, 26)
        total = self.total.sizeHint().width() + 2
        speed = min(self.speed.sizeHint().width(), 56)
        self.total.setGeometry(self.width() - total, 0, total, height)
        self.speed.setGeometry(self.width() - total - speed - 2, (height - 24) // 2, speed, 24)
        for one in (self.play, self.speed, self.total):
            one.raise_()
