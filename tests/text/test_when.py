"""Moments are shown on the clock of the machine that shows them."""

from __future__ import annotations

import time

import pytest

from app.text.when import local_words


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has no way to change the clock's zone")
def test_a_moment_is_told_in_the_zone_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "EAT-3")
    time.tzset()
    try:
        assert local_words("2026-11-29T22:32:05.123Z") == "2026-11-30 01:32:05"
        assert local_words("2026-11-29T22:32:05+00:00") == "2026-11-30 01:32:05"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-40T00:00:00Z"])
def test_what_is_no_moment_stays_as_it_is(text: str) -> None:
    assert local_words(text) == text
