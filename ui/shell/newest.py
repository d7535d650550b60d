"""Whether there is a newer version: asked only where somebody presses the button, after it was said what is asked and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app import __version__
from app.releases import PUBLISHED_AT, Found, Published
from app.text.sentences import message, tr
from ui.widgets.announce import announce
from ui.widgets.fields import WrapLabel, fit_height
from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    import asyncio

    from app.diagnosis import Diagnosis
    from ui.shared.services import Services

WIDTH = 520
NOWHERE = message(
    "Nothing can be asked: this Diptych was published nowhere that tells of newer versions. Whoever gave it to you has them."
)
BEFORE = message(
    "One request is sent, and only when you press Ask: GET {url}, without a key, without this version, and with nothing about "
    "this computer. It goes as those to an endpoint do: through the environment's proxy where it names one (HTTPS_PROXY), and "
    "the certificate is checked."
)
SAID = {
    Found.NEWER: message("Version {version} is there. This is {own}."),
    Found.SAME: message("This is the newest version: {version}."),
    Found.OLDER: message("The newest version there is {version}. This is {own}, which is newer."),
    Found.NONE: message("There is no package of this name there."),
    Found.STRANGER: message(
        "The package of this name there is another program: {summary:quoted it does not say which}. Its versions say nothing "
        "of this one."
    ),
    Found.UNREADABLE: message("What came does not tell a version (HTTP status {status})."),
}


class NewestDialog(QDialog):
    """Says what would be asked, asks when the button is pressed, and says what was found. Closed before, nothing is said."""

    def __init__(self, services: Services, url: str = PUBLISHED_AT, parent: QWidget | None = None) -> None:
        """`url` as `app.releases.PUBLISHED_AT`; "" where there is none."""
        super().__init__(parent)
        self._services, self._url = services, url
        self._asking: asyncio.Task[None] | None = None
        self.setWindowTitle(tr("Newer version, Diptych"))
        self.setMinimumWidth(WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(10)
        layout.addWidget(PlainLabel(tr("This is Diptych {version}", version=__version__), bold=True, scale=1.15))
        layout.addWidget(WrapLabel(tr(BEFORE, url=url) if url else tr(NOWHERE)))
        self.said = WrapLabel()
        layout.addWidget(self.said)
        layout.addStretch(1)
        self.ask, close = QPushButton(tr("Ask")), QPushButton(tr("Close"))
        self.ask.setVisible(bool(url))
        self.ask.clicked.connect(self._on_ask)
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.ask)
        foot.addWidget(close)
        layout.addLayout(foot)
        self.finished.connect(lambda _: self._asking and self._asking.cancel())
        fit_height(self)
        (self.ask if url else close).setFocus()

    def _on_ask(self) -> None:
        self.ask.setEnabled(False)
        self._say(tr("Asking…"), "muted")
        self._asking = self._services.tasks.start(self._ask())

    async def _ask(self) -> None:
        from app.asking.newest_version import ask_newest

        try:
            found = await ask_newest(self._services.wire, self._url)
        except OSError as error:
            from app.text.system_words import system_words

            self._say(tr("{fault}.", fault=system_words(error)), "bad")
        else:
            self._show(found)
        self.ask.setEnabled(True)

    def _show(self, found: Published | Diagnosis) -> None:
        if isinstance(found, Published):
            values = {"version": found.version, "own": __version__, "summary": found.summary, "status": found.status}
            good = found.found in (Found.NEWER, Found.SAME, Found.OLDER)
            self._say(tr(SAID[found.found], **values), "ok" if found.found is Found.SAME else "text" if good else "warn")
        else:
            self._say(found.cause, "bad")  # what would help is said of endpoints

    def _say(self, text: str, role: str) -> None:
        self.said.show_text(text, role)
        announce(self.said, text)
        fit_height(self)
