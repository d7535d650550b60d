"""Changes that are not saved hold the window open until the user says what shall become of them."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from app.store.profiles import Profile, ProfileStore
from tests.ui.conftest import Ui, save_profiles
from ui.shell.pages import COMPARE, ENDPOINTS
from ui.shell.unsaved import UnsavedDialog

NO_KEY_YET = Profile("Said to be free", base_url="http://127.0.0.1:9", model="m", uid="free", needs_key=False, proxy="none")


@pytest.fixture
def profiles() -> None:
    """A saved profile that is said to need no key."""
    save_profiles(NO_KEY_YET)


@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
@pytest.mark.usefixtures("profiles")
def test_closing_the_window_asks_about_changes_that_are_not_saved(ui: Ui) -> None:
    def dialog() -> UnsavedDialog | None:
        return next((one for one in ui.window.findChildren(UnsavedDialog) if one.isVisible()), None)

    async def scene() -> None:
        page = ui.window.show_page(ENDPOINTS)
        page.select("free")
        QTest.keyClicks(page.view.form.name, " indeed")
        assert page.unsaved
        ui.window.show_page(COMPARE)
        ui.window.close()
        asked = dialog()
        assert asked is not None
        assert ui.window.isVisible()
        asked.no.click()
        assert ui.window.isVisible()
        page.view.form.name.clear()  # can't be saved so
        page._on_edited()
        ui.window.close()
        asked = dialog()
        assert asked is not None
        asked.save.click()
        assert ui.window.isVisible()
        assert page.isVisible()  # and there it says why
        assert page.view.notice.notice is not None
        QTest.keyClicks(page.view.form.name, "Free indeed")
        ui.window.close()
        asked = dialog()
        assert asked is not None
        asked.save.click()
        assert not ui.window.isVisible()
        saved = ProfileStore()
        saved.load()
        assert [one.name for one in saved.profiles] == ["Free indeed"]

    ui.play(scene())


@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
@pytest.mark.usefixtures("profiles")
def test_closing_without_saving_leaves_the_file_as_it_was(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.window.show_page(ENDPOINTS)
        page.select("free")
        QTest.keyClicks(page.view.form.name, " indeed")
        ui.window.close()
        asked = next(one for one in ui.window.findChildren(UnsavedDialog) if one.isVisible())
        asked.yes.click()
        assert not ui.window.isVisible()
        saved = ProfileStore()
        saved.load()
        assert [one.name for one in saved.profiles] == ["Said to be free"]

    ui.play(scene())
