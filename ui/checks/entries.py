"""What the table of checks shows, as data: a line a group, below it the checks that there is something to see of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING

import msgspec

from app.checks.check import GROUP_TITLES, Check, Group
from app.checks.judgement import NAMES, Judged
from app.checks.session import Row, State
from app.checks.verdict import Verdict
from app.text.numbers import DASH
from app.text.sentences import render
from app.text.visible import one_line
from ui.shared.verdict_looks import LOOKS

if TYPE_CHECKING:
    from app.recording.records import SideName

WORST = (Verdict.FAIL, Verdict.DIFFERS, Verdict.INCONCLUSIVE, Verdict.UNSUPPORTED, Verdict.SKIPPED, Verdict.PASS)
UNTOLD = frozenset({Verdict.INCONCLUSIVE, Verdict.UNSUPPORTED, Verdict.SKIPPED})
CELL_CHARACTERS = 160
_WAITING = "waiting"
_RUNNING = "running"
_COUNTED = "{done} of {all}"
_PASS = "{count} pass"
_UNSUPPORTED = "{count} unsupported"
_WAIT = "{count} wait"
_PLANNED = "{all:plural check|checks}"
_SHARED = "{meaning} A does the same."


class Fold(Enum):
    """How far a group is unfolded. AUTO is what nobody has chosen: folded where there is nothing to see, else OPEN."""

    AUTO = auto()
    FOLDED = auto()
    OPEN = auto()  # without the checks that passed or wait: those are counted
    FULL = auto()


class Filter(Enum):
    """Which checks are listed; by the verdict on B."""

    ALL = auto()
    FAIL = auto()
    DIFFERS = auto()
    UNTOLD = auto()
    NOT_DONE = auto()


class Kind(Enum):
    """What a line is."""

    GROUP = auto()
    CHECK = auto()
    EVIDENCE = auto()


class Cell(msgspec.Struct, frozen=True):
    """A verdict: its shape, its word, its colour."""

    shape: str
    word: str
    role: str

    @property
    def text(self) -> str:
        return f"{self.shape} {self.word}"


class Entry(msgspec.Struct, frozen=True):
    """One line. `id` is the group's or the check's; `fold` is None where nothing folds.

    `counted` and `quiet` are a group's: how many of its checks are done, and which of them can be listed besides those that
    there is something to see of ("8 pass"); "" where there are none.
    """

    kind: Kind
    id: str
    title: str = ""
    counted: str = ""
    quiet: str = ""
    a: Cell | None = None
    b: Cell | None = None
    measured: str = ""
    meaning: str = ""
    fold: Fold | None = None

    @property
    def key(self) -> tuple[Kind, str]:
        return self.kind, self.id

    @property
    def words(self) -> str:
        """The line read aloud."""
        sides = [f"{name} {cell.word}" for name, cell in (("A", self.a), ("B", self.b)) if cell is not None]
        return ", ".join(filter(None, (self.title, self.counted, self.quiet, *sides, self.measured, self.meaning)))


class Look(msgspec.Struct, frozen=True):
    """How the table is looked at. `open_check` is the check whose evidence is unfolded, "" for none."""

    folds: Mapping[str, Fold] = {}
    filter: Filter = Filter.ALL
    find: str = ""
    open_check: str = ""

    @property
    def selects(self) -> bool:
        """Only some of the checks are looked for."""
        return self.filter is not Filter.ALL or bool(self.find.strip())


def entries(rows: Mapping[str, Row], look: Look, *, against: bool, begun: bool = True) -> list[Entry]:
    """The lines. `against`: there is a control. `begun`: False before the first session."""
    lines: list[Entry] = []
    for group in Group:
        inside = [row for row in rows.values() if row.check.group is group]
        if inside:
            lines += _group(group, inside, look, against, begun)
    return lines


def _group(group: Group, rows: list[Row], look: Look, against: bool, begun: bool) -> list[Entry]:
    chosen = [row for row in rows if _is_wanted(row, look)]
    if look.selects and not chosen:
        return []
    fold = look.folds.get(group, Fold.AUTO)
    listed = [row for row in chosen if look.selects or _is_listed(row, fold, look.open_check)]
    if listed and not look.selects:  # what is unfolded anyhow shows what runs; nothing unfolds for it
        listed = [row for row in chosen if row in listed or row.state is State.RUNNING]
    if fold is Fold.AUTO:
        fold = Fold.OPEN if listed else Fold.FOLDED
    elif fold is Fold.OPEN and not listed and not look.selects:
        fold = Fold.FULL  # what is unfolded shows something
        listed = chosen
    if fold is Fold.FOLDED and not look.selects:
        listed = []
    head = Entry(
        Kind.GROUP,
        str(group),
        GROUP_TITLES[group],
        _counted(rows, begun),
        _quiet(rows) if listed and begun and not look.selects else "",
        _summary(rows, "a") if against and begun and not listed else None,
        _summary(rows, "b") if begun and not listed else None,
        fold=None if look.selects else fold,
    )
    lines = [head]
    for row in listed:
        lines.append(_check(row, against))
        if row.check.id == look.open_check:
            lines.append(Entry(Kind.EVIDENCE, row.check.id))
    return lines


def _is_listed(row: Row, fold: Fold, open_check: str) -> bool:
    if fold is Fold.FOLDED:
        return False
    return fold is Fold.FULL or row.check.id == open_check or _tells(row)


def _tells(row: Row) -> bool:
    """Whether there is something to see of it: it did not pass on both sides, and not for want of what neither has."""
    b, a = _verdict(row, "b"), _verdict(row, "a")
    if row.state is not State.DONE or (b is Verdict.UNSUPPORTED and a is b):
        return False
    return b is not Verdict.PASS or a not in (Verdict.PASS, None)


def _is_wanted(row: Row, look: Look) -> bool:
    return passes(row, look.filter) and _is_found(row.check, look.find)


def passes(row: Row, chosen: Filter) -> bool:
    """Whether a check is among those of a filter."""
    verdict = _verdict(row, "b")
    match chosen:
        case Filter.FAIL:
            return verdict is Verdict.FAIL
        case Filter.DIFFERS:
            return verdict is Verdict.DIFFERS
        case Filter.UNTOLD:
            return verdict in UNTOLD
        case Filter.NOT_DONE:
            return row.state is not State.DONE
    return True


def _is_found(check: Check, find: str) -> bool:
    words = find.casefold().split()
    text = " ".join((check.id, check.title, check.proves, GROUP_TITLES[check.group])).casefold()
    return all(word in text for word in words)


def _verdict(row: Row, side: SideName) -> Verdict | None:
    found = row.judgement.of(side) if row.judgement is not None else None
    return found.verdict if found is not None else None


def _counted(rows: list[Row], begun: bool) -> str:
    if not begun:
        return render(_PLANNED, {"all": len(rows)})
    return render(_COUNTED, {"done": sum(row.state is State.DONE for row in rows), "all": len(rows)})


def _quiet(rows: list[Row]) -> str:
    """The checks that an open group only counts, "" where it lists all."""
    quiet = [row for row in rows if not _tells(row)]
    if not quiet or len(quiet) == len(rows):
        return ""
    passed = sum(_verdict(row, "b") is Verdict.PASS for row in quiet)
    unsupported = sum(_verdict(row, "b") is Verdict.UNSUPPORTED for row in quiet)
    waiting = sum(row.state is State.WAITING for row in quiet)
    counted = ((_PASS, passed), (_UNSUPPORTED, unsupported), (_WAIT, waiting))
    return ", ".join(render(template, {"count": count}) for template, count in counted if count)


def _summary(rows: Iterable[Row], side: SideName) -> Cell:
    """A folded group's verdict on a side: the worst, and how often where it is not that of all."""
    rows = list(rows)
    if any(row.state is State.RUNNING for row in rows):
        return running_cell()
    found = [one for row in rows if (one := _verdict(row, side)) is not None]
    if not found:
        return waiting_cell() if any(row.state is not State.DONE for row in rows) else Cell(DASH, "", "muted")
    worst = min(found, key=WORST.index)
    cell = verdict_cell(worst)
    if worst is Verdict.PASS or found.count(worst) == len(found):
        return cell
    return Cell(cell.shape, f"{found.count(worst)} {cell.word}", cell.role)


