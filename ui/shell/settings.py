"""The settings: colours, limits, what is kept and where. A change counts at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QDialog, QFrame, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app import __version__
from app.text import numbers
from app.text.languages import LANGUAGES
from app.text.sentences import message, tr
from ui.shared.page import FIND_KEYS
from ui.shell.settings_rows import SettingRows
from ui.shell.settings_table import DELETE_ALL, JOURNALS, MEMORY, PROFILES, TABLE, found
from ui.style.theme import TEXT_PERCENTS, text_scale
from ui.widgets.bar import Bar
from ui.widgets.fields import FormCombo, NumberField, WrapLabel
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.segmented import Segmented
from ui.widgets.segments import Segment
from ui.widgets.whole_rows import WholeRows

if TYPE_CHECKING:
    from app.store.keys import KeyStore
    from app.store.settings import Settings

MIB = 1 << 20
MAX_MIB = 1_000_000
MAX_RUNS = 1_000_000
WIDTH, BESIDE = 700, 40  # of text of the usual size; what is left of the screen
THEMES = (("system", message("As the system")), ("light", message("Light")), ("dark", message("Dark")))
CODES = ("", *LANGUAGES)
TITLES = {one.name: one.title for one in TABLE}


class SettingsDialog(QDialog):
    """What is changed counts and is saved at once: there is no OK. What is reset can be undone until something else is changed.

    Attributes:
        undo: what a reset changed, as it was before, by name; empty where there is nothing to undo.

    Signals:
        language_chosen: another language is saved. theme_chosen: "system", "light" or "dark".
        motion_chosen: whether little shall move. text_chosen: the size of text in percent.
        delete_wanted: all history shall be deleted; it is asked first.
    """

    language_chosen = Signal()
    theme_chosen = Signal(str)
    motion_chosen = Signal(bool)
    text_chosen = Signal(int)
    delete_wanted = Signal()

    def __init__(
        self,
        settings: Settings,
        save: Callable[..., str],
        keys: KeyStore,
        folders: Sequence[Path],
        problem: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`save` takes changed fields by name and returns a sentence where that failed. `problem` is the file's.

        `folders`: that of profiles and settings, and that of runs.
        """
        super().__init__(parent)
        self._save, self._keys = save, keys
        self.setWindowTitle(tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.waits_for: Callable[[], bool] = bool  # whether something runs, that another language waits for
        self.undo: dict[str, object] = {}
        self._now: dict[str, object] = {one.name: getattr(settings, one.name) for one in TABLE if hasattr(settings, one.name)}
        self._now[MEMORY] = keys.in_memory
        first = type(settings)()
        self._first: dict[str, object] = {name: getattr(first, name, False) for name in self._now}
        self._make_fields()
        self._fields: dict[str, QWidget] = {
            "language": self.language, "theme": self.theme, "text_percent": self.text_size, "reduce_motion": self.reduce_motion,
            "notify": self.notify, "body_bytes": self.body_limit, "ask_other_paths": self.ask_other_paths,
            "keep_runs": self.keep_runs, "history_runs": self.history_runs, "history_bytes": self.history_limit,
            "journal_bytes": self.journal_limit, DELETE_ALL: self.delete_all, MEMORY: self.memory,
        }  # fmt: skip
        self._lines = {name: self._folder_line(name, one) for name, one in zip((PROFILES, JOURNALS), folders, strict=False)}
        for name, value in self._now.items():
            self._put(name, value)
        self._trouble = WrapLabel(problem, role="bad")
        self._build()
        self._connect()
        self._show_changed()
        self._fit()
        self.search.setFocus()

    # -- the parts --------------------------------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find a setting"))
        self.search.setAccessibleName(tr("Find a setting"))
        self.search.setClearButtonEnabled(True)
        self.language = Segmented([tr("As the system"), *LANGUAGES.values()], tr("Language"))
        self.theme = Segmented([tr(title) for _, title in THEMES], tr("Colours"))
        self.text_size = FormCombo(tr("Text size"), [(numbers.percent(one), one) for one in TEXT_PERCENTS])
        self.text_size.setMaximumWidth(round(110 * max(1.0, text_scale())))
        self.reduce_motion = QCheckBox(tr("Reduce motion"))
        self.notify = QCheckBox(tr("Tell on the desktop while the window is not in front"))
        self.body_limit = NumberField(tr("The limit of one answer (in MiB)"), 1, MAX_MIB)
        self.journal_limit = NumberField(tr("The limit of all runs (in MiB)"), 1, MAX_MIB)
        self.history_runs = NumberField(tr("The limit of the history (in runs)"), 1, MAX_RUNS)
        self.history_limit = NumberField(tr("The limit of the history (in MiB)"), 1, MAX_MIB)
        self.sizes = {
            "body_bytes": (self.body_limit, MIB), "journal_bytes": (self.journal_limit, MIB),
            "history_bytes": (self.history_limit, MIB), "history_runs": (self.history_runs, 1),
        }  # fmt: skip
        self.keep_runs = QCheckBox(tr("Keep runs after they have ended"))
        self.ask_other_paths = QCheckBox(tr("Ask other paths where nothing answers"))
        self.memory = QCheckBox(tr("Keep new keys in memory only"))
        self.ticks = {
            "keep_runs": self.keep_runs, "reduce_motion": self.reduce_motion, "notify": self.notify,
            "ask_other_paths": self.ask_other_paths, MEMORY: self.memory,
        }  # fmt: skip
        self.delete_all = QPushButton(tr("Delete all history…"))
        self.delete_all.setAutoDefault(False)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(tr("Settings"), bold=True, scale=1.15))
        head.addSpacing(24)
        head.addWidget(self.search, 1)
        layout.addLayout(head)
        layout.addWidget(self._trouble)
        self._waits = WrapLabel(role="muted", scale=0.92)
        layout.addWidget(self._waits)
        self.rows = SettingRows()
        for one in TABLE:
            if (field := self._fields.get(one.name)) is not None:
                unit = tr("runs") if one.name == "history_runs" else "MiB" if one.name in self.sizes else ""
                line = self._lines.get(one.name)
                can_reset = one.name in self._now
                self.rows.add_setting(one, line or field, unit, used=field if line else None, can_reset=can_reset)
        self._none = WrapLabel(role="muted")
        self.rows.addWidget(self._none, self.rows.rowCount(), 0, 1, 3)
        self.rows.setRowStretch(self.rows.rowCount(), 1)  # few lines stay above
        self._held = QWidget()
        self._held.setLayout(self.rows)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._held)
        WholeRows(self._area, "window")
        layout.addWidget(self._area, 1)
        layout.addLayout(self._foot())

    def _fit(self) -> None:
        """As wide as the text is large and as high as all of it, within the screen: what has no room there scrolls."""
        screen, layout = self.screen().availableGeometry(), self.layout()
        assert layout is not None
        around = layout.contentsMargins().left() + layout.contentsMargins().right()
        least = self.rows.minimumSize().width() + self._area.verticalScrollBar().sizeHint().width() + around
        width = max(self.width(), min(max(least, round(WIDTH * max(1.0, text_scale()))), screen.width() - BESIDE))
        self.setMinimumWidth(min(width, WIDTH))
        needed = self.rows.totalHeightForWidth(width - around)
        rest = layout.sizeHint().height() - self._area.sizeHint().height()
        self.resize(width, min(max(self.height(), needed + rest), screen.height() - BESIDE))

    def go_to(self, title: str) -> None:
        """Put the keyboard on the setting of that title; nothing for none."""
        name = next((name for name, one in TITLES.items() if one == title), "")
        if (field := self._fields.get(name)) is not None:
            field = field.pressed if isinstance(field, Segmented) else field
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._area.ensureWidgetVisible(field)

    def _folder_line(self, name: str, folder: Path) -> QWidget:
        path = ElidedLabel()
        path.set_text(str(folder), "muted")
        button = QPushButton(tr("Open folder"))
        button.setAutoDefault(False)
        button.setAccessibleName(tr("Open folder: {title}", title=tr(TITLES[name])))
        button.clicked.connect(lambda: self._on_open(folder))
        self._fields[name] = button
        held = QWidget()
        line = QHBoxLayout(held)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(path, 1)
        line.addWidget(button)
        return held

    def _foot(self) -> QHBoxLayout:
        self._about = PlainLabel(tr("Diptych {version} · MIT licence", version=__version__), role="muted", scale=0.92)
        self.said = Bar(framed=False)
        self.reset_all = QPushButton(tr("Reset all"))
        self.reset_all.setAutoDefault(False)
        close = QPushButton(tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        line = QHBoxLayout()
        line.addWidget(self._about, 1)
        line.addWidget(self.said, 1)
        line.addWidget(self.reset_all)
        line.addWidget(close)
        return line

    def _connect(self) -> None:
        self.search.textChanged.connect(self._on_find)
        for keys in FIND_KEYS:
            QShortcut(QKeySequence(keys), self).activated.connect(self.search.setFocus)
        self.language.chosen.connect(lambda index: self._choose("language", CODES[index]))
        self.theme.chosen.connect(lambda index: self._choose("theme", THEMES[index][0]))
        self.text_size.activated.connect(lambda _: self._choose("text_percent", self.text_size.currentData()))
        for name, (field, unit) in self.sizes.items():
            field.textEdited.connect(lambda _, name=name, field=field, unit=unit: self._on_size(name, field, unit))
        for name, tick in self.ticks.items():
            tick.clicked.connect(lambda on, name=name: self._choose(name, on))
        self.delete_all.clicked.connect(self.delete_wanted)
        self.rows.reset_wanted.connect(lambda name: self._reset([name]))
        self.reset_all.clicked.connect(lambda: self._reset(self._changed))

    # -- found as one types -----------------------------------------------------------------------------------------------

    def _on_find(self, typed: str) -> None:
        names = found(typed) & self._fields.keys()
        self.rows.show_only(names)
        self._none.show_text("" if names else tr("No setting is called that."))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc empties what is typed to find one, then closes; Enter there goes to the first that was found."""
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            self.search.setFocus()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.focusWidget() is self.search and self.search.text():
            names = found(self.search.text())
            self.go_to(next((one.title for one in TABLE if one.name in names and one.name in self._fields), ""))
        else:
            super().keyPressEvent(event)

    # -- a change ---------------------------------------------------------------------------------------------------------

    def _put(self, name: str, value: object) -> None:
        """Show a value in the field of its setting."""
        if name in self.sizes:
            field, unit = self.sizes[name]
            field.set_value(max(1, round(int(str(value)) / unit)))
        elif name in self.ticks:
            self.ticks[name].setChecked(bool(value))
        elif name == "text_percent":
            self.text_size.choose(min(TEXT_PERCENTS, key=lambda one: abs(one - int(str(value)))))
        elif name == "theme":
            self.theme.set_index([theme for theme, _ in THEMES].index(str(value)))
        elif name == "language":
            self.language.set_index(CODES.index(str(value)) if value in CODES else -1)

    def _choose(self, name: str, value: object) -> None:
        """Another value that the user chose."""
        self._forget_undo()
        self._take({name: value})

    def _take(self, values: Mapping[str, object]) -> None:
        """Save them, and have each count at once."""
        saved = {name: value for name, value in values.items() if name != MEMORY}
        self._now |= values
        self._trouble.show_text(self._save(**saved) if saved else "")
        for name, value in values.items():
            match name:
                case "memory":
                    (self._keys.use_memory if value else self._keys.use_keyring)()
                case "theme":
                    self.theme_chosen.emit(value)
                case "reduce_motion":
                    self.motion_chosen.emit(value)
                case "text_percent":
                    self.text_chosen.emit(value)
        self._show_changed()
        if "language" in values:  # last: where nothing runs, this window goes
            waits = tr("The window turns to it as soon as what runs has ended.")
            self._waits.show_text(waits if self.waits_for() else "")
            self.language_chosen.emit()
        self._fit()

    def _on_size(self, name: str, field: NumberField, unit: int) -> None:
        """Keep a size where it is one; else say what is wrong with it."""
        if (size := field.value()) is None:
            self._trouble.show_text(tr("{fault}.", fault=field.fault))
            self._show_changed()
        else:
            self._choose(name, round(size * unit))

    @property
    def _changed(self) -> list[str]:
        """The names of those that are not as at first, or show what can't be taken."""
        wrong = [name for name, (field, _) in self.sizes.items() if field.fault]
        return [name for name in self._now if self._now[name] != self._first[name] or name in wrong]

    def _show_changed(self) -> None:
        changed = self._changed
        self.rows.show_changed(changed)
        self.reset_all.setEnabled(bool(changed))

    # -- as it was at first -----------------------------------------------------------------------------------------------

    def _reset(self, names: Sequence[str]) -> None:
        self.offer_undo({name: self._now[name] for name in names})
        self.search.setFocus()  # the button that was pressed goes
        for name in names:
            self._put(name, self._first[name])
        self._take({name: self._first[name] for name in names})

    def offer_undo(self, before: Mapping[str, object]) -> None:
        """Say that these are as at first, and offer to have them as they were before."""
        self.undo = dict(before)
        if not self.undo:
            return
        title = tr(TITLES[next(iter(self.undo))]) if len(self.undo) == 1 else ""
        said = tr("{title:if {title}|{n:plural setting|settings}}: as at first.", title=title, n=len(self.undo))
        self._about.hide()
        self.said.say(Segment(said), actions=((tr("Undo"), self._on_undo),))

    def _on_undo(self) -> None:
        before = dict(self.undo)
        self._forget_undo()
        self.search.setFocus()
        for name, value in before.items():
            self._put(name, value)
        self._take(before)

    def _forget_undo(self) -> None:
        self.undo = {}
        self.said.say()
        self._about.show()

    def _on_open(self, folder: Path) -> None:
        if not folder.is_dir():
            self._trouble.show_text(tr("{folder} does not exist yet: nothing was saved there.", folder=folder))
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._trouble.show_text(tr("No program opens folders here. The folder is {folder}.", folder=folder))
        self._fit()
