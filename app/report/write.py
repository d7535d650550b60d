"""A report as a file, in the format that the file's name ends with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.store.files import StoreError, write_atomically
from app.text.sentences import message, tr
from app.text.system_words import system_words

if TYPE_CHECKING:
    from app.report.schema import Report

# The formats are imported when one is written: the window starts without them.


def _html(report: Report, *, strict: bool) -> bytes:
    from app.report.html import html

    return html(report).encode("utf-8", "replace")


def _markdown(report: Report, *, strict: bool) -> bytes:
    from app.report.markdown import markdown

    return markdown(report).encode("utf-8", "replace")


def _json(report: Report, *, strict: bool) -> bytes:
    from app.report.schema import dump

    return dump(report)


def _junit(report: Report, *, strict: bool) -> bytes:
    from app.report.junit import junit

    return junit(report, strict=strict)


def _csv(report: Report, *, strict: bool) -> bytes:
    from app.report.csv import as_csv

    return as_csv(report).encode("utf-8-sig", "replace")  # without the mark, Excel takes it for another encoding


class _Format:
    def __init__(self, name: str, make: Callable[..., bytes]) -> None:
        self.name, self.make = name, make


_FORMATS = {
    ".html": _Format(message("HTML page"), _html),
    ".md": _Format("Markdown", _markdown),
    ".json": _Format("JSON", _json),
    ".xml": _Format("JUnit XML", _junit),
    ".csv": _Format(message("Table for spreadsheets"), _csv),
}
SUFFIXES = tuple(_FORMATS)
NAMES: dict[str, str] = {suffix: one.name for suffix, one in _FORMATS.items()}
"""What each format is called, by the suffix of its files; to be said by `tr`."""


def render(report: Report, suffix: str, *, strict: bool = False) -> bytes:
    """The report in the format of that suffix. `strict`: in JUnit, what differs fails too. Raises KeyError."""
    return _FORMATS[suffix.lower()].make(report, strict=strict)


def write_report(report: Report, path: Path, *, strict: bool = False) -> None:
    """Write it so that its owner alone can read it; a file of that name is replaced whole or not at all. Raises StoreError."""
    if path.suffix.lower() not in _FORMATS:
        raise StoreError(tr("{name} ends with none of {endings}.", name=path.name, endings=", ".join(SUFFIXES)))
    try:
        write_atomically(path, [render(report, path.suffix, strict=strict)])
    except OSError as error:
        raise StoreError(tr("{path} can't be written: {why}.", path=path, why=system_words(error))) from error


def append_summary(report: Report, path: Path) -> None:
    """Put the Markdown behind what stands in a file, as GitHub's job summary wants it. Raises StoreError."""
    try:
        with path.open("ab") as file:
            file.write(render(report, ".md"))
    except OSError as error:
        raise StoreError(tr("{path} can't be written: {why}.", path=path, why=system_words(error))) from error
