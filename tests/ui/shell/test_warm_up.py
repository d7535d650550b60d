"""What is imported while the user looks at the first picture is all that a run needs."""

from __future__ import annotations

import subprocess
import sys

SCENE = """
import asyncio, sys
from PySide6.QtWidgets import QApplication
from ui.shell.application import build_window
from ui.shell.event_loop import make_loop
from ui.shell.pages import COMPARE
from ui.shell.warm_up import warm_up
from ui.style.theme import application_arguments

async def scene():
    window.show()
    await warm_up(window)
    before = set(sys.modules)
    page = window.page(COMPARE)
    assert page.bar._editor.made is not None, "it would be made when Run is pressed"
    page.bar.max_tokens.setValue(8)
    page.run()
    while page.starter.preparing or page.session.running or page.session.following:
        await asyncio.sleep(0.01)
    for index in range(5):
        page.a.set_tab(index)
    assert page.a.side.outcome == "completed", page.a.outcome.text
    print(sorted(set(sys.modules) - before))
    window.close()
    await window.aclose()

app = QApplication(application_arguments("diptych"))
app.setQuitOnLastWindowClosed(False)
loop = make_loop(app)
window = build_window(app)
loop.run_until_complete(scene())
loop.close()
"""


def test_a_run_imports_nothing_that_was_not_imported_before_it() -> None:
    done = subprocess.run([sys.executable, "-c", SCENE], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]", done.stdout
