"""Text from outside, in every widget of the window: shown letter by letter, never obeyed."""

from __future__ import annotations

import asyncio
import unicodedata
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtGui import Qt as RichText  # QtGui adds the function to the namespace
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)

from app.asking.drafts import Offered
from app.asking.environment import Offer
from app.asking.verdicts import Verdict, VerdictRow, Words
from app.formats.curl import Pasted
from app.formats.endpoint_files import Found
from app.protocols.ids import CHAT
from app.recording.recording import Recording
from app.recording.records import Headed, ProfileNote
from app.request_fields import attachment
from app.run.diff.texts import compare_texts
from app.store.files import config_folder, private_folder
from app.store.keys import KeyStore
from app.store.profiles import Prices, Profile, ProfileStore
from app.store.settings import Settings
from tests.builders import event, messages_end, messages_start, messages_text, recording
from tests.ui.checks.made import HOSTILE as HOSTILE_TITLE
from tests.ui.checks.made import known_many, many
from tests.ui.compare.test_panes import show
from tests.ui.conftest import Ui
from ui.compare.diff.marked_text import MarkedText
from ui.compare.diff.rows_table import RowsTable
from ui.compare.tabs import TABS
from ui.endpoints.add_endpoint import AddEndpointDialog
from ui.endpoints.found_dialog import FoundDialog
from ui.endpoints.import_offers import ImportOffersDialog
from ui.present.presentation import Presentation
from ui.shared.complain import complain
from ui.shared.confirm import ConfirmDialog
from ui.shared.key_dialog import KeyDialog
from ui.shell.pages import CHECKS, ENDPOINTS
from ui.shell.settings import SettingsDialog
from ui.widgets.notice import Notice
from ui.widgets.segments import Segment

MARKUP = "<b>x</b><img src=x>&amp;&Go{x}{0}{}}{**"  # also what a template would take for a field
HOSTILE = MARKUP + "\u202egnp\u2066\x1b[31m\x9b2J\x07\u200e"
OURS = "\u2060"  # between a place and its number
_HIDDEN = ("Cc", "Cf", "Zl", "Zp")
_KEPT = "\n\t\u200b\u200c\u200d"


def hidden_in(text: str) -> set[str]:
    """The control and direction characters in a text."""
    return {char for char in text if unicodedata.category(char) in _HIDDEN and char not in _KEPT}


def faults_of(widget: QWidget) -> list[str]:
    """What a widget would obey of the text it shows."""
    said = [*_of_tip(widget.toolTip()), *_of_tip(widget.statusTip()), *_of_tip(widget.whatsThis())]
    if isinstance(widget, QLabel) and widget.text():
        if widget.textFormat() is not Qt.TextFormat.PlainText:
            said.append(f"label of format {widget.textFormat()}: {widget.text()!r}")
        if hidden_in(widget.text()):
            said.append(f"label with hidden characters: {widget.text()!r}")
    if isinstance(widget, QAbstractButton) and _is_mnemonic(widget.text()):
        said.append(f"button that swallows an ampersand: {widget.text()!r}")
    if isinstance(widget, QAbstractItemView) and (model := widget.model()) is not None:
        said += _of_items(model)
    if isinstance(widget, QComboBox):
        said += _of_items(widget.model())
    if isinstance(widget, QTextEdit) and "<img" in widget.toHtml():
        said.append(f"rich text: {widget.toPlainText()!r}")
    return [f"{type(widget).__name__} {widget.accessibleName()!r}: {one}" for one in said]


def _is_mnemonic(text: str) -> bool:
    """Whether a part of the hostile text is in there with an ampersand that Qt takes for a mnemonic."""
    return ("amp;" in text or "Go" in text) and "&" in text.replace("&&", "")


def _of_tip(text: object) -> list[str]:
    if not isinstance(text, str) or not text:
        return []
    if RichText.mightBeRichText(text):
        return [f"tip with markup: {text!r}"]
    return [f"tip with hidden characters: {text!r}"] if hidden_in(text) else []


def _of_items(model: QAbstractItemModel) -> list[str]:
    out: list[str] = []
    for row in range(min(model.rowCount(QModelIndex()), 50)):
        # A list's own count of columns is private to it.
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())):
            index = model.index(row, column, QModelIndex())
            out += _of_tip(index.data(Qt.ItemDataRole.ToolTipRole))
    return out


def all_faults() -> list[str]:
    """Those of every widget there is, and of the actions."""
    widgets = [one for top in QApplication.topLevelWidgets() for one in (top, *top.findChildren(QWidget))]
    assert len(widgets) > 50
    found = [fault for widget in widgets for fault in faults_of(widget)]
    actions = {id(action): action for widget in widgets for action in (*widget.actions(), *widget.findChildren(QAction))}
    found += [f"action: {one.text()!r}" for one in actions.values() if _is_mnemonic(one.text())]
    return found + [f"title: {one.windowTitle()!r}" for one in QApplication.topLevelWidgets() if hidden_in(one.windowTitle())]


