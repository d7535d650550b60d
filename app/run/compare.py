"""Two sides to what differs between them: the claims that make the sentence at the window's foot.

A run is one sample of each side, so a time is never called better or worse in general: the sentence says "in this run", and
what is within the noise of a network (20 ms, or a twentieth) is told as about the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from operator import itemgetter

import msgspec

from app.exchange.burst_rules import BUFFERED
from app.exchange.exchange import Exchange
from app.exchange.outcome import Outcome, Shape
from app.exchange.timing import TOLD_SILENCE_MS, Start, Timing
from app.pricing import total_input
from app.protocols.any import rules, rules_end
from app.protocols.chat import rules_usage as of_chat
from app.protocols.ends import CUT_SHORT
from app.protocols.findings import Severity
from app.protocols.messages import rules_content as of_messages
from app.protocols.reading import Usage
from app.protocols.registry import info
from app.protocols.responses import rules_answer as of_responses
from app.run import claims as say
from app.run.added import additions, same_body
from app.run.cache_reads import unexplained_read
from app.run.claims import Claim, Goal, Phase, Share
from app.run.differences import about_the_same, begins_with_thought, counted_alike, counts_nothing, one_model, written
from app.run.endings import told_ms
from app.run.fit import Reason, reasons_of, unseen_in
from app.run.how_it_ended import how_it_ended
from app.run.sentences import in_words
from app.run.side import Side
from app.text import numbers
from app.text.sentences import Span, render, tr

MOST_OF_IT = 0.6
LONG_WRITING_MS = 500.0  # a stream that takes so long is written while it comes
AT_ONCE_SHARE = 0.1  # of that time: so quick is what was made up of a whole answer
NEARLY_ALL = 0.95
_IN_SECONDS_MS = 1_000  # from which on totals are shown in seconds
OF_ANOTHER_LENGTH = 0.1
_UNCOUNTED = frozenset({  # `OutputUnsaid` tells these, where it is one side's alone
    rules.OUTPUT_ZERO, of_chat.USAGE_MISSING, of_chat.USAGE_UNSAID, of_chat.USAGE_HOLLOW, of_messages.OUTPUT_UNSAID,
    of_responses.USAGE_MISSING,
})  # fmt: skip
_TOLD = frozenset({BUFFERED, of_messages.CACHE_IN_INPUT, *rules_end.RULES.values()})


class Comparison(msgspec.Struct, frozen=True):
    """What differs, as claims. They are put into words when they are asked for."""

    claims: tuple[Claim, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """The sentences in pieces; the strong ones carry the figures."""
        return in_words(self.claims)

    @property
    def sentence(self) -> str:
        return "".join(span.text for span in self.spans)


def compare(a: Side, b: Side | None, now_ns: int | None = None) -> Comparison:
    """What differs. It is made of measured facts of this run only and never says more than they do.

    `now_ns` (of `app.clock`): a side that runs and has been silent up to now is told as that.
    """
    if b is None:
        return Comparison(tuple(_alone(a, now_ns)))
    outcomes = {a.outcome, b.outcome}
    if Outcome.RUNNING in outcomes:
        return Comparison((*_progress(a, now_ns), *_progress(b, now_ns)))
    return Comparison(tuple(_both(a, b) if outcomes == {Outcome.COMPLETED} else _not_completed(a, b)))


# -- not both completed ------------------------------------------------------------------------------------------------


def _alone(side: Side, now_ns: int | None) -> Iterator[Claim]:
    if side.outcome is Outcome.RUNNING:
        yield from list(_silent(side, now_ns)) or [say.Running()]
    elif side.outcome is not Outcome.COMPLETED:
        yield _not_completed_one(side)
    else:
        yield from _breaks(side)
        yield from how_it_ended(side)
        yield from _empty(side)
        yield from _loses(side)
        total, whole = side.timing.total, side.end not in CUT_SHORT
        yield say.NoTimes(side.name) if total is None else say.Took(side.name, side.timing.ttft, total, whole)
        yield from _bursts(side)
        yield from _heard(side)


def _progress(side: Side, now_ns: int | None) -> Iterator[Claim]:
    if side.outcome is not Outcome.RUNNING:
        yield say.EndedAfter(side.name, side.outcome, told_ms(side))
        return
    if side.timing.ttft is not None:
        yield say.FirstTokenCame(side.name, side.timing.ttft)
    else:
        yield say.Waiting(side.name, side.first is None or side.first.recording.envelope.streamed)
    yield from _silent(side, now_ns)


def _silent(side: Side, now_ns: int | None) -> Iterator[Claim]:
    silent = None if now_ns is None else side.silent(now_ns)
    if silent is not None and silent[0] * 1e3 >= TOLD_SILENCE_MS:
        yield say.Silent(side.name, int(silent[0]), silent[1])


def _not_completed(a: Side, b: Side) -> Iterator[Claim]:
    if a.provoked and b.provoked:
        yield say.BothRefused(_status(a), _status(b))
    elif a.provoked or b.provoked:
        for side in (a, b):
            done = side.outcome is Outcome.COMPLETED
            yield say.EndedAfter(side.name, side.outcome, None) if done else _not_completed_one(side)
    elif Outcome.COMPLETED in (a.outcome, b.outcome):
        good, bad = (a, b) if a.outcome is Outcome.COMPLETED else (b, a)
        yield say.OnlyOneCompleted(good.name, bad.name, bad.outcome, _cause(bad), bad.whole_but_for_end_mark)
        ended = (a, b) if bad.whole_but_for_end_mark else (good,)  # only the mark is missing: how it ended is known
        yield from how_it_ended(*ended)
        yield from _breaks(good)
    elif a.outcome is b.outcome is Outcome.CANCELLED:
        yield say.BothStopped()
    elif _cause(a) == _cause(b):
        yield say.NeitherCompleted(_cause(a))
    else:
        yield say.NeitherCompleted("")
        yield from (_not_completed_one(side) for side in (a, b))


def _not_completed_one(side: Side) -> Claim:
    if side.provoked:
        return say.Refused(side.name, _status(side))
    return say.NotCompleted(side.name, side.outcome, _cause(side), side.whole_but_for_end_mark)


def _status(side: Side) -> int:
    return side.last.status if side.last is not None else 0


def _cause(side: Side) -> str:
    diagnosis = side.diagnosis
    return diagnosis.cause if diagnosis else tr("The cause is not known.")


# -- both completed ----------------------------------------------------------------------------------------------------


def _both(a: Side, b: Side) -> Iterator[Claim]:
    """What breaks comes first, then how it ended and what was called, what is lost or counted otherwise, then times."""
    yield from _breaks(a, b)
    yield from how_it_ended(a, b)
    empty = list(_empty(a, b))
    yield from empty
    yield from _called(a, b)
    yield from _loses(a, b)
    if not empty:  # else nothing can be said of how fast it was
        if (written(a) is None) != (written(b) is None):
            silent = a if written(a) is None else b
            yield say.OutputUnsaid(silent.name, counts_nothing(silent))
        yield from _input_tokens(a, b)
        yield from _times(a, b)
        yield from _rest(a, b)
    yield from _models(a, b)
    for side, other in ((a, b), (b, a)):
        if (read := unexplained_read(side, other)) is not None:
            yield say.UnexplainedRead(side.name, *read)
        yield from _heard(side)
        yield from (say.Added(side.name, other.name, one.kind, one.text) for one in additions(side, other))


def _heard(side: Side) -> Iterator[Claim]:
    if side.heard_before:
        yield say.HeardAgain(side.name)


def _empty(*sides: Side) -> Iterator[Claim]:
    """The sides whose last answer holds nothing, though it ended as if it were whole."""
    if empty := tuple(side.name for side in sides if _is_empty(side)):
        yield say.Empty(empty, last=any(len(side.rounds) > 1 for side in sides))


def _is_empty(side: Side) -> bool:
    return any(number == len(side.rounds) and finding.rule is rules.NOTHING_ANSWERED for number, finding in side.findings)


def _times(a: Side, b: Side) -> Iterator[Claim]:
    """What a person waits for: the first token of streams, the whole of unstreamed answers."""
    first, second = a.timing, b.timing
    if first.ttft is not None and second.ttft is not None:
        yield _later(Goal.FIRST_TOKEN, first.ttft, second.ttft)
        reasons = [*_kept_and_new(first, second), *_thought_and_word(first, second)]
        split = _both_split(first, second)
        parts = _until_token(first, split=split), _until_token(second, split=split)
        yield from reasons or _most_of_it(*parts, first.ttft, second.ttft)
        yield from _made_afterwards(a, b)
    elif first.total is None or second.total is None:
        yield say.NothingToCompare()
    else:
        yield _later(Goal.WHOLE, first.total, second.total)
        yield from _reasons_of_whole(a, b, first.total, second.total)


def _reasons_of_whole(a: Side, b: Side, a_ms: float, b_ms: float) -> Iterator[Claim]:
    first, second = a.timing, b.timing
    reasons = [*_lengths(a, b, a_ms, b_ms), *_kept_and_new(first, second)]
    yield from reasons
    if (first.ttft is None) != (second.ttft is None):
        without = a if first.ttft is None else b
        yield say.NoFirstToken(without.name, streamed=without.first is not None and without.first.shape is Shape.EVENTS)
    elif not reasons and len(a.rounds) == len(b.rounds) == 1:  # the phases are those of the first round
        split = _both_split(first, second)
        yield from _most_of_it(_until_end(first, split=split), _until_end(second, split=split), a_ms, b_ms)


def _later(goal: Goal, a_ms: float, b_ms: float) -> Claim:
    if about_the_same(a_ms, b_ms):
        return say.AboutTheSame(goal, a_ms, b_ms)
    return say.Later(goal, numbers.shown_apart(a_ms, b_ms))


def _made_afterwards(a: Side, b: Side) -> Iterator[Claim]:
    """A stream that seems to be made of a whole answer: all of it came at once, and not before the other side's was whole."""
    if len(a.rounds) > 1 or len(b.rounds) > 1:  # their totals hold more than the first answer
        return
    for side, other in ((a, b), (b, a)):
        ours, theirs = side.timing, other.timing
        if ours.ttft is None or ours.total is None or theirs.ttft is None or theirs.total is None:
            continue
        wrote, took = theirs.total - theirs.ttft, ours.total - ours.ttft
        counts = written(side), written(other)
        shorter = counts[0] is not None and counts[1] is not None and 2 * counts[0] < counts[1]
        as_long = 2 * _characters(side) >= _characters(other) and not shorter
        if wrote >= LONG_WRITING_MS and took <= AT_ONCE_SHARE * wrote and ours.ttft >= theirs.total and as_long:
            yield say.MadeAfterwards(side.name, other.name, took)


