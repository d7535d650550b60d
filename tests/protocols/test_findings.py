"""The log of findings: bounded, each where it was seen, nothing twice that is one."""

from __future__ import annotations

import pytest

from app.protocols.findings import Finding, FindingLog, Place, Rule, Severity

ROW = Rule("X1", Severity.LOSES, "A thing", "{what} came.", "Something came.", "{what} hurts.", "Send no {what}.")


def test_a_finding_says_its_rule_with_its_fields() -> None:
    one = Finding.of(ROW, Place(3, 40), what="a ghost")
    assert (one.id, one.severity, one.event, one.offset) == ("X1", Severity.LOSES, 3, 40)
    assert (one.title, one.sentence, one.plain) == ("A thing", "a ghost came.", "Something came.")
    assert (one.hurts, one.remedy) == ("a ghost hurts.", "Send no a ghost.")


def test_a_kind_is_kept_only_so_often() -> None:
    log = FindingLog([], most_of_a_kind=2)
    for number in range(5):
        log.note(ROW, what=str(number))
    assert [one.fields["what"] for one in log.findings] == ["0", "1"]
    assert log.has(ROW)


def test_of_one_key_only_the_first_is_kept() -> None:
    log = FindingLog([], most_of_a_kind=9)
    log.note(ROW, key=1, what="a")
    log.note(ROW, key=1, what="b")
    log.note(ROW, key=2, what="c")
    assert [one.fields["what"] for one in log.findings] == ["a", "c"]


def test_a_log_of_distinct_findings_keeps_what_is_said_once() -> None:
    rule = Rule("X2", Severity.NOTE, "A thing", "{what} came.", "Something came.", variants={"late": "{what} came late."})
    log = FindingLog([], most_of_a_kind=9, distinct=True)
    log.note(rule, place=Place(1, 0), what="a")
    log.note(rule, place=Place(2, 9), what="a")
    log.note(rule, variant="late", what="a")
    log.note(rule, key="k", what="a")
    log.add_all([Finding.of(rule, what="b"), Finding.of(rule, what="b")])
    assert [(one.variant, one.fields["what"]) for one in log.findings] == [("", "a"), ("late", "a"), ("", "a"), ("", "b")]


def test_a_finding_is_put_where_the_stream_stands_unless_it_names_a_place() -> None:
    log = FindingLog([], most_of_a_kind=9)
    log.place = Place(7, 70)
    log.note(ROW, what="a")
    log.note(ROW, place=Place(1, 10), what="b")
    log.note(None)
    assert [(one.event, one.offset) for one in log.findings] == [(7, 70), (1, 10)]
    assert not FindingLog([], most_of_a_kind=9).has(ROW)


def test_fields_are_bounded_and_can_be_stored() -> None:
    log = FindingLog([], most_of_a_kind=9)
    log.note(ROW, what="\ud83d\ude00" + "x" * 1000, count=3)
    fields = log.findings[0].fields
    assert fields["count"] == 3
    assert str(fields["what"]).startswith("\U0001f600x")
    assert len(str(fields["what"])) == 300


def test_a_variant_is_another_sentence_of_the_same_rule() -> None:
    rule = Rule("X2", Severity.NOTE, "A thing", "{what} came.", "Something came.", variants={"late": "{what} came late."})
    assert Finding.of(rule, what="a ghost").sentence == "a ghost came."
    late = Finding.of(rule, Place(2, 9), variant="late", what="a ghost")
    assert (late.sentence, late.plain, late.event) == ("a ghost came late.", "Something came.", 2)
    log = FindingLog([], most_of_a_kind=1)
    log.note(rule, variant="late", what="a ghost")
    assert log.findings[0].sentence == late.sentence
    with pytest.raises(KeyError):
        Finding.of(rule, variant="early").sentence  # noqa: B018
