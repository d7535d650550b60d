"""start: from the command to the first painted window, beside a stub of plain widgets; and what is not imported by then."""

from __future__ import annotations

import tempfile
from time import perf_counter_ns

from tests.bench.children import Child
from tests.bench.frame import Row, exactly, median, most_times

REPEATS = 21


def run(short: bool) -> list[Row]:
    """Window and stub in turn, each in a fresh process, after one of each to warm the disk's cache."""
    repeats = 1 if short else REPEATS
    pairs = [(opened("app"), opened("stub")) for _ in range(repeats + (not short))][-repeats:]
    app_ms, stub_ms = median(app[0] for app, _ in pairs), median(stub[0] for _, stub in pairs)
    ratio = median(app[0] / stub[0] for app, stub in pairs)
    late = {name for app, _ in pairs for name in app[1]}
    return [
        Row("command to first painted window", app_ms, "ms", "stub", stub_ms, most_times(1.2), ratio),
        Row("packages imported too early" + (f": {', '.join(sorted(late))}" if late else ""), len(late), "", must=exactly(0)),
    ]


def opened(kind: str, seconds: float = 0.0) -> tuple[float, list[str], float]:
    """Milliseconds to the first paint, what was imported too early, and the memory so many seconds later in MB."""
    with tempfile.TemporaryDirectory() as home:
        # A first start: no profiles, no settings. Those of who measures would be in the figures.
        variables = {"DIPTYCH_CONFIG_DIR": home}
        begin = perf_counter_ns()
        with Child("tests.bench.first_paint", kind, str(seconds), variables=variables) as child:
            painted = child.line()
            return (painted["painted_ns"] - begin) / 1e6, painted["imported"], child.line()["resident_mb"]
