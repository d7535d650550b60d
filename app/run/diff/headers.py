"""The response headers of both sides, of their first round: what one alone has, what differs, and what that tells."""

from __future__ import annotations

from collections.abc import Iterator

from app.exchange.exchange import Exchange
from app.recording.records import Headers, SideName
from app.run.diff.facts import HeaderRow, HeadersDiff, Kind, Told, Why
from app.run.diff.header_table import (
    CITIES,
    HOPS,
    RATE_LIMIT,
    RATE_LIMIT_MOVES,
    VARIES,
    family,
    known,
    tells_of_cache_hit,
)
from app.run.side import Side

_ORDER = (Kind.ONLY_B, Kind.ONLY_A, Kind.CHANGED, None)
_TOLD = list(Told)
_HIDDEN = "••••••••"
Values = dict[str, str]


def compare_headers(a: Side, b: Side) -> HeadersDiff:
    """The heads of both first responses."""
    heads = [one.first.recording.head if one.first is not None else None for one in (a, b)]
    if a.first is None or b.first is None or heads[0] is None or heads[1] is None:
        missing: list[SideName] = [side.name for side, head in zip((a, b), heads, strict=True) if head is None]
        return HeadersDiff(why=Why.NO_HEAD, side=missing[0] if len(missing) == 1 else None)
    ours, theirs = _values(heads[0].headers), _values(heads[1].headers)
    left_out = tuple(name for name in {**ours, **theirs} if name in HOPS or _varies(name, ours, theirs))
    names = [name for name in {**ours, **theirs} if name not in left_out]
    rows = [_row(name, ours, theirs, a.first, b.first) for name in names]
    folded = sorted(_folded(rows), key=lambda one: (_ORDER.index(one.kind), not one.loud, _rank(one.tells), one.name))
    return HeadersDiff(tuple(folded), left_out, heads[0].status, heads[1].status)


def _rank(tells: Told | None) -> int:
    """What is known of comes first, in the order of `Told`; what only browsers read comes last."""
    return len(_TOLD) if tells is None else len(_TOLD) + 1 if tells is Told.FOR_BROWSERS else _TOLD.index(tells)


def _values(headers: Headers) -> Values:
    """The values by name in lower case; several of one name in a row (RFC 9110, 5.3)."""
    values: Values = {}
    for name, value in headers:
        name = name.lower()
        values[name] = f"{values[name]}, {value.strip()}" if name in values else value.strip()
    return values


def _varies(name: str, ours: Values, theirs: Values) -> bool:
    """Whether it differs in every response, and both sides have it. A date alone says nothing either."""
    if name == "date":
        return True
    return name in ours and name in theirs and VARIES().fullmatch(name) is not None


def _row(name: str, ours: Values, theirs: Values, a: Exchange, b: Exchange) -> HeaderRow:
    values = ours.get(name), theirs.get(name)
    kind = Kind.ONLY_B if values[0] is None else Kind.ONLY_A if values[1] is None else Kind.CHANGED
    same = values[0] == values[1]
    tells, fields, loud = _told(name, values, ours, theirs, a, b)
    shown = [value if value is None else _shown(name, tells, value) for value in values]
    return HeaderRow(name, None if same else kind, shown[0], shown[1], (), tells, fields, loud and not same)


def _shown(name: str, tells: Told | None, value: str) -> str:
    """The value; what names an account or a session is hidden but for its beginning."""
    if name == "set-cookie":
        return f"{value.partition('=')[0]}={_HIDDEN}"
    if tells is Told.ACCOUNT:
        kept = value.partition("-")[0] + "-" if value.startswith(("org-", "proj_", "user-")) else value[:2]
        return f"{kept}{_HIDDEN}"
    return value


