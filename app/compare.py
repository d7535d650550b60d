"""Two sides to what differs between them: the sentence at the window's foot, and the differences behind it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import msgspec

from app import words
from app.exchange import Outcome, Shape
from app.models import same_model
from app.pricing import total_input
from app.protocols.reading import Severity, Usage
from app.run import Side
from app.timing import Bursts, Timing
from app.words import Span as Span

ABOUT_THE_SAME_MS = 20.0
ABOUT_THE_SAME_SHARE = 0.05
MOST_OF_IT = 0.6
MAX_NAME = 60
TO_FIRST_TOKEN = "to the first token"
TO_COMPLETE = "to complete"


class Comparison(msgspec.Struct, frozen=True):
    """What differs, in words. `spans` in a row are the sentence."""

    spans: tuple[Span, ...]

    @property
    def sentence(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True)
class Difference:
    """B minus A of one measure, where both are known. `less_is_better` is None where neither is."""

    measure: str
    a: float
    b: float
    less_is_better: bool | None

    @property
    def value(self) -> float:
        return self.b - self.a


def compare(a: Side, b: Side | None) -> Comparison:
    """The sentence. It is made of measured facts of this run only and never says more than they do."""
    if b is None:
        return _comparison(_alone(a))
    outcomes = {a.outcome, b.outcome}
    if Outcome.RUNNING in outcomes:
        return _comparison(_while_running(a, b))
    if outcomes != {Outcome.COMPLETED}:
        return _comparison(_not_completed(a, b))
    return _comparison(_both(a, b))


def _comparison(parts: list[Span]) -> Comparison:
    return Comparison(tuple(part for part in parts if part.text))


def _plain(text: str) -> Span:
    return Span(text)


def _strong(text: str) -> Span:
    return Span(text, strong=True)


# -- not both completed ------------------------------------------------------------------------------------------------


def _alone(side: Side) -> list[Span]:
    name = side.name.upper()
    if side.outcome is Outcome.RUNNING:
        return [_plain("Running.")]
    if side.outcome is not Outcome.COMPLETED:
        return [_plain(f"{name} {_did(side)}: {_cause(side)}")]
    return _in_a_row(_own_times(side), _bursts_of_a(side), _breaks(side))


def _own_times(side: Side) -> list[Span]:
    name, timing = side.name.upper(), side.timing
    if timing.total is None:
        return [_plain(f"{name} completed; the capture has no times.")]
    if timing.ttft is None:
        return [_plain(f"In this run {name} completed in "), _strong(words.seconds(timing.total)), _plain(".")]
    first = [_plain(f"In this run {name}'s first token came after "), _strong(words.milliseconds(timing.ttft))]
    return [*first, _plain(f" and its answer was complete after {words.seconds(timing.total)}.")]


def _while_running(a: Side, b: Side) -> list[Span]:
    told = [_progress(side) for side in (a, b)]
    return [_plain("; ".join(told) + ".")]


def _progress(side: Side) -> str:
    name = side.name.upper()
    if side.outcome is not Outcome.RUNNING:
        total = side.timing.total
        return f"{name} {_did(side)}" + (f" after {words.seconds(total)}" if total else "")
    if side.timing.ttft is not None:
        return f"{name}'s first token came after {words.milliseconds(side.timing.ttft)}"
    streamed = side.first is None or side.first.recording.envelope.streamed
    return f"{name} waits for its {'first token' if streamed else 'answer'}"


def _not_completed(a: Side, b: Side) -> list[Span]:
    if Outcome.COMPLETED in (a.outcome, b.outcome):
        good, bad = (a, b) if a.outcome is Outcome.COMPLETED else (b, a)
        return [
            _plain(f"In this run {good.name.upper()} completed, "),
            _strong(f"{bad.name.upper()} {_did(bad)}"),
            _plain(f": {_cause(bad)}"),
        ]
    if a.outcome is b.outcome is Outcome.CANCELLED:
        return [_plain("You stopped this run; what had come is kept.")]
    if _cause(a) == _cause(b):
        return [_strong("Neither side completed"), _plain(f": {_cause(a)}")]
    return [_strong("Neither side completed."), _plain(f" A {_did(a)}: {_cause(a)} B {_did(b)}: {_cause(b)}")]


def _did(side: Side) -> str:
    """How a side that is no longer running ended, as a verb."""
    told = {Outcome.CANCELLED: "was stopped", Outcome.INTERRUPTED: "was interrupted"}
    return told.get(side.outcome, str(side.outcome))


def _cause(side: Side) -> str:
    return side.diagnosis.cause if side.diagnosis else "The cause is not known."


# -- both completed ----------------------------------------------------------------------------------------------------


def _both(a: Side, b: Side) -> list[Span]:
    return _in_a_row(_times(a, b), _rest(a, b), _bursts_of_a(a, b), _models(a, b), _breaks(a, b))


def _in_a_row(*sentences: list[Span]) -> list[Span]:
    spans: list[Span] = []
    for sentence in filter(None, sentences):
        spans += [_plain(" "), *sentence] if spans else sentence
    return spans


def _times(a: Side, b: Side) -> list[Span]:
    """What a person waits for: the first token of streams, the whole of unstreamed answers."""
    first, second = a.timing, b.timing
    if first.ttft is not None and second.ttft is not None:
        why = _kept_and_new(first, second) or _most_of_it(_until_token(first), _until_token(second), first.ttft, second.ttft)
        return _later(first.ttft, second.ttft, TO_FIRST_TOKEN, why)
    if first.total is None or second.total is None:
        return [_plain("Both sides completed; there are no times to compare.")]
    why = _kept_and_new(first, second)
    if (first.ttft is None) != (second.ttft is None):
        why += f"; {_without_first_token(a if first.ttft is None else b)}, so first tokens can't be compared"
    elif not why and len(a.rounds) == len(b.rounds) == 1:  # the phases are those of the first round
        why = _most_of_it(_until_end(first), _until_end(second), first.total, second.total)
    return _later(first.total, second.total, TO_COMPLETE, why)


def _without_first_token(side: Side) -> str:
    streamed = side.first is not None and side.first.shape is Shape.EVENTS
    return f"{side.name.upper()}'s {'stream brought no content' if streamed else 'answer came in one piece'}"


def _later(a_ms: float, b_ms: float, goal: str, why: str) -> list[Span]:
    if _about_the_same(a_ms, b_ms):
        took = f"A {words.seconds(a_ms)}, B {words.seconds(b_ms)}"
        return [_plain("In this run both take "), _strong("about the same time"), _plain(f" {goal} ({took}){why}.")]
    later, earlier = ("later", "earlier") if goal == TO_FIRST_TOKEN else ("slower", "faster")
    amount = _strong(f"{words.seconds(abs(b_ms - a_ms))} {later if b_ms > a_ms else earlier}")
    return [_plain("In this run B is "), amount, _plain(f" {goal}{why}.")]


def _about_the_same(a_ms: float, b_ms: float) -> bool:
    """Whether two times of one run are too close to call one of them later."""
    return abs(b_ms - a_ms) <= max(ABOUT_THE_SAME_MS, ABOUT_THE_SAME_SHARE * min(a_ms, b_ms))


def _kept_and_new(a: Timing, b: Timing) -> str:
    if a.start == b.start:
        return ""
    new, kept = ("A", "B") if a.start == "new connection" else ("B", "A")
    return f", but {kept} used a kept connection and {new} a new one, so connecting is in only one of the times"


def _most_of_it(a: dict[str, float], b: dict[str, float], a_ms: float, b_ms: float) -> str:
    """Which phase most of a difference lies in, where one does. The phases are in milliseconds, by the words that name them."""
    if _about_the_same(a_ms, b_ms):
        return ""
    difference = b_ms - a_ms
    parts = {name: b[name] - a[name] for name in a}
    name, amount = max(parts.items(), key=lambda part: part[1] * (1 if difference > 0 else -1))
    if amount * difference <= 0 or abs(amount) < MOST_OF_IT * abs(difference):
        return ""
    # A phase can differ by more than the sum of all phases does; "of it" must not exceed it.
    share = "all" if abs(amount) >= abs(difference) else words.milliseconds(abs(amount))
    whose = name if difference > 0 else name.replace("its", "A's")
    return f"; {share} of it is {whose}"


def _until_token(timing: Timing) -> dict[str, float]:
    before = _until_byte(timing)
    rest = timing.ttft - sum(before.values()) if timing.ttft is not None and timing.wait is not None else 0.0
    return {**before, "the time between its first byte and its first token": rest}


def _until_end(timing: Timing) -> dict[str, float]:
    return {**_until_byte(timing), "receiving its answer": timing.receive or 0.0}


def _until_byte(timing: Timing) -> dict[str, float]:
    return {
        "waiting for its first byte": timing.wait or 0.0,
        "connecting": sum(filter(None, (timing.dns, timing.connect, timing.proxy, timing.tls))),
        "sending the request": timing.send or 0.0,
    }


def _rest(a: Side, b: Side) -> list[Span]:
    """What else is other on B, joined into one sentence."""
    found = (_total(a, b), _input_tokens(a, b), _token_counts(a, b), _bursts(a, b), _tools(a, b), _requests(a, b))
    clauses = [clause for clause in found if clause]
    spans: list[Span] = []
    for number, clause in enumerate(clauses):
        spans += [_plain("B " if number == 0 else ", and " if number == len(clauses) - 1 else ", "), *clause]
    return [*spans, _plain(".")] if spans else []


def _total(a: Side, b: Side) -> list[Span]:
    """The whole, where it says something else than the first token does."""
    first, second = a.timing, b.timing
    if first.ttft is None or second.ttft is None or first.total is None or second.total is None:
        return []
    difference, of_token = second.total - first.total, second.ttft - first.ttft
    same_way = difference * of_token > 0 and not _about_the_same(first.ttft, second.ttft)
    if same_way or _about_the_same(first.total, second.total) or len(a.rounds) != len(b.rounds):
        return []
    return [
        _plain("took "),
        _strong(f"{words.seconds(abs(difference))} {'longer' if difference > 0 else 'less'}"),
        _plain(" to complete"),
    ]


def _input_tokens(a: Side, b: Side) -> list[Span]:
    """Compared as totals, for the first round alone (later ones hold the answers, which differ), and only for one model:
    another model's tokeniser counts the same text otherwise."""
    if a.first is None or b.first is None:
        return []
    ours, theirs = a.first.recording.envelope, b.first.recording.envelope
    counted_a, counted_b = (_input(one.reading.usage, one.protocol.id) for one in (a.first, b.first))
    if not same_model(ours.model, theirs.model) or counted_a is None or counted_b is None or counted_a == counted_b:
        return []
    more = "more" if counted_b > counted_a else "fewer"
    tokens = words.plural(abs(counted_b - counted_a), f"{more} input token")
    return [_plain("counted "), _strong(tokens), _plain(" for the same request")]


