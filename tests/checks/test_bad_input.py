"""A check never raises, whatever the endpoint sends: neither where it asks on, nor where it judges, nor in its words."""

from __future__ import annotations

import asyncio

import pytest

from app.checks.check import COMPLETES
from app.checks.registry import all_checks, by_id
from app.diagnosis import Context, diagnose
from app.exchange.exchange import Exchange
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.recording.records import Ended, EndKind, Request, SideName, WireErrorCode
from tests.builders import MS, recording
from tests.checks.hostile import Hostile
from tests.thorough import THOROUGH

ROUNDS = 60 if THOROUGH else 3
SIDES: tuple[tuple[SideName, ...], ...] = (("a", "b"), ("b",))


@pytest.mark.parametrize("protocol", [MESSAGES, CHAT, RESPONSES])
def test_no_check_raises_on_hostile_answers(protocol: str) -> None:
    for check in all_checks():
        if not check.speaks(protocol):
            continue
        for n in range(ROUNDS):
            seed, sides = f"{protocol}/{check.id}/{n}", SIDES[n % 2]
            hostile = Hostile(protocol, seed)
            try:
                for source in check.sources if not check.reads_all else (COMPLETES, "turns"):
                    asyncio.run(hostile.ask(by_id()[source], sides))
                said = list(hostile.judge(check, sides))
            except Exception as error:
                error.add_note(f"of {seed}")
                raise
            assert said[0]
            assert all(one.encode("utf-8", "replace") for one in said[:1])


def test_a_request_without_a_body_that_could_not_be_sent() -> None:
    one = recording([], status=0, end=Ended(EndKind.ERROR, 600 * MS, WireErrorCode.SEND))
    one.head, one.request = None, Request("GET", "http://h.example/v1/models")
    why = diagnose(Exchange(one).finish(), Context())
    assert why is not None
    assert why.cause == "The connection to h.example broke while the request was being sent."
