"""The last step from facts to words: whole sentences as templates with named fields.

What Diptych says is kept as a template and its fields until it is shown. No code looks into a finished sentence or joins pieces
of one: where the words must differ, there is another template. A template is English and at the same time the key under which
a language finds its own (`app.text.translation`), so it is written whole, where it belongs: in a rule, a claim, a table's row.
Where the words differ in one place alone, the template holds them all (`or`, `if`, `select`), as messages of ICU do.

    {name}                  the value as text
    {late_ms:seconds}       a number in its unit; the names of the units are those of `app.text.numbers`
    {count:plural token|tokens}     `1 token`, `2 tokens`
    {count:word is|are}     the word alone, by the number
    {count:once Once|times}     `Once`, `2 times`
    {names:list}            `A`, `A and B`, `A, B and C`
    {names:either}          `A`, `A or B`, `A, B or C`
    {names:commas}          `A`, `A, B`, `A, B, C`
    {wait_s:duration}       seconds as a length of time: `20 s`, `6 min 20 s`, `3 days`
    {said:quoted no message}        the value in quotation marks, or the words where there is none
    {host:or the endpoint}      the value, or the words where there is none
    {until:if  (at {until})|now}    the first words where there is a value, else the second or nothing; fields may stand in both
    {came:select some=after {count:plural event|events}|none=before any|…}  the words that the value names, else the last ones
    **…**                   what a window shows strong

There is no value where it is None, "", False or an empty list. A value that is itself words of ours is a `Phrase`.
A full stop behind a value that ends with one is left out, also behind a closing quotation mark. Words of the units, and how
names are listed, are messages of their own.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar, cast

import msgspec

from app.text import numbers
from app.text.json_text import mend_surrogates
from app.text.patterns import late
from app.text.translation import CONTEXT_END, translated

T = TypeVar("T")

STRONG = "**"
_FIRST_HAN = "\u3400"
_WIDE_CHARS = "[\u3000-\u303f\u3400-\u9fff\uff00-\uffef…]"
_WIDE, _WIDE_END = late(_WIDE_CHARS), late(f"{_WIDE_CHARS} ?$")
_HAN, _HAN_END = late("[\u3400-\u9fff]"), late("[\u3400-\u9fff]$")
_LATIN, _LATIN_END = late("[A-Za-z0-9`$+−]"), late("[A-Za-z0-9`%)]$")
_NAMED = late(r"[\w-]*=")


class Span(msgspec.Struct, frozen=True):
    """A piece of a sentence; `strong` pieces carry the figures."""

    text: str
    strong: bool = False


class Phrase(str):
    """A value that is words of ours: a fact it is in English, and a sentence that holds it says it in the language of now.

    A template with its fields, which are there too: `Phrase(message("item {index}"), index=3)`.
    """

    def __new__(cls, template: str, /, **fields: object) -> Phrase:
        facts = {name: str(value) if isinstance(value, Phrase) else value for name, value in fields.items()}
        phrase = super().__new__(cls, "".join(piece.text for piece in _pieces(template, facts, strong=False)))
        phrase._template, phrase._fields = template, fields
        return phrase

    _template: str
    _fields: Mapping[str, object]

    @property
    def said(self) -> str:
        """The words in the language of now."""
        return render(self._template, self._fields)


def tr(template: str, /, **fields: object) -> str:
    """The sentence, in the language of now: never at the import of a module. Raises KeyError for a field that is missing."""
    return render(template, fields)


def said(words: str) -> str:
    """Words of ours that are kept until they are shown, a template without fields or a `Phrase`, in the language of now."""
    return words.said if isinstance(words, Phrase) else tr(words)


def message(template: str) -> str:
    """The same template: marks it for the translators where it stands in a table and is said later, by `tr` or `render`."""
    return template


def unsaid(text: T) -> T:
    """The same text or texts: what is sent to a model stands among messages, and is the same in every language."""
    return text


def in_context(context: str, template: str) -> str:
    """A template, also marked, whose English means another thing elsewhere: `context` says which, to translators alone."""
    return f"{context}{CONTEXT_END}{template}"


def render(template: str, fields: Mapping[str, object]) -> str:
    """The sentence. Raises KeyError for a field that is not among `fields`."""
    text = translated(template)
    if "{" not in text and "}" not in text and STRONG not in text:
        return text
    return "".join(span.text for span in _spans(text, fields))


def spans(template: str, fields: Mapping[str, object]) -> tuple[Span, ...]:
    """The sentence in pieces, its strong parts apart; what is in a field never counts as a mark. Raises KeyError."""
    return _spans(translated(template), fields)


def _spans(text: str, fields: Mapping[str, object]) -> tuple[Span, ...]:
    pieces = [piece for piece in _pieces(text, fields, strong=False) if piece.text]
    return _joined(_spaced(pieces) if _has_han(text) else pieces)


def _has_han(text: str) -> bool:
    return not text.isascii() and max(text) >= _FIRST_HAN and _HAN().search(text) is not None


def in_a_row(sentences: Iterable[Sequence[Span]]) -> tuple[Span, ...]:
    """Sentences one behind the other, with what the language puts between two: nothing in Chinese."""
    gap, said = Span(_gap()), list[Span]()
    for sentence in sentences:
        said += [*([gap] if said and gap.text else []), *sentence]
    return tuple(said)


def text_in_a_row(sentences: Iterable[str]) -> str:
    """The same of sentences as plain text; empty ones are left out."""
    return _gap().join(filter(None, sentences))


def _gap() -> str:
    return translated(message("{first} {next}")).format(first="", next="")


def fields_of(template: str) -> set[str]:
    """The names of a template's fields, also of those inside others."""
    found = [field for _, field in _parsed(template) if field is not None]
    return {one.name for one in found}.union(*(fields_of(one.spec) for one in found if "{" in one.spec))


