"""The scene of `python -m tests.screenshots` that shows the findings over both panes, from recordings made by hand."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.protocols.ids import CHAT
from app.recording.recording import Recording
from app.recording.records import RunOpened, SideName
from app.scenarios import Scenario
from tests.builders import JSON, calling, event, messages_end, messages_start, messages_text, recording, stream
from ui.compare.tabs import FINDINGS

if TYPE_CHECKING:
    from tests.screenshots import Studio

HOSTILE = "<b>中转</b> 网关\u202e（华东二区、按量计费）with a name that goes on " + "and on " * 12
OPENED = RunOpened("1", "2026-11-21T09:00:00.000Z", "0", "streaming", {"scenario": "streaming", "prompt": "一条流？"})


def many(side: SideName, name: str = "") -> Recording:
    """An answer with many findings: begun twice, events that nobody knows, torn JSON, no counts, cut."""
    pieces = [(600.0, messages_start() + event("message_start", message={}))]
    pieces += [(610.0 + number, messages_text(f"word {number} ")) for number in range(4)]
    pieces += [(640.0, event("消息_unknown", 内容="x" * 300)), (645.0, b"event: content_block_delta\ndata: {]\n\n")]
    pieces += [(650.0, event("content_block_stop", index=7)), (660.0, event("content_block_delta", index=3, delta={}))]
    pieces += [(700.0, messages_end(None, HOSTILE)), (705.0, messages_text("behind the end"))]
    return named(recording(pieces, side=side), name)


def chat(side: SideName) -> Recording:
    """A whole answer of Chat Completions, whose arguments are torn."""
    made = recording([(500.0, calling('{"a": '))], side=side, headers=JSON)
    profile = msgspec.structs.replace(made.envelope.profile, protocol=CHAT, base_url="https://relay.example/v1")
    made.envelope = msgspec.structs.replace(made.envelope, protocol=CHAT, profile=profile, streamed=False)
    return made


def named(made: Recording, name: str) -> Recording:
    if name:
        profile = msgspec.structs.replace(made.envelope.profile, name=name, base_url=f"https://r.example/{name}", auth="bearer")
        made.envelope = msgspec.structs.replace(made.envelope, profile=profile, model=name)
    return made


async def findings(studio: Studio) -> None:
    """One side's, a row open, none, both protocols, many with hostile names, one side alone, a run that goes on; all sizes."""
    page, window = studio.page, studio.window
    size = window.size()
    cut = [(600.0, messages_start()), (620.0, messages_text("Hello")), (640.0, messages_end(None))]
    runs = {
        "one": (stream(side="a"), recording(cut, side="b")),
        "none": (stream(side="a"), stream(side="b")),
        "protocols": (many("a"), chat("b")),
        "many": (many("a", HOSTILE), many("b", HOSTILE)),
        "alone": (many("a"),),
    }
    for name, recordings in runs.items():
        page.show_file(Path(f"captures/{name}.diptych"), OPENED, list(recordings))
        await studio.until(lambda: not page.session.following)
        page.b.set_tab(FINDINGS) if len(recordings) > 1 else page.a.set_tab(FINDINGS)
        await studio.take(f"findings-{name}")
        view = page.findings.view()
        if name in ("one", "many"):
            page.my_client.choose("langchain-anthropic")
            page.findings.refresh()
            view.table.setCurrentIndex(view.table.model().index(0, 3))
            view.table.open_row(view.table.rows[0].id)
            view.table.setFocus()
            for width, height in ((900, 600), (1440, 900), (size.width(), size.height())):
                window.resize(width, height)
                await asyncio.sleep(0.1)
                await studio.take(f"findings-{name}-open")
            view.table.open_row("")
            page.my_client.choose("")
    page.session.clear()
    await studio.take("findings-before")
    page.a.turn_back()
    page.files.close()
    page.bar.set_scenario(Scenario.STREAMING)
    page.a.set_tab(FINDINGS)
    page.run()
    await studio.until(lambda: page.b.side is not None and page.b.side.timing.ttft is not None)
    await asyncio.sleep(0.3)
    await studio.take("findings-running")
    await studio.until(lambda: not page.session.following and not page.session.running)
    await studio.take("findings-ran")
    page.findings.close()
