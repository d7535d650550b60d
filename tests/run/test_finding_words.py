"""Words are found in any case, in the bytes and in the answer, also where they came in pieces."""

from __future__ import annotations

import pytest

from app.exchange.exchange import Exchange
from app.recording.body import pack_chunks
from app.run.finding_words import MAPPED_CHARACTERS, SLICE_CHARACTERS, Finder
from app.text.find import InBytes
from tests.builders import MS, messages_end, messages_start, messages_text, recording
from tests.run.test_word_links import exchange


def found(one: Exchange, words: str) -> list[int]:
    return list(Finder(one, words).finish().events)


def many(words: int) -> Exchange:
    pieces = [
        (600.0, messages_start()),
        *((600.0 + n, messages_text(f"word {n} ")) for n in range(words)),
        (600.0 + words, messages_end()),
    ]
    return Exchange(recording(pieces)).finish()


def test_in_any_case_and_each_event_once() -> None:
    one = exchange(["one Two one", " ONE", " three"])
    assert found(one, "one") == [2, 3]
    assert found(one, "MESSAGE_STOP") == [7]
    assert found(one, "four") == []
    assert found(one, "") == []


def test_a_word_in_two_pieces_is_found_where_it_begins() -> None:
    one = exchange(["The enve", "lope is", " small"])
    assert found(one, "envelope") == [2]
    assert found(one, "is small") == [3]
    assert found(one, "the  envelope") == [2]


@pytest.mark.parametrize("words", ["从里面", "里面看", "ÉTÉ", "été"])
def test_what_is_escaped_in_the_bytes_is_found_in_the_answer(words: str) -> None:
    one = exchange(["从里", "面看", " Été"])
    assert b"\\u" in one.events.raw(2)
    assert found(one, words)


def test_characters_that_are_not_escaped_are_found_while_it_runs() -> None:
    made = recording([(600.0, messages_start()), (610.0, b'event: x\ndata: {"t":"\xc3\x89t\xc3\xa9"}\n\n')])
    made.end = None
    one = Exchange(made)
    one.advance()
    finder = Finder(one, "été").finish()
    assert list(finder.events) == [2]
    made.apply(pack_chunks([(700 * MS, 'event: x\ndata: "ÉTÉ"\n\n'.encode())]))
    one.advance()
    assert list(finder.finish().events) == [2, 3]


def test_a_long_answer_is_looked_through_in_slices_and_none_is_missed_between_them() -> None:
    size = SLICE_CHARACTERS
    one = exchange(["x" * (size - 4), "Ne", "edle \n", "x" * size, " need", "le é", "x" * (size - 9), "NEEDLE É"])
    assert found(one, "needle") == [3, 6, 9]
    assert found(one, "needle é") == [6, 9]
    assert found(one, "needle x") == [3]


def test_what_is_found_in_the_answer_stands_in_order_among_what_is_found_in_the_bytes() -> None:
    pieces = ["one two ", "one ", "two "] * (MAPPED_CHARACTERS // 4)
    finder = Finder(exchange(pieces), "one two")
    lengths = []
    while finder.advance():
        lengths.append(len(finder.events))
    assert list(finder.events) == [2 + at for at in range(len(pieces)) if at % 3 < 2]
    in_bytes = len(pieces) // 3
    assert in_bytes in lengths
    assert len({more for more in lengths if more > in_bytes}) > 1, "those of the answer come in slices"


def test_white_space_between_two_words_has_an_end() -> None:
    assert found(exchange(["one", " " * 600, " " * 400, "two"]), "one two") == [2]
    assert found(exchange(["one", " " * 600, " " * 401, "two"]), "one two") == []


def test_it_goes_round_and_counts() -> None:
    finder = Finder(exchange(["one", " two", " one", " three", " one"]), "one").finish()
    assert [finder.next(at) for at in (None, 2, 3, 6)] == [2, 4, 4, 2]
    assert [finder.next(at, forward=False) for at in (None, 2, 5)] == [6, 6, 4]
    assert [finder.at_or_behind(at) for at in (None, 4, 5)] == [2, 4, 6]
    assert finder.number(6) == 3


def test_slices_find_the_same() -> None:
    one = many(400)
    finder, steps = Finder(one, "Word 1"), 0
    while finder.advance(3_000):
        steps += 1
    assert steps > 10
    assert list(finder.events) == found(one, "word 1")
    assert len(finder.events) == 111


@pytest.mark.parametrize("size", [1, 150, 300, 1_000])
def test_slices_end_with_an_event_so_that_none_is_missed_between_two(size: int) -> None:
    one = many(60)
    for words in ("event: content_block_delta\ndata", '"text":"WORD 59', "}}\n\n"):
        finder = Finder(one, words)
        while finder.advance(size):
            pass
        assert list(finder.events) == [
            at for at in range(len(one.events)) if words.lower() in one.events.raw(at).decode().lower()
        ]


@pytest.mark.parametrize("slices", [3, 1 << 30])
def test_with_a_letter_more_only_the_events_of_before_are_looked_at(monkeypatch: pytest.MonkeyPatch, slices: int) -> None:
    one, looked = many(2_000), [0]
    in_each = {words: found(one, words) for words in ("word 19", "word 199", "word 1999", "word 19990")}

    def counted(self: InBytes, data: bytearray) -> bytearray:
        looked[0] += len(data)
        return prepared(self, data)

    prepared = InBytes.prepared
    monkeypatch.setattr(InBytes, "prepared", counted)
    finder = Finder(one, "word 19")
    for _ in range(slices):  # where typing goes on before all was searched, the rest is searched for the longer words
        if not finder.advance(20_000):
            break
    before = one.events.starts[finder._searched] if finder._searched < len(one.events) else len(one.decoded.data)
    for words in ("word 199", "WORD 1999", "word 19990"):
        looked[0] = 0
        finder = Finder(one, words, finder).finish()
        assert list(finder.events) == in_each[words.lower()]
        rest = len(one.decoded.data) - before
        assert rest <= looked[0] < rest + len(one.decoded.data) / 16
        before = len(one.decoded.data)
    looked[0] = 0
    assert list(Finder(one, "word 199", finder).finish().events) == in_each["word 199"], "fewer letters: all anew"
    assert looked[0] == len(one.decoded.data)
