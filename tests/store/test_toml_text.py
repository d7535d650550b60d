"""A file written again keeps what a person put into it."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from app.store.toml_text import rewritten

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