class _Field(NamedTuple):
    """A field of a template, and its specification taken apart; `parts` are the words of one that chooses among them."""

    name: str
    spec: str
    kind: str
    words: str
    parts: tuple[str, ...]


@lru_cache(maxsize=4096)  # about what there is: a report says the same few hundred over and over
def _parsed(template: str) -> tuple[tuple[str, _Field | None], ...]:
    """Its literal text, each piece with the field behind it."""
    return tuple(
        (literal, None if name is None else _field(name, spec or ""))
        for literal, name, spec, _ in string.Formatter().parse(template)
    )


def _field(name: str, spec: str) -> _Field:
    kind, _, words = spec.partition(" ")
    return _Field(name, spec, kind, words, _parts(words) if kind in _CHOICES else ())


def _pieces(template: str, fields: Mapping[str, object], *, strong: bool) -> list[Span]:
    pieces: list[Span] = []
    stopped = False
    for literal, field in _parsed(template):
        for number, part in enumerate((literal[1:] if stopped and literal[:1] in (".", "。") else literal).split(STRONG)):
            strong ^= number > 0
            pieces.append(Span(part, strong))
        stopped = stopped and not literal
        if field is not None:
            value = _value(fields[field.name], field, fields, strong)
            stopped = value[-1].text.endswith((".", ".”", "。", "。”")) if value else stopped
            pieces += value
    return pieces


def _value(value: object, field: _Field, fields: Mapping[str, object], strong: bool) -> list[Span]:
    """A field's words; none where there is nothing to say."""
    if field.parts:
        return [one for one in _pieces(_CHOICES[field.kind](value, field.parts), fields, strong=strong) if one.text]
    text = _formatted(value, field.kind, field.words, field.spec)
    return [Span(text, strong)] if text else []


def _parts(words: str) -> tuple[str, ...]:
    """What stands between the bars that are in no field."""
    parts, depth = [""], 0
    for char in words:
        depth += (char == "{") - (char == "}")
        if char == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return tuple(parts)


