"""The window: what it imports before it is seen, and a run that a crash left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QPushButton

from app.recording.records import RunOpened
from app.recording.run_format import dump_run
from app.store.files import private_folder
from tests.builders import messages_start, messages_text, recording
from tests.ui.conftest import Ui

LATE = (
    "httpx", "httpcore", "h2", "keyring", "starlette", "uvicorn", "truststore", "dotenv", "tomlkit", "sqlite3",
    "PySide6.QtNetwork", "app.exchange.exchange", "app.asking.runner", "ui.endpoints", "ui.compare.pane.events_view",
    "ui.study", "pyqtgraph", "numpy", "platformdirs", "ui.present", "ui.mirror", "ui.checks", "ui.shared.picker",
    "ui.shell.palette", "ui.compare.diff.view", "ui.compare.diff.cards", "ui.compare.replay.player", "ui.compare.replay.row",
    "ui.compare.axis.painting", "ui.compare.axis.controls", "ui.compare.request.popover", "ui.compare.request.editor",
    "app.run.word_links", "app.run.diff", "app.run.differences", "app.run.compare", "app.diagnosis", "app.run.replay",
    "ui.shell.help", "ui.widgets.toast", "app.text.glossary", "app.text.when", "ui.compare.reachable", "ui.shared.session_file",
    "ui.widgets.copying",
)  # fmt: skip
OPENS = f"""
import linecache
import sys
from ui.shell import quick_enums
from ui.shell.light_imports import LATE, import_lightly

slowly, thorough = [], quick_enums._thorough
quick_enums._thorough = lambda base, name, names, **options: slowly.append(name) or thorough(base, name, names, **options)
import_lightly()
from PySide6.QtWidgets import QApplication
from app.text import sentences
from ui.shell.application import build_window
from ui.shell.event_loop import make_loop
from ui.style.theme import application_arguments

app = QApplication(application_arguments("diptych"))
loop = make_loop(app)
window = build_window(app)
window.show()
app.processEvents()
print([name for name in {LATE!r} if name in sys.modules])
print(len([name for name in sys.modules if name.startswith("ui.")]) > 50, [name for name in linecache.cache if "/ui/" in name])
print([name for name in LATE if type(sys.modules[name]).__name__ == "module"])
print([name for name in slowly if name != "Empty"], [one.cache_info().currsize for one in (sentences._HAN, sentences._WIDE)])
try:
    window.setWindowTitle(3.5)
except TypeError as error:
    print(str(error).split(chr(10))[-1].strip())
window.close()
loop.close()
"""


def test_a_window_that_is_shown_has_imported_nothing_that_it_does_not_need_for_that_and_read_no_sources(tmp_path: Path) -> None:
    variables = {**os.environ, "DIPTYCH_CONFIG_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", OPENS], capture_output=True, text=True, check=True, env=variables)
    says = "PySide6.QtWidgets.QWidget.setWindowTitle(arg__1: str, /)"
    flags = ["LanguageCodeType"] if sys.version_info < (3, 12) else []  # of which one is -1; later Pythons make all slowly
    slowly = f"{flags} [0, 0]"  # and no pattern for Chinese
    assert done.stdout.split("\n") == ["[]", "True []", "[]", slowly, says, ""]


def test_a_run_that_was_cut_off_by_a_crash_is_offered(ui: Ui) -> None:
    async def scene() -> None:
        services = ui.window.services
        made = recording([(600.0, messages_start()), (612.0, messages_text("Half an ans"))])
        made.end = None
        file = services.journal.folder / "2026-11-21T00-00-00-x.journal"
        private_folder(file.parent.parent)
        private_folder(file.parent)
        opened = RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {})
        file.write_bytes(b"".join(dump_run(opened, [made])))
        ui.page.offer_unfinished(services.journal.unfinished())
        assert "what had come is kept" in ui.page.notes.text
        next(one for one in ui.page.notes.findChildren(QPushButton) if one.text() == "Open it").click()
        await ui.until(lambda: ui.page.session.file == file, "the journal to open")
        await ui.ended()
        assert ui.page.a.outcome.text.startswith("◆ Interrupted")
        assert ui.page.a.answer.text == "Half an ans"
        ui.page.files.close()
        ui.page.offer_unfinished(services.journal.unfinished())
        next(one for one in ui.page.notes.findChildren(QPushButton) if one.text() == "Discard").click()
        assert not file.exists()
        assert ui.page.notes.text == ""

    ui.play(scene())