def shown_texts() -> list[str]:
    """Everything that a label, a button, a list or a field shows now."""
    out: list[str] = []
    for top in QApplication.topLevelWidgets():
        for widget in top.findChildren(QWidget):
            match widget:
                case QLabel() | QLineEdit() | QAbstractButton():
                    out.append(widget.text())
                case QPlainTextEdit() | QTextEdit():
                    out.append(widget.toPlainText())
                case QComboBox():
                    out += [widget.itemText(index) for index in range(widget.count())]
            out.append(widget.accessibleName())
    return out


def hostile_recording(side: str, *, status: int = 200) -> Recording:
    name = HOSTILE.replace("\x1b", "")
    pieces = [(600.0, messages_start(model=HOSTILE)), (605.0, event(name.replace("\r", ""), what=HOSTILE))]
    pieces += [(606.0, f": {HOSTILE}\n\n".encode()), (610.0, messages_text(HOSTILE)), (620.0, messages_end(4, HOSTILE))]
    if status != 200:
        pieces = [(600.0, event("error", error={"type": HOSTILE, "message": HOSTILE}))]
    headers = (("content-type", "text/event-stream"), ("server", HOSTILE), ("x-<b>", HOSTILE), ("request-id", HOSTILE))
    made = recording(pieces, side=side, model=HOSTILE, headers=headers, status=status)  # type: ignore[arg-type]
    note = ProfileNote(HOSTILE, f"https://{HOSTILE}", made.envelope.protocol, label=HOSTILE)
    made.envelope = msgspec.structs.replace(made.envelope, profile=note, scenario=HOSTILE, model=HOSTILE, app_version=HOSTILE)
    made.head = Headed(status, HOSTILE, "HTTP/1.1", headers)
    return made


@pytest.mark.parametrize("status", [200, 401, 500])
def test_an_opened_run_of_hostile_words(ui: Ui, status: int) -> None:
    async def scene() -> None:
        await show(ui, hostile_recording("a", status=status), hostile_recording("b"))
        for tab in range(len(TABS)):
            for pane in ui.page.panes.values():
                pane.set_tab(tab)
            await asyncio.sleep(0)
            assert all_faults() == []
        ui.page.a.events.go_to(0)
        assert all_faults() == []
        assert any(MARKUP in text for text in shown_texts())

    ui.play(scene())


@pytest.mark.qt_log_ignore("does not support")  # offscreen has no popups of its own
def test_what_differs_and_the_presentation_of_hostile_words(ui: Ui) -> None:
    async def scene() -> None:
        other = hostile_recording("b")
        other.body.data[:] = other.body.data.replace(b"2J", b"3J")  # as long, and another answer
        await show(ui, hostile_recording("a"), other)
        ui.page.diff.open()
        for line in ui.page.diff.view().lines.values():
            if line.isVisible():
                line.click()
            await asyncio.sleep(0)
            assert all_faults() == []
        table = ui.page.diff.view().findChildren(RowsTable)[0]
        table.selectAll()
        table.copy_rows()
        assert not hidden_in(QApplication.clipboard().text())
        ui.page.diff.close()
        ui.window.present()
        stage = ui.window.findChild(Presentation)
        assert stage is not None
        await asyncio.sleep(0)
        for card in stage.cards.values():
            assert not hidden_in(card.accessibleName() + card.answer.accessibleName() + "".join(card.answer.shown_lines))
        assert MARKUP in stage.cards["a"].accessibleName()
        assert all_faults() == []
        QTest.keyClick(stage, Qt.Key.Key_Escape)

    ui.play(scene())


def test_white_space_that_differs_is_shown_and_ends_no_line_of_its_own(ui: Ui) -> None:
    text = MarkedText("b", ui.window)
    text.show_diff(compare_texts("Hi.", "Hi. \x1c\x85\u2029\x0b"), 1)
    assert "␜" in text.toPlainText()
    assert not hidden_in(text.toPlainText().replace(OURS, ""))
    assert text.document().blockCount() == 1
    text.deleteLater()


@pytest.mark.qt_log_ignore("does not support")
def test_a_file_and_a_schema_of_hostile_names(ui: Ui) -> None:
    fields = ui.page.bar.fields
    chip = fields.chips["attachments"]
    picture = attachment(HOSTILE, b"\x89PNG\r\n\x1a\n")
    for one, value in ((chip, (picture,)), (fields.chips["schema"], {"properties": {HOSTILE: {}}})):
        one.setValue(value)
        assert not any(hidden_in(text) for text, *_ in one._parts())
        assert not hidden_in(one.accessibleName())
    assert all_faults() == []


@pytest.fixture
def hostile_profile(monkeypatch: pytest.MonkeyPatch) -> Profile:
    """A saved profile of hostile words, keys in memory."""
    private_folder(config_folder())
    store = ProfileStore()
    store.load()
    profile = Profile(
        HOSTILE, base_url=f"https://h.example/{HOSTILE}", model=HOSTILE, headers=(("X-A", MARKUP),), anthropic_version=HOSTILE,
        anthropic_beta=HOSTILE, proxy=f"http://{MARKUP}", ca_file=HOSTILE, prices=Prices(1), verify_tls=False, uid="hostile",
    )  # fmt: skip
    store.save(profile)
    monkeypatch.setattr(KeyStore, "__init__", _in_memory)
    return profile


