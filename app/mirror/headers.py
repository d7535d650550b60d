"""The headers of a request: which arrive, and whose key."""

from __future__ import annotations

from collections.abc import Iterator

from app.mirror.arrivals import Arrived
from app.mirror.row import Difference, Kind, about
from app.mirror.translations import HEADERS_OF
from app.recording.records import Headers
from app.text.sentences import message

# They belong to a connection or a body, not to a request: each hop has its own.
_HOPS = frozenset(
    {"host", "content-length", "content-type", "connection", "accept", "accept-encoding", "transfer-encoding",
     "accept-language", "keep-alive", "te", "user-agent", "authorization", "x-api-key", "api-key"}
)  # fmt: skip
_KEYS = {"passed": ("key_passed", Kind.KEPT), "own": ("own_key", Kind.CHANGED), "none": ("no_key", Kind.DROPPED)}


def compare_headers(
    sent: Headers, arrived: Arrived, source: str, *, key_sent: bool, wanted: frozenset[str] = frozenset()
) -> Iterator[Difference]:
    """What became of the headers that were sent (values masked), and those that the relay brings.

    `wanted` are those, in lower case, that should go through; others may speak to the relay itself.
    """
    there = {name.lower(): value for name, value in arrived.headers}
    names = about(source, arrived.protocol)
    reason, kind = _KEYS[arrived.key]
    if key_sent or arrived.key != "none":
        yield Difference(
            path="key", what="key", named=message("key"), kind=kind, reason=reason, loud=reason == "no_key", fields=names
        )
    here = {name.lower(): value for name, value in sent}
    agent = there.get("user-agent")
    if agent != here.get("user-agent"):
        yield _row("user-agent", Kind.CHANGED, "other_agent", here.get("user-agent"), agent, names)
    else:
        yield _row("user-agent", Kind.KEPT, "same", agent, agent, names)
    for name, value in here.items():
        if name not in _HOPS:
            yield _header(name, value, there.get(name), arrived.protocol, names, loud=name in wanted)
    for name, value in there.items():
        if name not in here and name not in _HOPS:
            yield _row(name, Kind.INVENTED, "header_invented", None, value, names)


def _header(name: str, value: str, arrived: str | None, protocol: str, names: dict[str, object], *, loud: bool) -> Difference:
    if arrived == value:
        return _row(name, Kind.KEPT, "same", value, arrived, names)
    if arrived is not None and value in arrived:
        return _row(name, Kind.CHANGED, "header_added_to", value, arrived, names)
    if arrived is not None:
        return _row(name, Kind.CHANGED, "header_changed", value, arrived, names, loud=loud)
    if HEADERS_OF.get(name, protocol) != protocol:
        return _row(name, Kind.DROPPED, "header_of_other", value, None, names)
    return _row(name, Kind.DROPPED, "header_dropped", value, None, names, loud=loud)


def _row(
    name: str, kind: Kind, reason: str, sent: str | None, arrived: str | None, fields: dict[str, object], *, loud: bool = False
) -> Difference:
    return Difference(
        path=name,
        what=f"header {name}",
        named=message("header {name}"),
        kind=kind,
        reason=reason,
        arrived_path=name if arrived is not None else "",
        sent=sent,
        arrived=arrived,
        loud=loud,
        fields=fields | {"name": name},
    )
