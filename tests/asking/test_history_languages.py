"""What the history says is read in the language of now and found in any, also what was kept before; so are the demo's names."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.asking.caller import to_note
from app.asking.history_entry import VERSION, entry_in, entry_of
from app.asking.history_keeping import Keeper
from app.recording.recording import Recording
from app.recording.records import ProfileNote, RunOpened
from app.recording.run_format import dump_run
from app.store.history.history import History
from app.store.history.place import HistoryPlace
from app.store.presets import demo_profiles
from app.study.plan import SIDES
from app.text.languages import ENGLISH, speaking, use_language
from app.trend.trend import trend_of
from tests.builders import messages_end, messages_start, messages_text, recording


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    use_language(ENGLISH)


def run_of(number: int, code: str) -> tuple[RunOpened, list[Recording]]:
    """A run of the demo's endpoints as it is kept in that language."""
    use_language(code)
    official, relay = demo_profiles("http://127.0.0.1:1")[:2]
    sides = [
        recording([(600.0, messages_start() + messages_text("Hello there") + messages_end())], side=side) for side in SIDES
    ]
    for side, profile in zip(sides, (official, relay), strict=True):
        side.envelope = replace(side.envelope, profile=to_note(profile))
    return RunOpened(f"id{number}", f"2026-11-{number + 1:02}T00:00:00.000Z", "0", "streaming"), sides


def kept(history: History) -> None:
    for number, code in enumerate((ENGLISH, "zh_CN")):
        opened, sides = run_of(number, code)
        history.add(entry_of(opened, sides), dump_run(opened, sides))


@pytest.mark.english
def test_a_row_is_read_in_the_language_of_now_and_found_in_both(tmp_path: Path) -> None:
    with History(HistoryPlace(tmp_path / "history.sqlite3")) as history:
        kept(history)
        for code, name in ((ENGLISH, "Demo relay"), ("zh_CN", "演示中转")):
            use_language(code)
            found = history.find()
            assert {one.entry.sentence for one in found} == {found[0].entry.sentences[code]}
            assert {one.entry.sides[1].name for one in found} == {name}
            assert trend_of(found, name).sides[0].name == name
        assert history.find()[0].entry.sentences[ENGLISH] != history.find()[0].entry.sentences["zh_CN"]
        for words in ('"demo relay"', "演示中转", 'b:"demo relay"', "b:演示中转"):
            assert history.count(words) == 2
        (said,) = {one.entry.sentences[ENGLISH] for one in history.find()}
        assert history.count(f'"{said}"') == 2
        for name in ("Demo relay", "演示中转"):
            assert len(trend_of(history.find(), name).sides[0].runs) == 2


def test_a_run_of_before_is_known_by_its_name_and_place() -> None:
    opened, sides = run_of(0, "zh_CN")
    for one in sides:
        one.envelope = replace(one.envelope, profile=replace(one.envelope.profile, demo=""))
    assert [side.demo for side in entry_of(opened, sides).sides] == [
        "demo-official-anthropic-messages", "demo-relay-anthropic-messages",
    ]  # fmt: skip
    sides[1].envelope = replace(sides[1].envelope, profile=ProfileNote("Demo relay", "https://h", "anthropic-messages"))
    assert entry_of(opened, sides).sides[1].demo == ""


def test_who_speaks_another_language_within_changes_nobody_s() -> None:
    opened, sides = run_of(0, ENGLISH)
    english = entry_of(opened, sides)
    with speaking("zh_CN"):
        assert entry_of(opened, sides).sentence == english.sentences["zh_CN"]
    assert entry_of(opened, sides).sentence == english.sentence == english.sentences[ENGLISH]


def test_rows_of_before_are_made_again_meanwhile(tmp_path: Path) -> None:
    """Of their recordings; what the user added stays, and what can't be read stays as it is."""
    place = HistoryPlace(tmp_path / "history.sqlite3")
    with History(place) as history:
        opened, sides = run_of(0, ENGLISH)
        whole = entry_of(opened, sides)
        old = replace(whole, made=0, sentence="Said once", sentences={}, sides=())
        history.add(old, dump_run(opened, sides))
        history.add(replace(old, run_id="torn", sentence="Not to be read"), [b"no run"])
        history.set_name(1, "Mine")
        history.pin(1)
        assert history.outdated(VERSION, 9) == [2, 1]
    keeper = Keeper()
    told: list[int] = []
    keeper.tell(lambda: told.append(1))
    keeper.sweep(place)
    thread = keeper._thread
    if thread is not None:
        thread.join(30)
    with History(place) as history:
        torn, one = history.find()
        assert (one.entry.sentences, one.entry.sides, one.entry.made) == (whole.sentences, whole.sides, VERSION)
        assert (one.name, one.pinned, history.count("mine"), history.count("演示中转")) == ("Mine", True, 1, 1)
        assert (torn.entry.sentence, torn.entry.made, history.count('"said once"')) == ("Not to be read", VERSION, 0)
        assert history.outdated(VERSION, 9) == []
        assert entry_in(history.pieces(1)).sentences == whole.sentences
    assert told == []
    with closing(sqlite3.connect(place.path)) as connection:
        connection.execute("INSERT INTO texts (texts) VALUES ('integrity-check')")
