"""The tables of the history, by the version of the schema (`user_version`), and the steps from one to the next.

A run's file is kept whole in `bodies`, as one zstd frame with a checksum, cut into parts. Everything else in here can be made
again from it, but for what the user added: `pinned`, `name` and `note`.

What a run said when it was read is in `sentences`, JSON: by language, "" for one that was not noted (version 1). `made` is the
version of `app.asking.history_entry` that made the row: an older one's is made again when nothing else is done.
The texts are in `searched` (`app.store.history.texts`), and in `texts` by their triples alone.
"""

from __future__ import annotations

import sqlite3

VERSION = 2
PART_BYTES = 1 << 20

_VERSION_1 = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL UNIQUE,
    started_utc TEXT NOT NULL,
    kind TEXT NOT NULL,
    scenario TEXT NOT NULL,
    request TEXT NOT NULL,
    sentence TEXT NOT NULL,
    sides BLOB NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    deleted_utc TEXT NOT NULL DEFAULT '',
    raw_bytes INTEGER NOT NULL,
    kept_bytes INTEGER NOT NULL,
    digest BLOB NOT NULL
);
CREATE INDEX runs_by_time ON runs (deleted_utc, started_utc, id);
CREATE TABLE sides (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    side TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    model TEXT NOT NULL,
    outcome TEXT NOT NULL,
    verdict TEXT NOT NULL,
    PRIMARY KEY (run, side)
) WITHOUT ROWID;
CREATE TABLE findings (
    finding TEXT NOT NULL,
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    side TEXT NOT NULL,
    PRIMARY KEY (finding, run, side)
) WITHOUT ROWID;
CREATE INDEX findings_of_run ON findings (run);
CREATE TABLE bodies (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (run, part)
);
CREATE VIRTUAL TABLE texts USING fts5 (about, prompt, answer, tokenize = 'trigram');
CREATE VIRTUAL TABLE terms USING fts5vocab (texts, 'row');
"""
_NO_TEXTS = """
DROP TABLE terms;
DROP TABLE texts;
"""
_TEXTS = """
CREATE VIRTUAL TABLE texts USING fts5 (text, tokenize = 'trigram', detail = none, content = '', columnsize = 0);
CREATE VIRTUAL TABLE terms USING fts5vocab (texts, 'row');
"""
_VERSION_2 = f"""
ALTER TABLE runs RENAME COLUMN sentence TO sentences;
UPDATE runs SET sentences = CASE sentences WHEN '' THEN '{{}}' ELSE json_object('', sentences) END;
ALTER TABLE runs ADD COLUMN made INTEGER NOT NULL DEFAULT 0;
CREATE TABLE searched (
    run INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    data BLOB NOT NULL
);
INSERT INTO searched SELECT id, packed_texts(about, rtrim(prompt, char(10)), rtrim(answer, char(10)))
    FROM runs JOIN texts ON texts.rowid = runs.id;
{_NO_TEXTS}{_TEXTS}
INSERT INTO texts (rowid, text) SELECT run, text_of(data) FROM searched;
"""

MIGRATIONS: tuple[str, ...] = (_VERSION_1, _VERSION_2)
"""What makes version N + 1 of version N, from that of an empty file (0) on."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to `VERSION`, all steps or none; SQL knows the functions of `texts.serve`. Raises sqlite3.Error."""
    version = version_of(connection)
    if version >= VERSION:
        return
    steps = "\n".join(MIGRATIONS[version:])
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{steps}\nPRAGMA user_version = {VERSION};\nCOMMIT;")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.rollback()
        raise


def empty(connection: sqlite3.Connection) -> None:
    """Remove every row, within a transaction. The index is made anew: taking each text out of it would take minutes."""
    for table in ("bodies", "findings", "sides", "searched", "runs"):
        connection.execute(f"DELETE FROM {table}")
    for statement in (_NO_TEXTS + _TEXTS).split("\n"):
        connection.execute(statement)


def version_of(connection: sqlite3.Connection) -> int:
    """The version of the tables, 0 for an empty file."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version