def _characters(side: Side) -> int:
    """How much the first answer holds."""
    reading = side.first.reading if side.first else None
    return len(reading.text) + len(reading.reasoning) if reading else 0


def _kept_and_new(a: Timing, b: Timing) -> Iterator[Claim]:
    if a.start != b.start:
        yield say.KeptAndNew("b", "a") if a.start is Start.NEW else say.KeptAndNew("a", "b")


def _thought_and_word(a: Timing, b: Timing) -> Iterator[Claim]:
    """First tokens of two kinds: where one side hides its reasoning, its first token comes behind what the other shows."""
    thought_a, thought_b = begins_with_thought(a), begins_with_thought(b)
    if thought_a != thought_b:
        yield say.ThoughtAndWord("a", "b") if thought_a else say.ThoughtAndWord("b", "a")


def _lengths(a: Side, b: Side, a_ms: float, b_ms: float) -> Iterator[Claim]:
    """The output tokens, where the times differ and the answers are not equally long."""
    ours, theirs = written(a), written(b)
    if ours is None or theirs is None or about_the_same(a_ms, b_ms):
        return
    if abs(theirs - ours) > OF_ANOTHER_LENGTH * max(ours, theirs):
        yield say.Lengths(ours, theirs)


def _most_of_it(a: dict[Phase, float], b: dict[Phase, float], a_ms: float, b_ms: float) -> Iterator[Claim]:
    """Which phase most of a difference lies in, where one does. The phases are in milliseconds."""
    if about_the_same(a_ms, b_ms):
        return
    difference = b_ms - a_ms
    parts = {phase: b[phase] - a[phase] for phase in a}
    phase, amount = max(parts.items(), key=lambda part: part[1] * (1 if difference > 0 else -1))
    if amount * difference <= 0 or abs(amount) < MOST_OF_IT * abs(difference):
        return
    # A phase can differ by more than the sum of all phases does; "of it" must not exceed it.
    share = Share.NEARLY_ALL if abs(amount) >= NEARLY_ALL * abs(difference) else Share.PART
    share = Share.ALL if abs(amount) >= abs(difference) else share
    yield say.MostOfIt(phase, "b" if difference > 0 else "a", share, abs(amount))


