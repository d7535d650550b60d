"""The pictures of a study. These modules alone import pyqtgraph and numpy, when the pictures are first seen."""

# What is imported ahead: first, in a thread, what takes long and knows nothing of Qt; the others in the window's loop.
BESIDE = (
    "numpy", "numpy.typing", "pydoc", "cProfile", "xml.etree.ElementTree", "multiprocessing.connection", "colorama",
)  # fmt: skip
STEPS = ("PySide6.QtSvg", "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets", "PySide6.QtTest", "pyqtgraph")
# Their classes are made when they are first asked for; pyqtgraph asks for every one.
QT = ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets")