def _in_memory(self: KeyStore) -> None:
    self._memory, self._in_memory, self._backend = {"hostile": "sk-0123456789abcdefghij"}, True, None


def test_a_profile_of_hostile_words_on_both_pages(hostile_profile: Profile, ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        page.sides.choose("a", "hostile")
        page.services.models.keep(hostile_profile, (HOSTILE + "2", HOSTILE + "3"))
        page.sides.check_model("a")
        page.notes.say(Segment(HOSTILE), actions=((HOSTILE, lambda: None),))
        page.a.show_notice(Notice(HOSTILE, HOSTILE, HOSTILE, HOSTILE * 40, actions=((HOSTILE, 1), (HOSTILE * 9, 2))))
        await asyncio.sleep(0)
        assert all_faults() == []
        assert HOSTILE in [page.a.row.profiles.itemText(index) for index in range(page.a.row.profiles.count())]
        endpoints = ui.window.show_page(ENDPOINTS)
        endpoints.select("hostile")
        assert all_faults() == []
        form = endpoints.view.form
        form.fold.setChecked(True)
        form.show_models((HOSTILE, HOSTILE + "2"), HOSTILE)
        endpoints.view.complain(HOSTILE, HOSTILE, (HOSTILE, lambda: None))
        row = VerdictRow("reachable", lambda: Words(HOSTILE, HOSTILE, HOSTILE), Verdict.FAIL, HOSTILE)
        endpoints.view.panel.show_rows((row,), running=False)
        await asyncio.sleep(0)
        assert all_faults() == []
        assert form.name.text() == HOSTILE

    ui.play(scene())


def _found(profile: Profile) -> list[Offered]:
    one = Found(HOSTILE, HOSTILE, Pasted(HOSTILE, CHAT, model=HOSTILE, key=HOSTILE, notes=(HOSTILE,)))
    return [Offered(one, profile, HOSTILE, ""), Offered(one, profile, "", HOSTILE)]


def test_the_dialogs_with_hostile_words(hostile_profile: Profile, ui: Ui) -> None:
    async def scene() -> None:
        window, keys = ui.window, ui.page.services.key_store
        offers = [Offer(HOSTILE, "environment", "key", masked=HOSTILE), Offer(HOSTILE, ".env", "base_url", masked=HOSTILE)]
        dialogs: list[QDialog] = [
            ConfirmDialog(HOSTILE, HOSTILE, HOSTILE, window),
            KeyDialog(hostile_profile, keys, why=HOSTILE, parent=window),
            ImportOffersDialog(offers, window),
            AddEndpointDialog([], window),
            FoundDialog(_found(hostile_profile), [(HOSTILE, HOSTILE)], in_memory=False, parent=window),
            SettingsDialog(Settings(), lambda **_: HOSTILE, keys, (Path(HOSTILE),), HOSTILE, window),
        ]
        complain(window, HOSTILE, HOSTILE)
        for dialog in dialogs:
            dialog.open()
        await asyncio.sleep(0)
        assert all_faults() == []
        assert sum(MARKUP in text or MARKUP.replace("&", "&&") in text for text in shown_texts()) >= 8
        for dialog in [*dialogs, *window.findChildren(QMessageBox)]:
            dialog.close()

    ui.play(scene())


def test_a_fault_would_be_seen(ui: Ui) -> None:
    ui.window.setToolTip(MARKUP)
    label, button = QLabel(MARKUP, ui.window), QPushButton(MARKUP, ui.window)
    assert {type(label).__name__, type(button).__name__} <= {fault.partition(" ")[0] for fault in all_faults()}
    assert any("tip with markup" in fault for fault in all_faults())
    label.deleteLater()
    button.deleteLater()


def test_checks_of_hostile_words(hostile_profile: Profile, ui: Ui) -> None:
    async def scene() -> None:
        page = ui.window.show_page(CHECKS)
        for side in ("a", "b"):
            page.setup.sides.choose(side, "hostile")
        page.services.models.keep(hostile_profile, (HOSTILE + "2", HOSTILE + "3"))
        await asyncio.sleep(0)
        assert all_faults() == []
        opened, recordings = many()
        note = ProfileNote(HOSTILE, f"https://{HOSTILE}", recordings[0].envelope.protocol, label=HOSTILE)
        for one in recordings:
            one.envelope = msgspec.structs.replace(one.envelope, profile=note, model=HOSTILE)
        await page.show_file(Path("x.diptych"), opened, recordings)
        hostile = next(name for name, row in page.run.rows.items() if row.check.title == HOSTILE_TITLE)
        page.follower.go_to(hostile)
        page.follower.list_all()
        for card in page.view.foot.lists.values():
            card.button.setChecked(True)
        await asyncio.sleep(0)
        assert all_faults() == []
        assert any(HOSTILE_TITLE[:20] in text for text in shown_texts())

    with known_many():
        ui.play(scene())
