"""What the table of checks shows, as data: a line a group, below it the checks that there is something to see of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING

import msgspec

from app.checks.check import GROUP_TITLES, Check, Group
from app.checks.judgement import NAMES, Judged
from app.checks.session import Row, State
from app.checks.verdict import NAMES as VERDICT_NAMES
from app.checks.verdict import Verdict
from app.text.numbers import DASH
from app.text.sentences import message, render, tr
from app.text.visible import one_line
from ui.checks.filters import UNTOLD, Filter, not_done, passes, verdict_of
from ui.shared.verdict_looks import LOOKS

if TYPE_CHECKING:
    from app.recording.records import SideName

WORST = (Verdict.FAIL, Verdict.DIFFERS, Verdict.INCONCLUSIVE, Verdict.UNSUPPORTED, Verdict.SKIPPED, Verdict.PASS)
CELL_CHARACTERS = 160
_WAITING = message("waiting")
_NOT_ASKED = message("not asked")
_RUNNING = message("running")
_COUNTED = message("{done} of {all}")
_PASS = message("{count} pass")
_UNSUPPORTED = message("{count} unsupported")
_SKIPPED = message("{count} skipped")
_WAIT = message("{count} not done")
_PLANNED = message("{all:plural check|checks}")
_SHARED = message("{meaning} The same goes for A.")


class Fold(Enum):
    """How far a group is unfolded. AUTO is what nobody has chosen: folded where there is nothing to see, else OPEN."""

    AUTO = auto()
    FOLDED = auto()
    OPEN = auto()  # without the checks that there is nothing to see of: those are counted
    FULL = auto()


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
        return f"{self.shape} {self.word}".strip()


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
    lister = _Lister(rows, look, against, begun)
    inside = {group: [row for row in rows.values() if row.check.group is group] for group in Group}
    return [line for group, own in inside.items() if own for line in lister.group(group, own)]


class _Lister:
    """Makes the lines of one look at the table."""

    def __init__(self, rows: Mapping[str, Row], look: Look, against: bool, begun: bool) -> None:
        self._look, self._against, self._begun = look, against, begun
        self._left = not_done(rows)

    def group(self, group: Group, rows: Sequence[Row]) -> list[Entry]:
        """A group's line, and those of its checks that are listed; none where a filter leaves none."""
        fold, listed = self._listed(group, rows)
        if self._look.selects and not listed:
            return []
        told = self._begun and not listed
        head = Entry(
            Kind.GROUP,
            str(group),
            tr(GROUP_TITLES[group]),
            self._counted(rows),
            self._quiet(rows) if listed and self._begun and not self._look.selects else "",
            self._summary(rows, "a") if told and self._against else None,
            self._summary(rows, "b") if told else None,
            fold=None if self._look.selects else fold,
        )
        lines = [head]
        for row in listed:
            lines.append(self._check(row))
            if row.check.id == self._look.open_check:
                lines.append(Entry(Kind.EVIDENCE, row.check.id))
        return lines

    def _listed(self, group: Group, rows: Sequence[Row]) -> tuple[Fold, list[Row]]:
        """How far a group is unfolded, and what it lists."""
        fold = self._look.folds.get(group, Fold.AUTO)
        if self._look.selects:
            return fold, [row for row in rows if self._is_wanted(row)]
        if fold in (Fold.FOLDED, Fold.FULL):
            return fold, list(rows) if fold is Fold.FULL else []
        telling = [row for row in rows if self._tells(row) or row.check.id == self._look.open_check]
        if telling:  # what is unfolded anyhow shows what runs; nothing unfolds for it
            return Fold.OPEN, [row for row in rows if row in telling or row.state is State.RUNNING]
        return (Fold.FOLDED, []) if fold is Fold.AUTO else (Fold.FULL, list(rows))

    def _tells(self, row: Row) -> bool:
        """Whether there is something to see of it: it did not pass on both sides, and neither for want of what neither side
        has, nor since it rests on another, which tells."""
        b, a = verdict_of(row, "b"), verdict_of(row, "a")
        rests = row.judgement is not None and bool(row.judgement.b.rests_on)
        if row.check.id in self._left or rests or _is_lacked(row):
            return False
        return b is not Verdict.PASS or a not in (Verdict.PASS, None)

    def _is_wanted(self, row: Row) -> bool:
        done = row.check.id not in self._left
        return passes(row, self._look.filter, done=done) and _is_found(row.check, self._look.find)

    def _counted(self, rows: Sequence[Row]) -> str:
        if not self._begun:
            return render(_PLANNED, {"all": len(rows)})
        return render(_COUNTED, {"done": sum(row.check.id not in self._left for row in rows), "all": len(rows)})

    def _quiet(self, rows: Sequence[Row]) -> str:
        """The checks that an open group only counts, "" where it lists all."""
        quiet = [row for row in rows if not self._tells(row)]
        if not quiet or len(quiet) == len(rows):
            return ""
        waiting = [row for row in quiet if row.check.id in self._left]
        verdicts = [verdict_of(row, "b") for row in quiet if row not in waiting]
        counted = (
            (_PASS, verdicts.count(Verdict.PASS)), (_UNSUPPORTED, verdicts.count(Verdict.UNSUPPORTED)),
            (_SKIPPED, verdicts.count(Verdict.SKIPPED)), (_WAIT, len(waiting)),
        )  # fmt: skip
        return tr(", ").join(render(template, {"count": count}) for template, count in counted if count)

    def _summary(self, rows: Sequence[Row], side: SideName) -> Cell:
        """A folded group's verdict on a side: the worst, and how often where it is not that of all."""
        if any(row.state is State.RUNNING for row in rows):
            return running_cell()
        done = [row for row in rows if row.check.id not in self._left]
        passed = any(verdict_of(row, "b") is Verdict.PASS for row in done)
        told = [row for row in done if not passed or not _is_lacked(row)]
        found = [one for row in told if (one := verdict_of(row, side)) is not None]
        left = [row for row in rows if row.check.id in self._left]
        worst = min(found, key=WORST.index, default=Verdict.PASS)
        if left and worst is Verdict.PASS:
            cell = _left_cell(left[0])
            return msgspec.structs.replace(cell, word=tr("{count} {word}", count=len(left), word=cell.word)) if found else cell
        if not found:
            return Cell(DASH, "", "muted")
        cell = verdict_cell(worst)
        if found.count(worst) == len(rows):
            return cell
        return msgspec.structs.replace(cell, word=tr("{count} {word}", count=found.count(worst), word=cell.word))

    def _cell(self, row: Row, side: SideName) -> Cell:
        if row.check.id in self._left:
            return _left_cell(row)
        found = row.judgement.of(side) if row.judgement is not None else None
        return verdict_cell(found.verdict, shared=found.shared) if found is not None else Cell(DASH, "", "muted")

    def _check(self, row: Row) -> Entry:
        b = row.judgement.b if row.judgement is not None else None
        a = row.judgement.a if row.judgement is not None else None
        return Entry(
            Kind.CHECK,
            row.check.id,
            one_line(render(row.check.title, {}), CELL_CHARACTERS),
            a=self._cell(row, "a") if self._against else None,
            b=self._cell(row, "b"),
            measured=_measured(a, b, self._against),
            meaning=one_line(_meaning(b) if b is not None else render(row.check.proves, {}), CELL_CHARACTERS),
        )


def _is_lacked(row: Row) -> bool:
    """Whether neither side has it."""
    return verdict_of(row, "b") is Verdict.UNSUPPORTED and verdict_of(row, "a") is Verdict.UNSUPPORTED


def _is_found(check: Check, find: str) -> bool:
    words = find.casefold().split()
    said = (check.title, check.proves, GROUP_TITLES[check.group])
    text = " ".join((check.id, *said, *map(tr, said))).casefold()
    return all(word in text for word in words)


def verdict_cell(verdict: Verdict, *, shared: bool = False) -> Cell:
    """A verdict as a cell; one that the control shares is no news, and quiet."""
    shape, role = LOOKS[verdict]
    return Cell(shape, tr(VERDICT_NAMES[verdict]), "muted" if shared or verdict in UNTOLD else role)


def running_cell() -> Cell:
    shape, role = LOOKS[None]
    return Cell(shape, tr(_RUNNING), role)


def _left_cell(row: Row) -> Cell:
    """What stands for the verdict on a check that is not done."""
    if row.state is State.RUNNING:
        return running_cell()
    return Cell("·", tr(_WAITING if row.state is State.WAITING else _NOT_ASKED), "muted")


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
