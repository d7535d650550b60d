"""What a finding means for a client is what the client did in the runs that raise it, and nothing else."""

from __future__ import annotations

import pytest

from app.clients.impact import Seen, _severities, impact_on, impacts, severity_for, severity_of
from app.clients.table import Table
from app.clients.table import table as shipped
from app.protocols.any.rules import TOOL_NOT_OFFERED
from app.protocols.findings import Finding, Severity
from app.protocols.registry import protocol_ids
from tests.clients.made import CHAT, found, table

STREAM = Seen(CHAT, streamed=True)
# Numbers are those of `table`'s outcomes: 0 same, 1 error, 2 cut, 3 not tried, 4 hung, 5 twice.
ROWS = table(
    ("cut", "text", 1, "X1", "2 0 1"),
    ("cut", "tools", 1, "X1", "1 1 0"),
    ("cut", "text", 0, "X1", "4 3 4"),
    ("both", "text", 1, "X1 X2", "1 1 1"),
    ("odd", "text", 1, "X3.odd", "0 0 5"),
    ("odd", "text", 1, "X3", "0 1 0"),
    ("slow", "text", 1, "X4", "0 0 0"),
    ("never", "text", 1, "X5", "3 3 3"),
    ("stranger", "tools", 1, "G2", "0 5 1"),
    ("worse beside", "text", 1, "X7 C2", "1 1 1"),
    ("worse beside", "text", 1, "C2 X8", "1 1 1"),
    ("more beside", "tools", 1, "X3 X4 X8", "0 0 0"),
)


def said(rule_id: str, seen: Seen = STREAM, variant: str = "") -> dict[str, str]:
    return {one.client.name: one.words for one in impacts(found(rule_id, variant), seen, ROWS)}


def test_the_worst_of_the_runs_most_like_it_is_told() -> None:
    assert said("X1") == {
        "openai": (
            "openai 3.0 has only the beginning of the text, and takes it for all and has no stop reason (in 1 of 2 runs)."
        ),
        "ai-sdk-openai": "@ai-sdk/openai 4.0 raises openai.APIError.",
    }
    assert said("X1", Seen(CHAT, streamed=True, has_calls=True)) == {
        "openai": "openai 3.0 raises openai.APIError.",
        "ai-sdk-openai": "@ai-sdk/openai 4.0 reads it as it was meant.",
    }
    assert said("X1", Seen(CHAT, streamed=False))["openai"] == "openai 3.0 crashes, or does not end."


def test_what_was_not_run_is_not_tried() -> None:
    for rule_id in ("X5", "X6"):
        assert said(rule_id)["openai"] == "openai 3.0: not tried."
    whole = said("X3", Seen(CHAT, streamed=False))
    assert whole["openai"] == "openai 3.0: not tried.", "a stream says nothing of a whole answer"
    client = ROWS.clients["openai"]
    assert severity_for(client, found("X6"), STREAM, ROWS) is Severity.LOSES, "the rule's own stands"
    assert impact_on(client, found("X6"), STREAM, ROWS).severity is None
    assert impacts(found("X1"), Seen("nobody-speaks-it", streamed=True), ROWS) == []


def test_a_run_in_which_something_breaks_does_not_judge_a_loss() -> None:
    client = ROWS.clients["openai"]
    assert impact_on(client, found("X7"), STREAM, ROWS).severity is None
    assert impact_on(client, found("X8"), STREAM, ROWS).outcome == "same"
    assert severity_for(client, found("X7", severity=Severity.BREAKS), STREAM, ROWS) is Severity.BREAKS


def test_the_severity_of_every_rule_that_was_played_is_known() -> None:
    played = {name for one in protocol_ids() for row in shipped().rows(one) for name, _ in row.found}
    assert not played - set(_severities())


def test_variants_are_told_apart() -> None:
    assert said("X3", variant="odd")["ai-sdk-openai"] == "@ai-sdk/openai 4.0 counts the output tokens twice and asks 2 times."
    assert said("X3")["openai"] == "openai 3.0 raises openai.APIError (in 1 of 2 runs)."


def test_a_finding_that_came_with_others_is_judged_by_the_runs_where_it_came_alone() -> None:
    assert impact_on(ROWS.clients["ai-sdk-openai"], found("X1"), STREAM, ROWS).faults == ("cut",)
    assert impact_on(ROWS.clients["openai"], found("X2"), STREAM, ROWS).faults == ("both",)


@pytest.mark.parametrize(("client", "severity"), [("openai", Severity.LOSES), ("ai-sdk-openai", Severity.BREAKS)])
def test_the_severity_is_that_of_the_row(client: str, severity: Severity) -> None:
    assert severity_for(ROWS.clients[client], found("X1"), STREAM, ROWS) is severity


def test_where_no_client_notices_the_rule_stands() -> None:
    assert severity_for(ROWS.clients["openai"], found("X4"), STREAM, ROWS) is Severity.LOSES
    assert severity_for(ROWS.clients["openai"], found("X3", "odd"), STREAM, ROWS) is Severity.NOTE, "another one suffers"


def test_what_is_wrong_with_the_answer_itself_is_never_milder_than_its_rule() -> None:
    """A client that hands on a call of a tool that was not offered leaves the program with it."""
    stranger = Finding.of(TOOL_NOT_OFFERED, name="f", offered="g")
    calls = Seen(CHAT, streamed=True, has_calls=True)
    for client in ("openai", "ai-sdk-openai"):
        assert severity_for(ROWS.clients[client], stranger, calls, ROWS) is Severity.BREAKS


def test_how_much_an_outcome_hurts() -> None:
    assert severity_of("not tried") is None
    assert severity_of("same") is severity_of("tries:3") is Severity.NOTE
    assert severity_of("hung") is severity_of("text:cut error:X") is Severity.BREAKS
    assert severity_of("output:none tries:2") is Severity.LOSES


def test_a_table_whose_rows_do_not_fit_their_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="outcomes of"):
        table(("cut", "text", 1, "X1", "0 0"))
    assert isinstance(ROWS, Table)
