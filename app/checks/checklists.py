"""Two lists for whoever moves to another endpoint: ticked from the verdicts as far as checks can see it. The rest is the
person's own to tick, and says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

import msgspec

from app.checks.check import COMPLETES, REACHED, Check, Group
from app.checks.judgement import Judged, Judgement
from app.checks.registry import by_id
from app.checks.summary import harm_of
from app.checks.verdict import Verdict
from app.text.sentences import render

# Why a check says nothing of an endpoint: nothing that could be mended, and no reason to withhold a tick.
_NOT_APPLICABLE = frozenset({"no_control"})


class Item(msgspec.Struct, frozen=True):
    """One line of a list. `groups` and `checks` are what ticks it; with neither, only the person can.

    `text` is the line, `yours` what no check can see of it ("" where they see all): templates without fields.
    """

    id: str
    text: str
    groups: tuple[Group, ...] = ()
    checks: tuple[str, ...] = ()
    yours: str = ""

    def rests_on(self, check: Check) -> bool:
        return check.id in self.checks or check.group in self.groups


class Checklist(msgspec.Struct, frozen=True):
    """A list, by its `id`; `title` is a template without fields."""

    id: str
    title: str
    items: tuple[Item, ...]


class Tick(StrEnum):
    """What stands before a line."""

    TICKED = "ticked"  # by checks: all that it rests on passed
    FAILED = "failed"  # by checks: something that it rests on failed or differs
    OPEN = "open"  # not asked yet, or what came does not tell
    YOURS = "yours"  # no check can see it


class Line(msgspec.Struct, frozen=True):
    """A line with its tick. `checks` are the ids because of which it is FAILED or OPEN, none where nothing was asked yet."""

    item: Item
    tick: Tick
    checks: tuple[str, ...] = ()


class Ticked(msgspec.Struct, frozen=True):
    """A list with its ticks."""

    checklist: Checklist
    lines: tuple[Line, ...]

    def count(self, *ticks: Tick) -> int:
        return sum(one.tick in ticks for one in self.lines)

    @property
    def sentence(self) -> str:
        """How far the list is, in a few words."""
        failed, yours, still_open = self.count(Tick.FAILED), self.count(Tick.YOURS), self.count(Tick.OPEN)
        counted = {"failed": failed or None, "open": still_open or None, "yours": yours or None}
        return render(_SENTENCE, {"ticked": self.count(Tick.TICKED), "all": len(self.lines), **counted})


_SENTENCE = (
    "{ticked} of {all} ticked by these checks{failed:if , {failed} not right}{open:if , {open} to come}"
    "{yours:if , {yours} only you can tick}"
)

MIGRATION = Checklist(
    "migration",
    "Moving there",
    (
        Item(
            "base_url", "The base URL is right: the address answers, and the path behind it too.", checks=(REACHED, COMPLETES)
        ),
        Item("key_works", "The key is taken.", groups=(Group.AUTH,)),
        Item(
            "key_source", "Your program reads this endpoint's key from where you keep it.", yours="No check sees your program."
        ),
        Item("model", "The model's id is valid there.", checks=(COMPLETES,)),
        Item(
            "parameters",
            "Parameters that it ignores or refuses are removed from your requests.",
            groups=(Group.PARAMETERS,),
            yours="The checks tell which ones; which of them you send, only you know.",
        ),
        Item("function_call", "“function_call” is replaced by “tools”.", yours="No check sees your program."),
        Item("json", "Where you read JSON out of answers, it is what you expect.", groups=(Group.JSON_OUTPUT,)),
        Item("streaming", "Streaming brings the text in pieces, as it is written.", groups=(Group.STREAMING,)),
        Item("tools", "Tools work from end to end: called, answered, and the answer used.", groups=(Group.TOOLS,)),
        Item(
            "errors",
            "Errors (400, 401, 404, 429, 5xx) come so that your client takes them for what they are.",
            groups=(Group.ERRORS,),
            yours="What your program then does, only you can see.",
        ),
    ),
)
PRE_LAUNCH = Checklist(
    "pre-launch",
    "Before going live",
    (
        Item("keys", "No key stands in the code.", yours="No check sees your code."),
        Item("limits", "Time limits and retries are set.", yours="No check sees how your client is set up."),
        Item("log", "Model, duration, tokens and cost of each request are logged.", yours="No check sees your log."),
        Item(
            "error_codes",
            "Each error can be told from the others by its status and code.",
            groups=(Group.ERRORS,),
            yours="Whether you handle each, only you can see.",
        ),
        Item(
            "interrupted",
            "A stream that breaks off is noticed: it ends with the protocol's own end.",
            groups=(Group.STREAMING,),
            yours="Whether your program asks again, only you can see.",
        ),
        Item(
            "blocks",
            "What the model said goes back to it whole, thinking and tool calls too, and is taken.",
            groups=(Group.CONTEXT,),
            yours="Whether your program keeps all of it, only you can see.",
        ),
        Item("fallback", "There is another model or endpoint for when this one fails.", yours="No check sees your plans."),
        Item("load", "It was measured how much it bears.", yours="These checks put no load on it."),
    ),
)
CHECKLISTS = (MIGRATION, PRE_LAUNCH)


def tick(checklist: Checklist, judgements: Mapping[str, Judgement], planned: Collection[str]) -> Ticked:
    """The list with the ticks that the verdicts on B give; `planned` are the ids of all checks that are to be asked."""
    return Ticked(checklist, tuple(_line(one, judgements, planned) for one in checklist.items))


def _line(item: Item, judgements: Mapping[str, Judgement], planned: Collection[str]) -> Line:
    if not item.groups and not item.checks:
        return Line(item, Tick.YOURS)
    known = by_id()
    resting = [one for one in planned if one in known and item.rests_on(known[one])]
    found = {one: judgements[one].b for one in resting if one in judgements}
    failed = tuple(one for one, judged in found.items() if harm_of(one, judged) is not None)
    if failed:
        return Line(item, Tick.FAILED, failed)
    unclear = tuple(one for one in resting if one not in found or _does_not_tell(found[one]))
    passed = any(one.verdict is Verdict.PASS for one in found.values())
    return Line(item, Tick.TICKED) if passed and not unclear else Line(item, Tick.OPEN, unclear)


def _does_not_tell(judged: Judged) -> bool:
    if judged.verdict is Verdict.SKIPPED:
        return judged.reason not in _NOT_APPLICABLE
    return judged.verdict is Verdict.INCONCLUSIVE
