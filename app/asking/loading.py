"""A load over the wire: one wire process holds all streams."""

from __future__ import annotations

from contextlib import suppress

from app.asking.caller import Caller, Purpose
from app.asking.runner import SideChoice
from app.checks.budget import Budget, CapReachedError, Prices, Spent
from app.exchange.exchange import Exchange
from app.pricing import PriceTable
from app.protocols.registry import protocol
from app.store.profiles import price_table
from app.study.load import Load, LoadPlan, OnStep
from app.wire.client import WireClient

SCENARIO = "load"


class Loading:
    """A load on one endpoint.

    Attributes:
        load: its steps. spent: what it has cost so far.
    """

    def __init__(
        self,
        wire: WireClient,
        plan: LoadPlan,
        choice: SideChoice,
        on_step: OnStep | None = None,
        table: PriceTable | None = None,
    ) -> None:
        self.plan, self.spent = plan, Spent()
        self.load = Load(plan, self._ask, on_step)
        self._caller = Caller(wire, choice.profile, choice.key)
        self._table = table
        self.prices = Prices(choice.profile.protocol, choice.model, price_table(choice.profile.prices), table)
        self._budget = Budget(plan.cap_usd)

    async def run(self) -> None:
        """One request that does not count, since the first waits for the wire process to start; then see `Load.run`."""
        with suppress(CapReachedError):
            await self._ask(0, 0)
        await self.load.run()

    async def _ask(self, number: int, place: int) -> Exchange:
        request = protocol(self.plan.protocol).build(self.plan.ask(number), self._caller.target)
        purpose = Purpose(f"load-{place}", SCENARIO, self.plan.model, "b", number, streamed=True)
        most, prices = self.plan.max_tokens, self.prices
        one = await self._budget.within(request, most, prices, lambda: self._caller.exchange(request, purpose))
        self.spent.add(one, self._table)
        return one
