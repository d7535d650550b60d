"""Every format is made of the facts alone, holds them, and is safe whatever an endpoint said."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from app.checks.check import Group
from app.report import words
from app.report.csv import CHECK_COLUMNS, as_csv, cell
from app.report.html import html
from app.report.junit import junit
from app.report.markdown import MOST_CHARACTERS, code, markdown, text
from app.report.schema import Report, load
from app.report.write import NAMES, SUFFIXES, append_summary, render, write_report
from app.store.files import StoreError
from tests.report.reports import full_report, judging, report_of, verdict

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> ]]> & \"' `` `<b>` ``` | **b** _i_ [l](javascript:x) @team #12 https://evil.example"
    " www.evil.example \x00\x1b[31m\x08 \u202ekcart\u2028\u2066 \ufffe \ud83d ~~s~~ $x$ :smile:"
    " {x}{0}}{{ \r\n=cmd()|' /C calc'!A0"
)
VOID = {"meta", "br", "col", "link", "img"}


class Page(HTMLParser):
    """What a browser would see: tags, attributes, text; and whether each tag that was opened is closed."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self._unseen = False
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data


@pytest.fixture
async def report() -> Report:
    return await full_report()


@pytest.fixture
async def hostile() -> Report:
    """Hostile words wherever words from outside can stand."""
    found = verdict(
        "fail", "{who} says {said}.", fields={"said": HOSTILE}, said=HOSTILE, short="{said}", advice="{said}", brief="{said}"
    )
    sides = {"a": verdict("pass"), "b": found}
    plain = msgspec.to_builtins(await report_of(judging(found, Group.TOOLS), judging(sides, Group.ERRORS, "y")))
    for one in plain["endpoints"]:
        one.update(label=HOSTILE, model_asked=HOSTILE, models_seen=[HOSTILE], software=[HOSTILE], base_url=HOSTILE)
    for check in plain["checks"]:
        for evidence in check["b"]["evidence"]:
            evidence.update(excerpt=HOSTILE, note=HOSTILE)
    return msgspec.convert(plain, Report)


# -- HTML ---------------------------------------------------------------------------------------------------------------


async def test_html_holds_the_facts(report: Report) -> None:
    page = Page(html(report))
    assert not page.open
    for said in ("Breaks (2 checks do not tell).", "Stop sequences do nothing", "B writes on.", "Cut it yourself.", "96 words"):
        assert said in page.text
    assert (digest := report.checks[3].b.evidence[0].sha256) is not None
    assert digest[:16] in page.text
    for limit in report.limits:
        assert limit.sentence.replace("`", "") in page.text
    assert "<code>diptych mirror</code>" in html(report)
    for meaning in ("It does not work.", "It was asked, and what came does not tell."):  # every word of a verdict is explained
        assert meaning in page.text
    assert "words: 96 words (n = 3, 90 to 99.5 at 95%, mean)" in page.text
    assert "count: not said" in page.text


async def test_html_begins_with_what_anyone_understands(report: Report) -> None:
    said = Page(html(report)).text
    order = ["Breaks (2", "What it means for you", "Every check", "Moving there", "Latency", "What each check rests on"]
    order += ["What this run can't know", "How it was measured", "sha256 of the body"]
    places = [said.index(one) for one in order]
    assert places == sorted(places)


async def test_html_on_paper_leaves_out_the_grounds_of_what_passed(report: Report) -> None:
    page = Page(html(report))
    passed = sum(one.b.verdict == "pass" for one in report.checks)
    assert 0 < passed < len(report.checks)
    assert page.attributes.count(("class", "passed")) == passed
    assert "On paper only the checks that did not pass" in page.text


async def test_html_needs_nothing_from_anywhere(report: Report) -> None:
    source = html(report)
    page = Page(source)
    assert "script" not in page.tags
    assert not {"link", "img", "iframe", "object", "form", "details"} & set(page.tags)  # nothing is loaded, nothing folded away
    assert not re.search(r"url\(|@import", source)
    assert not any("//" in (value or "") for _, value in page.attributes)
    anchors = {value for name, value in page.attributes if name == "href"}
    ids = {f"#{value}" for name, value in page.attributes if name == "id"}
    assert anchors
    assert anchors <= ids


