"""Which kept process a test finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import put_home
from tests.kept import Kept


def test_a_wire_process_serves_whatever_home_a_test_has_and_no_other_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept()
    put_home(tmp_path / "first", monkeypatch)
    first = kept.wire()
    assert kept.wire() is not first, "it is in use"
    first.free = True
    put_home(tmp_path / "second", monkeypatch)
    assert kept.wire() is first
    first.free = True
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert kept.wire() is not first
