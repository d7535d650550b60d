"""What is said of a stream that came in bursts: that something collected it, or only that it came all at once."""

from __future__ import annotations

from app.exchange.burst_rules import BUFFERED, CAME_AT_ONCE
from app.exchange.timing import Bursts, Packing
from app.protocols.findings import Finding


def findings_of_bursts(bursts: Bursts | None, http_version: str) -> list[Finding]:
    """At most one; none for a stream that flowed."""
    if bursts is None:
        return []
    frame = "frame" if http_version == "HTTP/2" else "chunk"
    if not bursts.collected:
        variant = "" if bursts.packing is Packing.UNKNOWN else bursts.packing
        return [Finding.of(CAME_AT_ONCE, variant=variant, pieces=bursts.pieces, within_ms=bursts.within_ms, frame=frame)]
    if bursts.apart_ms is None:
        return [Finding.of(BUFFERED, variant="one", pieces=bursts.pieces, frame=frame)]
    return [Finding.of(BUFFERED, pieces=bursts.pieces, count=bursts.count, apart_ms=bursts.apart_ms)]
