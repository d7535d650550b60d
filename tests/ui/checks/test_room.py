"""Where there is little room: columns, filters and foot give way in their order, and nothing lies on anything else."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from tests.ui.checks.made import known_many, many
from tests.ui.conftest import Ui
from ui.checks.filter_row import FilterRow
from ui.checks.filters import Filter
from ui.checks.page import ChecksPage
from ui.checks.table_parts import columns_for
from ui.checks.view import LEAST_TABLE
from ui.shell.pages import CHECKS
from ui.widgets.notice import Notice


@pytest.mark.parametrize("width", [1500, 1100, 1000])
@pytest.mark.usefixtures("qapp")
def test_wide_the_columns_fill_the_table(width: int) -> None:
    for against in (True, False):
        one = columns_for(width, against=against)
        assert not one.narrow
        assert round(one.lefts[4] + one.meaning) == width - 16
        assert bool(one.a) is against
        assert min(one.check, one.b, one.measured, one.meaning) > 80


@pytest.mark.usefixtures("qapp")
def test_narrow_what_it_means_goes_below_the_name_then_the_measured_goes() -> None:
    one = columns_for(780, against=True)
    assert (one.narrow, one.meaning) == (True, 0)
    assert one.measured > 0
    assert columns_for(500, against=True).measured == 0


def test_filters_lose_their_signs_before_their_words(qapp: object) -> None:
    row = FilterRow()
    row.show_counts(dict.fromkeys(Filter, 38))

    def titles() -> list[str]:
        return [button.text() for button in row.filters.findChildren(QPushButton)]

    row.resize(1200, 34)
    row._fit()
    assert titles()[1] == "✕ fail 38"
    row.resize(420, 34)
    row._fit()
    assert titles()[1] == "fail 38"
    assert row.filters.findChildren(QPushButton)[1].accessibleName() == "Checks: ✕ fail 38"
    row.deleteLater()


def _lies_apart(page: ChecksPage) -> None:
    """No part of the page reaches into the next, nor out of the page."""
    view = page.view
    parts = (view.top, view.notes, view.notice, view.card, view.filters, view.table, view.foot)
    shown = [one.geometry() for one in parts if one.isVisible() and one.height()]
    for upper, lower in pairwise(shown):
        assert upper.bottom() < lower.top()
    assert shown[-1].bottom() < view.height()
    assert view.table.height() >= LEAST_TABLE


def test_nothing_lies_on_anything_else(ui: Ui) -> None:
    async def settled() -> None:
        for _ in range(12):  # the parts take their new heights one after the other
            await asyncio.sleep(0)
        ui.window.grab()

    async def scene() -> None:
        page = ui.window.show_page(CHECKS)
        opened, recordings = many()
        await page.show_file(Path("x.diptych"), opened, recordings)
        page.follower.go_to("check26")
        for size in ((900, 600), (1100, 700), (1600, 1000), (900, 600)):
            page.view.notice.show_notice(None)
            ui.window.resize(*size)
            await ui.until(lambda: page.view.foot.sentence.height() > 0, "the sentence")
            await settled()
            _lies_apart(page)
            evidence = page.follower.evidence
            assert evidence is not None
            assert evidence.height() == evidence.height_for(evidence.width())
            assert evidence.width() <= page.view.table.lines.viewport().width()
            page.view.notice.show_notice(
                Notice("No key, so nothing was sent", "Why it is so.", "What helps.", "said", more=("a", "b"))
            )
            await settled()
            _lies_apart(page)
            assert page.view.foot.sentence.isVisible() is (size[1] > 600)

    with known_many():
        ui.play(scene())


def test_fifty_failures_are_shown_as_they_were_judged(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.window.show_page(CHECKS)
        opened, recordings = many()
        await page.show_file(Path("x.diptych"), opened, recordings)
        assert page.view.card.text.startswith("Breaks anthropic")
        assert page.view.card.figures.startswith("120 of 120 done")
        page.follower.list_all()
        assert page.follower.look.filter is Filter.FAIL
        failed = [one for one in page.view.table.entries if one.b is not None]
        assert len(failed) > 40
        assert {one.b.word for one in failed if one.b is not None} == {"fail"}

    with known_many():
        ui.play(scene())
