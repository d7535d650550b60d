"""What a pane says of its side in figures, without a widget: the tiles, with their differences where no spine has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.exchange.outcome import Outcome, Shape
from app.exchange.timing import Timing, Unmeasured
from app.exchange.timing_words import why_unmeasured
from app.protocols.findings import Severity
from app.text import numbers
from app.text.sentences import in_context, message, tr
from ui.compare.deltas import Delta, of_cost, of_count, of_rate, of_time
from ui.widgets.segments import Part, Tile

if TYPE_CHECKING:
    from app.run.differences import Difference
    from app.run.side import Side

SEVERITIES = {
    Severity.BREAKS: ("✕", "bad"),
    Severity.LOSES: ("!", "warn"),
    Severity.NOTE: ("i", "muted"),
}
TOKENS_TIP = message(
    "Tokens as the endpoint counted them: read, cached ones included / written; ? is not said.{told:if \nOf them: {told}.}"
)
COST_TIP = message("What the tokens cost by the price list, or by the endpoint's own prices.")
_DEMO_COST = message("Nothing was paid: the demo answered. A vendor would ask as much for these tokens.")
_SAYS_COST = message(
    "The endpoint itself says that it cost {usd:usd}{upstream:if , and that the upstream charges your own key {upstream:usd}"
    " besides}. That is its own word (`usage.cost`), which no figure here is made of."
)
_AFTER = {  # by the words of `app.run.endings`
    "gave up": message("gave up after"),
    "stopped": message("stopped after"),
    "interrupted": message("interrupted after"),
    "failed": message("failed after"),
    "ended": message("ended after"),
}
_NO_MEASURE = message(
    "From the start to the end. There is no whole answer here, so it is no measure of this endpoint's speed."
    "{last_ms:if \nThe last byte came after {last_ms:seconds}.}"
)
_TOTAL = message(
    "From the start to the last body byte."
    "{partial:if  There is no whole answer here, so it is no measure of this endpoint's speed.}"
)
_FIRST_TOKEN = in_context("over its time", "First token")
_COUNTS = (
    ("cache_read_tokens", message("cache read {n:grouped}")),
    ("cache_write_tokens", message("cache write {n:grouped}")),
    ("reasoning_tokens", message("reasoning {n:grouped}")),
)


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
    tip, title = tr("From the start to the first event that carries text, reasoning or tool arguments."), tr(_FIRST_TOKEN)
    if timing.ttft is None:
        return Tile(title, _dash(), 9, tip, _why_no_first_token(side) if side is not None and _ended(side) else "")
    tip += _of_first_round(side) + _ratio(difference)
    return Tile(title, (*_time(timing.ttft), *_delta(of_time(difference))), 9, tip, _parts_of_wait(timing))


def _parts_of_wait(timing: Timing) -> str:
    """What the first byte waited for, in ms, where that could be told apart; a way of less than half of one is left out."""
    if timing.path is not None and timing.endpoint is not None:
        path = timing.path if timing.path >= 0.5 else None
        return tr("{path:if path {path:grouped}, }endpoint {endpoint:grouped}", path=path, endpoint=timing.endpoint)
    return ""


def _why_no_first_token(side: Side) -> str:
    """A stream that brought nothing and a capture without times are no answer in one piece."""
    one = side.first
    if one is None or not _completed(side):
        return tr("none came")
    if one.shape is not Shape.EVENTS:
        return tr("in one piece")
    return tr("no times" if len(one.events.content_events) else "no content")


def _of_first_round(side: Side | None) -> str:
    if side is None or len(side.rounds) < 2:
        return ""
    return "\n" + tr("Of the first of {n:plural request|requests}.", n=len(side.rounds))


def _total(timing: Timing, side: Side | None, difference: Difference | None, elapsed_ms: float | None) -> Tile:
    title = tr("Total")
    shown = timing.total if elapsed_ms is None else elapsed_ms
    if side is not None and (broken := _broke_off(side)) is not None:
        word, ms = broken
        after = Part(tr(_AFTER[word]), "unit", "muted")
        return Tile(title, (after, *_time(ms, "muted", in_seconds=True)), 8, tr(_NO_MEASURE, last_ms=timing.total))
    tip = tr(_TOTAL, partial=shown is not None and _ended(side) and not _completed(side))
    if shown is None:
        return Tile(title, _dash(), 8, tip, tr("no times" if _completed(side) else "no answer") if _ended(side) else "")
    role = "text" if elapsed_ms is None and (side is None or _completed(side)) else "muted"
    parts = (*_time(shown, role, in_seconds=True), *_delta(of_time(difference, in_seconds=True)))
    return Tile(title, parts, 8, tip + _ratio(difference), _pieces(side))


def _pieces(side: Side | None) -> str:
    """How many pieces of content a stream came in; of several rounds, all of them."""
    if side is None or not _completed(side):
        return ""
    rounds = len(side.rounds) if len(side.rounds) > 1 else None
    count = sum(len(one.events.content_events) for one in side.rounds)
    return tr("{n:plural piece|pieces}{rounds:if , {rounds:grouped} rounds}", n=count, rounds=rounds) if count else ""


def _broke_off(side: Side) -> tuple[str, float] | None:
    from app.run.endings import broke_off  # not before there is a run

    return broke_off(side)


def _rate(timing: Timing, side: Side | None, difference: Difference | None) -> Tile:
    tip, title = tr("Output tokens a second between the first and the last piece of content."), tr("Output")
    if timing.output_rate is None:
        return Tile(title, _dash(), 2, tip, _why_no_rate(timing) if _completed(side) else "")
    parts = (Part(numbers.rate(timing.output_rate)), Part("tok/s", "unit", "muted"), *_delta(of_rate(difference)))
    gap = tr("gap {ms:milliseconds}, p50", ms=timing.gaps.p50_ms) if timing.gaps else ""
    return Tile(title, parts, 2, tip + _of_first_round(side) + _ratio(difference), gap)


def _why_no_rate(timing: Timing) -> str:
    bursts = timing.bursts.count if timing.no_rate is Unmeasured.BURSTS and timing.bursts else 0
    return tr("in {n:plural burst|bursts}", n=bursts) if bursts else why_unmeasured(timing.no_rate)


def _tokens(side: Side | None, into: Difference | None, out: Difference | None) -> Tile:
    usage, title = side.usage if side else None, tr("Tokens in / out")
    if usage is None:
        if _ended(side):
            return Tile(title, _dash(), 7, tr("The endpoint said nothing of tokens."), tr("not said"))
        return Tile(title, _dash(), 7, tr(TOKENS_TIP, told=""), "")
    read = side.total_input_tokens if side else None
    first = [Part(numbers.count(read) if read is not None else "?"), *_delta(of_count(into))]
    unsaid = "…" if side is not None and side.outcome is Outcome.RUNNING else "?"
    second = [Part("/", "unit", "muted"), Part(unsaid if usage.output_tokens is None else numbers.count(usage.output_tokens))]
    if (more_out := of_count(out)) is not None:
        second.append(Part(more_out.text, "delta", "muted"))
    more = [(template, getattr(usage, name)) for name, template in _COUNTS]
    told = [tr(template, n=value) for template, value in more if value is not None]
    note = tr(", ").join(tr(template, n=value) for template, value in more if value) or tr("as said")
    tip = tr(TOKENS_TIP, told=tr(", ").join(told))
    return Tile(title, (*first, *second), 7, tip, note if _ended(side) else "")


def _cost(side: Side | None, difference: Difference | None) -> Tile:
    cost, said = (side.cost, side.said_cost) if side else (None, None)
    told = tr(_SAYS_COST, usd=said.usd, upstream=said.upstream_usd) if said else ""
    brief = tr("{listed:if list price; |}it says {usd:usd}", usd=said.usd, listed=bool(cost and cost.model)) if said else ""
    if cost is None:
        why = _why_no_cost(side) if side and _ended(side) else ""
        tip = "\n".join(filter(None, (why or tr(COST_TIP), told)))
        return Tile(tr("Cost"), _dash(), 1, tip, brief or (tr("not known") if why else ""))
    demo = side is not None and side.is_demo
    usd = Part(numbers.usd(cost.usd), "figure", "muted" if demo else "text")
    parts = (usd, *([Part("?", "unit", "muted")] if cost.doubts else []), *_delta(of_cost(difference)))
    said_of = [*([tr(_DEMO_COST)] if demo else []), tr("By the {source}.", source=cost.source), *cost.notes]
    tip = "\n".join([*said_of, *([told] if told else [])]) + _ratio(difference)
    note = tr("in doubt") if cost.doubts else brief or tr("by list price" if cost.model else "by your prices")
    note = tr("demo: not paid") if demo else note
    return Tile(tr("Cost"), parts, 1, tip, note)


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
    return "\n" + tr("B's is {ratio:times} times A's.", ratio=difference.b / difference.a)
