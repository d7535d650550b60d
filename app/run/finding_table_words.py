"""The findings table in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from app.clients.impact import severity_of
from app.clients.standing import Standing, Why, not_run_with
from app.clients.words import did
from app.protocols.findings import Severity
from app.protocols.registry import info
from app.recording.records import SideName
from app.run.finding_groups import FindingGroup
from app.run.finding_table import Cell, Column, FindingTable, Place, Row, protocol_of
from app.run.side import Side
from app.text.sentences import message, render

MOST_SENTENCES = 9  # of one finding: the rest are alike


class Shown(NamedTuple):
    """A cell as it is shown: its shape, its word, and the theme's colour of both."""

    shape: str
    word: str
    role: str


_SHOWN = {
    Standing.SAME: Shown("✓", message("same"), "muted"),
    Standing.LOSES: Shown("!", message("loses"), "warn"),
    Standing.BREAKS: Shown("✕", message("breaks"), "bad"),
}
_UNKNOWN = {Why.NOT_TRIED: "not tried", Why.ALIKE: "all alike", Why.PROTOCOL: "other API"}
_LEGEND = (
    (_SHOWN[Standing.SAME], "read as it was meant, or handed on as it came"),
    (_SHOWN[Standing.LOSES], "goes on with something wrong or missing"),
    (_SHOWN[Standing.BREAKS], "an error, no end, no text, or a wrong tool call"),
    (Shown("–", "", "muted"), "not known; the cell says why"),
)
_SEEN = "As run on {date} with {command}."
_HEAD = (
    "{count:if Findings in {sides:list}, and what each client makes of them|"
    "{running:if Nothing found so far|No findings{sides:if  in {sides:list}}}}"
)
_CLEAN = "no findings in {clean:list}{running:if  so far}"
_LOOKED = (
    "{running:if So far nothing|Nothing} deviates from {protocol} in {side}'s {rounds:plural answer|answers} "
    "({events:plural event|events}). Looked at: the order and the fields of events, text, tool calls, reasoning, usage, stop "
    "reason, HTTP status and headers, framing, and whether words came as they were made."
)
_NOTHING_CAME = "{side} brought no answer: there is nothing to look at."
_NOT_RUN = "Nothing was run yet. What deviates from the protocol will be listed here, with what each client makes of it."
_MEANS = {
    Severity.BREAKS: "breaks {client:or official clients}",
    Severity.LOSES: "something is lost for {client:or official clients}",
    Severity.NOTE: "a note",
}
_DOES = "my client {did}"
_SAID_OF = "{side}: {sentence}"
_OF_ROUND = "{side:if {side}, }round {round}: {sentence}"
_PLACE = "{side:if {side}, }{round:select 0=|other=round {round}, }event {event}"
_MORE = "Seen more than {most} times; these are the first."


def shown(cell: Cell) -> Shown:
    """A cell's shape and word; sides are named where not all that have the finding stand so."""
    sides = "".join(f" {side.upper()}" for side in cell.only)
    if cell.why is not None:
        return Shown("–", render(_UNKNOWN[cell.why], {}) + sides, "muted")
    shape, word, role = _SHOWN[cell.standing]
    return Shown(shape, render(word, {}) + sides, role)


def legend() -> list[tuple[Shown, str]]:
    """What the cells can show, each with what it means."""
    return [(Shown(shape, render(word, {}), role), render(means, {})) for (shape, word, role), means in _LEGEND]


def cell_words(cell: Cell, column: Column, sides: Mapping[SideName, Side], told: FindingTable, *, titled: bool = True) -> str:
    """What a cell says where there is more room: client and version (`titled`), what it does, and when that was seen."""
    lines = [column.client.title] if titled else []
    said = []
    for name, made in cell.sides:
        if made is None:
            said.append((name, not_run_with(column.client.title, info(protocol_of(sides[name])).title)))
        else:
            said.append((name, made.words))
    if len({sentence for _, sentence in said}) == 1:
        lines.append(said[0][1])
    else:
        lines += [render(_SAID_OF, {"side": name.upper(), "sentence": sentence}) for name, sentence in said]
    return "\n".join((*lines, seen_when(told)))


