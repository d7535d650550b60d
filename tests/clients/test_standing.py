"""A cell is never harsher than the finding is judged to be, and says why where it tells nothing."""

from __future__ import annotations

from app.clients.impact import Seen
from app.clients.standing import Made, Standing, Why, made_of, not_run_with, worst
from app.protocols.findings import Severity
from tests.clients.made import CHAT, found, table

STREAM = Seen(CHAT, streamed=True)
# Numbers are those of `table`'s outcomes: 0 same, 1 error, 2 cut, 3 not tried; columns openai, openai:raw, ai-sdk-openai.
ROWS = table(
    ("one", "text", 1, "X1", "2 2 0"),
    ("never", "text", 1, "X2", "3 3 3"),
    ("all", "text", 1, "X3", "1 1 1"),
    ("good", "text", 1, "X4", "0 0 0"),
    ("some", "text", 1, "X5", "1 0 2"),
    ("stranger", "text", 1, "G25a", "0 0 1"),
)


def of(rule_id: str, severity: Severity = Severity.LOSES) -> dict[str, Made]:
    return made_of(found(rule_id, severity=severity), STREAM, ROWS)


def standings(rule_id: str, severity: Severity = Severity.LOSES) -> tuple[Standing, ...]:
    made = of(rule_id, severity)
    return made["openai"].standing, made["ai-sdk-openai"].standing


def test_it_is_what_the_worst_run_shows() -> None:
    assert standings("X1") == (Standing.LOSES, Standing.SAME)
    assert of("X1")["openai"].words.startswith("openai 3.0 has only the beginning of the text")


def test_a_note_is_not_blamed_for_what_else_was_played() -> None:
    assert standings("X5", Severity.NOTE) == (Standing.SAME, Standing.LOSES)
    assert of("X5", Severity.NOTE)["openai"].words == (
        "openai 3.0 raises openai.APIError (in 1 of 2 runs). openai 3.0 fared better with another answer that has this "
        "finding, so it alone does not do that."
    )
    assert standings("X5") == (Standing.BREAKS, Standing.LOSES)


def test_runs_in_which_all_fared_alike_and_worse_tell_nothing() -> None:
    assert standings("X3") == (Standing.UNKNOWN, Standing.UNKNOWN)
    assert of("X3")["openai"].why is Why.ALIKE
    assert "openai 3.0 makes of this alone is not known" in of("X3")["openai"].words
    assert standings("X3", Severity.BREAKS) == (Standing.BREAKS, Standing.BREAKS)


def test_what_was_not_played_is_not_known() -> None:
    assert of("X2")["openai"].why is Why.NOT_TRIED
    assert of("X2")["openai"].words == "No answer in which this is the worst finding was played to openai 3.0."
    assert not_run_with("openai 3.0", "Responses") == "openai 3.0 was not run with Responses."


def test_what_is_wrong_with_the_answer_is_handed_on() -> None:
    for rule_id in ("X4", "G25a"):  # all read it alike; wrong with the answer itself
        made = of(rule_id)["openai"]
        assert (made.standing, made.judged) == (Standing.SAME, Severity.LOSES)
        assert made.words.endswith("and openai 3.0 hands that on.")


def test_the_worst_of_both_sides_counts() -> None:
    assert worst([Standing.UNKNOWN, Standing.SAME, Standing.LOSES]) is Standing.LOSES
    assert worst([]) is Standing.UNKNOWN
