"""All that was seen of two endpoints, and what the checks make of it: pure functions of recordings, so that an old session
can be judged again by newer rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from app.checks.check import Check, Control
from app.checks.judgement import Judged, Judgement
from app.checks.registry import by_id
from app.checks.seen import Seen, Steps
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange
from app.recording.records import SideName
from app.text.sentences import Phrase

_GOES_ON = (Verdict.PASS, Verdict.DIFFERS)
_RESTS = "Rests on “{title}”, which {failed:if {who} did not pass|was not decided for {who}}."
_NO_CONTROL = "Needs the official endpoint beside it."
_STOPPED = "Not asked: it was stopped before."
_CAPPED = "Not asked: the cost cap was reached."
_SILENT = "Not asked: an endpoint had stopped answering before, several requests in a row."
_WAITING = "Not asked."
_OWN_FAULT = "A fault in Diptych: {error}. Nothing can be said of it."
_BROKE_OFF = "A fault in Diptych broke this check off. Nothing can be said of it."
_LEFT_OUT = {"cap": _CAPPED, "stopped": _STOPPED, "silent": _SILENT, "fault": _BROKE_OFF}


class Plan(msgspec.Struct, frozen=True):
    """What was to be asked, as a file keeps it.

    Attributes:
        checks: the ids, in order. seed: what prompts and order were drawn with.
        protocols, models: by side; "a" is there where there is a control.
        client: the client that it is judged for, "" for the official SDK of the protocol.
        left_out: why a check was not asked or not to its end, by id: "cap", "stopped", "silent", "fault".
        cap_usd, cap_tokens: None for no cap.
    """

    checks: tuple[str, ...]
    seed: int
    protocols: dict[SideName, str]
    models: dict[SideName, str]
    client: str = ""
    left_out: dict[str, str] = {}
    cap_usd: float | None = None
    cap_tokens: int | None = None


class Book:
    """The exchanges of a session, by check.

    Attributes:
        exchanges: all of them, in the order in which they began; their numbers in files and reports count from 1.
    """

    def __init__(self, exchanges: Iterable[Exchange] = ()) -> None:
        self.exchanges: list[Exchange] = []
        self._by_check: dict[tuple[str, str], list[Exchange]] = {}
        for one in exchanges:
            self.add(one)

    def add(self, one: Exchange) -> None:
        envelope = one.recording.envelope
        self.exchanges.append(one)
        self._by_check.setdefault((envelope.check, envelope.side or "b"), []).append(one)

    def of(self, check: str, side: SideName) -> list[Exchange]:
        """Those that a check judges: of its own last run, or of the last runs of those that it reads, or all there are."""
        known = by_id().get(check)
        if known is not None and known.reads_all:
            return [one for one in self.exchanges if (one.recording.envelope.side or "b") == side]
        return [one for source in (known.sources if known else (check,)) for one in self._last(source, side)]

    def _last(self, check: str, side: SideName) -> list[Exchange]:
        found = self._by_check.get((check, side), [])
        attempt = max((one.recording.envelope.attempt for one in found), default=1)
        return [one for one in found if one.recording.envelope.attempt == attempt]

    def number(self, exchange: Exchange) -> int:
        """Its number, from 1. Raises ValueError."""
        return next(number for number, one in enumerate(self.exchanges, 1) if one is exchange)

    def find(self, check: str, side: SideName, step: str, n: int) -> Exchange | None:
        """The exchange of a piece of evidence: the last one of that step, which may be named "check/step"."""
        owner, _, step = step.rpartition("/")
        check = owner or check
        found = [
            one for one in self.of(check, side) if (one.recording.envelope.step, one.recording.envelope.round) == (step, n)
        ]
        return found[-1] if found else None

    def seen(self, check: str, plan: Plan) -> Seen:
        """What a check has seen."""
        sides = {side: self._steps(check, side, plan) for side in plan.protocols}
        return Seen(sides["b"], sides.get("a"))

    def _steps(self, check: str, side: SideName, plan: Plan) -> Steps:
        return Steps(
            side,
            plan.protocols[side],
            plan.models[side],
            [one for one in self.of(check, side) if one.finished],
            check=by_id()[check].sources[0],
            seed=plan.seed,
            client=plan.client,
            left_out=_left_out(by_id()[check], plan),
            of_all=by_id()[check].reads_all,
        )


def judge_all(book: Book, plan: Plan) -> dict[str, Judgement]:
    """Judge every check of the plan anew, in the plan's order."""
    done: dict[str, Judgement] = {}
    known = by_id()
    planned = [one for one in plan.checks if one in known]

    def settle(check: Check) -> None:
        for needed in check.foundation:  # one of an early group may rest on one of a later group
            if needed in planned and needed not in done:
                settle(known[needed])
        done[check.id] = judge(check, book, plan, done)

    for one in planned:
        if one not in done:
            settle(known[one])
    return {one: done[one] for one in planned}


def judge(check: Check, book: Book, plan: Plan, done: Mapping[str, Judgement]) -> Judgement:
    """Judge one check; `done` are the judgements of those that it rests on. Never raises."""
    a = blocked(check, "a", plan, done) if "a" in plan.protocols else None
    b = blocked(check, "b", plan, done)
    if b is not None:  # the control was not asked then: only what it failed by itself is told of it
        return Judgement(b, a if _control_was_asked(check, done) else None)
    seen = book.seen(check.id, plan)
    why = _left_out(check, plan)
    if why and (not seen.b or why == "fault"):
        skipped = Judged(verdict=Verdict.SKIPPED, reason=why, sentence=_LEFT_OUT.get(why, _WAITING))
        return Judgement(skipped, a or (skipped if seen.a is not None else None))
    if a is not None:  # the control has failed before: B is judged as if alone
        seen = Seen(seen.b)
    if check.control is Control.NEEDED and seen.a is None:
        return Judgement(Judged(verdict=Verdict.SKIPPED, reason="no_control", sentence=_NO_CONTROL), a)
    try:
        found = check.judge(seen)
    except Exception as error:
        fault = Judged(
            verdict=Verdict.INCONCLUSIVE,
            reason="own_fault",
            sentence=_OWN_FAULT,
            fields={"error": f"{type(error).__name__}: {error}"},
        )
        return Judgement(fault, a or (fault if seen.a is not None else None))
    return msgspec.structs.replace(found, a=a) if a is not None else found


def _control_was_asked(check: Check, done: Mapping[str, Judgement]) -> bool:
    """Whether the control has a verdict on all that a check rests on: where B fails early, it is asked no more either."""
    return all(done[one].a is not None for one in check.foundation if one in done)


def _left_out(check: Check, plan: Plan) -> str:
    """Why a check, or one whose exchanges it reads, was not asked or not to its end; "" where it was."""
    return next((plan.left_out[one] for one in (check.id, *check.reads) if one in plan.left_out), "")


def blocked(check: Check, side: SideName, plan: Plan, done: Mapping[str, Judgement]) -> Judged | None:
    """SKIPPED where a check that this one rests on did not pass on this side; None where it may be asked."""
    for needed in check.foundation:
        found = done[needed].of(side) if needed in done else None
        if needed in plan.checks and (found is None or found.verdict not in _GOES_ON):
            root = found.rests_on if found is not None and found.rests_on else needed  # the one that is to blame
            blamed = done[root].of(side) if root in done else None
            failed = blamed is not None and blamed.verdict is Verdict.FAIL
            return Judged(
                verdict=Verdict.SKIPPED,
                reason="rests_on",
                sentence=_RESTS,
                fields={"title": Phrase(by_id()[root].title), "failed": failed},
                rests_on=root,
            )
    return None
