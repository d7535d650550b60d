"""What a finding means for a client: how the client fared with the answers that raise the same finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import NamedTuple

import msgspec

from app.clients.table import HUNG, NOT_TRIED, Client, Row, Table, table
from app.clients.words import told, words_of
from app.exchange import burst_rules, transport_rules
from app.protocols.any import rules, rules_end
from app.protocols.chat import rules as rules_of_chat
from app.protocols.chat import rules_calls as of_chat
from app.protocols.chat import rules_usage, rules_words
from app.protocols.findings import Finding, Rule, Severity
from app.protocols.messages import rules as rules_of_messages
from app.protocols.messages import rules_content as of_messages
from app.protocols.responses import rules as rules_of_responses
from app.protocols.responses import rules_answer as of_responses

_ORDER = list(Severity)
_MODULES = (
    burst_rules, transport_rules, rules, rules_end, rules_of_chat, of_chat, rules_usage, rules_words, rules_of_messages,
    of_messages, rules_of_responses, of_responses,
)  # fmt: skip
# What is wrong with the answer itself, held against its own words and what was asked: a client that passes it on unharmed
# leaves it to the program, which can't use it (a tool that was not offered, arguments that are no JSON).
_OF_THE_ANSWER = frozenset([
    *rules.RULES, *rules_end.RULES,
    *(one.id for one in (
        of_chat.ARGUMENTS_INVALID, of_chat.ARGUMENTS_NO_OBJECT, of_messages.ARGUMENTS_NO_OBJECT,
        of_messages.CALL_UNNAMED, of_responses.ARGUMENTS_INVALID,
    )),
])  # fmt: skip


class Seen(msgspec.Struct, frozen=True):
    """The answer that a finding was made in, as far as it decides which rows are like it."""

    protocol: str
    streamed: bool
    has_calls: bool = False
    has_reasoning: bool = False

    @property
    def kind(self) -> str:
        return "tools" if self.has_calls else "thinking" if self.has_reasoning else "text"


class _Kind(NamedTuple):
    """What of a finding decides which rows are like it."""

    id: str
    variant: str
    severity: Severity


class Impact(msgspec.Struct, frozen=True):
    """What a finding means for one client.

    Attributes:
        outcome: the worst of the cells that count, `not tried` where there is none.
        severity: None where it was not tried.
        worst, tried: in how many of how many runs it was that bad.
        faults: those that were played.
        always: what went wrong in each of these runs, in the words of an outcome (`app.clients.words.did`), the error first.
    """

    client: Client
    outcome: str = NOT_TRIED
    severity: Severity | None = None
    worst: int = 0
    tried: int = 0
    faults: tuple[str, ...] = ()
    always: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """A sentence: `openai 3.57.0 counts the output tokens twice (in 1 of 4 runs).`"""
        return told(self.client, self.outcome, self.worst, self.tried)


def impacts(finding: Finding, seen: Seen, known: Table | None = None) -> list[Impact]:
    """What it means for each client of the protocol, in the table's order."""
    return list(_impacts(_kind(finding), seen, known or table()))


@lru_cache(maxsize=1024)  # an answer has the same finding at hundreds of its events
def _impacts(kind: _Kind, seen: Seen, known: Table) -> tuple[Impact, ...]:
    rows = _like(kind, seen, known)
    return tuple(_impact(client, rows) for client in known.speaking(seen.protocol))


def impact_on(client: Client, finding: Finding, seen: Seen, known: Table | None = None) -> Impact:
    """What it means for one client."""
    return _impact(client, _like(_kind(finding), seen, known or table()))


def severity_for(client: Client, finding: Finding, seen: Seen, known: Table | None = None) -> Severity:
    """The finding's severity for a client.

    The rule's own stands where the client was not run with what raises it, and where all clients fare alike: then it is about
    something else than how a client reads (the time, the model, a count that the endpoint made up). A note, which is about
    what the protocol allows, counts as the mildest of the runs: the worst of them owes to what else was played there. What is
    wrong with the answer itself is never milder than the rule has it, since every client hands it on to the program.
    """
    return _severity_for(client.name, _kind(finding), seen, known or table())


