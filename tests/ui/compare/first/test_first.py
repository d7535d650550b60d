"""The first screen: shown at the very first start alone, and each of its ways leads to two endpoints."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.store.presets import load_presets
from app.store.profiles import Profile
from tests.ui.conftest import Ui, save_profiles
from tests.ui.widgets.test_text_field import mime
from ui.compare.first.chosen import ChosenBox
from ui.compare.first.pasting import PasteField
from ui.compare.first.screen import MAKERS, FirstScreen
from ui.shell.pages import ENDPOINTS
from ui.widgets.labels import ElidedLabel

KEY = "sk-ant-made-up-0123456789abcdef"
CUT = "sk-made-up-0123456789''more456789"  # a shell makes one word of it
BLOCK = f"export ANTHROPIC_BASE_URL=https://relay.example\nexport ANTHROPIC_AUTH_TOKEN={KEY}"


def shown(ui: Ui) -> FirstScreen:
    assert ui.page.first.screen is not None
    return ui.page.first.screen


def test_each_maker_is_a_preset_of_an_official_endpoint() -> None:
    official = {one.name for one in load_presets() if one.official}
    assert {preset for _, _, preset in MAKERS} == official


@pytest.mark.first_start
def test_the_demo_runs_at_once_and_the_panes_have_the_room(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        assert shown(ui).isVisible()
        assert not page.a.isVisible()
        assert not page.bar.fields.isVisible()
        ui.ask_briefly()
        shown(ui).manner.setFocus()
        async with ui.begins():
            shown(ui).demo.click()
        assert page.first.screen is None
        assert ui.window.focusWidget() is page.bar.prompt
        assert page.a.isVisible()
        assert page.bar.fields.isVisible()
        assert page.sentence.isVisible()
        await ui.ended()

    ui.play(scene())


@pytest.mark.first_start
def test_the_keyboard_is_where_an_address_is_pasted_and_ctrl_enter_runs_the_demo_from_there(ui: Ui) -> None:
    async def scene() -> None:
        ui.ask_briefly()
        assert ui.window.focusWidget() is shown(ui).paste
        async with ui.begins():
            QTest.keyClick(shown(ui).paste, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await ui.ended()

    ui.play(scene())


@pytest.mark.first_start
def test_what_was_pasted_becomes_side_b_and_its_key_is_not_shown(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr("ui.endpoints.key_dialogs.KeyDialogs.ask", lambda _, key="", why="": asked.append((key, why)))

    async def scene() -> None:
        screen, page = shown(ui), ui.page
        for text, what in (("hello there, is this", ""), ("relay.example/v1", "an address"), (BLOCK, "a block of variables")):
            screen.paste.setPlainText(text)
            assert screen.paste.what == what
            assert screen.use.isEnabled() is bool(what)
        assert KEY not in screen.paste.toPlainText()
        QTest.keyClick(screen.paste, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert not ui.page.session.running, "not the demo: what was pasted"
        assert screen.paste.toPlainText() == ""
        endpoints = ui.window.page(ENDPOINTS)
        profile = endpoints.selection.own
        assert profile is not None
        assert (profile.base_url, profile.auth) == ("https://relay.example", "bearer")
        assert asked == [(KEY, "The variables hold this key. It was not stored anywhere yet.")]
        assert page.first.screen is screen  # nothing is saved yet
        endpoints.editing.save()
        assert page.sides.profile("b") == profile
        assert page.isVisible()  # one goes on where one came from
        assert page.first.screen is screen  # A has none yet
        assert screen.makers[0].isVisible()
        assert not screen.paste.isVisible()
        assert any(one.text == "✓ relay.example" for one in screen.findChildren(ElidedLabel) if one.isVisible())
        assert (page.bar.run.accessibleName(), screen.demo.accessibleName()) == ("Run both (Ctrl+Enter)", "Run the demo")
        assert KEY not in ui.window.services.profile_store.path.read_text()

    ui.play(scene())


@pytest.mark.first_start
def test_a_maker_becomes_side_a_and_a_dropped_env_file_side_b(ui: Ui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("ui.endpoints.key_dialogs.KeyDialogs.ask", lambda _, key="", why="": asked.append(key))

    async def scene() -> None:
        screen, endpoints = shown(ui), ui.window.page(ENDPOINTS)
        screen.makers[0].click()
        assert asked == [""]  # as the screen says, the key is asked for next
        assert endpoints.selection.own is not None
        assert endpoints.selection.own.base_url == "https://api.anthropic.com"
        endpoints.editing.save()
        side = ui.page.sides.profile("a")
        assert side is not None
        assert side.name == "Anthropic"
        env = tmp_path / ".env"
        env.write_text(BLOCK)
        before = endpoints.selection.uid
        screen.files_dropped.emit([env])
        await ui.until(lambda: endpoints.selection.uid != before, "the settings to be read")
        endpoints.editing.save()
        side = ui.page.sides.profile("b")
        assert side is not None
        assert side.base_url == "https://relay.example"
        assert ui.page.first.screen is None
        assert ui.page.a.isVisible()
        ui.window.keep_layout()
        settings = ui.window.services.settings  # both are there at the next start, though nothing was sent
        assert settings.side_b.profile == side.uid
        assert settings.side_a.profile == ui.page.sides.profile("a").uid  # type: ignore[union-attr]

    ui.play(scene())


@pytest.mark.first_start
def test_where_nothing_can_be_sent_the_panes_come_and_say_why(ui: Ui) -> None:
    async def scene() -> None:
        screen, endpoints = shown(ui), ui.window.page(ENDPOINTS)
        ui.page.sides.begin_endpoint("b", "https://relay.example/v1")
        endpoints.editing.save()
        screen.findChildren(ChosenBox)[1].beside.click()
        await ui.until(lambda: ui.page.first.screen is None, "the panes")
        assert ui.page.b.answer.notice is not None
        assert ui.page.sides.profile("b") == endpoints.selection.own
        assert (beside := ui.page.sides.profile("a")) is not None
        assert beside.uid == "demo-official-openai-chat", "what speaks as one's own endpoint does stands beside it"

    ui.play(scene())


@pytest.fixture
def with_a_profile() -> None:
    save_profiles(Profile("Mine", base_url="https://relay.example", uid="mine"))


@pytest.mark.first_start
@pytest.mark.usefixtures("with_a_profile")
class TestLater:
    def test_it_is_not_shown_where_there_is_an_endpoint_of_ones_own(self, ui: Ui) -> None:
        assert ui.page.first.screen is None
        assert ui.page.a.isVisible()


@pytest.mark.usefixtures("qapp")
def test_a_key_that_is_typed_is_masked_and_stays_whole(qtbot: QtBot) -> None:
    field = PasteField()
    qtbot.addWidget(field)
    field.show()
    block = "export ANTHROPIC_API_KEY=sk-ant-typed-0123456789\nexport ANTHROPIC_BASE_URL=https://relay.example/sks"
    for number, letter in enumerate(block, 1):
        QTest.keyClicks(field, letter) if letter != "\n" else QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.whole == block[:number]
    assert "typed" not in field.text
    assert field.text.endswith("https://relay.example/sks")
    cursor = field.textCursor()
    cursor.setPosition(field.text.index("\n"))
    field.setTextCursor(cursor)
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.whole == block.replace("sk-ant-typed-0123456789", ""), "a part of a mask is no part of a key"


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    "text",
    [
        KEY,
        f"https://relay.example/v1 {KEY}",
        f"https://relay.example/v1?key={KEY}",
        f"ANTHROPIC_BASE_URL=https://relay.example\nANTHROPIC_AUTH_TOKEN=sk-another-0123456789\nGEMINI_API_KEY={KEY}",
        f"curl https://relay.example/v1/messages -H 'x-api-key: sk-another-0123456789' -H 'x-team-token: {KEY}'",
        f"curl https://relay.example/v1/messages -H 'x-api-key: {KEY}",
        f'{{"baseUrl": "https://relay.example", "apiKey": "{KEY}"}}',
        f"curl https://relay.example/v1/messages -H 'x-api-key: {CUT}'",
        f"export ANTHROPIC_BASE_URL=https://relay.example\nexport ANTHROPIC_AUTH_TOKEN='{CUT}'",
        'curl https://relay.example/v1/messages \\\n -H "x-api-key: sk-made-up-0123\\\n456789more456789"',
    ],
)
def test_a_key_is_masked_that_no_endpoint_is_made_of(text: str) -> None:
    field = PasteField()
    field.setPlainText(text)
    assert KEY not in field.toPlainText()
    assert "more456789" not in field.toPlainText()
    assert field.whole == text


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("way", ["pasted", "by an input method"])
@pytest.mark.parametrize("text", [f"{BLOCK}\nA=1", f"curl https://relay.example/v1/messages -H 'x-api-key: {CUT}'", f"🚤{KEY}"])
def test_a_key_that_comes_as_one_never_stands_there(text: str, way: str) -> None:
    field = PasteField()
    field.setPlainText("🚤3 2")
    cursor = field.textCursor()
    cursor.setPosition(len("🚤3".encode("utf-16-le")) // 2, QTextCursor.MoveMode.KeepAnchor)
    field.setTextCursor(cursor)
    stood: list[str] = []  # a screen reader says what the document tells here
    field.document().contentsChange.connect(lambda *_: stood.append(field.toPlainText()))
    if way == "pasted":
        field.insertFromMimeData(mime(text))
    else:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(field, event)
    assert stood
    assert not any(part in one for one in stood for part in (KEY, "more456789"))
    assert field.whole == f"{text} 2"
    QTest.keyClicks(field, "!")
    assert field.whole == f"{text}! 2"


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("begin", [0, BLOCK.index("ANTHROPIC_A")])
def test_a_mask_that_is_cut_comes_back_with_its_key(begin: int) -> None:
    field = PasteField()
    field.setPlainText(f"{BLOCK}\n")
    cut = field.textCursor()
    cut.setPosition(begin)
    cut.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    cut.removeSelectedText()
    assert KEY not in field.whole
    field.undo()
    assert KEY not in field.toPlainText()
    assert field.whole == f"{BLOCK}\n"
    field.setPlainText("")
    assert KEY not in repr(vars(field))


@pytest.mark.usefixtures("qapp")
def test_a_part_of_a_mask_is_not_the_mask_of_another_key() -> None:
    field = PasteField()
    field.setPlainText(
        "ANTHROPIC_BASE_URL=https://a.example\nANTHROPIC_API_KEY=secret-1\n"
        "OPENAI_BASE_URL=https://b.example/v1\nOPENAI_API_KEY=secret-2"
    )
    cursor = field.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    cursor.deletePreviousChar()
    assert field.whole.count("secret") == 1


@pytest.mark.usefixtures("qapp")
def test_every_key_of_several_endpoints_is_masked_and_comes_back_whole() -> None:
    field, other = PasteField(), KEY.upper()
    text = f"{BLOCK}\nexport OPENAI_BASE_URL=https://o.example/v1\nexport OPENAI_API_KEY={other}\n"
    field.setPlainText(text)
    assert field.what == "2 endpoints"
    assert KEY not in field.toPlainText()
    assert other not in field.toPlainText()
    assert field.whole == text
    short = text.replace(KEY, "secret-1").replace(other, "secret-2")  # both are masked to the same dots
    field.setPlainText("")
    field.setPlainText(short)
    assert "secret" not in field.toPlainText()
    assert field.whole == short
    link = "ccswitch://v1/import?resource=provider&app=claude&name=R&endpoint=https%3A%2F%2Fr.test&apiKey=secret%2F%2B1"
    field.setPlainText("")
    field.setPlainText(link)
    assert field.what == "a link of CC Switch"
    assert "secret" not in field.toPlainText()
    assert field.whole == link
    field.setPlainText('{"answer": "try ' + link + '"}')
    assert field.what == ""
