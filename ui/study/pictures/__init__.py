"""The pictures of a study. These modules alone import pyqtgraph and numpy, when the pictures are first seen."""

# What is imported ahead, and whether it takes so long that it is done in a thread of its own: each makes classes, and no object
# of Qt's, so that it does not matter in which.
STEPS = (
    ("numpy", True),
    ("PySide6.QtSvg", False),
    ("PySide6.QtOpenGLWidgets", False),
    ("PySide6.QtTest", False),
    ("pyqtgraph", True),
)
