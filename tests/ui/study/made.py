"""Made-up studies, as files would hold them."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec

from app.checks.asker import Step
from app.recording.recording import Recording
from app.recording.records import STUDY_SCENARIO, RunOpened, SideName
from app.study.plan import PAIR, SIDES
from tests.study.studies import answered, plan

LONG = "A relay with a name of sixty characters, which is rather long <b>x</b>"


def noisy(side: SideName, n: int, later_ms: float = 180.0) -> float:
    """A first token at about 600 ms, B's later; one run in twenty is late."""
    chance = Random(f"{side}/{n}")
    late = 220.0 if chance.random() < 0.05 else 0.0
    return 560 + chance.expovariate(1 / 30) + late + (later_ms if side == "b" else 0.0)


def made(
    count: int = 20, *, later_ms: float = 180.0, failing: tuple[int, ...] = (), **more: Any
) -> tuple[RunOpened, list[Recording]]:
    """A study of so many pairs; B failed in those that are named."""
    chosen = plan(pairs=more.pop("pairs", count), **more)
    recordings = []
    for n in range(1, count + 1):
        for side in SIDES:
            ms = None if side == "b" and n in failing else noisy(side, n, later_ms)
            recordings.append(answered(ms, side, Step("", PAIR, n), 429).recording)
    return RunOpened("1", "2026-11-29T12:00:00.000Z", "0", STUDY_SCENARIO, {"plan": msgspec.to_builtins(chosen)}), recordings


def renamed(recordings: list[Recording], name: str) -> list[Recording]:
    """The same, B of another name."""
    for one in recordings[1::2]:
        note = msgspec.structs.replace(one.envelope.profile, name=name)
        one.envelope = msgspec.structs.replace(one.envelope, profile=note, model="claude-opus-4-8-" + "x" * 60)
    return recordings
