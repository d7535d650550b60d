"""Two sides to what differs between them: the sentence at the window's foot, and the differences behind it.

A run is one sample of each side, so a time is never called better or worse in general: the sentence says "in this run", and
what is within the noise of a network (20 ms, or a twentieth) is told as about the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import msgspec

from app.exchange.exchange import Outcome, Shape
from app.exchange.timing import Bursts, Timing, start_ns
from app.model_names import same_model
from app.pricing import total_input
from app.protocols.findings import Severity
from app.protocols.reading import Usage
from app.recording.records import NO_STAMP
from app.run.side import Side
from app.text import numbers
from app.text.sentences import Span

ABOUT_THE_SAME_MS = 20.0
ABOUT_THE_SAME_SHARE = 0.05
MOST_OF_IT = 0.6
NEARLY_ALL = 0.95
OF_ANOTHER_LENGTH = 0.1
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
    """B minus A of one measure, where both are known.

    `less_is_better` is None where neither is, where it is within the noise, and where the two measure different things.
    """

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
    return _in_a_row(_empty(side), _own_times(side), _bursts_of_a(side), _breaks(side))


def _own_times(side: Side) -> list[Span]:
    name, timing = side.name.upper(), side.timing
    if timing.total is None:
        return [_plain(f"{name} completed; the capture has no times.")]
    if timing.ttft is None:
        return [_plain(f"In this run {name} completed in "), _strong(numbers.seconds(timing.total)), _plain(".")]
    first = [_plain(f"In this run {name}'s first token came after "), _strong(numbers.milliseconds(timing.ttft))]
    return [*first, _plain(f" and its answer was complete after {numbers.seconds(timing.total)}.")]


def _while_running(a: Side, b: Side) -> list[Span]:
    told = [_progress(side) for side in (a, b)]
    return [_plain("; ".join(told) + ".")]


def _progress(side: Side) -> str:
    name = side.name.upper()
    if side.outcome is not Outcome.RUNNING:
        lasted = _lasted(side)
        return f"{name} {_did(side)}" + (f" after {numbers.seconds(lasted)}" if lasted is not None else "")
    if side.timing.ttft is not None:
        return f"{name}'s first token came after {numbers.milliseconds(side.timing.ttft)}"
    streamed = side.first is None or side.first.recording.envelope.streamed
    return f"{name} waits for its {'first token' if streamed else 'answer'}"


def _lasted(side: Side) -> float | None:
    """From the first start to the last byte of a whole answer, else to the end, which may come long after the last byte."""
    if side.outcome is Outcome.COMPLETED:
        return side.timing.total
    end = side.last.recording.end if side.last else None
    begin = start_ns(side.first.recording) if side.first else None
    return None if end is None or end.ns == NO_STAMP or begin is None else (end.ns - begin) / 1e6


def _not_completed(a: Side, b: Side) -> list[Span]:
    if Outcome.COMPLETED in (a.outcome, b.outcome):
        good, bad = (a, b) if a.outcome is Outcome.COMPLETED else (b, a)
        told = [
            _plain(f"In this run {good.name.upper()} completed, "),
            _strong(f"{bad.name.upper()} {_did(bad)}"),
            _plain(f": {_cause(bad)}"),
        ]
        return _in_a_row(told, _breaks(good))
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
    if empty := _empty(a, b):  # then nothing can be said of how fast it was
        return _in_a_row(empty, _models(a, b), _breaks(a, b))
    return _in_a_row(_times(a, b), _rest(a, b), _bursts_of_a(a, b), _models(a, b), _breaks(a, b))


def _empty(*sides: Side) -> list[Span]:
    """The sides whose last answer holds nothing, though it ended as if it were whole."""
    names = [f"{side.name.upper()}'s" for side in sides if _is_empty(side)]
    if not names:
        return []
    last = "last " if any(len(side.rounds) > 1 for side in sides) else ""
    verb = "answers are" if len(names) > 1 else "answer is"
    return [_plain("In this run "), _strong(f"{' and '.join(names)} {last}{verb} empty"), _plain(".")]


def _is_empty(side: Side) -> bool:
    return any(number == len(side.rounds) and finding.id == "G3" for number, finding in side.findings)


def _in_a_row(*sentences: list[Span]) -> list[Span]:
    spans: list[Span] = []
    for sentence in filter(None, sentences):
        spans += [_plain(" "), *sentence] if spans else sentence
    return spans


def _times(a: Side, b: Side) -> list[Span]:
    """What a person waits for: the first token of streams, the whole of unstreamed answers."""
    first, second = a.timing, b.timing
    if first.ttft is not None and second.ttft is not None:
        why = _and_not_but(_kept_and_new(first, second), _thought_and_word(first, second))
        why = why or _most_of_it(_until_token(first), _until_token(second), first.ttft, second.ttft)
        return _later(first.ttft, second.ttft, TO_FIRST_TOKEN, why)
    if first.total is None or second.total is None:
        return [_plain("Both sides completed; there are no times to compare.")]
    why = _lengths(a, b, first.total, second.total) + _kept_and_new(first, second)
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
        took = f"A {numbers.seconds(a_ms)}, B {numbers.seconds(b_ms)}"
        return [_plain("In this run both take "), _strong("about the same time"), _plain(f" {goal} ({took}){why}.")]
    later, earlier = ("later", "earlier") if goal == TO_FIRST_TOKEN else ("slower", "faster")
    amount = _strong(f"{numbers.seconds(abs(b_ms - a_ms))} {later if b_ms > a_ms else earlier}")
    return [_plain("In this run B is "), amount, _plain(f" {goal}{why}.")]


def _about_the_same(a_ms: float, b_ms: float) -> bool:
    """Whether two times of one run are too close to call one of them later."""
    return abs(b_ms - a_ms) <= max(ABOUT_THE_SAME_MS, ABOUT_THE_SAME_SHARE * min(a_ms, b_ms))


def _kept_and_new(a: Timing, b: Timing) -> str:
    if a.start == b.start:
        return ""
    new, kept = ("A", "B") if a.start == "new connection" else ("B", "A")
    return f", but {kept} used a kept connection and {new} a new one, so connecting is in only one of the times"


def _and_not_but(one: str, other: str) -> str:
    return one + other.replace(", but ", ", and ", 1) if one else other


def _thought_and_word(a: Timing, b: Timing) -> str:
    """First tokens of two kinds: where one side hides its reasoning, its first token comes behind what the other shows."""
    thought_a, thought_b = _begins_with_thought(a), _begins_with_thought(b)
    if thought_a == thought_b:
        return ""
    thinks, speaks = ("A", "B") if thought_a else ("B", "A")
    return f", but {thinks}'s first token is of its reasoning and {speaks}'s of its answer"


def _begins_with_thought(timing: Timing) -> bool:
    return timing.ttft is not None and (timing.ttfo is None or timing.ttft < timing.ttfo)


def _lengths(a: Side, b: Side, a_ms: float, b_ms: float) -> str:
    """The output tokens, where the times differ and the answers are not equally long: more takes longer."""
    ours, theirs = _written(a), _written(b)
    if ours is None or theirs is None or _about_the_same(a_ms, b_ms):
        return ""
    if abs(theirs - ours) <= OF_ANOTHER_LENGTH * max(ours, theirs):
        return ""
    return f" (A wrote {numbers.plural(ours, 'token')}, B {numbers.grouped(theirs)})"


def _written(side: Side) -> int | None:
    return side.usage.output_tokens if side.usage else None


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
    share = "all" if abs(amount) >= abs(difference) else numbers.seconds(abs(amount))
    share = "nearly all" if share != "all" and abs(amount) >= NEARLY_ALL * abs(difference) else share
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
    """The whole, where it says something else than the first token does: the other way round, or at least twice as much."""
    first, second = a.timing, b.timing
    if first.ttft is None or second.ttft is None or first.total is None or second.total is None:
        return []
    difference, of_token = second.total - first.total, second.ttft - first.ttft
    same_way = difference * of_token > 0 and not _about_the_same(first.ttft, second.ttft)
    if (
        (same_way and abs(difference) < 2 * abs(of_token))
        or _about_the_same(first.total, second.total)
        or len(a.rounds) != len(b.rounds)
    ):
        return []
    return [
        _plain("took "),
        _strong(f"{numbers.seconds(abs(difference))} {'longer' if difference > 0 else 'less'}"),
        _plain(" to complete" + _lengths(a, b, first.total, second.total)),
    ]


def _input_tokens(a: Side, b: Side) -> list[Span]:
    """Compared as totals, for the first round alone (later ones hold the answers, which differ), and only for one model:
    another model's tokeniser counts the same text otherwise."""
    if a.first is None or b.first is None:
        return []
    counted_a, counted_b = (_input(one.reading.usage, one.protocol.id) for one in (a.first, b.first))
    if not _counted_alike(a, b) or counted_a is None or counted_b is None or counted_a == counted_b:
        return []
    more = "more" if counted_b > counted_a else "fewer"
    tokens = numbers.plural(abs(counted_b - counted_a), f"{more} input token")
    return [_plain("counted "), _strong(tokens), _plain(" for the same request")]


