"""The mutants themselves: what a test notices, what none does, and what counts as a limit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants import __main__, diagnosis, limits, rows, rules
from tests.mutants.mutant import ROOT, Mutant, UnsoundTestsError
from tests.mutants.readers import Readers, instrument
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


class _Copy(limits._Copy):
    """Notes the source that the tests would see."""

    def __init__(self, checkout: Path, *outcomes: limits.Outcome) -> None:
        self.checkout = checkout
        self.sound = set()
        self.outcomes = list(outcomes)
        self.tried: list[tuple[str, list[str], list[str]]] = []

    def said(self) -> str:
        return "1 failed"

    def run(self, files: list[str], tests: list[str]) -> limits.Outcome:
        self.tried.append(((self.checkout / "a.py").read_text(), files, tests))
        return self.outcomes.pop(0) if self.outcomes else limits.Outcome.PASSED


@pytest.mark.parametrize(
    ("outcome", "is_noticed"),
    [(limits.Outcome.FAILED, True), (limits.Outcome.TOO_LONG, True), (limits.Outcome.UNCOLLECTED, False)],
)
def test_noticed_is_what_the_same_tests_pass_unbroken(tmp_path: Path, outcome: limits.Outcome, is_noticed: bool) -> None:
    (tmp_path / "a.py").write_text("MAX_A = 1\n")
    limit = limits.Limit("a", "a.py", 1, "MAX_A *= 8", ("tests/test_b.py",))
    assert limits._is_noticed(_Copy(tmp_path, outcome), limit, Readers(is_anywhere=True)) is is_noticed
    with pytest.raises(UnsoundTestsError, match="1 failed"):
        limits._is_noticed(_Copy(tmp_path, outcome, outcome), limit, Readers(is_anywhere=True))


def test_a_changed_limit_is_put_into_a_copy_and_taken_out_again(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("MAX_A = 1\nB = MAX_A\n")
    written = file.stat().st_mtime_ns
    limit = limits.Limit("a", "a.py", 1, "MAX_A *= 8", ("tests/test_b.py", "tests/c"))
    copy = _Copy(tmp_path)
    readers = Readers(tests={"tests/c/test_d.py::test_e", "tests/test_b.py::test_f", "tests/g/test_h.py::test_i"})
    assert not limits._is_noticed(copy, limit, readers)
    changed = "MAX_A = 1\nMAX_A *= 8\nB = MAX_A\n"
    assert [(source, files) for source, files, _ in copy.tried] == [(changed, ["tests/test_b.py", "tests/c/test_d.py"])]
    assert file.read_text() == "MAX_A = 1\nB = MAX_A\n"
    assert file.stat().st_mtime_ns == written  # what Python compiled of it counts again


def test_a_limit_that_no_test_reads_is_not_tried(tmp_path: Path) -> None:
    copy = _Copy(tmp_path)
    assert not limits._is_noticed(copy, limits.Limit("a", "a.py", 1, "", ("tests/c",)), Readers())
    assert copy.tried == []


def test_tests_elsewhere_are_tried_where_none_of_its_own_read_a_limit() -> None:
    limit = limits.Limit("a", "a.py", 1, "", ("tests/c",))
    assert limits._asked(limit, Readers(tests={"tests/g/test_h.py::test_i"})) == (
        ["tests/g/test_h.py"],
        ["tests/g/test_h.py::test_i"],
    )


def test_only_a_test_that_fails_or_takes_too_long_has_noticed(tmp_path: Path) -> None:
    copy = limits._Copy(tmp_path / "checkout", copied=())
    try:
        (copy.checkout / "test_a.py").write_text("def test_b(): pass\ndef test_c(): assert False\n")
        assert copy.run(["test_a.py"], ["test_a.py::test_b"]) is limits.Outcome.PASSED
        assert copy.run(["test_a.py"], []) is limits.Outcome.FAILED
        (copy.checkout / "test_g.py").write_text(
            "import pytest\n@pytest.mark.parametrize('n', [8])\ndef test_h(n): assert False\n"
        )
        assert copy.run(["test_g.py"], ["test_g.py::test_h[1]"]) is limits.Outcome.FAILED
        (copy.checkout / "inner").mkdir()
        (copy.checkout / "inner" / "test_d.py").write_text("def test_e(): assert False\n")
        assert copy.run(["test_a.py", "inner"], ["test_a.py::test_b"]) is limits.Outcome.FAILED
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(limits, "PATIENCE_S", 0.0)
            assert copy.run(["test_a.py"], []) is limits.Outcome.TOO_LONG
    finally:
        copy.close()


def test_tests_that_cannot_run_have_not_noticed(tmp_path: Path) -> None:
    (tmp_path / "said").write_text("why")
    assert limits._outcome(2, tmp_path / "said") is limits.Outcome.UNCOLLECTED
    for code in (3, 4, -11):
        with pytest.raises(UnsoundTestsError, match=f"{code}:\nwhy"):
            limits._outcome(code, tmp_path / "said")


def test_each_use_of_a_limit_tells_who_reads_it(tmp_path: Path) -> None:
    for name, source in _READING.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    assert instrument(tmp_path, {"app/a.py MAX_A", "app/a.py MAX_B"}) == {"app/a.py MAX_B"}
    told = {name: (tmp_path / name).read_text().count("_noted(") for name in _READING}
    assert told == {"app/a.py": 2, "app/b.py": 3, "ui/c.py": 0}


_READING = {
    "app/a.py": '"""Doc."""\nfrom __future__ import annotations\nMAX_A = 1\nMAX_B = 2\nTWICE = MAX_A * 2\n'
    "def f(x=MAX_A):\n    return TWICE\nclass C:\n    size: int = MAX_B\n",
    "app/b.py": "from app import a\nfrom app.a import MAX_A as M, TWICE\n"
    "def f(x):\n    match x:\n        case a.MAX_A:\n            return M\n    return a.MAX_A + TWICE\n",
    "ui/c.py": "MAX_A = 3\ndef f():\n    return MAX_A\n",
}


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
