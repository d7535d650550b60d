"""Files of ours that two processes change at the same time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.store import locks
from app.store.files import StoreError
from app.store.profiles import Profile, ProfileStore

ROOT = Path(__file__).parents[2]
EACH = 6
SAVES = """
import sys
from pathlib import Path
from app.store.profiles import Profile, ProfileStore
store = ProfileStore(Path(sys.argv[1]))
store.load()
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    store.save(Profile(f"{sys.argv[2]} {number}"))
"""


def test_two_processes_that_save_lose_no_profile(tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    savers = [
        subprocess.Popen(
            [sys.executable, "-c", SAVES, str(path), name, str(EACH)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for name in ("one", "two")
    ]  # fmt: skip
    for saver in savers:
        assert saver.stdout is not None
        assert saver.stdout.readline() == "ready\n"
    for saver in savers:
        assert saver.stdin is not None
        saver.stdin.write("go\n")
        saver.stdin.flush()
    for saver in savers:
        saver.communicate(timeout=60)
        assert saver.returncode == 0
    names = sorted(profile.name for profile in ProfileStore(path).load())
    assert names == sorted(f"{name} {number}" for name in ("one", "two") for number in range(EACH))


def test_a_file_in_use_is_told_and_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "WAIT_S", 0.0)
    path = tmp_path / "profiles.toml"
    store = ProfileStore(path)
    with locks.locked(tmp_path / ".profiles.toml.lock"), pytest.raises(StoreError, match="in use by another Diptych"):
        store.save(Profile("A"))
    assert not path.exists()
    store.save(Profile("A"))
    assert [one.name for one in ProfileStore(path).load()] == ["A"]
