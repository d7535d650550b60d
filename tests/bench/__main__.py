"""`python -m tests.bench [name...] [--json] [--short]`: benchmarks, their table, exit code 0 where all is reached."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import msgspec

from tests.bench.frame import Benchmark, Row, as_json, as_table
from ui.shell.light_imports import import_lightly

NAMES = (
    "clock", "phases", "path", "cancel", "window", "events", "replay", "extremes", "parser", "start", "memory", "soak", "study",
    "history",
)  # fmt: skip
_LEAKING = ("_API_KEY", "_AUTH_TOKEN", "_BASE_URL", "_PROXY", "_proxy")


def main(argv: Sequence[str] | None = None) -> int:
    """Each benchmark gets a process of its own, so that none leaves memory, threads or a warm cache to the next."""
    options = _parse(argv)
    if options.here:
        sys.stdout.buffer.write(msgspec.json.encode(run_here(options.names[0], options.short)) + b"\n")
        return 0
    results = []
    for name in options.names or NAMES:
        if not options.json:
            print(f"{name} …", file=sys.stderr, flush=True)
        results.append((name, run_apart(name, options.short)))
    print(json.dumps(as_json(results), indent=1) if options.json else as_table(results))
    return 0 if all(row.reached for _, rows in results for row in rows) else 1


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--json", action="store_true", help="objects instead of a table")
    parser.add_argument("--short", action="store_true", help="a few seconds each: shows that it runs, its times say little")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    return options


def run_apart(name: str, short: bool) -> list[Row]:
    """The rows of a benchmark that ran in a process of its own. Raises CalledProcessError where it broke."""
    command = [sys.executable, "-m", "tests.bench", name, "--here", *(["--short"] if short else [])]
    with own_home() as environment:
        done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=True)
    return msgspec.json.decode(done.stdout, type=list[Row])


def run_here(name: str, short: bool) -> list[Row]:
    """The rows of a benchmark, in this process, which has Qt as the program has it."""
    import_lightly()
    run: Benchmark = import_module(f"tests.bench.{name}").run
    return run(short)


@contextmanager
def own_home() -> Iterator[dict[str, str]]:
    """An environment with an empty home, no display, no keys and no proxies."""
    with tempfile.TemporaryDirectory(prefix="diptych-bench-") as folder:
        environment = {name: value for name, value in os.environ.items() if not name.endswith(_LEAKING)}
        for name, place in (
            ("HOME", ""),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_STATE_HOME", "state"),
        ):
            environment[name] = str(Path(folder, place))
        environment["DIPTYCH_CONFIG_DIR"] = str(Path(folder, "config", "diptych"))
        environment["QT_QPA_PLATFORM"] = "offscreen"
        # Installed programs have their bytecode beside them; without it every start would compile the sources anew.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        yield environment


if __name__ == "__main__":
    sys.exit(main())
