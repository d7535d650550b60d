"""The presentation of the Compare page's run: it covers the window, follows what runs or is replayed, and asks by one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.clock import now_ns
from app.exchange.timing import start_ns
from app.recording.records import ProfileNote, SideName
from app.run.plain_facts import RUNNING, PlainFacts, Story, plain_facts
from app.run.plain_sentence import Name, plain_names, plain_sentence
from app.scenarios import Scenario
from app.text.sentences import Span, message, tr
from ui.compare.axis.lane import Lane
from ui.present.card import SideCard
from ui.present.foot import Foot, next_speed
from ui.present.lines import SENTENCE_LINE, KeysLine, QuestionLine, SentenceLine
from ui.present.look import GROUND
from ui.present.measures import Measures, measures
from ui.present.questions import next_question
from ui.present.words import CardWords, card_words
from ui.shared.sides import NAMES
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import changes_fonts, reduces_motion, text_scale
from ui.widgets.focus_back import FocusBack

if TYPE_CHECKING:
    from app.run.side import Side
    from ui.compare.page import ComparePage

KEYS = (("Enter", message("Ask again")), ("R", message("Replay")), ("→", message("Next question")), ("Esc", message("Leave")))
NOTHING_YET = message("Press Enter, and both are asked.")
CANT = message("One of the two can't be asked yet. Esc leads to where it says why.")
LOOK_AGAIN_MS = 50
EMPTY = PlainFacts(Story.WAITING)
NOT_ASKED = CardWords("", "muted", "0.00 s", "", "", "")
_PASSED = (Qt.Key.Key_Q, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Equal, Qt.Key.Key_0)  # with Ctrl: the window's own


class Presentation(QWidget):
    """Shows a page's run over the whole of its window.

    Signals:
        left: it was left, and is gone.
    """

    left = Signal()
    heard_as = "group"

    def __init__(self, page: ComparePage, window: QWidget) -> None:
        super().__init__(window)
        self._page, self._session, self._player = page, page.session, page.replaying.player
        self._lanes: dict[SideName, Lane] = {}
        self._lanes_of: dict[SideName, Side] = {}
        self._scale_ms = 0.0
        self._cannot = False
        self._firsts: tuple[object, dict[SideName, float]] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Presentation"))
        self._question, self._sentence = QuestionLine(self), SentenceLine(self)
        self.cards: dict[SideName, SideCard] = {name: SideCard(name, self) for name in NAMES}
        self.foot, self._keys = Foot(self), KeysLine([(keys, tr(title)) for keys, title in KEYS], self)
        self._asking = QTimer(self)
        self._asking.setInterval(LOOK_AGAIN_MS)
        self._asking.timeout.connect(self._look_whether_asked)
        self._connect()
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self._focus = FocusBack(window)
        self.show()
        self.raise_()
        self.setFocus()
        self.refresh()

    def _connect(self) -> None:
        session, player = self._session, self._player
        for told in (session.started, session.turned, session.flushed, session.finished, player.changed, player.moved):
            told.connect(self.refresh)
        session.started.connect(self._on_started)
        self.foot.play_pressed.connect(self._play)
        self.foot.sought.connect(player.seek)
        self.foot.speed_pressed.connect(lambda: player.set_speed(next_speed(player.speed)))

    @property
    def text(self) -> str:
        """The sentence."""
        return self._sentence.text

    # -- what is shown ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Take over what is known now."""
        sides, size = self._session.sides, measures(self.width(), self.height(), text_scale())
        self._follow_lanes(sides)
        names, facts = self._names(sides), {name: plain_facts(side) for name, side in sides.items()}
        self._show_sentence(sides, names, size)
        self._place(size)
        whole = not any(one.story in RUNNING for one in facts.values())
        for number, (name, card) in enumerate(self.cards.items()):
            other = facts.get("b" if name == "a" else "a")
            one = facts.get(name, EMPTY)
            words = (
                card_words(one, other, self._elapsed_ms(sides.get(name)), _silent_s(sides.get(name)), calm=reduces_motion())
                if name in sides
                else NOT_ASKED
            )
            card.show_side(names[number].first, words, one, self._lanes.get(name), self._scale_ms, size, whole=whole)
        a, b = (card.answer for card in self.cards.values())
        a.take_size_of(b)
        b.take_size_of(a)
        self._question.show_question(*self._asked(), size)
        player = self._player
        end_ms = player.end_ms if player.can else 0.0
        self.foot.show_run(
            player.at_ms, end_ms, self._first_words(), playing=player.playing, speed=player.speed, measures=size
        )  # fmt: skip
        self._keys.show_measures(size)

    def _first_words(self) -> dict[SideName, float]:
        """When the first word of each side came, in the run itself, which may be played again."""
        whole = self._session.whole
        if self._session.running:
            return {}
        if self._firsts is None or self._firsts[0] is not whole:
            facts = {name: plain_facts(side) for name, side in whole.items()}
            if any(one.story in RUNNING for one in facts.values()):
                return {}
            self._firsts = whole, {name: one.first_ms for name, one in facts.items() if one.first_ms is not None}
        return self._firsts[1]

    def _show_sentence(self, sides: dict[SideName, Side], names: tuple[Name, Name], size: Measures) -> None:
        if self._cannot:
            self._sentence.show_spans((Span(tr(CANT)),), size, "warn")
        elif not sides:
            self._sentence.show_spans((Span(tr(NOTHING_YET)),), size, "muted")
        else:
            one, other = next(iter(sides.values())), sides.get("b") if "a" in sides else None
            called = names if one.name == "a" else names[::-1]
            self._sentence.show_spans(plain_sentence(one, other, (called[0], called[1])), size)

    def _names(self, sides: dict[SideName, Side]) -> tuple[Name, Name]:
        notes = [self._note(name, sides.get(name)) for name in NAMES]
        return plain_names(notes[0], notes[1])

    def _note(self, name: SideName, side: Side | None) -> ProfileNote:
        """Who was asked; who would be, before that."""
        if side is not None and side.first is not None:
            return side.first.recording.envelope.profile
        profile = self._page.sides.profile(name)
        if profile is None:
            return ProfileNote(tr("Side {side}", side=name.upper()), "", "")
        return ProfileNote(profile.name, "", "", label=profile.label)

    def _asked(self) -> tuple[str, str]:
        plan = self._session.plan or (self._page.bar.plan if not self._session.sides else None)
        if plan is None or plan.scenario is Scenario.CUSTOM:
            return tr("We asked both the same."), ""
        words = plan.turns[0] if plan.scenario is Scenario.CONVERSATION and plan.turns else plan.prompt
        return tr("We asked both:") if self._session.sides else tr("We will ask both:"), words

    @staticmethod
    def _elapsed_ms(side: Side | None) -> float | None:
        start = start_ns(side.first.recording) if side is not None and side.first is not None else None
        return None if side is None or start is None else max(0.0, (side.own_ns(now_ns()) - start) / 1e6)

    def _follow_lanes(self, sides: dict[SideName, Side]) -> None:
        if sides != self._lanes_of:
            self._lanes_of, self._lanes = dict(sides), {name: Lane(side) for name, side in sides.items()}
            self._scale_ms = 0.0
        for lane in self._lanes.values():
            lane.advance()
        end = max((lane.end_ms for lane in self._lanes.values()), default=0.0)
        runs = any(side.outcome == "running" and side.lasts_ms is None for side in sides.values())
        if not runs:
            self._scale_ms = end * 1.12
        elif end > self._scale_ms:
            self._scale_ms = max(1_000.0, end * 1.25)

    # -- what is pressed ----------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """The keys of the page below do not count here; those of the window that change the type or end it do."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if not (ctrl and event.key() in _PASSED):
                event.accept()
                return True
        return bool(super().event(event))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab does not lead to the page below, which nobody sees."""
        self.setFocus()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            return
        player, step = self._player, self._player.end_ms / 50
        match event.key():
            case Qt.Key.Key_Escape | Qt.Key.Key_F11:
                self.leave()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.ask()
            case Qt.Key.Key_R:
                player.play()
            case Qt.Key.Key_Space:
                self._play()
            case Qt.Key.Key_Right if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.ask_next()
            case Qt.Key.Key_Right:
                player.seek(player.at_ms + step)
            case Qt.Key.Key_Left:
                player.seek(player.at_ms - step)
            case Qt.Key.Key_Home:
                player.seek(0.0)
            case Qt.Key.Key_End:
                player.seek(player.end_ms)

    def _play(self) -> None:
        self._player.toggle()

    def ask(self) -> None:
        """Ask both again, the same."""
        if not self._session.running:
            self._cannot = False
            self._page.run()
            self._asking.start()

    def ask_next(self) -> None:
        """Ask both the next question."""
        bar = self._page.bar
        if not self._session.running and bar.prompt.isEnabled():
            bar.prompt.setText(next_question(bar.prompt.text(), self._page.services.settings.prompts[::-1]))
            self.ask()

    def _look_whether_asked(self) -> None:
        """What can't be asked says why on the page, which nobody sees now."""
        if self._page.starter.preparing:
            return
        self._asking.stop()
        self._cannot = not self._session.running and not self._session.following
        self.refresh()

    def _on_started(self) -> None:
        self._asking.stop()
        self._cannot = False

    def leave(self) -> None:
        """Back to the page, with all of the run on it."""
        self.window().removeEventFilter(self)
        self._player.leave()
        self.hide()
        self._focus.give()
        self.left.emit()
        self.deleteLater()

    # -- where it stands ----------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event) and self.isVisible():
            self.refresh()

    def _place(self, size: Measures) -> None:
        px, width, height = size.px, self.width(), self.height()
        margin, gap = px(36), px(16)
        inner = width - 2 * margin
        top = px(96) if size.keys else px(70)
        foot, keys = max(40, px(56)), max(30, px(46)) if size.keys else 0
        said = max(px(2 * SENTENCE_LINE), self._sentence.height_for(inner, size)) + px(40)
        bottom = height - px(14) - keys - foot - said
        half = (inner - gap) // 2
        self._question.setGeometry(margin, 0, inner, top)
        for number, card in enumerate(self.cards.values()):
            card.setGeometry(margin + number * (half + gap), top, half, max(80, bottom - top))
        self._sentence.setGeometry(margin, bottom, inner, said)
        self.foot.setGeometry(margin, bottom + said, inner, foot)
        self._keys.setGeometry(margin, bottom + said + foot, inner, keys)
        self._keys.setVisible(size.keys)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        fill(QPainter(self), QRectF(self.rect()), GROUND)


def _silent_s(side: Side | None) -> float | None:
    """For how long nothing came of a side that is waited for; None for any other."""
    silent = side.silent(now_ns()) if side is not None else None
    return None if silent is None else silent[0]
