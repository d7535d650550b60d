"""What a relay does to a request: what was sent held against what arrived. Pure, and never raises, whatever arrived."""

from __future__ import annotations

from collections.abc import Iterator

from app.mirror.part_differences import compare_parts
from app.mirror.request import Asked, Setting
from app.mirror.row import Difference, Kind, about
from app.mirror.tool_differences import compare_tools
from app.mirror.translations import DEFAULTS, NAMES, NEEDED, dropped, way


def differences(sent: Asked, arrived: Asked) -> list[Difference]:
    """What became of all that was sent, in its order, and behind it what nobody sent."""
    return [*compare_parts(sent, arrived), *compare_tools(sent, arrived), *compare_settings(sent, arrived)]


def compare_settings(sent: Asked, arrived: Asked) -> Iterator[Difference]:
    """What is asked for besides the conversation and its tools."""
    used: set[str] = set()
    for name, one in sent.settings.items():
        yield _setting(name, one, sent, arrived, used)
    for name, one in arrived.settings.items():
        if name not in used:
            yield _invented(name, one, sent, arrived)


def _setting(name: str, one: Setting, sent: Asked, arrived: Asked, used: set[str]) -> Difference:
    row = way(sent.protocol, arrived.protocol, name)
    names = about(sent.protocol, arrived.protocol)
    there = arrived.settings.get(name)
    if there is not None:
        used.add(name)
        if row is not None and not row.to:
            return _row(name, Kind.CHANGED, "passed_raw", one, there, names, loud=True)
        return _compared(name, one, there, names, loose=row is not None and row.loose)
    for other in row.to if row is not None else ():
        if (found := arrived.settings.get(other)) is not None:
            used.update(row.to if row is not None else ())
            if row is not None and row.loose:
                kind, reason = Kind.RENAMED, "approximate"
                return _row(name, kind, reason, one, found, names)
            return _compared(name, one, found, names)
    if name in DEFAULTS and DEFAULTS[name] == one.value:
        return _row(name, Kind.RENAMED, "default_left_out", one, None, names)
    if row is not None and not row.to:
        return _row(name, Kind.DROPPED, row.why, one, None, names)
    return _row(name, Kind.DROPPED, dropped(sent.protocol, arrived.protocol), one, None, names, loud=True)


def _compared(name: str, one: Setting, there: Setting, names: dict[str, object], *, loose: bool = False) -> Difference:
    if one.value == there.value:
        kind = Kind.KEPT if one.path == there.path else Kind.RENAMED
        return _row(name, kind, "same" if kind is Kind.KEPT else "same_elsewhere", one, there, names)
    if name == "model":
        return _row(name, Kind.CHANGED, "model_name", one, there, names)
    if name == "stream":
        wanted = one.value is True
        return _row(name, Kind.CHANGED, "asked_unstreamed" if wanted else "asked_streamed", one, there, names, loud=wanted)
    if loose:
        return _row(name, Kind.RENAMED, "approximate", one, there, names)
    return _row(name, Kind.CHANGED, "setting_changed", one, there, names, loud=True)


def _invented(name: str, one: Setting, sent: Asked, arrived: Asked) -> Difference:
    names = about(sent.protocol, arrived.protocol)
    if name == "stream" and one.value is True:
        return _row(name, Kind.CHANGED, "asked_streamed", None, one, names)
    if name in DEFAULTS and DEFAULTS[name] == one.value:
        return _row(name, Kind.INVENTED, "default_added", None, one, names)
    needed = NEEDED.get((sent.protocol, arrived.protocol), {}).get(name)
    if needed is None and name.startswith("format ") and "format" in sent.settings:
        needed = "same_elsewhere" if name == "format name" else None
    return _row(name, Kind.INVENTED, needed or "invented", None, one, names, loud=needed is None)


def _row(
    name: str,
    kind: Kind,
    reason: str,
    sent: Setting | None,
    arrived: Setting | None,
    fields: dict[str, object],
    *,
    loud: bool = False,
) -> Difference:
    return Difference(
        path=sent.path if sent is not None else arrived.path if arrived is not None else "",
        what=name.removeprefix("field "),
        named=NAMES.get(name, ""),
        kind=kind,
        reason=reason,
        arrived_path=arrived.path if arrived is not None else "",
        sent=sent.value if sent is not None else None,
        arrived=arrived.value if arrived is not None else None,
        loud=loud,
        fields=fields,
    )