async def test_html_of_hostile_words(report: Report, hostile: Report) -> None:
    page, honest = Page(html(hostile)), Page(html(report))
    assert not page.open
    assert set(page.tags) == set(honest.tags)
    assert {name for name, _ in page.attributes} == {name for name, _ in honest.attributes}
    assert "<script>alert(1)</script>" in page.text
    assert not re.search("[\x00\x08\x1b\u202e\u2066\ud800-\udfff]", html(hostile))


async def test_html_of_one_endpoint_has_no_column_for_another(report: Report) -> None:
    alone = Page(html(await report_of(judging(verdict("fail")), sides=("b",))))
    assert "measured, A : B" in Page(html(report)).text
    assert "measured, A : B" not in alone.text
    assert "There was no official endpoint beside it" in alone.text


# -- Markdown -----------------------------------------------------------------------------------------------------------


async def test_markdown_holds_the_facts(report: Report) -> None:
    said = markdown(report)
    assert "**✕ Breaks (2 checks do not tell).**" in said
    assert "| Stops | ✓ pass | ✕ fail | 3 words : 96 words | B writes on. |" in said
    assert "Do: Cut it yourself." in said
    assert '```\n{"id": "msg_1"' in said


async def test_markdown_tables_keep_their_columns(hostile: Report) -> None:
    rows = [line for line in markdown(hostile).splitlines() if line.startswith("|")]
    for row in rows:
        bars = re.findall(r"(?<!\\)(?:\\\\)*\|", row)
        assert len(bars) in (5, 6, 7), row


async def test_markdown_of_hostile_words_is_text(hostile: Report) -> None:
    said = markdown(hostile)
    outside_code = re.sub(r"(?ms)^(`{3,})$.*?^\1$", "", said)
    assert "<script" not in outside_code.replace("\\<script", "")
    assert not re.search(r"(?<!\\)[@#]\w", outside_code.replace("## Diptych", ""))
    assert not re.search("[\x00\x08\x1b\u202e\u2066]", said)
    assert "https\\://evil.example www\\.evil.example" in outside_code


@pytest.mark.parametrize(
    ("outside", "inside"),
    [
        ("a|b", r"a\|b"),
        ("`x`", r"\`x\`"),
        ("- item", r"\- item"),
        ("12. item", "12\u2060. item"),
        ("two\nlines", "two␊lines"),
        ("<b>", r"\<b\>"),
    ],
)
def test_markdown_text(outside: str, inside: str) -> None:
    assert text(outside) == inside


def test_markdown_code_has_a_fence_of_its_own() -> None:
    assert code("a ```` b").splitlines() == ["`````", "a ```` b", "`````"]


async def test_markdown_is_short_enough_for_a_comment() -> None:
    sides = {"a": verdict("pass"), "b": verdict("fail", "{who} " + "says so. " * 40)}
    many = [judging(sides, Group.ERRORS, f"check-{n}") for n in range(150)]
    said = markdown(await report_of(*many))
    assert 40_000 < len(said) < MOST_CHARACTERS
    assert re.search(r"_\d+ more parts are left out here", said)
    assert said.count("```") % 2 == 0


# -- JUnit --------------------------------------------------------------------------------------------------------------


def cases(data: bytes) -> dict[str, ET.Element]:
    return {f"{suite.get('name')}/{case.get('name')}": case for suite in ET.fromstring(data) for case in suite.iter("testcase")}


