"""Templates with named fields become sentences: numbers in their units, plurals, lists, strong parts."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from app.text.sentences import Phrase, Span, fields_of, in_a_row, in_context, message, render, spans, text_in_a_row, tr
from app.text.translation import translate_with


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    translate_with(None)


@pytest.mark.parametrize(
    ("template", "fields", "said"),
    [
        ("B is {late:seconds} later.", {"late": 1234.0}, "B is 1.23 s later."),
        ("{late:milliseconds}", {"late": 1234.0}, "1\u0020234 ms"),
        ("{n:plural token|tokens}", {"n": 1}, "1 token"),
        ("{n:plural token|tokens}", {"n": 2048}, "2\u0020048 tokens"),
        ("{names:list} {n:word is|are} empty", {"names": ["A"], "n": 1}, "A is empty"),
        ("{names:list} {n:word is|are} empty", {"names": ["A", "B"], "n": 2}, "A and B are empty"),
        ("{n:once Once|times} it came.", {"n": 1}, "Once it came."),
        ("{n:once Once|times} it came.", {"n": 3}, "3 times it came."),
        ("{names:list}", {"names": ["a", "b", "c"]}, "a, b and c"),
        ("{names:list}", {"names": []}, ""),
        ("{names:either}", {"names": ["a", "b", "c"]}, "a, b or c"),
        ("{names:either}{names:commas}", {"names": []}, ""),
        ("{names:commas}; {names:either}", {"names": ["a", "b"]}, "a, b; a or b"),
        ("{size:bytes}, {cost:usd}", {"size": 1400, "cost": 0.5}, "1.4 kB, $0.5000"),
        ("{text} {{kept}}", {"text": "{not a field}"}, "{not a field} {kept}"),
        ("{text}", {"text": "\ud83d\ude00"}, "\U0001f600"),
        ("{wait_s:duration}", {"wait_s": 380.0}, "6 min 20 s"),
        ("{host:or The endpoint} is slow.", {"host": ""}, "The endpoint is slow."),
        ("{host:or The endpoint} is slow.", {"host": "h.example"}, "h.example is slow."),
        ("A{until:if  (at {until})|, some day}.", {"until": "12:00"}, "A (at 12:00)."),
        ("A{until:if  (at {until})|, some day}.", {"until": None}, "A, some day."),
        ("A{until:if  (at {until})}.", {"until": False}, "A."),
        ("A{count:if  ({count:plural time|times})}.", {"count": 0}, "A (0 times)."),
        ("{came:select some=after {n:plural event|events}|none=before any}", {"came": "some", "n": 2}, "after 2 events"),
        ("{came:select some=after {n:plural event|events}|none=before any}", {"came": "none", "n": 2}, "before any"),
        ("{came:select some=a|else = {came}}", {"came": "more"}, "else = more"),
        ("{came:select some=a|}.", {"came": "more"}, "."),
        ("It says {said:quoted no message}.", {"said": "No {way}"}, "It says “No {way}”."),
        ("It says {said:quoted no message}.", {"said": ""}, "It says no message."),
        # What ends a sentence brings its full stop along, or not.
        ("It says {said:quoted no message}.", {"said": "No."}, "It says “No.”"),
        ("It says {said:quoted no message}: bad.", {"said": "No."}, "It says “No.”: bad."),
        ("It says {said}. Go.", {"said": "No."}, "It says No. Go."),
        ("It says {said:or nothing}{more:if  and {more}}.", {"said": "No.", "more": ""}, "It says No."),
        ("It says {said:or nothing}{more:if  and {more}}.", {"said": "No.", "more": "a"}, "It says No. and a."),
        ("{a}{b:if  {b}.}", {"a": "A.", "b": "B."}, "A. B."),
        ("{said}..", {"said": "No."}, "No.."),
    ],
)
def test_a_template_with_its_fields_is_a_sentence(template: str, fields: dict[str, object], said: str) -> None:
    assert render(template, fields) == said


def test_strong_parts_come_from_the_template_alone() -> None:
    assert spans("**A** is {how}, {much}**{late:seconds}**.", {"how": "**slow**", "much": "", "late": 2000.0}) == (
        Span("A", strong=True),
        Span(" is **slow**, "),
        Span("2.00 s", strong=True),
        Span("."),
    )


def test_strong_parts_may_stand_inside_a_choice() -> None:
    template = "B {late:if is **{late:seconds}** later|is as fast}."
    assert spans(template, {"late": 2000.0}) == (Span("B is "), Span("2.00 s", strong=True), Span(" later."))
    assert spans(template, {"late": None}) == (Span("B is as fast."),)


def test_a_missing_field_is_an_error() -> None:
    for template, fields in (("{host}", {}), ("{a:if {host}|}", {"a": 1}), ("{a:select b=b|c=c}", {"a": "d"})):
        with pytest.raises(KeyError):
            render(template, fields)


def test_a_language_has_templates_of_its_own() -> None:
    translate_with({"{n:plural token|tokens}": "{n:grouped} 个 token"}.__getitem__)
    assert render("{n:plural token|tokens}", {"n": 2}) == "2 个 token"


@pytest.mark.parametrize(
    ("template", "name", "said"),
    [
        ("端点 {name} 返回 {name}。", "B", "端点 B 返回 B。"),
        ("端点 {name} 返回 {name}。", "官方", "端点官方返回官方。"),
        ("端点{name}返回（{name}）", "B", "端点 B 返回（B）"),
        ("**{name}**晚到，{name} ，{name}", "B", "B 晚到，B ，B"),
        ("**{name}** 晚到", "官方", "官方晚到"),
        ("{name:if {name}，|}晚到", "B", "B，晚到"),
        ("于 {name} 结束", "“x”", "于 “x” 结束"),
        ("于 {name}", "", "于 "),
        ("{name} 中 文", "A B 中", "A B 中中 文"),
        ("{name} **接受**", "我的中转", "我的中转接受"),
        ("{name} **接受**", "B", "B 接受"),
    ],
)
def test_a_field_has_a_space_beside_chinese_where_it_is_latin(template: str, name: str, said: str) -> None:
    assert render(template, {"name": name}) == said


@pytest.mark.english
def test_sentences_in_a_row_have_what_the_language_puts_between_them() -> None:
    parts = (spans("It **is** so.", {}), spans("It ends.", {}))
    assert "".join(one.text for one in in_a_row(parts)) == text_in_a_row(("It is so.", "", "It ends.")) == "It is so. It ends."
    translate_with({"{first} {next}": "{first}{next}", "It ends.": "结束。"}.__getitem__)
    assert (
        "".join(one.text for one in in_a_row((spans("It ends.", {}),) * 2)) == text_in_a_row(("结束。",) * 2) == "结束。结束。"
    )


def test_the_last_of_a_list_has_a_space_where_it_is_latin() -> None:
    translate_with(lambda one: {"{first} and {last}": "{first}和{last}", ", ": "、"}.get(one, one))
    assert render("{n:list}", {"n": ["A", "B"]}) == "A 和 B"
    assert render("{n:list}", {"n": ["文本", "图片", "工具调用"]}) == "文本、图片和工具调用"


def test_english_keeps_its_spaces() -> None:
    assert render("{name} answered", {"name": "官方 "}) == "官方  answered"


def test_the_same_english_in_two_contexts_may_be_two_words() -> None:
    template = in_context("connections", "kept {n}")
    assert render(template, {"n": 1}) == "kept 1"
    translate_with({"connections\x04kept {n}": "复用 {n}", "kept {n}": "保留 {n}"}.__getitem__)
    assert (render(template, {"n": 1}), render("kept {n}", {"n": 1})) == ("复用 1", "保留 1")


def test_the_fields_of_a_template_are_known() -> None:
    assert fields_of("{a} {b:seconds} {{c}}") == {"a", "b"}
    assert fields_of("{a:if {b:select x={c:plural d|e}|{f}}|{g}}") == {"a", "b", "c", "f", "g"}


def test_a_phrase_is_english_as_a_fact_and_said_in_the_language_of_now() -> None:
    chinese = {"a zip file": "zip 文件", "({kind})": "（{kind}）", "It is {what}.": "这是 {what}。"}.get
    kind = Phrase(message("a zip file"))
    inner = Phrase(message("({kind})"), kind=kind)
    translate_with(lambda template: chinese(template, template))
    assert (kind, inner) == ("a zip file", "(a zip file)")
    assert msgspec.to_builtins({"kind": inner}, enc_hook=str) == {"kind": "(a zip file)"}
    assert tr("It is {what}.", what=kind) == "这是 zip 文件。"
    assert tr("{what} {what:quoted} {what:or none} {both:commas}", what=inner, both=(kind, "b")) == (
        "（zip 文件） “（zip 文件）” （zip 文件） zip 文件, b"
    )


def test_a_list_of_none_is_no_value() -> None:
    values: list[object] = [(), [], ("a", "b")]
    assert [tr("{names:if {names:commas}|none}", names=one) for one in values] == ["none", "none", "a, b"]
