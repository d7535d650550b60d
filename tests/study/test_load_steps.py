"""The steps of a load as they are typed, and what can't be taken."""

from __future__ import annotations

import pytest

from app.study.load_steps import StepsError, steps_of, steps_text


@pytest.mark.parametrize(
    ("text", "open_loop", "steps"),
    [
        ("1, 2,4", False, (1, 2, 4)),
        ("1, 2 … 16", False, (1, 2, 4, 8, 16)),
        ("1 ... 8", False, (1, 2, 4, 8)),
        ("1, 3 … 27", False, (1, 3, 9, 27)),
        ("0.5, 1.5", True, (0.5, 1.5)),
        ("256", False, (256,)),
        ("200", True, (200,)),
    ],
)
def test_steps(text: str, open_loop: bool, steps: tuple[float, ...]) -> None:
    assert steps_of(text, open_loop=open_loop) == steps


@pytest.mark.parametrize(
    ("text", "open_loop", "said"),
    [
        ("257", False, "at most 256"),
        ("201", True, "at most 200"),
        ("0", True, "each is larger"),
        ("2, 1", False, "each is larger"),
        ("1, 1", False, "each is larger"),
        ("1.5", False, "takes whole numbers"),
        ("", False, "with commas"),
        ("one", False, "with commas"),
        ("nan", True, "each is larger"),
        ("inf", True, "each is larger"),
        ("1, 1 … 4", False, "each is larger"),
        ("1 … … 4", False, "with commas"),
    ],
)
def test_what_are_no_steps(text: str, open_loop: bool, said: str) -> None:
    with pytest.raises(StepsError, match=said):
        steps_of(text, open_loop=open_loop)


def test_what_is_left_out_has_an_end() -> None:
    """Forty steps between two at most, so that a factor of nearly one makes no endless row."""
    made = steps_of("1, 1.01 … 200", open_loop=True)
    assert len(made) == 2 + 40 + 1
    assert made[-1] == 200


@pytest.mark.parametrize(("text", "said"), [("1,2,4,8,16", "1, 2, 4 … 16"), ("1,2,4,8", "1, 2, 4, 8"), ("1,3", "1, 3")])
def test_as_they_are_typed(text: str, said: str) -> None:
    steps = steps_of(text, open_loop=False)
    assert steps_text(steps) == said
    assert steps_of(said, open_loop=False) == steps
