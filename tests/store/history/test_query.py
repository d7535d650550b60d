"""The words that the history is searched with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import msgspec
import pytest

from app.store.history.entry import Kind
from app.store.history.history import History, HistoryError
from app.store.history.query import conditions_of, runs_of
from tests.store.history.made import OFFICIAL, RELAY, body, entry, history

ENTRIES = {
    1: entry(1, prompt="今天天气怎么样", answer="今天天气很好"),
    2: entry(2, answer="The quick brown fox 100%", sides=(RELAY,)),
    3: entry(3, answer="A fox that is quick", sides=(OFFICIAL, msgspec.structs.replace(OFFICIAL, side="b", name="Twin"))),
    4: msgspec.structs.replace(entry(4, prompt="Zürich"), kind=Kind.STUDY, scenario="study"),
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    with history(tmp_path_factory.mktemp("query")) as made:
        ids = {number: made.add(one, body(number)) for number, one in ENTRIES.items()}
        made.pin(ids[2])
        made.set_name(ids[3], "The twins")
        made.set_note(ids[4], "before the move")
        yield made


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", {1, 2, 3, 4}),
        ("fox quick", {2, 3}),
        ('"quick brown"', {2}),
        ('"quick brown', {2}),
        ("-fox", {1, 4}),
        ('fox -"quick brown"', {3}),
        ("天气很好", {1}),
        ("天气", {1}),
        ("好", {1}),
        ("么样", {1}),
        ("坏", set()),
        ("zürich", {4}),
        ("ZÜ", {4}),
        ("0%", {2}),
        ("a:official", {1, 3, 4}),
        ("b:relay", {1, 2, 4}),
        ("b:relay.two", {1, 2, 4}),
        ("-b:relay", {3}),
        ("endpoint:twin", {3}),
        ("endpoint:%", set()),
        ('endpoint:"official"', {1, 3, 4}),
        ("model:gpt", {1, 2, 4}),
        ("a.model:claude-x-1", {1, 3, 4}),
        ("outcome:failed", {1, 2, 4}),
        ("a.outcome:failed", set()),
        ("verdict:drop_in finding:a22", {1, 4}),
        ("a.finding:A22", set()),
        ("b:relay outcome:failed finding:A22 fox", {2}),
        ("kind:study", {4}),
        ("request:streaming", {1, 2, 3}),
        ("is:pinned", {2}),
        ("is:named", {3}),
        ("is:deleted", set()),
        ("twins", {3}),
        ('"the move"', {4}),
        ("on:2026-11-03", {2}),
        ("since:2026-11-04", {3, 4}),
        ("before:2026-11-04 -before:2026-11-03", {2}),
        ("https://relay.two", {1, 2, 4}),
        ("colour:red", set()),
        ("AND OR NOT NEAR(", set()),
        ("'; DROP TABLE runs", set()),
        ('" "', {1, 2, 3, 4}),
        ("fox*", set()),
    ],
)
def test_what_words_find(kept: History, words: str, found: set[int]) -> None:
    if words == '" "':
        assert kept.count(words) == 4
        return
    assert {int(one.entry.run_id[2:]) for one in kept.find(words)} == found
    assert kept.count(words) == len(found)


@pytest.mark.parametrize("words", ["since:soon", "on:2026-13-01", "kind:walk", "is:lost", "since:99999d999"])
def test_what_a_field_can_t_be(kept: History, words: str) -> None:
    with pytest.raises(HistoryError, match=words.partition(":")[2]):
        kept.find(words)


def test_the_runs_in_which_endpoints_were_asked(kept: History) -> None:
    for names, found in ((("Official",), {1, 3}), (("official", "twin"), {3}), (("Relay", ""), {1, 2}), (('Twi"n',), set())):
        assert {int(one.entry.run_id[2:]) for one in kept.find(runs_of(*names))} == found


def test_days_are_those_of_the_place(kept: History) -> None:
    now = datetime(2026, 11, 30, 1, tzinfo=timezone(timedelta(hours=8)))

    def bounds(words: str) -> tuple[object, ...]:
        return conditions_of(words, lambda start, most: [], now)[1].parameters

    assert bounds("on:today") == ("2026-11-29T16:00:00", "2026-11-30T16:00:00")
    assert bounds("since:yesterday") == ("2026-11-28T16:00:00",)
    assert bounds("before:7d") == ("2026-11-22T16:00:00",)


def test_the_newest_come_first_a_page_at_a_time(kept: History) -> None:
    assert [one.entry.run_id for one in kept.find(limit=2)] == ["id0004", "id0003"]
    assert [one.entry.run_id for one in kept.find(limit=2, offset=2)] == ["id0002", "id0001"]


@pytest.mark.parametrize(("count", "by_index"), [(399, True), (400, False)])
def test_two_characters_that_begin_too_many_words_are_looked_for_in_each_text(count: int, by_index: bool) -> None:
    """A condition of hundreds of terms takes longer than to look into the texts."""
    beginning = [f"ab{chr(0x4E00 + number)}" for number in range(count)]
    found = conditions_of("ab", lambda start, most: beginning[:most])[1]
    (wanted,) = found.parameters
    assert (str(wanted).count(" OR ") == count - 1) is by_index
    assert (wanted == "ab") is not by_index
