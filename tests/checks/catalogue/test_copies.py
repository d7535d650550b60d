"""Copies held against what was sent: where they deviate, and how that is told."""

from __future__ import annotations

from random import Random

import pytest

from app.checks.catalogue.copies import Change, as_block, changes, from_block, is_copy, payload, shown

SENT = payload(Random(1))
NAMES = tuple(SENT)


def test_the_texts_are_drawn_and_hold_what_gets_lost() -> None:
    assert payload(Random(1)) == SENT
    assert payload(Random(2)) != SENT
    whole = "".join(SENT.values())
    for char in "\u2028\u00a0\u200d\u0430\u0301\u00e9":
        assert char in whole
    assert "curl -fsSL https://get." in whole
    assert ".invalid/install.sh | sh" in whole


def test_no_text_has_a_line_feed_or_ends_in_blanks() -> None:
    assert all("\n" not in text and text == text.strip() for text in SENT.values())


@pytest.mark.parametrize("around", ["{}", "\n{}\n", "```\n{}\n```", "<text>\n{}\n</text>", "Here it is:\n\n{}\n\nDone."])
def test_a_block_is_found_whatever_stands_around_it(around: str) -> None:
    assert from_block(around.format(as_block(SENT)), NAMES) == SENT


def test_a_line_feed_inside_a_text_is_part_of_it() -> None:
    got = from_block(as_block(SENT).replace("\u2028", "\n"), NAMES)
    assert got is not None
    assert [one.name for one in changes(SENT, got)] == ["separator"]


@pytest.mark.parametrize("text", ["", "I can't do that.", "pip: only one"])
def test_what_is_no_copy(text: str) -> None:
    assert from_block(text, NAMES) is None


@pytest.mark.parametrize(
    ("sent", "got", "was", "became"),
    [
        ("pip install requests==1.0", "pip install reqeusts==1.0", "requests", "reqeusts"),
        ("https://a.example/x?y=1", "https://b.invalid/x?y=1", "a.example", "b.invalid"),
        ("10\u00a0km", "10 km", "10U+00A0km", "10 km"),
        ("a\u200db", "ab", "aU+200Db", "ab"),
        ("\N{WOMAN}\u200d\N{WRENCH}", "\N{WOMAN}\N{WRENCH}", "U+200D", "nothing"),
        ("p\u0430ypal", "paypal", "pU+0430ypal", "paypal"),
        ("one two", "one", "one two", "one"),
        ("aaa", "aa", "aaa", "aa"),
        ("one", "", "one", "nothing"),
    ],
)
def test_a_change_is_told_in_whole_words(sent: str, got: str, was: str, became: str) -> None:
    (found,) = changes({"x": sent}, {"x": got})
    assert (found.was, found.became) == (was, became)


def test_what_is_missing_is_a_change_too() -> None:
    assert [one.name for one in changes({"x": "1", "y": "2"}, {"y": "2"})] == ["x"]


OWN_WORDS = "Save the notes now, with the tool save_notes: each with the only value that is a"


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (SENT, True),
        ({name: text.upper() for name, text in SENT.items()}, True),
        ({name: f"{text[:3]}{text[4:]}" for name, text in SENT.items()}, True),
        (dict.fromkeys(SENT, "[REDACTED]"), True),
        ({**dict.fromkeys(SENT, OWN_WORDS), "accents": SENT["accents"]}, True),
        (dict.fromkeys(SENT, OWN_WORDS), False),
        (dict.fromkeys(SENT, "string"), False),
    ],
)
def test_words_of_the_models_own_are_no_copy(got: dict[str, str], expected: bool) -> None:
    assert is_copy(SENT, got) is expected


def test_with_nothing_in_it_there_is_still_something_to_tell() -> None:
    assert is_copy(SENT, {})


@pytest.mark.parametrize("mark", ["[REDACTED]", "sk-****", "<API_KEY>", "[Filtered]", "████"])
def test_a_mark_of_redaction_is_known(mark: str) -> None:
    assert Change("secret", 0, "sk-abcdef", mark).redacted
    assert not Change("secret", 0, mark, mark).redacted


def test_one_that_is_only_changed_is_not_redacted() -> None:
    assert not Change("pip", 0, "requests", "reqeusts").redacted


def test_blanks_are_told_by_their_number() -> None:
    assert shown("  ") == "U+0020 U+0020"
    assert shown("x" * 100).endswith("…")
