"""What the history keeps of a run beside its recordings: one row to be listed, and the texts that are searched."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from app.recording.records import CHECKS_SCENARIO, LOAD_SCENARIO, STUDY_SCENARIO, SideName


class Kind(StrEnum):
    """What was run."""

    RUN = "run"
    CHECK = "check"
    STUDY = "study"
    LOAD = "load"


KIND_OF: dict[str, Kind] = {CHECKS_SCENARIO: Kind.CHECK, STUDY_SCENARIO: Kind.STUDY, LOAD_SCENARIO: Kind.LOAD}
"""By the scenario of a file; that of any other is a run's."""


class Traits(msgspec.Struct, frozen=True):
    """What tells which software and which model answered, as it shows without asking: of a side's first answer.

    Attributes:
        server: the `server` header. headers: the names of those that do not differ from answer to answer, sorted.
        id_shape: the answer's id with its random parts as their lengths (`app.asking.history_entry.shape_of`), "" for none.
        sends_usage: whether it told its tokens. input_tokens: all of them, cached ones included, as
            `app.pricing.total_input` has them; None where not told. output_tokens: None where not told.
    """

    server: str = ""
    headers: tuple[str, ...] = ()
    id_shape: str = ""
    sends_usage: bool = False
    input_tokens: int | None = None
    output_tokens: int | None = None


class SideEntry(msgspec.Struct, frozen=True):
    """One side of it.

    Attributes:
        name: the endpoint's. url: its base URL. model: the one asked for. served: the one that its answer names, "" for none.
        outcome: `app.exchange.outcome.Outcome`, "" for a side of many exchanges, which have one each.
        verdict: `app.run.fit.Verdict`, "" where none can be given.
        ttft_ms, total_ms: of a run; None where not known, and for a side of many exchanges.
        cost_usd: None where not known. requests: how many exchanges are kept.
        findings: the ids, each once.
        demo: which of the demo's endpoints it is (`app.store.presets`), "" for any other; its `name` is that in the language
            of now where it is read from the history.
        traits: None where its first exchange is no whole answer, of what was kept earlier, and of sides of many exchanges.
    """

    side: SideName
    name: str = ""
    url: str = ""
    protocol: str = ""
    model: str = ""
    served: str = ""
    outcome: str = ""
    verdict: str = ""
    ttft_ms: float | None = None
    total_ms: float | None = None
    cost_usd: float | None = None
    requests: int = 0
    findings: tuple[str, ...] = ()
    traits: Traits | None = None
    demo: str = ""


class Entry(msgspec.Struct, frozen=True):
    """A run, check, study or load as it is handed over to the history.

    Attributes:
        run_id: that of its file, which no other has. started_utc: ISO 8601 with a Z.
        request: what was asked, one line. scenario: of its file. sentence: what it found, "" where nothing says so.
        sentences: the same in each language that Diptych speaks, by its code, where they were made; of one that is read from
        the history `sentence` is that of the language of now, or the one that there is.
        made: the version of what made it (`app.asking.history_entry.VERSION`), 0 for one of before there was any.
        prompt, answer: all texts that were sent and that came, for the search.
    """

    run_id: str
    started_utc: str
    kind: Kind
    scenario: str = ""
    request: str = ""
    sentence: str = ""
    sides: tuple[SideEntry, ...] = ()
    prompt: str = ""
    answer: str = ""
    sentences: dict[str, str] = {}
    made: int = 0


class Listed(msgspec.Struct, frozen=True):
    """An entry as it is listed, without the texts.

    Attributes:
        id: its number in this history. pinned: it is never pruned by itself. name, note: the user's own words, "" for none.
        deleted_utc: when it was deleted; it can be taken back until it is pruned. "" for one that is not.
        raw_bytes: of its file; kept_bytes: of the same in the history.
    """

    id: int
    entry: Entry
    pinned: bool = False
    name: str = ""
    note: str = ""
    deleted_utc: str = ""
    raw_bytes: int = 0
    kept_bytes: int = 0
