"""`diptych --self-test`, as a packaged build is asked."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from app.__main__ import main
from app.terminal import self_test
from app.terminal.self_test import Part
from tests.terminal.program import diptych


def test_every_part_of_this_checkout_works_and_the_users_files_stay_as_they_are(tmp_path: Path) -> None:
    environment = {"DIPTYCH_CONFIG_DIR": str(tmp_path), "TMPDIR": str(tmp_path)}
    done = diptych("--self-test", "--json", **environment)
    told = json.loads(done.stdout)
    parts = {one["name"]: one for one in told["parts"]}
    assert [name for name, one in parts.items() if not one["ok"]] == []
    assert done.returncode == 0
    assert told["ok"] is True
    assert list(parts) == ["window", "wire", "keyring", "TLS", "encodings", "history", "resources", "commands"]
    assert "6 pages" in parts["window"]["found"]
    assert os.listdir(tmp_path) == []


@pytest.fixture
def window_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "_PARTS", (("encodings", self_test._encodings),))


@pytest.mark.usefixtures("window_alone")
def test_a_part_that_is_missing_is_named_and_the_others_are_tried(capsys: pytest.CaptureFixture[str]) -> None:
    def window() -> str:
        raise ImportError("no module named “shiboken6”\x1b[2J")

    assert self_test.self_test(["--self-test"], window) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("FAILED  window     ImportError: no module named “shiboken6”␛[2J")
    assert second == "ok      encodings  brotli and zstd decode"
    assert self_test.self_test(["--self-test"], lambda: "painted") == 0


def test_a_keyring_whose_package_is_missing_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "_KEYRINGS", dict.fromkeys(("linux", "win32", "darwin"), ("SecretService", "no_such")))
    assert self_test._tried("keyring", self_test._keyring) == Part(
        "keyring", False, "ModuleNotFoundError: No module named 'no_such'"
    )


def test_it_stands_alone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert main(["--self-test", "run"]) == 2
    assert "takes --json and nothing else" in capsys.readouterr().err