def _until_token(timing: Timing, *, split: bool) -> dict[Phase, float]:
    before = _until_byte(timing, split=split)
    rest = timing.ttft - sum(before.values()) if timing.ttft is not None and timing.wait is not None else 0.0
    return {**before, Phase.FIRST_BYTE_TO_TOKEN: rest}


def _until_end(timing: Timing, *, split: bool) -> dict[Phase, float]:
    return {**_until_byte(timing, split=split), Phase.RECEIVE: timing.receive or 0.0}


def _wait(timing: Timing, *, split: bool) -> dict[Phase, float]:
    if split and timing.path is not None and timing.endpoint is not None:
        return {Phase.PATH: timing.path, Phase.ENDPOINT: timing.endpoint}
    return {Phase.WAIT: timing.wait or 0.0}


def _both_split(a: Timing, b: Timing) -> bool:
    """Whether the wait of both sides is told as way and endpoint."""
    return a.path is not None and b.path is not None


def _until_byte(timing: Timing, *, split: bool) -> dict[Phase, float]:
    return {
        **_wait(timing, split=split),
        Phase.CONNECT: sum(filter(None, (timing.dns, timing.connect, timing.proxy, timing.tls))),
        Phase.SEND: timing.send or 0.0,
    }


def _called(a: Side, b: Side) -> Iterator[Claim]:
    """Which tools were called, where they are others: a call that is lost on the way is a loss, however fast it was."""
    called_a, called_b = (Counter(call.name for call in side.tool_calls) for side in (a, b))
    if called_a != called_b:
        yield say.Called(dict(called_a), dict(called_b))


