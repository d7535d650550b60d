"""What reports of checks and of Compare runs have in common, out of the exchanges themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from statistics import median
from typing import NamedTuple

import msgspec

from app.checks.registry import step_words
from app.exchange.exchange import Exchange, Outcome
from app.pricing import Cost, PriceTable
from app.recording.records import NO_STAMP, Headers, SideName
from app.report.hiding import Hiding
from app.report.schema import (
    MAX_EXCERPT_CHARACTERS,
    MAX_EXCERPT_LINES,
    EndpointPart,
    LatencyPart,
    MaskPart,
    RecordingPart,
    Report,
    Tls,
)
from app.run.side import price_of
from app.secrets.names import SURE_HEADERS, scheme_end

SIDES: tuple[SideName, SideName] = ("a", "b")
MEASURES = ("connect", "tls", "wait", "ttfb", "ttft", "total")
_STREAMED_ONLY = ("ttft",)
_SOFTWARE_HEADERS = ("server", "via", "x-powered-by")
_MOST_SEEN = 8
_MOST_CHARACTERS = 80


class Bytes(NamedTuple):
    """Bytes of a decoded body that something rests on, with where they stand; `span` is None for the whole body."""

    data: bytes
    span: tuple[int, int] | None


def by_side(exchanges: Iterable[Exchange]) -> dict[SideName, list[Exchange]]:
    """The exchanges of each side that has any, A first."""
    found: dict[SideName, list[Exchange]] = {}
    for one in exchanges:
        found.setdefault(one.recording.envelope.side or "b", []).append(one)
    return {side: found[side] for side in SIDES if side in found}


def endpoint_part(side: SideName, exchanges: Sequence[Exchange]) -> EndpointPart:
    """A side as its exchanges show it; there is at least one."""
    envelope = exchanges[0].recording.envelope
    note = envelope.profile
    tls = next((found for one in exchanges if (found := _tls(one)) is not None), None)
    versions = [one.recording.head.http_version for one in exchanges if one.recording.head is not None]
    return EndpointPart(
        side=side,
        label=note.name,
        base_url=note.base_url or None,
        protocol=envelope.protocol,
        model_asked=envelope.model,
        models_seen=_distinct(one.reading.model or "" for one in exchanges),
        auth=note.auth or None,
        key_hint=next((hint for one in exchanges if (hint := _key_hint(one.recording.request.headers))), None),
        tls=tls,
        http_versions=_distinct(versions),
        software=_distinct(_software(exchanges)),
        demo=bool(note.demo),
    )


def latency_parts(exchanges: Iterable[Exchange]) -> list[LatencyPart]:
    """Each measure over the completed requests to the model, where any of a side has it."""
    parts = []
    for side, found in by_side(exchanges).items():
        asked = [one for one in found if one.outcome is Outcome.COMPLETED and one.recording.request.method == "POST"]
        for measure in MEASURES:
            counted = [one for one in asked if measure not in _STREAMED_ONLY or one.recording.envelope.streamed]
            values = [value for one in counted if (value := getattr(one.timing, measure)) is not None]
            if values:
                least, middle, most = round(min(values), 3), round(median(values), 3), round(max(values), 3)
                parts.append(
                    LatencyPart(
                        side=side, measure=measure, n=len(values), median_ms=middle, least_ms=least, most_ms=most
                    )
                )  # fmt: skip
    return parts


def recording_part(number: int, one: Exchange) -> RecordingPart:
    """An exchange in the report's list of them."""
    envelope, request, body = one.recording.envelope, one.recording.request, one.decoded.data
    return RecordingPart(
        number=number,
        side=envelope.side or "b",
        check=envelope.check or None,
        step=envelope.step or None,
        title=step_words(envelope.check, envelope.step) if envelope.check else None,
        n=envelope.round,
        attempt=envelope.attempt,
        started_utc=envelope.started_utc,
        method=request.method,
        url=request.url,
        status=one.status or None,
        wanted=str(envelope.wanted),
        outcome=str(one.outcome),
        total_ms=rounded(one.timing.total),
        body_bytes=len(body),
        sha256=digest(bytes(body)),
    )


def mask_parts(exchanges: Iterable[Exchange]) -> list[MaskPart]:
    """How often secrets were masked, by side and place."""
    found = Counter((one.recording.envelope.side or "b", mask.where) for one in exchanges for mask in one.recording.masks)
    return [MaskPart(side=side, where=where, count=count) for (side, where), count in sorted(found.items())]


