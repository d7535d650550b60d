"""What is typed and what is shown in the terminal: just below each bound, and just above it."""

from __future__ import annotations

import re
from argparse import Namespace
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.report.schema import Report
from app.terminal import mirror_table
from app.terminal.check_table import print_report
from app.terminal.commands import check, drift, mirror
from app.terminal.commands.run import plan_of
from app.terminal.parser import parser
from app.terminal.usage import UsageError
from tests.report.reports import judging, report_of, verdict


async def with_words(measured: str, meaning: str) -> Report:
    """A report of a check that measured and means that."""
    made = await report_of(judging(verdict("fail", short="x", brief="y")), sides=("b",))
    one = made.checks[-1]
    return replace(made, checks=[replace(one, b=replace(one.b, short=measured, sentence=meaning, advice=meaning))])


@pytest.mark.parametrize(("length", "measured", "meaning"), [(40, 40, 40), (41, 39, 41), (300, 39, 300), (301, 39, 299)])
async def test_a_row_of_checks_has_forty_characters_of_what_was_measured_and_three_hundred_of_what_it_means(
    capsys: pytest.CaptureFixture[str], length: int, measured: int, meaning: int
) -> None:
    print_report(await with_words("m" * length, "w" * length), [], newly=False)
    said = capsys.readouterr().out
    assert max(map(len, re.findall("m{30,}", said))) == measured
    assert max(map(len, re.findall("w{30,}", said))) == meaning


def test_a_baseline_of_more_than_64_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    for size, said in ((9 << 20, "no JSON report"), ((64 << 20) + 1, "longer than 67108864 bytes")):
        with path.open("wb") as made:
            made.truncate(size)
        with pytest.raises(UsageError, match=said):
            check._baseline(path)


def test_what_changes_is_asked_every_ten_minutes_at_most() -> None:
    assert drift._seconds("10m") == 600
    with pytest.raises(UsageError, match="at least 10 minutes"):
        drift._seconds("9m")


def test_a_token_of_the_mirror_has_sixteen_characters() -> None:
    options = Namespace(list=False, token="x" * 15, body=None)
    with pytest.raises(UsageError, match="takes 16 letters"):
        mirror.command(options)
    options.token, options.body = "x" * 16, Path("/nowhere/x.json")
    with pytest.raises(UsageError, match="can't be read"):  # what is looked at next
        mirror.command(options)


def test_a_body_for_the_mirror_has_32_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "body.json"
    for size, taken in ((5 << 20, True), ((32 << 20) + 1, False)):
        path.write_bytes(b'{"a":"' + b"x" * (size - 8) + b'"}')
        if taken:
            assert len(mirror._read(path)) == size
        else:
            with pytest.raises(UsageError, match="no JSON object"):
                mirror._read(path)


@pytest.mark.parametrize(("length", "seen"), [(44, "x" * 44), (45, "x" * 43 + "…")])
def test_a_cell_of_the_mirror_has_44_characters(length: int, seen: str) -> None:
    assert mirror_table._cell("x" * length) == seen


def test_as_many_tokens_are_asked_for_as_the_field_of_the_window_holds() -> None:
    assert plan_of(parser().parse_args(["run", "--max-tokens", "2147483647"])).max_tokens == 2_147_483_647
    with pytest.raises(UsageError, match="is at most"):
        plan_of(parser().parse_args(["run", "--max-tokens", "2147483648"]))
