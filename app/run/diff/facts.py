"""What differs between the two sides of a run, as values; `app.run.diff.words` puts them into words.

Five parts are compared, each by its own meaning: answers, response headers, model lists, events, requests.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from app.recording.records import SideName


class Part(StrEnum):
    """What is compared, in the order in which it is shown."""

    ANSWERS = "answers"
    HEADERS = "headers"
    MODELS = "models"
    EVENTS = "events"
    REQUESTS = "requests"


class Standing(StrEnum):
    """How a part stands."""

    SAME = "same"  # nothing that is compared differs
    DIFFERS = "differs"
    UNKNOWN = "unknown"  # it can't be compared: `PartSummary.why` says why


class Why(StrEnum):
    """Why a part can't be compared. Those that have a side mean that side; without one they hold for both."""

    ALONE = "alone"  # the run has one side
    RUNNING = "running"  # a side has not ended
    NOTHING_SENT = "nothing_sent"  # a side sent no request
    NO_ANSWER = "no_answer"  # a side's answer has neither text nor reasoning nor a tool call
    NO_HEAD = "no_head"  # a side has no response head: nothing came, or it is a capture of a body alone
    NOT_FETCHED = "not_fetched"  # a side's list of models was not asked for, or there is none
    NOT_STREAMED = "not_streamed"  # a side's answer is no stream of events
    OTHER_PROTOCOL = "other_protocol"  # the sides speak two protocols, whose forms have nothing in common


class PartSummary(msgspec.Struct, frozen=True):
    """One part in figures.

    `places`: how many places differ (a family of headers is one). `only_a`, `only_b`: what one side alone has, `changed`: what
    both have, otherwise: places of answers and of events, headers (each of a family counts), models, fields of requests.
    Answers have their lengths in characters, and where they differ first the words there, "" for a side that has none there.
    `coarse`: it was too long to be compared exactly.
    """

    part: Part
    standing: Standing
    why: Why | None = None
    side: SideName | None = None
    places: int = 0
    only_a: int = 0
    only_b: int = 0
    changed: int = 0
    a_length: int = 0
    b_length: int = 0
    first_a: str = ""
    first_b: str = ""
    coarse: bool = False


class Summary(msgspec.Struct, frozen=True):
    """All parts in figures, for the spine between the panes."""

    answers: PartSummary
    headers: PartSummary
    models: PartSummary
    events: PartSummary
    requests: PartSummary

    @property
    def parts(self) -> tuple[PartSummary, ...]:
        """In the order of `Part`."""
        return self.answers, self.headers, self.models, self.events, self.requests

    def part(self, part: Part) -> PartSummary:
        """The one of that name."""
        return self.parts[list(Part).index(part)]

    @property
    def same(self) -> bool:
        """Whether nothing differs in all that could be compared, and something could."""
        standings = {one.standing for one in self.parts}
        return Standing.DIFFERS not in standings and Standing.SAME in standings


# -- texts -------------------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """Who has what is at a place."""

    CHANGED = "changed"  # both have something there, and not the same
    ONLY_A = "only_a"
    ONLY_B = "only_b"


class Extent(StrEnum):
    """What a place of a text is."""

    LETTERS = "letters"  # by letter alone, or characters of a script without spaces between words
    WORDS = "words"
    NUMBER = "number"  # one number stands where another does
    CAPITALS = "capitals"  # the same words but for capitals
    PUNCTUATION = "punctuation"
    SPACES = "spaces"  # white space alone, without a break of lines on either side
    LINE_BREAKS = "line_breaks"  # white space alone
    SENTENCES = "sentences"  # whole ones, on the side that has more of them
    LINES = "lines"  # whole lines, or whole paragraphs
    CODE = "code"  # in a fenced block of code


class Place(msgspec.Struct, frozen=True):
    """Where two texts differ: characters `a[0]` to `a[1]` of A stand where B has `b[0]` to `b[1]`.

    `count_a`, `count_b`: how many of `extent` each side has there.
    """

    kind: Kind
    extent: Extent
    a: tuple[int, int]
    b: tuple[int, int]
    count_a: int = 0
    count_b: int = 0


class TextDiff(msgspec.Struct, frozen=True):
    """Two texts and their places in order; what lies between two places is the same on both sides.

    `alike`: which share of both texts' characters matches, 0 to 1. `coarse`: they were too long, or differ in too many places,
    to be compared exactly, so that places may hold what is the same.
    """

    a: str
    b: str
    places: tuple[Place, ...] = ()
    alike: float = 1.0
    coarse: bool = False

    def texts(self, place: Place) -> tuple[str, str]:
        """What each side has at a place."""
        return self.a[slice(*place.a)], self.b[slice(*place.b)]


# -- values of JSON ----------------------------------------------------------------------------------------------------


class ValuePlace(msgspec.Struct, frozen=True):
    """Where two JSON values differ: `path` as in `messages[1].content`, "" for the whole; the values as JSON, None for a side
    that has none there."""

    path: str
    kind: Kind
    a: str | None
    b: str | None


