"""The icons of `resources/icons`, tinted and as sharp as the screen."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.style.theme import icon_path


@lru_cache(maxsize=64)
def icon(name: str, color: str, size: int = 20) -> QIcon:
    """An icon in one colour (`#rrggbb`); black in the file is what takes the colour."""
    source = Path(icon_path(name)).read_text(encoding="utf-8").replace("#000000", color)
    renderer = QSvgRenderer(QByteArray(source.encode()))
    made = QIcon()
    for ratio in (1, 2):
        pixmap = QPixmap(QSize(size * ratio, size * ratio))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        made.addPixmap(pixmap)
    return made
