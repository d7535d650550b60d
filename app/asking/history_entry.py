"""A run file as an entry of the history: what is listed of it, and the texts that are searched. Nothing is sent.

What checks, studies and loads take is imported where one is read: most are runs. What is read is what the file holds, in which
secrets are masked already.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from app.exchange.exchange import Exchange, Outcome
from app.pricing import PriceTable, total_input
from app.recording.recording import Recording
from app.recording.records import RunOpened, SideName, find_header
from app.run.compare import compare
from app.run.fit import fit
from app.run.side import Side
from app.scenarios import Scenario
from app.store.history.entry import KIND_OF, Entry, Kind, SideEntry, Traits
from app.store.history.rows import INDEXED_CHARS
from app.store.presets import demo_named
from app.store.run_file import read_run
from app.text.json_text import decode_json, mend_surrogates
from app.text.languages import LANGUAGES, speaking
from app.text.patterns import late
from app.text.sentences import text_in_a_row

if TYPE_CHECKING:
    from app.checks.summary import Summary

VERSION = 4
"""Of what a row says: raised where an older one's must be made again (`app.asking.history_renewing`)."""
REQUEST_CHARS = 200
_SLICE_S = 0.004  # other threads of this process, such as a window's, have their turn between two
_REST_S = 0.0005
_ERROR_CHARS = 4096
_TEXT_NAMES = frozenset({"text", "content", "input", "instructions", "system", "prompt", "output", "arguments", "description"})
_DEEPEST = 60
_ID_PART, _DIGIT = late(r"[A-Za-z0-9]+"), late(r"[0-9]")
_LONGEST_WORD, _ID_CHARS = 12, 200


def entry_in(pieces: Iterable[bytes], table: PriceTable | None = None) -> Entry:
    """The entry of a file's bytes. Raises RunFileError."""
    return entry_of(*read_run(pieces), table)


def entry_of(opened: RunOpened, recordings: Sequence[Recording], table: PriceTable | None = None) -> Entry:
    """The entry of a run, check, study or load. `table`: the prices to count by, None for those brought along."""
    exchanges = [read_gently(one) for one in recordings]
    kind = KIND_OF.get(opened.scenario, Kind.RUN)
    said: Callable[[], str] = str
    if kind is Kind.RUN:
        made, said = _sides_of_run(exchanges, table)
    else:
        made = _sides_of_session(exchanges, table)
    if kind is Kind.CHECK:
        made, said = _checked(opened, exchanges, made)
    elif kind is Kind.STUDY:
        said = _studied(opened, exchanges)
    elif kind is Kind.LOAD:
        said = _loaded(opened)
    prompt = _together(text for one in recordings for text in texts_of(one.request.body))
    return Entry(
        opened.run_id, opened.started_utc, kind, opened.scenario, _request(opened, prompt), said().replace("**", ""),
        tuple(made), prompt, _together(text for one in exchanges for text in _answered(one)), in_each_language(said),
        VERSION,
    )  # fmt: skip


def in_each_language(said: Callable[[], str]) -> dict[str, str]:
    """A sentence by language, so that it is read in any and found in all; empty for none."""
    found = {}
    for code in LANGUAGES:
        with suppress(OSError), speaking(code):
            if text := said().replace("**", ""):
                found[code] = text
    return found


def read_gently(recording: Recording) -> Exchange:
    """Read to its end, so that a window's thread has its turn meanwhile."""
    one = Exchange(recording)
    while one.advance_for(_SLICE_S):
        time.sleep(_REST_S)
    return one


def _sides_of_run(exchanges: Sequence[Exchange], table: PriceTable | None) -> tuple[list[SideEntry], Callable[[], str]]:
    sides: dict[SideName, Side] = {}
    for one in exchanges:
        name = one.recording.envelope.side or "a"
        sides.setdefault(name, Side(name, table=table)).rounds.append(one)
    ordered = [side for _, side in sorted(sides.items())]
    made = [_side_of_run(side) for side in ordered]
    if not ordered:
        return made, str
    told = compare(ordered[0], ordered[1] if len(ordered) > 1 else None)
    return made, lambda: told.sentence


def _side_of_run(side: Side) -> SideEntry:
    told, timing, cost = fit(side), side.timing, side.cost
    return _side(
        side.name,
        side.rounds,
        outcome=str(side.outcome),
        verdict="" if told is None else str(told.verdict),
        ttft_ms=timing.ttft,
        total_ms=timing.total,
        cost_usd=cost.usd if cost is not None else None,
        traits=_traits(side.rounds[0]),
    )


def _traits(one: Exchange) -> Traits | None:
    from app.run.diff.header_table import HOPS, RATE_LIMIT, VARIES

    head = one.recording.head
    if head is None or one.outcome is not Outcome.COMPLETED:
        return None
    named = {name.lower() for name, _ in head.headers} - HOPS
    usage = one.reading.usage
    return Traits(
        find_header(head.headers, "server") or "",
        tuple(sorted(name for name in named if not (VARIES().fullmatch(name) or RATE_LIMIT().fullmatch(name)))),
        shape_of(one.reading.response_id or ""),
        usage is not None,
        total_input(usage, one.recording.envelope.protocol) if usage is not None else None,
        usage.output_tokens if usage is not None else None,
    )


