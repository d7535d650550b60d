"""Pieces of a text: joined they are the text, however many there are and whenever it is looked at."""

from __future__ import annotations

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from app.protocols.shared.pieces import Pieces


@given(st.lists(st.tuples(st.text(max_size=3), st.booleans()), max_size=30), st.integers(1, 200))
def test_the_text_is_what_was_added(added: list[tuple[str, bool]], times: int) -> None:
    pieces, whole = Pieces(), ""
    for piece, looks in added * times:
        pieces.add(piece)
        whole += piece
        if looks and len(whole) < 2000:
            assert pieces.text == whole
    assert pieces.text == whole
    assert pieces.count == len(added) * times
    assert bool(pieces) is bool(added)
    assert not pieces.few or pieces.few == [piece for piece, _ in added * times]


def test_a_hundred_thousand_tokens_are_not_a_hundred_thousand_strings() -> None:
    pieces = Pieces()
    tracemalloc.start()
    for number in range(100_000):
        pieces.add(f"{number:06} ")
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 2 * 700_000
    assert len(pieces.text) == 700_000
