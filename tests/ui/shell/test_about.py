"""About Diptych: its version, and the licences of what it is made of."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from app import __version__
from tests.ui.conftest import Ui
from ui.shell import dialogs
from ui.shell.about import AboutDialog
from ui.shell.licences import LicencesDialog


def test_about_shows_the_version_and_opens_the_licences(ui: Ui) -> None:
    dialogs.open_about(ui.window)
    about = ui.window.findChild(AboutDialog)
    assert about is not None
    assert about.versions.text().startswith(f"Diptych {__version__}\n")
    next(one for one in about.findChildren(QPushButton) if one.text() == "Licences…").click()
    licences = about.findChild(LicencesDialog)
    assert licences is not None
    listed = [licences.list.item(row).text() for row in range(licences.list.count())]
    assert listed == [f"{one.name} {one.version}" for one in licences.components]
    row = next(at for at, one in enumerate(licences.components) if one.name == "httpx")
    licences.list.setCurrentRow(row)
    assert licences.heading.text() == f"{listed[row]}: BSD-3-Clause"
    assert "Redistribution and use" in licences.text.toPlainText()
    licences.close()
    about.close()
