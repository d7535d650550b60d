"""The parts that are lists, as rows of cells: for the window, the terminal and a report alike."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from app.run.diff.facts import CallDiff, EventRow, Kind, Part, RoundEvents, RunDiff, TextDiff, ValuePlace
from app.run.diff.header_table import RELAY_SIGNS
from app.run.diff.words import LEFT_OUT
from app.run.diff.words_rows import (
    event_words,
    header_told,
    pings_words,
    place_words,
    sign_words,
    step_range,
    step_words,
)
from app.text.numbers import DASH
from app.text.sentences import message, tr, worded

MOST_ROWS = 500
_LEFT_OUT = message("address and key are left out{differs:if ; the key goes in {a:or no header} (A) and {b:or no header} (B)}")
_NEAR = 14  # characters around a place that are shown with it


class Row(msgspec.Struct, frozen=True):
    """One difference, or (`kind` None) what is the same. `cells` have the sign first, then as many as the table's columns have.

    `loud`: it tells of a loss, or who stands on the way. `place`: in a table of places the number of the one that it shows,
    from 0.
    """

    kind: Kind | None
    cells: tuple[str, ...]
    loud: bool = False
    place: int | None = None


class Table(msgspec.Struct, frozen=True):
    """`columns` are the heads, that of the sign "". `rows` differ, `same` don't. `note`: what is left out, "" for nothing."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    same: tuple[Row, ...] = ()
    note: str = ""


def table_of(diff: RunDiff, part: Part) -> Table | None:
    """The table of a part; None for the answers, and where the part can't be compared."""
    if part is Part.ANSWERS or diff.summary.part(part).why is not None:
        return None
    return {Part.HEADERS: _headers, Part.MODELS: _models, Part.EVENTS: _events, Part.REQUESTS: _requests}[part](diff)


def _headers(diff: RunDiff) -> Table:
    rows = [
        Row(
            one.kind,
            (sign_words(one.kind), _named(one.name, one.names), one.a or DASH, one.b or DASH, header_told(one)),
            one.loud or one.tells in RELAY_SIGNS,
        )
        for one in diff.headers.rows
    ]
    if diff.headers.status_a != diff.headers.status_b:
        status = (str(diff.headers.status_a), str(diff.headers.status_b))
        rows.insert(0, Row(Kind.CHANGED, (sign_words(Kind.CHANGED), tr("status"), *status, ""), True))
    return Table(
        ("", tr("header"), "A", "B", tr("what it tells")), *_parted(rows), tr(LEFT_OUT) if diff.headers.left_out else ""
    )


def _named(name: str, names: tuple[str, ...]) -> str:
    return tr("{name}  {n:grouped} headers", name=name, n=len(names)) if names else name