def _rest(a: Side, b: Side) -> Iterator[Claim]:
    """What else is other on B."""
    yield from _total(a, b)
    yield from _bursts(a, b)
    if len(a.rounds) != len(b.rounds):
        yield say.Requests(len(a.rounds), len(b.rounds))


def _total(a: Side, b: Side) -> Iterator[Claim]:
    """The whole, where it says something else than the first token does: the other way round, or at least twice as much."""
    first, second = a.timing, b.timing
    if first.ttft is None or second.ttft is None or first.total is None or second.total is None:
        return
    difference, of_token = second.total - first.total, second.ttft - first.ttft
    same_way = difference * of_token > 0 and not about_the_same(first.ttft, second.ttft)
    told_already = same_way and abs(difference) < 2 * abs(of_token)
    if not told_already and not about_the_same(first.total, second.total) and len(a.rounds) == len(b.rounds):
        in_seconds = numbers.reaches(difference, _IN_SECONDS_MS)
        yield say.TookLonger(numbers.shown_apart(first.total, second.total, _IN_SECONDS_MS) if in_seconds else difference)
        yield from _lengths(a, b, first.total, second.total)


def _input_tokens(a: Side, b: Side) -> Iterator[Claim]:
    """Compared as totals, for the first round alone (later ones hold the answers, which differ), and only for one model:
    another model's tokeniser counts the same text otherwise."""
    if a.first is None or b.first is None or not counted_alike(a, b):
        return
    counted_a, counted_b = (_input(one.reading.usage, one.protocol.id) for one in (a.first, b.first))
    if counted_a is None or counted_b is None or counted_a == counted_b:
        return
    (more, side, one), (less, other, _) = sorted(
        [(counted_a, a.name, a.first), (counted_b, b.name, b.first)], key=itemgetter(0), reverse=True
    )
    if more - less in _cached_apart(one):
        yield say.CachedTwice(side, other, more - less, more, less)
    else:
        yield say.MoreInput(counted_b - counted_a, same_body(a, b))


