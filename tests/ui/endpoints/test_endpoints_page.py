"""The Endpoints page: profiles are added, edited, saved, moved and deleted; models are fetched; what goes wrong is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.store.presets import load_presets
from ui.endpoints.add_endpoint import CUSTOM, LOCAL, OFFICIAL, RELAYS, AddEndpointDialog, group_of, grouped
from ui.endpoints.form.form import AdviceLines
from ui.endpoints.form.headers import HeaderRows
from ui.endpoints.found_dialog import FoundDialog
from ui.shared.key_dialog import KeyDialog
from ui.widgets.toast import said_briefly, toasts_of

from .conftest import Desk, append

SECRET = "sk-ant-made-up-0123456789abcdef"

# Qt's offscreen platform says this of every dialog that is shown.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def test_empty_says_what_will_be_there(desk: Desk) -> None:
    assert desk.page.selection.profile is None
    texts = [label.text() for label in desk.page.findChildren(QLabel) if label.isVisible()]
    assert any("No endpoint of your own yet" in text for text in texts)
    adding = [one.accessibleName() for one in desk.page.findChildren(QPushButton) if one.isVisible() and "Add" in one.text()]
    assert adding == ["Add your first endpoint…"]
    assert [row.heading or (row.profile and row.profile.name) for row in desk.view.list.endpoints.rows][:2] == [
        "Demo endpoints, on this machine",
        "Demo official",
    ]


def test_all_that_tab_reaches_has_a_name(desk: Desk) -> None:
    desk.add()
    desk.settle()
    reached = [
        one
        for one in desk.page.findChildren(QWidget)
        if one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.focusProxy() is None
    ]
    nameless = [type(one).__name__ for one in reached if not (one.accessibleName() or getattr(one, "text", str)())]
    assert len(reached) > 10
    assert not nameless


def test_a_preset_is_written_only_when_saved(desk: Desk) -> None:
    preset = next(one for one in load_presets() if one.name == "Ollama")
    desk.page.adding.add_preset(preset)
    desk.settle()
    assert desk.page.unsaved == ["Ollama"]
    assert desk.form.note.text() == preset.note
    assert not desk.store.path.exists()
    assert desk.page.editing.save()
    assert desk.page.unsaved == []
    assert [one.name for one in desk.reloaded()] == ["Ollama"]
    assert desk.changes == [1]
    desk.page.adding.add_preset(preset)
    assert desk.page.unsaved == ["Ollama (2)"]
    desk.view.revert_button.click()
    desk.settle()
    assert desk.page.unsaved == []
    assert len(desk.reloaded()) == 1


def test_all_fields_come_back(desk: Desk) -> None:
    first = desk.add()
    form = desk.form
    form.fold.setChecked(True)
    append(form.name, " relay")
    form.label.choose("staging")
    form.label.activated.emit(form.label.currentIndex())
    form.auth.choose("bearer")
    form.auth.activated.emit(1)
    form.model.setEditText("claude-x")
    advanced = form.advanced
    for field, text in (
        (advanced.beta, "b-1"),
        (advanced.prices["input"], "2,5"),
        (advanced.limits["silence_s"], "45"),
        (advanced.ca_file, "/tmp/ca.pem"),
    ):
        field.selectAll()
        QTest.keyClicks(field, text)
    advanced.proxy.choose("none")
    advanced.proxy.activated.emit(1)
    advanced.verify.click()
    advanced.headers.add_button.click()
    name, value = advanced.headers._lines[0][1:]
    QTest.keyClicks(name, "X-Team")
    QTest.keyClicks(value, "blue")
    assert desk.page.unsaved == ["Mine relay"]
    assert desk.page.editing.save()
    (saved,) = desk.reloaded()
    assert (saved.uid, saved.name, saved.label, saved.auth, saved.model) == (
        first.uid,
        "Mine relay",
        "staging",
        "bearer",
        "claude-x",
    )
    assert (saved.anthropic_beta, saved.proxy, saved.ca_file, saved.verify_tls) == ("b-1", "none", "/tmp/ca.pem", False)
    assert saved.prices is not None
    assert (saved.prices.input, saved.prices.output, saved.limits.silence_s) == (2.5, None, 45.0)
    assert saved.headers == (("X-Team", "blue"),)


def test_what_is_wrong_can_not_be_saved(desk: Desk) -> None:
    desk.add()
    field = desk.form.advanced.limits["connect_s"]
    field.selectAll()
    QTest.keyClicks(field, "0")
    assert not desk.view.save_button.isEnabled()
    assert "Connect" in desk.view.state.text
    assert not desk.page.editing.save()
    field.selectAll()
    QTest.keyClicks(field, "12")
    assert desk.page.editing.save()
    desk.form.name.clear()
    desk.form.name.textEdited.emit("")
    assert "it has no name" in desk.view.state.text


def test_the_same_name_twice_is_refused(desk: Desk) -> None:
    desk.add()
    other = desk.add(name="Other")
    desk.form.name.selectAll()
    QTest.keyClicks(desk.form.name, "mine")
    assert "another endpoint called" in desk.view.state.text
    assert not desk.page.editing.save()
    assert desk.view.notice.notice is not None
    assert next(one for one in desk.reloaded() if one.uid == other.uid).name == "Other"


def test_changes_stay_when_another_endpoint_is_looked_at(desk: Desk) -> None:
    first, second = desk.add(), desk.add(name="Other")
    append(desk.form.name, "!")
    desk.page.select(first.uid)
    assert desk.view.state.text == "Saved"
    desk.page.select(second.uid)
    assert desk.form.name.text() == "Other!"
    assert desk.page.unsaved == ["Other!"]
    desk.view.revert_button.click()
    assert desk.form.name.text() == "Other"


def test_what_is_typed_and_taken_back_is_no_change(desk: Desk) -> None:
    desk.add()
    append(desk.form.name, "!")
    assert desk.view.state.text == "Unsaved changes"
    QTest.keyClick(desk.form.name, Qt.Key.Key_Backspace)
    assert desk.view.state.text == "Saved"
    assert desk.page.unsaved == []


def test_the_list_of_models_is_that_of_the_address_in_the_form(desk: Desk) -> None:
    profile = desk.add(needs_key=False)
    desk.services.models.keep(profile, ("m-1", "m-2"))
    assert desk.form.model.count() == 2
    append(desk.form.url, "x")
    assert desk.form.model.count() == 0
    QTest.keyClick(desk.form.url, Qt.Key.Key_Backspace)
    assert desk.form.model.count() == 2
    desk.services.keys.renew(profile.uid)
    assert desk.form.model.count() == 0
    desk.settle()


def test_a_newer_file_is_said_and_left_alone(desk: Desk) -> None:
    desk.store.path.write_text('version = 99\n[[profiles]]\nname = "Theirs"\nbase_url = "https://h.example"\n')
    desk.store.load()
    desk.page.refresh()
    desk.settle()
    assert desk.view.bar.notice is not None
    assert "newer Diptych" in desk.view.bar.notice.cause
    append(desk.form.name, "!")
    assert not desk.page.editing.save()
    assert desk.view.notice.notice is not None
    assert "newer Diptych" in desk.view.notice.notice.cause
    assert "Theirs!" not in desk.store.path.read_text()


def test_moving_and_copying(desk: Desk) -> None:
    first, second = desk.add(name="One"), desk.add(name="Two")
    assert not desk.view.down_button.isEnabled()
    copied = [one.text() for one in desk.view.list.copies(None)]
    assert copied[:2] == ["Two", second.base_url]
    assert copied[-1].startswith("Two, Anthropic Messages, ")
    QTest.keyClick(desk.view.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [one.uid for one in desk.reloaded()] == [second.uid, first.uid]
    assert desk.view.list.selected_uid == second.uid
    desk.view.copy_button.click()
    assert desk.selected.name == "Two copy"
    assert desk.selected.uid not in (first.uid, second.uid)
    desk.settle()


def test_what_is_deleted_can_be_brought_back_until_its_line_has_gone(desk: Desk) -> None:
    first, second = desk.add(name="One"), desk.add(name="Two")
    desk.keys.set(first.uid, "sk-0123456789")

    async def scene() -> None:
        desk.page.select(first.uid)
        desk.services.keys.renew(first.uid)
        await desk.until(lambda: desk.services.keys.state(first).is_there, "its key to be known")
        desk.view.list.setFocus()
        QTest.keyClick(desk.view.list, Qt.Key.Key_Delete)
        assert said_briefly(desk.page) == "“One” is deleted, its key too."
        assert [one.uid for one in desk.reloaded()] == [second.uid]
        assert desk.keys.get(first.uid)
        assert desk.page.editing.can_undo
        toasts = toasts_of(desk.page)
        assert toasts is not None
        button = toasts.shown[0].button
        assert button is not None
        button.click()
        assert desk.selected == first
        assert [one.uid for one in desk.reloaded()] == [first.uid, second.uid]
        assert desk.keys.get(first.uid)
        assert said_briefly(desk.page) == ""
        desk.view.delete_button.click()
        desk.page.select(second.uid)
        desk.view.delete_button.click()
        assert said_briefly(desk.page) == "“One” is deleted, its key too.\n“Two” is deleted."
        desk.page.editing.undo()
        assert [one.uid for one in desk.reloaded()] == [second.uid]
        toasts.shown[0].timer.timeout.emit()
        await desk.until(lambda: desk.keys.get(first.uid) is None, "the key to be deleted")
        assert not desk.page.editing.can_undo

    desk.play(scene())


def test_what_was_deleted_when_the_window_closes_has_no_key_any_more(desk: Desk) -> None:
    profile = desk.add()
    desk.keys.set(profile.uid, "sk-0123456789")

    async def scene() -> None:
        desk.view.delete_button.click()
        assert desk.keys.get(profile.uid)
        await desk.page.aclose()
        assert desk.keys.get(profile.uid) is None

    desk.play(scene())


def test_a_new_endpoint_and_changes_that_are_taken_back_come_again(desk: Desk) -> None:
    profile = desk.add()
    append(desk.form.name, " and more")
    desk.view.revert_button.click()
    assert desk.selected.name == "Mine"
    press_undo(desk)
    assert desk.selected.name == "Mine and more"
    desk.view.revert_button.click()
    desk.view.copy_button.click()
    copied = desk.selected
    desk.view.revert_button.click()
    assert "“Mine copy” is discarded." in said_briefly(desk.page)
    assert desk.selected == profile
    press_undo(desk)
    assert desk.selected == copied
    desk.settle()


def test_a_header_that_was_removed_comes_back_in_its_place(desk: Desk) -> None:
    desk.add(headers=(("X-One", "1"), ("X-Two", "2")))
    rows = desk.form.findChild(HeaderRows)
    assert rows is not None
    next(one for one in rows.findChildren(QPushButton) if one.accessibleName() == "Remove header 1").click()
    assert [name for name, _ in desk.selected.headers] == ["X-Two"]
    press_undo(desk)
    assert [name for name, _ in desk.selected.headers] == ["X-One", "X-Two"]
    desk.settle()


def press_undo(desk: Desk) -> None:
    """Press Undo in the newest line over the foot."""
    toasts = toasts_of(desk.page)
    assert toasts is not None
    button = toasts.shown[-1].button
    assert button is not None
    button.click()


def test_a_demo_endpoint_is_read_only(desk: Desk) -> None:
    desk.page.select("demo-relay-openai-chat")
    assert "can't be changed" not in desk.form.note.text()
    assert "not changed" in desk.form.note.text()
    for button in (desk.view.delete_button, desk.view.copy_button, desk.view.up_button, desk.view.save_button):
        assert not (button.isEnabled() and button.isVisible())
    assert not desk.form.url.isEnabled()
    assert "$" not in desk.panel.note
    desk.view.use_b.click()
    assert desk.chosen == [("demo-relay-openai-chat", "b")]


def test_using_one_saves_it_first(desk: Desk) -> None:
    profile = desk.add()
    append(desk.form.name, "!")
    desk.view.use_a.click()
    assert desk.chosen == [(profile.uid, "a")]
    assert desk.reloaded()[0].name == "Mine!"
    desk.form.name.clear()
    desk.form.name.textEdited.emit("")
    desk.view.use_b.click()
    assert desk.chosen == [(profile.uid, "a")]


def test_advice_stands_below_the_address_and_its_button_takes_it(desk: Desk) -> None:
    desk.add(protocol="openai-chat", auth="bearer")
    desk.type_url("relay.example/v1/chat/completions")
    form = desk.form
    assert "https://" in form.url_lines.text

    async def scene() -> None:
        await _press(desk, form.url_lines)
        assert form.url.text() == "https://relay.example/v1/chat/completions"
        await _press(desk, form.url_lines)

    desk.play(scene())
    assert form.url.text() == "https://relay.example/v1"
    assert not form.url_lines.isVisible()
    assert form.exact.text == "Requests go to https://relay.example/v1/chat/completions"


def test_another_protocol_changes_hint_and_auth(desk: Desk) -> None:
    desk.add(base_url="")
    form = desk.form
    assert "without /v1" in form.url.placeholderText()
    form.protocol.choose("openai-chat")
    form.protocol.activated.emit(1)
    assert "with /v1" in form.url.placeholderText()
    assert form.profile.auth == "bearer"
    assert not form.advanced.version.isVisibleTo(form.advanced)


def test_models_are_fetched_and_a_wrong_one_brings_the_nearest(desk: Desk) -> None:
    desk.add(needs_key=False, model="claude-sonet-4-6")

    async def scene() -> None:
        desk.form.get_models.click()
        await desk.until(lambda: desk.listed)
        await desk.until(desk.form.get_models.isEnabled)
        assert desk.form.model.currentText() == "claude-sonet-4-6"
        assert "not in the endpoint's list" in desk.form.model_lines.text
        await _press(desk, desk.form.model_lines)

    desk.play(scene())
    form = desk.form
    names = desk.listed
    assert "claude-sonnet-4-6" in names
    assert [form.model.itemText(n) for n in range(form.model.count())] == list(names)
    assert form.model.currentText() == "claude-sonnet-4-6"
    form.model.setEditText("gpt-4o")
    assert "claude-sonnet-4-6" in form.model_lines.text


def test_a_list_that_can_not_be_had_is_said(desk: Desk) -> None:
    desk.add(needs_key=False, base_url="http://127.0.0.1:9")

    async def scene() -> None:
        desk.form.get_models.click()
        await desk.until(lambda: desk.form.model_lines.text)

    desk.play(scene())
    assert "Nothing listens on port 9" in desk.form.model_lines.text


def test_outside_text_is_never_markup(desk: Desk) -> None:
    evil = '<b>bold</b><img src="x">'
    desk.add(name=evil, model=evil, base_url=f"https://h.example/{evil}")
    for label in desk.page.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    model = desk.view.list.endpoints
    tip = model.data(model.index(0), Qt.ItemDataRole.ToolTipRole)
    assert isinstance(tip, str)
    assert "<b>" not in tip


def test_adding_by_address_or_search(desk: Desk) -> None:
    async def scene() -> None:
        desk.view.add_button.click()
        dialog = await desk.dialog(AddEndpointDialog)
        QTest.keyClicks(dialog.field, "ollama")
        assert dialog.add_button.isEnabled()
        dialog.field.clear()
        QTest.keyClicks(dialog.field, "https://relay.example/v1/messages")
        dialog.add_button.click()
        await desk.until(lambda: desk.page.unsaved)

    desk.play(scene())
    desk.settle()
    shown = desk.selected
    assert (shown.name, shown.protocol, shown.base_url) == ("relay.example", "anthropic-messages", "https://relay.example")


@pytest.mark.parametrize("pasted", [SECRET, f"https://relay.example/v1?key={SECRET}"])
def test_a_key_pasted_before_its_endpoint_is_chosen_is_asked_for_with_it(desk: Desk, pasted: str) -> None:
    async def scene() -> None:
        desk.view.add_button.click()
        dialog = await desk.dialog(AddEndpointDialog)
        dialog.field.take(pasted)
        assert SECRET not in dialog.field.text()
        assert dialog.said.text().startswith("A key was pasted")
        if not dialog.field.text():
            QTest.keyClicks(dialog.field, SECRET)  # typed, it is not known where it ends
            assert (dialog.field.text(), dialog.field.hides) == (SECRET, True)
            QTest.keyClick(dialog.field, Qt.Key.Key_Return)
            QTest.keyClicks(dialog.field, "ollama")
        dialog.add_button.click()
        asked = await desk.dialog(KeyDialog)
        assert asked.field.text() == SECRET
        asked.reject()

    desk.play(scene())
    desk.settle()
    assert desk.selected.name in ("Ollama", "relay.example")
    assert desk.selected.base_url in ("http://127.0.0.1:11434/v1", "https://relay.example/v1")


def test_presets_stand_in_their_groups() -> None:
    presets = load_presets()
    groups = {one.name: group_of(one) for one in presets}
    assert groups["Anthropic"] == groups["OpenAI (Responses)"] == OFFICIAL
    assert groups["apibox (Chat)"] == groups["4sapi"] == RELAYS
    assert groups["OpenRouter (Chat)"] == groups["Ollama"] == LOCAL
    assert groups["Custom"] == CUSTOM
    assert len([row for row in grouped(presets) if row.preset]) == len(presets)
    assert [row.preset.name for row in grouped(presets, "ollama") if row.preset] == ["Ollama"]
    assert [row.name for row in grouped(presets)[:2]] == [CUSTOM, "Custom"]  # what most with a relay need stands first


def test_a_curl_command_pasted_into_the_address(desk: Desk) -> None:
    desk.add()
    QGuiApplication.clipboard().setText(
        "curl https://relay.example/v1/chat/completions \\\n -H 'X-Team: blue' -d '{\"model\": \"m-1\"}'"
    )
    desk.form.url.setFocus()
    QTest.keyClick(desk.form.url, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    shown = desk.selected
    assert (shown.base_url, shown.protocol, shown.model) == ("https://relay.example/v1", "openai-chat", "m-1")
    assert shown.headers == (("X-Team", "blue"),)
    assert "curl command" in desk.form.note.text()
    assert desk.page.unsaved == ["Mine"]
    wanted: list[str] = []
    desk.services.body_wanted.connect(wanted.append)
    desk.services.keys.key_changed.emit(shown.uid)
    (button,) = desk.view.notice.buttons
    button.click()
    assert wanted == ['{"model": "m-1"}']
    assert desk.view.notice.notice is None
    desk.services.keys.key_changed.emit(shown.uid)
    assert desk.view.notice.notice is None


def test_a_body_too_long_to_be_edited_is_said(desk: Desk) -> None:
    desk.page.adding.add_curl(f'curl https://relay.example/v1/chat/completions -d \'{{"model": "{"m" * 200_000}"}}\'')
    assert "too long to be edited here" in desk.form.note.text()


def test_a_curl_command_typed_by_hand_is_read_at_enter(desk: Desk) -> None:
    desk.view.add_button.click()

    async def scene() -> None:
        dialog = await desk.dialog(AddEndpointDialog)
        QTest.keyClicks(dialog.field, "curl https://relay.example/v1/messages -H 'x: y'")
        assert dialog.isVisible()
        assert dialog.field.text().endswith("'x: y'")
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)
        await desk.until(lambda: desk.page.unsaved)

    desk.play(scene())
    desk.settle()
    shown = desk.selected
    assert (shown.base_url, shown.headers) == ("https://relay.example", (("x", "y"),))


def test_what_has_no_hit_says_what_can_be_typed_and_a_typed_key_is_not_shown(desk: Desk, tmp_path: Path) -> None:
    desk.view.add_button.click()

    async def scene() -> None:
        dialog = await desk.dialog(AddEndpointDialog)
        QTest.keyClicks(dialog.field, "env")
        assert dialog.said.text().startswith("Nothing has these words")
        assert not dialog.add_button.isEnabled()
        dialog.field.clear()
        QTest.keyClicks(dialog.field, "https://relay.example")
        assert [row.name for row in dialog._model.rows] == [CUSTOM, "Use https://relay.example as a custom endpoint"]
        dialog.field.clear()
        QTest.keyClicks(dialog.field, "curl https://relay.example/v1/messages -H 'x-api-key: ")
        assert dialog.field.displayText() == dialog.field.text()  # there is no key yet
        QTest.keyClicks(dialog.field, SECRET[:14])
        assert SECRET[:14] not in dialog.field.displayText()
        QTest.keyClicks(dialog.field, f"{SECRET[14:]}'")
        assert SECRET not in dialog.field.displayText()
        assert dialog.add_button.text() == "Take it over"
        dialog.field.clear()
        (tmp_path / "notes.txt").write_text("hello")
        dialog.take_files([tmp_path / "notes.txt"])
        assert dialog.said.text().startswith("notes.txt: no endpoint is in it")
        (tmp_path / "relay.env").write_text("OPENAI_BASE_URL=https://relay.example/v1\nOPENAI_MODEL=m-1\n")
        dialog.take_files([tmp_path / "relay.env"])
        await desk.until(lambda: desk.page.unsaved)

    desk.play(scene())
    desk.settle()
    assert (desk.selected.base_url, desk.selected.protocol, desk.selected.model) == (
        "https://relay.example/v1",
        "openai-chat",
        "m-1",
    )
    assert desk.form.note.text() == "Taken from relay.env: address, model."


async def _press(desk: Desk, lines: AdviceLines) -> None:
    """Press the first button that stands there, once it does."""

    def shown() -> list[QPushButton]:
        return [button for button in lines.findChildren(QPushButton) if button.isVisible()]

    await desk.until(shown, "a button below the field")
    shown()[0].click()


SETTINGS = f"""
model_list:
  - model_name: claude
    litellm_params: {{model: anthropic/claude-sonnet-4-6, api_base: https://relay.test, api_key: {SECRET}}}
  - model_name: mine
    litellm_params: {{model: openai/gpt-5.5, api_base: https://there.test/v1, api_key: os.environ/OPENAI_API_KEY}}
  - model_name: claude
    litellm_params: {{model: openai/gpt-5.5, api_base: https://relay.test/v1}}
  - model_name: cloud
    litellm_params: {{model: bedrock/claude}}
"""


def test_several_endpoints_of_a_file_are_chosen_from_before_any_is_saved(desk: Desk, tmp_path: Path) -> None:
    desk.add(name="Old", base_url="https://there.test/v1/", protocol="openai-chat", model="gpt-5.5")
    (tmp_path / "config.yaml").write_text(SETTINGS)
    desk.view.add_button.click()

    async def scene() -> None:
        (tmp_path / "notes.txt").write_text("hello")
        (tmp_path / "relay.env").write_text("OPENAI_BASE_URL=https://env.test/v1\n")
        files = [tmp_path / name for name in ("config.yaml", "notes.txt", "relay.env")]
        (await desk.dialog(AddEndpointDialog)).take_files(files)
        dialog = await desk.dialog(FoundDialog)
        assert [one.name for one in desk.reloaded()] == ["Old"]
        assert desk.page.unsaved == []
        assert [(box.text(), box.isChecked(), box.isEnabled()) for box in dialog.boxes] == [
            ("claude", True, True),
            ("mine", False, True),
            ("claude (2)", True, True),
            ("cloud", False, False),
            ("env.test", True, True),
        ]
        said = [label.text() for label in dialog.findChildren(QLabel)]
        assert not any(SECRET in text for text in said)
        assert "Found in config.yaml and relay.env. Nothing is saved before you say so." in said
        assert {"config.yaml: LiteLLM's settings, model_list 1.", "relay.env: variables."} <= set(said)
        assert any(text.startswith("notes.txt: no endpoint is in it") for text in said)
        dialog.boxes[4].click()
        assert any("Can’t be taken: its model 'bedrock/claude' is of an API that is not read." in text for text in said)
        assert any("“Old” has this address already." in text for text in said)
        dialog.boxes[0].click()
        assert dialog.save_button.text() == "Save 1 endpoint"
        assert not dialog.with_keys.isEnabled()  # what is chosen has none
        dialog.boxes[0].click()
        dialog.save_button.click()
        await desk.until(lambda: desk.keys_told)

    desk.play(scene())
    desk.settle()
    rows = [(one.name, one.protocol, one.base_url, one.model) for one in desk.reloaded()[1:]]
    assert rows == [
        ("claude", "anthropic-messages", "https://relay.test", "claude-sonnet-4-6"),
        ("claude (2)", "openai-chat", "https://relay.test/v1", "gpt-5.5"),
    ]
    assert desk.selected.name == "claude"
    assert desk.changes == [1]
    assert desk.keys.get(desk.selected.uid) == SECRET
    assert SECRET not in desk.store.path.read_text()


def test_keys_are_left_out_where_that_is_asked_and_a_link_alone_becomes_a_draft(desk: Desk) -> None:
    async def scene() -> None:
        desk.page.adding.begin(SETTINGS)
        dialog = await desk.dialog(FoundDialog)
        dialog.with_keys.click()
        dialog.save_button.click()

    desk.play(scene())
    desk.settle()
    assert [one.name for one in desk.reloaded()] == ["claude", "mine", "claude (2)"]
    assert desk.keys_told == []
    desk.page.adding.add_text(
        "ccswitch://v1/import?resource=provider&app=claude&name=Relay&endpoint=https%3A%2F%2Fr.test&model=m"
    )
    assert (desk.selected.name, desk.selected.base_url, desk.page.unsaved) == ("Relay", "https://r.test", ["Relay"])
    assert desk.form.note.text().startswith("Taken from a link of CC Switch: address, model")
