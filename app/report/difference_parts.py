"""What differs between the sides of a run, as rows of a report: so many of them, and so long, as one reads."""

from __future__ import annotations

from app.report.schema import DifferencePart
from app.run.diff.facts import Part, RunDiff
from app.run.diff.tables import Row, place_rows, table_of, value_rows
from app.run.diff.words import TITLES, heading
from app.text.sentences import tr
from app.text.visible import one_line

MOST_ROWS = 40
MOST_CELL = 200


def difference_parts(diff: RunDiff) -> list[DifferencePart]:
    """All parts in their order."""
    return [_part(diff, one) for one in Part]


def _part(diff: RunDiff, part: Part) -> DifferencePart:
    table = table_of(diff, part)
    columns, rows = (("", tr("what"), "A", "B"), _of_answers(diff)) if part is Part.ANSWERS else (
        (table.columns, [one for one in table.rows if one.kind is not None]) if table is not None else ((), [])
    )  # fmt: skip
    return DifferencePart(
        part=str(part),
        title=tr(TITLES[part]),
        standing=str(diff.summary.part(part).standing),
        words=heading(diff, part),
        columns=list(columns) if rows else [],
        rows=[[one_line(cell, MOST_CELL) for cell in one.cells] for one in rows[:MOST_ROWS]],
        more=max(0, len(rows) - MOST_ROWS),
    )


def _of_answers(diff: RunDiff) -> list[Row]:
    """The places of all rounds, numbered through; those of calls by their path."""
    rows: list[Row] = []
    first = 1
    for one in diff.answers.rounds:
        for text in (one.reasoning, one.text):
            rows += place_rows(text, first)
            first += len(text.places)
        for call in one.calls:
            rows += value_rows(call.value.places if call.value is not None else ())
    return rows
