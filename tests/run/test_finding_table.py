"""The findings of both sides as one table: a row each, a column a client, a dash with its reason where nothing is known."""

from __future__ import annotations

import msgspec

from app.clients.standing import Standing, Why
from app.clients.table import table
from app.protocols.findings import Severity
from app.protocols.ids import CHAT, MESSAGES
from app.recording.recording import Recording
from app.recording.records import SideName
from app.run import finding_table_words as words
from app.run.finding_groups import finding_groups
from app.run.finding_table import FindingTable, Place, finding_table, keeping_order
from app.run.side import Side
from tests.builders import JSON, calling, event, messages_end, messages_start, messages_text, recording, side, stream

TWICE = [(600.0, messages_start() + event("message_start", message={})), (650.0, messages_text("So")), (700.0, messages_end())]
CUT = [(600.0, messages_start()), (650.0, messages_text("So"))]


def chat(name: SideName = "b") -> Recording:
    """A whole Chat answer with a finding or more."""
    made = recording([(500.0, calling('{"a": '))], side=name, headers=JSON)
    profile = msgspec.structs.replace(made.envelope.profile, protocol=CHAT)
    made.envelope = msgspec.structs.replace(made.envelope, protocol=CHAT, profile=profile, streamed=False)
    return made


def told(*shown: Side) -> FindingTable:
    return finding_table({one.name: one for one in shown})


def test_one_finding_of_both_sides_is_one_row() -> None:
    a, b = side("a", recording(CUT)), side("b", recording(CUT, side="b"))
    both = told(a, b)
    assert [row.id for row in both.rows] == [one.first.id for one in finding_groups(a)]
    assert all(row.sides == ("a", "b") for row in both.rows)
    assert both.clean == ()
    alone = told(side("a", stream()), b)
    assert {row.sides for row in alone.rows} == {("b",)}
    assert alone.clean == ("a",)
    assert words.head(alone, running=False) == "Findings in B, and what each client makes of them"
    assert words.beside_head(alone, running=False) == "no findings in A"


def test_a_row_leads_to_its_events_on_either_side() -> None:
    made = told(side("a", stream(), recording(TWICE, number=2)), side("b", recording(TWICE, side="b")))
    row = next(one for one in made.rows if len(one.sides) == 2)
    assert {(one.side, one.round) for one in row.places} == {("a", 2), ("b", 1)}
    assert all(one.event >= 0 for one in row.places)
    assert Place("b", 1, next(iter(row.groups[1][1].seen))[1].event - 1) in list(row.places)  # type: ignore[operator]


def test_rows_are_ordered_by_what_my_client_makes_of_them() -> None:
    a = side("a", recording(TWICE[:2]))
    for client in ("", "langchain-anthropic", "litellm"):
        a.client = client
        severities = [list(Severity).index(row.severity) for row in told(a).rows]
        assert severities == sorted(severities)
        first = told(a).columns[0]
        assert (first.client.name, first.chosen, first.judges) == (client or "anthropic", bool(client), ("a",))
    assert words.meaning(told(a).rows[0], told(a).columns).startswith("my client ")
    a.client = ""
    assert words.meaning(told(a).rows[0], told(a).columns).endswith("official clients")


def test_a_client_that_was_not_run_in_a_sides_protocol_is_a_dash() -> None:
    made = told(side("a", recording(CUT)), side("b", chat()))
    names = [column.client.name for column in made.columns]
    assert names[:2] == ["anthropic", "openai"]
    assert set(names) == {one.name for one in table().clients.values() if {MESSAGES, CHAT} & set(one.suffix)}
    assert names[2:4] == ["litellm", "pydantic-ai"], "those that speak both stand before those that speak one"
    row = next(one for one in made.rows if one.sides == ("a",))
    cell = row.cells[1]
    assert (cell.standing, cell.why) == (Standing.UNKNOWN, Why.PROTOCOL)
    assert words.shown(cell) == ("–", "other API", "muted")
    sides: dict[SideName, Side] = {"a": side("a", recording(CUT)), "b": side("b", chat())}
    assert words.cell_words(cell, made.columns[1], sides, made).splitlines() == [
        made.columns[1].client.title,
        f"{made.columns[1].client.title} was not run with Anthropic Messages.",
        f"As run on {table().date} with {table().command}.",
    ]


def test_a_cell_names_the_sides_that_it_is_about() -> None:
    made = told(side("a", recording(CUT)), side("b", recording(CUT, side="b")))
    row = made.rows[0]
    assert all(cell.only == () for cell in row.cells)
    known = row.cells[0].sides[0][1]
    half = msgspec.structs.replace(row.cells[0], sides=(("a", known), ("b", None)))
    assert half.only == ("a",)
    assert words.shown(half).word == words.shown(row.cells[0]).word + " A"


def test_no_finding_says_what_was_looked_at() -> None:
    sides: dict[SideName, Side] = {"a": side("a", stream()), "b": side("b", stream(side="b"))}
    made = finding_table(sides)
    assert made.rows == ()
    assert words.head(made, running=False) == "No findings in A and B"
    assert words.head(made, running=True) == "Nothing found so far"
    first, second = words.what_was_looked_at(sides, running=False)
    assert first.startswith("Nothing deviates from Anthropic Messages in A's 1 answer (")
    assert f"{sides['b'].events} events" in second
    assert words.what_was_looked_at({}, running=False)[0].startswith("Nothing was run yet.")


def test_nobody_answered() -> None:
    silent = Side("a", [])
    assert finding_table({"a": silent}).rows == ()
    assert words.head(finding_table({}), running=False) == "No findings"


def test_no_row_moves_while_a_run_goes_on() -> None:
    rows = told(side("a", recording(TWICE[:2]))).rows
    assert len(rows) > 1
    assert keeping_order(rows, [rows[-1].id]) == (rows[-1], *rows[:-1])
    assert keeping_order(rows, []) == rows


def test_sentences_say_side_and_round_only_where_that_tells() -> None:
    a, b = side("a", recording(CUT)), side("b", recording(CUT, side="b"))
    row = told(a, b).rows[0]
    assert [one.split(": ")[0] for one in words.sentences(row, {"a": 1, "b": 1})] == ["A", "B"]
    (only,) = words.sentences(told(a).rows[0], {"a": 1})
    assert only == row.groups[0][1].first.sentence
