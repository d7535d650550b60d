"""Checks played over real sockets: one simulator and one wire process, kept from play to play."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from app.asking.checking import Checking
from app.asking.runner import SideChoice
from app.checks.check import Group
from app.checks.judgement import Judgement
from app.checks.judging import Plan, judge_all
from app.checks.registry import by_id, checks_for
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.protocols.registry import info
from app.recording.records import SideName
from app.simulator.server.client import Simulator
from app.simulator.server.urls import base_url, fault_endpoint
from app.store.profiles import Profile
from app.wire.client import WireClient

PROTOCOLS = (MESSAGES, CHAT, RESPONSES)
KEY = "sk-ant-api03-Qm7Zt4Vx9Lp2Kd6Rb1"  # of no vendor: the simulator takes any that has no "wrong" in it
HONEST = ("key_required",)  # as a first party: the demo's endpoints do without a key
# The model that checks are played with; those that reason in the second row.
MODELS = {MESSAGES: "claude-sonnet-4-6", CHAT: "gpt-5.4-mini", RESPONSES: "gpt-5.4-mini"}
REASONING = {MESSAGES: "claude-opus-5-5", CHAT: "gpt-5.5", RESPONSES: "gpt-5.5"}


async def _at_once(_seconds: float) -> None:
    """No wait before a request is sent again."""


class Stage:
    """Where checks are played.

    Attributes:
        last: the session that was played last.
    """

    def __init__(self, wire: WireClient, simulator: Simulator) -> None:
        self._wire, self._simulator = wire, simulator
        self.last: Checking | None = None

    def played(self, check: str, protocol: str, b: str = "", a: str | None = "", **options: object) -> Judgement:
        """One check, whatever it rests on; `b` and `a` are faults of the simulator (`"cut_after_n=5 gzip"`), "" for none.

        `a` None: without a control. The options are those of `play`.
        """
        return self.play(protocol, b, a, (check,), **options)[check]  # type: ignore[arg-type]

    def play(
        self,
        protocol: str,
        b: str = "",
        a: str | None = "",
        checks: Iterable[str] = (),
        *,
        seed: int = 1,
        model: str = "",
        client: str = "",
        key: str = KEY,
        opt_in: Iterable[str] = (),
    ) -> dict[str, Judgement]:
        """The judgements of these checks and those that they read (of all that the protocol has, where none are named).

        Those of the group CLIENT start a process each and have tests of their own.
        """
        faults: dict[SideName, str | None] = {"b": b, "a": a}
        sides: list[SideName] = [one for one in ("a", "b") if faults[one] is not None]
        known = checks_for([protocol], opt_in=tuple(opt_in))
        spoken = tuple(one for one in checks if by_id()[one].speaks(protocol))
        named = spoken or tuple(one.id for one in known if one.group is not Group.CLIENT)
        chosen = tuple(dict.fromkeys(name for one in named for name in (*by_id()[one].reads, one) if name in by_id()))
        asked = model or MODELS[protocol]
        protocols: dict[SideName, str] = dict.fromkeys(sides, protocol)
        models: dict[SideName, str] = dict.fromkeys(sides, asked)
        plan = Plan(chosen, seed, protocols, models, client=client)

        async def run() -> Checking:
            root = await self._simulator.start()
            choices = {one: SideChoice(self._profile(root, one, protocol, faults[one] or ""), asked, key) for one in sides}
            checking = Checking(self._wire, plan, choices)
            checking.session._sleep = _at_once
            await checking.run()
            return checking

        self.last = asyncio.run(run())
        session = self.last.session
        assert not session.faults, session.faults
        sent = {(one.envelope.check, one.envelope.step) for one in self.last.recordings}
        assert not [(check, step) for check, step in sent if step not in by_id()[check].steps], "each request has its words"
        assert judge_all(session.book, session.plan) == session.judgements, "judged again it must be the same"
        return session.judgements

    @staticmethod
    def _profile(root: str, side: SideName, protocol: str, faults: str) -> Profile:
        url = base_url(root, fault_endpoint(*HONEST, *faults.split()), protocol)
        return Profile(side, protocol, url, auth=info(protocol).default_auth, proxy="none")
