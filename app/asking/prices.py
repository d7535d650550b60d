"""What the tokens of an endpoint cost: a profile's own prices, or the table's row of the model."""

from __future__ import annotations

from collections.abc import Mapping

from app.checks.budget import Prices
from app.pricing import PriceTable
from app.recording.records import SideName
from app.store.presets import is_demo
from app.store.profiles import Profile, price_table


def prices_of(profile: Profile, model: str, table: PriceTable | None) -> Prices:
    """Those of one endpoint and model."""
    return Prices(profile.protocol, model, price_table(profile.prices), table, is_demo(profile))


def prices_by_side(asked: Mapping[SideName, tuple[Profile | None, str]], table: PriceTable | None) -> dict[SideName, Prices]:
    """Those of each side that has an endpoint; its model is given beside it."""
    return {side: prices_of(one, model, table) for side, (one, model) in asked.items() if one is not None}
