"""The window: the rail of pages, the menus, the keys; and files that are opened, saved or dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QDragEnterEvent, QDropEvent, QFontMetrics, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.recording.records import RunFileError
from app.store.files import StoreError, write_atomically
from app.store.run_file import SUFFIX, open_run, save_run
from app.text import numbers
from ui.compare.page import ComparePage
from ui.shared.services import Services
from ui.style.icons import icon
from ui.style.theme import Theme, colors, font

RUNS = f"Runs (*{SUFFIX});;All files (*)"


class Place(msgspec.Struct):
    """A page in the rail: its title, icon, and how it is made when it is first turned to."""

    key: str
    title: str
    icon: str
    make: Callable[[], QWidget]
    page: QWidget | None = None


class MainWindow(QMainWindow):
    """The window.

    Attributes:
        compare: the first page.

    Signals:
        closed: the window was closed; the program may end.
    """

    closed = Signal()

    def __init__(self, services: Services, theme: Theme) -> None:
        super().__init__()
        self.services, self.theme = services, theme
        self.compare = ComparePage(services)
        self._places: list[Place] = []
        self._rail_buttons = QButtonGroup(self)
        self._pages = QStackedWidget()
        self._settings_opener: Callable[[], None] | None = None
        self.setWindowTitle("Diptych")
        self.setMinimumSize(900, 560)
        self.setAcceptDrops(True)
        self._lay_out()
        self._build_actions()
        self.add_page("compare", "Compare", "compare", lambda: self.compare)
        self.show_page("compare")
        theme.changed.connect(self._recolor)
        self.compare.run_changed.connect(self._on_run_changed)
        self.compare.export_wanted.connect(self._export_side)
        self._on_run_changed()
        self._restore_geometry()
        self.compare.bar.prompt.setFocus()

    # -- building -----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        rail = QFrame()
        rail.setObjectName("rail")
        rail.setFixedWidth(_rail_width() + 12)
        self._rail = QVBoxLayout(rail)
        self._rail.setContentsMargins(6, 10, 6, 10)
        self._rail.setSpacing(6)
        self._rail.addStretch(1)
        self._settings_button = self._rail_button("Settings", "settings")
        self._settings_button.setCheckable(False)
        self._settings_button.clicked.connect(self._open_settings)
        self._settings_button.hide()
        self._rail.addWidget(self._settings_button)
        self._rail_frame = rail
        center = QWidget()
        row = QHBoxLayout(center)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(rail)
        row.addWidget(self._pages, 1)
        self.setCentralWidget(center)
        self._rail_buttons.idClicked.connect(lambda index: self.show_page(self._places[index].key))

    def _rail_button(self, title: str, icon_name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("rail")
        button.setText(title)
        button.setProperty("iconName", icon_name)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(20, 20))
        button.setFont(font(0.9))
        button.setFixedSize(_rail_width(), 40 + button.fontMetrics().height())
        button.setCheckable(True)
        button.setAccessibleName(title)
        button.setIcon(icon(icon_name, colors().text))
        return button

    def add_page(self, key: str, title: str, icon_name: str, make: Callable[[], QWidget]) -> None:
        """Put a page into the rail. `make` is called when the page is first turned to; Ctrl+1, 2 … follow the order."""
        number = len(self._places)
        self._places.append(Place(key, title, icon_name, make))
        button = self._rail_button(title, icon_name)
        self._rail_buttons.addButton(button, number)
        self._rail.insertWidget(number, button)
        # With one page there is nothing to choose from.
        self._rail_frame.setVisible(number > 0 or self._settings_opener is not None)
        action = self._action(title, lambda: self.show_page(key), f"Ctrl+{number + 1}", self._view_menu)
        self._view_menu.insertAction(self._view_separator, action)

    def set_settings(self, opener: Callable[[], None]) -> None:
        """What Settings (in the rail's foot and on Ctrl+,) opens."""
        self._settings_opener = opener
        self._settings_button.show()
        self._rail_frame.show()
        self._settings_action.setEnabled(True)

    def show_page(self, key: str) -> QWidget:
        """Turn to a page; returns it."""
        number, place = next((number, one) for number, one in enumerate(self._places) if one.key == key)
        if place.page is None:
            place.page = place.make()
            self._pages.addWidget(place.page)
        self._pages.setCurrentWidget(place.page)
        self._rail_buttons.button(number).setChecked(True)
        return place.page

    # -- actions ------------------------------------------------------------------------------------------------------

    def _build_actions(self) -> None:
        bar, page = self.menuBar(), self.compare
        file = bar.addMenu("&File")
        self._action("&Open run…", self.ask_open, "Ctrl+O", file)
        self._save = self._action("&Save run as…", self.ask_save, "Ctrl+S", file)
        self._export = QMenu("&Export events", file)
        for side in ("a", "b"):
            for kind, title in (("jsonl", "JSON lines"), ("csv", "CSV")):
                work = partial(self._export_side, side, kind)
                self._action(f"Export the events of side {side.upper()} as {title}…", work, "", self._export)
        file.addMenu(self._export)
        file.addSeparator()
        self._action("&Quit", self.close, "Ctrl+Q", file)
        request = bar.addMenu("&Request")
        self._run = self._action("&Run both", page.run, "Ctrl+Return", request)
        self._run.setShortcuts([QKeySequence("Ctrl+Enter"), QKeySequence("Ctrl+Return")])
        self._stop = self._action("S&top", page.stop, "Esc", request)
        request.addSeparator()
        self._action("Choose endpoint &A", page.a.row.profiles.setFocus, "Ctrl+L", request)
        self._action("Choose endpoint &B", page.b.row.profiles.setFocus, "Ctrl+Shift+L", request)
        self._action("Edit the &prompt", page.bar.prompt.setFocus, "Ctrl+P", request)
        request.addSeparator()
        self._action("&Find in events", page.find_in_events, "Ctrl+F", request)
        self._action("&Copy as curl", page.copy_as_curl, "Ctrl+Shift+C", request)
        self._build_view_menu()
        help_menu = bar.addMenu("&Help")
        self._action("&Commands…", self.open_palette, "Ctrl+K", help_menu)
        self._action("&Keyboard shortcuts", self._open_shortcuts, "F1", help_menu)
        self._action("&About Diptych", self._open_about, "", help_menu)

    def _build_view_menu(self) -> None:
        self._view_menu = self.menuBar().addMenu("&View")
        self._view_separator = self._view_menu.addSeparator()
        group = QActionGroup(self)
        for mode, title in (("system", "Colours of the &system"), ("light", "&Light"), ("dark", "&Dark")):
            action = self._action(title, partial(self._set_theme, mode), "", self._view_menu)
            action.setCheckable(True)
            action.setChecked(mode == self.theme.mode)
            group.addAction(action)
        self._view_menu.addSeparator()
        self._settings_action = self._action("Se&ttings…", self._open_settings, "Ctrl+,", self._view_menu)
        self._settings_action.setEnabled(False)

    def _action(self, title: str, work: Callable[[], object], keys: str, menu: QMenu) -> QAction:
        action = QAction(title, self)
        action.triggered.connect(lambda _=False: work())
        if keys:
            action.setShortcut(QKeySequence(keys))
        menu.addAction(action)
        return action

    @property
    def commands(self) -> list[QAction]:
        """Every action of the menus, in their order."""
        found: list[QAction] = []

        def gather(actions: Iterable[QAction]) -> None:
            for action in actions:
                submenu = action.menu()
                if isinstance(submenu, QMenu):
                    gather(submenu.actions())
                elif not action.isSeparator():
                    found.append(action)

        gather(self.menuBar().actions())
        return found

    def open_palette(self) -> None:
        """All commands, filtered as you type."""
        from ui.shell.palette import Palette

        Palette(self.commands, self).open()

    def _open_shortcuts(self) -> None:
        from ui.shell.shortcuts import ShortcutsDialog

        self._show_dialog(ShortcutsDialog(self.commands, self))

    def _open_about(self) -> None:
        from ui.shell.about import AboutDialog

        self._show_dialog(AboutDialog(self))

    @staticmethod
    def _show_dialog(dialog: QWidget) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def _open_settings(self) -> None:
        if self._settings_opener is not None:
            self._settings_opener()

    def _set_theme(self, mode: str) -> None:
        if mode in ("system", "light", "dark"):
            self.theme.set_mode(mode)  # type: ignore[arg-type]
            self.services.save_settings(theme=mode)

    def _recolor(self) -> None:
        for button in self._rail_frame.findChildren(QToolButton):
            button.setIcon(icon(str(button.property("iconName")), colors().text))
        self.compare.recolor()

    def _on_run_changed(self) -> None:
        running, has_run = self.compare.session.running, bool(self.compare.session.recordings)
        self._stop.setEnabled(running)
        self._run.setEnabled(not running)
        self._save.setEnabled(has_run and not running)
        self._export.setEnabled(has_run)

    # -- files --------------------------------------------------------------------------------------------------------

    def ask_open(self) -> None:
        """Ask which run to open."""
        from PySide6.QtWidgets import QFileDialog  # not needed to show the window, and slow to import

        name, _ = QFileDialog.getOpenFileName(self, "Open run", "", RUNS)
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Open a run from a file."""
        self.services.spawn(self._open(path))

    async def _open(self, path: Path) -> None:
        self.compare.stop()
        await self.compare.session.wait()
        try:
            opened, recordings = await asyncio.to_thread(open_run, path)
        except RunFileError as error:
            return self._complain("The run can't be opened", str(error))
        self.show_page("compare")
        return self.compare.show_file(path, opened, recordings)

    def ask_save(self) -> None:
        """Ask where to, and save the run."""
        name = self._ask_where("Save run", f"run{SUFFIX}", RUNS)
        if name:
            self.save_file(Path(name))

    def _ask_where(self, title: str, name: str, kinds: str = "") -> str:
        """Ask where to save; "" for nowhere. A name that is typed without its ending gets that of `name`."""
        from PySide6.QtWidgets import QFileDialog

        dialog = QFileDialog(self, title, "", kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(Path(name).suffix)
        dialog.selectFile(name)
        chosen = dialog.selectedFiles()[0] if dialog.exec() else ""
        dialog.deleteLater()
        return chosen

    def save_file(self, path: Path) -> None:
        """Save the run that is shown."""
        session = self.compare.session
        if session.opened is None or session.running:
            return None
        try:
            save_run(path, session.opened, session.recordings)
        except StoreError as error:
            return self._complain("The run could not be saved", str(error))
        return self.compare.say(f"The run is saved in {path}.", "ok")

    def _export_side(self, side: str, kind: str) -> None:
        pane = self.compare.b if side == "b" else self.compare.a
        one = pane.exchange
        if one is None or not len(one.events):
            return self._complain("There is nothing to export", f"Side {side.upper()} has no events.")
        from app.formats.events import as_csv, as_jsonl

        name = self._ask_where("Export events", f"events-{side}.{kind}")
        if not name:
            return None
        try:
            write_atomically(Path(name), as_csv(one) if kind == "csv" else as_jsonl(one))
        except OSError as error:
            return self._complain("The events could not be exported", f"{name}: {error.strerror or error}")
        return self.compare.say(f"{numbers.plural(len(one.events), 'event')} of side {side.upper()} are saved in {name}.", "ok")

    def _complain(self, title: str, text: str) -> None:
        from PySide6.QtWidgets import QMessageBox

        from app.text.visible import visible

        title = visible(title)
        box = QMessageBox(QMessageBox.Icon.Warning, title, "", QMessageBox.StandardButton.Ok, self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(title)
        box.setInformativeText(visible(text))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        local = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if local:
            event.acceptProposedAction()
            self.open_file(Path(local[0]))

    # -- the end ------------------------------------------------------------------------------------------------------

    def _restore_geometry(self) -> None:
        self.resize(1280, 820)
        saved = self.services.settings.window_geometry
        if saved:
            self.restoreGeometry(QByteArray.fromBase64(QByteArray(saved.encode("ascii", "replace"))))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.services.save_settings(window_geometry=bytes(self.saveGeometry().toBase64().data()).decode("ascii"))
        self.compare.stop()
        event.accept()
        self.closed.emit()


def _rail_width() -> int:
    """As wide as the longest title, in bold, needs it: people choose larger fonts than ours."""
    return max(76, QFontMetrics(font(0.9, bold=True)).horizontalAdvance("Endpoints") + 14)
