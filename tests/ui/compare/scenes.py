"""Scenes of `python -m tests.screenshots` that show a run's verdicts, from recordings made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.formats.captures import from_body
from app.recording.recording import Recording
from app.recording.records import Ended, EndKind, RunOpened
from tests.builders import MS, messages_end, messages_start, messages_text, recording, stream

if TYPE_CHECKING:
    from tests.screenshots import Studio

PROMPT = "一条流从里面看是什么样子？"
ANSWER = (
    "从里面看，一条流就是一排小信封。每一封在到达的那一刻就被拆开：先来一张字条，然后是文字，最后一张字条说明它为什么结束。"
)
TWICE = [(600.0, messages_start() + messages_start()), (620.0, messages_text("Hi")), (720.0, messages_end(None))]
NO = b'{"type":"error","error":{"type":"api_error","message":"no"}}'


def chinese(side: str, first_ms: float, step_ms: float, name: str) -> Recording:
    """An answer in Chinese, a character an event, of an endpoint with a Chinese name."""
    pieces = [(first_ms - 5, messages_start())]
    pieces += [(first_ms + step_ms * number, messages_text(char)) for number, char in enumerate(ANSWER)]
    pieces.append((first_ms + step_ms * len(ANSWER), messages_end(118)))
    made = recording(pieces, side="a" if side == "a" else "b", wait_ms=first_ms - 106)
    profile = msgspec.structs.replace(made.envelope.profile, name=name, label="预发布")
    made.envelope = msgspec.structs.replace(made.envelope, profile=profile)
    return made


def ended(reason: str, side: str) -> Recording:
    """An answer that ends for this reason."""
    pieces = [(600.0, messages_start()), (610.0, messages_text("Let me")), (620.0, messages_end(2, reason))]
    return recording(pieces, side="a" if side == "a" else "b")


def of_a_body(text: str, side: str) -> Recording:
    """A capture without a head and without times."""
    made = from_body(messages_start() + messages_text(text) + messages_end(), "anthropic-messages")
    made.envelope = msgspec.structs.replace(made.envelope, side="a" if side == "a" else "b")
    return made


async def verdicts(studio: Studio) -> None:
    """Both a drop-in, in Chinese; one that breaks, for a client too; one and both failed; cut answers; no times."""
    page = studio.page
    stopped = recording([(600.0, messages_start())], end=Ended(EndKind.CANCELLED, 8_000 * MS))
    refused = recording([(500.0, NO)], status=500, headers=(), side="b")
    states = {
        "chinese": (chinese("a", 612, 18, "Anthropic 官方的端点，名字很长很长很长"), chinese("b", 1024, 21, "中转 · 很便宜")),
        "breaks": (stream(), recording(TWICE, side="b")),
        "one-failed": (stream(), refused),
        "both-failed": (stopped, refused),
        "cut": (ended("max_tokens", "a"), ended("refusal", "b")),
        "no-times": (of_a_body("Hi", "a"), of_a_body("Hallo", "b")),
    }
    opened = RunOpened("1", "2026-11-21T09:00:00.000Z", "0", "streaming", {"scenario": "streaming", "prompt": PROMPT})
    for name, recordings in states.items():
        page.show_file(Path(f"captures/{name}.diptych"), opened, list(recordings))
        await studio.until(lambda: not page.session.following)
        await studio.take(f"verdict-{name}")
        if name == "breaks":
            page.my_client.choose("langchain-anthropic")
            await studio.take(f"verdict-{name}-client")
            page.my_client.choose("")
    page.files.close()
