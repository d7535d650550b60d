"""Two sides to what differs between them: the sentence at the window's foot, and the differences behind it."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from app import words
from app.exchange import Outcome
from app.models import same_model
from app.pricing import total_input
from app.protocols.reading import Severity
from app.run import Side
from app.timing import Timing

ABOUT_THE_SAME_MS = 20.0
ABOUT_THE_SAME_SHARE = 0.05
MOST_OF_IT = 0.6


class Span(msgspec.Struct, frozen=True):
    """A piece of the sentence; `strong` pieces carry the figures."""

    text: str
    strong: bool = False


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
    if side.outcome is Outcome.RUNNING:
        return [_plain("Running.")]
    if side.outcome is not Outcome.COMPLETED:
        return [_plain(f"A {side.outcome}: {_cause(side)}")]
    timing = side.timing
    if timing.total is None:
        return [_plain("A completed; the capture has no times.")]
    if timing.ttft is None:
        return [_plain("In this run A completed in "), _strong(words.seconds(timing.total)), _plain(".")]
    first = [_plain("In this run A's first token came after "), _strong(words.milliseconds(timing.ttft))]
    return [*first, _plain(f" and its answer was complete after {words.seconds(timing.total)}.")]


def _while_running(a: Side, b: Side) -> list[Span]:
    told = [_progress(side) for side in (a, b)]
    return [_plain("; ".join(told) + ".")]


def _progress(side: Side) -> str:
    name = side.name.upper()
    if side.outcome is not Outcome.RUNNING:
        return (
            f"{name} {side.outcome} after {words.seconds(side.timing.total)}" if side.timing.total else f"{name} {side.outcome}"
        )
    ttft = side.timing.ttft
    return (
        f"{name} waits for its first token" if ttft is None else f"{name}'s first token came after {words.milliseconds(ttft)}"
    )


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
    return {Outcome.FAILED: "failed", Outcome.CANCELLED: "was stopped", Outcome.INTERRUPTED: "was interrupted"}[side.outcome]


def _cause(side: Side) -> str:
    diagnosis = side.diagnosis
    text = diagnosis.cause if diagnosis else side.problem or "the cause is not known"
    return text if text.endswith((".", "!", "?", "…")) else text + "."


# -- both completed ----------------------------------------------------------------------------------------------------


def _both(a: Side, b: Side) -> list[Span]:
    sentences = [_first_sentence(a, b), _rest(a, b), _breaks(a, b)]
    spans: list[Span] = []
    for sentence in sentences:
        if sentence:
            spans += [_plain(" "), *sentence] if spans else sentence
    return spans


def _first_sentence(a: Side, b: Side) -> list[Span]:
    """What a person waits for: the first token of streams, the whole of unstreamed answers."""
    first, second = a.timing, b.timing
    if first.ttft is not None and second.ttft is not None:
        return _later(first, second, first.ttft, second.ttft, "to the first token")
    if first.total is None or second.total is None:
        return [_plain("Both sides completed; there are no times to compare.")]
    if (first.ttft is None) != (second.ttft is None):
        whole = "A" if first.ttft is None else "B"
        total = _later(first, second, first.total, second.total, "to complete")
        return [*total[:-1], _plain(f"; {whole}'s answer came in one piece, so first tokens can't be compared.")]
    return _later(first, second, first.total, second.total, "to complete")


def _later(a: Timing, b: Timing, a_ms: float, b_ms: float, goal: str) -> list[Span]:
    difference = b_ms - a_ms
    if abs(difference) <= max(ABOUT_THE_SAME_MS, ABOUT_THE_SAME_SHARE * min(a_ms, b_ms)):
        took = f"A {words.seconds(a_ms)}, B {words.seconds(b_ms)}"
        return [_plain("In this run both take "), _strong("about the same time"), _plain(f" {goal} ({took}).")]
    word = "later" if goal == "to the first token" else "slower"
    if difference < 0:
        word = "earlier" if goal == "to the first token" else "faster"
    amount = _strong(f"{words.seconds(abs(difference))} {word}")
    return [_plain("In this run B is "), amount, _plain(f" {goal}{_attribution(a, b, difference)}.")]


def _attribution(a: Timing, b: Timing, difference: float) -> str:
    """Which phase most of the difference lies in, where one does."""
    if a.start != b.start:
        new, kept = ("A", "B") if a.start == "new connection" else ("B", "A")
        return f", but {kept} used a kept connection and {new} a new one, so connecting is in only one of the times"
    parts = {
        "waiting for its first byte": _part(b.wait) - _part(a.wait),
        "connecting": _connecting(b) - _connecting(a),
        "sending the request": _part(b.send) - _part(a.send),
        "between its first byte and its first token": _after_first_byte(b) - _after_first_byte(a),
    }
    name, amount = max(parts.items(), key=lambda part: part[1] * (1 if difference > 0 else -1))
    if amount * difference <= 0 or abs(amount) < MOST_OF_IT * abs(difference):
        return ""
    # A phase can differ by more than the sum of all phases does; "of it" must not exceed it.
    share = "all" if abs(amount) >= abs(difference) else words.milliseconds(abs(amount))
    whose = name if difference > 0 else name.replace("its", "A's")
    return f"; {share} of it is {whose}"


def _part(value: float | None) -> float:
    return value or 0.0


def _connecting(timing: Timing) -> float:
    return _part(timing.dns) + _part(timing.connect) + _part(timing.proxy) + _part(timing.tls)


def _after_first_byte(timing: Timing) -> float:
    if timing.ttft is None or timing.wait is None:
        return 0.0
    return timing.ttft - _connecting(timing) - _part(timing.send) - timing.wait


def _rest(a: Side, b: Side) -> list[Span]:
    """Input tokens, bursts and tool calls, joined into one sentence on B."""
    clauses = [clause for clause in (_input_tokens(a, b), _bursts(b, a), _tools(a, b)) if clause]
    spans: list[Span] = []
    for number, clause in enumerate(clauses):
        spans += [_plain("It " if number == 0 else ", and " if number == len(clauses) - 1 else ", "), *clause]
    return [*spans, _plain(".")] if spans else []


def _input_tokens(a: Side, b: Side) -> list[Span]:
    """Compared as totals, and only for one model: another model's tokeniser counts the same text otherwise."""
    if not (a.last and b.last and a.usage and b.usage):
        return []
    ours, theirs = a.last.recording.envelope, b.last.recording.envelope
    if not same_model(ours.model, theirs.model) or len(a.rounds) != len(b.rounds):
        return []
    counted_a, counted_b = total_input(a.usage, ours.protocol), total_input(b.usage, theirs.protocol)
    if counted_a is None or counted_b is None or counted_a == counted_b:
        return []
    more = "more" if counted_b > counted_a else "fewer"
    tokens = words.plural(abs(counted_b - counted_a), f"{more} input token")
    return [_plain("counted "), _strong(tokens), _plain(" for the same request")]


