"""How a secret can be written: as it is, or with any of its characters escaped, in hexadecimal, in base64.

A `Writing` is an alphabet: the characters that it writes, each as one of several byte sequences. Any subset of them may be
escaped (JSON of Gson and .NET escapes some, a URL inside a URL is percent-encoded twice), and base64 may be broken into lines.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple

ESCAPING = b"\\%&"  # what escapes begin with
ESCAPE_BYTES = ESCAPING + b"0123456789abcdefABCDEFux#;ampltgqos"
_BACKSLASH = rb"(?:\\|%(?:25){0,3}5[cC]){1,8}"  # doubled by each JSON text inside a JSON text
_PERCENT = rb"(?:%|\\{1,8}u0025)(?:25){0,3}"
_AMPERSAND = rb"(?:&|\\{1,8}u0026|%26)(?:amp;){0,2}"
_NAMED = {"<": b"lt", ">": b"gt", "&": b"amp", '"': b"quot", "'": b"apos"}
_SHORT = '"/\\' + "'"  # what JSON, JavaScript and Python's repr write with a backslash before it
_LONGEST_ESCAPE = 36
# What may go on as an escape, or as the end of a line of base64. It is too wide rather than too narrow.
_OPEN = re.compile(
    rb"\\{1,8}(?:u(?:[0-9a-fA-F]{0,4}|002[56][0-9a-zA-Z;#]{0,20}|[dD][89abAB][0-9a-fA-F]{2}\\{1,8}(?:u[0-9a-fA-F]{0,3})?)"
    rb"|x[0-9a-fA-F]?|r\\{0,8})?|[%&][0-9a-zA-Z;#%\\]{0,36}|\r"
)
_LINE_BREAK = re.compile(rb"\r?\n|(?:\\{1,8}r)?\\{1,8}n|(?:%0[Dd])?%0[Aa]")
_LINE_CHARS = 60  # of base64; PEM breaks after 64, MIME after 76
_BLOCK_CHARS = 12


class Unit(NamedTuple):
    """One character and how it may be written: `plain` as itself (in either case where that may be), or `escaped` these."""

    plain: tuple[bytes, ...]
    escaped: tuple[str, ...] = ()

    @property
    def pattern(self) -> bytes:
        """Of all its writings."""
        return b"(?:" + b"|".join([*map(re.escape, self.plain), *(way for one in self.escaped for way in _escapes(one))]) + b")"

    def ends(self, data: bytes, at: int) -> Iterator[int]:
        """Behind the character where it stands at `at`, once for each way to read it."""
        for one in self.plain:
            if data.startswith(one, at):
                yield at + len(one)
        if not self.escaped or data[at : at + 1] not in (b"\\", b"%", b"&"):
            return
        for match in filter(None, (way.match(data, at) for one in self.escaped for way in _escape_patterns(one))):
            yield match.end()
            if data[match.end() - 1] == 0x3B:  # the semicolon may be the next character
                yield match.end() - 1

    def may_begin(self, data: bytes, at: int) -> bool:
        """Whether the data ends within a writing of the character that begins at `at`."""
        rest = data[at : at + _LONGEST_ESCAPE + 1]
        if any(len(rest) < len(one) and one.startswith(rest) for one in self.plain):
            return True
        return bool(self.escaped) and _may_go_on(data, at)


def _may_go_on(data: bytes, at: int) -> bool:
    """Whether the data ends within an escape that begins at `at`."""
    rest = data[at : at + _LONGEST_ESCAPE + 1]
    return at + len(rest) == len(data) and _OPEN.fullmatch(rest) is not None


class Writing:
    """A secret in one alphabet.

    Attributes:
        units: its characters.
        starts: the indexes at which it may begin: 0, and behind each part of a vendor's prefix.
        anchors: texts of which at least one stands in each writing without an escape.
        may_be_escaped: any of its characters may; then an anchor of `escape_anchors` stands in it.
        longest_plain: in bytes, without an escape.
    """

    def __init__(
        self,
        units: tuple[Unit, ...],
        starts: tuple[int, ...],
        anchors: tuple[bytes, ...],
        *,
        may_be_escaped: bool = False,
        lines: bool = False,
    ) -> None:
        self.units = units
        self.starts = starts
        self.anchors = anchors
        self.may_be_escaped = may_be_escaped
        self._lines = lines
        first = [units[start] for start in starts]
        self._firsts = {text[0] for unit in first for text in unit.plain} | {
            octet for unit in first if unit.escaped for octet in ESCAPING
        }
        breaks = 4 * (len(units) // _LINE_CHARS + 2) if lines else 0
        self.longest_plain = sum(max(map(len, one.plain)) for one in units) + breaks

    @property
    def longest(self) -> int:
        """In bytes, however it is written."""
        return self.longest_plain + sum(_LONGEST_ESCAPE - 1 for one in self.units if one.escaped)

    @cached_property
    def pattern(self) -> re.Pattern[bytes]:
        """The whole writing, from the first of its starts that stands there. Compiled when it is needed, which is seldom."""
        pattern, begin = b"", 0
        for start in (*self.starts[1:], len(self.units)):
            part = (b"(?:%s)?" % _LINE_BREAK.pattern if self._lines else b"").join(
                one.pattern for one in self.units[begin:start]
            )
            pattern, begin = (b"(?:%s)?%s" % (pattern, part) if pattern else part), start
        return re.compile(pattern)

    @property
    def is_exact(self) -> bool:
        """Whether each anchor is the whole writing from its last start on."""
        return not self._lines

    def stands_at(self, data: bytes, at: int, first: int, last: int) -> bool:
        """Whether the units from `first` to before `last` stand there, each as itself."""
        for unit in self.units[first:last]:
            length = next((len(one) for one in unit.plain if data.startswith(one, at)), 0)
            if not length:
                return False
            at += length
        return True

    def is_open(self, data: bytes, at: int) -> bool:
        """Whether the writing may begin at a place in the data, and go on behind the data."""
        return data[at] in self._firsts and any(self._is_open_from(data, at, start) for start in self.starts)

    def _is_open_from(self, data: bytes, at: int, start: int) -> bool:
        places = {at}
        for index in range(start, len(self.units)):
            unit = self.units[index]
            if self._lines and index > start:
                places |= {match.end() for place in places if (match := _LINE_BREAK.match(data, place))}
            for place in places:
                if place == len(data) or unit.may_begin(data, place) or (self._lines and _may_go_on(data, place)):
                    return True
            places = {end for place in places for end in unit.ends(data, place)}
            if not places:
                return False
        return False

    def heads(self) -> Iterator[tuple[int, bytes]]:
        """The bytes with which it may begin, each with those that may follow."""
        for start in self.starts:
            follow = bytes(one[0] for one in self.units[start + 1].plain) + ESCAPING + (b"\r\n" if self._lines else b"")
            for one in self.units[start].plain:
                yield one[0], follow if len(one) == 1 else one[1:2]


def plain_writing(text: str, starts: tuple[int, ...], *, any_case: bool, escapes: bool) -> Writing:
    """A secret's characters, each as it is or escaped."""
    units = tuple(_unit(one, any_case, escapes) for one in text)
    core = text[starts[-1] :]
    cases = (core, core.lower(), core.upper()) if any_case else (core,)
    anchors = dict.fromkeys(one.encode("utf-8", "surrogatepass") for one in cases)
    return Writing(units, starts, tuple(anchors), may_be_escaped=escapes)


