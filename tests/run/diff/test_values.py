"""JSON by path: values, not their writing; lists without a shift; the order of names told apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.run.diff.facts import Kind, ValuePlace
from app.run.diff.values import compare_values
from app.text.json_text import decode_json
from tests.builders import ODD_ARGUMENTS

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([1.0, 0.5, "1", "a", "\ud83d"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100)
@given(VALUES, VALUES)
def test_a_value_is_the_same_as_itself_and_swapping_mirrors(a: object, b: object) -> None:
    assert compare_values(a, a).places == ()
    there, back = compare_values(a, b), compare_values(b, a)
    assert len(there.places) == len(back.places)
    assert sum(one.kind is Kind.ONLY_A for one in there.places) == sum(one.kind is Kind.ONLY_B for one in back.places)


@pytest.mark.parametrize(
    ("a", "b", "places"),
    [
        ({"n": 1}, {"n": 1.0}, ()),
        ({"n": 1}, {"n": True}, (ValuePlace("n", Kind.CHANGED, "1", "true"),)),
        ({"n": "1"}, {"n": 1}, (ValuePlace("n", Kind.CHANGED, '"1"', "1"),)),
        ({"a b": {"c": 1}}, {"a b": {}}, (ValuePlace('["a b"].c', Kind.ONLY_A, "1", None),)),
        ([1, 2, 3], [1, 9, 2, 3], (ValuePlace("[1]", Kind.ONLY_B, None, "9"),)),
        (
            {"messages": [{"role": "user", "content": "hi"}]},
            {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "hi"}]},
            (ValuePlace("messages[0]", Kind.ONLY_B, None, '{"role":"system","content":"s"}'),),
        ),
        ({"m": [{"x": 1}]}, {"m": [{"x": 2}]}, (ValuePlace("m[0].x", Kind.CHANGED, "1", "2"),)),
        ([], {}, (ValuePlace("", Kind.CHANGED, "[]", "{}"),)),
    ],
)
def test_where_values_differ(a: object, b: object, places: tuple[ValuePlace, ...]) -> None:
    assert compare_values(a, b).places == places


def test_the_order_of_names_is_told_apart() -> None:
    diff = compare_values({"p": {"x": 1, "y": 2}}, {"p": {"y": 2, "x": 1}})
    assert diff.places == ()
    assert diff.order == ("p",)
    assert compare_values({"x": 1, "y": 2}, {"y": 2, "x": 3}).order == ()


def test_so_many_places_are_listed_and_the_rest_counted() -> None:
    one, other = ({f"n{at}": value for at in range(203)} for value in (1, 2))
    diff = compare_values(one, other)
    assert (len(diff.places), diff.more) == (200, 3)
    assert compare_values(dict(list(one.items())[:200]), dict(list(other.items())[:200])).more == 0
    assert len(compare_values([one] * 201, [dict(reversed(one.items()))] * 201).order) == 200


@pytest.mark.parametrize("arguments", ODD_ARGUMENTS[:-1])
def test_odd_values_are_compared(arguments: str) -> None:
    value = decode_json(arguments)
    assert compare_values(value, decode_json(arguments)).places == ()
    assert compare_values([value], [value, value]).places[0].kind is Kind.ONLY_B