def fared_alike(finding: Finding, seen: Seen, known: Table | None = None) -> bool:
    """Whether the runs that raise it went equally well or badly for all clients: then they tell nothing of how one reads."""
    return len(_said(_like(_kind(finding), seen, known or table()))) < 2


def _said(rows: Iterable[Row]) -> set[Severity | None]:
    return {severity_of(one) for row in rows for one in row.cells if one != NOT_TRIED}


@lru_cache(maxsize=1024)  # a side is asked for its findings several times a picture, while it runs too
def _severity_for(client: str, kind: _Kind, seen: Seen, known: Table) -> Severity:
    rows = _like(kind, seen, known)
    mine = [severity_of(one) or Severity.NOTE for row in rows for one in row.outcomes(client) if one != NOT_TRIED]
    if len(_said(rows)) < 2 or not mine:
        return kind.severity
    mildest = kind.severity is Severity.NOTE
    seen_severity = (max if mildest else min)(mine, key=_ORDER.index)
    return min(seen_severity, kind.severity, key=_ORDER.index) if kind.id in _OF_THE_ANSWER else seen_severity


def severity_of(outcome: str) -> Severity | None:
    """How much an outcome hurts. What raises or never ends breaks, as does a call that can't be run as it was meant, or an
    answer without its text; anything else that is wrong is lost. None for `not tried`."""
    if outcome == NOT_TRIED:
        return None
    words = outcome.split()
    if outcome == HUNG or any(one.startswith(("error:", "calls:", "ids:")) or one == "text:none" for one in words):
        return Severity.BREAKS
    return Severity.LOSES if any(":" in one and not one.startswith("tries:") for one in words) else Severity.NOTE


def _impact(client: Client, rows: Iterable[Row]) -> Impact:
    said = [(outcome, row.fault) for row in rows for outcome in row.outcomes(client.name) if outcome != NOT_TRIED]
    if not said:
        return Impact(client)
    outcomes = [outcome for outcome, _ in said]
    worst = min(outcomes, key=lambda one: (_rank(one), -outcomes.count(one), one))
    faults = tuple(dict.fromkeys(fault for _, fault in said))
    as_bad = sum(_rank(one) == _rank(worst) for one in outcomes)
    always = tuple(word for word in words_of(worst) if all(word in one.split() for one in outcomes))
    return Impact(client, worst, severity_of(worst), as_bad, len(said), faults, always)


def _rank(outcome: str) -> int:
    return _ORDER.index(severity_of(outcome) or Severity.NOTE)


def _kind(finding: Finding) -> _Kind:
    return _Kind(finding.id, finding.variant, finding.rule.severity)


def _like(finding: _Kind, seen: Seen, known: Table) -> list[Row]:
    """The rows that raise such a finding, and are most like the answer it was made in.

    They are narrowed down as long as some are left: to the same variant, to those in which the fewest other things were found,
    and to the same kind of answer. A stream says nothing of whole answers, so that is never widened; and those rows say nothing
    of a finding in which something worse was found, nor of a note those in which anything else was.
    """
    rows = [row for row in known.rows_with(seen.protocol, finding.id) if row.streamed == seen.streamed]
    if finding.severity is Severity.NOTE:
        rows = [row for row in rows if len(row.found) == 1]
    rows = _narrow(rows, lambda row: (finding.id, finding.variant) in row.found)
    if finding.severity is Severity.LOSES:
        rows = [row for row in rows if not any(_severities().get(one) is Severity.BREAKS for one, _ in row.found)]
    fewest = min((len(row.found) for row in rows), default=0)
    rows = _narrow(rows, lambda row: len(row.found) == fewest)
    return _narrow(rows, lambda row: row.kind == seen.kind)


@cache
def _severities() -> dict[str, Severity]:
    """How severe each rule is, by its id."""
    rules_of = (one for module in _MODULES for one in vars(module).values() if isinstance(one, Rule))
    return {rule.id: rule.severity for rule in rules_of}


def _narrow(rows: list[Row], keep: Callable[[Row], bool]) -> list[Row]:
    return [row for row in rows if keep(row)] or rows
