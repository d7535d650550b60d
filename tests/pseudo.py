"""A language that nobody speaks: each message in brackets and 40 % longer, to see what is no message and what is cut."""

from __future__ import annotations

import math
import re
import string

from app.text.translation import CONTEXT_END, translate_with

PSEUDO = "pseudo"
"""Its code: none of those that Diptych speaks, so that asking for it changes nothing once it is spoken."""
LONGER = 0.4
_LETTER = re.compile(r"[^\W\d_]")
_BETWEEN = re.compile(r"\|(?![^{]*\})")  # a bar that is in no field
_FILLER = 6  # letters of a word, so that what wraps can


def speak_pseudo() -> None:
    """Say everything so from now on, until a language is used."""
    translate_with(pseudo)


def pseudo(template: str) -> str:
    """The template in brackets, inside the white space around it. What has no letters (a comma between names) stays."""
    context, end, text = template.rpartition(CONTEXT_END)
    if end:
        return f"{context}{end}{pseudo(text)}"
    said = template.strip()
    length = _length(said)
    if not said or not length:
        return template
    begin = template.index(said)
    return f"{template[:begin]}[{said} {_filler(math.ceil(length * LONGER))}]{template[begin + len(said) :]}"


def _filler(length: int) -> str:
    return " ".join("~" * min(_FILLER, length - begun) for begun in range(0, length, _FILLER))


def _length(template: str) -> int:
    """How many characters are the template's own, of words to choose from the most; 0 where none of them is a letter."""
    own: list[str] = []
    for literal, name, spec, _ in string.Formatter().parse(template):
        own.append(literal)
        if name is not None and spec:
            own.append(max(_BETWEEN.split(spec.partition(" ")[2]), key=len))
    return sum(map(len, own)) if any(map(_LETTER.search, own)) else 0


def outside(text: str) -> str:
    """What of a shown text stands in no brackets."""
    left, depth = "", 0
    for char in text:
        depth += char == "["
        left += "" if depth else char
        depth -= char == "]" and depth > 0
    return left
