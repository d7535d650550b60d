"""The catalogues of rules: ids that mean one thing each, and rows that say all they have to say, in whole sentences."""

from __future__ import annotations

import ast
import inspect
import re
import string
from collections import Counter
from importlib import import_module

import pytest

from app.protocols.findings import Rule, Severity, catalogue
from app.text.sentences import STRONG, fields_of, render
from tests.protocols.catalogues import catalogues, rules

ALL = [rule for catalogue in catalogues().values() for rule in catalogue.values()]
_NAMES = [f"{module} {name}" for module, catalogue in catalogues().items() for name in catalogue]
# A name of the protocols', with which a title may begin: it is written as it is.
_API_NAME = re.compile(r"\.?[a-z]+[_.][a-z_.]+|\.[a-z]+\b|n\b")


def test_all_catalogues_are_found() -> None:
    rooms = {name.split(".")[2] for name in catalogues() if name.startswith("app.protocols.")}
    assert rooms == {"any", "messages", "chat", "responses"}
    assert "app.exchange.transport_rules" in catalogues()
    assert all(catalogues().values())


def test_an_id_means_one_thing() -> None:
    assert [one for one, count in Counter(rule.id for rule in ALL).items() if count > 1] == []


def test_a_constant_names_one_rule() -> None:
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]+", one.partition(" ")[2]) for one in _NAMES)
    assert len(rules()) == len(ALL)


def test_an_id_is_a_letter_a_number_and_perhaps_a_letter(subtests: pytest.Subtests) -> None:
    for rule in ALL:
        with subtests.test(rule.id):
            assert re.fullmatch(r"[A-Z][1-9]\d?[a-z]?", rule.id)


def test_a_title_is_in_sentence_case_and_has_no_end(subtests: pytest.Subtests) -> None:
    for rule in ALL:
        with subtests.test(rule.id):
            first = rule.title.split()[0]
            assert first[0].isupper() or first[0] == "[" or _API_NAME.match(first), rule.title
            assert not rule.title.endswith(".")
            assert fields_of(rule.title) == set()


def test_a_rule_says_what_is_wrong_in_whole_sentences(subtests: pytest.Subtests) -> None:
    for rule in ALL:
        with subtests.test(rule.id):
            sentences = [*([rule.sentence] if rule.sentence else []), *rule.variants.values()]
            assert sentences, "neither a sentence nor variants"
            for sentence in sentences:
                assert sentence[0].isupper() or sentence[0] in "{`" or _API_NAME.match(sentence), sentence
                assert sentence.endswith((".", "?", "}", "”")), sentence
            assert rule.plain[0].isupper()
            assert rule.plain.endswith((".", "}"))


def test_what_hurts_says_whom_and_what_to_do(subtests: pytest.Subtests) -> None:
    for rule in ALL:
        with subtests.test(rule.id):
            if rule.severity is not Severity.NOTE:
                assert rule.hurts
                assert rule.remedy


def test_fields_have_names_and_nothing_is_strong_by_accident(subtests: pytest.Subtests) -> None:
    for rule in ALL:
        with subtests.test(rule.id):
            own = fields_of(rule.sentence).union(*(fields_of(one) for one in rule.variants.values()))
            for template in rule.templates():
                assert STRONG not in template
                for name in fields_of(template):
                    assert re.fullmatch(r"[a-z][a-z_0-9]*", name)
                    assert name != "detail", "a field says what it holds"
            for template in (rule.plain, rule.hurts, rule.remedy):
                assert fields_of(template) <= own


def test_every_template_can_be_shown(subtests: pytest.Subtests) -> None:
    for rule in ALL:
        with subtests.test(rule.id):
            for template in rule.templates():
                words = render(template, _Anything(template))
                assert "{{" not in words
                assert "}}" not in words


@pytest.mark.parametrize("name", catalogues())
def test_every_template_stands_whole_in_its_module(name: str) -> None:
    """A translator finds it by reading the source."""
    source = ast.parse(inspect.getsource(import_module(name)))
    written = {node.value for node in ast.walk(source) if isinstance(node, ast.Constant)}
    templates = {template for rule in catalogues()[name].values() for template in rule.templates()}
    assert templates - written <= {""}


class _Anything(dict[str, object]):
    """A value for each field of a template that fits its format."""

    def __init__(self, template: str) -> None:
        super().__init__()
        for _, name, spec, _ in string.Formatter().parse(template):
            if name is not None:
                self[name] = ["x"] if spec == "list" else 2 if spec else "x"
        self.update(dict.fromkeys(fields_of(template) - self.keys(), "x"))  # those inside others


def test_two_rules_of_a_module_with_one_id_are_refused() -> None:
    one, other = (Rule("X1", Severity.NOTE, title, "It came.", "It came.") for title in ("One", "Other"))
    assert catalogue({"ONE": one, "text": "no rule"}) == {"X1": one}
    with pytest.raises(ValueError, match="same id"):
        catalogue({"ONE": one, "OTHER": other})
