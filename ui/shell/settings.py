"""The settings: colours, limits, what is kept and where. A change counts at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QDialog, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app import __version__
from app.text.languages import LANGUAGES
from app.text.sentences import message, tr
from ui.style.theme import text_scale
from ui.widgets.fields import NumberField, WrapLabel
from ui.widgets.form_grid import FormGrid
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.segmented import Segmented

if TYPE_CHECKING:
    from app.store.keys import KeyStore
    from app.store.settings import Settings

MIB = 1 << 20
MAX_MIB = 1_000_000
MAX_RUNS = 1_000_000
WIDTH, BESIDE = 660, 40  # of text of the usual size; what is left of the screen
THEMES = (("system", message("As the system")), ("light", message("Light")), ("dark", message("Dark")))
CODES = ("", *LANGUAGES)


NAMES = (
    message("Language"),
    message("Colours"),
    message("Motion"),
    message("Answer limit"),
    message("Runs"),
    message("Runs limit"),
    message("History limit"),
    message("History size"),
    message("All history"),
    message("Addresses"),
    message("Keys"),
    message("Profiles and settings"),
    message("Folder of runs"),
)
"""The titles of all, in their order."""


class SettingsDialog(QDialog):
    """What is changed counts and is saved at once: there is no OK.

    Signals:
        language_chosen: another language is saved. theme_chosen: "system", "light" or "dark".
        motion_chosen: whether little shall move.
        delete_wanted: all history shall be deleted; it is asked first.
    """

    language_chosen = Signal()
    theme_chosen = Signal(str)
    motion_chosen = Signal(bool)
    delete_wanted = Signal()

    def __init__(
        self,
        settings: Settings,
        save: Callable[..., str],
        keys: KeyStore,
        folders: Sequence[tuple[str, Path]],
        problem: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`save` takes changed fields by name and returns a sentence where that failed. `problem` is the file's.

        `folders` have messages for titles.
        """
        super().__init__(parent)
        self._save, self._keys = save, keys
        self.setWindowTitle(tr("Settings"))
        self.setObjectName("settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.waits_for: Callable[[], bool] = bool  # whether something runs, that another language waits for
        self.language = Segmented([tr("As the system"), *LANGUAGES.values()], tr("Language"))
        self.language.set_index(CODES.index(settings.language) if settings.language in CODES else -1)
        self._waits = _hint("")
        self.theme = Segmented([tr(title) for _, title in THEMES], tr("Colours"))
        self.theme.set_index([name for name, _ in THEMES].index(settings.theme))
        self.body_limit = _mebibytes(tr("The limit of one answer (in MiB)"), settings.body_bytes)
        self.journal_limit = _mebibytes(tr("The limit of all runs (in MiB)"), settings.journal_bytes)
        self.history_runs = NumberField(tr("The limit of the history (in runs)"), 1, MAX_RUNS)
        self.history_runs.set_value(settings.history_runs)
        self.history_limit = _mebibytes(tr("The limit of the history (in MiB)"), settings.history_bytes)
        self.keep_runs, self.memory = (
            QCheckBox(tr("Keep runs after they have ended")),
            QCheckBox(tr("Keep new keys in memory only, until Diptych closes")),
        )
        self.keep_runs.setChecked(settings.keep_runs)
        self.memory.setChecked(keys.in_memory)
        self.ask_other_paths = QCheckBox(tr("Where nothing answers, ask other paths of the same address"))
        self.ask_other_paths.setChecked(settings.ask_other_paths)
        self.reduce_motion = QCheckBox(tr("Reduce motion"))
        self.reduce_motion.setChecked(settings.reduce_motion)
        self.delete_all = QPushButton(tr("Delete all history…"))
        self.delete_all.setAutoDefault(False)
        self._trouble = WrapLabel(problem, role="bad")
        fields = (
            self.language.pressed, self.theme.pressed, self.reduce_motion, self.body_limit, self.keep_runs, self.journal_limit,
            self.history_runs, self.history_limit, self.delete_all, self.ask_other_paths, self.memory,
        )  # fmt: skip
        self._fields: dict[str, QWidget] = dict(zip(NAMES, fields, strict=False))
        self._build(folders)
        self._connect()
        self._fit()

    def _build(self, folders: Sequence[tuple[str, Path]]) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(PlainLabel(tr("Settings"), bold=True, scale=1.15))
        layout.addWidget(self._trouble)
        grid = FormGrid()
        grid.setVerticalSpacing(10)
        grid.add(tr("Language"), _left(self.language), self.language)
        grid.add_below(self._waits)
        grid.add(tr("Colours"), _left(self.theme), self.theme)
        grid.add(tr("Motion"), self.reduce_motion)
        grid.add_below(_hint(tr("Nothing blinks, slides or fades, and what waits counts whole seconds.")))
        grid.add(tr("Answer limit"), _left(self.body_limit, "MiB"), self.body_limit)
        grid.add_below(_hint(tr("A longer answer is cut off there, the pane says so, and what came is kept.")))
        grid.add(tr("Runs"), self.keep_runs)
        grid.add_below(_hint(tr("While it goes on, a run is always written to disk, so that a crash loses nothing.")))
        grid.add(tr("Runs limit"), _left(self.journal_limit, "MiB"), self.journal_limit)
        grid.add_below(_hint(tr("The oldest runs are deleted beyond it.")))
        grid.add(tr("History limit"), _left(self.history_runs, tr("runs")), self.history_runs)
        grid.add(tr("History size"), _left(self.history_limit, "MiB"), self.history_limit)
        grid.add_below(_hint(tr("Beyond either the oldest go that are not pinned.")))
        grid.add(tr("All history"), _left(self.delete_all))
        grid.add(tr("Addresses"), self.ask_other_paths)
        grid.add_below(
            _hint(
                tr("A few empty requests, which no hosted model answers, to the same host only. The pane says what was asked.")
            )
        )
        grid.add(tr("Keys"), self.memory)
        grid.add_below(_hint(tr("Otherwise the system's keyring keeps them. None is ever in a file.")))
        for title, folder in folders:
            grid.add(tr(title), self._folder_line(title, folder))
        self._held = QWidget()
        self._held.setLayout(grid)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._held)
        layout.addWidget(self._area, 1)
        layout.addLayout(self._foot())

    def _fit(self) -> None:
        """As wide as the text is large and as high as all of it, within the screen: what has no room there scrolls."""
        screen, layout, inside = self.screen().availableGeometry(), self.layout(), self._held.layout()
        assert layout is not None
        assert inside is not None
        width = max(self.width(), min(round(WIDTH * max(1.0, text_scale())), screen.width() - BESIDE))
        self.setMinimumWidth(min(width, WIDTH))
        around = layout.contentsMargins().left() + layout.contentsMargins().right()
        needed = inside.totalHeightForWidth(width - around) if inside.hasHeightForWidth() else inside.sizeHint().height()
        rest = layout.sizeHint().height() - self._area.sizeHint().height()
        self.resize(width, min(needed + rest, screen.height() - BESIDE))

    def go_to(self, title: str) -> None:
        """Put the keyboard on the setting of that title; nothing for none."""
        if (field := self._fields.get(title)) is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._area.ensureWidgetVisible(field)

    def _folder_line(self, title: str, folder: Path) -> QHBoxLayout:
        path = ElidedLabel()
        path.set_text(str(folder), "muted")
        button = QPushButton(tr("Open folder"))
        button.setAutoDefault(False)
        button.setAccessibleName(tr("Open folder: {title}", title=tr(title)))
        button.clicked.connect(lambda: self._on_open(folder))
        self._fields[title] = button
        line = QHBoxLayout()
        line.addWidget(path, 1)
        line.addWidget(button)
        return line

    def _foot(self) -> QHBoxLayout:
        about = PlainLabel(tr("Diptych {version} · MIT licence", version=__version__), role="muted", scale=0.92)
        close = QPushButton(tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        line = QHBoxLayout()
        line.addWidget(about, 1)
        line.addWidget(close)
        return line

    def _connect(self) -> None:
        self.language.chosen.connect(self._on_language)
        self.theme.chosen.connect(self._on_theme)
        self.body_limit.textEdited.connect(lambda: self._keep_size("body_bytes", self.body_limit))
        self.journal_limit.textEdited.connect(lambda: self._keep_size("journal_bytes", self.journal_limit))
        self.history_limit.textEdited.connect(lambda: self._keep_size("history_bytes", self.history_limit))
        self.history_runs.textEdited.connect(lambda: self._keep_size("history_runs", self.history_runs, 1))
        self.delete_all.clicked.connect(self.delete_wanted)
        self.keep_runs.clicked.connect(lambda on: self._keep(keep_runs=on))
        self.memory.clicked.connect(self._on_memory)
        self.reduce_motion.clicked.connect(self._on_motion)
        self.ask_other_paths.clicked.connect(lambda on: self._keep(ask_other_paths=on))

    def _on_language(self, index: int) -> None:
        """It counts at once; while something runs, once that has ended."""
        self._keep(language=CODES[index])
        self._waits.show_text(tr("The window turns to it as soon as what runs has ended.") if self.waits_for() else "")
        self._fit()
        self.language_chosen.emit()

    def _on_theme(self, index: int) -> None:
        name = THEMES[index][0]
        self._keep(theme=name)
        self.theme_chosen.emit(name)

    def _on_motion(self, on: bool) -> None:
        self._keep(reduce_motion=on)
        self.motion_chosen.emit(on)

    def _on_memory(self, on: bool) -> None:
        if on:
            self._keys.use_memory()
        else:
            self._keys.use_keyring()

    def _keep_size(self, name: str, field: NumberField, unit: int = MIB) -> None:
        """Keep a size where it is one; else say what is wrong with it."""
        if (size := field.value()) is None:
            self._trouble.show_text(tr("{fault}.", fault=field.fault))
        else:
            self._keep(**{name: round(size * unit)})

    def _keep(self, **changes: object) -> None:
        self._trouble.show_text(self._save(**changes))
        self._fit()

    def _on_open(self, folder: Path) -> None:
        if not folder.is_dir():
            self._trouble.show_text(tr("{folder} does not exist yet: nothing was saved there.", folder=folder))
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._trouble.show_text(tr("No program opens folders here. The folder is {folder}.", folder=folder))
        self._fit()


def _mebibytes(name: str, size_bytes: int) -> NumberField:
    field = NumberField(name, 1, MAX_MIB)
    field.set_value(max(1, round(size_bytes / MIB)))
    return field


def _hint(text: str) -> WrapLabel:
    return WrapLabel(text, role="muted", scale=0.92)


def _left(widget: QWidget, unit: str = "") -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addWidget(widget)
    line.addWidget(PlainLabel(unit, role="muted"))
    line.addStretch(1)
    return line