async def test_junit_says_what_failed(report: Report) -> None:
    found = cases(junit(report))
    (failure,) = found["diptych.streaming.B/stops"].findall("failure")
    assert (failure.get("type"), failure.get("message")) == ("fail_1", "B writes on.")
    assert failure.text is not None
    assert re.search(r"B: exchange \d+ \(one\), status 200", failure.text)
    assert found["diptych.streaming.A/stops"].find("failure") is None
    for name in ("advanced.B/count", "identity.B/offset", "errors.B/later"):
        assert found[f"diptych.{name}"].find("skipped") is not None
    assert found["diptych.tools.B/pace"].find("failure") is None
    assert found["diptych.tools.B/pace"].find("properties/property[@name='verdict']").get("value") == "differs"  # type: ignore[union-attr]


async def test_junit_strictly(report: Report) -> None:
    assert cases(junit(report, strict=True))["diptych.tools.B/pace"].find("failure") is not None


async def test_junit_counts(report: Report) -> None:
    root = ET.fromstring(junit(report))
    assert {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "17", "failures": "1", "errors": "0", "skipped": "5",
    }  # fmt: skip
    for suite in root:
        assert suite.get("tests") == str(len(suite.findall("testcase")))


async def test_junit_what_the_control_does_too_is_no_failure() -> None:
    found = cases(junit(await report_of(judging(verdict("fail")))))["diptych.errors.B/x"]
    assert found.find("failure") is None
    assert found.find("skipped").get("message") == "fail: B does so. The same goes for A."  # type: ignore[union-attr]


async def test_junit_a_fault_of_ours_is_an_error() -> None:
    found = cases(junit(await report_of(judging({"a": verdict("pass")}))))
    assert found["diptych.errors.B/x"].find("error") is not None


async def test_junit_of_hostile_words_is_xml(hostile: Report) -> None:
    found = cases(junit(hostile))["diptych.errors.B/y"]
    assert found.find("failure").text.startswith("B says <script>alert(1)</script>")  # type: ignore[union-attr]


# -- CSV ----------------------------------------------------------------------------------------------------------------


async def test_csv_has_a_row_for_each_check_and_side(report: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(report))))
    assert len(rows) == sum(1 + (one.a is not None) for one in report.checks)
    stops = next(one for one in rows if one["check"] == "stops" and one["side"] == "B")
    assert (stops["verdict"], stops["sentence"], stops["harm"]) == ("fail", "B writes on.", "breaks")
    assert list(stops) == list(CHECK_COLUMNS)


@pytest.mark.parametrize("begin", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "  =1", "|x"])
def test_csv_no_cell_is_computed(begin: str) -> None:
    assert str(cell(begin)).startswith("'")


def test_csv_numbers_stay_numbers() -> None:
    assert (cell(-1), cell(0.5), cell(None), cell("abc"), cell("\r=1")) == (-1, 0.5, "", "abc", "␍=1")


async def test_csv_of_hostile_words(hostile: Report) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(hostile), newline="")))
    assert {len(row) for row in rows} == {len(CHECK_COLUMNS)}
    assert not any(one.lstrip(" ").startswith(("=", "+", "@")) for row in rows for one in row)


# -- all of them --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_each_is_made_of_the_json_alone(report: Report, suffix: str) -> None:
    again = load(render(report, ".json"))
    assert render(again, suffix) == render(report, suffix) == render(await full_report(), suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_each_is_written(report: Report, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"r{suffix.upper()}"
    write_report(report, path)
    assert path.read_bytes() == render(report, suffix)
    assert path.stat().st_mode & 0o077 == 0
    assert NAMES[suffix]


async def test_no_other_name_is_taken(report: Report, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"r\.pdf ends with none of \.html, \.md, \.json, \.xml, \.csv"):
        write_report(report, tmp_path / "r.pdf")
    with pytest.raises(StoreError, match="no folder"):
        write_report(report, tmp_path / "none" / "r.html")


async def test_a_summary_goes_behind_what_stands_there(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    append_summary(report, path)
    assert path.read_text() == "before\n" + markdown(report)


def test_what_is_known_of_the_cost_is_told() -> None:
    assert words.cost(0.25, 0.25) == "$0.2500"
    assert words.cost(None, 0.18) == "at least $0.1800"
    assert words.cost(None) == words.cost(None, 0.0) == "cost not known"
