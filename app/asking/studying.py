"""A study over the wire: what is between two chosen endpoints and a study that has ended, and the file of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import uuid4

import msgspec

from app import __version__
from app.asking.caller import Caller, Purpose, utc_now
from app.asking.run_log import RunLog
from app.asking.runner import SideChoice, secrets_together
from app.asking.sessions import endpoint_of, exchanges_of, plan_in
from app.checks.asker import Step
from app.clock import Stopwatch
from app.exchange.exchange import Exchange
from app.pricing import PriceTable
from app.recording.recording import Recording
from app.recording.records import STUDY_SCENARIO, Request, RunOpened, SideName
from app.recording.run_format import dump_run
from app.store.journal import Journal
from app.study.plan import StudyPlan
from app.study.session import OnPair, Pair, StudySession, pairs_of
from app.wire.client import WireClient


class Studying:
    """A study over a wire process.

    Attributes:
        session: the study. started_utc, run_id: of its file.
    """

    def __init__(
        self,
        wire: WireClient,
        plan: StudyPlan,
        choices: Mapping[SideName, SideChoice],
        on_pair: OnPair | None = None,
        *,
        table: PriceTable | None = None,
        journal: Journal | None = None,
    ) -> None:
        secrets = secrets_together(choices)
        self._choices = dict(choices)
        self._callers = {
            side: Caller(wire, msgspec.structs.replace(one.profile, keep_connection=plan.kept), one.key, secrets)
            for side, one in choices.items()
        }
        self.run_id, self.started_utc = uuid4().hex, utc_now()
        self._watch = Stopwatch()
        self._log = RunLog(journal.open_run(self._opened(plan)) if journal is not None else None)
        endpoints = {side: endpoint_of(side, self._callers[side], one.model, table) for side, one in choices.items()}
        self.session = StudySession(plan, endpoints, self._send, on_pair, table=table)

    async def run(self) -> None:
        """Run it; see `StudySession.run`."""
        with self._watch:
            await self.session.run()

    @property
    def took_s(self) -> float:
        """How long it took, so far."""
        return self._watch.took_s

    def finish(self) -> str:
        """The study is over: its journal is put away. Why it could not be kept, "" where it was."""
        return self._log.finish(dump_run(self.opened, self.recordings))

    @property
    def opened(self) -> RunOpened:
        """The first record of its file, as the study is now."""
        return self._opened(self.session.plan)

    @property
    def recordings(self) -> list[Recording]:
        return [one.recording for one in self.session.exchanges]

    def _opened(self, plan: StudyPlan) -> RunOpened:
        return RunOpened(self.run_id, self.started_utc, __version__, STUDY_SCENARIO, {"plan": msgspec.to_builtins(plan)})

    async def _send(self, side: SideName, request: Request, step: Step) -> Exchange:
        purpose = Purpose(side, STUDY_SCENARIO, self._choices[side].model, side, step.n, step.streamed, step=step.name)
        return await self._callers[side].exchange(request, purpose, journal=self._log.of(side))


def study_plan_of(opened: RunOpened) -> StudyPlan | None:
    """The plan of a study's file; None where it is no such file, or one that this version can't read."""
    return plan_in(opened, STUDY_SCENARIO, StudyPlan)


def study_pairs_of(plan: StudyPlan, recordings: Iterable[Recording]) -> list[Pair]:
    """The pairs that a file's recordings hold, read to their ends."""
    return pairs_of(plan, exchanges_of(recordings))
