"""Asks a package index for the newest version of Diptych, as an endpoint is asked: only where somebody presses a button."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, metadata

from app import __version__
from app.asking.caller import Caller, Purpose
from app.diagnosis import Context, Diagnosis, diagnose
from app.recording.records import EndKind, Request
from app.releases import Published, read_published
from app.store.profiles import Profile, ProfileLimits
from app.text.sentences import unsaid
from app.wire.client import WireClient

BODY_BYTES = 8 << 20  # an index tells of every file of every version
ASKING = Purpose("newest-version", "newest_version", body_bytes=BODY_BYTES)
LIMITS = ProfileLimits(connect_s=10.0, first_byte_s=15.0, silence_s=10.0, total_s=30.0)


async def ask_newest(wire: WireClient, url: str) -> Published | Diagnosis:
    """One GET, without a key, a version or anything of this computer. A diagnosis where no answer came.

    The environment's proxy and the system's certificates as for an endpoint; no redirect is followed.
    """
    profile = Profile(unsaid("Newest version"), base_url=url, needs_key=False, limits=LIMITS)
    headers = (("accept", "application/json"), ("user-agent", "diptych"))
    exchange = await Caller(wire, profile).exchange(Request("GET", url, headers), ASKING)
    end = exchange.recording.end
    if not exchange.status or end is None or end.kind is not EndKind.WHOLE:
        found = diagnose(exchange, Context(key_sent=False))
        if found is not None:
            return found
    return read_published(exchange.status or 0, bytes(exchange.decoded.data), __version__, _summary())


def _summary() -> str:
    """What our own package says it is; "" where this was never installed."""
    try:
        return metadata("diptych")["Summary"] or ""
    except PackageNotFoundError:
        return ""
