"""All that differs between the two sides of a run, and the same in figures for the spine between the panes."""

from __future__ import annotations

from app.exchange.outcome import Outcome
from app.recording.records import SideName
from app.run.diff.answers import compare_answers
from app.run.diff.events import compare_events
from app.run.diff.facts import (
    AnswersDiff,
    CallDiff,
    EventsDiff,
    HeadersDiff,
    Kind,
    ModelsDiff,
    Part,
    PartSummary,
    RequestsDiff,
    RunDiff,
    Standing,
    Summary,
    TextDiff,
    Why,
)
from app.run.diff.headers import compare_headers
from app.run.diff.models import ModelLists as ModelLists
from app.run.diff.models import compare_models
from app.run.diff.requests import compare_requests
from app.run.side import Side

_MAX_FIRST = 60  # characters of the first words that differ


def summarise(a: Side | None, b: Side | None, models: ModelLists | None = None) -> Summary:
    """What differs, in figures; quick, so that of long answers the places are not counted (`coarse`). While a side runs nothing
    is compared.
    """
    return compare_run(a, b, models, roughly=True).summary


def compare_run(
    a: Side | None, b: Side | None, models: ModelLists | None = None, *, by_letter: bool = False, roughly: bool = False
) -> RunDiff:
    """All that differs; `by_letter`: the answers letter by letter; `roughly`: of long answers only where they begin and end to
    differ. While a side runs nothing is compared.
    """
    why = Why.ALONE if a is None or b is None else Why.RUNNING if Outcome.RUNNING in (a.outcome, b.outcome) else None
    if a is None or b is None or why is not None:
        return _together(
            AnswersDiff(why=why), HeadersDiff(why=why), ModelsDiff(why=why), EventsDiff(why=why), RequestsDiff(why=why)
        )
    return _together(
        compare_answers(a, b, by_letter=by_letter, roughly=roughly),
        compare_headers(a, b),
        compare_models(a, b, models or {}),
        compare_events(a, b),
        compare_requests(a, b),
    )


def _together(
    answers: AnswersDiff, headers: HeadersDiff, models: ModelsDiff, events: EventsDiff, requests: RequestsDiff
) -> RunDiff:
    summary = Summary(_answers(answers), _headers(headers), _models(models), _events(events), _requests(requests))
    return RunDiff(answers, headers, models, events, requests, summary)


# -- the parts in figures ----------------------------------------------------------------------------------------------


def _unknown(part: Part, why: Why, side: SideName | None) -> PartSummary:
    return PartSummary(part, Standing.UNKNOWN, why, side)


def _standing(places: int) -> Standing:
    return Standing.DIFFERS if places else Standing.SAME


def _answers(diff: AnswersDiff) -> PartSummary:
    if diff.why is not None:
        return _unknown(Part.ANSWERS, diff.why, diff.side)
    texts = [text for one in diff.rounds for text in (one.text, one.reasoning)]
    calls = [call for one in diff.rounds for call in one.calls]
    kinds = [place.kind for text in texts for place in text.places]
    kinds += [Kind.ONLY_B if not one.a_name else Kind.ONLY_A if not one.b_name else Kind.CHANGED for one in calls if one.places]
    first_a, first_b = _first(diff)
    return PartSummary(
        Part.ANSWERS,
        _standing(diff.places),
        places=diff.places,
        only_a=kinds.count(Kind.ONLY_A),
        only_b=kinds.count(Kind.ONLY_B),
        changed=kinds.count(Kind.CHANGED),
        a_length=sum(len(one.text.a) for one in diff.rounds),
        b_length=sum(len(one.text.b) for one in diff.rounds),
        first_a=first_a,
        first_b=first_b,
        coarse=any(one.coarse for one in texts),
    )


def _first(diff: AnswersDiff) -> tuple[str, str]:
    """What each side has at the first place that differs, the text's before that of calls and of reasoning."""
    for one in diff.rounds:
        if one.text.places:
            return _of_text(one.text)
    for call in (call for one in diff.rounds for call in one.calls if call.places):
        return _of_call(call)
    return next((_of_text(one.reasoning) for one in diff.rounds if one.reasoning.places), ("", ""))


def _of_text(text: TextDiff) -> tuple[str, str]:
    place = next((one for one in text.places if any(part.strip() for part in text.texts(one))), text.places[0])
    a, b = (" ".join(part[: 4 * _MAX_FIRST].split())[:_MAX_FIRST] for part in text.texts(place))
    return a, b


def _of_call(call: CallDiff) -> tuple[str, str]:
    if call.a_name != call.b_name or call.value is None or not call.value.places:
        return call.a_name, call.b_name
    place = call.value.places[0]
    return (place.a or "")[:_MAX_FIRST], (place.b or "")[:_MAX_FIRST]


def _headers(diff: HeadersDiff) -> PartSummary:
    if diff.why is not None:
        return _unknown(Part.HEADERS, diff.why, diff.side)
    places = sum(one.kind is not None for one in diff.rows)
    only_a, only_b, changed = (diff.count(one) for one in (Kind.ONLY_A, Kind.ONLY_B, Kind.CHANGED))
    status = diff.status_a != diff.status_b
    return PartSummary(
        Part.HEADERS, _standing(places + status), places=places + status, only_a=only_a, only_b=only_b, changed=changed + status
    )


def _models(diff: ModelsDiff) -> PartSummary:
    if diff.why is not None:
        return _unknown(Part.MODELS, diff.why, diff.side)
    only_a, only_b = len(diff.only_a), len(diff.only_b)
    return PartSummary(Part.MODELS, _standing(only_a + only_b), places=only_a + only_b, only_a=only_a, only_b=only_b)


def _events(diff: EventsDiff) -> PartSummary:
    if diff.why is not None:
        return _unknown(Part.EVENTS, diff.why, diff.side)
    kinds = [place.kind for one in diff.rounds for place in one.places]
    silent = [one.pings_missing for one in diff.rounds]
    only_a = kinds.count(Kind.ONLY_A) + silent.count("b")
    only_b = kinds.count(Kind.ONLY_B) + silent.count("a")
    coarse = any(one.cut for one in diff.rounds)
    return PartSummary(Part.EVENTS, _standing(diff.places), places=diff.places, only_a=only_a, only_b=only_b, coarse=coarse)


def _requests(diff: RequestsDiff) -> PartSummary:
    if diff.why is not None:
        return _unknown(Part.REQUESTS, diff.why, diff.side)
    kinds = [one.kind for one in diff.places]
    places = len(kinds) + (diff.body.more if diff.body is not None else 0) + (len(diff.text.places) if diff.text else 0)
    return PartSummary(
        Part.REQUESTS,
        _standing(places),
        places=places,
        only_a=kinds.count(Kind.ONLY_A),
        only_b=kinds.count(Kind.ONLY_B),
        changed=places - kinds.count(Kind.ONLY_A) - kinds.count(Kind.ONLY_B),
    )