def bytes_of(one: Exchange, event: int | None, span: tuple[int, int] | None) -> Bytes:
    """The bytes meant: those of a span, of an event (from 1), or all."""
    data = one.decoded.data
    if span is None and event is not None and 1 <= event <= len(one.events):
        span = (int(one.events.starts[event - 1]), int(one.events.ends[event - 1]))
    return Bytes(bytes(data[span[0] : span[1]]) if span is not None else bytes(data), span)


def excerpt(data: bytes) -> str | None:
    """The beginning of some bytes as text, at most ten lines; None for none."""
    if not data.strip():
        return None
    text = data[: MAX_EXCERPT_CHARACTERS * 4].decode("utf-8", "replace").strip("\r\n")
    lines = text.splitlines()
    cut = "\n".join(lines[:MAX_EXCERPT_LINES])[:MAX_EXCERPT_CHARACTERS]
    return cut if len(cut) == len("\n".join(lines)) and len(data) <= MAX_EXCERPT_CHARACTERS * 4 else f"{cut}…"


def digest(data: bytes) -> str | None:
    return sha256(data).hexdigest() if data else None


def ended_utc(exchanges: Iterable[Exchange]) -> str | None:
    """When the last of them ended, ISO 8601; None where no time is known."""
    ends = [end for one in exchanges if (end := _ended(one)) is not None]
    return max(ends).isoformat(timespec="milliseconds").replace("+00:00", "Z") if ends else None


def clock_of(exchanges: Iterable[Exchange]) -> str | None:
    """Whose time the stamps are; None where no file says."""
    stamped = {one.recording.connection.stamped_by for one in exchanges if one.recording.connection is not None}
    return ", ".join(sorted(stamped - {""})) or None


def price_sources(exchanges: Iterable[Exchange], table: PriceTable | None) -> list[str]:
    """Where the prices are from."""
    priced = (price_of(one, table) for one in exchanges if one.reading.usage is not None)
    return _distinct(one.source for one in priced if isinstance(one, Cost))


def rounded(ms: float | None) -> float | None:
    return None if ms is None else round(ms, 3)


def hidden(report: Report) -> Report:
    """The report without ids of accounts and what looks like a key, of which `masks` then tells how many there were."""
    hiding = Hiding()
    plain = hiding.value(msgspec.to_builtins(report))
    clean = msgspec.convert(plain, Report)
    more = [MaskPart(side=None, where="account", count=hiding.count)] if hiding.count else []
    return msgspec.structs.replace(clean, masks=[*clean.masks, *more])


def _distinct(values: Iterable[str]) -> list[str]:
    """Those that are there, each once, in order, short."""
    return list(dict.fromkeys(one[:_MOST_CHARACTERS] for one in values if one))[:_MOST_SEEN]


def _software(exchanges: Iterable[Exchange]) -> Iterable[str]:
    for one in exchanges:
        headers: Headers = one.recording.head.headers if one.recording.head is not None else ()
        yield from (f"{name}: {value}" for name, value in headers if name.lower() in _SOFTWARE_HEADERS)


def _key_hint(headers: Headers) -> str | None:
    """What the mask leaves to be seen of the key; None where no key was sent, or none that is masked."""
    for name, value in headers:
        if name.lower() in SURE_HEADERS and "*" in (key := value[scheme_end(value) :]):
            return f"{key[: key.index('*')]}…{key[key.rindex('*') + 1 :]}"
    return None


def _tls(one: Exchange) -> Tls | None:
    connection = one.recording.connection
    if connection is None or not connection.tls_version:
        return None
    certificate = connection.certificate
    return Tls(
        version=connection.tls_version,
        issuer=(certificate.issuer or None) if certificate else None,
        not_after=(certificate.not_after or None) if certificate else None,
    )


def _ended(one: Exchange) -> datetime | None:
    try:
        started = datetime.fromisoformat(one.recording.envelope.started_utc)
    except ValueError:
        return None
    end, total = one.recording.end, one.timing.total
    return started + timedelta(milliseconds=total) if end is not None and end.ns != NO_STAMP and total else started


Labels = Mapping[SideName, str]
"""What each side is called in sentences."""
