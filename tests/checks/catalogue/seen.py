"""What a check has seen, made here: steps whose answers are documents of the Messages protocol."""

from __future__ import annotations

from typing import Any

from app.checks.asker import Step
from app.checks.seen import Seen, Steps
from app.recording.records import Request, SideName
from tests.checks.sessions import MESSAGES, Answer, exchange

NOTHING = Request("POST", "http://127.0.0.1:1/v1/messages")
Answers = dict[Any, Answer]  # by step, or by step and number
SEED = 7


def steps(side: SideName, check: str, answers: Answers, *, left_out: str = "") -> Steps:
    """The steps of one side: answers by step, or by step and number."""
    found = [(key, 1, said) if isinstance(key, str) else (*key, said) for key, said in answers.items()]
    exchanges = [exchange(side, NOTHING, Step(check, name, n), said) for name, n, said in found]
    return Steps(side, MESSAGES, "m", exchanges, check=check, seed=SEED, left_out=left_out)


def seen(check: str, b: Answers, a: Answers | None = None, *, left_out: str = "") -> Seen:
    """Both sides, or B alone."""
    return Seen(steps("b", check, b, left_out=left_out), None if a is None else steps("a", check, a, left_out=left_out))
