"""Single differences in words: a place of a text, a header, an event, a field of a request."""

from __future__ import annotations

from app.run.diff.facts import EventPlace, EventRow, Extent, HeaderRow, Kind, Place, Relation, RoundEvents, Sense, Step, Told
from app.text.sentences import Phrase, message, render

_SIGNS = {
    Kind.ONLY_B: message("+ only B"),
    Kind.ONLY_A: message("− only A"),
    Kind.CHANGED: message("≠ value"),
    None: message("= same"),
}
_PLACE = {
    Kind.ONLY_A: "only in A",
    Kind.ONLY_B: "only in B",
    (Kind.CHANGED, Extent.LETTERS): "{most:word another character|other characters}",
    (Kind.CHANGED, Extent.WORDS): "{most:word another word|other words}",
    (Kind.CHANGED, Extent.NUMBER): "another number",
    (Kind.CHANGED, Extent.CAPITALS): "other capitals",
    (Kind.CHANGED, Extent.PUNCTUATION): "other punctuation",
    (Kind.CHANGED, Extent.SPACES): "other spaces",
    (Kind.CHANGED, Extent.LINE_BREAKS): "other line breaks",
    (Kind.CHANGED, Extent.SENTENCES): "{most:word another sentence|other sentences}",
    (Kind.CHANGED, Extent.LINES): "other lines",
    (Kind.CHANGED, Extent.CODE): "other code",
}
_SIZE = {
    Extent.LETTERS: "{most:plural character|characters}",
    Extent.WORDS: "{most:plural word|words}",
    Extent.NUMBER: message("a number"),
    Extent.CAPITALS: "",
    Extent.PUNCTUATION: message("punctuation"),
    Extent.SPACES: "",
    Extent.LINE_BREAKS: "",
    Extent.SENTENCES: "{most:once a sentence|sentences}",
    Extent.LINES: "{most:plural line|lines}",
    Extent.CODE: "{most:plural line|lines} of code",
}
_TOLD = {
    Told.RELAY_NUMBER: "a relay program's own number of this request ({who}): give it to its operator",
    Told.RELAY_VERSION: "{who}, a relay program, and its version",
    Told.RELAY_PROGRAM: "{who} stands on the way and tells of its work",
    Told.RELAY_ASKED_AGAIN: "{who} asked more than once for this answer",
    Told.BEHIND_RELAY: "what the server behind {who} said, under a name that no client reads",
    Told.UPSTREAM_NUMBER: "the number that the server behind the relay gave this request",
    Told.VENDOR_NUMBER: "the endpoint's number of this request: its support asks for it",
    Told.ON_THE_WAY: "{who:or a proxy or cache} stands on the way",
    Told.EDGE: "an edge of {who}{city:if , {city}}",
    Told.CACHE: "a cache stands on the way",
    Told.FROM_CACHE: "a cache answered: no model may have been asked",
    Told.RATE_LIMIT: "how many requests and tokens are left",
    Told.RATE_LIMIT_LOST: "your client can't slow down before a 429: the counts don't get through to {without}",
    Told.RATE_LIMIT_OTHER: "another limit",
    Told.RETRY_AFTER: "when to ask again",
    Told.RETRY_AFTER_LOST: "when to ask again: {without} doesn't say it, so that clients guess",
    Told.SHOULD_RETRY: "whether the official SDKs ask again",
    Told.TOOK: (
        "what the endpoint says it took{measured_ms:if {less:select shorter=; {by_ms:milliseconds} less than measured|"
        "longer=; {by_ms:milliseconds} more than measured|same=; as measured} ({measured_ms:milliseconds})}"
    ),
    Told.ACCOUNT: "the vendor's account that the key belongs to",
    Told.API_VERSION: "the version of the vendor's API",
    Told.PLATFORM: "{who}'s own",
    Told.UNBUFFERED: "tells nginx not to hold the stream back",
    Told.FOR_BROWSERS: "for browsers; no API client reads it",
    Told.CHARSET: "the same kind of content; no client minds",
    Told.OTHER_BODY: "another kind of content",
    Told.ENCODING: "how the body is packed",
}
_SENSES = {
    Sense.NAMED: "{name}",
    Sense.UNTYPED: "no type{name:if  {name}}",
    Sense.NO_JSON: "{name:if {name} }no JSON",
    Sense.ROLE: "the role",
    Sense.REASONING: message("reasoning"),
    Sense.TEXT: message("text"),
    Sense.TOOL_CALL: "a tool call",
    Sense.STOP: "the stop reason",
    Sense.USAGE: message("usage"),
    Sense.ERROR: "an error",
    Sense.DONE: "[DONE]",
    Sense.PING: "a keep-alive",
    Sense.EMPTY: "an event without content",
}
_EVENTS = {
    Relation.NEVER: "{what} comes only in {side} ({numbers})",
    Relation.LESS_OFTEN: (
        "{what} comes {here:once once|times} in {side} ({numbers}), {there:once once|times} in {other} ({others})"
    ),
    Relation.ELSEWHERE: "{what} comes at another place in {side} ({numbers}) than in {other} ({others})",
}
_SEVERAL = "{what:list} come only in {side} ({numbers})"
_NO_PINGS = "{side} sends no keep-alives ({other}: {count:grouped})"
_NUMBERS = "{many:word event|events} {numbers:list}"
_RANGE = "events {range}"
_FROM_TO = "{first:grouped} to {last:grouped}"
_MAX_LISTED = 6


