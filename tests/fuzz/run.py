"""Fuzz one target: `python -m tests.fuzz.run TARGET [SECONDS] [FOLDER]`, with atheris where it is installed.

FOLDER holds more seeds, and with atheris takes in what reaches new code. What makes a target raise is written beside it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

try:
    import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]  # no dependency: a tool for a scratch environment
except ImportError:
    atheris = None


def main() -> None:
    name, seconds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 60
    folder = Path(sys.argv[3] if len(sys.argv) > 3 else tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    if atheris is None:
        _mutate(name, seconds, folder)
        return
    with atheris.instrument_imports(include=["app"]):
        from tests.fuzz.targets import TARGETS
    from tests.fuzz.seeds import SEEDS, WORDS

    for number, seed in enumerate(SEEDS[name]):
        (folder / f"seed-{number}").write_bytes(seed)
    words = folder.with_name(f"{folder.name}.words")
    words.write_text("".join('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in WORDS))
    options = [f"-max_total_time={seconds}", "-max_len=16384", "-timeout=20", "-rss_limit_mb=2048", f"-dict={words}"]
    atheris.Setup([name, *options, f"-artifact_prefix={folder}/../{name}-", str(folder)], TARGETS[name])
    atheris.Fuzz()


def _mutate(name: str, seconds: int, folder: Path) -> None:
    from tests.fuzz.mutation import mutations
    from tests.fuzz.seeds import SEEDS
    from tests.fuzz.targets import TARGETS

    end, count = time.monotonic() + seconds, 0
    seeds = [*SEEDS[name], *(path.read_bytes() for path in folder.iterdir())]
    for data in mutations(seeds, time.time_ns()):
        try:
            TARGETS[name](data)
        except BaseException:
            (folder / "crash").write_bytes(data)
            sys.stdout.write(f"{name}: {folder / 'crash'} after {count} runs\n")
            raise
        count += 1
        if time.monotonic() > end:
            break
    sys.stdout.write(f"{name}: {count} runs without a fault\n")


if __name__ == "__main__":
    main()
