"""Reports of made-up sessions, whose requests are answered here."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app.checks.check import ADMITTED, COMPLETES, REACHED, Check, Group
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps
from app.checks.verdict import Verdict
from app.recording.records import RunOpened
from app.report.facts import check_report
from app.report.schema import Report
from tests.checks.sessions import Sender, check, known, passes, session

OPENED = RunOpened("run-1", "2026-11-29T10:00:00.000Z", "0.0.9", "checks", {"host": "Linux x86_64, Python 3.11"})


def verdict(name: str, sentence: str = "{who} does so.", **more: object) -> Judged:
    return Judged(verdict=Verdict(name), reason=f"{name}_1", sentence=sentence, **more)  # type: ignore[arg-type]


def judging(found: Judged | Mapping[str, Judged], group: Group = Group.ERRORS, name: str = "x", **more: object) -> Check:
    """A check that finds this, of both sides or by side; its evidence is the answer that came."""

    def judge(steps: Steps) -> Judged:
        one = found if isinstance(found, Judged) else found[steps.side]
        return msgspec.structs.replace(one, evidence=one.evidence or (steps.evidence("one", note="seen there"),))

    return check(name, judge=judge, group=group, **more)  # type: ignore[arg-type]


FOUNDATION = (
    check(REACHED, group=Group.REACH, judge=passes),
    check(ADMITTED, group=Group.GATE, judge=passes),
    check(COMPLETES, group=Group.MINIMAL, judge=passes),
)


async def report_of(
    *checks: Check, send: Sender | None = None, sides: tuple[str, ...] = ("a", "b"), **options: object
) -> Report:
    """The report of a session of the checks that all rest on, and these."""
    asked = (*FOUNDATION, *checks)
    with known(*asked):
        one = session(asked, send or Sender(), sides=sides, **options)  # type: ignore[arg-type]
        await one.run()
        return check_report(OPENED, one.plan, one.book, one.judgements)


async def full_report(send: Sender | None = None) -> Report:
    """One with a verdict of each kind on B."""
    numbers = (Measured("words", 96, "words", 3, "mean", (90.0, 99.5), 0.95), Measured("count", None))
    return await report_of(
        judging(
            {
                "a": verdict("pass", short="3 words"),
                "b": verdict(
                    "fail", "{who} writes on.", short="96 words", advice="Cut it yourself.", said="no stop", measured=numbers,
                    brief="stop sequences do nothing",
                ),
            },
            Group.STREAMING,
            "stops",
        ),
        judging({"a": verdict("pass"), "b": verdict("differs", "{who} comes late.")}, Group.TOOLS, "pace"),
        judging(verdict("unsupported", "{who} has no such thing."), Group.ADVANCED, "count"),
        judging(verdict("inconclusive", "It does not tell."), Group.IDENTITY, "offset"),
        check("later", "stops", group=Group.ERRORS),
        judging(verdict("pass"), Group.ERRORS, "shape"),
        send=send,
    )  # fmt: skip