def sign_words(kind: Kind | None) -> str:
    """What a row begins with: `+ only B`; `= same` for None."""
    return render(_SIGNS[kind], {})


def place_words(place: Place) -> tuple[str, str]:
    """What a place is, and how much one side alone has there: (`only in B`, `a sentence`); "" for a word alone."""
    most = max(place.count_a, place.count_b)
    if place.kind is Kind.CHANGED:
        return render(_PLACE[place.kind, place.extent], {"most": most}), ""
    size = "" if place.extent is Extent.WORDS and most == 1 else render(_SIZE[place.extent], {"most": most})
    return render(_PLACE[place.kind], {}), size


def header_told(row: HeaderRow) -> str:
    """What a header tells, as a clause; "" where nothing is known."""
    if row.tells is None:
        return ""
    less = row.fields.get("less_ms")
    more = {"less": "", "by_ms": 0.0}
    if isinstance(less, float):
        more = {"less": "same" if round(less) == 0 else "shorter" if less > 0 else "longer", "by_ms": abs(less)}
    who = Phrase(str(row.fields.get("who", "")))
    return render(_TOLD[row.tells], {"measured_ms": None, **row.fields, **more, "who": who})


def step_words(step: Step) -> str:
    """What a step of a stream is: `text`, `usage`, `message_start`."""
    return render(_SENSES[step.sense], {"name": step.name})


def step_numbers(step: Step) -> str:
    """Where it stands: `event 12`, `events 3 to 98`."""
    if step.first == step.last:
        return render(_NUMBERS, {"many": 1, "numbers": [str(step.first)]})
    return render(_RANGE, {"range": step_range(step)})


def step_range(step: Step) -> str:
    """The numbers alone: `12`, `3 to 98`."""
    if step.first == step.last:
        return str(step.first)
    return render(_FROM_TO, {"first": step.first, "last": step.last})


def event_words(events: RoundEvents, place: EventPlace) -> str:
    """A difference of two streams, as a clause, with the numbers of the events on each side."""
    rows = events.rows[place.first : place.end]
    side, other = ("A", "B") if place.kind is Kind.ONLY_A else ("B", "A")
    if place.relation is None:
        names = list(dict.fromkeys(step_words(row.step) for row in rows))
        shown = [*names[:_MAX_LISTED], "…"] if len(names) > _MAX_LISTED else names
        return render(_SEVERAL, {"what": shown, "side": side, "numbers": _from_to(rows)})
    here, there = (place.numbers_a, place.numbers_b) if side == "A" else (place.numbers_b, place.numbers_a)
    return render(_EVENTS[place.relation], {
        "what": step_words(rows[0].step), "side": side, "other": other, "here": len(here), "there": len(there),
        "numbers": _from_to(rows) if place.relation is Relation.NEVER else _listed(here), "others": _listed(there),
    })  # fmt: skip


def pings_words(events: RoundEvents) -> str:
    """That a side sends no keep-alives where the other does; "" where that is not so."""
    if events.pings_missing is None:
        return ""
    side, other = ("A", "B") if events.pings_missing == "a" else ("B", "A")
    return render(_NO_PINGS, {"side": side, "other": other, "count": max(events.pings_a, events.pings_b)})


def _from_to(rows: tuple[EventRow, ...]) -> str:
    first, last = rows[0].step.first, rows[-1].step.last
    return step_numbers(Step(Sense.EMPTY, "", first, last, last - first + 1))


def _listed(numbers: tuple[int, ...]) -> str:
    shown = [str(one) for one in numbers[:_MAX_LISTED]] + (["…"] if len(numbers) > _MAX_LISTED else [])
    return render(_NUMBERS, {"many": len(numbers), "numbers": shown})
