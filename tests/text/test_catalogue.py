"""The catalogue of Chinese: nothing that is said lacks in it, with the same fields, and it is compiled as it stands.

`python packaging/messages.py zh_CN` brings it up to date; what is new is translated then, and compiled by the same command.
"""

from __future__ import annotations

import gettext
import importlib.util
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from app.text.sentences import STRONG, fields_of

ROOT = Path(__file__).parents[2]
PO = ROOT / "resources" / "translations" / "zh_CN.po"
_NAMED = re.compile(r"[\w-]*=")


@pytest.fixture(scope="module")
def translated() -> dict[str, str]:
    """The translations by their messages; "" for what has none."""
    with PO.open("rb") as file:
        found = [one for one in read_po(file) if one.id]
    return {_key(one): "" if one.fuzzy else str(one.string or "") for one in found}


def _key(one: Message) -> str:
    """As gettext looks it up: what it is about, where that is said, then the message."""
    return f"{one.context}\4{one.id}" if one.context else str(one.id)


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    """All messages, with the place where each stands first."""
    spec = importlib.util.spec_from_file_location("messages", ROOT / "packaging" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, str] = {}
    for text, path, line in module.messages():
        if text.strip():
            found.setdefault(text, f"{path}:{line}")
    return found


def test_a_translation_has_the_fields_of_its_message_and_no_other(translated: dict[str, str]) -> None:
    wrong = []
    for text, other in translated.items():
        if not other:
            continue
        lost = {name for name in fields_of(text) - fields_of(other) if set(_kinds(text, name)) - {"word"}}
        if fields_of(other) - fields_of(text) or lost or _choices(other) - _choices(text) or _marks(text) != _marks(other):
            wrong.append((text, other))
    assert not wrong, wrong


def test_it_is_compiled_as_it_stands(translated: dict[str, str]) -> None:
    with PO.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert [text for text, other in translated.items() if other and compiled.gettext(text) != other] == []
    assert compiled.gettext("what no message says") == "what no message says"


def test_it_has_all_that_is_said_and_nothing_else(translated: dict[str, str], said: dict[str, str]) -> None:
    new = [f"{place}: {text}" for text, place in said.items() if text not in translated]
    gone = sorted(translated.keys() - said.keys())
    assert not new, "packaging/messages.py zh_CN would add:\n" + "\n".join(new)
    assert not gone, "packaging/messages.py zh_CN would take out:\n" + "\n".join(gone)


def test_nothing_that_is_said_is_without_a_translation(translated: dict[str, str], said: dict[str, str]) -> None:
    missing = [f"{place}: {text}" for text, place in said.items() if not translated.get(text)]
    assert not missing, f"{len(missing)} messages have no Chinese:\n" + "\n".join(missing)


def _parts(template: str) -> Iterator[tuple[str, str, str]]:
    """Each field's name, kind and words, also of those inside others."""
    for _, name, spec, _ in string.Formatter().parse(template):
        if name is None:
            continue
        kind, _, words = (spec or "").partition(" ")
        yield name, kind, words
        if "{" in words:
            yield from _parts(words)


def _kinds(template: str, name: str) -> list[str]:
    return [kind for one, kind, _ in _parts(template) if one == name]


def _choices(template: str) -> set[tuple[str, str]]:
    """What is chosen by: the names of `select`."""
    found = set()
    for name, kind, words in _parts(template):
        if kind == "select":
            found |= {(name, match.group()) for part in words.split("|") if (match := _NAMED.match(part))}
    return found


def _marks(template: str) -> int:
    """0 without strong parts, 1 with such; an odd number of marks is 2."""
    marks = template.count(STRONG)
    return 2 if marks % 2 else min(marks, 1)
