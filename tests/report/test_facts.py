"""The facts of a report: what every format is made from."""

from __future__ import annotations

import json
import re
from hashlib import sha256

import msgspec
import pytest

from app.checks.asker import Step
from app.checks.check import Group
from app.checks.judgement import Evidence
from app.recording.records import Request, SideName
from app.report.limits import unseen_share
from app.report.schema import VERSION, Report, ReportError, dump, load
from app.text.sentences import Phrase
from app.text.translation import translate_with
from tests.checks.sessions import Answer, Sender, answer
from tests.report.reports import full_report, judging, report_of, verdict


async def test_a_check_with_all_that_was_found() -> None:
    report = await full_report()
    stops = next(one for one in report.checks if one.id == "stops")
    assert (stops.group, stops.title, stops.proves) == ("streaming", "Stops", "It works.")
    assert (stops.b.verdict, stops.b.reason_code, stops.b.sentence) == ("fail", "fail_1", "B writes on.")
    assert (stops.b.short, stops.b.advice, stops.b.said) == ("96 words", "Cut it yourself.", "no stop")
    assert stops.a is not None
    assert (stops.a.verdict, stops.a.sentence, stops.a.advice, stops.a.said) == ("pass", "A does so.", None, None)
    assert (stops.harm, stops.brief, stops.relation, stops.shared) == ("breaks", "stop sequences do nothing", "differs", False)
    assert (stops.rests_on, stops.requests) == ([], 2)
    words, count = stops.b.measured
    assert (words.value, words.unit, words.n, words.formula) == (96, "words", 3, "mean")
    assert (words.interval, words.level) == ((90.0, 99.5), 0.95)
    assert (count.value, count.unit, count.n, count.interval) == (None, None, None, None)


async def test_what_both_do_is_shared() -> None:
    found = {one.id: one for one in (await full_report()).checks}
    assert (found["count"].relation, found["count"].shared, found["count"].harm) == ("same", True, None)
    assert found["later"].b.rests_on == "stops"


async def test_evidence_names_bytes() -> None:
    report = await full_report()
    stops = next(one for one in report.checks if one.id == "stops")
    (evidence,) = stops.b.evidence
    recording = next(one for one in report.recordings if one.number == evidence.recording)
    assert (recording.check, recording.step, recording.side, recording.n) == ("stops", "one", "b", 1)
    body = json.dumps(answer()[2]).encode()
    assert evidence.sha256 == recording.sha256 == sha256(body).hexdigest()
    assert (evidence.status, evidence.byte_range, evidence.event, evidence.note) == (200, None, None, "seen there")
    assert evidence.excerpt == body.decode()


async def test_what_evidence_shows_is_said_in_the_language_of_now() -> None:
    german = {"seen there": "gesehen", "holds {word}": "{word} steht da"}
    translate_with(lambda template: german.get(template, template))
    try:
        notes = (Phrase("holds {word}", word="{x}"), "seen there", "")
        report = await report_of(judging(verdict("fail", evidence=tuple(Evidence("b", "one", note=one) for one in notes))))
    finally:
        translate_with(None)
    found = next(one for one in report.checks if one.id == "x").b.evidence
    assert [one.note for one in found] == ["{x} steht da", "gesehen", None]


async def test_evidence_of_a_span_has_the_digest_of_it_alone() -> None:
    found = verdict("fail", evidence=(Evidence("b", "one", 1, None, (3, 9)), Evidence("b", "none", 1)))
    report = await report_of(judging(found))
    of_span, of_nothing = next(one for one in report.checks if one.id == "x").b.evidence
    data = json.dumps(answer()[2]).encode()[3:9]
    assert (of_span.byte_range, of_span.sha256) == ((3, 9), sha256(data).hexdigest())
    assert of_span.excerpt == data.decode()
    assert (of_nothing.recording, of_nothing.sha256, of_nothing.excerpt, of_nothing.status) == (None, None, None, None)


async def test_the_verdict_line_and_the_sentence() -> None:
    report = await full_report()
    assert report.verdict is not None
    assert (report.verdict.overall, report.verdict.sentence) == ("breaks", "Breaks (2 checks do not tell).")
    assert [one.brief for one in report.verdict.reasons] == ["stop sequences do nothing", "“Pace” differs"]
    assert report.sentence == "Text and tools work. Stop sequences do nothing, and “Pace” differs."
    assert report.verdict.counts == {"pass": 4, "fail": 1, "differs": 1, "unsupported": 1, "inconclusive": 1, "skipped": 1}


async def test_an_endpoint_alone_is_called_by_its_name() -> None:
    report = await report_of(judging(verdict("fail")), sides=("b",))
    assert [one.side for one in report.endpoints] == ["b"]
    assert report.checks[-1].b.sentence == "b does so."
    assert "no_control" in [one.code for one in report.limits]
    assert (report.checks[-1].a, report.checks[-1].relation) == (None, None)


