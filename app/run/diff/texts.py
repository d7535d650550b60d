"""Two texts held against each other: numbered places that a reader would name, not the least edits.

Their pieces are aligned; what matches by chance between two changes (a lone "the") is taken into one place with them; a piece
that one side has more is moved to where a reader sees it begin, at a sentence or a line; white space between pieces is compared
last. What lies between two places is the same on both sides, character by character.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from app.run.diff.alignment import Match, align, joined
from app.run.diff.extents import Describer
from app.run.diff.facts import Extent, Place, TextDiff
from app.run.diff.pieces import Grain, Pieces, is_word

# A match of so many characters of words is never taken into the changes around it.
ALWAYS_KEPT = 40
LITTLE_ALIKE = 0.5
LEAST_OF_LITTLE = 12  # characters of a match that counts in texts of which less is alike
FEW = 4  # so many matches are kept all the same: a reader follows as many
ROUGH_FROM = 40_000  # characters
MOST_PLACES = 2000
MOST_PIECES = 60_000  # of one text, by word; what has more is compared by clause
MOST_CHARACTERS = 500_000  # of one text; of a longer one only what it begins and ends with is compared
MOST_LETTERS = 250_000  # of one place on either side; a longer one is not looked at by letter
SENTENCE_BORDER = 3  # of `_border`
_MOST_STEPS = 400  # how far, in pieces, a change is moved to a better place
_SENTENCE_ENDS, _CLAUSE_ENDS, _CLOSERS = ".!?。！？…‥", ",;:，、；：—–)", "\"'”’»)]）」』*_`"


def compare_texts(a: str, b: str, *, by_letter: bool = False) -> TextDiff:
    """The places at which two texts differ, by word or by letter. Swapping the texts mirrors them."""
    if a == b:
        return TextDiff(a, b)
    if max(len(a), len(b)) > MOST_CHARACTERS:
        return _by_ends(a, b)
    words = _by_word(a, b)
    return _by_letter(words) if by_letter else words


def compare_roughly(a: str, b: str) -> TextDiff:
    """Quick however long the texts are: one place, from the first word that differs to the last, where they are long."""
    if max(len(a), len(b)) <= ROUGH_FROM or a == b:
        return compare_texts(a, b)
    return _by_ends(a, b)


def _by_ends(a: str, b: str) -> TextDiff:
    """Two texts that differ, as one place: from the first word that differs to the last."""
    start = _shared(a, b, 1)
    while start and not a[start - 1].isspace():
        start -= 1
    end = min(_shared(a, b, -1), len(a) - start, len(b) - start)
    while end and not a[len(a) - end].isspace():
        end -= 1
    at_a, at_b = (start, len(a) - end), (start, len(b) - end)
    return TextDiff(
        a, b, (Describer(a, b).place(at_a, at_b),), 1 - (len(a) + len(b) - 2 * (start + end)) / (len(a) + len(b)), True
    )


def _shared(a: str, b: str, way: int) -> int:
    """How many characters the texts begin with in common (`way` 1), or end with (-1); slices are compared, as that is quick."""
    done, step = 0, min(len(a), len(b))
    while step:
        then = done + step
        fits = then <= min(len(a), len(b))
        same = (
            (a[done:then] == b[done:then])
            if way > 0
            else (a[len(a) - then : len(a) - done] == b[len(b) - then : len(b) - done])
        )
        if fits and same:
            done = then
        else:
            step //= 2
    return done


def _by_word(a: str, b: str) -> TextDiff:
    ours, theirs = Pieces(a), Pieces(b)
    too_long = max(len(ours), len(theirs)) > MOST_PIECES
    if too_long:
        ours, theirs = Pieces(a, Grain.CLAUSES), Pieces(b, Grain.CLAUSES)
    found, describer = _Changes(ours, theirs), Describer(a, b)
    places = [describer.place(*one) for one in _spans(ours, theirs, found.matches)]
    fewer = _white_space_joined(places) if len(places) > MOST_PLACES else places
    coarse = too_long or found.coarse or len(fewer) < len(places)
    return TextDiff(a, b, tuple(fewer), found.alike, coarse)


def _by_letter(words: TextDiff) -> TextDiff:
    """The same places, each looked at letter by letter."""
    places: list[Place] = []
    describer, coarse = Describer(words.a, words.b, by_letter=True), words.coarse
    for place in words.places:
        ours, theirs = words.texts(place)
        if not ours.strip() or not theirs.strip():
            places.append(place)
            continue
        if max(len(ours), len(theirs)) > MOST_LETTERS:
            places.append(place)
            coarse = True
            continue
        one, other = Pieces(ours, Grain.LETTERS), Pieces(theirs, Grain.LETTERS)
        found = _Changes(one, other)
        coarse |= found.coarse
        for a, b in _spans(one, other, found.matches):
            at_a, at_b = (a[0] + place.a[0], a[1] + place.a[0]), (b[0] + place.b[0], b[1] + place.b[0])
            places.append(describer.place(at_a, at_b))
    return TextDiff(words.a, words.b, tuple(places), words.alike, coarse)


def _white_space_joined(places: list[Place]) -> list[Place]:
    """Places of white space that follow each other as one, from the first to the last."""
    fewer: list[Place] = []
    for one in places:
        last = fewer[-1] if fewer else None
        if last is not None and one.extent in _WHITE_SPACE and last.extent in _WHITE_SPACE:
            extent = Extent.LINE_BREAKS if Extent.LINE_BREAKS in (one.extent, last.extent) else Extent.SPACES
            counts = last.count_a + one.count_a, last.count_b + one.count_b
            fewer[-1] = Place(last.kind, extent, (last.a[0], one.a[1]), (last.b[0], one.b[1]), *counts)
        else:
            fewer.append(one)
    return fewer


_WHITE_SPACE = (Extent.SPACES, Extent.LINE_BREAKS)


# -- which pieces differ -----------------------------------------------------------------------------------------------


class _Changes:
    """What matches of two rows of pieces, as a reader sees it.

    Attributes:
        matches: in order; what lies between two of them has changed.
        alike: the share of the characters of both texts' pieces that match.
        coarse: they could not be compared exactly.
    """

    def __init__(self, ours: Pieces, theirs: Pieces) -> None:
        self._ours, self._theirs = ours, theirs
        self._a, self._b = ours.words(), theirs.words()
        weights = {one: len(one) if is_word(one) else 0 for one in set(self._a)}  # a mark says next to nothing
        self._weights = [weights[one] for one in self._a]
        found = align(self._a, self._b)
        self.coarse = found.coarse
        self.matches = self._moved(self._readable(self._moved(found.matches), 0))
        self.alike = _alike(ours, theirs, self.matches)
        if self.alike < LITTLE_ALIKE and len(self.matches) > FEW:  # else two texts of other words fall into a hundred places
            self.matches = self._readable(self.matches, LEAST_OF_LITTLE, lines=True)
        least = 4
        while len(self.matches) > MOST_PLACES:
            self.matches, self.coarse = self._readable(self.matches, least), True
            least *= 2

    def _readable(self, matches: list[Match], least: int, *, lines: bool = False) -> list[Match]:
        """Without those that are shorter than the changes on both their sides, and those of less than `least` characters;
        `lines`: but for those that hold a whole line.
        """
        kept: list[Match] = []
        for one in [*matches, Match(len(self._a), len(self._b), 0)]:
            while kept and self._is_chance(kept, one, least, lines):
                kept.pop()
            kept.append(one)
        kept.pop()
        return kept

    def _is_chance(self, kept: list[Match], then: Match, least: int, lines: bool) -> bool:
        """Whether the last match that was kept is one by chance, `then` being the one behind it."""
        one, last = kept[-1], kept[-2] if len(kept) > 1 else Match(0, 0, 0)
        before = self._size(last.a + last.length, one.a, last.b + last.length, one.b)
        behind = self._size(one.a + one.length, then.a, one.b + one.length, then.b)
        if not before or not behind:
            return False
        weight = sum(self._weights[one.a : one.a + one.length])
        breaks = self._line_breaks(one)
        if weight < least:
            return not (lines and weight and breaks > 1)
        return weight <= min(before, behind, ALWAYS_KEPT - 1) and not breaks and not (weight and self._ends_sentence(one))

    def _ends_sentence(self, one: Match) -> bool:
        """Whether a match ends a sentence on both sides: what follows it is another place than what differs in the sentence."""
        ends = _border(self._ours, one.a + one.length), _border(self._theirs, one.b + one.length)
        return min(ends) >= SENTENCE_BORDER

    def _size(self, a: int, a_end: int, b: int, b_end: int) -> int:
        """The characters of a change, on the side that has more of them; at least 1 where there is one."""
        if a == a_end and b == b_end:
            return 0
        ours = self._ours.end(a_end - 1) - self._ours.begin(a) if a < a_end else 0
        theirs = self._theirs.end(b_end - 1) - self._theirs.begin(b) if b < b_end else 0
        return max(ours, theirs, 1)

    def _line_breaks(self, one: Match) -> int:
        """How many lines end, on both sides, between the changes around a match: each line then has its own place."""
        ours, theirs = self._ours, self._theirs
        a = ours.text.count("\n", ours.end(one.a - 1), ours.begin(one.a + one.length))
        return min(a, theirs.text.count("\n", theirs.end(one.b - 1), theirs.begin(one.b + one.length)))

    def _moved(self, matches: list[Match]) -> list[Match]:
        """What one side alone has may often begin some pieces earlier or later: it does where a reader sees a beginning."""
        matches = [Match(0, 0, 0), *matches, Match(len(self._a), len(self._b), 0)]
        for at in range(len(matches) - 1):
            one, then = matches[at], matches[at + 1]
            a, b = (one.a + one.length, then.a), (one.b + one.length, then.b)
            if (a[0] == a[1]) == (b[0] == b[1]):
                continue
            shift = self._shift(self._ours, self._a, *a, one.length, then.length) if a[0] < a[1] else \
                self._shift(self._theirs, self._b, *b, one.length, then.length)  # fmt: skip
            matches[at] = Match(one.a, one.b, one.length + shift)
            matches[at + 1] = Match(then.a + shift, then.b + shift, then.length - shift)
        return joined(matches)

    def _shift(self, pieces: Pieces, row: list[str], start: int, end: int, before: int, behind: int) -> int:
        """By how many pieces the change `start` to `end` is moved, at most over the whole match before it or behind it."""
        left = right = 0
        while left < min(before, _MOST_STEPS) and row[start - left - 1] == row[end - left - 1]:
            left += 1
        while right < min(behind, _MOST_STEPS) and row[start + right] == row[end + right]:
            right += 1
        if not left and not right:
            return 0
        return max(range(-left, right + 1), key=lambda by: (_border(pieces, start + by) + _border(pieces, end + by), by))


def _border(pieces: Pieces, at: int) -> int:
    """How much of a border there is before a piece."""
    if at == 0 or at >= len(pieces):
        return 5
    gap = pieces.text[pieces.end(at - 1) : pieces.begin(at)]
    if "\n" in gap:
        return 5 if gap.count("\n") > 1 else 4
    before = pieces.text[max(0, pieces.end(at - 1) - 4) : pieces.end(at - 1)].rstrip(_CLOSERS)
    if before.endswith(tuple(_SENTENCE_ENDS)) and (gap or ord(before[-1]) > 0xFF):
        return SENTENCE_BORDER
    if before.endswith(tuple(_CLAUSE_ENDS)):
        return 2
    return 1 if gap else 0


def _alike(ours: Pieces, theirs: Pieces, matches: list[Match]) -> float:
    """The share of the characters of both texts' pieces that match."""
    sizes = [end - start for start, end in zip(ours.starts, ours.ends, strict=True)]
    whole = sum(sizes) + sum(theirs.ends) - sum(theirs.starts)
    same = sum(sum(sizes[one.a : one.a + one.length]) for one in matches)
    return 2 * same / whole if whole else 1.0


