"""Numbers as people read them."""

from __future__ import annotations

import pytest

from app.text import numbers


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        (0, "0 ms"),
        (0.04, "0.0 ms"),
        (4.26, "4.3 ms"),
        (612.4, "612 ms"),
        (1024.4, "1 024 ms"),
        (-41.6, "−42 ms"),
        (9.96, "10 ms"),
        (-0.04, "0.0 ms"),
    ],
)
def test_milliseconds(value: float | None, said: str) -> None:
    assert numbers.milliseconds(value) == said.replace(" 024", f"{numbers.THIN}024")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        (612.4, "612 ms"),
        (2310, "2.31 s"),
        (99_994, "99.99 s"),
        (123_456, "123 s"),
        (-1500, "−1.50 s"),
        (999.4, "999 ms"),
        (999.95, "1.00 s"),
        (-999.5, "−1.00 s"),
        (99_996, "100 s"),
    ],
)
def test_seconds(value: float | None, said: str) -> None:
    assert numbers.seconds(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        (0, "$0"),
        (0.0015, "$0.0015"),
        (0.000_154, "$0.00015"),
        (0.000_042, "$0.000042"),
        (0.000_001_5, "$0.0000015"),
        (12.5, "$12.50"),
    ],
)
def test_usd(value: float | None, said: str) -> None:
    assert numbers.usd(value) == said


@pytest.mark.parametrize(
    ("value", "said"), [(58.4, "58"), (9.96, "10"), (4.26, "4.3"), (0.4, "0.40"), (0.996, "1.0"), (-3.2, "−3.2")]
)
def test_rate(value: float, said: str) -> None:
    assert numbers.rate(value) == said


@pytest.mark.parametrize(("ratio", "said"), [(1.666, "1.67"), (0.5, "0.50"), (0.0031, "0.0031"), (0.0, "0.00")])
def test_times(ratio: float, said: str) -> None:
    assert numbers.times(ratio) == said


def test_what_rounds_to_nothing_has_no_sign() -> None:
    assert [numbers.grouped(-0.3), numbers.grouped(-0.04, 1), numbers.grouped(-0.6)] == ["0", "0.0", "−1"]


def test_counts_and_sizes() -> None:
    assert numbers.count(None) == "–"
    assert numbers.count(1024) == f"1{numbers.THIN}024"
    assert numbers.plural(1, "finding") == "1 finding"
    assert numbers.plural(2, "finding") == "2 findings"
    assert numbers.plural(2, "reply", "replies") == "2 replies"
    assert [numbers.byte_size(size) for size in (1, 118, 1400, 12_300_000)] == ["1 byte", "118 bytes", "1.4 kB", "12.3 MB"]


def test_a_sign_stands_before_what_grew() -> None:
    assert numbers.signed("412 ms", 412) == "+412 ms"
    assert numbers.signed(numbers.milliseconds(-412), -412) == "−412 ms"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.5, "0.5 s"), (9.994, "9.99 s"), (20, "20 s"), (119.4, "119 s"), (380, "6 min 20 s"), (600, "10 min"),
     (18720, "5 h 12 min"), (7200, "2 h"), (200_000, "2 days 7 h"), (172_900, "2 days")],
)  # fmt: skip
def test_duration(seconds: float, text: str) -> None:
    assert numbers.duration(seconds) == text


def test_an_amount_beside_another_has_its_digits() -> None:
    assert numbers.usd(0.0009996) == "$0.0010"
    assert numbers.usd(0.00052, 0.0015) == "$0.0005"
    assert numbers.usd(0.00012, 0.00031) == "$0.00012"
    assert numbers.usd(0.5, 2.0) == "$0.50"
