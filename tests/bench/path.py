"""path: the wait split into the way there and back and the endpoint, over a path of known delay; the kernel's TCP at each end.

Linux, with a user namespace, `ip` and TUN; elsewhere there is nothing to measure and no row.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from statistics import median
from typing import Any

from tests.bench.frame import Row, exactly, most, percentile
from tests.tun import NO_DEVICE

PAIRS = 10
MOST_MS = 1.0


def run(short: bool) -> list[Row]:
    """New and kept connections, three delays, an endpoint that thinks for nothing, 30 and 150 ms; one packet lost a delay.

    The medians count: beyond them it is mostly how late the program between the devices comes to a packet, for which the least
    round trip, rightly, does not stand.
    """
    told = _told(1 if short else PAIRS)
    if told is None:
        return []
    whole = [one for one in told if not one["lost"]]
    found = [one for one in whole if one["path"] is not None]
    rows = [Row("answers whose wait was not split", len(whole) - len(found), "", must=exactly(0))]
    for kept in (False, True):
        these = [one for one in found if one["kept"] is kept]
        where = "kept connection" if kept else "new connection"
        for name, part in (("way there and back", "path"), ("endpoint", "endpoint")):
            errors = [abs(one[part] - one["in_fact"][part]) for one in these]
            rows.append(Row(f"{name}, {where}, error, median of {len(errors)}", median(errors), "ms", must=most(MOST_MS)))
            rows.append(Row(f"{name}, {where}, error, p90", percentile(errors, 0.9), "ms"))
    split = sum(one["path"] is not None for one in told if one["lost"])
    return [*rows, Row("split all the same where a packet of the request was lost", split, "", must=exactly(0))]


def _told(pairs: int) -> list[dict[str, Any]] | None:
    if not (shutil.which("unshare") and shutil.which("ip")):
        return None
    command = ["unshare", "--map-root-user", "--net", sys.executable, "-m", "tests.bench.path_line", str(pairs)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode == NO_DEVICE or done.stderr.startswith(b"unshare:"):
        return None
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return [json.loads(line) for line in done.stdout.splitlines()]
