"""The requests of both sides without address and key: method, path, headers, and the body by the paths of its JSON."""

from __future__ import annotations

from app.protocols.registry import info
from app.recording.recording import Recording
from app.recording.records import SideName
from app.run.diff.facts import Kind, RequestsDiff, ValuePlace, Why
from app.run.diff.texts import compare_texts
from app.run.diff.values import compare_values
from app.run.side import Side
from app.secrets.names import SURE_HEADERS, is_secret_header
from app.text.json_text import decode_json
from app.text.urls import split_url

# They say where it goes and how long it is.
_LEFT_OUT = frozenset({"host", "content-length"})


def compare_requests(a: Side, b: Side) -> RequestsDiff:
    """The first request of each side. Those of two protocols have nothing in common that could be held against each other."""
    if a.first is None or b.first is None:
        missing: list[SideName] = [one.name for one in (a, b) if one.first is None]
        return RequestsDiff(why=Why.NOTHING_SENT, side=missing[0] if len(missing) == 1 else None)
    ours, theirs = a.first.recording, b.first.recording
    if not ours.request.url or not theirs.request.url:
        missing = [side.name for side, one in ((a, ours), (b, theirs)) if not one.request.url]
        return RequestsDiff(why=Why.NOTHING_SENT, side=missing[0] if len(missing) == 1 else None)
    keys = _key_header(ours), _key_header(theirs)
    if ours.envelope.protocol != theirs.envelope.protocol:
        return RequestsDiff(key_a=keys[0], key_b=keys[1], why=Why.OTHER_PROTOCOL)
    head = _head(ours, theirs)
    later = max(len(a.rounds), len(b.rounds)) - 1
    bodies = ours.request.body, theirs.request.body
    if bodies[0] == bodies[1]:
        return RequestsDiff(head, compare_values(None, None), None, *keys, later)
    try:
        values = [decode_json(one) for one in bodies]
    except ValueError:
        texts = [one.decode("utf-8", "replace") for one in bodies]
        return RequestsDiff(head, None, compare_texts(*texts), *keys, later)
    return RequestsDiff(head, compare_values(*values), None, *keys, later)


def _head(ours: Recording, theirs: Recording) -> tuple[ValuePlace, ...]:
    here, there = _headers(ours), _headers(theirs)
    rows: list[tuple[str, str | None, str | None]] = [
        ("method", ours.request.method, theirs.request.method),
        ("path", _path(ours), _path(theirs)),
        *((name, here.get(name), there.get(name)) for name in {**here, **there}),
    ]
    return tuple(
        ValuePlace(name, Kind.ONLY_B if one is None else Kind.ONLY_A if other is None else Kind.CHANGED, one, other)
        for name, one, other in rows
        if one != other
    )


def _path(recording: Recording) -> str:
    """The path behind the base URL, with its query."""
    url = split_url(recording.request.url)
    known = next((one for one in info(recording.envelope.protocol).paths if url.path.endswith(one)), url.path)
    return f"{known}?{url.query}" if url.query else known


def _headers(recording: Recording) -> dict[str, str]:
    values = {name.lower(): value for name, value in recording.request.headers}
    return {name: value for name, value in values.items() if name not in _LEFT_OUT and not is_secret_header(name)}


def _key_header(recording: Recording) -> str:
    """The header that carries the key, in lower case; "" for none."""
    names = [name.lower() for name, _ in recording.request.headers]
    return next((name for name in names if name in SURE_HEADERS), "")