def _parted(rows: list[Row]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Those that differ, and those that don't."""
    return tuple(one for one in rows if one.kind is not None), tuple(one for one in rows if one.kind is None)


def _models(diff: RunDiff) -> Table:
    one = diff.models
    lists = ((Kind.ONLY_B, one.only_b), (Kind.ONLY_A, one.only_a), (None, one.both))
    rows = [
        Row(kind, (sign_words(kind), name, tr("asked for") if name in (one.asked_a, one.asked_b) else ""))
        for kind, names in lists
        for name in names[:MOST_ROWS]
    ]
    return Table(("", tr("model"), ""), *_parted(rows))


def _events(diff: RunDiff) -> Table:
    rows: list[Row] = []
    for one in diff.events.rounds:
        rows += _of_round(one, several=len(diff.events.rounds) > 1)
    return Table(("", tr("what"), "A", "B", ""), tuple(rows[:MOST_ROWS]))


def _of_round(one: RoundEvents, *, several: bool) -> Iterator[Row]:
    """All steps in order, with what is said of a place at its first row."""
    said = {place.first: event_words(one, place) for place in one.places}
    if several:
        yield Row(None, ("", tr("round {n}", n=one.number), "", "", ""))
    if words := pings_words(one):
        kind = Kind.ONLY_B if one.pings_missing == "a" else Kind.ONLY_A
        yield Row(kind, (sign_words(kind), tr("keep-alives"), str(one.pings_a or DASH), str(one.pings_b or DASH), words))
    for number, row in enumerate(one.rows):
        sign = sign_words(row.kind) if row.kind else "="
        yield Row(row.kind, (sign, step_words(row.step), *_numbers(row), said.get(number, "")))
    if one.cut:
        yield Row(None, ("", "…", "", "", tr("too many events: what lies behind was not compared")))


def _numbers(row: EventRow) -> tuple[str, str]:
    a, b = (step_range(one) if one is not None else DASH for one in (row.a, row.b))
    return a, b


def _requests(diff: RunDiff) -> Table:
    one = diff.requests
    rows = list(value_rows(one.places))
    if one.body is not None and one.body.more:
        rows.append(Row(Kind.CHANGED, ("", "…", "", tr("{n:grouped} more places", n=one.body.more))))
    if one.text is not None:
        rows += place_rows(one.text)
    if one.body is not None:
        rows += [_order(path or tr("body")) for path in one.body.order]
    differs = one.key_a != one.key_b
    note = tr(_LEFT_OUT, differs=differs, a=one.key_a, b=one.key_b)
    return Table(("", tr("where"), "A", "B"), tuple(rows), (), note)


def _order(where: str) -> Row:
    return Row(None, (tr("= order"), where, "", tr("only the order of the names differs")))


def value_rows(places: tuple[ValuePlace, ...]) -> Iterator[Row]:
    """Places of JSON values."""
    for one in places:
        none = (one.a if one.a is not None else DASH, one.b if one.b is not None else DASH)
        yield Row(one.kind, (sign_words(one.kind), one.path or tr("body"), *none))


def call_table(call: CallDiff) -> Table:
    """The arguments of a tool call that differ; the whole call where one side alone has it."""
    if not call.a_name or not call.b_name:
        kind = Kind.ONLY_A if call.a_name else Kind.ONLY_B
        cells = (
            f"{worded(call.a_name)}({call.a})" if call.a_name else DASH,
            f"{worded(call.b_name)}({call.b})" if call.b_name else DASH,
        )
        return Table(("", tr("argument"), "A", "B"), (Row(kind, (sign_words(kind), tr("the call"), *cells)),))
    rows: list[Row] = []
    if call.a_name != call.b_name:
        rows.append(Row(Kind.CHANGED, (sign_words(Kind.CHANGED), "name", worded(call.a_name), worded(call.b_name))))
    if call.value is not None:
        rows += value_rows(call.value.places)
        rows += [_order(path or tr("all")) for path in call.value.order]
    elif call.text is not None:
        rows += place_rows(call.text)
    return Table(("", tr("argument"), "A", "B"), tuple(rows))


def place_rows(text: TextDiff, first: int = 1) -> Iterator[Row]:
    """Places of texts, numbered from `first`, each with a few words around it."""
    for number, place in enumerate(text.places):
        kind, size = place_words(place)
        shown = [_with_context(whole, at) for whole, at in ((text.a, place.a), (text.b, place.b))]
        yield Row(
            place.kind,
            (str(number + first), tr("{kind}, {size}", kind=kind, size=size) if size else kind, *shown),
            place=number,
        )


def _with_context(text: str, at: tuple[int, int]) -> str:
    """What stands at a place in brackets, with what is around it; a bar where nothing does."""
    before, behind = text[max(0, at[0] - _NEAR) : at[0]], text[at[1] : at[1] + _NEAR]
    start = "…" if at[0] > _NEAR else ""
    end = "…" if at[1] + _NEAR < len(text) else ""
    if not text:
        return DASH
    words = f"[{text[at[0] : at[1]]}]" if at[0] < at[1] else "│"
    said = f"{start}{before}{words}{behind}{end}"
    return said.replace("\r\n", "\n").replace("\n", "⏎")