def _told(
    name: str, values: tuple[str | None, str | None], ours: Values, theirs: Values, a: Exchange, b: Exchange
) -> tuple[Told | None, dict[str, object], bool]:
    """What the header tells, the fields of its sentence, and whether that is a loss."""
    one, other = values
    value = one if one is not None else other or ""
    if RATE_LIMIT().fullmatch(name):
        return _of_rate_limit(one, other, ours, theirs)
    if name == "content-type" and one is not None and other is not None:
        return _of_content_type(one, other)
    if (about := known(name)) is None:
        return None, {}, False
    fields: dict[str, object] = {"who": about.who}
    match about.told:
        case Told.CACHE if tells_of_cache_hit(name, value):
            return Told.FROM_CACHE, fields, True
        case Told.EDGE:
            fields["city"] = CITIES.get(value.rpartition("-")[2].upper(), "")
        case Told.TOOK:
            fields |= _took(value, a if one is not None else b)
        case Told.RETRY_AFTER if (one is None) != (other is None) and a.status >= 400 and b.status >= 400:
            return Told.RETRY_AFTER_LOST, {**fields, "without": "A" if one is None else "B"}, True
        case Told.RELAY_PROGRAM if name.startswith("x-litellm-attempted-") and value.strip() not in ("", "0"):
            return Told.RELAY_ASKED_AGAIN, fields, True
        case Told.ON_THE_WAY if (name == "via" and "cache" in value.lower()) or "varnish" in value.lower():
            return Told.CACHE, fields, False
    return about.told, fields, False


def _of_rate_limit(
    one: str | None, other: str | None, ours: Values, theirs: Values
) -> tuple[Told | None, dict[str, object], bool]:
    """The counts of a rate limit: lost where a side has none of any vendor's, of the same meaning under whatever name."""
    if one is not None and other is not None:
        return (Told.RATE_LIMIT if one == other else Told.RATE_LIMIT_OTHER), {}, False
    lacking = theirs if one is not None else ours
    if any(RATE_LIMIT().fullmatch(name) for name in lacking):
        return Told.RATE_LIMIT, {}, False
    return Told.RATE_LIMIT_LOST, {"without": "B" if one is not None else "A"}, True


def _of_content_type(one: str, other: str) -> tuple[Told | None, dict[str, object], bool]:
    kinds = [value.partition(";")[0].strip().lower() for value in (one, other)]
    return (Told.CHARSET, {}, False) if kinds[0] == kinds[1] else (Told.OTHER_BODY, {}, True)


def _took(value: str, exchange: Exchange) -> dict[str, object]:
    """What the endpoint says it took beside what was waited for its head: by so much the way there and back is longer."""
    said = float(value) if value.strip().isdigit() else None
    measured = exchange.timing.wait
    if said is None or measured is None:
        return {"measured_ms": None, "less_ms": None}
    return {"measured_ms": measured, "less_ms": measured - said}


def _folded(rows: list[HeaderRow]) -> Iterator[HeaderRow]:
    """Rows of one family and kind as one, where there are several; counts of a limit that move all the time are no
    difference."""
    groups: dict[tuple[str, Kind | None], list[HeaderRow]] = {}
    for row in map(_settled, rows):
        groups.setdefault((family(row.name) or row.name, row.kind), []).append(row)
    for (name, _), group in groups.items():
        yield group[0] if len(group) == 1 else _together(name, group)


def _settled(row: HeaderRow) -> HeaderRow:
    moves = row.tells is Told.RATE_LIMIT_OTHER and RATE_LIMIT_MOVES().fullmatch(row.name) is not None
    return HeaderRow(row.name, None, row.a, row.b, (), Told.RATE_LIMIT) if moves else row


def _together(name: str, group: list[HeaderRow]) -> HeaderRow:
    first = next((one for one in group if one.loud), group[0])
    values = [", ".join(value) if (value := [one for one in side if one is not None]) else None
              for side in ([one.a for one in group], [one.b for one in group])]  # fmt: skip
    names = tuple(one.name for one in group)
    return HeaderRow(f"{name}…", first.kind, values[0], values[1], names, first.tells, first.fields, first.loud)
