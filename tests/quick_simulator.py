"""The demo's endpoints as `diptych simulate` starts them, eight times as fast: nobody reads along in a test."""

from __future__ import annotations

import dataclasses
import sys

from app.simulator.server import endpoint, process
from app.simulator.shared.events import Pace

TIMES = 8


def hurried(pace: Pace) -> Pace:
    """The same proportions."""
    waits = {name: getattr(pace, name) / TIMES for name in ("head_ms", "first_ms", "token_ms", "reasoning_ms", "burst_ms")}
    return dataclasses.replace(pace, **waits)


if __name__ == "__main__":
    endpoint.PACES.update({name: hurried(pace) for name, pace in endpoint.PACES.items()})
    sys.exit(process.main())
