"""`python -m tests.checks.power`: how often the two-sample test is right, measured; minutes, so no part of the suite.

    python -m tests.checks.power                # 500 runs each on made-up answers, 20 each over sockets
    python -m tests.checks.power --runs 100 --sockets 0

On made-up answers: as many options a question as a model's answers have, drawn from a Dirichlet distribution. Over sockets: the
check itself, against the simulator, honest and as another model. Prints the share of runs in which a difference is seen, with
its 95 % interval; what there is no difference in must be below 1.5 %, unrelated models above 95 %.
"""

from __future__ import annotations

import argparse
import sys
from random import Random

from app.checks.catalogue.two_samples import LEVEL
from app.checks.statistics import clopper_pearson, two_sample
from app.protocols.ids import CHAT
from tests.checks.play import Stage
from tests.kept import Kept

OPTIONS, SPREAD = 12, 0.35
UNRELATED_TV = 0.67  # the mean of two distributions that are drawn apart
SIZES = ((8, 10), (10, 10), (20, 10))
# How B differs from A: a name, the share of B's distribution that is another's, the share of B's traffic that is another's.
CASES: tuple[tuple[str, float, float], ...] = (
    ("A = A", 0.0, 0.0),
    ("TV 0.2", 0.2 / UNRELATED_TV, 0.0),
    ("TV 0.3", 0.3 / UNRELATED_TV, 0.0),
    ("TV 0.4", 0.4 / UNRELATED_TV, 0.0),
    ("TV 0.5", 0.5 / UNRELATED_TV, 0.0),
    ("unrelated", 1.0, 0.0),
    ("half of B's traffic unrelated", 0.0, 0.5),
    ("a fifth", 0.0, 0.2),
)


def seen(random: Random, questions: int, times: int, mixed: float, elsewhere: float) -> bool:
    """Whether the difference of one pair of samples is seen."""
    ours: dict[str, list[int]] = {}
    theirs: dict[str, list[int]] = {}
    for question in map(str, range(questions)):
        first, second = _drawn(random), _drawn(random)
        blend = [(1 - mixed) * one + mixed * other for one, other in zip(first, second, strict=True)]
        ours[question] = random.choices(range(OPTIONS), first, k=times)
        theirs[question] = [
            random.choices(range(OPTIONS), second if random.random() < elsewhere else blend)[0] for _ in range(times)
        ]
    return two_sample(ours, theirs) < LEVEL


def _drawn(random: Random) -> list[float]:
    raw = [random.gammavariate(SPREAD, 1) + 1e-12 for _ in range(OPTIONS)]
    return [one / sum(raw) for one in raw]


def over_sockets(runs: int) -> bool:
    """The check itself against the simulator; whether both rates are as they must be."""
    kept = Kept()
    rates = {}
    try:
        stage = Stage(kept.wire(), kept.simulator())
        for faults in ("", "other_model", "other_model sometimes=2"):
            found = 0
            for seed in range(1, runs + 1):
                one = stage.play(CHAT, faults, checks=("two_samples",), seed=seed)["two_samples"].b
                found += one.reason == "differs"
            rates[faults] = found
            say(f"sockets, 10 x 10, B {faults or 'honest'}: {_rate(found, runs)}")
    finally:
        kept.end()
    return rates[""] <= 0.05 * runs and rates["other_model"] >= 0.95 * runs


def _rate(found: int, runs: int) -> str:
    low, high = clopper_pearson(found, runs)
    return f"{found}/{runs} = {found / runs:.3f} ({low:.3f} to {high:.3f})"


def say(line: str) -> None:
    """A line of output, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Measure; 1 where a rate is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.checks.power")
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--sockets", type=int, default=20)
    options = parser.parse_args()
    good = True
    for questions, times in SIZES:
        for name, mixed, elsewhere in CASES:
            random = Random(f"{questions}/{times}/{name}")
            found = sum(seen(random, questions, times, mixed, elsewhere) for _ in range(options.runs))
            say(f"{questions} x {times} ({2 * questions * times} requests), {name}: {_rate(found, options.runs)}")
            if name == "A = A":
                good = good and clopper_pearson(found, options.runs)[0] <= 0.015
            if name == "unrelated":
                good = good and found >= 0.95 * options.runs
    if options.sockets:
        good = over_sockets(options.sockets) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
