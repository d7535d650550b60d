"""`python -m tests.mutants`: break rows, rules and limits one at a time, and list those that no test notices."""

from __future__ import annotations

import argparse
import sys
import time

from tests.mutants import diagnosis, forked, limits, rows, rules
from tests.mutants.reasons import REASONS

KINDS = ("rows", "rules", "diagnosis", "limits")


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 where something is unnoticed without a reason, or a reason is stale."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", choices=KINDS, action="append", help="this kind alone; may be given more than once")
    parser.add_argument("--jobs", type=int, default=1, help="how many mutants are tried at the same time")
    parser.add_argument("--match", default="", help="those alone whose name has this in it")
    options = parser.parse_args(arguments)
    known: list[str] = []
    unnoticed: list[str] = []
    for kind in options.only or KINDS:
        began = time.monotonic()
        names, unseen = _try(kind, options.match, options.jobs)
        print(f"{kind}: {len(names)} mutants, {len(unseen)} unnoticed, {time.monotonic() - began:.0f} s", flush=True)
        known += names
        unnoticed += unseen
    return _report(known, unnoticed, whole=not options.match and not options.only)


def _try(kind: str, match: str, jobs: int) -> tuple[list[str], list[str]]:
    """The names of all mutants of a kind, and of those that are unnoticed."""
    if kind == "limits":
        found = [one for one in limits.mutants() if match in one.name]
        return [one.name for one in found], limits.unnoticed(found, jobs)
    made = {"rows": rows, "rules": rules, "diagnosis": diagnosis}[kind].mutants()
    mutants = [one for one in made if match in one.name]
    return [one.name for one in mutants], forked.unnoticed(mutants, jobs)


def _report(known: list[str], unnoticed: list[str], *, whole: bool) -> int:
    unsaid = [name for name in unnoticed if name not in REASONS]
    noticed = set(known) - set(unnoticed)
    stale = [name for name in REASONS if name in noticed or (whole and name not in known)]
    for name in unsaid:
        print(f"no test notices: {name}")
    for name in stale:
        print(f"a reason for what is noticed or is no more: {name}")
    with_reason = len(unnoticed) - len(unsaid)
    print(
        f"{len(known)} mutants: {len(noticed)} noticed, {with_reason} not, with a reason, {len(unsaid)} not; {len(stale)} stale"
    )
    return 1 if unsaid or stale else 0


if __name__ == "__main__":
    sys.exit(main())
