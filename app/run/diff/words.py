"""The differences of two sides in words: a few beside a figure, and a sentence for each part."""

from __future__ import annotations

from app.run.diff.facts import Part, PartSummary, Standing, Why
from app.text.sentences import render

TITLES = {
    Part.ANSWERS: "Answers",
    Part.HEADERS: "Response headers",
    Part.MODELS: "Model lists",
    Part.EVENTS: "Events",
    Part.REQUESTS: "Requests",
}
_SHORT_SAME = {
    Part.ANSWERS: "identical, {a_length:plural character|characters}",
    Part.HEADERS: "the same",
    Part.MODELS: "the same",
    Part.EVENTS: "the same",
    Part.REQUESTS: "identical",
}
_SHORT_DIFFERS = {
    Part.ANSWERS: "{first_a:quoted nothing} ≠ {first_b:quoted nothing}",
    Part.HEADERS: "{by}",
    Part.MODELS: "{by}",
    Part.EVENTS: "{places:plural place|places}",
    Part.REQUESTS: "{places:plural place|places}",
}
_WHY = {
    Why.ALONE: "There is one side only: nothing to compare with.",
    Why.RUNNING: "It is compared when both sides have ended.",
    Why.NOTHING_SENT: "{side:if {side} has sent no request|Neither side has sent a request}.",
    Why.NO_ANSWER: "{side:if {side}'s answer is empty|Both answers are empty}.",
    Why.NO_HEAD: "{side:if Of {side} there are no response headers|There are no response headers}.",
    Why.NOT_FETCHED: "{side:if {side}'s list of models is not known|The lists of models are not known}.",
    Why.NOT_STREAMED: "{side:if {side}'s answer did not come as a stream|Neither answer came as a stream} of events.",
    Why.OTHER_PROTOCOL: "The sides speak two protocols, whose forms can't be held against each other.",
}


def short(one: PartSummary) -> str:
    """A few words for the room beside a figure: `identical, 412 characters`, `+3 −9`; a dash where nothing is known."""
    if one.standing is Standing.UNKNOWN:
        return "–"
    template = (_SHORT_SAME if one.standing is Standing.SAME else _SHORT_DIFFERS)[one.part]
    return render(template, _fields(one))


def why(one: PartSummary) -> str:
    """Why a part can't be compared, as a sentence; "" where it can."""
    return render(_WHY[one.why], _fields(one)) if one.why is not None else ""


def plus_minus(one: PartSummary) -> str:
    """What only B has and what only A has: `+3 −9`; what has another value as `≠ 2` where that is all; `=` for none of it."""
    counts = [f"{sign}{count}" for sign, count in (("+", one.only_b), ("−", one.only_a)) if count]
    return " ".join(counts) or (f"≠ {one.changed}" if one.changed else "=")


def _fields(one: PartSummary) -> dict[str, object]:
    return {
        "a_length": one.a_length, "b_length": one.b_length, "first_a": one.first_a, "first_b": one.first_b,
        "places": one.places, "by": plus_minus(one), "side": one.side.upper() if one.side else "",
    }  # fmt: skip
