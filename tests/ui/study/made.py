"""Made-up studies, as files would hold them."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec

from app.asking.loading import load_opened
from app.checks.asker import Step
from app.checks.budget import Spent
from app.checks.statistics import wilson
from app.recording.recording import Recording
from app.recording.records import STUDY_SCENARIO, RunOpened, SideName
from app.study.load import Again, LoadPlan, StepResult
from app.study.load_told import Loaded
from app.study.plan import DEFAULT_PROMPT, PAIR, SIDES
from app.study.statistics import Percentile
from tests.study.studies import MESSAGES, plan, recorded

LONG = "A relay with a name of sixty characters, which is rather long <b>x</b>"


def noisy(side: SideName, n: int, later_ms: float = 180.0) -> float:
    """A first token at about 600 ms, B's later; one run in twenty is late."""
    chance = Random(f"{side}/{n}")
    late = 220.0 if chance.random() < 0.05 else 0.0
    return 560 + chance.expovariate(1 / 30) + late + (later_ms if side == "b" else 0.0)


def made(
    count: int = 20, *, later_ms: float = 180.0, failing: tuple[int, ...] = (), stacks: tuple[int, ...] = (), **more: Any
) -> tuple[RunOpened, list[Recording]]:
    """A study of so many pairs; B failed in those that are named, and others came from another `stacks`."""
    chosen = plan(pairs=more.pop("pairs", count), **more)
    recordings = []
    for n in range(1, count + 1):
        for side in SIDES:
            ms = None if side == "b" and n in failing else noisy(side, n, later_ms)
            one = recorded(ms, side, Step("", PAIR, n), 429)
            if side == "b" and n in stacks and one.head is not None:
                one.head = msgspec.structs.replace(one.head, headers=(*one.head.headers, ("server", "nginx")))
            recordings.append(one)
    return RunOpened("1", "2026-11-29T12:00:00.000Z", "0", STUDY_SCENARIO, {"plan": msgspec.to_builtins(chosen)}), recordings


def renamed(recordings: list[Recording], name: str) -> list[Recording]:
    """The same, B of another name."""
    for one in recordings[1::2]:
        note = msgspec.structs.replace(one.envelope.profile, name=name)
        one.envelope = msgspec.structs.replace(one.envelope, profile=note, model="claude-opus-4-8-" + "x" * 60)
    return recordings


_REFUSED_FROM = 64


def _step(side: SideName, step: float, number: int) -> StepResult:
    """As an endpoint behaves that slows down, B more than A, and from 64 at once refuses."""
    runs, slow = max(40, int(3 * step)), 1.0 if side == "a" else 1.6
    ttft = (220 if side == "a" else 240) * (1 + slow * (step / 40) ** 1.4)
    refused = int(runs * min(0.45, step / 300)) if side == "b" and step >= _REFUSED_FROM else 0
    done = runs - refused
    p95, p99 = ttft * (1.3 + step / 90 * slow), ttft * (1.6 + step / 60 * slow)
    within = done / runs if p95 < 2000 else 0.6 * done / runs
    failed = {"429": refused} if refused else {}
    again = (Again(429, 8.0, "retry-after", refused),) if refused else ()
    samples = {"p50": number, "p95": number, **({"429": number + 1} if refused else {})}
    per_second = step / (ttft / 1e3 + 0.8)
    return StepResult(
        step, runs, done, failed, wilson(done, runs), ttft, Percentile(0.95, p95, None),
        Percentile(0.99, p99, None) if done >= 100 else None, within, per_second * done / runs, None, 0.6, again,
        within * per_second, samples,
    )  # fmt: skip


def made_load(
    steps: tuple[float, ...] = (1, 2, 4, 8, 16, 32, 64, 128), sides: tuple[SideName, ...] = SIDES, name: str = "our gateway"
) -> tuple[RunOpened, list[Recording]]:
    """A load of these steps on the endpoints, as a file would hold it."""
    found, recordings = {}, []
    for side in sides:
        results = tuple(_step(side, step, 10 * number) for number, step in enumerate(steps, 1))
        ended = "saturated" if side == "b" else ""
        found[side] = Loaded(LoadPlan(MESSAGES, "qwen3-32b", steps, limit_ms=2000.0, prompt=DEFAULT_PROMPT), results, ended)
        for one in results:
            for kind, number in one.samples.items():
                if kind != "p95":
                    made_one = recorded(None if kind == "429" else one.ttft, side, Step("", f"{one.step:g}", number), 429)
                    note = msgspec.structs.replace(made_one.envelope.profile, name="vLLM, direct" if side == "a" else name)
                    made_one.envelope = msgspec.structs.replace(made_one.envelope, profile=note, scenario="load")
                    recordings.append(made_one)
    spent = Spent(requests=1_920, input_tokens=98_000, output_tokens=20_000, usd=None)
    return load_opened("1", "2026-11-29T12:00:00.000Z", found, spent), recordings
