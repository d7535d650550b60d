"""The simulator's process with the same ids and times in every run: `python -m tests.clients.seeded`, as `Simulator` starts it.

Where a packed answer is cut depends on each of its bytes, so a table made twice would not be the same without it.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Mapping
from typing import Any

from app.simulator.model import ids
from app.simulator.server import process
from app.simulator.server.endpoint import Endpoint
from app.simulator.server.request_context import RequestContext

NOW_S = 1_795_000_000.0
_chance = random.Random(0)
_context = Endpoint.context


class _Secrets:
    """What `ids` takes of the module `secrets`."""

    choice = staticmethod(_chance.choice)

    @staticmethod
    def token_hex(length: int) -> str:
        return _chance.randbytes(length).hex()

    @staticmethod
    def token_bytes(length: int) -> bytes:
        return _chance.randbytes(length)


def _seeded(self: Endpoint, method: str, path: str, headers: Mapping[str, str], query: Mapping[str, str]) -> RequestContext:
    _chance.seed(0)
    self._memory.chance.seed(0)
    return _context(self, method, path, headers, query)


if __name__ == "__main__":
    replaced: Any = ids
    replaced.secrets = _Secrets
    Endpoint.context = _seeded  # type: ignore[method-assign]
    time.time = lambda: NOW_S
    sys.exit(process.main())
