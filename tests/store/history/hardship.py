"""What the suite does in small, at length: `python -m tests.store.history.hardship [KILLS] [SECONDS]` (50 and 60).

Writers that are killed in mid-write, each at another moment; then two that write at once. Nothing that was told as kept may be
missing, everything reads as it was, and SQLite finds its file whole.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.store.history.made import body, history
from tests.store.history.test_history import KILLER, ROOT

# Adds until its time is over, and says which.
_WRITER = """
import sys, time
from pathlib import Path
from tests.store.history.made import body, entry, history
end, number = time.monotonic() + float(sys.argv[3]), int(sys.argv[2])
with history(Path(sys.argv[1])) as made:
    while time.monotonic() < end:
        made.add(entry(number), body(number))
        print(number, flush=True)
        number += 1
        if number % 7 == 0:
            made.set_note(made.find(limit=1)[0].id, "changed meanwhile")
"""


def main(kills: int, seconds: float) -> int:
    with tempfile.TemporaryDirectory() as name:
        killed = subprocess.run(
            [sys.executable, "-c", KILLER, name, str(kills)], cwd=ROOT, capture_output=True, text=True, check=True
        )
        wrong = _look(Path(name), killed.stdout, f"{kills} kills in mid-write")
    with tempfile.TemporaryDirectory() as name:
        running = [
            subprocess.Popen(
                [sys.executable, "-c", _WRITER, name, str(begin), str(seconds)], cwd=ROOT, stdout=subprocess.PIPE, text=True
            )
            for begin in (0, 100_000)
        ]
        told = "".join(one.communicate()[0] for one in running)
        wrong += sum(one.returncode != 0 for one in running)
        wrong += _look(Path(name), told, f"two that write for {seconds:g} s")
    return int(wrong > 0)


def _look(folder: Path, told: str, what: str) -> int:
    """How much is wrong."""
    finished = set(map(int, told.split()))
    with history(folder) as made:
        found = {int(one.entry.run_id[2:]): one.id for one in made.find(limit=1 << 30)}
        torn = sum(not b"".join(made.pieces(at)).startswith(body(number)[0]) for number, at in found.items())
        said = made.problem
    with closing(sqlite3.connect(made.path)) as connection:
        checked = connection.execute("PRAGMA integrity_check").fetchall()
        connection.execute("INSERT INTO texts (texts) VALUES ('integrity-check')")
    lost = len(finished - set(found))
    sys.stdout.write(f"{what}: {len(finished)} finished, {lost} lost, {torn} torn, integrity_check {checked}{said}\n")
    sys.stdout.flush()
    return lost + torn + (checked != [("ok",)]) + bool(said)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50, float(sys.argv[2]) if len(sys.argv) > 2 else 60))
