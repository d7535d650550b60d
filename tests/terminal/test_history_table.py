"""Entries of the history as lines of the terminal."""

from __future__ import annotations

from app.store.history.entry import Entry, Kind, Listed, SideEntry
from app.terminal.history_table import listed


def test_what_a_newer_diptych_kept_is_shown_as_it_is() -> None:
    sides = (SideEntry("a", "{x}", outcome="{new}", verdict="{0}"), SideEntry("b", "B", outcome="completed", verdict="breaks"))
    (head, asked) = listed([Listed(7, Entry("id7", "2026-11-20T10:00:00.000Z", Kind.RUN, request="{y", sides=sides))])
    assert head.endswith("A {x} · {new} · {0} | B B · breaks")
    assert asked == "       > {y"