def seen_when(told: FindingTable) -> str:
    """When and how the clients were run."""
    return render(_SEEN, {"date": told.date, "command": told.command})


def head(told: FindingTable, *, running: bool) -> str:
    """What stands over the rows."""
    having = sorted({side.upper() for row in told.rows for side in row.sides})
    fields = {"count": bool(told.rows), "running": running, "sides": having or [one.upper() for one in told.clean] or None}
    return render(_HEAD, fields)


def beside_head(told: FindingTable, *, running: bool) -> str:
    """Which side has none while the other has some; "" for nothing."""
    if not told.rows or not told.clean:
        return ""
    return render(_CLEAN, {"clean": [one.upper() for one in told.clean], "running": running})


def what_was_looked_at(sides: Mapping[SideName, Side], *, running: bool) -> list[str]:
    """In place of rows: what was looked for and not found, a sentence each side."""
    run = [side for side in sides.values() if side.rounds]
    if not run:
        return [render(_NOT_RUN, {})]
    return [_looked_at(side, running=running) for side in run]


def _looked_at(side: Side, *, running: bool) -> str:
    fields = {"side": side.name.upper(), "running": running}
    if not running and not any(one.recording.head is not None or len(one.decoded.data) for one in side.rounds):
        return render(_NOTHING_CAME, fields)
    title = info(protocol_of(side)).title
    return render(_LOOKED, {**fields, "protocol": title, "rounds": len(side.rounds), "events": side.events})


def meaning(row: Row, columns: tuple[Column, ...]) -> str:
    """What a finding means for the client that judges, behind its title."""
    mine = [(column, cell) for column, cell in zip(columns, row.cells, strict=True) if set(column.judges) & set(row.sides)]
    if len(mine) != 1 or not mine[0][0].chosen:
        return render(_MEANS[row.severity], {"client": ""})
    column, cell = mine[0]
    always = (one for _, made in cell.sides if made is not None for one in made.impact.always)
    deed = next((one for one in always if severity_of(one) is row.severity), "")
    return render(_DOES, {"did": did(deed)}) if deed else render(_MEANS[row.severity], {"client": column.client.title})


def sentences(row: Row, rounds: Mapping[SideName, int]) -> list[str]:
    """What was seen, each sentence once; with its side where both have the finding, and its round where they differ in it."""
    lines = []
    for name, group in row.groups:
        side = name.upper() if len(row.groups) > 1 else ""
        for number, sentence in _said(group, several=rounds[name] > 1):
            if number:
                lines.append(render(_OF_ROUND, {"side": side, "round": number, "sentence": sentence}))
            else:
                lines.append(render(_SAID_OF, {"side": side, "sentence": sentence}) if side else sentence)
    return lines


def _said(group: FindingGroup, *, several: bool) -> list[tuple[int, str]]:
    """With the round where it is not the same in each of several; 0 where it is."""
    said: dict[str, int] = {}
    for number, one in group.seen:
        said.setdefault(one.sentence, number)
    return [(number if several and len(said) > 1 else 0, sentence) for sentence, number in said.items()][:MOST_SENTENCES]


def more_seen(group: FindingGroup) -> str:
    """That only the first are listed; "" where all are."""
    return render(_MORE, {"most": MOST_SENTENCES}) if len(group.seen) > MOST_SENTENCES else ""


def place_words(place: Place, *, sides: bool, rounds: bool) -> str:
    """An event to go to; `sides`: both have the finding, `rounds`: its side has several."""
    fields = {"side": place.side.upper() if sides else "", "round": place.round if rounds else 0, "event": place.event + 1}
    return render(_PLACE, fields)
