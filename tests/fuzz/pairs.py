"""Two answers beside each other, as functions of bytes: what differs, what is the same word, and the run played again.

They hold laws: swapping the sides mirrors what differs, the places make B's answer of A's, links rise and go both ways, and a
run that is played again is at each moment what its recording was, cut there.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from app.exchange.exchange import Exchange
from app.protocols.registry import protocol_ids
from app.recording.recording import Recording
from app.recording.records import SideName
from app.run.compare import compare
from app.run.diff.as_text import as_text
from app.run.diff.facts import PartSummary, RunDiff, TextDiff
from app.run.diff.sentence import sentence
from app.run.diff.summary import compare_run, summarise
from app.run.diff.words import heading, short
from app.run.fit import fit
from app.run.fit_words import head, line, tip, why
from app.run.plain_facts import answer_text
from app.run.plain_sentence import Name, plain_sentence
from app.run.replay import Replay, can_replay
from app.run.side import Side
from app.run.word_links import Place, WordLinks
from app.run.word_links import differing as places_of
from tests.builders import recording

_NAMES = Name("Left", "left"), Name("Right", "right")


def sides_of(data: bytes) -> dict[SideName, Side]:
    """Two sides: the first three bytes say in which protocols, where the rest is parted, and how large its pieces are."""
    how, size, at, data = (data[0], data[1], data[2], data[3:]) if len(data) > 2 else (0, 1, 0, data)
    middle = len(data) * at // 255
    protocols = protocol_ids()
    sides: dict[SideName, Side] = {}
    parts: tuple[tuple[SideName, bytes], ...] = (("a", data[:middle]), ("b", data[middle:]))
    for number, (name, part) in enumerate(parts):
        one, step = (how // len(protocols) ** number) % len(protocols), 1 + size // (1 + number)
        pieces = [(600.0 + 3 * n, part[at : at + step]) for n, at in enumerate(range(0, len(part), step))]
        made = recording(pieces, side=name, protocol=protocols[one])
        sides[name] = Side(name, [Exchange(made).finish()])
    return sides


def differing(data: bytes) -> None:
    """What differs, both ways round, and all that is said of it."""
    hold_differing(sides_of(data))


def hold_differing(sides: dict[SideName, Side]) -> None:
    a, b = sides["a"], sides["b"]
    there, back = compare_run(a, b), compare_run(b, a)
    for ours, theirs in zip(there.summary.parts, back.summary.parts, strict=True):
        assert _counts(ours) == _counts(theirs)[::-1], (ours, theirs)
    for one in there.answers.rounds:
        for text in (one.text, one.reasoning):
            assert rebuilt(text) == text.b
            assert bool(text.places) is (text.a != text.b)
    same = compare_run(a, a)
    assert not any(one.places for one in same.summary.parts)
    for diff in (there, back, same):
        _said(diff)
    assert all(one.standing is exact.standing for one, exact in zip(summarise(a, b).parts, there.summary.parts, strict=True))
    for side in (a, b):
        if (told := fit(side)) is not None:
            head(told), line(told), tip(told), why(told)
        answer_text(side)
    plain_sentence(a, b, _NAMES), plain_sentence(a, None, _NAMES)


def _counts(one: PartSummary) -> tuple[int, int]:
    return one.only_a, one.only_b


def _said(diff: RunDiff) -> None:
    sentence(diff)
    as_text(diff)
    for one in diff.summary.parts:
        short(one), heading(diff, one.part)
    msgspec.json.encode(diff.events)


def rebuilt(diff: TextDiff) -> str:
    """B out of A and the places."""
    made, at = "", 0
    for place in diff.places:
        made += diff.a[at : place.a[0]] + diff.texts(place)[1]
        at = place.a[1]
    return made + diff.a[at:]


def linked(data: bytes) -> None:
    """The same word in both answers: what is linked rises, stands in the text, and is linked back."""
    hold_linked(sides_of(data))


def hold_linked(sides: dict[SideName, Side]) -> None:
    a, b = (one.rounds[0] for one in sides.values())
    links, mirror = WordLinks(a, b), WordLinks(b, a)
    while links.advance(3):
        pass
    mirror.advance(1 << 20)
    assert links.known is mirror.known
    for of_a, one_side, mine, other in ((True, a, links.a, links.b), (False, b, links.b, links.a)):
        found = [links.counterpart(event, of_a=of_a) for event in range(len(one_side.events))]
        assert found == [mirror.counterpart(event, of_a=not of_a) for event in range(len(found))]
        words = [one.event for event, one in enumerate(found) if mine.span(event) is not None and one.event is not None]
        assert all(one <= then for one, then in pairwise(words))
        assert all(other.span(one) is not None for one in words)
        assert all((one.event is None) is (one.why is not None) for one in found)
    for event in range(len(a.events)):
        links.later_ms(event)
    if links.known:
        there = _by_character(places_of(links.a.text, links.b.text), len(links.a.text), len(links.b.text))
        for event in links.a.events:
            begin, end = links.a.span(event) or (0, 0)
            alone = links.a.text[begin:end].isspace()
            both = (at for at in range(begin, end) if at in there and (alone or not links.a.text[at].isspace()))
            first = next(both, None)
            found_there = links.counterpart(event, of_a=True).event
            assert found_there == (None if first is None else links.b.event_at(there[first]))
        for places in (links.a, links.b):
            assert "".join(places.text[slice(*(places.span(event) or (0, 0)))] for event in places.events) == places.text


def _by_character(places: Sequence[Place], a_length: int, b_length: int) -> dict[int, int]:
    """Where each character of A that both have stands in B."""
    there: dict[int, int] = {}
    at_a = at_b = 0
    for ours, theirs in [*places, ((a_length, a_length), (b_length, b_length))]:
        there |= {at: at - at_a + at_b for at in range(at_a, ours[0])}
        at_a, at_b = ours[1], theirs[1]
    return there


def replayed(data: bytes) -> None:
    """A run played again, at a few moments, forwards and back; at its end it is the whole."""
    hold_replayed(sides_of(data))


def hold_replayed(sides: dict[SideName, Side]) -> None:
    assert can_replay(sides)
    replay = Replay(sides)
    for share in (0.3, 0.9, 0.5, 0.1, 0.7):
        ms = replay.end_ms * share
        replay.to(ms)
        for name, side in replay.sides.items():
            expected = cut_at(sides[name].rounds[0].recording, round(ms * 1e6))
            for one, again in zip(side.rounds, expected, strict=True):
                while one.advance():
                    pass
                if one.recording.end is None:
                    assert same(one, again)
        assert replay.read
        compare(replay.sides["a"], replay.sides["b"])
    replay.to(replay.end_ms)
    for name, side in replay.sides.items():
        for one, again in zip(side.rounds, sides[name].rounds, strict=True):
            assert list(one.recording.records()) == list(again.recording.records())
            assert same(one.finish(), again)


def cut_at(whole: Recording, ns: int) -> list[Exchange]:
    """What is read of the chunks that had come by a moment, which is none for a round that had not begun."""
    part = Recording(whole.envelope, whole.request)
    for mark, at in whole.marks.items():
        if at <= ns:
            part.marks[mark] = at
    if whole.head is not None and max(whole.marks.values()) <= ns:
        part.apply(whole.head)
    start = 0
    for stamp, end in zip(whole.body.stamps, whole.body.ends, strict=True):
        if stamp <= ns:
            part.body.append(stamp, bytes(whole.body.data[start:end]))
        start = end
    made = Exchange(part)
    while made.advance():
        pass
    return [made]


def same(one: Exchange, other: Exchange) -> bool:
    return (one.reading, list(one.findings), len(one.events)) == (other.reading, list(other.findings), len(other.events))
