"""What is searched: found by its triples and then in the text itself, and the same after a migration."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from app.store.history.bodies import Packed
from app.store.history.schema import MIGRATIONS, VERSION
from app.store.history.texts import candidates, folded, packed, parts_of, text_of
from tests.store.history.made import OFFICIAL, RELAY, body, entry, history


def test_the_triples_alone_find_nothing(tmp_path: Path) -> None:
    with history(tmp_path) as made:
        made.add(entry(1, answer="say abcd and bcde"), body(1))
        made.add(entry(2, answer="say abcde"), body(2))
        found = [one.entry.run_id for one in made.find("abcde")]
        assert (found, made.count("abcde"), made.count("-abcde")) == (["id0002"], 1, 1)


def test_long_words_are_found_whole(tmp_path: Path) -> None:
    long = "".join(f"{number:03x}" for number in range(4000))
    with history(tmp_path) as made:
        made.add(entry(1, answer=long), body(1))
        made.add(entry(2, answer=long.replace("7d0", "7d1")), body(2))
        assert [one.entry.run_id for one in made.find(long)] == ["id0001"]


@pytest.mark.parametrize(("triples", "asked"), [(47, 47), (48, 48), (49, 48), (4_000, 48)])
def test_of_long_words_the_index_is_asked_for_48_triples_from_begin_to_end(triples: int, asked: int) -> None:
    said = candidates("".join(chr(0x4E00 + number) for number in range(triples + 2)))
    assert said.count(" AND ") == asked - 1
    assert said.startswith('"一丁丂"')


def test_upper_and_lower_case_are_the_same(tmp_path: Path) -> None:
    with history(tmp_path) as made:
        made.add(entry(1, prompt="ΟΔΟΣΑ in der STRASSE"), body(1))
        assert [made.count(words) for words in ("οδος", "straße", "Straße", "STRASSE", "οδ", "strasze")] == [1, 1, 1, 1, 1, 0]


def test_what_is_packed_comes_back_folded_and_damage_is_nothing() -> None:
    data = packed("Name\x1e", "a Prompt", "an\0swer")
    assert parts_of(data) == ("name ", "a prompt", "an swer")
    assert text_of(data) == folded(text_of(data))
    assert (parts_of(b"-" + data), text_of(b"-" + data)) == (None, "")


def version_1(path: Path) -> None:
    """A history as it was written before its texts were packed, of two runs."""
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as old:
        old.executescript(f"PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; {MIGRATIONS[0]}")
        for number in (1, 2):
            one, kept = entry(number), Packed(body(number))
            parts = list(kept)
            old.execute(
                "INSERT INTO runs (id, run_id, started_utc, kind, scenario, request, sentence, sides, pinned, name, note,"
                " deleted_utc, raw_bytes, kept_bytes, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', ?, ?, ?)",
                (
                    number, one.run_id, one.started_utc, str(one.kind), one.scenario, one.request,
                    one.sentence if number == 1 else "", msgspec.msgpack.encode(one.sides), number == 1,
                    "Mine" if number == 1 else "", kept.raw_bytes, kept.kept_bytes, kept.digest,
                ),
            )  # fmt: skip
            old.executemany("INSERT INTO bodies VALUES (?, ?, ?)", [(number, at, part) for at, part in enumerate(parts)])
            for side in one.sides:
                old.execute(
                    "INSERT INTO sides VALUES (?, ?, ?, ?, ?, ?)",
                    (number, side.side, f"{side.name}\n{side.url}", f"{side.model}\n", side.outcome, side.verdict),
                )
            said = "\n".join(("Mine" if number == 1 else "", one.request, one.sentence)) + "\n\n"
            old.execute(
                "INSERT INTO texts (rowid, about, prompt, answer) VALUES (?, ?, ?, ?)",
                (number, said, f"{one.prompt}\n\n", f"{one.answer}\n\n"),
            )
        old.execute("PRAGMA user_version = 1")
        old.commit()


def test_one_of_version_1_is_brought_up_to_date(tmp_path: Path) -> None:
    version_1(tmp_path / "data" / "history.sqlite3")
    with history(tmp_path) as made:
        second, first = made.find()
        assert (first.entry.sides, first.entry.sentence, second.entry.sentence) == ((OFFICIAL, RELAY), "B is later", "")
        assert (first.pinned, first.name, first.entry.made) == (True, "Mine", 0)
        assert [made.count(words) for words in ("mine", '"prompt 2"', '"answer 1"', '"is later"', "is:named", "2")] == [
            1, 1, 1, 2, 1, 1,
        ]  # fmt: skip
        assert b"".join(made.pieces(2)) == b"".join(body(2))
        made.set_name(2, "Yours")
        made.delete(1)
        made.prune()
        assert [made.count(words) for words in ("yours", '"prompt 2"', "mine")] == [1, 1, 0]
    with closing(sqlite3.connect(made.path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute("INSERT INTO texts (texts) VALUES ('integrity-check')")


def test_a_damaged_one_of_version_1_keeps_what_the_user_added(tmp_path: Path) -> None:
    path = tmp_path / "data" / "history.sqlite3"
    version_1(path)
    data = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'sides'").fetchone()
    data[(root - 1) * 4096 : root * 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    with history(tmp_path) as made:
        made.find("endpoint:relay")
        assert "Taken over were 2 runs" in made.problem
        (first,) = made.find("is:pinned")
        assert (first.name, first.entry.sentence, made.count("mine"), made.count('"answer 2"')) == ("Mine", "B is later", 1, 1)


@pytest.mark.parametrize(("more", "found"), [(0, 1), (1, 0)])
def test_the_first_quarter_of_a_million_characters_of_an_answer_are_searched(tmp_path: Path, more: int, found: int) -> None:
    with history(tmp_path) as made:
        made.add(entry(1, answer="x" * ((1 << 18) - len("the end") + more) + "the end"), body(1))
        assert made.count('"the end"') == found
