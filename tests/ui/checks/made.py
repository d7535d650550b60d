"""A made-up session of many checks, as a file would hold it: fifty failures, long names, long errors, Chinese, markup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

import msgspec

from app.checks.asker import Step
from app.checks.check import ADMITTED, COMPLETES, REACHED, Check, Group
from app.checks.judgement import Judged, Measured
from app.checks.judging import Plan
from app.checks.seen import Steps
from app.checks.verdict import Verdict
from app.recording.recording import Recording
from app.recording.records import CHECKS_SCENARIO, Request, RunOpened
from tests.checks.sessions import MESSAGES, answer, check, known, recorded, refusal

TOTAL = 120
FOUNDATION = (REACHED, ADMITTED, COMPLETES)
LONG = "A sentence about what was seen that is far longer than any column, so that it ends in an ellipsis. " * 4
CHINESE = "首 token 延迟在中转之后变长，工具调用的参数被改写；官方端点没有这样做。"
HOSTILE = "<b>x</b><img src=x>&amp;&Go\u202egnp\x1b[31m"
_TITLES = (
    "Stop sequence honoured",
    "工具调用的参数逐字返回",
    "A check with a name of sixty characters, which is rather long",
    HOSTILE,
    "Usage",
)
_SENTENCES = ("{who} writes on after the stop word.", CHINESE, LONG, HOSTILE, "{who} counts twice.")
_VERDICTS = (Verdict.PASS, Verdict.DIFFERS, Verdict.PASS, Verdict.UNSUPPORTED, Verdict.INCONCLUSIVE, Verdict.PASS)


def _judge(number: int, verdict: Verdict) -> Judged:
    kind = number % len(_SENTENCES)
    return Judged(
        verdict=verdict, reason=str(verdict), sentence=_SENTENCES[kind], short=f"{number} words" if kind != 2 else LONG,
        advice="turn it off, or ask the operator" if verdict is Verdict.FAIL else "", said=_TITLES[kind] if kind > 1 else "",
        measured=(
            Measured("total input", 1_000 + number, "tokens"),
            Measured("share", 0.125, "", 40, interval=(0.1, 0.2), level=0.95),
        ),
    )  # fmt: skip


def _made(number: int, group: Group) -> Check:
    verdict = Verdict.FAIL if number % 12 < 5 else _VERDICTS[number % len(_VERDICTS)]
    name = FOUNDATION[number] if number < len(FOUNDATION) else f"check{number}"

    def judge(steps: Steps) -> Judged:
        founded = name in FOUNDATION or steps.side == "a"
        found = _judge(number, Verdict.PASS if founded else verdict)
        marks = (steps.evidence("one"),) if steps.get("one") is not None else ()
        return msgspec.structs.replace(found, evidence=marks)

    made = check(name, judge=judge, group=group)
    return msgspec.structs.replace(made, title=_TITLES[number % len(_TITLES)])


def many_checks() -> tuple[Check, ...]:
    """A hundred and twenty, of all groups."""
    return tuple(_made(number, group) for number, group in zip(range(TOTAL), cycle(Group), strict=False))


def many() -> tuple[RunOpened, list[Recording]]:
    """The session of them, while `known_many` lasts."""
    checks = many_checks()
    plan = Plan(tuple(one.id for one in checks), 7, {"a": MESSAGES, "b": MESSAGES}, {"a": "m", "b": "m"}, cap_usd=0.25)
    request = Request("POST", "http://x/v1/messages", (), b"{}")
    recordings = [
        recorded(side, request, Step(one.id, "one", n), refusal() if n == 2 and side == "b" else answer(output_tokens=n))
        for one in checks
        for n in (1, 2)
        for side in ("a", "b")
    ]
    ask: dict[str, object] = {"plan": msgspec.to_builtins(plan)}
    return RunOpened("1", "2026-11-29T12:00:00.000Z", "0", CHECKS_SCENARIO, ask), recordings


@contextmanager
def known_many() -> Iterator[None]:
    """For so long these are all the checks there are."""
    with known(*many_checks()):
        yield
