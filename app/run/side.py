"""A run: one or two sides, each a list of rounds, and what they add up to (DESIGN 4: a run with several rounds)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

import msgspec

from app.clients.impact import Seen, severity_for
from app.clients.retry import Forecast, forecast
from app.clients.table import Client, table
from app.diagnosis import Context, Diagnosis, diagnose, own_fault, provoked, unanswered_calls
from app.exchange.exchange import Exchange, Outcome
from app.exchange.outcome import Shape
from app.exchange.timing import Timing, silence, start_ns
from app.pricing import Cost, PriceTable, Unpriced, price, total_input
from app.protocols.ends import AnswerEnd, end_of
from app.protocols.findings import Finding, Severity
from app.protocols.reading import Reading, ToolCall, Usage
from app.recording.recording import Recording
from app.recording.records import NO_STAMP, EndDetail, Ended, EndKind, EndReason, SideName, Wanted
from app.run.said_cost import SaidCost, said_cost
from app.scenarios import MAX_ROUNDS, Scenario
from app.text.sentences import tr
from app.text.translation import translator

LIMITS = frozenset({402, 408, 429})  # which tell of money, time and rates, whatever was asked
_COUNTS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens")


class Stage(Enum):
    """How far a side is. One that is read from a file has ended."""

    PLAYING = auto()  # a round may still follow the last one
    ASKING = auto()  # its rounds have ended, and other paths of its address are being asked
    ENDED = auto()


class Patience(msgspec.Struct, frozen=True):
    """How long a side is waited for, in seconds: its first byte, any more of its answer, and the whole of it."""

    first_byte_s: float
    silence_s: float
    total_s: float


class Side:
    """One side of a run: its rounds in order, and the facts of all of them together.

    Attributes:
        name: "a" or "b".
        rounds: the exchanges; at least one once anything was sent.
        context: what the diagnosis may know besides the recording (the models on offer, the key's shape).
        client: the name of the client whose severities count; that of the recording's profile where it is "", or speaks
            another protocol.
        table: the prices to count costs by; None for those that Diptych brings along. Whoever shows costs sets it.
        patience: the time limits of a side that is played; None for one from a file.
        stage: how far it is; who plays it says so.
        fault: what went wrong inside Diptych itself and ended this side, "" for nothing; see `break_off`.
        heard_before: whether one of its answers came in an earlier run of this session (`app.run.heard_before`).
        moment_ns: where it is played again (`app.run.replay`), the moment of its own time that it has reached; else None.
        lasts_ms: where it is played again, how long all of it takes; else None.
    """

    def __init__(
        self,
        name: SideName,
        rounds: Iterable[Exchange] = (),
        context: Context | None = None,
        table: PriceTable | None = None,
    ) -> None:
        self.name = name
        self.rounds = list(rounds)
        self.context = context or Context()
        self.table = table
        self.patience: Patience | None = None
        self.client = ""
        self.stage = Stage.ENDED
        self.fault = ""
        self.heard_before = False
        self.moment_ns: int | None = None
        self.lasts_ms: float | None = None
        self._diagnosed: tuple[tuple[object, ...], Diagnosis | None] | None = None  # what it was made of, and what it was

    def own_ns(self, now_ns: int) -> int:
        """The moment of its own time, of `app.clock`: now while it is played, else its end, which may not be read yet."""
        if self.moment_ns is not None:
            return self.moment_ns
        end = self.last.recording.end if self.last is not None else None
        return now_ns if self.playing or end is None or end.ns == NO_STAMP else min(now_ns, end.ns)

    def break_off(self, fault: str) -> None:
        """A fault of Diptych's own ends this side. What had come is kept, and the recording says whose fault it was."""
        self.fault = fault
        if self.last is not None:
            message, detail = f"a fault in Diptych: {fault}", EndDetail(EndReason.OWN_FAULT)
            self.last.recording.apply(Ended(EndKind.INTERRUPTED, message=message, detail=detail))

    @property
    def playing(self) -> bool:
        return self.stage is Stage.PLAYING

    @property
    def asking(self) -> bool:
        """Whether other paths of its address are being asked."""
        return self.stage is Stage.ASKING

    @property
    def first(self) -> Exchange | None:
        return self.rounds[0] if self.rounds else None

    @property
    def is_demo(self) -> bool:
        """Whether the demo answered, which nobody pays for; it stands in the recording, so a file's run knows it too."""
        return self.first is not None and bool(self.first.recording.envelope.profile.demo)

    @property
    def last(self) -> Exchange | None:
        return self.rounds[-1] if self.rounds else None

    @property
    def outcome(self) -> Outcome:
        """The last round's; RUNNING before the first round and between two, FAILED for calls that were never answered."""
        if self.fault:
            return Outcome.INTERRUPTED
        if self.last is None or self.playing:
            return Outcome.RUNNING
        return Outcome.FAILED if self.never_ended else self.last.outcome

    @property
    def provoked(self) -> bool:
        """Whether it refused what was broken on purpose: that is an answer to the question, and no failure."""
        return self.last is not None and not self.fault and is_provoked(self.last)

    @property
    def end(self) -> AnswerEnd:
        """Why the last answer ended, by the endpoint's own words."""
        return end_of(self.last.reading) if self.last is not None else AnswerEnd.UNSAID

    @property
    def whole_but_for_end_mark(self) -> bool:
        """Whether nothing of the last answer is missing, and it fails only for the end mark of its stream."""
        return self.last is not None and not self.fault and self.last.whole_but_for_end_mark

    @property
    def never_ended(self) -> bool:
        """Whether a loop of tool calls was stopped at the most rounds, its last call unanswered."""
        last = self.last
        if last is None or self.playing or len(self.rounds) < MAX_ROUNDS:
            return False
        looping = last.recording.envelope.scenario == Scenario.TOOLS and last.outcome is Outcome.COMPLETED
        return looping and bool(last.reading.tool_calls)

    @property
    def repeated_rounds(self) -> int:
        """How many rounds up to the last called the same tools with the same arguments."""
        calls = [sorted((call.name, _arguments(call)) for call in one.reading.tool_calls) for one in self.rounds]
        return next((back for back, one in enumerate(reversed(calls)) if one != calls[-1]), len(calls))

    @property
    def tool_calls(self) -> list[ToolCall]:
        """Those of all rounds."""
        return [call for one in self.rounds for call in one.reading.tool_calls]

    @property
    def misses_call(self) -> bool:
        """Whether it was asked to see a tool called, and called none."""
        return any(one.wants_call for one in self.rounds) and not self.tool_calls

    @property
    def usage(self) -> Usage | None:
        """The sum over the rounds. A count that one of the rounds did not say is not known for the sum either."""
        told = [one.reading.usage for one in self._counted]
        if not told or all(usage is None for usage in told):
            return None
        if len(told) == 1:
            return told[0]
        counts = {name: _sum(getattr(usage, name) if usage else None for usage in told) for name in _COUNTS}
        return msgspec.structs.replace(Usage(), **counts)

    @property
    def total_input_tokens(self) -> int | None:
        """All input of all rounds, cached tokens included, comparable across protocols; None where one round did not say."""
        totals = [total_input(usage, one.protocol.id) if (usage := one.reading.usage) else None for one in self._counted]
        return _sum(totals) if totals else None

    @property
    def _counted(self) -> list[Exchange]:
        """The rounds whose tokens count: a round that was broken off and said nothing of tokens is left out."""
        return [one for one in self.rounds if one.reading.usage or one.outcome is Outcome.COMPLETED]

    @property
    def price(self) -> Cost | Unpriced:
        """The sum over the rounds, or why one of them can't be priced."""
        prices = [price_of(one, self.table) for one in self._counted]
        if unknown := [one for one in prices if isinstance(one, Unpriced)]:
            return unknown[0]
        known = [one for one in prices if isinstance(one, Cost)]
        if not known:
            return Unpriced(tr("Nothing was counted yet."))
        return known[0] if len(known) == 1 else _together(known)

    @property
    def cost(self) -> Cost | None:
        """The price where it is known."""
        return known if isinstance(known := self.price, Cost) else None

    @property
    def said_cost(self) -> SaidCost | None:
        """What the endpoint itself says that all rounds cost; None where one of them did not say."""
        return said_cost(one.reading.usage for one in self._counted)

    @property
    def timing(self) -> Timing:
        """The first round's, with the total from the first start to the last byte."""
        if self.first is None or self.last is None:
            return Timing()
        timing = self.first.timing
        return timing if len(self.rounds) == 1 else msgspec.structs.replace(timing, total=self._total())

    def silent(self, now_ns: int) -> tuple[float, float | None] | None:
        """For how many seconds nothing came of its answer, and after how many it is given up (None: not known).

        None where it is not waited for: before its request is out, and once it has ended.
        """
        last = self.last
        quiet = None if last is None or last.recording.end is not None else silence(last.recording, self.own_ns(now_ns))
        if last is None or quiet is None:
            return None
        if (limits := self.patience) is None:
            return quiet.ms / 1e3, None
        begin = start_ns(last.recording)
        left_s = limits.total_s - (0.0 if begin is None else (quiet.since_ns - begin) / 1e9)
        return quiet.ms / 1e3, min(limits.silence_s if quiet.answered else limits.first_byte_s, left_s)

    @property
    def findings(self) -> list[tuple[int, Finding]]:
        """All findings with their round (from 1), the most hurtful first."""
        order = list(Severity)
        found = [(number, one) for number, each in enumerate(self.rounds, 1) for one in self._judged(each)]
        return sorted(found, key=lambda pair: order.index(pair[1].severity))

    @property
    def my_client(self) -> Client | None:
        """The client that was chosen, by which findings are named; None where none was, or none that speaks the protocol."""
        if self.last is None:
            return None
        envelope = self.last.recording.envelope
        named = (table().client(name, envelope.protocol) for name in (self.client, envelope.profile.client) if name)
        return next(filter(None, named), None)

    @property
    def judge(self) -> Client | None:
        """The client whose runs count: the chosen one, else the protocol's official Python SDK, where it has one."""
        return self.my_client or (table().client("", self.last.recording.envelope.protocol) if self.last else None)

    @property
    def retry(self) -> Forecast | None:
        """What that client (without a choice, the official Python SDK) would do with the error; None where no run tells, or
        where there is nothing to ask again for."""
        if self.last is None:
            return None
        client = self.judge
        told = forecast(client, self.last) if client is not None else None
        return told if told is not None and told.tried else None

    def _judged(self, exchange: Exchange) -> list[Finding]:
        """An exchange's findings, as severe as they are for the client: the chosen one, else the official Python SDK."""
        client = self.judge if exchange.findings else None  # without any, the table of clients is not read
        if client is None:
            return exchange.findings
        seen = seen_in(exchange)
        judged = ((one, severity_for(client, one, seen)) for one in exchange.findings)
        return [msgspec.structs.replace(one, judged=severity) for one, severity in judged]

    @property
    def diagnosis(self) -> Diagnosis | None:
        """Cause and fix for every outcome but completed. Kept until what it is made of changes: it is asked for often."""
        if self.fault:
            return own_fault(self.fault)
        if self.last is not None and self.never_ended:
            names = dict.fromkeys(call.name for call in self.last.reading.tool_calls)
            return unanswered_calls(", ".join(names), len(self.rounds), self.repeated_rounds)
        if self.last is None:
            return None
        recording = self.last.recording  # of which only this may change once it was read to its end
        noted = recording.envelope, recording.end, len(recording.masks), len(recording.asked)
        made_of = self.last, self.last.outcome, noted, self.context, translator()
        if self._diagnosed is None or self._diagnosed[0] != made_of:
            told = diagnose(self.last, self.context)
            told = provoked(told, self.last.status) if told is not None and self.provoked else told
            self._diagnosed = made_of, told
        return self._diagnosed[1]

    @property
    def events(self) -> int:
        """How many events all rounds brought."""
        return sum(len(one.events) for one in self.rounds)

    def _total(self) -> float | None:
        assert self.first is not None
        assert self.last is not None
        begin, last = start_ns(self.first.recording), self.last.timing.total
        last_begin = start_ns(self.last.recording)
        if begin is None or last is None or last_begin is None:
            return None
        return (last_begin - begin) / 1e6 + last


def seen_in(exchange: Exchange) -> Seen:
    """What of an exchange decides which runs of clients are like it."""
    envelope, reading = exchange.recording.envelope, exchange.reading
    streamed = envelope.streamed or exchange.shape is Shape.EVENTS
    return Seen(envelope.protocol, streamed, bool(reading.tool_calls), bool(reading.reasoning))


def is_provoked(one: Exchange) -> bool:
    """Whether a request that was broken on purpose was refused, whatever is wrong with how."""
    wanted = one.recording.envelope.wanted is Wanted.REFUSAL
    return wanted and one.outcome is Outcome.FAILED and 400 <= one.status < 500 and one.status not in LIMITS


def price_of(exchange: Exchange, table: PriceTable | None = None) -> Cost | Unpriced:
    """What one exchange cost, by the profile's own prices or the table, or why that is not known.

    The model that answered counts; where the table does not know it (an alias, a relay's own name), the one that was asked.
    """
    reading, envelope = exchange.reading, exchange.recording.envelope
    if reading.usage is None:
        return Unpriced(tr("The endpoint did not say how many tokens it counted."))
    answers = [
        price(
            reading.usage,
            envelope.protocol,
            model,
            envelope.profile.prices,
            table=table,
            service_tier=reading.service_tier,
            refused_unsaid=_refused_unsaid(reading),
        )
        for model in dict.fromkeys(filter(None, (reading.model, envelope.model)))
    ]
    known = [one for one in answers if isinstance(one, Cost)]
    return (known or answers or [Unpriced(tr("No model is named, so there is no price."))])[0]


def _arguments(call: ToolCall) -> str:
    return repr(call.arguments) if call.parsed else call.arguments_text


def _refused_unsaid(reading: Reading) -> bool:
    """Whether the model refused before it had put out anything."""
    return reading.stop_reason == "refusal" and not (reading.text or reading.reasoning or reading.tool_calls)


def _together(costs: list[Cost]) -> Cost:
    """The cost of several rounds, with what was assumed in any of them. The rows used are named where they are not the same."""
    parts: dict[str, float] = {}
    for cost in costs:
        for name, usd in cost.parts.items():
            parts[name] = parts.get(name, 0.0) + usd
    return Cost(
        sum(cost.usd for cost in costs),
        tr("{sources:list}", sources=tuple(dict.fromkeys(cost.source for cost in costs))),
        " and ".join(dict.fromkeys(filter(None, (cost.model for cost in costs)))),
        parts,
        tuple(dict.fromkeys(note for cost in costs for note in cost.notes)),
        tuple(dict.fromkeys(doubt for cost in costs for doubt in cost.doubts)),
    )


def _sum(values: Iterable[int | None]) -> int | None:
    total = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def sides_of(recordings: Iterable[Recording]) -> dict[SideName, Side]:
    """The sides of a saved run, their rounds not read yet (`Exchange.advance`). A capture without a side is side A."""
    sides: dict[SideName, Side] = {}
    for recording in recordings:
        name = recording.envelope.side or "a"
        sides.setdefault(name, Side(name)).rounds.append(Exchange(recording))
    return sides