def _token_counts(a: Side, b: Side) -> list[Span]:
    said_a, said_b = (side.usage is not None and side.usage.output_tokens is not None for side in (a, b))
    if said_a == said_b:
        return []
    if said_a:
        return [_plain("did "), _strong("not say how many tokens it wrote")]
    return [_plain("said how many tokens it wrote where A did not")]


def _bursts(a: Side, b: Side) -> list[Span]:
    if b.timing.bursts is None or a.timing.bursts is not None:
        return []
    return [_plain(f"sent its {_answer(b)} in "), _strong(_how_many(b.timing.bursts))]


def _bursts_of_a(a: Side, b: Side | None = None) -> list[Span]:
    """A's bursts, where the sentence on B could not tell them."""
    ours, theirs = a.timing.bursts, b.timing.bursts if b is not None else None
    if ours is None:
        return []
    if theirs is None:
        return [_plain(f"{a.name.upper()}'s {_answer(a)} came in "), _strong(_how_many(ours)), _plain(".")]
    return [_plain("Both sent their answers in bursts: "), _strong(f"A in {ours.count}, B in {theirs.count}"), _plain(".")]


def _answer(side: Side) -> str:
    return "answer" if len(side.rounds) == 1 else "first answer"


def _how_many(bursts: Bursts) -> str:
    return "one burst" if bursts.count == 1 else f"{bursts.count} bursts"


