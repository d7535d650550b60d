"""Which endpoint a side has, which model, and whether there is a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.model_names import offered
from app.secrets.names import shown_url
from app.store.profiles import label_words
from app.text.sentences import message, tr
from ui.shared.key_dot import paint_key_dot
from ui.shared.key_states import KeyState
from ui.style.look import set_look
from ui.style.painting import painted
from ui.style.theme import colors, font
from ui.widgets.badge import Badge
from ui.widgets.eliding import COMBO_FRAME, ElidingCombo, ElidingLine
from ui.widgets.labels import plain_tip

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.recording.records import SideName
    from app.store.profiles import Profile
    from ui.shared.picker import Picker

EDIT = message("Edit endpoints…")
NONE = "none"  # in place of a uid: this side asks nobody
MOST_OF_ROOM = 0.62  # what a model's name takes at most of the room of both


class KeyButton(QPushButton):
    """A dot and a word on the key of a side; pressed, it asks for one. Where it is narrow only the dot stays."""

    def __init__(self, side: SideName, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side.upper()
        self._state = KeyState("not needed")
        self.narrow = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def state(self) -> KeyState:
        return self._state

    def show_state(self, state: KeyState) -> None:
        """Say where the key comes from."""
        self._state = state
        self.setAccessibleName(tr("Key of side {side}: {state}", side=self._side, state=state.words))
        self.setToolTip(plain_tip(f"{state.words[:1].upper()}{state.words[1:]}. {state.trouble}".strip()))
        self.updateGeometry()
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        """Leave the words out."""
        if narrow != self.narrow:
            self.narrow = narrow
            self.updateGeometry()

    @property
    def _font(self) -> QFont:
        return font(0.95)

    @property
    def full_width(self) -> int:
        """How wide it is with its words."""
        return 24 + round(QFontMetricsF(self._font).horizontalAdvance(self._state.words))

    def sizeHint(self) -> QSize:
        return QSize(20 if self.narrow else self.full_width, 28)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_key_dot(painter, QRectF(4, self.height() / 2 - 4.5, 9, 9), self._state.kind)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("a"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        if not self.narrow:
            painter.setFont(self._font)
            painter.setPen(theme.color("bad" if self._state.is_lacking else "muted"))
            painter.drawText(self.rect().adjusted(20, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._state.words)


class EndpointRow(QWidget):
    """Endpoint, model, key.

    Attributes:
        key_kind: tells the kind of a profile's key (`KeyState.kind`), for the list of endpoints.

    Signals:
        profile_chosen: the user chose a profile; its uid.
        model_edited: another model stands in the box.
        edit_wanted: the user wants to edit endpoints. add_wanted: the user wants to add one.
        key_wanted: the user pressed the key.
        models_wanted: the user opened the model list; it may have to be fetched.
    """

    profile_chosen = Signal(str)
    model_edited = Signal(str)
    edit_wanted = Signal()
    add_wanted = Signal()
    key_wanted = Signal()
    models_wanted = Signal()

    def __init__(self, name: SideName, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        side = name.upper()
        self._uid, self._none = "", ""
        self._offered: tuple[Profile, ...] = ()
        self._picker: Picker | None = None
        self.key_kind: Callable[[Profile], str] = lambda _: ""
        self.profiles = _EndpointCombo()
        self.profiles.setPlaceholderText(tr("choose an endpoint"))  # the one that was chosen is deleted
        self.profiles.opened.connect(self.open_profiles)
        self.profiles.setAccessibleName(tr("Endpoint {side}", side=side))
        self.models = _ModelCombo()
        self.models.setAccessibleName(tr("Model of side {side}", side=side))
        self.models.line.setAccessibleName(tr("Model of side {side}", side=side))  # it is what has the focus
        self.key = KeyButton(name)
        for combo in (self.profiles, self.models):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(6)
            combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            combo.setMaxVisibleItems(20)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Badge(name))
        layout.addWidget(self.profiles, 1)
        layout.addWidget(self.models, 1)
        layout.addWidget(self.key)
        self._boxes = layout
        self.profiles.activated.connect(self._on_profile)
        self.models.currentTextChanged.connect(self.model_edited)
        self.models.opened.connect(self.models_wanted)
        self.models.line.editingFinished.connect(self._share_room)
        self.key.clicked.connect(self.key_wanted)

    @property
    def uid(self) -> str:
        """The chosen profile's uid, "" for none."""
        return self._uid

    @property
    def model(self) -> str:
        """The model as typed."""
        return self.models.currentText().strip()

    def set_profiles(self, profiles: Sequence[Profile], uid: str, none: str = "") -> None:
        """Offer these profiles, this one chosen; `none` is what it is called to have none, "" where that is no choice."""
        self._uid, self._none, self._offered = uid, none, tuple(profiles)
        self.profiles.clear()
        if none:
            self.profiles.addItem(none, NONE)
        for profile in profiles:
            label = f"{profile.name} · {label_words(profile.label)}" if profile.label else profile.name
            self.profiles.addItem(label, profile.uid)
            self.profiles.setItemData(self.profiles.count() - 1, plain_tip(_address(profile)), 3)
        self.profiles.insertSeparator(self.profiles.count())
        self.profiles.addItem(tr(EDIT), EDIT)
        self.profiles.setCurrentIndex(self.profiles.findData(uid))
        chosen = next((one for one in profiles if one.uid == uid), None)
        self.profiles.setToolTip(plain_tip(f"{chosen.name}\n{_address(chosen)}") if chosen else "")

    def show_note(self, name: str, model: str) -> None:
        """Show the endpoint of an opened run: it can be read, not changed."""
        self.profiles.clear()
        self.profiles.addItem(name, "")
        self.set_model(model)
        self.set_enabled(False)

    def set_model(self, model: str) -> None:
        """Put a model into the box without saying that it was edited."""
        self.models.set_model(model)
        self._share_room()

    def set_models(self, models: Sequence[str]) -> None:
        """Offer these models; what is typed stays."""
        self.models.set_models(offered(models))

    def open_profiles(self) -> None:
        """Open the list of endpoints below the box."""
        from ui.shared.endpoint_rows import endpoint_rows
        from ui.shared.picker import Picker, PickRow

        if self._picker is None:
            actions = ((tr("Add endpoint…"), self.add_wanted.emit), (tr(EDIT), self.edit_wanted.emit))
            self._picker = Picker(self.profiles.accessibleName(), tr("Find an endpoint"), self, actions=actions)
            self._picker.chosen.connect(self._on_picked)
        nobody = [PickRow(self._none, value=NONE)] if self._none else []
        self._picker.open_below(self.profiles, [*nobody, *endpoint_rows(self._offered, self.key_kind)], self._uid)

    def _on_picked(self, uid: object) -> None:
        if isinstance(uid, str) and uid != self._uid:
            self.profile_chosen.emit(uid)

    def open_models(self) -> None:
        """Open the list of models, as if its arrow had been pressed."""
        self.models.setFocus()
        self.models.showPopup()

    def warn_of_model(self, sentence: str) -> None:
        """Mark the model as one that may not exist; "" takes the mark away."""
        set_look(self.models, "wrong", bool(sentence))
        self.models.setToolTip(plain_tip(sentence or self.model))

    def set_enabled(self, enabled: bool) -> None:
        """Let endpoint and model be changed, or not."""
        self.profiles.setEnabled(enabled)
        self.models.setEnabled(enabled)
        self.key.setVisible(enabled)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold_key()
        self._share_room()

    def _share_room(self) -> None:
        """The half for each; a longer model's name has more, as one that is cut is another model's."""
        room = self.width() - self._boxes.minimumSize().width()
        wanted = self.models.line.wanted_width + COMBO_FRAME
        of_models = min(max(room // 2, wanted), round(room * MOST_OF_ROOM))
        self._boxes.setStretchFactor(self.profiles, max(room - of_models, 1))
        self._boxes.setStretchFactor(self.models, max(of_models, 1))

    def show_key(self, state: KeyState) -> None:
        """Say where the key comes from."""
        self.key.show_state(state)
        self._fold_key()

    def _fold_key(self) -> None:
        # That a key is missing is said in words as long as there is any room.
        needed = 330 if self.key.state.is_lacking else 420
        self.key.set_narrow(self.width() < needed + self.key.full_width)

    def _on_profile(self, index: int) -> None:
        chosen = self.profiles.itemData(index)
        if chosen == EDIT:
            self.profiles.setCurrentIndex(self.profiles.findData(self._uid))
            self.edit_wanted.emit()
        elif chosen and chosen != self._uid:
            self.profile_chosen.emit(chosen)


def _address(profile: Profile) -> str:
    return f"{profile.protocol}\n{shown_url(profile.base_url)}"


class _EndpointCombo(ElidingCombo):
    """A list that somebody else opens.

    Signals:
        opened: the list shall be opened.
    """

    opened = Signal()

    def showPopup(self) -> None:
        self.opened.emit()


class _ModelCombo(QComboBox):
    """An editable list of models that completes what is typed.

    Signals:
        opened: the list was opened.
    """

    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.line = ElidingLine()
        self.line.setPlaceholderText(tr("model"))
        self.setLineEdit(self.line)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)

    def showPopup(self) -> None:
        self.opened.emit()
        if self.count():  # else a blank line would open
            super().showPopup()

    def set_model(self, model: str) -> None:
        blocked = self.blockSignals(True)
        self.setEditText(model)
        self.line.setCursorPosition(0)
        self.setToolTip(plain_tip(model))
        self.blockSignals(blocked)

    def set_models(self, models: Sequence[str]) -> None:
        typed = self.currentText()
        blocked = self.blockSignals(True)
        self.clear()
        self.addItems(list(models))
        self.setCurrentIndex(-1)
        self.setEditText(typed)
        self.line.setCursorPosition(0)
        self.blockSignals(blocked)
