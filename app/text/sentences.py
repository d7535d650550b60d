"""The last step from facts to words: whole sentences as templates with named fields.

What Diptych says is kept as a template and its fields until it is shown. No code looks into a finished sentence or joins pieces
of one: where the words must differ, there is another template. A template is English and at the same time the key under which
a language finds its own (`translate_with`), so it is written whole, where it belongs: in a rule, a claim, a row of a table.

    {name}                  the value as text
    {late_ms:seconds}       a number in its unit; the names of the units are those of `app.text.numbers`
    {count:plural token|tokens}     `1 token`, `2 tokens`
    {count:word is|are}     the word alone, by the number
    {count:once Once|times}     `Once`, `2 times`
    {names:list}            `A`, `A and B`, `A, B and C`
    **…**                   what a window shows strong
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping
from typing import cast

import msgspec

from app.text import numbers
from app.text.json_text import mend_surrogates

STRONG = "**"


class Span(msgspec.Struct, frozen=True):
    """A piece of a sentence; `strong` pieces carry the figures."""

    text: str
    strong: bool = False


def _as_it_is(template: str) -> str:
    return template


_translate: Callable[[str], str] = _as_it_is


def translate_with(translate: Callable[[str], str] | None) -> None:
    """From now on every template goes through `translate`, which gives another with the same fields; None: English."""
    global _translate
    _translate = translate or _as_it_is


def render(template: str, fields: Mapping[str, object]) -> str:
    """The sentence. Raises KeyError for a field that is not among `fields`."""
    return "".join(span.text for span in spans(template, fields))


def spans(template: str, fields: Mapping[str, object]) -> tuple[Span, ...]:
    """The sentence in pieces, its strong parts apart; what is in a field never counts as a mark. Raises KeyError."""
    pieces: list[Span] = []
    strong = False
    for literal, name, spec, _ in string.Formatter().parse(_translate(template)):
        for number, part in enumerate(literal.split(STRONG)):
            strong ^= number > 0
            pieces.append(Span(part, strong))
        if name is not None:
            pieces.append(Span(_formatted(fields[name], spec or ""), strong))
    return _joined(pieces)


def fields_of(template: str) -> set[str]:
    """The names of a template's fields."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def _joined(pieces: Iterable[Span]) -> tuple[Span, ...]:
    """Neighbours of one kind as one piece, no empty ones."""
    joined: list[Span] = []
    for piece in pieces:
        if joined and joined[-1].strong is piece.strong:
            joined[-1] = Span(joined[-1].text + piece.text, piece.strong)
        elif piece.text:
            joined.append(piece)
    return tuple(joined)


def _formatted(value: object, spec: str) -> str:
    kind, _, words = spec.partition(" ")
    if kind in _WORDS:
        return _WORDS[kind](cast(int, value), *words.split("|"))
    if kind in _UNITS:
        return _UNITS[kind](cast(float, value))
    if kind == "list":
        return _listed([mend_surrogates(str(one)) for one in cast(Iterable[object], value)])
    return mend_surrogates(format(value, spec))


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _word(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _once(number: int, one: str, many: str) -> str:
    return one if number == 1 else f"{number} {many}"


_WORDS: dict[str, Callable[..., str]] = {"plural": numbers.plural, "word": _word, "once": _once}
_UNITS: dict[str, Callable[..., str]] = {
    "milliseconds": numbers.milliseconds,
    "seconds": numbers.seconds,
    "grouped": numbers.grouped,
    "bytes": numbers.byte_size,
    "rate": numbers.rate,
    "times": numbers.times,
    "usd": numbers.usd,
}
