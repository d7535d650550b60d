"""Asks what shall be exported, and as what: the kinds of files by their purpose, each with what it is for or what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QPushButton, QRadioButton, QVBoxLayout, QWidget

from app.text.sentences import tr
from app.text.visible import one_line, visible
from ui.widgets.labels import PlainLabel, plain_tip

WIDTH, NAME_CHARS = 600, 40


class Kind(msgspec.Struct, frozen=True):
    """`about` says in a sentence what it is for. `copies`: whether it can be put on the clipboard too."""

    key: str
    title: str
    about: str
    copies: bool = True


class ExportDialog(QDialog):
    """One choice of what, where there is one; one of as what.

    Attributes:
        kinds, scopes: the buttons, by their key and in the order given. about: of the kind that is chosen.
        save_button, copy_button: what is done with it.

    Signals:
        save_wanted, copy_wanted: the key of a kind, and the number of a scope.
    """

    save_wanted = Signal(str, int)
    copy_wanted = Signal(str, int)

    def __init__(
        self,
        columns: Sequence[Sequence[tuple[str, Sequence[Kind]]]],
        scopes: Sequence[str],
        lacks: Callable[[str, int], str],
        chosen: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`columns` stand beside each other; each holds groups of kinds with what they are for. `lacks`: why a kind can't be
        made of a scope, as a clause; "" where it can. `chosen`: the key of the kind that is chosen at first.
        """
        super().__init__(parent)
        self.setWindowTitle(tr("Export"))
        self.setAccessibleName(tr("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._known = {kind.key: kind for groups in columns for _, kinds in groups for kind in kinds}
        self._lacks = lacks
        self.kinds: dict[str, QRadioButton] = {}
        self.scopes: list[QRadioButton] = []
        self.about = PlainLabel(role="muted", wrap=True)
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.save_button, self.copy_button = QPushButton(tr("Save…")), QPushButton(tr("Copy"))
        self._group, self._scope_group = QButtonGroup(self), QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 16)
        layout.setSpacing(12)
        if len(scopes) > 1:
            layout.addLayout(self._scopes(scopes))
        layout.addLayout(self._columns(columns))
        layout.addWidget(self.about)
        layout.addLayout(self._buttons())
        self._choose_first(chosen)
        self.resize(max(WIDTH, self.sizeHint().width()), 10)
        self.about.setMinimumHeight(2 * self.about.fontMetrics().lineSpacing())

    def _scopes(self, titles: Sequence[str]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(14)
        for number, title in enumerate(titles):
            button = QRadioButton(one_line(visible(title), NAME_CHARS).replace("&", "&&"))
            button.setToolTip(plain_tip(title))
            button.setChecked(number == 0)
            button.toggled.connect(lambda _: self._refresh())
            self._scope_group.addButton(button)
            self.scopes.append(button)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _columns(self, columns: Sequence[Sequence[tuple[str, Sequence[Kind]]]]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(28)
        for groups in columns:
            column = QVBoxLayout()
            column.setSpacing(2)
            for number, (title, kinds) in enumerate(groups):
                if number:
                    column.addSpacing(10)
                column.addWidget(PlainLabel(title, bold=True))
                for kind in kinds:
                    column.addWidget(self._radio(kind))
            column.addStretch(1)
            row.addLayout(column, 1)
        return row

    def _radio(self, kind: Kind) -> QRadioButton:
        button = QRadioButton(kind.title.replace("&", "&&"))
        button.setAccessibleDescription(kind.about)
        button.setMinimumHeight(button.fontMetrics().height() + 8)  # the same in any script
        button.toggled.connect(lambda _: self._refresh())
        self._group.addButton(button)
        self.kinds[kind.key] = button
        return button

    def _buttons(self) -> QHBoxLayout:
        cancel = QPushButton(tr("Cancel"))
        for button in (cancel, self.copy_button):
            button.setAutoDefault(False)
        self.copy_button.setVisible(any(kind.copies for kind in self._known.values()))
        self.save_button.setObjectName("strong")
        self.save_button.setDefault(True)
        cancel.clicked.connect(self.reject)
        self.save_button.clicked.connect(lambda: self._done(self.save_wanted))
        self.copy_button.clicked.connect(lambda: self._done(self.copy_wanted))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.copy_button)
        row.addWidget(self.save_button)
        return row

    def _choose_first(self, chosen: str) -> None:
        button = self.kinds.get(chosen) or next(iter(self.kinds.values()))
        button.setChecked(True)
        button.setFocus()
        self._refresh()

    @property
    def chosen(self) -> tuple[str, int]:
        """The key of the kind that is chosen, and the number of the scope."""
        key = next((key for key, button in self.kinds.items() if button.isChecked()), "")
        return key, next((number for number, button in enumerate(self.scopes) if button.isChecked()), 0)

    def _refresh(self) -> None:
        """Say what the chosen kind is for; or why it can't be made, and then it can't be saved."""
        key, scope = self.chosen
        if not key:
            return
        why = self._lacks(key, scope)
        self.about.setText(tr("Not possible: {why}.", why=why) if why else self._known[key].about)
        self.about.set_role("warn" if why else "muted")
        self.save_button.setEnabled(not why)
        self.copy_button.setEnabled(not why and self._known[key].copies)

    def _done(self, signal: object) -> None:
        chosen = self.chosen
        self.accept()
        signal.emit(*chosen)  # type: ignore[attr-defined]  # WORKAROUND: PySide6 6.11.3's stubs know no bound signal
