"""The program's icon in the sizes that systems ask for: `python packaging/icons.py FOLDER`, where PySide6 is.

Writes `SIZE.png` each, `diptych.ico` and `diptych.icns` (these two are not tried). Qt draws them from the SVG.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
SVG = Path(__file__).resolve().parents[1] / "resources" / "icons" / "diptych.svg"


def main(folder: Path) -> None:
    _application = QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {size: draw(size) for size in SIZES}
    wanted = {f"{size}.png": picture for size, picture in drawn.items()} | {
        "diptych.ico": drawn[256],
        "diptych.icns": drawn[512],
    }
    for name, picture in wanted.items():
        if not picture.save(str(folder / name)):
            sys.exit(f"icons.py: {name} can't be written")


def draw(size: int) -> QImage:
    picture = QImage(size, size, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(str(SVG)).render(painter)
    painter.end()
    return picture


if __name__ == "__main__":
    main(Path(sys.argv[1]))
