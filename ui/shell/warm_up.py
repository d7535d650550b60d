"""What the window needs soon but not to be seen: imported and started while the user looks at the first picture."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from app.text.patterns import LATE
from ui.shell.collector import Collector
from ui.shell.pages import PAGES
from ui.style.icons import icon

if TYPE_CHECKING:
    from ui.shell.main_window import MainWindow

DELAY_S = 0.2
BETWEEN_S = 0.005
# From the ground up, so that no step takes long; what the first page will need follows.
MODULES = (
    "app.secrets.writings", "app.secrets.masking", "app.protocols.errors.body", "app.exchange.stray_text",
    "app.exchange.transport_findings", "app.stream.decoding", "app.exchange.exchange", "app.pricing",
    "app.diagnosis", "app.protocols.messages.rules_content", "app.run.side", "app.run.how_it_ended", "app.run.compare",
    "app.run.fit_words", "app.run.diff.summary", "app.run.diff.words", "ui.widgets.announce",
    "app.store.journal", "app.store.toml_text", "app.store.prices", "app.simulator.server.client",
    "sqlite3", "app.store.history.database", "app.store.history.history", "app.store.history.salvage",
    "app.asking.history_keeping", "app.asking.history_entry", "app.recording.legacy_end",
    "app.asking.runner", "app.asking.plain_text", "app.asking.environment", "dotenv",
    "app.protocols.messages.usage", "app.protocols.messages.answer", "app.protocols.messages.reader",
    "app.protocols.messages.protocol", "app.protocols.chat.choices", "app.protocols.chat.protocol",
    "app.protocols.responses.reader", "app.protocols.responses.protocol", "app.formats.shell_words", "app.formats.curl",
)  # fmt: skip


async def warm_up(window: MainWindow) -> None:
    """The wire process first, which starts beside us; then, step by step between other events, what a run will import."""
    await asyncio.sleep(DELAY_S)
    window.services.start_wire()
    await asyncio.sleep(BETWEEN_S)
    for _ in window.completing():
        await asyncio.sleep(BETWEEN_S)
    import_module("ui.widgets.accessible").install()
    window.setWindowIcon(icon("diptych", "#000000", 64))
    await asyncio.sleep(BETWEEN_S)
    for name in (*MODULES, *(name for page in PAGES for name in page.soon)):
        import_module(name)
        await asyncio.sleep(BETWEEN_S)
    for pattern in tuple(LATE):  # compiled while it runs, they would hold up the picture
        pattern()
        await asyncio.sleep(0)
    import_module("app.pricing").builtin_table()
    await asyncio.sleep(BETWEEN_S)
    import_module("app.clients.table").table()
    await asyncio.sleep(BETWEEN_S)
    window.make_pages_ready()
    await asyncio.sleep(BETWEEN_S)
    Collector(window)
