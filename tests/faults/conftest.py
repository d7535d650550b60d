"""How a faulty endpoint is played beside a good one, in one wire process: a fault must not hurt what comes after it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from app.asking.runner import OnChange, Run, Runner, SideChoice
from app.exchange.exchange import Outcome
from app.recording.records import SideName
from app.run.json_report import run_facts
from app.run.side import Side
from app.scenarios import Plan
from app.store.profiles import Profile, ProfileLimits
from app.wire.client import WireClient
from tests.faults.answers import GOOD_PIECES, GOOD_TEXT, STREAM_HEAD
from tests.wire.conftest import KEY
from tests.wire.servers import answering, chunk, serving

Play = Callable[..., Awaitable[Side]]
GOOD = answering(STREAM_HEAD, *map(chunk, GOOD_PIECES), b"0\r\n\r\n")


def profile(url: str, name: str = "Faulty", limits: ProfileLimits | None = None, **fields: Any) -> Profile:
    """A Messages endpoint at that address."""
    return Profile(name, base_url=url, limits=limits or ProfileLimits(total_s=60), needs_key=False, uid=name, **fields)


async def play_two(
    wire: WireClient, one: Profile, body_bytes: int | None = None, key: str = KEY, on_change: OnChange | None = None
) -> Side:
    """Side A at the given endpoint, side B at a good one at the same time; returns A when B was found undisturbed."""
    async with serving(GOOD) as served:
        other = profile(f"http://127.0.0.1:{served.port}", "Good")
        choices: dict[SideName, SideChoice] = {"a": SideChoice(one, "claude-x", key), "b": SideChoice(other, "claude-x", key)}
        run = Run(Plan(), choices)
        await (Runner(wire, body_bytes=body_bytes) if body_bytes else Runner(wire)).play(run, choices, on_change)
    good = run.sides["b"]
    assert good.outcome is Outcome.COMPLETED
    assert good.last is not None
    assert good.last.reading.text == GOOD_TEXT
    facts = msgspec.json.encode(run_facts(run.sides["a"], good))
    assert KEY.encode() not in facts
    return run.sides["a"]


@pytest.fixture
def play(wire: WireClient) -> Play:
    """`play_two` at a URL with the profile's other fields."""

    async def at(
        url: str,
        limits: ProfileLimits | None = None,
        body_bytes: int | None = None,
        key: str = KEY,
        on_change: OnChange | None = None,
        **fields: Any,
    ) -> Side:
        return await play_two(wire, profile(url, limits=limits, **fields), body_bytes, key, on_change)

    return at
