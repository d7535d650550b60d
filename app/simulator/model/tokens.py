"""Simulated tokenizers: a text's tokens, by script, so that counts are plausible and every total is a sum of its parts.

Where a token ends depends on the characters around that place alone: a text that is repeated n times costs n times as much.
No text has more tokens than UTF-8 bytes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

_VOWELS = "aeiouyAEIOUY"
_LONGEST_WORD_PIECE = 12
_CJK = re.compile("[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")


@dataclass(frozen=True)
class Tokenizer:
    """One way to count. No two differ by the same factor in every script.

    Attributes:
        breaks: the consonants before which a word is cut where a vowel precedes them.
        short_numbers: a number of up to three digits is one token; the digits of longer ones are always one each.
        joined: punctuation that is one token together, as JSON has it.
        cjk, emoji: the tokens of one character.
    """

    name: str
    breaks: str
    short_numbers: bool = True
    joined: tuple[str, ...] = ()
    cjk: int = 1
    emoji: int = 2
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        cut = rf"(?<=[{_VOWELS}])[{self.breaks}{self.breaks.upper()}]|(?<=[a-z])[A-Z]"
        number = "(?<![0-9]) ?[0-9]{1,3}(?![0-9])| ?[0-9]" if self.short_numbers else " ?[0-9]"
        joined = "".join(f"| ?{re.escape(one)}" for one in self.joined)
        pattern = rf" ?[A-Za-z](?:(?!{cut})[A-Za-z]){{0,{_LONGEST_WORD_PIECE - 1}}}|{number}{joined}|\s+| ?[^\s]"
        object.__setattr__(self, "_pattern", re.compile(pattern, re.DOTALL))

    def pieces(self, text: str) -> list[str]:
        """The text cut where tokens end; joined they are the text again. A character of several tokens is one piece."""
        return self._pattern.findall(text)

    def cost(self, piece: str) -> int:
        """How many tokens a piece is."""
        if piece.isascii():
            return int(piece != " ")  # one that ends the text would join what comes next
        last = piece[-1]
        return self.cjk if _CJK.match(last) else self.emoji if _EMOJI.match(last) else 1

    def count(self, text: str) -> int:
        """How many tokens a text has; 0 for an empty one."""
        pieces = self.pieces(text)
        return sum(map(self.cost, pieces))

    def count_json(self, value: object) -> int:
        """How many tokens a JSON value has as compact text; 0 for an empty list or object."""
        return self.count(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) if value else 0

    def first(self, text: str, room: int) -> str:
        """As much of a text's beginning as has at most so many tokens."""
        kept: list[str] = []
        for piece in self.pieces(text):
            room -= self.cost(piece)
            if room < 0:
                break
            kept.append(piece)
        return "".join(kept)


GPT = Tokenizer("gpt", "bcdgkpz", joined=('":"', '","', '":', '",', '{"', '"}'))
CLAUDE = Tokenizer("claude", "bcdfgkmpvz", joined=('":', '",'))
# Opus 4.7 and later count more for the same text (PROTOCOLS 3.1: about 1.0 to 1.35).
NEWER_CLAUDE = Tokenizer("claude, newer", "bcdfghjkmnpstvz", short_numbers=False, joined=('":',), cjk=2, emoji=3)
TOKENIZERS = (GPT, CLAUDE, NEWER_CLAUDE)


def other_than(tokenizer: Tokenizer) -> Tokenizer:
    """Another one, whose counts differ in every script by another factor."""
    return CLAUDE if tokenizer is NEWER_CLAUDE else NEWER_CLAUDE


def pieces(text: str) -> list[str]:
    """The text in the pieces in which it is streamed."""
    return GPT.pieces(text)


def count(text: str) -> int:
    """How much content a fragment is, for the pace."""
    return GPT.count(text)
