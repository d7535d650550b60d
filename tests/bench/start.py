"""start: from the command to the first painted window, beside a stub of plain widgets; and what is not imported by then."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter_ns

from app.store.profiles import Profile, ProfileStore
from app.store.settings import SavedSide, Settings, SettingsStore
from tests.bench.children import Child
from tests.bench.frame import Row, exactly, median, most_times

REPEATS = 21
ENDPOINTS = (
    Profile("Anthropic", "anthropic-messages", "https://api.anthropic.example", "claude-sonnet-4-5", uid="one"),
    Profile("Relay", "anthropic-messages", "https://relay.example", "claude-sonnet-4-5", uid="two"),
    Profile("OpenAI", "openai-chat", "https://api.openai.example/v1", "gpt-5", uid="three"),
)


def run(short: bool) -> list[Row]:
    """Window, window with endpoints and stub in turn, each in a fresh process, after one of each to warm the disk's cache."""
    repeats = 1 if short else REPEATS
    kinds = {"at the first start": (), "with endpoints that were saved": ENDPOINTS}
    turns = [
        (opened("stub")[0], {kind: opened("app", endpoints=saved) for kind, saved in kinds.items()})
        for _ in range(repeats + (not short))
    ][-repeats:]
    late = {name for _, app in turns for one in app.values() for name in one[1]}
    stub_ms = median(stub for stub, _ in turns)
    rows = []
    for kind in kinds:
        app_ms, ratio = median(app[kind][0] for _, app in turns), median(app[kind][0] / stub for stub, app in turns)
        rows.append(Row(f"command to first painted window, {kind}", app_ms, "ms", "stub", stub_ms, most_times(1.2), ratio))
    return [
        *rows,
        Row("packages imported too early" + (f": {', '.join(sorted(late))}" if late else ""), len(late), "", must=exactly(0)),
    ]


def opened(kind: str, seconds: float = 0.0, endpoints: Sequence[Profile] = ()) -> tuple[float, list[str], float]:
    """Milliseconds to the first paint, what was imported too early, and the memory so many seconds later in MB.

    `endpoints` were saved by an earlier start, the first two chosen for the sides; without any it is the first start.
    """
    with tempfile.TemporaryDirectory() as home:
        # Not the profiles and settings of who measures.
        variables = {"DIPTYCH_CONFIG_DIR": home}
        if endpoints:
            _save(Path(home), endpoints)
        begin = perf_counter_ns()
        with Child("tests.bench.first_paint", kind, str(seconds), variables=variables) as child:
            painted = child.line()
            return (painted["painted_ns"] - begin) / 1e6, painted["imported"], child.line()["resident_mb"]


def _save(folder: Path, endpoints: Sequence[Profile]) -> None:
    profiles = ProfileStore(folder / "profiles.toml")
    for one in endpoints:
        profiles.save(one)
    a, b = (SavedSide(one.uid, one.model) for one in endpoints[:2])
    SettingsStore(folder / "settings.toml").change(Settings(), side_a=a, side_b=b)
