"""What the table lists: groups fold where there is nothing to see, passes are counted, filters list what they name."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt

from app.checks.check import Group
from app.checks.judgement import Judged, Judgement
from app.checks.session import Row, State
from app.checks.verdict import Verdict
from tests.checks.sessions import check
from ui.checks.entries import Entry, Fold, Kind, Look, entries
from ui.checks.entries_model import EntriesModel
from ui.checks.filters import Filter, counts

EVERY = Look()


def judged(verdict: Verdict, *, shared: bool = False, short: str = "") -> Judged:
    return Judged(verdict=verdict, reason=str(verdict), sentence="{who} says so.", shared=shared, short=short)


def row(name: str, b: Verdict | None, a: Verdict | None = Verdict.PASS, group: Group = Group.MINIMAL, **more: object) -> Row:
    """A check that is done; one without a verdict waits."""
    if b is None:
        return Row(check(name, group=group))
    found = msgspec.structs.replace(judged(b), **more)
    return Row(check(name, group=group), State.DONE, Judgement(found, judged(a) if a is not None else None))


def listed(rows: list[Row], look: Look = EVERY, *, against: bool = True, begun: bool = True) -> list[str]:
    """The lines as (indented) titles."""
    return [f"{'' if one.kind is Kind.GROUP else '- '}{one.title}" for one in lines(rows, look, against=against, begun=begun)]


def by_name(rows: list[Row]) -> dict[str, Row]:
    return {one.check.id: one for one in rows}


def lines(rows: list[Row], look: Look = EVERY, *, against: bool = True, begun: bool = True) -> list[Entry]:
    return entries(by_name(rows), look, against=against, begun=begun)


ALL_PASS = [row("one", Verdict.PASS), row("two", Verdict.PASS)]
MIXED = [row("one", Verdict.PASS), row("two", Verdict.FAIL), row("three", None)]


def test_a_group_of_passes_is_one_line_with_its_verdicts() -> None:
    (head,) = lines(ALL_PASS)
    assert (head.title, head.counted, head.quiet, head.fold) == ("Minimal", "2 of 2", "", Fold.FOLDED)
    assert head.a is not None
    assert head.b is not None
    assert (head.a.text, head.b.text, head.b.role) == ("✓ pass", "✓ pass", "ok")


def test_of_an_open_group_passes_and_what_waits_are_counted_not_listed() -> None:
    assert listed(MIXED) == ["Minimal", "- Two"]
    head = lines(MIXED)[0]
    assert (head.counted, head.quiet, head.b) == ("2 of 3", "1 pass, 1 not done", None)
    assert listed(MIXED, Look({"minimal": Fold.FULL})) == ["Minimal", "- One", "- Two", "- Three"]
    assert listed(MIXED, Look({"minimal": Fold.FOLDED})) == ["Minimal"]


def test_a_folded_group_says_the_worst_and_how_often() -> None:
    head = lines([*MIXED, row("four", Verdict.DIFFERS)], Look({"minimal": Fold.FOLDED}))[0]
    assert head.b is not None
    assert (head.b.text, head.b.role) == ("✕ 1 fail", "bad")


def test_unfolding_a_group_of_passes_lists_them() -> None:
    for fold in (Fold.OPEN, Fold.FULL):
        assert listed(ALL_PASS, Look({"minimal": fold})) == ["Minimal", "- One", "- Two"]


def test_what_runs_is_listed_where_its_group_is_open_and_opens_none() -> None:
    running = Row(check("runs"), State.RUNNING)
    (head,) = lines([*ALL_PASS, running])
    assert head.b is not None
    assert (head.b.word, head.b.role) == ("running", "a")
    assert listed([*MIXED, running]) == ["Minimal", "- Two", "- Runs"]


def test_what_neither_side_has_is_counted_only() -> None:
    rows = [row("one", Verdict.UNSUPPORTED, Verdict.UNSUPPORTED), row("two", Verdict.PASS), row("three", Verdict.UNSUPPORTED)]
    assert listed(rows) == ["Minimal", "- Three"]
    assert lines(rows)[0].quiet == "1 pass, 1 unsupported"


def test_a_folded_group_says_how_many_passed_where_neither_side_has_the_others() -> None:
    (head,) = lines([*ALL_PASS, row("three", Verdict.UNSUPPORTED, Verdict.UNSUPPORTED)])
    assert head.b is not None
    assert head.b.text == "✓ 2 pass"
    (head,) = lines([row("three", Verdict.UNSUPPORTED, Verdict.UNSUPPORTED)])
    assert head.b is not None
    assert head.b.text == "∅ unsupported"


def test_what_was_left_out_is_not_done_and_unfolds_nothing() -> None:
    left = [row("three", Verdict.SKIPPED, reason="stopped"), row("four", Verdict.SKIPPED, reason="rests_on", rests_on="three")]
    (head,) = lines([*ALL_PASS, *left])
    assert head.counted == "2 of 4"
    assert head.b is not None
    assert head.b.text == "· 2 not asked"
    assert counts(by_name([*ALL_PASS, *left]))[Filter.NOT_DONE] == 2
    assert counts(by_name([*ALL_PASS, *left]))[Filter.UNTOLD] == 0
    assert listed([*MIXED, row("five", Verdict.SKIPPED, reason="rests_on", rests_on="two")]) == ["Minimal", "- Two"]


def test_what_rests_on_another_is_counted_only_and_the_filter_lists_it() -> None:
    rows = [row("two", Verdict.FAIL), row("five", Verdict.SKIPPED, None, reason="rests_on", rests_on="two")]
    assert listed(rows) == ["Minimal", "- Two"]
    assert lines(rows)[0].quiet == "1 skipped"
    assert listed(rows, Look(filter=Filter.UNTOLD)) == ["Minimal", "- Five"]
    (head,) = lines(rows[1:])
    assert head.b is not None
    assert head.b.text == "– skipped"


def test_a_check_that_was_stopped_half_way_is_not_done() -> None:
    half = row("three", Verdict.INCONCLUSIVE, reason="not_asked")
    assert counts(by_name([*ALL_PASS, half]))[Filter.NOT_DONE] == 1
    assert listed([*ALL_PASS, half]) == ["Minimal"]


def test_a_check_that_only_the_control_did_not_pass_is_listed() -> None:
    assert listed([row("one", Verdict.PASS, Verdict.FAIL), row("two", Verdict.PASS)]) == ["Minimal", "- One"]


def test_filters_list_what_they_name_whatever_is_folded() -> None:
    rows = [*MIXED, row("four", Verdict.DIFFERS), row("five", Verdict.SKIPPED, group=Group.TOOLS), row("six", Verdict.PASS)]
    look = Look({"minimal": Fold.FOLDED, "tools": Fold.FOLDED})
    told = {one: listed(rows, msgspec.structs.replace(look, filter=one)) for one in Filter if one is not Filter.ALL}
    assert told == {
        Filter.FAIL: ["Minimal", "- Two"],
        Filter.DIFFERS: ["Minimal", "- Four"],
        Filter.UNTOLD: ["Tools", "- Five"],
        Filter.NOT_DONE: ["Minimal", "- Three"],
    }
    assert counts(by_name(rows)) == {Filter.ALL: 6, Filter.FAIL: 1, Filter.DIFFERS: 1, Filter.UNTOLD: 1, Filter.NOT_DONE: 1}
    assert all(one.fold is None for one in lines(rows, Look(filter=Filter.FAIL)))


def test_finding_lists_passes_too_by_any_words_in_any_order() -> None:
    assert listed(MIXED, Look(find="ONE")) == ["Minimal", "- One"]
    assert listed(MIXED, Look(find="works minimal")) == ["Minimal", "- One", "- Two", "- Three"]
    assert listed(MIXED, Look(find="nowhere")) == []


def test_evidence_stands_below_its_check_which_is_listed_though_it_passed() -> None:
    found = lines(ALL_PASS, Look(open_check="two"))
    assert [(one.kind, one.id) for one in found] == [
        (Kind.GROUP, "minimal"), (Kind.CHECK, "two"), (Kind.EVIDENCE, "two")
    ]  # fmt: skip


def test_what_was_measured_is_a_to_b_and_b_alone_without_a_control() -> None:
    both = row("x", Verdict.FAIL, short="96 words")
    assert both.judgement is not None
    told = Judgement(both.judgement.b, judged(Verdict.PASS, short="3 words"))
    both = Row(both.check, State.DONE, told)
    assert lines([both])[1].measured == "3 words : 96 words"
    assert lines([both], against=False)[1].measured == "96 words"
    assert lines([both], against=False)[1].a is None
    assert lines([row("x", Verdict.FAIL)])[1].measured == ""


def test_what_the_control_shares_is_quiet_and_says_so() -> None:
    line = lines([row("x", Verdict.FAIL, Verdict.FAIL, shared=True)])[1]
    assert line.b is not None
    assert (line.b.text, line.b.role) == ("✕ fail", "muted")
    assert line.meaning == "B says so. The same goes for A."


def test_before_the_first_session_groups_say_how_many_checks_they_have() -> None:
    rows = [Row(check("one")), Row(check("two")), Row(check("tool", group=Group.TOOLS))]
    assert [(one.title, one.counted, one.b) for one in lines(rows, begun=False)] == [
        ("Minimal", "2 checks", None), ("Tools", "1 check", None)
    ]  # fmt: skip


def test_outside_text_stays_on_one_line() -> None:
    line = lines([row("x", Verdict.FAIL, short="a\nb", sentence="c\nd")])[1]
    assert "\n" not in line.measured + line.meaning


def test_a_screen_reader_is_told_of_cells_where_nothing_is() -> None:
    model = EntriesModel()
    model.show_entries([Entry(Kind.GROUP, "stream", "Stream", "3 of 3", measured="12 ms")])
    said = [model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(model.columnCount())]
    assert said == ["Stream, 3 of 3, 12 ms", "none", "none", "12 ms", "none"]
    assert model.index(0, 1).data() == ""
