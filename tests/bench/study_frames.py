"""How long the pictures of a study of 1000 pairs take for a frame while they are zoomed: the GUI thread's own time."""

from __future__ import annotations

from importlib import import_module
from time import thread_time_ns

from PySide6.QtWidgets import QApplication

from app.asking.studying import study_pairs_of, study_plan_of
from app.study.result import study_result
from tests.bench.frame import Row, most, percentile
from tests.ui.study.made import made
from ui.study.points import points_of
from ui.style.theme import application_arguments

PAIRS, FRAMES, SHORT_PAIRS, SHORT_FRAMES = 1000, 240, 40, 6
FRAME_MS = 1000 / 60
SIZE = 900, 340
ZOOM = 0.99
PICTURES = (("runs", "RunsPicture"), ("shares", "SharesPicture"), ("differences", "DifferencesPicture"))


def rows(*, short: bool) -> list[Row]:
    """Each picture, zoomed in and out by a hundredth: all of it is drawn anew each time, as figures and lines move."""
    count, frames = (SHORT_PAIRS, SHORT_FRAMES) if short else (PAIRS, FRAMES)
    app = QApplication.instance() or QApplication(application_arguments("diptych"))
    opened, recordings = made(count)
    plan = study_plan_of(opened)
    assert plan is not None
    pairs = study_pairs_of(plan, recordings)
    points = points_of(study_result(pairs).ttft, pairs, count)
    found = []
    for module, kind in PICTURES:
        picture = getattr(import_module(f"ui.study.pictures.{module}"), kind)()
        picture.resize(*SIZE)
        picture.show()
        picture.draw(points)
        app.processEvents()
        took = []
        for number in range(frames):
            begin = thread_time_ns()
            by = ZOOM if number % 2 else 1 / ZOOM
            picture.plot.getViewBox().scaleBy((by, by))
            picture.plot.grab()
            took.append((thread_time_ns() - begin) / 1e6)
        picture.close()
        what = f"{picture.name} of 2 x {count} points zoomed, a frame"
        found.append(Row(f"{what}, p50", percentile(took, 0.5), "ms"))
        found.append(Row(f"{what}, p95", percentile(took, 0.95), "ms", must=most(FRAME_MS)))
    return found
