"""The pictures of a study and of a load: what is drawn again is moved and not made anew, and looks as if it were."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import msgspec
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.asking.loading import load_of
from app.asking.studying import study_pairs_of, study_plan_of
from app.study.result import study_result
from tests.ui.study.made import made, made_load
from ui.study.points import phases_of, points_of

FAILING, STACKS = (7,), (5, 9)


@cache
def of_pairs(count: int) -> tuple[Any, Any]:
    """Points and phases of a study's first pairs."""
    opened, recordings = made(12, failing=FAILING, stacks=STACKS)
    plan = study_plan_of(opened)
    assert plan is not None
    pairs = study_pairs_of(plan, recordings[: 2 * count])
    result = study_result(pairs)
    return points_of(result.ttft, pairs, 12), phases_of(result, pairs)


@cache
def of_steps(count: int) -> Any:
    from ui.study.load.curves import curves_of

    found = load_of(made_load(tuple(2.0**n for n in range(count)))[0])
    assert found is not None
    return curves_of(found.load)


def kind(name: str) -> Callable[[], Any]:
    module, found = {
        "RunsPicture": "runs", "SharesPicture": "shares", "DifferencesPicture": "differences", "PhasesPicture": "phases",
        "FirstTokensPicture": "load_pictures", "GoodputPicture": "load_pictures", "EndsPicture": "load_pictures",
    }[name], name  # fmt: skip
    made_by: Callable[[], Any] = getattr(import_module(f"ui.study.pictures.{module}"), found)
    return made_by


def shown(qtbot: QtBot, name: str) -> Any:
    picture = kind(name)()
    qtbot.addWidget(picture)
    picture.resize(420, 190)
    picture.plot.getAxis("left").setWidth(50)  # else one that was wider stays so
    picture.show()
    return picture


def draw(picture: Any, count: int) -> None:
    """So many pairs, or steps of a load."""
    if hasattr(picture, "show_curves"):
        picture.show_curves(of_steps(count))
    elif hasattr(picture, "show_phases"):
        picture.show_phases(of_pairs(count)[1])
    else:
        picture.draw(of_pairs(count)[0])


def settled(picture: Any) -> QImage:
    """What is seen once the axes have the width that their figures need."""
    for _ in range(4):
        QApplication.processEvents()
    image: QImage = picture.image()
    return image


ALL = ("RunsPicture", "SharesPicture", "DifferencesPicture", "PhasesPicture", "FirstTokensPicture", "GoodputPicture")


@pytest.mark.parametrize("name", [*ALL, "EndsPicture"])
def test_what_is_drawn_again_looks_as_if_it_were_made_anew(qtbot: QtBot, name: str) -> None:
    grown, new = shown(qtbot, name), shown(qtbot, name)
    for count in (3, 9, 6):
        draw(grown, min(count, 8) if hasattr(grown, "show_curves") else count)
        settled(grown)
    draw(new, 6)
    assert settled(grown) == settled(new)
    assert len(grown.plot.getPlotItem().items) == len(new.plot.getPlotItem().items)


@pytest.mark.parametrize("name", [one for one in ALL if one != "PhasesPicture"])
def test_points_and_curves_are_moved_and_not_made_anew(qtbot: QtBot, name: str) -> None:
    picture = shown(qtbot, name)
    draw(picture, 5)
    before = list(picture.plot.getPlotItem().items)
    draw(picture, 6)
    after = picture.plot.getPlotItem().items
    assert len(before) > 2
    assert all(any(one is other for other in after) for one in before)


def test_axes_that_say_the_same_are_not_drawn_anew(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    picture, found = shown(qtbot, "RunsPicture"), []
    draw(picture, 12)
    settled(picture)
    axis = type(picture.plot.getAxis("left"))
    specs = axis.generateDrawSpecs

    def counted(self: Any, painter: Any) -> Any:
        found.append(self)
        return specs(self, painter)

    monkeypatch.setattr(axis, "generateDrawSpecs", counted)
    draw(picture, 12)
    settled(picture)
    assert not found
    draw(picture, 3)
    settled(picture)
    assert found


def test_what_could_not_be_seen_is_not_drawn(qtbot: QtBot) -> None:
    """Of 1000 pairs, each costs a frame of a zoom."""
    picture = shown(qtbot, "RunsPicture")
    draw(picture, 12)
    settled(picture)
    axis, lines, figures = picture.plot.getAxis("bottom").picture
    assert (lines, bool(axis), bool(figures)) == ([], True, True)
    _, lines, figures = picture.plot.getAxis("left").picture
    assert len(figures) <= len(lines) <= 12  # and none at a tenth of their distance
    joined = [one for one in picture.plot.getPlotItem().items if getattr(one, "opts", {}).get("connect") == "pairs"]
    assert [one.opts["pen"].widthF() for one in joined] == [1.4]
    picture.draw(msgspec.structs.replace(picture.points, pairs=61))
    joined = [one for one in picture.plot.getPlotItem().items if getattr(one, "opts", {}).get("connect") == "pairs"]
    assert [one.opts["pen"].widthF() for one in joined] == [1]  # a wider one is filled, line by line
