"""What sessions of many exchanges have in common, checks and studies alike: their sides, and the plan that their file keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from app.asking.caller import Caller
from app.asking.prices import prices_of
from app.checks.asker import Endpoint
from app.exchange.exchange import Exchange
from app.pricing import PriceTable
from app.recording.recording import Recording
from app.recording.records import RunOpened, SideName

AnyPlan = TypeVar("AnyPlan")


def endpoint_of(side: SideName, caller: Caller, model: str, table: PriceTable | None, client: str = "") -> Endpoint:
    """A side as those see it who ask it."""
    profile = caller.profile
    return Endpoint(side, profile.protocol, model, caller.target, prices_of(profile, model, table), client)


def plan_in(opened: RunOpened, scenario: str, kind: type[AnyPlan]) -> AnyPlan | None:
    """The plan of a session's file; None where it is no file of that scenario, or one that this version can't read."""
    if opened.scenario != scenario:
        return None
    try:
        return msgspec.convert(opened.ask.get("plan"), kind)
    except (msgspec.ValidationError, TypeError):
        return None


def exchanges_of(recordings: Iterable[Recording]) -> list[Exchange]:
    """What a file's recordings hold, read to their ends."""
    return [Exchange(one).finish() for one in recordings]