def _tools(a: Side, b: Side) -> list[Span]:
    called_a, called_b = (Counter(call.name for call in side.tool_calls) for side in (a, b))
    if called_a == called_b:
        return []
    return [_plain("called "), _strong(_named(called_b)), _plain(f" where A called {_named(called_a)}")]


def _named(called: Counter[str]) -> str:
    times = {1: "", 2: " twice"}
    told = [name + times.get(count, f" {count} times") for name, count in sorted(called.items())]
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told) or "no tool"


def _requests(a: Side, b: Side) -> list[Span]:
    if len(a.rounds) == len(b.rounds):
        return []
    return [_plain(f"made {words.plural(len(b.rounds), 'request')} where A made {len(a.rounds)}")]


def _models(a: Side, b: Side) -> list[Span]:
    """The models that the answers name; an equal name proves nothing, so only others are told."""
    ours, theirs = (side.last.reading.model if side.last else None for side in (a, b))
    if not ours or not theirs or same_model(ours, theirs) or same_model(theirs, ours):
        return []
    named = " and ".join(name if len(name) <= MAX_NAME else f"{name[:MAX_NAME]}…" for name in (ours, theirs))
    return [_plain(f"The answers name different models: {named}.")]


def _breaks(*sides: Side) -> list[Span]:
    told = []
    for side in sides:
        kinds = {one.id for _, one in side.findings if one.severity is Severity.BREAKS}
        if kinds:
            faults = words.plural(len(kinds), "fault that breaks", "faults that break")
            told.append(f"{side.name.upper()}'s answer has {faults} official clients")
    return [_strong("; ".join(told)), _plain(".")] if told else []


