"""What an answer cost: usage times price, with the source of the price; None where a count or a price is not known."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated

import msgspec

from app.model_names import split_model
from app.protocols.reading import Usage
from app.protocols.registry import info
from app.protocols.shared.counts import as_count
from app.text.json_text import objects_in
from app.text.sentences import message, tr

MILLION = 1_000_000

Price = Annotated[float, msgspec.Meta(ge=0, le=1_000_000)]
Factor = Annotated[float, msgspec.Meta(ge=0, le=1_000)]


class PriceTableError(Exception):
    """A price table that can't be used; the text says why."""


class Rates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Prices in USD per million tokens; None: not known."""

    input: Price | None = None
    output: Price | None = None
    cache_read: Price | None = None
    cache_write: Price | None = None
    cache_write_1h: Price | None = None


class RatesAbove(Rates, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The prices of the whole request once its total input is above `tokens`."""

    tokens: int


class ModelPrice(Rates, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row: the models of one price. `tiers` and `speeds` are factors that go before the vendor's."""

    vendor: str
    ids: list[str]
    above: RatesAbove | None = None
    tiers: dict[str, Factor] = {}
    speeds: dict[str, Factor] = {}
    note: str = ""


class VendorRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Factors by service tier and place of inference; `web_search` in USD a request, None: not known."""

    tiers: dict[str, Factor] = {}
    geos: dict[str, Factor] = {}
    web_search: Price | None = None


class _TableFile(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    date: date
    source: str
    models: list[ModelPrice]
    vendors: dict[str, VendorRules] = {}
    unpriced: list[str] = []


class PriceSource(msgspec.Struct, frozen=True):
    """A table of prices: its date, and whether it is the user's `own`."""

    date: str
    own: bool = False

    @property
    def words(self) -> str:
        """`price table of 2026-10-21`."""
        return tr("{own:if your own }price table of {date}", own=self.own, date=self.date)


class PriceTable(msgspec.Struct, frozen=True):
    """Prices by model. `sources` says for each model where its price is from."""

    models: dict[str, ModelPrice]
    sources: dict[str, PriceSource]
    vendors: dict[str, VendorRules] = {}
    unpriced: frozenset[str] = frozenset()

    def over(self, base: PriceTable) -> PriceTable:
        """This table with `base` for what it does not name."""
        return PriceTable(
            {**base.models, **self.models},
            {**base.sources, **self.sources},
            {**base.vendors, **self.vendors},
            (base.unpriced - self.models.keys()) | self.unpriced,
        )


class Cost(msgspec.Struct, frozen=True):
    """What an answer cost in USD.

    `source` names where the price is from, `model` the row that was used ("" for own prices), `parts` the USD for input,
    cache_read, cache_write, output and web_search (those that are not 0), `notes` sentences on what was assumed, `doubts`
    those among them on counts that contradict each other or leave something out: the cost may be wrong.
    """

    usd: float
    source: str
    model: str = ""
    parts: dict[str, float] = {}
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class Unpriced(msgspec.Struct, frozen=True):
    """Why there is no cost, as a sentence."""

    sentence: str


_WRITTEN = "cache_creation_input_tokens"
_COMPACTION_NOTE = message("What the compaction took is in the cost; the endpoint counts it apart, in usage.iterations.")
_ADVISOR_DOUBT = message(
    "What an advisor model took is counted apart, in usage.iterations, and has its own price: the cost is too low."
)
_REFUSAL_NOTE = message("Anthropic bills no output where the model refused before any: what was counted is left out.")


_NO_RATE = message(
    "There is no price for {kind:select input=input|output=output|cache_read=cache read|cache_write=cache write"
    "|cache_write_1h=cache write 1h} tokens ({source})."
)


class _Counts(msgspec.Struct, frozen=True):
    """Tokens that are billed each at one price; together they are the total input and the output."""

    input: int
    cache_read: int
    cache_write: int
    cache_write_1h: int
    output: int
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def total_input(self) -> int:
        return self.input + self.cache_read + self.cache_write + self.cache_write_1h


def price(
    usage: Usage,
    protocol: str,
    model: str,
    profile_prices: Mapping[str, float] | None = None,
    *,
    table: PriceTable | None = None,
    service_tier: str | None = None,
    refused_unsaid: bool = False,
) -> Cost | Unpriced:
    """What an answer cost, or why that is not known (PROTOCOLS 3.4).

    The price is that of one request: a run of several rounds costs the sum of its rounds. `profile_prices` (input, output,
    cache_read, cache_write in USD per million tokens) go before the table and are taken as they are, without a vendor's
    factors. `table` is by default the one that Diptych brings along. `service_tier` is the answer's own (OpenAI puts it
    beside the usage); the one inside the usage is found without it. `refused_unsaid`: the model refused before any output,
    which the vendor then does not bill, whatever was counted.
    """
    counts = _counts(usage, protocol)
    if isinstance(counts, Unpriced):
        return counts
    if profile_prices:
        return _own_cost(counts, usage, profile_prices)
    if refused_unsaid and counts.output:
        counts = msgspec.structs.replace(counts, output=0, notes=(*counts.notes, tr(_REFUSAL_NOTE)))
    table = builtin_table() if table is None else table
    row = find_price(model, table)
    if isinstance(row, Unpriced):
        return row
    name, found = row
    rules = table.vendors.get(found.vendor, VendorRules())
    factor = _factor(found, rules, usage.raw, service_tier)
    if isinstance(factor, Unpriced):
        return factor
    rates = found.above if found.above is not None and (total_input(usage, protocol) or 0) > found.above.tokens else found
    return _sum(counts, rates, factor, usage, rules.web_search, Cost(0, table.sources[name].words, name))


def total_input(usage: Usage, protocol: str) -> int | None:
    """All input tokens, cached ones included, comparable across protocols; None where the endpoint did not count them.

    Anthropic's `input_tokens` leaves out cache reads and writes, OpenAI's holds them (PROTOCOLS 3). Cache counts that were not
    said count as none: an endpoint without a cache leaves them out. A total of 0 is no count: every request has some input.
    """
    if usage.input_tokens is None:
        return None
    cached = (usage.cache_read_tokens or 0) + sum(_written(usage)[:2])
    if _holds_cache(usage, protocol):
        return max(usage.input_tokens, 0 if info(protocol).cache_in_input else cached) or None
    return usage.input_tokens + cached or None


def _holds_cache(usage: Usage, protocol: str) -> bool:
    """Whether the input holds the cached tokens: by the counts themselves, else by the protocol."""
    return info(protocol).cache_in_input if usage.cache_in_input is None else usage.cache_in_input


# -- counts ------------------------------------------------------------------------------------------------------------


def _counts(usage: Usage, protocol: str) -> _Counts | Unpriced:
    if usage.input_tokens is None or usage.output_tokens is None:
        no_input = message("The endpoint did not say how many input tokens it counted.")
        no_output = message("The endpoint did not say how many output tokens it counted.")
        return Unpriced(tr(no_input if usage.input_tokens is None else no_output))
    read = usage.cache_read_tokens or 0
    short, long, notes = _written(usage)
    unsaid = usage.cache_read_tokens is None and usage.cache_write_tokens is None
    notes += (tr("The endpoint said nothing of cached tokens: none are assumed."),) if unsaid else ()
    plain = usage.input_tokens
    if _holds_cache(usage, protocol):
        plain -= read + short + long
        if not info(protocol).cache_in_input:
            plain = max(plain, 0)  # two counters that disagree by a few tokens
            notes += (tr("The endpoint's input tokens hold the cached ones: they are priced once."),)
    if min(plain, read, short, long, usage.output_tokens) < 0:
        return Unpriced(tr("The token counts contradict each other: more cached tokens than input, or a count below 0."))
    counts = _with_iterations(
        _Counts(plain, read, short, long, usage.output_tokens, notes, tuple(map(tr, usage.doubts))), usage
    )
    if not counts.total_input:
        return Unpriced(tr("The endpoint counted 0 input tokens, which no request has: its counts can't be priced."))
    return counts


def _with_iterations(counts: _Counts, usage: Usage) -> _Counts:
    """With the compactions that Anthropic counts in `usage.iterations` alone, and bills.

    An advisor's is another model's: at which price is not known here. What a message's iterations counted is in the usage.
    """
    rounds = objects_in(usage.raw.get("iterations"))
    compactions = [one for one in rounds if one.get("type") == "compaction"]
    for one in compactions:
        split = one.get("cache_creation")
        long = min(_count(split, "ephemeral_1h_input_tokens") if isinstance(split, dict) else 0, _count(one, _WRITTEN))
        counts = msgspec.structs.replace(
            counts,
            input=counts.input + _count(one, "input_tokens"),
            cache_read=counts.cache_read + _count(one, "cache_read_input_tokens"),
            cache_write=counts.cache_write + _count(one, _WRITTEN) - long,
            cache_write_1h=counts.cache_write_1h + long,
            output=counts.output + _count(one, "output_tokens"),
        )
    notes = (tr(_COMPACTION_NOTE),) if compactions else ()
    doubts = (tr(_ADVISOR_DOUBT),) if any(one.get("type") == "advisor_message" for one in rounds) else ()
    return msgspec.structs.replace(counts, notes=counts.notes + notes, doubts=counts.doubts + doubts)


def _written(usage: Usage) -> tuple[int, int, tuple[str, ...]]:
    """Tokens written to the cache for five minutes and for an hour, and what was assumed about them."""
    split = usage.raw.get("cache_creation")
    short, long = (
        (_count(split, "ephemeral_5m_input_tokens"), _count(split, "ephemeral_1h_input_tokens"))
        if isinstance(split, dict)
        else (0, 0)
    )
    whole = usage.cache_write_tokens
    if whole is None or whole == short + long:
        return short, long, ()
    return whole, 0, (tr("Cache writes are priced as those for five minutes: the endpoint does not split them."),)


def _count(table: Mapping[str, object], name: str) -> int:
    return as_count(table.get(name)) or 0


def _web_searches(usage: Usage) -> int:
    tools = usage.raw.get("server_tool_use")
    return _count(tools, "web_search_requests") if isinstance(tools, dict) else 0


# -- prices ------------------------------------------------------------------------------------------------------------


def _own_cost(counts: _Counts, usage: Usage, prices: Mapping[str, float]) -> Cost | Unpriced:
    known = {name: value for name, value in prices.items() if math.isfinite(value) and value >= 0}
    write = known.get("cache_write")
    rates = Rates(known.get("input"), known.get("output"), known.get("cache_read"), write, write)
    return _sum(counts, rates, 1.0, usage, None, Cost(0, tr("profile's own prices")))


def _sum(counts: _Counts, rates: Rates, factor: float, usage: Usage, web_search: float | None, empty: Cost) -> Cost | Unpriced:
    parts: dict[str, float] = {}
    for name in Rates.__struct_fields__:
        if tokens := getattr(counts, name):
            rate = getattr(rates, name)
            if rate is None:
                return Unpriced(tr(_NO_RATE, kind=name, source=empty.source))
            part = "cache_write" if name == "cache_write_1h" else name
            parts[part] = parts.get(part, 0.0) + tokens * rate * factor / MILLION
    if searches := _web_searches(usage):
        if web_search is None:
            return Unpriced(tr("There is no price for web searches ({source}).", source=empty.source))
        parts["web_search"] = searches * web_search
    return msgspec.structs.replace(
        empty, usd=sum(parts.values()), parts=parts, notes=counts.notes + counts.doubts, doubts=counts.doubts
    )


def _factor(row: ModelPrice, rules: VendorRules, raw: Mapping[str, object], service_tier: str | None) -> float | Unpriced:
    """The factor of service tier, speed and place; a tier or speed of unknown price makes the cost unknown."""
    factor = 1.0
    tier = service_tier or _word(raw, "service_tier")
    if tier not in ("", "on_demand"):  # "on_demand" is the ordinary tier of some OpenAI-compatible hosts
        known = row.tiers.get(tier, rules.tiers.get(tier))
        if known is None:
            return Unpriced(tr("There is no price for the service tier {tier:quoted}.", tier=tier))
        factor *= known
    speed = _word(raw, "speed")
    if speed not in ("", "standard"):
        if speed not in row.speeds:
            return Unpriced(tr("There is no price for the speed {speed:quoted}.", speed=speed))
        factor *= row.speeds[speed]
    return factor * rules.geos.get(_word(raw, "inference_geo"), 1.0)


def _word(raw: Mapping[str, object], name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def find_price(model: str, table: PriceTable) -> tuple[str, ModelPrice] | Unpriced:
    """The row of a model, by its name or by what is left without date, vendor prefix and relay suffix."""
    plain = model.strip().lower()
    name, day = split_model(plain)
    bare = plain.rsplit("/", 1)[-1]
    if plain.endswith(":free"):
        return Unpriced(tr("{model:quoted} is offered for nothing: the price table does not apply.", model=model))
    if bare in table.unpriced:
        return Unpriced(tr("There is no price for {model:quoted} in the price table.", model=model))
    dated = f"{name}-{day}" if day else name
    for candidate in (plain, bare, dated, name if day != "latest" else ""):  # where a pointer points to is not known
        row = table.models.get(candidate)
        if row is not None and row.input is not None:
            return candidate, row
    return Unpriced(tr("There is no price for {model:quoted} in the price table.", model=model))


def parse_price_table(text: str, *, own: bool = False) -> PriceTable:
    """A table out of the text of a `prices.toml`; `own`: the user's. Raises PriceTableError."""
    try:
        file = msgspec.convert(tomllib.loads(text), _TableFile)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError and msgspec's errors are ValueErrors
        raise PriceTableError(str(error)) from error
    if file.version != 1:
        raise PriceTableError(tr("its version is {version}, this Diptych knows 1", version=file.version))
    source = PriceSource(file.date.isoformat(), own)
    models = {name.lower(): row for row in file.models for name in row.ids}
    return PriceTable(models, dict.fromkeys(models, source), file.vendors, frozenset(file.unpriced))


@cache
def builtin_table() -> PriceTable:
    """The table that Diptych brings along."""
    return parse_price_table(files("resources").joinpath("prices.toml").read_text(encoding="utf-8"))