def _if(value: object, parts: Sequence[str]) -> str:
    return parts[0] if _is_there(value) else "".join(parts[1:2])


def _select(value: object, parts: Sequence[str]) -> str:
    named = dict(part.split("=", 1) for part in parts if _NAMED().match(part))
    if str(value) not in named and _NAMED().match(parts[-1]):
        raise KeyError(str(value))
    return named.get(str(value), parts[-1])


def _is_there(value: object) -> bool:
    return value is not None and value is not False and not (isinstance(value, str | list | tuple) and not value)


def _spaced(pieces: Sequence[Span]) -> list[Span]:
    """With the spaces of Chinese at the edges of fields, of which a template can't know what they will hold.

    One between Chinese and a Latin word or a figure, none between two Chinese characters or beside full-width punctuation.
    """
    made: list[Span] = []
    for piece in pieces:
        before, text = made[-1].text if made else "", piece.text
        if made and text == " ":  # it stays or goes with what comes next
            made[-1] = Span(before + text, made[-1].strong)
            continue
        if _WIDE_END().search(before) and _WIDE().match(text.lstrip(" ")):
            made[-1] = Span(before.rstrip(" "), made[-1].strong)
            text = text.lstrip(" ")
        elif (_HAN_END().search(before) and _LATIN().match(text)) or (_LATIN_END().search(before) and _HAN().match(text)):
            text = f" {text}"
        made.append(Span(text, piece.strong))
    return made


def _joined(pieces: Iterable[Span]) -> tuple[Span, ...]:
    """Neighbours of one kind as one piece, no empty ones."""
    joined: list[Span] = []
    for piece in pieces:
        if joined and joined[-1].strong is piece.strong:
            joined[-1] = Span(joined[-1].text + piece.text, piece.strong)
        elif piece.text:
            joined.append(piece)
    return tuple(joined)


def _formatted(value: object, kind: str, words: str, spec: str) -> str:
    if kind in _WORDS:
        return _WORDS[kind](cast(int, value), *words.split("|"))
    if kind in _UNITS:
        return _UNITS[kind](cast(float, value))
    if kind in _LISTS:
        return _LISTS[kind]([worded(one) for one in cast(Iterable[object], value)])
    if kind in ("or", "quoted") and not _is_there(value):
        return words
    if kind == "quoted":
        return f"“{worded(value)}”"
    return worded(value) if kind == "or" or not spec else mend_surrogates(format(value, spec))


def worded(value: object) -> str:
    """A value as a sentence has it: words of ours in the language of now, other text as it is."""
    return mend_surrogates(value.said if isinstance(value, Phrase) else str(value))


def _commas(names: list[str]) -> str:
    return translated(message(", ")).join(names)


def _and(names: list[str]) -> str:
    return _ending(message("{first} and {last}"), names)


def _or(names: list[str]) -> str:
    return _ending(message("{first} or {last}"), names)


def _ending(template: str, names: list[str]) -> str:
    """Names of which the template puts the last behind the others."""
    return render(template, {"first": _commas(names[:-1]), "last": names[-1]}) if len(names) > 1 else _commas(names)


def _word(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _once(number: int, one: str, many: str) -> str:
    return one if number == 1 else f"{number} {many}"


_LISTS: dict[str, Callable[[list[str]], str]] = {"list": _and, "either": _or, "commas": _commas}
_WORDS: dict[str, Callable[..., str]] = {"plural": numbers.plural, "word": _word, "once": _once}
_UNITS: dict[str, Callable[..., str]] = {
    "milliseconds": numbers.milliseconds,
    "seconds": numbers.seconds,
    "grouped": numbers.grouped,
    "count": numbers.count,
    "bytes": numbers.byte_size,
    "rate": numbers.rate,
    "times": numbers.times,
    "usd": numbers.usd,
    "duration": numbers.duration,
}
_CHOICES: dict[str, Callable[[object, Sequence[str]], str]] = {"if": _if, "select": _select}
