"""A file written again keeps what a person put into it."""

from __future__ import annotations

import tomllib
from datetime import UTC
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.store import toml_text
from app.store.toml_text import _as_written, rewritten

TEXT = """# my endpoints
version = 1

[[profiles]]  # the first
uid = "a"
name = "A"  # never rename
base_url = "https://a"

[profiles.limits]
total_s = 9.5  # patient

# the second
[[profiles]]
uid = "b"
name = "B"
headers = [["x", "1"]]
"""


def changed(**changes: Any) -> dict[str, Any]:
    table = tomllib.loads(TEXT)
    for path, value in changes.items():
        number, _, name = path.partition("_")
        table["profiles"][int(number[1:])][name] = value
    return table


def test_nothing_new_is_the_same_text() -> None:
    assert rewritten(TEXT, tomllib.loads(TEXT), "# heading\n") == TEXT


def test_a_changed_value_is_changed_in_place() -> None:
    text = rewritten(TEXT, changed(p0_base_url="https://new"), "")
    assert text == TEXT.replace("https://a", "https://new")


def test_another_order_takes_the_comments_along() -> None:
    table = changed()
    table["profiles"].reverse()
    text = rewritten(TEXT, table, "")
    assert [one["uid"] for one in tomllib.loads(text)["profiles"]] == ["b", "a"]
    for comment in ("# my endpoints", "# never rename", "# patient"):
        assert comment in text


def test_a_profile_more_and_a_profile_less() -> None:
    more = changed()
    more["profiles"].append({"uid": "c", "name": "C", "limits": {"total_s": 1.0}})
    text = rewritten(TEXT, more, "")
    assert "# the second" in text
    assert tomllib.loads(text) == more
    less = changed()
    del less["profiles"][0]
    text = rewritten(TEXT, less, "")
    assert tomllib.loads(text) == less
    assert "never rename" not in text


def test_a_profile_without_a_uid_is_known_by_its_name() -> None:
    text = rewritten('[[profiles]]\nname = "A"  # mine\n', {"version": 1, "profiles": [{"uid": "x", "name": "A"}]}, "")
    assert "# mine" in text
    assert tomllib.loads(text)["profiles"] == [{"name": "A", "uid": "x"}]


@pytest.mark.parametrize(
    "old",
    [
        "",
        "not toml [",
        'profiles = [{uid = "a", name = "A"}]  # in one line\nversion = 1\n',
        "profiles.x = 1\nversion = 1\n[unknown]\na = 1\n",
        'version = 1\n[[profiles]]\nuid = "a"\nlimits = {total_s = 1.0}\n[[profiles]]\nuid = "a"\n',
        "version = 1\r\n[profiles]\r\n",
    ],
)
def test_whatever_stood_there_the_new_text_says_what_it_must(old: str) -> None:
    table = changed(p1_name='Ⓑ "quoted"\n', p0_limits={"total_s": 2.0, "silence_s": 1})
    assert tomllib.loads(rewritten(old, table, "# heading\n")) == table


HEADING = "# a heading\n\n"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.one_of(
    st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), TEXTS, st.datetimes(),
    st.datetimes(timezones=st.just(UTC)), st.dates(), st.times(),
)  # fmt: skip
KEYS = st.one_of(st.sampled_from(["name", "a-b_1", "a.b", ""]), TEXTS)
VALUES = st.recursive(SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)))


@given(st.dictionaries(KEYS, VALUES, max_size=5))
@example({"b": {"x": {"y": {"z": 1}}}, "rows": [{"t": {}, "r": [{"n": 1, "in": {"a": 2}}]}, {}], "last": [{"n": 1}, 2]})
def test_whatever_is_written_anew_says_it_and_is_known_as_ours(table: dict[str, Any]) -> None:
    text = rewritten("", table, HEADING)
    assert tomllib.loads(text) == table
    assert _as_written(text, HEADING) == text


def test_what_nobody_changed_is_written_anew_and_one_comment_is_enough_to_keep_it(monkeypatch: pytest.MonkeyPatch) -> None:
    table: dict[str, object] = {
        "version": 1,
        "side": {"model": "m"},
        "profiles": [{"uid": "a"}, {"uid": "b", "limits": {"s": 1.5}}],
    }
    ours = rewritten("", table, HEADING)
    sections = (
        "version = 1",
        '[side]\nmodel = "m"',
        '[[profiles]]\nuid = "a"',
        '[[profiles]]\nuid = "b"',
        "[profiles.limits]\ns = 1.5",
    )
    assert ours == HEADING + "\n\n".join(sections) + "\n"
    changed_table = {**table, "side": {"model": "other"}}
    with monkeypatch.context() as without_tomlkit:
        without_tomlkit.setattr(toml_text, "_changed_in_place", None)
        assert rewritten(ours, changed_table, HEADING) == ours.replace('"m"', '"other"')
    theirs = ours.replace('model = "m"', 'model = "m"  # the quick one')
    assert "# the quick one" in rewritten(theirs, changed_table, HEADING)