def _bursts(b: Side, a: Side) -> list[Span]:
    bursts = b.timing.bursts
    if bursts is None or a.timing.bursts is not None:
        return []
    return [_plain("sent its answer in "), _strong("one burst" if bursts.count == 1 else f"{bursts.count} bursts")]


def _tools(a: Side, b: Side) -> list[Span]:
    called_a, called_b = (sorted(call.name for call in side.tool_calls) for side in (a, b))
    if called_a == called_b:
        return []
    if not called_b:
        return [_plain("called "), _strong("no tool"), _plain(f" where A called {', '.join(called_a)}")]
    if not called_a:
        return [_plain("called "), _strong(", ".join(called_b)), _plain(" where A called no tool")]
    return [_plain("called "), _strong(", ".join(called_b)), _plain(f" where A called {', '.join(called_a)}")]


def _breaks(a: Side, b: Side) -> list[Span]:
    counts = {side.name.upper(): sum(one.severity is Severity.BREAKS for _, one in side.findings) for side in (a, b)}
    told = [
        f"{name}'s answer has {words.plural(number, 'fault')} that break official clients"
        for name, number in counts.items()
        if number
    ]
    told = [text.replace("1 fault that break ", "1 fault that breaks ") for text in told]
    if not told:
        return []
    return [_strong("; ".join(told)), _plain(".")]


# -- the figures beside each other ---------------------------------------------------------------------------------------


def differences(a: Side, b: Side) -> dict[str, Difference]:
    """B minus A by measure (`ttft`, `total`, `output_rate`, `input`, `output`, `cost`), where both sides know it."""
    rows = {
        "ttfb": (a.timing.ttfb, b.timing.ttfb, True),
        "ttft": (a.timing.ttft, b.timing.ttft, True),
        "ttfo": (a.timing.ttfo, b.timing.ttfo, True),
        "total": (a.timing.total, b.timing.total, None),
        "output_rate": (a.timing.output_rate, b.timing.output_rate, False),
        "input": (_input(a), _input(b), True),
        "output": (a.usage.output_tokens if a.usage else None, b.usage.output_tokens if b.usage else None, None),
        "cost": (a.cost.usd if a.cost else None, b.cost.usd if b.cost else None, True),
    }
    return {
        name: Difference(name, first, second, less) for name, (first, second, less) in rows.items()
        if first is not None and second is not None
    }  # fmt: skip


def _input(side: Side) -> int | None:
    if side.usage is None or side.last is None:
        return None
    return total_input(side.usage, side.last.recording.envelope.protocol)
