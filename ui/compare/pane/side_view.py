"""What a pane says of its side in figures, without a widget: the tiles, with their differences where no spine has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.exchange.outcome import Outcome, Shape
from app.exchange.timing import Timing, Unmeasured
from app.exchange.timing_words import why_unmeasured
from app.protocols.findings import Severity
from app.text import numbers
from ui.compare.deltas import Delta, of_cost, of_count, of_rate, of_time
from ui.widgets.segments import Part, Tile

if TYPE_CHECKING:
    from app.run.differences import Difference
    from app.run.side import Side

SEVERITIES = {
    Severity.BREAKS: ("✕", "bad", "breaks official clients"),
    Severity.LOSES: ("!", "warn", "something is lost"),
    Severity.NOTE: ("i", "muted", "a note"),
}
TOKENS_TIP = "Tokens as the endpoint counted them: read, cached ones included / written; ? is not said."
COST_TIP = "What the tokens cost by the price list, or by the endpoint's own prices."


def tiles(side: Side | None, differences: dict[str, Difference] | None = None, elapsed_ms: float | None = None) -> list[Tile]:
    """The five tiles. `differences` are shown with them (on side B), `elapsed_ms` stands for the total while it runs."""
    told = differences or {}
    timing = side.timing if side else Timing()
    return [
        _first_token(timing, side, told.get("ttft")),
        _total(timing, side, told.get("total"), elapsed_ms),
        _rate(timing, side, told.get("output_rate")),
        _tokens(side, told.get("input"), told.get("output")),
        _cost(side, told.get("cost")),
    ]


def _first_token(timing: Timing, side: Side | None, difference: Difference | None) -> Tile:
    tip = "From the start to the first event that carries text, reasoning or tool arguments."
    if timing.ttft is None:
        return Tile("First token", _dash(), 9, tip, _why_no_first_token(side) if side is not None and _ended(side) else "")
    tip += _of_first_round(side) + _ratio(difference)
    return Tile("First token", (*_time(timing.ttft), *_delta(of_time(difference))), 9, tip, _parts_of_wait(timing))


def _parts_of_wait(timing: Timing) -> str:
    """What the first byte waited for, in ms, where that could be told apart; a way of less than half of one is left out."""
    if timing.path is not None and timing.endpoint is not None:
        endpoint = f"endpoint {numbers.grouped(timing.endpoint)}"
        return f"path {numbers.grouped(timing.path)}, {endpoint}" if timing.path >= 0.5 else endpoint
    return ""


def _why_no_first_token(side: Side) -> str:
    """A stream that brought nothing and a capture without times are no answer in one piece."""
    one = side.first
    if one is None or not _completed(side):
        return "none came"
    if one.shape is not Shape.EVENTS:
        return "in one piece"
    return "no times" if len(one.events.content_events) else "no content"


def _of_first_round(side: Side | None) -> str:
    return f"\nOf the first of {numbers.plural(len(side.rounds), 'request')}." if side and len(side.rounds) > 1 else ""


def _total(timing: Timing, side: Side | None, difference: Difference | None, elapsed_ms: float | None) -> Tile:
    tip = "From the start to the last body byte."
    shown = timing.total if elapsed_ms is None else elapsed_ms
    if side is not None and (broken := _broke_off(side)) is not None:
        word, ms = broken
        tip = "From the start to the end. There is no whole answer here, so it is no measure of this endpoint's speed."
        if timing.total is not None:
            tip += f"\nThe last byte came after {numbers.seconds(timing.total)}."
        return Tile("Total", (Part(f"{word} after", "unit", "muted"), *_time(ms, "muted", in_seconds=True)), 8, tip)
    if shown is None:
        return Tile("Total", _dash(), 8, tip, "no times" if _completed(side) else "no answer" if _ended(side) else "")
    if _ended(side) and not _completed(side):
        tip += " There is no whole answer here, so it is no measure of this endpoint's speed."
    role = "text" if elapsed_ms is None and (side is None or _completed(side)) else "muted"
    parts = (*_time(shown, role, in_seconds=True), *_delta(of_time(difference, in_seconds=True)))
    return Tile("Total", parts, 8, tip + _ratio(difference), _pieces(side))


def _pieces(side: Side | None) -> str:
    """How many pieces of content a stream came in; of several rounds, all of them."""
    if side is None or not _completed(side):
        return ""
    rounds = f", {len(side.rounds)} rounds" if len(side.rounds) > 1 else ""
    count = sum(len(one.events.content_events) for one in side.rounds)
    return numbers.plural(count, "piece") + rounds if count else ""


def _broke_off(side: Side) -> tuple[str, float] | None:
    from app.run.endings import broke_off  # not before there is a run

    return broke_off(side)


def _rate(timing: Timing, side: Side | None, difference: Difference | None) -> Tile:
    tip = "Output tokens a second between the first and the last piece of content."
    if timing.output_rate is None:
        return Tile("Output", _dash(), 2, tip, _why_no_rate(timing) if _completed(side) else "")
    parts = (Part(numbers.rate(timing.output_rate)), Part("tok/s", "unit", "muted"), *_delta(of_rate(difference)))
    gap = f"gap {numbers.milliseconds(timing.gaps.p50_ms)}, p50" if timing.gaps else ""
    return Tile("Output", parts, 2, tip + _of_first_round(side) + _ratio(difference), gap)


def _why_no_rate(timing: Timing) -> str:
    bursts = timing.bursts.count if timing.no_rate is Unmeasured.BURSTS and timing.bursts else 0
    return f"in {numbers.plural(bursts, 'burst')}" if bursts else why_unmeasured(timing.no_rate)


def _tokens(side: Side | None, into: Difference | None, out: Difference | None) -> Tile:
    usage = side.usage if side else None
    if usage is None:
        note, tip = ("not said", "The endpoint said nothing of tokens.") if _ended(side) else ("", TOKENS_TIP)
        return Tile("Tokens in / out", _dash(), 7, tip, note)
    read = side.total_input_tokens if side else None
    first = [Part(numbers.count(read) if read is not None else "?"), *_delta(of_count(into))]
    unsaid = "…" if side is not None and side.outcome is Outcome.RUNNING else "?"
    second = [Part("/", "unit", "muted"), Part(unsaid if usage.output_tokens is None else numbers.count(usage.output_tokens))]
    if (more_out := of_count(out)) is not None:
        second.append(Part(more_out.text, "delta", "muted"))
    more = {"cache read": usage.cache_read_tokens, "cache write": usage.cache_write_tokens, "reasoning": usage.reasoning_tokens}
    told = [f"{name} {numbers.count(value)}" for name, value in more.items() if value is not None]
    note = ", ".join(f"{name} {numbers.count(value)}" for name, value in more.items() if value) or "as said"
    tip = TOKENS_TIP + (f"\nOf them: {', '.join(told)}." if told else "")
    return Tile("Tokens in / out", (*first, *second), 7, tip, note if _ended(side) else "")


def _cost(side: Side | None, difference: Difference | None) -> Tile:
    cost = side.cost if side else None
    if cost is None:
        why = _why_no_cost(side) if side and _ended(side) else ""
        return Tile("Cost", _dash(), 1, why or COST_TIP, "not known" if why else "")
    parts = (Part(numbers.usd(cost.usd)), *([Part("?", "unit", "muted")] if cost.doubts else []), *_delta(of_cost(difference)))
    tip = "\n".join([f"By the {cost.source}.", *cost.notes]) + _ratio(difference)
    return Tile("Cost", parts, 1, tip, "in doubt" if cost.doubts else "by list price" if cost.model else "by your prices")


def _why_no_cost(side: Side) -> str:
    from app.pricing import Unpriced  # not before there is a run: it reads TOML

    price = side.price
    return price.sentence if isinstance(price, Unpriced) else ""


def _ended(side: Side | None) -> bool:
    return side is not None and side.outcome is not Outcome.RUNNING


def _completed(side: Side | None) -> bool:
    return side is not None and side.outcome is Outcome.COMPLETED


def _dash() -> tuple[Part, ...]:
    """A figure that there is not."""
    return (Part(numbers.DASH, "figure", "muted"),)


def _time(ms: float, role: str = "text", *, in_seconds: bool = False) -> tuple[Part, Part]:
    """Milliseconds, or seconds from one (ten) on."""
    spelled = numbers.seconds(ms) if numbers.reaches(ms, 1_000 if in_seconds else 10_000) else numbers.milliseconds(ms)
    number, unit = spelled.rsplit(" ", 1)
    return Part(number, "figure", role), Part(unit, "unit", "muted")


def _delta(delta: Delta | None) -> list[Part]:
    """Worse is coloured only where less (or more) is always better; the unit is named where B's own is another."""
    if delta is None:
        return []
    return [Part(delta.words if delta.other_unit else delta.text, "delta", "bad" if delta.worse else "muted")]


def _ratio(difference: Difference | None) -> str:
    if difference is None or difference.a <= 0:
        return ""
    return f"\nB's is {numbers.times(difference.b / difference.a)} times A's."
