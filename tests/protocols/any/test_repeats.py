"""Pieces and parts that repeat one another: where it is told, and where a model may well have written it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.protocols.any.repeats import Part, Repeats, findings_of_parts
from app.protocols.findings import Place

LINE = "The river runs past the old mill and goes on to the sea."
WORDS = LINE.split()


def found(pieces: Sequence[str], name: str = "text") -> list[tuple[str, str, int | None]]:
    repeats = Repeats()
    for number, piece in enumerate(pieces, 1):
        assert repeats.add(piece, Place(number)) is None
    return [(one.id, one.variant, one.event) for one in repeats.findings("".join(pieces), name)]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([LINE[:end] for end in range(4, 45, 8)], ("C44", "text", 2)),
        ([word for word in WORDS for _ in (1, 2)], ("C45", "text", 2)),
        ([LINE[:9], LINE[9:], LINE], ("C46", "text", 3)),
        ([LINE[:9], LINE[9:], LINE[:9], LINE[9:]], ("C46", "text_twice", 4)),
        ([LINE + LINE], ("C46", "text_twice", 1)),
    ],
)
def test_what_repeats_is_told_where_it_begins(pieces: list[str], expected: tuple[str, str, int]) -> None:
    assert found(pieces) == [expected]


@pytest.mark.parametrize(
    "pieces",
    [
        WORDS,
        ["ha", "ha", "ha", "ha"],
        [f"{LINE}\n", f"{LINE}\n"],  # a line that is asked for twice
        [f"\n{LINE}", f"\n{LINE}"],
        [f"{LINE} {LINE}"],
        ["=" * 200],
        ["la la " * 40],
        [LINE[:39] * 2],  # short
        ["Hm.", "Hm."],
    ],
)
def test_what_a_model_may_well_write_is_not_told(pieces: list[str]) -> None:
    assert found(pieces) == []


@pytest.mark.parametrize(
    ("variant", "pieces", "sentence"),
    [
        (
            "C44",
            [LINE[:end] for end in range(4, 45, 8)],
            "Each piece repeats all the {} that came before it, in place of what is new.",
        ),
        ("C45", [word for word in WORDS for _ in (1, 2)], "Each piece of the {} was sent twice in a row."),
        ("C46", [LINE[:9], LINE[9:], LINE], "After its pieces the {} was sent once more as a whole."),
        ("C46", [LINE, LINE], "The {} stands there twice in a row, with nothing between the two."),
    ],
)
@pytest.mark.parametrize("name", ["text", "reasoning"])
def test_each_is_said_of_text_and_reasoning(variant: str, pieces: list[str], sentence: str, name: str) -> None:
    repeats = Repeats()
    for piece in pieces:
        repeats.add(piece, Place(1))
    (one,) = repeats.findings("".join(pieces), name)
    assert (one.id, one.sentence) == (variant, sentence.format(name))


def test_half_a_character_is_told_at_its_piece() -> None:
    repeats = Repeats()
    rule = repeats.add("a\ud83d", Place(1))
    assert rule is not None
    assert rule.id == "C48"
    assert repeats.add("Zoë 😀", Place(2)) is None


TEXT, THOUGHT, CALL = Part("text", LINE, Place(1)), Part("reasoning", LINE, Place(2)), Part("")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([TEXT, Part("text", f"{LINE}\n", Place(7))], [("text", 2, 7)]),
        ([THOUGHT, TEXT, THOUGHT, TEXT, TEXT], [("text", 3, 1), ("reasoning", 2, 2)]),
        ([TEXT, CALL, TEXT], []),  # a preface before each of two calls
        ([TEXT, Part("text", LINE[:-1])], []),
        ([Part("text", "Yes."), Part("text", "Yes.")], []),
        ([TEXT, THOUGHT], []),
        ([Part("text", " " * 20)] * 2, []),
    ],
)
def test_parts_that_say_the_same(parts: list[Part], expected: list[tuple[str, int, int]]) -> None:
    assert [(one.variant, one.fields["count"], one.event) for one in findings_of_parts(parts)] == expected


def test_parts_are_said_in_whole_sentences() -> None:
    (text,) = findings_of_parts([TEXT, TEXT])
    assert text.sentence == f"2 parts of the answer in a row hold the same text: “{LINE}”"
    (thought,) = findings_of_parts([THOUGHT, THOUGHT])
    assert thought.sentence == f"2 parts of the reasoning in a row hold the same words: “{LINE}”"


@pytest.mark.parametrize(
    ("ends", "found_there"),
    [((5, 10, 15, 19), []), ((5, 10, 15, 20), ["C44"]), ((10, 20, 30), []), ((10, 20, 30, 40), ["C44"])],
)
def test_pieces_that_grow_are_told_from_some_length_and_number_on(ends: tuple[int, ...], found_there: list[str]) -> None:
    assert [one[0] for one in found([LINE[:end] for end in ends])] == found_there


def test_a_sample_has_an_end() -> None:
    (one,) = findings_of_parts([Part("text", "y" * 99)] * 2)
    assert one.fields["sample"] == "y" * 60
