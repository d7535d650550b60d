"""My client: it is kept with the endpoint, and its settings are copied with one press, without the key."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from app.clients.table import table
from app.store.profiles import Profile
from ui.endpoints.form.client_row import COPIED, COPY, USUAL, ClientRow
from ui.endpoints.form.form import EndpointForm

RELAY = Profile("Relay", "anthropic-messages", "https://relay.example.com", auth="bearer", model="claude-x")


def titles(row: ClientRow) -> list[str]:
    return [row.choice.itemText(at) for at in range(row.choice.count())]


def test_the_clients_of_the_protocol_are_offered(qapp: QGuiApplication) -> None:
    form = EndpointForm()
    form.show_profile(RELAY)
    assert titles(form.client) == [USUAL, *(one.title for one in table().speaking("anthropic-messages"))]
    assert form.profile.client == ""
    form.client.choice.setCurrentIndex(form.client.choice.findData("ai-sdk-anthropic"))
    form.client.choice.activated.emit(form.client.choice.currentIndex())
    assert form.profile.client == "ai-sdk-anthropic"
    form.protocol.choose("openai-chat")
    form.protocol.activated.emit(form.protocol.currentIndex())
    assert form.profile.client == "", "it does not speak the other protocol"
    assert any(title.startswith("@ai-sdk/openai-compatible ") for title in titles(form.client))


def test_settings_are_copied_with_one_press(qapp: QGuiApplication) -> None:
    form = EndpointForm()
    form.show_profile(RELAY)
    form.client.choice.setCurrentIndex(form.client.choice.findData("ai-sdk-anthropic"))
    form.client.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert "export ANTHROPIC_BASE_URL=https://relay.example.com/v1\n" in copied
    assert "export ANTHROPIC_AUTH_TOKEN=YOUR_KEY" in copied
    assert "export ANTHROPIC_MODEL=claude-x" in copied
    assert form.client.copy_button.text() == COPIED
    form.show_profile(RELAY)
    assert form.client.copy_button.text() == COPY


def test_without_an_address_there_is_nothing_to_copy(qapp: QGuiApplication) -> None:
    form = EndpointForm()
    form.show_profile(Profile("New", "openai-chat"))
    assert not form.client.copy_button.isEnabled()
