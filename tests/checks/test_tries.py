"""What is asked more than once: again only where it went wrong, and a verdict only where it went wrong each time."""

from __future__ import annotations

import pytest

from app.checks.asker import DEFAULT_MAX_TOKENS, Asker, Step
from app.checks.check import Check, Group
from app.checks.judgement import Judged
from app.checks.seen import Steps, each
from app.checks.tries import GOOD, Look, ask_until, judge_tries
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange
from app.recording.records import Request, SideName
from tests.checks.sessions import Answer, Sender, answer, known, refusal, session

PROBLEMS = {"no": ("{who} said no, {n} times.", "no"), "worse": ("{who} said worse.", "worse")}


def look_at(one: Exchange) -> Look:
    return GOOD if one.reading.text == "yes" else Look(one.reading.text)


async def _ask(asker: Asker) -> None:
    await ask_until(asker, "one", look_at, "Say yes.")


def _judge(steps: Steps) -> Judged:
    passes = Judged(verdict=Verdict.PASS, reason="yes", sentence="{who} said yes in one of {n} tries.")
    return judge_tries(steps, "one", look_at, passes=passes, problems=PROBLEMS, verdicts={"worse": Verdict.DIFFERS})


CHECK = Check(id="x", group=Group.MINIMAL, title="X", proves="It says yes.", ask=_ask, judge=each(_judge), rests_on=())


async def judged(*answers: Answer) -> tuple[Judged, int]:
    """The verdict after these answers, and how often it was asked."""
    left = list(answers)

    def said(_side: SideName, _step: Step, _request: Request) -> Answer:
        return left.pop(0)

    send = Sender(said)
    with known(CHECK):
        one = session((CHECK,), send, sides=("b",))
        await one.run()
        return one.judgements["x"].b, len(send.sent)


def cut(text: str) -> Answer:
    status, headers, body = answer(text)
    return status, headers, body | {"stop_reason": "max_tokens"}


@pytest.mark.parametrize(
    ("answers", "verdict", "reason", "asked"),
    [
        ([answer("yes")], Verdict.PASS, "yes", 1),
        ([answer("no"), answer("yes")], Verdict.PASS, "yes", 2),
        ([answer("no")] * 3, Verdict.FAIL, "no", 3),
        ([answer("worse"), answer("no"), answer("no")], Verdict.DIFFERS, "worse", 3),
        ([answer("no"), cut("ye"), answer("no")], Verdict.INCONCLUSIVE, "cut", 3),
        (
            [answer("no"), answer("n" * 4000, output_tokens=DEFAULT_MAX_TOKENS), answer("no")],
            Verdict.INCONCLUSIVE,
            "cut",
            3,
        ),  # at its limit
        ([cut("yes")], Verdict.PASS, "yes", 1),
        ([refusal()], Verdict.FAIL, "refused", 1),
        ([answer("no"), refusal()], Verdict.FAIL, "refused", 2),
        ([answer("no"), refusal(401)], Verdict.INCONCLUSIVE, "status_401", 2),
    ],
)
async def test_a_single_miss_is_no_verdict(answers: list[Answer], verdict: Verdict, reason: str, asked: int) -> None:
    found, times = await judged(*answers)
    assert (found.verdict, found.reason, times) == (verdict, reason, asked)


async def test_the_words_say_how_often() -> None:
    found, _ = await judged(*[answer("no")] * 3)
    assert found.words("B") == "B said no, 3 times."
    assert found.measured_words("B") == "no"
    assert [one.n for one in found.evidence] == [1, 2, 3]
    good, _ = await judged(answer("no"), answer("yes"))
    assert good.words("B") == "B said yes in one of 2 tries."
    assert [one.n for one in good.evidence] == [2]
