"""A copy of the checkout, for what is broken in the source: child processes see it too."""

from __future__ import annotations

import compileall
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.mutant import ROOT

COPIED = ("app", "ui", "tests", "resources", "packaging", "pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md")


def copy_to(checkout: Path, copied: Sequence[str] = COPIED) -> Path:
    """Make one there, and return its path."""
    checkout.mkdir(parents=True)
    for name in copied:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, checkout / name)
    if (shared := ROOT.parent / "shared").exists():  # the recordings that tests look for beside the checkout
        (checkout.parent / "shared").symlink_to(shared)
    return checkout


def compile_all(checkout: Path) -> None:
    """Each run is a process of its own: it would compile all that it imports again."""
    for name in ("app", "ui", "tests"):
        compileall.compile_dir(checkout / name, quiet=2)


def environment(checkout: Path) -> dict[str, str]:
    """In which the copy is imported, and not the checkout."""
    return os.environ | {"PYTHONPATH": str(checkout)}
