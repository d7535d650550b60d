"""Versions: their order, what each brought, and what an index says of them."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from app import __version__, releases
from app.releases import NEWS, Found, Published, Release, is_newer, read_published, since

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
OURS = "Two endpoints side by side."


def test_each_version_of_the_changelog_has_its_news_and_the_present_one_is_the_newest() -> None:
    released = re.findall(r"^## \[?v?(\d+\.\d+[.\d]*)", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    versions = [one.version for one in NEWS]
    assert set(released) <= set(versions)
    assert versions[0] == __version__
    assert all(is_newer(one, other) for one, other in pairwise(versions))
    assert all(one.lines for one in NEWS)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("0.1.0", "0.1.1"), ("0.9", "0.10"), ("1.0", "1.0.1"), ("1.0rc1", "1.0"), ("1.0a1", "1.0rc1"), ("1.0.dev3", "1.0"),
        ("v0.1.0", "0.2"), ("0.1.0", "0.2"),
    ],
)  # fmt: skip
def test_the_order_of_versions(older: str, newer: str) -> None:
    assert is_newer(newer, older)
    assert not is_newer(older, newer)


@pytest.mark.parametrize(("one", "other"), [("1.0", "1.0.0"), ("1.0", "1.0.post1"), ("new", "0.1"), ("0.1", ""), ("", "")])
def test_neither_is_newer(one: str, other: str) -> None:
    assert not is_newer(one, other)
    assert not is_newer(other, one)


def test_what_is_new_since_a_version(monkeypatch: pytest.MonkeyPatch) -> None:
    made = tuple(Release(version, ("a line",)) for version in ("0.4.0", "0.3.0", "0.2.0", "0.1.0"))
    monkeypatch.setattr(releases, "NEWS", made)
    assert [one.version for one in since("0.1.0", "0.3.0")] == ["0.3.0", "0.2.0"]
    assert [one.version for one in since("0.3.0", "0.3.0")] == ["0.3.0"]  # nothing since: what this one brought
    assert [one.version for one in since("0.9.0", "0.3.5")] == ["0.3.0"]
    assert since("0.1.0", "0.0.1") == ()


def said(**info: object) -> bytes:
    return json.dumps({"info": {"name": "diptych", "version": "0.1.0", "summary": OURS, **info}, "releases": {}}).encode()


@pytest.mark.parametrize(
    ("status", "body", "found"),
    [
        (200, said(version="0.2.0"), Published(Found.NEWER, "0.2.0")),
        (200, said(), Published(Found.SAME, "0.1.0")),
        (200, said(name="Diptych"), Published(Found.SAME, "0.1.0")),
        (200, said(version="0.0.9"), Published(Found.OLDER, "0.0.9")),
        (404, b'{"message": "Not Found"}', Published(Found.NONE)),
        (200, said(version="7.1", summary="Paintings."), Published(Found.STRANGER, "7.1", "Paintings.")),
        (200, said(version="7.1", summary=None), Published(Found.STRANGER, "7.1", "")),
        (200, said(name="triptych", version="7.1"), Published(Found.STRANGER, "7.1", OURS)),
        (200, said(version="soon"), Published(Found.UNREADABLE, status=200)),
        (200, b"<html>sign in</html>", Published(Found.UNREADABLE, status=200)),
        (200, b"\xff\xfe", Published(Found.UNREADABLE, status=200)),
        (200, b"[]", Published(Found.UNREADABLE, status=200)),
        (503, said(version="0.2.0"), Published(Found.UNREADABLE, status=503)),
        (302, b"", Published(Found.UNREADABLE, status=302)),
    ],
)
def test_what_an_index_says(status: int, body: bytes, found: Published) -> None:
    assert read_published(status, body, "0.1.0", OURS) == found
