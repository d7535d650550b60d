"""All that differs as plain text: for the clipboard and the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.run.diff.facts import Part, RoundDiff, RunDiff
from app.run.diff.sentence import sentence
from app.run.diff.tables import Row, Table, call_table, place_rows, table_of
from app.run.diff.words import SIGNS, TITLES, heading
from app.text.columns import columns as columns_of
from app.text.columns import padded
from app.text.sentences import tr

MAX_CELL = 60


def as_text(diff: RunDiff, part: Part | None = None) -> str:
    """The sentence and all parts, or one part alone."""
    lines = [] if part is not None else [sentence(diff), ""]
    for one in Part if part is None else (part,):
        lines += [*_part(diff, one), ""]
    return "\n".join(lines).rstrip() + "\n"


def _part(diff: RunDiff, part: Part) -> Iterator[str]:
    said = tr("{heading}: {text}", heading=tr(TITLES[part]), text=heading(diff, part))
    yield f"{SIGNS[diff.summary.part(part).standing]} {said}"
    if part is Part.ANSWERS:
        first = 1
        for one in diff.answers.rounds:
            yield from _round(one, first, several=len(diff.answers.rounds) > 1)
            first += len(one.reasoning.places) + len(one.text.places)
    elif (table := table_of(diff, part)) is not None and diff.summary.part(part).places:
        yield from _lines(table.columns, table.rows)


def _round(one: RoundDiff, first: int, *, several: bool) -> Iterator[str]:
    if several:
        yield f"  {tr('Round {n}', n=one.number)}"
    for title, text in ((tr("Reasoning"), one.reasoning), (tr("Text"), one.text)):
        if text.places:
            yield f"  {title}"
            yield from _lines(("", tr("what"), "A", "B"), tuple(place_rows(text, first)))
            first += len(text.places)
    for call in one.calls:
        if call.places:
            yield f"  {tr('Tool call {name}', name=call.a_name or call.b_name)}"
            table: Table = call_table(call)
            yield from _lines(table.columns, table.rows)


def _lines(columns: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    """Aligned columns, the last one ragged and whole."""
    cells = [list(columns), *([*map(_short, one.cells[:-1]), one.cells[-1]] for one in rows)]
    widths = [max(map(columns_of, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        line = "  ".join(padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        yield f"    {line}"


def _short(cell: str) -> str:
    return cell if len(cell) <= MAX_CELL else cell[: MAX_CELL - 1] + "…"
