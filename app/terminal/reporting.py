"""`--report FILE`: reports as files, in the format that each name ends with; and the summary of a GitHub job."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from app.report.schema import Report
from app.report.write import SUFFIXES, append_summary, write_report
from app.store.files import StoreError, why_not_written
from app.terminal.text import complain
from app.terminal.usage import UsageError
from app.text.sentences import tr

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"


def add_report_option(parser: argparse.ArgumentParser) -> None:
    """For commands whose run can be reported."""
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help=tr("write a report; the name ends with one of {suffixes:commas} (xml: JUnit); repeatable", suffixes=SUFFIXES),
    )


def check_reports(paths: Sequence[Path]) -> None:
    """Raise UsageError where one of them can't be written: said before anything is paid for."""
    for path in paths:
        if path.suffix.lower() not in SUFFIXES:
            raise UsageError(
                tr("--report {file}: the name must end with one of {suffixes:commas}", file=path, suffixes=SUFFIXES)
            )
        if why := why_not_written(path):
            raise UsageError(tr("{where}: {why}", where=f"--report {path}", why=why))


def write_reports(report: Report, paths: Sequence[Path], *, strict: bool = False, summary: bool = False) -> bool:
    """Write them, and with `summary` the one of a GitHub job where it runs in one. Whether all of them could be."""
    written = True
    for path in paths:
        try:
            write_report(report, path, strict=strict)
        except StoreError as error:
            complain(f"diptych: {error}")
            written = False
    if summary and (named := os.environ.get(SUMMARY_VARIABLE)):
        try:
            append_summary(report, Path(named))
        except StoreError as error:  # a job does not fail for its summary
            complain(f"diptych: {error}")
    return written
