"""A report in another language: nothing of it stays English but names, ids and what came from outside."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

import pytest

from app.report.csv import as_csv
from app.report.html import html
from app.report.junit import junit
from app.report.markdown import markdown
from app.report.schema import Report
from app.text.sentences import fields_of
from app.text.translation import translate_with
from tests.report.reports import full_report
from tests.report.test_measured import loaded, study

NAMES = {
    "diptych", "endpoint", "relay", "gateway", "official", "claude", "sonnet", "opus", "anthropic", "messages", "linux",
    "python",
    "utc", "http", "https", "run", "stop",
    "post", "too", "many", "requests",  # the phrase of a status
    "admitted", "completes", "reached", "stops", "pace", "count", "offset", "later", "shape", "one",  # checks and a step
    "true", "false", "none", "dict", "values", "differs",  # facts by which words are chosen
}  # fmt: skip
WORD = re.compile(r"[A-Za-z]{3,}")
SPELLED = re.compile(r"\b\w*[_/:.]\w[\w/.:-]*\b")  # ids, addresses, versions


def foreign(template: str) -> str:
    """Another language, in which every sentence is its fields alone: English that is left is no message."""
    literal = re.sub(r"\{.*\}", "", template)
    return "⟦" + "·".join(f"{{{name}}}" for name in sorted(fields_of(template))) + "⟧" if "{" in template or literal else ""


@pytest.fixture
def abroad() -> Iterator[None]:
    translate_with(foreign)
    try:
        yield
    finally:
        translate_with(None)


def english(said: str) -> set[str]:
    return {one.lower() for one in WORD.findall(SPELLED.sub("", said)) if set(one) != {"x"}} - NAMES


def of_page(report: Report) -> str:
    page = re.sub(r'<(style|pre)>.*?</\1>|<(\w+) class="(?:hash|code)">.*?</\2>', "", html(report), flags=re.S)
    return " ".join(re.findall(r">([^<>]+)<", page))


def of_markdown(report: Report) -> str:
    return re.sub(r"(?s)^```.*?^```|<[^>]*>", "", markdown(report), flags=re.M)


def of_cases(report: Report) -> str:
    return " ".join(one.get("message", "") for one in ET.fromstring(junit(report)).iter())


def of_heads(report: Report) -> str:
    return " ".join(next(csv.reader(io.StringIO(as_csv(report), newline=""))))


FORMATS: dict[str, Callable[[Report], str]] = {"html": of_page, "md": of_markdown, "xml": of_cases, "csv": of_heads}


@pytest.mark.usefixtures("abroad")
async def test_a_report_of_checks_says_messages(subtests: pytest.Subtests) -> None:
    report = await full_report()
    for name, read in FORMATS.items():
        with subtests.test(name):
            assert english(read(report)) == set()


@pytest.mark.usefixtures("abroad")
@pytest.mark.parametrize("make", [study, loaded])
def test_a_report_of_what_was_measured_says_messages(make: Callable[[], Report], subtests: pytest.Subtests) -> None:
    report = make()
    for name, read in FORMATS.items():
        with subtests.test(name):
            assert english(read(report)) == set()
