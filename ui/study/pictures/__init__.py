"""The pictures of a study. These modules alone import pyqtgraph and numpy, when the pictures are first seen."""

# What takes long to import, a step at a time: between two of them the window answers.
STEPS = ("numpy", "PySide6.QtSvg", "PySide6.QtOpenGLWidgets", "PySide6.QtTest", "pyqtgraph")
