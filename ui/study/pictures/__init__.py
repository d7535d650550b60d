"""The pictures of a study. These modules alone import pyqtgraph and numpy, when the pictures are first seen."""

# What is imported ahead: numpy, which takes long and knows nothing of Qt, in a thread; the others in the window's loop.
BESIDE = "numpy"
STEPS = ("PySide6.QtSvg", "PySide6.QtOpenGLWidgets", "PySide6.QtTest", "pyqtgraph")
# Their classes are made when they are first asked for; pyqtgraph asks for every one.
QT = ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets")
