"""The mutants themselves: what a test notices, what none does, and what counts as a limit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants import __main__, diagnosis, limits, rows, rules
from tests.mutants.mutant import ROOT, Mutant
from tests.thorough import THOROUGH

# Run apart from this process: a fork of one that has threads can stand still.
_TRIED = """
import json
from app.text import numbers
from tests.mutants import forked
from tests.mutants.mutant import Mutant
tests = ("tests/text/test_numbers.py",)
mutants = [
    Mutant("unseen", tests, lambda: None),
    Mutant("seen", tests, lambda: setattr(numbers, "milliseconds", lambda ms: "")),
]
print(json.dumps(forked.unnoticed(mutants)))
"""


def test_what_a_test_sees_is_noticed_and_the_rest_is_listed() -> None:
    ran = subprocess.run([sys.executable, "-c", _TRIED], cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    assert json.loads(ran.stdout) == ["unseen"]


def test_every_mutant_has_a_name_of_its_own_and_tests_that_exist() -> None:
    made: list[Mutant | limits.Limit] = [*rows.mutants(), *diagnosis.mutants()]
    if THOROUGH:  # these are found by reading all sources
        made += [*rules.mutants(), *limits.mutants()]
    names = [one.name for one in made]
    assert len(names) == len(set(names))
    assert all((ROOT / path).exists() for one in made for path in one.tests)


def test_a_limit_is_a_number_with_the_name_of_one() -> None:
    source = "MAX_A = 1 << 4\n_B_S = 0.5\nC = 3\nD_BYTES = len(b'')\nE_LIMIT = 'x'\nMOST_F = (\n    2\n)\n"
    found = list(limits._of_module("app/text/numbers.py", source))
    assert [(one.name.rpartition(": ")[0].split()[-1], one.line) for one in found[::2]] == [
        ("MAX_A", 1),
        ("_B_S", 2),
        ("MOST_F", 8),
    ]
    assert [one.change for one in found[:2]] == ["MAX_A *= 8", "MAX_A = type(MAX_A)(MAX_A / 8) or 1"]


def test_a_changed_limit_is_put_into_a_copy_and_taken_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.py"
    file.write_text("MAX_A = 1\nB = MAX_A\n")
    tried: list[str] = []

    def passes(checkout: Path, tests: str) -> bool:
        tried.append(file.read_text())
        return True

    monkeypatch.setattr(limits, "_pass", passes)
    limit = limits.Limit("a", "a.py", 1, "MAX_A *= 8", ("good",))
    assert not limits._is_noticed(tmp_path, limit)
    assert tried == ["MAX_A = 1\nMAX_A *= 8\nB = MAX_A\n"]
    assert file.read_text() == "MAX_A = 1\nB = MAX_A\n"


def test_what_has_no_reason_and_what_has_one_too_many_are_failures(capsys: pytest.CaptureFixture[str]) -> None:
    reasons = {"a": "why", "gone": "why"}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(__main__, "REASONS", reasons)
        assert __main__._report(["a", "b"], ["a", "b"], whole=False) == 1
        assert "no test notices: b" in capsys.readouterr().out
        assert __main__._report(["a", "b"], ["a"], whole=True) == 1
        assert "no more: gone" in capsys.readouterr().out
        del reasons["gone"]
        assert __main__._report(["a", "b"], ["a"], whole=True) == 0
        assert __main__._report(["a", "b"], [], whole=True) == 1
