"""The whole window in a language of brackets: what is shown outside them is no message, and stays English in every language."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTableView,
    QTabWidget,
    QTextEdit,
    QWidget,
)

from app.text.translation import translate_with
from tests.pseudo import outside, speak_pseudo
from tests.ui.conftest import Ui, delete_now
from ui.compare.tabs import TABS
from ui.endpoints.add_endpoint import AddEndpointDialog
from ui.present.card import AnswerArea, SideCard
from ui.present.presentation import Presentation
from ui.shared.key_dialog import KeyDialog
from ui.shell import dialogs
from ui.shell.about import AboutDialog
from ui.shell.help import KEYS, HelpDialog
from ui.shell.pages import CHECKS, COMPARE, ENDPOINTS, PAGES, STUDY
from ui.shell.palette import CommandPalette
from ui.shell.settings import SettingsDialog
from ui.shell.unsaved import UnsavedDialog
from ui.study.modes import LOAD

pytestmark = pytest.mark.qt_log_ignore("does not support")  # offscreen has no popups of its own

_WORD = re.compile(r"[A-Za-z][a-z]{2,}")
# Words that are the same in every language.
_SAME = re.compile(
    r"@?[\w/-]+ \d+\.\d+\.\d+|"  # a package with its version
    r"Ctrl\+\S+|Alt\+\S+|Shift\+\S+|\bEnter\b|\bEsc\b|"  # keys
    r"https?://\S+|(?:POST|GET) \S+|/[\w/.-]+|~/\S+|"  # addresses and files
    r"\b\w+[-_.]\w[\w.-]*|"  # names of models, fields, headers, files: claude-sonnet-4-6, max_tokens, prices.toml
    r"\b(?:Diptych|Python|PySide6|Qt|httpx|Debian GNU|Linux|English|Anthropic|OpenAI|Google|DeepSeek|Moonshot|Kimi|ClaudeAPI"
    r"|AI Prime Tech|OpenRouter|LiteLLM|Ollama|LM Studio|Claude Code|Codex|Postman|Bruno|Locust|Markdown|JUnit|Bearer|Node"
    r"|ping|Authorization|Messages|Chat Completions|Chat|Responses|Anthropic Messages|tok)\b"  # products and protocols
)


def shown_texts(top: QWidget) -> Iterator[tuple[QWidget, str]]:
    """What a window shows of words, and to whom hears it; what was typed or came from an endpoint is left out."""
    for one in (top, *top.findChildren(QWidget)):
        if isinstance(one, SideCard | AnswerArea):  # what they say of themselves is the answer
            continue
        if one.isHidden() and not isinstance(one, QMenu):
            continue
        yield one, one.toolTip()
        yield one, one.accessibleName()
        yield one, one.accessibleDescription()
        yield one, one.windowTitle()
        match one:
            case QLabel() | QAbstractButton():
                yield one, one.text()
            case QLineEdit():
                yield one, one.placeholderText()
            case QTextEdit() | QPlainTextEdit():
                yield one, one.placeholderText()
            case QGroupBox() | QMenu():
                yield one, one.title()
            case QComboBox():
                yield from ((one, one.itemText(number)) for number in range(one.count()))
            case QTabWidget():
                yield from ((one, one.tabText(number)) for number in range(one.count()))
            case QTableView():
                yield from ((one, text) for text in _head(one))
            case QHeaderView() | QAbstractItemView():
                pass
        yield from ((one, action.text()) for action in one.actions() if isinstance(action, QAction))


def _head(view: QTableView) -> Iterator[str]:
    model = view.model()
    if model is not None and not view.horizontalHeader().isHidden():
        for column in range(model.columnCount()):
            yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")


def room_of(widget: QWidget) -> str:
    """The module that the widget belongs to: of its class, or of the nearest part of ours that holds it."""
    one: QWidget | None = widget
    while one is not None:
        if type(one).__module__.startswith("ui."):
            return type(one).__module__
        one = one.parentWidget()
    return type(widget).__name__


def bare(top: QWidget) -> set[str]:
    """The texts with a word outside brackets, each with where it is."""
    return {
        f"{room_of(one)}: {text[:120]!r}"
        for one, text in shown_texts(top)
        if _WORD.search(_SAME.sub("", outside(re.sub(r"<[^>]*>", "", text))))
    }


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("ui.shell.application.use_language", lambda _code: True)  # the window would speak English
    speak_pseudo()
    yield
    translate_with(None)


@pytest.fixture
def spoken(pseudo: None, ui: Ui) -> Ui:
    """The window in that language from its first widget."""
    return ui


def test_nothing_is_shown_that_no_language_can_say(spoken: Ui) -> None:
    ui, found = spoken, set[str]()

    async def look(top: QWidget | None = None) -> None:
        await asyncio.sleep(0)
        found.update(bare(top or ui.window))
        if top is not None:
            top.close()
            delete_now(top)

    def opened(kind: type[QWidget]) -> QWidget:
        return next(one for one in ui.window.findChildren(kind) if one.isVisible())

    async def scene() -> None:
        for spec in PAGES:
            ui.window.show_page(spec)
            await look()
        ui.window.show_page(STUDY).choose_mode(LOAD)
        await look()
        profile = ui.window.services.demo.profiles[0]
        endpoints = ui.window.show_page(ENDPOINTS)
        endpoints.select(profile.uid)
        await look()
        endpoints.selection.begin(endpoints.selection.drafts.add_url("https://relay.invalid"))
        endpoints.view.form.fold.setChecked(True)
        await look()
        for dialog in (
            UnsavedDialog("[Endpoints]", ["a", "", "b", "c"], ui.window),
            KeyDialog(profile, ui.window.services.key_store, prefilled="YOUR_API_KEY", parent=ui.window),
        ):
            dialog.open()
            await look(dialog)
        endpoints.adding.ask()
        await look(opened(AddEndpointDialog))
        ui.window.show_page(CHECKS)
        ui.window.show_page(COMPARE)
        ui.ask_briefly()
        await ui.run()
        for tab in range(len(TABS) + 1):
            ui.page.b.tabs.button(tab).click()
            await look()
        ui.page.diff.open()
        await look()
        ui.page.diff.close()
        ui.window.open_settings()
        await look(opened(SettingsDialog))
        for at in ("start", KEYS):
            ui.window.open_help(at)
            await look(opened(HelpDialog))
        dialogs.open_about(ui.window)
        ui.window.findChildren(AboutDialog)[0].versions.clear()  # names of systems
        await look(opened(AboutDialog))
        ui.window.open_palette()
        await look(opened(CommandPalette))
        ui.window.present()
        await look(opened(Presentation))

    ui.play(scene())
    assert not found, "\n" + "\n".join(sorted(found))
