"""What a pane says of its side, without a widget: the outcome in words, the tiles with their differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.exchange.outcome import Outcome, Shape
from app.exchange.timing import TOLD_SILENCE_MS, Start, Timing
from app.exchange.timing_words import start_in_words, why_unmeasured
from app.protocols.findings import Severity
from app.recording.records import Wanted
from app.text import numbers
from ui.widgets.segments import Part, Segment, Tile

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.run.differences import Difference
    from app.run.finding_groups import FindingGroup
    from app.run.side import Side

OUTCOMES = {
    Outcome.RUNNING: ("●", "Running", "text"),
    Outcome.COMPLETED: ("✓", "Completed", "ok"),
    Outcome.FAILED: ("✕", "Failed", "bad"),
    Outcome.CANCELLED: ("■", "Stopped", "muted"),
    Outcome.INTERRUPTED: ("◆", "Interrupted", "bad"),
}
PROVOKED = ("⊘", "Refused: the check provoked it", "muted")
_DOCUMENTS = {Wanted.MODELS: "a model list", Wanted.COUNT: "a token count"}
SEVERITIES = {
    Severity.BREAKS: ("✕", "bad", "breaks official clients"),
    Severity.LOSES: ("!", "warn", "something is lost"),
    Severity.NOTE: ("i", "muted", "a note"),
}
TOKENS_TIP = "Tokens as the endpoint counted them: read, cached ones included / written; ? is not said."
COST_TIP = "What the tokens cost by the price list, or by the endpoint's own prices."


# -- the outcome line --------------------------------------------------------------------------------------------------


def outcome_segments(side: Side | None, *, mark: str = "", now_ns: int | None = None) -> list[Segment]:
    """Shape and word of the outcome, then status, stop reason, HTTP version and connection; empty before a run.

    `now_ns`: a side that runs and has been silent up to now is told as that.

    `mark`: whose run it is, in words that the line begins with; "" where the window is set to just that.
    """
    if side is None or not (side.rounds or side.fault):
        return []
    whose = [Segment(f"{mark}:", "warn", True, yields=True)] if mark and side.rounds else []
    return [*whose, _outcome(side), *_silent(side, now_ns), *_unverified(side), Segment(" · ".join(_details(side)))]


def who_was_asked(side: Side) -> str:
    """The endpoint's and the model's name, as they were when it was run."""
    envelope = side.rounds[0].recording.envelope
    return " · ".join(text for text in (envelope.profile.name, envelope.model) if text)


def shown_outcome(side: Side) -> tuple[str, str, str]:
    """Shape, word and role of how a side ended, with what was wanted where that is no answer of a model."""
    if side.provoked:
        return PROVOKED
    shape, word, role = OUTCOMES[side.outcome]
    wanted = side.last.recording.envelope.wanted if side.last is not None else Wanted.ANSWER
    return shape, f"{word}: {_DOCUMENTS[wanted]}" if wanted in _DOCUMENTS else word, role


def _outcome(side: Side) -> Segment:
    shape, word, role = shown_outcome(side)
    if side.outcome is Outcome.RUNNING and len(side.rounds) > 1:
        word = f"{word}, round {len(side.rounds)}"
    if side.whole_but_for_end_mark:
        return Segment(f"{shape} {word}, whole but for its end mark", role, True)
    told = _told(side) if side.outcome is Outcome.COMPLETED else []
    if told:
        shape, role, _ = SEVERITIES[told[0].first.severity]  # the most hurtful comes first
        return Segment(f"{shape} {word}, {numbers.plural(len(told), 'finding')}{_in_rounds(side, told)}", role, True, link=True)
    return Segment(f"{shape} {word}", role, True)


def _told(side: Side) -> list[FindingGroup]:
    from app.run.finding_groups import above_notes, finding_groups  # not before there is a run

    return above_notes(finding_groups(side))


def _in_rounds(side: Side, told: list[FindingGroup]) -> str:
    """Where several rounds have findings, whether all of them have them all."""
    count = len(side.rounds)
    if count > 1 and all(len(one.rounds) == count for one in told):
        return ", in every round"
    rounds = sorted(set().union(*(one.rounds for one in told)))
    return f", in {len(rounds)} of {count} rounds" if count > 1 else ""


def _silent(side: Side, now_ns: int | None) -> list[Segment]:
    """For how long nothing has come, and when it is given up; from two seconds on."""
    silent = None if now_ns is None else side.silent(now_ns)
    if silent is None or silent[0] * 1e3 < TOLD_SILENCE_MS:
        return []
    limit = "" if silent[1] is None else f", gives up at {numbers.duration(silent[1])}"
    return [Segment(f"silent for {numbers.duration(int(silent[0]))}{limit}", "warn", True)]


def _unverified(side: Side) -> list[Segment]:
    last = side.last
    off = last is not None and not last.recording.envelope.profile.verify_tls
    secure = last is not None and last.recording.request.url.startswith("https")
    return [Segment("TLS not verified", "bad", True)] if off and secure else []


def _details(side: Side) -> list[str]:
    last = side.last
    if last is None:
        return []
    recording, connection, head = last.recording, last.recording.connection, last.recording.head
    start = Start.UNKNOWN if connection is None else Start.REUSED if connection.reused else Start.NEW
    rounds = numbers.plural(len(side.rounds), "round") if len(side.rounds) > 1 else ""
    waiting = "" if head or recording.end else _phase(last)
    status, version = (str(head.status), head.http_version) if head else ("", "")
    return [text for text in (status, last.reading.stop_reason, rounds, version, start_in_words(start), waiting) if text]


def _phase(exchange: Exchange) -> str:
    marks = [str(name) for name in exchange.recording.marks]
    steps = (("send_end", "waiting for the first byte"), ("tls_begin", "TLS handshake"), ("connect_begin", "connecting"))
    return next((text for mark, text in steps if mark in marks), "resolving the name")


# -- tiles --------------------------------------------------------------------------------------------------------------


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
        note = _why_no_first_token(side) if side is not None and _ended(side) else ""
        return Tile("First token", _dashed(note), 9, tip)
    tip += _of_first_round(side)
    return Tile("First token", (*_time(timing.ttft), *_time_delta(difference)), 9, tip + _ratio(difference))


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
        return Tile("Total", _dashed("no answer" if _ended(side) else ""), 8, tip)
    if _ended(side) and not _completed(side):
        tip += " There is no whole answer here, so it is no measure of this endpoint's speed."
    role = "text" if elapsed_ms is None and (side is None or _completed(side)) else "muted"
    return Tile(
        "Total", (*_time(shown, role, in_seconds=True), *_time_delta(difference, in_seconds=True)), 8, tip + _ratio(difference)
    )


def _broke_off(side: Side) -> tuple[str, float] | None:
    from app.run.endings import broke_off  # not before there is a run

    return broke_off(side)


def _rate(timing: Timing, side: Side | None, difference: Difference | None) -> Tile:
    tip = "Output tokens a second between the first and the last piece of content."
    if timing.output_rate is None:
        return Tile("Output", _dashed(why_unmeasured(timing.no_rate) if _completed(side) else ""), 2, tip)
    parts = [Part(numbers.rate(timing.output_rate)), Part("tok/s", "unit", "muted")]
    if difference and (text := _rate_delta(difference)):
        parts.append(_delta(text, difference))
    return Tile("Output", tuple(parts), 2, tip + _of_first_round(side) + _ratio(difference))


def _rate_delta(difference: Difference) -> str:
    """B minus A as finely as the slower of the two is shown; "" where nothing of it would be seen."""
    slower = min(difference.a, difference.b)
    text = numbers.grouped(difference.value, len(numbers.rate(slower).partition(".")[2]))
    return numbers.signed(text, difference.value) if text.strip("0.") else ""


def _tokens(side: Side | None, into: Difference | None, out: Difference | None) -> Tile:
    usage = side.usage if side else None
    if usage is None:
        if not _ended(side):
            return Tile("Tokens in / out", _dashed(""), 7, TOKENS_TIP)
        return Tile("Tokens in / out", _dashed("not said"), 7, "The endpoint said nothing of tokens.")
    read = side.total_input_tokens if side else None
    first = [Part(numbers.count(read) if read is not None else "?")]
    if into and round(into.value):
        first.append(_delta(numbers.signed(numbers.grouped(into.value), into.value), into))
    unsaid = "…" if side is not None and side.outcome is Outcome.RUNNING else "?"
    second = [Part("/", "unit", "muted"), Part(unsaid if usage.output_tokens is None else numbers.count(usage.output_tokens))]
    if out and round(out.value):
        second.append(Part(numbers.signed(numbers.grouped(out.value), out.value), "delta", "muted"))
    more = {"cache read": usage.cache_read_tokens, "cache write": usage.cache_write_tokens, "reasoning": usage.reasoning_tokens}
    told = [f"{name} {numbers.count(value)}" for name, value in more.items() if value is not None]
    tip = TOKENS_TIP + (f"\nOf them: {', '.join(told)}." if told else "")
    return Tile("Tokens in / out", (*first, *second), 7, tip)


def _cost(side: Side | None, difference: Difference | None) -> Tile:
    cost = side.cost if side else None
    if cost is None:
        return Tile("Cost", _dashed(""), 1, _why_no_cost(side) if side and _ended(side) else COST_TIP)
    parts = [Part(numbers.usd(cost.usd)), *([Part("?", "unit", "muted")] if cost.doubts else [])]
    if difference:
        sign = "+" if difference.value > 0 else numbers.MINUS
        text = numbers.usd(abs(difference.value), max(abs(difference.a), abs(difference.b)))
        if text.strip("$0."):
            parts.append(_delta(sign + text, difference))
    return Tile("Cost", tuple(parts), 1, "\n".join([f"By the {cost.source}.", *cost.notes]) + _ratio(difference))


def _why_no_cost(side: Side) -> str:
    from app.pricing import Unpriced  # not before there is a run: it reads TOML

    price = side.price
    return price.sentence if isinstance(price, Unpriced) else ""


def _ended(side: Side | None) -> bool:
    return side is not None and side.outcome is not Outcome.RUNNING


def _completed(side: Side | None) -> bool:
    return side is not None and side.outcome is Outcome.COMPLETED


def _dashed(why: str) -> tuple[Part, ...]:
    """A figure that there is not, and in a word or two why."""
    dash = Part(numbers.DASH, "figure", "muted")
    return (dash, Part(why, "unit", "muted")) if why else (dash,)


def _time(ms: float, role: str = "text", *, in_seconds: bool = False) -> tuple[Part, Part]:
    """Milliseconds, or seconds from one (ten) on."""
    spelled = numbers.seconds(ms) if numbers.reaches(ms, 1_000 if in_seconds else 10_000) else numbers.milliseconds(ms)
    number, unit = spelled.rsplit(" ", 1)
    return Part(number, "figure", role), Part(unit, "unit", "muted")


def _time_delta(difference: Difference | None, *, in_seconds: bool = False) -> list[Part]:
    """B minus A in the unit and as finely as the larger of the two is shown; the unit is named where B's own is another."""
    if difference is None:
        return []
    limit_ms, larger = 1_000 if in_seconds else 10_000, max(abs(difference.a), abs(difference.b))
    unit = ""
    if numbers.reaches(larger, limit_ms):
        text = numbers.grouped(difference.value / 1000, 2)
        unit = "" if numbers.reaches(difference.b, limit_ms) else " s"
    else:
        text = numbers.grouped(difference.value, 1 if larger < 9.95 else 0)
    return [_delta(numbers.signed(text, difference.value) + unit, difference)] if text.strip("0.−") else []


def _delta(text: str, difference: Difference) -> Part:
    """Worse is coloured only where less (or more) is always better, and where it would be seen at all."""
    less = difference.less_is_better
    worse = less is not None and difference.value != 0 and (difference.value > 0) == less
    return Part(text, "delta", "bad" if worse else "muted")


def _ratio(difference: Difference | None) -> str:
    if difference is None or difference.a <= 0:
        return ""
    return f"\nB's is {numbers.times(difference.b / difference.a)} times A's."