# -- which characters --------------------------------------------------------------------------------------------------

Spans = tuple[tuple[int, int], tuple[int, int]]


def _spans(ours: Pieces, theirs: Pieces, matches: list[Match]) -> Iterator[Spans]:
    """The characters of A and of B that differ, place by place: between the matches, and white space inside of them."""
    edges = [Match(0, 0, 0), *matches, Match(len(ours), len(theirs), 0)]
    for number, (one, then) in enumerate(pairwise(edges)):
        if number:
            yield from _white_space(ours, theirs, one)
        a = ours.end(one.a + one.length - 1), ours.begin(then.a)
        b = theirs.end(one.b + one.length - 1), theirs.begin(then.b)
        if ours.text[slice(*a)] != theirs.text[slice(*b)]:
            yield _trimmed(ours.text, theirs.text, a, b)


def _white_space(ours: Pieces, theirs: Pieces, match: Match) -> Iterator[Spans]:
    """Where the white space between the pieces of a match differs."""
    last_a, last_b = match.a + match.length - 1, match.b + match.length - 1
    if ours.text[ours.begin(match.a) : ours.end(last_a)] == theirs.text[theirs.begin(match.b) : theirs.end(last_b)]:
        return
    for step in range(match.length - 1):
        a = ours.ends[match.a + step], ours.starts[match.a + step + 1]
        b = theirs.ends[match.b + step], theirs.starts[match.b + step + 1]
        if ours.text[slice(*a)] != theirs.text[slice(*b)]:
            yield _trimmed(ours.text, theirs.text, a, b)


def _trimmed(ours: str, theirs: str, a: tuple[int, int], b: tuple[int, int]) -> Spans:
    """Without the white space that both begin or end with."""
    (a_start, a_end), (b_start, b_end) = a, b
    while a_start < a_end and b_start < b_end and ours[a_start] == theirs[b_start] and ours[a_start].isspace():
        a_start, b_start = a_start + 1, b_start + 1
    while a_start < a_end and b_start < b_end and ours[a_end - 1] == theirs[b_end - 1] and ours[a_end - 1].isspace():
        a_end, b_end = a_end - 1, b_end - 1
    return (a_start, a_end), (b_start, b_end)