def _cached_apart(one: Exchange) -> set[int]:
    """The counts of cached tokens that were added to the input; a converter of OpenAI's counts adds them once too often."""
    usage = one.reading.usage
    if usage is None or info(one.protocol.id).cache_in_input or usage.cache_in_input:
        return set()
    read, written = usage.cache_read_tokens or 0, usage.cache_write_tokens or 0
    return {read, read + written} - {0}


def _input(usage: Usage | None, protocol_id: str) -> int | None:
    return None if usage is None else total_input(usage, protocol_id)


def _bursts(a: Side, b: Side | None = None) -> Iterator[Claim]:
    seen = [(side, side.timing.bursts) for side in (a, b) if side is not None]
    counts = {side.name: bursts.count for side, bursts in seen if bursts is not None and bursts.collected}
    if len(counts) == 2:
        yield say.BothInBursts(counts["a"], counts["b"])
        return
    for side, bursts in seen:
        first = len(side.rounds) > 1
        if bursts is not None and bursts.collected:
            yield say.InBursts(side.name, bursts.count, first)
        elif bursts is not None:
            yield say.AtOnce(side.name, bursts.within_ms, first)


def _models(a: Side, b: Side) -> Iterator[Claim]:
    """The models that the answers name; an equal name proves nothing, so only others are told."""
    ours, theirs = (side.last.reading.model if side.last else None for side in (a, b))
    if ours and theirs and not one_model(ours, theirs):
        yield say.Models(ours, theirs)


def _breaks(*sides: Side) -> Iterator[Claim]:
    """What breaks the client of a side, named by what hurts most."""
    found = [
        say.Breaks(side.name, len(reasons), *_named(side, reasons[0]))
        for side in sides
        if (reasons := [one for one in reasons_of(side) if one.severity is Severity.BREAKS])
    ]
    match found:
        case [a, b] if _alike(a, b):
            yield say.BothBreak(a.kinds, a.client, a.title, a.deed)
        case _:
            yield from found


def _loses(*sides: Side) -> Iterator[Claim]:
    """What is lost, where no other claim tells it; what my client does is told by none."""
    told = _TOLD | _UNCOUNTED if len({written(side) is None for side in sides}) > 1 else _TOLD
    found: list[say.Loses] = []
    for side in sides:
        reasons = reasons_of(side)
        lost = [one for one in reasons if one.severity is Severity.LOSES and (one.deed or one.rule not in told)]
        if lost:
            first = next((one for one in lost if one.deed), lost[0])
            breaks = any(one.severity is Severity.BREAKS for one in reasons)
            seen = breaks or unseen_in(side) is None  # what breaks is said of any answer
            found.append(say.Loses(side.name, len(lost), *_named(side, first), breaks=breaks, seen=seen))
    match found:
        case [a, b] if _alike(a, b) and (a.breaks, a.seen) == (b.breaks, b.seen):
            yield say.BothLose(a.kinds, a.client, a.title, a.deed, a.breaks, a.seen)
        case _:
            yield from found


def _alike(a: say.Breaks | say.Loses, b: say.Breaks | say.Loses) -> bool:
    """Whether of both sides the same is told."""
    return (a.kinds, a.client, a.title, a.deed) == (b.kinds, b.client, b.title, b.deed)


def _named(side: Side, reason: Reason) -> tuple[str, str, str]:
    """The client, what was found, and what the client does with it."""
    client = side.my_client
    return client.title if client is not None else "", render(reason.rule.title, {}), reason.deed