def _token_counts(a: Side, b: Side) -> list[Span]:
    said_a, said_b = (_written(side) is not None for side in (a, b))
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
    return [_plain(f"made {numbers.plural(len(b.rounds), 'request')} where A made {len(a.rounds)}")]


def _models(a: Side, b: Side) -> list[Span]:
    """The models that the answers name; an equal name proves nothing, so only others are told."""
    ours, theirs = (side.last.reading.model if side.last else None for side in (a, b))
    if not ours or not theirs or _one_model(ours, theirs):
        return []
    named = " and ".join(name if len(name) <= MAX_NAME else f"{name[:MAX_NAME]}…" for name in (ours, theirs))
    return [_plain(f"The answers name different models: {named}.")]


def _breaks(*sides: Side) -> list[Span]:
    told = []
    for side in sides:
        kinds = {one.id for _, one in side.findings if one.severity is Severity.BREAKS}
        if kinds:
            faults = numbers.plural(len(kinds), "fault that breaks", "faults that break")
            told.append(f"{side.name.upper()}'s answer has {faults} official clients")
    return [_strong("; ".join(told)), _plain(".")] if told else []


# -- the figures beside each other ---------------------------------------------------------------------------------------


def differences(a: Side, b: Side) -> dict[str, Difference]:
    """B minus A by measure (the names are the keys below), where both sides know it."""
    one_each = len(a.rounds) == len(b.rounds) == 1  # later rounds send the answers along: more of them is not worse
    counted_alike = _counted_alike(a, b)
    one_start = a.timing.start == b.timing.start
    one_kind = one_start and _begins_with_thought(a.timing) == _begins_with_thought(b.timing)
    rows = {
        "ttfb": (a.timing.ttfb, b.timing.ttfb, _of_times(a.timing.ttfb, b.timing.ttfb, one_start)),
        "ttft": (a.timing.ttft, b.timing.ttft, _of_times(a.timing.ttft, b.timing.ttft, one_kind)),
        "ttfo": (a.timing.ttfo, b.timing.ttfo, _of_times(a.timing.ttfo, b.timing.ttfo, one_start)),
        "total": (a.timing.total, b.timing.total, None),
        "output_rate": (a.timing.output_rate, b.timing.output_rate, False if _other_rate(a, b) and counted_alike else None),
        "input": (a.total_input_tokens, b.total_input_tokens, True if one_each and counted_alike else None),
        "output": (_written(a), _written(b), None),
        "cost": (a.cost.usd if a.cost else None, b.cost.usd if b.cost else None, True),
    }
    return {
        name: Difference(name, first, second, less) for name, (first, second, less) in rows.items()
        if first is not None and second is not None
    }  # fmt: skip


def _of_times(a_ms: float | None, b_ms: float | None, comparable: bool) -> bool | None:
    """Less is better, except where it is noise or where the two times hold different things."""
    unknown = a_ms is None or b_ms is None
    return True if comparable and not unknown and not _about_the_same(a_ms or 0.0, b_ms or 0.0) else None


def _other_rate(a: Side, b: Side) -> bool:
    ours, theirs = a.timing.output_rate or 0.0, b.timing.output_rate or 0.0
    return abs(theirs - ours) > ABOUT_THE_SAME_SHARE * min(ours, theirs)


def _counted_alike(a: Side, b: Side) -> bool:
    """Whether both were asked for one model: another's tokeniser counts the same text otherwise."""
    if a.first is None or b.first is None:
        return False
    return _one_model(a.first.recording.envelope.model, b.first.recording.envelope.model)


def _one_model(ours: str, theirs: str) -> bool:
    return same_model(ours, theirs) or same_model(theirs, ours)


def _input(usage: Usage | None, protocol_id: str) -> int | None:
    return None if usage is None else total_input(usage, protocol_id)
