"""The diff's own sentence: what differs most, first of the requests (then the rest may follow from that), then of the
answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.run.diff.facts import (
    AnswersDiff,
    Extent,
    HeadersDiff,
    Kind,
    ModelsDiff,
    Part,
    RunDiff,
    Standing,
    TextDiff,
    Told,
)
from app.run.diff.header_table import RELAY_SIGNS
from app.run.diff.texts import LITTLE_ALIKE
from app.run.diff.words import TITLES, why
from app.run.diff.words_rows import event_words, pings_words
from app.text.sentences import Phrase, Span, in_a_row, message, spans, tr

Said = tuple[str, Mapping[str, object]]

NOTHING_ALIKE = 0.05
_WHITE_SPACE = (Extent.SPACES, Extent.LINE_BREAKS)

_REQUESTS = "**The requests differ** in {places:plural place|places} ({names:list}), so that what follows may come from that."
_IDENTICAL = "Both answers are **identical**{length:if  ({length:plural character|characters})}."
_LITTLE_ALIKE = (
    "The answers {share:select none=have **next to nothing in common**|are **worded differently throughout**: {share} % of "
    "their characters match}."
)
_ONLY_TEXT = "**Only {side}'s answer has text** ({length:plural character|characters})."
_ONLY_THOUGHT = "**Only {side} shows its reasoning**."
_ONLY_CALLS = "**Only {side} calls {count:once a tool|tools}**."
_ENDS_WITH = (
    "{side}'s answer ends with **{count:once a sentence|sentences} that {other}'s doesn't have**"
    "{others:if , and differs in {others:plural other place|other places}}."
)
_GOES_ON = (
    "{side}'s answer **goes on for {count:plural character|characters}** where {other}'s ends"
    "{others:if , and differs in {others:plural other place|other places}}."
)
_WHITE_SPACE_ALONE = "The answers have the same words; **only white space differs**, in {places:plural place|places}."
_PLACES = (
    "The answers differ **in {places:plural place|places}**{first:if , first “{a:or nothing}” in A and “{b:or nothing}” in B}."
)
_REASONING = "{words:if The reasoning differs too|The reasoning differs}, in {places:plural place|places}."
_CALLS = "**The tool calls differ** in {places:plural place|places}."
_ROUNDS = "**{side} made {count:plural request|requests} more** than {other}."
_KEPT_BACK = (
    "B keeps back {count:plural of A's headers|of A's headers}{limits:if , **{all_limits:if all of them|{limits} of them} the "
    "rate limit**}{relay:if ; {relay:grouped} of its own {relay:word names|name} the relay program ({who})}."
)
_BRINGS = "**{relay:plural of B's headers names|of B's headers name} the relay program** ({who})."
_STATUS = "A answered with **HTTP {a}**, B with **HTTP {b}**."
_CACHE = "**A cache answered {side}**: no model may have been asked."
_NOT_LISTED = "**{model} is not in {side}'s list of models**."
_IN_NEITHER = "**{model} is in neither list of models**."
_EVENTS = "In the stream {clause}{more:if , and {more:plural more place differs|more places differ}}."
_NOTHING = "**Nothing differs** of what could be compared: {parts:list}."
_BODY = Phrase(message("body"))
_NOT_COMPARED = "Nothing could be compared. {why}"


def in_words(diff: RunDiff) -> tuple[Span, ...]:
    """The sentences in a row; strong spans carry what counts most."""
    return in_a_row(spans(template, fields) for template, fields in _said(diff))


def sentence(diff: RunDiff) -> str:
    """The same as plain text."""
    return "".join(one.text for one in in_words(diff))


def _said(diff: RunDiff) -> Iterator[Said]:
    summary = diff.summary
    if all(one.standing is Standing.UNKNOWN for one in summary.parts):
        yield _NOT_COMPARED, {"why": why(summary.answers)}
        return
    if summary.same:
        yield _NOTHING, {"parts": [tr(TITLES[one.part]).lower() for one in summary.parts if one.standing is Standing.SAME]}
        return
    if summary.requests.places:
        names = [one.path or _BODY for one in diff.requests.places] or [_BODY]
        yield _REQUESTS, {"places": summary.requests.places, "names": _few(names)}
    if summary.answers.standing is Standing.SAME:
        yield _IDENTICAL, {"length": summary.answers.a_length or None}
    elif summary.answers.standing is Standing.UNKNOWN:
        yield "{why}", {"why": why(summary.answers)}
    else:
        yield from _of_answers(diff.answers)
    yield from _of_headers(diff.headers)
    yield from _of_models(diff.models)
    yield from _of_events(diff)


def _few(names: list[str]) -> list[str]:
    return names if len(names) <= 3 else [*names[:3], "…"]


# -- answers -----------------------------------------------------------------------------------------------------------


def _of_answers(diff: AnswersDiff) -> Iterator[Said]:
    rounds = [one for one in diff.rounds if one.missing is None]
    texts, thoughts = [one.text for one in rounds], [one.reasoning for one in rounds]
    calls = [call for one in rounds for call in one.calls]
    places = sum(len(one.places) for one in texts)
    if side := _alone([one.a for one in texts], [one.b for one in texts]):
        yield _ONLY_TEXT, {"side": side, "length": sum(len(one.a) + len(one.b) for one in texts)}
    elif places:
        yield _of_texts(texts, places)
    if side := _alone([one.a_name for one in calls], [one.b_name for one in calls]):
        yield _ONLY_CALLS, {"side": side, "count": len(calls)}
    elif differing := sum(call.places for call in calls):
        yield _CALLS, {"places": differing}
    if side := _alone([one.a for one in thoughts], [one.b for one in thoughts]):
        yield _ONLY_THOUGHT, {"side": side}
    elif differing := sum(len(one.places) for one in thoughts):
        yield _REASONING, {"places": differing, "words": bool(places)}
    if missing := [one.missing for one in diff.rounds if one.missing is not None]:
        side, other = ("B", "A") if missing[0] == "a" else ("A", "B")
        yield _ROUNDS, {"side": side, "other": other, "count": len(missing)}


def _alone(ours: list[str], theirs: list[str]) -> str:
    """The side that alone has anything there; "" where both have or neither has."""
    has = any(ours), any(theirs)
    return "" if has[0] == has[1] else "A" if has[0] else "B"


def _of_texts(texts: list[TextDiff], places: int) -> Said:
    whole = sum(len(one.a) + len(one.b) for one in texts)
    alike = sum(one.alike * (len(one.a) + len(one.b)) for one in texts) / whole if whole else 1.0
    if alike < LITTLE_ALIKE:
        return _LITTLE_ALIKE, {"share": round(100 * alike) if alike >= NOTHING_ALIKE else "none"}
    last = texts[-1].places[-1] if texts[-1].places else None
    if last is not None and last.kind is not Kind.CHANGED and (last.a[1], last.b[1]) == (len(texts[-1].a), len(texts[-1].b)):
        side, other = ("A", "B") if last.kind is Kind.ONLY_A else ("B", "A")
        fields: dict[str, object] = {"side": side, "other": other, "others": places - 1 or None}
        if last.extent is Extent.SENTENCES:
            return _ENDS_WITH, {**fields, "count": max(last.count_a, last.count_b)}
        if last.extent not in _WHITE_SPACE:
            return _GOES_ON, {**fields, "count": len("".join(texts[-1].texts(last)).strip())}
    if all(place.extent in _WHITE_SPACE for one in texts for place in one.places):
        return _WHITE_SPACE_ALONE, {"places": places}
    first = next(one for one in texts if one.places)
    a, b = (" ".join(part.split()) for part in first.texts(first.places[0]))
    return _PLACES, {"places": places, "first": max(len(a), len(b)) <= 60 and bool(a or b), "a": a, "b": b}


# -- the rest ----------------------------------------------------------------------------------------------------------


def _of_headers(diff: HeadersDiff) -> Iterator[Said]:
    if diff.status_a != diff.status_b:
        yield _STATUS, {"a": diff.status_a, "b": diff.status_b}
    only_a = [one for one in diff.rows if one.kind is Kind.ONLY_A]
    relay = [one for one in diff.rows if one.kind is Kind.ONLY_B and one.tells in RELAY_SIGNS]
    names = sum(one.count for one in relay)
    who = Phrase(str(next((one.fields["who"] for one in relay), "")))
    for row in diff.rows:
        if row.tells is Told.FROM_CACHE and row.kind in (Kind.ONLY_A, Kind.ONLY_B):
            yield _CACHE, {"side": "A" if row.kind is Kind.ONLY_A else "B"}
            break
    if only_a:
        kept = sum(one.count for one in only_a)
        limits = sum(one.count for one in only_a if one.tells is Told.RATE_LIMIT_LOST)
        yield (
            _KEPT_BACK,
            {"count": kept, "limits": limits or None, "all_limits": limits == kept, "relay": names or None, "who": who},
        )
    elif names:
        yield _BRINGS, {"relay": names, "who": who}


def _of_models(diff: ModelsDiff) -> Iterator[Said]:
    if diff.why is not None:
        return
    lacking = [(side, model) for side, model, listed in
               (("A", diff.asked_a, diff.listed_a), ("B", diff.asked_b, diff.listed_b)) if model and not listed]  # fmt: skip
    if len(lacking) == 2 and diff.asked_a == diff.asked_b:
        yield _IN_NEITHER, {"model": diff.asked_a}
        return
    for side, model in lacking:
        yield _NOT_LISTED, {"side": side, "model": model}


def _of_events(diff: RunDiff) -> Iterator[Said]:
    if diff.summary.part(Part.EVENTS).standing is Standing.DIFFERS:
        clauses = [event_words(each, place) for each in diff.events.rounds for place in each.places]
        clauses += [words for each in diff.events.rounds if (words := pings_words(each))]
        yield _EVENTS, {"clause": clauses[0], "more": len(clauses) - 1 or None}
