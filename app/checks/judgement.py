"""What a check found: a verdict for each side, the sentence, the numbers, the evidence, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app.checks.verdict import Verdict
from app.protocols.findings import Severity
from app.recording.records import SideName
from app.text.sentences import Phrase, render
from app.text.translation import translated

NAMES: dict[SideName, str] = {"a": "A", "b": "B"}
_SEEN_ON_BOTH = (Verdict.FAIL, Verdict.DIFFERS, Verdict.UNSUPPORTED)


class Evidence(msgspec.Struct, frozen=True):
    """What a verdict rests on: one exchange of the check, and where in it.

    `step` and `n` (from 1) name the exchange; `event` is an event's number in it (from 1), `span` the bytes (begin, end) of the
    decoded body. None where it is the answer as a whole. `note` is a few words on what is seen there, a message or
    a `Phrase`, "" for none.
    """

    side: SideName
    step: str
    n: int = 1
    event: int | None = None
    span: tuple[int, int] | None = None
    note: str = ""


class Measured(msgspec.Struct, frozen=True):
    """A number that the verdict rests on. `value` is None where the endpoint did not say.

    `n` is over how many it was taken, `formula` how; `interval` (low, high) and `level` (0.95) are there for an estimate.
    Name, unit and formula are messages; a name in which something varies is a `Phrase`.
    """

    name: str
    value: int | float | str | bool | None
    unit: str = ""
    n: int | None = None
    formula: str = ""
    interval: tuple[float, float] | None = None
    level: float | None = None

    @property
    def title(self) -> str:
        """Its name in the language of now."""
        return self.name.said if isinstance(self.name, Phrase) else translated(self.name)


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one side.

    Attributes:
        verdict: how the question was answered.
        reason: why, as a code for programs: lower case, unique within the check.
        sentence: what it means, a template; `{who}` is the side's name ("B"), the others are in `fields`.
        brief: what is lost, for the verdict line: a clause of few words that begins small and has no full stop ("stop sequences
            do nothing"); a template with the same fields. "" for the check's own `loss`.
        short: what was measured, in a few words, for a table's cell ("200, 34 tokens"); a template with the same fields.
        advice: what to do, a template; "" for nothing.
        harm: how much it hurts; None for what its verdict means in its group (`app.checks.summary`). NOTE: it hurts nobody.
        shared: the control does the same, so that nothing of it is new to whoever comes from there.
        said: the endpoint's own words, "" for none.
        rests_on: the id of the check because of which it was skipped.
    """

    verdict: Verdict
    reason: str
    sentence: str
    fields: Mapping[str, object] = {}
    brief: str = ""
    short: str = ""
    advice: str = ""
    measured: tuple[Measured, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    harm: Severity | None = None
    shared: bool = False
    said: str = ""
    rests_on: str = ""

    def words(self, who: str) -> str:
        """The sentence; `who` is what the side is called."""
        return render(self.sentence, {"who": who, **self.fields})

    def brief_words(self, who: str = "") -> str:
        """What is lost, as a clause; "" where the check's own words say it."""
        return render(self.brief, {"who": who, **self.fields}) if self.brief else ""

    def measured_words(self, who: str = "") -> str:
        """What was measured, in a few words; "" where there is nothing."""
        return render(self.short, {"who": who, **self.fields}) if self.short else ""

    def advice_words(self, who: str) -> str:
        """What to do; "" for nothing."""
        return render(self.advice, {"who": who, **self.fields}) if self.advice else ""


class Judgement(msgspec.Struct, frozen=True):
    """What was found of both sides: `b` is the one that is looked at, `a` the control, None where there is none."""

    b: Judged
    a: Judged | None = None

    def of(self, side: SideName) -> Judged | None:
        return self.a if side == "a" else self.b


def against_control(b: Judged, a: Judged | None) -> Judged:
    """The verdict on B beside that on A: what both do alike is `shared`."""
    alike = a is not None and a.verdict is b.verdict and a.reason == b.reason and b.verdict in _SEEN_ON_BOTH
    return msgspec.structs.replace(b, shared=True) if alike else b
