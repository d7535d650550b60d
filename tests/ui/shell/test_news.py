"""What is new is told once, at the first start of a newer version; a newer one is asked for only where that is pressed."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app import __version__
from app.releases import NEWS
from app.store.settings import Settings
from tests.asking.path_servers import hosting, said_json
from tests.ui.conftest import Ui, delete_now
from ui.shell import dialogs
from ui.shell.application import tell_of_news
from ui.shell.newest import NOWHERE, NewestDialog
from ui.shell.news import NewsDialog
from ui.widgets.toast import said_briefly, toasts_of

pytestmark = pytest.mark.qt_log_ignore("does not support")  # offscreen has no popups of its own


def seen(ui: Ui) -> str:
    return ui.window.services.settings_store.load().seen_version


def be(ui: Ui, version: str) -> None:
    """Have that version shown last."""
    ui.window.services.settings = msgspec.structs.replace(ui.window.services.settings, seen_version=version)


def test_nothing_is_new_at_the_very_first_start_and_after_an_older_version_once(ui: Ui) -> None:
    assert Settings().seen_version == ""
    be(ui, "")
    tell_of_news(ui.window)
    assert (said_briefly(ui.window), seen(ui)) == ("", __version__)
    be(ui, "99.0")  # an older one was installed again
    tell_of_news(ui.window)
    assert (said_briefly(ui.window), seen(ui)) == ("", __version__)
    be(ui, "0.0.1")
    tell_of_news(ui.window)
    assert said_briefly(ui.window) == f"Diptych is now version {__version__}."
    assert seen(ui) == __version__
    assert QApplication.activeModalWidget() is None
    host = toasts_of(ui.window)
    assert host is not None
    (toast,) = host.shown
    assert toast.timer.isActive()
    assert toast.button is not None
    toast.button.click()
    (dialog,) = ui.window.findChildren(NewsDialog)
    assert set(NEWS[0].lines) <= {label.text() for label in dialog.findChildren(QLabel)}
    dialog.close()
    delete_now(dialog)
    tell_of_news(ui.window)
    assert said_briefly(ui.window) == ""
    dialogs.open_news(ui.window)
    (dialog,) = ui.window.findChildren(NewsDialog)
    assert NEWS[0].lines[0] in {label.text() for label in dialog.findChildren(QLabel)}
    dialog.close()


def test_a_newer_version_is_asked_for_where_that_is_pressed_and_said_before(ui: Ui) -> None:
    async def scene() -> None:
        info = {"name": "diptych", "version": "999.0", "summary": "Paintings."}
        async with hosting(lambda _path, _body: said_json(200, {"info": info})) as host:
            url = f"{host.url}/pypi/diptych/json"
            dialog = NewestDialog(ui.window.services, url, ui.window)
            dialog.show()
            assert any(url in label.text() for label in dialog.findChildren(QLabel))
            assert (host.heard, dialog.said.text()) == ([], "")
            dialog.ask.click()
            await ui.until(dialog.ask.isEnabled, "an answer")
            assert len(host.heard) == 1
            assert dialog.said.text().startswith("The package of this name there is another program: “Paintings.”")
        dialog.ask.click()
        await ui.until(dialog.ask.isEnabled, "an answer")
        assert dialog.said.text() == f"Nothing listens on port {host.served.port} of this machine."
        dialog.close()

    ui.play(scene())


def test_where_nothing_can_be_asked_that_is_said(ui: Ui) -> None:
    dialogs.open_newest(ui.window.services, ui.window)
    (dialog,) = ui.window.findChildren(NewestDialog)
    assert NOWHERE in {label.text() for label in dialog.findChildren(QLabel)}
    assert [one.text() for one in dialog.findChildren(QPushButton) if one.isVisible()] == ["Close"]
    dialog.close()
