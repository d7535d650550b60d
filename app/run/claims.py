"""What can be said of a run, as values: `app.run.compare` finds them, `app.run.sentences` puts them into words.

A side is "a" or "b". Times are milliseconds.
"""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec

from app.exchange.outcome import Outcome
from app.protocols.ends import AnswerEnd
from app.recording.records import SideName


class Goal(StrEnum):
    """What a person waits for: the first token of a stream, the whole of an answer that is not streamed."""

    FIRST_TOKEN = "first_token"
    WHOLE = "whole"


class Phase(StrEnum):
    """Where a difference of times can lie."""

    CONNECT = "connect"  # name, connection, proxy and TLS
    SEND = "send"
    WAIT = "wait"  # until the first byte of the answer; where it is split on both sides, it is these two:
    PATH = "path"  # the way to whatever acknowledges, there and back
    ENDPOINT = "endpoint"  # the rest of the wait
    FIRST_BYTE_TO_TOKEN = "first_byte_to_token"
    RECEIVE = "receive"


class Share(StrEnum):
    """How much of a difference lies in a phase."""

    ALL = "all"
    NEARLY_ALL = "nearly_all"
    PART = "part"


def _tag(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Claim(msgspec.Struct, frozen=True, tag_field="claim", tag=_tag):
    """Something that is known of this run. Each kind has its own fields, and its own sentence.

    In `--json` its name stands as `claim`: `Later` is `later`, `MostOfIt` is `most_of_it`.
    """


# -- while it runs, and where a side did not complete ------------------------------------------------------------------


class Running(Claim, frozen=True):
    """Nothing can be said yet."""


class Waiting(Claim, frozen=True):
    """A side runs; nothing of its answer has come. `streamed` is what was asked for."""

    side: SideName
    streamed: bool


class FirstTokenCame(Claim, frozen=True):
    """A side runs, and its first token is there."""

    side: SideName
    ms: float


class Silent(Claim, frozen=True):
    """Nothing has come of a side for some time, in whole seconds; it is given up at `limit_s`, None where that is not known."""

    side: SideName
    silent_s: int
    limit_s: float | None


class EndedAfter(Claim, frozen=True):
    """A side has ended while the other runs; `ms` is None where it is not known how long it took."""

    side: SideName
    outcome: Outcome
    ms: float | None


class Refused(Claim, frozen=True):
    """A side refused what a check broke on purpose."""

    side: SideName
    status: int


class BothRefused(Claim, frozen=True):
    """Both sides did."""

    a_status: int
    b_status: int


class NotCompleted(Claim, frozen=True):
    """A side did not complete. `cause` is the sentence of its diagnosis; `whole`: only its answer's end mark is missing."""

    side: SideName
    outcome: Outcome
    cause: str
    whole: bool = False


class OnlyOneCompleted(Claim, frozen=True):
    """One side completed, the other did not. `whole`: of the other's answer only the end mark is missing."""

    completed: SideName
    other: SideName
    outcome: Outcome
    cause: str
    whole: bool = False


class BothStopped(Claim, frozen=True):
    """The user stopped both."""


class NeitherCompleted(Claim, frozen=True):
    """No side completed; `cause` where it is one and the same, else "": each is told after it."""

    cause: str


# -- completed ---------------------------------------------------------------------------------------------------------


class AnswerEnded(Claim, frozen=True):
    """How a side's last answer ended; told where it was cut short, or where the other side's ended otherwise.

    `word` is the endpoint's own. `cut_too`: the side says that it ended by itself, with the very words of the other side's,
    which was cut.
    """

    side: SideName
    end: AnswerEnd
    word: str
    cut_too: bool = False


class BothEnded(Claim, frozen=True):
    """Both last answers were cut short in the same way. The words are the endpoints' own."""

    end: AnswerEnd
    a: str
    b: str


class LimitNotReached(Claim, frozen=True):
    """A side says that its token limit was reached, and it was not: `tokens` of the `limit` that was asked for."""

    side: SideName
    tokens: int
    limit: int


class SequenceUnasked(Claim, frozen=True):
    """A side says that it stopped at a stop sequence, and none was asked for."""

    side: SideName


class ToolUnasked(Claim, frozen=True):
    """A side reports a hosted tool, such as a web search, that the request did not offer."""

    side: SideName
    name: str


class NoToolCalled(Claim, frozen=True):
    """A run to see tools called, in which these sides called none."""

    sides: tuple[SideName, ...]


class NoTimes(Claim, frozen=True):
    """A capture without stamps completed."""

    side: SideName


class Took(Claim, frozen=True):
    """A side alone completed. `ttft_ms` is None where its answer has no first token (it was not streamed).

    `whole`: the answer was not cut short.
    """

    side: SideName
    ttft_ms: float | None
    total_ms: float
    whole: bool = True


class Empty(Claim, frozen=True):
    """Answers that hold nothing though they ended as if they were whole; `last`: of several rounds the last one."""

    sides: tuple[SideName, ...]
    last: bool


class NothingToCompare(Claim, frozen=True):
    """Both completed, but at least one has no times."""


class AboutTheSame(Claim, frozen=True):
    """Both reach the goal within what is noise."""

    goal: Goal
    a_ms: float
    b_ms: float


class Later(Claim, frozen=True):
    """B reaches the goal `ms` later than A; earlier where it is negative."""

    goal: Goal
    ms: float


class MostOfIt(Claim, frozen=True):
    """Most of the difference before lies in one phase, which took `side` longer."""

    phase: Phase
    side: SideName
    share: Share
    ms: float


class KeptAndNew(Claim, frozen=True):
    """One side reused a connection, the other opened one: connecting is in only one of the times."""

    reused: SideName
    new: SideName


class ThoughtAndWord(Claim, frozen=True):
    """The first token of one side is of its reasoning, that of the other of its answer."""

    thinks: SideName
    speaks: SideName


class Lengths(Claim, frozen=True):
    """The answers are not equally long, in tokens: more takes longer."""

    a: int
    b: int


class NoFirstToken(Claim, frozen=True):
    """First tokens can't be compared: a side's answer has none. `streamed`: it came as a stream, without content."""

    side: SideName
    streamed: bool


class TookLonger(Claim, frozen=True):
    """B took `ms` longer to complete than A, less where it is negative; told beside the first token."""

    ms: float


class MoreInput(Claim, frozen=True):
    """B counted so many more input tokens for the same request, fewer where it is negative.

    `same_body`: in one protocol, with the same bytes but for the model's name and the limit.
    """

    tokens: int
    same_body: bool = False


class UnexplainedRead(Claim, frozen=True):
    """A side says that it read so many tokens from a cache, for a request whose body of so many bytes can't hold them."""

    side: SideName
    tokens: int
    size: int


class HeardAgain(Claim, frozen=True):
    """A side's answer came in an earlier run already, by its id and its words."""

    side: SideName


class Added(Claim, frozen=True):
    """A side's answer holds what is neither in the request nor in the other side's answer, and what no model adds unasked:
    "shell", a command line that loads something and runs it, or "invisible" characters.
    """

    side: SideName
    other: SideName
    kind: str
    text: str


class CachedTwice(Claim, frozen=True):
    """A side's input tokens exceed the other's by exactly what it read from its cache: they are counted twice.

    `tokens` are those cached ones, `more` its total input, `less` that of the other.
    """

    side: SideName
    other: SideName
    tokens: int
    more: int
    less: int


class OutputUnsaid(Claim, frozen=True):
    """One side does not say how many tokens it wrote, or counts 0 for what it wrote (`zero`); the other says it."""

    side: SideName
    zero: bool


class AtOnce(Claim, frozen=True):
    """A side's answer came within `ms`, ready by then or collected on the way; `first`: of several rounds the first one."""

    side: SideName
    ms: float
    first: bool


class InBursts(Claim, frozen=True):
    """A side's answer was collected into bursts; `first`: of several rounds the first one."""

    side: SideName
    count: int
    first: bool


class MadeAfterwards(Claim, frozen=True):
    """A side's answer came within `ms` of its first piece, when the other's, which took its time, was already whole."""

    side: SideName
    other: SideName
    ms: float


class BothInBursts(Claim, frozen=True):
    """Both sides' answers came in bursts."""

    a: int
    b: int


class Called(Claim, frozen=True):
    """The sides called other tools: how often, by name."""

    a: dict[str, int]
    b: dict[str, int]


class Requests(Claim, frozen=True):
    """The sides made different numbers of requests."""

    a: int
    b: int


class Models(Claim, frozen=True):
    """The answers name different models."""

    a: str
    b: str


class Breaks(Claim, frozen=True):
    """A side's answer has that many kinds of findings that break clients: the one that was chosen, "" for the official ones.

    `title` is what was found first; `deed` what the client that was chosen does with it, in the words of an outcome, "" where
    that is not known.
    """

    side: SideName
    kinds: int
    client: str = ""
    title: str = ""
    deed: str = ""


class Loses(Claim, frozen=True):
    """The same of findings with which something is lost; `kinds` counts those that no other claim tells.

    `breaks`: the side breaks the client, too, as another claim tells. `seen`: its answer was seen whole; of no other it is said
    that it works.
    """

    side: SideName
    kinds: int
    client: str = ""
    title: str = ""
    deed: str = ""
    breaks: bool = False
    seen: bool = True


class BothBreak(Claim, frozen=True):
    """Both sides break the same client in the same way, each with so many kinds of findings; see `Breaks`."""

    kinds: int
    client: str = ""
    title: str = ""
    deed: str = ""


class BothLose(Claim, frozen=True):
    """Of both the same is lost; see `Loses`."""

    kinds: int
    client: str = ""
    title: str = ""
    deed: str = ""
    breaks: bool = False
    seen: bool = True