def verdict_cell(verdict: Verdict, *, shared: bool = False) -> Cell:
    """A verdict as a cell; one that the control shares is no news, and quiet."""
    shape, role = LOOKS[verdict]
    return Cell(shape, str(verdict), "muted" if shared or verdict in UNTOLD else role)


def running_cell() -> Cell:
    shape, role = LOOKS[None]
    return Cell(shape, _RUNNING, role)


def waiting_cell() -> Cell:
    return Cell("·", _WAITING, "muted")


def _cell(row: Row, side: SideName) -> Cell:
    found = row.judgement.of(side) if row.judgement is not None else None
    if found is not None:
        return verdict_cell(found.verdict, shared=found.shared)
    if row.state is State.DONE:
        return Cell(DASH, "", "muted")
    return running_cell() if row.state is State.RUNNING else waiting_cell()


def _check(row: Row, against: bool) -> Entry:
    b = row.judgement.b if row.judgement is not None else None
    a = row.judgement.a if row.judgement is not None else None
    return Entry(
        Kind.CHECK,
        row.check.id,
        row.check.title,
        a=_cell(row, "a") if against else None,
        b=_cell(row, "b"),
        measured=_measured(a, b, against),
        meaning=one_line(_meaning(b) if b is not None else row.check.proves, CELL_CHARACTERS),
    )


def _measured(a: Judged | None, b: Judged | None, against: bool) -> str:
    """What was measured of both sides, "" where there is nothing of either."""
    of_b = b.measured_words(NAMES["b"]) if b is not None else ""
    of_a = a.measured_words(NAMES["a"]) if a is not None else ""
    if not against:
        return one_line(of_b, CELL_CHARACTERS)
    return one_line(f"{of_a or DASH} : {of_b or DASH}", CELL_CHARACTERS) if of_a or of_b else ""


def _meaning(b: Judged) -> str:
    words = b.words(NAMES["b"])
    return render(_SHARED, {"meaning": words}) if b.shared else words


def counts(rows: Collection[Row]) -> dict[Filter, int]:
    """How many checks each filter has."""
    return {one: sum(passes(row, one) for row in rows) for one in Filter}
