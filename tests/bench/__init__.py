"""Benchmarks: how exact the measurements are and how fast the window is, each figure beside its floor from the same run."""
