"""The forks that run the tests: what they report, and what becomes of those that die."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).resolve().parents[1]

_CONFTEST = """
import pytest
from tests.workers import add_option as pytest_addoption, run_in_workers

pytest_runtestloop = pytest.hookimpl(tryfirst=True)(run_in_workers)
"""
_FILES = {
    "test_dies.py": """
        import os, signal
        def test_before(): pass
        def test_dying(): os.kill(os.getpid(), signal.SIGKILL)
        def test_behind(): pass
    """,
    "test_dies_at_its_end.py": """
        import atexit, os, signal
        def test_last_of_its_process(): atexit.register(os.kill, os.getpid(), signal.SIGTERM)
    """,
    "test_tells.py": """
        import os, pytest, warnings
        def test_folder(tmp_path): assert tmp_path.is_dir()
        def test_failing():
            print(f"said in {os.getpid()}")
            assert 1 == 2
        def test_skipped(): pytest.skip("for a reason")
        def test_warning(): warnings.warn("a warning")
    """,
}


def _pytest(folder: Path, *options: str) -> tuple[int, str, int]:
    """Its exit code, what it said, and its process id."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "200"}
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(folder), "-rA", *options, str(folder)]
    ran = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said, _ = ran.communicate(timeout=60)
    return ran.returncode, said, ran.pid


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork")
def test_forks_report_what_their_tests_gave_and_what_becomes_of_them(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(_CONFTEST)
    for name, text in _FILES.items():
        (tmp_path / name).write_text(dedent(text).lstrip())

    code, said, pid = _pytest(tmp_path, "-n", "3")

    assert code == pytest.ExitCode.TESTS_FAILED
    for line in (
        "PASSED test_dies.py::test_before",
        "FAILED test_dies.py::test_dying - the process that ran this test was ended by signal 9",
        "PASSED test_dies.py::test_behind",
        "PASSED test_dies_at_its_end.py::test_last_of_its_process",
        "PASSED test_tells.py::test_folder",
        "FAILED test_tells.py::test_failing - assert 1 == 2",
        "SKIPPED [1] test_tells.py:6: for a reason",
        "UserWarning: a warning",
        "said in ",
    ):
        assert line in said
    assert re.search("^ERROR test_.* - the process that ran this test was ended by signal 15$", said, re.MULTILINE)
    assert f"said in {pid}" not in said
    assert "2 failed, 5 passed, 1 skipped, 1 warning, 1 error" in said

    code, said, _ = _pytest(
        tmp_path, "-n", "2", "-x", "--deselect", "test_dies.py::test_dying", "--ignore-glob", "*at_its_end.py"
    )

    assert code == pytest.ExitCode.TESTS_FAILED
    assert "stopping after 1 failures" in said
    assert "test_warning" not in said