class ValueDiff(msgspec.Struct, frozen=True):
    """Two JSON values. `order`: where nothing differs but the order of an object's names, the paths of these objects.

    `more`: how many places there are beyond those that are listed.
    """

    places: tuple[ValuePlace, ...] = ()
    order: tuple[str, ...] = ()
    more: int = 0


# -- answers -----------------------------------------------------------------------------------------------------------


class CallDiff(msgspec.Struct, frozen=True):
    """A tool call of both sides, or of one: its names ("" for a side without it) and its arguments.

    `value` is None where an argument text is no JSON; then `text` compares them as texts, and so it does for free text. `a`,
    `b` are the arguments as they came."""

    a_name: str
    b_name: str
    a: str = ""
    b: str = ""
    value: ValueDiff | None = None
    text: TextDiff | None = None

    @property
    def places(self) -> int:
        """How many places differ; another name is one of them, and so is a call that one side alone has."""
        if not self.a_name or not self.b_name:
            return 1
        inside = len(self.value.places) + self.value.more if self.value else len(self.text.places) if self.text else 0
        return inside + (self.a_name != self.b_name)


class RoundDiff(msgspec.Struct, frozen=True):
    """One round's answers, `number` from 1; `missing`: the side that has no such round, None for none."""

    number: int
    text: TextDiff
    reasoning: TextDiff
    calls: tuple[CallDiff, ...] = ()
    missing: SideName | None = None

    @property
    def places(self) -> int:
        return len(self.text.places) + len(self.reasoning.places) + sum(one.places for one in self.calls)


class AnswersDiff(msgspec.Struct, frozen=True):
    """All rounds of both sides. `why`, `side`: why they can't be compared; then there are no rounds."""

    rounds: tuple[RoundDiff, ...] = ()
    why: Why | None = None
    side: SideName | None = None

    @property
    def places(self) -> int:
        return sum(one.places for one in self.rounds)


# -- headers -----------------------------------------------------------------------------------------------------------


class Told(StrEnum):
    """What a response header is known to tell; the sentence of each is in `app.run.diff.words_told`."""

    RELAY_NUMBER = "relay_number"  # of the request, by a relay program
    RELAY_VERSION = "relay_version"
    RELAY_PROGRAM = "relay_program"
    RELAY_ASKED_AGAIN = "relay_asked_again"
    BEHIND_RELAY = "behind_relay"  # what the server behind a relay said, under a name that no client reads
    UPSTREAM_NUMBER = "upstream_number"
    VENDOR_NUMBER = "vendor_number"  # of the request, by the endpoint
    ON_THE_WAY = "on_the_way"  # a proxy, gateway or edge
    EDGE = "edge"  # with the place that its code names
    CACHE = "cache"  # a cache stands on the way
    FROM_CACHE = "from_cache"  # and answered in the model's place
    RATE_LIMIT = "rate_limit"
    RATE_LIMIT_LOST = "rate_limit_lost"
    RATE_LIMIT_OTHER = "rate_limit_other"  # both have one, and not the same
    RETRY_AFTER = "retry_after"
    RETRY_AFTER_LOST = "retry_after_lost"
    SHOULD_RETRY = "should_retry"
    TOOK = "took"  # what the endpoint says it took; `measured_ms` beside it where that is known
    ACCOUNT = "account"
    API_VERSION = "api_version"
    PLATFORM = "platform"  # a cloud's own
    UNBUFFERED = "unbuffered"
    FOR_BROWSERS = "for_browsers"
    CHARSET = "charset"  # another spelling of one content type
    OTHER_BODY = "other_body"  # another kind of content
    ENCODING = "encoding"


class HeaderRow(msgspec.Struct, frozen=True):
    """A response header, or a family of them that is told as one.

    `kind` None: both have it with the same value. `name` is in lower case; a family's ends with `…`, and `names` are its own.
    `a`, `b`: the values, None for a side without it; what names an account is masked. `tells` is None where nothing is known of
    it; `fields` are for its sentence. `loud`: it tells of a loss.
    """

    name: str
    kind: Kind | None
    a: str | None
    b: str | None
    names: tuple[str, ...] = ()
    tells: Told | None = None
    fields: dict[str, object] = {}
    loud: bool = False

    @property
    def count(self) -> int:
        return len(self.names) or 1


class HeadersDiff(msgspec.Struct, frozen=True):
    """The response headers of the first round. `left_out`: the names of those that differ in every response (ids, dates,
    lengths) or belong to one connection, which both sides have or which say nothing. `why`, `side` as in `PartSummary`."""

    rows: tuple[HeaderRow, ...] = ()
    left_out: tuple[str, ...] = ()
    status_a: int = 0
    status_b: int = 0
    why: Why | None = None
    side: SideName | None = None

    def count(self, kind: Kind | None) -> int:
        """How many headers are of a kind, each of a family counted."""
        return sum(one.count for one in self.rows if one.kind is kind)


# -- model lists -------------------------------------------------------------------------------------------------------


