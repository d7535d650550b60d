"""A text cut into what is compared: words where a script has spaces between them, characters where it has none.

White space is no piece: it is what stands between two of them, and is compared there. So a word is the same at the end of a
line and in the middle of one, and another break of lines alone is told as that."""

from __future__ import annotations

from array import array
from enum import Enum, auto
from operator import itemgetter

from app.text.patterns import late

# Scripts without spaces between words: Thai, Lao, Khmer, Myanmar, Tibetan; Chinese and Japanese. Korean has spaces.
_SOUTH = "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ec0-\u0ec6\u0f40-\u0f6c\u1000-\u102a\u1780-\u17b3"
_EAST = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
_EAST += "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
ALONE = _SOUTH + _EAST
# Marks that belong to the character before them: accents, vowel signs of those scripts, variation selectors, skin tones.
_MARKS = (
    "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u0f71-\u0f84\u0f90-\u0fbc\u102b-\u103e"
    "\u17b4-\u17d3\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f\U0001f3fb-\U0001f3ff"
    "\U000e0100-\U000e01ef"
)
_JOINED = f"[{_MARKS}]*(?:\u200d.[{_MARKS}]*)*"
_WORD = rf"(?:(?![{ALONE}])\w)[{_MARKS}]*"
# In this order: a number with its points, a word (also with an apostrophe or a hyphen in it), a character that stands alone, a
# run of one mark (```, ---, **), and any other character with what is joined to it.
_PIECE = late(
    rf"\d+(?:[.,:]\d+)*(?!\w)|(?:{_WORD})+(?:['’‑-](?:{_WORD})+)*|[{ALONE}]{_JOINED}"
    rf"|([^\w\s])\1+(?![{_MARKS}\u200d])|\S{_JOINED}"
)
_LETTER = late(rf"\r\n|(?s:.)[{_MARKS}]*(?:\u200d.[{_MARKS}]*)*")
_CLAUSE = late(r"[^\s.!?。！？，,][^\n.!?。！？，,]*[.!?。！？，,]*|\S")
_ALONE = late(f"[{ALONE}]")


class Grain(Enum):
    """What a text is cut into."""

    CLAUSES = auto()  # between points, commas and ends of lines: for what is too long to be compared by word
    WORDS = auto()
    LETTERS = auto()


_PATTERNS = {Grain.CLAUSES: _CLAUSE, Grain.WORDS: _PIECE, Grain.LETTERS: _LETTER}


class Pieces:
    """The pieces of a text, in order, as columns.

    Attributes:
        text: the whole.
        starts, ends: offsets in characters, one each a piece.
    """

    def __init__(self, text: str, grain: Grain = Grain.WORDS) -> None:
        self.text = text
        spans = [one.span() for one in _PATTERNS[grain]().finditer(text)]
        self.starts = array("L", map(itemgetter(0), spans))
        self.ends = array("L", map(itemgetter(1), spans))

    def __len__(self) -> int:
        return len(self.starts)

    def words(self) -> list[str]:
        """The pieces themselves."""
        text = self.text
        return [text[start:end] for start, end in zip(self.starts, self.ends, strict=True)]

    def begin(self, index: int) -> int:
        """Where a piece begins; the end of the text for the one behind the last."""
        return self.starts[index] if index < len(self.starts) else len(self.text)

    def end(self, index: int) -> int:
        """Where a piece ends; 0 for the one before the first."""
        return self.ends[index] if index >= 0 else 0


def is_word(piece: str) -> bool:
    """Whether it is a word, a number or a character of a script without spaces, and no mere mark."""
    return piece[0].isalnum() or piece[0] == "_"


def stands_alone(piece: str) -> bool:
    """Whether it is a character of a script that has no spaces between words."""
    return _ALONE().match(piece) is not None
