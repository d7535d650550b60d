"""Keys on the Endpoints page: typed, pasted, offered, removed; and nowhere else afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import keyring
import keyring.backends.fail
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from app.asking.drafts import taken_over
from app.formats.curl import read_curl
from app.store.keys import KeyStore
from app.store.profiles import Profile
from ui.endpoints.import_offers import ImportOffersDialog
from ui.shared.key_dialog import KeyDialog, remarks

from .conftest import CANARY, Desk, append

# Qt's offscreen platform says this of every dialog that is shown.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

MASKED = "sk-cana••••0h"


async def _enter(desk: Desk, typed: str, button: str = "save_button") -> None:
    desk.form.key_row.set_button.click()
    dialog = await desk.dialog(KeyDialog)
    QTest.keyClicks(dialog.field, typed)
    assert dialog.field.echoMode() is QLineEdit.EchoMode.Password
    getattr(dialog, button).click()


def _seen(root: QWidget) -> str:
    """All that the widgets below say, in texts, tooltips, titles and names."""
    texts: list[str] = []
    for widget in (root, *root.findChildren(QWidget)):
        texts += [widget.toolTip(), widget.windowTitle(), widget.accessibleName(), widget.accessibleDescription()]
        texts += [str(widget.property("text") or ""), str(widget.property("plainText") or ""), widget.statusTip()]
    return "\n".join(texts)


def test_a_typed_key_is_kept_and_shown_masked_only(desk: Desk, tmp_path: Path) -> None:
    profile = desk.add()

    async def scene() -> None:
        await _enter(desk, f"Bearer {CANARY}")
        await desk.until(lambda: desk.form.key_row.state.masked == MASKED)

    desk.play(scene())
    assert desk.keys.get(profile.uid) == CANARY
    assert desk.keys_told == [profile.uid]
    append(desk.form.name, "!")
    assert desk.page.editing.save()
    assert desk.store.path.exists()
    everything = [one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()]
    assert not any(CANARY.encode() in content for content in everything)
    said = "\n".join(_seen(window) for window in QApplication.topLevelWidgets())
    assert CANARY not in said


def test_a_key_is_removed(desk: Desk) -> None:
    profile = desk.add()
    desk.keys.set(profile.uid, CANARY)

    async def scene() -> None:
        desk.services.keys.look_up([profile])
        await desk.until(lambda: desk.form.key_row.state.kind == "memory")
        desk.form.key_row.remove_button.click()
        await desk.until(lambda: desk.form.key_row.state.kind == "missing")

    desk.play(scene())
    assert desk.keys.get(profile.uid) is None


def test_a_curl_commands_key_is_offered_to_the_keyring(desk: Desk, tmp_path: Path) -> None:
    profile = desk.add()
    command = f"curl https://relay.example/v1/messages -H 'x-api-key: {CANARY}'"

    async def scene() -> None:
        desk.form.url.clear()
        QGuiApplication.clipboard().setText(command)
        QTest.keyClick(desk.form.url, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        dialog = await desk.dialog(KeyDialog)
        assert dialog.field.text() == CANARY
        assert desk.keys.get(profile.uid) is None
        assert CANARY not in _seen(desk.page).replace(dialog.field.text(), "", 1)
        dialog.save_button.click()
        await desk.until(lambda: desk.keys_told)
        assert desk.keys.get(profile.uid) == CANARY

    desk.play(scene())
    assert desk.page.editing.save()
    assert CANARY not in desk.store.path.read_text()
    assert desk.form.url.text() == "https://relay.example"
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize("text", [CANARY, f"curl https://relay.example/v1/messages -H 'x-api-key: {CANARY}'"])
def test_a_key_typed_into_the_address_does_not_stay_there(desk: Desk, text: str) -> None:
    desk.add(base_url="https://before.example")

    async def scene() -> None:
        desk.type_url(text)
        dialog = await desk.dialog(KeyDialog)
        assert dialog.field.text() == CANARY
        dialog.reject()

    desk.play(scene())
    field = desk.form.url
    assert CANARY not in field.text()
    field.undo()
    assert CANARY not in field.text()
    assert all(CANARY not in one.base_url for one in desk.page.selection.drafts.profiles)


@pytest.mark.parametrize("name", ["key", "api_key", "token", "subscription-key"])
def test_a_key_in_a_pasted_address_goes_to_the_keyring(desk: Desk, name: str) -> None:
    profile = desk.add(base_url="https://before.example")

    async def scene() -> None:
        QGuiApplication.clipboard().setText(f"https://relay.example/v1?a=1&{name}={quote(CANARY)}\n")
        desk.form.url.selectAll()
        QTest.keyClick(desk.form.url, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        dialog = await desk.dialog(KeyDialog)
        assert dialog.field.text() == CANARY
        dialog.save_button.click()
        await desk.until(lambda: MASKED in _seen(desk.form.key_row), "the key to be shown")
        assert desk.keys.get(profile.uid) == CANARY
        field = desk.form.url
        assert field.text() == "https://relay.example/v1?a=1"
        field.undo()
        assert CANARY not in field.text()
        assert desk.page.editing.save()

    desk.play(scene())
    assert CANARY not in desk.store.path.read_text()
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize("url", [f"https://relay.example?key={CANARY}", f"https://me:{CANARY}@relay.example"])
def test_a_secret_that_is_typed_into_the_address_is_advised_against_and_not_saved(desk: Desk, url: str) -> None:
    desk.add(base_url="https://before.example")
    field = desk.form.url
    field.selectAll()
    QTest.keyClicks(field, url)
    lines = desk.form.url_lines
    assert "readable in profiles.toml" in lines.text
    shown = [desk.form.exact.text, lines.text, *(one.text() for one in lines.findChildren(QPushButton))]
    assert CANARY not in " ".join(shown)
    assert not desk.page.editing.save()
    assert desk.view.notice.notice is not None
    assert "never written to a file" in desk.view.notice.notice.cause
    assert CANARY not in desk.store.path.read_text()
    [one for one in lines.findChildren(QPushButton) if one.text().endswith("relay.example")][-1].click()
    assert field.text() == "https://relay.example"
    assert desk.page.editing.save()


@pytest.mark.parametrize(
    "command",
    [
        f"curl 'https://relay.example/v1/chat/completions?key={CANARY}'",
        f"curl https://me:{CANARY}@relay.example/v1/chat/completions -x http://me:{CANARY}@proxy.example:1",
    ],
)
def test_a_secret_in_the_address_of_a_curl_command(command: str) -> None:
    pasted = read_curl(command)
    assert pasted is not None
    assert CANARY not in f"{pasted!r} {taken_over(pasted)}"
    assert pasted.base_url == "https://relay.example/v1"
    assert pasted.key == (CANARY if "?key" in command else "")
    assert pasted.proxy == ("" if "?key" in command else "http://proxy.example:1")


def test_a_key_in_a_header_is_refused_with_a_sentence(desk: Desk) -> None:
    profile = desk.add()
    headers = desk.form.advanced.headers
    headers.add_button.click()
    name, value = headers._lines[0][1:]
    QTest.keyClicks(name, "Authorization")
    QTest.keyClicks(value, f"Bearer {CANARY}")
    assert not desk.page.editing.save()
    assert desk.view.notice.notice is not None
    assert "never written to a file" in desk.view.notice.notice.cause
    assert CANARY not in desk.store.path.read_text()
    assert profile == desk.reloaded()[0]


def test_the_environment_is_offered_not_taken(desk: Desk) -> None:
    desk.environ.update(ANTHROPIC_AUTH_TOKEN=CANARY, OPENAI_API_KEY="sk-other-0123456789")
    profile = desk.add()
    row = desk.form.key_row
    assert row.offers_button.isVisible()
    assert desk.keys.get(profile.uid) is None

    async def scene() -> None:
        row.offers_button.click()
        dialog = await desk.dialog(ImportOffersDialog)
        buttons = [one for one in dialog.findChildren(QPushButton) if one.text() == "Use for this session"]
        assert [one.accessibleName() for one in buttons] == ["Use for this session: ANTHROPIC_AUTH_TOKEN"]
        assert CANARY not in _seen(dialog)
        buttons[0].click()
        await desk.until(lambda: row.state.kind == "memory")

    desk.play(scene())
    assert desk.keys.get(profile.uid) == CANARY
    assert desk.form.profile.auth == "bearer"


def test_a_base_url_is_offered_too(desk: Desk) -> None:
    (desk.folder / ".env").write_text("ANTHROPIC_BASE_URL=https://relay.example\n")
    desk.add()

    async def scene() -> None:
        desk.form.key_row.offers_button.click()
        dialog = await desk.dialog(ImportOffersDialog)
        next(one for one in dialog.findChildren(QPushButton) if one.text() == "Use this address").click()

    desk.play(scene())
    assert desk.form.url.text() == "https://relay.example"


def test_the_env_file_of_another_folder_is_offered(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "elsewhere" / "relay.env"
    other.parent.mkdir()
    other.write_text(f"ANTHROPIC_API_KEY={CANARY}\nOPENAI_API_KEY=sk-other-0123456789\n")
    profile = desk.add()
    monkeypatch.setattr("ui.endpoints.key_dialogs.ask_which", lambda *_: other)

    async def scene() -> None:
        desk.form.key_row.offers_button.click()
        dialog = await desk.dialog(ImportOffersDialog)
        assert "There is no key and no address that fits." in _seen(dialog)
        next(one for one in dialog.findChildren(QPushButton) if one.text() == "Another .env file…").click()
        await desk.until(lambda: not dialog.isVisible())
        dialog = await desk.dialog(ImportOffersDialog)
        assert str(other) in _seen(dialog)
        assert CANARY not in _seen(dialog)
        buttons = [one for one in dialog.findChildren(QPushButton) if one.text() == "Use for this session"]
        assert [one.accessibleName() for one in buttons] == ["Use for this session: ANTHROPIC_API_KEY"]
        buttons[0].click()
        await desk.until(lambda: desk.form.key_row.state.kind == "memory")

    desk.play(scene())
    assert desk.keys.get(profile.uid) == CANARY


@pytest.mark.parametrize(
    ("typed", "remark"),
    [
        ("sk-ant-0123456789abcdef", ""),
        ("sk-proj-0123456789abcdef", "OpenAI"),
        ("'sk-ant-0123456789abcdef'", "quotes"),
        ("your-api-key", "placeholder"),
    ],
)
def test_remarks_on_a_key(typed: str, remark: str) -> None:
    said = remarks(typed, Profile(name="a", base_url="https://api.anthropic.com"))
    assert remark in said
    assert bool(said) is bool(remark)


class TestWithoutKeyring:
    """A machine that has no keyring: the real KeyStore, and the backend that keyring itself takes there."""

    @pytest.fixture
    def keys(self) -> Iterator[KeyStore]:
        before = keyring.get_keyring()
        keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]
        yield KeyStore()
        keyring.set_keyring(before)

    def test_it_is_said_and_memory_is_offered(self, desk: Desk, tmp_path: Path) -> None:
        profile = desk.add()

        async def scene() -> None:
            desk.services.keys.look_up([profile])
            await desk.until(lambda: "no keyring" in desk.form.key_row.state.trouble)
            desk.form.key_row.set_button.click()
            dialog = await desk.dialog(KeyDialog)
            await desk.until(lambda: "no keyring" in dialog._where.text())
            assert dialog.save_button.isHidden()
            QTest.keyClicks(dialog.field, CANARY)
            assert desk.keys_told == []
            QTest.keyClick(dialog.field, Qt.Key.Key_Return)
            await desk.until(lambda: desk.form.key_row.state.masked == MASKED)

        desk.play(scene())
        assert desk.form.key_row.state.kind == "memory"
        assert not any(CANARY.encode() in one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())

    def test_the_test_says_that_no_key_can_be_read(self, desk: Desk) -> None:
        desk.add()

        async def scene() -> None:
            desk.panel.button.click()
            await desk.until(lambda: desk.view.notice.notice)

        desk.play(scene())
        assert desk.view.notice.notice is not None
        assert "no keyring" in desk.view.notice.notice.cause
        assert desk.panel.is_empty

    def test_deleting_an_endpoint_needs_no_keyring(self, desk: Desk) -> None:
        profile = desk.add()
        desk.keys.keep(profile.uid, CANARY)

        async def scene() -> None:
            await desk.services.keys.delete(profile.uid)

        desk.play(scene())
        assert desk.view.notice.notice is None
        assert desk.keys_told == [profile.uid]