def hexadecimal_writings(secret: bytes, starts: tuple[int, ...]) -> Iterator[Writing]:
    """A secret's bytes in hexadecimal, in digits of either case."""
    for digits in dict.fromkeys((secret.hex(), secret.hex().upper())):
        units = tuple(Unit((one.encode(),)) for one in digits)
        core = 2 * starts[-1]
        yield Writing(units, tuple(2 * one for one in starts), (digits[core:].encode(),))


def base64_writings(secret: bytes, starts: tuple[int, ...]) -> Iterator[Writing]:
    """A secret in base64, in each of the three places that it may have in a longer text; standard or for URLs."""
    for shift in range(3):
        encoded = b64encode(b"\0" * shift + secret).rstrip(b"=")
        begin = _first_own(shift)
        end = len(encoded) - (1 if (shift + len(secret)) % 3 else 0)
        places = [(shift + one) // 3 * 4 + _first_own((shift + one) % 3) - begin for one in starts]
        core = encoded[begin:end].decode()
        units = tuple(_base64_unit(one) for one in core)
        anchors = tuple(dict.fromkeys(_blocks(core[places[-1] :])))
        yield Writing(units, tuple(dict.fromkeys(places)), anchors, lines=len(core) - places[-1] >= 2 * _BLOCK_CHARS)


def _first_own(shift: int) -> int:
    """The first base64 character of a group that depends on nothing before the byte `shift` of it."""
    return (0, 2, 3)[shift]


def _blocks(core: str) -> Iterator[bytes]:
    """Two neighbouring blocks, of which a line's end breaks at most one: those with the fewest signs that vary."""
    size = _BLOCK_CHARS
    parts = [core]
    if len(core) >= 2 * size:
        places = range(min(len(core) - 2 * size, 4 * size) + 1)
        at = min(places, key=lambda place: sum(core.count(sign, place, place + 2 * size) for sign in "+/"))
        parts = [core[at : at + size], core[at + size : at + 2 * size]]
    for part in parts:
        yield part.encode()
        yield part.replace("+", "-").replace("/", "_").encode()


@lru_cache(maxsize=1 << 10)
def _unit(character: str, any_case: bool, escapes: bool) -> Unit:
    cases = _cases(character, any_case)
    plain = [one.encode("utf-8", "surrogatepass") for one in cases]
    if 0x80 <= ord(character) < 0x100:
        plain.append(character.encode("latin-1"))
    return Unit(tuple(plain), cases if escapes else ())


@lru_cache(maxsize=1 << 7)
def _base64_unit(character: str) -> Unit:
    same = {"+": "+-", "/": "/_"}.get(character, character)
    return Unit(tuple(one.encode() for one in same), tuple(same) if len(same) > 1 else ())


@lru_cache(maxsize=1 << 9)
def _escapes(character: str) -> list[bytes]:
    """Patterns, one for each way to escape a character."""
    utf8, utf16 = character.encode("utf-8", "surrogatepass"), character.encode("utf-16-be", "surrogatepass")
    units = [utf16[at : at + 2] for at in range(0, len(utf16), 2)]
    ways = [
        b"".join(_BACKSLASH + b"u" + _any_case(one.hex()) for one in units),
        b"".join(_PERCENT + _any_case(f"{one:02x}") for one in utf8),
        b"".join(_BACKSLASH + b"x" + _any_case(f"{one:02x}") for one in utf8),
        _AMPERSAND + b"#(?:[xX]0{0,6}" + _any_case(f"{ord(character):x}") + b"|0{0,6}%d);?" % ord(character),
    ]
    if character in _NAMED:
        ways.append(_AMPERSAND + _NAMED[character] + b";")
    if character in _SHORT:
        ways.append(_BACKSLASH + b"(?:" + re.escape(character.encode()) + b"|" + _PERCENT + _any_case(f"{utf8[0]:02x}") + b")")
    return ways


@lru_cache(maxsize=1 << 9)
def _escape_patterns(character: str) -> list[re.Pattern[bytes]]:
    return [re.compile(way) for way in _escapes(character)]


@lru_cache(maxsize=1 << 9)
def _any_case(digits: str) -> bytes:
    return "".join(f"[{one}{one.upper()}]" if one.isalpha() else one for one in digits).encode()


def escape_anchors(texts: Mapping[str, bool]) -> Iterator[tuple[bytes, bytes]]:
    """Where an escape stands that may be one of these texts' characters: (a byte that must be there, pattern).

    At least one stands in each writing of a text that has an escape. Each pattern begins with a literal, which is fast to find.
    Letters and digits are hardly ever escaped; other characters often are, so there the neighbours must fit as well. The texts
    are given with whether their case is of no account.
    """
    characters = sorted({case for text, any_case in texts.items() for one in text for case in _cases(one, any_case)})
    if not characters:
        return
    before = _before(texts)
    entities = _entities(characters)
    octets = sorted({*"".join(characters).encode("utf-8", "surrogatepass")})
    any_octet = b"(?:25)*(?:" + b"|".join(_any_case(f"{one:02x}") for one in octets) + b")"
    low = [one for one in characters if ord(one) < 0x100]
    after_u = [_any_case(f"{ord(one):02x}") + _fitting(before.get(one), rb"\\u00..", rb"5[cC]u00..") for one in low]
    yield b"u", b"u00(?:" + b"|".join([*after_u, b"25" + any_octet, b"26" + entities]) + b")"
    for one in characters:
        if ord(one) >= 0x100:
            yield b"u", b"u" + _any_case(one.encode("utf-16-be", "surrogatepass")[:2].hex())
    usual = [_any_case(f"{ord(one):02x}") for one in low if one not in before]
    unusual = [_fitting(before[one], b"%") + b"(?:25)*" + _any_case(f"{ord(one):02x}") for one in low if one in before]
    foreign = sorted({_any_case(f"{one:02x}") for one in octets if one >= 0x80})
    groups = [b"(?:25)*(?:" + b"|".join([*usual, *foreign]) + b")"] if usual or foreign else []
    yield b"%", b"%(?:" + b"|".join([*groups, *unusual, b"26" + entities]) + b")"
    yield b"&", b"&" + entities
    yield b"\\", rb"\\x(?:" + b"|".join(_any_case(f"{one:02x}") for one in octets) + b")"
    for one, sides in before.items():
        if one in _SHORT:
            yield one.encode(), rb"\\" + _fitting(sides, rb"\\") + re.escape(one.encode())
            yield b"%", b"%5[cC]" + re.escape(one.encode())


def _cases(character: str, any_case: bool) -> tuple[str, ...]:
    cases = (character, character.lower(), character.upper()) if any_case else (character,)
    return tuple(one for one in dict.fromkeys(cases) if len(one) == 1)


_Before = frozenset[int] | None
"""The bytes that stand before a character where they are not escaped; None where any may."""


def _before(texts: Mapping[str, bool]) -> dict[str, _Before]:
    """Of the characters that are no letters or digits."""
    found: dict[str, _Before] = {}
    for text, any_case in texts.items():
        for index, one in enumerate(text):
            if one.isalnum():
                continue
            before = (
                frozenset(case.encode("utf-8", "surrogatepass")[-1] for case in _cases(text[index - 1], any_case))
                if index
                else None
            )
            known = found.get(one, frozenset())
            found[one] = None if known is None or before is None else known | before
    return found


def _entities(characters: Collection[str]) -> bytes:
    """Of HTML, behind the ampersand."""
    hexadecimal = b"|".join(_any_case(f"{ord(one):x}") for one in characters)
    decimal = b"|".join(b"%d" % ord(one) for one in characters)
    names = b"".join(b"|" + _NAMED[one] + b";" for one in characters if one in _NAMED)
    return b"(?:amp;)*(?:#(?:[xX]0*(?:" + hexadecimal + b")|0*(?:" + decimal + b"))" + names + b")"


def _fitting(before: _Before, matched: bytes, other: bytes = b"") -> bytes:
    """A pattern that matches no bytes: before an escape stands what may stand there, or the end of another escape.

    `matched`: what was matched of the escape so far, of a fixed length; `other`: another way to write that.
    """
    if before is None:
        return b""
    may = b"[" + re.escape(bytes(sorted({*before, *b"0123456789abcdefABCDEF;\\\"'/"}))) + b"]"
    return b"(?:(?<=" + may + matched + b")" + (b"|(?<=" + other + b")" if other else b"") + b")"