def shape_of(answer_id: str) -> str:
    """An id with its random parts as their lengths: `msg_01XyZ...` is `msg_*24`, a UUID `*8-*4-*4-*4-*12`.

    A part is random where it has a digit, or is longer than a word; such as `gen` and `chatcmpl` stay as they are.
    """
    return _ID_PART().sub(_part_of_shape, answer_id[:_ID_CHARS])


def _part_of_shape(part: re.Match[str]) -> str:
    return f"*{len(part[0])}" if len(part[0]) > _LONGEST_WORD or _DIGIT().search(part[0]) else part[0]


def _sides_of_session(exchanges: Sequence[Exchange], table: PriceTable | None) -> list[SideEntry]:
    from app.checks.budget import Spent

    by_side: dict[SideName, list[Exchange]] = {}
    for one in exchanges:
        by_side.setdefault(one.recording.envelope.side or "a", []).append(one)
    made = []
    for name, found in sorted(by_side.items()):
        spent = Spent()
        for one in found:
            spent.add(one, table)
        made.append(_side(name, found, cost_usd=spent.usd))
    return made


def _side(name: SideName, found: Sequence[Exchange], **more: Any) -> SideEntry:
    envelope = found[0].recording.envelope
    served = dict.fromkeys(one.reading.model for one in found if one.reading.model)
    return SideEntry(
        name,
        envelope.profile.name,
        envelope.profile.base_url,
        envelope.protocol,
        envelope.model,
        next(iter(served), ""),
        demo=envelope.profile.demo or demo_named(envelope.profile.name, envelope.profile.base_url),
        requests=len(found),
        findings=tuple(sorted({finding.id for one in found for finding in one.findings})),
        **more,
    )


def _checked(
    opened: RunOpened, exchanges: Sequence[Exchange], made: list[SideEntry]
) -> tuple[list[SideEntry], Callable[[], str]]:
    """The sides with the verdict on "b" (`app.checks.summary.Overall`), and what says the sentence."""
    from app.asking.checking import plan_of
    from app.checks.judging import Book, judge_all
    from app.checks.summary import summarize
    from app.report.facts import client_title

    plan = plan_of(opened)
    if plan is None:
        return made, str
    judged = judge_all(Book(exchanges), plan)

    def summary() -> Summary:  # made anew, as some of its words are those of the language of then
        return summarize(judged, len(plan.checks), client_title(plan), against="a" in plan.protocols)

    told = summary()
    who = "B" if "a" in plan.protocols else next((one.name for one in made if one.side == "b"), "B")
    # What was not asked to its end may have the worst still before it: a mark that it works would say too much.
    ended = str(Outcome.CANCELLED) if {"stopped", "cap"} & set(plan.left_out.values()) else ""
    given = [msgspec.structs.replace(one, verdict=str(told.overall), outcome=ended) if one.side == "b" else one for one in made]
    return given, lambda: (now := summary()).foot_text(who) or now.sentence  # no group may have been done yet


def _studied(opened: RunOpened, exchanges: Sequence[Exchange]) -> Callable[[], str]:
    from app.asking.studying import study_plan_of
    from app.study.facts import study_facts
    from app.study.result import study_result
    from app.study.session import pairs_of
    from app.study.told import level_of

    plan = study_plan_of(opened)
    if plan is None:
        return str
    pairs = pairs_of(plan, exchanges)
    result = study_result(pairs, level_of(plan))
    return lambda: _says(study_facts(plan, pairs, result))


def _loaded(opened: RunOpened) -> Callable[[], str]:
    from app.asking.loading import load_of
    from app.study.load_facts import load_facts

    found = load_of(opened)
    return str if found is None else lambda: _says(load_facts(found.load))


def _says(facts: dict[str, Any]) -> str:
    return text_in_a_row(one["sentence"] for one in facts["says"])


def _request(opened: RunOpened, prompt: str) -> str:
    """What was asked, in one line."""
    turns, body = opened.ask.get("turns"), opened.ask.get("body")
    asked = opened.ask.get("prompt")
    if opened.scenario == Scenario.CONVERSATION and isinstance(turns, list | tuple) and turns:
        asked = turns[0]
    elif opened.scenario == Scenario.CUSTOM:
        asked = prompt or body
    return " ".join((asked if isinstance(asked, str) and asked else prompt).split())[:REQUEST_CHARS]


def _answered(one: Exchange) -> Iterator[str]:
    reading = one.reading
    yield reading.text
    yield reading.reasoning
    for call in reading.tool_calls:
        yield f"{call.name}({call.arguments_text})"
    if one.outcome is not Outcome.COMPLETED and not reading.text:  # an error's own words
        yield bytes(one.decoded.data[:_ERROR_CHARS]).decode("utf-8", "replace")


def texts_of(body: bytes) -> Iterator[str]:
    """The words in a request's body: what stands under names that words stand under, not the data of pictures."""
    try:
        value = decode_json(body)
    except ValueError:
        return
    yield from _texts(value, "", 0)


def _texts(value: Any, name: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        if name in _TEXT_NAMES:
            yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, key, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, name, depth + 1)


def _together(texts: Iterable[str]) -> str:
    """Each once, as much as is searched."""
    found: dict[str, None] = {}
    size = 0
    for text in texts:
        if text and text not in found:
            found[text] = None
            size += len(text)
            if size > INDEXED_CHARS:
                break
    return mend_surrogates("\n".join(found)[:INDEXED_CHARS])
