"""What the requests of checks are in words. That each request has some is asked of every play (`tests.checks.play`)."""

from __future__ import annotations

from string import Formatter

from app.checks.registry import all_checks, step_words

LONGEST = 60  # characters: a line of the page beside its status


def test_each_check_that_asks_names_its_steps_and_no_other_does() -> None:
    assert [one.id for one in all_checks() if bool(one.steps) == bool(one.reads)] == []


def test_words_are_few_begin_small_and_have_no_fields() -> None:
    for one in all_checks():
        for step, words in one.steps.items():
            assert 0 < len(words) <= LONGEST, (one.id, step)
            assert [field for _, field, _, _ in Formatter().parse(words) if field is not None] == [], (one.id, step)
            assert not words.endswith("."), (one.id, step)


def test_a_step_that_is_read_has_the_words_of_its_check() -> None:
    assert step_words("thinking_tampered", "stripped") == step_words("thinking_replay", "stripped") == "without the block"


def test_what_is_not_known_keeps_its_name() -> None:
    assert step_words("no_such_check", "one_two") == step_words("turns", "one_two") == "one two"
