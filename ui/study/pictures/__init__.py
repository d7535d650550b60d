"""The pictures of a study. These modules alone import pyqtgraph and numpy, when the pictures are first seen."""