# -- the figures beside each other ---------------------------------------------------------------------------------------


def differences(a: Side, b: Side) -> dict[str, Difference]:
    """B minus A by measure (the names are the keys below), where both sides know it."""
    one_each = len(a.rounds) == len(b.rounds) == 1  # later rounds send the answers along: more of them is not worse
    rows = {
        "ttfb": (a.timing.ttfb, b.timing.ttfb, True),
        "ttft": (a.timing.ttft, b.timing.ttft, True),
        "ttfo": (a.timing.ttfo, b.timing.ttfo, True),
        "total": (a.timing.total, b.timing.total, None),
        "output_rate": (a.timing.output_rate, b.timing.output_rate, False),
        "input": (_input_of(a), _input_of(b), True if one_each else None),
        "output": (a.usage.output_tokens if a.usage else None, b.usage.output_tokens if b.usage else None, None),
        "cost": (a.cost.usd if a.cost else None, b.cost.usd if b.cost else None, True),
    }
    return {
        name: Difference(name, first, second, less) for name, (first, second, less) in rows.items()
        if first is not None and second is not None
    }  # fmt: skip


def _input(usage: Usage | None, protocol_id: str) -> int | None:
    return None if usage is None else total_input(usage, protocol_id)


def _input_of(side: Side) -> int | None:
    return _input(side.usage, side.last.protocol.id) if side.last else None
