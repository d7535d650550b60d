"""`python -m tests.checks`: the honest simulator against all checks, and every row of the knobs; no part of the suite.

    python -m tests.checks                      # all protocols: one seed, what is lawful, every row
    python -m tests.checks --seeds 50           # the honest simulator with so many seeds: no check may fail, not once
    python -m tests.checks --rows usage         # the rows whose check or fault has this in its name
    python -m tests.checks --protocol openai-chat --check stop_sequence --check seed --seeds 20

Prints what is not as it should be, and ends with 1 where anything is not. On two cores of their own the honest simulator takes
about 2 s a seed, model and protocol, and so does a row.

Measured on 30 November 2026: `--seeds 50` in all three protocols with two models each (300 plays): no check failed or differed;
in one play of Chat Completions temperature and top_p were undecided, for which more answers are asked since. What costs much
(`--check two_samples --check prompt_cache --check context_size --check large_body`) in 2 seeds of Messages and Responses and
3 of Chat Completions, without a false alarm. The rows were played while checks were being added, not all on one version.
"""

from __future__ import annotations

import argparse
import sys
import time

from app.protocols.registry import protocol_ids
from tests.checks.knob_rows import LAWFUL, ROWS, Row
from tests.checks.matrix import fault_of_honest, fault_of_lawful, fault_of_row
from tests.checks.play import MODELS, REASONING, Stage
from tests.kept import Kept


def main() -> int:
    """Play it all; the number of faults found decides the exit code."""
    options = _options()
    kept = Kept()
    faults = 0
    try:
        stage = Stage(kept.wire(), kept.simulator())
        for protocol in options.protocol or protocol_ids():
            faults += _honest(stage, protocol, options)
            if options.seeds == 1:
                faults += _lawful(stage, protocol, options)
                faults += _rows(stage, protocol, options)
    finally:
        kept.end()
    say(f"{faults} not as it should be" if faults else "all as it should be")
    return 1 if faults else 0


def say(line: str) -> None:
    """A line of output, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _honest(stage: Stage, protocol: str, options: argparse.Namespace) -> int:
    if options.rows:
        return 0
    found, begin = 0, time.monotonic()
    for model in (MODELS[protocol], REASONING[protocol]):
        for seed in range(1, options.seeds + 1):
            for said in fault_of_honest(stage, protocol, seed=seed, model=model, checks=options.check):
                found += 1
                say(f"honest {protocol} {model} seed {seed}: {said}")
    say(f"{protocol}: honest, 2 models x {options.seeds} seeds in {time.monotonic() - begin:.1f} s")
    return found


def _lawful(stage: Stage, protocol: str, options: argparse.Namespace) -> int:
    found = 0
    for faults in LAWFUL if not options.rows else ():
        for said in fault_of_lawful(stage, protocol, faults, checks=options.check):
            found += 1
            say(f"lawful {faults} in {protocol}: {said}")
    return found


def _rows(stage: Stage, protocol: str, options: argparse.Namespace) -> int:
    found, begin = 0, time.monotonic()
    rows = [row for row in ROWS if protocol in row.protocols and _wanted(row, options)]
    for row in rows:
        for said in fault_of_row(stage, row, protocol):
            found += 1
            say(f"{row.check} by {row.faults} in {protocol}: {said}")
    say(f"{protocol}: {len(rows)} rows in {time.monotonic() - begin:.1f} s")
    return found


def _wanted(row: Row, options: argparse.Namespace) -> bool:
    named = options.rows in row.check or options.rows in row.faults
    return named and (not options.check or row.check in options.check)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.checks", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--rows", default="")
    parser.add_argument("--protocol", action="append", default=[])
    parser.add_argument("--check", action="append", default=[])
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
