"""What is said in another language, noted with what it is in English."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from app.text import languages, sentences
from app.text.translation import CONTEXT_END, translating_with
from app.text.visible import visible

FOLDER = "DIPTYCH_TESTS_NOTES"
"""The variable that names the folder where a program that tests start leaves its notes, a file each."""

_FIRST_WIDE = "\u3000"
_SPACE = re.compile("[\\s\u200b]+")  # and where a label may break a long word
_DEPTH = 5  # sentences in fields of sentences

_templates: dict[str, str] = {}
_told: list[Callable[[str, str], None]] = []
_read: dict[Path, int] = {}


class Notes:
    """What was said, with its English: several where the language has one word for them, the last as it was said last."""

    def __init__(self) -> None:
        self._english: dict[str, list[str]] = {}
        self._longest_first: list[str] = []

    def add(self, said: str, english: str) -> bool:
        """Whether it is new."""
        known = self._english.setdefault(said, [])
        is_new = english not in known
        if not is_new:
            known.remove(english)
        elif not known:
            self._longest_first.clear()
        known.append(english)
        return is_new

    def in_english(self, text: str, beside: str) -> str:
        if not is_foreign(text):
            return text
        for _ in range(_DEPTH):
            before = text
            for said in [text] if text in self._english else self._in_order():
                if said not in text:
                    continue
                # A piece of a sentence can stand in its own English, `2 并发` in `up to 2 并发`: there it would be said twice.
                known = [one for one in self._english[said] if said == text or said not in one]
                if known:
                    last_first = reversed(known)
                    text = text.replace(said, max((one for one in last_first if one in beside), key=len, default=known[-1]))
                    if not is_foreign(text):
                        return text
            if text == before:
                break
        return text

    def means(self, said: str, english: str) -> bool:
        return english in self._english.get(said, ())

    def _in_order(self) -> list[str]:
        if not self._longest_first:
            # A copy: what other threads say meanwhile is noted too.
            self._longest_first.extend(sorted(filter(is_foreign, list(self._english)), key=len, reverse=True))
        return list(self._longest_first)


_notes, _packed_notes = Notes(), Notes()


def means(said: str, english: str) -> bool:
    """Whether that was said for it, as a whole: also what has no Chinese in it, such as `1 / 11`."""
    return _notes.means(said, english)


def in_english(text: str, beside: str = "") -> str:
    """The same with the English of all that was said in it: of several the longest that stands in `beside`, else the last; the
    last of those as long, too."""
    return _notes.in_english(text, beside)


def packed(text: str, beside: str = "") -> str:
    """The same without white space and capitals: lines are wrapped where English has no space, Chinese has none between
    sentences, and the first word of a line can be a capital in English alone."""
    return _packed_notes.in_english(_pack(text), _pack(beside))


def says_ours(text: str) -> bool:
    """Whether some of it was said by the program in the other language."""
    return is_foreign(text) and packed(text) != _pack(text)


def _pack(text: str) -> str:
    return _SPACE.sub("", text).lower()


def is_foreign(text: str) -> bool:
    """Whether it has Chinese in it, ours or not."""
    return not text.isascii() and max(text) >= _FIRST_WIDE


def note_what_is_said() -> None:
    """From now on, in this process."""
    catalogue, spans = languages._catalogue, sentences._spans

    @cache  # what is kept is kept by who translated it
    def noting(code: str) -> Callable[[str], str] | None:
        translate = catalogue(code)
        if translate is None:
            return None

        def noted(template: str) -> str:
            said = translate(template)
            text, english = said.rpartition(CONTEXT_END)[2], template.rpartition(CONTEXT_END)[2]
            _templates[text] = english
            if "{" in text:
                return _Template(said)
            _note(text, english)
            return said

        return noted

    def noting_spans(text: str, fields: Mapping[str, object]) -> tuple[sentences.Span, ...]:
        made = spans(text, fields)
        if text in _templates:
            with translating_with(None):
                english = spans(_templates[text], fields)
            _note("".join(one.text for one in made), "".join(one.text for one in english))
            if len(made) == len(english):
                for one, other in zip(made, english, strict=True):
                    _note(one.text, other.text)
        return made

    languages._catalogue = noting
    sentences._spans = noting_spans


class _Template(str):
    """One whose fields are filled in by Python's own `format`."""

    __slots__ = ()

    def format(self, *args: object, **fields: object) -> str:
        made = str.format(self, *args, **fields)
        _note(made, _templates[self.rpartition(CONTEXT_END)[2]].format(*args, **fields))
        return made


def _note(said: str, english: str) -> None:
    if said != english and said.strip() and _keep(said, english):
        for tell in _told:
            tell(said, english)


def _keep(said: str, english: str) -> bool:
    for change in (visible, _without_keys, _as_command):  # what a terminal would obey, and a menu's keys and dots
        if (shown := change(said)) != said:
            _keep(shown, change(english))
    _packed_notes.add(_pack(said), _pack(english))
    return _notes.add(said, english)


def _without_keys(text: str) -> str:
    return text.replace("&", "")


def _as_command(text: str) -> str:
    return re.sub(r"\(&\w\)", "", text).replace("&", "").removesuffix("…")


def tell_in_folder() -> None:
    """In a program that a test started: leave what is noted where the tests find it, before it is shown."""
    path = Path(os.environ[FOLDER], f"{os.getpid()}.jsonl")

    def tell(said: str, english: str) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([said, english]) + "\n")

    _told.append(tell)


def read_folder() -> None:
    """Take over what programs have left there since the last time."""
    for path in Path(os.environ[FOLDER]).iterdir():
        if path.stat().st_size > _read.get(path, 0):
            with path.open("rb") as file:
                file.seek(_read.get(path, 0))
                lines, _, _ = file.read().rpartition(b"\n")
            _read[path] = _read.get(path, 0) + len(lines) + 1
            for line in lines.splitlines():
                _keep(*json.loads(line))