class ModelsDiff(msgspec.Struct, frozen=True):
    """The lists of models of both endpoints. `asked_a`, `asked_b`: the models that were asked for, `listed_a`, `listed_b`
    whether the side's list has it, under that name or another of the same model. `why`, `side` as in `PartSummary`."""

    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()
    both: tuple[str, ...] = ()
    asked_a: str = ""
    asked_b: str = ""
    listed_a: bool = False
    listed_b: bool = False
    why: Why | None = None
    side: SideName | None = None


# -- requests ----------------------------------------------------------------------------------------------------------


class RequestsDiff(msgspec.Struct, frozen=True):
    """The first requests of both sides, without address and key. `head`: method, path and headers, each `path` its name.

    `body` is None where a body is no JSON; `text` then compares them as texts. `key_a`, `key_b`: the headers in which the
    keys are sent, "" for none. `later`: how many requests follow on the side with more of them; they hold the side's own
    answers, and are not compared. `why`, `side` as in `PartSummary`."""

    head: tuple[ValuePlace, ...] = ()
    body: ValueDiff | None = None
    text: TextDiff | None = None
    key_a: str = ""
    key_b: str = ""
    later: int = 0
    why: Why | None = None
    side: SideName | None = None

    @property
    def places(self) -> tuple[ValuePlace, ...]:
        """All that differs by name or path; of texts none."""
        return self.head + (self.body.places if self.body is not None else ())


# -- events ------------------------------------------------------------------------------------------------------------


class Sense(StrEnum):
    """What an event of a stream is for. One event may be for several: a last chunk with the stop reason and the usage."""

    NAMED = "named"  # an event of its own type, which its name tells
    UNTYPED = "untyped"  # an object without a type; the name is the type of what it holds, "" for none
    NO_JSON = "no_json"  # data that is no JSON object; the name is that of the event, "" for none
    ROLE = "role"
    REASONING = "reasoning"
    TEXT = "text"
    TOOL_CALL = "tool_call"
    STOP = "stop"
    USAGE = "usage"
    ERROR = "error"
    DONE = "done"
    PING = "ping"
    EMPTY = "empty"  # it carries nothing


class Relation(StrEnum):
    """How the side that lacks an event stands to it."""

    NEVER = "never"  # it has no such event at all
    LESS_OFTEN = "less_often"
    ELSEWHERE = "elsewhere"  # as often, but at another place


class Step(msgspec.Struct, frozen=True):
    """Events of one sense that follow each other: the first and the last, from 1, and how many they are. `name`: the type of
    the event, with that of its block or item, "" where the sense says all."""

    sense: Sense
    name: str
    first: int
    last: int
    count: int


class EventRow(msgspec.Struct, frozen=True):
    """A step of A beside that of B which means the same; None for the side that has none there. `relation` is None where both
    have it."""

    a: Step | None
    b: Step | None
    relation: Relation | None = None

    @property
    def step(self) -> Step:
        step = self.a or self.b
        assert step is not None
        return step

    @property
    def kind(self) -> Kind | None:
        return Kind.ONLY_B if self.a is None else Kind.ONLY_A if self.b is None else None


class EventPlace(msgspec.Struct, frozen=True):
    """Rows that follow each other and that one side alone has: `rows` from `first` to before `end`.

    Where they are of one meaning, `numbers_a` and `numbers_b` are the first events of each step of it, wherever it stands.
    """

    kind: Kind
    first: int
    end: int
    relation: Relation | None = None
    numbers_a: tuple[int, ...] = ()
    numbers_b: tuple[int, ...] = ()


class RoundEvents(msgspec.Struct, frozen=True):
    """One round's streams. `pings_a`, `pings_b`: their keep-alives, which are counted and not aligned. `cut`: one has too many
    events apart from content, and what lies behind was not compared."""

    number: int
    rows: tuple[EventRow, ...]
    places: tuple[EventPlace, ...]
    pings_a: int = 0
    pings_b: int = 0
    cut: bool = False

    @property
    def pings_missing(self) -> SideName | None:
        """The side that sends no keep-alives where the other does."""
        return None if bool(self.pings_a) == bool(self.pings_b) else "a" if not self.pings_a else "b"


class EventsDiff(msgspec.Struct, frozen=True):
    """The streams of all rounds that both sides have. `by_meaning`: the sides speak two protocols, so that only what holds in
    both is compared: reasoning, text, calls, their order, the stop reason, the usage. `why`, `side` as in `PartSummary`."""

    rounds: tuple[RoundEvents, ...] = ()
    by_meaning: bool = False
    why: Why | None = None
    side: SideName | None = None

    @property
    def places(self) -> int:
        return sum(len(one.places) + (one.pings_missing is not None) for one in self.rounds)


# -- all ---------------------------------------------------------------------------------------------------------------


class RunDiff(msgspec.Struct, frozen=True):
    """All that differs between the sides of a run."""

    answers: AnswersDiff
    headers: HeadersDiff
    models: ModelsDiff
    events: EventsDiff
    requests: RequestsDiff
    summary: Summary
