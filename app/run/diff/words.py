"""The differences of two sides in words: a few beside a figure, and what stands at the head of each part."""

from __future__ import annotations

from app.run.diff.facts import (
    AnswersDiff,
    EventsDiff,
    HeadersDiff,
    Kind,
    ModelsDiff,
    Part,
    PartSummary,
    RequestsDiff,
    RunDiff,
    Standing,
    Why,
)
from app.run.diff.words_rows import event_words, pings_words
from app.text.sentences import message, render, tr

TITLES = {
    Part.ANSWERS: message("Answers"),
    Part.HEADERS: message("Response headers"),
    Part.MODELS: message("Model lists"),
    Part.EVENTS: message("Events"),
    Part.REQUESTS: message("Requests"),
}
SIGNS = {Standing.SAME: "=", Standing.DIFFERS: "≠", Standing.UNKNOWN: "–"}
_SHORT_SAME = {
    Part.ANSWERS: "identical{a_length:if , {a_length:plural character|characters}}",
    Part.HEADERS: "the same",
    Part.MODELS: "the same",
    Part.EVENTS: "the same",
    Part.REQUESTS: message("identical"),
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
    Why.NOTHING_SENT: "{side:if Of {side}|Of either side} no request is known.",
    Why.NO_ANSWER: "{side:if {side}'s answer is empty|Both answers are empty}.",
    Why.NO_HEAD: "{side:if Of {side} no response headers are known|No response headers are known}.",
    Why.NOT_FETCHED: "{side:if {side}'s list of models was not asked for|The lists of models were not asked for}.",
    Why.NOT_STREAMED: "{side:if {side}'s answer|Neither answer} {side:if did not come|came} as a stream of events.",
    Why.OTHER_PROTOCOL: "The sides speak two protocols, whose forms can't be held against each other.",
}
_ANSWERS = (
    "{places:plural place|places}{alike:if , all else alike}{lengths:if  · {a_long:grouped} and {b_length:grouped} "
    "characters}{coarse:if  · too long to be compared exactly}"
)
_ANSWERS_SAME = "identical{a_length:if , {a_length:plural character|characters}}"
_MODELS = (
    "{asked:if {asked_there:select both={asked} is in both|a={asked} is in A's alone|b={asked} is in B's alone|"
    "none={asked} is in neither}|{listed_a:if {asked_a} is in A's|{asked_a} is not in A's}, "
    "{listed_b:if {asked_b} is in B's|{asked_b} is not in B's}}"
)
_REQUESTS_SAME = "identical but for address and key"
_REQUESTS = "{places:plural place|places} besides address and key"
_LATER = "{said}; the {later:plural request|requests} behind the first hold each side's own answers and are not compared"
_COUNTS = {Kind.ONLY_B: "{count:grouped} only in B", Kind.ONLY_A: "{count:grouped} only in A",
           Kind.CHANGED: "{count:grouped} with another value"}  # fmt: skip
_STATUS = "status {a} and {b}"
LEFT_OUT = "request ids, dates and lengths are left out: they differ always"


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


def count(one: PartSummary) -> str:
    """What stands behind a part's name in a row of parts: `4`, `+3 −9`, `=`; a dash where nothing is known."""
    if one.standing is Standing.UNKNOWN:
        return "–"
    return plus_minus(one) if one.part in (Part.HEADERS, Part.MODELS) else str(one.places) if one.places else "="


def heading(diff: RunDiff, part: Part) -> str:
    """What stands beside a part's name at its head: how much differs, or why that is not known."""
    one = diff.summary.part(part)
    if one.standing is Standing.UNKNOWN:
        return why(one)
    match part:
        case Part.ANSWERS:
            return _answers(diff.answers, one)
        case Part.HEADERS:
            return _headers(diff.headers)
        case Part.MODELS:
            return _models(diff.models)
        case Part.EVENTS:
            return _events(diff.events, one)
        case Part.REQUESTS:
            return _requests(diff.requests, one)


def _answers(diff: AnswersDiff, one: PartSummary) -> str:
    if one.standing is Standing.SAME:
        return render(_ANSWERS_SAME, _fields(one))
    least = min((text.alike for each in diff.rounds for text in (each.text, each.reasoning)), default=1.0)
    fields = {**_fields(one), "alike": least >= 0.5 and not one.coarse, "lengths": bool(one.a_length or one.b_length)}
    return render(_ANSWERS, {**fields, "a_long": one.a_length, "coarse": one.coarse})


def _headers(diff: HeadersDiff) -> str:
    said = [render(_STATUS, {"a": diff.status_a, "b": diff.status_b})] if diff.status_a != diff.status_b else []
    said += [render(template, {"count": found}) for kind, template in _COUNTS.items() if (found := diff.count(kind))]
    return tr(", ").join(said) or tr("the same")


def _models(diff: ModelsDiff) -> str:
    there = {(True, True): "both", (True, False): "a", (False, True): "b", (False, False): "none"}
    return render(_MODELS, {
        "asked": diff.asked_a if diff.asked_a == diff.asked_b else "", "asked_a": diff.asked_a, "asked_b": diff.asked_b,
        "asked_there": there[diff.listed_a, diff.listed_b], "listed_a": diff.listed_a, "listed_b": diff.listed_b,
    })  # fmt: skip


def _events(diff: EventsDiff, one: PartSummary) -> str:
    if one.standing is Standing.SAME:
        return tr("of the same meaning, in one order" if diff.by_meaning else "the same, in one order")
    clauses = [event_words(each, place) for each in diff.rounds for place in each.places]
    clauses += [words for each in diff.rounds if (words := pings_words(each))]
    return tr("{places:plural place|places}: {clause}", places=one.places, clause=clauses[0])


def _requests(diff: RequestsDiff, one: PartSummary) -> str:
    said = render(_REQUESTS_SAME if one.standing is Standing.SAME else _REQUESTS, _fields(one))
    return render(_LATER, {"said": said, "later": diff.later}) if diff.later else said


def _fields(one: PartSummary) -> dict[str, object]:
    return {
        "a_length": one.a_length or None, "b_length": one.b_length, "first_a": one.first_a, "first_b": one.first_b,
        "places": one.places, "by": plus_minus(one), "side": one.side.upper() if one.side else "",
    }  # fmt: skip