async def test_the_endpoints() -> None:
    report = await full_report()
    assert [(one.side, one.label, one.model_asked, one.models_seen) for one in report.endpoints] == [
        ("a", "a", "m", ["m"]), ("b", "b", "m", ["m"]),
    ]  # fmt: skip
    assert [one.tls for one in report.endpoints] == [None, None]


async def test_what_it_cost() -> None:
    report = await full_report()
    assert report.plan is not None
    sent = len(report.recordings)
    assert (report.spent.requests, report.spent.input_tokens, report.spent.output_tokens) == (sent, 20 * sent, 5 * sent)
    assert report.spent.usd == pytest.approx(sent * (20 + 50) / 1e6)
    assert (report.plan.checks, report.plan.requests, report.plan.cap_usd) == (9, 18, None)
    assert report.spent.prices


async def test_what_was_not_counted_is_null_and_never_0() -> None:
    def uncounted(_side: SideName, _step: Step, _request: Request) -> Answer:
        status, headers, body = answer()
        return status, headers, {name: value for name, value in body.items() if name != "usage"}

    report = await full_report(Sender(uncounted))
    assert (report.spent.input_tokens, report.spent.output_tokens, report.spent.usd) == (None, None, None)
    assert report.spent.uncounted == report.spent.requests
    assert b'"input_tokens": null' in dump(report)
    assert "uncounted" in [one.code for one in report.limits]


async def test_what_a_run_can_not_know() -> None:
    report = await full_report()
    codes = [one.code for one in report.limits]
    assert codes[:7] == ["chance", "trigger", "moment", "request_side", "hidden_reasoning", "identity", "data"]
    asked = sum(one.side == "b" for one in report.recordings)
    assert report.limits[0].sentence.startswith(f"“Not seen” means: not in {asked} exchanges.")
    assert "no_control" not in codes


def test_the_bound_of_what_was_not_seen() -> None:
    shares = [unseen_share(10), unseen_share(20), unseen_share(50)]
    assert [f"{share:.3f}" for share in shares if share] == ["0.259", "0.139", "0.058"]
    assert unseen_share(0) is None


async def test_the_checklists_stand_in_it() -> None:
    report = await full_report()
    assert [one.id for one in report.checklists] == ["migration", "pre-launch"]
    ticks = {one.id: one.tick for one in report.checklists[0].lines}
    assert (ticks["base_url"], ticks["streaming"], ticks["key_source"], ticks["json"]) == ("ticked", "failed", "yours", "open")


async def test_ids_of_accounts_and_strange_keys_are_not_handed_on() -> None:
    said = "no quota for org-A1b2C3d4E5f6 (ann@example.com), key sk-proj-abcdef0123456789abcdef, user-supplied"
    report = await report_of(judging(verdict("fail", "It says {said}.", fields={"said": said}, said=said)))
    text = dump(report).decode()
    assert "no quota for org-… (…@example.com), key sk-proj-…, user-supplied" in text
    assert "A1b2C3d4" not in text
    assert "abcdef0123456789" not in text
    assert report.masks[-1].where == "account"
    assert report.masks[-1].count == 12  # on both sides, in the sentence and in what was said


async def test_the_same_run_gives_the_same_bytes() -> None:
    assert dump(await full_report()) == dump(await full_report())


async def test_it_is_read_back_as_it_was() -> None:
    report = await full_report()
    assert load(dump(report)) == report


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is no JSON report of Diptych"),
        (b"[1]", "it is no JSON report of Diptych"),
        (b'{"schema": "other", "version": 1}', "it is no JSON report of Diptych"),
        (b'{"schema": "diptych-report", "version": 99}', "it was written by a newer Diptych (version 99, this one knows 1)"),
        (b'{"schema": "diptych-report", "version": 1}', "it can't be read: "),
        (b"\xff\xfe{", "it is no JSON report of Diptych"),
        (b"[" * 100_000, "it is no JSON report of Diptych"),
    ],
)
def test_what_is_no_report(data: bytes, why: str) -> None:
    with pytest.raises(ReportError, match=f"^{re.escape(why)}"):
        load(data)


async def test_fields_of_a_later_minor_change_are_left_out() -> None:
    plain = msgspec.to_builtins(await full_report())
    assert isinstance(load(msgspec.json.encode({**plain, "version": VERSION, "new": 1})), Report)


async def test_a_check_that_broke_is_no_fault_of_the_endpoint() -> None:
    broken = judging({"a": verdict("pass")}, Group.TOOLS)  # there is no verdict on B: a KeyError in the check
    report = await report_of(broken)
    found = next(one for one in report.checks if one.id == "x")
    assert (found.b.verdict, found.own_fault, found.harm) == ("inconclusive", True, None)
