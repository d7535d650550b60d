"""Two texts: the places that a reader would name, whatever the script; and the laws that hold of any two."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.run.diff.facts import Extent, Kind, Place, TextDiff
from app.run.diff.texts import compare_roughly, compare_texts
from app.run.diff.words_rows import place_words

WORDS = st.sampled_from(
    ["the ", "sea ", "is ", "calm. ", "A ", "boat", " ", "\n", "\n\n", "海", "。", "```\n", "ที่", "é", "👩‍🚀", "1.5"]
)
TEXTS = st.lists(WORDS, max_size=14).map("".join) | st.text(max_size=12)


def rebuilt(diff: TextDiff) -> str:
    """B out of A and the places."""
    made, at = "", 0
    for place in diff.places:
        made += diff.a[at : place.a[0]] + diff.texts(place)[1]
        at = place.a[1]
    return made + diff.a[at:]


@settings(max_examples=150)
@given(TEXTS, TEXTS, st.booleans())
def test_the_places_make_b_of_a(a: str, b: str, by_letter: bool) -> None:
    diff = compare_texts(a, b, by_letter=by_letter)
    assert rebuilt(diff) == b
    assert (not diff.places) is (a == b)
    assert all(diff.texts(place)[0] != diff.texts(place)[1] for place in diff.places)


_MIRRORED = {Kind.ONLY_A: Kind.ONLY_B, Kind.ONLY_B: Kind.ONLY_A, Kind.CHANGED: Kind.CHANGED}


@settings(max_examples=100)
@given(TEXTS, TEXTS, st.booleans())
def test_swapping_the_texts_mirrors_the_places(a: str, b: str, by_letter: bool) -> None:
    there, back = (compare_texts(*pair, by_letter=by_letter) for pair in ((a, b), (b, a)))
    assert [Place(_MIRRORED[one.kind], one.extent, one.b, one.a, one.count_b, one.count_a) for one in back.places] == list(
        there.places
    )
    assert back.alike == pytest.approx(there.alike)


def told(a: str, b: str, *, by_letter: bool = False) -> list[tuple[str, ...]]:
    diff = compare_texts(a, b, by_letter=by_letter)
    return [(*(one for one in place_words(place) if one), *diff.texts(place)) for place in diff.places]


SMALL = "From the inside, a stream is a row of small envelopes. What you read was dozens of tiny deliveries, only words."
LITTLE = "From the inside, a stream is a row of little envelopes. What you read was many small deliveries, words."


def test_words_that_are_other_ones_and_such_as_one_side_alone_has() -> None:
    assert told(SMALL, LITTLE + " For faster replies, ask for the Pro route.") == [
        ("another word", "small", "little"),
        ("other words", "dozens of tiny", "many small"),
        ("only in A", "only ", ""),
        ("only in B", "a sentence", "", " For faster replies, ask for the Pro route."),
    ]


def test_a_sentence_in_the_middle_is_told_from_its_beginning_to_its_end() -> None:
    assert told("One is here. Three is here.", "One is here. Two is here. Three is here.") == [
        ("only in B", "a sentence", "", "Two is here. ")
    ]


def test_a_sentence_behind_a_changed_one_is_a_place_of_its_own() -> None:
    """A word by chance is taken into the changes around it, but not the one that ends the sentence."""
    assert told("It was dozens of tiny waves.", "It was many small waves. For faster replies, ask for the Pro route.") == [
        ("other words", "dozens of tiny", "many small"),
        ("only in B", "a sentence", "", " For faster replies, ask for the Pro route."),
    ]


def test_scripts_without_spaces_are_compared_by_character() -> None:
    assert told("今天天气很好，我们去公园散步吧。", "今天天气不错，我们去河边散步吧。路上小心。") == [
        ("other characters", "很好", "不错"),
        ("other characters", "公园", "河边"),
        ("only in B", "a sentence", "", "路上小心。"),
    ]
    assert told("น้ำทะเล", "น้ำตาล")[0][0] == "other characters"


@pytest.mark.parametrize(
    ("a", "b", "extent"),
    [
        ("It is 42 metres.", "It is 24 metres.", Extent.NUMBER),
        ("The Sea is calm.", "The sea is calm.", Extent.CAPITALS),
        ("The sea is calm.", "The sea is calm!", Extent.PUNCTUATION),
        ("The sea  is calm.", "The sea is calm.", Extent.SPACES),
        ("The sea\nis calm.", "The sea is calm.", Extent.LINE_BREAKS),
        ("Do this:\n```\nx = 1\n```\nend", "Do this:\n```\nx = 2\n```\nend", Extent.CODE),
        ("The sea is calm.", "The sea is wild.", Extent.WORDS),
        ("- one\n- two\n- three", "- one\n- two\n- three\n- four and five\n- six and seven", Extent.LINES),
    ],
)
def test_what_a_place_is(a: str, b: str, extent: Extent) -> None:
    assert [one.extent for one in compare_texts(a, b).places] == [extent]


def test_a_fence_that_is_closed_holds_no_code_behind_it() -> None:
    assert [one.extent for one in compare_texts("```\nx\n```\nold end", "```\nx\n```\nnew end").places] == [Extent.WORDS]


def test_by_letter_is_inside_of_the_words() -> None:
    assert told("Our colour is grey.", "Our color is gray.", by_letter=True) == [
        ("only in A", "1 character", "u", ""),
        ("another character", "e", "a"),
    ]


def test_texts_with_little_in_common_do_not_fall_into_a_hundred_places() -> None:
    a = "The tide rises because the moon pulls at the water, and the earth turns under it, twice in a day. " * 3
    b = "Boats float while they weigh less than what they displace; the rest, of the hull, is shape and luck. " * 3
    diff = compare_texts(a, b)
    assert diff.alike < 0.5
    assert len(diff.places) <= 3


def test_lines_that_are_other_ones_have_a_place_each() -> None:
    assert [row[-2:] for row in told("- apple\n- pear\n- plum", "- grape\n- pear\n- lemon")] == [
        ("apple", "grape"), ("plum", "lemon"),
    ]  # fmt: skip


@settings(max_examples=60)
@given(TEXTS, TEXTS)
def test_roughly_there_is_one_place_from_the_first_word_that_differs_to_the_last(a: str, b: str) -> None:
    a, b = "the sea " * 6000 + a, "the sea " * 6000 + b
    diff = compare_roughly(a, b)
    assert rebuilt(diff) == b
    assert len(diff.places) == (a != b)
    exact = compare_texts(a, b)
    if exact.places:
        assert diff.coarse
        # What repeats can be told apart a repetition earlier just as well.
        assert diff.places[0].a[0] <= exact.places[0].a[0] + len("the sea ")


def test_long_texts_are_compared_whole_or_said_to_be_compared_coarser() -> None:
    chance = random.Random(7)
    words = [f"w{chance.randrange(4000)}" for _ in range(34_000)]
    a, b = " ".join(words), " ".join(word if chance.random() > 0.01 else "x" for word in words)
    exact = compare_texts(a, b)
    assert rebuilt(exact) == b
    assert not exact.coarse
    assert exact.alike > 0.97
    for characters, coarse in ((59_999, False), (60_000, True)):
        assert compare_texts("海" * characters + "。", "海" * characters + "！").coarse is coarse
    for count, places in ((1_000, 2_000), (1_001, 1)):
        spaces = compare_texts("a b " * count, "a  b\n" * count)
        assert (len(spaces.places), spaces.coarse) == (places, places == 1)
        assert rebuilt(spaces) == spaces.b


def test_very_long_texts_are_compared_by_their_ends_alone() -> None:
    """Whatever they are made of: by word or by clause, two million single ones would take the window's thread for seconds."""
    a, b = "So it is: " + "a." * 500_000 + " The end.", "So it was: " + "b." * 500_000 + " The end."
    for by_letter in (False, True):
        diff = compare_texts(a, b, by_letter=by_letter)
        assert [diff.texts(one)[0][:5] for one in diff.places] == ["is: a"]
        assert diff.coarse
        assert rebuilt(diff) == b


def test_a_very_long_place_is_not_looked_at_by_letter() -> None:
    a, b = "One sea. " + "w" * 250_001, "Two seas. " + "v" * 250_001
    by_word, by_letter = compare_texts(a, b), compare_texts(a, b, by_letter=True)
    assert by_letter.places == by_word.places
    assert by_letter.coarse
    assert not compare_texts("w" * 40_000, "v" * 40_000, by_letter=True).coarse
