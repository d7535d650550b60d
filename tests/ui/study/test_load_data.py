"""What the Load half shows, as data: steps as they are typed, rows, curves."""

from __future__ import annotations

from math import log10

import msgspec
import pytest

from app.asking.loading import load_of
from app.recording.records import SideName
from app.study.load_steps import StepsError, steps_of, steps_text
from app.study.load_told import Loaded
from tests.ui.study.made import made_load
from ui.study.load.curves import DONE, apart, curves_of, log_ticks
from ui.study.load.rows import COLUMNS, LoadRow, last_within_all, rows_of
from ui.study.load.table import places_for


def sides(*args: object) -> dict[SideName, Loaded]:
    found = load_of(made_load(*args)[0])  # type: ignore[arg-type]
    assert found is not None
    return found.load


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("1, 2,4", (1, 2, 4)),
        ("1, 2 … 16", (1, 2, 4, 8, 16)),
        ("1, 2, 4, …, 16", (1, 2, 4, 8, 16)),
        ("1 ... 8", (1, 2, 4, 8)),
        ("3, 9 … 100", (3, 9, 27, 81, 100)),
        ("5", (5,)),
    ],
)
def test_steps_as_typed(text: str, steps: tuple[float, ...]) -> None:
    assert steps_of(text, open_loop=False) == steps
    assert steps_of(steps_text(steps), open_loop=False) == steps


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "takes numbers"), ("1,,2", "takes numbers"), ("x", "takes numbers"), ("4, 2", "each is larger"), ("0", "each is"),
        ("1, 512", "at most 256"), ("1.5", "whole numbers"), ("8, 8 … 64", "each is larger"), ("nan", "each is larger"),
    ],
)  # fmt: skip
def test_steps_that_can_not_be_taken(text: str, said: str) -> None:
    with pytest.raises(StepsError, match=said):
        steps_of(text, open_loop=False)


def test_rates_need_not_be_whole() -> None:
    assert steps_of("0.5, 1.5", open_loop=True) == (0.5, 1.5)
    with pytest.raises(StepsError, match="at most 200"):
        steps_of("250", open_loop=True)


def cells(row: LoadRow, side: SideName) -> dict[str, tuple[str, str, bool]]:
    return {name: (one.text, one.role, one.bold) for name, one in zip(COLUMNS, row.sides[side], strict=True)}


def test_rows_say_what_is_bad_and_what_is_best() -> None:
    rows = {one.step: one for one in rows_of(sides())}
    assert list(rows) == ["1", "2", "4", "8", "16", "32", "64", "128"]
    assert [step for step, one in rows.items() if one.within] == ["32"]
    assert rows["32"].note == "the last within your limit"
    b = cells(rows["64"], "b")
    assert b["done"] == ("79.2 %", "bad", True)
    assert b["429"] == ("20.8 %", "bad", True)
    assert b["p95"][1] == "bad"
    assert cells(rows["64"], "a")["goodput"][2]
    assert not cells(rows["32"], "a")["goodput"][2]
    assert cells(rows["1"], "a")["p99"] == ("–", "muted", False)
    assert rows["64"].note == "B 429: again in 8 s (retry-after)"
    assert rows["128"].note.endswith("B: later, and no more answers a second: it ended")
    assert rows["1"].difference == "+21"
    assert "Wilson, 95 %" in rows["1"].tip


def test_a_step_that_one_side_lacks_is_not_within() -> None:
    found = sides()
    found["b"] = msgspec.structs.replace(found["b"], results=found["b"].results[:2])
    assert last_within_all(found) == 2
    (row,) = [one for one in rows_of(found) if one.step == "4"]
    assert (set(row.sides), row.difference) == ({"a"}, "")


def test_columns_fold() -> None:
    wide, narrow, small = (places_for(width, ["a", "b"]) for width in (1480, 960, 700))
    assert wide.note[1] > 300
    assert narrow.note[1] == 0
    for places in (narrow, small):
        assert places.sides["a"][2][1] == 0  # p99
        assert places.sides["a"][1][1] >= 50
        last = places.difference
        assert last[0] + last[1] <= (960 if places is narrow else 700) - 10
    assert places_for(980, ["a"]).sides["a"][2][1] > 0
    large = places_for(1480, ["a", "b"], 2.0).sides["a"][0][1]  # figures of twice the size
    assert large > wide.sides["a"][0][1]


def test_curves_open_what_they_show() -> None:
    found = sides()
    curves = curves_of(found)
    assert curves is not None
    assert [text for _, text in curves.steps] == ["1", "2", "4", "8", "16", "32", "64", "128"]
    assert [one.step for one in curves.times["b"]["p99"]] == [64, 128]
    assert curves.times["a"]["p50"][0].tip == "A, 1 at once: half of the first tokens within 221 ms"
    assert (curves.best["a"].step, curves.best["b"].step) == (64, 32)
    parts = [one for one in curves.ends if one.mark.side == "b" and one.mark.step == 64]
    assert [(one.what, one.mark.kind) for one in parts] == [(DONE, "p50"), ("429", "429")]
    assert parts[-1].high == pytest.approx(100)
    assert parts[-1].mark.tip == "B, 64 at once: 40 of 192 refused (429)"
    assert curves_of({}) is None


def test_log_ticks_and_names() -> None:
    assert log_ticks(90, 2500) == [
        (2.0, "100 ms"),
        (log10(200), "200 ms"),
        (log10(500), "500 ms"),
        (3.0, "1 s"),
        (log10(2000), "2 s"),
    ]
    assert apart([3.0, 1.0, 1.1], 0.5) == [3.0, 1.0, 1.5]
    assert apart([3.0, 2.75, 1.0], 0.5, 3.0) == [3.0, 2.5, 1.0]
